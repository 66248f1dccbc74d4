"""What a person is told, finished but not yet put into any surface's form.

Slack, the terminal and JSON all show the same Reply. Every text in it is final (numbers formatted,
sentences written) and none of it is markup: a surface escapes all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from analytics.model import Query, Status

ChartKind = Literal["bar", "line", "pie", "area"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what is shown, and the number it sorts by where it is one."""

    text: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading and the side its cells keep to."""

    label: str
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; every row has one cell per column."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Series:
    """One line, set of bars or pie: a value per category of its chart."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Series over the same categories; ``unit`` names the value axis ("" for a bare number)."""

    kind: ChartKind
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button that asks ``question`` for the person who clicks it."""

    label: str
    question: str


@dataclass(frozen=True, slots=True)
class Card:
    """One thing on its own, in a few words, and what to ask about it (up to three choices)."""

    title: str
    subtitle: str = ""
    body: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Deck:
    """Cards beside each other, in the place of a list in the text; ``caption`` stands below."""

    cards: tuple[Card, ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer as a person sees it.

    Attributes
    ----------
    text : the answer in plain sentences, the first of which stands alone; may have several lines.
    deck : cards that tell what the bulleted lines of ``text`` and the tables tell.
    footer : date, fit and base the numbers are about, in one line.
    sql : the statements that reproduce the numbers.
    choices : what to ask next.
    meta : what `meta_of` gives, kept with the message where the surface can.
    """

    status: Status
    text: str
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    deck: Deck | None = None
    footer: str = ""
    sql: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)


def meta_of(query: Query, named: Iterable[int] = ()) -> dict[str, Any]:
    """The query a reply is about and the segments it names, as JSON-ready values for its ``meta``;
    `listeners.recall` reads them back.
    """
    said = {"intent": query.intent, "slots": query.slots()}
    segments = list(named)
    return {**said, "named": segments} if segments else said
