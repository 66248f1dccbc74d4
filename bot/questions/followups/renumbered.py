"""What a number or an amount said of nothing changes in the query before: "make it 8"."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from typing import Any

from analytics.model import Condition, Query
from bot.questions.slots.filled import LISTS, Slots
from bot.questions.text.items import Items, says_only, words_of
from bot.questions.things.lexicon import Lexicon
from bot.questions.things.ranking import RANKS

_RENUMBERED = frozenset({"make", "only", "just", "them"})  # "make it 8", "only 5 of them"
_SUFFICES = frozenset("enough plenty suffice sufficient fine".split())  # "five is enough"
_WILL = frozenset({"will", "would", "'ll", "should"})  # "four will do"
_WANTED = frozenset(
    "give gimme show list see have need want get take cut make extend expand increase reduce trim "
    "shorten widen stretch bump raise lower limit stick keep say maybe only just enough plenty "
    "suffice fine ok good do would better perfect max less display prefer".split()
)
_RESIZING = frozenset(
    "cut extend expand increase reduce trim shorten widen bump raise lower limit stick keep down "
    "up change make go take get bring push".split()
)
# A number after one of these is of segments, of a bound or of a time.
_LED = frozenset(
    "and for in of about with versus from on by at than over under segment not or & - plus".split()
)
_COUNTED = frozenset("main thing reason driver factor top best key big point name customer".split())
_NEAREST = frozenset("close closest near nearest similar alike likest".split())
_FURTHER = frozenset("more another next further extra additional other others".split())
SWAPS = frozenset({"swap", "replace", "change", "exchange"})
_NO_SEGMENT = 15  # a bare number from here on is no segment
_WHOLE = 2.0  # a bound up to here is a share: "make it 80" of 90 %


def number_meant(items: Items, slots: Slots, previous: Query) -> dict[str, Any]:
    """The slot a bare number changes: how many, for how long or the bound; {} for a segment."""
    said = [i for i in items if i.symbol == "<segment>"]
    words = {i.symbol for i in items}
    bare = len(said) == 1 and not (slots.ends or said[0].words) and said[0].text.isalnum()
    if bare and previous.intent == "schedule":
        return {"term": previous.term}  # "make it 15", "at noon rather than nine"
    counted = bare and said[0].text.isalpha() and previous.top and not previous.segments
    suffices = bool(_SUFFICES & words) or any({one, "do"} <= words for one in _WILL)
    if not counted and not (bare and (_RENUMBERED & words or suffices)):
        return {}
    number = said[0].value[0]
    if number in previous.segments and len(previous.segments) > 1:
        return {}
    for slot in ("top", "weeks"):
        if getattr(previous, slot) is not None:
            return {slot: number}
    if len(previous.filter) != 1 or number < _NO_SEGMENT:
        return {}
    condition = previous.filter[0]
    if isinstance(condition.value, tuple):
        return {}
    return {"filter": (bounded(condition, condition.op, float(number)),)}


def top_meant(items: Items, previous: Query, lexicon: Lexicon, talk: Set[str]) -> int | None:
    """How many are to be listed instead, or weeks looked back over: "gimme 5", "20 rather".

    ``talk`` are words that say nothing. A number that is no segment needs no word beside it.
    """
    said = tuple(i for i in items if i.is_word or i.is_name)
    numbers = [i for i in said if i.whole() is not None]
    listed = previous.intent in LISTS and previous.statistic is None
    listed = (listed and len(previous.filter) != 1) or previous.top is not None
    timed = not listed and previous.weeks is not None
    if not (listed or timed) or len(numbers) != 1:
        return None
    at = items.index(numbers[0])
    words = words_of(said)
    before = [i for i in items[:at] if i.symbol not in ("the", "a", "it", "that")][-1:]
    led = bool(before) and before[0].symbol in _LED
    led = led or (bool(before) and before[0].symbol == "to" and not _RESIZING & words)
    if led or words & (_FURTHER | RANKS | {"segment", "same", "about", "compare", "first", "like"}):
        return None
    if any(i.is_name and i not in numbers and i.symbol not in ("<aside>", "<now>") for i in said):
        return None
    known = talk | _WANTED | _RESIZING | (_NEAREST if previous.customer else frozenset())
    if not says_only(said, known):
        return None
    number = numbers[0].whole()
    if timed and not words & _SUFFICES:
        return None
    plain = number in lexicon.active_ids() and not (_WANTED | _NEAREST) & words
    return None if plain or not number else number


def only_counts(items: Items, talk: Set[str]) -> bool:
    """Whether a sentence says no more than how many are wanted: "five will do", "top 3 only"."""
    said = tuple(i for i in items if i.is_word or i.is_name)
    numbers = [i for i in said if i.whole() is not None or i.symbol == "<top>"]
    words = {i.symbol for i in said if i.is_word}
    if len(numbers) != 1 or any(i.is_name and i not in numbers for i in said):
        return False
    known = talk | _WANTED | _COUNTED
    wanted = bool(words & (_WANTED | {"top", "only", "just"}))
    return wanted and says_only(said, known)


def further_meant(items: Items, previous: Query, talk: Set[str]) -> int | None:
    """How many there are with those listed before in "5 more please"; 0 where no number is said."""
    said = tuple(i for i in items if i.is_word or i.is_name)
    words = words_of(said)
    numbers = [number for i in said if (number := i.whole()) is not None]
    others = [i for i in said if i.is_name and i.symbol != "<aside>" and i.whole() is None]
    few = bool(words & {"few", "couple", "some"})
    if previous.top is None or previous.customer or others or not words & _FURTHER:
        return None
    if len(numbers) + few != 1:
        return None
    known = talk | _WANTED | _FURTHER | {"few", "couple", "some"}
    if not says_only(said, known):
        return None
    return previous.top + numbers[0] if numbers else 0


def bounds_meant(slots: Slots, previous: Query, *, adds: bool) -> tuple[Condition, ...]:
    """The only condition before with another amount: "over 5k then", "and under 9k"; or none."""
    if len(slots.loose_bounds) != 1:
        return ()
    item = slots.loose_bounds[0]
    if previous.intent in LISTS and not previous.filter and len(previous.features) == 1:
        bounds = item.symbol == "<bound>" and item.unit != "%"
        return (Condition(previous.features[0], *item.value),) if bounds else ()
    if len(previous.filter) != 1:
        return ()
    condition = previous.filter[0]
    single = not isinstance(condition.value, tuple)
    if item.symbol != "<bound>":
        plain = single and isinstance(item.value, float)
        return (bounded(condition, condition.op, item.value),) if plain else ()
    op, value = item.value
    bound = bounded(condition, op, value)
    both = adds and _meets(bound, condition)
    return (condition, bound) if both else (bound,)


def _meets(one: Condition, two: Condition) -> bool:
    """Whether two bounds leave something between them: over 5k and under 9k."""
    low, high = (one, two) if one.op[0] == ">" else (two, one)
    if (low.op[0], high.op[0]) != (">", "<"):
        return False
    ends = (low.value, high.value)
    return not any(isinstance(end, tuple) for end in ends) and ends[0] < ends[1]  # type: ignore[operator]


def bounded(condition: Condition, op: Any, value: Any) -> Condition:
    """A condition with another bound; 60 is 60 % where the bound before is a share."""
    share = isinstance(condition.value, float) and 0 < condition.value <= _WHOLE
    if share and isinstance(value, float) and value > _WHOLE:
        value /= 100
    if share and isinstance(value, tuple) and max(value) > _WHOLE:
        value = tuple(end / 100 if end > _WHOLE else end for end in value)
    return replace(condition, op=op, value=value)


def swapped_in(words: Set[str], slots: Slots, previous: Query) -> tuple[Condition, ...]:
    """The conditions with one feature in the place of another: "swap balance for purchases"."""
    held = {c.feature for c in previous.filter}
    old = [f for f in slots.features if f in held]
    new = [f for f in slots.features if f not in held]
    if not (SWAPS | {"switch"}) & words or len(old) != 1 or len(new) != 1:
        return ()
    return tuple(replace(c, feature=new[0]) if c.feature == old[0] else c for c in previous.filter)
