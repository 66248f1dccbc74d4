"""Words that elsewhere say nothing and here change what is asked."""

from __future__ import annotations

from collections.abc import Collection

from bot.questions.items import Item, Items, symbol, symbols

_NARROWING = frozenset(
    "new newer newest old older oldest existing former early earliest genuine".split()
)
_OF_CUSTOMERS = frozenset("recent real first last next good better great nice important".split())

_BEFORE = frozenset(
    "in with who that whose among for from at to of by on about via through without since during "
    "than like as and or not have has most per under over above below "
    "<feature> <filter> <stat> <segment> customer segment".split()
)
_SKIPPED = frozenset("the our a an my your any their some more".split())


def telling(items: Items, left: Collection[Item]) -> int:
    """How much the words left over may tell: three times as much of one that may narrow down the
    customers, or what is asked of them, as in "with kids", "in Texas", "buys shoes".
    """
    return sum(
        3 if _narrows(items, n) else 1 for n, i in enumerate(items) if any(i is j for j in left)
    )


def _narrows(items: Items, at: int) -> bool:
    before = at - 1
    while symbol(items, before) in _SKIPPED:
        before -= 1
    clause = {"that", "who", "whom"} & set(symbols(items[:at])[-3:])
    narrowed = symbol(items, before) in _BEFORE or symbol(items, at + 1) == "customer"
    return narrowed or bool(clause)


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
