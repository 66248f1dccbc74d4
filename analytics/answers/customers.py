"""Answers about single customers, and about how many meet a condition."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

import numpy as np

from analytics.answers import facts
from analytics.answers.reader import Reader, SegmentName, Unanswerable
from analytics.scaling import Scaler

SHOWN_VALUES = 8
PLACING = 4


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

    @property
    def named(self) -> tuple[int, ...]:
        """The segment the customer is in."""
        return (self.place.segment_id,)


@dataclass(frozen=True)
class CustomerHistory:
    """The times of one customer in segments, earliest first."""

    as_of: date
    customer: str
    periods: tuple[Period, ...]

    @property
    def named(self) -> tuple[int, ...]:
        """The segment the customer was in last."""
        return (self.periods[-1].segment_id,)


@dataclass(frozen=True)
class ExplainCustomer:
    """Why a customer is in its segment and not in ``other``: what speaks for each, most first."""

    as_of: date
    place: Place
    other: SegmentName
    asked: bool
    speaks_for: tuple[CustomerValue, ...]
    speaks_against: tuple[CustomerValue, ...]

    @property
    def named(self) -> tuple[int, ...]:
        """The segment the customer is in."""
        return (self.place.segment_id,)


def customer_lookup(reader: Reader) -> CustomerLookup:
    """Which segment a customer is in, and the values beside the segment's."""
    place = placed(reader)
    held = reader.copy.features
    names = [feature.name for feature in held if feature.use != "never"]
    names.sort(key=lambda name: held[name].unit != "money")
    return CustomerLookup(
        reader.as_of, place, values_beside(reader, place, place.segment_id, names[:SHOWN_VALUES])
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
    place = placed(reader)
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
    values = {v.feature: v for v in values_beside(reader, place, other, ranked)}
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


def _asked(reader: Reader) -> str:
    if not reader.query.customer:
        raise Unanswerable(NoSuchCustomer("", reader.as_of, ()), "clarify")
    return reader.query.customer


def placed(reader: Reader) -> Place:
    """Where the customer asked about is on the date of the question."""
    customer = _asked(reader)
    found = reader.records(Place, "customer_on", customer=customer, as_of=reader.as_of)
    if not found:
        raise Unanswerable(NoSuchCustomer(customer, reader.as_of, _periods(reader, customer)))
    return found[0]


def _periods(reader: Reader, customer: str) -> tuple[Period, ...]:
    return reader.records(Period, "customer_periods", customer=customer, as_of=reader.as_of)


def values_beside(
    reader: Reader, place: Place, other: int, names: list[str]
) -> tuple[CustomerValue, ...]:
    """Features of a customer beside the medians of its segment, of another and of everyone."""
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
