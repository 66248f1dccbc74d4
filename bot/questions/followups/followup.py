"""The query of a question that leans on the one before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from analytics.model import Query
from bot.questions.followups.changes import MEASURED, Turn
from bot.questions.followups.pointing import CUSTOMER_INTENTS
from bot.questions.intents.build import uses
from bot.questions.slots.filled import LISTS, Slots
from bot.questions.slots.moments import When
from bot.questions.text.items import Items

_EXPLAINED_BY = {
    **dict.fromkeys(
        ("segment_size", "segment_trend", "drift", "migration", "digest", "explain_change"),
        "explain_change",
    ),
    **dict.fromkeys(CUSTOMER_INTENTS, "explain_customer"),
    **dict.fromkeys(("overview", "model_info"), "model_info"),
}
_CARRIED = ("segments", "customer", "filter", "features", "statistic", "weeks", "since", "trait")
_MEASURES = ("features", "statistic", "weeks", "since")
# What an answer shows anyway: asked for, it is shown again.
_SHOWN_BY = {
    "migration": frozenset({"sum", "count"}),
    "breakdown": frozenset({"count", "share"}),
    "segment_size": frozenset({"count", "share"}),
    "overview": frozenset({"count", "share"}),
}


def explaining(previous: Query) -> Query:
    """The query that explains the answer to ``previous``."""
    return inherited(Query(_EXPLAINED_BY.get(previous.intent, "explain_segment")), previous)


def is_against_all(query: Query, previous: Query) -> bool:
    """Whether one segment was, and is, compared with the whole base."""
    both = (query, previous)
    return all(q.intent == "compare_segments" and len(q.segments) == 1 for q in both)


def moving(previous: Query, direction: str | None, when: When) -> Query:
    """Where the customers spoken of went, or came from when ``direction`` is "joined"."""
    ends = (previous.from_segment, previous.to_segment)
    spoken_of = next((s for s in (*previous.segments, *ends) if s is not None), None)
    query = Query("migration", weeks=when.weeks, since=when.since)
    if direction == "joined":
        query = replace(query, to_segment=spoken_of)
    else:
        query = replace(query, from_segment=spoken_of)
    timed = query.weeks or query.since or previous.intent not in ("migration", "explain_change")
    return query if timed else replace(query, weeks=previous.weeks, since=previous.since)


def inherited(query: Query, previous: Query) -> Query:
    """``query`` with what it uses and lacks taken from ``previous``."""
    own = uses(query.intent)
    lacking = [s for s in _CARRIED if s in own and getattr(query, s) in ((), None)]
    if query.intent == "find_customers" and query.customer:
        lacking = []  # those like a customer may be anywhere
    if query.intent not in MEASURED or query.features:
        open_ = previous.intent == "feature_stat" and not previous.features  # "the average?"
        asked = ("statistic",) if open_ else ()
        lacking = [s for s in lacking if s not in _MEASURES or s in asked]
    taken: dict[str, Any] = {slot: getattr(previous, slot) for slot in lacking}
    ends = {"from_segment": previous.from_segment, "to_segment": previous.to_segment}
    if query.intent == "rank_segments":
        if len(previous.segments) < 2:
            taken.pop("segments", None)
        if not query.features:
            taken |= {
                "features": previous.features,
                "statistic": query.statistic or previous.statistic,
            }
    elif query.intent == "migration":
        moved = previous.intent in ("migration", "explain_change")
        if moved and not (query.weeks or query.since):
            taken |= {"weeks": previous.weeks, "since": previous.since}
        if query.from_segment is None and query.to_segment is None:
            side = "to_segment" if query.term == "joined" else "from_segment"
            sides = ends | ({side: previous.segments[0]} if previous.segments else {})
            taken |= sides
    elif query.intent == "compare_segments" and set(previous.segments) < set(query.segments):
        taken["segments"] = tuple(dict.fromkeys((*previous.segments, *query.segments)))
    elif taken.get("segments") == ():
        taken["segments"] = tuple(s for s in ends.values() if s is not None)
    if {query.intent, previous.intent} <= LISTS and query.as_of is None:
        taken["as_of"] = previous.as_of
    borders = query.intent == previous.intent == "find_customers" and previous.term is not None
    if borders and not (query.filter or query.features or query.customer):
        taken |= {"term": previous.term, "statistic": query.statistic or previous.statistic}
    if query.intent == "export_audience" and previous.intent == "find_customers":
        listed = ("features", "order", "top") if previous.order or previous.top else ()
        taken |= {slot: getattr(query, slot) or getattr(previous, slot) for slot in listed}
    if taken.get("statistic") == "count" and query.intent != "find_customers":
        taken.pop("statistic")
    return replace(query, **taken)


def continued(items: Items, slots: Slots, when: When, previous: Query) -> Query | None:
    """``previous`` asked again with what the new message names; None when it names nothing."""
    turn = Turn(items, slots, when, previous)
    turn.take_people()
    turn.take_measure()
    turn.take_time()
    turn.take_shape()
    if turn.changes or turn.intent != previous.intent:
        query = turn.query()
        own = (*uses(query.intent), "from_segment", "to_segment", "chart")
        heard = not turn.changes or any(slot in own for slot in turn.changes)
        return query if heard or query != previous else None
    if slots.statistics and set(slots.statistics) <= _SHOWN_BY.get(previous.intent, frozenset()):
        return previous
    dated = "as_of" in uses(previous.intent)
    return replace(previous, as_of=None) if slots.now and dated else None
