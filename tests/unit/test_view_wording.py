"""Sentences of answers say what their tables say, in plain English."""

from __future__ import annotations

from datetime import date

import pytest

from analytics.answers.facts import Size, TraitShare
from analytics.answers.segments import Breakdown
from bot.views.comparisons import breakdown
from bot.views.wording import with_article

SIZE = Size(1, "Big spenders", "", 100, 0.1, 1000, None, None, None, None, None, None, None)


def income(**shares: tuple[float, float]) -> Breakdown:
    """Incomes of segment 1: the share there and of everyone."""
    values = tuple(
        TraitShare(1, "INCOME", "income", "demographic", name, round(100 * own), own, everyone,
                   100 * own / everyone)
        for name, (own, everyone) in shares.items()
    )  # fmt: skip
    return Breakdown(date(2026, 10, 5), "INCOME", "income", (SIZE,), values)


def test_the_value_named_has_the_highest_index_not_the_largest_difference() -> None:
    view = breakdown(income(low=(0.50, 0.40), middle=(0.40, 0.55), high=(0.10, 0.05)), "$")
    assert (view.value, view.index, view.aside) == ("high", "200", "")


def test_gaps_and_rare_values_with_a_higher_index_are_named_as_left_aside() -> None:
    shares = {"low": (0.53, 0.50), "Unknown": (0.14, 0.12), "high": (0.31, 0.37)}
    assert breakdown(income(**shares), "$").aside == "“Unknown”"
    shares["highest"] = (0.02, 0.01)
    view = breakdown(income(**shares), "$")
    assert (view.value, view.index) == ("low", "106")
    assert view.aside == "“Unknown” and values of fewer than 5 %"


def test_no_value_stands_out_where_all_are_as_common_as_everywhere() -> None:
    assert breakdown(income(low=(0.4, 0.4), high=(0.6, 0.6)), "$").value == ""


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("balance", "a balance"),
        ("credit limit", "a credit limit"),
        ("utilisation", "a utilisation"),
        ("average order", "an average order"),
        ("upgrade fee", "an upgrade fee"),
        ("number of purchases", "a number of purchases"),
        ("cash advances", "cash advances"),
        ("months paid in full", "months paid in full"),
        ("months on book", "months on book"),
    ],
)
def test_a_feature_is_had_with_its_article(label: str, said: str) -> None:
    assert with_article(label) == said
