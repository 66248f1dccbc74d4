"""What the weekly check would have said at other thresholds, from the history that is kept.

Nothing is written. The segments are those that were in force in each week, so the answers differ
only in what is told of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from analytics import drift
from analytics.errors import SegmentryError
from analytics.model import DriftEvent, Snapshot
from analytics.weekly import step as weekly
from analytics.weekly.incidents import filled, find_incidents, read_columns
from analytics.weekly.panel import Noted, remember
from analytics.weekly.promotion import hand_over
from analytics.weekly.state import Fit, WeeklySettings

Alarms = tuple[DriftEvent, ...]

_A_YEAR = 365.25 / 7


@dataclass(frozen=True)
class Outcome:
    """How one set of thresholds would have done.

    Attributes
    ----------
    alarms : one tuple for each replayed week, in their order.
    false_per_year : false alarms about a feature of a segment to expect in a year at this weekly
        noise, at most; None before there was enough history to judge.
    """

    settings: WeeklySettings
    alarms: tuple[Alarms, ...]
    false_per_year: float | None

    @property
    def alarm_weeks(self) -> int:
        """Weeks with an alarm."""
        return sum(bool(week) for week in self.alarms)


@dataclass(frozen=True)
class Backtest:
    """The replayed weeks and the outcome of each set of thresholds.

    ``judged`` says for each week whether drift could be judged: not in the first weeks.
    """

    dates: tuple[date, ...]
    judged: tuple[bool, ...]
    outcomes: tuple[Outcome, ...]


def backtest(
    history: Iterable[tuple[Snapshot, str, Fit]],
    choices: Sequence[WeeklySettings],
    *,
    progress: Callable[[str], None] = lambda _: None,
) -> Backtest:
    """Replay judged snapshots at each of some sets of thresholds.

    Parameters
    ----------
    history : snapshots, oldest first, with "published" or "refused" and the fit then in force.
    choices : thresholds to try; they differ in nothing else.

    Raises
    ------
    SegmentryError : fewer than two snapshots were published.
    """
    state, dates, judged = None, [], []
    noted: list[tuple[Noted, ...]] = [() for _ in choices]
    alarms: list[list[Alarms]] = [[] for _ in choices]
    expected: list[list[float | None]] = [[] for _ in choices]
    for snapshot, status, fit in history:
        progress(f"replaying {snapshot.as_of}")
        order = np.argsort(snapshot.customer_ids, kind="stable")
        ids = snapshot.customer_ids[order]
        if state is None:
            if status == "refused":
                continue
            columns = {f.name: j for j, f in enumerate(snapshot.features)}
            kept = [columns[name] for name in fit.scaler.features]
            features = tuple(snapshot.features[j] for j in kept)
            values = snapshot.values[order][:, kept]
            _, state = weekly.begin(snapshot.as_of, ids, values, features, fit, choices[0])
            continue
        values, lost = read_columns(snapshot, order, state.panel)
        faults = tuple(find_incidents(state.panel, ids, values, lost))
        dates.append(snapshot.as_of)
        if status == "refused":
            judged.append(True)
            for told in alarms:
                told.append(faults)
            continue
        values = filled(values, state.panel.find(ids), lost, state.panel)
        week = weekly.place(state, snapshot.as_of, ids, values, choices[0])
        judged.append(len(week.panel.weeks) >= choices[0].min_weeks - 1)
        learnt, settled = week.panel, list[Noted]()
        if fit.to_dict() != state.anchor.to_dict():
            _, learnt, settled = hand_over(week, fit, (), choices[0])
        for i, settings in enumerate(choices):
            own = replace(week, panel=replace(week.panel, noted=noted[i]))
            events, news = weekly.judge(own, settings)
            alarms[i].append((*faults, *(e for e in events if e.verdict == "alarm")))
            expected[i].append(drift.expected_false_alarms(own.panel, settings))
            noted[i] = remember(own.panel, [*news, *settled]).noted
        state = replace(state, anchor=fit, panel=learnt)
    if not dates:
        raise SegmentryError(
            "There is no history to replay: fewer than two snapshots have been published.",
            "Load and refit another week first.",
        )
    outcomes = [
        Outcome(settings, tuple(alarms[i]), _a_year([x for x in expected[i] if x is not None]))
        for i, settings in enumerate(choices)
    ]
    return Backtest(tuple(dates), tuple(judged), tuple(outcomes))


def _a_year(weekly: Sequence[float]) -> float | None:
    return _A_YEAR * float(np.mean(weekly)) if weekly else None
