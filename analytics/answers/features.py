"""Answers about features: their statistics, their spread, and segments in order of one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from analytics import queries
from analytics.answers import facts
from analytics.answers.facts import FeatureProfile, Size
from analytics.answers.reader import NotHeld, Reader, SegmentName, Unanswerable
from analytics.model import Condition, Feature

# Multiples of powers of ten at which bands are cut, coarse and fine.
_FEW = 3  # segments that are spoken of as "them"
_ROUND = ((1, 2, 5), (1, 1.5, 2, 3, 4, 5, 6, 8))


@dataclass(frozen=True)
class Matching:
    """Customers who meet the conditions; ``segment_id`` None is all segments asked about."""

    segment_id: int | None
    name: str | None
    customers: int
    matching: int
    share: float | None


@dataclass(frozen=True)
class Filter:
    """A condition with the words and unit of its feature."""

    label: str
    unit: str
    op: str
    value: float | tuple[float, float]


@dataclass(frozen=True)
class FeatureStat:
    """Features of the segments asked about (``asked``; () is everyone) beside all the others.

    With conditions, the rows are about the customers who meet them and ``matching`` counts those.
    ``together`` are the customers of several segments asked about, counted as one.
    """

    as_of: date
    statistic: str | None
    asked: tuple[SegmentName, ...]
    segments: tuple[SegmentName, ...]
    features: tuple[FeatureProfile, ...]
    conditions: tuple[Filter, ...]
    matching: tuple[Matching, ...]
    together: tuple[FeatureProfile, ...]


@dataclass(frozen=True)
class Ranked:
    """A segment's place; ``profile`` is None when the order is by size."""

    rank: int
    size: Size
    profile: FeatureProfile | None


@dataclass(frozen=True)
class RankSegments:
    """Segments in order of ``statistic`` of a feature, or of their size (``everyone`` None).

    ``rows`` are all of them, or the ``among`` the question names; it asks for the first ``top``.
    """

    as_of: date
    previous: date | None
    statistic: str
    ascending: bool
    among: int | None
    rows: tuple[Ranked, ...]
    top: int | None
    everyone: FeatureProfile | None

    @property
    def named(self) -> tuple[int, ...]:
        """The segments asked for, where the first few are."""
        first = self.top if self.top and self.top <= _FEW else 0
        return tuple(row.size.segment_id for row in self.rows[:first])


@dataclass(frozen=True)
class Band:
    """Customers above the top of the band before and not above ``top`` (None: no upper end);
    ``segment_id`` None is everyone.
    """

    segment_id: int | None
    top: float | None
    customers: int
    share: float


@dataclass(frozen=True)
class Distribution:
    """How a feature spreads over customers; ``edges`` are the lower ends of the bands."""

    as_of: date
    asked: tuple[SegmentName, ...]
    features: tuple[FeatureProfile, ...]
    edges: tuple[float, ...]
    bands: tuple[Band, ...]


def feature_stat(reader: Reader) -> FeatureStat:
    """A statistic of features for segments and for everyone, live only where there is a filter."""
    query = reader.query
    asked = reader.segments() if query.segments else ()
    conditions = query.filter
    names = reader.features(default=[condition.feature for condition in conditions[:1]])
    names = names or (reader.one_feature(),)
    if query.statistic == "count" and not conditions:
        conditions = tuple(Condition(name, ">", 0.0) for name in names)
    segments = asked if conditions and asked else reader.active()
    matching: tuple[Matching, ...] = ()
    if conditions:
        matching = count_matching(reader, segments, conditions)
        rows = tuple(
            row
            for name in (() if query.statistic == "count" else names)
            for row in _profile_matching(reader, segments, conditions, reader.copy.features[name])
        )
    else:
        rows = facts.profiles(reader, segments, names)
    return FeatureStat(
        reader.as_of,
        query.statistic,
        tuple(reader.name(segment_id) for segment_id in asked),
        tuple(reader.name(segment_id) for segment_id in segments),
        rows,
        in_words(reader, conditions),
        matching,
        () if conditions else _together(reader, asked, names),
    )


def _together(
    reader: Reader, asked: tuple[int, ...], names: tuple[str, ...]
) -> tuple[FeatureProfile, ...]:
    """Some of the segments as one, where their customers' values are kept; shares add up anyhow."""
    some = 1 < len(asked) < len(reader.active())
    if not some or reader.query.statistic == "share" or not reader.keeps_customers():
        return ()
    return tuple(
        _profile_matching(reader, asked, (), reader.copy.features[name])[-1] for name in names
    )


def count_matching(
    reader: Reader, segments: tuple[int, ...], conditions: tuple[Condition, ...]
) -> tuple[Matching, ...]:
    """How many customers of each segment, and last of all of them, meet every condition."""
    reader.require_customers()
    return reader.records(
        Matching,
        "matching_customers",
        {"matching": as_sql(reader, conditions)},
        as_of=reader.as_of,
        segments=list(segments),
    )


def in_words(reader: Reader, conditions: tuple[Condition, ...]) -> tuple[Filter, ...]:
    """Conditions with the labels and units of their features."""
    features = [reader.copy.features[condition.feature] for condition in conditions]
    return tuple(
        Filter(feature.label, feature.unit, condition.op, condition.value)
        for feature, condition in zip(features, conditions, strict=True)
    )


def as_sql(reader: Reader, conditions: tuple[Condition, ...]) -> queries.Fragment:
    """Conditions on held features as SQL; Unanswerable for one not held."""
    held = reader.copy.features
    for condition in conditions:
        if condition.feature not in held:
            raise Unanswerable(NotHeld(condition.feature, tuple(feature.label for feature in held)))
    return queries.where(conditions, {feature.name: feature.column for feature in held})


def _profile_matching(
    reader: Reader,
    segments: tuple[int, ...],
    conditions: tuple[Condition, ...],
    feature: Feature,
) -> tuple[FeatureProfile, ...]:
    return reader.records(
        FeatureProfile,
        "matching_profiles",
        {"feature": feature.column, "matching": as_sql(reader, conditions)},
        as_of=reader.as_of,
        segments=list(segments),
        feature=feature.name,
        label=feature.label,
        unit=feature.unit,
    )


def rank_segments(reader: Reader) -> RankSegments:
    """Segments in order of size, or of a feature: in total where totals mean something."""
    query = reader.query
    ascending = query.order == "asc"
    segments = reader.segments()
    sizes = {size.segment_id: size for size in facts.sizes(reader, segments)}
    names = reader.features(default=())[:1]
    if not names:
        ordered = sorted(sizes.values(), key=lambda s: (s.customers, -s.segment_id))
        rows = [Ranked(0, size, None) for size in ordered]
        statistic, everyone = "customers", None
    else:
        *own, everyone = facts.profiles(reader, segments, names)
        additive = everyone.unit in ("money", "count")
        asked = None if query.statistic == "count" else query.statistic
        statistic = asked or ("sum" if additive else "mean")
        own.sort(key=lambda row: (row.statistic(statistic) is not None, row.statistic(statistic)))
        rows = [Ranked(0, sizes[row.segment_id], row) for row in own if row.segment_id]
    if not ascending:
        rows.reverse()
    ranked = tuple(Ranked(i, r.size, r.profile) for i, r in enumerate(rows, start=1))
    return RankSegments(
        reader.as_of,
        reader.previous,
        statistic,
        ascending,
        len(ranked) if query.segments else None,
        ranked,
        query.top,
        everyone,
    )


def distribution(reader: Reader) -> Distribution:
    """How a feature spreads over the customers of segments and of everyone."""
    feature = reader.copy.features[reader.one_feature()]
    reader.require_customers()
    asked = reader.segments() if reader.query.segments else ()
    rows = facts.profiles(reader, asked, [feature.name])
    edges = band_edges(rows[-1])
    bands = reader.records(
        Band,
        "feature_bands",
        {"feature": feature.column},
        as_of=reader.as_of,
        segments=list(asked),
        tops=edges[1:],
    )
    return Distribution(
        reader.as_of,
        tuple(reader.name(segment_id) for segment_id in asked),
        rows,
        tuple(edges),
        bands,
    )


def band_edges(everyone: FeatureProfile) -> list[float]:
    """Lower ends of at most eight bands people can read: none, then round numbers.

    Shares are cut in quarters and months one by one; other units at 1, 2 and 5 times powers of
    ten from the first to the last tenth of customers, and more finely where that is narrow.
    """
    low, high = everyone.min or 0.0, everyone.max or 0.0
    if everyone.unit == "share" and low >= 0:
        return [-1.0, 0.0, 0.25, 0.5, 0.75, 1.0][: 6 if high > 1 else 5]
    if everyone.unit == "months":
        return [
            float(month)
            for month in range(max(math.floor(low) - 1, math.ceil(high) - 13), math.ceil(high))
        ]
    start = max(everyone.p10 or 0.0, (everyone.p90 or high) / 25, 1e-9)
    end = everyone.p90 or high
    powers = range(math.floor(math.log10(start)), math.ceil(math.log10(max(high, start))) + 1)
    inner: list[float] = []
    for multiples in _ROUND:
        steps = [multiple * 10.0**power for power in powers for multiple in multiples]
        inner = [step for step in steps if start <= step <= end][-6:]
        if len(inner) >= 4:
            break
    return [min(low, 0.0) - 1, 0.0, *inner] if low <= 0 else [0.0, *inner]
