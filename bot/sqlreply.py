"""The rows of an ad-hoc query as a Reply."""

from __future__ import annotations

from typing import Any

from analytics.adhoc.sandbox import SqlResult
from analytics.published import Copy
from bot.reply import Cell, Column, Reply, Table

SHOWN = 100


def sql_reply(result: SqlResult, copy: Copy) -> Reply:
    """One sentence that says how many rows there are, then at most 100 of them."""
    rows = result.rows[:SHOWN]
    many = f"{len(result.rows):,}"
    if result.truncated:
        text = f"More than {many} rows; the first {len(rows):,} are shown. Add WHERE or LIMIT."
    elif len(rows) < len(result.rows):
        text = f"{many} rows; the first {len(rows):,} are shown."
    else:
        text = f"{many} {'row' if len(rows) == 1 else 'rows'}."
    if result.cells_cut:
        text += " Long cells were cut."
    table = Table(
        caption="Result of the query",
        columns=tuple(Column(name, _side(kind)) for name, kind in _columns(result)),
        rows=tuple(tuple(_cell(value) for value in row) for row in rows),
    )
    as_of = f"{copy.as_of:%d %b %Y}".lstrip("0") if copy.refits else "nothing published yet"
    return Reply(
        status="answered",
        text=text,
        tables=(table,) if rows else (),
        footer=f"Published copy of {as_of}, read-only",
        meta={"intent": "sql"},
    )


def _columns(result: SqlResult) -> zip[tuple[str, str]]:
    return zip(result.columns, result.types, strict=True)


def _side(kind: str) -> Any:
    numeric = ("BIGINT", "INTEGER", "DOUBLE", "FLOAT", "DECIMAL", "HUGEINT", "SMALLINT")
    return "right" if kind.startswith(numeric) else "left"


def _cell(value: Any) -> Cell:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Cell("" if value is None else str(value))
    return Cell(f"{value:,.6g}" if isinstance(value, float) else f"{value:,}", float(value))
