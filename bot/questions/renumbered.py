"""What a number or an amount said of nothing changes in the query before: "make it 8"."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from typing import Any

from analytics.model import Condition, Query
from bot.questions.items import Items
from bot.questions.slots import LISTS, Slots

_RENUMBERED = frozenset({"make", "only", "just", "them"})  # "make it 8", "only 5 of them"
_SUFFICES = frozenset("enough plenty suffice sufficient fine".split())  # "five is enough"
_WILL = frozenset({"will", "would", "'ll", "should"})  # "four will do"
_RAISED = frozenset("go raise push bump take move increase crank".split())
_SHOWN = frozenset({"show", "give", "see", "list"})
_MANY = 10  # from here on "just 10" is how many
_NO_SEGMENT = 15  # a bare number from here on is no segment
_WHOLE = 2.0  # a bound up to here is a share: "make it 80" of 90 %


def number_meant(items: Items, slots: Slots, previous: Query) -> dict[str, Any]:
    """The slot a bare number changes: how many, for how long or the bound; {} for a segment."""
    said = [i for i in items if i.symbol == "<segment>"]
    words = {i.symbol for i in items}
    bare = len(said) == 1 and not (slots.ends or said[0].words) and said[0].text.isalnum()
    counted = bare and said[0].text.isalpha() and previous.top and not previous.segments
    shown = bare and previous.intent in LISTS and bool(_SHOWN & words)
    if shown and said[0].value[0] >= _NO_SEGMENT:
        return {"top": said[0].value[0]}
    suffices = bool(_SUFFICES & words) or any({one, "do"} <= words for one in _WILL)
    if not counted and not (bare and (_RENUMBERED & words or suffices)):
        return {}
    number = said[0].value[0]
    for slot in ("top", "weeks"):
        if getattr(previous, slot) is not None:
            return {slot: number}
    if previous.intent in LISTS and number >= _MANY and {"just", "only"} & words:
        return {"top": number}
    if len(previous.filter) != 1 or number < _NO_SEGMENT:
        return {}
    condition = previous.filter[0]
    if isinstance(condition.value, tuple):
        return {}
    return {"filter": (bounded(condition, condition.op, float(number)),)}


def bounds_meant(
    words: Set[str], slots: Slots, previous: Query, *, adds: bool
) -> tuple[Condition, ...]:
    """The only condition before with another amount: "over 5k then", "and under 9k"; or none."""
    if len(slots.loose_bounds) != 1 or len(previous.filter) != 1:
        return ()
    item, condition = slots.loose_bounds[0], previous.filter[0]
    single = not isinstance(condition.value, tuple)
    if item.symbol != "<bound>":
        plain = single and isinstance(item.value, float)
        return (bounded(condition, condition.op, item.value),) if plain else ()
    op, value = item.value
    if single and _RAISED & words and item.text.startswith("up to"):
        op = condition.op  # "go up to 5k" of "over 4k"
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
