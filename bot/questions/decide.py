"""Which intent a question has, how sure that is, and what follows from it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from analytics.model import INTENTS, Query
from bot.questions import followup, turns
from bot.questions.books import phrase_book
from bot.questions.build import query_of, used_words, uses
from bot.questions.gather import gather
from bot.questions.intents import Score, declines_of, intents_of, unexplained
from bot.questions.items import Item, Items
from bot.questions.lexicon import Lexicon
from bot.questions.moments import when
from bot.questions.reading import Reading
from bot.questions.refuse import asked_back, decline_named, declined, lost, unknown_words
from bot.questions.settle import settled
from bot.questions.slots import Slots
from bot.questions.times import Calendar
from bot.questions.wording import option

SURE = 0.7  # from here on a reading is answered
GUESS = 0.3  # below, it is not even offered
_IGNORES = 1.0  # points a reading loses for each word it does not account for
_LEFT_OUT = 3.2  # so much that one such word makes the strongest reading unsure
_OF_CUSTOMERS = frozenset({"find_customers", "feature_stat", "export_audience"})
_TALK = frozenset({"smalltalk", "help"})
_OURS = frozenset("segment customer digest refit drift sql model sankey transaction".split())


_ALWAYS_OURS = frozenset(
    {"drift", "digest", "schedule", "help", "smalltalk", "refit_now", "model_info"}
)


@dataclass(frozen=True)
class Context:
    """What a question is read against."""

    text: str
    lexicon: Lexicon
    calendar: Calendar
    previous: Query | None


@dataclass(frozen=True)
class Candidate:
    """One intent with its query and the evidence for it."""

    query: Query
    points: float
    phrases: tuple[str, ...]
    left: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()


def decide(items: Items, context: Context) -> Reading:
    """The reading of one question."""
    decline = declines_of(context.lexicon.vocabulary).match(items)
    if decline:
        _, slots = gather(items, context.lexicon)
        reading = declined(decline, context.lexicon, slots)
        return replace(reading, trace={"tokens": _shown(items), "declined": decline.name})
    compared = next((i.value for i in items if i.symbol == "<compared>"), None)
    if compared:
        one, op, other = compared
        columns = context.lexicon.features
        comparison = f"{columns[one].column} {op} {columns[other].column}"
        return declined(decline_named("columns"), context.lexicon, comparison=comparison)
    if context.previous is not None:
        follow = _followed(items, context, context.previous)
        if follow:
            return follow
    items, slots = gather(items, context.lexicon)
    if turns.asks_why(items):
        message = "Why what? Name a segment, a change or a customer."
        return asked_back(Query("explain_change"), message, (), 0.2)
    candidates = ranked(items, slots, context)
    return _read(items, slots, candidates, context)


def _read(items: Items, slots: Slots, candidates: Sequence[Candidate], context: Context) -> Reading:
    lexicon = context.lexicon
    best = candidates[0] if candidates else None
    left = best.left if best else _unexplained(items, slots, lexicon)
    trace = _trace(items, candidates, left)
    if slots.unclear and (best is None or _confidence(candidates, slots) < GUESS):
        return settled(Query("segment_profile"), slots, GUESS, (), lexicon)
    if best is None or best.points < 0.7:
        return replace(lost(items, left, lexicon), trace=trace)
    confidence = _confidence(candidates, slots)
    trace = trace | {"confidence": confidence}
    if confidence < GUESS and (len(left) > 1 or not slots.segments):
        return replace(lost(items, left, lexicon), trace=trace)
    elsewhere = not _is_ours(items, slots) and best.query.intent not in _ALWAYS_OURS
    if left and confidence < SURE and (elsewhere or _about_someone(best, slots)):
        return replace(lost(items, left, lexicon), trace=trace)
    if slots.traits and best.query.trait is None and best.query.intent in _OF_CUSTOMERS:
        return replace(declined(decline_named("traits"), lexicon, slots), trace=trace)
    reading = settled(best.query, slots, confidence, best.notes, lexicon)
    if reading.status == "understood" and confidence < SURE:
        options = [option(c.query, lexicon) for c in candidates if c.points >= 0.7]
        strange = [i for i in left if i.symbol not in lexicon.vocabulary.ours]
        reading = (
            unknown_words(best.query, strange, options, confidence)
            if strange
            else asked_back(best.query, "Which of these do you mean?", options, confidence)
        )
    return replace(reading, trace=trace)


def _is_ours(items: Items, slots: Slots) -> bool:
    """Whether anything of ours is spoken of, so that words of the office are beside the point."""
    return slots.about_us or any(i.symbol in _OURS for i in items)


def _unexplained(
    items: Items,
    slots: Slots,
    lexicon: Lexicon,
    score: Score | None = None,
    query: Query | None = None,
) -> tuple[Item, ...]:
    """Content words that no phrase, slot or filler accounts for when a question is read so."""
    known = lexicon.vocabulary.fillers
    if _is_ours(items, slots):
        known |= lexicon.vocabulary.around
    left = unexplained(items, score.covered if score else frozenset(), known)
    if query is None:
        return tuple(left)
    own = intents_of(lexicon.vocabulary).own_words(query.intent) | used_words(query)
    return tuple(i for i in left if own.isdisjoint({i.symbol, i.text, f"={i.text}"}))


def _about_someone(best: Candidate, slots: Slots) -> bool:
    """Whether only a customer's id was understood: "C10023's salary"."""
    return bool(slots.customers) and best.points < 3


def ranked(items: Items, slots: Slots, context: Context) -> list[Candidate]:
    """Every intent something speaks for, the strongest first."""
    found = []
    for intent, score in intents_of(context.lexicon.vocabulary).scores(items).items():
        points = score.points - _missing(intent, slots)
        if points > 0:
            at = when(slots, intent, context.calendar)
            query = query_of(intent, slots, at, context.text)
            notes = at.notes if query.as_of or query.since else ()
            left = _unexplained(items, slots, context.lexicon, score, query)
            points = round(points - _IGNORES * len(left), 2)
            found.append(Candidate(query, points, score.phrases, left, notes))
    if _only_a_segment(items, slots, found, context.lexicon.vocabulary.fillers):
        query = query_of(
            "segment_profile", slots, when(slots, "segment_profile", context.calendar), ""
        )
        found = [Candidate(query, 4.0, ("a segment and nothing else",))]
    return sorted(found, key=lambda c: (-c.points, INTENTS.index(c.query.intent)))


def _only_a_segment(
    items: Items, slots: Slots, found: Sequence[Candidate], fillers: frozenset[str]
) -> bool:
    """Whether a question names one segment and else only words without meaning."""
    said = any(i.symbol == "<segment>" and i.text for i in items)
    alone = said and len(slots.segments) == 1 and not slots.statistics
    asked = any(i.symbol in ("how", "why", "when", "where") for i in items)
    weak = all(c.points < 2 for c in found)
    return alone and weak and not asked and not unexplained(items, frozenset(), fillers)


def _missing(intent: str, slots: Slots) -> float:
    """Points lost by an intent for what it needs and the question does not name."""
    about = phrase_book("intents")["intents"][intent]
    lost_points = 0.0
    for need in about.get("needs", ()):
        if not any(slots.has(one) for one in need.split("|")):
            lost_points += 2.0
    if slots.customers and "customer" not in about["slots"]:
        lost_points += 3.0
    return lost_points


def _confidence(candidates: Sequence[Candidate], slots: Slots) -> float:
    """How likely the first candidate is right; weights set by hand on the tuning styles."""
    best = candidates[0]
    rivals = [c.points for c in candidates[1:] if c.query != best.query]
    margin = best.points - max(rivals, default=0.0)
    logit = -2.2 + 0.75 * min(best.points, 5.5) + 0.8 * min(margin, 2.5)
    logit -= (1.2 if best.query.intent in _TALK else _LEFT_OUT) * len(best.left)
    logit -= 1.5 * slots.unused(best.query)
    return round(1 / (1 + math.exp(-logit)), 3)


def _followed(items: Items, context: Context, previous: Query) -> Reading | None:
    """The reading of a question that leans on the one before; None when it stands alone."""
    plain, slots = gather(items, context.lexicon)
    if turns.confirms(plain, previous):
        trace = {"tokens": _shown(plain), "confirmed": True}
        return Reading("understood", previous, 0.95, trace=trace)
    if turns.asks_why(plain):
        return settled(followup.explaining(previous), Slots(), 0.9, (), context.lexicon)
    pointed = turns.resolved(plain, previous)
    measured = pointed is not None and slots.statistics and slots.features
    if turns.is_lost(plain, previous):
        own = ranked(plain, slots, context)
        wants = own and "segments" in uses(own[0].query.intent) and not slots.segments
        if wants and own[0].query.intent != "model_info":
            return asked_back(own[0].query, "Which segment do you mean?", (), 0.4)
    if pointed is None and slots.unclear and turns.is_bare(plain, previous):
        return settled(replace(previous, segments=()), slots, 0.5, (), context.lexicon)
    if turns.stands_alone(plain, previous) or _is_whole(plain, slots, context):
        return None
    if turns.is_bare(plain, previous) and not measured:
        at = when(slots, previous.intent, context.calendar)
        query = followup.continued(plain, slots, at, previous)
        if query is not None:
            reading = settled(query, slots, 0.85, at.notes, context.lexicon)
            return replace(reading, trace={"tokens": _shown(plain), "continued": previous.slots()})
    if pointed is None:
        own = ranked(plain, slots, context)
        if own and own[0].points >= 3.5 and not _leans(own[0].query, slots, plain):
            return None
        if previous.customer and _names_a_stranger(plain, context):
            return None
        pointed = turns.completed(plain, previous)
    plain, slots = gather(pointed, context.lexicon)
    candidates = [
        replace(c, query=followup.inherited(c.query, previous))
        for c in ranked(plain, slots, context)
    ]
    if not candidates or candidates[0].points < 3.5:
        own = ranked(items, Slots(), context)
        if turns.is_bare(items, previous) and not (own and own[0].points >= 2):
            message = (
                "I'm not sure what to change: name a segment, a feature, a time or a customer."
            )
            return asked_back(previous, message, (), 0.3)
        return None
    return _read(plain, slots, candidates, context)


def _is_whole(items: Items, slots: Slots, context: Context) -> bool:
    """Whether a message is a question by itself: a sentence, or two slots, that lacks nothing."""
    if not turns.starts_anew(items, sentence=slots.kinds() < 2):
        return False
    own = ranked(items, slots, context)
    return (
        bool(own)
        and _confidence(own, slots) >= SURE
        and not _leans(own[0].query, slots, items)
        and settled(own[0].query, slots, SURE, (), context.lexicon).status == "understood"
    )


def _names_a_stranger(items: Items, context: Context) -> bool:
    """Whether a possessive no phrase explains is said: "John Smith's card"."""
    known = context.lexicon.vocabulary.fillers | context.lexicon.vocabulary.around
    left = unexplained(items, frozenset(), known)
    return any(item.text.lower().endswith(("'s", "’s")) for item in left)


def _leans(query: Query, slots: Slots, items: Items) -> bool:
    """Whether a question lacks something it needs or speaks of without naming it."""
    named = slots.segments or slots.unclear or slots.customers
    if query.intent in ("segment_trend", "segment_size", "explain_change"):
        return not (named or slots.everything)
    if query.intent == "compare_segments":
        return len(slots.segments) == 1 and not (slots.base or query.as_of)
    if query.intent == "migration":
        return not (named or slots.everything) and len(items) <= 4
    if query.intent == "rank_segments":
        measured = query.features or any(i.symbol in ("biggest", "smallest") for i in items)
        return not slots.everything or not measured
    if query.intent == "find_customers":
        return not (named or slots.conditions or slots.features or slots.top)
    needs = phrase_book("intents")["intents"][query.intent].get("needs", ())
    met = (any(getattr(query, n) not in ((), None) for n in need.split("|")) for need in needs)
    return not slots.unclear and not all(met)


def _shown(items: Items) -> list[str]:
    return [i.symbol if i.value is None else f"{i.symbol}={i.value}" for i in items]


def _trace(items: Items, candidates: Sequence[Candidate], left: Sequence[Item]) -> dict[str, Any]:
    return {
        "tokens": _shown(items),
        "scores": {c.query.intent: c.points for c in candidates[:5]},
        "phrases": {c.query.intent: c.phrases for c in candidates[:3]},
        "unexplained": [i.text for i in left],
    }
