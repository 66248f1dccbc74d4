"""The live file: opened only to write or to prepare a write, briefly, by one process at a time."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO, TypeAlias

import duckdb
import pandas as pd
import pyarrow as pa

from analytics.errors import SegmentryError, StoreBusy

Connection: TypeAlias = duckdb.DuckDBPyConnection

# The DuckDB command line and DBeaver of 1.4 and later open the files too, not only DuckDB 2.
STORAGE: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": "v1.4.0"
}


@dataclass(frozen=True)
class Home:
    """The folder that holds everything of one company."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "segmentry.toml"

    @property
    def live(self) -> Path:
        return self.folder / "live.duckdb"

    @property
    def lock(self) -> Path:
        return self.folder / "live.lock"

    @property
    def published(self) -> Path:
        return self.folder / "published"

    @property
    def current(self) -> Path:
        return self.folder / "current.duckdb"

    @property
    def offers(self) -> Path:
        return self.folder / "offers.toml"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def claims(self) -> Path:
        return self.folder / "claims"


class Store:
    """Access to the live file under its lock.

    Parameters
    ----------
    home : where the live file is.
    wait_s : seconds to wait for another writer before giving up.
    on_wait : told once, in one sentence, that another process is writing.
    check : raises when a store that was opened cannot be used.
    """

    def __init__(
        self,
        home: Home,
        *,
        wait_s: float = 600.0,
        on_wait: Callable[[str], None] = lambda _: None,
        check: Callable[[Connection], None] = lambda _: None,
    ) -> None:
        self.home = home
        self._wait_s = wait_s
        self._on_wait = on_wait
        self._check = check

    @contextmanager
    def locked(self, purpose: str) -> Iterator[None]:
        """Hold the lock of the live file; a killed holder loses it by itself.

        Raises StoreBusy, naming the holder, when it is not free within ``wait_s`` seconds.
        """
        self.home.folder.mkdir(parents=True, exist_ok=True)
        with self.home.lock.open("a+", encoding="utf-8") as file:
            self._acquire(file)
            file.seek(0)
            file.truncate()
            file.write(f"{purpose} (process {os.getpid()})")
            file.flush()
            try:
                yield
            finally:
                file.seek(0)
                file.truncate()

    def _acquire(self, file: TextIO) -> None:
        deadline = time.monotonic() + self._wait_s
        told = False
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                holder = file.read().strip() or "another Segmentry process"
                if time.monotonic() > deadline:
                    raise StoreBusy(
                        f"The store in {self.home.folder} is still being written by {holder} "
                        f"after {self._wait_s:.0f} s.",
                        "Wait for it to finish, or stop that process, and try again.",
                    ) from None
                if not told:
                    self._on_wait(f"Waiting for {holder} to finish writing.")
                    told = True
                time.sleep(0.05)
            else:
                return

    @contextmanager
    def connected(self, *, read_only: bool = False) -> Iterator[Connection]:
        """The live file, open; the caller holds the lock."""
        if not self.home.live.exists() and read_only:
            raise SegmentryError(
                f"There is no store in {self.home.folder}.", "Run `segmentry init` first."
            )
        try:
            connection = duckdb.connect(str(self.home.live), read_only=read_only, config=STORAGE)
        except duckdb.IOException as error:
            raise StoreBusy(
                f"{self.home.live} cannot be opened: {str(error).splitlines()[0]}",
                "Close the program that has the live file open; read current.duckdb instead.",
            ) from error
        try:
            connection.execute("SET enable_progress_bar = false")
            yield connection
        finally:
            connection.close()

    @contextmanager
    def reading(self, purpose: str) -> Iterator[Connection]:
        """The live file, read-only, under the lock."""
        with self.locked(purpose), self.connected(read_only=True) as connection:
            self._check(connection)
            yield connection

    @contextmanager
    def writing(self, purpose: str) -> Iterator[Connection]:
        """One transaction on the live file, under the lock: all of it happens, or nothing."""
        with self.locked(purpose), self.connected() as connection:
            self._check(connection)
            with transaction(connection):
                yield connection
                connection.execute("UPDATE store.revision SET number = number + 1")
            connection.execute("CHECKPOINT")


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Commit at the end, roll back on any exception."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def append(connection: Connection, table: str, frame: pd.DataFrame) -> None:
    """Add the rows of a DataFrame to ``store.<table>`` by column name; NaN becomes NULL."""
    if frame.empty:
        return
    connection.register("incoming", pa.Table.from_pandas(frame, preserve_index=False))
    connection.execute(f"INSERT INTO store.{table} BY NAME SELECT * FROM incoming")
    connection.unregister("incoming")
