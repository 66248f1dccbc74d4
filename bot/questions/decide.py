"""Which intent a question has, how sure that is, and what follows from it."""

from __future__ import annotations

from dataclasses import replace

from analytics.model import Query
from bot.questions.followups import pointing, turns
from bot.questions.followups.following import doubted, followed
from bot.questions.followups.put_right import put_right
from bot.questions.followups.recalled import recalled
from bot.questions.followups.taken_up import taken_up
from bot.questions.followups.voted import voted
from bot.questions.intents import classifier
from bot.questions.intents.build import uses
from bot.questions.intents.candidates import Context, ranked
from bot.questions.intents.choose import chosen, shown
from bot.questions.intents.declines import decline_named, declines_of
from bot.questions.intents.refuse import asked_back, declined, picks_by_age
from bot.questions.messages.remarks import without_remarks
from bot.questions.reading import Reading
from bot.questions.slots.gather import gather
from bot.questions.text.items import Items, symbol

_OF_ONE = frozenset(
    {"explain_change", "migration", "explain_segment", "segment_trend", "segment_size", "recommend"}
)
_LEANING = 100  # items; what is longer stands by itself
_OF_THE_TOOL = frozenset(
    {"sql", "glossary", "model_info", "help", "schedule", "digest", "overview", "refit_now"}
)


def decide(items: Items, context: Context) -> Reading:
    """The reading of one question."""
    if len(items) > _LEANING:
        context = replace(context, previous=None)
    reading = _decided(items, context)
    return reading if context.previous is None else voted(reading, items, context, context.previous)


def _decided(items: Items, context: Context) -> Reading:
    """The reading by what its words say."""
    said, righted = items, False
    if context.previous is not None:
        items = put_right(items, context.previous, context.lexicon)
        righted = items != said
        changed = taken_up(items, context.previous, context)
        if changed:
            return changed
        items = without_remarks(items, context.previous, context.lexicon)
    decline = declines_of(context.lexicon.vocabulary).match(items)
    if decline is None and picks_by_age(items):
        decline = decline_named("protected")
    if decline:
        gathered, slots = gather(items, context.lexicon)
        after = context.previous.intent if context.previous else None
        if decline.always or not classifier.is_evident(gathered, after):
            reading = declined(decline, context.lexicon, slots, said=items)
            return replace(reading, trace={"tokens": shown(items), "declined": decline.name})
    no_day = next((i.value for i in items if i.symbol == "<baddate>"), None)
    if no_day:
        message = f"There is no {no_day} in the calendar. Which day do you mean?"
        return asked_back(Query("help"), message, (), 0.2)
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
        follow = followed(items, context, previous, recalls=righted or items != said)
        if follow:
            return doubted(follow, items, context, after=previous)
    items, slots = gather(items, context.lexicon)
    if turns.asks_why(items):
        message = "Why what? Name a segment, a change or a customer."
        return asked_back(Query("explain_change"), message, (), 0.2)
    candidates = ranked(items, slots, context)
    of_customers = not candidates or candidates[0].query.intent not in _OF_THE_TOOL
    if (
        context.previous is None
        and pointing.speaks_of_a_person(items)
        and of_customers
        and not (slots.segments or slots.customers)
        and (not slots.about_us or (slots.features and pointing.asks_of_a_person(items)))
    ):
        return asked_back(Query("customer_lookup"), "Which customer? Give me the id.", (), 0.3)
    if context.previous is None and candidates and pointing.points_nowhere(items, slots):
        best = candidates[0].query
        anything = pointing.asks_of_anything(items)
        if best.intent in _OF_ONE or (best.intent == "drift" and not anything):
            return asked_back(best, "Which segment do you mean?", (), 0.4)
    if context.previous is None and not slots.about_us and pointing.points_at_one(items):
        best = candidates[0].query if candidates else Query("overview")
        meant = best if "segments" in uses(best.intent) else Query("segment_profile")
        if best.intent in ("overview", "compare_segments", meant.intent):
            return asked_back(meant, "Which segment do you mean?", (), 0.4)
    return chosen(items, slots, candidates, context)
