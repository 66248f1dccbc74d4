"""The pictures show every block an answer can hold: what is not drawn is an error."""

from __future__ import annotations

import pytest

from bot.blocks import rich, with_plain_tables
from bot.commands.slackcheck import CARDS, SAMPLE
from bot.product import Front
from bot.slack.surfaces import home, rename_form, sql_form
from tests.slack.conftest import Product
from tests.slack.page import page


def test_every_block_of_an_answer_and_of_the_page_is_drawn(product: Product) -> None:
    front: Front = product.front()
    drawn = page(
        [
            ("Segmentry", rich(SAMPLE)),
            ("Segmentry", rich(CARDS)),
            ("Segmentry", with_plain_tables(SAMPLE)),
            (
                "Segmentry",
                home(front, product.subscriptions("U1"), may_sql=True, may_rename=True)["blocks"],
            ),
            ("Segmentry", sql_form()["blocks"]),
        ]
    )
    for text in ("A sample answer.", "Details", "Why?", "Sizes", "They save.", "Run SQL"):
        assert text in drawn
    assert "R&amp;D &lt;b&gt;" in str(rename_form(front))  # a segment's name formats nothing


def test_a_block_nobody_drew_is_an_error() -> None:
    with pytest.raises(KeyError):
        page([("Segmentry", [{"type": "video"}])])
