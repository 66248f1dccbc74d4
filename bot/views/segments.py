"""Views of answers about segments at one date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analytics.answers.facts import Comparison, FeatureProfile, Size
from analytics.answers.segments import (
    Breakdown,
    CompareSegments,
    CompareWithPast,
    ExplainSegment,
    Overview,
    SegmentProfile,
    SegmentSize,
)
from bot import formats
from bot.formats import capital, day, people, percent, plain, segment, short_day, value, whole
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
    customers: str
    count: str
    date: str
    largest: str
    largest_size: str
    segments: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class SegmentSizeView(View):
    lines: tuple[str, ...]
    date: str
    count: str
    largest: str
    smallest: str


@dataclass(frozen=True, kw_only=True)
class SegmentProfileView(View):
    segment: str
    customers: str
    share: str
    date: str
    description: str
    change: str
    drivers: tuple[str, ...]
    rule: str
    confidence: str
    since: str
    moved_in: str
    moved_out: str
    traits: str


@dataclass(frozen=True, kw_only=True)
class CompareSegmentsView(View):
    who: str
    count: int
    label: str
    asked: bool
    statistic: str
    values: str
    everyone: str
    lowest: str
    highest: str
    date: str


@dataclass(frozen=True, kw_only=True)
class CompareWithPastView(View):
    segment: str
    date: str
    past: str
    customers: str
    past_customers: str
    change: str
    features: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ExplainSegmentView(View):
    segment: str
    date: str
    drivers: tuple[str, ...]
    rule: str
    confidence: str


def overview(data: Overview, _currency: str) -> OverviewView:
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
    size = data.size
    return SegmentProfileView(
        segment=capital(wording.named(size)),
        customers=people(size.customers),
        share=percent(size.share),
        date=day(data.as_of),
        description=plain(size.description, 300),
        change=wording.change_since(size, data.previous, data.month_before, data.as_of),
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
        ["", "Average", "Everyone", "Median", "Everyone's", "None", "Everyone"],
        [
            [
                Cell(capital(plain(own.label))),
                value_cell(own.mean, own.unit, currency),
                value_cell(everyone.mean, own.unit, currency),
                value_cell(own.median, own.unit, currency),
                value_cell(everyone.median, own.unit, currency),
                share_cell(own.zero_share),
                share_cell(everyone.zero_share),
            ]
            for own, everyone in ((c.own, c.everyone) for c in drivers)
        ],
    )


def compare_segments(data: CompareSegments, currency: str) -> CompareSegmentsView:
    profiles = wording.by_feature(data.features)
    rows = next(iter(profiles.values()))
    statistic = data.statistic or "mean"
    everyone = rows[None]

    def shown(row: FeatureProfile) -> str:
        return wording.statistic_value(row, statistic, currency)

    ordered = sorted(
        data.sizes, key=lambda s: wording.statistic_number(rows[s.segment_id], statistic) or 0.0
    )
    low, high = ordered[0], ordered[-1]
    return CompareSegmentsView(
        who=formats.joined([wording.named(size) for size in data.sizes]),
        count=len(data.sizes),
        label=plain(everyone.label),
        asked=data.asked,
        statistic=wording.STATISTICS[statistic],
        values=formats.joined([shown(rows[size.segment_id]) for size in data.sizes]),
        everyone=shown(everyone),
        lowest=f"{shown(rows[low.segment_id])} in {wording.named(low)}",
        highest=f"{shown(rows[high.segment_id])} in {wording.named(high)}",
        date=day(data.as_of),
        tables=(_comparison(data, profiles, currency),),
        charts=(_indices(data, profiles),),
        choices=tuple(
            Choice(f"Profile of {size.segment_id}", f"profile of segment {size.segment_id}")
            for size in data.sizes[:3]
        ),
    )


def _comparison(
    data: CompareSegments,
    profiles: dict[str, dict[int | None, FeatureProfile]],
    currency: str,
) -> Table:
    sizes = data.sizes
    short = len(sizes) <= 2
    headings = [
        formats.short_segment(s.segment_id, s.name) if short else f"Segment {s.segment_id}"
        for s in sizes
    ]
    total = sizes[0].customers_of_all
    lines: list[list[Cell | str]] = [
        ["Customers", *(count_cell(size.customers) for size in sizes), count_cell(total)],
        ["Share of all", *(share_cell(size.share) for size in sizes), share_cell(1.0)],
    ]
    for rows in profiles.values():
        long_tailed = rows[None].unit in ("money", "count")
        default = ("mean", "median") if long_tailed else ("mean",)
        for statistic in (data.statistic,) if data.statistic else default:
            cells = [
                wording.statistic_cell(rows[segment_id], statistic, currency)
                for segment_id in (*(size.segment_id for size in sizes), None)
            ]
            label = f"{capital(plain(rows[None].label))}, {wording.STATISTICS[statistic]}"
            lines.append([label, *cells])
    return table(f"Side by side on {day(data.as_of)}", ["", *headings, "Everyone"], lines)


def _indices(data: CompareSegments, profiles: dict[str, dict[int | None, FeatureProfile]]) -> Chart:
    return Chart(
        "bar",
        "Average per customer (everyone = 100)",
        tuple(plain(rows[None].label) for rows in profiles.values()),
        tuple(
            Series(
                formats.short_segment(size.segment_id, size.name),
                tuple(rows[size.segment_id].index_vs_all or 0.0 for rows in profiles.values()),
            )
            for size in data.sizes
        ),
        "index",
    )


def compare_with_past(data: CompareWithPast, currency: str) -> CompareWithPastView:
    now, past = data.now_size, data.past_size
    now_rows, then_rows = wording.by_feature(data.now), wording.by_feature(data.then)
    lines: list[list[Cell | str]] = [
        ["Customers", count_cell(past.customers), count_cell(now.customers)],
        ["Share of all", share_cell(past.share), share_cell(now.share)],
    ]
    sentences = []
    for feature, rows in now_rows.items():
        own, then = rows[now.segment_id], then_rows.get(feature, {}).get(now.segment_id)
        if then is None:
            continue
        label = capital(plain(own.label))
        for statistic in ("mean", "median"):
            cells = [wording.statistic_cell(row, statistic, currency) for row in (then, own)]
            lines.append([f"{label}, {wording.STATISTICS[statistic]}", *cells])
        sentences.append(
            f"{label}: on average {value(own.mean, own.unit, currency)}, "
            f"{value(then.mean, own.unit, currency)} then"
        )
    return CompareWithPastView(
        segment=capital(wording.named(now)),
        date=day(data.as_of),
        past=day(data.past),
        customers=people(now.customers),
        past_customers=whole(past.customers),
        change=wording.more_or_fewer(now.customers - past.customers),
        features=tuple(sentences[:3]),
        tables=(
            table(
                f"{capital(wording.named(now))} then and now",
                ["", day(data.past), day(data.as_of)],
                lines,
            ),
        ),
        choices=(Choice("Trend", f"how is segment {now.segment_id} trending"),),
    )


@dataclass(frozen=True, kw_only=True)
class BreakdownView(View):
    label: str
    date: str
    who: str
    value: str
    share: str
    share_of_all: str
    index: str
    commonest: str
    commonest_share: str


def breakdown(data: Breakdown, _currency: str) -> BreakdownView:
    named = {size.segment_id: size.name for size in data.sizes}
    telling = [v for v in data.values if v.share >= _COMMON and v.index_vs_all is not None]
    top = max(telling, key=lambda v: v.share - v.share_of_all, default=None)
    common = max(data.values, key=lambda v: v.share, default=None)
    return BreakdownView(
        label=plain(data.label),
        date=day(data.as_of),
        who=segment(top.segment_id, named[top.segment_id]) if top else "",
        value=plain(top.value) if top else "",
        share=percent(top.share) if top else "",
        share_of_all=percent(top.share_of_all) if top else "",
        index=whole(top.index_vs_all) if top and top.index_vs_all else "",
        commonest=plain(common.value) if common else "",
        commonest_share=percent(common.share) if common else "",
        tables=(_trait_table(data),) if data.values else (),
    )


# A trait value rarer than this in a segment is no news, however high its index.
_COMMON = 0.05


def _trait_table(data: Breakdown) -> Table:
    """Shares with their index for one segment; shares of every segment for several."""
    of_all = {v.value: v.share_of_all for v in data.values}
    held = {(v.segment_id, v.value): v for v in data.values}
    caption = f"{capital(plain(data.label))} on {day(data.as_of)}"
    if len(data.sizes) == 1:
        size = data.sizes[0]
        return table(
            caption,
            ["", "Customers", "Share", "Everyone", "Index"],
            [
                [
                    Cell(plain(v.value)),
                    count_cell(v.customers),
                    share_cell(v.share),
                    share_cell(v.share_of_all),
                    index_cell(v.index_vs_all),
                ]
                for v in data.values
                if v.segment_id == size.segment_id
            ],
        )
    return table(
        caption,
        ["", *(f"Segment {size.segment_id}" for size in data.sizes), "Everyone"],
        [
            [
                Cell(plain(value)),
                *(
                    share_cell(found.share if (found := held.get((s.segment_id, value))) else 0.0)
                    for s in data.sizes
                ),
                share_cell(share),
            ]
            for value, share in sorted(of_all.items(), key=lambda item: -item[1])
        ],
    )
