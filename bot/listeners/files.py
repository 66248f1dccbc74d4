"""Files: the rows of an answer, in its thread or for one person alone."""

from __future__ import annotations

from slack_sdk import WebClient

from analytics.model import Query
from bot import delivery
from bot.access import PERSONAL
from bot.product import Product
from bot.reply import Reply


def send(
    client: WebClient,
    product: Product,
    query: Query,
    user: str,
    channel: str,
    thread: str | None = None,
) -> bool:
    """Sends the rows behind a question; whether they went to the person alone.

    Rows about single customers do, and those asked for where there is no ``thread``. Raises
    SegmentryError.
    """
    alone = query.intent in PERSONAL or not thread
    place = None if alone or not thread else (channel, thread)
    delivery.hand_over(client, product.export(query, user, channel), user, place)
    return alone


def send_agreed(client: WebClient, product: Product, reply: Reply, user: str, channel: str) -> None:
    """Sends the list of customers that a reply says was sent."""
    if reply.status == "answered" and reply.meta.get("intent") == "export_audience":
        query = Query.from_slots(reply.meta["intent"], reply.meta["slots"])
        send(client, product, query, user, channel)
