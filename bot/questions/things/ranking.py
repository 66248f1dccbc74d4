"""What a ranking is asked for: its order, a place in it, or only the best."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from bot.questions.text.items import Items, symbol, words_of

DESCENDING = frozenset(
    "biggest big most highest top heaviest strongest richest leading maximum more longest greatest "
    "wealthiest widest main higher bigger descending desc riskiest argmax".split()
)
ASCENDING = frozenset(
    "smallest lowest bottom fewest weakest minimum poorest lightest shortest lower less ascending "
    "asc small argmin".split()
)
RANKS = frozenset("biggest smallest most highest lowest top bottom".split())
# What ranks, and the statistic of a feature it asks for.
EXTREMES = {"highest": "max", "biggest": "max", "lowest": "min", "smallest": "min"}
PLACES = {"second": 2, "third": 3, "fourth": 4, "fifth": 5}
# Of these more is worse.
_BURDENS = frozenset({"UTILISATION", "CASH_ADVANCE", "CASH_ADVANCE_TRX", "CASH_ADVANCE_FREQUENCY"})
# "The three that best represent segment 4" orders nothing.
_SHOWING = frozenset("represent describe show exemplify typify fit illustrate capture sum".split())
_UNORDERED = frozenset({"<bound>", "<filter>", "<window>", "<since>", "<when>", "<segment>"})
# Qualities that no feature measures unless one is named: "most disciplined" in what?
_QUALITIES = frozenset(
    "punctilious diligent disciplined conscientious prompt scrupulous generous responsible "
    "reliable punctual faithful loyal fond avid eager keen enthusiastic thorough dutiful "
    "consistent stable steady".split()
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


def order_of(items: Items) -> Literal["asc", "desc"] | None:
    """The order asked for: "from high to low", the word before a feature, or any such word."""
    for at, item in enumerate(items):
        if item.symbol == "under" and symbol(items, at + 1) == "<stat>":
            return "asc"  # "who under-indexes"
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


def place_of(items: Items) -> int | None:
    """The place asked for in a ranking: "the second largest"."""
    for at, item in enumerate(items):
        if symbol(items, at + 1) in DESCENDING | ASCENDING:
            if item.symbol == "<nth>":
                return int(item.value)
            if item.symbol in PLACES:
                return PLACES[item.symbol]
        if symbol(items, at - 1) in ("come", "rank") and item.symbol in PLACES:
            return PLACES[item.symbol]  # "which segment comes second"
    return None


def both_extremes(items: Items, at: int) -> list[str]:
    """Minimum and maximum where both are asked for: "the smallest and the largest balance"."""
    joint = at - 1 - (symbol(items, at - 1) in ("the", "our"))
    said = [EXTREMES.get(symbol(items, n)) for n in (joint - 1, at)]
    both = symbol(items, joint) in ("and", "&", "/") and set(said) == {"min", "max"}
    return [one for one in said if one] if both else []


def is_graded(items: Items) -> bool:
    """Whether a rank is asked for by no number: "the best one", "most exciting", "matters most"."""
    for at, item in enumerate(items):
        after = symbol(items, at + 1)
        if item.text in _GRADES or (
            item.text in _MOST and words_of(items[at + 1 : at + 2]) & _LIKED
        ):
            return True
        if item.symbol in ("most", "lowest") and after in _QUALITIES:
            return True
    return False


def is_worst(features: Collection[str], items: Items) -> bool:
    """Whether the worst is asked for of what is the worse the more there is of it."""
    return bool(features) and _BURDENS.issuperset(features) and "worst" in {i.text for i in items}
