"""Everything said in Slack leaves here: in Slack's shape, and never silently lost."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable, Sequence
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.webhook import WebhookClient

from analytics.errors import SegmentryError
from bot import blocks
from bot.reply import Reply
from bot.sheets import Sheet
from bot.slack.ladder import Ladder, Shape, Untaken
from bot.slack.limits import Block, check
from bot.slack.posting import TIMEOUT_S, patient, post_once
from bot.slack.text import clip

log = logging.getLogger(__name__)

EVENT_TYPE = "segmentry_answer"
_METADATA = 3_500
_UPLOADS = 3

# What each surface of this workspace does not draw is found out by sending it.
_messages, _homes = Ladder(), Ladder()


class NotDelivered(SegmentryError):
    """Slack did not take a message in any shape."""


def make_client(token: str, base_url: str = WebClient.BASE_URL) -> WebClient:
    """Web API client that waits out rate limits, 5xx answers and broken connections.

    bolt makes its own client for each request and copies the retry handlers of this one.
    """
    return WebClient(token, base_url=base_url, timeout=TIMEOUT_S, retry_handlers=patient())


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
        return post_once(client, channel, key, thread_ts=thread_ts, metadata=metadata, **shape)

    return _in_some_shape(reply, f"to {channel}", post)


def respond(
    response_url: str, reply: Reply, *, extra: Sequence[Block] = (), **options: Any
) -> None:
    """Answers a command or a click through its own address, which needs no membership.

    ``extra`` blocks follow the reply's; ``options`` are a response URL's. Raises NotDelivered.
    """
    webhook = WebhookClient(response_url, timeout=TIMEOUT_S, retry_handlers=patient())

    def post(shape: Shape) -> str:
        if "blocks" in shape:
            shape = {**shape, "blocks": [*shape["blocks"], *extra]}
        shape.pop("mrkdwn", None)
        answer = webhook.send_dict({"response_type": "ephemeral", **options, **shape})
        if answer.status_code != 200:
            raise SlackApiError("refused", {"error": answer.body[:200]})  # type: ignore[no-untyped-call]
        return ""

    _in_some_shape(reply, "as a response", post)


def publish_home(client: WebClient, user: str, views: Sequence[Shape]) -> None:
    """Shows a person the first of several views of the bot's own page that Slack takes.

    Raises NotDelivered.
    """

    def post(view: Shape) -> str:
        client.views_publish(user_id=user, view=view)
        return ""

    _first_taken(_homes, views, f"to {user}", post)


def _in_some_shape(reply: Reply, where: str, post: Callable[[Shape], str]) -> str:
    """What Slack draws first; where it refuses that, each poorer shape; then text; last one
    sentence with an error token."""
    token = secrets.token_hex(4)
    shapes: list[Shape] = []
    for built in (draw(reply) for draw in blocks.SHAPES):
        shape = {"text": blocks.headline(reply), "blocks": built, "mrkdwn": False}
        if problems := check(built):
            log.error("answer %s breaks Slack's limits: %s", token, "; ".join(problems))
        elif shape not in shapes:
            shapes.append(shape)
    shapes.append({"text": blocks.text_only(reply)})
    shapes.append({"text": f"Slack refused this answer; the operator's log says why ({token})."})
    return _first_taken(_messages, shapes, where, post, token)


def _first_taken(
    ladder: Ladder,
    shapes: Sequence[Shape],
    where: str,
    post: Callable[[Shape], str],
    token: str = "",
) -> str:
    token = token or secrets.token_hex(4)
    try:
        return ladder.take(shapes, post, f"answer {token} {where}")
    except Untaken as refused:
        raise NotDelivered(
            f"Slack did not take a message {where}: {refused} ({token}).",
            "Run `segmentry doctor --live` to see what the bot may do there.",
        ) from refused


def say(client: WebClient, channel: str, thread_ts: str | None, text: str) -> str:
    """Posts one plain text; raises as the client does."""
    key = secrets.token_hex(8)
    metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
    return post_once(
        client, channel, key, thread_ts=thread_ts, metadata=metadata, text=clip(text, 3_000)
    )


def hand_over(
    client: WebClient, files: Sequence[Sheet], user: str, place: tuple[str, str] | None
) -> None:
    """Sends files to a thread (channel and ts), or to one person alone. Raises SegmentryError."""
    try:
        if place is None:
            channel, thread = client.conversations_open(users=user)["channel"]["id"], None
        else:
            channel, thread = place
        for file in files:
            send_file(client, channel, thread, file.name, file.content, file.said)
    except (SlackApiError, SlackRequestError, OSError) as failure:
        reason = failure.response["error"] if isinstance(failure, SlackApiError) else failure
        log.warning("%s did not get %s: %s", user, [file.name for file in files], failure)
        raise SegmentryError(
            f"Slack did not take the file: {reason}.",
            "The operator can see with `segmentry doctor --live` what is missing.",
        ) from failure


def send_file(
    client: WebClient, channel: str, thread_ts: str | None, name: str, content: bytes, said: str
) -> None:
    """Uploads one file with a sentence; ``channel`` is an ID. Raises as the client does."""
    for attempt in range(_UPLOADS):
        try:
            client.files_upload_v2(
                channel=channel,
                thread_ts=thread_ts,
                filename=name,
                content=content,
                initial_comment=clip(said, 1_000),
            )
            return
        except SlackRequestError as broken:  # the bytes did not arrive, so nothing was posted
            log.info("the upload of %s failed: %s", name, broken)
            if attempt == _UPLOADS - 1:
                raise


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


def _metadata(reply: Reply, key: str) -> dict[str, Any]:
    payload = {"status": reply.status, **reply.meta, "key": key}
    if len(json.dumps(payload)) > _METADATA:
        payload = {"status": reply.status, "intent": reply.meta.get("intent", ""), "key": key}
    return {"event_type": EVENT_TYPE, "event_payload": payload}
