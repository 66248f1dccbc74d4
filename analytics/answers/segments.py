"""Answers about segments at one date: which there are, how large, what they are like."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from analytics.answers import facts
from analytics.answers.facts import (
    Comparison,
    Confidence,
    FeatureProfile,
    Move,
    Size,
    TraitShare,
)
from analytics.answers.reader import NotHeld, Reader, Unanswerable

DRIVERS = 5
COMPARED = 6
# A trait value is worth a word when it is this many points more common than among everyone.
_TELLING = 0.03


@dataclass(frozen=True)
class Overview:
    """All segments of a date; ``customers`` is everyone."""

    as_of: date
    previous: date | None
    month_before: date | None
    customers: int
    count: int
    segments: tuple[Size, ...]


@dataclass(frozen=True)
class Together:
    """Customers of some segments as one, and their part of everyone."""

    customers: int
    share: float


@dataclass(frozen=True)
class SegmentSize:
    """Sizes of the segments asked for, and the features asked for beside them.

    ``together`` are several of the segments, but not all of them, as one.
    """

    as_of: date
    previous: date | None
    month_before: date | None
    segments: tuple[Size, ...]
    features: tuple[FeatureProfile, ...]
    together: Together | None


@dataclass(frozen=True)
class SegmentProfile:
    """One segment in full: ``amounts`` are its money features, ``drivers`` set it apart most."""

    as_of: date
    previous: date | None
    month_before: date | None
    size: Size
    amounts: tuple[Comparison, ...]
    drivers: tuple[Comparison, ...]
    confidence: Confidence | None
    moved_in: tuple[Move, ...]
    moved_out: tuple[Move, ...]
    traits: tuple[TraitShare, ...]


@dataclass(frozen=True)
class CompareSegments:
    """Segments side by side with everyone, last in ``features``.

    ``asked``: the question named the features; else they come in order of how much they differ.
    """

    as_of: date
    asked: bool
    statistic: str | None
    sizes: tuple[Size, ...]
    features: tuple[FeatureProfile, ...]


@dataclass(frozen=True)
class CompareWithPast:
    """One segment on two dates."""

    as_of: date
    past: date
    asked: bool
    now_size: Size
    past_size: Size
    now: tuple[FeatureProfile, ...]
    then: tuple[FeatureProfile, ...]


@dataclass(frozen=True)
class ExplainSegment:
    """What sets a segment apart from everyone else."""

    as_of: date
    size: Size
    drivers: tuple[Comparison, ...]
    confidence: Confidence | None


@dataclass(frozen=True)
class Breakdown:
    """Segments (or everyone) by the values of one trait."""

    as_of: date
    trait: str
    label: str
    sizes: tuple[Size, ...]
    values: tuple[TraitShare, ...]


def overview(reader: Reader) -> Overview:
    """Which segments there are."""
    sizes = facts.sizes(reader, reader.active())
    return Overview(
        reader.as_of,
        reader.previous,
        reader.month_before,
        sizes[0].customers_of_all,
        len(sizes),
        sizes,
    )


def segment_size(reader: Reader) -> SegmentSize:
    """How large segments are, and what part of a feature's total they hold."""
    segments = reader.segments()
    features = reader.features(default=())
    together: tuple[Together, ...] = ()
    if 1 < len(segments) < len(reader.active()):
        together = reader.records(
            Together, "sizes_together", {}, as_of=reader.as_of, segments=list(segments)
        )
    return SegmentSize(
        reader.as_of,
        reader.previous,
        reader.month_before,
        facts.sizes(reader, segments),
        facts.profiles(reader, segments, features) if features else (),
        next(iter(together), None),
    )


def segment_profile(reader: Reader) -> SegmentProfile | Overview | CompareSegments:
    """One segment in full; several side by side; without one, all of them in short."""
    if not reader.query.segments:
        return overview(reader)
    if len(set(reader.query.segments)) > 1:
        return _side_by_side(reader, reader.segments())
    segment_id = reader.segments()[0]
    compared = facts.against_everyone(reader, segment_id)
    moved = facts.moves(reader, [segment_id], reader.previous)
    return SegmentProfile(
        as_of=reader.as_of,
        previous=reader.previous,
        month_before=reader.month_before,
        size=facts.sizes(reader, [segment_id])[0],
        amounts=tuple(c for c in compared if c.own.unit == "money"),
        drivers=facts.drivers(compared, reader.query.top or DRIVERS),
        confidence=facts.confidence(reader, segment_id),
        moved_in=tuple(move for move in moved if move.to_segment_id == segment_id),
        moved_out=tuple(move for move in moved if move.from_segment_id == segment_id),
        traits=_telling_traits(reader, segment_id),
    )


def _telling_traits(reader: Reader, segment_id: int) -> tuple[TraitShare, ...]:
    """The value a segment is richest in, for the three traits in which that says most."""
    names = [trait.name for trait in reader.copy.traits]
    if not names:
        return ()
    richest: dict[str, TraitShare] = {}
    for value in facts.traits(reader, [segment_id], names):
        best = richest.setdefault(value.trait, value)
        if value.share - value.share_of_all > best.share - best.share_of_all:
            richest[value.trait] = value
    telling = [v for v in richest.values() if v.share - v.share_of_all >= _TELLING]
    return tuple(sorted(telling, key=lambda v: v.share_of_all - v.share)[:3])


def explain_segment(reader: Reader) -> ExplainSegment | Overview | CompareSegments:
    """What defines a segment: its drivers and the rule that picks it; several side by side."""
    if not reader.query.segments:
        return overview(reader)
    if len(set(reader.query.segments)) > 1:
        return _side_by_side(reader, reader.segments())
    segment_id = reader.segments()[0]
    return ExplainSegment(
        reader.as_of,
        facts.sizes(reader, [segment_id])[0],
        facts.drivers(facts.against_everyone(reader, segment_id), reader.query.top or DRIVERS),
        facts.confidence(reader, segment_id),
    )


def compare_segments(reader: Reader) -> CompareSegments | CompareWithPast:
    """Segments side by side; one alone against everyone, or against itself on an earlier date."""
    segments = reader.segments()
    if len(segments) == 1 and reader.as_of < reader.copy.as_of:
        return _compare_with_past(reader, segments[0])
    return _side_by_side(reader, segments)


def _side_by_side(reader: Reader, segments: tuple[int, ...]) -> CompareSegments:
    rows = facts.profiles(reader, segments, reader.features(default=reader.all_features()))
    return CompareSegments(
        reader.as_of,
        bool(reader.query.features),
        reader.query.statistic,
        tuple(sorted(facts.sizes(reader, segments), key=lambda s: segments.index(s.segment_id))),
        rows if reader.query.features else _most_different(rows),
    )


def _most_different(rows: tuple[FeatureProfile, ...]) -> tuple[FeatureProfile, ...]:
    """Rows of the features whose effects lie furthest apart, most first; everyone's effect is 0."""
    effects: dict[str, list[float]] = {}
    segments = {row.segment_id for row in rows if row.segment_id is not None}
    for row in rows:
        if row.segment_id is not None or len(segments) == 1:
            effects.setdefault(row.feature, []).append(row.effect or 0.0)
    spread = {feature: max(values) - min(values) for feature, values in effects.items()}
    chosen = sorted(spread, key=lambda feature: -spread[feature])[:COMPARED]
    return tuple(row for feature in chosen for row in rows if row.feature == feature)


def _compare_with_past(reader: Reader, segment_id: int) -> CompareWithPast:
    present = Reader(reader.copy, replace(reader.query, as_of=None), reader.context)
    present.require(segment_id)
    features = reader.features(default=reader.all_features())
    answer = CompareWithPast(
        present.as_of,
        reader.as_of,
        bool(reader.query.features),
        facts.sizes(present, [segment_id], against=reader.as_of)[0],
        facts.sizes(reader, [segment_id])[0],
        facts.profiles(present, [segment_id], features),
        facts.profiles(reader, [segment_id], features),
    )
    reader.sql += present.sql
    return answer


def breakdown(reader: Reader) -> Breakdown:
    """Segments by one trait."""
    held = [trait.label for trait in reader.copy.traits]
    trait = reader.copy.traits.find(reader.query.trait or "")
    if trait is None:
        asked = reader.query.trait or ""
        raise Unanswerable(NotHeld(asked, tuple(held)), "answered" if asked else "clarify")
    segments = reader.segments()
    return Breakdown(
        reader.as_of,
        trait.name,
        trait.label,
        facts.sizes(reader, segments),
        facts.traits(reader, segments, [trait.name]),
    )
