"""Answers about change: sizes and features over weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from analytics.answers import checks, facts
from analytics.answers.checks import Event
from analytics.answers.facts import Move, Size
from analytics.answers.reader import Reader, SegmentName

TREND_WEEKS = 8

STATISTIC_UNIT: dict[str, str] = {
    "share": "share",
    "zero_share": "share",
    "index": "number",
    "count": "number",
}


@dataclass(frozen=True)
class TrendPoint:
    """A value on one date; ``segment_id`` None is everyone.

    ``change`` is since the snapshot before, ``since_start`` since the first point shown, and
    ``relative_since_start`` the same as a share of the first value.
    """

    as_of: date
    segment_id: int | None
    name: str | None
    value: float | None
    share: float | None
    change: float | None
    since_start: float | None
    relative_since_start: float | None


@dataclass(frozen=True)
class SegmentTrend:
    """Segments over weeks: their size (``feature`` None), or a statistic of a feature."""

    as_of: date
    since: date
    snapshots: int
    asked: tuple[SegmentName, ...]
    feature: str | None
    label: str
    unit: str
    statistic: str
    points: tuple[TrendPoint, ...]


def segment_trend(reader: Reader) -> SegmentTrend:
    """How segments developed over the weeks asked for (eight by default)."""
    segments = reader.segments()
    since = reader.since(TREND_WEEKS)
    names = reader.features(default=())[:1]
    window: dict[str, Any] = {
        "segments": list(segments),
        "since": since,
        "as_of": reader.as_of,
    }
    label, unit, statistic = "customers", "number", "count"
    if not names:
        points = reader.records(TrendPoint, "size_trend", **window)
    else:
        feature = reader.copy.features[names[0]]
        statistic = reader.query.statistic or "mean"
        statistic = "mean" if statistic == "count" else statistic
        label, unit = feature.label, STATISTIC_UNIT.get(statistic, feature.unit)
        points = reader.records(
            TrendPoint,
            "feature_trend",
            {"statistic": facts.STATISTIC_COLUMN.get(statistic, statistic)},
            feature=feature.name,
            **window,
        )
    return SegmentTrend(
        reader.as_of,
        since,
        len({point.as_of for point in points}),
        tuple(reader.name(segment_id) for segment_id in reader.query.segments),
        names[0] if names else None,
        label,
        unit,
        statistic,
        points,
    )


@dataclass(frozen=True)
class SizeMovement:
    """Why a segment's size (or a feature's sum in it) changed: parts that add up.

    ``population``: customers who came or went; ``behaviour``: who moved because they behave
    differently; ``model``: who were placed elsewhere by a new fit; ``within``: those who stayed
    (0 for customers).
    """

    segment_id: int
    measure: str
    label: str
    unit: str
    previous: float
    population: float
    behaviour: float
    model: float
    within: float
    current: float
    change: float
    relative_change: float | None


@dataclass(frozen=True)
class ExplainChange:
    """Why segments changed since a date; () where there is nothing before.

    ``measure`` is what the question is about: "customers", or a feature whose sum was split.
    """

    as_of: date
    since: date | None
    weekly: bool
    measure: str
    segment: SegmentName | None
    movements: tuple[SizeMovement, ...]
    names: tuple[SegmentName, ...]
    moves: tuple[Move, ...]
    size: Size | None
    events: tuple[Event, ...]


def explain_change(reader: Reader) -> ExplainChange:
    """What a change is made of: customers who came or went, behaviour, or a new fit.

    The change is that of the last week, or of the weeks or since the date asked for.
    """
    asked = reader.segments() if reader.query.segments else ()
    segments = asked[:1] or reader.active()
    windowed = reader.query.since or reader.query.weeks
    since = reader.since(default_weeks=1) if windowed else reader.previous
    movements = reader.records(
        SizeMovement, "size_movement", as_of=reader.as_of, since=since, segments=list(segments)
    )
    measures = {movement.measure for movement in movements}
    return ExplainChange(
        reader.as_of,
        since if movements else None,
        since == reader.previous,
        next((name for name in reader.features(default=()) if name in measures), "customers"),
        reader.name(asked[0]) if asked else None,
        movements,
        tuple(reader.name(segment_id) for segment_id in segments),
        facts.moves(reader, segments, since),
        facts.sizes(reader, asked[:1])[0] if asked else None,
        checks.found_since(reader, segments, since),
    )
