"""Which intent a question has, how sure that is, and what follows from it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from analytics.model import INTENTS, Query
from bot.questions import followup
from bot.questions.build import query_of
from bot.questions.intents import Decline, Score, declines_of, intents_of, unexplained
from bot.questions.items import Item, Items
from bot.questions.lexicon import Lexicon
from bot.questions.reading import Option, Reading
from bot.questions.slots import Slots, when
from bot.questions.times import Calendar
from bot.questions.wording import option
from bot.questions.words import phrase_book

SURE = 0.6
GUESS = 0.3


def decide(
    items: Items,
    slots: Slots,
    text: str,
    lexicon: Lexicon,
    calendar: Calendar,
    previous: Query | None,
) -> Reading:
    """The reading of one question."""
    decline = declines_of(lexicon.vocabulary).match(items)
    scores = _adjusted(intents_of(lexicon.vocabulary).scores(items), items, slots)
    ranked = sorted(scores, key=lambda i: (-scores[i].points, INTENTS.index(i)))
    trace = {
        "tokens": [i.symbol if i.value is None else f"{i.symbol}={i.value}" for i in items],
        "scores": {i: scores[i].points for i in ranked[:6]},
        "phrases": {i: scores[i].phrases for i in ranked[:3]},
    }
    if decline:
        guess = Query("out_of_scope")
        return replace(
            declined(decline, guess, lexicon, slots), trace={**trace, "declined": decline.name}
        )
    if previous is not None:
        reading = _follow(items, slots, scores, ranked, text, lexicon, calendar, previous)
        if reading:
            return replace(reading, trace=trace)
    left = unexplained(
        items, scores[ranked[0]].covered if ranked else frozenset(), lexicon.vocabulary.fillers
    )
    trace["unexplained"] = [i.text for i in left]
    if not ranked or scores[ranked[0]].points < 0.7:
        return replace(_lost(items, left, lexicon), trace=trace)
    confidence = _confidence(scores, ranked, items, slots, left)
    candidates = [_built(i, slots, text, lexicon, calendar)[0] for i in ranked[:3]]
    query, notes = _built(ranked[0], slots, text, lexicon, calendar)
    if confidence < GUESS:
        return replace(
            _lost(items, left, lexicon), trace=trace, confidence=round(1 - confidence, 3)
        )
    reading = settled(query, slots, confidence, notes, lexicon)
    if reading.status == "understood" and confidence < SURE:
        options = _distinct([option(q, lexicon) for q in candidates])
        reading = Reading(
            "clarify", query, confidence, "Which of these do you mean?", options, notes
        )
    return replace(reading, trace=trace)


def _adjusted(scores: Mapping[str, Score], items: Items, slots: Slots) -> dict[str, Score]:
    """Scores after what each intent needs: without it an intent is only a guess."""
    about = phrase_book("intents")["intents"]
    result = {}
    for intent, score in scores.items():
        points = score.points
        for need in about[intent].get("needs", ()):
            if not any(_has(slots, one) for one in need.split("|")):
                points -= 2.0
        if slots.customers and "customer" not in about[intent].get("slots", ()):
            points -= 3.0
        if points > 0:
            result[intent] = replace(score, points=round(points, 2))
    del items
    return result


def _has(slots: Slots, need: str) -> bool:
    match need:
        case "segments":
            return bool(slots.segments or slots.unclear)
        case "features":
            return bool(slots.features)
        case "customer":
            return bool(slots.customers)
        case "filter":
            return bool(slots.conditions)
        case "offer":
            return bool(slots.offers)
        case "term":
            return bool(slots.terms)
    return True


def _built(
    intent: str, slots: Slots, text: str, lexicon: Lexicon, calendar: Calendar
) -> tuple[Query, tuple[str, ...]]:
    at = when(slots, intent, calendar, ())
    return query_of(intent, slots, at, text), at.notes


def _confidence(
    scores: Mapping[str, Score],
    ranked: Sequence[str],
    items: Items,
    slots: Slots,
    left: Sequence[Item],
) -> float:
    first = scores[ranked[0]].points
    margin = first - (scores[ranked[1]].points if len(ranked) > 1 else 0.0)
    words = {i.symbol for i in items}
    about_us = bool(slots) or bool(
        words & {"segment", "customer", "digest", "refit", "drift", "sql", "model"}
    )
    logit = -2.2 + 0.75 * min(first, 5.5) + 0.8 * min(margin, 2.5)
    logit -= (0.45 if about_us else 1.5) * len(left)
    return round(1 / (1 + math.exp(-logit)), 3)


def settled(
    query: Query, slots: Slots, confidence: float, notes: tuple[str, ...], lexicon: Lexicon
) -> Reading:
    """A query as a reading, or a question back when something it needs is missing or unclear."""
    if (slots.unclear and "segments" in followup.uses(query.intent)) or (
        slots.unclear and query.intent == "migration"
    ):
        ids = slots.unclear[0]
        options = tuple(
            option(
                replace(query, segments=(*query.segments, s)),
                lexicon,
                f"Segment {s}: {lexicon.name_of(s)}",
            )
            for s in ids[:3]
        )
        names = " or ".join(f"{lexicon.name_of(s)} (segment {s})" for s in ids[:3])
        return Reading("clarify", query, confidence, f"Which do you mean: {names}?", options, notes)
    about = phrase_book("intents")["intents"].get(query.intent, {})
    for need in about.get("needs", ()):
        if not any(
            getattr(query, "from_segment" if n == "x" else n) not in ((), None)
            for n in need.split("|")
        ):
            if need == "segments" and query.intent in ("compare_segments",):
                continue
            options = _for_each_segment(query, lexicon) if "segments" in need else ()
            return Reading("clarify", query, confidence, about["ask"], options, notes)
    return Reading("understood", query, confidence, "", (), notes)


def _for_each_segment(query: Query, lexicon: Lexicon) -> tuple[Option, ...]:
    return tuple(
        option(replace(query, segments=(s,)), lexicon, f"Segment {s}: {lexicon.name_of(s)}")
        for s in lexicon.active_ids()[:3]
    )


def _distinct(options: Sequence[Option]) -> tuple[Option, ...]:
    return tuple({o.question: o for o in options}.values())


def _follow(
    items: Items,
    slots: Slots,
    scores: Mapping[str, Score],
    ranked: Sequence[str],
    text: str,
    lexicon: Lexicon,
    calendar: Calendar,
    previous: Query,
) -> Reading | None:
    """The reading of a question that leans on the one before; None when it stands alone."""
    if followup.asks_why(items):
        return settled(followup.explaining(previous), slots, 0.9, (), lexicon)
    if followup.is_bare(items) and slots:
        at = when(slots, previous.intent, calendar, ())
        query = followup.continued(items, slots, at, previous)
        if query is not None:
            return settled(query, slots, 0.85, at.notes, lexicon)
    if followup.points_back(items) and ranked and scores[ranked[0]].points >= 2:
        query, notes = _built(ranked[0], slots, text, lexicon, calendar)
        taken = followup.inherited(query, previous)
        if taken != query:
            return settled(taken, slots, 0.85, notes, lexicon)
    if ranked and scores[ranked[0]].points >= 2:
        query, notes = _built(ranked[0], slots, text, lexicon, calendar)
        needs = phrase_book("intents")["intents"][query.intent].get("needs", ())
        if (
            needs
            and settled(query, slots, 0.9, notes, lexicon).status == "clarify"
            and not slots.unclear
        ):
            taken = followup.inherited(query, previous)
            if taken != query:
                return settled(taken, slots, 0.8, notes, lexicon)
    return None


def _lost(items: Items, left: Sequence[Item], lexicon: Lexicon) -> Reading:
    """Nothing was understood: a short scrap is asked back, a real sentence declined."""
    words = [i for i in items if i.symbol[0].isalpha()]
    nonsense = [i for i in left if not i.known]
    options = (
        option(Query("overview"), lexicon),
        option(Query("drift"), lexicon),
        option(Query("help"), lexicon),
    )
    if len(words) <= 2 and (nonsense or not left):
        say = "I did not understand that. Is it one of these?"
        return Reading("clarify", Query("help"), 0.2, say, options)
    say = f"I can't answer that; I know our customer segments, for example: {options[0].question}."
    return Reading("declined", Query("out_of_scope"), 0.8, say, options[:1])


def declined(
    why: str | Decline, query: Query, lexicon: Lexicon, slots: Slots | None = None
) -> Reading:
    """A kind refusal that names the nearest thing that works."""
    if isinstance(why, str):
        entry = phrase_book("declines")["declines"][why]
        why = Decline(why, entry["say"], entry["instead"])
    active = lexicon.active_ids()
    segment = slots.segments[0] if slots and slots.segments else active[0] if active else 1
    features = [lexicon.features[f].column for f in (slots.features if slots else ())]
    columns = [*features, *(f.column for f in lexicon.features)][:2]
    instead = why.instead.format(
        segment=segment,
        segments=f"segment {segment}",
        column_1=columns[0] if columns else "a",
        column_2=columns[1] if len(columns) > 1 else "b",
    )
    say = f"{why.say} Try: {instead}."
    return Reading("declined", query, 0.95, say)
