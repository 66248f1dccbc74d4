"""The lives of segments: who is born, who retires, who carries on under a whole new fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np

from analytics.identity import match
from analytics.model import DriftEvent, Ints
from analytics.weekly.state import Fit, SegmentRecord, ThisWeek


@dataclass(frozen=True, slots=True)
class Verdict:
    """What happens with a fit, and why, in one plain sentence."""

    refit: Literal["kept", "promoted", "held"]
    why: str


@dataclass(frozen=True, eq=False)
class Succession:
    """A fit that contends for the segments: its ids, the lives of all segments if it takes over,
    the ids whose history would start anew, what becomes of it, and what to tell.
    """

    fit: Fit
    records: tuple[SegmentRecord, ...]
    fresh: frozenset[int]
    verdict: Verdict
    events: tuple[DriftEvent, ...] = ()


def inherit(week: ThisWeek, fit: Fit, labels: Ints) -> tuple[Fit, tuple[SegmentRecord, ...]]:
    """A whole new fit with its ids, by most members in common; the rest are born, or retire.

    Parameters
    ----------
    labels : (n,) cluster label of each customer under ``fit``.
    """
    anchor, records = week.anchor, week.before.segments
    old = fit.scaler.transform(anchor.scaler.inverse(anchor.centroids)).astype(np.float64)
    segments = week.placed.segment_ids
    ids = match(
        segments,
        labels,
        active=anchor.segment_ids,
        old_centroids=old,
        new_centroids=fit.centroids,
    )
    new = np.flatnonzero(ids == 0)
    ids[new] = next_id(records) + np.arange(len(new))
    born = tuple(
        SegmentRecord(int(ids[j]), "active", week.as_of, parents=_parents(segments[labels == j]))
        for j in new
    )
    gone = set(anchor.segment_ids.tolist()) - set(ids.tolist())
    return replace(fit, segment_ids=ids), (*retire(records, gone, week.as_of), *born)


def restored(week: ThisWeek, fit: Fit) -> tuple[Fit, tuple[SegmentRecord, ...]]:
    """An earlier fit with the ids it had then: its segments live again, the others retire.

    A cluster that never was a segment, of a fit that never took over, gets an id of its own.
    """
    records = week.before.segments
    known = {r.segment_id for r in records if r.born_as_of <= fit.as_of}
    ids = fit.segment_ids.copy()
    new = [j for j, s in enumerate(ids) if s not in known]
    ids[new] = next_id(records) + np.arange(len(new))
    lives = tuple(
        replace(r, status="active", retired_as_of=None) if r.segment_id in ids else r
        for r in records
    )
    gone = set(week.anchor.segment_ids.tolist()) - set(ids.tolist())
    born = tuple(SegmentRecord(int(ids[j]), "active", week.as_of) for j in new)
    return replace(fit, segment_ids=ids), (*retire(lives, gone, week.as_of), *born)


def _parents(segments: Ints) -> tuple[int, ...]:
    """Segments a tenth of the members or more came from."""
    ids, counts = np.unique(segments[segments > 0], return_counts=True)
    return tuple(int(s) for s in ids[counts >= 0.1 * max(counts.sum(), 1)])


def retire(
    records: Sequence[SegmentRecord], gone: set[int], as_of: date
) -> tuple[SegmentRecord, ...]:
    """The records with the segments ``gone`` closed on ``as_of``; no id is ever used again."""
    return tuple(
        replace(r, status="retired", retired_as_of=as_of) if r.segment_id in gone else r
        for r in records
    )


def next_id(records: Sequence[SegmentRecord]) -> int:
    """The first id no segment, living or retired, ever had."""
    return max(r.segment_id for r in records) + 1
