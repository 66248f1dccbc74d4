"""From a query to its answer: one function per intent, all reading one published copy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from analytics.answers import about, changes, checks, customers, features, moves, offers, segments
from analytics.answers.reader import AnswerContext, Reader, Unanswerable
from analytics.model import Answer, Query
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
    "find_customers": customers.find_customers,
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
    intent = ANSWERS.get(query.intent)
    if intent is None:
        return Answer(query, "declined", NotAnswered(query.intent))
    reader = None
    try:
        reader = Reader(copy, query, context)
        data = intent(reader)
    except Unanswerable as honest:
        return _answer(copy, query, reader, honest.data)
    return _answer(copy, query, reader, data)


def _answer(copy: Copy, query: Query, reader: Reader | None, data: Any) -> Answer:
    as_of = getattr(data, "as_of", copy.as_of)
    refit = next(refit for refit in copy.refits if refit["as_of"] == as_of)
    return Answer(
        query,
        "answered",
        data,
        tuple(dict.fromkeys(reader.sql)) if reader else (),
        refit["as_of"],
        refit["fit_id"],
        refit["customers"],
    )
