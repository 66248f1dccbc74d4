"""Which intent a question has, how sure that is, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from analytics.model import Query
from bot.questions import followup, opinion, turns
from bot.questions.build import query_of, uses
from bot.questions.candidates import (
    GUESS,
    SURE,
    Candidate,
    Context,
    is_ours,
    leans,
    ranked,
    unexplained_by,
)
from bot.questions.declines import declines_of
from bot.questions.gather import gather
from bot.questions.items import Item, Items, symbol
from bot.questions.leaning import (
    asked_again,
    burdened,
    half_kept,
    inheriting,
    names_a_stranger,
    narrowed,
    untimed,
)
from bot.questions.moments import when
from bot.questions.reading import Reading
from bot.questions.recalled import recalled
from bot.questions.refuse import (
    asked_back,
    decline_named,
    declined,
    lost,
    picks_by_age,
    unknown_words,
)
from bot.questions.remarks import without_remarks
from bot.questions.settle import settled
from bot.questions.slots import Slots
from bot.questions.taken_up import taken_up
from bot.questions.wording import option

_OF_CUSTOMERS = frozenset({"find_customers", "feature_stat", "export_audience"})
_OF_ONE = frozenset(
    {"explain_change", "explain_segment", "segment_trend", "segment_size", "recommend"}
)
_OVER_TIME = frozenset({"segment_trend", "explain_change"})
_MEASURES = frozenset("average mean median percentile p90 p10 p75 p25 total".split())
_OF_THE_TOOL = frozenset(
    {"sql", "glossary", "model_info", "help", "schedule", "digest", "overview", "refit_now"}
)
_ALWAYS_OURS = frozenset(
    {"drift", "digest", "schedule", "help", "smalltalk", "refit_now", "model_info"}
)


def decide(items: Items, context: Context) -> Reading:
    """The reading of one question."""
    if context.previous is not None:
        changed = taken_up(items, context.previous, context)
        if changed:
            return changed
        items = without_remarks(items, context.previous, context.lexicon)
    decline = declines_of(context.lexicon.vocabulary).match(items)
    if decline is None and picks_by_age(items):
        decline = decline_named("protected")
    if decline:
        _, slots = gather(items, context.lexicon)
        reading = declined(decline, context.lexicon, slots, said=items)
        return replace(reading, trace={"tokens": _shown(items), "declined": decline.name})
    compared = next((i.value for i in items if i.symbol == "<compared>"), None)
    if compared:
        one, op, other = compared
        columns = context.lexicon.features
        comparison = f"{columns[one].column} {op} {columns[other].column}"
        return declined(decline_named("columns"), context.lexicon, comparison=comparison)
    if any(
        i.symbol == "<filter>"
        and symbol(items, n + 1) == "or"
        and symbol(items, n + 2) == "<filter>"
        for n, i in enumerate(items)
    ):
        return declined(decline_named("either"), context.lexicon)
    if context.previous is not None:
        previous = context.previous
        if context.earlier is not None:
            context = replace(context, said=gather(items, context.lexicon)[0])
        said, items = items, recalled(items, previous, context.lexicon)
        follow = _followed(items, context, previous, recalls=items != said)
        if follow:
            return _doubted(follow, items, context, after=previous)
    items, slots = gather(items, context.lexicon)
    if turns.asks_why(items):
        message = "Why what? Name a segment, a change or a customer."
        return asked_back(Query("explain_change"), message, (), 0.2)
    candidates = ranked(items, slots, context)
    of_customers = not candidates or candidates[0].query.intent not in _OF_THE_TOOL
    if (
        context.previous is None
        and turns.speaks_of_a_person(items)
        and of_customers
        and not (slots.segments or slots.customers)
        and (not slots.about_us or (slots.features and turns.asks_of_a_person(items)))
    ):
        return asked_back(Query("customer_lookup"), "Which customer? Give me the id.", (), 0.3)
    if context.previous is None and candidates and turns.points_nowhere(items, slots):
        best = candidates[0].query
        anything = turns.asks_of_anything(items)
        if best.intent in _OF_ONE or (best.intent == "drift" and not anything):
            return asked_back(best, "Which segment do you mean?", (), 0.4)
    whole = slots.segments or "share" in slots.statistics
    if candidates and not whole and turns.measures_a_ranked_one(items):
        message = "Which segment is that? Ask for the ranking first, then about the one at its top."
        return asked_back(candidates[0].query, message, (), 0.4)
    if context.previous is None and not slots.about_us and turns.points_at_one(items):
        best = candidates[0].query if candidates else Query("overview")
        meant = best if "segments" in uses(best.intent) else Query("segment_profile")
        if best.intent in ("overview", "compare_segments", meant.intent):
            return asked_back(meant, "Which segment do you mean?", (), 0.4)
    return _read(items, slots, candidates, context)


def _doubted(
    reading: Reading, items: Items, context: Context, after: Query | None = None
) -> Reading:
    """The reading, or a question back where the second opinion finds another far likelier.

    ``after`` is the query before, where the question leans on it.
    """
    intent = reading.query.intent
    if "taken_up" in reading.trace:
        return reading
    sure = intent in ("smalltalk", "help", "sql") or reading.query == after
    if reading.status != "understood" or sure:
        return reading
    items, slots = gather(items, context.lexicon)
    if "continued" in reading.trace and slots.kinds() == 1 and slots.statistics:
        return reading
    other = opinion.likelier(items, intent, after.intent if after else None)
    if other is None:
        return reading
    at = when(slots, other, context.calendar)
    meant = query_of(other, slots, at, context.text)
    queries = [reading.query, followup.inherited(meant, after) if after else meant]
    options = [
        option(query, context.lexicon)
        for query in queries
        if query.intent != "out_of_scope"
        and settled(query, slots, SURE, (), context.lexicon).status == "understood"
    ]
    trace = {**reading.trace, "doubted": other}
    if other == "out_of_scope" and slots.unknown_traits and not slots.traits:
        return _without_trait(slots, context, trace)
    asked = asked_back(reading.query, "Which of these do you mean?", options, GUESS)
    return replace(asked, trace=trace)


def _read(items: Items, slots: Slots, candidates: Sequence[Candidate], context: Context) -> Reading:
    lexicon = context.lexicon
    best = candidates[0] if candidates else None
    left = best.left if best else unexplained_by(items, slots, lexicon)
    trace = _trace(items, candidates, left)
    if slots.traits and best and best.query.trait is None and best.query.intent in _OF_CUSTOMERS:
        return replace(declined(decline_named("traits"), lexicon, slots), trace=trace)
    confidence = best.confidence if best else 0.0
    if slots.unclear and confidence < GUESS:
        return settled(Query("segment_profile"), slots, GUESS, (), lexicon)
    measured = slots.features or slots.conditions or slots.money or slots.unknown_traits
    said = [i for i in items if i.symbol == "<stat>" and set(i.words) & _MEASURES]
    unmeasured = bool(said) and not measured
    profiled = best is not None and best.query.intent == "segment_profile" and confidence < SURE
    if best and profiled and unmeasured and not left:
        query = Query("feature_stat", segments=best.query.segments, statistic=slots.statistics[0])
        return settled(query, slots, GUESS, (), lexicon)
    if best is None or best.points < 0.7:
        if slots.statistics and not left:
            query = Query("feature_stat", statistic=slots.statistics[0])
            asked = settled(query, slots, 0.4, (), lexicon)
            counted = slots.statistics[0] == "count" and slots.loose_bounds  # "how many over 5k"
            return (
                replace(asked, query=replace(query, intent="find_customers")) if counted else asked
            )
        return replace(lost(items, left, lexicon), trace=trace)
    trace = trace | {"confidence": confidence}
    if confidence < GUESS and (len(left) > 1 or not slots.segments):
        return replace(lost(items, left, lexicon), trace=trace)
    elsewhere = not is_ours(items, slots) and best.query.intent not in _ALWAYS_OURS
    if left and confidence < SURE and (elsewhere or _about_someone(best, slots)):
        return replace(lost(items, left, lexicon), trace=trace)
    if len(set(slots.moments)) > 1 and best.query.intent != "customer_history":
        message = "Which of these times do you mean? I can also show the trend between them."
        return replace(asked_back(best.query, message, (), GUESS), trace=trace)
    narrowed = confidence < SURE or best.query.intent in _OVER_TIME
    if slots.unknown_traits and not slots.traits and narrowed:
        return _without_trait(slots, context, trace)
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


def _without_trait(slots: Slots, context: Context, trace: dict[str, Any]) -> Reading:
    """Declined, for a trait that no file has brought."""
    unheld = slots.unknown_traits[0]
    reading = declined(decline_named("no_trait"), context.lexicon, slots, comparison=unheld)
    return replace(reading, trace=trace)


def _about_someone(best: Candidate, slots: Slots) -> bool:
    """Whether only a customer's id was understood: "C10023's salary"."""
    return bool(slots.customers) and best.points < 3


def _followed(
    items: Items, context: Context, previous: Query, *, recalls: bool = False
) -> Reading | None:
    """The reading of a question that leans on the one before; None when it stands alone.

    ``recalls``: it takes a time or somebody from there in so many words.
    """
    plain, slots = gather(items, context.lexicon)
    talk = context.lexicon.vocabulary.around
    compared = frozenset({"difference"} if slots.statistics and not slots.segments else ())
    empty = context.lexicon.vocabulary.fillers
    bare = turns.is_bare(plain, previous, empty | (talk if slots else frozenset()) | compared)
    again = asked_again(plain, slots, context, previous)
    if again:
        return replace(again, trace={**again.trace, "tokens": _shown(plain), "taken_up": True})
    pointed = turns.resolved(plain, previous)
    measured = pointed is not None and slots.statistics and slots.features
    if turns.is_lost(plain, previous):
        own = ranked(plain, slots, context)
        wants = own and "segments" in uses(own[0].query.intent) and not slots.segments
        if wants and own[0].query.intent != "model_info":
            return asked_back(own[0].query, "Which segment do you mean?", (), 0.4)
    if pointed is None and slots.unclear and bare:
        return settled(replace(previous, segments=()), slots, 0.5, (), context.lexicon)
    edits = bare and turns.edits(plain, slots, previous)
    if not (edits or recalls) and (
        turns.stands_alone(plain, previous) or _is_whole(plain, slots, context)
    ):
        return None
    elliptic = recalls or edits or pointed is not None or not slots.kinds()
    elliptic = elliptic or not turns.starts_anew(plain, sentence=True)
    places = slots.top or slots.place or (slots.order and previous.intent == "rank_segments")
    measures = slots.statistics and previous.features
    elliptic = elliptic or (slots.kinds() == 1 and bool(places or measures))
    of_features = set(slots.statistics) - {"count", "share"}
    elliptic = elliptic or bool(measures and of_features and not slots.features)
    of_one = previous.customer is not None and previous.intent in turns.CUSTOMER_INTENTS
    placed = of_one and bool(slots.segments) and pointed is not None  # "keep him out of 1"
    if recalls and slots.customers:
        pointed, placed = plain, True
    bare = bare and "why" not in {item.symbol for item in plain}
    if bare and elliptic and not measured and not placed:
        at = when(slots, previous.intent, context.calendar)
        query = followup.continued(plain, slots, at, previous)
        if query is not None:
            slots.base |= followup.is_against_all(query, previous)
            reading = (
                half_kept(query, previous, context.lexicon, pointed)
                or untimed(query, at, context.lexicon)
                or narrowed(plain, query, previous, context.lexicon)
                or settled(query, slots, 0.85, at.notes, context.lexicon)
            )
            return replace(reading, trace={"tokens": _shown(plain), "continued": previous.slots()})
    if pointed is None:
        own = ranked(plain, slots, context)
        history = ranked(turns.completed(plain, previous), slots, context) if of_one else []
        of_them = len(plain) <= 4 and history and history[0].query.intent in turns.CUSTOMER_INTENTS
        if own and own[0].points >= 3.5 and not (leans(own[0].query, slots, plain) or of_them):
            return None
        if previous.customer and names_a_stranger(plain, context):
            return None
        pointed = turns.completed(plain, previous)
    plain, slots = gather(pointed, context.lexicon)
    candidates = [
        replace(c, query=burdened(followup.inherited(c.query, previous), plain))
        for c in ranked(plain, slots, context)
    ]
    if not candidates or candidates[0].points < 3.5:
        leaning = inheriting(items, context, previous)
        if leaning:
            return _read(*gather(items, context.lexicon), leaning, context)
        own = ranked(items, Slots(), context)
        if turns.is_bare(items, previous) and not (own and own[0].points >= 2):
            message = (
                "I'm not sure what to change: name a segment, a feature, a time or a customer."
            )
            return asked_back(previous, message, (), 0.3)
        return None
    of_a_person = previous.customer and turns.speaks_of_a_person(items)
    if of_a_person and candidates[0].query.intent == "feature_stat":
        known = Query("customer_lookup", customer=previous.customer)  # "what is her balance?"
        return settled(known, slots, 0.85, (), context.lexicon)
    kept = half_kept(candidates[0].query, previous, context.lexicon, pointed)
    best = candidates[0].query
    kept = kept or untimed(best, when(slots, best.intent, context.calendar), context.lexicon)
    return kept or _read(plain, slots, candidates, context)


def _is_whole(items: Items, slots: Slots, context: Context) -> bool:
    """Whether a message is a question by itself: a sentence, or two slots, that lacks nothing."""
    if not turns.starts_anew(items, sentence=slots.kinds() < 2):
        return False
    own = ranked(items, slots, context)
    if (
        own
        and own[0].query.intent == "rank_segments"
        and turns.ranks_among(items, context.previous)
    ):
        return False
    if own and own[0].query.intent == "feature_stat" and turns.is_fragment(items, slots):
        return context.previous is None or not context.previous.segments
    return (
        bool(own)
        and own[0].confidence >= SURE
        and not leans(own[0].query, slots, items)
        and settled(own[0].query, slots, SURE, (), context.lexicon).status == "understood"
    )


def _shown(items: Items) -> list[str]:
    return [i.symbol if i.value is None else f"{i.symbol}={i.value}" for i in items]


def _trace(items: Items, candidates: Sequence[Candidate], left: Sequence[Item]) -> dict[str, Any]:
    return {
        "tokens": _shown(items),
        "scores": {c.query.intent: c.points for c in candidates[:5]},
        "phrases": {c.query.intent: c.phrases for c in candidates[:3]},
        "unexplained": [i.text for i in left],
    }
