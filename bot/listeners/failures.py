"""What a person reads when something broke: one sentence, and a token that is in the log."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from analytics.errors import SegmentryError
from bot import delivery
from bot.logs import unexpected
from bot.reply import Reply

log = logging.getLogger(__name__)

# bolt looks for a listener's acknowledgement every 10 ms, and a failure before then erases it.
_ACKNOWLEDGED_S = 0.05


def register(app: App) -> None:
    """Apologises where a listener failed: in the thread, else to the person alone."""

    @app.error
    def on_failure(error: Exception, client: WebClient, body: dict[str, Any]) -> None:
        time.sleep(_ACKNOWLEDGED_S)
        if isinstance(error, delivery.NotDelivered):
            log.error("%s", error)
            return
        if isinstance(error, SegmentryError):
            text = str(error)
        else:
            token = unexpected(error, f"handling {body.get('event_id') or body.get('type')}")
            text = f"Sorry, something went wrong on my side. Give your operator this code: {token}."
        try:
            _tell(client, body, text)
        except (SlackApiError, OSError, SegmentryError) as failure:
            log.error("the apology could not be sent: %s", failure)


def _tell(client: WebClient, body: Mapping[str, Any], text: str) -> None:
    event = body.get("event") or body.get("message") or {}
    channel = event.get("channel") or (body.get("channel") or {}).get("id")
    if url := body.get("response_url"):
        reply = Reply(status="error", text=text)
        delivery.respond(url, reply, replace_original=False)
    elif channel:
        delivery.say(client, channel, event.get("thread_ts") or event.get("ts"), text)
    elif person := (body.get("user") or {}).get("id"):
        delivery.say(client, person, None, text)
