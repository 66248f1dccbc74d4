"""Answers about the weekly check: what drifted, and the week in short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from analytics.answers import facts, moves
from analytics.answers.facts import Size, WeeklyRun
from analytics.answers.moves import Flow
from analytics.answers.reader import Reader, SegmentName

Verdict = Literal["stable", "watch", "changed"]


@dataclass(frozen=True)
class Event:
    """One finding of a check; ``segment_id`` None is about everyone. ``effect`` and ``threshold``
    are in the same unit.
    """

    as_of: date
    kind: str
    verdict: str
    segment_id: int | None
    name: str | None
    other_segment_id: int | None
    feature: str | None
    effect: float
    threshold: float
    text: str


@dataclass(frozen=True)
class Checks:
    """The checks of a time; ``last_alarm`` is the latest alarm up to its end, however long ago."""

    checks: int
    first_check: date | None
    last_alarm: date | None


@dataclass(frozen=True)
class Refused:
    """A snapshot that failed the quality gate."""

    as_of: date
    why: str


@dataclass(frozen=True)
class Drift:
    """What the checks of a time found; ``weekly`` when that is one check alone.

    ``asked`` and ``features`` (labels) are what the question is limited to; () is everything.
    """

    as_of: date
    after: date
    weekly: bool
    first: bool
    asked: tuple[SegmentName, ...]
    features: tuple[str, ...]
    verdict: Verdict
    alarms: int
    watches: int
    events: tuple[Event, ...]
    checks: Checks
    segments: tuple[SegmentName, ...]
    run: WeeklyRun
    refused: tuple[Refused, ...]

    @property
    def named(self) -> tuple[int, ...]:
        """The one segment in which something was found."""
        return () if self.asked else only_segment(self.events)


@dataclass(frozen=True)
class Digest:
    """One week: the verdict, sizes, findings, flows, and what the refit did."""

    as_of: date
    previous: date | None
    verdict: Verdict
    run: WeeklyRun
    sizes: tuple[Size, ...]
    events: tuple[Event, ...]
    everyone: Flow | None
    flows: tuple[Flow, ...]
    usual_share: float | None
    refused: tuple[Refused, ...]
    next_refit: datetime | None
    timezone: str

    @property
    def named(self) -> tuple[int, ...]:
        """The one segment in which something was found."""
        return only_segment(self.events)


def only_segment(events: Sequence[Event]) -> tuple[int, ...]:
    """The segment of the alarms, or of what is watched where nothing alarms, if it is one."""
    told = [event for event in events if event.verdict == "alarm"] or events
    found = {event.segment_id for event in told if event.segment_id is not None}
    return tuple(found) if len(found) == 1 else ()


def drift(reader: Reader) -> Drift:
    """What the latest check found, or the checks of the weeks or since the date asked for."""
    query = reader.query
    # A check belongs to the week before its date: a window starts after the snapshot it starts on.
    after = reader.since(default_weeks=1) if query.since or query.weeks else _before_check(reader)
    weekly = after >= _before_check(reader)
    after = min(after, _before_check(reader))
    segments = reader.segments() if query.segments else _all_segments(reader)
    features = reader.features(default=reader.all_features())
    events = found_since(reader, segments, after, features)
    checks = reader.records(
        Checks,
        "drift_checks",
        after=after,
        as_of=reader.as_of,
        segments=list(segments),
        features=list(features),
    )[0]
    return Drift(
        reader.as_of,
        after,
        weekly,
        reader.previous is None,
        tuple(reader.name(segment_id) for segment_id in query.segments),
        tuple(reader.copy.features[name].label for name in query.features),
        verdict(events),
        sum(event.verdict == "alarm" for event in events),
        sum(event.verdict == "watch" for event in events),
        events,
        checks,
        tuple(reader.name(segment_id) for segment_id in _all_segments(reader)),
        facts.weekly_run(reader),
        refused_after(reader),
    )


def digest(reader: Reader) -> Digest:
    """The week up to the date in short."""
    events = found_since(reader, _all_segments(reader), reader.previous)
    flows = moves.flows_between(reader, reader.previous) if reader.previous else ()
    return Digest(
        as_of=reader.as_of,
        previous=reader.previous,
        verdict=verdict(events),
        run=facts.weekly_run(reader),
        sizes=facts.sizes(reader, reader.active()),
        events=events,
        everyone=next((flow for flow in flows if not flow.by_from and not flow.by_to), None),
        flows=tuple(
            flow
            for flow in flows
            if flow.by_from and flow.by_to and flow.from_segment_id and flow.moved
        )[:3],
        usual_share=moves.usual_movement(reader) if reader.previous else None,
        refused=refused_after(reader),
        next_refit=reader.context.next_refit if reader.as_of == reader.copy.as_of else None,
        timezone=reader.context.timezone,
    )


def verdict(events: tuple[Event, ...]) -> Verdict:
    """Changed with an alarm, watch with something to watch, else stable."""
    verdicts = {event.verdict for event in events}
    return "changed" if "alarm" in verdicts else "watch" if "watch" in verdicts else "stable"


def found_since(
    reader: Reader,
    segments: tuple[int, ...],
    since: date | None,
    features: tuple[str, ...] | None = None,
) -> tuple[Event, ...]:
    """What the checks after a date found about segments and about everyone, latest first.

    ``features`` leaves out findings about other features.
    """
    found = reader.records(
        Event,
        "drift_found",
        after=since or _before_check(reader),
        as_of=reader.as_of,
        segments=list(segments),
    )
    if features is None:
        return found
    return tuple(event for event in found if event.feature in (None, *features))


def _before_check(reader: Reader) -> date:
    return reader.previous or reader.as_of - timedelta(weeks=1)


def _all_segments(reader: Reader) -> tuple[int, ...]:
    return tuple(segment["segment_id"] for segment in reader.copy.segments)


def refused_after(reader: Reader) -> tuple[Refused, ...]:
    """Snapshots refused since the one the question is about, when that is the latest."""
    if reader.as_of < reader.copy.as_of:
        return ()
    return reader.records(Refused, "refused_files", after=reader.as_of)
