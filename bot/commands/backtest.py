"""What other thresholds would have said of the weeks that are stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from string import ascii_uppercase
from typing import Any

from rich.console import Console
from rich.table import Table

from analytics.backtest import Backtest, backtest
from analytics.errors import WrongUsage
from analytics.history import kept_snapshots
from analytics.model import DriftEvent
from bot.app import Services
from bot.console import progress
from bot.refitting import refit_settings


def run_backtest(services: Services, effects: Sequence[float], zs: Sequence[float]) -> Backtest:
    """Replay the kept snapshots: the thresholds in force first, then every pair of the others."""
    settings = refit_settings(services.settings)
    current = settings.weekly
    asked = [
        replace(current.telling(effect), alarm_z=z)
        for z in zs or [current.alarm_z]
        for effect in effects or [current.feature_effect]
    ]
    choices = list(dict.fromkeys([current, *asked]))
    if len(choices) > len(ascii_uppercase):
        raise WrongUsage(f"{len(choices)} sets of thresholds are too many.", "Give fewer.")
    with progress("Backtest") as tell:
        history = kept_snapshots(services.store, settings.catalogue)
        return backtest(history, choices, progress=tell)


def numbers(text: str) -> tuple[float, ...]:
    """``0.03,0.05`` as numbers above 0."""
    try:
        found = tuple(float(part) for part in text.split(",") if part.strip())
    except ValueError:
        found = (0.0,)
    if min(found, default=1.0) <= 0:
        raise WrongUsage(f'"{text}" is no list of numbers above 0.', "Write it like 0.03,0.05.")
    return found


def as_json(result: Backtest) -> dict[str, Any]:
    """The whole result; the first of ``thresholds`` are those in force."""
    return {
        "weeks": [
            {
                "as_of": day.isoformat(),
                "judged": judged,
                "alarms": [[_event(e) for e in o.alarms[week]] for o in result.outcomes],
            }
            for week, (day, judged) in enumerate(zip(result.dates, result.judged, strict=True))
        ],
        "thresholds": [
            {
                **outcome.settings.thresholds(),
                "in_force": outcome is result.outcomes[0],
                "alarm_weeks": outcome.alarm_weeks,
                "alarms": sum(map(len, outcome.alarms)),
                "false_alarms_per_year": outcome.false_per_year,
            }
            for outcome in result.outcomes
        ],
    }


def print_backtest(console: Console, result: Backtest) -> None:
    """The thresholds with what each comes to, then every alarm and who of them gives it."""
    letters = ascii_uppercase[: len(result.outcomes)]
    early = result.judged.count(False)
    console.print(
        f"{len(result.dates)} weeks replayed, {result.dates[0]} to {result.dates[-1]}; nothing was "
        f"changed. {f'Too early to judge in {early} of them.' if early else ''}",
        soft_wrap=True,
    )
    table = Table()
    table.add_column("")
    for heading in ("Least effect", "z", "Alarm weeks", "Alarms", "False a year, at most"):
        table.add_column(heading, justify="right")
    for letter, outcome in zip(letters, result.outcomes, strict=True):
        table.add_row(
            letter if letter != "A" else "A, in force",
            f"{100 * outcome.settings.feature_effect:.3g} %",
            f"{outcome.settings.alarm_z:g}",
            str(outcome.alarm_weeks),
            str(sum(map(len, outcome.alarms))),
            "?" if outcome.false_per_year is None else f"{outcome.false_per_year:.2g}",
        )
    console.print(table)
    given: dict[tuple[date, str], str] = {}
    for letter, outcome in zip(letters, result.outcomes, strict=True):
        for day, alarms in zip(result.dates, outcome.alarms, strict=True):
            for what in map(_brief, alarms):
                given[day, what] = given.get((day, what), "") + letter
    for (day, what), by in sorted(given.items()):
        console.print(f"{day}  {what}: {by}", markup=False)
    console.print(
        "The least effect is feature_effect of [drift] in segmentry.toml; the other least effects "
        "were taken in proportion. z is alarm_z.",
        soft_wrap=True,
        markup=False,
    )


def _brief(event: DriftEvent) -> str:
    segments = " and ".join(str(s) for s in (event.segment, event.other_segment) if s)
    about = [event.kind.replace("_", " "), event.feature, segments and f"segment {segments}"]
    return ", ".join(part for part in about if part)


def _event(event: DriftEvent) -> dict[str, Any]:
    fields = asdict(event)
    del fields["evidence"]
    return fields
