"""A query that is clear enough to answer, or the question back that makes it clear."""

from __future__ import annotations

from dataclasses import replace

from analytics.model import Query
from bot.questions.books import phrase_book
from bot.questions.intents.build import uses
from bot.questions.intents.refuse import asked_back
from bot.questions.intents.wording import option
from bot.questions.reading import Reading
from bot.questions.slots.filled import Slots
from bot.questions.things.lexicon import Lexicon


def settled(
    query: Query, slots: Slots, confidence: float, notes: tuple[str, ...], lexicon: Lexicon
) -> Reading:
    """A query as a reading, or a question back when something it needs is missing or unclear."""
    if slots.unclear and ("segments" in uses(query.intent) or query.intent == "migration"):
        ids = slots.unclear[0][:3]
        names = " or ".join(f"{lexicon.name_of(s)} (segment {s})" for s in ids)
        options = [
            option(replace(query, segments=(*query.segments, s)), lexicon, _named(s, lexicon))
            for s in ids
        ]
        return asked_back(query, f"Which do you mean: {names}?", options, confidence)
    if query.intent == "sql" and not query.sql:
        message = "Press Show SQL under that answer, or add --sql in the terminal."
        return asked_back(query, message, (), confidence)
    ordered = query.intent == "find_customers" and query.order and query.top
    ordered = ordered and not (query.customer or query.term)
    ranked = (slots.worth or slots.best) and query.intent == "rank_segments"
    if (ranked or ordered) and not query.features:
        measures = phrase_book("aliases")["ambiguous"]["features"]
        options = [
            option(replace(query, features=(name,)), lexicon)
            for name in measures
            if name in lexicon.features
        ]
        return asked_back(query, "Measured by what?", options, confidence)
    if query.intent == "find_customers" and query.customer and query.filter:
        message = "I can find customers like one, or those a condition holds for, not both. Which?"
        either = (replace(query, filter=()), replace(query, customer=None))
        return asked_back(query, message, [option(one, lexicon) for one in either], confidence)
    if query.intent == "find_customers" and query.features and not (query.order or query.top):
        message = "Which customers exactly? I can filter by an amount, such as over 1,000."
        return asked_back(
            query, message, [option(replace(query, features=()), lexicon)], confidence
        )
    if query.intent == "breakdown" and slots.valued and len(slots.traits) > 1:
        options = [option(replace(query, trait=name), lexicon) for name in slots.traits]
        return asked_back(query, "By which of these?", options, confidence)
    alone = len(query.segments) == 1 and not (slots.base or query.as_of)
    if query.intent == "compare_segments" and alone:
        others = (s for s in lexicon.active_ids() if s not in query.segments)
        options = [
            option(replace(query, segments=(*query.segments, s)), lexicon, _named(s, lexicon))
            for s in others
        ]
        return asked_back(query, "Compare it with which segment?", options, confidence)
    about = phrase_book("intents")["intents"][query.intent]
    for need in about.get("needs", ()):
        present = any(getattr(query, one) not in ((), None) for one in need.split("|"))
        if present or (query.intent == "compare_segments" and slots.everything):
            continue
        options = (
            [
                option(replace(query, segments=(s,)), lexicon, _named(s, lexicon))
                for s in lexicon.active_ids()
            ]
            if "segments" in need
            else []
        )
        return asked_back(query, about["ask"], options, confidence)
    notes += slots.notes(query, lexicon)
    first, *more = _each_trait(query, slots) or _each_statistic(query, slots)
    return Reading("understood", first, confidence, notes=notes, also=tuple(more))


def _each_trait(query: Query, slots: Slots) -> list[Query]:
    """One query for each trait asked for: "by region and by channel"."""
    several = query.intent == "breakdown" and len(slots.traits) > 1 and not slots.valued
    return [replace(query, trait=trait) for trait in slots.traits] if several else []


def _each_statistic(query: Query, slots: Slots) -> list[Query]:
    """One query for each statistic asked for: "mean and median balance", or each of its own."""
    if query.intent != "feature_stat" or query.statistic is None:
        return [query]
    pairs = dict(slots.pairs)
    if len(pairs) > 1 and len(set(pairs.values())) > 1 and set(pairs) == set(query.features):
        return [replace(query, features=(f,), statistic=s) for f, s in pairs.items()]
    whole = {"count", "sum"} if "share" in slots.statistics else {"count"}  # "share of the total"
    named = [s for s in slots.statistics if s not in whole]
    return [replace(query, statistic=s) for s in named] or [query]


def _named(segment: int, lexicon: Lexicon) -> str:
    return f"Segment {segment}: {lexicon.name_of(segment)}"
