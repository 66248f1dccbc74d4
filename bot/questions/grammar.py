"""From tokens to items: names, times, amounts, conditions and statistics, one small pass each."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from analytics.model import Condition, Feature
from bot.questions.items import Item, Items, Rule, rewritten
from bot.questions.lexicon import Lexicon
from bot.questions.phrases import Lookup
from bot.questions.timing import Timing
from bot.questions.words import Token, Vocabulary, phrase_book

_DROPPED = frozenset("'\"()|:")
_UNITS = {"thousand": 1e3, "grand": 1e3, "million": 1e6, "hundred": 100.0}
_SEGMENT_NUMBER = frozenset({"number", "no", "#", "nr", "id", "num", "=", ":"})
_FULLY = 0.9  # "pays in full": at least nine statements in ten


class Grammar:
    """Phrases of `grammar.toml` for one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        book = phrase_book("grammar")
        self.comparator = Lookup[str](book["comparators"], vocabulary)
        self.after_amount = Lookup[str](book["after_amount"], vocabulary)
        self.statistic = Lookup[str](book["statistics"], vocabulary)
        self.none = Lookup[str]({"none": book["none"]["words"]}, vocabulary)
        self.some = Lookup[str]({"some": book["some"]["words"]}, vocabulary)
        terms = {term: (term, *called) for term, called in phrase_book("aliases")["terms"].items()}
        self.term = Lookup[str](terms, vocabulary)
        aliases = phrase_book("aliases")
        self.rather = Lookup[str](book["rather"], vocabulary)
        self.aside = Lookup[str]({"aside": book["asides"]["words"]}, vocabulary)
        self.condition = Lookup[str](book["conditions"], vocabulary)
        self.worth = Lookup[str]({w: [w] for w in aliases["ambiguous"]["words"]}, vocabulary)
        self.trait = Lookup[str]({w: [w] for w in aliases["traits"]["words"]}, vocabulary)
        self.timing = Timing(book["times"], vocabulary)


@lru_cache(maxsize=4)
def grammar_of(vocabulary: Vocabulary) -> Grammar:
    """The grammar in the base forms of a vocabulary."""
    return Grammar(vocabulary)


def items_of(found: list[Token], lexicon: Lexicon) -> Items:
    """Tokens read as items, every pass in turn."""
    grammar = grammar_of(lexicon.vocabulary)
    items = tuple(_as_item(token) for token in found if token.text not in _DROPPED)
    items = _tidied(items)
    for rule in (
        _aside(grammar),
        grammar.timing.rule,
        _customer,
        _term(grammar, lexicon),
        _stated(grammar, lexicon),
        _name(lexicon),
        _listed_word(grammar),
        _segment_noun,
        _numbered_segments,
        _amount,
        _comparator(grammar),
        _statistic(grammar),
        _condition(grammar, lexicon),
    ):
        items = rewritten(items, rule)
    return items


def _as_item(token: Token) -> Item:
    if token.kind == "number":
        symbol = "<nth>" if token.unit == "nth" else "<n>"
        return Item(symbol, token.number, token.raw, True, token.unit, token.plus)
    if token.kind == "id":
        return Item("<customer>", customer_id(token.raw), token.raw)
    if token.kind in ("date", "channel"):
        return Item(f"<{token.kind}>", token.raw, token.raw)
    known = token.known or token.kind == "sign"
    return Item(token.lemma, None, token.text, known)


def customer_id(raw: str) -> str:
    """A customer id as stores spell them: upper case, no blank or hyphen after a single letter."""
    return re.sub(r"^([A-Z])[-_ ](?=\d)", r"\1", raw.strip().upper())


def _tidied(items: Items) -> Items:
    """Items without hyphens inside words and the "group" of "group by"; a leading "n" counts."""
    kept = []
    for at, item in enumerate(items):
        around = [items[i].symbol for i in (at - 1, at + 1) if 0 <= i < len(items)]
        if item.text in ("group", "grouped") and around[-1:] == ["by"]:
            continue
        if at == 0 and item.text == "n":
            item = Item("<stat>", "count", "n")
        if item.symbol == "-" and around != ["<n>", "<n>"]:
            continue
        kept.append(item)
    return tuple(kept)


def _customer(items: Items, at: int) -> tuple[int, Item] | None:
    """A number of five digits or more is a customer where one is spoken of, or alone."""
    item = items[at]
    if item.symbol == "customer" and at + 1 < len(items) and items[at + 1].symbol == "<customer>":
        return 2, replace(items[at + 1], text="")
    if item.symbol != "<n>" or item.unit or item.plus or not re.fullmatch(r"\d{5,}", item.text):
        return None
    before = {i.symbol for i in items[max(0, at - 3) : at]}
    if before & _AMOUNTS_FOLLOW:
        return None
    alone = all(i.symbol in "?!.,#" for n, i in enumerate(items) if n != at)
    if alone or before & {"customer", "lookup", "client", "id", "why", "who", "account"}:
        return 1, Item("<customer>", item.text)
    after = {i.symbol for i in items[at + 1 : at + 3]}
    if after & {"belong", "change", "move", "in", "segment"} and not before & {
        "over",
        "under",
        "than",
    }:
        return 1, Item("<customer>", item.text)
    return None


_AMOUNTS_FOLLOW = frozenset("< <= = >= > over under than lowest between above below".split())
_ASKING = frozenset(
    "what is a an and are so exactly do does meaning define glossary explain stand term mean by the "
    "understand don't dont i'm sure not terms remind me can could you please tell of hi hey ok i want to know would like when customer someone if it we you say pls word hm hmm".split()
)
_DEFINES = frozenset("meaning define glossary explain stand term".split())


def _term(grammar: Grammar, lexicon: Lexicon) -> Rule:
    """A word of the glossary, where its meaning is asked for: "what is a transactor"."""

    def rule(items: Items, at: int) -> tuple[int, Item] | None:
        found = grammar.term.match([i.symbol for i in items[at : at + 5]], 0)
        if found is None or (at and items[at - 1].symbol in ("the", "this", "our")):
            return None
        named = lexicon.match([i.symbol for i in items[at : at + 8]], 0)
        if named and named.kind == "feature" and len(named.phrase) > found[0]:
            return None
        rest = {i.symbol for i in items[:at]}
        if not rest <= _ASKING:
            return None
        ends = all(not i.symbol[0].isalpha() for i in items[at + found[0] :])
        means = rest & _DEFINES or any(
            _is_meaning(items, n) for n, i in enumerate(items) if i.symbol == "mean"
        )
        if means or (ends and "what" in rest):
            return found[0], Item("<term>", found[1])
        return None

    return rule


def _name(lexicon: Lexicon) -> Rule:
    def rule(items: Items, at: int) -> tuple[int, Item] | None:
        words = [i.symbol for i in items[at : at + 8]]
        for n in range(1, len(words) - 1):
            if words[n] == "segment" and words[n + 1] in ("<n>", "#"):
                words = words[:n]
                break
        entity = lexicon.match(words, 0)
        if entity is None:
            return None
        if words[0] == "single" and at and items[at - 1].symbol == "a":
            return None
        width = len(entity.phrase)
        if entity.kind == "segment":
            if len(entity.values) > 1:
                return width, Item("<segment?>", entity.values)
            return width, Item("<segment>", entity.values)
        value = entity.values[0]
        if entity.kind == "value" and len(entity.values) > 1:
            return None
        return width, Item(f"<{entity.kind}>", value)

    return rule


def _aside(grammar: Grammar) -> Rule:
    """Turns of speech, and "in dollars", which asks for money instead of shares."""

    def rule(items: Items, at: int) -> tuple[int, Item] | None:
        words = [i.symbol for i in items[at : at + 8]]
        found = grammar.aside.match(words, 0)
        if found and found[0] < len(items):
            return found[0], Item("<aside>")
        order = grammar.rather.match(words, 0)
        if order:
            return order[0], Item(order[1])
        if words[0] in ("in", "and", "as") and words[1:2] and words[1] in _MONEY:
            return 2, Item("<money>")
        return None

    return rule


_MONEY = frozenset({"$", "dollar", "dollars", "usd", "money", "euro", "euros", "€", "£", "pounds"})


def _stated(grammar: Grammar, lexicon: Lexicon) -> Rule:
    """Ways of saying a whole condition: "maxed out" is a utilisation of 100 % or more."""

    def rule(items: Items, at: int) -> tuple[int, Item] | None:
        found = grammar.condition.match([i.symbol for i in items[at : at + 6]], 0)
        if found is None:
            return None
        name, op, value = found[1].split()
        if name not in lexicon.features:
            return None
        condition = Condition(name, op, float(value))  # type: ignore[arg-type]
        return found[0], Item("<filter>", (condition,))

    return rule


def _segment_noun(items: Items, at: int) -> tuple[int, Item] | None:
    """ "the big spenders segment" is that segment."""
    if items[at].symbol in ("<segment>", "<segment?>") and at + 1 < len(items):
        if items[at + 1].symbol == "segment" and items[at + 1].text not in ("segments", "segs"):
            return 2, replace(items[at], text="")
    return None


def _listed_word(grammar: Grammar) -> Rule:
    """Words for worth, and traits that may not be loaded."""

    def rule(items: Items, at: int) -> tuple[int, Item] | None:
        words = [i.symbol for i in items[at : at + 4]]
        for lookup, symbol in ((grammar.worth, "<worth>"), (grammar.trait, "<trait?>")):
            found = lookup.match(words, 0)
            if found:
                return found[0], Item(symbol, found[1])
        return None

    return rule


def _whole(item: Item) -> int | None:
    """A small whole number without a unit, as segments and places are counted."""
    plain = item.symbol == "<n>" and not item.unit and not item.plus
    if plain and item.value == int(item.value) and item.value < 1000:
        return int(item.value)
    return None


def _numbered_segments(items: Items, at: int) -> tuple[int, Item] | None:
    """ "segments 1, 2 and 4", "segment no. 3", "#3", "segs 1-3"."""
    if items[at].symbol == "<nth>" and at + 1 < len(items) and items[at + 1].symbol == "segment":
        return 2, Item("<segment>", (int(items[at].value),))
    if items[at].symbol not in ("segment", "#"):
        return None
    end = at + 1
    while end < len(items) and (items[end].symbol in _SEGMENT_NUMBER or items[end].symbol == "."):
        end += 1
    numbers: list[int] = []
    while end < len(items):
        number = 1 if items[end].symbol == "one" and not numbers else _whole(items[end])
        if number is None:
            break
        following = items[end + 1].symbol if end + 1 < len(items) else ""
        if numbers and following in ("week", "month", "customer", "day", "quarter", "%", "feature"):
            break
        if numbers and items[end - 1].symbol in ("-", "through", "thru", "to"):
            numbers += range(numbers[-1] + 1, min(number, numbers[-1] + 20) + 1)
        else:
            numbers.append(number)
        end += 1
        link = end
        while link < len(items) and items[link].symbol in (
            ",",
            "and",
            "or",
            "&",
            "+",
            "/",
            "-",
            "through",
            "thru",
            "#",
            "segment",
        ):
            link += 1
        if link == end or link >= len(items) or _whole(items[link]) is None or link - end > 3:
            break
        end = link
    if not numbers:
        return None
    return end - at, Item("<segment>", tuple(dict.fromkeys(numbers)))


def _amount(items: Items, at: int) -> tuple[int, Item] | None:
    """A number with the words of its unit: "5 thousand dollars", "80 percent", "10+"."""
    item = items[at]
    if item.symbol in ("one", "a") and at + 1 < len(items) and items[at + 1].symbol in _UNITS:
        item = Item("<n>", 1.0, item.text)
    if item.symbol != "<n>":
        return None
    end, value, unit = at + 1, float(item.value), item.unit
    while end < len(items):
        word = items[end].symbol
        if word in _UNITS:
            value, unit = value * _UNITS[word], "scaled"
        elif word in ("%", "percent"):
            unit = "%"
        elif word in ("dollar", "buck", "usd", "eur", "euro", "$", "€", "£"):
            unit = "money"
        else:
            break
        end += 1
    if end == at + 1:
        return None
    return end - at, replace(item, value=value, unit=unit, text="")


def _comparator(grammar: Grammar) -> Rule:
    """ "more than", ">=", ... where an amount follows, and "10 or more"."""

    def rule(items: Items, at: int) -> tuple[int, Item] | None:
        words = [i.symbol for i in items[at : at + 7]]
        if items[at].symbol == "<n>":
            found = grammar.after_amount.match(words, 1)
            if found or items[at].plus:
                op, width = (found[1], 1 + found[0]) if found else (">=", 1)
                return width, Item("<bound>", (op, items[at].value), unit=items[at].unit)
            return None
        found = grammar.comparator.match(words, 0)
        if found is None:
            return None
        width, op = found
        skip = width
        while at + skip < len(items) and items[at + skip].symbol in (
            "a",
            "the",
            "about",
            "of",
            "to",
            "$",
            "around",
            "roughly",
        ):
            skip += 1
        if at + skip < len(items) and items[at + skip].symbol == "<n>":
            amount = items[at + skip]
            return skip + 1, Item("<bound>", (op, amount.value), unit=amount.unit)
        return None

    return rule


def _statistic(grammar: Grammar) -> Rule:
    percentiles = {10: "p10", 25: "p25", 50: "median", 75: "p75", 90: "p90"}

    def rule(items: Items, at: int) -> tuple[int, Item] | None:
        item = items[at]
        if (
            item.symbol in ("<n>", "<nth>")
            and at + 1 < len(items)
            and items[at + 1].symbol == "percentile"
        ):
            name = percentiles.get(int(item.value))
            return (2, Item("<stat>", name)) if name else (2, Item("<percentile>", item.value))
        if item.symbol == "mean" and _is_meaning(items, at):
            return 1, Item("meaning")
        found = grammar.statistic.match([i.symbol for i in items[at : at + 8]], 0)
        return (found[0], Item("<stat>", found[1])) if found else None

    return rule


def _is_meaning(items: Items, at: int) -> bool:
    """Whether "mean" asks for a meaning ("what does X mean") and not for an average."""
    before = {i.symbol for i in items[:at]}
    after = items[at + 1].symbol if at + 1 < len(items) else ""
    if after in ("<feature>", "of", "and"):
        return False
    return bool(before & {"do", "does", "i", "did", "what", "you", "u"}) and "the" not in {
        i.symbol for i in items[at - 1 : at]
    }


def _condition(grammar: Grammar, lexicon: Lexicon) -> Rule:
    counts = {f.label.removeprefix("number of "): f for f in lexicon.features if f.unit == "count"}

    def feature_at(items: Items, at: int) -> Feature | None:
        if at < len(items) and items[at].symbol == "<feature>":
            return lexicon.features[items[at].value]
        return None

    def skip(items: Items, at: int, words: frozenset[str]) -> int:
        while at < len(items) and items[at].symbol in words:
            at += 1
        return at

    def filtered(feature: Feature, op: str, *amounts: Item) -> Item:
        values = [_in_unit(feature, float(a.value), a.unit) for a in amounts]
        value = values[0] if len(values) == 1 else (min(values), max(values))
        return Item("<filter>", (Condition(feature.name, op, value),))  # type: ignore[arg-type]

    def counted(feature: Feature, amount: Item) -> Feature:
        """ "3 cash advances" counts them; "$300 cash advances" is money."""
        if feature.unit == "money" and not amount.unit:
            return counts.get(feature.label, feature)
        return feature

    def pair(items: Items, at: int) -> tuple[int, Item, Item] | None:
        start = skip(items, at, _LINKS)
        if start < len(items) and items[start].symbol == "between":
            start += 1
        elif not (start + 1 < len(items) and items[start + 1].symbol in ("-", "to")):
            return None
        if (
            start
            and items[
                start - 2 if items[start - 1].symbol == "between" and start > 1 else start - 1
            ].symbol
            in _BETWEEN_THINGS
        ):
            return None
        ends = items[start : start + 3]
        if (
            len(ends) == 3
            and ends[0].symbol == ends[2].symbol == "<n>"
            and ends[1].symbol in ("and", "to", "-", "&")
        ):
            low, high = ends[0], ends[2]
            if high.unit == "scaled" and low.unit != "scaled" and low.value < 1000:
                low = replace(low, value=low.value * 1000)
            return start + 3, low, high
        return None

    def rule(items: Items, at: int) -> tuple[int, Item] | None:
        item = items[at]
        feature = feature_at(items, at)
        if feature:
            both = pair(items, at + 1)
            if both:
                return both[0] - at, filtered(feature, "between", both[1], both[2])
            end = skip(items, at + 1, _LINKS)
            if end < len(items) and items[end].symbol == "<bound>":
                op, value = items[end].value
                return end + 1 - at, filtered(feature, op, replace(items[end], value=value))
            if (
                end < len(items)
                and items[end].symbol == "="
                and end + 1 < len(items)
                and items[end + 1].symbol == "<n>"
            ):
                return end + 2 - at, filtered(feature, "=", items[end + 1])
            pays = feature.name == "PRC_FULL_PAYMENT" and item.words[:1] in (("pay",), ("clear",))
            after = items[at + 1].symbol if at + 1 < len(items) else ""
            ranked = any(i.symbol in _RANKS for i in items[:at])
            if pays and not ranked and after not in _NOT_HELD and _of_customers(items, at):
                return 1, Item("<filter>", (_held(feature, False),))
            if end < len(items) and items[end].symbol == "zero":
                return end + 1 - at, Item("<filter>", (Condition(feature.name, "=", 0.0),))
            if end < len(items) and items[end].symbol == "<n>" and _settles(items, end, feature):
                return end + 1 - at, filtered(feature, "=", items[end])
            return None
        if item.symbol == "between":
            both = pair(items, at)
            end = skip(items, both[0], _OF) if both else at
            feature = feature_at(items, end)
            if both and feature:
                feature = counted(feature, both[2])
                return end + 1 - at, filtered(feature, "between", both[1], both[2])
            return None
        if item.symbol == "<bound>" or (item.symbol == "<n>" and item.value == 0):
            end = skip(items, at + 1, _OF)
            feature = feature_at(items, end)
            if feature:
                if item.symbol == "<n>":
                    return end + 1 - at, Item("<filter>", (Condition(feature.name, "=", 0.0),))
                op, value = item.value
                feature = counted(feature, item)
                if (
                    item.unit == "%"
                    and feature.unit == "money"
                    and "UTILISATION" in lexicon.features
                ):
                    feature = lexicon.features["UTILISATION"]
                return end + 1 - at, filtered(feature, op, replace(item, value=value))
            if item.symbol == "<bound>" and item.value[0] in (">", ">="):
                return None
            return None
        words = [i.symbol for i in items[at : at + 8]]
        for lookup, none in ((grammar.none, True), (grammar.some, False)):
            found = lookup.match(words, 0)
            if not found:
                continue
            end = skip(items, at + found[0], _QUANTIFIERS)
            feature = feature_at(items, end)
            after = skip(items, end + 1, _LINKS - {"the"})
            follows = items[after].symbol if after < len(items) else ""
            if not feature or follows in _NOT_HELD:
                continue
            if not none and not _of_customers(items, at):
                continue
            return end + 1 - at, Item("<filter>", (_held(feature, none),))
        if item.symbol in ("over", ">") and "UTILISATION" in lexicon.features:
            end = skip(items, at + 1, frozenset({"the", "their", "credit", "card", "its"}))
            feature = feature_at(items, end)
            if feature and feature.name == "CREDIT_LIMIT":
                return end + 1 - at, Item("<filter>", (Condition("UTILISATION", ">", 1.0),))
        return None

    return rule


_RANKS = frozenset(
    "most more highest lowest less top bottom biggest smallest argmax argmin".split()
)
_NOT_HELD = _RANKS | {"<bound>", "<n>", "between", "=", "zero", "the"}
_BETWEEN_THINGS = frozenset(
    "difference gap compare borderline similar overlap movement move migrate shift".split()
)
_LINKS = frozenset(
    "us you me is be are was of at the a amount amounts value total that which it has been being with".split()
)
_OF = frozenset("in of on as for worth the their a average total months month as number".split())
_QUANTIFIERS = frozenset("a an any some the use make take have of their single to ever".split())


def _in_unit(feature: Feature, value: float, unit: str) -> float:
    """Shares are kept in [0, 1]: "50 %" and, of a share, "50" are both one half."""
    if feature.unit == "share" and (unit == "%" or value > 1.5):
        return value / 100
    return value


def _settles(items: Items, at: int, feature: Feature) -> bool:
    """Whether a bare number after a feature is its value ("tenure 12") and not a segment."""
    of = items[at - 1].symbol == "of"
    return feature.unit == "months" or of or items[at].unit == "scaled"


def _of_customers(items: Items, at: int) -> bool:
    """Whether "with X" speaks of customers: a word for them stands shortly before."""
    before = {i.symbol for i in items[max(0, at - 7) : at + 1]}
    if any(i.symbol in ("anyone", "anybody") or i.value == "count" for i in items[:at]):
        before |= {"customer"} if before & {"<segment>"} else set()
    if any(i.symbol == "often" for i in items):
        return False
    return bool(
        before
        & {"customer", "who", "that", "<filter>", "those", "them", "of them", "ones", "they", "but"}
    )


def _held(feature: Feature, none: bool) -> Condition:
    if none:
        return Condition(feature.name, "=", 0.0)
    if feature.name == "PRC_FULL_PAYMENT":
        return Condition(feature.name, ">=", _FULLY)
    return Condition(feature.name, ">", 0.0)
