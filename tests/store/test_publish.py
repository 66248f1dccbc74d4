"""One writer, many readers: what is published is finished, new each time, and stays readable."""

import threading
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from analytics.errors import NotPublished, StoreBusy
from analytics.publish import KEEP, publish
from analytics.published import Published
from analytics.schema import migrate
from analytics.store import Home, Store

NOW = datetime(2026, 1, 5, 8)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(Home(tmp_path / "home"))
    migrate(store, now=NOW)
    return store


def change(store: Store, note: str) -> None:
    with store.writing("test") as connection:
        connection.execute(
            "INSERT OR REPLACE INTO store.feature_catalogue VALUES "
            "('X', 'x', 'feature', $note, 'number', "
            "'behavioural', 'none', 1, 'cluster', [], '', 0)",
            {"note": note},
        )


def label(path: Path) -> str:
    with duckdb.connect(str(path), read_only=True) as connection:
        return str(connection.execute("SELECT label FROM feature_catalogue").fetchall()[0][0])


def test_each_publication_has_a_new_name_and_the_link_follows(store: Store) -> None:
    change(store, "first")
    first = publish(store)
    change(store, "second")
    second = publish(store)
    assert first != second
    assert store.home.current.resolve() == second.resolve()
    assert (label(first), label(store.home.current)) == ("first", "second")


def test_publishing_the_same_state_again_changes_nothing(store: Store) -> None:
    change(store, "first")
    assert publish(store) == publish(store)


def test_a_reader_keeps_its_copy_while_newer_ones_are_published_and_pruned(store: Store) -> None:
    change(store, "first")
    publish(store)
    published = Published(store.home)
    old = published.latest()
    for number in range(KEEP + 2):
        change(store, f"later {number}")
        publish(store)
    assert not old.path.exists()
    assert [feature.label for feature in old.features] == ["first"]
    assert [feature.label for feature in published.latest().features] == [f"later {KEEP + 1}"]
    assert len(list(store.home.published.iterdir())) == KEEP


def test_a_half_copied_publication_is_never_served_and_is_cleared_away(store: Store) -> None:
    change(store, "first")
    publish(store)
    leftover = store.home.published / "segmentry-00000099.part"
    leftover.write_bytes(b"half a file")
    assert label(store.home.current) == "first"
    change(store, "second")
    publish(store)
    assert not leftover.exists()


def test_answers_read_from_many_threads_at_once(store: Store) -> None:
    change(store, "first")
    publish(store)
    copy = Published(store.home).latest()
    seen: list[int] = []

    def read() -> None:
        seen.extend(len(copy.rows("catalogue", role="feature")) for _ in range(20))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [1] * 160


def test_without_a_publication_the_next_step_is_named(store: Store) -> None:
    with pytest.raises(NotPublished, match="segmentry refit"):
        Published(store.home).latest()


def test_a_second_writer_waits_and_says_for_whom(store: Store) -> None:
    said: list[str] = []
    other = Store(store.home, wait_s=0.2, on_wait=said.append)
    with (
        store.locked("a long refit"),
        pytest.raises(StoreBusy, match="a long refit"),
        other.writing("load"),
    ):
        pass
    assert len(said) == 1
    assert "a long refit (process" in said[0]


def test_a_failed_write_leaves_nothing(store: Store) -> None:
    change(store, "first")

    def half() -> None:
        with store.writing("test") as connection:
            connection.execute("DELETE FROM store.feature_catalogue")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    with store.reading("test") as connection:
        assert connection.execute("SELECT count(*) FROM store.feature_catalogue").fetchall() == [
            (1,)
        ]


def test_published_copies_open_in_duckdb_of_1_4_and_later(store: Store) -> None:
    change(store, "first")
    with duckdb.connect(str(publish(store)), read_only=True) as connection:
        tags = connection.execute("SELECT tags FROM duckdb_databases() WHERE NOT internal")
        assert "v1.4" in str(tags.fetchall())
