"""Conditions that are turned round, and those that a number makes more exact."""

from __future__ import annotations

from dataclasses import replace

from bot.questions.text.items import Found, Item, Items, Rule, skip, symbol, symbols
from bot.questions.things.grammar import Grammar

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_NEGATIONS = frozenset({"not", "don't", "doesn't", "didn't", "haven't", "hasn't", "never"})
_WITHOUT = frozenset({"without", "drop", "remove", "skip", "omit", "ignore"})
_LEFT_OUT = frozenset(
    "everyone everybody anyone anybody customer those that who with have a the any all ones".split()
)


def negated(grammar: Grammar) -> Rule:
    """ "Leave out everybody owing more than 2,500" wants all the others."""

    def rule(items: Items, at: int) -> Found:
        found = grammar.excluding.match(symbols(items, at, 6), 0)
        follows = symbol(items, at + 1)
        without = symbol(items, at) in _WITHOUT and follows in _LEFT_OUT
        denied = symbol(items, at) in _NEGATIONS and follows in ("<filter>", "have")
        if found is None and not (without or denied):
            return None
        end = skip(items, at + (found[0] if found else 1), _LEFT_OUT)
        more = symbol(items, end + 1) in ("and", "or", "&")
        if symbol(items, end) != "<filter>" or len(items[end].value) > 1 or more:
            return None
        one = items[end].value[0]
        op = _OPPOSITE.get(one.op)
        if (one.op, one.value) in ((">", 0.0), ("=", 0.0)):
            op = "=" if one.op == ">" else ">"
        return (end + 1 - at, Item("<filter>", (replace(one, op=op),))) if op else None

    return rule


def exact(items: Items, at: int) -> Found:
    """ "Nearly maxed out, say over 95 %": the number holds, not the word."""
    named = items[at].symbol == "<filter>" and items[at].unit == "named"
    told = (i.value[0].feature for i in items if i.symbol == "<filter>" and not i.unit)
    return (1, Item("<aside>")) if named and items[at].value[0].feature in told else None
