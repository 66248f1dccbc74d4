"""The process that runs one untrusted query: limits itself, opens the file, judges, runs, replies.

Started by analytics/sandbox.py for each query. The request is JSON on standard input, the reply is
JSON on standard output, and the process ends with it.
"""

from __future__ import annotations

import json
import math
import os
import re
import resource
import signal
import sys
import time
import traceback
from datetime import UTC, date, datetime
from datetime import time as clock
from decimal import Decimal
from itertools import pairwise
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from analytics.errors import QueryRefused
from analytics.sqlgate import Tree, nearest, views_used

THREADS = 2
# Address space of Python and DuckDB before a query takes any (measured: 250 MB).
PROGRAM_MB = 512
FETCH_ROWS = 100
PIVOT_COLUMN_ENDS = (b",", b"USING", b"GROUP", b"ORDER", b"LIMIT", b")", b";")


def main() -> None:
    """Answer the request on standard input and end the process."""
    started = time.monotonic()
    request = json.loads(sys.stdin.buffer.read())
    reply_to = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    try:
        limit_process(request["limits"])
        reply = answer(request["database"], request["query"], request["limits"])
        reply["elapsed_s"] = round(time.monotonic() - started, 3)
    except QueryRefused as refused:
        reply = {"what": refused.what, "next_step": refused.next_step}
    except duckdb.InterruptException:
        reply = {"stopped": "time"}
    except (MemoryError, duckdb.OutOfMemoryException):
        reply = {"stopped": "memory"}
    except RecursionError:
        reply = {"stopped": "depth"}
    except Exception:
        reply = {"failed": traceback.format_exc()}
    reply_to.write(json.dumps(reply).encode())
    reply_to.flush()
    os._exit(0)


def limit_process(limits: dict[str, float]) -> None:
    """Bound memory, time, files and processes for good; the alarm ends even an orphan."""
    memory = int(limits["memory_mb"] + PROGRAM_MB) << 20
    cpu_s = math.ceil(limits["seconds"] * THREADS) + 1
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        resource.setrlimit(what, (most, most))
    signal.setitimer(signal.ITIMER_REAL, limits["seconds"] + 1)
    os.nice(5)


def answer(database: str, query: str, limits: dict[str, float]) -> dict[str, Any]:
    """Columns, types and rows of the query, cut to the limits."""
    connection = open_locked(database, limits)
    views = views_used(tree_of(connection, query), query)
    try:
        result = connection.execute(query)
        columns = [str(column[0]) for column in result.description]
        if len(columns) > limits["columns"]:
            raise QueryRefused(
                f"The result has {len(columns):,} columns; the limit is {limits['columns']:,}.",
                "Name the columns you need instead of *.",
            )
        types = [str(column[1]) for column in result.description]
        return {"columns": columns, "types": types} | fetch(result, limits)
    except (duckdb.InterruptException, duckdb.OperationalError, duckdb.InternalError):
        raise
    except duckdb.Error as error:
        raise explained(str(error), connection, views) from None


def open_locked(database: str, limits: dict[str, float]) -> duckdb.DuckDBPyConnection:
    """A read-only connection that can reach nothing but its file and cannot be reconfigured."""
    connection = duckdb.connect(
        database,
        read_only=True,
        config={
            "threads": THREADS,
            "async_threads": 0,
            "memory_limit": f"{int(limits['memory_mb'])}MB",
        },
    )
    for setting, value in {
        "temp_directory": "",
        "max_execution_time": int(limits["seconds"] * 1000),
        "pivot_limit": int(limits["columns"]),
        "max_expression_depth": 250,
        "enable_progress_bar": False,
        "python_enable_replacements": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "allow_persistent_secrets": False,
        "TimeZone": "UTC",
        "enable_external_access": False,
        "lock_configuration": True,
    }.items():
        connection.execute(f"SET {setting} = '{value}'")
    # No thread or process may follow (the superuser is exempt from this one).
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    # DuckDB makes times with a zone through pytz; these two names are all it asks for.
    sys.modules["pytz"] = SimpleNamespace(timezone=ZoneInfo, utc=UTC)  # type: ignore[assignment]
    return connection


def tree_of(connection: duckdb.DuckDBPyConnection, query: str) -> Tree:
    """The parse tree of a query; a PIVOT without values is judged with a placeholder for them.

    DuckDB turns such a PIVOT into several statements (one collects the values) and shows no tree.
    With `IN ('')` behind each of its columns it is one SELECT that has all the same parts.
    """
    tree = parsed(connection, query)
    if tree["error"] and tree["error_type"] != "parser":
        kinds = [statement.type for statement in duckdb.extract_statements(query)]
        if kinds == [duckdb.StatementType.MULTI]:
            tree = parsed(connection, with_pivot_values(query))
            if tree["error"]:
                raise QueryRefused(
                    "The columns of this PIVOT cannot be worked out.",
                    "Write its values: PIVOT ... ON column IN ('a', 'b') USING ...",
                )
    return tree


def parsed(connection: duckdb.DuckDBPyConnection, query: str) -> Tree:
    (text,) = connection.execute("SELECT json_serialize_sql(?)", [query]).fetchall()[0]
    tree: Tree = json.loads(text)
    return tree


def with_pivot_values(query: str) -> str:
    """The query with `IN ('')` behind every column of a PIVOT ... ON that has none."""
    source = query.encode()
    starts = duckdb.tokenize(query)
    pieces: list[bytes] = []
    pivots: dict[int, str] = {}  # what was last read of the PIVOT at each depth of brackets
    depth = 0
    for (start, kind), (end, _) in pairwise([*starts, (len(source), duckdb.token_type.comment)]):
        text = source[start:end]
        word = text.strip().upper()
        state = pivots.get(depth)
        if kind != duckdb.token_type.comment:
            if state == "column" and word in PIVOT_COLUMN_ENDS:
                pieces.append(b" IN ('') ")
            if word in (b")", b"]", b"}", b";"):
                pivots.pop(depth, None)
            depth += {b"(": 1, b"[": 1, b"{": 1, b")": -1, b"]": -1, b"}": -1}.get(word, 0)
            if word in (b"PIVOT", b"PIVOT_WIDER"):
                pivots[depth] = "source"
            elif state and word in (b"ON", b","):
                pivots[depth] = "column" if word == b"ON" or state != "source" else state
            elif state and word in (b"IN", *PIVOT_COLUMN_ENDS):
                pivots[depth] = "values" if word == b"IN" else "source"
        pieces.append(text)
    if pivots.get(depth) == "column":
        pieces.append(b"\nIN ('')")
    return b"".join(pieces).decode()


def fetch(result: duckdb.DuckDBPyConnection, limits: dict[str, float]) -> dict[str, Any]:
    """Rows as JSON can hold them, up to the limits of rows and size, and what was cut."""
    longest = int(limits["cell_characters"])
    rows: list[list[Any]] = []
    size, cells_cut = 0, False
    while batch := result.fetchmany(FETCH_ROWS):
        for row in batch:
            if len(rows) == limits["rows"] or size > limits["result_mb"] * 2**20:
                return {"rows": rows, "truncated": True, "cells_cut": cells_cut}
            cells = [plain(value) for value in row]
            for i, cell in enumerate(cells):
                if isinstance(cell, str) and len(cell) > longest:
                    cells[i] = cell[: longest - 1] + "…"
                    cells_cut = True
            rows.append(cells)
            size += len(json.dumps(cells))
    return {"rows": rows, "truncated": False, "cells_cut": cells_cut}


def plain(value: Any) -> str | int | float | bool | None:
    """A value as JSON: dates in ISO form, decimals as float, lists and structs as JSON text."""
    match value:
        case None | bool() | int() | str():
            return value
        case float() | Decimal():
            number = float(value)
            return number if math.isfinite(number) else str(number)
        case datetime():
            return value.isoformat(sep=" ")
        case date() | clock():
            return value.isoformat()
        case bytes():
            return value.hex()
        case list() | tuple() | dict():
            return json.dumps(value, default=plain, ensure_ascii=False)
        case _:
            return str(value)


def explained(
    message: str, connection: duckdb.DuckDBPyConnection, views: frozenset[str]
) -> QueryRefused:
    """DuckDB's complaint in one sentence, with the nearest column where a column is unknown."""
    reason = message.strip().splitlines()[0].partition(": ")[2] or message
    unknown = re.search(
        r'Referenced column "(.+?)" (?:was )?not found|does not have a column named "(.+?)"',
        message,
    )
    if not unknown:
        return QueryRefused(
            f"DuckDB cannot run it: {reason[:300].rstrip('.')}.",
            "DESCRIBE segments shows the columns of a view and their types.",
        )
    name = unknown[1] or unknown[2]
    known = connection.execute(
        "SELECT DISTINCT column_name FROM duckdb_columns() "
        "WHERE schema_name = 'main' AND list_contains(?, table_name)",
        [sorted(views)],
    ).fetchall()
    candidates = re.search(r"Candidate bindings: (.+)", message)
    found = re.findall(r'"([^"]+)"', candidates[1]) if candidates else []
    near = nearest(name, [column for (column,) in known] + found)
    place = f" in {', '.join(sorted(views))}" if views else ""
    return QueryRefused(
        f'There is no column "{name[:60]}"{place}' + (f"; nearest: {near}." if near else "."),
        f"DESCRIBE {min(views, default='segments')} lists the columns.",
    )
