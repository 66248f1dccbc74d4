"""Times people write, resolved to stored snapshots."""

from __future__ import annotations

import calendar
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.questions.times.holidays import last_holiday

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if n}
_MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if n} | {"sept": 9}
_DAYS = {name.lower(): n for n, name in enumerate(calendar.day_name)}
_DAYS |= {name.lower(): n for n, name in enumerate(calendar.day_abbr)}
_DAYS |= {"tues": 1, "thur": 3, "thurs": 3}
_WEEKS_IN = {"day": 1 / 7, "week": 1.0, "month": 13 / 3, "quarter": 13.0, "year": 52.0}

MONTH_WORDS = frozenset(_MONTHS)
DAY_WORDS = frozenset(_DAYS)


@dataclass(frozen=True, slots=True)
class Time:
    """A time as said; ``kind`` is one of those `Calendar.snapshot` tells apart."""

    kind: str
    count: float = 0.0
    unit: str = ""
    day: date | None = None
    year: int | None = None


def is_day(day: float, month: str | int, year: int | None = None) -> bool:
    """Whether a month (a name or a number) has such a day, in a leap year where none is said."""
    number = _MONTHS[month] if isinstance(month, str) else month
    return 0 < day <= calendar.monthrange(year or 2024, number)[1]


def in_weeks(count: float, unit: str) -> int:
    """A span of ``count`` units as whole weeks, at least 1 ("past month" is 4, "3 months" 13)."""
    return max(1, int(count * _WEEKS_IN[unit] + 0.5))


@dataclass(frozen=True)
class Calendar:
    """Stored snapshots (ascending) and today; a date means the last snapshot at or before it.

    When nothing was loaded for more than a week, "ago" counts from the week of the last snapshot.
    """

    snapshots: Sequence[date]
    today: date

    @property
    def anchor(self) -> date:
        """The day that "ago" and "last" count from."""
        if not self.snapshots:
            return self.today
        return min(self.today, self.snapshots[-1] + timedelta(days=6))

    def snapshot(self, time: Time, *, since: bool = False) -> date | None:
        """The snapshot that stands for a time; ``since`` a month means since its first day."""
        match time.kind:
            case "ago":
                return self.ago(time.count, time.unit)
            case "day" if time.day:
                return self.at_or_before(time.day)
            case "part":
                return self.part_of_month(int(time.count), time.unit, time.year)
            case "date":
                return self.day_of_month(int(time.count), time.unit, time.year)
            case "week":
                return self.at_or_before(self.week(int(time.count)))
            case "nth":
                return self.at_or_before(self.nth(int(time.count), time.unit))
            case "digits":
                return self.in_digits(int(time.count), int(time.unit), time.year)
            case "month":
                return self.month(time.unit, time.year, end=not since)
            case "holiday":
                return self.at_or_before(self.holiday(time))
            case "weekday":
                return self.weekday(time.unit)
            case "quarter":
                return self.quarter(int(time.count), time.year)
            case "start":
                return self.start_of(time.unit)
            case "first":
                return self.first()
            case "previous":
                return self.previous()
        return None

    def at_or_before(self, day: date) -> date | None:
        """The last snapshot at or before ``day``; ``day`` where all are later; None without any."""
        if not self.snapshots:
            return None
        return (
            self.snapshots[bisect_right(self.snapshots, day) - 1]
            if day >= self.snapshots[0]
            else day
        )

    def ago(self, count: float, unit: str) -> date | None:
        """The snapshot of ``count`` units before now."""
        if unit in ("month", "quarter", "year"):
            months = round(count * {"month": 1, "quarter": 3, "year": 12}[unit])
            return self.at_or_before(_months_before(self.anchor, months))
        days = round(count * {"day": 1, "week": 7}[unit])
        return self.at_or_before(self.anchor - timedelta(days=days))

    def holiday(self, time: Time) -> date:
        """The last such holiday, or the day before it where ``count`` says so."""
        return last_holiday(time.unit, self.anchor) + timedelta(days=time.count)

    def weekday(self, name: str) -> date | None:
        """The snapshot of the last such weekday before now."""
        back = (self.anchor.weekday() - _DAYS[name]) % 7 or 7
        return self.at_or_before(self.anchor - timedelta(days=back))

    def month(self, name: str, year: int | None = None, *, end: bool = True) -> date | None:
        """The last snapshot of a month (or, with ``end=False``, the one its first day falls in)."""
        number = _MONTHS[name]
        year = year or self.anchor.year - (number > self.anchor.month)
        last = calendar.monthrange(year, number)[1]
        return self.at_or_before(date(year, number, last if end else 1))

    def day_of_month(self, day: int, month: str, year: int | None = None) -> date | None:
        """The snapshot of a day such as 5 Oct; the year is the last in which the day has been."""
        number = _MONTHS[month]
        year = year or self.anchor.year - ((number, day) > (self.anchor.month, self.anchor.day))
        day = min(day, calendar.monthrange(year, number)[1])
        return self.at_or_before(date(year, number, max(day, 1)))

    def week(self, number: int) -> date:
        """The last day of the newest calendar week (ISO 8601) of a number that has begun."""
        for year in (self.anchor.year, self.anchor.year - 1):
            last = date(year, 12, 28).isocalendar().week
            first = date.fromisocalendar(year, min(number, last), 1)
            if first <= self.anchor:
                break
        return first + timedelta(days=6)

    def nth(self, day: int, month: str) -> date:
        """The 21st of this or of the "last" month; of no month said, the last there has been."""
        earlier = month == "last" or (month != "this" and day > self.anchor.day)
        within = _months_before(self.anchor.replace(day=1), 1) if earlier else self.anchor
        last = calendar.monthrange(within.year, within.month)[1]
        return within.replace(day=max(1, min(day, last)))

    def in_digits(self, one: int, other: int, year: int | None = None) -> date | None:
        """The snapshot of 07/09: 7 September, or 9 July where only that day has been stored."""
        days = [(d, m) for d, m in ((one, other), (other, one)) if m <= 12]
        found = [self.day_of_month(d, calendar.month_abbr[m].lower(), year) for d, m in days]
        first = self.first()
        return next((day for day in found if day and first and day >= first), found[0])

    def part_of_month(self, day: int, month: str, year: int | None = None) -> date | None:
        """The snapshot of "early October"; the first of all where that is a few days later."""
        found, first = self.day_of_month(day, month, year), self.first()
        if found and first and timedelta() < first - found <= timedelta(days=7):
            return first
        return found

    def quarter(self, number: int, year: int | None = None) -> date | None:
        """The last snapshot of a calendar quarter."""
        year = year or self.anchor.year - (3 * (number - 1) + 1 > self.anchor.month)
        return self.at_or_before(date(year, 3 * number, 30))

    def start_of(self, unit: str) -> date | None:
        """The snapshot in force when the current month, quarter or year began."""
        first = self.anchor.replace(day=1)
        if unit == "quarter":
            first = first.replace(month=3 * ((first.month - 1) // 3) + 1)
        if unit == "year":
            first = first.replace(month=1)
        return self.at_or_before(first)

    def first(self) -> date | None:
        """The oldest snapshot."""
        return self.snapshots[0] if self.snapshots else None

    def previous(self) -> date | None:
        """The snapshot before the last."""
        return self.snapshots[-min(2, len(self.snapshots))] if self.snapshots else None


def _months_before(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(
        max(year, 1), month + 1, min(day.day, calendar.monthrange(max(year, 1), month + 1)[1])
    )
