"""Slack Connect: people and channels of other companies get no answers. Doubt counts as a no."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from slack_bolt import BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

log = logging.getLogger(__name__)

Event = Mapping[str, Any]

NOT_HERE = (
    "I do not answer in channels shared with another company. Ask me in a direct message, "
    "or in a channel of your own company."
)


class Outsiders:
    """Decides whether a message comes from, or can be read by, another company.

    ``allowed``: answer them all the same.
    """

    def __init__(self, *, allowed: bool = False) -> None:
        self._allowed = allowed

    def refuse(self, client: WebClient, context: BoltContext, event: Event) -> str | None:
        """Why the message may not be answered, or None where it may.

        A colleague who asks in a shared channel is told so, in a note only they see.
        """
        if self._allowed:
            return None
        teams = {event.get(key) for key in ("user_team", "source_team", "team")}
        if foreign := teams - {context.team_id, context.enterprise_id, None}:
            return f"the author belongs to {', '.join(sorted(map(str, foreign)))}"
        channel = event["channel"]
        shared = event.get("is_ext_shared_channel")
        if shared is None:
            shared = not channel.startswith("D") and self._looked_up(client, channel)
        if not shared:
            return None
        self._explain(client, event)
        return f"{channel} is shared with another company"

    def _looked_up(self, client: WebClient, channel: str) -> bool:
        """Whether the channel is shared now; a failure counts as shared."""
        try:
            found = client.conversations_info(channel=channel)["channel"]
        except (SlackApiError, OSError) as failure:
            log.warning("%s could not be looked up, so it counts as shared: %s", channel, failure)
            return True
        return bool(found.get("is_ext_shared") or found.get("is_pending_ext_shared"))

    def _explain(self, client: WebClient, event: Event) -> None:
        try:
            client.chat_postEphemeral(
                channel=event["channel"],
                user=event["user"],
                thread_ts=event.get("thread_ts"),
                text=NOT_HERE,
            )
        except (SlackApiError, OSError) as failure:
            log.warning("the refusal in %s could not be explained: %s", event["channel"], failure)
