"""Who is in which Slack user group, looked up now and then."""

from __future__ import annotations

import logging
import time
from threading import Lock

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

log = logging.getLogger(__name__)

_FRESH_S = 300
_USABLE_S = 3_600


class Groups:
    """Members of user groups; while Slack does not say, those of the last hour, then nobody."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._known: dict[str, tuple[float, frozenset[str]]] = {}
        self._lock = Lock()

    def members(self, group: str) -> frozenset[str]:
        """The members of a group; nobody's where it cannot be looked up."""
        with self._lock:
            looked_up, held = self._known.get(group, (-float("inf"), frozenset()))
            age = time.monotonic() - looked_up
            if age < _FRESH_S:
                return held
            try:
                users = self._client.usergroups_users_list(usergroup=group)["users"]
            except (SlackApiError, OSError) as failure:
                log.warning("user group %s could not be looked up: %s", group, failure)
                return held if age < _USABLE_S else frozenset()
            self._known[group] = (time.monotonic(), frozenset(users))
            return self._known[group][1]
