"""What Slack calls its channels and people, and where people are."""

from __future__ import annotations

import logging

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.channel import is_person

log = logging.getLogger(__name__)


class Directory:
    """Looks up names and time zones; the ID, or no zone, where Slack does not say."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def name(self, target: str) -> str:
        """``#sales``, ``Ann Lee``; the ID where it cannot be looked up."""
        try:
            if is_person(target):
                user = self._client.users_info(user=target)["user"]
                return str(user.get("real_name") or user.get("name") or target)
            return f"#{self._client.conversations_info(channel=target)['channel']['name']}"
        except (SlackApiError, OSError, KeyError) as failure:
            log.warning("%s could not be looked up: %s", target, failure)
            return target

    def zone(self, user: str) -> str:
        """``Europe/London``; "" where it cannot be looked up."""
        try:
            return str(self._client.users_info(user=user)["user"].get("tz") or "")
        except (SlackApiError, OSError) as failure:
            log.warning("%s could not be looked up: %s", user, failure)
            return ""
