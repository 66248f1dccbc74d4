"""Messages that take up those asked for before, read before anything is declined.

"Lower the limit to 5k" changes a search, not a card.
"""

from __future__ import annotations

from dataclasses import replace

from analytics.model import Query
from bot.questions.followups.audience import asks_again
from bot.questions.followups.pointing import turn_words
from bot.questions.followups.rebound import rebound
from bot.questions.followups.renumbered import further_meant, top_meant
from bot.questions.followups.sequel import sequel
from bot.questions.intents.candidates import Context
from bot.questions.intents.clauses import STARTS, VERBS
from bot.questions.intents.refuse import asked_back
from bot.questions.intents.settle import settled
from bot.questions.intents.wording import option
from bot.questions.reading import Reading
from bot.questions.slots.filled import Slots
from bot.questions.text.items import Items
from bot.questions.things.renames import named_again, new_in_quotes, titled
from bot.questions.things.tallied import tallied


def taken_up(items: Items, previous: Query, context: Context) -> Reading | None:
    """The reading of a message that takes up the one before; None of any other."""
    words = context.lexicon.vocabulary
    talk = turn_words("small") | words.fillers
    again = asks_again(items, previous, talk)
    if again is not None:
        return settled(again, Slots(), 0.9, (), context.lexicon)
    counted = tallied(items, previous, context.lexicon, talk | words.around, context.text)
    if counted is not None:
        return settled(counted, Slots(), 0.85, (), context.lexicon)
    next_ = sequel(items, previous, context.lexicon, talk)
    if next_ is not None:
        return next_
    if previous.intent == "rename_segment" and (renamed := _renamed(items, previous, context)):
        return Reading("understood", renamed, 0.85)
    if previous.intent == "rename_segment" and previous.name:
        small = talk | words.around
        small |= {w for i in items if i.is_name and i.text for w in i.text.split()}
        name = named_again(context.text, small)
        if name:
            return Reading("understood", replace(previous, name=name), 0.85)
    if previous.intent == "rename_segment" and previous.segments and previous.name is None:
        name = titled(context.text)
        if name:
            return Reading("understood", replace(previous, name=name), 0.85)
    changed = rebound(items, previous, context.lexicon, talk)
    if changed is None:
        return _listed(items, previous, context, talk)
    if changed.query is None:
        return asked_back(previous, "Which condition do you mean?", changed.options, 0.5)
    reading = settled(changed.query, Slots(), 0.85, (), context.lexicon)
    return replace(reading, trace={"rebound": previous.slots()})


def _listed(
    items: Items, previous: Query, context: Context, talk: frozenset[str]
) -> Reading | None:
    """The query before with as many as are asked for now: "20 rather"; "10 more" is asked back."""
    small = talk | context.lexicon.vocabulary.around
    top = top_meant(items, previous, context.lexicon, small)
    if top is not None:
        listed = previous.top is not None or previous.weeks is None
        changed = replace(previous, top=top) if listed else replace(previous, weeks=top, since=None)
        return settled(changed, Slots(), 0.85, (), context.lexicon)
    more = further_meant(items, previous, small)
    if more is None:
        return None
    options = [option(replace(previous, top=more), context.lexicon)] if more else []
    return asked_back(previous, "How many shall I show in all?", options, 0.5)


def _renamed(items: Items, previous: Query, context: Context) -> Query | None:
    """The rename before with the name in quotes: 'no, "Plan Payers"', 'and 4 "Clear Cards"'."""
    name = new_in_quotes(context.text)
    said = set(name.lower().split()) if name else set()
    rest = tuple(i for i in items if not set(i.text.split()) <= said)
    if name is None or {i.symbol for i in rest} & (STARTS - VERBS - {"rename", "should", "show"}):
        return None
    ids = context.lexicon.active_ids()
    named = [i.value for i in rest if i.symbol == "<segment>"]
    named += [(i.whole(),) for i in rest if i.whole() in ids]
    if len(named) > 1 or any(len(segments) > 1 for segments in named):
        return None
    return replace(previous, name=name, segments=named[0] if named else previous.segments)
