"""A message in several shapes: the best that Slack takes, without asking again what it refused."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.slack.limits import nested

log = logging.getLogger(__name__)

Shape = dict[str, Any]

# Answers that no other shape of the message would change.
_HOPELESS = frozenset(
    "account_inactive channel_not_found ekm_access_denied invalid_auth is_archived missing_scope "
    "no_permission not_allowed_token_type not_authed not_in_channel org_login_required "
    "ratelimited restricted_action restricted_action_non_threadable_channel "
    "restricted_action_read_only_channel restricted_action_thread_locked "
    "team_access_not_granted thread_not_found token_expired token_revoked user_not_found".split()
)
_OF_THE_BLOCKS = ("invalid_blocks", "invalid_arguments")


class Untaken(Exception):
    """Slack took none of the shapes; says why it refused the last that was tried."""


class Ladder:
    """Tries shapes in turn, and remembers block types that one surface does not know.

    A shape refused for its blocks is held against those of its types that the next shape taken
    does without, unless Slack took them before. They are not sent again until a restart.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._refused: set[str] = set()

    def take(self, shapes: Sequence[Shape], post: Callable[[Shape], str], what: str) -> str:
        """What ``post`` returns for the first shape it gets through; raises Untaken.

        ``what`` names the message in the log, where each refusal stands with Slack's reason.
        """
        doubted: set[str] = set()
        reason = "nothing to send"
        for shape in shapes:
            types = _types(shape)
            if types & self._refused:
                continue
            try:
                posted = post(shape)
            except SlackApiError as refusal:
                reason = str(refusal.response["error"])
                details = (refusal.response.get("response_metadata") or {}).get("messages", [])
                log.warning("Slack refused %s: %s %s", what, reason, details)
                if reason in _HOPELESS:
                    break
                if any(error in reason for error in _OF_THE_BLOCKS):
                    doubted |= types
            except OSError as broken:
                reason = str(broken)
                log.warning("%s could not be sent: %s", what, reason)
                break
            else:
                self._learn(doubted, types)
                return posted
        raise Untaken(reason)

    def _learn(self, doubted: set[str], types: set[str]) -> None:
        self._taken |= types
        unknown = doubted - self._taken if types else set()  # text alone says nothing of types
        if unknown:
            self._refused |= unknown
            log.warning("not sent again until a restart: %s", ", ".join(sorted(unknown)))


def _types(shape: Shape) -> set[str]:
    return {block["type"] for block in nested(shape.get("blocks") or [])}
