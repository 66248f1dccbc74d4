"""Customers, segments, features, traits and offers by their names and numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from analytics.catalogue import normalise
from bot.questions.text.items import Found, Item, Items, Rule, skip, symbol, symbols
from bot.questions.things.grammar import Grammar
from bot.questions.things.lexicon import Lexicon
from bot.questions.things.ranking import EXTREMES

_OF_CUSTOMERS = frozenset({"customer", "lookup", "client", "id", "why", "who", "account"})
_OF_AMOUNTS = frozenset("< <= = >= > over under than lowest between above below".split())
_AFTER_CUSTOMER = frozenset({"belong", "change", "move", "in", "segment"})
_NUMBER_SIGNS = frozenset({"number", "no", "#", "nr", "id", "num", "=", ":", "."})
_LISTED = frozenset({",", "and", "&", "versus", "/", "or"})
_SIZED = frozenset("bigger smaller larger biggest smallest".split())
_COMPARING = frozenset("versus compare side difference against which".split()) | _SIZED
_THROUGH = frozenset({"-", "through", "thru", "to"})
_LINKS = frozenset({",", "and", "or", "&", "+", "/", "-", "through", "thru", "#", "segment"})
_COUNTED = frozenset({"week", "month", "customer", "day", "quarter", "%", "feature"})
_RANKING = frozenset("highest lowest biggest smallest heaviest lightest top most less".split())
_USERS = frozenset("customer buy shop spend take borrow user".split())


def customer_id(raw: str) -> str:
    """A customer id as stores spell them: upper case, no blank or hyphen after a single letter."""
    return re.sub(r"^([A-Z])[-_ ](?=\d)", r"\1", raw.strip().upper())


def customer(items: Items, at: int) -> Found:
    """A number of five digits or more is a customer where one is spoken of, or alone."""
    item = items[at]
    if item.symbol == "customer" and symbol(items, at + 1) == "<customer>":
        return 2, replace(items[at + 1], text="")
    if item.symbol != "<n>" or item.unit or item.plus or not re.fullmatch(r"\d{5,}", item.text):
        return None
    before, after = set(symbols(items[max(0, at - 3) : at])), set(symbols(items, at + 1, 2))
    if before & _OF_AMOUNTS:
        return None
    alone = all(i.symbol in "?!.,#" for n, i in enumerate(items) if n != at)
    if alone or before & _OF_CUSTOMERS or after & _AFTER_CUSTOMER:
        return 1, Item("<customer>", item.text)
    return None


def name(lexicon: Lexicon) -> Rule:
    """The company's own names; a phrase two segments may mean stays open."""

    def rule(items: Items, at: int) -> Found:
        places = [n for n in range(at, min(at + 10, len(items))) if items[n].symbol != ","]
        ones = (n for n in places[1:] if items[n].text == "one" and symbol(items, n - 1) == ",")
        listed = next(ones, len(items))  # "revolvers, one-off"
        places = [n for n in places if n < listed]
        if items[at].symbol == ",":
            return None
        words = [items[n].symbol for n in places]
        numbered = (n for n in range(1, len(words) - 1) if words[n] == "segment")
        stop = next((n for n in numbered if words[n + 1] in ("<n>", "#")), len(words))
        entity = lexicon.match(words[:stop], 0)
        if entity and words[0] == "of" and symbol(items, at - 1) == "instead":
            return None  # "instead of the limit"
        if entity is None or (words[0] == "single" and symbol(items, at - 1) == "a"):
            return None
        width = places[len(entity.phrase) - 1] + 1 - at
        if items[at + width - 1].text == "one" and symbol(items, at - 1) in (*EXTREMES, "most"):
            return None  # "the highest cash advance one"
        if items[at].text.endswith("ed") and symbol(items, at + width) == "into":
            return None  # "how many lapsed into 5"
        measure = _measured(items, at, entity.phrase, lexicon) if entity.kind == "segment" else None
        if measure:
            return width, Item("<feature>", measure)
        if entity.kind == "segment":
            several = len(entity.values) > 1
            return width, Item("<segment?>" if several else "<segment>", entity.values)
        if entity.kind == "offer" and symbol(items, at + width) == "than":
            return None  # "higher limits than" compares
        if entity.kind == "offer" and items[at].text == "higher" and _held(items, at):
            return None  # "who has the higher limit"
        if entity.kind == "value" and (len(entity.values) > 1 or _counts_things(items, at, width)):
            return None
        return width, Item(f"<{entity.kind}>", entity.values[0])

    return rule


def _held(items: Items, at: int) -> bool:
    return symbol(items, at - 1) == "the" and symbol(items, at - 2) in ("has", "have", "got")


def _measured(items: Items, at: int, phrase: Sequence[str], lexicon: Lexicon) -> str | None:
    """The feature a nickname is ranked by, "heaviest cash users"; None for a segment's own name."""
    led = at - 1 - (symbol(items, at - 1) in ("of", "the"))
    if symbol(items, led) not in _RANKING or phrase[-1] not in _USERS:
        return None
    said = normalise(" ".join(i.text for i in items[at : at + len(phrase)]))
    if any(normalise(s.name) == said for s in lexicon.segments):
        return None
    entity = lexicon.match(phrase[:-1], 0)
    whole = (
        entity is not None and entity.kind == "feature" and len(entity.phrase) == len(phrase) - 1
    )
    return str(entity.values[0]) if entity and whole else None


def head(lexicon: Lexicon) -> Rule:
    """What a segment's name begins with, in a list of segments: "2, instalment, one-off"."""
    heads = {
        normalise(s.name.rpartition(" ")[0]): s.segment_id for s in lexicon.segments if s.active
    }

    def rule(items: Items, at: int) -> Found:
        said = heads.get(normalise(items[at].text)) if items[at].symbol == "<feature>" else None
        after = symbol(items, at + 1)
        if said is None or after not in (*_LISTED, *_SIZED, "?", ".", "", "on", "by"):
            return None
        start, signs = at, set[str]()
        while symbol(items, start) == "<feature>" and symbol(items, start - 1) in _LISTED:
            signs.add(symbol(items, start - 1))
            start -= 2
        listed = start < at and symbol(items, start) in ("<segment>", "<n>")
        compares = _COMPARING & set(symbols(items)) and len(signs - {"and", "&"}) < 2
        others = [s for i in items if i.symbol == "<segment>" for s in i.value]
        alone = len(others) < 2 or symbol(items, start - 1) == ","
        return (
            (1, Item("<segment>", (said,)))
            if listed and compares and alone and said not in others
            else None
        )

    return rule


def band(lexicon: Lexicon) -> Rule:
    """A value of a trait that is written in numbers: "18-29", "65+"."""
    bands = {
        "".join(value.split()): trait
        for trait, values in lexicon.values.items()
        for value in values
        if value[:1].isdigit() and not value.isdigit()
    }

    def rule(items: Items, at: int) -> Found:
        measured = "<feature>" in (symbol(items, at - 1), symbol(items, at + 1))
        if items[at].symbol not in ("<n>", "<bound>") or items[at].unit or measured:
            return None
        written = items[at].text
        if items[at].symbol == "<bound>":
            written = f"{items[at].value[1]:g}+" if items[at].value[0] == ">=" else ""
        for width in (3, 1):
            more = "".join(i.text for i in items[at + 1 : at + width])
            if written + more in bands:
                return width, Item("<value>", bands[written + more])
        return None

    return rule


def _counts_things(items: Items, at: int, width: int) -> bool:
    """Whether a value in the plural is counted, as in "how many branches": not its customers."""
    last = items[at + width - 1]
    several = last.text.endswith("s") and last.text != last.symbol
    before = [word for word in symbols(items[:at]) if word not in ("of", "our", "the", "all")]
    asked = before[-2:] == ["how", "many"] or before[-1:] in (["number"], ["<stat>"])
    return several and asked and "customer" not in symbols(items)


def listed_word(grammar: Grammar) -> Rule:
    """Words for worth, and traits that may not be loaded."""

    def rule(items: Items, at: int) -> Found:
        words = symbols(items, at, 4)
        for lookup, kind in ((grammar.worth, "<worth>"), (grammar.trait, "<trait?>")):
            found = lookup.match(words, 0)
            measured = found and "customer" in words[: found[0]] and words[found[0] :][:1] == ["by"]
            if found and not measured:  # "top customers by balance" says what is measured
                return found[0], Item(kind, found[1])
        return None

    return rule


def segment_noun(items: Items, at: int) -> Found:
    """ "The big spenders segment" is that segment."""
    named = items[at].symbol in ("<segment>", "<segment?>")
    noun = symbol(items, at + 1) in ("segment", "audience", "book")
    if named and noun and not items[at + 1].text.endswith("s"):
        return 2, replace(items[at], text="")
    return None


def numbered_segments(items: Items, at: int) -> Found:
    """ "Segments 1, 2 and 4", "segment no. 3", "#3", "segs 1-3"."""
    if items[at].symbol not in ("segment", "#"):
        return None
    end = skip(items, at + 1, _NUMBER_SIGNS)
    several = items[at].text.endswith("s") and symbol(items, at - 1) != "from"
    links = _LINKS | {"to"} if several else _LINKS
    numbers: list[int] = []
    while end < len(items):
        one = items[end].symbol == "one" and not numbers
        number = 1 if one else items[end].whole()
        if number is None or (numbers and symbol(items, end + 1) in _COUNTED):
            break
        if numbers and items[end - 1].symbol in _THROUGH:
            numbers += range(numbers[-1] + 1, min(number, numbers[-1] + 20) + 1)
        else:
            numbers.append(number)
        end += 1
        link = skip(items, end, links)
        if not 0 < link - end <= 3 or link >= len(items) or items[link].whole() is None:
            break
        end = link
    return (end - at, Item("<segment>", tuple(dict.fromkeys(numbers)))) if numbers else None
