"""Untrusted SQL in its own process: right answers, kept limits, and nothing left behind."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.adhoc import sandbox
from analytics.adhoc.sandbox import AT_ONCE, SqlLimits, SqlResult, csv_safe, run_select
from analytics.errors import NotPublished, QueryRefused, SegmentryError
from tests.benchmarks.attacks import BOMBS, build, lines

# Runs the query whatever the gate would say: what the process itself withstands.
WITHOUT_GATE = (
    "import sys; sys.path[:0] = sys.argv[1:]; import analytics.adhoc.child as child; "
    "child.tree_of = lambda *_: {}; child.views_used = lambda *_: frozenset(); child.main()"
)
STOPPED = "The query was stopped"
AT_A_LIMIT = (
    STOPPED,
    "The query is nested too deeply",
    "The query has 48,",  # thousand characters
    "The result has",
    "The SQL cannot be read: Max expression depth",
    "DuckDB cannot run it: Max expression depth",
    "DuckDB cannot run it: Pivot column limit",
)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("published") / "published.duckdb")


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    yield
    assert not _children(), "a sandbox process outlived its query"


def _children() -> list[str]:
    """The processes that this one started and that still exist, zombies included."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            command = (stat.parent / "cmdline").read_text()
        except (OSError, IndexError):
            continue
        if parent == os.getpid() and (not command or "adhoc.child" in command):
            found.append(f"{stat.parent.name} {command or 'zombie'}")
    return found


def in_parallel(published: Path, queries: list[str], limits: SqlLimits) -> dict[str, Any]:
    """Result or error of each query, as many at once as the sandbox runs."""

    def outcome(query: str) -> Any:
        try:
            return run_select(published, query, limits=limits)
        except SegmentryError as error:
            return error

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(queries, pool.map(outcome, queries), strict=True))


# --- what analysts get ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def analysts(published: Path) -> dict[str, Any]:
    return in_parallel(published, lines("analyst"), SqlLimits())


@pytest.mark.parametrize("query", lines("analyst"))
def test_analysts_sql_runs(analysts: dict[str, Any], query: str) -> None:
    result = analysts[query]
    assert isinstance(result, SqlResult), result
    assert result.rows
    assert not result.cells_cut
    assert all(len(row) == len(result.columns) == len(result.types) for row in result.rows)
    json.dumps(result.rows, allow_nan=False)


@pytest.mark.parametrize(
    ("query", "columns", "rows"),
    [
        (
            "pivot segment_sizes on segment_id using sum(customers) group by as_of order by as_of",
            ("as_of", "1", "2"),
            (("2026-01-05", 500, 500), ("2026-01-12", 501, 502)),
        ),
        (
            "select segment_id, count(*) as n, quantile_cont(balance, 0.5) as median "
            "from features join current_segments using (customer_id) group by all order by 1",
            ("segment_id", "n", "median"),
            ((1, 601, 450.0), (2, 399, 1200.0)),
        ),
        (
            "with recursive r(n) as (select 1 union all select n * 2 from r where n < 100) "
            "select max(n) as top from r",
            ("top",),
            ((128,),),
        ),
        (
            "select as_of, customers - lag(customers) over (order by as_of) as change "
            "from segment_sizes where segment_id = 2 order by as_of",
            ("as_of", "change"),
            (("2026-01-05", None), ("2026-01-12", 2)),
        ),
        ("from segments select name order by share limit 1;", ("name",), (("Sleepers",),)),
    ],
)
def test_the_numbers_are_right(
    published: Path, query: str, columns: tuple[str, ...], rows: tuple[Any, ...]
) -> None:
    result = run_select(published, query)
    assert (result.columns, result.rows) == (columns, rows)
    assert (result.truncated, result.cells_cut) == (False, False)


def test_summarize_describe_and_show(published: Path) -> None:
    summary = run_select(published, "select column_name, max from (summarize features)")
    assert ("balance", "1498.5") in summary.rows
    described = run_select(published, "describe segments")
    assert described.rows[0][:2] == ("segment_id", "INTEGER")
    shown = {name for (name,) in run_select(published, "show tables").rows}
    assert shown == {
        *("current_segments", "drift_events", "features"),
        *("segment_profiles", "segment_sizes", "segments"),
    }


def test_values_arrive_as_json_can_hold_them(published: Path) -> None:
    result = run_select(
        published,
        "select true as truth, 170141183460469231731687303715884105727 as huge, "
        "1.25::decimal(5, 2) as price, 1e308 * 10 as endless, null as nothing, "
        "date '2026-01-05' as day, timestamp '2026-01-05 10:30:00' as moment, "
        "timestamptz '2026-01-05 10:30:00+02' as zoned, time '10:30' as clock, "
        "interval '1 day' as span, '\\xFF'::blob as raw, [1.5::decimal(3, 1), null] as list, "
        "{'day': date '2026-01-05'} as struct, map {'k': 1} as map",
    )
    assert dict(zip(result.columns, result.rows[0], strict=True)) == {
        "truth": True,
        "huge": 2**127 - 1,
        "price": 1.25,
        "endless": "inf",
        "nothing": None,
        "day": "2026-01-05",
        "moment": "2026-01-05 10:30:00",
        "zoned": "2026-01-05 08:30:00+00:00",
        "clock": "10:30:00",
        "span": "1 day, 0:00:00",
        "raw": "ff",
        "list": "[1.5, null]",
        "struct": '{"day": "2026-01-05"}',
        "map": '{"k": 1}',
    }
    assert result.types[:3] == ("BOOLEAN", "HUGEINT", "DECIMAL(5,2)")


# --- limits -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("rows", "truncated"), [(4, False), (3, True), (1, True)])
def test_rows_over_the_limit_are_left_out_and_said(
    published: Path, rows: int, truncated: bool
) -> None:
    result = run_select(published, "from segment_sizes", limits=SqlLimits(rows=rows))
    assert (len(result.rows), result.truncated) == (rows, truncated)


def test_long_cells_are_cut_and_said(published: Path) -> None:
    query = "select repeat('x', 11) as long, repeat('y', 10) as fits, range(9) as list"
    result = run_select(published, query, limits=SqlLimits(cell_characters=10))
    assert result.rows == (("xxxxxxxxx…", "yyyyyyyyyy", "[0, 1, 2,…"),)
    assert result.cells_cut


def test_a_result_over_the_size_limit_is_cut_and_said(published: Path) -> None:
    query = "select repeat('x', 2000) from range(1000)"
    result = run_select(published, query, limits=SqlLimits(result_mb=1))
    assert result.truncated
    assert 2**20 <= len(json.dumps(result.rows)) < 2**20 + 10_000


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_at_a_limit(bombs: dict[str, Any], name: str) -> None:
    error = bombs[BOMBS[name]]
    assert isinstance(error, QueryRefused), error
    assert error.what.startswith(AT_A_LIMIT)
    assert error.next_step


@pytest.fixture(scope="module")
def bombs(published: Path) -> dict[str, Any]:
    return in_parallel(published, list(BOMBS.values()), SqlLimits(seconds=0.5, memory_mb=256))


def test_a_stopped_query_says_the_limit_and_how_to_narrow(published: Path) -> None:
    with pytest.raises(QueryRefused) as late:
        run_select(published, BOMBS["join"], limits=SqlLimits(seconds=0.5))
    assert late.value.what == "The query was stopped: it ran longer than 0.5 seconds."
    with pytest.raises(QueryRefused) as big:
        run_select(published, BOMBS["repeat"], limits=SqlLimits(memory_mb=64))
    assert big.value.what == "The query was stopped: it needed more than 64 MB of memory."
    assert late.value.next_step == big.value.next_step
    assert "WHERE" in big.value.next_step


def test_small_queries_are_answered_beside_bombs(published: Path) -> None:
    queries = [BOMBS["join"], "select 1", BOMBS["sort"], "select 2", "select 3", "select 4"]
    outcomes = in_parallel(published, queries, SqlLimits(seconds=2))
    assert [outcomes[f"select {i}"].rows for i in (1, 2, 3, 4)] == [((i,),) for i in (1, 2, 3, 4)]


def test_many_at_once_are_all_answered(published: Path) -> None:
    with ThreadPoolExecutor(3 * AT_ONCE) as pool:
        results = pool.map(lambda i: run_select(published, f"select {i} as i"), range(3 * AT_ONCE))
        assert [result.rows for result in results] == [((i,),) for i in range(3 * AT_ONCE)]


def test_more_than_the_machine_bears_is_refused(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Taken:
        def acquire(self, timeout: float) -> bool:
            return False

    monkeypatch.setattr(sandbox, "_free", Taken())
    with pytest.raises(QueryRefused, match="Too many queries are running at once"):
        run_select(published, "select 1")


# --- the walls behind the gate ----------------------------------------------------------------


def _files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_without_the_gate_nothing_is_read_or_written_either(
    published: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Files, other databases, settings and the environment stay out of reach of the process."""
    secret, out = tmp_path / "secret.csv", tmp_path / "out"
    secret.write_text("secret\nnever shown\n")
    monkeypatch.setattr(sandbox, "START", WITHOUT_GATE)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-never-shown")
    before = _files(published.parent), _files(tmp_path)
    queries = [
        query.replace("secret.csv", str(secret)).replace("'out", f"'{out}")
        for query in [
            *(s for s in lines("forbidden_statements") if "'" in s or "secret" in s),
            *(f"from {r}" for r in lines("forbidden_relations") if "'" in r and "store." not in r),
            f"from '{secret}'",
            f"copy (select 'x') to '{out}.csv'",
            f"select * from enable_logging(storage := 'file', storage_path := '{out}')",
            f"attach '{published}' as again",
            "from read_text('/proc/self/environ')",
            "copy (select 'x') to '/dev/stdout'",
        ]
    ]
    for query, result in in_parallel(published, queries, SqlLimits(seconds=2)).items():
        assert "never shown" not in str(result).replace(query, ""), query
        assert "xoxb" not in str(result), query
    assert (_files(published.parent), _files(tmp_path)) == before


@pytest.mark.parametrize(
    "query",
    [
        "select sleep_ms(100000)",
        "select length(repeat('x', 2000000000))",
        "select length(printf('%1000000000d', 1))",
        "create temp table t as from range(1000000000)",
        "select list_resize([1], 2000000000)",
    ],
)
def test_without_the_gate_the_process_ends_at_its_limits(
    published: Path, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(sandbox, "START", WITHOUT_GATE)
    with pytest.raises(QueryRefused, match=STOPPED):
        run_select(published, query, limits=SqlLimits(seconds=0.5, memory_mb=256))


def test_the_process_has_no_environment(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-never-shown")
    monkeypatch.setattr(
        sandbox,
        "START",
        "import os, json; print(json.dumps({'what': str(dict(os.environ)), 'next_step': ''}))",
    )
    with pytest.raises(QueryRefused) as told:
        run_select(published, "select 1")
    assert "xoxb" not in told.value.what
    assert "PATH" not in told.value.what


@pytest.mark.parametrize(
    ("start", "error", "message"),
    [
        ("import no_such_module", SegmentryError, "No module named 'no_such_module'"),
        ("raise SystemExit(3)", SegmentryError, "failed: exit code 3"),
        ('print(\'{"failed": "IOException: gone"}\')', SegmentryError, "IOException: gone"),
        ("import os; os.kill(os.getpid(), 11)", QueryRefused, "nested too deeply"),
        ("import os; os.kill(os.getpid(), 6)", QueryRefused, STOPPED),
        ("print('not json')", SegmentryError, "failed: exit code 0"),
        ("while True: print('x' * 1000000)", QueryRefused, STOPPED),
        ("import time; time.sleep(1000)", QueryRefused, "it ran longer than"),
        ("import os, time; os.fork(); time.sleep(1000)", QueryRefused, "it ran longer than"),
    ],
)
def test_a_process_gone_wrong_is_ended_and_explained(
    published: Path,
    monkeypatch: pytest.MonkeyPatch,
    start: str,
    error: type[SegmentryError],
    message: str,
) -> None:
    monkeypatch.setattr(sandbox, "START", start)
    monkeypatch.setattr(sandbox, "GRACE_S", 0.2)
    with pytest.raises(error) as ended:
        run_select(published, "select 1", limits=SqlLimits(seconds=0.2))
    assert type(ended.value) is error
    assert message in str(ended.value)


def test_the_process_ends_by_itself_when_its_parent_is_killed(published: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from analytics.adhoc import sandbox; "
        "sandbox.START = sys.argv[2]; "
        "sandbox.run_select(Path(sys.argv[1]), 'select sleep_ms(1000000)', "
        "limits=sandbox.SqlLimits(seconds=1))"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, published, WITHOUT_GATE])
    orphan = _wait_for(lambda: _child_of(parent.pid))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert _wait_for(lambda: not Path(f"/proc/{orphan}").exists() or _is_zombie(orphan))


def _child_of(pid: int) -> int | None:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(children[0]) if children else None


def _is_zombie(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def _wait_for(condition: Any) -> Any:
    """The first true value; the test's own time limit ends it otherwise."""
    while not (value := condition()):
        time.sleep(0.05)
    return value


# --- what is said -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "select balanc from features",
            'There is no column "balanc" in features; nearest: balance. '
            "DESCRIBE features shows columns and their types.",
        ),
        (
            "select s.nme from segments s join segment_sizes using (segment_id)",
            'There is no column "nme" in segment_sizes, segments; nearest: name. '
            "DESCRIBE segment_sizes shows columns and their types.",
        ),
        (
            "with big as (select name as title from segments) select titel from big",
            'There is no column "titel" in segments; nearest: title. '
            "DESCRIBE segments shows columns and their types.",
        ),
        (
            "select segment.name from segments",
            'There is no table "segment" in the query; nearest: segments. '
            "DESCRIBE segments shows columns and their types.",
        ),
        (
            "select 'x'::integer",
            "DuckDB cannot run it: Could not convert string 'x' to INT32. "
            "DESCRIBE segments shows columns and their types.",
        ),
        (
            "pivot features on customer_id using count(*)",
            "DuckDB cannot run it: Pivot column limit of 200 exceeded. "
            "DESCRIBE features shows columns and their types.",
        ),
        (
            "select *, * from features, features f2, segments",
            "The result has 36 columns; the limit is 30. Name the columns you need instead of *.",
        ),
        (
            "from segmnets",
            'There is no view "segmnets"; nearest: segments. SHOW TABLES lists them.',
        ),
    ],
)
def test_a_mistake_is_told_with_the_nearest_name(published: Path, query: str, message: str) -> None:
    limits = SqlLimits(columns=30) if "36 columns" in message else SqlLimits()
    with pytest.raises(QueryRefused) as refused:
        run_select(published, query, limits=limits)
    assert str(refused.value) == message


@pytest.mark.parametrize("query", ["select '\0'", "select '\ud800'"])
def test_a_query_that_is_no_text_is_refused(published: Path, query: str) -> None:
    with pytest.raises(QueryRefused, match="bytes that are no text"):
        run_select(published, query)


def test_a_missing_file_is_not_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(NotPublished, match=r"no published data at current\.duckdb"):
        run_select(tmp_path / "current.duckdb", "select 1")


def test_a_link_is_followed_once(published: Path, tmp_path: Path) -> None:
    link = tmp_path / "current.duckdb"
    link.symlink_to(published)
    assert run_select(link, "select count(*) as n from segments").rows == ((2,),)
    assert _files(published.parent).keys() == {"published.duckdb"}


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_mutations_never_do_more_than_refuse(published: Path, data: st.DataObject) -> None:
    query = data.draw(st.sampled_from(lines("analyst") + lines("forbidden_statements")))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(query)))
        end = data.draw(st.integers(at, min(at + 5, len(query))))
        put = data.draw(
            st.sampled_from(["", "(", ")", "'", '"', ";", ",", "--", "/*", "é", "\n", "1"])
        )
        query = query[:at] + put + query[end:]
    (outcome,) = in_parallel(published, [query], SqlLimits(seconds=2)).values()
    assert isinstance(outcome, SqlResult | QueryRefused), outcome
    assert "never shown" not in str(outcome).replace(query, "")


# --- exports ----------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_formula_is_exported_as_text(start: str) -> None:
    assert csv_safe(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"


@pytest.mark.parametrize(
    "cell", ["-12.5", "+3", "1e5", "-1E-3", -12.5, 3, None, True, "", "a=b", "2026-01-05"]
)
def test_other_cells_are_exported_as_they_are(cell: Any) -> None:
    assert csv_safe(cell) is cell
