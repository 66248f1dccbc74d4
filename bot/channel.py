"""A Slack channel in which every keyed message stands once, whatever was interrupted before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import delivery
from bot.delivery import NotDelivered
from bot.logs import log
from bot.reply import Reply

_PAGE = 200
# How far Slack's clock and ours may be apart.
_SKEW = timedelta(hours=1)


class Channel:
    """One channel, and what an earlier attempt may have left in it.

    Parameters
    ----------
    began : when the first attempt began, aware.
    again : whether there was an attempt before this one.
    """

    def __init__(self, client: WebClient, channel: str, *, began: datetime, again: bool) -> None:
        self._client = client
        self._channel = channel
        self._oldest = f"{(began - _SKEW).astimezone(UTC).timestamp():.6f}"
        self._again = again

    def ensure(self, thread_ts: str | None, reply: Reply, key: str) -> str:
        """The ``ts`` of the message with that key, found from before or sent now.

        Raises NotDelivered.
        """
        found = self._find(thread_ts, key) if self._again else None
        return found or delivery.send(self._client, self._channel, thread_ts, reply, key=key)

    def link(self, thread_ts: str, message_ts: str) -> None:
        """Point from a thread to an older message, once; a failure only goes to the log."""
        try:
            found = self._client.chat_getPermalink(channel=self._channel, message_ts=message_ts)
            text = f"The digest before this one: {found['permalink']}"
            if all(message.get("text") != text for message in self._messages(thread_ts)):
                delivery.say(self._client, self._channel, thread_ts, text)
        except (SlackApiError, OSError) as failure:
            log.warning("no link to the last digest in %s: %s", self._channel, failure)

    def _find(self, thread_ts: str | None, key: str) -> str | None:
        try:
            for message in self._messages(thread_ts):
                payload = message.get("metadata", {}).get("event_payload", {})
                if payload.get("key") == key:
                    return str(message["ts"])
        except (SlackApiError, OSError) as failure:
            reason = failure.response["error"] if isinstance(failure, SlackApiError) else failure
            raise NotDelivered(
                f"Whether the digest is in {self._channel} could not be seen: {reason}.",
                "Run `segmentry doctor --live` to see what the bot may do there.",
            ) from failure
        return None

    def _messages(self, thread_ts: str | None) -> Iterator[dict[str, Any]]:
        """Messages since the first attempt, or those of a thread."""
        where: dict[str, Any] = {"channel": self._channel, "limit": _PAGE}
        where["include_all_metadata"] = True
        pages = (
            self._client.conversations_replies(**where, ts=thread_ts)
            if thread_ts
            else self._client.conversations_history(**where, oldest=self._oldest)
        )
        for page in pages:
            yield from page["messages"]
