"""A small panel with three clear segments, for tests that change one thing in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from analytics.model import DriftEvent, Feature, Floats, Ints, Snapshot
from analytics.weekly.step import WeeklySettings, WeekResult, WeekState, Wishes, step

FEATURES = (
    Feature("SPEND", "spend", "money", transform="log"),
    Feature("DEBT", "debt", "money", transform="log"),
    Feature("CASH", "cash", "money", transform="log"),
    Feature("FEES", "fees", "money", transform="log"),
    Feature("VISITS", "visits", "count", transform="log"),
    Feature("ONLINE", "online share", "share"),
)
# Typical values of the three kinds of customer, 300, 200 and 150 of them.
KINDS = np.array(
    [
        [1000.0, 50.0, 20.0, 10.0, 40.0, 0.8],
        [200.0, 3000.0, 500.0, 80.0, 8.0, 0.2],
        [30.0, 400.0, 15.0, 5.0, 2.0, 0.5],
    ]
)
SIZES = (300, 200, 150)
SETTINGS = WeeklySettings()


@dataclass
class Base:
    """Customers as they are before a test changes them: ``kind`` and own usual ``level``."""

    ids: list[str]
    kind: Ints
    level: Floats


Change = Callable[[int, Base, Floats], tuple[list[str], Floats] | None]


@dataclass
class Story:
    """Weeks of the panel; ``change(week, base, values)`` may rewrite a week's ids and values."""

    weeks: int = 14
    change: Change | None = None
    seed: int = 0
    scale: int = 1
    start: date = date(2025, 2, 3)
    grow: Callable[[int, Base, np.random.Generator], None] | None = None
    base: Base = field(init=False)

    def __iter__(self) -> Iterator[Snapshot]:
        rng = np.random.default_rng(self.seed)
        kind = np.repeat(np.arange(3), [self.scale * size for size in SIZES])
        self.base = Base([f"C{i:05d}" for i in range(len(kind))], kind, newcomers(kind, rng))
        shock = rng.normal(0, 0.006, (self.weeks, 3, len(FEATURES)))
        for week in range(self.weeks):
            if self.grow:
                self.grow(week, self.base, rng)
            base = self.base
            noise = rng.normal(0, 0.08, base.level.shape) + shock[week][base.kind]
            values = base.level * np.exp(noise)
            values[:, 4] = np.round(values[:, 4])
            values[:, 5] = np.clip(base.level[:, 5] + 0.3 * noise[:, 5], 0, 1)
            ids = list(base.ids)
            if self.change:
                ids, values = self.change(week, base, values) or (ids, values)
            day = self.start + timedelta(weeks=week)
            yield Snapshot(day, np.array(ids, dtype=object), values, FEATURES)


def newcomers(kind: Ints, rng: np.random.Generator) -> Floats:
    """Own usual levels of new customers of these kinds."""
    return KINDS[kind] * np.exp(rng.normal(0, 0.25, (len(kind), len(FEATURES))))


def replay(
    story: Story, settings: WeeklySettings = SETTINGS, state: WeekState | None = None
) -> list[WeekResult]:
    """Every week of a story through the weekly check."""
    results = []
    for snapshot in story:
        wanted = None if state else 3
        result = step(state, snapshot, settings=settings, seed=1, wishes=Wishes(segments=wanted))
        state = result.state
        results.append(result)
    return results


def alarms(results: list[WeekResult]) -> list[tuple[int, DriftEvent]]:
    """Every alarm with the number of its week."""
    return [(w, e) for w, r in enumerate(results) for e in r.events if e.verdict == "alarm"]


def fingerprint(result: WeekResult) -> tuple:
    """Everything published, comparable."""
    return (
        result.status,
        result.refit,
        result.why,
        result.customer_ids.tolist(),
        result.segment_ids.tolist(),
        result.placed.distance.round(4).tolist(),
        [(e.kind, e.verdict, e.segment, e.feature, e.text) for e in result.events],
        result.moves.customers,
        result.moves.transitions.astype(object).fillna(0).values.tolist(),
        result.segments,
    )
