"""What a speaker takes back: "segments one and three, no wait, make that one and two"."""

from __future__ import annotations

import re
from itertools import pairwise

from bot.questions.text.items import Item, Items

# Runs of small words in which something is taken back; one of the strong ones must be among them.
_SMALL = frozenset(
    "oh and um uh er no nope nah sorry wait hang hold on actually oops scratch strike that make it "
    "i mean meant rather correction should have said , . - well <aside> in fact".split()
)
_STRONG = (
    ("no", "sorry"), ("no", "wait"), ("no", "hang"), ("no", "hold"), ("no", "make"), ("no", "i"),
    ("nope", "i"), ("wait", "make"), ("wait", "no"), ("actually", "make"), ("scratch", "that"),
    ("strike", "that"), ("sorry", "i"), ("i", "meant"), ("sorry", "make"), ("rather", "make"),
    ("no", "scratch"), ("sorry", "no"), ("no", "actually"), ("hang", "on"),
)  # fmt: skip
_KINDS = {
    "<segment>": "segment", "<n>": "segment", "<segment?>": "segment", "<nth>": "segment",
    "<feature>": "feature", "<stat>": "stat", "<customer>": "customer", "<window>": "time",
    "<when>": "time", "<since>": "time", "<trait>": "trait", "<filter>": "filter",
}  # fmt: skip
_JOINS = frozenset({"and", ",", "&", "the", "segment", "to", "or"})


def corrected(items: Items) -> Items:
    """The items without what the speaker takes back."""
    at = 1
    while at < len(items):
        end = at
        while end < len(items) and items[end].symbol in _SMALL:
            end += 1
        if end > at + 1 and end < len(items) and _takes_back(items[at:end]):
            meant = _numbered(items[end:])
            kept = _without_last(items[:at], meant)
            if kept is not None:
                return corrected((*kept, *meant))
        at = max(end, at + 1)
    return items


def _numbered(meant: Items) -> Items:
    """ "One and four" begins with a number, not with a pronoun."""
    listed = [i.symbol for i in meant[:3]]
    if len(listed) == 3 and listed[0] == "one" and listed[1] in _JOINS and listed[2] == "<n>":
        return (Item("<n>", 1.0, "one"), *meant[1:])
    return meant


def _takes_back(run: Items) -> bool:
    words = [i.symbol for i in run if i.symbol not in (",", ".", "-", "um", "uh", "er", "<aside>")]
    return any(pair in _STRONG for pair in pairwise(words))


def _without_last(before: Items, after: Items) -> list[Item] | None:
    """``before`` without the last run of the kind that ``after`` begins with; None without one."""
    kind = next((_KINDS[i.symbol] for i in after[:6] if i.symbol in _KINDS), None)
    last = max((n for n, i in enumerate(before) if _KINDS.get(i.symbol) == kind), default=-1)
    if kind is None or last < 0:
        return None
    first = last
    while first > 0 and (
        before[first - 1].symbol in _JOINS or _KINDS.get(before[first - 1].symbol) == kind
    ):
        first -= 1
    while before[first].symbol in _JOINS:
        first += 1
    return [*before[:first], *before[last + 1 :]]


def last_said(text: str) -> str:
    """A new name without what was said before it was taken back."""
    parts = re.split(
        r"\b(?:no,? )?(?:wait|sorry|hang on|actually),? (?:no,? )?"
        r"(?:make (?:that|it)|i meant?|let'?s say)\s+"
        r"|\bno,? (?:make (?:that|it)|i meant?|sorry|wait)\s+|\bscratch that,?\s+",
        text,
        flags=re.IGNORECASE,
    )
    return re.sub(r"^(?:uh|um|er)\s+", "", parts[-1].strip(), flags=re.IGNORECASE)
