"""Who gets no answers: other companies (Slack Connect) and guests. Doubt counts as a no."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from slack_bolt import BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

log = logging.getLogger(__name__)

NOT_HERE = (
    "I do not answer in channels shared with another company. Ask me in a direct message, "
    "or in a channel of your own company."
)
NO_GUESTS = "I answer employees of this company only, not guests of its Slack."
UNKNOWN = "I could not check in Slack who you are, so I did not answer. Ask again in a minute."
_KNOWN_S = 3_600
_REMEMBERED = 10_000


class Door:
    """Decides whether somebody may be answered somewhere; ``open_to_all``: whoever asks."""

    def __init__(self, *, open_to_all: bool = False) -> None:
        self._open = open_to_all
        self._employees: dict[str, float] = {}

    def admits(
        self,
        client: WebClient,
        context: BoltContext,
        user: str,
        channel: str,
        *,
        teams: set[str | None],
        shared: bool | None = None,
        tell: Callable[[str], object] = lambda _: None,
    ) -> bool:
        """Whether to answer; a person of this Slack who may not be answered is told why.

        Parameters
        ----------
        teams : every team the event says its author belongs to.
        channel : where the answer would be read; "" for a surface only this person sees.
        shared : whether the channel is shared with another company; None where it is not known.
        """
        if self._open:
            return True
        if foreign := teams - {context.team_id, context.enterprise_id, None}:
            log.warning("%s of %s gets no answer", user, ", ".join(sorted(map(str, foreign))))
            return False
        refusal = self._refused_person(client, context, user)
        if refusal is None and self._is_shared(client, channel, shared):
            refusal = NOT_HERE
        if refusal is None:
            return True
        log.warning("%s gets no answer in %s: %s", user, channel, refusal)
        tell(refusal)
        return False

    def _refused_person(self, client: WebClient, context: BoltContext, user: str) -> str | None:
        if self._employees.get(user, 0.0) > time.monotonic():
            return None
        try:
            found = client.users_info(user=user)["user"]
        except (SlackApiError, OSError) as failure:
            log.warning("%s could not be looked up: %s", user, failure)
            return UNKNOWN
        guest = any(found.get(f"is_{kind}") for kind in ("restricted", "ultra_restricted"))
        home = {found.get("team_id"), (found.get("enterprise_user") or {}).get("enterprise_id")}
        if guest or found.get("is_stranger") or not home & {context.team_id, context.enterprise_id}:
            return NO_GUESTS
        if len(self._employees) >= _REMEMBERED:
            self._employees.clear()
        self._employees[user] = time.monotonic() + _KNOWN_S
        return None

    def _is_shared(self, client: WebClient, channel: str, known: bool | None) -> bool:
        """Whether others than this company read the channel; a failed look-up counts as yes."""
        if known is not None or not channel or channel.startswith("D"):
            return bool(known)
        try:
            found = client.conversations_info(channel=channel)["channel"]
        except (SlackApiError, OSError) as failure:
            log.warning("%s could not be looked up, so it counts as shared: %s", channel, failure)
            return True
        return bool(found.get("is_ext_shared") or found.get("is_pending_ext_shared"))
