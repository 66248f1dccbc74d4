"""Holidays with a fixed rule, of the United States and the United Kingdom, and their days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from bot.questions.text.items import Items, symbol, symbols

Rule = Callable[[int], date]
_MON, _THU = 0, 3


def _on(month: int, day: int) -> Rule:
    return lambda year: date(year, month, day)


def _nth(count: int, weekday: int, month: int, *, later: int = 0) -> Rule:
    """The nth such weekday of a month, or some days later."""

    def day(year: int) -> date:
        first = date(year, month, 1)
        return first + timedelta((weekday - first.weekday()) % 7 + 7 * (count - 1) + later)

    return day


def _last(weekday: int, month: int) -> Rule:
    """The last such weekday of a month of 31 days."""

    def day(year: int) -> date:
        end = date(year, month, 31)
        return end - timedelta((end.weekday() - weekday) % 7)

    return day


def _easter(later: int = 0) -> Rule:
    """Easter Sunday of the Gregorian calendar, or some days later."""

    def day(year: int) -> date:
        century, golden = year // 100, year % 19
        moon = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
        moon -= (moon // 28) * (1 - (29 // (moon + 1)) * ((21 - golden) // 11))
        week = (year + year // 4 + moon + 2 - century + century // 4) % 7
        start = date(year, 3 + (moon - week + 40) // 44, 1)
        return start + timedelta(moon - week + 28 - 31 * (start.month // 4) - 1 + later)

    return day


_HOLIDAYS: Mapping[str, Rule] = {
    "New Year's Day|New Year's|New Year|New Years Day|New Years": _on(1, 1),
    "Martin Luther King Day|MLK Day": _nth(3, _MON, 1),
    "Presidents' Day|Presidents Day|President's Day": _nth(3, _MON, 2),
    "Valentine's Day|Valentines Day|Valentine's|Valentines": _on(2, 14),
    "St Patrick's Day|St Patricks Day|Saint Patrick's Day": _on(3, 17),
    "Good Friday": _easter(-2),
    "Easter|Easter Sunday": _easter(),
    "Easter Monday": _easter(1),
    "May Day|early May bank holiday": _nth(1, _MON, 5),
    "spring bank holiday|late May bank holiday": _last(_MON, 5),
    "Memorial Day": _last(_MON, 5),
    "Juneteenth": _on(6, 19),
    "Independence Day|the Fourth of July|Fourth of July|4th of July|July 4th|July Fourth"
    "|July 4": _on(7, 4),
    "August bank holiday|late August bank holiday|summer bank holiday": _last(_MON, 8),
    "Labor Day|Labour Day": _nth(1, _MON, 9),
    "Columbus Day|Indigenous Peoples' Day|Indigenous Peoples Day": _nth(2, _MON, 10),
    "Halloween|Hallowe'en": _on(10, 31),
    "Bonfire Night|Guy Fawkes Night": _on(11, 5),
    "Veterans Day|Veterans' Day|Veteran's Day": _on(11, 11),
    "Thanksgiving|Thanksgiving Day": _nth(4, _THU, 11),
    "Black Friday": _nth(4, _THU, 11, later=1),
    "Cyber Monday": _nth(4, _THU, 11, later=4),
    "Christmas|Christmas Day|Xmas": _on(12, 25),
    "Christmas Eve|Xmas Eve": _on(12, 24),
    "Boxing Day": _on(12, 26),
    "New Year's Eve|New Years Eve": _on(12, 31),
}
_NAMED = {
    tuple(name.lower().split()): (names.split("|")[0], rule)
    for names, rule in _HOLIDAYS.items()
    for name in names.split("|")
}
_RULES = dict(_NAMED.values())
# Words that make it a time and not what something is for: "since Easter", "the Easter offer".
_LEADS = frozenset(
    "since before after on at over during around from until till to in between versus and "
    "through past".split()
)
_TRAILS = frozenset("weekend week period break holidays".split())
_AHEAD = frozenset("should offer campaign target plan promotion promo will next upcoming".split())


def holiday(items: Items, at: int) -> tuple[int, str] | None:
    """How many items from a place on name a holiday, and its name; None where none is a time."""
    led = symbol(items, at - 1)
    led = symbol(items, at - 2) if led in ("the", "last") else led
    if led not in _LEADS or _AHEAD & set(symbols(items)):
        return None
    words = [i.text for i in items[at : at + 5]]
    for width in range(min(5, len(words)), 0, -1):
        named = _NAMED.get(tuple(words[:width]))
        if named:
            trails = at + width < len(items) and items[at + width].text in _TRAILS
            return width + trails, named[0]
    return None


def last_holiday(name: str, today: date) -> date:
    """The day of a holiday that was last, today included."""
    rule = _RULES[name]
    day = rule(today.year)
    return day if day <= today else rule(today.year - 1)
