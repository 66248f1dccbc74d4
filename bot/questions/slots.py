"""The slots of one question, gathered from its items."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from analytics.model import Condition, Query
from bot.questions.items import Item, Items
from bot.questions.lexicon import Lexicon
from bot.questions.times import Calendar, Time, in_weeks

_DESC = frozenset(
    "biggest big most highest top heaviest strongest richest leading maximum more longest greatest "
    "wealthiest widest main higher bigger descending desc riskiest argmax".split()
)
_ASC = frozenset(
    "smallest lowest bottom fewest weakest minimum poorest lightest shortest lower less ascending "
    "asc small argmin".split()
)
_COUNTED = frozenset(
    "segment customer <feature> reason driver example week month day people move feature spend buy "
    "ones option idea hint percent % time question biggest smallest highest lowest most top bottom "
    "real similar nearest closest typical riskiest sample different difference main".split()
)
_EXTREMES = {"highest": "max", "biggest": "max", "lowest": "min", "smallest": "min"}
_PLACES = {"second": 2, "third": 3, "fourth": 4, "fifth": 5}
_VERBS = frozenset({"pay", "buy", "owe", "withdraw", "shop"})
_EVERYTHING = frozenset({"whole", "all", "every", "each", "everything", "everyone", "segment"})
_FIRST_N = frozenset("top bottom first show me give list find".split())


@dataclass
class Slots:
    """What a question names; times are resolved to stored snapshots when asked for."""

    segments: list[int] = field(default_factory=list)
    unclear: list[tuple[int, ...]] = field(default_factory=list)
    features: list[str] = field(default_factory=list)
    statistics: list[str] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    customers: list[str] = field(default_factory=list)
    traits: list[str] = field(default_factory=list)
    unknown_traits: list[str] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    ends: dict[int, str] = field(default_factory=dict)
    order: Literal["asc", "desc"] | None = None
    top: int | None = None
    weeks: int | None = None
    moments: list[Time] = field(default_factory=list)
    since: Time | None = None
    span: Time | None = None
    start: Time | None = None
    now: bool = False
    chart: bool = False
    everything: bool = False
    worth: bool = False
    money: bool = False
    place: int | None = None
    extreme: str | None = None
    readings: dict[str, str] = field(default_factory=dict)
    loose_bounds: list[Item] = field(default_factory=list)

    def __bool__(self) -> bool:
        names = (n for n in self.__dataclass_fields__ if n not in ("everything", "extreme"))
        return any(bool(getattr(self, name)) for name in names)

    @property
    def about_us(self) -> bool:
        """Whether anything of the company is named: a segment, customer, feature, trait or offer."""
        ours = (self.segments, self.unclear, self.features, self.conditions, self.customers)
        return any(ours) or any((self.traits, self.offers, self.terms))

    def has(self, need: str) -> bool:
        """Whether something an intent needs is named."""
        return bool(
            {
                "segments": self.segments or self.unclear,
                "features": self.features,
                "customer": self.customers,
                "filter": self.conditions,
                "offer": self.offers,
                "term": self.terms,
            }.get(need, True)
        )

    def unused(self, query: Query) -> int:
        """How many things the question names and a query does without, the telling ones twice."""
        times = bool(self.weeks or self.moments or self.since)
        return sum(
            (
                2 * (bool(self.conditions) and not query.filter),
                2 * (bool(self.customers) and not query.customer),
                2 * (bool(self.traits) and not query.trait and query.intent != "model_info"),
                bool(self.features) and not (query.features or query.offer or query.name),
                bool(self.offers) and not query.offer,
                times and not (query.weeks or query.as_of or query.since),
                bool(self.loose_bounds),
            )
        )

    def notes(self, query: Query, lexicon: Lexicon) -> tuple[str, ...]:
        """How words that are no name or label of a feature were read."""
        return tuple(
            f"'{said}' read as {lexicon.features[name].label}"
            for name, said in self.readings.items()
            if name in query.features
        )


def gather(items: Items, lexicon: Lexicon) -> tuple[Items, Slots]:
    """The items with bare numbers read as segments or counts, and the slots they fill."""
    items = _zero_shares(_numbers(items))
    slots = Slots()
    for at, item in enumerate(items):
        if not _is_verb(items, at) and not _is_ruled_out(items, at):
            _put(slots, item)
    _ends(items, slots)
    words = [w for item in items for w in (item.symbol, *item.words)]
    slots.order = _order(items)
    slots.place = _place(items)
    for at, item in enumerate(items):
        if item.symbol == "<feature>" and at and items[at - 1].symbol in _EXTREMES:
            slots.extreme = _EXTREMES[items[at - 1].symbol]
    slots.chart = bool({"chart", "sankey"} & set(words))
    slots.everything = bool(_EVERYTHING & set(words))
    if {"often", "frequency"} & set(words):
        slots.features = [_frequency(name, lexicon) for name in slots.features]
    return items, slots


def _place(items: Items) -> int | None:
    """The place asked for in a ranking: "the second largest"."""
    for at, item in enumerate(items[:-1]):
        if items[at + 1].symbol in _DESC | _ASC:
            if item.symbol == "<nth>":
                return int(item.value)
            if item.symbol in _PLACES:
                return _PLACES[item.symbol]
    return None


def _is_ruled_out(items: Items, at: int) -> bool:
    """Whether a segment is named only to say that another one is meant: "not 3, 2"."""
    others = sum(i.symbol == "<segment>" for i in items) > 1
    return items[at].symbol == "<segment>" and others and at > 0 and items[at - 1].symbol == "not"


def _is_verb(items: Items, at: int) -> bool:
    """Whether a feature is only the verb of another: "who pays the most in minimum payments"."""
    if items[at].symbol != "<feature>" or not set(items[at].words) & _VERBS:
        return False
    for item in items[at + 1 : at + 6]:
        if item.symbol in (",", "and", "versus", "or", "&", "+"):
            return False
        if item.symbol == "<feature>":
            return True
    return False


def _frequency(name: str, lexicon: Lexicon) -> str:
    """ "How often" of a feature is its frequency, where there is one."""
    often = f"{name}_FREQUENCY"
    return often if often in lexicon.features else name


def _zero_shares(items: Items) -> Items:
    """ "What % ... have zero purchases" asks for a share of zeros, not for customers."""
    filters = [i for i in items if i.symbol == "<filter>"]
    shares = [i for i in items if i.symbol == "<stat>" and i.value == "share"]
    if len(filters) != 1 or len(shares) != 1:
        return items
    condition = filters[0].value[0]
    if (condition.op, condition.value) != ("=", 0.0):
        return items
    swapped = {
        id(filters[0]): replace(filters[0], symbol="<feature>", value=condition.feature),
        id(shares[0]): replace(shares[0], value="zero_share"),
    }
    return tuple(swapped.get(id(item), item) for item in items)


def _put(slots: Slots, item: Item) -> None:
    match item.symbol:
        case "<segment>":
            slots.segments += [s for s in item.value if s not in slots.segments]
        case "<segment?>":
            slots.unclear.append(item.value)
        case "<feature>":
            _add(slots.features, item.value)
            slots.readings.setdefault(item.value, item.text)
        case "<stat>":
            _add(slots.statistics, item.value)
        case "<filter>":
            slots.conditions += item.value
        case "<customer>":
            _add(slots.customers, item.value)
        case "<trait>" | "<value>":
            _add(slots.traits, item.value)
        case "<money>":
            slots.money = True
        case "<worth>":
            slots.worth = True
        case "<trait?>":
            _add(slots.unknown_traits, item.value)
        case "<offer>":
            _add(slots.offers, item.value)
        case "<term>":
            _add(slots.terms, item.value)
        case "<channel>":
            _add(slots.channels, item.value)
        case "<top>":
            slots.top = item.value
        case "<window>":
            slots.weeks = item.value
        case "<when>":
            slots.moments.append(item.value)
        case "<between>":
            slots.since = item.value[0]
            slots.moments.append(item.value[1])
        case "<since>":
            slots.since = item.value
        case "<span>":
            slots.span = item.value
        case "<this>":
            slots.start = item.value
        case "<now>":
            slots.now = True
        case "<bound>":
            slots.loose_bounds.append(item)


def _ends(items: Items, slots: Slots) -> None:
    """Marks segments as the from or to side of a movement by the word before them."""
    sides = {"from": "from", "leave": "from", "out": "from", "to": "to", "into": "to", "join": "to",
             "become": "to", "became": "to", "enter": "to"}  # fmt: skip
    for at, item in enumerate(items):
        if item.symbol == "<segment>":
            before = [
                i.symbol
                for i in items[max(0, at - 3) : at]
                if i.symbol not in ("the", "our", "of", "a")
            ]
            if before and before[-1] in sides:
                slots.ends.setdefault(item.value[0], sides[before[-1]])


def _add(known: list[Any], value: Any) -> None:
    if value not in known:
        known.append(value)


def _numbers(items: Items) -> Items:
    """Numbers left over: "top 3" and "3 customers" count, "compare 1 and 3" are segments."""
    result: list[Item] = []
    for at, item in enumerate(items):
        whole = item.symbol == "<n>" and not item.unit and not item.plus and item.value % 1 == 0
        if not whole or item.value >= 1000:
            result.append(item)
            continue
        number = int(item.value)
        before = result[-1].symbol if result else ""
        after = items[at + 1].symbol if at + 1 < len(items) else ""
        leads = before in (
            "top",
            "bottom",
            "first",
            "biggest",
            "smallest",
            "highest",
            "lowest",
            "most",
            "riskiest",
        )
        if before in ("to", "from", "into") and after != "segment":
            after = ""
        beyond = items[at + 2].symbol if at + 2 < len(items) else ""
        if (
            leads
            or (after == "<stat>" and beyond == "customer")
            or (after in _COUNTED and not _listed(items, at))
        ):
            kind = (
                "<n>"
                if after == "segment"
                and not leads
                and before not in _DESC | _ASC
                and not {"biggest", "smallest", "most", "highest", "lowest", "top", "bottom"}
                & {i.symbol for i in items}
                else "<top>"
            )
            result.append(Item(kind, number if kind == "<top>" else item.value, item.text))
        elif (
            before in ("k", "=", "p", "q", "version", "page")
            or after
            in (
                "am",
                "pm",
                "cluster",
                "pop",
            )
            or (
                before == "why"
                or before in ("not", "of")
                and any(i.symbol == "segment" for i in items)
                and any(i.symbol in ("why", "instead") for i in items)
            )
        ):
            result.append(item)
        else:
            result.append(Item("<segment>", (number,), item.text))
    return tuple(result)


def _listed(items: Items, at: int) -> bool:
    """Whether a number stands in a list with other segments, as in "1 and 2 customers"."""
    before = items[at - 1].symbol if at else ""
    return (
        before in ("and", "&", "+", "versus", "or")
        and at > 1
        and items[at - 2].symbol in ("<n>", "<segment>")
    )


def _order(items: Items) -> Literal["asc", "desc"] | None:
    for at, item in enumerate(items):
        if item.symbol in ("high", "low") and at + 2 < len(items) and items[at + 1].symbol == "to":
            return "desc" if item.symbol == "high" else "asc"
        if (
            item.symbol in ("highest", "lowest", "biggest", "smallest", "most", "less")
            and at + 2 < len(items)
            and items[at + 1].symbol == "to"
        ):
            return "desc" if item.symbol in _DESC else "asc"
    for at, item in enumerate(items):
        if item.symbol == "<feature>" and at:
            if items[at - 1].symbol in _ASC:
                return "asc"
            if items[at - 1].symbol in _DESC:
                return "desc"
    for item in items:
        if item.symbol in ("<bound>", "<filter>", "<window>", "<since>", "<when>", "<segment>"):
            continue
        words = {item.symbol, *item.words}
        if words & _ASC and not (item.symbol == "<feature>" and "minimum" in words):
            return "asc"
        if words & _DESC:
            return "desc"
    return None


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
    if slots.moments:
        day = _stored(slots.moments[-1], calendar, notes, since=flow)
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
    if as_of and calendar.snapshots and as_of == calendar.snapshots[-1]:
        as_of = None
    return When(as_of, since, weeks, tuple(notes))


def _stored(
    time: Time, calendar: Calendar, notes: list[str], *, since: bool = False
) -> date | None:
    day = calendar.snapshot(time, since=since)
    if day:
        notes.append(f"read '{said(time)}' as the fit of {day.day} {day:%b %Y}")
    else:
        notes.append("nothing is stored yet for that time")
    return day


def said(time: Time) -> str:
    """A time in words."""
    match time.kind:
        case "ago":
            count = f"{time.count:g}"
            if count == "1":
                return f"last {time.unit}" if time.unit != "day" else "yesterday"
            return f"{count} {time.unit}s ago"
        case "day" if time.day:
            return f"{time.day.day} {time.day:%b %Y}"
        case "date":
            year = f" {time.year}" if time.year else ""
            return f"{time.count:g} {time.unit.capitalize()}{year}"
        case "month":
            return f"{time.unit.capitalize()} {time.year or ''}".strip()
        case "weekday":
            return f"last {time.unit.capitalize()}"
        case "quarter":
            return f"Q{time.count:g} {time.year or ''}".strip()
        case "start":
            return f"the start of the {time.unit}"
        case "first":
            return "the first week"
    return "the previous fit"
