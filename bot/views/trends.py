"""Views of how segments develop over weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analytics.answers.changes import SegmentTrend, TrendPoint
from bot import formats
from bot.formats import capital, day, plain, segment, short_day, signed_percent, whole
from bot.reply import Cell, Chart, Choice, Series, Table
from bot.views import wording
from bot.views.view import View, change_cell, count_cell, share_cell, table, value_cell


@dataclass(frozen=True, kw_only=True)
class SegmentTrendView(View):
    """A sentence for each of up to four segments asked for, else the extremes of all."""

    lines: tuple[str, ...]
    snapshots: int
    since: str
    date: str
    first: str
    last: str
    last_fell: bool
    what: str


def segment_trend(data: SegmentTrend, currency: str) -> SegmentTrendView:
    """Week by week for one segment, then and now for several."""
    by_segment: dict[int | None, list[TrendPoint]] = {}
    for point in data.points:
        by_segment.setdefault(point.segment_id, []).append(point)
    everyone = by_segment.pop(None, [])
    asked = [s.segment_id for s in data.asked]
    shown = {k: points for k, points in by_segment.items() if not asked or k in asked}
    series = list(shown.values())
    last = [points[-1] for points in shown.values()]
    ordered = sorted(last, key=lambda point: point.relative_since_start or 0.0)
    measure = (
        "customers"
        if data.feature is None
        else f"{wording.STATISTICS[data.statistic]} {plain(data.label)}"
    )
    return SegmentTrendView(
        lines=tuple(_trend_line(points, data, currency) for points in shown.values())
        if 0 < len(asked) <= 4
        else (),
        snapshots=data.snapshots,
        since=short_day(data.since, data.as_of),
        date=day(data.as_of),
        first=_mover(ordered[-1], data, currency),
        last=_mover(ordered[0], data, currency),
        last_fell=(ordered[0].since_start or 0) < 0,
        what=measure,
        tables=()
        if data.snapshots < 2
        else (_weeks(series[0], everyone, data, currency),)
        if len(series) == 1
        else (_ends(series, everyone, data, currency),),
        charts=(_chart(series, measure, data.as_of),) if data.snapshots > 1 else (),
        choices=tuple(
            Choice(f"Why segment {k}?", f"why did segment {k} change")
            for k in list(shown)[:1]
            if asked and data.feature is None
        ),
    )


def _shown(number: float | None, data: SegmentTrend, currency: str) -> str:
    if data.feature is None:
        return whole(number or 0)
    return formats.value(number, data.unit, currency)


def _trend_line(points: list[TrendPoint], data: SegmentTrend, currency: str) -> str:
    first, last = points[0], points[-1]
    start, end = _shown(first.value, data, currency), _shown(last.value, data, currency)
    who = capital(segment(last.segment_id, last.name))
    since = short_day(first.as_of, data.as_of)
    if len(points) == 1:
        return f"{who} has only one snapshot in that time: {end} on {day(data.as_of)}"
    change = signed_percent(last.relative_since_start)
    if data.feature is None:
        if not last.since_start:
            return f"{who} has {end} customers on {day(data.as_of)}, as many as on {since}"
        verb = "grew" if last.since_start > 0 else "shrank"
        return (
            f"{who} {verb} from {start} customers on {since} to {end} on {day(data.as_of)} "
            f"({change})"
        )
    verb = "went from" if last.since_start else "stayed the same, from"
    measure = f"{wording.STATISTICS[data.statistic]} {plain(data.label)}"
    return f"{who}: {measure} {verb} {start} on {since} to {end} on {day(data.as_of)} ({change})"


def _mover(point: TrendPoint, data: SegmentTrend, currency: str) -> str:
    who = segment(point.segment_id, point.name)
    end = _shown(point.value, data, currency)
    noun = " customers" if data.feature is None else ""
    return f"{who}, {signed_percent(point.relative_since_start)} to {end}{noun}"


def _cell(number: float | None, data: SegmentTrend, currency: str) -> Cell:
    return count_cell(number) if data.feature is None else value_cell(number, data.unit, currency)


def _signed(change: float | None, data: SegmentTrend, currency: str) -> Cell:
    if not formats.known(change):
        return Cell("–")
    return Cell(f"{'+' if change > 0 else ''}{_shown(change, data, currency)}", round(change, 4))


def _weeks(
    points: list[TrendPoint], everyone: list[TrendPoint], data: SegmentTrend, currency: str
) -> Table:
    """One segment, a row for each snapshot."""
    base = {point.as_of: point.value for point in everyone}
    sized = data.feature is None
    who = formats.short_segment(points[0].segment_id, points[0].name)
    lines = [
        [
            Cell(day(point.as_of)),
            _cell(point.value, data, currency),
            _signed(point.change, data, currency),
            share_cell(point.share) if sized else _cell(base[point.as_of], data, currency),
        ]
        for point in points
    ]
    what = "Customers" if sized else capital(wording.STATISTICS[data.statistic])
    return table(who, ["Date", what, "Change", "Share of all" if sized else "Everyone"], lines)


def _ends(
    shown: list[list[TrendPoint]], everyone: list[TrendPoint], data: SegmentTrend, currency: str
) -> Table:
    """Several segments: where each started and where it is now."""
    lines = [
        [
            Cell(formats.short_segment(points[-1].segment_id, points[-1].name)),
            _cell(points[0].value, data, currency),
            _cell(points[-1].value, data, currency),
            _signed(points[-1].since_start, data, currency),
            change_cell(points[-1].relative_since_start),
        ]
        for points in [*shown, everyone]
    ]
    headings = ["Segment", short_day(data.since, data.as_of), short_day(data.as_of, data.as_of)]
    return table("Then and now", [*headings, "Change", "In %"], lines)


def _chart(shown: list[list[TrendPoint]], measure: str, as_of: date) -> Chart:
    """A line for each segment over the dates all of them have."""
    dates = sorted(set.intersection(*({point.as_of for point in points} for points in shown)))
    return Chart(
        "line",
        capital(measure),
        tuple(short_day(moment, as_of) for moment in dates),
        tuple(
            Series(
                formats.short_segment(points[0].segment_id, points[0].name),
                tuple(point.value or 0.0 for point in points if point.as_of in dates),
            )
            for points in shown
        ),
    )
