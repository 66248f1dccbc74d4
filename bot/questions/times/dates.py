"""Dates written in digits, and the years beside a date."""

from __future__ import annotations

import re

from bot.questions.text.items import Found, Item, Items, symbol
from bot.questions.times.calendar import Time, is_day


def year_at(items: Items, at: int) -> tuple[int, int | None]:
    """How many items from a place on are a year, and the year."""
    comma = at < len(items) and items[at].symbol == ","
    at += comma
    if at < len(items) and items[at].symbol == "<n>" and 1990 <= items[at].value <= 2199:
        return 1 + comma, int(items[at].value)
    return 0, None


def in_digits(items: Items, at: int) -> Found:
    """ "14/9", "on 07/09/2026", "14.09.2026"; "3/6" are segments and "1/2" is a part."""
    text, mark = items[at].text, symbol(items, at + 1)
    if re.fullmatch(r"\d{1,2}\.\d{1,2}", text) and (width := year_at(items, at + 1)[0]):
        said, width = text.split("."), 1 + width
    elif symbol(items, at) == symbol(items, at + 2) == "<n>" and mark in ("/", "-"):
        said, width = [text, items[at + 2].text], 3
    else:
        return None
    if not all(one.isdigit() for one in said) or not 0 < min(map(int, said)) <= 12:
        return None
    year = None
    if width == 3 and symbol(items, at + 3) == mark:
        wide, year = year_at(items, at + 4)
        width += (1 + wide) if wide else 0
    elif width < 3:
        year = year_at(items, at + 1)[1]
    dated = year or max(map(int, said)) > 12 or any(one[0] == "0" for one in said)
    led = symbol(items, at - 1) == "since" or symbol(items, at - 2) == "as"
    if max(map(int, said)) > 31 or not (year or mark == "/") or not (dated or led):
        return None
    one, other = map(int, said)
    real = any(m <= 12 and is_day(d, m, year) for d, m in ((one, other), (other, one)))
    time = Item("<when>", Time("digits", float(one), said[1], year=year))
    return width, time if real else Item("<baddate>", "/".join(said))
