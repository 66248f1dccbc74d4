"""What every answer needs: the week it is about, checked slots, and the SQL it read with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from analytics import queries
from analytics.model import Query, Status
from analytics.published import Copy

Row = TypeVar("Row")


@dataclass(frozen=True)
class AnswerContext:
    """What the clock and the configuration know and the store does not.

    Attributes
    ----------
    next_refit : when the next refit and digest run; None when nothing is scheduled.
    timezone : IANA name of the zone people are told times in.
    digest_channel : where the digest is posted; "" when nowhere.
    currency : sign written before amounts.
    company : whose customers they are; "" when not configured.
    review_k_weeks : weeks between reviews of the number of segments.
    offers : the company's own offers.toml; None for the offers that are shipped.
    """

    next_refit: datetime | None = None
    timezone: str = "UTC"
    digest_channel: str = ""
    currency: str = "$"
    company: str = ""
    review_k_weeks: int = 4
    offers: Path | None = None


@dataclass(frozen=True)
class SegmentName:
    """A segment as people call it."""

    segment_id: int
    name: str


@dataclass(frozen=True)
class NoSuchSegment:
    """The question names a segment that never was; ``known`` are the active ones."""

    segment_id: int
    known: tuple[SegmentName, ...]


@dataclass(frozen=True)
class Successor:
    """Where customers of a retired segment went; ``segment_id`` None: they left."""

    segment_id: int | None
    name: str | None
    customers: int


@dataclass(frozen=True)
class RetiredSegment:
    """The question names a segment that had ended on the date it is about."""

    segment_id: int
    name: str
    retired_as_of: date
    successors: tuple[Successor, ...]


@dataclass(frozen=True)
class NoSuchDate:
    """The question is about a date before the first snapshot, or on which a segment was not yet."""

    asked: date
    first: date
    latest: date
    snapshots: int
    segment: SegmentName | None = None


@dataclass(frozen=True)
class NotKept:
    """The question needs single customers of a date of which only statistics are kept."""

    asked: date
    first_kept: date


@dataclass(frozen=True)
class NotHeld:
    """The question names a column the store does not hold; ``known`` are the labels it does."""

    asked: str
    known: tuple[str, ...]


class Unanswerable(Exception):
    """The honest answer is one of the dataclasses above, whatever the intent was.

    ``status`` is "clarify" where the question lacks what it is about.
    """

    def __init__(self, data: Any, status: Status = "answered") -> None:
        super().__init__(type(data).__name__)
        self.data = data
        self.status = status


class Reader:
    """Reads one published copy for one question and remembers the statements it ran.

    Attributes
    ----------
    as_of : the snapshot the question is about: the latest at or before the date it names.
    sql : every statement run, values written out, in order.
    """

    def __init__(self, copy: Copy, query: Query, context: AnswerContext) -> None:
        self.copy = copy
        self.query = query
        self.context = context
        self.sql: list[str] = []
        self.dates: list[date] = [refit["as_of"] for refit in copy.refits]
        self.as_of = self.snapshot(query.as_of) if query.as_of else copy.as_of

    def rows(
        self, name: str, /, identifiers: Mapping[str, str] = {}, **values: Any
    ) -> list[dict[str, Any]]:
        """The rows of a named query, which becomes part of the answer's SQL."""
        self.sql.append(queries.inline(name, identifiers, **values))
        return self.copy.rows(name, identifiers, **values)

    def records(
        self,
        kind: type[Row],
        name: str,
        /,
        identifiers: Mapping[str, str] = {},
        **values: Any,
    ) -> tuple[Row, ...]:
        """The rows of a named query as dataclasses with a field for each of its columns."""
        return tuple(kind(**row) for row in self.rows(name, identifiers, **values))

    @property
    def refit(self) -> dict[str, Any]:
        """The published refit of the date the question is about."""
        return self.copy.refits[self.dates.index(self.as_of)]

    @property
    def previous(self) -> date | None:
        """The snapshot before the one the question is about."""
        return self.before(1)

    @property
    def month_before(self) -> date | None:
        """The latest snapshot at least four weeks before."""
        return self.back_to(self.as_of - timedelta(weeks=4))

    def before(self, snapshots: int) -> date | None:
        """The snapshot so many snapshots before."""
        position = self.dates.index(self.as_of) - snapshots
        return self.dates[position] if position >= 0 else None

    def back_to(self, day: date) -> date | None:
        """The latest snapshot at or before a day."""
        return max((known for known in self.dates if known <= day), default=None)

    def snapshot(self, day: date) -> date:
        """The latest snapshot at or before a day; Unanswerable when there is none."""
        known = self.back_to(day)
        if known is None:
            raise Unanswerable(self.no_such_date(day))
        return known

    def since(self, default_weeks: int) -> date:
        """Where a window starts: the date or weeks of the question, or the default."""
        if self.query.since:
            return min(self.snapshot(self.query.since), self.as_of)
        weeks = self.query.weeks or default_weeks
        return self.back_to(self.as_of - timedelta(weeks=weeks)) or self.dates[0]

    def no_such_date(self, day: date, segment: SegmentName | None = None) -> NoSuchDate:
        """The honest answer to a date the store cannot know."""
        first = self.dates[0] if segment is None else self._known(segment.segment_id)["born_as_of"]
        return NoSuchDate(day, first, self.dates[-1], len(self.dates), segment)

    def active(self) -> tuple[int, ...]:
        """Segments that existed on the date, in order of their ids."""
        return tuple(
            segment["segment_id"]
            for segment in self.copy.segments
            if segment["born_as_of"] <= self.as_of
            and (segment["retired_as_of"] is None or segment["retired_as_of"] > self.as_of)
        )

    def segments(self) -> tuple[int, ...]:
        """The segments the question names, each once; all active ones when it names none."""
        for segment_id in self.query.segments:
            self.require(segment_id)
        return tuple(dict.fromkeys(self.query.segments)) or self.active()

    def require(self, segment_id: int) -> None:
        """Unanswerable unless the segment existed on the date the question is about."""
        if segment_id in self.active():
            return
        known = self._known(segment_id)
        name = SegmentName(segment_id, known["name"])
        if known["born_as_of"] > self.as_of:
            raise Unanswerable(self.no_such_date(self.as_of, name))
        retired = known["retired_as_of"]
        successors = self.records(
            Successor, "retired_segment", segment_id=segment_id, retired_as_of=retired
        )
        raise Unanswerable(RetiredSegment(segment_id, known["name"], retired, successors))

    def name(self, segment_id: int) -> SegmentName:
        return SegmentName(segment_id, self._known(segment_id)["name"])

    def _known(self, segment_id: int) -> dict[str, Any]:
        for segment in self.copy.segments:
            if segment["segment_id"] == segment_id:
                return segment
        raise Unanswerable(
            NoSuchSegment(segment_id, tuple(self.name(known) for known in self.active()))
        )

    def features(self, default: Sequence[str]) -> tuple[str, ...]:
        """The features the question names, or the default; Unanswerable for one not held."""
        for name in self.query.features:
            if name not in self.copy.features:
                raise Unanswerable(
                    NotHeld(name, tuple(feature.label for feature in self.copy.features))
                )
        return tuple(dict.fromkeys(self.query.features)) or tuple(default)

    def require_customers(self) -> None:
        """Unanswerable when the feature values of the date's customers are no longer kept."""
        if not self.keeps_customers():
            first_kept = self.rows("first_kept")[0]["first_kept"]
            raise Unanswerable(NotKept(self.as_of, first_kept))

    def keeps_customers(self) -> bool:
        """Whether the feature values of the date's customers are kept."""
        if self.as_of == self.copy.as_of:
            return True
        return bool(self.as_of >= self.rows("first_kept")[0]["first_kept"])

    def one_feature(self) -> str:
        """The feature the question is about; Unanswerable when it names none, or one not held."""
        names = self.features(default=())
        if not names:
            held = tuple(feature.label for feature in self.copy.features)
            raise Unanswerable(NotHeld("", held), "clarify")
        return names[0]

    def all_features(self) -> tuple[str, ...]:
        """Every feature the store holds, in the order of the catalogue."""
        return tuple(feature.name for feature in self.copy.features)
