"""One week as the digest tells it, made from a published copy alone: same week, same facts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from analytics.answers import checks, facts, moves
from analytics.answers.changes import TrendPoint
from analytics.answers.checks import Event, Verdict
from analytics.answers.facts import Size
from analytics.answers.reader import AnswerContext, Reader
from analytics.errors import SegmentryError
from analytics.model import Query
from analytics.published import Copy

TREND_SNAPSHOTS = 13


@dataclass(frozen=True)
class Run:
    """The weekly run of a date; ``file`` to ``loaded_at`` are None when its load is not on record.

    ``why`` is the sentence for the verdict on the refit, or for the refusal of the data.
    """

    as_of: date
    status: Literal["published", "refused"]
    refit: str | None
    fit_id: int | None
    customers: int
    customers_entered: int
    customers_left: int
    judged_at: datetime
    why: str
    file: str | None
    rows: int | None
    quarantined: int | None
    loaded_at: datetime | None
    lost_features: list[str]


@dataclass(frozen=True)
class Causes:
    """Customers who came, went or changed segment in a week, each counted once."""

    behaviour: int
    model: int
    population: int


@dataclass(frozen=True)
class MoneyTotal:
    """An amount of all customers: previous + population + own = current, in money.

    ``population`` came or went, ``own`` is the change of those in both weeks; ``moved`` is this
    week's amount of those who changed segment, None where that is not on record;
    ``relative_change`` is a share (0.03 = 3 %).
    """

    measure: str
    label: str
    previous: float
    population: float
    own: float
    current: float
    relative_change: float | None
    moved: float | None


@dataclass(frozen=True)
class MoneyFlow:
    """Customers who went from one segment to another, and their amount then and now."""

    from_segment_id: int
    to_segment_id: int
    customers: int
    previous: float | None
    current: float | None


@dataclass(frozen=True)
class Missing:
    """A feature without a value for a share of customers."""

    label: str
    missing_share: float


@dataclass(frozen=True)
class FitHealth:
    """The fit that decides the segments; ``min_jaccard`` in [0, 1] is the least stable segment's,
    None where stability was not measured.
    """

    fit_id: int
    as_of: date
    k: int
    silhouette: float
    min_jaccard: float | None
    why_k: str


@dataclass(frozen=True)
class SizePoint:
    """Customers of a segment on a date."""

    as_of: date
    segment_id: int
    customers: int
    share: float


@dataclass(frozen=True)
class UnreportedWeek:
    """A week judged since the last posted digest and never posted itself."""

    as_of: date
    status: str
    why: str
    alarms: int
    watches: int
    first_alarm: str | None


@dataclass(frozen=True)
class WeeklyDigest:
    """Everything the digest of one date says.

    Attributes
    ----------
    as_of : date of the snapshot that was judged.
    previous : the published snapshot before it; of a refused week, the last good one.
    names, colours : what each segment was called on that date, and its colour, by id.
    measure, measure_label : the amount moves are told in; "" when the store has no amounts.
    unreported : weeks judged since the last posted digest, oldest first.
    moved : customers in both weeks who changed segment; ``moved_share`` of those before.
    usual_share : what nine in ten earlier weeks stayed below; None with fewer than eight.
    flows : pairs of segments, most customers first.
    trend : sizes of up to 13 snapshots; ``alarm_trend`` the averages behind ``alarm``, the first
        alarm about one feature of one segment (``alarm_label``).
    sql : the statements that give these numbers.
    """

    as_of: date
    previous: date | None
    verdict: Verdict | Literal["refused"]
    run: Run
    names: dict[int, str]
    colours: dict[int, str]
    events: tuple[Event, ...]
    measure: str
    measure_label: str
    unreported: tuple[UnreportedWeek, ...] = ()
    sizes: tuple[Size, ...] = ()
    causes: Causes = Causes(0, 0, 0)
    moved: int = 0
    moved_share: float | None = None
    usual_share: float | None = None
    money: tuple[MoneyTotal, ...] = ()
    flows: tuple[MoneyFlow, ...] = ()
    missing: tuple[Missing, ...] = ()
    fit: FitHealth | None = None
    trend: tuple[SizePoint, ...] = ()
    alarm: Event | None = None
    alarm_label: str = ""
    alarm_trend: tuple[TrendPoint, ...] = ()
    sql: tuple[str, ...] = ()

    @property
    def eventful(self) -> bool:
        """Whether there is more to say than that nothing changed."""
        return (
            self.verdict != "stable"
            or self.previous is None
            or self.run.refit in ("promoted", "held")
            or bool(self.unreported)
        )


def unusual(size: Size) -> bool:
    """Whether a size changed beyond its usual weekly range."""
    if size.usual_change is None or size.relative_change is None:
        return False
    return abs(size.relative_change) > size.usual_change


def about(week: WeeklyDigest, segments: tuple[int, ...]) -> WeeklyDigest:
    """The week as far as it concerns some segments: their sizes, their flows, what was found about
    them, and what was found about everyone.
    """
    wanted = set(segments)
    events = tuple(
        event
        for event in week.events
        if event.segment_id is None or wanted & {event.segment_id, event.other_segment_id}
    )
    return replace(
        week,
        verdict="refused" if week.verdict == "refused" else checks.verdict(events),
        events=events,
        sizes=tuple(size for size in week.sizes if size.segment_id in wanted),
        flows=tuple(f for f in week.flows if wanted & {f.from_segment_id, f.to_segment_id}),
        unreported=(),
    )


def change_since(week: WeeklyDigest, segment_id: int, since: date | None) -> float | None:
    """Relative change of a segment's size since a date, since the snapshot before without one.

    A date of more than 13 snapshots ago counts as the oldest of these. None where the segment has
    no customers then or now, or the data of the week was refused.
    """
    start = since or week.previous
    held = {p.as_of: p.customers for p in week.trend if p.segment_id == segment_id}
    then = max((day for day in held if start and day <= start), default=min(held, default=None))
    now = held.get(week.as_of)
    return now / held[then] - 1 if now is not None and then and held[then] else None


def weekly_digest(
    copy: Copy,
    as_of: date | None = None,
    *,
    measure: str = "PURCHASES",
    channel: str = "",
    subscription_id: int = 0,
) -> WeeklyDigest:
    """The digest of the last week judged at or before ``as_of``, the latest without one.

    Nothing in it depends on the clock or on later weeks.

    Parameters
    ----------
    measure : the amount to tell moves in; the first one held when this is not.
    channel, subscription_id : whose posted digests decide which weeks went unreported.

    Raises
    ------
    SegmentryError : nothing had been published by then.
    """
    found = copy.rows("digest/week", as_of=as_of)
    first = copy.refits[0]["as_of"] if copy.refits else None
    if not found or first is None or found[0]["as_of"] < first:
        raise SegmentryError(
            f"Nothing had been published by {as_of or 'now'}.",
            f"The first digest is that of {first}." if first else "Load a file, then refit.",
        )
    run = Run(**found[0])
    reader = Reader(copy, Query("digest", as_of=run.as_of), AnswerContext())
    published = run.status == "published"
    amounts = [feature for feature in copy.features if feature.unit == "money"]
    chosen = next((f for f in amounts if f.name == measure), amounts[0] if amounts else None)
    events = reader.records(Event, "digest/events", as_of=run.as_of)
    names = reader.rows("digest/names", as_of=run.as_of)
    week = WeeklyDigest(
        as_of=run.as_of,
        previous=reader.previous if published else reader.as_of,
        verdict=checks.verdict(events) if published else "refused",
        run=run,
        names={row["segment_id"]: row["name"] for row in names},
        colours={segment["segment_id"]: segment["colour"] for segment in copy.segments},
        events=events,
        measure=chosen.name if chosen else "",
        measure_label=chosen.label if chosen else "",
        unreported=reader.records(
            UnreportedWeek,
            "digest/unreported",
            as_of=run.as_of,
            channel=channel,
            subscription_id=subscription_id,
        ),
    )
    week = _with_segments(week, reader) if published else week
    return replace(week, sql=tuple(dict.fromkeys(reader.sql)))


def _with_segments(week: WeeklyDigest, reader: Reader) -> WeeklyDigest:
    """The week with what was found about its segments."""
    as_of = week.as_of
    flows = reader.records(MoneyFlow, "digest/flows", as_of=as_of, measure=week.measure)
    moved = sum(flow.customers for flow in flows)
    before = week.run.customers - week.run.customers_entered + week.run.customers_left
    since = reader.dates[max(0, reader.dates.index(as_of) - TREND_SNAPSHOTS + 1)]
    alarm = next(
        (e for e in week.events if e.verdict == "alarm" and e.feature and e.segment_id), None
    )
    return replace(
        week,
        sizes=facts.sizes(reader, reader.active()),
        causes=reader.records(Causes, "digest/causes", as_of=as_of)[0],
        moved=moved,
        moved_share=moved / before if before and week.previous else None,
        usual_share=moves.usual_movement(reader) if week.previous else None,
        money=reader.records(MoneyTotal, "digest/money", as_of=as_of),
        flows=flows,
        missing=reader.records(Missing, "digest/missing", as_of=as_of),
        fit=reader.records(FitHealth, "digest/model", fit_id=week.run.fit_id)[0],
        trend=reader.records(SizePoint, "digest/sizes_over_time", since=since, as_of=as_of),
        alarm=alarm,
        alarm_label=reader.copy.features[alarm.feature].label if alarm and alarm.feature else "",
        alarm_trend=_averages(reader, alarm, since) if alarm else (),
    )


def _averages(reader: Reader, alarm: Event, since: date) -> tuple[TrendPoint, ...]:
    points = reader.records(
        TrendPoint,
        "feature_trend",
        {"statistic": "mean"},
        feature=alarm.feature,
        segments=[alarm.segment_id],
        since=since,
        as_of=reader.as_of,
    )
    return tuple(point for point in points if point.segment_id is not None)
