"""View of what is told of a few segments: to those who follow them, or asked to be alerted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from analytics.answers.facts import Size
from analytics.subscriptions import Subscription
from analytics.weekly_digest import WeeklyDigest, unusual
from bot import formats
from bot.formats import capital, day, joined, percent, plain, short_day, signed_percent, whole
from bot.reply import Choice
from bot.views import wording
from bot.views.digest import Owners, actions, name, short_name
from bot.views.view import View

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
    sizes: tuple[str, ...]
    moves: tuple[str, ...]


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
    kind = week.verdict
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
        sizes=tuple(_size(sizes[s], week) if s in sizes else _gone(s, week) for s in to.segments),
        moves=tuple(move for s in to.segments if (move := _moves(s, week))),
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


def _size(size: Size, week: WeeklyDigest) -> str:
    if week.previous is None or size.relative_change is None:
        return f"{capital(name(week, size.segment_id))}: {wording.of_all(size)}"
    usual = wording.usual_range(size)
    return (
        f"{capital(name(week, size.segment_id))}: {wording.of_all(size)}, "
        f"{signed_percent(size.relative_change)} on {short_day(week.previous, week.as_of)}"
        f"{', ' + usual if usual else ''}"
    )


def _gone(segment_id: int, week: WeeklyDigest) -> str:
    return f"{capital(name(week, segment_id))} has no customers on {day(week.as_of)}"


def _moves(segment_id: int, week: WeeklyDigest) -> str:
    """Who came from and went to other segments, the largest flow of each named."""
    came = [f for f in week.flows if f.to_segment_id == segment_id]
    went = [f for f in week.flows if f.from_segment_id == segment_id]
    if not came and not went:
        return ""
    parts = [
        f"{whole(sum(f.customers for f in flows))} {verb}"
        + (
            f" (most {word} {plain(short_name(week, other))})"
            if (other := _main(flows, word)) is not None
            else ""
        )
        for flows, verb, word in (
            (came, "came from other segments", "from"),
            (went, "went to others", "to"),
        )
    ]
    return f"{capital(name(week, segment_id))}: {joined(parts)}"


def _main(flows: Sequence[object], word: str) -> int | None:
    """The other end of the largest flow; flows come with most customers first."""
    if not flows:
        return None
    end: int = getattr(flows[0], f"{word}_segment_id")
    return end
