"""Views of segments side by side: with each other, with everyone, with their past, by a trait."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.answers.facts import FeatureProfile, TraitShare
from analytics.answers.segments import Breakdown, CompareSegments, CompareWithPast
from bot import formats
from bot.formats import capital, day, people, percent, plain, segment, value, whole
from bot.reply import Cell, Chart, Choice, Series, Table
from bot.views import wording
from bot.views.view import View, count_cell, index_cell, share_cell, table

ByFeature = dict[str, dict[int | None, FeatureProfile]]

# Columns of a comparison of many segments, and features shown against an earlier date.
SIDE_BY_SIDE = 4
PAST = 5
# A trait value rarer than this in a segment is no news, however high its index; nor is a gap.
_COMMON = 0.05
_GAPS = frozenset({"unknown", "not known", "missing", "n/a", "na", "not stated", "unspecified"})


@dataclass(frozen=True, kw_only=True)
class CompareSegmentsView(View):
    """The feature that differs most (or was asked for) across ``count`` segments."""

    who: str
    count: int
    label: str
    asked: bool
    statistic: str
    values: str
    everyone: str
    lowest: str
    highest: str
    further: tuple[str, ...]
    date: str


@dataclass(frozen=True, kw_only=True)
class CompareWithPastView(View):
    """One segment now and on an earlier date."""

    segment: str
    date: str
    past: str
    customers: str
    past_customers: str
    change: str
    features: tuple[str, ...]


def compare_segments(data: CompareSegments, currency: str) -> CompareSegmentsView:
    """Two segments side by side with features down, more of them with segments down."""
    profiles = wording.by_feature(data.features)
    rows = next(iter(profiles.values()))
    statistic = data.statistic or "mean"
    everyone = rows[None]

    def shown(row: FeatureProfile) -> str:
        return wording.statistic_value(row, statistic, currency)

    ordered = sorted(data.sizes, key=lambda s: rows[s.segment_id].statistic(statistic) or 0.0)
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
        further=tuple(
            f"{capital(plain(other[None].label))}, {wording.STATISTICS[statistic]}: "
            f"{formats.joined([shown(other[size.segment_id]) for size in data.sizes])}, "
            f"against {shown(other[None])}"
            for other in list(profiles.values())[1:]
        ),
        date=day(data.as_of),
        tables=(_comparison(data, profiles, currency),)
        if len(data.sizes) <= 2
        else tuple(
            _line_up(data, profiles, statistic, currency)
            for statistic in ((data.statistic,) if data.statistic else ("mean", "median"))
        ),
        charts=(_indices(data, profiles),),
        choices=tuple(
            Choice(f"Profile of {size.segment_id}", f"profile of segment {size.segment_id}")
            for size in data.sizes[:3]
        ),
    )


def _comparison(data: CompareSegments, profiles: ByFeature, currency: str) -> Table:
    """Two segments or fewer as columns beside everyone; features down the side."""
    sizes = data.sizes
    headings = [formats.short_segment(size.segment_id, size.name) for size in sizes]
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
    return table(f"Side by side on {day(data.as_of)}", ["Feature", *headings, "Everyone"], lines)


def _line_up(data: CompareSegments, profiles: ByFeature, statistic: str, currency: str) -> Table:
    """Many segments: one a row, the features that differ most as columns."""
    shown = list(profiles.values())[:SIDE_BY_SIDE]
    lines: list[list[Cell | str]] = []
    everyone: tuple[int | None, str | None] = (None, None)
    for segment_id, name in [*((s.segment_id, s.name) for s in data.sizes), everyone]:
        cells = [wording.statistic_cell(rows[segment_id], statistic, currency) for rows in shown]
        lines.append([formats.short_segment(segment_id, name), *cells])
    return table(
        f"{capital(wording.STATISTICS[statistic])} on {day(data.as_of)}",
        ["Segment", *(capital(plain(rows[None].label)) for rows in shown)],
        lines,
    )


def _indices(data: CompareSegments, profiles: ByFeature) -> Chart:
    return Chart(
        "bar",
        "Average per customer (everyone = 100)",
        tuple(capital(plain(rows[None].label)) for rows in profiles.values()),
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
    """Size and the features whose averages changed most."""
    now, past = data.now_size, data.past_size
    then = {row.feature: row for row in data.then if row.segment_id is not None}
    pairs = [
        (row, then[row.feature])
        for row in data.now
        if row.segment_id is not None and row.feature in then
    ]
    pairs.sort(key=lambda pair: -_growth(*pair))
    lines: list[list[Cell | str]] = [
        ["Customers", count_cell(past.customers), count_cell(now.customers)],
        ["Share of all", share_cell(past.share), share_cell(now.share)],
    ]
    for own, before in pairs[:PAST]:
        for statistic in ("mean", "median"):
            cells = [wording.statistic_cell(row, statistic, currency) for row in (before, own)]
            label = f"{capital(plain(own.label))}, {wording.STATISTICS[statistic]}"
            lines.append([label, *cells])
    return CompareWithPastView(
        segment=capital(wording.named(now)),
        date=day(data.as_of),
        past=day(data.past),
        customers=people(now.customers),
        past_customers=whole(past.customers),
        change=wording.more_or_fewer(now.change or 0),
        features=tuple(
            f"{capital(plain(own.label))}: {value(own.mean, own.unit, currency)} on average, "
            f"{value(before.mean, own.unit, currency)} then"
            for own, before in pairs[:3]
        ),
        tables=(
            table(
                f"{capital(wording.named(now))} then and now",
                ["Feature", day(data.past), day(data.as_of)],
                lines,
            ),
        ),
        choices=(Choice("Trend", f"how is segment {now.segment_id} trending"),),
    )


def _growth(own: FeatureProfile, before: FeatureProfile) -> float:
    """How much a mean changed, as a share of what it was; 0 where that is not known."""
    if not (own.mean and before.mean):
        return 0.0
    return abs(own.mean / before.mean - 1)


@dataclass(frozen=True, kw_only=True)
class BreakdownView(View):
    """The trait value with the highest index, and what is left ``aside`` with a higher one;
    ``commonest`` of one segment, or where none stands out."""

    label: str
    date: str
    who: str
    aside: str
    value: str
    share: str
    share_of_all: str
    index: str
    commonest: str
    commonest_share: str


def breakdown(data: Breakdown, _currency: str) -> BreakdownView:
    """A trait in one segment with its index, or its shares in several."""
    named = {size.segment_id: size.name for size in data.sizes}
    over = [v for v in data.values if round(_index(v)) > 100]
    telling = [v for v in over if v.share >= _COMMON and v.value.lower() not in _GAPS]
    top = max(telling, key=_index, default=None)
    common = max(data.values, key=lambda v: v.share, default=None)
    if top and len(data.sizes) > 1:
        common = None
    return BreakdownView(
        label=plain(data.label),
        date=day(data.as_of),
        who=segment(top.segment_id, named[top.segment_id]) if top else "",
        aside=_aside([v for v in over if top and _index(v) > _index(top)]),
        value=plain(top.value) if top else "",
        share=percent(top.share) if top else "",
        share_of_all=percent(top.share_of_all) if top else "",
        index=whole(_index(top)) if top else "",
        commonest=plain(common.value) if common else "",
        commonest_share=percent(common.share) if common else "",
        tables=(_trait_table(data),) if data.values else (),
    )


def _index(value: TraitShare) -> float:
    return value.index_vs_all or 0.0


def _aside(higher: list[TraitShare]) -> str:
    """What has a higher index and is no news: ``“Unknown” and values of fewer than 5 %``"""
    gaps = dict.fromkeys(f"“{plain(v.value)}”" for v in higher if v.value.lower() in _GAPS)
    rare = any(v.value.lower() not in _GAPS for v in higher)
    parts = [*gaps, *([f"values of fewer than {percent(_COMMON)}"] if rare else [])]
    return formats.joined(parts) if parts else ""


def _trait_table(data: Breakdown) -> Table:
    """Shares with their index for one segment; shares of every segment for several."""
    of_all = {v.value: v.share_of_all for v in data.values}
    held = {(v.segment_id, v.value): v for v in data.values}
    caption = f"{capital(plain(data.label))} on {day(data.as_of)}"
    if len(data.sizes) > 1:
        caption += " by segment (S1 is segment 1)"
    if len(data.sizes) == 1:
        size = data.sizes[0]
        return table(
            caption,
            [capital(plain(data.label)), "Customers", "Share", "Everyone", "Index"],
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
        [capital(plain(data.label)), *(f"S{size.segment_id}" for size in data.sizes), "All"],
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
