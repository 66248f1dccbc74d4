"""The slots a question fills, from its items."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from bot.questions.items import Item, Items, symbol, symbols
from bot.questions.lexicon import Lexicon
from bot.questions.slots import Slots

DESCENDING = frozenset(
    "biggest big most highest top heaviest strongest richest leading maximum more longest greatest "
    "wealthiest widest main higher bigger descending desc riskiest argmax".split()
)
ASCENDING = frozenset(
    "smallest lowest bottom fewest weakest minimum poorest lightest shortest lower less ascending "
    "asc small argmin".split()
)
_COUNTED = frozenset(
    "segment customer <feature> reason driver example week month day people move feature spend buy "
    "ones option idea hint percent % time question biggest smallest highest lowest most top bottom "
    "real similar nearest closest typical riskiest sample different difference main thing factor "
    "characteristic trait bullet sentence fact".split()
)
_LEADS = frozenset("top bottom first biggest smallest highest lowest most riskiest".split())
_WHY_SO_MANY = frozenset("why instead how basis reason case".split())
_DRAWN = frozenset({"me", "us", "a", "it", "the", "one", "that"})
_WHO = frozenset({"that", "who", "with", "customer"})
_RANKED_BY_SIZE = frozenset({"biggest", "smallest", "top", "bottom"})
_RANKS = frozenset("biggest smallest most highest lowest top bottom".split())
_NUMBERED = frozenset(
    "slide page appendix section chapter room ticket step point item question version part floor "
    "level agenda line row figure option meeting call phase day week month".split()
)
_NOT_SEGMENT_AFTER = frozenset({"k", "=", "p", "q", "version", "page", "why"})
_NOT_SEGMENT_BEFORE = frozenset({"am", "pm", "cluster", "pop"})
_EXTREMES = {"highest": "max", "biggest": "max", "lowest": "min", "smallest": "min"}
_PLACES = {"second": 2, "third": 3, "fourth": 4, "fifth": 5}
_CHOSEN = frozenset("need pick choose chose why just only want have on with".split())
_CHOOSING = frozenset({"really", "pick", "picked", "choose", "chose", "settle", "why", "settled"})
_SIZES = frozenset({"size", "customer", "count", "population", "base"})
_VERBS = frozenset({"pay", "buy", "owe", "withdraw", "shop"})
_EVERYTHING = frozenset({"whole", "all", "every", "each", "everything", "everyone", "segment"})
_BASE = frozenset(
    "everyone everybody average rest base all other others overall whole customer typical "
    "total mean norm every remaining else usual".split()
)
_LISTING = frozenset({"and", "&", "+", "/", "versus", "or"})
_SIDES = {"from": "from", "leave": "from", "out": "from", "to": "to", "into": "to", "join": "to",
          "become": "to", "turn": "to", "turned": "to", "go": "to", "became": "to",
          "enter": "to"}  # fmt: skip
_NOW = frozenset({"<now>", "now"})
_ONCE = frozenset("were was been use previously formerly once earlier before".split())
_LEAVING = frozenset({"leave", "lose", "outflow", "outflows"})
_JOINING = frozenset({"join", "gain", "inflow", "inflows", "came"})
_UNORDERED = frozenset({"<bound>", "<filter>", "<window>", "<since>", "<when>", "<segment>"})


def gather(items: Items, lexicon: Lexicon) -> tuple[Items, Slots]:
    """The items with bare numbers read as segments or counts, and the slots they fill."""
    items = tuple(_number(items, at, lexicon) for at in range(len(items)))
    slots = Slots()
    for at, item in enumerate(items):
        if not (_is_verb(items, at) or _is_ruled_out(items, at) or _is_set_aside(items, at)):
            slots.put(item)
        if item.symbol == "<segment>" and item.value:
            side = _side(items, at)
            if side:
                slots.ends.setdefault(item.value[0], side)
        if item.symbol == "<feature>" and symbol(items, at - 1) == "<stat>":
            slots.pairs.append((item.value, items[at - 1].value))
        if item.symbol == "<feature>" and symbol(items, at - 1) in _EXTREMES:
            slots.extreme = _EXTREMES[symbol(items, at - 1)]
    words = {w for item in items for w in (item.symbol, *item.words)}
    if slots.extreme and {"anyone", "someone"} & words:
        slots.statistics = [slots.extreme]  # "the biggest total anyone ran up"
    slots.order = _order(items)
    slots.place = _place(items)
    slots.direction = _direction(items)
    drawn = any(i.symbol == "draw" and symbol(items, n + 1) in _DRAWN for n, i in enumerate(items))
    slots.chart = drawn or bool({"chart", "sankey"} & words)
    plain = {w for i in items if i.symbol != "<segment>" for w in (i.symbol, *i.words)}
    slots.base = bool(_BASE & plain)
    slots.everything = bool(_EVERYTHING & words)
    if "old" in words and not (slots.traits or slots.unknown_traits):
        ages = (t.name for t in lexicon.traits.values() if "age" in t.name.lower().split("_"))
        slots.where = next(ages, "age")
    unordered = "segment" in words and not (slots.order or words & _SIZES)
    named = len(slots.segments) == 1 and words & _RANKS and not words & _RANKED_BY_SIZE
    unmeasured = unordered or named or {"best", "worst"} & {i.text for i in items}
    slots.best = bool(unmeasured) and not slots.features
    if "where" in words and not (slots.traits or slots.unknown_traits):
        places = (t.name for t in lexicon.traits.values() if t.kind == "geographic")
        slots.where = next(places, None)
    times = any(i.value == "count" and symbol(items, n + 1) == "time" for n, i in enumerate(items))
    by_count = any(
        i.symbol == "by" and items[n + 1].value == "count" for n, i in enumerate(items[:-1])
    )
    if (times or by_count) and slots.features:
        slots.features = [_count_of(name, lexicon) for name in slots.features]
        slots.statistics = [s for s in slots.statistics if s != "count"]
    busy = "active" in words or ("often" in words and slots.order is not None)
    if busy and not slots.features and "PURCHASES_FREQUENCY" in lexicon.features:
        slots.features = ["PURCHASES_FREQUENCY"] if slots.order else []
    if {"often", "frequency"} & words:
        slots.features = [_frequency(name, lexicon) for name in slots.features]
    return items, slots


def _number(items: Items, at: int, lexicon: Lexicon) -> Item:
    """A number left over: "top 3" and "3 customers" count, "compare 1 and 3" are segments."""
    item = items[at]
    number = item.whole()
    leads = symbol(items, at - 1) in _LEADS
    if number is None or (number >= 100 and number not in lexicon.active_ids() and not leads):
        return item
    before, after, beyond = (symbol(items, at + n) for n in (-1, 1, 2))
    if before in ("to", "from", "into") and after != "segment":
        after = ""
    listed = before in _LISTING and symbol(items, at - 2) in ("<n>", "<segment>")
    described = after == "<stat>" or (after.isalpha() and before != "segment")  # "five random"
    counts = beyond == "customer" and described
    if before == "in" and after in ("sentence", "bullet", "word", "line"):
        return Item("<aside>", text=item.text)  # how long an answer is wanted
    if before in _LEADS or counts or (after in _COUNTED and not listed):
        ranks = before in DESCENDING | ASCENDING or _RANKS & {i.symbol for i in items}
        if after == "segment" and before not in _LEADS and not ranks:
            return item  # "why 6 segments": how many there are
        return Item("<top>", number, item.text)
    if before == "the" and (after in _WHO or after in _RANKS):
        return Item("<top>", number, item.text)  # "the 20 that owe the most"
    ranked = after in _RANKS and before not in (*_LISTING, "segment", ",") and number > 1
    if ranked or (after == "of" and beyond in ("them", "those", "these")):
        return Item("<top>", number, item.text)  # "25 highest balances", "twenty of them"
    if after == "the" and beyond == "right":
        return item
    if before in ("i'm", "im", "am"):
        return Item("<aside>", text=item.text)  # "like I'm five"
    if before in ("those", "these", "them", "both", "other") and item.text.isalpha():
        return item
    if item.text.isalpha() and before in ("with", "have", "hold") and after == "customer":
        return replace(item, unit="count")  # "customers with two cards"
    if before in _NOT_SEGMENT_AFTER or after in _NOT_SEGMENT_BEFORE:
        return item
    if before in _NUMBERED or (before.isalpha() and not items[at - 1].known):
        return item  # "slide 7"
    words = {i.symbol for i in items}
    if before in ("not", "of", "than") and "segment" in words and words & _WHY_SO_MANY:
        return item  # "why 6 segments and not 5"
    if before in _CHOSEN and words & _CHOOSING:
        return item  # "how did you pick 6"
    others = any(i.symbol == "<segment>" for i in items)
    if number not in lexicon.active_ids() and others and before not in _LISTING:
        return item  # "segment 5 on 14/9"
    return Item("<segment>", (number,), item.text)


def _side(items: Items, at: int) -> str | None:
    """Whether a segment is where a movement starts or ends, by the word before it."""
    before = [i.symbol for i in items[max(0, at - 3) : at]]
    said = [word for word in before if word not in ("the", "our", "of", "a")]
    if said and said[-1] == "in":  # "used to be in 2", "now in 4"
        lately = set(symbols(items[max(0, at - 5) : at]))
        return "to" if lately & _NOW else "from" if lately & _ONCE else None
    return _SIDES.get(said[-1]) if said else None


def _order(items: Items) -> Literal["asc", "desc"] | None:
    """The order asked for: "from high to low", the word before a feature, or any such word."""
    for at, item in enumerate(items):
        if item.symbol == "most" and symbol(items, at + 1) in ASCENDING | {"low", "few", "little"}:
            return "asc"
        if symbol(items, at + 1) == "to" and at + 2 < len(items):
            if item.symbol in ("high", *_RANKS & DESCENDING):
                return "desc"
            if item.symbol in ("low", *_RANKS & ASCENDING):
                return "asc"
    beside = [{symbol(items, at - 1)} for at, i in enumerate(items) if i.symbol == "<feature>"]
    anywhere = [
        {item.symbol, *item.words} - ({"minimum"} if item.symbol == "<feature>" else set())
        for at, item in enumerate(items)
        if item.symbol not in _UNORDERED
        and not (item.symbol in ("less", "more") and symbol(items, at + 1) == "than")
    ]
    for words in (*beside, *anywhere):
        if words & ASCENDING:
            return "asc"
        if words & DESCENDING:
            return "desc"
    return None


def _place(items: Items) -> int | None:
    """The place asked for in a ranking: "the second largest"."""
    for at, item in enumerate(items):
        if symbol(items, at + 1) in DESCENDING | ASCENDING:
            if item.symbol == "<nth>":
                return int(item.value)
            if item.symbol in _PLACES:
                return _PLACES[item.symbol]
    return None


def _direction(items: Items) -> str | None:
    """Whether those who left are asked for or those who joined; None for both or neither."""
    words = {item.symbol for item in items}
    pairs = {(i.text, symbol(items, n + 1)) for n, i in enumerate(items)}
    joined = bool(words & _JOINING) or ("new", "customer") in pairs
    joined |= {"come", "from", "where"} <= words
    left = bool(words & _LEAVING)
    if left == joined:
        return None
    return "left" if left else "joined"


def _is_ruled_out(items: Items, at: int) -> bool:
    """Whether a segment is named only to say that another one is meant: "not 3, 2"."""
    others = sum(i.symbol == "<segment>" for i in items) > 1
    before = at - 1 - (symbol(items, at - 1) in ("the", "our"))
    return items[at].symbol == "<segment>" and others and symbol(items, before) == "not"


def _is_set_aside(items: Items, at: int) -> bool:
    """Whether a statistic is no statistic asked for: "median, not average", "average customer"."""
    if items[at].symbol != "<stat>":
        return False
    if symbol(items, at - 1) == "not":
        return sum(i.symbol == "<stat>" for i in items) > 1
    person = items[at].value in ("mean", "median") and symbol(items, at + 1) == "customer"
    return person and bool({"compare", "versus", "against", "to"} & {i.symbol for i in items[:at]})


def _is_verb(items: Items, at: int) -> bool:
    """Whether a feature is only the verb of another: "who pays the most in minimum payments"."""
    if items[at].symbol != "<feature>":
        return False
    verb = set(items[at].words) & _VERBS
    for n in range(at + 1, min(at + 6, len(items))):
        if items[n].symbol in (",", *_LISTING):
            return False
        if items[n].symbol == "<feature>":
            spent_on = "spend" in items[at].words and items[n - 1].symbol in (
                "on",
                "via",
                "through",
            )
            return bool(verb) or spent_on
    return False


def _count_of(name: str, lexicon: Lexicon) -> str:
    """ "How many times" of a feature is its count, where there is one."""
    return f"{name}_TRX" if f"{name}_TRX" in lexicon.features else name


def _frequency(name: str, lexicon: Lexicon) -> str:
    """ "How often" of a feature is its frequency, where there is one."""
    often = f"{name}_FREQUENCY"
    return often if often in lexicon.features else name
