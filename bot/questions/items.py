"""A message as a row of items, and how a rule rewrites it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Item:
    """A word (its base form) or something recognised (``<feature>``, ``<stat>``) and its value.

    ``words`` are the base forms something recognised was made of.
    """

    symbol: str
    value: Any = None
    text: str = ""
    known: bool = True
    unit: str = ""
    plus: bool = False
    words: tuple[str, ...] = ()


_UNSAID = frozenset({"segment", "<n>", "<nth>", "<customer>", "the", "a", "of"})

Items = tuple[Item, ...]
Rule = Callable[[Items, int], tuple[int, Item] | None]


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
