"""Views of answers about change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analytics.answers.changes import ExplainChange, SegmentTrend, SizeMovement, TrendPoint
from analytics.answers.facts import Move
from analytics.answers.reader import SegmentName
from bot import formats
from bot.formats import capital, day, people, plain, segment, short_day, signed_percent, whole
from bot.reply import Cell, Chart, Choice, Series, Table
from bot.views import wording
from bot.views.view import View, change_cell, count_cell, share_cell, table, value_cell

# Sums shown beside the customers: those that changed most.
MEASURES = 4


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
    return table(who, ["", what, "Change", "Share of all" if sized else "Everyone"], lines)


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
    headings = ["", short_day(data.since, data.as_of), short_day(data.as_of, data.as_of)]
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


@dataclass(frozen=True, kw_only=True)
class ExplainChangeView(View):
    """The change of a segment; ``asked`` is False where it is only the largest of all."""

    who: str
    asked: bool
    date: str
    since: str
    change: str
    percent: str
    usual: str
    parts: tuple[str, ...]
    moved_in: str
    moved_out: str
    reasons: tuple[str, ...]


def explain_change(data: ExplainChange, currency: str) -> ExplainChangeView:
    """What a change is made of, as a sentence and a table that adds up."""
    names = {s.segment_id: s.name for s in data.names}
    measured = [m for m in data.movements if m.measure == data.measure]
    lead = max(measured, key=lambda m: abs(m.relative_change or 0.0), default=None)
    return ExplainChangeView(
        who=segment(lead.segment_id, names[lead.segment_id]) if lead else "",
        asked=data.segment is not None,
        date=day(data.as_of),
        since=short_day(data.since, data.as_of) if data.since else "",
        change=_change_words(lead, currency) if lead else "",
        percent=signed_percent(lead.relative_change) if lead else "",
        usual=wording.usual_range(data.size)
        if data.size and data.weekly and data.measure == "customers"
        else "",
        parts=_parts(lead, currency) if lead else (),
        moved_in=_moved(data.moves, data.segment, inward=True),
        moved_out=_moved(data.moves, data.segment, inward=False),
        reasons=tuple(formats.with_names(e.text, names) for e in data.events),
        tables=(_movements(data, names, currency),) if data.movements else (),
        choices=tuple(
            Choice("Over time", f"how is segment {s.segment_id} trending")
            for s in ([data.segment] if data.segment else [])
        ),
    )


def _change_words(movement: SizeMovement, currency: str) -> str:
    sized = movement.measure == "customers"

    def shown(number: float) -> str:
        return people(number) if sized else formats.value(number, movement.unit, currency)

    thing = "" if sized else f"has total {plain(movement.label)} that "
    if not movement.change:
        return f"{thing}did not change, {shown(movement.current)},"
    grew, shrank = ("grew", "shrank") if sized else ("rose", "fell")
    verb = grew if movement.change > 0 else shrank
    by = whole(abs(movement.change)) if sized else shown(abs(movement.change))
    return f"{thing}{verb} by {by} to {shown(movement.current)}"


def _parts(movement: SizeMovement, currency: str) -> tuple[str, ...]:
    """The parts of a change, largest first."""
    sized = movement.measure == "customers"
    parts = (
        (
            movement.behaviour,
            "because customers behave differently"
            if sized
            else "from customers who changed segment",
        ),
        (movement.population, "from customers who came or left"),
        (movement.model, "from a new fit placing customers elsewhere"),
        (movement.within, "from customers who stayed"),
    )
    return tuple(
        f"{'+' if part > 0 else ''}"
        f"{formats.whole(part) if sized else formats.value(part, movement.unit, currency)} {why}"
        for part, why in sorted(parts, key=lambda p: -abs(p[0]))
        if part
    )


def _moved(moves: tuple[Move, ...], who: SegmentName | None, *, inward: bool) -> str:
    if who is None:
        return ""
    shown = []
    for move in moves:
        start = (move.from_segment_id, move.from_name, "from", "new customers")
        end = (move.to_segment_id, move.to_name, "to", "who left")
        here, (other, name, way, outside) = (end, start) if inward else (start, end)
        if here[0] == who.segment_id:
            where = outside if other is None else f"{way} {segment(other, name)}"
            shown.append(f"{whole(move.customers)} {where}")
    return formats.joined(shown[:4]) if shown else ""


def _movements(data: ExplainChange, names: dict[int, str], currency: str) -> Table:
    """The parts of every change; they add up to the change from then to now."""

    def cell(number: float, unit: str) -> Cell:
        return value_cell(number, unit, currency) if unit == "money" else count_cell(number)

    def signed(number: float, unit: str) -> Cell:
        shown = cell(number, unit)
        return Cell(f"+{shown.text}", shown.value) if number > 0 else shown

    several = len(data.names) > 1
    shown = [m for m in data.movements if not several or m.measure == "customers"]
    rows = [
        [
            Cell(
                formats.short_segment(m.segment_id, names[m.segment_id])
                if several
                else capital(plain(m.label))
            ),
            cell(m.previous, m.unit),
            signed(m.behaviour, m.unit),
            signed(m.population, m.unit),
            signed(m.model, m.unit),
            *([] if several else [signed(m.within, m.unit)]),
            cell(m.current, m.unit),
        ]
        for m in shown[: None if several else MEASURES]
    ]
    start = short_day(data.since, data.as_of) if data.since else "Before"
    headings = ["", start, "Behaviour", "Came or left", "New fit"]
    headings += [] if several else ["Stayed"]
    return table("What the change is made of", [*headings, short_day(data.as_of, data.as_of)], rows)
