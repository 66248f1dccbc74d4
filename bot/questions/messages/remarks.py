"""What people remark while they change the question before: why, and what went wrong."""

from __future__ import annotations

from itertools import pairwise

from analytics.model import Query
from bot.questions.intents.clauses import EMPTY, asks, is_refused, narrows, states, tells
from bot.questions.text.items import Item, Items, names_of, symbol, without_signs, words_of
from bot.questions.things.lexicon import Lexicon

_STOPS = frozenset({",", ".", ";", "!", "-", "because", "since", "as"})
# A clause with one of these may say more than why.
_TELLING = frozenset("week month year day before ago since until age only".split())
_BESIDES = frozenset("also too well both plus add keep still with for in of and by".split())
_ORDERING = frozenset("and but then now use take get go try make put let show give".split())
_ORDERS = frozenset("higher lower bigger smaller larger greater richer poorer older".split())
_SEEMING = frozenset(
    "suit work fit serve would might is are seem seems sound sounds feel feels look looks "
    "make".split()
)
_GRADES = frozenset(
    "good great fine nice useful helpful ideal perfect best better enough preferable interesting "
    "ok okay lovely sensible fair right sense meaningful reliable honest".split()
)
_BETWEEN = frozenset(
    "be a the us me suit work fit serve much so far even bit actually probably perhaps also just "
    "really still make more most rather lot".split()
)
_THAT = frozenset({"it", "that", "this", "they"})
_SHORT = 8
_AFTER = frozenset(
    "measure choice number figure one sense idea picture here after all instead for me to us "
    "actually then though please i think now way option sir".split()
)


def without_remarks(items: Items, previous: Query, lexicon: Lexicon) -> Items:
    """The items without judgements and clauses that only say why something is changed.

    "Median please, the average is always skewed"; "I picked the wrong date, 7 September";
    "the median would be fairer".
    """
    items = _without_or_else(items, lexicon)
    clauses = [_unjudged(clause) for clause in _clauses(items)]
    named = [names_of(clause) for clause in clauses]
    if sum(map(bool, named)) == 0 or len(clauses) < 2:
        return tuple(item for clause in clauses for item in clause)
    remarks = [
        _remarks(clause, previous, lexicon) or (n > 0 and _judges(clause, previous, lexicon))
        for n, clause in enumerate(clauses)
    ]
    if not any(names and not remark for names, remark in zip(named, remarks, strict=True)):
        return items
    kept = [c for c, remark in zip(clauses, remarks, strict=True) if not remark]
    return tuple(item for clause in kept for item in clause)


def _without_or_else(items: Items, lexicon: Lexicon) -> Items:
    """The items without "... or was it just a blip" at the end: no more than "or not"."""
    for at in range(2, len(items) - 1):
        rest = items[at + 1 :]
        begins = symbol(rest, 0) in ("just", "only") or (
            symbol(rest, 0) in ("is", "was", "are", "were") and symbol(rest, 1) in _THAT
        )
        if items[at].symbol == "or" and begins and not names_of(rest) and len(rest) <= _SHORT:
            refused = is_refused(rest, lexicon) or narrows(rest, lexicon)
            return items if refused else items[:at]
    return items


def _clauses(items: Items) -> list[Items]:
    """The clauses, each with the stop before it."""
    starts = [0, *(n for n, i in enumerate(items) if n and i.symbol in _STOPS), len(items)]
    return [items[a:b] for a, b in pairwise(starts) if items[a:b]]


def _remarks(clause: Items, previous: Query, lexicon: Lexicon) -> bool:
    """Whether a clause only tells: of a mistake, or of a measure, or of nothing named."""
    said = tuple(i for i in clause if i.symbol not in _STOPS)
    if "wrong" in {i.text for i in said} and not names_of(said) - {"<when>", "<n>"}:
        return not is_refused(said, lexicon)
    started = said[2:] if symbol(said, 0) == "<stat>" else said  # "averages get distorted"
    if asks(started) or is_refused(said, lexicon) or narrows(said, lexicon):
        return False
    words = words_of(said)
    if words & _TELLING:
        return False
    measured = names_of(said) - EMPTY
    verb = next((n for n, i in enumerate(said) if states(i)), 0)
    after = any(i.is_word for i in said[verb + 1 :])
    if measured:
        held = (previous.statistic or "mean", *previous.features)
        about = all(i.value in held for i in said if i.symbol in measured)
        about = about and bool(names_of(said[:verb]) - EMPTY)
        return about and after and not names_of(said[verb:]) and len(said) > verb + 1
    return tells(said) and not names_of(said) and len(said) > 1


def _judges(clause: Items, previous: Query, lexicon: Lexicon) -> bool:
    """Whether a clause says what is wrong with what was asked: "nobody trusts averages"."""
    said = tuple(i for i in clause if i.symbol not in _STOPS and i.symbol not in ("the", "a"))
    if symbol(clause, 0) == "because" and said and not names_of(said):
        return not narrows(said, lexicon)
    held = (previous.statistic or "mean", *previous.features)
    names = [i for i in said if i.is_name and i.symbol != "<aside>"]
    if not names or any(i.value not in held for i in names):
        return False
    if asks(said[1:]) or words_of(said) & (_TELLING | _BESIDES) or symbol(said, 0) in _ORDERING:
        return False
    told = [i for i in said if i.is_word and i.symbol not in _BETWEEN | _AFTER]
    return len(told) > 1 and (names[0] == said[0] or not is_refused(said, lexicon))


def _unjudged(clause: Items) -> Items:
    """The clause without "... would be fairer", "... makes more sense" at its end."""
    for at in range(1, len(clause)):
        if clause[at].text not in _SEEMING and clause[at].symbol not in _SEEMING:
            continue
        if not names_of(clause[:at]):
            continue
        rest = without_signs(clause[at + 1 :])
        while rest and rest[0].symbol in _BETWEEN | {"<bound>"}:
            rest = rest[1:]
        more = "more" in {i.symbol for i in clause[at + 1 :]} and bool(rest)
        graded = (
            rest
            and rest[0].is_word
            and not {rest[0].symbol, rest[0].text} & _ORDERS
            and (more or _is_grade(rest[0]))
        )
        if graded and all(i.symbol in _AFTER or i.text in _AFTER for i in rest[1:]):
            return clause[:at]
    return clause


def _is_grade(item: Item) -> bool:
    text = item.text
    return text in _GRADES or item.symbol in _GRADES or (text.endswith("er") and len(text) > 4)
