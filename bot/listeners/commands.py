"""`/segments`: an answer only the person who typed it sees, who may then share it."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.listeners.person import Personal
from bot.slack.text import clean, unescape


def register(app: App, personal: Personal) -> None:
    """A question; `sql`, `rename`, `digest` open their windows; nothing asks for the overview."""

    @app.command("/segments")
    def on_segments(
        ack: Ack, client: WebClient, context: BoltContext, command: dict[str, Any]
    ) -> None:
        ack()
        user, text = command["user_id"], clean(unescape(command.get("text") or "")).strip()
        url = command["response_url"]
        if not personal.admits(client, context, user, command.get("team_id"), url):
            return
        if text.lower() == "sql":
            personal.open_sql(client, user, command["trigger_id"])
        elif text.lower() == "rename":
            personal.open_rename(client, user, command["trigger_id"])
        elif text.lower() in ("digest", "subscriptions"):
            personal.open_digest(client, user, command["trigger_id"])
        else:
            personal.ask(client, url, user, command["channel_id"], text or "overview")
