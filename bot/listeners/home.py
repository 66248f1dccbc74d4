"""Somebody opened the bot's own page, or its direct messages."""

from __future__ import annotations

from typing import Any

from slack_bolt import App, BoltContext
from slack_sdk import WebClient

from bot.listeners.person import Personal


def register(app: App, personal: Personal) -> None:
    """Draws the page, or suggests what to ask."""

    @app.event("app_home_opened")
    def on_opened(client: WebClient, context: BoltContext, event: dict[str, Any]) -> None:
        user = event["user"]
        if not personal.admits(client, context, user, context.team_id):
            return
        if event.get("tab") == "messages":
            personal.suggest(client, event["channel"])
        else:
            personal.show_home(client, user, event["channel"])
