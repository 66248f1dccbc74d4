"""Answers about single customers, and about how many meet a condition."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

import numpy as np

from analytics.answers import facts, features
from analytics.answers.features import Filter, Matching
from analytics.answers.reader import Reader, SegmentName, Unanswerable
from analytics.scaling import Scaler

SHOWN_VALUES = 8
PLACING = 4
FOUND = 10


@dataclass(frozen=True)
class Period:
    """An uninterrupted time of a customer in one segment, first to last snapshot."""

    segment_id: int
    name: str
    since: date
    until: date
    snapshots: int


@dataclass(frozen=True)
class NoSuchCustomer:
    """The snapshot has no such customer; ``earlier`` are the times earlier ones had."""

    customer: str
    as_of: date
    earlier: tuple[Period, ...]


@dataclass(frozen=True)
class Place:
    """Where a customer is. ``margin`` in [-1, 1] is how much nearer the own centre is than the
    ``runner_up``'s, as a share of the way to it; both are None on past dates.
    """

    customer_id: str
    segment_id: int
    name: str
    runner_up: int | None
    runner_up_name: str | None
    margin: float | None
    borderline: bool | None


@dataclass(frozen=True)
class CustomerValue:
    """One feature of a customer beside the medians of the segment, of the other one (explaining
    only) and of everyone.
    """

    feature: str
    label: str
    unit: str
    value: float | None
    segment_median: float | None
    other_median: float | None
    median_of_all: float | None


@dataclass(frozen=True)
class CustomerLookup:
    """One customer on a date."""

    as_of: date
    place: Place
    values: tuple[CustomerValue, ...]


@dataclass(frozen=True)
class CustomerHistory:
    """The times of one customer in segments, earliest first."""

    as_of: date
    customer: str
    periods: tuple[Period, ...]


@dataclass(frozen=True)
class ExplainCustomer:
    """Why a customer is in its segment and not in ``other``: what speaks for each, most first."""

    as_of: date
    place: Place
    other: SegmentName
    asked: bool
    speaks_for: tuple[CustomerValue, ...]
    speaks_against: tuple[CustomerValue, ...]


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


def customer_lookup(reader: Reader) -> CustomerLookup:
    """Which segment a customer is in, and the values beside the segment's."""
    place = _place(reader)
    held = reader.copy.features
    names = [feature.name for feature in held if feature.use != "never"]
    names.sort(key=lambda name: held[name].unit != "money")
    return CustomerLookup(
        reader.as_of, place, _values(reader, place, place.segment_id, names[:SHOWN_VALUES])
    )


def customer_history(reader: Reader) -> CustomerHistory:
    """The segments a customer has been in."""
    customer = _asked(reader)
    periods = _periods(reader, customer)
    if not periods:
        raise Unanswerable(NoSuchCustomer(customer, reader.as_of, ()))
    return CustomerHistory(reader.as_of, customer, periods)


def explain_customer(reader: Reader) -> ExplainCustomer | CustomerLookup:
    """Which features place a customer in its segment rather than in the runner-up, or in another.

    A feature speaks for the segment by how much nearer the customer is to its centre than to the
    other's, squared and in scaled units, which is what K-Means compares.
    """
    place = _place(reader)
    wanted = [s for s in (*reader.query.segments, reader.query.to_segment) if s is not None]
    for segment_id in wanted:
        reader.require(segment_id)
    others = [segment_id for segment_id in wanted if segment_id != place.segment_id]
    other = others[0] if others else place.runner_up
    if other is None:
        return customer_lookup(reader)
    pull = _pull(reader, place, other)
    if not pull:
        return customer_lookup(reader)
    ranked = sorted(pull, key=lambda name: -abs(pull[name]))
    values = {v.feature: v for v in _values(reader, place, other, ranked)}
    telling = [name for name in ranked if values[name].segment_median != values[name].other_median]
    speaks_for = [name for name in telling if pull[name] > 0][:PLACING]
    against = [name for name in telling if pull[name] < 0][: PLACING // 2]
    return ExplainCustomer(
        reader.as_of,
        place,
        reader.name(other),
        bool(others),
        tuple(values[name] for name in speaks_for),
        tuple(values[name] for name in against),
    )


def find_customers(reader: Reader) -> FindCustomers:
    """How many customers meet the conditions; with a feature, the first in its order, masked."""
    query = reader.query
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


def mask(customer_id: str) -> str:
    """An id people can tell apart but not use: its first and its last two characters."""
    return f"{customer_id[:1]}•••{customer_id[-2:]}" if len(customer_id) > 3 else "•••"


def _asked(reader: Reader) -> str:
    if not reader.query.customer:
        raise Unanswerable(NoSuchCustomer("", reader.as_of, ()), "clarify")
    return reader.query.customer


def _place(reader: Reader) -> Place:
    customer = _asked(reader)
    found = reader.records(Place, "customer_on", customer=customer, as_of=reader.as_of)
    if not found:
        raise Unanswerable(NoSuchCustomer(customer, reader.as_of, _periods(reader, customer)))
    return found[0]


def _periods(reader: Reader, customer: str) -> tuple[Period, ...]:
    return reader.records(Period, "customer_periods", customer=customer, as_of=reader.as_of)


def _values(
    reader: Reader, place: Place, other: int, names: list[str]
) -> tuple[CustomerValue, ...]:
    rows = reader.rows("customer_features", customer=place.customer_id, as_of=reader.as_of)
    held = rows[0] if rows else {}
    medians = {
        (row.feature, row.segment_id): row.median
        for row in facts.profiles(reader, [place.segment_id, other], names)
    }
    found = [reader.copy.features[name] for name in names]
    return tuple(
        CustomerValue(
            feature.name,
            feature.label,
            feature.unit,
            held.get(feature.column),
            medians.get((feature.name, place.segment_id)),
            medians.get((feature.name, other)),
            medians.get((feature.name, None)),
        )
        for feature in found
    )


def _pull(reader: Reader, place: Place, other: int) -> dict[str, float]:
    """How much each clustered feature speaks for the own segment; {} where that is not known."""
    fitted = reader.rows("fit_parameters", fit_id=reader.refit["fit_id"])
    values = reader.rows("customer_features", customer=place.customer_id, as_of=reader.as_of)
    if not fitted or not values:
        return {}
    parameters = json.loads(fitted[0]["parameters"])
    scaler = Scaler.from_dict(parameters["scaler"])
    ids: list[int] = parameters["segment_ids"]
    if place.segment_id not in ids or other not in ids:
        return {}
    row = [values[0].get(name.lower()) for name in scaler.features]
    z = scaler.transform(np.array([row], dtype=np.float64))[0]
    centroids = np.array(parameters["centroids"])
    own, away = centroids[ids.index(place.segment_id)], centroids[ids.index(other)]
    return dict(zip(scaler.features, ((z - away) ** 2 - (z - own) ** 2).tolist(), strict=True))
