"""The times of a question as the time slots of a query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analytics.model import Query
from bot.questions.slots.filled import Slots
from bot.questions.text.items import Item, Items, symbols
from bot.questions.times.calendar import Calendar, Time, in_weeks

_COMPARING = frozenset({"compare", "difference", "versus", "against"})
_CONTRASTING = _COMPARING | {"with", "to", "than", "or"}
_JOINS = frozenset("and & , in on at the of for".split())
# Of whom two moments can't be held against each other.
_OTHERWISE = frozenset(
    "which who biggest smallest most move migrate leave join go flow switch matrix sankey "
    "<customer> <filter> distribution histogram <trait>".split()
)
_EXPLAINED = frozenset("why reason explain change happen come behind drift".split())
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
        since = _stored(slots.since, calendar, notes, since=True, state=slots.contrast)
    if intent == "customer_history" and all(m.kind == "previous" for m in slots.moments):
        pass  # "last time in what segment" asks for all of them
    elif slots.moments:
        first = slots.moments[0 if flow else -1]
        start = slots.contrast or (flow and since is None)
        day = _stored(first, calendar, notes, since=start, state=slots.contrast)
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
    if as_of and since and since > as_of:
        as_of, since = since, as_of
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


def contrasted(items: Items) -> Items:
    """The items with two moments held against each other read as the time between them.

    "Segment 3 in August against September"; one of them may be now where a feature is measured.
    """
    times = [n for n, i in enumerate(items) if i.symbol in ("<when>", "<now>")]
    if len(times) != 2 or items[times[0]].value == items[times[1]].value:
        return items
    first, second = times
    before, between, after = items[:first], items[first + 1 : second], items[second + 1 :]
    words = {i.symbol for i in items}
    held = _COMPARING & words or _CONTRASTING & set(symbols(between))
    beside = "and" in symbols(between) and all(i.symbol in _JOINS for i in between)
    moments = [items[n].value for n in times if items[n].symbol == "<when>"]
    measured = bool({"<feature>", "size", "population"} & words)
    measured |= any(i.symbol == "<stat>" and i.value in ("count", "share") for i in items)
    if len(moments) + measured < 2 or not (held or beside) or _OTHERWISE & words:
        return items
    spoken_of = [
        {i.value for i in part if i.symbol in ("<segment>", "<n>")}
        for part in (before, between, after)
    ]
    if any(one and one != other for one in spoken_of for other in spoken_of if other):
        return items  # "2 in August against 3 in September"
    text = f"{items[first].text} {items[second].text}"
    said = Item("<since>", tuple(moments), text)
    small = _CONTRASTING | (_JOINS if beside else frozenset())
    about = (any(spoken_of) or measured) and not _EXPLAINED & words
    rest = (*before, said, *([Item("trend")] if about else []), *after)
    kept = [i for i in between if i.symbol not in small]
    return tuple(i for i in (*rest, *kept) if i.symbol not in _COMPARING)


def _stored(
    time: Time, calendar: Calendar, notes: list[str], *, since: bool = False, state: bool = False
) -> date | None:
    """The snapshot of a time, no earlier than the first where it is a start.

    ``state``: of a month how it ended, though it is a start.
    """
    day = calendar.snapshot(time, since=since and not state)
    first = calendar.first()
    if day and first and since:
        day = max(day, first)
    if day and first and day >= first:
        on = calendar.holiday(time) if time.kind == "holiday" else None
        dated = f" ({on.day} {on:%b %Y})" if on else ""
        notes.append(f"read '{said(time)}'{dated} as the fit of {day.day} {day:%b %Y}")
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
        case "week":
            return f"calendar week {time.count:g}"
        case "nth":
            month = f" of {time.unit} month" if time.unit else ""
            ends = {1: "st", 2: "nd", 3: "rd"} if time.count // 10 != 1 else {}
            return f"the {time.count:g}{ends.get(int(time.count) % 10, 'th')}{month}"
        case "digits":
            return f"{time.count:g}/{time.unit}{year}"
        case "month":
            return f"{time.unit.capitalize()}{year}"
        case "holiday":
            return f"before {time.unit}" if time.count else time.unit
        case "weekday":
            return f"last {time.unit.capitalize()}"
        case "quarter":
            return f"Q{time.count:g}{year}"
        case "start":
            return f"the start of the {time.unit}"
        case "first":
            return "the first week"
    return "the previous fit"
