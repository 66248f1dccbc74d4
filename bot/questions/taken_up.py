"""Messages that take up those asked for before, read before anything is declined.

"Lower the limit to 5k" changes a search, not a card.
"""

from __future__ import annotations

from dataclasses import replace

from analytics.model import Query
from bot.questions.audience import asks_again
from bot.questions.candidates import Context
from bot.questions.items import Items
from bot.questions.pointing import turn_words
from bot.questions.reading import Reading
from bot.questions.rebound import rebound
from bot.questions.refuse import asked_back
from bot.questions.renames import named_again, titled
from bot.questions.settle import settled
from bot.questions.slots import Slots


def taken_up(items: Items, previous: Query, context: Context) -> Reading | None:
    """The reading of a message that takes up the one before; None of any other."""
    words = context.lexicon.vocabulary
    talk = turn_words("small") | words.fillers
    again = asks_again(items, previous, talk)
    if again is not None:
        return settled(again, Slots(), 0.9, (), context.lexicon)
    if previous.intent == "rename_segment" and previous.name:
        small = talk | words.around
        small |= {w for i in items if i.is_name and i.text for w in i.text.lower().split()}
        name = named_again(context.text, small)
        if name:
            return Reading("understood", replace(previous, name=name), 0.85)
    if previous.intent == "rename_segment" and previous.segments and previous.name is None:
        name = titled(context.text)
        if name:
            return Reading("understood", replace(previous, name=name), 0.85)
    changed = rebound(items, previous, context.lexicon, talk)
    if changed is None:
        return None
    if changed.query is None:
        return asked_back(previous, "Which condition do you mean?", changed.options, 0.5)
    reading = settled(changed.query, Slots(), 0.85, (), context.lexicon)
    return replace(reading, trace={"rebound": previous.slots()})
