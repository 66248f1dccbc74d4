"""Windows: ad-hoc SQL, a segment's name, the digest's settings, what was wrong with an answer."""

from __future__ import annotations

import json
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.listeners.person import Personal
from bot.product import DigestWish, Product


def register(app: App, product: Product, personal: Personal) -> None:
    """Opens the windows that buttons ask for, and takes what people fill in."""

    @app.action("open_sql")
    def on_open_sql(ack: Ack, client: WebClient, body: dict[str, Any]) -> None:
        ack()
        personal.open_sql(client, body["user"]["id"], body["trigger_id"])

    @app.action("open_rename")
    def on_open_rename(ack: Ack, client: WebClient, body: dict[str, Any]) -> None:
        ack()
        personal.open_rename(client, body["user"]["id"], body["trigger_id"])

    @app.action("open_digest")
    def on_open_digest(ack: Ack, client: WebClient, body: dict[str, Any]) -> None:
        ack()
        personal.open_digest(client, body["user"]["id"], body["trigger_id"])

    @app.view("run_sql")
    def on_sql(
        ack: Ack,
        client: WebClient,
        context: BoltContext,
        body: dict[str, Any],
        view: dict[str, Any],
    ) -> None:
        user = body["user"]["id"]
        statement = _filled(view, "statement")["value"] or ""
        if personal.admits(client, context, user, body["user"].get("team_id")):
            personal.take(
                ack, client, user, "statement", lambda: product.select(statement, user, user)
            )
        else:
            ack()

    @app.view("rename_segment")
    def on_rename(
        ack: Ack,
        client: WebClient,
        context: BoltContext,
        body: dict[str, Any],
        view: dict[str, Any],
    ) -> None:
        user = body["user"]["id"]
        segment = int(_filled(view, "segment")["selected_option"]["value"])
        name = _filled(view, "name")["value"] or ""
        if personal.admits(client, context, user, body["user"].get("team_id")):
            personal.take(ack, client, user, "name", lambda: product.rename(segment, name, user))
        else:
            ack()

    @app.view("digest_settings")
    def on_digest(
        ack: Ack,
        client: WebClient,
        context: BoltContext,
        body: dict[str, Any],
        view: dict[str, Any],
    ) -> None:
        user = body["user"]["id"]
        segments = _filled(view, "segments").get("selected_options") or []
        wish = DigestWish(
            weekday=_filled(view, "weekday")["selected_option"]["value"],
            time=_filled(view, "time")["selected_time"] or "09:00",
            segments=tuple(sorted(int(option["value"]) for option in segments)),
            sending=_filled(view, "sending")["selected_option"]["value"],
        )
        if personal.admits(client, context, user, body["user"].get("team_id")):
            personal.take(ack, client, user, "segments", lambda: product.set_digest(wish, user))
        else:
            ack()

    @app.view("feedback_reason")
    def on_reason(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        ack()
        place = json.loads(view["private_metadata"])
        reason = _filled(view, "reason")["value"]
        product.record(body["user"]["id"], feedback="wrong", reason=reason, **place)


def _filled(view: dict[str, Any], field: str) -> dict[str, Any]:
    value: dict[str, Any] = view["state"]["values"][field][field]
    return value
