"""`segmentry sql`: one read-only query, as a table, CSV or JSON."""

from __future__ import annotations

import csv
import json
import sys

from rich.table import Table

from analytics.adhoc.sandbox import SqlResult, csv_safe, run_select
from bot.app import Services, sql_limits
from bot.console import show, talk


def run_query(services: Services, query: str, *, form: str, limit: int | None) -> None:
    """Run one SELECT in the sandbox; the data to stdout, what was cut to stderr."""
    result = run_select(
        services.published.latest().path, query, limits=sql_limits(services.settings, limit)
    )
    if form == "json":
        rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
        print(json.dumps(rows, ensure_ascii=False))
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(result.columns)
        writer.writerows([csv_safe(cell) for cell in row] for row in result.rows)
    else:
        show.print(_table(result))
    if result.truncated:
        talk.print(
            f"Only the first {len(result.rows):,} rows are shown; there are more. "
            "Add LIMIT or WHERE, or ask for more with --limit."
        )
    if result.cells_cut:
        talk.print("Long cells were cut.")


def _table(result: SqlResult) -> Table:
    table = Table()
    for name, kind in zip(result.columns, result.types, strict=True):
        numeric = kind.startswith(("BIGINT", "INTEGER", "DOUBLE", "FLOAT", "DECIMAL", "HUGEINT"))
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in result.rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    return table
