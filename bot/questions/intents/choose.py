"""What follows from the readings a question may have: an answer, a question back, a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from analytics.model import Query
from bot.questions.intents import classifier
from bot.questions.intents.candidates import (
    GUESS,
    SURE,
    Candidate,
    Context,
    is_ours,
    unexplained_by,
)
from bot.questions.intents.declines import decline_named
from bot.questions.intents.refuse import asked_back, declined, lost, unknown_words
from bot.questions.intents.settle import settled
from bot.questions.intents.wording import option
from bot.questions.reading import Option, Reading
from bot.questions.slots.filled import FILTERED, LISTS, Slots
from bot.questions.text.items import Item, Items
from bot.questions.things.leftover import may_be_measured, may_narrow
from bot.questions.things.lexicon import Lexicon

_NARROWED = 0.9  # from here on a reading is answered, and told, that leaves such a word out
_UNRIVALLED = 0.5  # from here on one is answered beside which no other could be offered
_TELLING = 3  # what a question names and a reading leaves out, by `Slots.unused`
_OVER_TIME = frozenset({"segment_trend", "explain_change"})
_MEASURES = frozenset("average mean median percentile p90 p10 p75 p25 total".split())
_ALWAYS_OURS = frozenset(
    {"drift", "digest", "schedule", "help", "smalltalk", "refit_now", "model_info"}
)


def chosen(
    items: Items, slots: Slots, candidates: Sequence[Candidate], context: Context
) -> Reading:
    """The reading of a question with these candidates, the likeliest first."""
    lexicon = context.lexicon
    best = candidates[0] if candidates else None
    left = best.left if best else unexplained_by(items, slots, lexicon)
    trace = _trace(items, candidates, left)
    if slots.traits and best and best.query.trait is None and best.query.intent in FILTERED:
        return replace(declined(decline_named("traits"), lexicon, slots), trace=trace)
    confidence = best.confidence if best else 0.0
    if slots.unclear and confidence < GUESS:
        return settled(Query("segment_profile"), slots, GUESS, (), lexicon)
    measured = slots.features or slots.conditions or slots.money or slots.unknown_traits
    said = [i for i in items if i.symbol == "<stat>" and set(i.words) & _MEASURES]
    unmeasured = bool(said and slots.statistics) and not measured
    profiled = best is not None and best.query.intent == "segment_profile" and confidence < SURE
    if best and profiled and unmeasured and not left:
        query = Query("feature_stat", segments=best.query.segments, statistic=slots.statistics[0])
        return settled(query, slots, GUESS, (), lexicon)
    if best is None or (best.points < 0.7 and confidence < SURE):
        if slots.statistics and not left:
            query = Query("feature_stat", statistic=slots.statistics[0])
            asked = settled(query, slots, 0.4, (), lexicon)
            counted = slots.statistics[0] == "count" and slots.loose_bounds  # "how many over 5k"
            return (
                replace(asked, query=replace(query, intent="find_customers")) if counted else asked
            )
        if not left and (slots.segments or slots.features):
            return replace(_nearest(slots, lexicon), trace=trace)
        return replace(lost(items, left, lexicon), trace=trace)
    trace = trace | {"confidence": confidence}
    if confidence < GUESS and (len(left) > 1 or not (slots.segments or best.points >= 2)):
        return replace(lost(items, left, lexicon), trace=trace)
    elsewhere = not is_ours(items, slots) and best.query.intent not in _ALWAYS_OURS
    if left and confidence < SURE and (elsewhere or _about_someone(best, slots)):
        return replace(lost(items, left, lexicon), trace=trace)
    if len(set(slots.moments)) > 1 and best.query.intent != "customer_history":
        message = "Which of these times do you mean? I can also show the trend between them."
        return replace(asked_back(best.query, message, (), GUESS), trace=trace)
    narrowed = confidence < SURE or best.query.intent in _OVER_TIME
    if slots.unknown_traits and not slots.traits and narrowed:
        return without_trait(slots, context, trace)
    reading = settled(best.query, slots, confidence, best.notes, lexicon)
    unsure = confidence < SURE or _ignores(best, items, slots)
    unsure = unsure and reading.status == "understood"
    first = context.previous is None or context.earlier is not None
    told = slots.segments or (slots.features and slots.order)
    vague = bool(left) or not told or confidence < GUESS
    if unsure and first and vague and classifier.is_out_of_scope(items, context.after):
        return replace(lost(items, left, lexicon), trace=trace)
    if unsure:
        options = [
            option(c.query, lexicon)
            for c in candidates
            if (c.points >= 0.7 or c.confidence >= GUESS)
            and settled(c.query, slots, SURE, (), lexicon).status == "understood"
        ]
        unrivalled = [o.query for o in options] == [best.query] and confidence >= _UNRIVALLED
        if unrivalled and not left and not _ignores(best, items, slots):
            return replace(reading, trace=trace)
        strange = [i for i in left if i.symbol not in lexicon.vocabulary.ours]
        reading = (
            unknown_words(best.query, strange, options, confidence)
            if strange
            else asked_back(best.query, _which(options, best, slots), options, confidence)
        )
    elif reading.status == "understood" and may_narrow(items, left):
        words = " and ".join(f"'{i.text}'" for i in left)
        reading = replace(reading, notes=(*reading.notes, f"read without {words}"))
    return replace(reading, trace=trace)


def _ignores(best: Candidate, items: Items, slots: Slots) -> bool:
    """Whether a reading leaves out so much of a question that it would be half answered."""
    listed, told = best.query.intent in LISTS, best.query.intent in FILTERED
    narrowed = may_narrow(items, best.left) and (told or best.confidence < _NARROWED)
    left_out = slots.unused(best.query) >= _TELLING or may_be_measured(items, best.left)
    return left_out or narrowed or (listed and bool(best.left))


def _which(options: Sequence[Option], best: Candidate, slots: Slots) -> str:
    if best.query.intent == "recommend" and slots.conditions:
        return "Offers are weighed for whole segments, not by an amount. Is this what you mean?"
    return "Is this what you mean?" if len(options) == 1 else "Which of these do you mean?"


def _nearest(slots: Slots, lexicon: Lexicon) -> Reading:
    """What is nearest where only segments or features are named, and nothing said of them."""
    segments, features = tuple(slots.segments), tuple(slots.features)
    near = [Query("feature_stat", segments=segments, features=features)] if features else []
    if len(segments) > 1:
        near.append(Query("compare_segments", segments=segments, features=features))
    if segments:
        near += [Query(one, segments=segments[:1]) for one in ("segment_profile", "segment_trend")]
    options = [option(query, lexicon) for query in near]
    return asked_back(near[0], "Which of these do you mean?", options, GUESS)


def without_trait(slots: Slots, context: Context, trace: dict[str, Any]) -> Reading:
    """Declined, for a trait that no file has brought."""
    unheld = slots.unknown_traits[0]
    reading = declined(decline_named("no_trait"), context.lexicon, slots, comparison=unheld)
    return replace(reading, trace=trace)


def _about_someone(best: Candidate, slots: Slots) -> bool:
    """Whether only a customer's id was understood: "C10023's salary"."""
    return bool(slots.customers) and best.points < 3


def shown(items: Items) -> list[str]:
    """The items as --explain shows them."""
    return [i.symbol if i.value is None else f"{i.symbol}={i.value}" for i in items]


def _trace(items: Items, candidates: Sequence[Candidate], left: Sequence[Item]) -> dict[str, Any]:
    return {
        "tokens": shown(items),
        "scores": {
            c.query.intent: {
                "points": c.points,
                "classifier": round(c.likelihood, 2),
                "confidence": c.confidence,
            }
            for c in candidates[:5]
        },
        "phrases": {c.query.intent: c.phrases for c in candidates[:3]},
        "unexplained": [i.text for i in left],
    }
