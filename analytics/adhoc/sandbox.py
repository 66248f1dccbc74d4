"""Runs one untrusted SELECT in a process of its own, within limits, and returns its rows.

The process opens the published file read-only, judges the query (adhoc/gate.py) and runs it
with no environment, no files to write and bounded memory and time (adhoc/child.py).
What still goes wrong in there ends with the process; this module only starts, waits and kills.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from analytics.errors import NotPublished, QueryRefused, SegmentryError

AT_ONCE = 4
# Time to start, and to stop by itself, before the parent kills.
GRACE_S = 5.0
PROJECT = str(Path(__file__).parents[2])
PACKAGES = str(Path(duckdb.__file__).parent.parent)
# https://owasp.org/www-community/attacks/CSV_Injection names the characters.
FORMULA = re.compile(r"[=+\-@\t\r\n]")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
START = "import sys; sys.path[:0] = sys.argv[1:]; from analytics.adhoc.child import main; main()"
NARROW = (
    "Narrow it: filter with WHERE, return totals (GROUP BY) instead of single rows, "
    "and check that every JOIN has its condition."
)

_free = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class SqlLimits:
    """What one query may take; `characters` bounds its text, `result_mb` all its rows as JSON."""

    seconds: float = 10.0
    memory_mb: int = 1024
    rows: int = 1000
    columns: int = 200
    characters: int = 20_000
    cell_characters: int = 2000
    result_mb: int = 8


@dataclass(frozen=True)
class SqlResult:
    """Rows of a query as str, int, float, bool or None.

    Dates are ISO text, decimals floats, lists and structs JSON text. `types` are DuckDB's names.
    `truncated`: more rows existed. `cells_cut`: a text was longer than its limit and ends in "…".
    `elapsed_s` is the time in the process, start of Python excluded.
    """

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool
    cells_cut: bool
    elapsed_s: float


def run_select(database: Path, query: str, *, limits: SqlLimits | None = None) -> SqlResult:
    """Run one read-only SELECT on the public views of a published file.

    Blocks until the answer is there, at most about the limit of seconds; call it in a thread. At
    most four queries run at once, others wait their turn as long as one may run.

    Raises
    ------
    QueryRefused : not one harmless SELECT, wrong in itself, or over a limit.
    NotPublished : there is no such file.
    SegmentryError : the process itself failed, which no query should cause.
    """
    limits = limits or SqlLimits()
    if len(query) > limits.characters:
        raise QueryRefused(
            f"The query has {len(query):,} characters; the limit is {limits.characters:,}.",
            "Join to a view or use a range instead of a long list of values.",
        )
    if "\0" in query or query != query.encode(errors="ignore").decode():
        raise QueryRefused("The query holds bytes that are no text.", "Type it again.")
    if not database.exists():
        raise NotPublished(
            f"There is no published data at {database.name} yet.",
            "Load a file and run segmentry refit.",
        )
    request = {"database": str(database.resolve()), "query": query, "limits": asdict(limits)}
    if not _free.acquire(timeout=limits.seconds):
        raise QueryRefused("Too many queries are running at once.", "Try again in a minute.")
    try:
        ended = _in_process(json.dumps(request).encode(), limits)
    finally:
        _free.release()
    return _result(ended, limits)


def csv_safe(cell: Any) -> Any:
    """A cell that Excel, LibreOffice or Sheets shows as text where it would run it as a formula.

    Text that starts with = + - @, a tab or a line break gets an apostrophe in front. Numbers stay
    as they are, also those written as text ("-12.5").
    """
    if isinstance(cell, str) and FORMULA.match(cell) and not NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


@dataclass(frozen=True)
class _Ended:
    """How a process ended; `complaint` is what it wrote before it could reply."""

    reply: bytes
    complaint: str
    exit_code: int
    late: bool


def _in_process(request: bytes, limits: SqlLimits) -> _Ended:
    with subprocess.Popen(
        [sys.executable, "-I", "-S", "-B", "-c", START, PROJECT, PACKAGES],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd="/",
        env={},
        start_new_session=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        with _killed_after(limits.seconds + GRACE_S, process.pid) as late:
            with contextlib.suppress(BrokenPipeError), process.stdin as request_to:
                request_to.write(request)
            reply = process.stdout.read((limits.result_mb + 2) * 2**20)
            complaint = process.stderr.read(10_000)
    return _Ended(reply, complaint.decode(errors="replace"), process.returncode, late.is_set())


@contextlib.contextmanager
def _killed_after(seconds: float, group: int) -> Iterator[threading.Event]:
    """Kill the process group when time is up, and in any case at the end.

    The process must not be waited for inside: until then its number cannot become another's.
    """
    late = threading.Event()

    def _kill() -> None:
        late.set()
        os.killpg(group, signal.SIGKILL)

    watch = threading.Timer(seconds, _kill)
    watch.daemon = True
    watch.start()
    try:
        yield late
    finally:
        watch.cancel()
        watch.join()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


def _result(ended: _Ended, limits: SqlLimits) -> SqlResult:
    try:
        answer = json.loads(ended.reply)
    except ValueError:
        answer = {"stopped": _cause(ended)}
    if "what" in answer:
        raise QueryRefused(answer["what"], answer["next_step"])
    if "stopped" in answer:
        raise _stopped(answer["stopped"], limits)
    if "failed" in answer:
        raise _failed(answer["failed"])
    return SqlResult(
        columns=tuple(answer["columns"]),
        types=tuple(answer["types"]),
        rows=tuple(tuple(row) for row in answer["rows"]),
        truncated=answer["truncated"],
        cells_cut=answer["cells_cut"],
        elapsed_s=answer["elapsed_s"],
    )


def _cause(ended: _Ended) -> str:
    """Why a process ended without a reply, as far as a query can be the reason."""
    if ended.late or -ended.exit_code in (signal.SIGALRM, signal.SIGXCPU):
        return "time"
    if ended.exit_code < 0:
        return "depth" if -ended.exit_code == signal.SIGSEGV else "memory"
    raise _failed(ended.complaint or f"exit code {ended.exit_code}")


def _stopped(cause: str, limits: SqlLimits) -> QueryRefused:
    if cause == "time":
        return QueryRefused(
            f"The query was stopped: it ran longer than {limits.seconds:g} seconds.", NARROW
        )
    if cause == "memory":
        return QueryRefused(
            f"The query was stopped: it needed more than {limits.memory_mb:,} MB of memory.",
            NARROW,
        )
    return QueryRefused("The query is nested too deeply.", "Split it into parts using WITH.")


def _failed(report: str) -> SegmentryError:
    """A failure no query should cause; the whole report goes to the log with the error."""
    error = SegmentryError(
        f"The process that runs SQL failed: {report.strip().splitlines()[-1]}.",
        "Ask an operator to run segmentry doctor.",
    )
    error.add_note(report)
    return error
