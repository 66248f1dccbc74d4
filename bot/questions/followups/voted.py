"""Follow-ups that no phrase explains, read as what the classifier is sure they ask."""

from __future__ import annotations

from dataclasses import replace

from analytics.model import Query
from bot.questions.followups.followup import inherited
from bot.questions.followups.leaning import half_kept, untimed
from bot.questions.followups.pointing import resolved
from bot.questions.intents import classifier
from bot.questions.intents.candidates import NOTHING, SURE, Context, candidate
from bot.questions.intents.points import intents_of
from bot.questions.intents.settle import settled
from bot.questions.reading import Reading
from bot.questions.slots.gather import gather
from bot.questions.slots.moments import when
from bot.questions.text.items import Items, symbols, words_of

_SCORE, _LEAD = -0.2, 0.3
_POINTING = frozenset("it that this there they them those".split())
_REFUSED = 0.9  # declined by name, so surely


def voted(reading: Reading, items: Items, context: Context, previous: Query) -> Reading:
    """The reading; where it is none, that of the intent the classifier is sure of, with what the
    message lacks taken from the query before: "did it move at all since summer".
    """
    unread = {"scores", "doubted"} & reading.trace.keys() and reading.status != "understood"
    refused = reading.status == "declined" and reading.confidence > _REFUSED
    if not unread or refused or context.earlier is None:
        return reading
    said, _ = gather(items, context.lexicon)
    intent = classifier.surest(said, previous.intent, score=_SCORE, lead=_LEAD)
    if intent is None:
        return reading
    pointed = resolved(said, previous)
    if intent == previous.intent == "rank_segments" and words_of(said) & _POINTING:
        return reading  # "how much is that" is of whoever is first
    plain, slots = gather(pointed or said, context.lexicon)
    score = intents_of(context.lexicon.vocabulary).scores(plain).get(intent, NOTHING)
    found = candidate(intent, score, plain, slots, context)
    query = inherited(found.query, previous)
    if intent == "compare_segments" and len(slots.segments) > 1:
        query = replace(query, segments=tuple(slots.segments))
    one = symbols(said, 0, 2) == ["which", "one"]
    if found.left or slots.unused(query) or query == previous or one:
        return reading
    at = when(slots, intent, context.calendar)
    if half_kept(query, previous, context.lexicon, plain) or untimed(query, at, context.lexicon):
        return reading
    meant = settled(query, slots, SURE, at.notes, context.lexicon)
    return meant if meant.status == "understood" else reading
