"""`make bench`: every figure is a ratio against a named baseline measured in the same run.

`make bench` measures at 9,000 and 100,000 customers; `make bench ARGS=--large` also at 1,000,000
(about fifteen minutes, 5 GB).
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

from analytics import clustering
from analytics.adhoc.sandbox import SqlLimits, run_select
from analytics.history import gather
from analytics.publish import publish
from analytics.synthetic.panel import SynthPlan, weeks
from bot import intake, refitting
from bot.app import Services, build_services
from bot.commands.setup import initialise
from tests.benchmarks import long_history as history
from tests.benchmarks import reading as questions
from tests.benchmarks.weekly_check import Cost, cost, cpu

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
QUESTIONS = (
    "which segments do we have?",
    "profile of segment 2",
    "compare 1 and 3",
    "how big is segment 2",
    "average balance in segment 3",
    "which segment has the highest cash advances",
    "did anything change this week?",
    "who moved from segment 1 to 2",
    "how is segment 2 trending",
    "which segment is C10547 in",
)
COUNTED_LIVE = (
    "how many customers have a balance over 2000?",
    "how many customers in segment 2 have a credit limit above 5000",
    "average balance in segment 3 of customers with purchases over 1000",
    "average purchases of customers with balance over 2000",
    "distribution of balance in segment 2",
    "distribution of balance",
)


@dataclass(frozen=True)
class Row:
    """One line of the report; ``target`` is the largest ratio that is good enough."""

    what: str
    customers: int
    ours: str
    baseline: str
    ratio: float
    target: float | None


def make_home(folder: Path, customers: int) -> tuple[Services, Path, float]:
    """A home with two published weeks; also the CSV of the second and its refit's CPU seconds."""
    home = folder / f"home{customers}"
    initialise(home)
    services = build_services(home, now=lambda: NOW)
    file = folder / f"cards_{customers}.csv"
    for day, frame in weeks(SynthPlan(customers=customers, weeks=2)):
        frame.to_csv(file, index=False)
        intake.commit(services, intake.plan(services, file, as_of=day))
        started = time.process_time()
        refitting.run_refit(services, progress=lambda _: None)
        refit_s = time.process_time() - started
    return services, file, refit_s


def ask(services: Services, file: Path, customers: int) -> list[Row]:
    """All questions through the product, against one group-by of a bare pandas script."""
    with duckdb.connect(str(services.settings.place.current.resolve()), read_only=True) as copy:
        labels = copy.execute("SELECT customer_id, segment_id FROM current_segments").df()
    labelled = file.with_suffix(".labelled.csv")
    pd.read_csv(file).merge(labels, left_on="CUST_ID", right_on="customer_id").to_csv(
        labelled, index=False
    )

    def script() -> object:
        table = pd.read_csv(labelled)
        return table[table.segment_id == 2].describe()

    bare = cpu(script)
    median, p95 = _answered_in(services, QUESTIONS)
    live_median, live_p95 = _answered_in(services, COUNTED_LIVE)
    return [
        Row("answer a question", customers, f"{median:.0f} ms (p95 {p95:.0f})",
            f"pandas script {bare * 1e3:.0f} ms", median / 1e3 / bare, None),
        Row("answer a question, p95", customers, f"{p95:.0f} ms", "60 ms", p95 / 60, 1.0),
        Row("count customers live", customers, f"{live_median:.0f} ms (p95 {live_p95:.0f})",
            f"from profiles {median:.0f} ms", live_median / median, None),
    ]  # fmt: skip


def _answered_in(services: Services, questions: tuple[str, ...]) -> tuple[float, float]:
    """Median and 95th percentile of whole answers, milliseconds."""
    times = []
    for _ in range(5):
        for question in questions:
            (exchange, *_) = services.conversations.ask(question, "bench")
            assert exchange.reply.status == "answered", (question, exchange.reply.text)
            times.append(exchange.elapsed_ms)
    times.sort()
    return statistics.median(times), times[int(0.95 * len(times))]


def refit(services: Services, customers: int, refit_s: float) -> Row:
    """A weekly refit, against one warm scikit-learn fit and one read of the matrix."""
    latest = services.published.latest().as_of
    catalogue = services.settings.catalogue
    before = gather(services.store, latest, catalogue)
    assert before.state is not None
    anchor = before.state.anchor
    read_s = cpu(lambda: gather(services.store, latest, catalogue))
    columns = [
        [feature.name for feature in before.snapshot.features].index(name)
        for name in anchor.scaler.features
    ]
    Z = anchor.scaler.transform(before.snapshot.values[:, columns])
    k = len(anchor.segment_ids)
    with threadpool_limits(1):
        fit_s = cpu(lambda: clustering.kmeans(Z, k, seed=1, n_init=1, start=anchor.centroids))
    base = fit_s + read_s
    said = f"{refit_s:.2f} CPU-s"
    return Row("weekly refit", customers, said, f"warm fit + read {base:.2f}", refit_s / base, 2.0)


def check(customers: int, smaller: Cost | None) -> tuple[Cost, list[Row]]:
    """Identity and drift beside the fit of the same week; growth since a smaller size."""
    found = cost(customers)
    rest = found.week_s - found.fit_s
    rows = [
        Row("identity and drift", customers, f"{rest:.2f} CPU-s",
            f"fit of the week {found.fit_s:.2f}", found.ratio, 1.0),
        Row("memory of a week", customers, f"{found.peak / 1e6:.0f} MB, {found.state / 1e6:.0f} "
            "of it kept", f"matrix {found.matrix / 1e6:.0f} MB", found.peak / found.matrix, 2.0),
    ]  # fmt: skip
    if smaller:
        before = smaller.week_s - smaller.fit_s
        times = found.matrix / smaller.matrix
        rows.append(
            Row(f"identity and drift, {times:.0f} x the customers", customers,
                f"{rest / before:.1f} x the CPU", f"{times:.0f} x", rest / before / times, None)
        )  # fmt: skip
    return found, rows


def publishing(services: Services, customers: int, folder: Path) -> Row:
    """A publication, against a plain copy of the file."""
    live = services.settings.place.live

    def touch_and_publish() -> None:
        with services.store.writing("bench"):
            pass
        publish(services.store)

    ours = cpu(touch_and_publish)
    plain = cpu(lambda: shutil.copyfile(live, folder / "copy.duckdb"))
    size = live.stat().st_size / 1e6
    return Row(f"publish {size:.0f} MB", customers, f"{ours:.3f} CPU-s", f"copy {plain:.3f}",
               ours / max(plain, 1e-3), None)  # fmt: skip


def sandbox(services: Services, customers: int) -> Row:
    """One small query in its own process, against the same in this process; wall seconds."""
    copy = services.published.latest()
    query = "SELECT segment_id, count(*) FROM current_segments GROUP BY 1"

    def wall(function: Callable[[], object]) -> float:
        started = time.perf_counter()
        function()
        return time.perf_counter() - started

    ours = statistics.median(
        wall(lambda: run_select(copy.path, query, limits=SqlLimits())) for _ in range(5)
    )
    with duckdb.connect(str(copy.path), read_only=True) as plain:
        inside = statistics.median(wall(lambda: plain.execute(query).fetchall()) for _ in range(5))
    return Row("ad-hoc SQL", customers, f"{ours * 1e3:.0f} ms", f"in process {inside * 1e3:.1f} ms",
               ours / inside, None)  # fmt: skip


def loading(services: Services, file: Path, customers: int) -> Row:
    """Understanding and checking a CSV, against pandas reading it."""
    ours = cpu(lambda: intake.plan(services, file, as_of=NOW.date()))
    plain = cpu(lambda: pd.read_csv(file))
    return Row("read and check a CSV", customers, f"{ours:.2f} CPU-s", f"pandas {plain:.2f}",
               ours / plain, None)  # fmt: skip


def reading() -> list[Row]:
    """Questions read, against what is allowed."""
    found = questions.measured()
    return [
        Row(what, 0, f"{found[which]:.1f} CPU-ms", f"{allowed:.0f} ms", found[which] / allowed, 1.0)
        for what, which, allowed in (
            ("read a question, p95", "p95", questions.TYPICAL_MS),
            ("read 4,000 characters, the worst", "longest", questions.LONGEST_MS),
        )
    ]


def long_history() -> list[Row]:
    """The digest and its report on 104 weeks of a million customers, against what is allowed."""
    found = history.make_and_measure()
    rows = [
        Row(f"{what}, {history.WEEKS} weeks", history.CUSTOMERS, f"{found[what]:.2f} CPU-s",
            f"{history.SECONDS:.0f} s", found[what] / history.SECONDS, 1.0)
        for what in ("digest", "report")
    ]  # fmt: skip
    largest = Row("memory of both", history.CUSTOMERS, f"{found['MB']:.0f} MB",
                  f"{history.MEGABYTES:.0f} MB", found["MB"] / history.MEGABYTES, 1.0)  # fmt: skip
    return [*rows, largest]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--large", action="store_true", help="also at 1,000,000 customers")
    sizes = [9_000, 100_000, *([1_000_000] if parser.parse_args().large else [])]
    console = Console()
    table = Table(title="Segmentry, each line against a baseline in the same run")
    for heading in ("What", "Customers", "Ours", "Baseline", "Ratio", "Target"):
        table.add_column(heading, justify="left" if heading == "What" else "right")
    with tempfile.TemporaryDirectory() as name:
        folder, week = Path(name), None
        for customers in sizes:
            console.print(f"Making {customers:,} customers and measuring ...")
            services, file, refit_s = make_home(folder, customers)
            rows = [
                *ask(services, file, customers),
                refit(services, customers, refit_s),
                publishing(services, customers, folder),
                sandbox(services, customers),
                loading(services, file, customers),
            ]
            shutil.rmtree(services.settings.home)
            week, checked = check(customers, week)
            first = reading() if customers == sizes[0] else []
            for row in [
                *first,
                *rows,
                *checked,
                *(long_history() if customers == 1_000_000 else []),
            ]:
                target = "" if row.target is None else f"{row.target:g}"
                table.add_row(row.what, f"{row.customers:,}", row.ours, row.baseline,
                              f"{row.ratio:.2f}", target)  # fmt: skip
    console.print(table)


if __name__ == "__main__":
    main()
