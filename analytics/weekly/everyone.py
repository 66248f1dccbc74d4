"""Moves of amounts in every segment at once: prices, seasons, and jumps that are neither."""

from __future__ import annotations

from datetime import date

import numpy as np

from analytics.model import DriftEvent, Floats
from analytics.weekly.comparison import EXPLAINED_WEEKS, Series
from analytics.weekly.panel import Noted, Panel
from analytics.weekly.sample import Flags
from analytics.weekly.state import WeeklySettings

ABRUPT = 0.25  # a common move this large within two weeks is no season, log units
_FEWEST_AMOUNTS = 4  # prices are a move of several amounts alike


def seasonal(day: date) -> bool:
    """The weeks in which spending moves for everyone: late November to the end of January."""
    return (day.month, day.day) >= (11, 20) or day.month == 1


def everyone(
    panel: Panel, level: Series, settings: WeeklySettings
) -> tuple[list[DriftEvent], list[Noted]]:
    """A move of amounts in every segment: of all amounts alike, or of some of them.

    Prices lift every amount and no count. A season lifts some amounts, and counts with them; so a
    move of some is an alarm only where no season can be the reason: too abrupt or too long.
    """
    events, suspicions = _prices(panel, level, settings)
    return (events, suspicions) if suspicions else (_season(panel, level, settings), [])


def _prices(
    panel: Panel, level: Series, settings: WeeklySettings
) -> tuple[list[DriftEvent], list[Noted]]:
    """All amounts alike and no count: suspected at once, an alarm in the second week."""
    money, counts = (_logged(panel, level, unit) for unit in ("money", "count"))
    if money.sum() < _FEWEST_AMOUNTS:
        return [], []
    moves, week = level.common[money], panel.number - 1
    middle, sign = _middle(moves), int(np.sign(_middle(moves)))
    bound = float(np.log1p(settings.global_effect))
    usual = 1.5 * float(np.median([_shared(past[money]) for past in level.past_common]))
    activity = float((sign * level.common[counts]).max(initial=0.0))
    alike = _shared(moves) > max(0.5 * abs(middle), settings.alarm_z * usual)
    if abs(middle) <= bound or not alike or activity >= 0.5 * abs(middle):
        return [], []
    suspicions = [Noted(week, "global", "suspected", sign=sign)]
    before = {(n.feature, n.sign) for n in panel.noted if n.kind == "global" and n.week == week - 1}
    if ("", sign) not in before:
        return [], suspicions
    effect, customers = float(np.expm1(middle)), int(panel.weeks[-1].customers.sum())
    columns = np.flatnonzero(money)[sign * moves > 0.5 * abs(middle)]
    most = columns[np.argmax(np.abs(level.common[columns]))]
    text = (
        f"Amounts {moved(effect)} for everyone, by about {percent(effect)} in every segment "
        f"against the last {_weeks(level)} weeks (usual range ±{percent(np.expm1(bound))}), and "
        f"customers do not do more or less: prices, not one segment; {customers:,} customers."
    )
    names = [panel.features[j].name for j in columns]
    event = DriftEvent(
        "global",
        "alarm",
        text,
        feature=panel.features[most].name,
        effect=effect,
        threshold=float(np.expm1(bound)),
        evidence={"customers": customers, "features": names},
    )
    return [event], suspicions


def _season(panel: Panel, level: Series, settings: WeeklySettings) -> list[DriftEvent]:
    """The feature that moved most for everyone: to watch; an alarm if too abrupt for a season."""
    noise = 1.5 * np.median(np.abs(level.past_common), axis=0)
    least = np.maximum(np.log1p(settings.season_effect), settings.alarm_z * noise)
    beyond = np.where(_logged(panel, level), np.abs(level.common), 0.0) / least
    j = int(beyond.argmax())
    feature, week, sign = panel.features[j], panel.weeks[-1], int(np.sign(level.common[j]))
    told = any(
        n.kind == "global" and n.feature == feature.name and n.sign == sign
        for n in panel.noted
        if n.week >= panel.number - EXPLAINED_WEEKS and n.verdict != "suspected"
    )
    if beyond[j] <= 1 or told:
        return []
    abrupt = abs(level.common[j] - level.past_common[-2:, j].mean()) > ABRUPT
    alarm = bool(abrupt and not seasonal(week.as_of))
    if alarm:
        reason = "too abrupt for a season"
    elif seasonal(week.as_of):
        reason = "which is seasonal from late November to January"
    elif (week.as_of - panel.weeks[0].as_of).days < 364:
        reason = "which may be seasonal: there is less than a year of history to tell"
    else:
        reason = "more than at this time last year"
    effect, customers = float(np.expm1(level.common[j])), int(week.customers.sum())
    return [
        DriftEvent(
            "global",
            "alarm" if alarm else "watch",
            f"{feature.label.capitalize()} {moved(effect)} {percent(effect)} in all segments "
            f"alike against the last {_weeks(level)} weeks, {reason}; {customers:,} customers.",
            feature=feature.name,
            effect=effect,
            threshold=settings.season_effect,
            evidence={"customers": customers},
        )
    ]


def _logged(panel: Panel, level: Series, unit: str | None = None) -> Flags:
    """Features compared on a log scale, of which something is known; of one unit if given."""
    of_kind = np.array([f.transform == "log" and unit in (None, f.unit) for f in panel.features])
    flags: Flags = np.isfinite(level.change).any(axis=0) & of_kind
    return flags


def _shared(moves: Floats) -> float:
    """What at least seven in ten of the moves did in the direction of their middle; 0 or more."""
    return max(float(np.quantile(np.sign(_middle(moves)) * moves, 0.3)), 0.0)


def _middle(moves: Floats) -> float:
    """Mean without the lowest and the highest."""
    return float(np.sort(moves)[1:-1].mean())


def _weeks(series: Series) -> int:
    return int(np.median(series.weeks[series.weeks > 0])) if (series.weeks > 0).any() else 0


def moved(change: float) -> str:
    """The verb of a change."""
    return "rose" if change > 0 else "fell"


def percent(change: float) -> str:
    """Size of a relative change."""
    return f"{abs(100 * change):.0f} %"
