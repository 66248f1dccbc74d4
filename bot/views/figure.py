"""What a page of charts is made of: figures with their numbers, in sections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.reply import Table


@dataclass(frozen=True)
class Key:
    """One entry of a legend."""

    name: str
    colour: str


@dataclass(frozen=True)
class Figure:
    """A chart, the sentence that says what it shows, and the numbers behind it.

    ``option`` is what ECharts draws; ``unit`` tells how its value axis is written.
    """

    key: str
    lead: str
    option: dict[str, Any] | None
    legend: tuple[Key, ...]
    table: Table
    unit: str = "number"
    height: int = 340


@dataclass(frozen=True)
class Section:
    """A heading, what to know before looking, and its figures."""

    key: str
    title: str
    text: tuple[str, ...]
    figures: tuple[Figure, ...]
