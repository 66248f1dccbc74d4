"""Queries analysts write and queries attackers write, and what each costs in the sandbox.

`python -m tests.benchmarks.attacks` prints the cost of a small query and how every bomb ends.
"""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path

import duckdb

from analytics.adhoc.sandbox import SqlLimits, run_select
from analytics.errors import QueryRefused

QUERIES = Path(__file__).parent.parent / "store" / "queries"


def lines(name: str) -> list[str]:
    """The queries, or parts of queries, of one file in tests/store/queries."""
    return (QUERIES / f"{name}.sql").read_text().rstrip("\n").split("\n")


DOUBLING = "a0 as (select 1), " + ", ".join(
    f"a{i} as (from a{i - 1} x, a{i - 1} y)" for i in range(1, 30)
)
# Allowed parts put together to use up the machine; each ends at a limit of time, memory or size.
BOMBS = {
    "join": "select count(*) from range(1000000) a, range(1000000) b, range(1000000) c",
    "range": "select sum(x) from range(1000000000000) t(x)",
    "recursion": "with recursive r(n) as (select 1 union all select n + 1 from r) "
    "select max(n) from r",
    "growth": "with recursive r(n) as (select 1 union all select n from r, range(9)) "
    "select count(*) from r",
    "repeat": "select length(repeat('x', 2000000000))",
    "repeat of repeat": "select repeat(repeat(repeat('x', 1000), 1000), 1000)",
    "lpad": "select length(lpad('x', 2000000000, 'y'))",
    "printf": "select length(printf('%1000000000d', 1))",
    "format": "select length(format('{:>1000000000}', 'x'))",
    "replace": "select replace(repeat('a', 100000), 'a', repeat('b', 1000000))",
    "levenshtein": "select levenshtein(repeat('a', 1000000), repeat('b', 1000000))",
    "list": "select list(x) from range(1000000000) t(x)",
    "list of lists": "select flatten(list_transform(range(100000), lambda x: range(100000)))",
    "dates": "select range(timestamp '1900-01-01', timestamp '2100-01-01', interval 1 microsecond)",
    "distinct": "select count(*) from (select distinct hash(x) from range(1000000000) t(x))",
    "sort": "select * from range(1000000000) t(x) order by hash(x)",
    "text": "select string_agg(repeat('x', 1000000), '') from range(100000)",
    "quantile": "select quantile_cont(x, 0.5), mode(x) from range(1000000000) t(x)",
    "cube": f"select 1 from segments group by cube ({','.join(f'share + {i}' for i in range(14))})",
    "doubling": f"with {DOUBLING} select count(*) from a29",
    "wide": f"select {','.join('1' for _ in range(9900))}",
    "many stars": f"select {','.join(['*'] * 3000)} from segments",
    "wide pivot": "pivot (from range(100000) t(x)) on x using count(*)",
    "deep brackets": f"select {'(' * 9000}1{')' * 9000}",
    "deep lists": f"select {'[' * 900}1{']' * 900}",
    "deep queries": f"from {'(from ' * 2000}segments{')' * 2000}",
    "deep calls": f"select {'abs(' * 900}1{')' * 900}",
    "long sum": f"select {'+'.join('1' for _ in range(5000))}",
    "long name": f"select {'.'.join('x' for _ in range(5000))}",
    "too long": f"select 1 where 1 in ({','.join(str(i) for i in range(10_000))})",
}


def build(path: Path) -> Path:
    """A small published file: private tables in schema store, public views in main."""
    with duckdb.connect(str(path)) as connection:
        connection.execute((QUERIES / "published.sql").read_text())
    return path


def _main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        published = build(Path(folder) / "published.duckdb")
        before = _cpu_s()
        for query in lines("analyst"):
            run_select(published, query)
        print(f"{(_cpu_s() - before) / len(lines('analyst')):.3f} CPU-s for an analyst's query")
        for name, query in BOMBS.items():
            before, started = _cpu_s(), time.monotonic()
            try:
                run_select(published, query, limits=SqlLimits(seconds=3))
                end = "ran"
            except QueryRefused as refused:
                end = refused.what[:80]
            wall = time.monotonic() - started
            print(f"{name:18} {_cpu_s() - before:5.2f} CPU-s {wall:5.2f} s  {end}")
        print(f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB at most")


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    _main()
