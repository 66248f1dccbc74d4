"""From tokens to items: one small pass for each kind of thing a question names."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from bot.questions.text.items import Found, Item, Items, Rule, rewritten, skip, symbol, symbols
from bot.questions.text.ordinals import ordinals
from bot.questions.text.words import Token
from bot.questions.things.amounts import amount, comparator, statistic
from bot.questions.things.conditions import Conditions
from bot.questions.things.grammar import Grammar, grammar_of
from bot.questions.things.lexicon import Lexicon
from bot.questions.things.meanings import term
from bot.questions.things.names import (
    band,
    customer,
    customer_id,
    head,
    listed_word,
    name,
    numbered_segments,
    segment_noun,
)
from bot.questions.things.negations import exact, negated

_ENDS = frozenset({".", "?", "!", "\n"})
_DROPPED = frozenset("'\"()|")
# "n for segment 5" counts; "n the vips?" goes on.
_COUNTED_BY_N = frozenset("for in of per = customer : segment where with who that".split())
_BEFORE_EXCLUDED = frozenset("the our for - segment".split())
# "Walk me through how ..."
_LEADING = frozenset({"walk", "talk", "take", "run", "guide", "lead"})
_ASKED = frozenset({"how", "what", "why", "which", "who", "where"})
_FOR = frozenset("for in into on before".split())
_DETERMINERS = frozenset("the my our a an this that next your his her their slide page".split())
_NO_PURPOSE = frozenset(
    "segment customer and or who which that offer export digest instalment".split()
)
_EXPORTING = frozenset("export create build make push upload size reach overlap".split())
_BEFORE_AUDIENCE = frozenset(
    "which what every each all these those smallest biggest top best <n> two three four five most "
    "other another similar our bigger smaller larger".split()
)
_APART = frozenset({"set", "tell", "stand"})  # "what sets 2 apart from 4"
_OR_MORE = frozenset("more less fewer over above under".split())
_TIMES = frozenset("time week month day year quarter percent or and".split()) | {"%"}
_MONEY = frozenset(
    "$ dollar dollars usd money euro euros € £ pounds lakh crore rupee rupees".split()
)


def items_of(found: list[Token], lexicon: Lexicon) -> Items:
    """Tokens read as items, every pass in turn."""
    grammar = grammar_of(lexicon.vocabulary)
    conditions = Conditions(grammar, lexicon)
    items = _tidied(tuple(_as_item(token) for token in found if token.text not in _DROPPED))
    for rule in (
        _aside(grammar),
        _time(grammar, lexicon, items),
        customer,
        term(grammar, lexicon),
        conditions.by_name,
        amount,
        comparator(grammar),
        name(lexicon),
        head(lexicon),
        band(lexicon),
        listed_word(grammar),
        segment_noun,
        numbered_segments,
        ordinals,
        _excluding(grammar, lexicon),
        statistic(grammar),
        conditions.rule,
        conditions.also,
        exact,
        negated(grammar),
    ):
        items = rewritten(items, rule)
    return _with_zero_shares(items)


def _time(grammar: Grammar, lexicon: Lexicon, items: Items) -> Rule:
    """Times; "10 months" is an amount beside a feature that counts months."""
    months = any(f.unit == "months" for f in lexicon.features)
    if not lexicon.month_words & {item.symbol for item in items}:

        def rule_of_times(items: Items, at: int) -> Found:
            bound = symbol(items, at - 1) in ("than", "least", "most")
            how_long = (
                bound
                and months
                and symbols(items, at, 2) == ["<n>", "month"]
                and symbol(items, at + 2) not in grammar.timing.ago
            )
            return None if how_long else grammar.timing.rule(items, at)

        return rule_of_times

    def rule(items: Items, at: int) -> Found:
        found = grammar.timing.rule(items, at)
        spans = found and found[1].symbol == "<window>" and "month" in symbols(items, at, found[0])
        return None if spans else found

    return rule


def _as_item(token: Token) -> Item:
    if token.kind == "number":
        nth = token.unit == "nth"
        return Item(
            "<nth>" if nth else "<n>", token.number, token.raw, True, token.unit, token.plus
        )
    if token.kind == "id":
        return Item("<customer>", customer_id(token.raw), token.raw)
    if token.kind in ("date", "channel"):
        return Item(f"<{token.kind}>", token.raw, token.raw)
    return Item(token.lemma, None, token.text, token.known or token.kind == "sign")


def _tidied(items: Items) -> Items:
    """Items without hyphens inside words and the "group" of "group by"; a leading "n" counts."""
    kept = []
    words = {item.symbol for item in items}
    for at, item in enumerate(items):
        if item.symbol == "-" and not symbol(items, at - 1) == symbol(items, at + 1) == "<n>":
            continue
        counts = at == 0 and item.text == "n" and symbol(items, 1) in _COUNTED_BY_N
        grouped = symbol(items, at - 1) in _BEFORE_AUDIENCE and not words & _EXPORTING
        if item.text == "sort" and symbol(items, at + 1) == "of":
            item = replace(item, symbol="kind")
        if item.symbol == "audience" and grouped:
            item = replace(item, symbol="segment")
        kept.append(Item("<stat>", "count", "n") if counts else item)
    return _bounded(tuple(kept))


def _bounded(items: Items) -> Items:
    """ "Or more" brought before what is counted: "10 purchases or more"."""
    for at, item in enumerate(items):
        or_more = next((n for n in (at + 2, at + 3) if symbol(items, n) == "or"), None)
        if item.symbol != "<n>" or or_more is None or symbol(items, or_more + 1) not in _OR_MORE:
            continue
        counted = items[at + 1 : or_more]
        if all(i.is_word and i.symbol not in _TIMES for i in counted):
            bound = items[or_more : or_more + 2]
            return (*items[: at + 1], *bound, *counted, *items[or_more + 2 :])
    return items


def _aside(grammar: Grammar) -> Rule:
    """Turns of speech; "above average", which orders; "in dollars", which asks for money."""

    def rule(items: Items, at: int) -> Found:
        words = symbols(items, at, 8)
        found = grammar.aside.match(words, 0)
        leads = found is not None and "know" in words[: found[0]]
        after = symbol(items, at + found[0]) if found else ""
        conditional = (leads and after in ("if", "when", "whenever", "once", "should", "as")) or (
            words[:2] == ["you", "know"] and symbol(items, at - 1) in ("do", "what", "that", "did")
        )
        if found and found[0] < len(items) and not conditional:
            return found[0], Item("<aside>")
        if words[0] in _LEADING and words[2:3] == ["through"] and words[3:4] and words[3] in _ASKED:
            return 3, Item("<aside>")
        if width := _purpose(grammar, items, at):
            return width, Item("<aside>")
        order = grammar.order.match(words, 0)
        if order:
            return order[0], Item(order[1])
        if words[0] in ("in", "and", "as") and words[1:2] and words[1] in _MONEY:
            return 2, Item("<money>")
        return None

    return rule


def _excluding(grammar: Grammar, lexicon: Lexicon) -> Rule:
    """ "Excluding segment 2" names every other active segment."""

    def rule(items: Items, at: int) -> Found:
        found = grammar.excluding.match(symbols(items, at, 6), 0)
        denied = symbols(items, at, 2) in (["but", "not"], ["and", "not"])
        denied = denied and not any(i.symbol == "<segment>" for i in items[:at])
        without = found is None and (denied or symbol(items, at) == "without")
        sets_apart = symbol(items, at) == "apart" and _APART & set(symbols(items, 0, at))
        if (found is None and not without) or sets_apart:
            return None
        end = skip(items, at + (found[0] if found else 1 + denied), _BEFORE_EXCLUDED)
        said = items[end] if end < len(items) else Item("")
        if without and said.symbol != "<segment>":
            return None
        excluded = set(_numbers(said))
        while symbol(items, end + 1) in ("and", ",", "&", "or"):
            more = skip(items, end + 2, _BEFORE_EXCLUDED)
            if more >= len(items) or not _numbers(items[more]):
                break
            end = more
            excluded |= set(_numbers(items[end]))
        others = tuple(s for s in lexicon.active_ids() if s not in excluded)
        if len(others) == len(lexicon.active_ids()) or not others:
            return None
        return end + 1 - at, Item("<segment>", others)

    return rule


def _numbers(item: Item) -> tuple[int, ...]:
    """The segments an item names, be it as a bare number."""
    number = item.whole()
    named: tuple[int, ...] = item.value if item.symbol == "<segment>" else ()
    return named if number is None else (number,)


def _purpose(grammar: Grammar, items: Items, at: int) -> int:
    """How many items from a place on say what an answer is for: "for the opening slide 3"."""
    determined = symbol(items, at + 1) in _DETERMINERS
    if items[at].symbol not in _FOR or not (determined or items[at].symbol == "for"):
        return 0
    start = at + 2 if determined else at + 1
    for end in range(start, min(start + 3, len(items))):
        if items[end].symbol in grammar.purposes:
            follows = symbol(items, end + 1) == "<n>"
            return end + 1 + follows - at
        if not items[end].is_word or items[end].symbol in _NO_PURPOSE:
            return 0
    return 0


def _with_zero_shares(items: Items) -> Items:
    """ "What % ... have zero purchases" asks for a share of zeros, not for customers."""
    ends = [-1, *(n for n, i in enumerate(items) if i.symbol in _ENDS), len(items) - 1]
    sentences = (items[one + 1 : other + 1] for one, other in pairwise(ends))
    return tuple(item for sentence in sentences for item in _with_zero_share(sentence))


def _with_zero_share(items: Items) -> Items:
    filters = [i for i in items if i.symbol == "<filter>"]
    shares = [i for i in items if i.symbol == "<stat>" and i.value == "share"]
    never = next((n for n, i in enumerate(items) if i.symbol == "never"), len(items))
    if shares and not filters and any(i.symbol == "<feature>" for i in items[never:]):
        kept = tuple(i for n, i in enumerate(items) if n != never)
        return tuple(replace(i, value="zero_share") if i is shares[0] else i for i in kept)
    if len(filters) != 1 or len(shares) != 1:
        return items
    condition = filters[0].value[0]
    if (condition.op, condition.value) != ("=", 0.0):
        return items
    swapped = {
        id(filters[0]): replace(filters[0], symbol="<feature>", value=condition.feature),
        id(shares[0]): replace(shares[0], value="zero_share"),
    }
    return tuple(swapped.get(id(item), item) for item in items)
