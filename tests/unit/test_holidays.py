"""Holidays said in a question are found, and are the last such days up to today."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.questions.text.items import Item
from bot.questions.times.holidays import holiday, last_holiday

# From printed calendars, not computed.
DAYS = (
    ("Easter", date(2024, 3, 31)),
    ("Easter", date(2025, 4, 20)),
    ("Easter", date(2026, 4, 5)),
    ("Good Friday", date(2026, 4, 3)),
    ("Easter Monday", date(2026, 4, 6)),
    ("Martin Luther King Day", date(2026, 1, 19)),
    ("Memorial Day", date(2026, 5, 25)),
    ("Independence Day", date(2026, 7, 4)),
    ("August bank holiday", date(2026, 8, 31)),
    ("Labor Day", date(2026, 9, 7)),
    ("Thanksgiving", date(2026, 11, 26)),
    ("Black Friday", date(2026, 11, 27)),
    ("Cyber Monday", date(2026, 11, 30)),
    ("Christmas", date(2026, 12, 25)),
)


def _said(text: str) -> tuple[Item, ...]:
    return tuple(Item(word, text=word) for word in text.split())


@pytest.mark.parametrize(("name", "day"), DAYS)
def test_a_holiday_is_on_its_day_and_stays_the_last_until_the_next(name: str, day: date) -> None:
    assert last_holiday(name, day) == day
    assert last_holiday(name, day + timedelta(days=300)) == day


@pytest.mark.parametrize(("name", "day"), DAYS)
def test_before_its_day_the_last_was_the_year_before(name: str, day: date) -> None:
    assert last_holiday(name, day - timedelta(days=1)).year == day.year - 1


@pytest.mark.parametrize(
    ("text", "at", "found"),
    [
        ("since labor day", 1, (2, "Labor Day")),
        ("since labour day", 1, (2, "Labor Day")),
        ("over the fourth of july weekend", 2, (4, "Independence Day")),
        ("since last christmas", 2, (1, "Christmas")),
        ("before xmas eve", 1, (2, "Christmas Eve")),
        ("the easter offer", 1, None),
        ("who should get the offer on easter", 6, None),
        ("since labor started", 1, None),
    ],
)
def test_a_holiday_is_a_time_only_where_one_is_led_to(
    text: str, at: int, found: tuple[int, str] | None
) -> None:
    assert holiday(_said(text), at) == found
