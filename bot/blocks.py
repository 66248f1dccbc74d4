"""A Reply as Block Kit blocks within Slack's limits, and as text for when Slack refuses blocks.

Plain dicts, because the SDK does not model `data_table` and `data_visualization`. Everything is
made harmless here and set as `plain_text` or `raw_text`: nothing in data can format or mention.
"""

from __future__ import annotations

import base64
import math
import zlib
from collections.abc import Callable, Sequence
from typing import Any

from rich.cells import cell_len

from bot.limits import (
    MAX_AXIS_LABEL,
    MAX_BUTTON,
    MAX_CHARACTERS,
    MAX_CHART_TITLE,
    MAX_CHARTS,
    MAX_COLUMNS,
    MAX_LABEL,
    MAX_POINTS,
    MAX_ROWS,
    MAX_SECTION,
    MAX_SERIES,
    MAX_TABLE_CHARACTERS,
    MAX_TEXT,
    MAX_VALUE,
    Block,
    size,
)
from bot.reply import Cell, Chart, Reply, Table
from bot.slacktext import DOTS, clean, clip, escape, literal, pieces, unformatted

_ANSWER, _FOOTER, _CAPTION, _CELL = 6_000, 1_000, 200, 200
_TABLES, _BUTTONS, _PAGE = 10, 10, 15


def rich(reply: Reply) -> list[Block]:
    """The reply with sortable tables and charts drawn by Slack."""
    return _message(reply, _data_table, reply.charts)


def with_plain_tables(reply: Reply) -> list[Block]:
    """The reply without charts and with the plain table block, which older clients know."""
    return _message(reply, _plain_table, ())


def text_only(reply: Reply) -> str:
    """The reply as one mrkdwn text, its tables aligned in a fixed-width font."""
    parts = [unformatted(clip(reply.text, MAX_TEXT // 2))]
    footer = unformatted(clip(reply.footer, 300)) if reply.footer else ""
    room = MAX_TEXT - len(parts[0]) - len(footer) - 2
    for table in reply.tables:
        drawn = _monospaced(table, room - 10)
        room -= len(drawn) + 1
        parts += [drawn] if drawn else []
    return "\n".join([*parts, footer]).rstrip()


def headline(reply: Reply) -> str:
    """The answer for notifications and screen readers, which do not read blocks."""
    return clip(reply.text, MAX_TEXT)


def sql_view(packed: str) -> dict[str, Any]:
    """Modal that shows the statements a "Show SQL" button carries."""
    sql = zlib.decompress(base64.urlsafe_b64decode(packed)).decode()
    code = escape(sql.replace("```", "'''"))
    fences = [f"```{piece}```" for piece in pieces(code, MAX_SECTION - 6)]
    return {
        "type": "modal",
        "title": _plain("SQL of this answer"),
        "close": _plain("Close"),
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": f}} for f in fences],
    }


def _message(
    reply: Reply,
    table_block: Callable[[Table, int], tuple[Block, int] | None],
    charts: Sequence[Chart],
) -> list[Block]:
    head = [_section(piece) for piece in pieces(clip(reply.text, _ANSWER), MAX_SECTION)]
    foot = [_context(clip(reply.footer, _FOOTER))] if reply.footer.strip() else []
    foot += _actions(reply, MAX_CHARACTERS - size(head + foot))
    room = MAX_CHARACTERS - size(head + foot)
    body: list[Block] = []
    for chart in charts[:MAX_CHARTS]:
        drawn = _chart(chart)
        if drawn and size(drawn) <= room:
            body.append(drawn)
            room -= size(drawn)
    cells = MAX_TABLE_CHARACTERS
    for table in reply.tables[:_TABLES]:
        fitted = table_block(table, min(room - 300, cells))
        if fitted is None:
            continue
        block, rows = fitted
        part = [_context(clip(table.caption, _CAPTION))] if block["type"] == "table" else []
        part.append(block)
        columns = min(len(table.columns), MAX_COLUMNS)
        if rows < len(table.rows) or columns < len(table.columns):
            part.append(_context(_shown(rows, len(table.rows), columns, len(table.columns))))
        body += part
        room -= size(part)
        cells -= size(block)
    return head + body + foot


def _shown(rows: int, all_rows: int, columns: int, all_columns: int) -> str:
    text = f"Showing the first {rows:,} of {all_rows:,} rows"
    return f"{text}, {columns} of {all_columns} columns." if columns < all_columns else f"{text}."


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}


def _section(text: str) -> Block:
    return {"type": "section", "text": _plain(text), "expand": True}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [_plain(text)]}


def _actions(reply: Reply, room: int) -> list[Block]:
    buttons = []
    for number, choice in enumerate(reply.choices[:_BUTTONS]):
        question = escape(clean(choice.question))
        if question.strip() and len(question) <= MAX_VALUE:
            buttons.append(_button(f"ask_{number}", clip(choice.label, MAX_BUTTON), question))
    if reply.sql:
        packed = base64.urlsafe_b64encode(zlib.compress(clean(";\n\n".join(reply.sql)).encode(), 9))
        if len(packed) <= MAX_VALUE:
            buttons.insert(0, _button("show_sql", "Show SQL", packed.decode()))
    fitting = []
    for button in buttons:
        room -= size(button)
        if room >= 0:
            fitting.append(button)
    return [{"type": "actions", "elements": fitting}] if fitting else []


def _button(action_id: str, label: str, value: str) -> Block:
    return {"type": "button", "action_id": action_id, "text": _plain(label), "value": value}


def _data_table(table: Table, room: int) -> tuple[Block, int] | None:
    def cell(cell: Cell) -> Block:
        text = literal(cell.text, _CELL)
        if cell.value is None or not math.isfinite(cell.value):
            return {"type": "raw_text", "text": text}
        return {"type": "raw_number", "value": cell.value, "text": text}

    caption = literal(table.caption, _CAPTION)
    rows = _fitting_rows(table, cell, room - len(caption))
    if len(rows) < 2:
        return None
    page = min(len(rows) - 1, _PAGE)
    return {"type": "data_table", "caption": caption, "rows": rows, "page_size": page}, len(
        rows
    ) - 1


def _plain_table(table: Table, room: int) -> tuple[Block, int] | None:
    def cell(cell: Cell) -> Block:
        return {"type": "raw_text", "text": literal(cell.text, _CELL)}

    settings = [{"align": c.align, "is_wrapped": True} for c in table.columns[:MAX_COLUMNS]]
    rows = _fitting_rows(table, cell, room - size(settings))[:MAX_ROWS]
    if len(rows) < 2:
        return None
    return {"type": "table", "column_settings": settings, "rows": rows}, len(rows) - 1


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


def _chart(chart: Chart) -> Block | None:
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


def _monospaced(table: Table, room: int) -> str:
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
