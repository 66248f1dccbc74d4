"""Conditions on features: "balance over 5k", "zero purchases", "between 1,000 and $2,000"."""

from __future__ import annotations

from dataclasses import replace

from analytics.catalogue import card_catalogue
from analytics.model import Condition, Feature
from bot.questions.text.items import Found, Item, Items, skip, symbol, symbols
from bot.questions.things.amounts import BEFORE_AMOUNT, pair_of
from bot.questions.things.grammar import Grammar
from bot.questions.things.lexicon import Lexicon

_FEW = 500.0  # from here on a bare number of purchases is their amount
_FULLY = 0.9  # "pays in full": at least nine statements in ten
_RANKS = frozenset(
    "most more highest lowest less top bottom biggest smallest argmax argmin".split()
)
_NOT_HELD = _RANKS | {"<bound>", "<n>", "between", "=", "zero", "the"}
_VAGUELY = frozenset("lot lots much heavily little plenty loads tons bit barely hardly".split())
_BEFORE_FEATURE = frozenset(
    "in of on as for worth the their a average total months month number".split()
)
_BEFORE_OTHER = frozenset("the their its they in of his her your".split())
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_QUANTIFIERS = frozenset(
    "a an any some the use make take have of their single to ever also still even both "
    "touch".split()
)
_AUXILIARIES = frozenset(
    "have has had ever also still even already nonetheless nevertheless actually really do "
    "did".split()
)
_DOERS = frozenset({"customer", "<segment>", "who", "base"})
_AFTER_DOING = frozenset(
    "in at on and but or each every by do did are have last now anything something".split()
)
_DOING = frozenset(
    "take withdraw use pay buy shop spend owe draw borrow pull get put settle repay".split()
)
_JOINING = frozenset({"and", "&", "plus"})
_ANY = frozenset("a an any some at least one also who have has do had with".split())
_ENDING = frozenset({"", "?", ".", "!", ",", "please", "in", "and", "&"})
_MAKING = frozenset("make do change use take".split())  # "make that payments"
_FOR_EXAMPLE = frozenset({"say", "ie", "meaning"})
_CUSTOMERS = frozenset("customer who that <filter> those them ones they but".split())


class Conditions:
    """Reads conditions on the features of one company."""

    def __init__(self, grammar: Grammar, lexicon: Lexicon) -> None:
        self.grammar = grammar
        self.features = lexicon.features
        counts = (f for f in lexicon.features if f.unit == "count")
        self.counts = {f.label.removeprefix("number of "): f for f in counts}

    def by_name(self, items: Items, at: int) -> Found:
        """Ways of saying a whole condition: "maxed out" is a utilisation of 100 % or more."""
        found = self.grammar.condition.match(symbols(items, at, 8), 0)
        if found is None:
            return None
        name, op, value = found[1].split()
        if value in self.features and name in self.features:
            return found[0], Item("<compared>", (name, op, value))
        if value.isupper() or name not in self.features:
            return None
        return found[0], replace(_filter(name, op, float(value)), unit="named")

    def rule(self, items: Items, at: int) -> Found:
        """The condition that starts at an item."""
        match items[at].symbol:
            case "<feature>":
                found = self._feature_first(items, at)
            case "between" | "<bound>":
                found = self._amount_first(items, at)
            case "<n>" if items[at].value == 0:
                found = self._amount_first(items, at)
            case "positive" if positive := self._feature(items, at + 1):
                found = 2, _holding(positive)
            case _:
                found = self._held(items, at)
        return found

    def also(self, items: Items, at: int) -> Found:
        """ "... and instalments" after a condition that something is held; "... but under 5k"."""
        if items[at].symbol == "<filter>":
            return self._bounded(items, at)
        if found := self._also_held(items, at):
            return found
        held = symbol(items, at) in ("and", "&") and symbol(items, at - 1) == "<filter>"
        feature = self._feature(items, at + 1)
        if not held or feature is None or symbol(items, at + 2)[:1].isalpha():
            return None
        before = items[at - 1].value[-1]
        return (2, _holding(feature)) if (before.op, before.value) == (">", 0.0) else None

    def _also_held(self, items: Items, at: int) -> Found:
        """ "... over 3k and a cash advance", "who never pay in full and draw cash"."""
        if symbol(items, at) not in _JOINING or symbol(items, at - 1) != "<filter>":
            return None
        end = skip(items, at + 1, _ANY)
        feature = self._feature(items, end)
        if feature is None or symbol(items, end + 1) not in _ENDING:
            return None
        does = items[end].words[:1] and items[end].words[0] in _DOING
        return (end + 1 - at, _holding(feature)) if does or end > at + 1 else None

    def _bounded(self, items: Items, at: int) -> Found:
        """A condition with a second bound of its own: "over 2k but less than 5k"."""
        joined = symbol(items, at + 1) in ("and", "&", "but", "yet", ",")
        if not joined or symbol(items, at + 2) != "<bound>" or items[at + 2].unit == "count":
            return None
        one = items[at].value[-1]
        if items[at + 2].unit == "money" and self.features[one.feature].unit == "count":
            return None  # "more than 2 cash advances but less than $500"
        op, value = items[at + 2].value
        other = _filtered(self.features[one.feature], op, replace(items[at + 2], value=value))
        two = other.value[0]
        if isinstance(one.value, tuple):
            return None
        if {one.op, two.op} == {"<=", ">="}:
            ends = (min(one.value, two.value), max(one.value, two.value))
            return 3, _filter(one.feature, "between", ends)
        return 3, replace(other, value=(*items[at].value, two))

    def _feature(self, items: Items, at: int) -> Feature | None:
        return self.features[items[at].value] if symbol(items, at) == "<feature>" else None

    def _feature_first(self, items: Items, at: int) -> Found:
        """ "Balance over 5k", "tenure 12", "pays in full"."""
        feature = self.features[items[at].value]
        pair = pair_of(items, at + 1)
        if pair:
            return pair[0] - at, _filtered(feature, "between", *pair[1:])
        compared = self._compared(items, at)
        if compared:
            return compared
        end = skip(items, at + 1, BEFORE_AMOUNT)
        if symbol(items, end) == "," and symbol(items, end + 1) in _FOR_EXAMPLE:
            end += 2  # "a fat balance, say over 4,000"
        match symbol(items, end):
            case "<bound>":
                op, value = items[end].value
                if items[end].unit == "%" and (part := self._of_limit(feature)):
                    limit = skip(items, end + 1, _BEFORE_OTHER)
                    named = symbol(items, limit) == "<feature>"
                    own = named and items[limit].value in (part.name, "CREDIT_LIMIT")
                    width = limit + 1 - at if own else end + 1 - at
                    return width, _filtered(part, op, replace(items[end], value=value))
                if items[end].unit == "count":
                    feature = self._counted(feature, items[end])
                feature, width = self._kind_of(feature, items, end + 1)
                return end + 1 + width - at, _filtered(
                    feature, op, replace(items[end], value=value)
                )
            case "zero":
                return end + 1 - at, _filter(feature.name, "=", 0.0)
            case "positive":
                return end + 1 - at, _holding(feature)
            case "<n>" if _settles(items, end, feature):
                return end + 1 - at, _filtered(feature, "=", items[end])
        pays = feature.name == "PRC_FULL_PAYMENT" and items[at].words[:1] in (("pay",), ("clear",))
        ranked = _RANKS & set(symbols(items[:at])) or symbol(items, at + 1) in _NOT_HELD
        if pays and not ranked and _of_customers(items, at):
            return 1, _holding(feature)
        if items[at].words[:1] and items[at].words[0] in _DOING and _counts_them(items, at):
            return 1, _holding(feature)
        return None

    def _compared(self, items: Items, at: int) -> Found:
        """ "Balance above the credit limit": a ratio of the two, where the company has it."""
        start = skip(items, at + 1, BEFORE_AMOUNT)
        found = self.grammar.comparator.match(symbols(items, start, 7), 0)
        end = skip(items, start + found[0], _BEFORE_OTHER) if found else at
        if not found or symbol(items, end) != "<feature>" or items[end].value == items[at].value:
            return None
        one, op, other = items[at].value, found[1], items[end].value
        for feature in card_catalogue():
            if feature.name in self.features and feature.ratio_of == (one, other):
                return end + 1 - at, _filter(feature.name, op, 1.0)
            if feature.name in self.features and feature.ratio_of == (other, one):
                return end + 1 - at, _filter(feature.name, _FLIPPED.get(op, op), 1.0)
        return end + 1 - at, Item("<compared>", (one, op, other))

    def _amount_first(self, items: Items, at: int) -> Found:
        """ "Over 5k in purchases", "more than 3 cash advances", "0 purchases"."""
        item = items[at]
        pair = pair_of(items, at) if item.symbol == "between" else None
        if item.symbol == "between" and pair is None:
            return None
        end = skip(items, pair[0] if pair else at + 1, _BEFORE_FEATURE)
        feature = self._feature(items, end)
        if feature is None:
            return None
        width = end + 1 - at
        if pair:
            return width, _filtered(self._counted(feature, pair[2]), "between", *pair[1:])
        if item.symbol == "<n>":
            return width, _filter(feature.name, "=", 0.0)
        op, value = item.value
        feature = self._counted(feature, item)
        if item.unit == "%":
            feature = self._of_limit(feature) or feature
        return width, _filtered(feature, op, replace(item, value=value))

    def _of_limit(self, feature: Feature) -> Feature | None:
        """What a percentage of money is of: the credit limit."""
        held = feature.unit == "money" and "UTILISATION" in self.features
        return self.features["UTILISATION"] if held else None

    def _held(self, items: Items, at: int) -> Found:
        """ "Never pay in full", "without purchases", "customers with a cash advance"."""
        words = symbols(items, at, 8)
        for lookup in (self.grammar.none, self.grammar.some):
            found = lookup.match(words, 0)
            if not found:
                continue
            end = skip(items, at + found[0], _QUANTIFIERS)
            feature = self._feature(items, end)
            after = skip(items, end + 1, BEFORE_AMOUNT - {"the"})
            owned = {"the", "their", "its"} & set(words[1 : end - at])
            clause = words[0] in ("that", "who") and bool(owned)
            clause = clause or (words[0] == "that" and symbol(items, at - 1) in _MAKING)
            ranked = words[0] == "who" and at == 0 and _RANKS & set(symbols(items, end + 1, 4))
            if (
                feature is None
                or clause
                or ranked
                or self._compared(items, end)
                or symbol(items, after) in _NOT_HELD | _VAGUELY
            ):
                continue
            if lookup is self.grammar.none:
                return end + 1 - at, _filter(feature.name, "=", 0.0)
            if _of_customers(items, at):
                return end + 1 - at, _holding(feature)
        return None

    def _kind_of(self, feature: Feature, items: Items, at: int) -> tuple[Feature, int]:
        """The feature a bound is on, and the number of items after it that say so: "over 1k in
        instalments".
        """
        other = self._feature(items, at + 1)
        led = symbol(items, at) in ("in", "on", "by", "via", "through")
        kind = led and other is not None and other.name.endswith(f"_{feature.name}")
        return (other, 2) if kind and other else (feature, 0)

    def _counted(self, feature: Feature, amount: Item) -> Feature:
        """ "3 cash advances" counts them; "$300 cash advances" is money."""
        value = amount.value[1] if amount.symbol == "<bound>" else amount.value
        few = amount.unit == "count" or (amount.unit == "" and value < _FEW)
        if feature.unit == "money" and few:
            return self.counts.get(feature.label, feature)
        return feature


def _filter(feature: str, op: str, value: float | tuple[float, float]) -> Item:
    return Item("<filter>", (Condition(feature, op, value),))  # type: ignore[arg-type]


def _filtered(feature: Feature, op: str, *amounts: Item) -> Item:
    """A condition in the unit of the feature; shares lie in [0, 1]: "50 %", "50" are one half."""
    values = [float(a.value) for a in amounts]
    if feature.unit == "share":
        values = [
            v / 100 if a.unit == "%" or v > 1.5 else v for a, v in zip(amounts, values, strict=True)
        ]
    return _filter(feature.name, op, values[0] if len(values) == 1 else (min(values), max(values)))


def _holding(feature: Feature) -> Item:
    if feature.name == "PRC_FULL_PAYMENT":
        return _filter(feature.name, ">=", _FULLY)
    return _filter(feature.name, ">", 0.0)


def _counts_them(items: Items, at: int) -> bool:
    """Whether those who do something are counted: "how many people took out cash"."""
    doer = at - 1
    while symbol(items, doer) in _AUXILIARIES or symbol(items, doer).endswith("ly"):
        doer -= 1
    before = symbol(items, doer)
    counted = any(i.value in ("count", "share") for i in items[max(0, doer - 3) : at])
    after = symbol(items, at + 1)
    does = doer >= 0 and items[doer].value == "count" and items[at].text.split()[0] in _DOING
    ends = after in _AFTER_DOING or not (after[:1].isalpha() or after[:2] == "<t")
    return counted and (does or before in _DOERS) and ends and after not in _NOT_HELD


def _settles(items: Items, at: int, feature: Feature) -> bool:
    """Whether a bare number after a feature is its value ("tenure 12") and not a segment."""
    numbers_one = feature.unit == "money" and items[at].value < 10 and not items[at].unit
    of_it = items[at - 1].symbol == "of" and not numbers_one  # "balance of 4" is of segment 4
    return feature.unit == "months" or of_it or items[at].unit == "scaled"


def _asks_which(items: Items) -> bool:
    """Whether some customers of one segment are asked for: "which VIPs have cash advances"."""
    for at, item in enumerate(items):
        after = skip(items, at + 1, ("of", "the", "our"))
        if item.symbol == "which" and symbol(items, after) == "<segment>":
            one = len(items[after].value) == 1 and "segment" not in items[after].text
            return one and not items[after].text[:1].isdigit()
    return False


def _of_customers(items: Items, at: int) -> bool:
    """Whether "with X" speaks of customers: a word for them stands shortly before."""
    before = set(symbols(items[max(0, at - 7) : at + 1]))
    if any(i.symbol == "often" for i in items):
        return False
    anyone = any(i.symbol in ("anyone", "anybody") for i in items[:at])
    counted = anyone or _asks_which(items[:at]) or any(i.value == "count" for i in items[:at])
    counts = at > 0 and items[at - 1].value == "count"  # "how many use instalments"
    named = counts or "<segment>" in before or "anyone" in symbols(items[max(0, at - 1) : at])
    return bool(before & _CUSTOMERS) or (counted and named)
