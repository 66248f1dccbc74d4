"""Slack's limits for blocks, and a check of any message or view against them.

The numbers are those of docs.slack.dev/reference/block-kit where libraries and field reports agree,
and the tightest of them where they do not. A message that passes is not refused for its shape.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

Block = dict[str, Any]

MAX_BLOCKS = 45  # Slack allows 50
MAX_CHARACTERS = 11_000  # all strings of a message; refusals were seen from 11,341 on
MAX_TEXT = 4_000  # of the top-level text
MAX_SECTION = 3_000
MAX_VALUE = 2_000
MAX_BUTTON = 75
MAX_ROWS, MAX_COLUMNS, MAX_TABLE_CHARACTERS = 100, 20, 10_000
MAX_CHARTS, MAX_POINTS, MAX_SERIES, MAX_LABEL = 2, 20, 6, 20
MAX_CHART_TITLE = MAX_AXIS_LABEL = 50
MAX_CARDS, MAX_CARD_TITLE, MAX_CARD_BODY, MAX_CARD_BUTTONS = 10, 150, 200, 3

_UNSAFE = re.compile(r"[<>\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_BARE_AMPERSAND = re.compile(r"&(?!amp;|lt;|gt;)")


def size(value: Any) -> int:
    """Characters of every string in blocks, type names excepted, as counted against the budget."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(size(item) for key, item in value.items() if key != "type")
    return sum(map(size, value)) if isinstance(value, list) else 0


def nested(blocks: list[Block]) -> list[Block]:
    """The blocks and those inside them; each counts against the budget."""
    found = []
    for block in blocks:
        inside = block["elements"] if block.get("type") == "carousel" else []
        found += [block, *nested([*inside, *block.get("child_blocks", [])])]
    return found


def cells(blocks: list[Block]) -> int:
    """Characters in tables, also in folded ones."""
    return size([block["rows"] for block in nested(blocks) if "rows" in block])


def check(blocks: list[Block]) -> list[str]:
    """What Slack would refuse or misread in ``blocks``, one sentence each; [] when nothing.

    Covers the block types Segmentry sends; any other type is itself a problem.
    """
    problems = []
    if not 1 <= len(nested(blocks)) <= MAX_BLOCKS:
        problems.append(f"{len(nested(blocks))} blocks, allowed 1 to {MAX_BLOCKS}")
    if size(blocks) > MAX_CHARACTERS:
        problems.append(f"{size(blocks)} characters in all, allowed {MAX_CHARACTERS}")
    charts = sum(block.get("type") == "data_visualization" for block in blocks)
    if charts > MAX_CHARTS:
        problems.append(f"{charts} charts, allowed {MAX_CHARTS}")
    if cells(blocks) > MAX_TABLE_CHARACTERS:
        problems.append(f"{cells(blocks)} characters in tables, allowed {MAX_TABLE_CHARACTERS}")
    for number, block in enumerate(blocks):
        found = _CHECKS.get(block.get("type", ""), _unknown)(block)
        problems += [f"block {number} ({block.get('type')}): {problem}" for problem in found]
    problems += [f"unescaped or control character in {text[:60]!r}" for text in _unsafe(blocks)]
    return problems


def _unsafe(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if _UNSAFE.search(value):
            yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _unsafe(item)


def _unknown(_block: Block) -> Iterator[str]:
    yield "a type Segmentry does not send"


def _length(name: str, text: Any, most: int) -> Iterator[str]:
    if not isinstance(text, str) or not text.strip():
        yield f"{name} is empty"
    elif len(text) > most:
        yield f"{name} has {len(text)} characters, allowed {most}"


def _count(name: str, items: Any, least: int, most: int) -> Iterator[str]:
    if not least <= len(items) <= most:
        yield f"{len(items)} {name}, allowed {least} to {most}"


def _text(name: str, text: Any, most: int, *kinds: str) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in kinds:
        yield f"{name} is not {' or '.join(kinds)}"
    else:
        yield from _length(name, text.get("text"), most)
        if _BARE_AMPERSAND.search(str(text.get("text"))):
            yield f"{name} has an unescaped &"


def _section(block: Block) -> Iterator[str]:
    fields = block.get("fields", [])
    if "text" in block or not fields:
        yield from _text("text", block.get("text"), MAX_SECTION, "plain_text", "mrkdwn")
    yield from _count("fields", fields, 0, 10)
    for field in fields:
        yield from _text("field", field, 2_000, "plain_text", "mrkdwn")


def _header(block: Block) -> Iterator[str]:
    yield from _text("text", block.get("text"), 150, "plain_text")


def _context(block: Block) -> Iterator[str]:
    yield from _count("elements", block.get("elements", []), 1, 10)
    for element in block.get("elements", []):
        yield from _text("element", element, MAX_SECTION, "plain_text", "mrkdwn")


def _divider(_block: Block) -> Iterator[str]:
    return iter(())


def _actions(block: Block) -> Iterator[str]:
    elements = block.get("elements", [])
    yield from _count("elements", elements, 1, 25)
    yield from _buttons(elements)


def _buttons(elements: list[Block]) -> Iterator[str]:
    if len({element.get("action_id") for element in elements}) < len(elements):
        yield "two elements share an action_id"
    for element in elements:
        if element.get("type") != "button":
            yield f"element {element.get('type')} is none Segmentry sends"
        yield from _text("button text", element.get("text"), MAX_BUTTON, "plain_text")
        yield from _length("action_id", element.get("action_id"), 255)
        if "value" in element:
            yield from _length("value", element["value"], MAX_VALUE)
        if element.get("style", "primary") not in ("primary", "danger"):
            yield f"style {element['style']} is neither primary nor danger"


def _context_actions(block: Block) -> Iterator[str]:
    yield from _count("elements", block.get("elements", []), 1, 5)
    for element in block.get("elements", []):
        yield from _length("action_id", element.get("action_id"), 255)
        for side in ("positive_button", "negative_button"):
            opinion = element.get(side, {})
            yield from _text("button text", opinion.get("text"), MAX_BUTTON, "plain_text")
            yield from _length("value", opinion.get("value"), MAX_VALUE)
            yield from _length("accessibility_label", opinion.get("accessibility_label"), 75)


def _input(block: Block) -> Iterator[str]:
    yield from _text("label", block.get("label"), MAX_SECTION, "plain_text")
    element = block.get("element", {})
    yield from _length("action_id", element.get("action_id"), 255)
    if element.get("type") in ("static_select", "multi_static_select"):
        yield from _count("options", element.get("options", []), 1, 100)
        for option in element.get("options", []):
            yield from _text("option", option.get("text"), 75, "plain_text")
            yield from _length("value", option.get("value"), 150)
        chosen = [*element.get("initial_options", []), element.get("initial_option")]
        if any(option and option not in element["options"] for option in chosen):
            yield "what is chosen is none of the options"
    elif element.get("type") == "timepicker":
        if not _TIME.fullmatch(element.get("initial_time", "00:00")):
            yield f"time {element['initial_time']} is not HH:MM"
    elif element.get("type") != "plain_text_input":
        yield f"element {element.get('type')} is none Segmentry sends"


def _rich_text(block: Block) -> Iterator[str]:
    yield from _count("elements", block.get("elements", []), 1, MAX_BLOCKS)
    for element in block.get("elements", []):
        bulleted = element.get("type") == "rich_text_list"
        for part in element.get("elements", []) if bulleted else [element]:
            if part.get("type") != "rich_text_section":
                yield f"element {part.get('type')} is none Segmentry sends"
            yield from _count("runs", part.get("elements", []), 1, 200)
            for run in part.get("elements", []):
                if run.get("type") != "text" or not run.get("text"):
                    yield f"run {run.get('type')} is no text, or empty"


def _container(block: Block) -> Iterator[str]:
    yield from _text("title", block.get("title"), 150, "plain_text")
    children = block.get("child_blocks", [])
    yield from _count("child blocks", children, 1, 10)
    for child in children:
        if child.get("type") not in ("rich_text", "section", "context", "table"):
            yield f"a fold holds no {child.get('type')}"
        else:
            yield from _CHECKS[child["type"]](child)


def _carousel(block: Block) -> Iterator[str]:
    cards = block.get("elements", [])
    yield from _count("cards", cards, 1, MAX_CARDS)
    yield from _buttons([button for card in cards for button in card.get("actions", [])])
    for card in cards:
        if card.get("type") != "card" or not card.keys() & {"title", "body", "actions"}:
            yield f"element {card.get('type')} is no card, or an empty one"
        for name, most in _CARD_TEXTS.items():
            if name in card:
                yield from _text(name, card[name], most, "mrkdwn")
        yield from _count("card buttons", card.get("actions", []), 0, MAX_CARD_BUTTONS)


def _rows(block: Block, cell_types: tuple[str, ...], least: int, most: int) -> Iterator[str]:
    rows = block.get("rows", [])
    yield from _count("rows", rows, least, most)
    if len({len(row) for row in rows}) > 1:
        yield "rows differ in length"
    for row in rows:
        yield from _count("columns", row, 1, MAX_COLUMNS)
        for cell in row:
            yield from _length("cell", cell.get("text"), MAX_TABLE_CHARACTERS)
            if cell.get("type") not in cell_types:
                yield f"cell type {cell.get('type')} is not sent in a {block['type']}"
            if cell.get("type") == "raw_number" and not _finite(cell.get("value")):
                yield "cell value is not a finite number"


def _table(block: Block) -> Iterator[str]:
    yield from _rows(block, ("raw_text",), 1, MAX_ROWS)
    yield from _count("column settings", block.get("column_settings", []), 0, MAX_COLUMNS)


def _data_table(block: Block) -> Iterator[str]:
    yield from _rows(block, ("raw_text", "raw_number"), 2, MAX_ROWS + 1)
    yield from _length("caption", block.get("caption"), MAX_TABLE_CHARACTERS)
    if not 1 <= block.get("page_size", 5) <= 100:
        yield f"page size {block['page_size']}, allowed 1 to 100"


def _chart(block: Block) -> Iterator[str]:
    yield from _length("title", block.get("title"), MAX_CHART_TITLE)
    chart = block.get("chart", {})
    if chart.get("type") == "pie":
        slices = chart.get("segments", [])
        yield from _count("slices", slices, 1, MAX_SERIES)
        yield from _points(slices, [point.get("label") for point in slices])
        if not all(point.get("value", 0) > 0 for point in slices):
            yield "a slice is not above zero"
    elif chart.get("type") in ("bar", "line", "area"):
        axis, series = chart.get("axis_config", {}), chart.get("series", [])
        yield from _count("series", series, 1, MAX_SERIES)
        if len({one.get("name") for one in series}) < len(series):
            yield "two series share a name"
        for one in series:
            yield from _length("series name", one.get("name"), MAX_LABEL)
            yield from _points(one.get("data", []), axis.get("categories", []))
        for name in ("x_label", "y_label"):
            if name in axis:
                yield from _length(name, axis[name], MAX_AXIS_LABEL)
    else:
        yield f"chart type {chart.get('type')} does not exist"


def _points(points: list[dict[str, Any]], categories: list[Any]) -> Iterator[str]:
    labels = [point.get("label") for point in points]
    yield from _count("points", points, 1, MAX_POINTS)
    if labels != categories or len(set(labels)) < len(labels):
        yield "points are not one per category, in order"
    for point in points:
        yield from _length("label", point.get("label"), MAX_LABEL)
        if not _finite(point.get("value")):
            yield "a point is not a finite number"


def _finite(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


_CARD_TEXTS = {"title": MAX_CARD_TITLE, "subtitle": MAX_CARD_TITLE, "body": MAX_CARD_BODY}
_CHECKS = {
    "section": _section,
    "header": _header,
    "context": _context,
    "divider": _divider,
    "actions": _actions,
    "context_actions": _context_actions,
    "input": _input,
    "rich_text": _rich_text,
    "container": _container,
    "carousel": _carousel,
    "table": _table,
    "data_table": _data_table,
    "data_visualization": _chart,
}
