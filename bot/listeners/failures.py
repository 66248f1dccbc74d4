"""What a person reads when something broke: one sentence, and a token that is in the log."""

from __future__ import annotations

import logging
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from analytics.errors import SegmentryError
from bot import delivery
from bot.logs import unexpected

log = logging.getLogger(__name__)


def register(app: App) -> None:
    """Apologises in the thread where a listener failed."""

    @app.error
    def on_failure(error: Exception, client: WebClient, body: dict[str, Any]) -> None:
        if isinstance(error, delivery.NotDelivered):
            log.error("%s", error)
            return
        if isinstance(error, SegmentryError):
            text = str(error)
        else:
            token = unexpected(error, f"handling {body.get('event_id') or body.get('type')}")
            text = f"Sorry, something went wrong on my side. Give your operator this code: {token}."
        place = _place(body)
        if place is None:
            return
        try:
            delivery.say(client, *place, text)
        except (SlackApiError, OSError) as failure:
            log.error("the apology for %s could not be sent: %s", place[0], failure)


def _place(body: dict[str, Any]) -> tuple[str, str | None] | None:
    """Channel and thread of what failed; None where it happened outside a channel."""
    event = body.get("event") or body.get("message") or {}
    channel = event.get("channel") or (body.get("channel") or {}).get("id")
    return (channel, event.get("thread_ts") or event.get("ts")) if channel else None
