"""The lives of segments: who is born, who retires, who carries on under a whole new fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from analytics.identity import match
from analytics.model import DriftEvent, Floats, Ints
from analytics.weekstate import Fit, SegmentRecord


@dataclass(frozen=True, eq=False)
class Succession:
    """A new fit with its ids, the lives of all segments, and what to tell; ``fresh`` are the ids
    whose history starts anew.
    """

    fit: Fit
    records: tuple[SegmentRecord, ...]
    fresh: frozenset[int]
    why: str
    events: tuple[DriftEvent, ...]


def inherit(
    fit: Fit,
    labels: Ints,
    anchor: Fit,
    records: Sequence[SegmentRecord],
    segments: Ints,
    old_centroids: Floats,
    as_of: date,
) -> Succession:
    """Ids for a whole new fit: by most members in common; the rest are born, or retire.

    Parameters
    ----------
    labels, segments : (n,) cluster label under ``fit`` and segment so far of the same customers.
    old_centroids : the anchor's, in the scaled space of ``fit``.
    """
    ids = match(
        segments,
        labels,
        active=anchor.segment_ids,
        old_centroids=old_centroids,
        new_centroids=fit.centroids,
    )
    new = np.flatnonzero(ids == 0)
    ids[new] = next_id(records) + np.arange(len(new))
    gone = set(anchor.segment_ids.tolist()) - set(ids.tolist())
    born = tuple(
        SegmentRecord(int(ids[j]), "active", as_of, parents=_parents(segments[labels == j]))
        for j in new
    )
    return Succession(
        replace(fit, segment_ids=ids),
        (*retire(records, gone, as_of), *born),
        frozenset(ids.tolist()),
        fit.why_k,
        (),
    )


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
