"""The slots a question fills, from its items."""

from __future__ import annotations

from collections.abc import Set
from itertools import pairwise

from bot.questions.slots.filled import Slots
from bot.questions.text.items import Items, skip, symbol, symbols
from bot.questions.things.counts import numbered
from bot.questions.things.lexicon import Lexicon
from bot.questions.things.passed_over import is_passed_over
from bot.questions.things.ranking import (
    ASCENDING,
    DESCENDING,
    EXTREMES,
    RANKS,
    both_extremes,
    is_graded,
    is_worst,
    order_of,
    place_of,
)

_DRAWN = frozenset({"me", "us", "a", "it", "the", "one", "that", "this", "?", "please", ""})
_DRAWING = frozenset("which who that they segment customer <segment> do".split())
_PLACES_ASKED = frozenset({"where", "geo", "geographic", "geographical", "geographically"})
_PARTS = frozenset({"decile", "quartile", "quintile"})
_AGES = frozenset({"old", "older", "young", "younger"})
_RANKED_BY_SIZE = frozenset({"biggest", "smallest", "top", "bottom"})
_SIZES = frozenset({"size", "customer", "count", "population", "base"})
_EVERYTHING = frozenset({"whole", "all", "every", "each", "everything", "everyone", "segment"})
_EACH = frozenset({"all", "every", "each"})
_TIMES = frozenset("week month day time year quarter summer".split())
_BASE = frozenset(
    "everyone everybody average rest base all other others overall whole customer typical "
    "total mean norm every remaining else usual".split()
)
_BEFORE_PEOPLE = frozenset("of the our all these those".split())
_SIDES = dict.fromkeys("from leave out".split(), "from") | dict.fromkeys(
    "to into join become turn turned go became enter land end".split(), "to"
)
_ENDING = tuple(p.split() for p in ("end in", "land in", "belong in", "up in", "end up", "wind up"))
_NOW = frozenset({"<now>", "now"})
_ONCE = frozenset("were was been use previously formerly once earlier before".split())
_LEAVING = frozenset({"leave", "lose", "outflow", "outflows"})
_JOINING = frozenset({"join", "gain", "inflow", "inflows", "came"})


def gather(items: Items, lexicon: Lexicon) -> tuple[Items, Slots]:
    """The items with bare numbers read as segments or counts, and the slots they fill."""
    items = tuple(numbered(items, at, lexicon) for at in range(len(items)))
    slots = Slots()
    for at, item in enumerate(items):
        if not is_passed_over(items, at):
            slots.put(item)
        if item.symbol == "<segment>" and item.value and (side := _side(items, at)):
            slots.ends.setdefault(item.value[0], side)
        if item.symbol == "<feature>" and symbol(items, at - 1) == "<stat>":
            slots.pairs.append((item.value, items[at - 1].value))
        if item.symbol == "<feature>" and symbol(items, at - 1) in EXTREMES:
            slots.extreme = EXTREMES[symbol(items, at - 1)]
            slots.statistics += both_extremes(items, at - 1)
    words = {w for item in items for w in (item.symbol, *item.words)}
    slots.ratio = _shares_out(items)
    slots.features = _ranked_by(_without_echoes(slots.features, items, lexicon), items)
    if slots.extreme and {"anyone", "someone"} & words:
        slots.statistics = [slots.extreme]  # "the biggest total anyone ran up"
    slots.order = order_of(items)
    if slots.order and is_worst(slots.features, items):
        slots.order = "desc"
    slots.place = place_of(items)
    slots.direction = _direction(items)
    if slots.direction == "left" and "worst" in {i.text for i in items}:
        slots.order = "desc"  # to lose the most
    slots.superlative = next((EXTREMES[i.symbol] for i in items if i.symbol in EXTREMES), None)
    bounded = [lexicon.features[c.feature].ratio_of for c in slots.conditions]
    slots.halves = tuple(half for ratio in bounded if ratio for half in ratio)
    slots.why = "why" in words
    slots.people = _counts_people(items)
    slots.chart = _charts(items, words)
    plain = {w for i in items if i.symbol != "<segment>" for w in (i.symbol, *i.words)}
    slots.base = bool(_BASE & plain) and not any(
        _is_the_other_one(items, at) for at in range(len(items))
    )
    slots.everything = bool(_EVERYTHING & words) and not _only_times(items, words)
    if not (slots.traits or slots.unknown_traits):
        slots.where = _trait_asked(words, lexicon)
    unordered = "segment" in words and not (slots.order or words & _SIZES)
    named = len(slots.segments) == 1 and words & RANKS and not words & _RANKED_BY_SIZE
    slots.best = bool(unordered or named or is_graded(items)) and not slots.features
    if slots.features and any(_counts_acts(items, at) for at in range(len(items))):
        slots.features = [_count_of(name, lexicon) for name in slots.features]
        slots.statistics = [s for s in slots.statistics if s != "count"]
    busy = "active" in words or ("often" in words and slots.order is not None)
    if busy and not slots.features and "PURCHASES_FREQUENCY" in lexicon.features:
        slots.features = ["PURCHASES_FREQUENCY"] if slots.order else []
    regular = any(name.endswith("_FREQUENCY") for name in slots.features)
    if {"often", "frequency"} & words and not regular:
        slots.features = [_frequency(name, lexicon) for name in slots.features]
    return items, slots


def _without_echoes(features: list[str], items: Items, lexicon: Lexicon) -> list[str]:
    """The features without those that only spell out another: "one-off spend", "maxed out on their
    limit".
    """
    at = {item.value: n for n, item in enumerate(items) if item.symbol == "<feature>"}

    def echoes(name: str, other: str) -> bool:
        apart = abs(at.get(name, -9) - at.get(other, 9))
        if apart == 1 and set(name.split("_")) < set(other.split("_")):
            return True
        before = symbols(items, at[name] - 2, 2) if at.get(name, 0) > 1 else ["", ""]
        owned = before[0] in ("of", "on", "to", "in") and before[1] in ("their", "its", "the")
        return owned and name in (lexicon.features[other].ratio_of or ())

    return [name for name in features if not any(echoes(name, other) for other in features)]


def _ranked_by(features: list[str], items: Items) -> list[str]:
    """Of the features of a ranking the last where it is the one "by" which it is."""
    by = [i.value for one, i in pairwise(items) if one.symbol == "by" and i.symbol == "<feature>"]
    return by if by and by == features[-1:] and order_of(items) else features


def _counts_acts(items: Items, at: int) -> bool:
    """Whether a count of what is done is asked for: "how many times", "by number of purchases",
    "average # of cash advances".
    """
    item = items[at]
    if item.value != "count":
        return False
    by = symbol(items, at - 1) == "by" and "customer" not in item.words
    averaged = symbol(items, at - 1) == "<stat>" and symbol(items, at + 1) == "<feature>"
    return symbol(items, at + 1) == "time" or by or averaged


def _only_times(items: Items, words: Set[str]) -> bool:
    """Whether "every" and "all" are of times only: "every week", "all summer"."""
    timed = [symbol(items, n + 1) in _TIMES for n, i in enumerate(items) if i.symbol in _EACH]
    return bool(timed) and all(timed) and not (_EVERYTHING - _EACH) & words


def _is_the_other_one(items: Items, at: int) -> bool:
    """Whether a single other segment is spoken of: "compare 3 with the other one"."""
    after = items[at + 1 : at + 2]
    one = any(i.symbol == "one" or i.text in ("segment", "group", "cluster") for i in after)
    return items[at].text == "other" and symbol(items, at - 1) == "the" and one


def _charts(items: Items, words: Set[str]) -> bool:
    """Whether a chart is asked for: "draw me", "a picture of how"; not "tops the chart"."""
    topping = {w for i in items if i.symbol in ("highest", "lowest") for w in i.words}
    return bool({"chart", "sankey"} & (words - topping)) or any(
        _draws(items, at)
        or symbols(items, at, 3) == ["as", "a", "picture"]
        or (symbols(items, at, 3) == ["picture", "of", "how"] and symbol(items, at - 1) != "big")
        for at, item in enumerate(items)
    )


def _draws(items: Items, at: int) -> bool:
    """Whether something is to be drawn: "draw me the ..."; not "who draws the most cash"."""
    told = items[at].text == "draw" and symbol(items, at + 1) in _DRAWN
    return told and symbol(items, at - 1) not in _DRAWING


def _trait_asked(words: Set[str], lexicon: Lexicon) -> str | None:
    """The trait asked for without its name: "where", "how old"."""
    traits = lexicon.traits.values()
    if _PLACES_ASKED & words:
        return next((t.name for t in traits if t.kind == "geographic"), None)
    ages = (t.name for t in traits if "age" in t.name.lower().split("_"))
    return next(ages, "age") if _AGES & words else None


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


def _shares_out(items: Items) -> bool:
    """Whether a part is asked for that no number says: "the top decile", "cash per purchase"."""
    if _is_part_of_another(items):
        return True
    people = any(
        i.symbol == "customer" or (i.symbol == "<feature>" and i.text.endswith("ers"))
        for i in items
    )
    for one, item in pairwise(items):
        if one.symbol in DESCENDING | ASCENDING and item.symbol == "<n>" and item.unit == "%":
            return True
        counted = one.symbol == "by" and item.value == "count" and "customer" in item.words
        if counted and any(i.symbol in ("<feature>", "<filter>") for i in items):
            return True
    return people and any(_PARTS & set(i.text.split()) for i in items)


def _is_part_of_another(items: Items) -> bool:
    """Whether one measure is asked as a share of another: "what share of spend is instalments"."""
    shares = [n for n, i in enumerate(items) if i.symbol == "<stat>" and i.value == "share"]
    named = [n for n, i in enumerate(items) if i.symbol == "<feature>"]
    if len(shares) != 1 or len(named) != 2 or symbol(items, shares[0] + 1) != "of":
        return False
    between = set(symbols(items, named[0] + 1, named[1] - named[0] - 1))
    return shares[0] < named[0] and bool(between & {"come", "from", "is", "are", "on", "in", "via"})


def _side(items: Items, at: int) -> str | None:
    """Whether a segment is where a movement starts or ends, by the word before it."""
    if symbol(items, at + 1) in ("to", "into") and symbol(items, at + 2) == "<segment>":
        return "from"  # "how many went 6 to 3"
    before = [i.symbol for i in items[max(0, at - 3) : at]]
    said = [word for word in before if word not in ("the", "our", "of", "a")]
    if "happen" in said:
        return None  # "did the same happen to 5?"
    if said[-2:] in _ENDING:
        return "to"
    moved = {"move", "go", "come", "get", "drift"} & set(said[-2:-1])
    if said and said[-1] == "in" and moved and not items[at].text:
        return "to"  # "who's moving in there"
    if said and said[-1] == "in":  # "used to be in 2", "now in 4"
        lately = set(symbols(items[max(0, at - 5) : at]))
        return "to" if lately & _NOW else "from" if lately & _ONCE else None
    if said and said[-1] == "for" and "leave" in symbols(items, max(0, at - 5), 5):
        return "to"  # "who left 2 for 4"
    return _SIDES.get(said[-1]) if said else None


def _direction(items: Items) -> str | None:
    """Whether those who left are asked for or those who joined; None for both or neither."""
    words = {item.symbol for item in items}
    pairs = {(i.text, symbol(items, n + 1)) for n, i in enumerate(items)}
    follows = {
        (i.symbol, symbol(items, n + 1 + (symbol(items, n + 1) == "back")))
        for n, i in enumerate(items)
    }
    joined = bool(words & _JOINING) or ("new", "customer") in pairs
    joined |= {"come", "from"} <= words and bool({"where", "which", "what"} & words)
    joined |= "newcomer" in words or "newcomers" in words or ("come", "in") in follows
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
