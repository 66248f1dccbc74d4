"""A message in, one reading for each question in it out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from analytics.model import Query
from bot.questions.decide import decide
from bot.questions.followups.answered import depends, spoken_of, turned_back, with_named, with_those
from bot.questions.followups.renumbered import only_counts
from bot.questions.followups.turns import asks_why, starts_anew
from bot.questions.intents.candidates import Context
from bot.questions.intents.clauses import asks, narrows, requests, tells
from bot.questions.intents.declines import decline_named
from bot.questions.intents.refuse import asked_back, declined
from bot.questions.messages.claims import leads_up, topic_of
from bot.questions.messages.split import parts
from bot.questions.messages.thanking import only_thanks
from bot.questions.reading import Reading
from bot.questions.slots.moments import contrasted, with_then
from bot.questions.text.clean import LONG, is_numbered
from bot.questions.text.items import Items, names_of, symbol
from bot.questions.text.statements import sql_of, writes
from bot.questions.text.words import clean, tokens
from bot.questions.things.corrections import corrected
from bot.questions.things.lexicon import Lexicon
from bot.questions.things.ranking import ASCENDING, DESCENDING
from bot.questions.things.renames import without_new_name
from bot.questions.things.scan import items_of
from bot.questions.times.calendar import Calendar

_EVERYBODY = frozenset("all every each whole overall everyone total base segment".split())


def parse(
    text: str, lexicon: Lexicon, *, today: date, previous: Query | None = None
) -> tuple[Reading, ...]:
    """The questions of a message as read, at least one, in order.

    Parameters
    ----------
    text : as typed, with Slack's markup; only the first 4,000 characters are read.
    today : what "ago" counts from.
    previous : the query of the question before in the same conversation.
    """
    cleaned = clean(text)
    statement = sql_of(cleaned)
    if statement is not None:
        return (_sql(statement, lexicon),)
    calendar = Calendar(lexicon.snapshots, today)
    said = items_of(tokens(without_new_name(cleaned), lexicon.vocabulary), lexicon)
    if only_thanks(said if "?" in text else _unasked(said), lexicon):
        return (Reading("understood", Query("smalltalk"), 0.9),)
    items = contrasted(with_then(corrected(said), previous))
    answered = previous
    if previous is not None:
        items, previous = turned_back(items, previous, lexicon.active_ids())
        previous = replace(spoken_of(items, previous), named=())
    readings: list[Reading] = []
    told: list[Reading] = []
    loose: list[Reading] = []  # not closed by a question mark: the next may be the same question

    def follows(left: Items, right: Items) -> bool:
        first = decide(left, Context(cleaned, lexicon, calendar, None))
        if first.status != "understood" and previous is not None:
            first = decide(left, Context(cleaned, lexicon, calendar, previous))
        if first.status != "understood" or first.query.intent == "smalltalk":
            return False
        after = decide(right, Context(cleaned, lexicon, calendar, first.query))
        clear = after.status == "understood" and not after.trace.get("unexplained")
        return clear and after.query not in (first.query, Query("sql"))

    found = parts(items, lexicon, follows)
    topic: Query | None = None  # what somebody was said to say is about
    for n, part in enumerate(found):
        before = next((r.query for r in reversed(readings) if r.status != "declined"), previous)
        led = n + 1 < len(found) and not asks_why(found[n + 1])
        if led and (told_first := leads_up(part, lexicon)):
            topic = topic_of(told_first, lexicon)
            continue
        if readings and depends(part, readings[-1].query):
            readings.append(_later(readings[-1].query))
            continue
        before = topic or before
        topic = None
        if n and before and before.intent == "segment_profile" and asks_why(part):
            before = topic_of(found[n - 1], lexicon) or before  # "6 went up. how come?"
        if readings and is_numbered(text) and starts_anew(part, sentence=False):
            before = None
        written = cleaned if len(found) == 1 else _written(part, cleaned)
        reading = decide(
            part, Context(written, lexicon, calendar, before, None if readings else previous)
        )
        if answered is not None and not readings and reading.status == "understood":
            query = with_named(reading.query, answered, part)
            query = with_those(query, previous, part) if previous else query
            reading = replace(reading, query=query)
        counts = only_counts(part, lexicon.vocabulary.fillers)
        if (
            readings
            and (counts or readings[-1] in loose)
            and _says_more(readings[-1].query, reading)
        ):
            readings.pop()
        if readings and readings[-1] in loose and _says_less(part, reading, readings[-1].query):
            continue
        if readings and _asks_the_same(reading, readings[-1]) and not names_of(part):
            continue
        if all(reading.query != r.query for r in readings):
            remark = (tells(part) and not requests(part)) or (
                reading.status == "declined" and not asks(part)
            )
            clear = reading.status == "understood" and not reading.trace.get("unexplained")
            if remark and (clear or not narrows(part, lexicon)):
                told.append(reading)
            if symbol(part, len(part) - 1) != "?":
                loose.append(reading)
            besides = [replace(reading, query=query, also=()) for query in reading.also]
            readings += [reading, *besides]
            told += besides if reading in told else []
    return _without_remarks(readings, told)


def _later(query: Query) -> Reading:
    """A question back about what only the answer before it will name."""
    message = "Which segment that is, the first answer says: ask this again after it."
    return asked_back(replace(query, intent="segment_profile"), message, (), 0.3)


def _unasked(items: Items) -> Items:
    """The items without the question mark that stands where a sign-off was cut."""
    return tuple(item for item in items if item.symbol != "?")


def _written(part: Items, text: str) -> str:
    """The words of a part that ranks, "segments" being said elsewhere; of others all the text, if
    it is not long.
    """
    ranks = len(text) > LONG or any(i.symbol in DESCENDING | ASCENDING for i in part)
    return " ".join(i.text or i.symbol for i in part) if ranks else text


def _says_more(query: Query, reading: Reading) -> bool:
    """Whether a reading is the same question with more said: "what makes 2 so, top 5 reasons"."""
    told = reading.query.slots()
    same = reading.status == "understood" and reading.query.intent == query.intent
    return same and query.slots() != told and all(s in told.items() for s in query.slots().items())


def _says_less(part: Items, reading: Reading, query: Query) -> bool:
    """Whether a reading only repeats a part of the question before: "..., what region mostly"."""
    said = reading.query.slots()
    whole = any(i.symbol in _EVERYBODY for i in part)
    same = reading.query.intent == query.intent and bool(query.slots())
    return (
        (bool(said) or same)
        and not whole
        and _says_more(reading.query, replace(reading, query=query))
    )


def _asks_the_same(reading: Reading, before: Reading) -> bool:
    """Whether a reading asks back what was just understood: "... segment 2? is it legit?"."""
    understood = (before.status, reading.status) == ("understood", "clarify")
    return understood and reading.query.intent == before.query.intent


def _without_remarks(readings: list[Reading], told: list[Reading]) -> tuple[Reading, ...]:
    """The readings without sentences that only tell, beside a question that is understood.

    "Which segment is biggest? The client wants it in the headline." asks one thing.
    """
    answered = [r for r in readings if r.status == "understood" and r not in told]
    if not answered:
        return tuple(readings)
    return tuple(r for r in readings if r not in told or not _is_remark(r, answered))


def _is_remark(reading: Reading, answered: list[Reading]) -> bool:
    if reading.status != "understood":
        return reading.confidence < 0.95  # what is refused by name is said so
    about = _about(reading)
    if about and any(about == _about(other) for other in answered):
        return True
    own, intent = reading.query.slots().items(), reading.query.intent
    return any(
        intent == other.query.intent and all(slot in other.query.slots().items() for slot in own)
        for other in answered
    )


def _about(reading: Reading) -> tuple[int, ...]:
    query = reading.query
    ends = (query.from_segment, query.to_segment)
    return query.segments or tuple(s for s in ends if s is not None)


def _sql(statement: str, lexicon: Lexicon) -> Reading:
    if writes(statement):
        return declined(decline_named("writes"), lexicon)
    return Reading("understood", Query("sql", sql=statement), 1.0)
