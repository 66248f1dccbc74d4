"""What raises, lowers, moves or drops a condition of those asked for before: "make it 10k"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analytics.model import Condition, Query
from bot.questions.followups.changed_people import DROPPING
from bot.questions.followups.renumbered import bounded
from bot.questions.intents.wording import option
from bot.questions.reading import Option
from bot.questions.slots.filled import FILTERED
from bot.questions.text.items import Item, Items, without_signs
from bot.questions.things.lexicon import Lexicon

# What a condition is called.
_RULES = frozenset(  # "bear" is how "bar" is spelt out
    "bear rule condition conditions filter filters criterion criteria requirement restriction "
    "constraint bit part piece clause threshold thresholds cutoff cut-off bar floor ceiling "
    "minimum maximum min max bound hurdle mark level levels limit limits rules amount figure "
    "number value line thing requirements restrictions constraints".split()
)
_MOVING = frozenset(
    "set sets raise lower make change bump move put take bring push lift increase decrease reduce "
    "drop tighten loosen go try use have say up down higher be is was were become go want would "
    "shift switch adjust update edit amend cut cap crank start at to of from by with let let's "
    "if one suppose imagine should instead rather only require need limit nudge relax".split()
)
_SHIFTING = frozenset("raise lower change move increase decrease reduce switch bump".split())
_GONE = frozenset("off out away rid regardless irrespective whatever stop disregard".split())
_LIFTING = (
    frozenset(
        "drop remove lose ditch skip forget ignore scrap lift delete strip exclude disregard "
        "worry worrying".split()
    )
    | _GONE
)
_SAID = frozenset("last don't then - worry worrying bother never mind thing stuff there no".split())
_UPWARDS = frozenset("to take go raise push bump put bring move get lift increase crank".split())
_CAPS = frozenset({"cap", "ceiling", "maximum", "max"})
_FLOORS = frozenset({"floor", "minimum", "min"})
_PEOPLE = frozenset("their his her he she they customer everyone segment my your".split())
_LISTING = frozenset(
    "biggest smallest highest lowest top bottom best worst most first next show give see list name "
    "plus".split()
)
_ALL = frozenset({"all", "both", "every", "any", "everything"})
_NAMES = frozenset({"<feature>", "<filter>", "<n>", "<bound>", "<stat>", "<aside>", "<now>"})
_THOUSAND = 1000.0


@dataclass(frozen=True)
class Rebound:
    """The query with the conditions meant, or the queries it may be where that is unclear."""

    query: Query | None
    options: Sequence[Option] = ()


@dataclass(frozen=True)
class _Amount:
    """A bound as said: an operator, where one was said, a value or two, and a unit."""

    op: str | None
    value: float | tuple[float, float]
    unit: str = ""


def rebound(
    items: Items, previous: Query, lexicon: Lexicon, talk: frozenset[str]
) -> Rebound | None:
    """The query before with a condition of it moved or dropped; None where no such is asked.

    ``talk`` are words that say nothing.
    """
    if previous.intent not in FILTERED or not previous.filter:
        return None
    items = _joined(without_signs(items))
    texts = {i.text for i in items if i.is_word or i.symbol == "<stat>"}
    texts |= {i.text.split()[0] for i in items if i.symbol == "<filter>"}
    words = texts | {i.symbol for i in items}
    if words & (_PEOPLE | _LISTING) or any(i.is_name and i.symbol not in _NAMES for i in items):
        return None
    if {"will", "do"} <= words or not all(_is_small(item, talk) for item in items):
        return None
    ruled = bool(texts & _RULES)
    amounts, features = _amounts(items), _features(items)
    if not amounts and "same" in words:
        return _same_of(features, previous, lexicon)
    if not amounts:
        dropped = _dropped(words, features, previous, ruled=ruled)
        return None if dropped is None else _without(dropped, previous, lexicon)
    if len(amounts) > 1:
        return None
    return _moved(amounts[0], features, words, previous, lexicon)


def _joined(items: Items) -> Items:
    """ "Cut off" as one word."""
    found: list[Item] = []
    for item in items:
        if item.text in ("off", "offs") and found and found[-1].text == "cut":
            found[-1] = replace(found[-1], symbol="cutoff", text="cutoff")
        else:
            found.append(item)
    return tuple(found)


def _is_small(item: Item, talk: frozenset[str]) -> bool:
    if item.symbol == "<stat>":
        return item.text in _RULES
    if not item.is_word:
        return True
    known = _RULES | _MOVING | DROPPING | _GONE | _ALL | _LIFTING | _SAID
    return bool({item.symbol, item.text} & known) or item.symbol in talk


def _features(items: Items) -> list[str]:
    named = [i.value for i in items if i.symbol == "<feature>"]
    return named + [c.feature for i in items if i.symbol == "<filter>" for c in i.value]


def _amounts(items: Items) -> list[_Amount]:
    found: list[_Amount] = []
    numbers = [i for i in items if i.symbol == "<n>"]
    for item in items:
        if item.symbol == "<bound>":
            op, value = item.value
            found.append(_Amount(op, value, item.unit))
        elif item.symbol == "<filter>":
            exact = {"exactly", "equal", "equals", "="} & {*item.words, *item.text.split()}
            found += [
                _Amount(None if c.op == "=" and not exact else c.op, c.value)
                for c in item.value
                if c.value != 0.0
            ]
    if len(numbers) == 2 and not found:
        one, two = numbers
        joins = [i.symbol for i in items[items.index(one) + 1 : items.index(two)]]
        if joins in (["to"], ["-"], ["and"], ["till"], ["until"], ["up", "to"]):
            low, high = float(one.value), float(two.value)
            if two.unit == "scaled" and not one.unit and low < high / _THOUSAND * 2:
                low *= _THOUSAND
            return [_Amount("between", (low, high), two.unit)]
    return found + [_Amount(None, float(i.value), i.unit) for i in numbers]


def _dropped(
    words: set[str], features: list[str], previous: Query, *, ruled: bool
) -> tuple[Condition, ...] | None:
    """The conditions to leave out; none of several where it is unclear which."""
    unfiltered = "don't" in words and "filter" in words
    lifted = (
        bool(words & _LIFTING)
        or unfiltered
        or {"never", "mind"} <= words
        or (ruled and bool({"without", "no"} & words))
    )
    if not lifted:
        return None
    if features:
        meant = tuple(c for c in previous.filter if c.feature in features)
        return meant if meant and len({c.feature for c in meant}) == len(set(features)) else None
    if not ruled:
        return None
    if words & _ALL or len(previous.filter) == 1:
        return previous.filter
    return previous.filter[-1:] if "last" in words else ()


def _without(dropped: tuple[Condition, ...], previous: Query, lexicon: Lexicon) -> Rebound:
    def less(gone: tuple[Condition, ...]) -> Query:
        kept = tuple(c for c in previous.filter if c not in gone)
        counted = previous.intent == "find_customers" and previous.statistic == "count"
        if counted and not kept and previous.segments:
            return Query("segment_size", segments=previous.segments)
        return replace(previous, filter=kept)

    if dropped:
        return Rebound(less(dropped))
    return Rebound(None, [option(less((c,)), lexicon) for c in previous.filter])


def _same_of(features: list[str], previous: Query, lexicon: Lexicon) -> Rebound | None:
    """The bound before for another feature of its unit: "same for purchases"."""
    if len(features) != 1 or len(previous.filter) != 1 or features[0] not in lexicon.features:
        return None
    one = previous.filter[0]
    alike = one.feature in lexicon.features
    alike = alike and lexicon.features[one.feature].unit == lexicon.features[features[0]].unit
    counted = previous.intent == "find_customers" and previous.statistic is not None
    if not alike or not counted or one.value == 0.0:
        return None
    return Rebound(replace(previous, filter=(replace(one, feature=features[0]),)))


def _moved(
    amount: _Amount, features: list[str], words: set[str], previous: Query, lexicon: Lexicon
) -> Rebound | None:
    if amount.op == "between" and isinstance(amount.value, tuple) and words & _SHIFTING:
        held = {c.value for c in previous.filter}
        old, new = amount.value
        if old in held:  # "from 5k to 8k" of "over 5k"
            amount = replace(amount, op=None, value=new)
            features = [c.feature for c in previous.filter if c.value == old]
    pointed = bool(words & (_RULES | {"it", "that", "them"}))
    told = bool(amount.unit or pointed or features or amount.op)
    if isinstance(amount.value, float) and not told:
        told = amount.value not in lexicon.active_ids() and previous.top is None
    if not told or (previous.top is not None and not (features or amount.unit)):
        return None
    bounded_by = [c for c in previous.filter if c.value != 0.0]
    if features:
        counts = [f"{f}_TRX" for f in features] if not amount.unit else []  # "10 purchases"
        bounded_by = [c for c in previous.filter if c.feature in features]
        bounded_by = bounded_by or [c for c in previous.filter if c.feature in counts]
        if not bounded_by:
            return None
    fitting = [c for c in bounded_by if _suits(amount, c, lexicon)]
    meant = fitting if len(fitting) < len(bounded_by) else bounded_by
    if len(meant) > 1:
        many = [_changed(c, amount, words, previous, named=bool(features)) for c in meant]
        return Rebound(None, [option(query, lexicon) for query in many if query])
    if not meant:
        return None
    changed = _changed(meant[0], amount, words, previous, named=bool(features))
    return Rebound(changed) if changed else None


def _suits(amount: _Amount, condition: Condition, lexicon: Lexicon) -> bool:
    """Whether an amount may be one of what a condition is on: 60 % of a share, 10k of money."""
    named = condition.feature in lexicon.features
    unit = lexicon.features[condition.feature].unit if named else ""
    if amount.unit == "%":
        return unit in ("share", "ratio")
    if amount.unit == "money":
        return unit == "money"
    biggest = max(amount.value) if isinstance(amount.value, tuple) else amount.value
    if amount.unit == "scaled" or biggest >= _THOUSAND:
        return unit in ("money", "number", "")
    return True


def _changed(
    condition: Condition, amount: _Amount, words: set[str], previous: Query, *, named: bool
) -> Query | None:
    op, value = amount.op, amount.value
    if op is None and (condition.value == 0.0 or isinstance(condition.value, tuple)):
        return None
    if op == "<=" and not words & _CAPS and words & _UPWARDS:
        op = None  # "take it up to 10k"
    added: tuple[Condition, ...] = ()
    if op is None and words & _CAPS and condition.op[0] == ">":
        new, added = condition, (bounded(condition, "<=", value),)
    elif op is None and words & _FLOORS and condition.op[0] == "<":
        new, added = condition, (bounded(condition, ">=", value),)
    elif op is not None and {op[0], condition.op[0]} == {"<", ">"}:
        return None
    else:
        new = bounded(condition, op or condition.op, value)
    at = previous.filter.index(condition)
    before, after = previous.filter[:at], previous.filter[at + 1 :]
    put_anew = named and op is not None
    moved = (*before, *after, new) if put_anew else (*before, new, *after)
    return replace(previous, filter=(*moved, *added))
