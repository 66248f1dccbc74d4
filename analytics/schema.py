"""Migrations of the live file, the public views, and the quoting of identifiers."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from analytics.errors import SegmentryError
from analytics.model import Feature
from analytics.shipped import shipped
from analytics.store import Connection, Store, transaction

VIEWS = Path(__file__).parent / "sql" / "views"


@dataclass(frozen=True)
class Migration:
    """A numbered file of ``migrations/``, or number 0: all views; ``checksum`` is its sha256."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations(folder: Path | None = None) -> list[Migration]:
    """The shipped migrations in order."""
    return [
        Migration(int(file.name[:4]), file.stem, file.read_text(encoding="utf-8"))
        for file in sorted((folder or shipped("migrations")).glob("[0-9][0-9][0-9][0-9]_*.sql"))
    ]


def views() -> Migration:
    """Every public view, in order; the only migration that is applied again when it changes."""
    statements = [
        f"CREATE OR REPLACE VIEW main.{quote(file.stem.split('_', 1)[1])} AS "
        + file.read_text(encoding="utf-8")
        + ";"
        for file in sorted(VIEWS.glob("*.sql"))
    ]
    return Migration(0, "views", "\n".join(statements))


def pending(connection: Connection, known: list[Migration]) -> list[Migration]:
    """Migrations not yet applied, and the views when they or anything below them changed.

    Raises SegmentryError when an applied one was edited since, or when the store is newer.
    """
    applied = _applied(connection)
    by_number = {migration.number: migration for migration in known}
    drawn = applied.pop(0, None)
    for number, checksum in applied.items():
        if number not in by_number:
            raise SegmentryError(
                f"This store was written by a newer Segmentry (migration {number:04d}; this one "
                f"knows up to {max(by_number, default=0):04d}).",
                "Install the newer version.",
            )
        if by_number[number].checksum != checksum:
            raise SegmentryError(
                f"Migration {by_number[number].name} was edited after it was applied to this "
                "store.",
                "Restore the released file; a correction is a migration with the next number.",
            )
    todo = [migration for migration in known if migration.number not in applied]
    return [*todo, views()] if todo or drawn != views().checksum else []


def check(connection: Connection) -> None:
    """Raise SegmentryError when a store was made by another version of Segmentry."""
    todo = pending(connection, migrations())
    if todo:
        names = ", ".join(migration.name for migration in todo)
        raise SegmentryError(
            f"This store was made by an earlier Segmentry; it lacks {names}.",
            "Stop the service if it runs, then run `segmentry migrate`.",
        )


def _applied(connection: Connection) -> dict[int, str]:
    exists = connection.execute(
        "SELECT count(*) FROM information_schema.tables "
        "WHERE table_schema = 'store' AND table_name = 'migrations'"
    ).fetchall()[0][0]
    if not exists:
        return {}
    return dict(connection.execute("SELECT number, checksum FROM store.migrations").fetchall())


def migrate(store: Store, *, now: datetime, folder: Path | None = None) -> list[str]:
    """Apply what is pending, each migration in one transaction with its record.

    A store that already holds data is copied first to ``live.before-NNNN.duckdb``, unless only
    views change.
    Returns the names applied; safe to repeat.
    """
    done = []
    with store.locked("migrate"):
        existed = store.home.live.exists()
        with store.connected() as connection:
            todo = pending(connection, migrations(folder))
            before = len(_applied(connection))
            if not todo:
                return []
        if existed and before and todo[0].number:
            backup = store.home.live.with_name(f"live.before-{todo[0].number:04d}.duckdb")
            shutil.copyfile(store.home.live, backup)
        with store.connected() as connection:
            for migration in todo:
                with transaction(connection):
                    connection.execute("CREATE SCHEMA IF NOT EXISTS store")
                    connection.execute(
                        "CREATE TABLE IF NOT EXISTS store.migrations (number INTEGER PRIMARY KEY, "
                        "name VARCHAR NOT NULL, checksum VARCHAR NOT NULL, "
                        "applied_at TIMESTAMP NOT NULL)"
                    )
                    connection.execute(migration.sql)
                    connection.execute(
                        "INSERT OR REPLACE INTO store.migrations VALUES (?, ?, ?, ?)",
                        [migration.number, migration.name, migration.checksum, now],
                    )
                    if migration is todo[-1]:
                        connection.execute("UPDATE store.revision SET number = number + 1")
                done.append(migration.name)
            connection.execute("CHECKPOINT")
    return done


def require_current(store: Store) -> None:
    """Raise SegmentryError when the store is missing or has pending migrations."""
    with store.reading("check the schema") as connection:
        check(connection)


def refresh_views(connection: Connection) -> None:
    """Create or replace every public view, so that it shows columns added since."""
    connection.execute(views().sql)


def quote(identifier: str) -> str:
    """An identifier as SQL writes it, whatever characters it has."""
    return '"' + identifier.replace('"', '""') + '"'


def add_columns(connection: Connection, table: str, features: Iterable[Feature]) -> None:
    """Give ``store.<table>`` a column for each feature or trait it does not have yet."""
    for feature in features:
        kind = "VARCHAR" if feature.unit == "text" else "DOUBLE"
        connection.execute(
            f"ALTER TABLE store.{table} ADD COLUMN IF NOT EXISTS {quote(feature.column)} {kind}"
        )
