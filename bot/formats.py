"""Numbers, dates and names as people read them; the only place that writes a number."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeGuard

UNKNOWN = "n/a"
_THOUSANDS = ((1e9, "bn"), (1e6, "M"), (1e3, "k"))


def known(number: float | None) -> TypeGuard[float]:
    """Whether there is a number at all."""
    return number is not None and not math.isnan(number)


def whole(number: float) -> str:
    """``8,950``"""
    return f"{number:,.0f}"


def decimal(number: float | None) -> str:
    """A plain number with the digits that matter: ``0.042``, ``3.2``, ``12``, ``1,234``."""
    if not known(number):
        return UNKNOWN
    if abs(number) >= 100 or number == int(number):
        return f"{number:,.0f}"
    return f"{number:.1f}" if abs(number) >= 1 else f"{number:.2g}"


def money(amount: float | None, currency: str) -> str:
    """``$0.35``, ``$4,519``, ``$12.3k``, ``$5M``"""
    if not known(amount):
        return UNKNOWN
    sign, size = "-" if amount < 0 else "", abs(amount)
    if round(size) >= 10_000:
        for scale, letter in _THOUSANDS:
            if round(size / scale, 4) >= 1:
                return f"{sign}{currency}{size / scale:,.1f}".removesuffix(".0") + letter
    cents = 0 < size < 9.995
    return f"{sign}{currency}{size:.2f}" if cents else f"{sign}{currency}{size:,.0f}"


def percent(share: float | None) -> str:
    """``13.8 %``; shares too small for one decimal are ``under 0.1 %``."""
    if not known(share):
        return UNKNOWN
    if 0 < abs(share) < 0.0005:
        return "under 0.1 %"
    return f"{share * 100:.1f} %".replace(".0 %", " %")


def signed_percent(share: float | None) -> str:
    """``+1.1 %``, ``-3 %``, ``unchanged``"""
    if not known(share):
        return UNKNOWN
    text = f"{share * 100:+.1f} %".replace(".0 %", " %")
    return "unchanged" if text in ("+0 %", "-0 %") else text


def points(difference: float | None) -> str:
    """A difference of two shares: ``+3.1 points``"""
    return f"{difference * 100:+.1f} points" if known(difference) else UNKNOWN


def value(number: float | None, unit: str, currency: str) -> str:
    """A value of a feature in its unit: ``$4,519``, ``41.7 %``, ``11.5 months``, ``3.2``."""
    if not known(number):
        return UNKNOWN
    if unit == "money":
        return money(number, currency)
    if unit == "share":
        return percent(number)
    if unit == "months":
        return f"{decimal(number)} month" + ("" if number == 1 else "s")
    return decimal(number)


def people(count: float, noun: str = "customer") -> str:
    """``1 customer``, ``8,950 customers``"""
    return f"{whole(count)} {noun}" + ("" if count == 1 else "s")


def day(moment: date) -> str:
    """``5 Oct 2026``"""
    return f"{moment.day} {moment:%b %Y}"


def short_day(moment: date, beside: date) -> str:
    """``28 Sep``, with its year where that is not the year of the date beside it."""
    return f"{moment.day} {moment:%b}" if moment.year == beside.year else day(moment)


def plain(text: str, limit: int = 80) -> str:
    """Text from outside on one line, without control or direction marks, at most ``limit`` long."""
    shown = "".join(c if c.isprintable() else " " for c in text)
    shown = " ".join(shown.split())
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def segment(segment_id: int | None, name: str | None) -> str:
    """``segment 2 (Instalment shoppers)``; everyone when there is no id."""
    return "everyone" if segment_id is None else f"segment {segment_id} ({plain(name or '')})"


def short_segment(segment_id: int | None, name: str | None) -> str:
    """``2 Instalment shoppers``, for tables and charts."""
    return "Everyone" if segment_id is None else f"{segment_id} {plain(name or '', 40)}"


def joined(parts: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``"""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + f" and {parts[-1]}"


def capital(sentence: str) -> str:
    """The sentence with its first letter large."""
    return sentence[:1].upper() + sentence[1:]


def moment(at: datetime, timezone: str) -> str:
    """``Monday 12 Oct 2026 at 08:00 (Europe/London)``"""
    return f"{at:%A} {day(at)} at {at:%H:%M} ({timezone})"


def with_names(text: str, names: Mapping[int, str]) -> str:
    """A sentence that numbers segments, with the name after each number."""

    def named(match: re.Match[str]) -> str:
        name = names.get(int(match[2]))
        return match[0] if name is None else f"{match[1]}egment {match[2]} ({plain(name)})"

    return re.sub(r"\b([Ss])egment (\d+)\b(?! \()", named, plain(text, 500))


def one_or_many(text: str) -> str:
    """A count of customers with "customer" in the singular after a 1: "1 new customer"."""
    return re.sub(r"^(1 (?:\w+ )*?)customers\b", r"\1customer", text)
