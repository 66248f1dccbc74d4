"""What one refit found, and the result that outside programs read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from analytics.history import Before
from analytics.model import Snapshot
from analytics.naming import SegmentName
from analytics.weekly.step import WeekResult


@dataclass(frozen=True)
class Judged:
    """Everything one refit found, ready to be written.

    ``explained``, for a new anchor: share of the variance its clusters account for, and what
    grouping customers by their zero columns accounts for with as many groups.
    """

    snapshot: Snapshot
    week: WeekResult
    seed: int
    profile: pd.DataFrame
    traits: pd.DataFrame
    facts: pd.DataFrame
    names: Mapping[int, SegmentName]
    explained: tuple[float, float] | None = None


def outcome(
    judged: Judged, before: Before, *, fit_id: int | None, elapsed_s: float
) -> dict[str, Any]:
    """The result of one refit under the names of the public interface."""
    week = judged.week
    sizes = segment_sizes(week)
    moved = week.moves.transitions
    moved = moved[moved.cause != "stayed"]
    return {
        "as_of": judged.snapshot.as_of.isoformat(),
        "fit_id": fit_id,
        "status": week.status,
        "refit": week.refit,
        "customers": len(judged.snapshot.customer_ids),
        "entered": week.entered,
        "left": week.left,
        "segments_count": len(week.anchor.segment_ids),
        "inertia": week.anchor.inertia,
        "silhouette": week.anchor.silhouette,
        "min_jaccard": None if week.anchor.jaccards is None else float(min(week.anchor.jaccards)),
        "segments": [
            {
                "id": record.segment_id,
                "name": segment_name(judged, before, record.segment_id),
                "customers": sizes.get(record.segment_id, 0),
                "share": sizes.get(record.segment_id, 0) / max(1, sum(sizes.values())),
                "previous_customers": before.previous_sizes.get(record.segment_id, 0),
                "status": _status(record.born_as_of, record.status, judged.snapshot.as_of),
            }
            for record in week.segments
            if record.status == "active" or record.retired_as_of == judged.snapshot.as_of
        ],
        "events": [
            {
                "kind": event.kind,
                "segment": event.segment,
                "other_segment": event.other_segment,
                "feature": event.feature,
                "effect": event.effect,
                "threshold": event.threshold,
                "p_value": event.p_value,
                "verdict": event.verdict,
                "text": event.text,
            }
            for event in week.events
        ],
        "movement": dict(week.moves.customers),
        "transitions": [
            {"from": _id(source), "to": _id(target), "customers": customers}
            for source, target, customers in _flows(moved)
        ],
        "why": week.why,
        "thresholds": week.settings.thresholds(),
        "elapsed_s": round(elapsed_s, 3),
    }


def _flows(moved: pd.DataFrame) -> list[tuple[Any, Any, int]]:
    """Source, target and customers of every flow, whatever its cause."""
    pairs = ["from_segment_id", "to_segment_id"]
    totals = moved.groupby(pairs, dropna=False, as_index=False).customers.sum()
    return list(
        zip(
            totals.from_segment_id,
            totals.to_segment_id,
            totals.customers.astype(int).tolist(),
            strict=True,
        )
    )


def _id(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _status(born: date, status: str, as_of: date) -> str:
    return "born" if status == "active" and born == as_of else status


def segment_name(judged: Judged, before: Before, segment: int) -> str:
    """What a segment is called: the name it has, else the one it was given now."""
    if segment in before.names:
        return before.names[segment]
    return judged.names[segment].name if segment in judged.names else f"Segment {segment}"


def segment_sizes(week: WeekResult) -> dict[int, int]:
    """Customers of each segment that has any."""
    ids, counts = np.unique(week.segment_ids, return_counts=True)
    return dict(zip(ids.tolist(), counts.tolist(), strict=True))
