"""The customers who are compared with their own past, and what is known of each.

Up to `WeeklySettings.measured` they are all customers. Of more, one in 2, 4, 8 ... is enough: an
effect worth telling is many standard errors long. Who is among them depends on nothing but the
customer id, and half of them stay when twice as few are wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.model import DriftEvent, Feature, Floats, Ints
from analytics.weekly.grouping import ROWS, centres, parts
from analytics.weekly.weeks import Measures, trimmed_mean

Float32s = NDArray[np.float32]
Flags = NDArray[np.bool_]

MEMORY = 8  # weeks the own level looks back
PAST_WEEKS = 4
NOWHERE = -128
_MIN_PAIRS = 20
_COUNTED = ("transition", "size", "death")  # of all customers; the rest is measured
# How far a level learnt over so many weeks follows one more.
_PACE = (1 / np.minimum(np.arange(MEMORY + 1) + 1, MEMORY)).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Sample:
    """One customer in ``one_in``, with their own levels.

    Attributes
    ----------
    rows : (m,) where they stand in the panel, ascending.
    base : (m, d) own level; seen : (m, d) weeks it rests on, at most `MEMORY`.
    activity : (m, d) own share of weeks with an amount above zero.
    past : (2, m, d) where each customer stood in scaled space when it was last noted and the time
        before, `PAST_WEEKS` apart, in steps of 1/16; `NOWHERE` where not a customer then.
    """

    one_in: int
    rows: Ints
    base: Float32s
    seen: NDArray[np.uint8]
    activity: Float32s
    past: NDArray[np.int8]

    def place(self, rows: Ints, customers: int) -> Ints:
        """Where customers of a panel of so many stand in the sample, -1 where they do not, (n,).

        Parameters
        ----------
        rows : (n,) where they stand in the panel, -1 for a stranger.
        """
        places = np.full(customers + 1, -1)
        places[self.rows] = np.arange(len(self.rows))
        found: Ints = places[rows]
        return found

    def told(self, events: Iterable[DriftEvent]) -> list[DriftEvent]:
        """The events, with how many customers each was measured on where that was not all."""
        if self.one_in == 1:
            return list(events)
        on = {"measured_on": len(self.rows)}
        return [e if e.kind in _COUNTED else replace(e, evidence=e.evidence | on) for e in events]


def drawn(customer_ids: NDArray[np.object_], one_in: int) -> Flags:
    """Who is in the sample of one in 1, 2, 4, 8 ... customers, (n,)."""
    flags: Flags = pd.util.hash_array(customer_ids, categorize=False) % np.uint64(one_in) == 0
    return flags


def thinned(
    customer_ids: NDArray[np.object_], rows: Ints, one_in: int, most: int
) -> tuple[Ints, int]:
    """The rows of one customer in ``one_in``, halved until there are at most ``most``."""
    while len(rows) > most:
        one_in *= 2
        rows = rows[drawn(customer_ids[rows], one_in)]
    return rows, one_in


def observable(values: Floats, features: Sequence[Feature]) -> tuple[Float32s, Flags]:
    """What is compared from week to week, and where there is something to compare.

    The natural log of logged features where above zero; other features as they are.
    """
    y = np.empty(values.shape, dtype=np.float32, order="F")
    known = np.empty(values.shape, dtype=np.bool_, order="F")
    for j, feature in enumerate(features):
        y[:, j], known[:, j] = _observable(values[:, j], feature)
    return y, known


def _observable(column: Floats, feature: Feature) -> tuple[Float32s, Flags]:
    logged = feature.transform == "log"
    known: Flags = column > 0 if logged else ~np.isnan(column)
    y = column.astype(np.float32)
    np.copyto(y, 1 if logged else 0, where=~known)
    return np.log(y, out=y) if logged else y, known


def first_sample(
    features: Sequence[Feature], rows: Ints, one_in: int, values: Floats, Z: Float32s
) -> Sample:
    """The sample of the first week: every customer is their own baseline.

    Parameters
    ----------
    rows : (m,) of the whole week's customers; values, Z : (n, d) of all of them.
    """
    y, known = observable(values[rows], features)
    here = _coarse(Z[rows])
    return Sample(
        one_in=one_in,
        rows=rows,
        base=y,
        seen=known.astype(np.uint8),
        activity=known.astype(np.float32),
        past=np.stack([here, here]),
    )


@dataclass(frozen=True, eq=False)
class Members:
    """The customers of a sample this week.

    Attributes
    ----------
    rows : (m,) where they stand in this week's panel; before : (m,) where they stood in the sample,
        -1 for newcomers.
    now : (m,) which of the k segments they are in; arrived : (m,) the week in which they came
        there; stayed : (m,) whether they were there last week.
    known : (m,) where they stood in the panel of the week before, anything for newcomers.
    last : the d columns of that panel's last values; values, Z : (n, d) of this week's panel.
    """

    rows: Ints
    before: Ints
    now: Ints
    arrived: Ints
    stayed: Flags
    known: Ints
    last: Sequence[Floats]
    values: Floats
    Z: Float32s


def learn(
    sample: Sample, members: Members, features: Sequence[Feature], number: int, k: int
) -> tuple[Sample, Measures]:
    """Sum the week up against what was known of each member, then learn from it.

    Parameters
    ----------
    sample : of the week before; number : weeks seen until then; k : segments.
    """
    here, stayed, now = members.before >= 0, members.stayed, members.now
    weeks_here = number - members.arrived
    settled = np.flatnonzero(stayed & (weeks_here >= min(3, number)))
    settled = settled[np.argsort(now[settled].astype(np.int16), kind="stable")]
    sizes = np.bincount(now[settled], minlength=k)
    pace = _PACE[np.where(stayed, np.minimum(weeks_here, MEMORY), 0)]

    measures = Measures.nothing(centres(members.Z[members.rows], np.where(stayed, now, k), k))
    unchanged = here.copy()
    gap, change = np.empty((2, len(now)), dtype=np.float32)
    known, paired = np.empty((2, len(now)), dtype=np.bool_)
    known_before: list[NDArray[Any]] = [sample.base, sample.seen, sample.activity]
    learnt = [
        np.empty((len(now), len(features)), dtype=old.dtype, order="F") for old in known_before
    ]
    for j, feature in enumerate(features):
        for old, new in zip(known_before, learnt, strict=True):
            old[:, j].take(members.before, out=new[:, j], mode="wrap")
        own, weeks, share = (new[:, j] for new in learnt)
        values, last = members.values[members.rows, j], members.last[j][members.known]
        had = lost = 0
        for i in range(0, len(now), ROWS):
            part = slice(i, i + ROWS)
            x, then = values[part], last[part]
            knew, has = here[part] & ~np.isnan(then), ~np.isnan(x)
            had, lost = had + int(knew.sum()), lost + int((knew & ~has).sum())
            unchanged[part] &= (then == x) | ~has
            y, known[part] = _observable(x, feature)
            gap[part], change[part] = y - own[part], known[part] - share[part]
        measures.missing[j] = lost / max(had, 1)
        np.logical_and(known, weeks >= min(3, number), out=paired)
        usual, common = np.zeros(k, dtype=np.float32), np.zeros(k, dtype=np.float32)
        gaps, counted, changes = (parts(x[settled], sizes) for x in (gap, paired, change))
        for s in range(k):
            ordered = gaps[s] if counted[s].all() else gaps[s][counted[s]]
            ordered.sort()
            ordered = ordered.astype(np.float64)
            if len(ordered) >= _MIN_PAIRS:
                level, se, spread = trimmed_mean(ordered)
                measures.level[s, j], measures.level_se[s, j] = level, se
                measures.spread[s, j] = spread
                # Clear skew is left out of the lesson with the level, or levels creep for ever.
                skew = ordered.mean() - level
                doubt = ordered.std() / np.sqrt(len(ordered))
                usual[s] = level + np.sign(skew) * max(abs(skew) - doubt, 0)
            if sizes[s] >= _MIN_PAIRS:
                moved = changes[s].astype(np.float64)
                common[s] = measures.active[s, j] = moved.mean()
                measures.active_se[s, j] = moved.std() / np.sqrt(sizes[s])

        weeks *= stayed
        for i in range(0, len(now), ROWS):
            part = slice(i, i + ROWS)
            lesson = (gap[part] - usual[now[part]]) * _PACE[weeks[part]]
            own[part] += lesson * known[part]
            share[part] += (change[part] - common[now[part]]) * pace[part]
        weeks += known & (weeks < MEMORY)
    past = sample.past.take(members.before, axis=1, mode="wrap")
    past[:, ~here] = NOWHERE
    if number % PAST_WEEKS == 0:
        past[1] = past[0]
        past[0] = _coarse(members.Z[members.rows])
    base, seen, activity = learnt
    share_unchanged = float(unchanged.sum() / max(here.sum(), 1))
    return (
        replace(sample, rows=members.rows, base=base, seen=seen, activity=activity, past=past),
        replace(measures, unchanged=share_unchanged),
    )


def _coarse(Z: Float32s) -> NDArray[np.int8]:
    coarse = np.empty(Z.shape, dtype=np.int8)
    for i in range(0, len(Z), ROWS):
        steps = np.rint(Z[i : i + ROWS] * np.float32(16))
        coarse[i : i + ROWS] = np.clip(steps, -127, 127, out=steps)
    return coarse
