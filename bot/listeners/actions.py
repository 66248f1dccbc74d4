"""Buttons under an answer."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot import blocks
from bot.listeners.turns import Turns
from bot.slacktext import unescape


def register(app: App, turns: Turns) -> None:
    """A choice asks its question; "Show SQL" opens a window only the clicker sees."""

    @app.action(re.compile(r"ask_\d+"))
    def on_choice(
        ack: Ack,
        client: WebClient,
        context: BoltContext,
        body: dict[str, Any],
        action: dict[str, Any],
    ) -> None:
        ack()
        question = unescape(action["value"])
        turns.click(client, context, body, action["action_ts"], question)

    @app.action("show_sql")
    def on_show_sql(
        ack: Ack, client: WebClient, body: dict[str, Any], action: dict[str, Any]
    ) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=blocks.sql_view(action["value"]))
