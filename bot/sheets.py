"""Tables and lists as CSV files that spreadsheets open, and that run nothing there."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from analytics.adhoc.sandbox import csv_safe
from bot.reply import Table
from bot.slack.text import clean

_NAME = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV file; ``said`` is the sentence that goes with it."""

    name: str
    content: bytes
    said: str


def sheet(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], said: str) -> Sheet:
    """A file named after ``title``; what would be a formula there stays text."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([_cell(column) for column in columns])
    writer.writerows([_cell(value) for value in row] for row in rows)
    # The mark at the start makes Excel read UTF-8.
    return Sheet(f"{_slug(title)}.csv", file.getvalue().encode("utf-8-sig"), said)


def of_table(table: Table, title: str) -> Sheet:
    """A table of an answer, with its numbers as numbers."""
    rows = [[cell.text if cell.value is None else cell.value for cell in r] for r in table.rows]
    names = [
        f"{column.label} (%)" if _percent(table, number) else column.label
        for number, column in enumerate(table.columns)
    ]
    many = f"{len(rows):,} {'row' if len(rows) == 1 else 'rows'}"
    return sheet(title, names, rows, f"{table.caption}: {many}.")


def _percent(table: Table, column: int) -> bool:
    cells = [row[column] for row in table.rows]
    return any(c.value is not None for c in cells) and all(
        c.text.endswith(" %") for c in cells if c.value is not None
    )


def _cell(value: Any) -> Any:
    if value is None or value != value:  # NaN
        return ""
    return csv_safe(clean(value)) if isinstance(value, str) else value


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:_NAME].strip("-") or "segmentry"
