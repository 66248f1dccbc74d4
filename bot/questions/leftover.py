"""Words that elsewhere say nothing and here change what is asked."""

from __future__ import annotations

from bot.questions.items import Item, Items

_NARROWING = frozenset(
    "new newer newest old older oldest existing former early earliest genuine".split()
)
_OF_CUSTOMERS = frozenset("recent real first last next good better great nice important".split())


def narrowing(items: Items) -> list[Item]:
    """Words that say which customers are meant and elsewhere say nothing: "new clients"."""
    return [
        item
        for n, item in enumerate(items[:-1])
        if (item.text in _NARROWING and items[n + 1].symbol == "<segment>" and items[n + 1].words)
        or (item.text in _NARROWING | _OF_CUSTOMERS and items[n + 1].symbol == "customer")
    ]


def counted(items: Items, talk: frozenset[str]) -> list[Item]:
    """Words of talk that are what is counted: "how many meetings", "number of managers"."""
    return [
        item
        for n, item in enumerate(items)
        if item.symbol in talk
        and item.text.endswith("s")
        and n
        and (items[n - 1].symbol == "many" or items[n - 1].value in ("count", "sum"))
    ]
