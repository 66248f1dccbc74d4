"""The weekly line on a real store: what is written adds up, repeats, and survives bad weeks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from analytics.catalogue import card_catalogue
from analytics.errors import SegmentryError
from analytics.files.loading import plan_load
from analytics.load import commit, earlier_features
from analytics.refit import RefitSettings, refit
from analytics.schema import migrate
from analytics.store import Home, Store
from analytics.synthetic.panel import SynthPlan, weeks
from analytics.weekly.step import WeeklySettings

NOW = datetime(2026, 11, 23, 8)
SETTINGS = RefitSettings(card_catalogue(), WeeklySettings(candidates=(5, 6)))
CLOCKS = {"fitted_at", "judged_at", "loaded_at", "applied_at", "result"}


def load(store: Store, frame: pd.DataFrame, as_of: date) -> None:
    file = store.home.folder / f"cards_{as_of}.csv"
    frame.to_csv(file, index=False)
    plan = plan_load(
        file, catalogue=card_catalogue(), as_of=as_of, earlier_features=earlier_features(store)
    )
    commit(store, plan, now=NOW)


@pytest.fixture(scope="module")
def frames() -> list[tuple[date, pd.DataFrame]]:
    return list(weeks(SynthPlan(customers=1_200, weeks=4)))


@pytest.fixture(scope="module")
def three_weeks(
    tmp_path_factory: pytest.TempPathFactory, frames: list[tuple[date, pd.DataFrame]]
) -> tuple[Path, list[dict[str, Any]]]:
    home = tmp_path_factory.mktemp("refit") / "home"
    store = Store(Home(home))
    migrate(store, now=NOW)
    results = []
    for as_of, frame in frames[:3]:
        load(store, frame, as_of)
        results.append(refit(store, SETTINGS, now=NOW))
    return home, results


@pytest.fixture
def store(three_weeks: tuple[Path, list[dict[str, Any]]], tmp_path: Path) -> Store:
    copy = tmp_path / "home"
    shutil.copytree(three_weeks[0], copy, symlinks=True)
    return Store(Home(copy))


@pytest.fixture
def published(store: Store) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(store.home.current.resolve()), read_only=True) as connection:
        yield connection


def everything(home: Home) -> dict[str, list[tuple[Any, ...]]]:
    """Every stored row but the times at which it was written."""
    tables = {}
    with duckdb.connect(str(home.live), read_only=True) as live:
        names = live.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'store'"
        ).fetchall()
        for (name,) in sorted(names):
            frame = live.execute(f"SELECT * FROM store.{name} ORDER BY ALL").df()
            kept = frame[[column for column in frame.columns if column not in CLOCKS]]
            tables[name] = [tuple(map(str, row)) for row in kept.itertuples(index=False)]
    return tables


def test_sizes_transitions_and_members_add_up(published: duckdb.DuckDBPyConnection) -> None:
    one = published.execute
    (sizes,) = one(
        "SELECT bool_and(z.customers = h.customers) FROM segment_sizes z JOIN (SELECT as_of, "
        "segment_id, count(*) AS customers FROM segment_history GROUP BY ALL) h "
        "USING (as_of, segment_id)"
    ).fetchall()[0]
    assert sizes
    for side, when in (("to_segment_id", "as_of"), ("from_segment_id", "from_as_of")):
        mismatched = one(
            f"SELECT t.{when}, t.{side}, sum(t.customers), any_value(z.customers) FROM transitions "
            f"t JOIN segment_sizes z ON z.as_of = t.{when} AND z.segment_id = t.{side} "
            "GROUP BY ALL HAVING sum(t.customers) <> any_value(z.customers)"
        ).fetchall()
        assert mismatched == []
    assert one(
        "SELECT count(*) FROM current_segments WHERE customer_id NOT IN "
        "(SELECT customer_id FROM features)"
    ).fetchall() == [(0,)]


def test_the_three_causes_of_movement_balance_in_customers_and_money(
    published: duckdb.DuckDBPyConnection,
) -> None:
    worst = published.execute(
        "SELECT max(abs(previous + population + behaviour + model + within - current) "
        "/ greatest(1, abs(current))) FROM movement"
    ).fetchall()[0][0]
    assert worst < 1e-9


def test_profiles_are_what_sql_computes_from_the_features(
    published: duckdb.DuckDBPyConnection,
) -> None:
    stored, computed = (
        published.execute(sql).fetchall()
        for sql in (
            "SELECT segment_id, round(mean, 6), round(median, 6), round(sum, 3) "
            "FROM segment_profiles WHERE feature = 'PURCHASES' "
            "AND as_of = (SELECT max(as_of) FROM segments) ORDER BY 1",
            "SELECT segment_id, round(avg(purchases), 6), round(median(purchases), 6), "
            "round(sum(purchases), 3) FROM features JOIN current_segments USING (customer_id) "
            "GROUP BY 1 ORDER BY 1",
        )
    )
    assert stored == computed


def test_ids_stay_with_their_customers(published: duckdb.DuckDBPyConnection) -> None:
    (kept,) = published.execute(
        "SELECT avg((a.segment_id = b.segment_id)::INT) FROM segment_history a "
        "JOIN segment_history b ON a.customer_id = b.customer_id AND b.as_of = a.as_of + 7"
    ).fetchall()[0]
    assert kept > 0.97


def test_two_homes_with_the_same_files_and_seed_hold_the_same_tables(
    store: Store, tmp_path: Path, frames: list[tuple[date, pd.DataFrame]]
) -> None:
    other = Store(Home(tmp_path / "other"))
    migrate(other, now=NOW)
    for as_of, frame in frames[:3]:
        load(other, frame.sample(frac=1, random_state=1), as_of)
        refit(other, SETTINGS, now=NOW)
    ours, theirs = everything(store.home), everything(other.home)
    different = [name for name in ours if ours[name] != theirs[name]]
    assert set(different) <= {"loads"}


def test_refitting_again_returns_the_recorded_result(
    store: Store, three_weeks: tuple[Path, list[dict[str, Any]]]
) -> None:
    before = everything(store.home)
    again = refit(store, SETTINGS, now=NOW)
    assert again == three_weeks[1][-1] | {"status": "unchanged"}
    assert everything(store.home) == before


def test_a_snapshot_before_the_latest_judged_one_cannot_be_refitted(
    store: Store, frames: list[tuple[date, pd.DataFrame]]
) -> None:
    with pytest.raises(SegmentryError, match="history does not change"):
        refit(store, SETTINGS, now=NOW, as_of=frames[0][0])


def test_faulty_data_is_refused_and_the_good_week_stays_published(
    store: Store, frames: list[tuple[date, pd.DataFrame]]
) -> None:
    as_of, frame = frames[3]
    before = store.home.current.resolve()
    with duckdb.connect(str(before), read_only=True) as old:
        sizes = old.execute("SELECT * FROM segment_sizes ORDER BY ALL").fetchall()
    load(store, frame.assign(PAYMENTS=frame.PAYMENTS * 100), as_of)
    result = refit(store, SETTINGS, now=NOW)
    assert result["status"] == "refused"
    assert ("data_quality", "PAYMENTS") in [
        (event["kind"], event["feature"]) for event in result["events"]
    ]
    with duckdb.connect(str(store.home.current.resolve()), read_only=True) as new:
        assert new.execute("SELECT * FROM segment_sizes ORDER BY ALL").fetchall() == sizes
        assert new.execute("SELECT max(as_of) FROM features").fetchall() == [(frames[2][0],)]
    load(store, frame, as_of)
    corrected = refit(store, SETTINGS, now=NOW)
    assert corrected["status"] == "published"


def test_weeks_that_waited_are_judged_in_order(
    tmp_path: Path, frames: list[tuple[date, pd.DataFrame]]
) -> None:
    store = Store(Home(tmp_path / "home"))
    migrate(store, now=NOW)
    for as_of, frame in frames[:3]:
        load(store, frame, as_of)
    result = refit(store, SETTINGS, now=NOW)
    assert result["as_of"] == str(frames[2][0])
    with store.reading("test") as connection:
        assert connection.execute("SELECT count(*) FROM refits").fetchall() == [(3,)]


def test_a_snapshot_replaced_during_the_refit_is_not_overwritten(
    store: Store, frames: list[tuple[date, pd.DataFrame]]
) -> None:
    as_of, frame = frames[3]
    load(store, frame, as_of)
    replaced = False

    def replace_it(said: str) -> None:
        nonlocal replaced
        if said.startswith("Describing") and not replaced:
            replaced = True
            load(store, frame.iloc[:-5], as_of)

    with pytest.raises(SegmentryError, match="was replaced while it was being refitted"):
        refit(store, SETTINGS, now=NOW, progress=replace_it)
    with store.reading("test") as connection:
        assert connection.execute(
            "SELECT status FROM store.snapshots WHERE as_of = ?", [as_of]
        ).fetchall() == [("loaded",)]


@pytest.mark.shared
def test_the_real_card_file_gives_six_firm_segments(shared: Path, tmp_path: Path) -> None:
    store = Store(Home(tmp_path / "home"))
    migrate(store, now=NOW)
    plan = plan_load(
        shared / "data" / "CC GENERAL.csv", catalogue=card_catalogue(), as_of=date(2026, 1, 5)
    )
    commit(store, plan, now=NOW)
    result = refit(store, RefitSettings(card_catalogue(), WeeklySettings()), now=NOW)
    assert (result["customers"], result["segments_count"]) == (8950, 6)
    assert min(segment["share"] for segment in result["segments"]) >= 0.05
    with store.reading("test") as connection:
        assert connection.execute("SELECT min(jaccard) FROM segment_facts").fetchall()[0][0] >= 0.75
