"""Buttons under an answer."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot import blocks, delivery
from bot.delivery import NotDelivered
from bot.listeners import files, recall
from bot.listeners.person import Personal
from bot.listeners.turns import Turns
from bot.product import Product
from bot.slack import surfaces
from bot.slack.text import unescape

Body = dict[str, Any]

SENT = "I sent you the file as a direct message."


def register(app: App, product: Product, turns: Turns, personal: Personal) -> None:
    """A choice asks its question; files of customers, SQL and opinions are the clicker's own."""

    @app.action(re.compile(r"ask(_\d+){1,2}"))
    def on_choice(
        ack: Ack, client: WebClient, context: BoltContext, body: Body, action: Body
    ) -> None:
        ack()
        question, user = unescape(action["value"]), body["user"]
        if "message" in body and not body["container"].get("is_ephemeral"):
            turns.click(client, context, body, action["action_ts"], question)
        elif personal.admits(client, context, user["id"], user.get("team_id")):
            if url := body.get("response_url"):
                personal.ask(client, url, user["id"], body["channel"]["id"], question)
            else:
                channel = body["view"]["private_metadata"]
                turns.ask_privately(client, user["id"], channel, action["action_ts"], question)

    @app.action("show_sql")
    def on_show_sql(ack: Ack, client: WebClient, body: Body, action: Body) -> None:
        ack()
        view = surfaces.sql(blocks.unpacked(action["value"]))
        client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.action("share")
    def on_share(
        ack: Ack, client: WebClient, context: BoltContext, body: Body, action: Body
    ) -> None:
        ack()
        user, channel = body["user"], body["channel"]["id"]
        if not turns.first(f"share {channel} {action['action_ts']}"):
            return
        if turns.admits(client, context, user["id"], user.get("team_id"), channel):
            reply = product.answer(blocks.query_in(action["value"]), user["id"], channel)
            try:
                delivery.send(client, channel, None, reply)
            except NotDelivered:  # the bot is not in the channel; its answer may be all the same
                delivery.respond(
                    body["response_url"], reply, response_type="in_channel", replace_original=False
                )

    @app.action("export")
    def on_export(
        ack: Ack, client: WebClient, context: BoltContext, body: Body, action: Body
    ) -> None:
        ack()
        user, message = body["user"], body.get("message")
        channel = body["channel"]["id"]
        thread = (message.get("thread_ts") or message["ts"]) if message else None
        if not turns.first(f"click {user['id']} {action['action_ts']}"):
            return
        if turns.admits(client, context, user["id"], user.get("team_id"), channel, thread):
            query = blocks.query_in(action["value"])
            alone = files.send(client, product, query, user["id"], channel, thread)
            if alone and not channel.startswith("D"):
                delivery.whisper(client, channel, thread, user["id"], SENT)

    @app.action("feedback")
    def on_feedback(ack: Ack, client: WebClient, body: Body, action: Body) -> None:
        ack()
        opinion = action.get("value") or action["selected_option"]["value"]
        place = {
            "channel": (body.get("channel") or {}).get("id", ""),
            "message_ts": body["container"]["message_ts"],
        }
        query = recall.query_of(body.get("message") or {})
        intent = query.intent if query else None
        product.record(body["user"]["id"], feedback=opinion, intent=intent, **place)
        if opinion == "wrong":
            view = surfaces.feedback_form(place)
            client.views_open(trigger_id=body["trigger_id"], view=view)
