"""Views of the weekly digest: the post everyone reads, and the details in its thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from analytics.answers.checks import Event
from analytics.answers.facts import Size
from analytics.weekly_digest import MoneyFlow, Run, UnreportedWeek, WeeklyDigest, unusual
from bot import formats
from bot.formats import day, joined, money, people, percent, plain, short_day, signed_percent, whole
from bot.reply import Choice
from bot.views import wording
from bot.views.view import View
from bot.views.weekpictures import charts, name, short_name, sizes

FLOWS, WEEKS = 3, 3

# What to do about an alarm, and whose it is; one rule for each kind of finding.
ACTIONS: dict[str, tuple[str, str]] = {
    "data_quality": ("data", "have the file corrected and load it again"),
    "global": ("analysis", "check prices, season and the source of the data before any segment"),
    "feature": ("campaign", "look at what {segment} does now before the next campaign to it"),
    "transition": ("campaign", "decide what the customers who left {segment} should hear now"),
    "size": ("analysis", "find out where the customers of {segment} came from or went"),
    "birth": ("campaign", "read the profile of {segment}, name it, and decide what it is offered"),
    "death": ("campaign", "stop campaigns aimed at {segment}"),
    "split": ("campaign", "decide which part of {segment} each of its campaigns is meant for"),
    "merge": ("campaign", "bring the campaigns of {segment} and {other} together"),
}
ACCEPT = (
    "analysis",
    "look at the held refit and run `segmentry refit --accept` to let it take over",
)

_LATER = (
    Choice("Who moved?", "who moved between segments this week?"),
    Choice("Sizes over time", "how did the segments develop?"),
)


@dataclass(frozen=True)
class Owners:
    """Who is named beside a suggested action."""

    data: str
    analysis: str
    campaign: str


@dataclass(frozen=True, kw_only=True)
class PostView(View):
    """The digest itself; empty words and tuples where there is nothing to say."""

    kind: str
    date: str
    previous: str
    alarms: tuple[str, ...]
    watches: tuple[str, ...]
    actions: tuple[str, ...]
    unreported: tuple[str, ...]
    customers: str
    count: str
    growth: str
    unusual_sizes: tuple[str, ...]
    sizes_usual: bool
    money: str
    moves: str
    flows: str
    data: str
    model: str
    why: str
    refit: str
    example: str


def post(week: WeeklyDigest, currency: str, owners: Owners) -> PostView:
    """The digest in the words of its template."""
    first = week.previous is None
    kind = "first" if first and week.sizes else week.verdict
    alarms = [event for event in week.events if event.verdict == "alarm"]
    return PostView(
        kind=kind if week.eventful else "quiet",
        date=day(week.as_of),
        previous=short_day(week.previous, week.as_of) if week.previous else "",
        alarms=tuple(formats.with_names(event.text, week.names) for event in alarms),
        watches=tuple(
            formats.with_names(event.text, week.names)
            for event in week.events
            if event.verdict == "watch"
        ),
        actions=actions(week, alarms, owners),
        unreported=_unreported(week.unreported, week.names, week.as_of),
        customers=people(week.run.customers),
        count=people(len(week.sizes), "segment"),
        growth=_growth(week),
        unusual_sizes=tuple(_unusual_size(size, week) for size in week.sizes if unusual(size)),
        sizes_usual=any(size.usual_change is not None for size in week.sizes),
        money=_money(week, currency),
        moves=_moves(week),
        flows=joined([_flow(flow, week, currency) for flow in week.flows[:FLOWS]])
        if week.flows
        else "",
        data=data_in_short(week),
        model=_model_in_short(week),
        why=formats.with_names(week.run.why, week.names),
        refit=week.run.refit or "",
        example=_example(alarms),
        tables=(sizes(week),) if week.sizes and week.eventful else (),
        charts=charts(week)[:1] if week.eventful else (),
        choices=_choices(week, alarms),
    )


def actions(week: WeeklyDigest, alarms: list[Event], owners: Owners) -> tuple[str, ...]:
    """One for each material change, each said once, and one for a held refit."""
    rules = [(*ACTIONS[event.kind], event) for event in alarms]
    said = [
        f"{formats.capital(getattr(owners, owner))}: "
        + todo.format(
            segment=name(week, event.segment_id or 0),
            other=name(week, event.other_segment_id or 0),
        )
        for owner, todo, event in rules
    ]
    if week.run.refit == "held":
        said.append(f"{formats.capital(getattr(owners, ACCEPT[0]))}: {ACCEPT[1]}")
    return tuple(dict.fromkeys(said))


def _unreported(
    weeks: tuple[UnreportedWeek, ...], names: Mapping[int, str], as_of: date
) -> tuple[str, ...]:
    """The weeks nobody was told about, latest first; the oldest of many only counted."""
    lines = []
    for week in reversed(weeks[-WEEKS:]):
        if week.status == "refused":
            said = f"the data was refused. {plain(week.why, 200)}"
        elif week.first_alarm:
            more = f" (and {people(week.alarms - 1, 'other alarm')})" if week.alarms > 1 else ""
            said = f"changed. {formats.with_names(week.first_alarm, names)}{more}"
        else:
            said = f"watch, {people(week.watches, 'finding')}." if week.watches else "stable."
        lines.append(f"{short_day(week.as_of, as_of)}: {said}")
    if len(weeks) > WEEKS:
        older = weeks[:-WEEKS]
        alarms = sum(week.alarms for week in older)
        lines.append(
            f"{people(len(older), 'earlier week')} from {short_day(older[0].as_of, as_of)}, with "
            f'{people(alarms, "alarm")}; ask "what drifted since {day(older[0].as_of)}".'
        )
    return tuple(lines)


def _growth(week: WeeklyDigest) -> str:
    if not week.previous:
        return ""
    change = week.run.customers_entered - week.run.customers_left
    return (
        f"{wording.more_or_fewer(change)} on {short_day(week.previous, week.as_of)} "
        f"({whole(week.run.customers_entered)} came, {whole(week.run.customers_left)} left)"
    )


def _unusual_size(size: Size, week: WeeklyDigest) -> str:
    return (
        f"{formats.capital(name(week, size.segment_id))}: {wording.of_all(size)}, "
        f"{signed_percent(size.relative_change)}, {wording.usual_range(size)}"
    )


def _money(week: WeeklyDigest, currency: str) -> str:
    """The chosen amount of everyone, and what part of it changed segment."""
    total = next((total for total in week.money if total.measure == week.measure), None)
    if total is None or week.previous is None:
        return ""
    moved = f"; {money(total.moved, currency)} of it moved between segments"
    return (
        f"{formats.capital(total.label)} {money(total.current, currency)}, "
        f"{signed_percent(total.relative_change)} on {short_day(week.previous, week.as_of)}"
        f"{'' if total.moved is None else moved}"
    )


def _moves(week: WeeklyDigest) -> str:
    usual = (
        f"; nine weeks in ten stay below {percent(week.usual_share)}"
        if week.usual_share is not None
        else ""
    )
    share = f"{percent(week.moved_share)}{usual}"
    return f"{people(week.moved)} changed segment ({share})" if week.previous else ""


def _flow(flow: MoneyFlow, week: WeeklyDigest, currency: str) -> str:
    worth = ""
    if flow.previous is not None:
        then, now = money(flow.previous, currency), money(flow.current, currency)
        worth = f" ({plain(week.measure_label)} {then} before, {now} now)"
    start, end = (short_name(week, s) for s in (flow.from_segment_id, flow.to_segment_id))
    return f"{whole(flow.customers)} from {start} to {end}{worth}"


def data_in_short(week: WeeklyDigest) -> str:
    """Whether the file was whole, and what was not."""
    run = week.run
    gaps = [f"{plain(m.label)} missing for {percent(m.missing_share)}" for m in week.missing[:2]]
    parts = [
        f"{people(run.quarantined, 'row')} set aside" if run.quarantined else "",
        joined(gaps) if gaps else "",
        f"columns lost: {', '.join(run.lost_features)}" if run.lost_features else "",
        f"loaded {people(days_late(run), 'day')} after its date" if days_late(run) > 1 else "",
    ]
    rows = f"{people(run.rows, 'row')}, " if run.rows is not None else ""
    return rows + (", ".join(part for part in parts if part) or "nothing set aside or missing")


def days_late(run: Run) -> int:
    """Days between a snapshot's date and its load; 0 where the load is not on record."""
    return (run.loaded_at.date() - run.as_of).days if run.loaded_at else 0


def _model_in_short(week: WeeklyDigest) -> str:
    """Whether the segments are still those of before."""
    count = people(len(week.sizes), "segment")
    made = f"{count} by the fit of {day(week.fit.as_of)}" if week.fit else count
    said = {
        "kept": f"{made} (fit {week.run.fit_id}), which was kept",
        "promoted": f"{count} by a new fit (fit {week.run.fit_id})",
        "held": f"{made} (fit {week.run.fit_id}); a new fit waits for a decision",
    }
    return said.get(week.run.refit or "", f"{count}, found for the first time (fit 1)")


def _example(alarms: list[Event]) -> str:
    about = next((event.segment_id for event in alarms if event.segment_id), None)
    return f"why did segment {about} change?" if about else "which segment grew most this year?"


def _choices(week: WeeklyDigest, alarms: list[Event]) -> tuple[Choice, ...]:
    if not week.sizes:
        return (Choice("Sizes", "how big are the segments?"),)
    about = dict.fromkeys(event.segment_id for event in alarms if event.segment_id)
    return (
        *(Choice(f"Why segment {s}?", f"why did segment {s} change?") for s in list(about)[:2]),
        *(_LATER if week.previous else (Choice("What are they?", "which segments do we have?"),)),
    )
