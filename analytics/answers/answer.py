"""From a query to its answer: one function per intent, all reading one published copy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from analytics.answers import (
    about,
    changes,
    checks,
    customers,
    features,
    moves,
    offers,
    segments,
    selections,
)
from analytics.answers.reader import AnswerContext, Reader, Unanswerable
from analytics.model import Answer, Query, Status
from analytics.published import Copy

__all__ = ["ANSWERS", "AnswerContext", "NotAnswered", "answer"]

ANSWERS: dict[str, Callable[[Reader], Any]] = {
    "overview": segments.overview,
    "segment_profile": segments.segment_profile,
    "compare_segments": segments.compare_segments,
    "segment_size": segments.segment_size,
    "explain_segment": segments.explain_segment,
    "breakdown": segments.breakdown,
    "feature_stat": features.feature_stat,
    "rank_segments": features.rank_segments,
    "distribution": features.distribution,
    "segment_trend": changes.segment_trend,
    "explain_change": changes.explain_change,
    "migration": moves.migration,
    "drift": checks.drift,
    "digest": checks.digest,
    "customer_lookup": customers.customer_lookup,
    "customer_history": customers.customer_history,
    "explain_customer": customers.explain_customer,
    "find_customers": selections.find_customers,
    "recommend": offers.recommend,
    "model_info": about.model_info,
    "schedule": about.schedule,
    "glossary": about.glossary,
    "help": about.help_,
    "smalltalk": about.smalltalk,
}


@dataclass(frozen=True)
class NotAnswered:
    """There is no answer to this intent."""

    intent: str


def answer(copy: Copy, query: Query, *, context: AnswerContext) -> Answer:
    """Answer a query from one published copy.

    What the store cannot know (a segment, date, feature or customer it does not hold) is answered
    honestly with data that says so; an intent without an answer is declined.
    """
    asked = _about_traits(copy, query)
    intent = ANSWERS.get(asked.intent)
    if intent is None:
        return Answer(query, "declined", NotAnswered(query.intent))
    reader = None
    status: Status = "answered"
    try:
        reader = Reader(copy, asked, context)
        data = intent(reader)
    except Unanswerable as honest:
        data, status = honest.data, honest.status
    return _answer(copy, query, reader, data, status)


def _about_traits(copy: Copy, query: Query) -> Query:
    """A trait is broken down and a feature is distributed, however it was asked."""
    if query.intent in ("feature_stat", "distribution", "rank_segments"):
        traits = [name for name in query.features if name in copy.traits]
        return replace(query, intent="breakdown", trait=traits[0]) if traits else query
    if query.intent == "breakdown":
        feature = copy.features.find(query.trait or "".join(query.features[:1]))
        if feature:
            return replace(query, intent="distribution", features=(feature.name,))
    return query


def _answer(copy: Copy, query: Query, reader: Reader | None, data: Any, status: Status) -> Answer:
    as_of = getattr(data, "as_of", copy.as_of)
    refit = next(refit for refit in copy.refits if refit["as_of"] == as_of)
    return Answer(
        query,
        status,
        data,
        tuple(dict.fromkeys(reader.sql)) if reader else (),
        refit["as_of"],
        refit["fit_id"],
        refit["customers"],
        getattr(data, "named", ()),
    )
