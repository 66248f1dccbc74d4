"""What a follow-up says of the question before without a pronoun: "since then", "a week later"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from analytics.model import Query
from bot.questions.followups.pointing import CUSTOMER_INTENTS
from bot.questions.followups.renumbered import SWAPS
from bot.questions.text.items import Found, Item, Items, rewritten, skip, symbol, symbols
from bot.questions.text.phrases import base_forms
from bot.questions.things.lexicon import Lexicon
from bot.questions.times.calendar import Time, in_weeks

_POINTING = frozenset({"that", "this", "the", "same"})
_MOMENTS = frozenset({"time", "date", "day", "week", "point", "moment", "snapshot", "refit", "fit"})
_SPANS = frozenset({"period", "window", "timeframe", "timespan", "span", "stretch", "weeks"})
_LATER = frozenset({"later", "after", "on", "afterwards", "onwards"})
_EARLIER = ("earlier", "before", "prior")
_ANSWERS = frozenset("number figure stat stats data question view thing chart stuff".split())
_ORDER = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
_PAIRED = {"former": 0, "latter": -1}
_SWITCHING = frozenset({"switch", "change", "swap", "turn", "move", "shift", "go"})
_ENDING = frozenset({"please", "then", "too", "now", "instead", "also"})
_COMPARED = frozenset({"versus", "against", "compare", "than", "with", "to", "from", "difference"})
_OF_ONE = frozenset(
    "feature_stat segment_size distribution breakdown segment_trend segment_profile recommend "
    "explain_segment".split()
)
_UNITS = frozenset({"day", "week", "month", "quarter"})
# Of a segment these ask nothing that a feature could stand in for.
_OF_SEGMENTS = frozenset(
    "recommend segment_profile explain_segment segment_size export_audience breakdown "
    "explain_change".split()
)


def recalled(items: Items, previous: Query, lexicon: Lexicon) -> Items:
    """The items with what they take from the question before put in its words."""

    def rule(items: Items, at: int) -> Found:
        return (
            _and(items, at)
            or _same_numbers(items, at)
            or _first_of_them(items, at, previous)
            or _switched(items, at)
            or _other_segments(items, at, previous, lexicon)
            or _since(items, at, previous)
            or _moved_on(items, at, previous)
            or _on_the(items[at], previous, lexicon.snapshots)
            or _same_time(items, at, previous)
            or _same_customer(items, at, previous)
            or _nickname(items, at, previous, lexicon)
            or _others(items, at, lexicon)
            or _within(items, at, previous)
            or _between_them(items, at)
        )

    return rewritten(items, rule)


def _and(items: Items, at: int) -> Found:
    """ "n for seg 3?", as "and" is typed."""
    short = at == 0 and items[0].text in ("n", "nd", "'n'") and len(items) > 1
    return (1, Item("and", text="and")) if short else None


def _first_of_them(items: Items, at: int, previous: Query) -> Found:
    """ "The first one", "the latter" of several segments spoken of."""
    if items[at].symbol != "the" or len(previous.segments) < 2:
        return None
    said = items[at + 1].text if at + 1 < len(items) else ""
    one = symbol(items, at + 2) in ("one", "<n>") and items[at + 2].text == "one"
    place = _ORDER.get(said) if one else _PAIRED.get(said)
    if place is None or place >= len(previous.segments):
        return None
    return 2 + one, Item("<segment>", (previous.segments[place],))


def _switched(items: Items, at: int) -> Found:
    """ "Switch to the sum", "change it to payments" ask for that instead."""
    if items[at].text not in _SWITCHING:
        return None
    to = skip(items, at + 1, {"it", "that", "this", "them", "over", "back"})
    end = skip(items, to + 1, {"the", "a", "an"})
    measured = symbol(items, end) in ("<stat>", "<feature>", "<trait>")
    if symbol(items, to) not in ("to", "for", "into") or not measured:
        return None
    return end - at, Item("instead", text="instead")


def _other_segments(items: Items, at: int, previous: Query, lexicon: Lexicon) -> Found:
    """ "The other segments?", "all the others" are those not spoken of before."""
    start = skip(items, at, {"the", "all", "our"})
    segment = symbol(items, start) == "other" and symbol(items, start + 1) == "segment"
    several = segment and items[start + 1].text.endswith("s")
    whole = "all" in symbols(items, at, start - at)
    several = several or (whole and start < len(items) and items[start].text == "others")
    end = start + 1 + segment
    asked = not (several and previous.segments) or any(i.is_name for i in items)
    if asked or any(i.is_word and i.symbol not in _ENDING for i in items[end:]):
        return None
    others = tuple(s for s in lexicon.active_ids() if s not in previous.segments)
    held = previous.intent in _OF_ONE and bool(others) and not _COMPARED & set(symbols(items))
    return (end - at, Item("<segment>", others)) if held else None


def _same_numbers(items: Items, at: int) -> Found:
    """ "The same numbers a month earlier" are the same."""
    same = items[at].symbol == "same" and symbol(items, at + 1) in _ANSWERS
    return (2, Item("same", text="same")) if same else None


def _since(items: Items, at: int, previous: Query) -> Found:
    """ "Since that day", "from that date on"; "since then" is read before."""
    day = previous.as_of or previous.since
    if day is None or items[at].symbol not in ("since", "from"):
        return None
    end = skip(items, at + 1, _POINTING)
    if symbol(items, end) in _MOMENTS and end > at + 1:
        end += 1
    elif not (items[at].symbol == "since" and end == len(items) > at + 1):
        return None
    end = skip(items, end, {"on", "onwards"})
    return end - at, Item("<since>", Time("day", day=day), "since then")


def _moved_on(items: Items, at: int, previous: Query) -> Found:
    """ "Two weeks later", "the week after that", "a week earlier" than the day asked about."""
    if previous.as_of is None:
        return None
    item, start = items[at], skip(items, at, {"a", "one", "the"})
    end, weeks = at, 0
    if item.symbol == "<window>" and symbol(items, at + 1) in _LATER:
        end, weeks = at + 2, item.value
    elif symbol(items, start) in _UNITS and symbol(items, start + 1) in _LATER and start > at:
        end, weeks = start + 2, in_weeks(1, symbol(items, start))
    elif symbol(items, start) in ("next", "follow") and symbol(items, start + 1) in _UNITS:
        end, weeks = start + 2, in_weeks(1, symbol(items, start + 1))
    elif item.symbol == "<when>" and item.text.endswith(_EARLIER) and not item.value.year:
        ago = item.value
        end, weeks = at + 1, -in_weeks(ago.count, ago.unit) if ago.kind == "ago" else -1
    if not weeks:
        return None
    end = skip(items, end, {"that", "then"})
    return end - at, Item("<when>", Time("day", day=previous.as_of + timedelta(weeks=weeks)))


def _on_the(item: Item, previous: Query, snapshots: Sequence[date]) -> Found:
    """ "And on the 28th": the one nearest to the day asked about."""
    asked_about = previous.as_of
    if asked_about is None or item.symbol != "<when>" or item.value.kind != "nth":
        return None
    days = [day for day in snapshots if day.day == item.value.count]
    nearest = min(days, key=lambda day: abs(day - asked_about), default=None)
    return (1, Item("<when>", Time("day", day=nearest))) if nearest else None


def _same_time(items: Items, at: int, previous: Query) -> Found:
    """ "Back then", "at that time"; "over the same period"."""
    day = previous.as_of or previous.since
    start = skip(items, at, {"at", "on", "in", "of", "as", "for", "over", "during", "back", "to"})
    if symbols(items, start - 1, 2) == ["back", "then"] and day and start > at:
        return start + 1 - at, Item("<when>", Time("day", day=day))
    end = skip(items, start, _POINTING)
    pointed = {"that", "same"} & set(symbols(items, start, end - start))
    if not pointed or end >= len(items):
        return None
    if items[end].symbol in _MOMENTS and items[end].text != "weeks" and day:
        return end + 1 - at, Item("<when>", Time("day", day=day))
    if items[end].symbol in _SPANS or items[end].text == "weeks" or symbol(items, end) == "time":
        width = end + 1 - at + (symbols(items, end, 2) in (["time", "frame"], ["time", "period"]))
        if previous.weeks:
            return width, Item("<window>", previous.weeks)
        if previous.since:
            return width, Item("<since>", Time("day", day=previous.since))
    return None


def _same_customer(items: Items, at: int, previous: Query) -> Found:
    """ "This customer", "that person" of whom was spoken."""
    if previous.intent not in CUSTOMER_INTENTS or not previous.customer:
        return None
    end = skip(items, at, _POINTING)
    noun = symbol(items, end) == "customer" and not items[end].text.endswith("s")
    if (
        symbol(items, at - 1) == "like"
        and items[at].symbol in ("that", "this")
        and not any(i.is_word or i.is_name for i in items[end:])
    ):
        return 1, Item("<customer>", previous.customer)
    pointed = {"this", "that", "same"} & set(symbols(items, at, end - at))
    if not noun or not pointed:
        return None
    return end + 1 - at, Item("<customer>", previous.customer)


def _between_them(items: Items, at: int) -> Found:
    """ "How much do they owe between them?" is the total."""
    much = ["how", "much"] in (symbols(items, 0, 2), symbols(items, 1, 2))
    joint = symbols(items, at, 2) in (["between", "them"], ["among", "them"])
    last = not any(i.is_word or i.is_name for i in items[at + 2 :])
    return (2, Item("<stat>", "sum")) if much and joint and last else None


def _within(items: Items, at: int, previous: Query) -> Found:
    """ "Within 2" of segments spoken of is no bound."""
    item = items[at]
    if item.symbol != "<bound>" or not item.text.startswith("within ") or item.unit:
        return None
    number = item.value[1]
    return (1, Item("<segment>", (int(number),))) if number in previous.segments else None


def _others(items: Items, at: int, lexicon: Lexicon) -> Found:
    """ "Not segment 2", where no other is named, are the others."""
    named = [item for item in items if item.symbol == "<segment>"]
    if items[at].symbol != "not" or len(named) != 1 or at + 2 < len(items):
        return None
    others = tuple(s for s in lexicon.active_ids() if s not in named[0].value)
    follows = symbol(items, at + 1) == "<segment>" and bool(others)
    return (2, Item("<segment>", others)) if follows else None


def _nickname(items: Items, at: int, previous: Query, lexicon: Lexicon) -> Found:
    """ "The one-offs", after a question about a segment; "swap instalment for the revolvers"."""
    item = items[at]
    if item.symbol != "<feature>" or not previous.segments:
        return None
    said = set(item.words)
    owners = tuple(
        s.segment_id
        for s in lexicon.segments
        if s.active and said <= set(base_forms(s.name, lexicon.vocabulary))
    )
    swapped = symbol(items, 0) in SWAPS and any(i.symbol == "<segment>" for i in items)
    if swapped:
        owners = tuple(s for s in owners if s in previous.segments)
    named = symbol(items, at - 1) == "the" and item.text.endswith("s")
    named = named and previous.intent in _OF_SEGMENTS and not previous.features
    return (1, Item("<segment>", owners)) if len(owners) == 1 and (swapped or named) else None
