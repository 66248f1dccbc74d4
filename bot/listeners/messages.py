"""Direct messages, and replies without a mention in threads the bot takes part in."""

from __future__ import annotations

from typing import Any

from slack_bolt import App, BoltContext
from slack_sdk import WebClient

from bot.listeners.turns import Turns


def register(app: App, turns: Turns) -> None:
    """Answers messages that are for the bot without naming it."""

    @app.event("message")
    def on_message(client: WebClient, context: BoltContext, body: dict[str, Any]) -> None:
        turns.overhear(client, context, body)
