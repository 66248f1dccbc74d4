"""Views of answers that pick customers out: examples, borderline ones, those with a condition."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.answers.likeness import BorderlineCustomers
from analytics.answers.selections import ExampleCustomers, FindCustomers
from bot import formats
from bot.formats import capital, day, people, percent, plain, segment, whole
from bot.reply import Cell, Choice
from bot.views import wording
from bot.views.features import conditions, matching_table
from bot.views.view import View, table, value_cell


@dataclass(frozen=True, kw_only=True)
class ExampleCustomersView(View):
    """Customers typical of a segment; ``count`` is "" where none are recorded."""

    segment: str
    count: str
    date: str


@dataclass(frozen=True, kw_only=True)
class BorderlineCustomersView(View):
    """``asked`` is "" for all segments; ``between`` where it is about those only."""

    matching: str
    customers: str
    share: str
    asked: str
    between: bool
    date: str


@dataclass(frozen=True, kw_only=True)
class FindCustomersView(View):
    """How many meet the condition; ``shown`` where some are listed."""

    matching: str
    customers: str
    share: str
    asked: str
    several: bool
    condition: str
    date: str
    shown: str
    order: str


def example_customers(data: ExampleCustomers, currency: str) -> ExampleCustomersView:
    """Examples a row each, the segment's median last."""
    labels = [capital(plain(v.label)) for v in data.customers[0].values] if data.customers else []
    rows: list[list[Cell | str]] = [
        [c.masked_id, *(value_cell(v.value, v.unit, currency) for v in c.values)]
        for c in data.customers
    ]
    for example in data.customers[:1]:
        medians = (value_cell(v.segment_median, v.unit, currency) for v in example.values)
        rows.append(["Median of the segment", *medians])
    who = segment(data.segment.segment_id, data.segment.name)
    return ExampleCustomersView(
        segment=who,
        count=people(len(data.customers)) if data.customers else "",
        date=day(data.as_of),
        tables=(table(f"Typical of {who}", ["Customer", *labels], rows),) if rows else (),
        choices=(Choice("Profile", f"profile of segment {data.segment.segment_id}"),),
    )


def borderline_customers(data: BorderlineCustomers, _currency: str) -> BorderlineCustomersView:
    """How many, and by segment."""
    total = next(m for m in data.matching if m.segment_id is None)
    by_segment = [m for m in data.matching if m.segment_id is not None]
    return BorderlineCustomersView(
        matching=people(total.matching),
        customers=whole(total.customers),
        share=percent(total.share),
        asked=wording.segments(data.asked),
        between=data.between,
        date=day(data.as_of),
        tables=(matching_table(f"Borderline on {day(data.as_of)}", by_segment),)
        if len(by_segment) > 1
        else (),
        choices=(Choice("What is borderline?", "what does borderline mean"),),
    )


def find_customers(data: FindCustomers, currency: str) -> FindCustomersView:
    """Counts by segment, and the customers with the highest or lowest value, masked."""
    total = next(m for m in data.matching if m.segment_id is None)
    by_segment = [m for m in data.matching if m.segment_id is not None]
    tables = []
    if len(by_segment) > 1 and data.conditions:
        tables.append(matching_table(f"By segment on {day(data.as_of)}", by_segment))
    if data.customers:
        tables.append(
            table(
                f"{'Lowest' if data.ascending else 'Highest'} {plain(data.label)}",
                ["Customer", capital(plain(data.label)), "Segment"],
                [
                    [
                        Cell(plain(c.masked_id)),
                        value_cell(c.value, data.unit, currency),
                        Cell(formats.short_segment(c.segment_id, c.name)),
                    ]
                    for c in data.customers
                ],
            )
        )
    return FindCustomersView(
        matching=people(total.matching),
        customers=whole(total.customers),
        share=percent(total.share),
        asked=wording.segments(data.asked),
        several=len(data.asked) > 1,
        condition=conditions(data.conditions, currency),
        date=day(data.as_of),
        shown=people(len(data.customers)) if data.customers else "",
        order=f"{'lowest' if data.ascending else 'highest'} {plain(data.label)}",
        tables=tuple(tables),
    )
