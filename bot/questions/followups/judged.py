"""Next messages that judge an answer, date it or hold gains against losses: "is that a lot?"."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from analytics.model import Query
from bot.questions.followups.pointing import CUSTOMER_INTENTS
from bot.questions.intents.refuse import asked_back
from bot.questions.intents.settle import settled
from bot.questions.intents.wording import option
from bot.questions.reading import Reading
from bot.questions.slots.filled import Slots
from bot.questions.text.items import Items, names_of, says_only, symbol, symbols, words_of
from bot.questions.things.lexicon import Lexicon

_FIGURES = frozenset(
    "segment_size feature_stat segment_trend distribution breakdown drift explain_change "
    "migration rank_segments find_customers".split()
)
_GRADES = frozenset(
    "lot high low much many few little big small large good bad ok okay fine normal usual typical "
    "unusual common rare healthy worrying worry worried concern concerned alarming expected "
    "surprising serious severe critical urgent dangerous problem problematic weird strange "
    "significant unusually huge tiny great terrible right".split()
)
_WORRIES = frozenset("worry worried worrying concern concerned alarmed alarming".split())
_SUBJECTS = frozenset("that this it they these those number figure".split())
_JUDGING = frozenset(
    "is are was would does do should i we be you say call consider think sound sounds look looks "
    "seem seems quite pretty rather or not really very so a an the and any about for us".split()
)
_ASKING_ELSE = frozenset(
    "get getting become becoming stay how why who what which where when than".split()
)
_TIMED = frozenset(
    "for how long since when did has have had been was it that this happen start begin change "
    "move the case like so they he she exactly on which date what day in there come about "
    "go up down".split()
)
_SPANS = frozenset({"period", "window", "timeframe", "span", "weeks", "week", "time", "range"})
_DATED = frozenset({"segment_size", "segment_trend", "explain_change", "drift", "feature_stat"})
_BOTH_WAYS = frozenset(
    "what's what effect result outcome movement change figure s the so are do does did we they it "
    "is lose gain win more than or and people customer in out there then on balance net overall "
    "any have been has".split()
)


def judged(items: Items, previous: Query, lexicon: Lexicon, talk: frozenset[str]) -> Reading | None:
    """The reading of such a message; None of any other. ``talk`` are words that say nothing."""
    return (
        _judged(items, previous, lexicon, talk)
        or _netted(items, previous, lexicon)
        or _since_when(items, previous, lexicon, talk)
    )


def segment_of(previous: Query) -> int | None:
    """The one segment spoken of."""
    ends = (*previous.segments, previous.from_segment, previous.to_segment)
    said = [s for s in ends if s is not None]
    return said[0] if len(said) == 1 else None


def _judged(
    items: Items, previous: Query, lexicon: Lexicon, talk: frozenset[str]
) -> Reading | None:
    """ "Is that a lot?" is asked back: beside whom, or beside when."""
    words = words_of(items)
    typical = any(i.symbol == "<stat>" and i.text in _GRADES for i in items)
    named = [i for i in items if i.is_name and i.text not in _GRADES and i.symbol != "<aside>"]
    asked = symbol(items, 0) in _JUDGING - {"a", "an", "the", "and"} or "?" in symbols(items)
    subject = words & _SUBJECTS or words & _WORRIES
    graded = bool(words & (_GRADES - {"right", "ok", "okay", "fine", "great"})) or typical
    if previous.intent not in _FIGURES or named or not (asked and subject and graded):
        return None
    if words & _ASKING_ELSE:
        return None
    if not says_only(items, _GRADES | _JUDGING | _SUBJECTS | talk):
        return None
    if previous.intent in ("drift", "explain_change") and not previous.segments:
        drift = replace(previous, intent="drift")  # it says how unusual each change is
        return settled(drift, Slots(), 0.85, (), lexicon)
    segment = segment_of(previous)
    if segment is None:
        options = []
    else:
        beside = Query("compare_segments", segments=(segment,), features=previous.features)
        trend = Query("segment_trend", segments=(segment,), features=previous.features)
        options = [option(q, lexicon) for q in (beside, trend) if q != previous]
    message = "Compared with what: with all customers, or with the weeks before?"
    return asked_back(previous, message, options, 0.5)


def _since_when(
    items: Items, previous: Query, lexicon: Lexicon, talk: frozenset[str]
) -> Reading | None:
    """ "For how long?": the moves of a customer, all the weeks of a segment."""
    words = words_of(items)
    told = {"how", "long"} <= words or "when" in words or {"which", "date"} <= words
    spans = bool(words & _SPANS) and bool(words & {"what", "which"} or "<stat>" in symbols(items))
    often = previous.customer is not None and "often" in words
    counts = all(i.symbol in ("<aside>", "<now>", "<stat>") for i in items if i.is_name)
    if not (told or spans or often) or not counts or ("<stat>" in symbols(items) and not spans):
        return None
    if not says_only(items, _TIMED | _SPANS | {"over", "often", "many"} | talk):
        return None
    if previous.intent in CUSTOMER_INTENTS and previous.customer:
        history = Query("customer_history", customer=previous.customer)
        return settled(history, Slots(), 0.85, (), lexicon) if not spans else None
    segment = segment_of(previous)
    if segment is None or previous.intent not in _DATED or previous.filter:
        return None
    trend = Query("segment_trend", segments=(segment,), features=previous.features)
    if trend != previous and not spans:
        return settled(trend, Slots(), 0.85, (), lexicon)
    message = "I can show every week since the first. Shall I?"
    return asked_back(trend, message, [option(trend, lexicon)], 0.5)


def _netted(items: Items, previous: Query, lexicon: Lexicon) -> Reading | None:
    """Gains and losses held against each other, or those who came back: not told, asked back."""
    words = words_of(items)
    both = bool(words & {"lose", "losing"}) and bool(words & {"gain", "win", "gaining", "winning"})
    both = both or ("net" in words and not words & {"worth", "promoter"})
    again = any(
        one.symbol in ("come", "came", "go", "move", "return") and two.symbol in ("back", "again")
        for one, two in pairwise(items)
    )
    segment = segment_of(previous)
    flows = previous.intent in ("migration", "explain_change", "segment_trend")
    flows = flows or (both and previous.intent in _FIGURES | {"segment_profile"})
    if segment is None or not flows or names_of(items) or not (both or again):
        return None
    if not says_only(items, _BOTH_WAYS | {"come", "go", "back", "return", "again", "move", "ever"}):
        return None
    kept = {"weeks": previous.weeks, "since": previous.since}
    left = Query("migration", from_segment=segment, **kept)  # type: ignore[arg-type]
    joined = Query("migration", to_segment=segment, **kept)  # type: ignore[arg-type]
    options = [option(q, lexicon) for q in (joined, left)]
    return asked_back(left, "Those who joined, or those who left?", options, 0.5)
