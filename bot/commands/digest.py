"""`segmentry digest`: show it, write it, or post it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from analytics.errors import NothingDue, WrongUsage
from bot import digest
from bot.app import Services
from bot.blocks import headline, rich
from bot.console import show, talk
from bot.delivery import make_client
from bot.reply import Reply
from bot.settings import tokens
from bot.terminal import print_reply


def run_digest(
    services: Services,
    *,
    as_of: date | None,
    form: str,
    out: Path | None,
    post: bool,
    as_json: bool,
) -> None:
    """Make the digest of a date and put it where it was asked for."""
    if post:
        if as_of:
            raise WrongUsage("--post sends the latest digest.", "Leave --as-of away.")
        _post(services)
        return
    day, reply = digest.weekly_digest(services, as_of)
    if as_json or form == "slack":
        text = json.dumps(_as_json(day, reply), ensure_ascii=False)
    elif out:
        console = Console(record=True, width=100, file=None, quiet=True)
        print_reply(console, reply, show_sql=False)
        text = console.export_text()
    else:
        print_reply(show, reply, show_sql=False)
        return
    if out:
        out.write_text(text + "\n", encoding="utf-8")
        talk.print(f"Wrote {out}.", markup=False)
    else:
        click.echo(text)


def _as_json(day: date, reply: Reply) -> dict[str, Any]:
    return {"as_of": day.isoformat(), "text": headline(reply), "blocks": rich(reply)}


def _post(services: Services) -> None:
    secrets = tokens()
    if not secrets.bot_token:
        raise WrongUsage("SLACK_BOT_TOKEN is not set in the environment.", "Set it, then post.")
    client = make_client(secrets.bot_token, secrets.api_url)
    if not digest.post(services, client):
        raise NothingDue("The latest digest is in the channel already; nothing was posted.")
    talk.print(f"Posted to {services.settings.slack.digest_channel}.", markup=False)
