"""The same customers week after week: each against their own past, summed up per segment.

A two-way model of the panel, y = own level of the customer + level of the segment that week
+ noise. The own level follows the customer but never the segment: what a whole segment does is
taken out before the own level learns. So own levels keep their mean, however skewed the noise, and
a slow common change is not absorbed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analytics.model import Feature, Floats, Ints
from analytics.weekly.grouping import ROWS, centres, pairs, parts, places
from analytics.weekly.weeks import Week, trimmed_mean

Float32s = NDArray[np.float32]
Flags = NDArray[np.bool_]

MEMORY = 8  # weeks the own level looks back
PAST_WEEKS = 4
TRAIL = 4  # weeks back that a move from one segment to another is followed
NOWHERE = -128
HISTORY = 84  # weekly summaries kept: last year's season, and a little more
_MIN_PAIRS = 20
# How far a level learnt over so many weeks follows one more.
_PACE = (1 / np.minimum(np.arange(MEMORY + 1) + 1, MEMORY)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Noted:
    """A finding or a suspicion of a past week, as the next weeks need it."""

    week: int
    kind: str
    verdict: str
    segment: int = 0
    other: int = 0
    feature: str = ""
    sign: int = 0


@dataclass(frozen=True, eq=False)
class Panel:
    """Customers of the last good week, sorted by id, with what is known of each.

    Attributes
    ----------
    customer_ids, segment_ids : (n,).
    arrived : (n,) number of the week in which the customer came into the segment.
    last : (n, d) last values; an unknown one is the last known.
    base : (n, d) own level; seen : (n, d) weeks it rests on, at most `MEMORY`.
    activity : (n, d) own share of weeks with an amount above zero.
    past : (2, n, d) where each customer stood in scaled space when it was last noted and the time
        before, `PAST_WEEKS` apart, in steps of 1/16; `NOWHERE` where not a customer then.
    trail : (n, TRAIL) segment one, two ... weeks before; 0 where not a customer.
    weeks : summaries, the last `HISTORY`; number : number of weeks seen since the start.
    noted : findings and suspicions of those weeks.
    """

    features: tuple[Feature, ...]
    customer_ids: NDArray[np.object_]
    segment_ids: Ints
    arrived: Ints
    last: Floats
    base: Float32s
    seen: NDArray[np.uint8]
    activity: Float32s
    past: NDArray[np.int8]
    trail: NDArray[np.int16]
    weeks: tuple[Week, ...]
    number: int
    noted: tuple[Noted, ...] = ()

    _found: list[NDArray[Any]] = field(init=False, repr=False, default_factory=list)

    def find(self, customer_ids: NDArray[np.object_]) -> Ints:
        """Row of each customer in this panel, -1 where unknown, shape (n_customers,).

        A week asks several times about one and the same array, which is looked up once.
        """
        if not self._found or self._found[0] is not customer_ids:
            rows = pc.index_in(pa.array(customer_ids), value_set=pa.array(self.customer_ids))
            self._found[:] = customer_ids, np.asarray(rows.fill_null(-1), dtype=np.int64)
        return self._found[1]


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


def start(
    features: Sequence[Feature],
    customer_ids: NDArray[np.object_],
    values: Floats,
    Z: Float32s,
    segment_ids: Ints,
) -> Panel:
    """The panel of the first week: every customer is their own baseline."""
    y, known = observable(values, features)
    return Panel(
        features=tuple(features),
        customer_ids=customer_ids,
        segment_ids=segment_ids,
        arrived=np.zeros(len(customer_ids), dtype=np.int64),
        last=values.copy(order="K"),
        base=y,
        seen=known.astype(np.uint8),
        activity=known.astype(np.float32),
        past=np.stack([_coarse(Z), _coarse(Z)]),
        trail=np.zeros((len(customer_ids), TRAIL), dtype=np.int16),
        weeks=(),
        number=1,
    )


def observe(
    panel: Panel,
    as_of: date,
    customer_ids: NDArray[np.object_],
    values: Floats,
    Z: Float32s,
    segment_ids: Ints,
    active_ids: Ints,
) -> Panel:
    """The panel with one more week: summed up against what was known, then learnt from.

    Parameters
    ----------
    customer_ids : (n,) sorted; values (n, d) raw; Z (n, d) scaled; segment_ids (n,) this week's
        place under the frozen fit.
    active_ids : (k,) segments of that fit.
    """
    k, d = len(active_ids), len(panel.features)
    rows = panel.find(customer_ids)
    here = rows >= 0
    now, before = places(active_ids, segment_ids), places(active_ids, panel.segment_ids)
    gone = np.ones(len(panel.customer_ids), dtype=bool)
    gone[rows[here]] = False
    trail = np.column_stack([panel.segment_ids.astype(np.int16)[rows], panel.trail[rows, :-1]])
    trail[~here] = 0
    origin = places(active_ids, trail[:, -1])

    arrived = panel.arrived[rows]
    stayed = here & (before[rows] == now)
    settled = stayed & (panel.number - arrived >= min(3, panel.number))
    pace = _PACE[np.where(stayed, np.minimum(panel.number - arrived, MEMORY), 0)]
    members = np.flatnonzero(settled)
    members = members[np.argsort(now[members].astype(np.int16), kind="stable")]
    sizes = np.bincount(now[members], minlength=k)

    shape = (k, d)
    level, level_se, spread = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan)
    active, active_se = np.full(shape, np.nan), np.full(shape, np.nan)
    missing = np.zeros(d)
    unchanged = here.copy()
    gap, change = np.empty((2, len(values)), dtype=np.float32)
    known, paired = np.empty((2, len(values)), dtype=np.bool_)
    known_before: list[NDArray[Any]] = [panel.last, panel.base, panel.seen, panel.activity]
    learnt = [np.empty(values.shape, dtype=old.dtype, order="F") for old in known_before]
    # One column at a time and in place: a week takes little more memory than what it leaves behind.
    for j, feature in enumerate(panel.features):
        for old, new in zip(known_before, learnt, strict=True):
            old[:, j].take(rows, out=new[:, j], mode="wrap")
        then, own, weeks, share = (new[:, j] for new in learnt)
        had = lost = 0
        for i in range(0, len(values), ROWS):
            part = slice(i, i + ROWS)
            x, knew = values[part, j], here[part] & ~np.isnan(then[part])
            has = ~np.isnan(x)
            had, lost = had + int(knew.sum()), lost + int((knew & ~has).sum())
            unchanged[part] &= (then[part] == x) | ~has
            np.copyto(then[part], x, where=has | ~here[part])
            y, known[part] = _observable(x, feature)
            gap[part], change[part] = y - own[part], known[part] - share[part]
        missing[j] = lost / max(had, 1)
        np.logical_and(known, weeks >= min(3, panel.number), out=paired)
        usual, common = np.zeros(k, dtype=np.float32), np.zeros(k, dtype=np.float32)
        gaps, counted, changes = (parts(x[members], sizes) for x in (gap, paired, change))
        for s in range(k):
            ordered = gaps[s] if counted[s].all() else gaps[s][counted[s]]
            ordered.sort()
            ordered = ordered.astype(np.float64)
            if len(ordered) >= _MIN_PAIRS:
                level[s, j], level_se[s, j], spread[s, j] = trimmed_mean(ordered)
                # Clear skew is left out of the lesson with the level, or levels creep for ever.
                skew = ordered.mean() - level[s, j]
                doubt = ordered.std() / np.sqrt(len(ordered))
                usual[s] = level[s, j] + np.sign(skew) * max(abs(skew) - doubt, 0)
            if sizes[s] >= _MIN_PAIRS:
                moved = changes[s].astype(np.float64)
                common[s] = active[s, j] = moved.mean()
                active_se[s, j] = moved.std() / np.sqrt(sizes[s])

        weeks *= stayed
        for i in range(0, len(values), ROWS):
            part = slice(i, i + ROWS)
            lesson = (gap[part] - usual[now[part]]) * _PACE[weeks[part]]
            own[part] += lesson * known[part]
            share[part] += (change[part] - common[now[part]]) * pace[part]
        weeks += known & (weeks < MEMORY)
    last, base, seen, activity = learnt
    week = Week(
        as_of=as_of,
        segment_ids=active_ids,
        customers=np.bincount(now, minlength=k),
        entered=np.bincount(now[~here], minlength=k),
        left=np.bincount(before[gone], minlength=k),
        flows=pairs(before[rows[here]], now[here], k),
        far_flows=pairs(origin[origin >= 0], now[origin >= 0], k),
        level=level,
        level_se=level_se,
        spread=spread,
        active=active,
        active_se=active_se,
        centre=centres(Z, np.where(stayed, now, k), k),
        missing=missing,
        unchanged=float(unchanged.sum() / max(here.sum(), 1)),
    )
    past = panel.past.take(rows, axis=1, mode="wrap")
    past[:, ~here] = NOWHERE
    if panel.number % PAST_WEEKS == 0:
        past[1] = past[0]
        past[0] = _coarse(Z)
    return replace(
        panel,
        customer_ids=customer_ids,
        segment_ids=segment_ids,
        arrived=np.where(stayed, arrived, panel.number),
        last=last,
        base=base,
        seen=seen,
        activity=activity,
        past=past,
        trail=trail,
        weeks=(*panel.weeks, week)[-HISTORY:],
        number=panel.number + 1,
    )


def _coarse(Z: Float32s) -> NDArray[np.int8]:
    coarse = np.empty(Z.shape, dtype=np.int8)
    for i in range(0, len(Z), ROWS):
        steps = np.rint(Z[i : i + ROWS] * np.float32(16))
        coarse[i : i + ROWS] = np.clip(steps, -127, 127, out=steps)
    return coarse


def earlier_positions(panel: Panel) -> Float32s:
    """Scaled positions 4 to 8 weeks ago of those who were customers then, (m, n_features)."""
    past = panel.past[1]
    there = past[:, 0] != NOWHERE
    positions: Float32s = past[there].astype(np.float32)
    positions /= 16
    return positions


def handed_over(panel: Panel, segment_ids: Ints, active_ids: Ints, fresh: Collection[int]) -> Panel:
    """The panel under a new fit: customers it moved start anew, and so do ``fresh`` segments."""
    moved = panel.segment_ids != segment_ids
    return replace(
        panel,
        segment_ids=segment_ids,
        arrived=np.where(moved, panel.number - 1, panel.arrived),
        seen=np.where(moved[:, None], 0, panel.seen).astype(np.uint8),
        trail=np.where(moved[:, None], segment_ids[:, None], panel.trail).astype(np.int16),
        weeks=tuple(week.under(active_ids, fresh) for week in panel.weeks),
    )


def remember(panel: Panel, noted: Sequence[Noted]) -> Panel:
    """The panel with the findings of its newest week; suspicions older than two weeks go."""
    recent = [
        n
        for n in panel.noted
        if n.week > panel.number - (3 if n.verdict == "suspected" else HISTORY)
    ]
    return replace(panel, noted=(*recent, *noted))


def suspected_before(panel: Panel) -> set[tuple[str, int, int]]:
    """Kind, segment and other segment of everything suspected the week before (0 for none)."""
    return {
        (n.kind, n.segment, n.other)
        for n in panel.noted
        if n.week == panel.number - 2 and n.verdict == "suspected"
    }
