"""Views of answers about the weekly check, and the digest."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.answers.checks import Digest, Drift, Event, Refused
from bot import formats
from bot.formats import day, people, percent, segment, short_day, whole
from bot.reply import Choice
from bot.views import segments, wording
from bot.views.view import View


@dataclass(frozen=True, kw_only=True)
class DriftView(View):
    """Findings of the latest check, or of ``span``; reasons and refusals follow."""

    date: str
    first: bool
    span: str
    alarms: str
    alarm_lines: tuple[str, ...]
    watch_lines: tuple[str, ...]
    asked: str
    last_alarm: str
    first_check: str
    why: str
    refused: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DigestView(View):
    """One week in short, verdict first."""

    date: str
    first: bool
    verdict: str
    alarms: tuple[str, ...]
    watches: tuple[str, ...]
    customers: str
    count: str
    entered: str
    gone: str
    moved: str
    moved_share: str
    usual: str
    unusual_sizes: tuple[str, ...]
    flows: tuple[str, ...]
    why: str
    refused: tuple[str, ...]
    next_refit: str


def drift(data: Drift, _currency: str) -> DriftView:
    """Alarms first, then what is worth watching, then what the refit did."""
    names = {s.segment_id: s.name for s in data.segments}
    dated = not data.weekly
    about = [segment(s.segment_id, s.name) for s in data.asked]
    about += [formats.plain(label) for label in data.features]

    def lines(verdict: str) -> tuple[str, ...]:
        return tuple(_line(e, names, dated) for e in data.events if e.verdict == verdict)

    return DriftView(
        date=day(data.as_of),
        first=data.first,
        span=f"the {people(data.checks.checks, 'check')} from "
        f"{short_day(data.checks.first_check or data.as_of, data.as_of)} to {day(data.as_of)}"
        if dated
        else f"the check of {day(data.as_of)}",
        alarms=people(data.alarms, "alarm"),
        alarm_lines=lines("alarm"),
        watch_lines=lines("watch"),
        asked=formats.joined(about) if about else "",
        last_alarm=day(data.checks.last_alarm) if data.checks.last_alarm else "",
        first_check=day(data.checks.first_check) if data.checks.first_check else "",
        why=formats.with_names(data.run.why, names),
        refused=refusals(data.refused),
        choices=_event_choices(data.events) or (Choice("Sizes", "size of each segment"),),
    )


def _line(event: Event, names: dict[int, str], dated: bool) -> str:
    text = formats.with_names(event.text, names)
    return f"{day(event.as_of)}: {text}" if dated else text


def _event_choices(events: tuple[Event, ...]) -> tuple[Choice, ...]:
    named = dict.fromkeys(event.segment_id for event in events if event.segment_id)
    return tuple(Choice(f"Profile of {s}", f"profile of segment {s}") for s in list(named)[:2])


def refusals(refused: tuple[Refused, ...]) -> tuple[str, ...]:
    """Snapshots that were refused, each with its reason."""
    return tuple(
        f"The snapshot of {day(r.as_of)} was refused and is not in these numbers: "
        f"{formats.plain(r.why, 400)}"
        for r in refused
    )


def digest(data: Digest, _currency: str) -> DigestView:
    """The week with its sizes; several moves only where more moved than usual."""
    names = {size.segment_id: size.name for size in data.sizes}
    everyone = data.everyone
    unusual = (
        everyone is not None
        and None not in (everyone.moved_share, data.usual_share)
        and (everyone.moved_share or 0) > (data.usual_share or 0)
    )
    flows = data.flows[: None if unusual else 1]
    return DigestView(
        date=day(data.as_of),
        first=data.previous is None,
        verdict=data.verdict,
        alarms=tuple(_line(e, names, False) for e in data.events if e.verdict == "alarm"),
        watches=tuple(_line(e, names, False) for e in data.events if e.verdict == "watch"),
        customers=people(data.run.customers),
        count=people(len(data.sizes), "segment"),
        entered=whole(data.run.customers_entered),
        gone=whole(data.run.customers_left),
        moved=people(everyone.moved) if everyone else "",
        moved_share=percent(everyone.moved_share) if everyone else "",
        usual=f"nine weeks in ten stay below {percent(data.usual_share)}"
        if data.usual_share is not None
        else "",
        unusual_sizes=tuple(
            f"{formats.capital(wording.named(size))}: {wording.of_all(size)}, "
            f"{formats.signed_percent(size.relative_change)}, {wording.usual_range(size)}"
            for size in data.sizes
            if wording.usual_range(size).startswith("outside")
        ),
        flows=tuple(
            f"{whole(f.customers)} from {segment(f.from_segment_id, f.from_name)} to "
            f"{segment(f.to_segment_id, f.to_name)}"
            for f in flows
        ),
        why=formats.with_names(data.run.why, names),
        refused=refusals(data.refused),
        next_refit=formats.moment(data.next_refit, data.timezone) if data.next_refit else "",
        tables=(segments.sizes_table(data.sizes, data.as_of, data.previous),),
        charts=(segments.sizes_chart(data.sizes),),
        choices=(
            *_event_choices(data.events),
            Choice("Who moved?", "who moved between segments this week?"),
        ),
    )
