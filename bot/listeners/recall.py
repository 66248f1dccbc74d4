"""What was asked before, read back from the bot's own messages: it outlives a restart."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from analytics.model import Query
from bot.delivery import EVENT_TYPE

log = logging.getLogger(__name__)

_MESSAGES = 1_000  # Slack's oldest come first, so every page is read
_DIRECT = 5


def last_in_thread(client: WebClient, channel: str, thread: str) -> Query | None:
    """The query of the newest answer in a thread; None where there is none to be read."""
    try:
        pages = client.conversations_replies(
            channel=channel, ts=thread, limit=_MESSAGES, include_all_metadata=True
        )
        found = [message for page in pages for message in page["messages"]]
    except (SlackApiError, OSError) as failure:
        log.warning("thread %s %s could not be recalled: %s", channel, thread, failure)
        return None
    queries = (query_of(message) for message in reversed(found))
    return next((query for query in queries if query), None)


def last_in_direct_messages(client: WebClient, channel: str, *, before: str) -> Query | None:
    """The query of the newest answer under one of the last few direct messages."""
    try:
        found = client.conversations_history(
            channel=channel, latest=before, limit=_DIRECT, include_all_metadata=True
        )["messages"]
    except (SlackApiError, OSError) as failure:
        log.warning("direct messages %s could not be recalled: %s", channel, failure)
        return None
    for message in found:
        if query := query_of(message):
            return query
        if message.get("reply_count"):
            return last_in_thread(client, channel, message["ts"])
    return None


def query_at(client: WebClient, channel: str, ts: str, thread: str | None) -> Query | None:
    """The query that one message answers, read from Slack."""
    try:
        found = client.conversations_replies(
            channel=channel, ts=thread or ts, oldest=ts, latest=ts, inclusive=True,
            limit=_MESSAGES, include_all_metadata=True,
        )["messages"]  # fmt: skip
    except (SlackApiError, OSError) as failure:
        log.warning("message %s %s could not be recalled: %s", channel, ts, failure)
        return None
    return next((query_of(message) for message in found if message["ts"] == ts), None)


def query_of(message: Mapping[str, Any]) -> Query | None:
    """The query a message of the bot answers, from its metadata."""
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    if metadata.get("event_type") != EVENT_TYPE or "slots" not in payload:
        return None
    try:
        query = Query.from_slots(payload["intent"], payload["slots"])
        return replace(query, named=tuple(payload.get("named", ())))
    except (TypeError, ValueError, KeyError) as strange:
        log.warning("message %s has metadata of another version: %s", message.get("ts"), strange)
        return None
