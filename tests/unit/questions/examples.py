"""Messages with no more than their intent, from the files of the folder ``asked``.

A line is ``intent | message``; one that starts with ``>`` follows up on the line before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.questions.intents.classifier import OUT_OF_SCOPE

FOLDER = Path(__file__).parent / "asked"


@dataclass(frozen=True)
class Asked:
    """A message, its intent or "out_of_scope", and the intent ``after`` which it was said."""

    text: str
    intent: str
    after: str | None


def authors() -> list[str]:
    """Names of the files, one for each author."""
    return sorted(file.stem for file in FOLDER.glob("*.txt"))


def asked(author: str) -> Iterator[Asked]:
    """The messages of one author in order."""
    before: str | None = None
    for line in (FOLDER / f"{author}.txt").read_text("utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        intent, text = line.removeprefix("> ").split(" | ", 1)
        yield Asked(text, intent, before if line.startswith("> ") else None)
        before = before if intent == OUT_OF_SCOPE else intent
