"""Answers about customers who moved between segments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from analytics.answers.reader import Reader, SegmentName


@dataclass(frozen=True)
class Flow:
    """Customers on their way from one segment to another; a None id is outside the base.

    ``by_from`` and ``by_to`` say which ends the row is about: both for one pair, one for all who
    left or arrived in a segment, none for everyone. ``moved`` counts those in a segment before and
    after, and not the same; ``moved_share`` is their share of those before. ``share_of_from``: the
    part of the segment they come from that goes this way.
    """

    by_from: bool
    by_to: bool
    from_segment_id: int | None
    from_name: str | None
    to_segment_id: int | None
    to_name: str | None
    customers: int
    moved: int
    entered: int
    gone: int
    moved_share: float | None
    share_of_from: float


@dataclass(frozen=True)
class Migration:
    """Who moved between two dates, ``flows`` most customers first.

    ``usual_share`` is what nine in ten earlier weeks stayed below; None for longer times and with
    fewer than eight weeks. ``asked`` is "left" or "joined" where that side of everyone is asked
    about; ``order`` where its segments are ranked by it.
    """

    as_of: date
    since: date | None
    from_segment: SegmentName | None
    to_segment: SegmentName | None
    everyone: Flow | None
    flows: tuple[Flow, ...]
    left: tuple[Flow, ...]
    arrived: tuple[Flow, ...]
    usual_share: float | None
    top: int | None
    asked: str | None = None
    order: str | None = None


def migration(reader: Reader) -> Migration:
    """Who moved from where to where: in the last week, or since the date or weeks asked for."""
    query = reader.query
    start, end = query.from_segment, query.to_segment
    if start is None and end is None and query.segments:
        start = query.segments[0]
        end = query.segments[1] if len(query.segments) > 1 else None
    for segment_id in (start, end):
        if segment_id is not None:
            reader.require(segment_id)
    since = reader.since(default_weeks=1) if (query.since or query.weeks) else reader.previous
    if since is None or since >= reader.as_of:
        return _nothing(reader)
    flows = flows_between(reader, since)
    return Migration(
        reader.as_of,
        since,
        None if start is None else reader.name(start),
        None if end is None else reader.name(end),
        next((flow for flow in flows if not flow.by_from and not flow.by_to), None),
        tuple(flow for flow in flows if flow.by_from and flow.by_to),
        tuple(flow for flow in flows if flow.by_from and not flow.by_to),
        tuple(flow for flow in flows if flow.by_to and not flow.by_from),
        usual_movement(reader) if since == reader.previous else None,
        query.top,
        query.term if start is None and end is None else None,
        query.order,
    )


def _nothing(reader: Reader) -> Migration:
    return Migration(reader.as_of, None, None, None, None, (), (), (), None, None)


def flows_between(reader: Reader, since: date) -> tuple[Flow, ...]:
    """Every flow since a date; the week before reads the transitions, not the customers."""
    if since == reader.previous:
        return reader.records(Flow, "migration_week", as_of=reader.as_of)
    return reader.records(Flow, "migration_period", as_of=reader.as_of, since=since)


def usual_movement(reader: Reader) -> float | None:
    """The share of customers nine in ten earlier weeks stayed below."""
    rows = reader.rows(
        "usual_movement", as_of=reader.as_of, year_before=reader.as_of - timedelta(weeks=52)
    )
    return rows[0]["usual_share"] if rows else None
