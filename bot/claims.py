"""Who may do a thing that must be done once: claims that survive restarts and other processes."""

from __future__ import annotations

import hashlib
import threading
import time
from pathlib import Path

_DAY = 86_400
_PRUNE_EVERY = 500


class Claims:
    """One empty file per key under ``folder``; creating it is the claim.

    Parameters
    ----------
    folder : made when missing.
    keep_days : a key is forgotten this long after it was claimed or last refreshed.
    """

    def __init__(self, folder: Path, keep_days: float = 2) -> None:
        self._folder = folder
        self._keep_seconds = keep_days * _DAY
        self._counter = 0
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        self._prune()

    def claim(self, *keys: str) -> bool:
        """True for the first caller ever that names these keys; all of them must be new.

        Callers name their keys in the same order: the first key not free ends the claim, so of
        two callers with the same keys one wins.
        """
        self._count()
        return all(self._create(key) for key in keys)

    def holds(self, key: str) -> bool:
        """Whether ``key`` was claimed and not yet forgotten."""
        return self._path(key).exists()

    def refresh(self, key: str) -> None:
        """Claims ``key``, or keeps it for another ``keep_days``."""
        self._count()
        self._path(key).touch()

    def _create(self, key: str) -> bool:
        try:
            self._path(key).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def _path(self, key: str) -> Path:
        return self._folder / hashlib.sha256(key.encode(errors="replace")).hexdigest()[:32]

    def _count(self) -> None:
        with self._lock:
            self._counter += 1
            due = self._counter % _PRUNE_EVERY == 0
        if due:
            self._prune()

    def _prune(self) -> None:
        oldest = time.time() - self._keep_seconds
        for path in self._folder.iterdir():
            try:
                if path.is_file() and path.stat().st_mtime < oldest:
                    path.unlink()
            except FileNotFoundError:  # another process pruned it
                continue
