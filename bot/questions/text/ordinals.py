"""Segments and days by ordinal: "1, 2 and the fourth", "the first and third segments"."""

from __future__ import annotations

from bot.questions.text.items import Found, Item, Items, skip, symbol

_WORDS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(),
        1,
    )
}
_LINKS = frozenset({",", "and", "&", "or", "+", "/", "versus", "with", "against"})
_SMALL = _LINKS | {"the", "our"}
# After these no segment is numbered: "the second biggest", "the first week", "the third to grow".
_OTHERWISE = frozenset(
    "biggest smallest highest lowest most less least best worst week month day quarter year half "
    "time place by to that who of decile quartile quintile percentile refit digest run question "
    "part reason thing one-off".split()
)


def nth(item: Item) -> int | None:
    """The number an ordinal stands for, in figures or in a word; None for anything else."""
    if item.symbol == "<nth>":
        return int(item.value)
    return _WORDS.get(item.text) if item.is_word else None


def ordinals(items: Items, at: int) -> Found:
    """Segments in a list of ordinals, or one ordinal that ends a list of segments."""
    if nth(items[at]) is None or symbol(items, at + 1) == "<n>":
        return None  # "first five factors"
    numbers: list[int] = []
    end = at
    while end < len(items) and (number := nth(items[end])) is not None:
        numbers.append(number)
        end += 1
        after = skip(items, end, _SMALL)
        if not 0 < after - end <= 3 or after >= len(items) or nth(items[after]) is None:
            break
        end = after
    noun = symbol(items, end) == "segment"
    rest = symbol(items, end + noun)
    ends = rest == "to" and symbol(items, end + noun + 1) in ("the", "<n>", "<segment>", "segment")
    if noun and (len(numbers) > 1 or ends or rest not in _OTHERWISE):
        return end + 1 - at, Item("<segment>", tuple(dict.fromkeys(numbers)))
    return None
