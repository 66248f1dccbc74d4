"""The lists of words say each word once, and drawn-out letters are read as meant."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.questions.books import phrase_book
from bot.questions.parse import parse
from tests.unit.questions.cases import TODAY, lexicon

LISTS = ("fillers", "around", "common")


def _listed(name: str) -> list[str]:
    return " ".join(phrase_book("words")[name]).split()


def _forms() -> list[str]:
    same = phrase_book("words")["same"]
    return [form for base, forms in same.items() for form in (base, *forms.split())]


def test_no_word_stands_in_two_lists() -> None:
    counted = Counter(word for name in LISTS for word in _listed(name))
    assert [word for word, times in counted.items() if times > 1] == []


def test_no_word_is_a_form_of_two() -> None:
    assert [word for word, times in Counter(_forms()).items() if times > 1] == []


def test_a_form_is_listed_under_its_base_only() -> None:
    bases = set(phrase_book("words")["same"])
    listed = {word for name in LISTS for word in _listed(name)}
    assert (set(_forms()) - bases) & listed == set()


def test_a_listed_word_is_one_that_can_be_read() -> None:
    """A word with a hyphen or a sign in it never comes out of a message in one piece."""
    assert [w for name in LISTS for w in _listed(name) if not w.replace("'", "").isalnum()] == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("plsss", "pls"),
        ("soooo", "so"),
        ("thankssss", "thanks"),
        ("spendddd", "spend"),
        ("alllll", "all"),
        ("biggggest", "biggest"),
    ],
)
def test_a_drawn_out_letter_is_read_single_or_double(typed: str, meant: str) -> None:
    vocabulary = lexicon().vocabulary
    assert vocabulary.lemma(typed) == vocabulary.lemma(meant) is not None


@pytest.mark.parametrize("typed", ["happpy", "weatherrr", "loyaaal"])
def test_a_drawn_out_word_of_another_matter_stays_one(typed: str) -> None:
    (reading,) = parse(f"{typed} customers in segment 2", lexicon(), today=TODAY)
    assert reading.status != "understood"


@pytest.mark.parametrize(
    ("typed", "meant"), [("spendin", "spending"), ("growin'", "growing"), ("segz", "segs")]
)
def test_a_clipped_ending_is_read_in_full(typed: str, meant: str) -> None:
    vocabulary = lexicon().vocabulary
    assert vocabulary.lemma(typed) == vocabulary.lemma(meant) is not None


def test_a_slip_with_a_letter_left_single_is_no_english() -> None:
    assert lexicon().vocabulary.repair("shopers") == ("shoppers",)


@pytest.mark.parametrize("shop", ["ikea", "etsy", "nintendo", "binance", "deliveroo", "wayfair"])
def test_a_name_like_a_word_without_meaning_is_not_passed_over(shop: str) -> None:
    (reading,) = parse(f"how much do VIPs spend at {shop}", lexicon(), today=TODAY)
    assert reading.status == "declined"


@pytest.mark.parametrize("text", ["who's drunk with purchases", "which segment's happiest"])
def test_a_contraction_does_not_swallow_the_word_after_it(text: str) -> None:
    (reading,) = parse(text, lexicon(), today=TODAY)
    assert reading.status != "understood"
