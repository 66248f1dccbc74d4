"""Channels: a message that mentions the bot."""

from __future__ import annotations

from typing import Any

from slack_bolt import App, BoltContext
from slack_sdk import WebClient

from bot.listeners.turns import Turns


def register(app: App, turns: Turns) -> None:
    """Answers mentions."""

    @app.event("app_mention")
    def on_mention(client: WebClient, context: BoltContext, body: dict[str, Any]) -> None:
        turns.take(client, context, body)
