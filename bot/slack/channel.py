"""A place in Slack in which every keyed message stands once, whatever was interrupted before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import delivery
from bot.delivery import NotDelivered
from bot.logs import log
from bot.reply import Reply
from bot.slack import posting

# How far Slack's clock and ours may be apart.
_SKEW = timedelta(hours=1)


class Channel:
    """A channel, or a person's direct messages, and what an earlier attempt may have left there.

    Parameters
    ----------
    target : Slack ID of a channel or a person.
    began : when the earlier attempt began, aware; None for the first.

    Raises NotDelivered where a person cannot be written to.
    """

    def __init__(self, client: WebClient, target: str, began: datetime | None) -> None:
        self._client = client
        self._since = (began - _SKEW).timestamp() if began else None
        with _doing(f"{target} could not be opened"):
            self.id = open_direct(client, target) if is_person(target) else target

    def is_shared(self) -> bool:
        """Whether another company reads it too. Raises NotDelivered where that is not known."""
        if self.id.startswith("D"):
            return False
        with _doing(f"whether others read {self.id} could not be seen"):
            found = self._client.conversations_info(channel=self.id)["channel"]
        return bool(found.get("is_ext_shared") or found.get("is_pending_ext_shared"))

    def ensure(self, thread_ts: str | None, reply: Reply, key: str) -> str:
        """The ``ts`` of the message with that key, found from before or sent now.

        Raises NotDelivered.
        """
        found = None
        if self._since is not None:
            with _doing(f"whether {key} is in {self.id} could not be seen"):
                found = posting.find(self._client, self.id, thread_ts, key, self._since)
        return found or delivery.send(self._client, self.id, thread_ts, reply, key=key)

    def link(self, thread_ts: str, message_ts: str) -> None:
        """Point from a thread to an older message, once; a failure only goes to the log."""
        try:
            found = self._client.chat_getPermalink(channel=self.id, message_ts=message_ts)
            text = f"The digest before this one: {found['permalink']}"
            here = posting.messages(self._client, self.id, thread_ts)
            if all(message.get("text") != text for message in here):
                delivery.say(self._client, self.id, thread_ts, text)
        except (SlackApiError, OSError) as failure:
            log.warning("no link to the last digest in %s: %s", self.id, failure)

    def attach(self, thread_ts: str, name: str, title: str, content: str) -> None:
        """Put a file into a thread unless it is there. Raises NotDelivered."""
        with _doing(f"{name} could not be sent to {self.id}"):
            if self._since is not None:
                here = posting.messages(self._client, self.id, thread_ts)
                if any(file.get("name") == name for m in here for file in m.get("files") or ()):
                    return
            self._client.files_upload_v2(
                channel=self.id, thread_ts=thread_ts, filename=name, title=title, content=content
            )


def is_person(target: str) -> bool:
    """Whether a Slack ID is a person's."""
    return target[:1] in ("U", "W")


def open_direct(client: WebClient, user: str) -> str:
    """The channel of a person's direct messages with the bot; raises as the client does."""
    return str(client.conversations_open(users=user)["channel"]["id"])


@contextmanager
def _doing(trouble: str) -> Iterator[None]:
    """What Slack refuses, as NotDelivered."""
    try:
        yield
    except (SlackApiError, OSError) as failure:
        reason = failure.response["error"] if isinstance(failure, SlackApiError) else failure
        raise NotDelivered(
            f"{trouble[:1].upper()}{trouble[1:]}: {reason}.",
            "Run `segmentry doctor --live` to see what the bot may do there.",
        ) from failure
