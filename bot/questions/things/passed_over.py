"""What a question names only in passing: "not 3, 2", "payments instead of balance"."""

from __future__ import annotations

from bot.questions.text.items import Items, symbol
from bot.questions.things.counts import LISTING

_NOT = frozenset({"don't", "doesn't", "never"})
_NOT_ONLY = (["not", "only"], ["not", "just"])
_PAGES = frozenset("slide slides page pages chapter bullet floor room".split())
_CLOCK = frozenset("pm am o'clock oclock min mins minute minutes hour hours".split())
_LASTING = frozenset("get got have in only just within take spare".split())
_WAYS = frozenset("on via through in by".split())  # "spends the most in instalments"
_VERBS = frozenset({"pay", "buy", "owe", "withdraw", "shop", "borrow"})


def is_passed_over(items: Items, at: int) -> bool:
    """Whether what is named at a place fills no slot."""
    return items[at].is_name and any(
        rule(items, at)
        for rule in (
            _is_verb,
            _is_whole,
            _is_ruled_out,
            _is_another_time,
            _is_one_of_all,
            _is_set_aside,
            _is_left,
            _is_of_the_office,
        )
    )


def _is_of_the_office(items: Items, at: int) -> bool:
    """Whether a number is of a slide or of the clock: "slide 7", "before my 2 pm", "in 5 min"."""
    if items[at].symbol == "<bound>" and items[at].text.endswith(" min"):
        return symbol(items, at - 1) in _LASTING
    counted = items[at].symbol in ("<n>", "<segment>") and not items[at].text.startswith("segment")
    numbered = items[at - 1].text in _PAGES if at else False
    return counted and (numbered or symbol(items, at + 1) in _CLOCK)


def _is_ruled_out(items: Items, at: int) -> bool:
    """Whether a segment is named only to say that another one is meant: "not 3, 2"."""
    before = at - 1 - (symbol(items, at - 1) in ("the", "our"))
    denied = items[at].symbol == "<segment>" and _denied(items, before)
    return denied and sum(i.symbol == "<segment>" for i in items) > 1


def _is_another_time(items: Items, at: int) -> bool:
    """Whether a date is named only as not the one meant: "September, not the one of August"."""
    before = at - 1
    while symbol(items, before) in _OF_A_TIME:
        before -= 1
    return items[at].symbol == "<when>" and symbol(items, before) == "not"


def _is_one_of_all(items: Items, at: int) -> bool:
    """Whether a segment is named only as not the only one: "for all of them, not only 2"."""
    before = [symbol(items, at - 2), symbol(items, at - 1)]
    everyone = {"all", "every", "each", "everyone", "whole"} & {i.symbol for i in items}
    return items[at].symbol == "<segment>" and before in _NOT_ONLY and bool(everyone)


def _denied(items: Items, at: int) -> bool:
    return symbol(items, at) == "not" or (at > 0 and symbol(items, at) in _NOT)


_OF_A_TIME = frozenset("the one ones of from in for as on at".split())
_BESIDE = frozenset({"compare", "versus", "against", "to", "difference"})


def _is_set_aside(items: Items, at: int) -> bool:
    """Whether a statistic is no statistic asked for: "median, not average", "average customer"."""
    if items[at].symbol != "<stat>":
        return False
    if items[at].value == "index" and symbol(items, at + 1) == "<segment>":
        return sum(i.symbol == "<segment>" for i in items) > 1  # "index 1 versus 4"
    if symbol(items, at - 1) == "not":
        return sum(i.symbol == "<stat>" for i in items) > 1
    person = items[at].value in ("mean", "median") and symbol(items, at + 1) == "customer"
    return person and bool(_BESIDE & {i.symbol for i in items[:at]})


def _is_left(items: Items, at: int) -> bool:
    """Whether something is named only as what is not meant: "payments instead of balance"."""
    kind = items[at].symbol
    before = at - 1 - (symbol(items, at - 1) in ("the", "our", "segment"))
    instead = [symbol(items, before - 1), symbol(items, before)] == ["instead", "of"]
    return instead and items[at].is_name and any(i.symbol == kind for i in items[:at])


def _is_whole(items: Items, at: int) -> bool:
    """Whether a feature is only what is divided: "spend split between one-off and instalments"."""
    if items[at].symbol != "<feature>" or symbol(items, at + 1) not in ("between", "into", "split"):
        return False
    parts = {i.value for i in items[at + 1 :] if i.symbol == "<feature>"}
    return len(parts) > 1 and all(part.endswith(f"_{items[at].value}") for part in parts)


def _is_verb(items: Items, at: int) -> bool:
    """Whether a feature is only the verb of another: "who pays the most in minimum payments"."""
    if items[at].symbol != "<feature>":
        return False
    verb = set(items[at].words) & _VERBS
    for n in range(at + 1, min(at + 6, len(items))):
        if items[n].symbol in (",", *LISTING):
            return False
        if items[n].symbol == "<feature>":
            spends = items[at].value == "PURCHASES" and items[at].text != "purchases"
            spent_on = spends and items[n - 1].symbol in _WAYS
            return bool(verb) or spent_on
    return False
