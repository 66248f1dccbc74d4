"""Questions that lack what the one before named, and follow-ups that can't keep what it said."""

from __future__ import annotations

from dataclasses import replace

from analytics.model import Condition, Query
from bot.questions.books import phrase_book
from bot.questions.followups import replies, turns
from bot.questions.followups.followup import explaining, inherited, moving
from bot.questions.followups.pointing import turn_words
from bot.questions.intents.candidates import Candidate, Context, leans, ranked
from bot.questions.intents.declines import decline_named
from bot.questions.intents.points import unexplained
from bot.questions.intents.refuse import asked_back, declined
from bot.questions.intents.settle import settled
from bot.questions.intents.wording import option
from bot.questions.reading import Reading
from bot.questions.slots.filled import FILTERED, LISTS, Slots
from bot.questions.slots.gather import gather
from bot.questions.slots.moments import When, when
from bot.questions.text.items import Items, symbol, symbols
from bot.questions.things.lexicon import Lexicon
from bot.questions.things.ranking import is_worst

_MEASURING = frozenset({"feature_stat", "rank_segments"})
# What can't be asked of some customers only.
_OF_ALL = frozenset(
    {"rank_segments", "breakdown", "compare_segments", "segment_trend", "overview", "migration"}
)
_NARROWING = frozenset({"only", "just", "for", "limit", "restrict"})
_OF_NOW = LISTS | {"recommend"}
_OF_MEMBERS = frozenset({"segment_profile", "feature_stat", "segment_size", "find_customers"})
_ENOUGH = 2.0
_OF_WHOLE = frozenset({"segment_trend", "explain_change"})
_WHOLE = frozenset({"whole", "entire", "complete", "full"})
_SIZED = frozenset({"biggest", "smallest"})


def asked_again(items: Items, slots: Slots, context: Context, previous: Query) -> Reading | None:
    """The reading of "yes", "why?", "who?", "where to?" and "show me the SQL"; None of others."""
    lexicon = context.lexicon
    fillers = lexicon.vocabulary.fillers
    if turns.confirms(items, previous):
        return Reading("understood", previous, 0.95, trace={"confirmed": True})
    if replies.asks_meaning(items, previous, fillers):
        return Reading("understood", Query("glossary", features=previous.features), 0.9)
    if replies.closes(items) or replies.lets_be(items):
        return Reading("understood", Query("smalltalk"), 0.9)
    at = when(slots, "segment_trend", context.calendar)
    trend = replies.moved_since(items, previous, at)
    if trend:
        return settled(trend, slots, 0.9, at.notes, lexicon)
    talk = turn_words("small") | fillers
    first = replies.ranked_among(items, slots, previous, talk)
    if first:
        return settled(first, Slots(), 0.9, (), lexicon)
    people = replies.shared_people(items, previous, talk)
    if people:
        return settled(people, Slots(), 0.9, (), lexicon)
    part = replies.share_of_it(items, slots, previous, talk)
    if part:
        return settled(part, Slots(), 0.9, (), lexicon)
    place = replies.place_of(items, slots, previous, talk)
    place = place or replies.then_and_now(items, slots, previous, talk)
    if place:
        return settled(place, Slots(), 0.9, (), lexicon)
    if turns.asks_why(items) or turns.asks_what_keeps(items, previous, fillers):
        return settled(explaining(previous), Slots(), 0.9, (), lexicon)
    if turns.asks_sql(items, lexicon.vocabulary.around | fillers):
        return Reading("understood", Query("sql"), 0.9)
    if turns.asks_who(items, previous, fillers):
        return settled(replace(previous, statistic=None), slots, 0.9, (), lexicon)
    if turns.asks_how_many(items, previous, fillers):
        counted = replace(previous, statistic="count", features=(), order=None)
        return settled(counted, slots, 0.9, (), lexicon)
    if turns.asks_where(items, previous):
        at = when(slots, "migration", context.calendar)
        came = "joined" if turns.asks_from(items) else slots.direction
        return settled(moving(previous, came, at), slots, 0.9, at.notes, lexicon)
    return None


def inheriting(items: Items, context: Context, previous: Query) -> list[Candidate]:
    """What a question by itself may ask, the first with what it lacks taken from the one before:
    "who has the most of it?". Empty where it lacks nothing.
    """
    plain, slots = gather(items, context.lexicon)
    own = ranked(plain, slots, context)
    ranks = bool(own) and own[0].query.intent == "rank_segments"
    sized = ranks and bool(_SIZED & set(symbols(plain)))
    sized = sized and not turns.ranks_among(items, previous)
    if sized or not own or own[0].points < _ENOUGH or not leans(own[0].query, slots, plain):
        return []
    query = burdened(inherited(own[0].query, previous), plain)
    if query == own[0].query:
        return []
    return [replace(own[0], query=query), *own[1:]]


def burdened(query: Query, items: Items) -> Query:
    """A ranking with the worst of a burden, such as utilisation, at the top; all of a list."""
    alone = query.intent == "segment_trend" and len(query.segments) == 1
    if alone and symbols(items, 0, 2) == ["which", "one"]:
        return replace(query, segments=())  # "which one is growing faster?"
    if query.intent == "export_audience" and _WHOLE & {item.text for item in items}:
        return replace(query, top=None, order=None, features=())
    turned = query.intent == "rank_segments" and is_worst(query.features, items)
    return replace(query, order="desc") if turned else query


def half_kept(
    query: Query, previous: Query, lexicon: Lexicon, pointed: Items | None
) -> Reading | None:
    """A question back where a follow-up can't keep what narrowed the answer before.

    ``pointed``: the items with what "they" stands for, where somebody is spoken of.
    """
    measured = previous.intent in _MEASURING and previous.features and pointed is None
    if query.intent == "breakdown" and previous.filter and not query.filter:
        message = "I can't split only those; I can split the whole segment. Shall I?"
        return asked_back(query, message, [option(query, lexicon)], 0.5)
    if query.intent == "breakdown" and measured:
        message = "I can count customers by that, not measure them. Shall I?"
        return asked_back(query, message, [option(query, lexicon)], 0.5)
    if query.intent == "rename_segment" and pointed and len(previous.segments) > 1:
        options = [option(replace(query, segments=(s,)), lexicon) for s in previous.segments]
        return asked_back(replace(query, segments=()), "Which of them?", options, 0.5)
    narrowed_down = previous.intent == "find_customers" and previous.filter
    followed_up = previous.intent == "segment_trend" and (previous.since or previous.weeks)
    loses = previous.intent == "breakdown" or narrowed_down or followed_up
    if query.intent == "compare_segments" and loses:
        split = replace(previous, segments=query.segments or previous.segments)
        message = "Shall I ask the same of them, or compare them by what they do?"
        return asked_back(query, message, [option(q, lexicon) for q in (split, query)], 0.5)
    ends = {previous.from_segment, previous.to_segment} - {None}
    if pointed and len(ends) == 2 and query.intent in _OF_MEMBERS and set(query.segments) == ends:
        message = "I can't single out those who moved; I can show both segments. Shall I?"
        return asked_back(query, message, [option(query, lexicon)], 0.5)
    counted = query.intent == "find_customers" and query.statistic == "count"
    if counted and previous.top and query.filter != previous.filter:
        query = replace(query, features=(), order=None, top=None)
        message = f"I can't count among those {previous.top}; I can count among all. Shall I?"
        return asked_back(query, message, [option(query, lexicon)], 0.5)
    filtered = previous.intent == "find_customers" and previous.filter
    if filtered and query.intent in _OF_WHOLE and query.segments == previous.segments:
        message = "I can't follow only those over time; I can follow the whole segment. Shall I?"
        return asked_back(query, message, [option(query, lexicon)], 0.5)
    near = previous.intent == "find_customers" and (previous.term or previous.customer)
    if query.intent == "export_audience" and near and not query.filter:
        message = "I can't export just those; I can export the whole segment. Shall I?"
        return asked_back(query, message, [option(query, lexicon)], 0.5)
    return None


def unmet(
    items: Items, slots: Slots, query: Query, previous: Query, lexicon: Lexicon
) -> Reading | None:
    """A question back where a follow-up says something that the query it makes does not hold."""
    words = set(symbols(items))
    two = len(query.segments) == 2 or len(query.features) > 1 or query.from_segment is not None
    paired = "both" in words or any(
        symbol(items, n - 1) in ("these", "those", "the") and i.symbol == "<n>" and i.value == 2
        for n, i in enumerate(items)
    )
    alone = len(previous.segments) == 1 and not slots.segments
    if paired and (query.segments or alone) and not two:
        return asked_back(query, "Which two do you mean?", (), 0.5)
    bound = next((i for i in slots.loose_bounds if i.symbol == "<bound>"), None)
    if bound and query.filter == previous.filter and query.top == previous.top:
        options = [
            option(replace(query, intent="find_customers", filter=(named,)), lexicon)
            for name in phrase_book("aliases")["ambiguous"]["features"]
            if name in lexicon.features and (named := Condition(name, *bound.value))
        ]
        options = [] if bound.unit == "%" else options
        return asked_back(
            query, f"{bound.text.capitalize()} of what? Name a measure.", options, 0.5
        )
    if query == previous and (slots.moments or slots.span) and not slots.now:
        return asked_back(query, "Which week do you mean? Give me a date.", (), 0.5)
    by_segment = "segment" in words and bool({"per", "by", "each", "every"} & words)
    if by_segment and query.intent == "find_customers" and query.statistic is not None:
        message = "I count them in one segment at a time. In which?"
        options = [option(replace(query, segments=(s,)), lexicon) for s in lexicon.active_ids()]
        return asked_back(query, message, options, 0.5)
    return None


def untimed(query: Query, at: When, lexicon: Lexicon) -> Reading | None:
    """A question back where customers are sought over a time: their sums are those of one date."""
    timed = at.as_of or at.since or at.weeks
    if query.intent not in _OF_NOW or not timed or query.as_of or query.since or query.weeks:
        return None
    message = "I can only tell that of one date, not over a time. Of the latest?"
    return asked_back(query, message, [option(query, lexicon)], 0.5)


def narrowed(
    items: Items, slots: Slots, query: Query, previous: Query, lexicon: Lexicon
) -> Reading | None:
    """A question back where an answer about all is to be narrowed to some: "only those over 5k"."""
    listed = query.intent == "find_customers" and query.statistic is None and query.filter
    split = query.intent == "breakdown" and previous.intent != "breakdown"
    if split and slots.valued and previous.intent in FILTERED:
        return declined(decline_named("traits"), lexicon, slots)
    if split and (previous.intent == "migration" or {"only", "just"} & set(symbols(items))):
        message = "I can't narrow it to those; I can count customers by that. Shall I?"
        return asked_back(query, message, [option(query, lexicon)], 0.5)
    if not (listed and previous.intent in _OF_ALL and _NARROWING & set(symbols(items))):
        return None
    message = "I can't do that for some customers only; I can list them. Shall I?"
    return asked_back(query, message, [option(query, lexicon)], 0.5)


def names_a_stranger(items: Items, context: Context) -> bool:
    """Whether a possessive no phrase explains is said: "John Smith's card"."""
    known = context.lexicon.vocabulary.fillers | context.lexicon.vocabulary.around
    left = unexplained(items, frozenset(), known)
    return any(item.text.endswith(("'s", "’s")) for item in left)
