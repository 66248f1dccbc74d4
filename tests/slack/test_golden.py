"""What an answer looks like in each shape it can be sent in, as files to be read and judged."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.blocks import rich, text_only, with_plain_tables
from bot.reply import Card, Cell, Chart, Choice, Column, Deck, Reply, Series, Table

GOLDEN = Path(__file__).parents[1] / "golden" / "slack"

ANSWER = Reply(
    status="answered",
    text="Segment 2 (Spend & save) is the largest: 4,210 customers on 5 Oct 2026, 12.0 % fewer "
    "than on 28 Sep.\nThat is outside its usual weekly range of ±3.0 %.",
    tables=(
        Table(
            "Customers by segment on 5 Oct 2026",
            (Column("Segment"), Column("Customers", "right"), Column("Since 28 Sep", "right")),
            (
                (Cell("2 Spend & save"), Cell("4,210", 4210), Cell("-12.0 %", -12.0)),
                (Cell("1 <Premium>"), Cell("1,033", 1033), Cell("+0.4 %", 0.4)),
                (Cell("3 Little-used cards"), Cell("97", 97), Cell("")),
            ),
        ),
    ),
    charts=(
        Chart(
            "line",
            "Customers in segment 2",
            ("21 Sep", "28 Sep", "5 Oct"),
            (Series("Spend & save", (4790, 4784, 4210)),),
            unit="customers",
        ),
    ),
    footer="5 Oct 2026, fit 12, 5,340 customers",
    sql=("SELECT * FROM segment_sizes",),
    choices=(Choice("Why?", "why did segment 2 change?"), Choice("Trend", "trend of segment 2")),
)

CARDS = replace(
    ANSWER,
    text="5,340 customers fall into 3 segments on 5 Oct 2026.\n• Segment 1: they spend.",
    charts=(),
    sql=(),
    choices=(),
    deck=Deck(
        (
            Card(
                "2 Spend & save",
                "4,210 customers · 78.8 %",
                "On average: purchases $3,513 against $1,024 for everyone.",
                (
                    Choice("Profile", "profile of segment 2"),
                    Choice("What to offer?", "what should we offer segment 2"),
                ),
            ),
            Card("1 <Premium> *", "1,033 customers · 19.3 %"),
        ),
        "The largest of 3 segments.",
    ),
)


def readable(blocks: list[dict[str, Any]]) -> str:
    """Blocks as JSON, without the packed SQL, whose letters depend on the zlib in use."""
    text = json.dumps(blocks, indent=2, ensure_ascii=False)
    return re.sub(r'("show_sql".*?"value": )"[^"]*"', r'\1"(packed SQL)"', text, flags=re.S) + "\n"


SHAPES = {
    "rich.json": lambda: readable(rich(ANSWER)),
    "cards.json": lambda: readable(rich(CARDS)),
    "plain_tables.json": lambda: readable(with_plain_tables(ANSWER)),
    "text.txt": lambda: text_only(ANSWER) + "\n",
}


@pytest.mark.parametrize("name", SHAPES)
def test_an_answer_looks_as_agreed(name: str) -> None:
    """UPDATE_GOLDEN=1 writes the files, to be read before they are kept."""
    file, shown = GOLDEN / name, SHAPES[name]()
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8")
