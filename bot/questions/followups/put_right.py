"""What a follow-up names only to take it back: "limit rather than balance", "drop 2, add 5"."""

from __future__ import annotations

from analytics.model import Query
from bot.questions.text.items import Item, Items, symbol, symbols, words_of
from bot.questions.things.lexicon import Lexicon

_KINDS = ("<feature>", "<stat>", "<segment>")
_DENYING = frozenset({"not", "than"})
_OF = (["instead", "of"], ["place", "of"], ["lieu", "of"], ["opposed", "to"], ["rather", "than"])
_SMALL = frozenset({"the", "a", "an", "our", "in", "as", "rather", "by", "for", "segment"})
_WRONG = frozenset("said asked typed wrote picked chose put requested entered".split())
_RIGHT = frozenset("meant mean wanted want should needed need intended".split())
_JOINS = frozenset({"and", "plus", "&", "both"})
_TAKEN_OUT = frozenset(
    "drop shrink remove lose ditch skip scrap delete exclude without except excluding minus".split()
)
_PUT_IN = frozenset("add include put bring insert throw plus with chuck".split())


def put_right(items: Items, previous: Query, lexicon: Lexicon) -> Items:
    """The items without what the speaker takes back of the question before."""
    items = _exchanged(items, previous, lexicon)
    for kind in _KINDS:
        named = [n for n, i in enumerate(items) if _kind(i, lexicon) == kind]
        denied = {n for n in named if _is_denied(items, n)}
        if not denied and _admits(items) and len(named) == 2:
            held = _held(previous, kind)
            between = set(symbols(items, named[0], named[1] - named[0]))
            denied = {n for n in named if set(_values(items[n])) <= held}
            denied = set() if between & _JOINS else denied
        if denied and denied < set(named):
            items = _without(items, denied, named, previous)
    return items


def _kind(item: Item, lexicon: Lexicon) -> str:
    if item.symbol == "<filter>" and all(c.op == "=" and c.value == 0.0 for c in item.value):
        return "<feature>" if item.words[:1] == ("not",) else ""
    whole = item.whole() if item.symbol == "<n>" else None
    return "<segment>" if whole in lexicon.active_ids() else item.symbol


def _values(item: Item) -> tuple[object, ...]:
    if item.symbol == "<filter>":
        return tuple(c.feature for c in item.value)
    if item.symbol == "<n>":
        return (item.whole(),)
    return tuple(item.value) if isinstance(item.value, tuple) else (item.value,)


def _held(previous: Query, kind: str) -> set[object]:
    if kind == "<stat>":
        return {previous.statistic or "mean"}
    return set(previous.features if kind == "<feature>" else (*previous.segments, previous.top))


def _lead(items: Items, at: int) -> int:
    """Where the words begin that deny what is named at a place; the place itself without such."""
    start = at
    while symbol(items, start - 1) in _SMALL:
        start -= 1
    if symbol(items, start - 1) in _DENYING:
        return start - 1
    if symbols(items, start - 2, 2) in _OF and start > 1:
        return start - 2
    return at


def _is_denied(items: Items, at: int) -> bool:
    return items[at].symbol == "<filter>" or _lead(items, at) < at


def _admits(items: Items) -> bool:
    """Whether the speaker tells of a slip: "I said tenure but I meant utilisation"."""
    said = words_of(items)
    return bool(said & _WRONG) and bool(said & _RIGHT)


def _without(items: Items, denied: set[int], named: list[int], previous: Query) -> Items:
    """The items without those denied; of several segments the one denied is exchanged."""
    gone = {n for at in denied for n in range(_lead(items, at), at + 1)}
    meant = [items[n] for n in named if n not in denied]
    taken = {v for n in denied for v in _values(items[n])}
    several = len(previous.segments) > 1 and taken & set(previous.segments)
    if meant[0].symbol in ("<segment>", "<n>") and several and len(meant) == len(denied) == 1:
        new = _values(meant[0])
        whole = tuple(v for s in previous.segments for v in (new if s in taken else (s,)))
        item = Item("<segment>", tuple(dict.fromkeys(whole)), "segments", words=("<segments>",))
        gone.discard(named[0])
        return tuple(
            item if n == named[0] else i
            for n, i in enumerate(items)
            if n not in gone and (n == named[0] or n not in named)
        )
    counted = taken == {previous.top} and not taken & set(previous.segments)
    if counted and len(meant) == 1 and meant[0].symbol == "<n>":  # "6 rather than 3" of the top 3
        top = Item("<top>", meant[0].whole(), meant[0].text)
        return tuple(top if i is meant[0] else i for n, i in enumerate(items) if n not in gone)
    return tuple(i for n, i in enumerate(items) if n not in gone)


def _exchanged(items: Items, previous: Query, lexicon: Lexicon) -> Items:
    """The items with "drop 2 and add 5" put as the segments that are left."""
    places = [n for n, i in enumerate(items) if _kind(i, lexicon) == "<segment>"]
    out: list[object] = []
    new: list[object] = []
    for at in places:
        if _is_left_out(items[at]):
            out += [s for s in lexicon.active_ids() if s not in items[at].value]
        elif side := _side(items, at):
            (out if side == "out" else new).extend(_values(items[at]))
    if not (new and set(out) & set(previous.segments)):
        return items
    left = tuple(dict.fromkeys((*(s for s in previous.segments if s not in out), *new)))
    others = tuple(i for n, i in enumerate(items) if i.is_name and n not in places)
    return (Item("<segment>", left, "segments", words=("<segments>",)), *others)


def _is_left_out(item: Item) -> bool:
    said = item.text.split()[:1]
    return item.words == ("<segments>",) and bool(_TAKEN_OUT & set(said))


def _side(items: Items, at: int) -> str:
    """Whether a segment is taken "out" or put "in", by the last verb before it."""
    for n in range(at - 1, -1, -1):
        said = {items[n].symbol, items[n].text}
        taken = "take" in said and "out" in (*symbols(items, n, at - n), symbol(items, at + 1))
        if said & _TAKEN_OUT or taken:
            return "out"
        if said & _PUT_IN or "take" in said:
            return "in"
    return ""
