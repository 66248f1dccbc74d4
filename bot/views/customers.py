"""Views of answers about one customer."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.answers.customers import (
    CustomerHistory,
    CustomerLookup,
    CustomerValue,
    ExplainCustomer,
    Place,
)
from analytics.answers.likeness import AlikeCustomers
from bot.formats import capital, day, people, percent, plain, segment, value
from bot.reply import Cell, Choice, Table
from bot.views.view import View, table, value_cell


@dataclass(frozen=True, kw_only=True)
class CustomerLookupView(View):
    """``margin`` and ``runner_up`` are "" on past dates."""

    customer: str
    segment: str
    date: str
    margin: str
    runner_up: str
    borderline: bool


@dataclass(frozen=True, kw_only=True)
class CustomerHistoryView(View):
    """Where a customer is now, and the times ``before``; ``ended`` where it left."""

    customer: str
    segment: str
    date: str
    since: str
    snapshots: str
    changes: str
    ended: str
    before: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ExplainCustomerView(View):
    """What speaks for the segment and what for the ``other``."""

    customer: str
    segment: str
    other: str
    asked: bool
    date: str
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    margin: str
    borderline: bool


@dataclass(frozen=True, kw_only=True)
class AlikeCustomersView(View):
    """``others`` are the customers of the segment besides this one."""

    customer: str
    segment: str
    customers: str
    date: str


def customer_lookup(data: CustomerLookup, currency: str) -> CustomerLookupView:
    """A customer beside the medians of the segment and of everyone."""
    place = data.place
    customer = plain(place.customer_id)
    return CustomerLookupView(
        customer=customer,
        segment=segment(place.segment_id, place.name),
        date=day(data.as_of),
        margin=_margin(place),
        runner_up=segment(place.runner_up, place.runner_up_name) if place.runner_up else "",
        borderline=bool(place.borderline),
        tables=(_values_table(data, currency),),
        choices=(
            Choice("Why there?", f"why is {customer} in segment {place.segment_id}"),
            Choice("History", f"has {customer} changed segment"),
        ),
    )


def _margin(place: Place) -> str:
    """How much nearer the own centre is; "" where unknown or where it is not nearer."""
    return percent(place.margin) if place.margin is not None and place.margin > 0 else ""


def _values_table(data: CustomerLookup, currency: str) -> Table:
    return table(
        f"Beside the medians on {day(data.as_of)}",
        ["Feature", "Customer", f"Segment {data.place.segment_id}", "Everyone"],
        [
            [
                Cell(capital(plain(v.label))),
                value_cell(v.value, v.unit, currency),
                value_cell(v.segment_median, v.unit, currency),
                value_cell(v.median_of_all, v.unit, currency),
            ]
            for v in data.values
        ],
    )


def customer_history(data: CustomerHistory, _currency: str) -> CustomerHistoryView:
    """The latest five times in other segments."""
    *before, last = data.periods
    ended = last.until < data.as_of
    return CustomerHistoryView(
        customer=plain(data.customer),
        segment=segment(last.segment_id, last.name),
        date=day(data.as_of),
        since=day(last.since),
        snapshots=people(sum(p.snapshots for p in data.periods), "snapshot"),
        changes=people(len(before), "change"),
        ended=day(last.until) if ended else "",
        before=tuple(
            f"{capital(segment(p.segment_id, p.name))} from {day(p.since)} to {day(p.until)}"
            for p in reversed(before[-5:])
        ),
        choices=()
        if ended
        else (Choice("Why there?", f"why is {plain(data.customer)} in segment {last.segment_id}"),),
    )


def explain_customer(data: ExplainCustomer, currency: str) -> ExplainCustomerView:
    """The features that place a customer, beside the medians of both segments."""
    place = data.place
    return ExplainCustomerView(
        customer=plain(place.customer_id),
        segment=segment(place.segment_id, place.name),
        other=segment(data.other.segment_id, data.other.name),
        asked=data.asked,
        date=day(data.as_of),
        speaks_for=tuple(_reason(v, data, currency) for v in data.speaks_for),
        speaks_against=tuple(_reason(v, data, currency) for v in data.speaks_against),
        margin=_margin(place) if data.other.segment_id == place.runner_up else "",
        borderline=bool(place.borderline),
        tables=(_reasons_table(data, currency),),
        choices=(Choice("Compare both", _comparing(data)),),
    )


def _comparing(data: ExplainCustomer) -> str:
    return f"compare segment {data.place.segment_id} with segment {data.other.segment_id}"


def _reason(v: CustomerValue, data: ExplainCustomer, currency: str) -> str:
    own, segment_median, other = (
        value(number, v.unit, currency) for number in (v.value, v.segment_median, v.other_median)
    )
    return (
        f"{capital(plain(v.label))} {own}, where the median is {segment_median} in segment "
        f"{data.place.segment_id} and {other} in segment {data.other.segment_id}"
    )


def _reasons_table(data: ExplainCustomer, currency: str) -> Table:
    return table(
        "Beside the medians of both segments",
        [
            "Feature",
            "Customer",
            *(f"Segment {s}" for s in (data.place.segment_id, data.other.segment_id)),
        ],
        [
            [
                Cell(capital(plain(v.label))),
                value_cell(v.value, v.unit, currency),
                value_cell(v.segment_median, v.unit, currency),
                value_cell(v.other_median, v.unit, currency),
            ]
            for v in (*data.speaks_for, *data.speaks_against)
        ],
    )


def alike_customers(data: AlikeCustomers, _currency: str) -> AlikeCustomersView:
    """The segment, which is the group that uses its cards most alike."""
    place = data.place
    return AlikeCustomersView(
        customer=plain(place.customer_id),
        segment=segment(place.segment_id, place.name),
        customers=people(data.customers),
        date=day(data.as_of),
        choices=(
            Choice(
                f"Profile of segment {place.segment_id}", f"profile of segment {place.segment_id}"
            ),
            Choice("Why there?", f"why is {place.customer_id} in segment {place.segment_id}"),
        ),
    )
