"""`segmentry doctor`: what is in order, what is not, and what to do about it."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import packages_distributions
from pathlib import Path

from rich.console import Console

from analytics.digests import waiting
from analytics.errors import SegmentryError
from analytics.published import Published
from analytics.schema import require_current
from analytics.store import Store
from bot.commands.slackcheck import examine_slack
from bot.settings import Settings, load_settings, tokens
from bot.when import next_run

Finding = dict[str, str]
STALE_DAYS = 14


def _finding(check: str, status: str, said: str, do: str = "") -> Finding:
    return {"check": check, "status": status, "said": said, "do": do}


def examine(folder: Path, *, live: bool) -> list[Finding]:
    """Every check's finding: check, status (ok, note or problem), said, do."""
    findings = list(_packages())
    try:
        settings = load_settings(folder)
    except SegmentryError as error:
        return [*findings, _finding("config", "problem", error.what, error.next_step)]
    findings.append(_config(settings))
    findings += _guarded("store", lambda: _store(settings))
    findings += _guarded("published", lambda: _published(settings))
    findings += _guarded("schedule", lambda: _schedule(settings))
    findings += _tokens(settings)
    if live:
        findings += _guarded("slack", lambda: _slack(settings))
    return findings


def _guarded(check: str, look: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(look())
    except SegmentryError as error:
        return [_finding(check, "problem", error.what, error.next_step)]


def _packages() -> Iterator[Finding]:
    """Another distribution on PyPI also ships a top-level ``analytics``."""
    owners = packages_distributions()
    for package in ("bot", "analytics"):
        others = sorted(set(owners.get(package, [])) - {"segmentry"})
        place = importlib.util.find_spec(package)
        if others:
            yield _finding(
                "packages",
                "problem",
                f'The package "{package}" also belongs to {", ".join(others)}.',
                "Install Segmentry into an environment of its own.",
            )
        else:
            where = Path(place.origin).parent if place and place.origin else "this checkout"
            yield _finding("packages", "ok", f'"{package}" is Segmentry\'s own ({where}).')


def _config(settings: Settings) -> Finding:
    file = settings.place.config
    if file.exists():
        return _finding("config", "ok", f"{file} is valid.")
    return _finding("config", "note", f"There is no {file}; defaults apply.", "segmentry init")


def _store(settings: Settings) -> Iterator[Finding]:
    store = Store(settings.place, wait_s=10)
    require_current(store)
    held = waiting(store)
    if held["newest"] is None:
        yield _finding("store", "note", "No snapshot has been loaded.", "segmentry load FILE")
        return
    yield _finding("store", "ok", f"The newest snapshot is of {held['newest']}.")
    if held["snapshots"]:
        yield _finding(
            "store",
            "note",
            f"{held['snapshots']} snapshots wait for a refit.",
            "The weekly run takes them; or run segmentry refit now.",
        )
    age = (datetime.now(UTC).date() - held["newest"]).days
    if age > STALE_DAYS:
        yield _finding(
            "store", "note", f"The newest snapshot is {age} days old.", "Load this week's file."
        )


def _published(settings: Settings) -> Iterator[Finding]:
    copy = Published(settings.place).latest()
    if not copy.refits:
        yield _finding("published", "note", "Nothing has been refitted yet.", "segmentry refit")
        return
    yield _finding(
        "published",
        "ok",
        f"{copy.path.name}: {copy.customers:,} customers as of {copy.as_of}, fit {copy.fit_id}.",
    )


def _schedule(settings: Settings) -> Iterator[Finding]:
    schedule = settings.schedule
    at = next_run(schedule, datetime.now(UTC))
    yield _finding(
        "schedule",
        "ok",
        f"The next weekly run is on {at:%A %d %B %Y at %H:%M} ({schedule.timezone}).",
    )
    inbox = settings.load.inbox
    if inbox and not inbox.is_dir():
        yield _finding("schedule", "problem", f"The inbox {inbox} is not a folder.", "Create it.")


def _tokens(settings: Settings) -> Iterator[Finding]:
    secrets = tokens()
    for name, value, start in (
        ("SLACK_BOT_TOKEN", secrets.bot_token, "xoxb-"),
        ("SLACK_APP_TOKEN", secrets.app_token, "xapp-"),
    ):
        if not value:
            yield _finding("slack", "note", f"{name} is not set.", "Needed by segmentry run only.")
        elif not value.startswith(start):
            yield _finding(
                "slack",
                "problem",
                f"{name} does not start with {start}.",
                "The two tokens may be swapped.",
            )
        else:
            yield _finding("slack", "ok", f"{name} is set.")
    for key in ("digest_channel", "owner"):
        if not getattr(settings.slack, key):
            yield _finding(
                "slack", "note", f"slack.{key} is not set.", f"Set it in {settings.place.config}."
            )


def _slack(settings: Settings) -> Iterator[Finding]:
    secrets = tokens()
    if secrets.bot_token:
        for status, said, do in examine_slack(settings, secrets):
            yield _finding("slack", status, said, do)


def print_findings(console: Console, findings: list[Finding]) -> None:
    """One line a finding, with what to do."""
    mark = {
        "ok": "[green]ok[/]     ",
        "note": "[yellow]note[/]   ",
        "problem": "[bold red]problem[/]",
    }
    for finding in findings:
        console.print(f"{mark[finding['status']]}  {finding['check']}: ", end="")
        console.print(f"{finding['said']} {finding['do']}".rstrip(), markup=False, soft_wrap=True)
