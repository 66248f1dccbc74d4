"""The message shortcut "Explain this number"."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.listeners import recall
from bot.listeners.person import Personal
from bot.product import Product
from bot.slack import surfaces

NOT_MINE = (
    "I can explain the numbers in my own answers. Open the menu of one of them and choose "
    "“Explain this number” there, or ask me: what does utilisation mean?"
)


def register(app: App, product: Product, personal: Personal) -> None:
    """Shows how a question was understood, what its words mean, and the SQL of its numbers."""

    @app.shortcut("explain_number")
    def on_explain(
        ack: Ack, client: WebClient, context: BoltContext, shortcut: dict[str, Any]
    ) -> None:
        ack()
        user, message = shortcut["user"], shortcut["message"]
        if not personal.admits(client, context, user["id"], user.get("team_id")):
            return
        query = recall.query_of(message) or recall.query_at(
            client, shortcut["channel"]["id"], message["ts"], message.get("thread_ts")
        )
        refused = product.refusal(user["id"], query.intent) if query else NOT_MINE
        view = (
            surfaces.behind(product.explain(query))
            if query and not refused
            else surfaces.note("Behind this answer", refused or NOT_MINE)
        )
        client.views_open(trigger_id=shortcut["trigger_id"], view=view)
