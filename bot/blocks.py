"""A Reply as Block Kit blocks within Slack's limits, and as text for when Slack refuses blocks.

Everything is made harmless here and set as `plain_text`, `raw_text` or `rich_text`, on cards as
`mrkdwn` without its signs: nothing in data can format or mention.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from analytics.model import Query
from bot.reply import Chart, Reply, Table
from bot.slack import figures
from bot.slack.elements import ask_buttons, button, context, plain, section
from bot.slack.limits import (
    MAX_CHARACTERS,
    MAX_CHARTS,
    MAX_COLUMNS,
    MAX_SECTION,
    MAX_TABLE_CHARACTERS,
    MAX_TEXT,
    MAX_VALUE,
    Block,
    size,
)
from bot.slack.text import clean, clip, escape, literal, pieces, typeset, unescape, unformatted

_ANSWER, _FOOTER = 6_000, 1_000
# A text longer than this is folded after as much of it as a first screen holds, in characters.
_LONG, _FIRST_SCREEN = 1_000, 700
_READ_WHOLE = ("digest",)
_TABLES = 10
_DECK = 3_900  # leaves room for the longest answer and its footer
_TITLE = 140  # of a fold
_LEAD = re.compile(r"[^:.!?]{1,45}:(?=\s|$)")
_BULLET = "• "

TableBlock = Callable[[Table, int], tuple[Block, int] | None]


def rich(reply: Reply) -> list[Block]:
    """The reply with sortable tables and charts drawn by Slack, and what is long folded away.

    Cards stand for the list in its text; with a chart as well, its tables are folded away.
    """
    first, *rest = clip(reply.text, _ANSWER).split("\n", 1)
    head = [section(piece) for piece in pieces(first, MAX_SECTION)]
    lines = [unescape(line) for line in "".join(rest).splitlines() if line.strip()]
    cards = figures.carousel(reply.deck) if reply.deck else []
    if cards and size(cards) <= _DECK:
        others = [line for line in lines if not line.startswith(_BULLET)]
        head += [_rich_text(others)] if others else []
        table_block = _folded_table if reply.charts else figures.data_table
        return _message(head, reply, table_block, reply.charts, cards)
    long = len(reply.text) > _LONG and reply.meta.get("intent") not in _READ_WHOLE
    shown, folded = _folded(lines, _FIRST_SCREEN - len(first)) if long else (lines, [])
    if shown:
        head.append(_rich_text(shown))
    details = [_fold("Details", _rich_text(folded))] if folded else []
    return _message(head, reply, figures.data_table, reply.charts, details)


def without_cards(reply: Reply) -> list[Block]:
    """As `rich`, for a Slack that does not draw cards yet."""
    return rich(replace(reply, deck=None))


def with_plain_tables(reply: Reply) -> list[Block]:
    """The reply without charts and with the plain table block, which older clients know."""
    head = [section(piece) for piece in pieces(clip(reply.text, _ANSWER), MAX_SECTION)]
    return _message(head, reply, figures.plain_table)


# What is tried in turn; where Slack takes none of them, `text_only` is left.
SHAPES = (rich, without_cards, with_plain_tables)


def text_only(reply: Reply) -> str:
    """The reply as one mrkdwn text, its tables aligned in a fixed-width font."""
    parts = [unformatted(clip(reply.text, MAX_TEXT // 2))]
    footer = unformatted(clip(reply.footer, 300)) if reply.footer else ""
    room = MAX_TEXT - len(parts[0]) - len(footer) - 2
    for table in reply.tables:
        drawn = figures.monospaced(table, room - 10)
        room -= len(drawn) + 1
        parts += [drawn] if drawn else []
    return "\n".join([*parts, footer]).rstrip()


def headline(reply: Reply) -> str:
    """The answer for notifications and screen readers, which do not read blocks."""
    return clip(reply.text, MAX_TEXT)


def export_button(reply: Reply) -> list[Block]:
    """The button for the rows of an answer, or for the file it offers; [] where it has neither."""
    offered = reply.status == "confirm" and reply.meta.get("intent") == "export_audience"
    holds = reply.status == "answered" and reply.meta.get("intent") not in _READ_WHOLE
    query = asked_again(reply)
    if not query or not (offered or (holds and reply.tables)):
        return []
    if offered:
        return [button("export", "Send me the file", query, "primary")]
    return [button("export", "Export CSV", query)]


def asked_again(reply: Reply) -> str:
    """The question of a reply as a button's value; "" where there is none or it is too long."""
    value = escape(json.dumps(dict(reply.meta))) if "slots" in reply.meta else ""
    return value if len(value) <= MAX_VALUE else ""


def query_in(value: str) -> Query:
    """The question a button carries."""
    meta = json.loads(unescape(value))
    return Query.from_slots(meta["intent"], meta["slots"])


def unpacked(value: str) -> str:
    """The statements a "Show SQL" button carries."""
    return zlib.decompress(base64.urlsafe_b64decode(value)).decode()


def _message(
    head: list[Block],
    reply: Reply,
    table_block: TableBlock,
    charts: Sequence[Chart] = (),
    below: Sequence[Block] = (),
) -> list[Block]:
    foot = [*below]
    foot += [context(clip(reply.footer, _FOOTER))] if reply.footer.strip() else []
    foot += _actions(reply, MAX_CHARACTERS - size(head + foot))
    room = MAX_CHARACTERS - size(head + foot)
    body: list[Block] = []
    for chart in charts[:MAX_CHARTS]:
        drawn = figures.chart(chart)
        if drawn and size(drawn) <= room:
            body.append(drawn)
            room -= size(drawn)
    cells = MAX_TABLE_CHARACTERS
    for table in reply.tables[:_TABLES]:
        fitted = table_block(table, min(room - 300, cells))
        if fitted is None:
            continue
        block, rows = fitted
        part = [context(clip(table.caption, figures.CAPTION))] if block["type"] == "table" else []
        part.append(block)
        columns = min(len(table.columns), MAX_COLUMNS)
        if rows < len(table.rows) or columns < len(table.columns):
            part.append(context(_shown(rows, len(table.rows), columns, len(table.columns))))
        body += part
        room -= size(part)
        cells -= size(block)
    return head + body + foot


def _shown(rows: int, all_rows: int, columns: int, all_columns: int) -> str:
    text = f"Showing the first {rows:,} of {all_rows:,} rows"
    return f"{text}, {columns} of {all_columns} columns." if columns < all_columns else f"{text}."


def _folded(lines: list[str], room: int) -> tuple[list[str], list[str]]:
    """The lines for the first screen, and the rest; a list stays whole, with the line above it."""
    shown = 0
    for start, line in enumerate(lines):
        if start and line.startswith(_BULLET):
            continue
        end = start + 1
        while end < len(lines) and lines[end].startswith(_BULLET):
            end += 1
        if sum(map(len, lines[:end])) > room:
            break
        shown = end
    return lines[:shown], lines[shown:]


def _fold(title: str, content: Block) -> Block:
    return {
        "type": "container",
        "title": plain(title),
        "is_collapsible": True,
        "default_collapsed": True,
        "child_blocks": [content],
    }


def _folded_table(table: Table, room: int) -> tuple[Block, int] | None:
    """The older table, the only one that Slack allows in a fold."""
    title = f"Table: {clip(table.caption, _TITLE)}"
    fitted = figures.plain_table(table, room - len(title))
    return (_fold(title, fitted[0]), fitted[1]) if fitted else None


def _rich_text(lines: list[str]) -> Block:
    """Lines as text and bulleted lists; what stands before a colon at the start is bold."""
    elements: list[Block] = []
    for bulleted, group in groupby(lines, lambda line: line.startswith(_BULLET)):
        if bulleted:
            items = [_runs(line.removeprefix(_BULLET)) for line in group]
            sections = [{"type": "rich_text_section", "elements": item} for item in items]
            elements.append({"type": "rich_text_list", "style": "bullet", "elements": sections})
        else:
            runs = [run for line in group for run in (*_runs(line), _run("\n"))]
            elements.append({"type": "rich_text_section", "elements": runs[:-1]})
    return {"type": "rich_text", "elements": elements}


def _runs(line: str) -> list[Block]:
    text = literal(line, MAX_SECTION)
    lead = _LEAD.match(text)
    if not lead:
        return [_run(text)]
    bold = {**_run(lead[0]), "style": {"bold": True}}
    return [bold, _run(text[lead.end() :])] if text[lead.end() :] else [bold]


def _run(text: str) -> Block:
    return {"type": "text", "text": typeset(text)}


def _actions(reply: Reply, room: int) -> list[Block]:
    """Buttons for what to ask next, and for saying whether the numbers were right."""
    buttons = [*ask_buttons(reply.choices), *export_button(reply)]
    packed = base64.urlsafe_b64encode(zlib.compress(clean(";\n\n".join(reply.sql)).encode(), 9))
    if reply.sql and len(packed) <= MAX_VALUE:
        buttons.append(button("show_sql", "Show SQL", packed.decode()))
    fitting = []
    for one in buttons:
        room -= size(one)
        if room >= 0:
            fitting.append(one)
    blocks: list[Block] = [{"type": "actions", "elements": fitting}] if fitting else []
    if reply.sql and room >= size(_FEEDBACK):
        blocks.append(_FEEDBACK)
    return blocks


def _opinion(label: str, hint: str, value: str) -> dict[str, Any]:
    return {"text": plain(label), "accessibility_label": hint, "value": value}


_FEEDBACK: Block = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "feedback",
            "positive_button": _opinion("Right", "This answer was right", "right"),
            "negative_button": _opinion("Wrong", "Something in this answer was wrong", "wrong"),
        }
    ],
}
