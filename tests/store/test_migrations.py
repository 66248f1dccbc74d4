"""The store's schema: applied once, in order, checked, and never silently different."""

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from analytics.errors import SegmentryError
from analytics.publish import publish
from analytics.published import Published
from analytics.schema import check, migrate, migrations, pending, quote, require_current
from analytics.store import Home, Store
from bot.commands.setup import migrate_store

NOW = datetime(2026, 1, 5, 8)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Home(tmp_path / "home"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped migrations that a test may change."""
    copy = tmp_path / "migrations"
    copy.mkdir()
    for migration in migrations():
        (copy / f"{migration.name}.sql").write_text(migration.sql)
    return copy


def test_migrating_twice_applies_everything_once(store: Store) -> None:
    assert migrate(store, now=NOW) == [*(migration.name for migration in migrations()), "views"]
    assert migrate(store, now=NOW) == []
    require_current(store)


def test_an_edited_migration_is_refused_by_name(store: Store, folder: Path) -> None:
    migrate(store, now=NOW, folder=folder)
    first = sorted(folder.iterdir())[0]
    first.write_text(first.read_text() + "\n-- a late thought\n")
    with pytest.raises(SegmentryError, match=rf"{first.stem} was edited after it was applied"):
        migrate(store, now=NOW, folder=folder)


def test_a_store_of_a_newer_version_is_refused(store: Store, folder: Path) -> None:
    (folder / "0099_later.sql").write_text("CREATE TABLE store.later (n INTEGER);")
    migrate(store, now=NOW, folder=folder)
    with pytest.raises(SegmentryError, match=r"newer Segmentry \(migration 0099"):
        migrate(store, now=NOW)


def test_pending_migrations_stop_the_service_with_their_names(store: Store, folder: Path) -> None:
    migrate(store, now=NOW)
    (folder / "0099_later.sql").write_text("CREATE TABLE store.later (n INTEGER);")
    with store.reading("test") as connection:
        waiting = pending(connection, migrations(folder))
    assert [migration.name for migration in waiting] == ["0099_later", "views"]


def test_a_failing_migration_leaves_the_store_as_it_was(store: Store, folder: Path) -> None:
    migrate(store, now=NOW)
    (folder / "0099_broken.sql").write_text("CREATE TABLE store.half (n INTEGER); SELECT nonsense;")
    with pytest.raises(Exception, match="nonsense"):
        migrate(store, now=NOW, folder=folder)
    require_current(store)
    with store.reading("test") as connection:
        tables = connection.execute("SELECT table_name FROM information_schema.tables").fetchall()
    assert ("half",) not in tables


def test_a_store_with_data_is_copied_before_it_is_migrated(store: Store, folder: Path) -> None:
    migrate(store, now=NOW)
    (folder / "0099_later.sql").write_text("CREATE TABLE store.later (n INTEGER);")
    migrate(store, now=NOW, folder=folder)
    assert (store.home.folder / "live.before-0099.duckdb").exists()


def of_an_earlier_version(path: Path) -> None:
    """Make a DuckDB file look as if a Segmentry with other views had made it."""
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE store.migrations SET checksum = 'other' WHERE name = 'views'")
        connection.execute("DROP VIEW segment_features")


def test_after_an_upgrade_load_and_ask_say_migrate_and_then_work(store: Store) -> None:
    home = store.home
    migrate(store, now=NOW)
    publish(store)
    checked = Store(home, check=check)
    for file in (home.live, home.current):
        of_an_earlier_version(file)
    with (
        pytest.raises(SegmentryError, match=r"lacks views.* run `segmentry migrate`"),
        checked.writing("load"),
    ):
        pass
    with pytest.raises(SegmentryError, match="run `segmentry migrate`"):
        Published(home).latest()

    assert migrate_store(home.folder) == "Store: applied views."
    with checked.writing("load"):
        pass
    assert Published(home).latest().rows("catalogue", role="feature") == []


def test_a_missing_store_says_what_to_run(store: Store) -> None:
    store.home.folder.mkdir()
    with pytest.raises(SegmentryError, match="Run `segmentry init` first"):
        require_current(store)


def test_identifiers_are_quoted_whatever_they_hold() -> None:
    assert quote('a "b"; DROP') == '"a ""b""; DROP"'
