"""Views of answers about segments at one date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analytics.answers.facts import Comparison, Size
from analytics.answers.segments import (
    ExplainSegment,
    Overview,
    SegmentProfile,
    SegmentSize,
)
from bot import formats
from bot.formats import capital, day, people, percent, plain, segment, short_day, whole
from bot.reply import Cell, Chart, Choice, Series, Table
from bot.views import wording
from bot.views.view import (
    View,
    change_cell,
    count_cell,
    index_cell,
    share_cell,
    table,
    value_cell,
)


@dataclass(frozen=True, kw_only=True)
class OverviewView(View):
    """Every segment with the sentence that describes it."""

    customers: str
    count: str
    date: str
    largest: str
    largest_size: str
    segments: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class SegmentSizeView(View):
    """A sentence for each of up to three segments, else the largest and the smallest."""

    lines: tuple[str, ...]
    date: str
    count: str
    largest: str
    smallest: str


@dataclass(frozen=True, kw_only=True)
class SegmentProfileView(View):
    """One segment, in the order people ask; optional parts are ""."""

    segment: str
    customers: str
    share: str
    date: str
    description: str
    change: str
    weight: str
    drivers: tuple[str, ...]
    rule: str
    confidence: str
    since: str
    moved_in: str
    moved_out: str
    traits: str


@dataclass(frozen=True, kw_only=True)
class ExplainSegmentView(View):
    """What sets a segment apart, strongest first, and the rule that picks it."""

    segment: str
    date: str
    drivers: tuple[str, ...]
    rule: str
    confidence: str


def overview(data: Overview, _currency: str) -> OverviewView:
    """Sizes with their changes, and as a chart."""
    largest = max(data.segments, key=lambda size: size.customers)
    return OverviewView(
        customers=people(data.customers),
        count=people(data.count, "segment"),
        date=day(data.as_of),
        largest=wording.named(largest),
        largest_size=wording.of_all(largest),
        segments=tuple((wording.named(s), plain(s.description, 300)) for s in data.segments),
        tables=(sizes_table(data.segments, data.as_of, data.previous, data.month_before),),
        charts=(sizes_chart(data.segments),),
        choices=(
            Choice("Profile of the largest", f"profile of segment {largest.segment_id}"),
            Choice("What changed?", "did anything change this week?"),
        ),
    )


def sizes_table(
    sizes: tuple[Size, ...],
    as_of: date,
    previous: date | None,
    month_before: date | None = None,
) -> Table:
    """Sizes with their changes since the snapshot before and since four weeks before."""
    monthly = month_before is not None and month_before != previous
    headings = ["Segment", "Customers", "Share"]
    headings += [f"Since {short_day(previous, as_of)}"] if previous else []
    headings += [f"Since {short_day(month_before, as_of)}"] if month_before and monthly else []
    return table(
        f"Segments on {day(as_of)}",
        headings,
        [
            [
                Cell(formats.short_segment(size.segment_id, size.name)),
                count_cell(size.customers),
                share_cell(size.share),
                *([change_cell(size.relative_change)] if previous else []),
                *([change_cell(size.month_relative_change)] if monthly else []),
            ]
            for size in sizes
        ],
    )


def _sums_table(data: SegmentSize, currency: str) -> Table:
    """Sizes beside the part of each feature's total."""
    headings = ["Segment", "Customers", "Share"]
    profiles = wording.by_feature(data.features)
    for rows in profiles.values():
        headings += [f"Total {plain(rows[None].label)}", "Of all"]
    lines = []
    for size in data.segments:
        line = [
            Cell(formats.short_segment(size.segment_id, size.name)),
            count_cell(size.customers),
            share_cell(size.share),
        ]
        for rows in profiles.values():
            own = rows[size.segment_id]
            line += [value_cell(own.sum, own.unit, currency), share_cell(own.share_of_total)]
        lines.append(line)
    return table(f"Segments on {day(data.as_of)}", headings, lines)


def sizes_chart(sizes: tuple[Size, ...]) -> Chart:
    """Customers of each segment."""
    return Chart(
        "bar",
        "Customers by segment",
        tuple(formats.short_segment(size.segment_id, size.name) for size in sizes),
        (Series("Customers", tuple(float(size.customers) for size in sizes)),),
        "customers",
    )


def segment_size(data: SegmentSize, currency: str) -> SegmentSizeView:
    """Sizes, and the part of a feature's total where one was asked for."""
    several = len(data.segments) > 1
    tables = []
    if data.features:
        tables.append(_sums_table(data, currency))
    elif several:
        tables.append(sizes_table(data.segments, data.as_of, data.previous, data.month_before))
    ordered = sorted(data.segments, key=lambda size: -size.customers)
    return SegmentSizeView(
        date=day(data.as_of),
        count=people(len(data.segments), "segment"),
        largest=f"{wording.named(ordered[0])} with {wording.of_all(ordered[0])}",
        smallest=f"{wording.named(ordered[-1])} with {wording.of_all(ordered[-1])}",
        lines=tuple(_size_line(size, data) for size in data.segments)
        if len(data.segments) <= 3
        else (),
        tables=tuple(tables),
        charts=(sizes_chart(data.segments),) if several else (),
        choices=tuple(
            Choice("Over time", f"how is segment {size.segment_id} trending")
            for size in data.segments
            if not several
        ),
    )


def _size_line(size: Size, data: SegmentSize) -> str:
    change = wording.change_since(size, data.previous, data.month_before, data.as_of)
    line = (
        f"{capital(wording.named(size))} has {people(size.customers)} on {day(data.as_of)}, "
        f"{percent(size.share)} of all {whole(size.customers_of_all)}."
    )
    return f"{line} That is {change[:1].lower()}{change[1:]}." if change else line


def segment_profile(data: SegmentProfile, currency: str) -> SegmentProfileView:
    """A segment in words, and what its customers account for."""
    size = data.size
    return SegmentProfileView(
        segment=capital(wording.named(size)),
        customers=people(size.customers),
        share=percent(size.share),
        date=day(data.as_of),
        description=plain(size.description, 300),
        change=wording.change_since(size, data.previous, data.month_before, data.as_of),
        weight=_weight(data),
        drivers=tuple(wording.apart(driver, currency) for driver in data.drivers),
        rule=wording.rule_words(data.confidence),
        confidence=wording.confidence_words(data.confidence),
        since=short_day(data.previous, data.as_of) if data.previous else "",
        moved_in=_moves(
            [(m.from_segment_id, m.from_name, m.customers) for m in data.moved_in],
            "from",
            "new to the base",
        ),
        moved_out=_moves(
            [(m.to_segment_id, m.to_name, m.customers) for m in data.moved_out],
            "to",
            "no longer customers",
        ),
        traits="; ".join(
            f"{plain(trait.label)} “{plain(trait.value)}” {percent(trait.share)} "
            f"(everyone {percent(trait.share_of_all)})"
            for trait in data.traits
        ),
        tables=(_amounts(data, currency),) if data.amounts else (),
        choices=(
            Choice("Trend", f"how is segment {size.segment_id} trending"),
            Choice("Compare", f"compare segment {size.segment_id} with everyone"),
            Choice("What to offer?", f"what should we offer segment {size.segment_id}"),
        ),
    )


def _moves(moves: list[tuple[int | None, str | None, int]], way: str, outside: str) -> str:
    """``17 from segment 3 (...), 5 new customers``; the three largest flows."""
    return ", ".join(
        f"{whole(customers)} {outside}"
        if segment_id is None
        else f"{whole(customers)} {way} {segment(segment_id, name)}"
        for segment_id, name, customers in moves[:3]
    )


def _weight(data: SegmentProfile) -> str:
    """The amounts whose share is furthest from the share of customers: the most, and the least."""
    own = [c.own for c in data.amounts if c.own.share_of_total is not None]
    ordered = sorted(own, key=lambda row: row.share_of_total or 0.0)
    ends = dict.fromkeys([*reversed(ordered[-2:]), *ordered[:1]])
    parts = [f"{percent(row.share_of_total)} of all {plain(row.label)}" for row in ends]
    return formats.joined(parts) if parts else ""


def _amounts(data: SegmentProfile, currency: str) -> Table:
    rows = []
    for compared in data.amounts:
        own, everyone = compared.own, compared.everyone
        rows.append(
            [
                Cell(capital(plain(own.label))),
                share_cell(own.share_of_total),
                value_cell(own.mean, own.unit, currency),
                value_cell(everyone.mean, own.unit, currency),
                index_cell(own.index_vs_all),
                value_cell(own.median, own.unit, currency),
                share_cell(own.zero_share),
            ]
        )
    return table(
        f"What its {percent(data.size.share)} of customers account for",
        ["", "Of total", "Average", "Everyone", "Index", "Median", "None"],
        rows,
    )


def explain_segment(data: ExplainSegment, currency: str) -> ExplainSegmentView:
    """The drivers of a segment in words and numbers."""
    return ExplainSegmentView(
        segment=capital(wording.named(data.size)),
        date=day(data.as_of),
        drivers=tuple(wording.apart(driver, currency) for driver in data.drivers),
        rule=wording.rule_words(data.confidence),
        confidence=wording.confidence_words(data.confidence),
        tables=(drivers_table(data.drivers, currency),),
        choices=(Choice("Full profile", f"profile of segment {data.size.segment_id}"),),
    )


def drivers_table(drivers: tuple[Comparison, ...], currency: str) -> Table:
    """Drivers with what the segment and everyone have."""
    return table(
        "What sets it apart, strongest first",
        ["", "Average", "Everyone", "Median", "Everyone", "None"],
        [
            [
                Cell(capital(plain(own.label))),
                value_cell(own.mean, own.unit, currency),
                value_cell(everyone.mean, own.unit, currency),
                value_cell(own.median, own.unit, currency),
                value_cell(everyone.median, own.unit, currency),
                share_cell(own.zero_share),
            ]
            for own, everyone in ((c.own, c.everyone) for c in drivers)
        ],
    )
