"""The log: one rotating file in the home, and a token that ties an apology to its line."""

from __future__ import annotations

import logging
import secrets
from logging.handlers import RotatingFileHandler
from pathlib import Path

log = logging.getLogger("segmentry")


def start(folder: Path | None, *, to_console: bool = False) -> None:
    """Write the log to ``folder/segmentry.log`` (5 files of 2 MB), and to stderr for a service.

    Without a folder, before there is a home, nothing is kept.
    """
    handlers: list[logging.Handler] = [logging.NullHandler()]
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        file = RotatingFileHandler(folder / "segmentry.log", maxBytes=2_000_000, backupCount=5)
        handlers.append(file)
    if to_console:
        handlers.append(logging.StreamHandler())
    logging.basicConfig(
        level=logging.INFO,
        handlers=handlers,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        force=True,
    )
    logging.getLogger("apscheduler").setLevel(logging.WARNING)


def unexpected(error: BaseException, doing: str) -> str:
    """Log an unknown failure with its traceback; return the token to show instead."""
    token = secrets.token_hex(4)
    log.error("[%s] while %s", token, doing, exc_info=error)
    return token
