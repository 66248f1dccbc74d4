"""`segmentry ask` and `segmentry chat`: the same line as Slack, in the terminal."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from typing import Any

import click

from bot.app import Services
from bot.blocks import rich
from bot.console import show, talk
from bot.conversation import Exchange
from bot.terminal import print_reply


def ask_all(
    services: Services, lines: Iterable[str], *, as_json: bool, show_sql: bool, explain: bool
) -> None:
    """Answer a question a line, in order; an empty line starts a new conversation."""
    for line in lines:
        if not line.strip():
            services.conversations.forget("terminal")
            continue
        exchanges = services.conversations.ask(line.strip(), "terminal")
        if as_json:
            click.echo(json.dumps(merged(exchanges), ensure_ascii=False, default=str))
            continue
        for exchange in exchanges:
            if explain and exchange.reading:
                show.print(json.dumps(exchange.reading.trace, indent=1, default=str), markup=False)
            print_reply(show, exchange.reply, show_sql=show_sql)


def chat(services: Services) -> None:
    """Read questions until an empty line or end of input."""
    talk.print("Ask about your segments; an empty line ends the chat. Try: help")
    while True:
        try:
            line = input("> ").strip()
        except (EOFError, KeyboardInterrupt):
            break
        if not line or line.lower() in ("exit", "quit", "bye"):
            break
        for exchange in services.conversations.ask(line, "terminal"):
            print_reply(show, exchange.reply, show_sql=False)


def merged(exchanges: list[Exchange]) -> dict[str, Any]:
    """The JSON of one message; further questions in it stand under ``more``."""
    first, *rest = (_as_json(exchange) for exchange in exchanges)
    return {**first, "more": rest} if rest else first


def _as_json(exchange: Exchange) -> dict[str, Any]:
    reading, answer, reply = exchange.reading, exchange.answer, exchange.reply
    data = exchange.data if answer is None else answer.data
    return {
        "question": exchange.question,
        "status": reply.status,
        "intent": reading.query.intent if reading else None,
        "slots": reading.query.slots() if reading else {},
        "text": reply.text,
        "data": {} if data is None else dataclasses.asdict(data),
        "blocks": rich(reply),
        "sql": list(reply.sql),
        "as_of": answer.as_of.isoformat() if answer and answer.as_of else None,
        "fit_id": answer.fit_id if answer else None,
        "elapsed_ms": round(exchange.elapsed_ms, 2),
    }
