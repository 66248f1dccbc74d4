"""Questions with the queries they should become, read from the text files of this folder.

A line is ``question => status? intent slot=value ...``; ``?`` is a question back, ``!`` declined,
``*`` any intent; ``|`` separates readings that are equally right; ``;;`` separates the questions
of one message; a line that starts with ``>`` follows up on the line before, read as its first
reading. In slots ``_`` is a blank, ``&`` joins conditions, ``:a..b`` is between; ``named`` is no
slot but the segments that the answer named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from analytics.catalogue import card_catalogue
from analytics.model import Condition, Feature, Query
from bot.questions.parse import parse
from bot.questions.reading import Reading
from bot.questions.things.lexicon import Lexicon, SegmentWords

FOLDER = Path(__file__).parent
TODAY = date(2026, 10, 7)
SNAPSHOTS = [date(2026, 8, 3) + timedelta(weeks=n) for n in range(10)]
STATUS = {"?": "clarify", "!": "declined"}


def lexicon() -> Lexicon:
    """Six segments of a card company with three traits and ten weeks."""
    return Lexicon.build(
        [
            SegmentWords(1, "Big spenders", ("VIPs",)),
            SegmentWords(2, "Cash-advance revolvers", ()),
            SegmentWords(3, "Instalment shoppers", ()),
            SegmentWords(4, "Full payers", ()),
            SegmentWords(5, "Dormant cards", ()),
            SegmentWords(6, "One-off buyers", ()),
        ],
        card_catalogue(),
        [
            Feature("region", "region", "text", "geographic"),
            Feature("channel", "main channel", "text", "technographic", synonyms=("channel",)),
            Feature("age_band", "age band", "text", "demographic"),
        ],
        {
            "region": ("North", "South", "East", "West"),
            "channel": ("mobile app", "web", "branch"),
            "age_band": ("18-29", "30-44", "45-64", "65+"),
        },
        SNAPSHOTS,
    )


@dataclass(frozen=True)
class Expected:
    """One query that should come out; ``intent`` is ``*`` where only the status matters."""

    status: str
    intent: str
    slots: tuple[tuple[str, Any], ...]

    def query(self) -> Query:
        return Query("help" if self.intent == "*" else self.intent, **dict(self.slots))

    def fits(self, reading: Reading) -> bool:
        """Whether a reading has this status, intent and, when understood, exactly these slots."""
        if reading.status != self.status:
            return False
        if self.intent == "*" or self.status == "declined":
            return True
        if reading.query.intent != self.intent:
            return False
        return self.status != "understood" or self.intent == "sql" or self._same(reading.query)

    def _same(self, query: Query) -> bool:
        if query.intent == "schedule":
            return True
        if query.intent in ("model_info", "migration") and not self.query().term:
            query = replace(query, term=None)
        return query == self.query()


@dataclass(frozen=True)
class Case:
    """A message, the query before it in its conversation, and what may come out of each part."""

    text: str
    expected: tuple[tuple[Expected, ...], ...]
    previous: Query | None
    file: str
    line: int

    def read(self, known: Lexicon) -> tuple[Reading, ...]:
        return parse(self.text, known, today=TODAY, previous=self.previous)

    def fits(self, readings: tuple[Reading, ...]) -> bool:
        return len(readings) == len(self.expected) and all(
            any(e.fits(r) for e in either)
            for either, r in zip(self.expected, readings, strict=True)
        )

    def confidently_wrong(self, readings: tuple[Reading, ...]) -> bool:
        """Whether an answer would be given, and to another question than was asked."""
        return not self.fits(readings) and any(
            r.status == "understood" and not any(e.fits(r) for e in sum(self.expected, ()))
            for r in readings
        )

    @property
    def is_out_of_scope(self) -> bool:
        """Whether nothing but a refusal is right."""
        return all(e.status == "declined" for either in self.expected for e in either)


def cases(name: str) -> list[Case]:
    """The cases of one file."""
    found: list[Case] = []
    previous: Query | None = None
    for number, line in enumerate((FOLDER / f"{name}.txt").read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("# "):
            continue
        text, wanted = line.rsplit(" => ", 1)
        follows = text.startswith("> ")
        expected = tuple(
            tuple(_expected(reading.strip()) for reading in part.split(" | "))
            for part in wanted.split(" ;; ")
        )
        found.append(
            Case(text.removeprefix("> "), expected, previous if follows else None, name, number)
        )
        previous = expected[-1][0].query()
    return found


def _expected(text: str) -> Expected:
    words = text.split()
    status = STATUS.get(words[0], "understood")
    if status != "understood":
        words = words[1:]
    return Expected(status, words[0], tuple(_slots(words[1:])))


def _slots(words: list[str]) -> Iterator[tuple[str, Any]]:
    renamed = {"from": "from_segment", "to": "to_segment"}
    for word in words:
        key, value = word.split("=", 1)
        key = renamed.get(key, key)
        if key in ("segments", "named"):
            yield key, tuple(int(s) for s in value.split(","))
        elif key == "features":
            yield key, tuple(value.split(","))
        elif key in ("top", "weeks", "from_segment", "to_segment"):
            yield key, int(value)
        elif key in ("as_of", "since"):
            yield key, date.fromisoformat(value)
        elif key == "filter":
            yield key, tuple(_condition(c) for c in value.split("&"))
        elif key == "chart":
            yield key, True
        else:
            yield key, value.replace("_", " ") if key in ("name", "offer", "term") else value


def _condition(text: str) -> Condition:
    between = re.fullmatch(r"(\w+):([\d.]+)\.\.([\d.]+)", text)
    if between:
        return Condition(between[1], "between", (float(between[2]), float(between[3])))
    found = re.fullmatch(r"(\w+)(<=|>=|<|>|=)([\d.]+)", text)
    assert found, text
    return Condition(found[1], found[2], float(found[3]))  # type: ignore[arg-type]
