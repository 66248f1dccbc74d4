"""Everything said in Slack leaves here: in Slack's shape, and never silently lost."""

from __future__ import annotations

import json
import logging
import random
import secrets
import time
from collections.abc import Callable, Sequence
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
from slack_sdk.webhook import WebhookClient

from analytics.errors import SegmentryError
from bot import blocks
from bot.limits import Block, check
from bot.reply import Reply
from bot.slacktext import clip

log = logging.getLogger(__name__)

Shape = dict[str, Any]

EVENT_TYPE = "segmentry_answer"
_RETRIES = 5
_TIMEOUT_S = 15
_METADATA = 3_500
_SKEW_S = 3_600  # how far Slack's clock and ours may be apart

# Answers that no other shape of the message would change.
_HOPELESS = frozenset(
    "account_inactive channel_not_found ekm_access_denied invalid_auth is_archived missing_scope "
    "no_permission not_allowed_token_type not_authed not_in_channel org_login_required "
    "ratelimited restricted_action restricted_action_non_threadable_channel "
    "restricted_action_read_only_channel restricted_action_thread_locked "
    "team_access_not_granted thread_not_found token_expired token_revoked user_not_found".split()
)

# A channel that Slack keeps limiting takes one post at a time, each waiting out its Retry-After.
_SLOW_LANES = tuple(Lock() for _ in range(256))


class NotDelivered(SegmentryError):
    """Slack did not take a message in any shape."""


class _Shorter(Jitter):
    """Half to all of a waiting time, so that what failed together does not return together."""

    def recalculate(self, duration: float) -> float:
        return duration * random.uniform(0.5, 1.0)  # noqa: S311


class _ServerErrors(ServerErrorRetryHandler):
    """Every answer 5xx; the SDK leaves out those of proxies, 502 and 504."""

    def _can_retry(self, *, response: HttpResponse | None = None, **_: Any) -> bool:
        return response is not None and response.status_code >= 500


_SOON = BackoffRetryIntervalCalculator(0.3, _Shorter())


def _handlers() -> list[RetryHandler]:
    return [
        ConnectionErrorRetryHandler(_RETRIES, _SOON),
        _ServerErrors(_RETRIES, _SOON),
        RateLimitErrorRetryHandler(_RETRIES),
    ]


def make_client(token: str, base_url: str = WebClient.BASE_URL) -> WebClient:
    """Web API client that waits out rate limits, 5xx answers and broken connections.

    bolt makes its own client for each request and copies the retry handlers of this one.
    """
    return WebClient(token, base_url=base_url, timeout=_TIMEOUT_S, retry_handlers=_handlers())


def send(
    client: WebClient, channel: str, thread_ts: str | None, reply: Reply, *, key: str = ""
) -> str:
    """Posts ``reply`` and returns the message's ``ts``.

    Parameters
    ----------
    key : what the message is known by in its metadata; by default ``key`` of the reply's meta.

    Raises
    ------
    NotDelivered : Slack takes nothing for this channel, or cannot be reached.
    """
    key = key or str(reply.meta.get("key") or secrets.token_hex(8))
    metadata = _metadata(reply, key)

    def post(shape: Shape) -> str:
        return _post(client, channel, key, thread_ts=thread_ts, metadata=metadata, **shape)

    return _in_some_shape(reply, f"to {channel}", post)


def respond(
    response_url: str, reply: Reply, *, extra: Sequence[Block] = (), **options: Any
) -> None:
    """Answers a command or a click through its own address, which needs no membership.

    ``extra`` blocks follow the reply's; ``options`` are a response URL's. Raises NotDelivered.
    """
    webhook = WebhookClient(response_url, timeout=_TIMEOUT_S, retry_handlers=_handlers())

    def post(shape: Shape) -> str:
        if "blocks" in shape:
            shape = {**shape, "blocks": [*shape["blocks"], *extra]}
        shape.pop("mrkdwn", None)
        answer = webhook.send_dict({"response_type": "ephemeral", **options, **shape})
        if answer.status_code != 200:
            raise SlackApiError("refused", {"error": answer.body[:200]})  # type: ignore[no-untyped-call]
        return ""

    _in_some_shape(reply, "as a response", post)


def _in_some_shape(reply: Reply, where: str, post: Callable[[Shape], str]) -> str:
    """Tables and charts drawn by Slack first; where Slack refuses the shape, plain tables; then
    text; last one sentence with an error token. Each refusal is logged with Slack's reason."""
    token = secrets.token_hex(4)
    shapes: list[Shape] = []
    for built in (blocks.rich(reply), blocks.with_plain_tables(reply)):
        shape = {"text": blocks.headline(reply), "blocks": built, "mrkdwn": False}
        if problems := check(built):
            log.error("answer %s breaks Slack's limits: %s", token, "; ".join(problems))
        elif shape not in shapes:
            shapes.append(shape)
    shapes.append({"text": blocks.text_only(reply)})
    shapes.append({"text": f"Slack refused this answer; the operator's log says why ({token})."})
    for shape in shapes:
        try:
            return post(shape)
        except SlackApiError as refusal:
            reason = refusal.response["error"]
            details = (refusal.response.get("response_metadata") or {}).get("messages", [])
            log.warning("Slack refused answer %s %s: %s %s", token, where, reason, details)
            if reason in _HOPELESS:
                break
        except OSError as broken:
            reason = str(broken)
            log.warning("answer %s %s could not be sent: %s", token, where, reason)
            break
    raise NotDelivered(
        f"Slack did not take a message {where}: {reason} ({token}).",
        "Run `segmentry doctor --live` to see what the bot may do there.",
    )


def say(client: WebClient, channel: str, thread_ts: str | None, text: str) -> str:
    """Posts one plain text; raises as the client does."""
    key = secrets.token_hex(8)
    metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
    return _post(
        client, channel, key, thread_ts=thread_ts, metadata=metadata, text=clip(text, 3_000)
    )


def tell_owner(client: WebClient, owner: str, text: str) -> bool:
    """Sends the operator a direct message; False, and a line in the log, where that fails.

    ``owner`` is a Slack user ID (U...) or a channel ID.
    """
    try:
        say(client, owner, None, text)
    except (SlackApiError, OSError) as failure:
        log.error("the owner %s could not be told %r: %s", owner, text, failure)
        return False
    return True


def whisper(client: WebClient, channel: str, thread_ts: str | None, user: str, text: str) -> None:
    """Says something that only one person in a channel sees; failures only go to the log."""
    try:
        client.chat_postEphemeral(channel=channel, user=user, thread_ts=thread_ts, text=text)
    except (SlackApiError, OSError) as failure:
        log.warning("%s could not be told %r in %s: %s", user, text, channel, failure)


def show_status(client: WebClient, channel: str, thread_ts: str, status: str) -> None:
    """Shows ``status`` beside the bot's name until it answers; failures only go to the log."""
    impatient = WebClient(client.token, base_url=client.base_url, timeout=3, retry_handlers=[])
    try:
        impatient.assistant_threads_setStatus(
            channel_id=channel, thread_ts=thread_ts, status=status
        )
    except (SlackApiError, OSError) as failure:
        log.debug("no status in %s: %s", channel, failure)


def _post(client: WebClient, channel: str, key: str, **message: Any) -> str:
    """Posts once: what may have arrived is looked for by its key before it is sent again."""
    careful = WebClient(
        client.token,
        base_url=client.base_url,
        timeout=_TIMEOUT_S,
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


def _arrived(client: WebClient, channel: str, thread_ts: str | None, key: str) -> str | None:
    """The ``ts`` of the message with that key; None where Slack has none or does not let us see."""
    where: dict[str, Any] = {"channel": channel, "limit": 1_000, "include_all_metadata": True}
    where["oldest"] = f"{time.time() - _SKEW_S:.6f}"
    try:
        pages = (
            client.conversations_replies(**where, ts=thread_ts)
            if thread_ts
            else client.conversations_history(**where)
        )
        found = [message for page in pages for message in page["messages"]]
    except SlackApiError as refusal:
        if refusal.response.status_code >= 500:
            raise
        log.warning("whether a post is in %s could not be seen: %s", channel, refusal)
        return None
    for message in found:
        payload = (message.get("metadata") or {}).get("event_payload") or {}
        if payload.get("key") == key:
            return str(message["ts"])
    return None


def _metadata(reply: Reply, key: str) -> dict[str, Any]:
    payload = {"status": reply.status, **reply.meta, "key": key}
    if len(json.dumps(payload)) > _METADATA:
        payload = {"status": reply.status, "intent": reply.meta.get("intent", ""), "key": key}
    return {"event_type": EVENT_TYPE, "event_payload": payload}
