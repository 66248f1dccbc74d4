"""View of what is told of a few segments: to those who follow them, or asked to be alerted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from analytics.answers.facts import Size
from analytics.subscriptions import Subscription
from analytics.weekly_digest import MoneyFlow, WeeklyDigest, unusual
from bot import formats
from bot.formats import capital, day, joined, percent, short_day, signed_percent, whole
from bot.reply import Choice
from bot.views import wording
from bot.views.digest import Owners, actions
from bot.views.view import View
from bot.views.weekpictures import name, short_name

DIRECTIONS = {"any": "changes", "fall": "falls", "rise": "rises"}


@dataclass(frozen=True, kw_only=True)
class NewsView(View):
    """One week of some segments; ``asked`` says what alert was asked for, "" for a digest."""

    kind: str
    date: str
    previous: str
    about: str
    alerts: tuple[str, ...]
    asked: str
    why: str
    alarms: tuple[str, ...]
    watches: tuple[str, ...]
    actions: tuple[str, ...]
    lines: tuple[str, ...]


def news(
    week: WeeklyDigest,
    to: Subscription,
    beyond: Sequence[int],
    changes: Mapping[int, float],
    since: date | None,
    owners: Owners,
) -> NewsView:
    """``week`` is about the segments of ``to``; ``beyond`` are those past its threshold."""
    told = [e for e in week.events if e.verdict == "alarm"]
    sizes = {size.segment_id: size for size in week.sizes}
    kind: str = week.verdict
    if week.previous is None:
        kind = "first"
    if kind == "stable" and any(unusual(size) for size in week.sizes):
        kind = "watch"
    return NewsView(
        kind="alert" if to.is_alert else kind,
        date=day(week.as_of),
        previous=day(week.previous) if week.previous else "",
        about=joined([name(week, segment) for segment in to.segments]),
        alerts=tuple(
            f"{name(week, s)} {'shrank' if changes[s] < 0 else 'grew'} by "
            f"{percent(abs(changes[s]))} since {short_day(since or week.as_of, week.as_of)}, to "
            f"{wording.of_all(sizes[s])} on {day(week.as_of)}."
            for s in beyond
        ),
        asked=condition(to),
        why=formats.with_names(week.run.why, week.names),
        alarms=tuple(formats.with_names(e.text, week.names) for e in told),
        watches=tuple(
            formats.with_names(e.text, week.names) for e in week.events if e.verdict == "watch"
        ),
        actions=actions(week, told, owners),
        lines=tuple(
            " ".join(filter(None, [_size(s, sizes.get(s), week), _moves(s, week)]))
            for s in (beyond or to.segments)
        ),
        choices=tuple(
            Choice(f"Why segment {s}?", f"why did segment {s} change?")
            for s in (beyond or to.segments)[:2]
        ),
    )


def condition(to: Subscription) -> str:
    """``segment 4 falls by more than 10 %``; "" for a digest."""
    if to.threshold is None:
        return ""
    which = joined([str(segment) for segment in to.segments])
    noun = "segment" if len(to.segments) == 1 else "one of segments"
    return f"{noun} {which} {DIRECTIONS[to.direction]} by more than {percent(to.threshold)}"


def _size(segment_id: int, size: Size | None, week: WeeklyDigest) -> str:
    called = capital(name(week, segment_id))
    if size is None:
        return f"{called} has no customers on {day(week.as_of)}."
    if week.previous is None or size.relative_change is None:
        return f"{called}: {wording.of_all(size)}."
    usual = wording.usual_range(size)
    return (
        f"{called}: {wording.of_all(size)}, {signed_percent(size.relative_change)} since "
        f"{short_day(week.previous, week.as_of)}{', ' + usual if usual else ''}."
    )


def _moves(segment_id: int, week: WeeklyDigest) -> str:
    """Who came from and went to other segments, the largest flow of each named."""
    came = [f for f in week.flows if f.to_segment_id == segment_id]
    went = [f for f in week.flows if f.from_segment_id == segment_id]
    parts = []
    if came:
        most = short_name(week, came[0].from_segment_id)
        parts.append(f"{_customers(came)} came from other segments (most from {most})")
    if went:
        most = short_name(week, went[0].to_segment_id)
        parts.append(f"{_customers(went)} went to others (most to {most})")
    return f"{joined(parts)}." if parts else ""


def _customers(flows: Sequence[MoneyFlow]) -> str:
    return whole(sum(flow.customers for flow in flows))
