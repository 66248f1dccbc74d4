"""Amounts with their units and comparisons, and the statistics asked for."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.questions.text.items import Found, Item, Items, Rule, skip, symbol, symbols
from bot.questions.things.grammar import Grammar
from bot.questions.things.meanings import is_meaning

_UNITS = {"thousand": 1e3, "grand": 1e3, "million": 1e6, "hundred": 100.0,
          "lakh": 1e5, "crore": 1e7}  # fmt: skip
_CURRENCIES = frozenset("dollar buck usd eur euro $ € £".split())
_ABOUT = frozenset("a the about of to $ around roughly".split())
_BOUNDING = frozenset("than least lowest most over under above below only exactly".split())
_OF_SHARE = frozenset("of by per in for across that who ? .".split())
_ASKED = frozenset("kindly please you".split())
_PERCENTILES = {10: "p10", 25: "p25", 50: "median", 75: "p75", 90: "p90"}

_THINGS_BETWEEN = frozenset(
    "difference gap compare borderline similar overlap movement move migrate shift".split()
)
BEFORE_AMOUNT = frozenset(
    "us you me is be are was of at the a amount amounts value total that which it has been being "
    "with out card".split()
)


def amount(items: Items, at: int) -> Found:
    """A number with the words of its unit: "5 thousand dollars", "80 percent"."""
    item = items[at]
    if item.symbol in ("one", "a") and symbol(items, at + 1) in _UNITS:
        item = Item("<n>", 1.0, item.text)
    if item.symbol != "<n>":
        return None
    end, value, unit = at + 1, float(item.value), item.unit
    bounded = symbol(items, at - 1) in _BOUNDING or symbol(items, end + 1) == "or"
    if symbol(items, end) == "time" and bounded and not unit:
        return 2, replace(item, unit="count", text="")  # "five times or more"
    while (word := symbol(items, end)) in _UNITS or word in _CURRENCIES or word in ("%", "percent"):
        if word in _UNITS:
            value, unit = value * _UNITS[word], "scaled"
        else:
            unit = "money" if word in _CURRENCIES else "%"
        end += 1
    return (end - at, replace(item, value=value, unit=unit, text="")) if end > at + 1 else None


def comparator(grammar: Grammar) -> Rule:
    """ "More than", ">=", ... where an amount follows, and "10 or more", "10+"."""

    def rule(items: Items, at: int) -> Found:
        words = symbols(items, at, 7)
        if items[at].symbol == "<n>":
            after = grammar.after_amount.match(words, 1)
            if after is None and not items[at].plus:
                return None
            width, op = after or (0, ">=")
            return 1 + width, Item("<bound>", (op, items[at].value), unit=items[at].unit)
        found = grammar.comparator.match(words, 0)
        if found is None:
            return None
        end = skip(items, at + found[0], _ABOUT)
        named = found[1] == "=" and symbol(items, at - 1) == "segment"
        beside = symbols(items, at - 2, 2) == ["segment", "<n>"] and "than" in words[: found[0]]
        beside = beside and symbol(items, end + 1) in ("", "?", ".", ",", "in", "by", "on", "<now>")
        if symbol(items, end) != "<n>" or named or beside:  # "is segment 2 bigger than 3"
            return None
        return end + 1 - at, Item("<bound>", (found[1], items[end].value), unit=items[end].unit)

    return rule


def _is_request(items: Items, at: int) -> bool:
    """Whether "share" asks for something: "kindly share average payments"."""
    follows = symbol(items, at + 1)
    if follows in _OF_SHARE or at + 1 == len(items):
        return False
    told = follows in ("me", "us", "the", "average", "median", "total")
    return symbol(items, at - 1) in _ASKED if at else told


def statistic(grammar: Grammar) -> Rule:
    """Means, medians, percentiles, shares and counts; "what does X mean" asks for a meaning."""

    def rule(items: Items, at: int) -> Found:
        item = items[at]
        if item.symbol in ("<n>", "<nth>") and symbol(items, at + 1) == "percentile":
            known = _PERCENTILES.get(int(item.value))
            return 2, Item("<stat>", known) if known else Item("<percentile>", item.value)
        after = items[at + 1] if at + 1 < len(items) else item
        if item.is_word and not item.known and re.fullmatch(r"p\d\d?", item.text):
            return 1, Item("<percentile>", float(item.text[1:]))
        if item.symbol == "percentile" and after.whole() in _PERCENTILES:
            return 2, Item("<stat>", _PERCENTILES[int(after.value)])
        if item.symbol == "share" and _is_request(items, at):
            return 1, Item("show")
        if is_meaning(items, at):
            return 1, Item("meaning")
        found = grammar.statistic.match(symbols(items, at, 8), 0)
        return (found[0], Item("<stat>", found[1])) if found else None

    return rule


def pair_of(items: Items, at: int) -> tuple[int, Item, Item] | None:
    """Where "between A and B" or "A to B" ends, and both amounts ("2-5k" is in thousands)."""
    start = skip(items, at, BEFORE_AMOUNT)
    between = symbol(items, start) == "between"
    start += between
    if not between and symbol(items, start + 1) not in ("-", "to"):
        return None
    if between and _THINGS_BETWEEN & set(symbols(items[:start])):
        return None
    if symbol(items, start) != "<n>" or symbol(items, start + 2) != "<n>":
        return None
    if symbol(items, start + 1) not in ("and", "to", "-", "&"):
        return None
    low, high = items[start], items[start + 2]
    thousands = high.value / 1000  # "2-5k" is in thousands, "500 and 1.5k" is not
    if high.unit == "scaled" and low.unit != "scaled" and low.value < min(1000, thousands):
        low = replace(low, value=low.value * 1000)
    return start + 3, low, high
