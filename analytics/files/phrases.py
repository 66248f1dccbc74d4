"""Pieces of the sentences a load says: names a person may have meant, short lists, counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rapidfuzz import fuzz, process

from analytics.catalogue import normalise


def nearest(word: str, names: Sequence[str], *, min_likeness: float = 75) -> str | None:
    """The name most like ``word`` in any case and punctuation; likeness is 0 to 100 (equal)."""
    match = process.extractOne(
        word, names, scorer=fuzz.WRatio, processor=normalise, score_cutoff=min_likeness
    )
    return match[0] if match else None


def did_you_mean(word: str, names: Sequence[str]) -> str:
    """A sentence with the nearest name, or with the names there are."""
    near = nearest(word, names)
    return f"Did you mean '{near}'?" if near else f"There are {listed(names)}."


def listed(names: Sequence[str], most: int = 12) -> str:
    """The first names, and how many more there are."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: "1 row", "1,200 rows"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def shorten(text: str, most: int) -> str:
    """The text, its end replaced by an ellipsis beyond ``most`` characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def percent(share: float) -> str:
    """A share in [0, 1] in per cent: "5.8 %"; small ones with two digits, "0.034 %"."""
    value = 100 * share
    return f"{value:.1f} %" if value >= 1 or value == 0 else f"{value:.2g} %"


def day(when: date) -> str:
    """A date as people read it: "5 Jan 2026"."""
    return f"{when.day} {when:%b %Y}"
