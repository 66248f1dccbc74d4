"""A message as a row of items, and how a rule rewrites it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Item:
    """A word (its base form) or something recognised (``<feature>``, ``<stat>``) and its value.

    ``text`` is as typed but in lower case, ids excepted; ``words`` are the base forms something
    recognised was made of.
    """

    symbol: str
    value: Any = None
    text: str = ""
    known: bool = True
    unit: str = ""
    plus: bool = False
    words: tuple[str, ...] = ()

    @property
    def is_word(self) -> bool:
        """Whether this is a plain word, neither a sign nor something recognised."""
        return self.symbol[:1].isalpha()

    @property
    def is_name(self) -> bool:
        """Whether something was recognised here, such as ``<feature>``; a sign "<" is not that."""
        return self.symbol[:1] == "<" and self.symbol[1:2].isalpha()

    def whole(self) -> int | None:
        """The number this is if it is small, whole and without a unit, as segments are counted."""
        if self.symbol != "<n>" or self.unit or self.plus or self.value % 1 or self.value >= 1000:
            return None
        return int(self.value)


_SIGNS = frozenset({"?", ".", "!", ",", "<aside>"})
_UNSAID = frozenset({"segment", "<n>", "<nth>", "<customer>", "the", "a", "of"})

Items = tuple[Item, ...]
Found = tuple[int, Item] | None
Rule = Callable[[Items, int], Found]


def symbol(items: Items, at: int) -> str:
    """The symbol at a place; "" before the first and after the last."""
    return items[at].symbol if 0 <= at < len(items) else ""


def symbols(items: Items, at: int = 0, count: int | None = None) -> list[str]:
    """The symbols from a place on, at most ``count`` of them."""
    return [item.symbol for item in items[at : None if count is None else at + count]]


def skip(items: Items, at: int, words: Collection[str]) -> int:
    """The first place from ``at`` on that holds none of ``words``."""
    while symbol(items, at) in words and at < len(items):
        at += 1
    return at


def words_of(items: Items) -> set[str]:
    """The plain words, as said and in their base forms."""
    return {word for i in items if i.is_word for word in (i.symbol, i.text)}


def names_of(items: Items) -> set[str]:
    """The symbols of what was recognised and says something: ``<feature>``, ``<stat>``."""
    return {i.symbol for i in items if i.is_name} - {"<aside>"}


def says_only(items: Items, known: Collection[str]) -> bool:
    """Whether every plain word is one of ``known``, as said or in its base form."""
    return all(i.symbol in known or i.text in known for i in items if i.is_word)


def without_signs(items: Items) -> Items:
    """The items without stops and turns of speech."""
    return tuple(i for i in items if i.symbol not in _SIGNS)


def rewritten(items: Items, rule: Rule) -> Items:
    """``items`` with every run the rule recognises, from the left, replaced by one item."""
    result: list[Item] = []
    at = 0
    while at < len(items):
        found = rule(items, at)
        if found is None:
            result.append(items[at])
            at += 1
        else:
            width, item = found
            run = items[at : at + width]
            text = item.text or " ".join(i.text for i in run)
            words = tuple(w for i in run for w in (i.words or (i.symbol,)) if w not in _UNSAID)
            if item.symbol == "<segment>" and len(item.value) > 1:
                words = ("<segments>",)
            result.append(replace(item, text=text, words=words))
            at += width
    return tuple(result)
