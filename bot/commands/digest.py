"""`segmentry digest`: show it, write it, or post it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from analytics.errors import NothingDue, SegmentryError, WrongUsage
from bot import digest, report
from bot.app import Services
from bot.blocks import headline, rich
from bot.console import show, talk
from bot.delivery import make_client
from bot.digest import Digest
from bot.settings import tokens
from bot.subscriptions import subscribers, telling
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
    if form == "html":
        _, text = report.page(services, as_of)
        _write(text, out)
        return
    made = digest.make(services, as_of)
    if as_json or form == "slack":
        text = json.dumps(_as_json(made), ensure_ascii=False)
    elif out:
        console = Console(record=True, width=100, file=None, quiet=True)
        _print(console, made)
        text = console.export_text()
    else:
        _print(show, made)
        return
    _write(text, out)


def _write(text: str, out: Path | None) -> None:
    if out:
        out.write_text(text + "\n", encoding="utf-8")
        talk.print(f"Wrote {out}.", markup=False)
    else:
        click.echo(text)


def _print(console: Console, made: Digest) -> None:
    for reply in made.replies:
        print_reply(console, reply, show_sql=False)


def _as_json(made: Digest) -> dict[str, Any]:
    """The post, and in ``thread`` what follows it."""
    post, *thread = [{"text": headline(reply), "blocks": rich(reply)} for reply in made.messages]
    return {"as_of": made.week.as_of.isoformat(), **post, "thread": thread}


def _post(services: Services) -> None:
    secrets = tokens()
    if not secrets.bot_token:
        raise WrongUsage("SLACK_BOT_TOKEN is not set in the environment.", "Set it, then post.")
    client = make_client(secrets.bot_token, secrets.api_url)
    channel = subscribers.configured(services)
    if channel is None:
        raise SegmentryError(
            "No channel is set for the digest.",
            f"Set digest_channel under [slack] in {services.settings.place.config}.",
        )
    if not telling.tell(services, client, channel):
        raise NothingDue("The latest digest is in the channel already; nothing was posted.")
    talk.print(f"Posted to {channel.target}.", markup=False)
