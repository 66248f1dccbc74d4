"""The commit point: a finished copy of the live file under a new name, and a link swapped to it."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from analytics.store import Home, Store

KEEP = 3


def publish(store: Store) -> Path:
    """Publish the live file if it is newer than the published copy; return the current copy.

    A crash at any instant leaves the link on a finished copy. Repeating it is safe.
    """
    home = store.home
    with store.locked("publish"):
        with store.connected() as connection:
            connection.execute("CHECKPOINT")
            revision = connection.execute("SELECT number FROM store.revision").fetchall()[0][0]
        target = home.published / f"segmentry-{revision:08d}.duckdb"
        if home.current.exists() and home.current.resolve() == target.resolve():
            return target
        home.published.mkdir(exist_ok=True)
        part = target.with_suffix(".part")
        shutil.copyfile(home.live, part)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.chmod(0o444)
        part.replace(target)
        link = home.folder / "current.duckdb.new"
        link.unlink(missing_ok=True)
        link.symlink_to(target.relative_to(home.folder))
        link.replace(home.current)
        _prune(home)
    return target


def _prune(home: Home) -> None:
    current = home.current.resolve()
    copies = sorted(home.published.glob("segmentry-*.duckdb"), reverse=True)
    leftovers = [file for file in home.published.iterdir() if not _is_copy(file)]
    for file in [*copies[KEEP:], *leftovers]:
        if file.resolve() != current:
            file.unlink(missing_ok=True)


def _is_copy(file: Path) -> bool:
    return re.fullmatch(r"segmentry-\d{8}\.duckdb", file.name) is not None
