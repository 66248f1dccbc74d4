"""What a template arranges, and the tables, charts and cards that stand beside its text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot import formats
from bot.reply import Cell, Chart, Choice, Column, Deck, Table


@dataclass(frozen=True, kw_only=True)
class View:
    """Finished words and numbers for one template; subclasses add the fields it names."""

    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    deck: Deck | None = None
    choices: tuple[Choice, ...] = ()


def table(
    caption: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell | str]],
    *,
    left: int = 1,
) -> Table:
    """A table whose first ``left`` columns keep left and the others right."""
    return Table(
        caption,
        tuple(
            Column(heading, "left" if i < left else "right") for i, heading in enumerate(headings)
        ),
        tuple(
            tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in row) for row in rows
        ),
    )


def count_cell(number: float | None) -> Cell:
    """A number of customers."""
    return Cell(formats.whole(number), number) if formats.known(number) else Cell(formats.UNKNOWN)


def share_cell(share: float | None) -> Cell:
    """A share of something, as percent; sorts by the percentage shown."""
    if not formats.known(share):
        return Cell(formats.UNKNOWN)
    return Cell(formats.percent(share), round(share * 100, 1))


def change_cell(relative: float | None) -> Cell:
    """A relative change."""
    if not formats.known(relative):
        return Cell(formats.UNKNOWN)
    return Cell(formats.signed_percent(relative), round(relative * 100, 1))


def value_cell(number: float | None, unit: str, currency: str) -> Cell:
    """A value of a feature in its unit."""
    if not formats.known(number):
        return Cell(formats.UNKNOWN)
    return Cell(formats.value(number, unit, currency), round(number, 4))


def index_cell(index: float | None) -> Cell:
    """An index with 100 for the average customer."""
    return Cell(formats.whole(index), round(index)) if formats.known(index) else Cell("n/a")
