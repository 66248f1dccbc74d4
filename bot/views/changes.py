"""Views of answers about change."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.answers.changes import ExplainChange, SizeMovement
from analytics.answers.facts import Move
from analytics.answers.reader import SegmentName
from bot import formats
from bot.formats import capital, day, people, plain, segment, short_day, signed_percent, whole
from bot.reply import Cell, Choice, Table
from bot.views import wording
from bot.views.view import View, count_cell, table, value_cell

# Sums shown beside the customers: those that changed most.
MEASURES = 4


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
            shown.append(formats.one_or_many(f"{whole(move.customers)} {where}"))
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
    headings = ["Segment" if several else "Measure", start, "Behaviour", "Came or left", "New fit"]
    headings += [] if several else ["Stayed"]
    return table("What the change is made of", [*headings, short_day(data.as_of, data.as_of)], rows)
