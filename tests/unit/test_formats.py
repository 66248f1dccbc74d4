"""How numbers, names and sentences are written for people."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import formats


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "$0"),
        (0.349, "$0.35"),
        (9.994, "$9.99"),
        (9.996, "$10"),
        (4519.2, "$4,519"),
        (9999.4, "$9,999"),
        (9999.6, "$10k"),
        (12_345, "$12.3k"),
        (999_949, "$999.9k"),
        (999_960, "$1M"),
        (5_240_000, "$5.2M"),
        (1.5e9, "$1.5bn"),
        (-1234, "-$1,234"),
        (None, "n/a"),
        (float("nan"), "n/a"),
    ],
)
def test_money(amount: float | None, text: str) -> None:
    assert formats.money(amount, "$") == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.1379, "13.8 %"),
        (0.5, "50 %"),
        (0.0, "0 %"),
        (0.0004, "under 0.1 %"),
        (1.0, "100 %"),
        (0.9999, "100 %"),
        (None, "n/a"),
    ],
)
def test_percent(share: float | None, text: str) -> None:
    assert formats.percent(share) == text


@pytest.mark.parametrize(
    ("change", "text"),
    [(0.0114, "+1.1 %"), (-0.03, "-3 %"), (0.0, "unchanged"), (-0.0004, "unchanged")],
)
def test_signed_percent(change: float, text: str) -> None:
    assert formats.signed_percent(change) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [(1234.4, "1,234"), (12.0, "12"), (3.24, "3.2"), (0.0421, "0.042"), (-0.5, "-0.5")],
)
def test_decimal(number: float, text: str) -> None:
    assert formats.decimal(number) == text


@given(st.floats(min_value=-1e12, max_value=1e12))
def test_an_amount_is_readable_and_near_what_it_says(amount: float) -> None:
    text = formats.money(amount, "$")
    scale = {"k": 1e3, "M": 1e6, "n": 1e9}.get(text[-1], 1.0)
    number = float(text.replace("$", "").replace(",", "").rstrip("kMbn")) * scale
    assert number == pytest.approx(amount, rel=0.05, abs=0.5)
    assert len(text) <= 12


def test_a_share_never_reads_as_zero_when_somebody_is_there() -> None:
    assert formats.percent(1 / 1_000_000) == "under 0.1 %"


def test_dates_name_their_year_where_it_matters() -> None:
    assert formats.short_day(date(2026, 9, 28), date(2026, 10, 5)) == "28 Sep"
    assert formats.short_day(date(2025, 12, 29), date(2026, 1, 5)) == "29 Dec 2025"


@given(st.text(max_size=500))
def test_text_from_outside_becomes_one_harmless_line(text: str) -> None:
    shown = formats.plain(text)
    assert len(shown) <= 80
    assert shown.isprintable()
    assert shown == " ".join(shown.split())


def test_segments_in_a_sentence_get_their_names_once() -> None:
    names = {1: "Buyers", 2: "Savers"}
    sentence = "Segment 1 grew; segment 12 and segment 2 (Savers) did not."
    assert formats.with_names(sentence, names) == (
        "Segment 1 (Buyers) grew; segment 12 and segment 2 (Savers) did not."
    )
