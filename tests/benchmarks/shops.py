"""A second generator of weekly panels, made with other assumptions than driftbench.

Eight merchant categories instead of card features, mostly zero for many customers; heavy-tailed
noise without memory from week to week; additive rounding; customers who join in monthly waves;
summer, a moving fasting month and paydays that lift some categories, and some segments more than
others; missing weeks and missing values. Segments differ in what they buy and how often.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from analytics.model import Feature, Floats, Ints, Snapshot

CATEGORIES = "groceries fuel travel dining online health utilities leisure".split()
FEATURES = (
    *(Feature(c.upper(), c, "money", transform="log") for c in CATEGORIES),
    Feature("VISITS", "visits", "count", transform="log"),
    Feature("ONLINE_SHARE", "share bought online", "share"),
    Feature("BASKET", "average basket", "ratio", transform="log"),
    Feature("WEEKEND_SHARE", "share bought at weekends", "share"),
)
LEVELS = {
    "sudden": (0.40, 0.25, 0.15),
    "gradual": (0.40, 0.25, 0.15),
    "size": (0.40, 0.20, 0.12),
    "transition": (0.20, 0.10, 0.06),
    "birth": (0.08, 0.05, 0.03),
    "split": (1.2, 0.8, 0.5),
    "merge": (1.0, 0.7, 0.5),
    "unit": (1000.0, 0.1, 1.8),
    "missing": (0.40, 0.15, 0.05),
    "lost": (1, 1, 1),
    "stale": (1, 1, 1),
    "half": (0.5, 0.3, 0.2),
    "inflation": (0.20, 0.14, 0.10),
    "none": (0, 0, 0),
}
KIND = {
    "sudden": "feature",
    "gradual": "feature",
    "unit": "data_quality",
    "missing": "data_quality",
    "lost": "data_quality",
    "stale": "data_quality",
    "half": "data_quality",
    "inflation": "global",
}
RAMP = {
    "gradual": 9,
    "size": 5,
    "transition": 3,
    "birth": 5,
    "split": 3,
    "merge": 4,
    "inflation": 9,
}
BRIEF = {"unit", "missing", "lost", "stale", "half"}
WEEKS = 40


@dataclass(frozen=True)
class World:
    """What a panel assumes: ``noise`` of the amounts ("jumps": heavy-tailed without memory,
    "wanders": with memory from week to week, "cents": added, not multiplied) and its size; weekly
    ``churn``; ``gaps``, the share of values missing at random; ``season``, a factor on the lifts
    and days they are shifted by; ``grain`` of the amounts.
    """

    segments: tuple[int, int] = (4, 7)
    noise: str = "jumps"
    size: float = 0.14
    churn: float = 0.003
    gaps: float = 0.0
    season: tuple[float, int] = (1.0, 0)
    grain: float = 1.0

    @classmethod
    def drawn(cls, seed: int) -> World:
        """Another world for every seed."""
        r = np.random.default_rng([seed, 78])
        noise = str(r.choice(["jumps", "wanders", "cents"]))
        return cls(
            segments=(3, 9),
            noise=noise,
            size=float(r.uniform(0.05, 0.20)),
            churn=float(r.choice([0.001, 0.003, 0.010])),
            gaps=float(r.choice([0.0, 0.02, 0.10])),
            season=(float(r.choice([0.0, 1.0])), int(r.integers(0, 365))),
            grain=float(r.choice([0.01, 1.0, 10.0])),
        )


@dataclass
class Customers:
    """State arrays of everyone present; `lean` is the half a splitting segment's member joins,
    `mood` what is left of earlier weeks' noise.
    """

    ids: Ints
    segment: Ints
    taste: Floats
    often: Floats
    lean: Ints
    no_health: np.ndarray
    mood: Floats

    def take(self, rows: np.ndarray) -> Customers:
        return Customers(*(getattr(self, f)[rows] for f in self.__dataclass_fields__))

    def add(self, other: Customers) -> Customers:
        return Customers(
            *(
                np.concatenate([getattr(self, f), getattr(other, f)])
                for f in self.__dataclass_fields__
            )
        )


class Shops:
    """One panel; `kind`, `start`, `segments` and `features` are the truth."""

    def __init__(
        self, scenario: str, level: str, n: int, seed: int, world: World | None = None
    ) -> None:
        self.scenario, self.n, self.world = scenario, n, world or World()
        self.size = float(LEVELS[scenario][("easy", "medium", "hard").index(level)])
        self.rng = np.random.default_rng([seed, 77])
        r = self.rng
        self.k = int(r.integers(*self.world.segments))
        self.kind = None if scenario == "none" else KIND.get(scenario, scenario)
        self.start = None if scenario == "none" else int(r.integers(15, 25))
        self.profile, self.often = self._segments(self.k + 1)
        self.mix = r.dirichlet(np.full(self.k, 25.0))
        a, b = (int(x) for x in r.choice(self.k, 2, replace=False))
        self.a, self.b, self.sign = a, b, 1.0 if r.random() < 0.5 else -1.0
        busy = np.flatnonzero(self.often[a] > 0.5)
        self.column = int(r.choice(busy))
        self.split_columns = [int(j) for j in busy[:4]]
        self.segments = {
            "sudden": {a}, "gradual": {a}, "size": {a}, "split": {a},
            "transition": {a, b}, "merge": {a, b},
        }.get(scenario, set())  # fmt: skip
        planted = scenario in ("sudden", "gradual", "unit", "missing", "lost")
        self.features = {FEATURES[self.column].name} if planted else set()
        if scenario in ("sudden", "gradual"):
            self.features |= {"BASKET", "ONLINE_SHARE"}
        if scenario == "inflation":
            self.features = {f.name for f in FEATURES if f.unit == "money"} | {"BASKET"}
        self.dates = self._calendar()
        self.season = self._seasons()
        self.shock = r.normal(size=(WEEKS, 8)) * 0.012
        self.local = r.normal(size=(WEEKS, self.k + 1, 8)) * 0.006

    def _segments(self, k: int) -> tuple[Floats, Floats]:
        """Mean log amount and share of weeks bought, (k, 8): each segment has its categories."""
        r = self.rng
        often = r.choice([0.06, 0.35, 0.93], size=(k, 8), p=[0.4, 0.2, 0.4])
        for s in range(k):
            often[s, r.choice(8, 3, replace=False)] = 0.95
        return r.normal(4.5, 0.9, size=(k, 8)), often

    def _calendar(self) -> list[date]:
        r = self.rng
        day = date(2023, 1, 2) + timedelta(days=int(r.integers(0, 52)) * 7)
        days = []
        while len(days) < WEEKS:
            days.append(day)
            day += timedelta(days=7 if r.random() > 0.03 else 14)
        return days

    def _seasons(self) -> Floats:
        """Log lift (WEEKS, k + 1, 8): smooth peaks, stronger in some segments."""
        r, lift = self.rng, np.zeros((WEEKS, self.k + 1, 8))
        response = r.uniform(0.6, 1.4, size=self.k + 1)
        fasting = date(2023, 1, 2) + timedelta(days=int(r.integers(0, 365)))
        strength, shift = self.world.season
        for t, today in enumerate(self.dates):
            day = today + timedelta(days=shift)
            summer = np.exp(-0.5 * ((day - date(day.year, 7, 28)).days / 22) ** 2)
            feast = np.exp(
                -0.5
                * (min(abs((day - fasting).days), 365 - abs((day - fasting).days) % 365) / 11) ** 2
            )
            lift[t, :, 2] += 0.25 * summer * response
            lift[t, :, 3] += 0.12 * summer * response
            lift[t, :, 6] -= 0.10 * summer * response
            lift[t, :, 0] += 0.18 * feast * response
            lift[t, :, 3] -= 0.15 * feast * response
            lift[t, :, :2] += 0.03 * (today.day <= 7)
        return strength * lift

    def _new(self, segment: Ints) -> Customers:
        r, m = self.rng, len(segment)
        first = self.next_id
        self.next_id += m
        taste = self.profile[segment] + r.standard_t(5, size=(m, 8)) * 0.35
        often = np.clip(self.often[segment] + r.normal(size=(m, 8)) * 0.04, 0.01, 0.99)
        return Customers(
            np.arange(first, first + m),
            segment,
            taste,
            often,
            np.zeros(m, int),
            r.random(m) < 0.06,
            r.normal(size=(m, 8)),
        )

    def _move(self, c: Customers, rows: np.ndarray, to: np.ndarray) -> None:
        fresh = self._new(np.broadcast_to(to, len(rows)).astype(int))
        c.segment[rows], c.taste[rows], c.often[rows] = fresh.segment, fresh.taste, fresh.often

    def progress(self, t: int) -> float:
        """How far the planted change has come in week t, in [0, 1]."""
        if self.start is None or t < self.start:
            return 0.0
        if self.scenario in BRIEF:
            return float(t < self.start + 2)
        return min(1.0, (t - self.start + 1) / RAMP.get(self.scenario, 1))

    def _step(self, c: Customers, t: int) -> Customers:
        r, s, now, was = self.rng, self.scenario, self.progress(t), self.progress(t - 1)
        gain = now - was if s not in BRIEF else 0.0
        churn = self.world.churn
        stay = r.random(len(c.ids)) >= churn
        wave = churn * (2.7 if self.dates[t].day <= 7 else 0.53)
        joined = r.choice(self.k, r.poisson(wave * self.n), p=self.mix)
        drift = np.flatnonzero(stay & (r.random(len(c.ids)) < 0.003) & (c.segment < self.k))
        self._move(c, drift, r.choice(self.k, len(drift), p=self.mix))
        if s == "size" and gain > 0:
            change = round(self.mix[self.a] * self.n * self.size * gain)
            if self.sign > 0:
                joined = np.concatenate([joined, np.full(change, self.a)])
            else:
                stay[r.choice(np.flatnonzero(c.segment == self.a), change, replace=False)] = False
        if s == "transition" and gain > 0:
            members = np.flatnonzero(c.segment == self.a)
            rows = r.choice(
                members, round(self.size * gain * self.mix[self.a] * self.n), replace=False
            )
            self._move(c, rows, np.array(self.b))
        if s == "birth" and gain > 0:
            change = round(self.size * gain * self.n)
            joined = np.concatenate([joined, np.full(change // 2, self.k)])
            self._move(
                c, r.choice(len(c.ids), change - change // 2, replace=False), np.array(self.k)
            )
        c = c.take(stay).add(self._new(joined))
        if s == "split" and t >= (self.start or 0):
            fresh = (c.segment == self.a) & (c.lean == 0)
            c.lean[fresh] = r.choice([-1, 1], int(fresh.sum()))
        return c

    def _values(self, c: Customers, t: int) -> Floats:
        r, s, now = self.rng, self.scenario, self.progress(t)
        m = len(c.ids)
        lift = self.shock[t] + self.local[t, c.segment] + self.season[t, c.segment]
        often = c.often
        if s in ("sudden", "gradual"):
            lift[c.segment == self.a, self.column] += self.sign * np.log1p(self.size) * now
        if s == "inflation":
            lift = lift + np.log1p(self.size) * now
        if s == "split":
            for i, j in enumerate(self.split_columns):
                lift[:, j] += (
                    self.size * now * c.lean * (c.segment == self.a) * (1 if i % 2 else -1)
                )
        if s == "merge":
            both, share = np.isin(c.segment, [self.a, self.b]), self.size * now
            middle = (self.profile[self.a] + self.profile[self.b]) / 2
            lift[both] += share * (middle - self.profile[c.segment[both]])
            usual = (self.often[self.a] + self.often[self.b]) / 2
            often = often.copy()
            often[both] += share * (usual - self.often[c.segment[both]])
        bought = np.minimum(r.binomial(8, np.clip(often, 0, 1)), 8) / 8
        w = self.world
        c.mood = 0.7 * c.mood + np.sqrt(1 - 0.7**2) * r.normal(size=(m, 8))
        noise = {
            "jumps": r.standard_t(4, size=(m, 8)),
            "wanders": c.mood,
            "cents": np.zeros((m, 8)),
        }
        usual = np.exp(c.taste + lift)
        amount = np.where(bought > 0, 8 * bought * usual * np.exp(w.size * noise[w.noise]), 0)
        added = r.normal(size=(m, 8)) * (2 if w.noise != "cents" else 8 * w.size * usual)
        grains = np.round((amount + added) / w.grain)
        amount = np.where(amount > 0, w.grain * np.maximum(grains, 1), 0)
        visits = np.round(bought.sum(axis=1) * 5 + r.poisson(2.0, m))
        total = np.maximum(amount.sum(axis=1), 1)
        columns = [
            *amount.T,
            visits,
            np.round(np.clip(amount[:, 4] / total + r.normal(size=m) * 0.02, 0, 1), 3),
            np.round(total / np.maximum(visits, 1), 2),
            np.round(np.clip(0.3 + 0.1 * (c.segment % 3) + r.normal(size=m) * 0.06, 0, 1), 3),
        ]
        X = np.column_stack(columns)
        X[c.no_health | (r.random(m) < 0.004), 5] = np.nan
        X[r.random(X.shape) < w.gaps] = np.nan
        if now and s == "unit":
            X[:, self.column] *= self.size
        if now and s == "missing":
            X[r.random(m) < self.size, self.column] = np.nan
        if now and s == "lost":
            X[:, self.column] = np.nan
        return X

    def weeks(self) -> Iterator[tuple[Snapshot, Ints]]:
        """Snapshots with the true segment of each row; k is the newborn, k + 1 a split-off half."""
        self.next_id = 1
        c = self._new(self.rng.choice(self.k, self.n, p=self.mix))
        last: tuple[Ints, Floats, Ints] | None = None
        for t in range(WEEKS):
            if t:
                c = self._step(c, t)
            truth = np.where(c.lean < 0, self.k + 1, c.segment)
            ids, values = c.ids.copy(), self._values(c, t)
            if self.scenario == "stale" and self.progress(t) and last:
                ids, values, truth = last
            last = (ids, values, truth)
            rows = np.arange(len(ids))
            if self.scenario == "half" and self.progress(t):
                rows = rows[self.rng.random(len(ids)) >= self.size]
            names = np.array([f"K{i:07d}" for i in ids[rows]], dtype=object)
            yield Snapshot(self.dates[t], names, values[rows], FEATURES), truth[rows]
