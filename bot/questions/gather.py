"""The slots a question fills, from its items."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from bot.questions.counts import ASCENDING as ASCENDING
from bot.questions.counts import DESCENDING as DESCENDING
from bot.questions.counts import RANKS, numbered
from bot.questions.items import Items, skip, symbol, symbols
from bot.questions.lexicon import Lexicon
from bot.questions.passed_over import is_passed_over
from bot.questions.slots import Slots

# Of these more is worse.
BURDENS = frozenset({"UTILISATION", "CASH_ADVANCE", "CASH_ADVANCE_TRX", "CASH_ADVANCE_FREQUENCY"})
_DRAWN = frozenset({"me", "us", "a", "it", "the", "one", "that"})
_PLACES_ASKED = frozenset({"where", "geographic", "geographical", "geographically"})
_PARTS = frozenset({"decile", "quartile", "quintile"})
_AGES = frozenset({"old", "older", "young", "younger"})
_EXTREMES = {"highest": "max", "biggest": "max", "lowest": "min", "smallest": "min"}
PLACES = {"second": 2, "third": 3, "fourth": 4, "fifth": 5}
# "The three that best represent segment 4" orders nothing.
_SHOWING = frozenset("represent describe show exemplify typify fit illustrate capture sum".split())
# Qualities that no feature measures unless one is named: "most disciplined" in what?
_QUALITIES = frozenset(
    "punctilious diligent disciplined conscientious prompt scrupulous generous responsible "
    "reliable punctual faithful loyal fond avid eager keen enthusiastic thorough dutiful "
    "consistent stable steady".split()
)
_RANKED_BY_SIZE = frozenset({"biggest", "smallest", "top", "bottom"})
_SIZES = frozenset({"size", "customer", "count", "population", "base"})
_EVERYTHING = frozenset({"whole", "all", "every", "each", "everything", "everyone", "segment"})
_BASE = frozenset(
    "everyone everybody average rest base all other others overall whole customer typical "
    "total mean norm every remaining else usual".split()
)
_GRADES = frozenset(
    "best worst strongest weakest finest greatest coolest hottest healthiest nicest".split()
)
_MOST = frozenset("most least more less".split())
_LIKED = frozenset(
    "important interesting exciting attractive promising relevant attention useful helpful "
    "meaningful love fun critical crucial impressive desirable appealing successful special "
    "remarkable significant strategic precious potential upside opportunity effort care focus "
    "priority problematic worrying concern healthy lovely great good bad nice cool".split()
)
_BEFORE_PEOPLE = frozenset("of the our all these those".split())
_LIKING = frozenset(
    "matter count care worry concern like love excite interest impress deserve merit prefer favour "
    "favor".split()
)
_SIDES = {"from": "from", "leave": "from", "out": "from", "to": "to", "into": "to", "join": "to",
          "become": "to", "turn": "to", "turned": "to", "go": "to", "became": "to",
          "enter": "to", "land": "to", "end": "to"}  # fmt: skip
_NOW = frozenset({"<now>", "now"})
_ONCE = frozenset("were was been use previously formerly once earlier before".split())
_LEAVING = frozenset({"leave", "lose", "outflow", "outflows"})
_JOINING = frozenset({"join", "gain", "inflow", "inflows", "came"})
_UNORDERED = frozenset({"<bound>", "<filter>", "<window>", "<since>", "<when>", "<segment>"})


def gather(items: Items, lexicon: Lexicon) -> tuple[Items, Slots]:
    """The items with bare numbers read as segments or counts, and the slots they fill."""
    items = tuple(numbered(items, at, lexicon) for at in range(len(items)))
    slots = Slots()
    for at, item in enumerate(items):
        if not is_passed_over(items, at):
            slots.put(item)
        if item.symbol == "<segment>" and item.value:
            side = _side(items, at)
            if side:
                slots.ends.setdefault(item.value[0], side)
        if item.symbol == "<feature>" and symbol(items, at - 1) == "<stat>":
            slots.pairs.append((item.value, items[at - 1].value))
        if item.symbol == "<feature>" and symbol(items, at - 1) in _EXTREMES:
            slots.extreme = _EXTREMES[symbol(items, at - 1)]
            slots.statistics += _both_extremes(items, at - 1)
    words = {w for item in items for w in (item.symbol, *item.words)}
    pairs = pairwise(items)
    slots.ratio = _shares_out(items) or any(
        one.symbol == "per" and i.symbol == "<feature>" for one, i in pairs
    )
    if slots.extreme and {"anyone", "someone"} & words:
        slots.statistics = [slots.extreme]  # "the biggest total anyone ran up"
    slots.order = _order(items)
    burdened = bool(slots.features) and set(slots.features) <= BURDENS
    if slots.order and burdened and "worst" in {i.text for i in items}:
        slots.order = "desc"
    slots.place = _place(items)
    slots.direction = _direction(items)
    drawn = any(i.symbol == "draw" and symbol(items, n + 1) in _DRAWN for n, i in enumerate(items))
    pictured = any(
        symbols(items, n, 3) in (["picture", "of", "how"], ["as", "a", "picture"])
        for n in range(len(items))
    )
    topping = {w for i in items if i.symbol in ("highest", "lowest") for w in i.words}
    slots.why = "why" in words
    slots.people = _counts_people(items)
    slots.chart = (
        drawn or pictured or bool({"chart", "sankey"} & (words - topping))
    )  # "tops the chart"
    plain = {w for i in items if i.symbol != "<segment>" for w in (i.symbol, *i.words)}
    slots.base = bool(_BASE & plain)
    slots.everything = bool(_EVERYTHING & words)
    if _AGES & words and not (slots.traits or slots.unknown_traits):
        ages = (t.name for t in lexicon.traits.values() if "age" in t.name.lower().split("_"))
        slots.where = next(ages, "age")
    unordered = "segment" in words and not (slots.order or words & _SIZES)
    named = len(slots.segments) == 1 and words & RANKS and not words & _RANKED_BY_SIZE
    unmeasured = unordered or named or _is_graded(items)
    praised = any(
        i.symbol in ("most", "lowest") and symbol(items, n + 1) in _QUALITIES
        for n, i in enumerate(items)
    )
    slots.best = bool(unmeasured or praised) and not slots.features
    if _PLACES_ASKED & words and not (slots.traits or slots.unknown_traits):
        places = (t.name for t in lexicon.traits.values() if t.kind == "geographic")
        slots.where = next(places, None)
    times = any(i.value == "count" and symbol(items, n + 1) == "time" for n, i in enumerate(items))
    by_count = any(
        i.symbol == "by" and items[n + 1].value == "count" and "customer" not in items[n + 1].words
        for n, i in enumerate(items[:-1])
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


def _is_graded(items: Items) -> bool:
    """Whether a rank is asked for by no number: "the best one", "most exciting", "matters most"."""
    for at, item in enumerate(items):
        after = symbol(items, at + 1)
        if item.text in _GRADES or (item.text in _MOST and {after, _text(items, at + 1)} & _LIKED):
            return True
        led = at - 1 - (symbol(items, at - 1) in ("the", "us", "me", "you"))
        if item.text in _MOST and symbol(items, led) in _LIKING:
            return True
    return False


def _both_extremes(items: Items, at: int) -> list[str]:
    """Minimum and maximum where both are asked for: "the smallest and the largest balance"."""
    joint = at - 1 - (symbol(items, at - 1) in ("the", "our"))
    said = [_EXTREMES.get(symbol(items, n)) for n in (joint - 1, at)]
    both = symbol(items, joint) in ("and", "&", "/") and set(said) == {"min", "max"}
    return [one for one in said if one] if both else []


def _counts_people(items: Items) -> bool:
    """Whether it is asked how many people do something: "how many VIPs take loads of cash"."""
    for at, item in enumerate(items):
        divides = symbol(items, at - 1) in ("by", "per")
        if item.value != "count" or "percent" in item.words or divides:
            continue
        named = skip(items, at + 1, _BEFORE_PEOPLE)
        vague = symbol(items, named) == "<feature>" and symbols(items, named + 1, 2) == ["a", "lot"]
        if symbol(items, named) in ("customer", "<segment>") or vague:
            return True
    return False


def _text(items: Items, at: int) -> str:
    return items[at].text if at < len(items) else ""


def _shares_out(items: Items) -> bool:
    """Whether a part of the customers is asked for that no number says: "the top decile"."""
    people = any(
        i.symbol == "customer" or (i.symbol == "<feature>" and i.text.endswith("ers"))
        for i in items
    )
    for one, item in pairwise(items):
        ranked = one.symbol in DESCENDING | ASCENDING
        if ranked and item.symbol == "<n>" and item.unit == "%":
            return True
        counted = one.symbol == "by" and item.value == "count" and "customer" in item.words
        if counted and any(i.symbol in ("<feature>", "<filter>") for i in items):
            return True
    return people and any(_PARTS & set(i.text.split()) for i in items)


def _side(items: Items, at: int) -> str | None:
    """Whether a segment is where a movement starts or ends, by the word before it."""
    if symbol(items, at + 1) in ("to", "into") and symbol(items, at + 2) == "<segment>":
        return "from"  # "how many went 6 to 3"
    before = [i.symbol for i in items[max(0, at - 3) : at]]
    said = [word for word in before if word not in ("the", "our", "of", "a")]
    if said[-2:] in (["end", "in"], ["land", "in"], ["belong", "in"], ["up", "in"]):
        return "to"
    moved = {"move", "go", "come", "get", "drift"} & set(said[-2:-1])
    if said and said[-1] == "in" and moved and not items[at].text:
        return "to"  # "who's moving in there"
    if said and said[-1] == "in":  # "used to be in 2", "now in 4"
        lately = set(symbols(items[max(0, at - 5) : at]))
        return "to" if lately & _NOW else "from" if lately & _ONCE else None
    if said and said[-1] == "for" and "leave" in symbols(items, max(0, at - 5), 5):
        return "to"  # "who left 2 for 4"
    if said[-2:] in (["end", "up"], ["wind", "up"]):
        return "to"
    return _SIDES.get(said[-1]) if said else None


def _order(items: Items) -> Literal["asc", "desc"] | None:
    """The order asked for: "from high to low", the word before a feature, or any such word."""
    for at, item in enumerate(items):
        if item.symbol == "most" and symbol(items, at + 1) in ASCENDING | {"low", "few", "little"}:
            return "asc"
        if symbol(items, at + 1) == "to" and at + 2 < len(items):
            if item.symbol == "high" or item.symbol in DESCENDING:
                return "desc"
            if item.symbol == "low" or item.symbol in ASCENDING:
                return "asc"
    beside = [{symbol(items, at - 1)} for at, i in enumerate(items) if i.symbol == "<feature>"]
    anywhere = [
        {item.symbol, *item.words} - ({"minimum"} if item.symbol == "<feature>" else set())
        for at, item in enumerate(items)
        if item.symbol not in _UNORDERED
        and not (item.text == "best" and symbol(items, at + 1) in _SHOWING)
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
            if item.symbol in PLACES:
                return PLACES[item.symbol]
    return None


def _direction(items: Items) -> str | None:
    """Whether those who left are asked for or those who joined; None for both or neither."""
    words = {item.symbol for item in items}
    pairs = {(i.text, symbol(items, n + 1)) for n, i in enumerate(items)}
    follows = {
        (i.symbol, symbol(items, n + 1 + (symbol(items, n + 1) == "back")))
        for n, i in enumerate(items)
    }
    joined = bool(words & _JOINING) or ("new", "customer") in pairs
    joined |= {"come", "from", "where"} <= words or ("come", "in") in follows
    joined |= _enters(items)
    left = bool(words & _LEAVING) or bool({("come", "out"), ("go", "out")} & follows)
    if left == joined:
        return None
    return "left" if left else "joined"


def _enters(items: Items) -> bool:
    """Whether a movement is into what was spoken of: "who's moving in there", "came into it"."""
    for at, item in enumerate(items):
        moved = {"move", "go", "come", "get", "drift"} & set(symbols(items, max(0, at - 2), 2))
        rest = items[at + 1 : at + 2]
        there = not rest or not rest[0].text or rest[0].symbol in ("there", "it", "?")
        if moved and there and item.symbol in ("in", "into"):
            return True
    return False


def _count_of(name: str, lexicon: Lexicon) -> str:
    """ "How many times" of a feature is its count, where there is one."""
    return f"{name}_TRX" if f"{name}_TRX" in lexicon.features else name


def _frequency(name: str, lexicon: Lexicon) -> str:
    """ "How often" of a feature is its frequency, where there is one."""
    words = {*name.split("_"), "FREQUENCY"}  # PURCHASES_INSTALLMENTS_FREQUENCY turns it round
    return next((f.name for f in lexicon.features if set(f.name.split("_")) == words), name)
