"""How often something is done asked for instead of how much: "the number, not the amount"."""

from __future__ import annotations

import re
from dataclasses import replace

from analytics.model import Query
from bot.questions.text.items import Item, Items
from bot.questions.things.lexicon import Lexicon

_NUMBERS = frozenset("number numbers times time count counts transaction transactions trx".split())
_OFTEN = frozenset({"often", "frequency", "frequently", "regularly"})
_AMOUNTS = frozenset(
    "amount amounts money value values dollar dollars sum volume total much spend cash "
    "bucks".split()
)
_CORRECTING = re.compile(r"\b(?:no|not|meant|mean|rather|instead|don't care)\b", re.IGNORECASE)
_SAID = frozenset(
    "mean meant want wanted how many by in of the do did does use go take make have it they them "
    "per each them bit explanation bad clear should said please looking look for rather".split()
)


def tallied(
    items: Items, previous: Query, lexicon: Lexicon, talk: frozenset[str], text: str
) -> Query | None:
    """The query before by the number of times instead of the amount, or the other way about.

    ``text`` is the message as typed: "I meant" and "not the money" are passed over in the items.
    """
    items = tuple(i for i in items if i.is_word or i.is_name)
    if len(previous.features) != 1 or not all(_is_said(i, previous, talk) for i in items):
        return None
    asked = _asked(items, corrects=bool(_CORRECTING.search(text)))
    if asked is None:
        return None
    feature = _of(previous.features[0], asked, lexicon)
    if feature is None or feature == previous.features[0]:
        return None
    return replace(previous, features=(feature,))


def _is_said(item: Item, previous: Query, talk: frozenset[str]) -> bool:
    if item.symbol == "<feature>":
        return bool(_stem(item.value) == _stem(previous.features[0]))
    if item.is_name:
        return bool(_way(item)) or item.symbol == "<aside>"
    return bool(_way(item)) or bool({item.symbol, item.text} & (_SAID | talk))


def _way(item: Item) -> str:
    """Whether a word is of how many times, of how often or of how much."""
    said = {item.symbol, item.text}
    if item.symbol == "<feature>":
        return next((way for way in ("TRX", "FREQUENCY") if item.value.endswith(f"_{way}")), "")
    if item.value == "count" or said & _NUMBERS:
        return "TRX"
    if said & _OFTEN:
        return "FREQUENCY"
    return "amount" if item.value == "sum" or said & _AMOUNTS or item.symbol == "<money>" else ""


def _asked(items: Items, *, corrects: bool) -> str | None:
    """What is asked for where the other is denied: before "not", or after what follows it."""
    at = next((n for n, i in enumerate(items) if i.symbol in ("not", "instead")), None)
    if at is None:
        ways = {way for i in items if (way := _way(i))}
        often = ways == {"FREQUENCY"} and any(i.symbol == "how" for i in items)
        return next(iter(ways)) if len(ways) == 1 and (corrects or often) else None
    before = [way for i in items[:at] if (way := _way(i))]
    after = [way for i in items[at:] if (way := _way(i))]
    denied = next(iter(after), None)
    meant = next((w for w in (*before, *after[1:]) if w != denied), None)
    return meant if denied is not None else None


def _stem(feature: str) -> str:
    return feature.removesuffix("_TRX").removesuffix("_FREQUENCY")


def _of(feature: str, way: str, lexicon: Lexicon) -> str | None:
    """The feature of the same doings told this way, where there is one."""
    name = _stem(feature) if way == "amount" else f"{_stem(feature)}_{way}"
    return name if name in lexicon.features else None
