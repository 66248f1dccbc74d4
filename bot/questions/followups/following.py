"""The reading of a question that leans on the one before."""

from __future__ import annotations

from dataclasses import replace

from analytics.model import Query
from bot.questions.followups import followup, pointing, turns
from bot.questions.followups.leaning import (
    asked_again,
    burdened,
    half_kept,
    inheriting,
    names_a_stranger,
    narrowed,
    unmet,
    untimed,
)
from bot.questions.intents import classifier
from bot.questions.intents.build import query_of, uses
from bot.questions.intents.candidates import GUESS, SURE, Candidate, Context, leans, ranked
from bot.questions.intents.choose import chosen, shown
from bot.questions.intents.refuse import asked_back
from bot.questions.intents.settle import settled
from bot.questions.intents.wording import option
from bot.questions.reading import Reading
from bot.questions.slots.filled import Slots
from bot.questions.slots.gather import gather
from bot.questions.slots.moments import when
from bot.questions.text.items import Items, symbol, symbols

_NARROWED_DOWN = frozenset({"migration", "find_customers"})
_NOTHING_NEW = "I'm not sure what to change: name a segment, a feature, a time or a customer."


def followed(
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
        return replace(again, trace={**again.trace, "tokens": shown(plain), "taken_up": True})
    if turns.compares_customers(plain, slots, previous):
        return asked_back(previous, "I show one customer at a time. Which one?", (), 0.5)
    pointed = pointing.resolved(plain, previous)
    spoken_of = pointed is not None
    measured = spoken_of and slots.statistics and slots.features
    if pointing.is_lost(plain, previous):
        own = ranked(plain, slots, context)
        wants = own and "segments" in uses(own[0].query.intent) and not slots.segments
        if wants and own[0].query.intent != "model_info":
            return asked_back(own[0].query, "Which segment do you mean?", (), 0.4)
    edits = bare and turns.edits(plain, slots, previous)
    if not (edits or recalls) and (
        turns.stands_alone(plain, previous) or _is_whole(plain, slots, context)
    ):
        return None
    elliptic = recalls or edits or pointed is not None or not slots.kinds()
    elliptic = elliptic or not turns.starts_anew(plain, sentence=True)
    places = slots.top or slots.place or (slots.order and previous.intent == "rank_segments")
    ends = slots.order and not {"segment", "who", "which"} & set(symbols(plain))
    measures = (slots.statistics or ends) and previous.features
    elliptic = elliptic or (slots.kinds() == 1 and bool(places or measures))
    of_features = set(slots.statistics) - {"count", "share"}
    elliptic = elliptic or bool(measures and of_features and not slots.features)
    of_one = previous.customer is not None and previous.intent in pointing.CUSTOMER_INTENTS
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
                or unmet(plain, slots, query, previous, context.lexicon)
                or narrowed(plain, slots, query, previous, context.lexicon)
                or settled(query, slots, 0.85, at.notes, context.lexicon)
            )
            return replace(reading, trace={"tokens": shown(plain), "continued": previous.slots()})
    if pointed is None:
        own = ranked(plain, slots, context)
        only = symbol(plain, 0) in ("only", "just") and own
        if only and own[0].query.intent == previous.intent in _NARROWED_DOWN:
            own = [replace(own[0], query=followup.inherited(own[0].query, previous)), *own[1:]]
            return chosen(plain, slots, own, context)  # "only the outflow from 4"
        if _offers_them(own, items, previous):
            own = [replace(own[0], query=followup.inherited(own[0].query, previous)), *own[1:]]
            return chosen(plain, slots, own, context)
        history = ranked(pointing.completed(plain, previous), slots, context) if of_one else []
        of_them = (
            len(plain) <= 4 and history and history[0].query.intent in pointing.CUSTOMER_INTENTS
        )
        if own and own[0].points >= 3.5 and not (leans(own[0].query, slots, plain) or of_them):
            return None
        if previous.customer and names_a_stranger(plain, context):
            return None
        pointed = pointing.completed(plain, previous)
    plain, slots = gather(pointed, context.lexicon)
    candidates = [
        replace(c, query=burdened(followup.inherited(c.query, previous), plain))
        for c in ranked(plain, slots, context)
    ]
    unsure = turns.is_bare(items, previous) or not candidates or candidates[0].confidence < SURE
    if not candidates or (candidates[0].points < 3.5 and unsure):
        leaning = inheriting(items, context, previous)
        if leaning:
            return chosen(*gather(items, context.lexicon), leaning, context)
        if spoken_of and candidates and _answered_alone(items, candidates[0], context):
            return chosen(plain, slots, candidates, context)  # "would cashback suit them?"
        own = ranked(items, Slots(), context)
        if turns.is_bare(items, previous) and all(c.points < 2 for c in own):
            return asked_back(previous, _NOTHING_NEW, (), 0.3)
        return None
    kept = half_kept(candidates[0].query, previous, context.lexicon, pointed)
    best = candidates[0].query
    kept = kept or untimed(best, when(slots, best.intent, context.calendar), context.lexicon)
    return kept or chosen(plain, slots, candidates, context)


def _answered_alone(items: Items, best: Candidate, context: Context) -> bool:
    """Whether a message would be answered in the same way without whom it speaks of."""
    own = ranked(*gather(items, context.lexicon), context)[:1]
    return any(o.query.intent == best.query.intent and o.confidence >= SURE for o in own)


def _offers_them(own: list[Candidate], items: Items, previous: Query | None) -> bool:
    """Whether another offer for those spoken of is weighed: "what if we offered cashback?"."""
    both = previous is not None and bool(own) and previous.intent == "recommend"
    if not both or previous is None or own[0].query.intent != "recommend":
        return False
    whom = {"who", "which", "segment"} & {i.symbol for i in items}
    return bool(previous.segments) and not (own[0].query.segments or whom)


def _is_whole(items: Items, slots: Slots, context: Context) -> bool:
    """Whether a message is a question by itself: a sentence, or two slots, that lacks nothing."""
    if not turns.starts_anew(items, sentence=slots.kinds() < 2):
        return False
    previous = context.previous
    if previous and previous.intent == "feature_stat" and not previous.features:
        return False  # "average?" - "of what?" - "purchases, segment 3"
    own = ranked(items, slots, context)
    if own and own[0].query.intent == "feature_stat" and turns.is_fragment(items, slots):
        return context.previous is None or not context.previous.segments
    return (
        bool(own)
        and own[0].confidence >= SURE
        and own[0].points >= 2
        and not leans(own[0].query, slots, items)
        and settled(own[0].query, slots, SURE, (), context.lexicon).status == "understood"
    )


def doubted(
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
    other = classifier.likelier(items, intent, after.intent if after else None)
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
    asked = asked_back(reading.query, "Which of these do you mean?", options, GUESS)
    return replace(asked, trace=trace)
