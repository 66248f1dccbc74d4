"""The times of a question as the time slots of a query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analytics.model import Query
from bot.questions.items import Item, Items
from bot.questions.slots import Slots
from bot.questions.times import Calendar, Time, in_weeks

FLOWS = frozenset({"segment_trend", "migration", "drift", "explain_change", "customer_history"})


@dataclass(frozen=True, slots=True)
class When:
    """The time slots of a query, and what to say about how they were read."""

    as_of: date | None = None
    since: date | None = None
    weeks: int | None = None
    notes: tuple[str, ...] = ()


def when(slots: Slots, intent: str, calendar: Calendar) -> When:
    """Times for an intent: "last month" is four weeks of a flow, or the state a month ago."""
    flow = intent in FLOWS
    as_of = since = None
    weeks = slots.weeks
    notes: list[str] = []
    if slots.since:
        since = _stored(slots.since, calendar, notes, since=True)
    if intent == "customer_history" and all(m.kind == "previous" for m in slots.moments):
        pass  # "last time in what segment" asks for all of them
    elif slots.moments:
        first = slots.moments[0 if flow else -1]
        day = _stored(first, calendar, notes, since=flow)
        if flow and since is None:
            since = day
        else:
            as_of = day
    if slots.span and not slots.moments:
        if flow:
            weeks = weeks or in_weeks(slots.span.count, slots.span.unit)
        else:
            as_of = _stored(slots.span, calendar, notes)
    if slots.start and slots.start.unit not in ("week", "day") and flow:
        since = since or _stored(slots.start, calendar, notes)
    if as_of and as_of == calendar.snapshots[-1]:
        as_of = None
    return When(as_of, since, weeks, tuple(notes))


def with_then(items: Items, previous: Query | None) -> Items:
    """The items with "since then" read as the time named before it, or in the question before."""
    day = previous and (previous.as_of or previous.since)
    then = Time("day", day=day) if day else None
    read: list[Item] = []
    for item in items:
        if item.symbol in ("<when>", "<since>"):
            then = item.value
        if read and then and item.text == "then" and read[-1].symbol in ("since", "from"):
            item = Item("<since>", then, read.pop().text)
        read.append(item)
    return tuple(read)


def _stored(
    time: Time, calendar: Calendar, notes: list[str], *, since: bool = False
) -> date | None:
    day = calendar.snapshot(time, since=since)
    first = calendar.first()
    if day and first and since:
        day = max(day, first)
    if day and first and day >= first:
        notes.append(f"read '{said(time)}' as the fit of {day.day} {day:%b %Y}")
    return day


def said(time: Time) -> str:
    """A time in words."""
    year = f" {time.year}" if time.year else ""
    match time.kind:
        case "ago":
            if time.count == 1:
                return "yesterday" if time.unit == "day" else f"last {time.unit}"
            return f"{time.count:g} {time.unit}s ago"
        case "day" if time.day:
            return f"{time.day.day} {time.day:%b %Y}"
        case "part":
            when = (
                "the start" if time.count <= 5 else "the end" if time.count >= 25 else "the middle"
            )
            return f"{when} of {time.unit.capitalize()}{year}"
        case "date":
            return f"{time.count:g} {time.unit.capitalize()}{year}"
        case "digits":
            return f"{time.count:g}/{time.unit}{year}"
        case "month":
            return f"{time.unit.capitalize()}{year}"
        case "weekday":
            return f"last {time.unit.capitalize()}"
        case "quarter":
            return f"Q{time.count:g}{year}"
        case "start":
            return f"the start of the {time.unit}"
        case "first":
            return "the first week"
    return "the previous fit"
