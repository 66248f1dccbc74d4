"""The digest and its report on a long history: `python -m tests.benchmarks.long_history`.

A real refit of 9,000 customers is multiplied by SQL to a million, and its last week to 104 weeks,
because a hundred real refits of a million would take hours; what is measured reads the same tables,
indexes and dates. Features are kept of the last two weeks.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from analytics.publish import publish
from analytics.store import Connection, Store
from bot import digest, report
from bot.app import build_services

WEEKS, CUSTOMERS = 104, 1_000_000
SECONDS, MEGABYTES = 2.0, 500.0
OF_EACH_WEEK = (
    "refits snapshots segment_sizes profiles trait_profiles segment_facts transitions movement "
    "transition_money drift_events segment_history"
).split()
COUNTED = {
    "refits": "customers customers_entered customers_left",
    "snapshots": "customers",
    "segment_sizes": "customers",
    "profiles": "customers",
    "transitions": "customers",
}


def lengthen(store: Store, customers: int = CUSTOMERS, weeks: int = WEEKS) -> None:
    """Give a store of two weeks that many customers and weeks, and publish it."""
    with store.writing("lengthen") as connection:
        (held,) = connection.execute("SELECT max(customers) FROM store.snapshots").fetchone() or (
            1,
        )
        times = max(1, round(customers / held))
        for table in ("customers", "features", "segment_history", "current_members"):
            connection.execute(
                f"INSERT INTO store.{table} SELECT t.* REPLACE (customer_id || '-' || n AS "
                f"customer_id) FROM store.{table} AS t, range(1, {times}) AS copies(n)"
            )
        for table, columns in COUNTED.items():
            grown = ", ".join(f"{column} = {column} * {times}" for column in columns.split())
            connection.execute(f"UPDATE store.{table} SET {grown}")
        for week in range(1, weeks - 1):
            _copy_last_week(connection, week)
    publish(store)


def _copy_last_week(connection: Connection, back: int) -> None:
    """The last week once more, as if it had been so many weeks before the first."""
    shift = f"INTERVAL {back + 1} WEEK"
    moments = {"refits": "judged_at", "transitions": "from_as_of"}
    for table in OF_EACH_WEEK:
        also = f", {moments[table]} - {shift} AS {moments[table]}" if table in moments else ""
        connection.execute(
            f"INSERT INTO store.{table} SELECT * REPLACE (CAST(as_of - {shift} AS DATE) AS as_of"
            f"{also}) FROM store.{table} WHERE as_of = (SELECT max(as_of) FROM store.refits)"
        )


def measure(home: Path) -> dict[str, float]:
    """CPU seconds of each form in a process of its own, and its largest memory in MB."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.long_history", "--measure", str(home)],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _measured(home: Path) -> dict[str, float]:
    services = build_services(home)
    services.published.latest()
    before = services.published.latest().as_of - timedelta(weeks=52)

    def cpu(function: Callable[[], object]) -> float:
        started = time.process_time()
        function()
        return round(time.process_time() - started, 2)

    return {
        "digest": cpu(lambda: digest.make(services)),
        "digest of a year before": cpu(lambda: digest.make(services, before)),
        "report": cpu(lambda: report.page(services)),
        "MB": _largest_mb(),
    }


def _largest_mb() -> float:
    """Of this process alone; getrusage would count what its parent held when it was forked."""
    (line,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return round(int(line) / 1024, 0)


def main() -> None:
    """Make the long store and measure, or only measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--measure", type=Path, help="a home that is long already")
    home = parser.parse_args().measure
    if home:
        print(json.dumps(_measured(home)))
        return
    print(json.dumps(make_and_measure()))


def make_and_measure() -> dict[str, float]:
    """What `measure` finds on a history made for it."""
    from tests.benchmarks.__main__ import make_home

    with tempfile.TemporaryDirectory() as folder:
        services, _, _ = make_home(Path(folder), 9_000)
        lengthen(services.store)
        return measure(services.settings.home)


if __name__ == "__main__":
    main()
