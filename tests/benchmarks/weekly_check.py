"""What the weekly check costs beside the fit it needs anyway, on a plain made-up panel.

python -m tests.benchmarks.weekly_check --customers 1000000
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from threadpoolctl import threadpool_limits

from analytics.catalogue import card_catalogue
from analytics.model import Feature, Floats, Snapshot
from analytics.weekly import challenger
from analytics.weekly.incidents import read_columns
from analytics.weekly.step import WeeklySettings, WeekState, Wishes, place, step

SEGMENTS, JOINING = 8, 0.004
WEEKS = 9  # from then on every part of the check has its usual work to do
SETTINGS = WeeklySettings()


@dataclass(frozen=True)
class Cost:
    """CPU seconds of a whole week and of its fits alone; bytes of the raw matrix, of the most a
    week holds on top of what it was given, and of the state it leaves.
    """

    week_s: float
    fit_s: float
    matrix: int
    peak: int
    state: int

    @property
    def ratio(self) -> float:
        """Everything but the fits, in fits."""
        return (self.week_s - self.fit_s) / self.fit_s


def made_up(customers: int, weeks: int = WEEKS, seed: int = 0) -> Iterator[Snapshot]:
    """Overlapping groups of customers; some amounts are zero, some unknown, few join a week."""
    rng = np.random.default_rng(seed)
    features = tuple(f for f in card_catalogue() if f.use == "cluster")
    joining = round(JOINING * customers)
    everyone = customers + weeks * joining
    home = rng.integers(SEGMENTS, size=everyone)
    own = rng.normal(size=(SEGMENTS, len(features)))[home].astype(np.float32)
    own += 0.8 * rng.standard_normal(own.shape, dtype=np.float32)
    names = np.array([f"C{number:09}" for number in range(everyone)], dtype=object)
    for week in range(weeks):
        here = slice(week * joining, week * joining + customers)
        habit = own[here] + 0.1 * rng.standard_normal((customers, len(features)), dtype=np.float32)
        values = np.empty(habit.shape, order="F")
        for j, feature in enumerate(features):
            values[:, j] = _amounts(habit[:, j], feature)
        values[rng.random(customers) < 0.02, 0] = np.nan
        day = date(2026, 9, 28) + timedelta(weeks=week)
        yield Snapshot(day, names[here], values, features)


def _amounts(habit: Floats, feature: Feature) -> Floats:
    if feature.unit == "share":
        return np.clip(0.5 + 0.3 * habit, 0, 1)
    return np.where(habit > -1, np.exp(5 + habit), 0)


def before_the_last(customers: int) -> tuple[WeekState, Snapshot]:
    """The state after all weeks but the last, and the last."""
    weeks = made_up(customers)
    state = step(None, next(weeks), settings=SETTINGS, seed=1, wishes=Wishes(SEGMENTS)).state
    for _ in range(WEEKS - 2):
        state = step(state, next(weeks), settings=SETTINGS, seed=1).state
    return state, next(weeks)


def cost(customers: int) -> Cost:
    """One week of that many customers; and once more for the memory."""
    state, last = before_the_last(customers)
    order = np.arange(customers)
    values, _ = read_columns(last, order, state.panel)
    week = place(state, last.as_of, last.customer_ids, values, SETTINGS)

    def check() -> object:
        return step(state, last, settings=SETTINGS, seed=1)

    with threadpool_limits(1):
        fit_s = cpu(lambda: challenger.weekly_fit(week, seed=1))
        week_s = cpu(check)
        tracemalloc.start()
        kept = check()
        left, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    del kept
    return Cost(week_s, fit_s, last.values.nbytes, peak, left)


def cpu(function: Callable[[], object], repeat: int = 5) -> float:
    """CPU seconds of this process; the least, for what else runs on the machine only adds."""
    taken = []
    for _ in range(repeat):
        started = time.process_time()
        function()
        taken.append(time.process_time() - started)
    return min(taken)


def main() -> None:
    """Print the cost at one size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--customers", type=int, default=100_000)
    found = cost(parser.parse_args().customers)
    print(found, f"{found.ratio:.2f} fits", f"{found.peak / found.matrix:.2f} matrices")


if __name__ == "__main__":
    main()
