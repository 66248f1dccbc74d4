"""The audit trail: who asked or did what, when, and how it ended; never what was answered."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path


class Audit:
    """Appends one JSON line at a time to ``file``, which only its owner can read."""

    def __init__(self, file: Path, now: Callable[[], datetime]) -> None:
        self._file = file
        self._now = now

    def record(self, user: str, channel: str, **what: object) -> None:
        """Adds a line; whole even when several processes write."""
        line = {"at": self._now().isoformat(timespec="milliseconds"), "user": user}
        text = json.dumps({**line, "channel": channel, **what}, default=str) + "\n"
        self._file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)
