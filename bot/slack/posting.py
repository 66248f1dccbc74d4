"""Calls to Slack that wait out its failures, and posts that are sent once all the same."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterator
from threading import Lock
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import HttpResponse, RetryHandler
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)
from slack_sdk.http_retry.builtin_interval_calculators import BackoffRetryIntervalCalculator
from slack_sdk.http_retry.jitter import Jitter

log = logging.getLogger(__name__)

TIMEOUT_S = 15
_RETRIES = 5
_PAGE = 1_000

# A channel that Slack keeps limiting takes one post at a time, each waiting out its Retry-After.
_SLOW_LANES = tuple(Lock() for _ in range(256))


class _Shorter(Jitter):
    """Half to all of a waiting time, so that what failed together does not return together."""

    def recalculate(self, duration: float) -> float:
        return duration * random.uniform(0.5, 1.0)  # noqa: S311


class _ServerErrors(ServerErrorRetryHandler):
    """Every answer 5xx; the SDK leaves out those of proxies, 502 and 504."""

    def _can_retry(self, *, response: HttpResponse | None = None, **_: Any) -> bool:
        return response is not None and response.status_code >= 500


_SOON = BackoffRetryIntervalCalculator(0.3, _Shorter())


def patient() -> list[RetryHandler]:
    """Handlers that wait out rate limits, 5xx answers and broken connections."""
    return [
        ConnectionErrorRetryHandler(_RETRIES, _SOON),
        _ServerErrors(_RETRIES, _SOON),
        RateLimitErrorRetryHandler(_RETRIES),
    ]


def post_once(client: WebClient, channel: str, key: str, **message: Any) -> str:
    """Posts and returns the ``ts``: what may have arrived is looked for before it is sent again.

    ``key`` stands in the message's metadata. Raises SlackApiError where Slack refuses, OSError
    where it cannot be reached.
    """
    careful = WebClient(
        client.token,
        base_url=client.base_url,
        timeout=TIMEOUT_S,
        retry_handlers=[RateLimitErrorRetryHandler(_RETRIES)],
    )
    for attempt in range(_RETRIES + 1):
        try:
            if attempt:
                time.sleep(_SOON.calculate_sleep_duration(attempt - 1))
                if arrived := _arrived(careful, channel, message.get("thread_ts"), key):
                    return arrived
            return _in_lane(careful, channel, message)
        except OSError as broken:
            failure: OSError = broken
        except SlackApiError as refusal:
            if refusal.response.status_code < 500:
                raise
            failure = ConnectionError(f"Slack answered {refusal.response.status_code}")
        log.info("a post to %s may be lost: %s", channel, failure)
    raise failure


def _in_lane(client: WebClient, channel: str, message: dict[str, Any]) -> str:
    def post() -> str:
        response = client.chat_postMessage(
            channel=channel, unfurl_links=False, unfurl_media=False, **message
        )
        return str(response["ts"])

    slow_lane = _SLOW_LANES[hash(channel) % len(_SLOW_LANES)]
    if not slow_lane.locked():
        try:
            return post()
        except SlackApiError as refusal:
            if refusal.response["error"] != "ratelimited":
                raise
    with slow_lane:
        return post()


def find(
    client: WebClient, channel: str, thread_ts: str | None, key: str, since: float = 0.0
) -> str | None:
    """The ``ts`` of the message with that key in a channel since a time, or in a thread.

    Without ``since``, only the latest thousand messages of a channel are looked at. Raises as the
    client does.
    """
    for message in messages(client, channel, thread_ts, since):
        payload = (message.get("metadata") or {}).get("event_payload") or {}
        if payload.get("key") == key:
            return str(message["ts"])
    return None


def messages(
    client: WebClient, channel: str, thread_ts: str | None, since: float = 0.0
) -> Iterator[dict[str, Any]]:
    """Messages of a thread, or of a channel since a time, latest first."""
    where: dict[str, Any] = {"channel": channel, "limit": _PAGE, "include_all_metadata": True}
    if thread_ts:  # Slack's oldest come first, so every page is read
        pages = client.conversations_replies(**where, ts=thread_ts)
    else:
        pages = client.conversations_history(**where, oldest=f"{since:.6f}")
    for page in pages:
        yield from page["messages"]
        if not thread_ts and not since:
            return


def _arrived(client: WebClient, channel: str, thread_ts: str | None, key: str) -> str | None:
    """As `find`; None also where Slack does not let us see."""
    try:
        return find(client, channel, thread_ts, key)
    except SlackApiError as refusal:
        if refusal.response.status_code >= 500:
            raise
        log.warning("whether a post is in %s could not be seen: %s", channel, refusal)
        return None
