"""Answers about customers found by a condition, by rank, or as examples of a segment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analytics.answers import facts, features
from analytics.answers.customers import CustomerValue, Place, values_beside
from analytics.answers.features import Filter, Matching
from analytics.answers.likeness import (
    AlikeCustomers,
    BorderlineCustomers,
    alike_customers,
    borderline_customers,
)
from analytics.answers.reader import Reader, SegmentName

FOUND = 10
SHOWN = 4


@dataclass(frozen=True)
class FoundCustomer:
    """A customer with the id masked."""

    masked_id: str
    segment_id: int
    name: str
    value: float


@dataclass(frozen=True)
class FindCustomers:
    """How many customers meet the conditions, and the first of them in order of a feature."""

    as_of: date
    asked: tuple[SegmentName, ...]
    conditions: tuple[Filter, ...]
    matching: tuple[Matching, ...]
    label: str
    unit: str
    ascending: bool
    customers: tuple[FoundCustomer, ...]


@dataclass(frozen=True)
class Example:
    """A customer near the centre of a segment, the id masked, with what sets the segment apart."""

    masked_id: str
    values: tuple[CustomerValue, ...]


@dataclass(frozen=True)
class ExampleCustomers:
    """Customers who are typical of a segment, nearest to its centre first."""

    as_of: date
    segment: SegmentName
    customers: tuple[Example, ...]


Found = FindCustomers | ExampleCustomers | BorderlineCustomers | AlikeCustomers


def find_customers(reader: Reader) -> Found:
    """How many customers meet the conditions; with a feature, the first in its order, masked.

    A number of customers of one segment, and nothing else, asks for examples of it.
    """
    query = reader.query
    if query.customer:
        return alike_customers(reader)
    if query.term == "borderline":
        return borderline_customers(reader)
    if query.top and len(query.segments) == 1 and not (query.features or query.filter):
        return _examples(reader, reader.segments()[0], query.top)
    segments = reader.segments()
    names = reader.features(default=())[:1]
    matching = features.count_matching(reader, segments, query.filter)
    found: tuple[FoundCustomer, ...] = ()
    label, unit = "", "number"
    if names and (query.top or not query.filter):
        feature = reader.copy.features[names[0]]
        label, unit = feature.label, feature.unit
        rows = reader.rows(
            "found_customers",
            {"feature": feature.column, "matching": features.as_sql(reader, query.filter)},
            as_of=reader.as_of,
            segments=list(segments),
            ascending=query.order == "asc",
            top=query.top or FOUND,
        )
        found = tuple(
            FoundCustomer(mask(r["customer_id"]), r["segment_id"], r["name"], r["value"])
            for r in rows
        )
    return FindCustomers(
        reader.as_of,
        tuple(reader.name(segment_id) for segment_id in query.segments),
        features.in_words(reader, query.filter),
        matching,
        label,
        unit,
        query.order == "asc",
        found,
    )


def _examples(reader: Reader, segment_id: int, top: int) -> ExampleCustomers:
    reader.require_customers()
    rows = reader.rows("segment_examples", as_of=reader.as_of, segment_id=segment_id)
    compared = facts.against_everyone(reader, segment_id)
    # Amounts that are usual there say more about a person than what the segment lacks.
    usual = [c for c in compared if c.own.unit == "money" and c.own.median]
    names = [c.own.feature for c in facts.drivers(usual or compared, SHOWN)]
    places = [Place(row["customer_id"], segment_id, "", None, None, None, None) for row in rows]
    return ExampleCustomers(
        reader.as_of,
        reader.name(segment_id),
        tuple(
            Example(mask(place.customer_id), values_beside(reader, place, segment_id, names))
            for place in places[:top]
        ),
    )


def mask(customer_id: str) -> str:
    """An id people can tell apart but not use: its first and its last two characters."""
    return f"{customer_id[:1]}•••{customer_id[-2:]}" if len(customer_id) > 3 else "•••"
