"""Views of answers about segments at one date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analytics.answers.facts import Size
from analytics.answers.segments import (
    Overview,
    SegmentSize,
)
from bot import formats
from bot.formats import capital, day, people, percent, plain, short_day, whole
from bot.reply import Card, Cell, Chart, Choice, Deck, Series, Table
from bot.views import wording
from bot.views.view import (
    View,
    change_cell,
    count_cell,
    share_cell,
    table,
    value_cell,
)

_CARDS = 10


@dataclass(frozen=True, kw_only=True)
class OverviewView(View):
    """Every segment with the sentence that describes it."""

    customers: str
    count: str
    date: str
    largest: str
    largest_size: str
    segments: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class SegmentSizeView(View):
    """A sentence for each of up to three segments, else the largest and the smallest; ``together``
    is "" unless several are asked about, and not all.
    """

    together: str
    lines: tuple[str, ...]
    date: str
    count: str
    largest: str
    smallest: str


def overview(data: Overview, _currency: str) -> OverviewView:
    """Sizes with their changes, as a chart, and each segment on a card."""
    largest = max(data.segments, key=lambda size: size.customers)
    return OverviewView(
        customers=people(data.customers),
        count=people(data.count, "segment"),
        date=day(data.as_of),
        largest=wording.named(largest),
        largest_size=wording.of_all(largest),
        segments=tuple((wording.named(s), plain(s.description, 300)) for s in data.segments),
        tables=(sizes_table(data.segments, data.as_of, data.previous, data.month_before),),
        charts=(sizes_chart(data.segments),),
        deck=_deck(data.segments),
        choices=(
            Choice("Profile of the largest", f"profile of segment {largest.segment_id}"),
            Choice("What changed?", "did anything change this week?"),
        ),
    )


def _deck(sizes: tuple[Size, ...]) -> Deck:
    """A card for each segment, or for the largest where there are too many to leaf through."""
    largest = sorted(sizes, key=lambda size: -size.customers)[:_CARDS]
    many = f"Cards for the ten largest of {len(sizes)} segments; the table has them all."
    caption = many if len(sizes) > _CARDS else ""
    return Deck(tuple(_card(size) for size in sizes if size in largest), caption)


def _card(size: Size) -> Card:
    return Card(
        formats.short_segment(size.segment_id, size.name),
        f"{people(size.customers)} · {percent(size.share)}",
        plain(size.description, 300),
        (
            Choice("Profile", f"profile of segment {size.segment_id}"),
            Choice("What to offer?", f"what should we offer segment {size.segment_id}"),
        ),
    )


def sizes_table(
    sizes: tuple[Size, ...],
    as_of: date,
    previous: date | None,
    month_before: date | None = None,
) -> Table:
    """Sizes with their changes since the snapshot before and since four weeks before."""
    monthly = month_before is not None and month_before != previous
    headings = ["Segment", "Customers", "Share"]
    headings += [f"Since {short_day(previous, as_of)}"] if previous else []
    headings += [f"Since {short_day(month_before, as_of)}"] if month_before and monthly else []
    return table(
        f"Segments on {day(as_of)}",
        headings,
        [
            [
                Cell(formats.short_segment(size.segment_id, size.name)),
                count_cell(size.customers),
                share_cell(size.share),
                *([change_cell(size.relative_change)] if previous else []),
                *([change_cell(size.month_relative_change)] if monthly else []),
            ]
            for size in sizes
        ],
    )


def _sums_table(data: SegmentSize, currency: str) -> Table:
    """Sizes beside the part of each feature's total."""
    headings = ["Segment", "Customers", "Share"]
    profiles = wording.by_feature(data.features)
    for rows in profiles.values():
        headings += [f"Total {plain(rows[None].label)}", "Of all"]
    lines = []
    for size in data.segments:
        line = [
            Cell(formats.short_segment(size.segment_id, size.name)),
            count_cell(size.customers),
            share_cell(size.share),
        ]
        for rows in profiles.values():
            own = rows[size.segment_id]
            line += [value_cell(own.sum, own.unit, currency), share_cell(own.share_of_total)]
        lines.append(line)
    return table(f"Segments on {day(data.as_of)}", headings, lines)


def sizes_chart(sizes: tuple[Size, ...]) -> Chart:
    """Customers of each segment."""
    return Chart(
        "bar",
        "Customers by segment",
        tuple(formats.short_segment(size.segment_id, size.name) for size in sizes),
        (Series("Customers", tuple(float(size.customers) for size in sizes)),),
        "customers",
    )


def segment_size(data: SegmentSize, currency: str) -> SegmentSizeView:
    """Sizes, and the part of a feature's total where one was asked for."""
    several = len(data.segments) > 1
    tables = []
    if data.features:
        tables.append(_sums_table(data, currency))
    elif several:
        tables.append(sizes_table(data.segments, data.as_of, data.previous, data.month_before))
    ordered = sorted(data.segments, key=lambda size: -size.customers)
    ids = wording.ids(data.segments)
    together = ""
    if data.together:
        together = (
            f"Segments {ids} together have {people(data.together.customers)} on {day(data.as_of)}, "
            f"{percent(data.together.share)} of all"
        )
    return SegmentSizeView(
        together=together,
        date=day(data.as_of),
        count=people(len(data.segments), "segment"),
        largest=f"{wording.named(ordered[0])} with {wording.of_all(ordered[0])}",
        smallest=f"{wording.named(ordered[-1])} with {wording.of_all(ordered[-1])}",
        lines=tuple(_size_line(size, data) for size in data.segments)
        if len(data.segments) <= 3
        else (),
        tables=tuple(tables),
        charts=(sizes_chart(data.segments),) if several else (),
        choices=tuple(
            Choice("Over time", f"how is segment {size.segment_id} trending")
            for size in data.segments
            if not several
        ),
    )


def _size_line(size: Size, data: SegmentSize) -> str:
    change = wording.change_since(size, data.previous, data.month_before, data.as_of)
    line = (
        f"{capital(wording.named(size))} has {people(size.customers)} on {day(data.as_of)}, "
        f"{percent(size.share)} of all {whole(size.customers_of_all)}."
    )
    return f"{line} That is {change[:1].lower()}{change[1:]}." if change else line
