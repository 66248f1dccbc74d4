"""The same customers week after week: each against their own past, summed up per segment.

A two-way model of the panel, y = own level of the customer + level of the segment that week
+ noise. The own level follows the customer but never the segment: what a whole segment does is
taken out before the own level learns. So own levels keep their mean, however skewed the noise, and
a slow common change is not absorbed. Where everybody is, and what they had, is kept of all
customers; own levels of a sample.
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

from analytics.identity import places
from analytics.model import Feature, Floats, Ints
from analytics.weekly.grouping import ROWS, pairs
from analytics.weekly.sample import (
    NOWHERE,
    Float32s,
    Members,
    Sample,
    drawn,
    first_sample,
    learn,
    thinned,
)
from analytics.weekly.weeks import Week

TRAIL = 4  # weeks back that a move from one segment to another is followed
HISTORY = 84  # weekly summaries kept: last year's season, and a little more


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
    trail : (TRAIL, n) segment one, two ... weeks before; 0 where not a customer.
    last : d columns (n,) of last values; an unknown one is the last known.
    sample : the customers whose own levels are known.
    weeks : summaries, the last `HISTORY`; number : number of weeks seen since the start.
    noted : findings and suspicions of those weeks.
    """

    features: tuple[Feature, ...]
    customer_ids: NDArray[np.object_]
    segment_ids: Ints
    arrived: Ints
    trail: NDArray[np.int16]
    last: tuple[Floats, ...]
    sample: Sample
    weeks: tuple[Week, ...]
    number: int
    noted: tuple[Noted, ...] = ()

    _found: list[NDArray[Any]] = field(init=False, repr=False, default_factory=list)

    def find(self, customer_ids: NDArray[np.object_]) -> Ints:
        """Row of each customer in this panel, -1 where unknown, shape (n_customers,).

        A week asks several times about one and the same array, which is looked up once.

        Parameters
        ----------
        customer_ids : (n_customers,) sorted.
        """
        if not self._found or self._found[0] is not customer_ids:
            self._found[:] = customer_ids, _rows(customer_ids, self.customer_ids)
        return self._found[1]

    def find_sampled(self, customer_ids: NDArray[np.object_]) -> Ints:
        """The same in the sample: -1 also where the customer is not in it."""
        return self.sample.place(self.find(customer_ids), len(self.customer_ids))


def _rows(ids: NDArray[np.object_], known: NDArray[np.object_]) -> Ints:
    """Where sorted ids stand among others, -1 where they do not; in rows that fit the cache."""
    rows, wanted, held = np.full(len(ids), -1), pa.array(ids), pa.array(known)
    starts = np.arange(0, len(known), ROWS)
    bounds = [*np.searchsorted(ids, known[starts]), len(ids)]
    for start, low, high in zip(starts.tolist(), bounds[:-1], bounds[1:], strict=True):
        found = pc.index_in(wanted[low:high], value_set=held[start : start + ROWS])
        rows[low:high] = found.fill_null(-1 - start)
        rows[low:high] += start
    return rows


def start(
    features: Sequence[Feature],
    customer_ids: NDArray[np.object_],
    values: Floats,
    Z: Float32s,
    segment_ids: Ints,
    measured: int,
) -> Panel:
    """The panel of the first week, with a sample of at most ``measured`` customers."""
    n = len(customer_ids)
    rows, one_in = thinned(customer_ids, np.arange(n), 1, measured)
    return Panel(
        features=tuple(features),
        customer_ids=customer_ids,
        segment_ids=segment_ids,
        arrived=np.zeros(n, dtype=np.int64),
        trail=np.zeros((TRAIL, n), dtype=np.int16),
        last=tuple(values.T),
        sample=first_sample(features, rows, one_in, values, Z),
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
    measured: int,
) -> Panel:
    """The panel with one more week: counted, a sample summed up against its past and learnt from.

    Parameters
    ----------
    customer_ids : (n,) sorted; values (n, d) raw; Z (n, d) scaled; segment_ids (n,) this week's
        place under the frozen fit.
    active_ids : (k,) segments of that fit.
    measured : customers in the sample, at most.
    """
    k = len(active_ids)
    rows = panel.find(customer_ids)
    here = rows >= 0
    now, before = places(active_ids, segment_ids), places(active_ids, panel.segment_ids)
    then = np.where(here, before[rows], -1)
    gone = np.ones(len(panel.customer_ids), dtype=bool)
    gone[rows[here]] = False
    trail = np.stack([p[rows] for p in (panel.segment_ids.astype(np.int16), *panel.trail[:-1])])
    trail[:, ~here] = 0
    came = pairs(then, now, k)
    stayed = then == now
    arrived = np.where(stayed, panel.arrived[rows], panel.number)

    sampled = panel.find_sampled(customer_ids)
    chosen = sampled >= 0
    chosen[~here] = drawn(customer_ids[~here], panel.sample.one_in)
    mine, one_in = thinned(customer_ids, np.flatnonzero(chosen), panel.sample.one_in, measured)
    members = Members(
        rows=mine,
        before=sampled[mine],
        now=now[mine],
        arrived=arrived[mine],
        stayed=stayed[mine],
        known=rows[mine],
        last=panel.last,
        values=values,
        Z=Z,
    )
    sample, measures = learn(panel.sample, members, panel.features, panel.number, k)
    week = Week(
        **vars(measures),
        as_of=as_of,
        segment_ids=active_ids,
        customers=came.sum(axis=0),
        entered=came[-1],
        left=np.bincount(before[gone], minlength=k),
        flows=came[:-1],
        far_flows=pairs(places(active_ids, trail[-1]), now, k)[:-1],
    )
    return replace(
        panel,
        customer_ids=customer_ids,
        segment_ids=segment_ids,
        arrived=arrived,
        trail=trail,
        last=tuple(_carried(x, last, rows) for x, last in zip(values.T, panel.last, strict=True)),
        sample=replace(sample, one_in=one_in),
        weeks=(*panel.weeks, week)[-HISTORY:],
        number=panel.number + 1,
    )


def _carried(column: Floats, last: Floats, rows: Ints) -> Floats:
    """A column with the last known values where it has none; the column itself where it has all."""
    if np.isnan(column.sum()):
        gaps = np.flatnonzero(np.isnan(column) & (rows >= 0))
        column = column.copy()
        column[gaps] = last[rows[gaps]]
    return column


def earlier_positions(panel: Panel) -> Float32s:
    """Scaled positions 4 to 8 weeks ago of those who were customers then, (m, n_features)."""
    past = panel.sample.past[1]
    there = past[:, 0] != NOWHERE
    positions: Float32s = past[there].astype(np.float32)
    positions /= 16
    return positions


def handed_over(panel: Panel, segment_ids: Ints, active_ids: Ints, fresh: Collection[int]) -> Panel:
    """The panel under a new fit: customers it moved start anew, and so do ``fresh`` segments."""
    moved = panel.segment_ids != segment_ids
    own = panel.sample
    seen = np.where(moved[own.rows, None], 0, own.seen).astype(np.uint8)
    return replace(
        panel,
        segment_ids=segment_ids,
        arrived=np.where(moved, panel.number - 1, panel.arrived),
        sample=replace(own, seen=seen),
        trail=np.where(moved, segment_ids, panel.trail).astype(np.int16),
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
