"""What an answer named, spoken of in the next message: "Segment 1." "And how big is it?"."""

from __future__ import annotations

from dataclasses import replace

from analytics.model import Query
from bot.questions.items import Items, names_of, symbol, symbols
from bot.questions.ranking import ASCENDING, DESCENDING
from bot.questions.turns import asks_why

_ONE = frozenset("it its that this there one they them their theirs".split())
_SEVERAL = frozenset("they them their theirs those these both".split())
_SUBJECTS = frozenset("they its their there".split())
_GROUPS = frozenset({"segment", "audience"})
_POINTING = frozenset("that this the its their his her same".split())
# Which of several it is, is asked of all of them once more.
_ANEW = frozenset("which whose whom rank order sort".split())
# "It" is the answer and not whom it named: "draw it", "what does it mean", "was it the same then".
_SHOWN = frozenset(
    "show draw plot chart graph make put do run redo rank order sort turn flip reverse give have "
    "get see visualise visualize limit restrict narrow list repeat explain on by".split()
)
_OF_ANSWERS = frozenset(
    "mean meaning define calculate calculated compute measure sql query same true right "
    "correct wrong sure chart ranking order sort list number figure work thanks".split()
)
_ABOUT = {"drift": "drift"}
_ASKED_OF = ("rank_segments", "customer_lookup", "explain_customer", "recommend", "drift")


def spoken_of(items: Items, previous: Query) -> Query:
    """The question before, or one about what its answer named where a message is about that.

    ``previous.named`` are the segments the answer named: those at the top of a ranking, that of a
    customer.
    """
    named = previous.named
    if not named or previous.intent not in _ASKED_OF or _asks_of_all(items):
        return previous
    measured = bool(previous.features) and names_of(items) == {"<stat>"}  # "the median of it"
    about = Query(
        "feature_stat" if measured else _ABOUT.get(previous.intent, "segment_profile"),
        segments=named,
        features=previous.features if measured else (),
    )
    if asks_why(items) and not previous.customer:
        return about
    grouped = any(
        i.symbol in _GROUPS
        and symbol(items, n - 1) in _POINTING
        and not symbol(items, n + 1).startswith("<n")
        for n, i in enumerate(items)
    )
    if grouped or previous.customer:
        return about if grouped and len(named) == 1 else previous
    pronouns = _SEVERAL if len(named) > 1 else _ONE
    return about if any(_points(items, n, pronouns) for n in range(len(items))) else previous


def depends(items: Items, previous: Query) -> bool:
    """Whether a question is about what the answer to the one before in its message will name."""
    first = previous.intent == "rank_segments" and previous.top == 1
    return first and spoken_of(items, replace(previous, named=(0,))).named == ()


def _asks_of_all(items: Items) -> bool:
    said = set(symbols(items))
    ranks = "who" in said and bool(said & (ASCENDING | DESCENDING))
    return ranks or bool(_ANEW & set(symbols(items[:3]))) or bool(_OF_ANSWERS & said)


def _points(items: Items, at: int, pronouns: frozenset[str]) -> bool:
    item, before = items[at].symbol, symbol(items, at - 1)
    if item not in pronouns or (before in _SHOWN and item not in _SUBJECTS):
        return False
    if item in ("that", "this"):
        return symbol(items, at + 1) == "one"
    return item != "one" or before in ("that", "this")
