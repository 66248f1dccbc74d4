"""The rows answers are made of, and how they are read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from analytics.answers.reader import Reader

# What a statistic of a query is called in the profile views, where it is not the same.
STATISTIC_COLUMN = {"share": "share_of_total", "index": "index_vs_all", "count": "customers"}

_MEASURING = frozenset("month with a an number of total amount count average share".split())


@dataclass(frozen=True)
class Size:
    """Size on a date, against the snapshot before (``change``) and four weeks before (``month_``).

    Relative changes and ``usual_change`` are shares (0.03 = 3 %); ``usual_change`` is None with
    fewer than eight earlier weeks.
    """

    segment_id: int
    name: str
    description: str
    customers: int
    share: float
    customers_of_all: int
    previous_customers: int | None
    change: int | None
    relative_change: float | None
    month_customers: int | None
    month_change: int | None
    month_relative_change: float | None
    usual_change: float | None


@dataclass(frozen=True)
class FeatureProfile:
    """One feature in one segment on a date; ``segment_id`` None is everyone.

    ``share_of_total`` is the segment's part of everyone's sum, ``index_vs_all`` its mean with
    everyone's as 100, ``effect`` Cliff's delta against the rest in [-1, 1].
    """

    segment_id: int | None
    feature: str
    label: str
    unit: str
    customers: int
    mean: float | None
    median: float | None
    min: float | None
    p10: float | None
    p25: float | None
    p75: float | None
    p90: float | None
    max: float | None
    zero_share: float | None
    sum: float | None
    share_of_total: float | None
    index_vs_all: float | None
    effect: float | None

    def statistic(self, name: str) -> float | None:
        """A statistic by its name in a query."""
        number: float | None = getattr(self, STATISTIC_COLUMN.get(name, name))
        return number


@dataclass(frozen=True)
class Comparison:
    """One feature in a segment and in everyone."""

    own: FeatureProfile
    everyone: FeatureProfile


@dataclass(frozen=True)
class Confidence:
    """How far a segment can be trusted.

    ``jaccard`` in [0, 1] is how well it comes back when customers are drawn again (None: not
    measured on this date); ``borderline_share`` of its customers are almost as near to another
    segment; the rule picks ``rule_recall`` of the segment and is right for ``rule_precision``.
    """

    segment_id: int
    jaccard: float | None
    borderline_share: float
    rule: str
    rule_precision: float
    rule_recall: float


@dataclass(frozen=True)
class Move:
    """Customers who changed segment; None: not a customer before, or after."""

    from_segment_id: int | None
    from_name: str | None
    to_segment_id: int | None
    to_name: str | None
    customers: int


@dataclass(frozen=True)
class TraitShare:
    """A trait value in a segment against everyone; ``index_vs_all`` is 100 when equally common."""

    segment_id: int
    trait: str
    label: str
    kind: str
    value: str
    customers: int
    share: float
    share_of_all: float
    index_vs_all: float | None


@dataclass(frozen=True)
class WeeklyRun:
    """What the weekly run of a date did: the refit was kept, promoted or held, and why."""

    as_of: date
    refit: str | None
    fit_id: int
    customers: int
    customers_entered: int
    customers_left: int
    judged_at: datetime
    why: str


def weekly_run(reader: Reader) -> WeeklyRun:
    """The run of the date of the question."""
    return reader.records(WeeklyRun, "weekly_run", as_of=reader.as_of)[0]


def sizes(
    reader: Reader, segments: Sequence[int], *, against: date | None = None
) -> tuple[Size, ...]:
    """Sizes of segments on the date of the question, in order of their ids.

    ``change`` is since the snapshot before, or since the date ``against``.
    """
    return reader.records(
        Size,
        "segment_sizes_on",
        as_of=reader.as_of,
        previous=against or reader.previous,
        month_before=reader.month_before,
        year_before=reader.as_of - timedelta(weeks=52),
        segments=list(segments),
    )


def profiles(
    reader: Reader, segments: Sequence[int], features: Sequence[str], as_of: date | None = None
) -> tuple[FeatureProfile, ...]:
    """Features of segments and, last, of everyone, in the order given."""
    return reader.records(
        FeatureProfile,
        "feature_profiles",
        as_of=as_of or reader.as_of,
        segments=list(segments),
        features=list(features),
    )


def against_everyone(reader: Reader, segment_id: int) -> tuple[Comparison, ...]:
    """Every feature of one segment beside everyone's."""
    rows = profiles(reader, [segment_id], reader.all_features())
    everyone = {row.feature: row for row in rows if row.segment_id is None}
    return tuple(Comparison(row, everyone[row.feature]) for row in rows if row.segment_id)


def drivers(compared: Sequence[Comparison], top: int) -> tuple[Comparison, ...]:
    """What sets a segment apart most, by Cliff's delta, which long tails do not move.

    Amount, number and frequency of one thing ("cash advances", "number of cash advances") tell the
    same, so only the strongest of them is given.
    """
    ranked = sorted(compared, key=lambda c: -abs(c.own.effect or 0))
    found: dict[frozenset[str], Comparison] = {}
    for c in ranked:
        if c.own.effect:
            found.setdefault(_subject(c.own.label), c)
    return tuple(found.values())[:top]


def _subject(label: str) -> frozenset[str]:
    """What a label is about: its words in the singular, without those that only measure."""
    words = re.findall(r"[\w-]+", label.lower())
    return frozenset(word.rstrip("s") for word in words) - _MEASURING or frozenset([label])


def confidence(reader: Reader, segment_id: int) -> Confidence | None:
    """How far a segment can be trusted on the date of the question."""
    found = reader.records(
        Confidence, "segment_confidence", as_of=reader.as_of, segments=[segment_id]
    )
    return found[0] if found else None


def moves(reader: Reader, segments: Sequence[int], since: date | None) -> tuple[Move, ...]:
    """Who changed segment after ``since`` and up to the date of the question, most first."""
    found = reader.records(
        Move, "segment_moves", as_of=reader.as_of, since=since, segments=list(segments)
    )
    return tuple(move for move in found if move.from_segment_id != move.to_segment_id)


def traits(reader: Reader, segments: Sequence[int], names: Sequence[str]) -> tuple[TraitShare, ...]:
    """Trait values of segments, most common first."""
    return reader.records(
        TraitShare,
        "segment_traits",
        as_of=reader.as_of,
        segments=list(segments),
        traits=list(names),
    )
