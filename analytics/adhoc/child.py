"""The process that runs one untrusted query: limits itself, opens the file, judges, runs, replies.

Started by adhoc/sandbox.py for each query. The request is JSON on standard input, the reply is
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
from datetime import date, datetime
from datetime import time as clock
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from analytics.adhoc.gate import nearest, tree_of, views_used
from analytics.errors import QueryRefused

THREADS = 2
# Address space of Python and DuckDB before a query takes any (measured: 250 MB).
PROGRAM_MB = 512
FETCH_ROWS = 100
UNKNOWN_NAME = re.compile(
    r'Referenced column "(?P<column>.+?)" (?:was )?not found'
    r'|Referenced table "(?P<table>.+?)" not found'
    r'|does not have a column named "(?P<of_table>.+?)"'
)
ADVICE = re.compile(r'\.? Use "?SET .*')  # settings are locked here


class Zone(ZoneInfo):
    """A time zone with the one method of pytz's zones that DuckDB calls."""

    def localize(self, moment: datetime) -> datetime:
        """The moment, which has no zone, in this one."""
        return moment.replace(tzinfo=self)


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
    views: frozenset[str] = frozenset()
    try:
        views = views_used(tree_of(connection, query), query)
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
    # DuckDB makes times with a zone through pytz and asks no more of it than this.
    sys.modules["pytz"] = SimpleNamespace(timezone=Zone, utc=Zone("UTC"))  # type: ignore[assignment]
    return connection


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
    """DuckDB's complaint in one sentence; an unknown column or table with the nearest known one."""
    hint = f"DESCRIBE {min(views, default='segments')} shows columns and their types."
    unknown = UNKNOWN_NAME.search(message)
    if not unknown:
        reason = message.strip().splitlines()[0]
        reason = ADVICE.sub("", reason.partition(": ")[2] or reason)
        return QueryRefused(f"DuckDB cannot run it: {reason[:300].rstrip('.!')}.", hint)
    columns = connection.execute(
        "SELECT DISTINCT column_name FROM duckdb_columns() "
        "WHERE schema_name = 'main' AND list_contains(?, table_name)",
        [sorted(views)],
    ).fetchall()
    candidates = re.search(r"Candidate \w+: (.+)", message)
    known = re.findall(r'"([^"]+)"', candidates[1]) if candidates else []
    if unknown["table"]:
        what = f'There is no table "{unknown["table"][:60]}" in the query'
        near = nearest(unknown["table"], known)
    else:
        name = unknown["column"] or unknown["of_table"]
        place = f" in {', '.join(sorted(views))}" if views else ""
        what = f'There is no column "{name[:60]}"{place}'
        near = nearest(name, [*(column for (column,) in columns), *known])
    return QueryRefused(f"{what}; nearest: {near}." if near else f"{what}.", hint)
