"""Views of what one segment is like."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.answers.facts import Comparison
from analytics.answers.segments import (
    ExplainSegment,
    SegmentProfile,
)
from bot import formats
from bot.formats import capital, day, people, percent, plain, segment, short_day, whole
from bot.reply import Cell, Chart, Choice, Series, Table
from bot.views import wording
from bot.views.view import (
    View,
    index_cell,
    share_cell,
    table,
    value_cell,
)


@dataclass(frozen=True, kw_only=True)
class SegmentProfileView(View):
    """One segment, in the order people ask; optional parts are ""."""

    segment: str
    customers: str
    share: str
    date: str
    description: str
    change: str
    weight: str
    drivers: tuple[str, ...]
    rule: str
    confidence: str
    since: str
    moved_in: str
    moved_out: str
    traits: str


@dataclass(frozen=True, kw_only=True)
class ExplainSegmentView(View):
    """What sets a segment apart, strongest first, and the rule that picks it."""

    segment: str
    date: str
    drivers: tuple[str, ...]
    rule: str
    confidence: str


def segment_profile(data: SegmentProfile, currency: str) -> SegmentProfileView:
    """A segment in words, and what its customers account for."""
    size = data.size
    return SegmentProfileView(
        segment=capital(wording.named(size)),
        customers=people(size.customers),
        share=percent(size.share),
        date=day(data.as_of),
        description=plain(size.description, 300),
        change=wording.change_since(size, data.previous, data.month_before, data.as_of),
        weight=_weight(data),
        drivers=tuple(wording.apart(driver, currency) for driver in data.drivers),
        rule=wording.rule_words(data.confidence),
        confidence=wording.confidence_words(data.confidence),
        since=short_day(data.previous, data.as_of) if data.previous else "",
        moved_in=_moves(
            [(m.from_segment_id, m.from_name, m.customers) for m in data.moved_in],
            "from",
            "new to the base",
        ),
        moved_out=_moves(
            [(m.to_segment_id, m.to_name, m.customers) for m in data.moved_out],
            "to",
            "no longer customers",
        ),
        traits="; ".join(
            f"{plain(trait.label)} “{plain(trait.value)}” {percent(trait.share)} "
            f"(everyone {percent(trait.share_of_all)})"
            for trait in data.traits
        ),
        tables=(_amounts(data, currency),) if data.amounts else (),
        charts=(_indices(data),) if data.amounts else (),
        choices=(
            Choice("Trend", f"how is segment {size.segment_id} trending"),
            Choice("Compare", f"compare segment {size.segment_id} with everyone"),
            Choice("What to offer?", f"what should we offer segment {size.segment_id}"),
        ),
    )


def _moves(moves: list[tuple[int | None, str | None, int]], way: str, outside: str) -> str:
    """``17 from segment 3 (...), 5 new customers``; the three largest flows."""
    return ", ".join(
        f"{whole(customers)} {outside}"
        if segment_id is None
        else f"{whole(customers)} {way} {segment(segment_id, name)}"
        for segment_id, name, customers in moves[:3]
    )


def _weight(data: SegmentProfile) -> str:
    """The amounts whose share is furthest from the share of customers: the most, and the least."""
    own = [c.own for c in data.amounts if c.own.share_of_total is not None]
    ordered = sorted(own, key=lambda row: row.share_of_total or 0.0)
    ends = dict.fromkeys([*reversed(ordered[-2:]), *ordered[:1]])
    parts = [f"{percent(row.share_of_total)} of all {plain(row.label)}" for row in ends]
    return formats.joined(parts) if parts else ""


def _amounts(data: SegmentProfile, currency: str) -> Table:
    rows = []
    for compared in data.amounts:
        own, everyone = compared.own, compared.everyone
        rows.append(
            [
                Cell(capital(plain(own.label))),
                value_cell(own.mean, own.unit, currency),
                value_cell(everyone.mean, own.unit, currency),
                index_cell(own.index_vs_all),
                share_cell(own.share_of_total),
                value_cell(own.median, own.unit, currency),
                share_cell(own.zero_share),
            ]
        )
    return table(
        f"Beside everyone, and what its {percent(data.size.share)} of customers account for",
        ["Feature", "Average", "Everyone", "Index", "Of total", "Median", "Have none"],
        rows,
    )


def _indices(data: SegmentProfile) -> Chart:
    own = [compared.own for compared in data.amounts]
    return Chart(
        "bar",
        "Average per customer (everyone = 100)",
        tuple(capital(plain(row.label)) for row in own),
        (
            Series(
                f"Segment {data.size.segment_id}", tuple(row.index_vs_all or 0.0 for row in own)
            ),
            Series("Everyone", (100.0,) * len(own)),
        ),
        "index",
    )


def explain_segment(data: ExplainSegment, currency: str) -> ExplainSegmentView:
    """The drivers of a segment in words and numbers."""
    return ExplainSegmentView(
        segment=capital(wording.named(data.size)),
        date=day(data.as_of),
        drivers=tuple(wording.apart(driver, currency) for driver in data.drivers),
        rule=wording.rule_words(data.confidence),
        confidence=wording.confidence_words(data.confidence),
        tables=(drivers_table(data.drivers, currency),),
        choices=(Choice("Full profile", f"profile of segment {data.size.segment_id}"),),
    )


def drivers_table(drivers: tuple[Comparison, ...], currency: str) -> Table:
    """Drivers with what the segment and everyone have."""
    return table(
        "What sets it apart, strongest first",
        ["Feature", "Average", "Everyone", "Median", "Everyone", "Have none"],
        [
            [
                Cell(capital(plain(own.label))),
                value_cell(own.mean, own.unit, currency),
                value_cell(everyone.mean, own.unit, currency),
                value_cell(own.median, own.unit, currency),
                value_cell(everyone.median, own.unit, currency),
                share_cell(own.zero_share),
            ]
            for own, everyone in ((c.own, c.everyone) for c in drivers)
        ],
    )
