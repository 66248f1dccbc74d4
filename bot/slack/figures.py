"""Tables, charts and cards of a Reply as blocks Slack draws, and tables as fixed-width text.

Plain dicts, because the SDK does not model `data_table` and `data_visualization`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from rich.cells import cell_len

from bot.reply import Card, Cell, Chart, Deck, Table
from bot.slack.elements import ask_buttons, context, mrkdwn
from bot.slack.limits import (
    MAX_AXIS_LABEL,
    MAX_CARD_BODY,
    MAX_CARD_BUTTONS,
    MAX_CARD_TITLE,
    MAX_CARDS,
    MAX_CHART_TITLE,
    MAX_COLUMNS,
    MAX_LABEL,
    MAX_POINTS,
    MAX_ROWS,
    MAX_SERIES,
    Block,
    size,
)
from bot.slack.text import DOTS, clean, clip, escape, literal

CAPTION = 200
_CELL = 200
_PAGE = 15


def data_table(table: Table, room: int) -> tuple[Block, int] | None:
    """A sortable table of at most ``room`` characters, and its rows; None where none fits."""

    def cell(cell: Cell) -> Block:
        text = literal(cell.text, _CELL)
        if cell.value is None or not math.isfinite(cell.value):
            return {"type": "raw_text", "text": text}
        return {"type": "raw_number", "value": cell.value, "text": text}

    caption = literal(table.caption, CAPTION)
    rows = _fitting_rows(table, cell, room - len(caption))
    if len(rows) < 2:
        return None
    shown = len(rows) - 1
    page = min(shown, _PAGE)
    return {"type": "data_table", "caption": caption, "rows": rows, "page_size": page}, shown


def plain_table(table: Table, room: int) -> tuple[Block, int] | None:
    """The same as the older block, which every client draws and nobody can sort."""

    def cell(cell: Cell) -> Block:
        return {"type": "raw_text", "text": literal(cell.text, _CELL)}

    settings = [{"align": c.align, "is_wrapped": True} for c in table.columns[:MAX_COLUMNS]]
    rows = _fitting_rows(table, cell, room - size(settings))[:MAX_ROWS]
    if len(rows) < 2:
        return None
    return {"type": "table", "column_settings": settings, "rows": rows}, len(rows) - 1


def monospaced(table: Table, room: int) -> str:
    """The table as mrkdwn code, cut after ``room`` characters; "" without rows."""
    lines = [[column.label for column in table.columns]]
    lines += [[cell.text for cell in row] for row in table.rows]
    texts = [[clean(text).replace("`", "'").replace("\n", " ")[:40] for text in r] for r in lines]
    widths = [max(map(cell_len, column)) for column in zip(*texts, strict=False)]
    drawn, used = [], 0
    for row in texts:
        line = "  ".join(
            " " * (width - cell_len(text)) + text
            if column.align == "right"
            else text + " " * (width - cell_len(text))
            for text, width, column in zip(row, widths, table.columns, strict=False)
        )
        drawn.append(escape(line.rstrip()))
        used += len(drawn[-1]) + 1
        if used > room:
            drawn[-1] = DOTS
            break
    return "```\n" + "\n".join(drawn) + "\n```" if len(drawn) > 1 else ""


def chart(chart: Chart) -> Block | None:
    """The chart, without points that are no numbers; a bar chart where a pie cannot be drawn."""
    series = chart.series[:MAX_SERIES]
    points = [
        (name, values)
        for name, *values in zip(chart.categories, *(s.values for s in series), strict=False)
        if all(math.isfinite(value) for value in values)
    ]
    newest = chart.kind in ("line", "area")
    points = points[-MAX_POINTS:] if newest else points[:MAX_POINTS]
    if not points or not series:
        return None
    labels = _labels([name for name, _ in points])
    kind = chart.kind
    if kind == "pie":
        if len(series) == 1 and len(points) <= MAX_SERIES and all(v[0] > 0 for _, v in points):
            slices = [
                {"label": label, "value": values[0]}
                for label, (_, values) in zip(labels, points, strict=True)
            ]
            return _visualization(chart, {"type": "pie", "segments": slices})
        kind = "bar"
    drawn = [
        {
            "name": name,
            "data": [
                {"label": label, "value": values[index]}
                for label, (_, values) in zip(labels, points, strict=True)
            ],
        }
        for index, name in enumerate(_labels([s.name for s in series]))
    ]
    axis: dict[str, Any] = {"categories": labels}
    if chart.unit.strip():
        axis["y_label"] = literal(chart.unit, MAX_AXIS_LABEL)
    return _visualization(chart, {"type": kind, "series": drawn, "axis_config": axis})


def carousel(deck: Deck) -> list[Block]:
    """Cards to leaf through, and the line below them; [] without cards."""
    cards = [_card(card, number) for number, card in enumerate(deck.cards[:MAX_CARDS])]
    below = [context(clip(deck.caption, CAPTION))] if deck.caption.strip() else []
    return [{"type": "carousel", "elements": cards}, *below] if cards else []


def _card(card: Card, number: int) -> Block:
    made: Block = {"type": "card", "title": mrkdwn(card.title, MAX_CARD_TITLE)}
    if card.subtitle.strip():
        made["subtitle"] = mrkdwn(card.subtitle, MAX_CARD_TITLE)
    if card.body.strip():
        made["body"] = mrkdwn(card.body, MAX_CARD_BODY)
    if buttons := ask_buttons(card.choices[:MAX_CARD_BUTTONS], f"ask_{number}"):
        made["actions"] = buttons
    return made


def _fitting_rows(table: Table, cell: Callable[[Cell], Block], room: int) -> list[list[Block]]:
    """The heading and as many rows as there is room for; nothing when not even one."""
    header: list[Block] = [
        {"type": "raw_text", "text": literal(column.label, _CELL)} for column in table.columns
    ]
    rows: list[list[Block]] = []
    for row in [header, *([cell(value) for value in row] for row in table.rows[:MAX_ROWS])]:
        row = row[:MAX_COLUMNS]
        room -= size(row)
        if not row or room < 0:
            break
        rows.append(row)
    return rows


def _visualization(chart: Chart, drawn: dict[str, Any]) -> Block:
    return {
        "type": "data_visualization",
        "title": literal(chart.title, MAX_CHART_TITLE),
        "chart": drawn,
    }


def _labels(names: Sequence[str]) -> list[str]:
    """Names cut to a chart label's length, numbered where that makes two alike."""
    labels: list[str] = []
    for name in names:
        label, number = literal(name, MAX_LABEL), 2
        while label in labels:
            ending = f" {number}"
            label, number = literal(name, MAX_LABEL - len(ending)) + ending, number + 1
        labels.append(label)
    return labels
