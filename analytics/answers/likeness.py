"""Answers about customers who are like another, or almost as near to another segment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analytics.answers.customers import Place, placed
from analytics.answers.features import Matching
from analytics.answers.reader import NotKept, Reader, SegmentName, Unanswerable


@dataclass(frozen=True)
class BorderlineCustomers:
    """Customers less than 10 % nearer to their own centre than to the next one.

    ``between``: only those whose next one is another of the segments asked about.
    """

    as_of: date
    asked: tuple[SegmentName, ...]
    between: bool
    matching: tuple[Matching, ...]


@dataclass(frozen=True)
class AlikeCustomers:
    """Where a customer is, and how many are there: the nearest to "customers like this one"."""

    as_of: date
    place: Place
    customers: int


def borderline_customers(reader: Reader) -> BorderlineCustomers:
    """How many customers are borderline, by segment; Unanswerable but on the latest date, of which
    alone it is kept.
    """
    if reader.as_of != reader.copy.as_of:
        raise Unanswerable(NotKept(reader.as_of, reader.copy.as_of))
    segments = reader.segments()
    between = len(reader.query.segments) > 1
    return BorderlineCustomers(
        reader.as_of,
        tuple(reader.name(segment_id) for segment_id in reader.query.segments),
        between,
        _counted(reader, list(segments), between=between),
    )


def alike_customers(reader: Reader) -> AlikeCustomers:
    """The segment of a customer and its size."""
    found = placed(reader)
    counted = _counted(reader, [found.segment_id], between=False)
    return AlikeCustomers(reader.as_of, found, counted[-1].customers)


def _counted(reader: Reader, segments: list[int], *, between: bool) -> tuple[Matching, ...]:
    return reader.records(
        Matching,
        "borderline_customers",
        as_of=reader.as_of,
        segments=segments,
        between=between,
    )
