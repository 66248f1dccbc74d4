"""Loads into a real store: whole or not at all, remembered, repeatable."""

from datetime import date, datetime
from pathlib import Path

import pytest

from analytics.catalogue import card_catalogue
from analytics.errors import DataRefused
from analytics.files.loading import plan_load
from analytics.load import Loaded, commit, earlier_features
from analytics.schema import migrate
from analytics.store import Home, Store

NOW = datetime(2026, 1, 5, 8)
HEAD = "CUST_ID,BALANCE,PURCHASES,PAYMENTS"
ROWS = [f"C{n},{n * 10},{n * 3},{n * 5}" for n in range(1, 41)]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(Home(tmp_path / "home"))
    migrate(store, now=NOW)
    return store


def load(store: Store, folder: Path, lines: list[str], as_of: date, name: str = "c.csv") -> Loaded:
    file = folder / name
    file.write_text("\n".join(lines) + "\n")
    plan = plan_load(
        file,
        catalogue=card_catalogue(),
        as_of=as_of,
        earlier_features=earlier_features(store),
    )
    return commit(store, plan, now=NOW)


def test_what_was_loaded_is_what_is_stored(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, [HEAD, *ROWS], date(2026, 1, 5))
    with store.reading("test") as connection:
        assert connection.execute(
            "SELECT customer_id, balance, purchases, payments FROM store.features "
            "WHERE customer_id = 'C7'"
        ).fetchall() == [("C7", 70.0, 21.0, 35.0)]
        assert connection.execute("SELECT count(*) FROM store.customers").fetchall() == [(40,)]


def test_a_bad_row_is_kept_aside_with_its_reason(store: Store, tmp_path: Path) -> None:
    done = load(store, tmp_path, [HEAD, *ROWS, "C99,oops,1,1"], date(2026, 1, 5))
    assert (done.customers, done.quarantined) == (40, 1)
    with store.reading("test") as connection:
        (row,) = connection.execute(
            "SELECT file_row, column_name, value FROM quarantine"
        ).fetchall()
    assert row == (42, "BALANCE", "oops")


def test_the_same_rows_in_another_order_are_the_same_load(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, [HEAD, *ROWS], date(2026, 1, 5))
    assert not load(store, tmp_path, [HEAD, *reversed(ROWS)], date(2026, 1, 5)).changed


def test_a_corrected_file_replaces_a_snapshot_not_refitted_yet(
    store: Store, tmp_path: Path
) -> None:
    load(store, tmp_path, [HEAD, *ROWS], date(2026, 1, 5))
    load(store, tmp_path, [HEAD, *ROWS[:30]], date(2026, 1, 5))
    with store.reading("test") as connection:
        assert connection.execute("SELECT count(*) FROM store.features").fetchall() == [(30,)]


def test_a_column_that_went_missing_is_remembered_as_lost(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, [HEAD, *ROWS], date(2026, 1, 5))
    without = [line.rsplit(",", 1)[0] for line in [HEAD, *ROWS]]
    load(store, tmp_path, without, date(2026, 1, 12))
    with store.reading("test") as connection:
        assert connection.execute(
            "SELECT as_of, lost FROM store.snapshots ORDER BY as_of"
        ).fetchall() == [(date(2026, 1, 5), []), (date(2026, 1, 12), ["PAYMENTS"])]


def test_a_date_before_the_published_ones_is_refused(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, [HEAD, *ROWS], date(2026, 1, 12))
    with store.writing("test") as connection:
        connection.execute("UPDATE store.snapshots SET status = 'published'")
    with pytest.raises(DataRefused, match="2026-01-12; history does not change"):
        load(store, tmp_path, [HEAD, *ROWS[:35]], date(2026, 1, 5))


def test_personal_data_is_stored_nowhere(store: Store, tmp_path: Path) -> None:
    lines = [f"{HEAD},EMAIL"] + [f"{row},person{n}@example.org" for n, row in enumerate(ROWS)]
    lines.append("C99,oops,1,1,broken@example.org")
    load(store, tmp_path, lines, date(2026, 1, 5))
    assert b"example.org" not in store.home.live.read_bytes()
