"""Views of segments in order of a feature, and of how a feature spreads."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.answers.facts import FeatureProfile
from analytics.answers.features import Distribution, RankSegments
from bot import formats
from bot.formats import capital, day, people, percent, plain, segment, value
from bot.reply import Cell, Chart, Choice, Series, Table
from bot.views import wording
from bot.views.view import View, count_cell, share_cell, table


@dataclass(frozen=True, kw_only=True)
class RankSegmentsView(View):
    """The first segment in words; ``per_head`` where the order is by totals."""

    first: str
    among: str
    by_size: bool
    superlative: str
    statistic: str
    label: str
    amount: str
    everyone: str
    share: str
    of_total: bool
    share_of_customers: str
    customers: str
    per_head: str
    date: str


@dataclass(frozen=True, kw_only=True)
class DistributionView(View):
    """Median, middle half and tail of one segment, or of everyone."""

    who: str
    label: str
    amount: str
    date: str
    median: str
    middle: str
    spread: bool
    mostly_none: bool
    tenth: str
    without: str
    everyone_median: str


def rank_segments(data: RankSegments, currency: str) -> RankSegmentsView:
    """Segments in order, with everyone at the end where it is by a feature."""
    first = data.rows[0]
    by_size = data.everyone is None
    own, everyone = first.profile, data.everyone
    statistic = "mean" if by_size else data.statistic
    return RankSegmentsView(
        first=segment(first.size.segment_id, first.size.name),
        among=people(data.among, "segment") if data.among else "",
        by_size=by_size,
        superlative=("smallest" if data.ascending else "largest")
        if by_size
        else ("lowest" if data.ascending else "highest"),
        statistic="" if by_size else wording.STATISTICS[data.statistic],
        label="" if everyone is None else plain(everyone.label),
        amount="" if own is None else wording.statistic_value(own, statistic, currency),
        everyone=""
        if everyone is None or data.statistic in ("sum", "share")
        else wording.statistic_value(everyone, statistic, currency),
        share="" if own is None or data.statistic != "sum" else percent(own.share_of_total),
        of_total=data.statistic in ("sum", "share"),
        share_of_customers=percent(first.size.share),
        customers=people(first.size.customers),
        per_head=_per_head(data, currency),
        date=day(data.as_of),
        tables=(_rank_table(data, currency),),
        charts=(_rank_chart(data),),
        choices=(Choice("Profile", f"profile of segment {first.size.segment_id}"),),
    )


def _per_head(data: RankSegments, currency: str) -> str:
    """Who leads per customer, where the order is by totals and every segment is shown."""
    if data.statistic != "sum" or data.everyone is None:
        return ""
    profiles = [(row.size, row.profile) for row in data.rows if row.profile]
    best = min if data.ascending else max
    size, own = best(profiles, key=lambda pair: pair[1].mean or 0.0)
    mean = f"{value(own.mean, own.unit, currency)} on average"
    against = f"against {value(data.everyone.mean, own.unit, currency)} for everyone"
    if size.segment_id == data.rows[0].size.segment_id:
        return f"Per customer it comes first too: {mean}, {against}"
    return f"Per customer it is {wording.named(size)}: {mean}, {against}"


def _rank_table(data: RankSegments, currency: str) -> Table:
    if data.everyone is not None:
        return _feature_table(data, data.everyone, currency)
    return table(
        f"Segments by size on {day(data.as_of)}",
        ["Segment", "Customers", "Share"],
        [
            [
                Cell(formats.short_segment(row.size.segment_id, row.size.name)),
                count_cell(row.size.customers),
                share_cell(row.size.share),
            ]
            for row in data.rows[: data.top]
        ],
    )


def _feature_table(data: RankSegments, everyone: FeatureProfile, currency: str) -> Table:
    """Totals where they mean something, then average and median, and what it was ordered by."""
    statistics = ["mean", "median"]
    if everyone.unit in ("money", "count"):
        statistics = ["sum", "share", *statistics]
    if data.statistic not in statistics:
        statistics = [data.statistic, *statistics]
    rows = [
        (formats.short_segment(row.size.segment_id, row.size.name), row.profile, row.size.share)
        for row in data.rows[: data.top]
        if row.profile
    ]
    short = {"sum": "Total", "share": "Of total"}
    return table(
        f"{capital(plain(everyone.label))} on {day(data.as_of)}",
        [
            "Segment",
            "Of customers",
            *(short.get(s, capital(wording.STATISTICS[s])) for s in statistics),
        ],
        [
            [
                Cell(name),
                share_cell(share),
                *(wording.statistic_cell(profile, s, currency) for s in statistics),
            ]
            for name, profile, share in [*rows, ("Everyone", everyone, 1.0)]
        ],
    )


def _rank_chart(data: RankSegments) -> Chart:
    values = tuple(
        float(row.size.customers)
        if row.profile is None
        else (row.profile.statistic(data.statistic) or 0.0)
        for row in data.rows[: data.top]
    )
    label = "Customers" if data.everyone is None else capital(plain(data.everyone.label))
    return Chart(
        "bar",
        f"{label} by segment",
        tuple(formats.short_segment(r.size.segment_id, r.size.name) for r in data.rows[: data.top]),
        (Series(label, values),),
    )


def distribution(data: Distribution, currency: str) -> DistributionView:
    """Customers in bands with round edges."""
    *own, everyone = data.features
    about = own[0] if len(own) == 1 else everyone
    unit = everyone.unit
    names = {s.segment_id: s.name for s in data.asked}

    def shown(number: float | None) -> str:
        return value(number, unit, currency)

    return DistributionView(
        who=segment(about.segment_id, names.get(about.segment_id or 0)),
        label=plain(everyone.label),
        amount=wording.with_article(plain(everyone.label)),
        date=day(data.as_of),
        median=shown(about.median),
        middle=f"{shown(about.p25)} to {shown(about.p75)}",
        tenth=shown(about.p90) if about.p90 != about.max else "",
        spread=about.p25 != about.p75,
        mostly_none=(about.zero_share or 0.0) >= 0.5,
        without=percent(about.zero_share) if about.zero_share else "",
        everyone_median="" if about is everyone else shown(everyone.median),
        tables=(_bands(data, names, currency),),
        charts=(_bands_chart(data, names, currency),),
    )


def _tops(data: Distribution) -> tuple[float | None, ...]:
    return (*data.edges[1:], None)


def _band_names(data: Distribution, currency: str) -> list[str]:
    """``none``, ``up to $100``, ``$100 to $200``, ..., ``over $5,000``"""
    unit = data.features[-1].unit
    names = []
    for low, high in zip(data.edges, _tops(data), strict=True):
        if unit == "months" and high is not None and high - low == 1:
            names.append(value(high, unit, currency))
        elif unit == "months" and high is None:
            names.append(value(low + 1, unit, currency))
        elif high == 0:
            names.append("none")
        elif high is None:
            names.append(f"over {value(low, unit, currency)}")
        elif low == 0:
            names.append(f"up to {value(high, unit, currency)}")
        else:
            names.append(f"{value(low, unit, currency)} to {value(high, unit, currency)}")
    return names


def _bands(data: Distribution, names: dict[int, str], currency: str) -> Table:
    held = {(band.segment_id, band.top): band for band in data.bands}
    columns: list[int | None] = [*names, None]
    lines = []
    for top, name in zip(_tops(data), _band_names(data, currency), strict=True):
        line: list[Cell | str] = [capital(name)]
        for segment_id in columns:
            band = held.get((segment_id, top))
            line += [
                count_cell(band.customers if band else 0),
                share_cell(band.share if band else 0.0),
            ]
        lines.append(line)
    headings = [capital(plain(data.features[-1].label))]
    for segment_id in columns:
        headings += [formats.short_segment(segment_id, names.get(segment_id or 0)), "Share"]
    return table(f"{capital(plain(data.features[-1].label))} on {day(data.as_of)}", headings, lines)


def _bands_chart(data: Distribution, names: dict[int, str], currency: str) -> Chart:
    held = {(band.segment_id, band.top): band for band in data.bands}
    columns: list[int | None] = [*names, None]
    return Chart(
        "bar",
        f"Customers by {plain(data.features[-1].label)}",
        tuple(_band_names(data, currency)),
        tuple(
            Series(
                formats.short_segment(segment_id, names.get(segment_id or 0)),
                tuple(
                    100 * held[segment_id, top].share if (segment_id, top) in held else 0.0
                    for top in _tops(data)
                ),
            )
            for segment_id in columns
        ),
        "% of customers",
    )
