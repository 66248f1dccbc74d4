"""Whole messages that take up the answer before: its terms, its trend, its close."""

from __future__ import annotations

from dataclasses import replace

from analytics.model import Query
from bot.questions.followups.followup import inherited
from bot.questions.slots.filled import Slots
from bot.questions.slots.moments import When
from bot.questions.text.items import Items, names_of, says_only, words_of
from bot.questions.things.ranking import ASCENDING, DESCENDING

_MEANING = frozenset(
    "what how does do is that this it the a mean meaning define definition term word measure "
    "metric figure expression exactly precisely actually remind me us for work worked out "
    "calculate calculated stand explain tell can could you please concept quite stat number".split()
)
_CLOSING = frozenset(
    "thanks thank you that all is be for now the moment great good ok okay cheers ta perfect i we "
    "everything sufficient enough need needed what no further more question will do clear cleared "
    "up got it brilliant lovely very much so really wonderful excellent super helpful today done "
    "then a lot stuff nothing zero else useful understood nice cool am are was just "
    "wanted want know to hear see thx ty mate plenty".split()
)
_CLOSED = frozenset(
    "sufficient enough everything else all clear cleared done do needed need wanted got further "
    "plenty".split()
)
_LEAVING = frozenset(
    "no ok okay leave it that this as is be then just never mind forget cancel don't bother let's "
    "let actually sorry now alone well thanks please oh wait hmm nope".split()
)
_PARTS = frozenset(
    "part portion slice percentage chunk fraction contribution share proportion".split()
)
_PARTED = frozenset(
    "how much what which is are does do did from come comes account accounts for by due to down "
    "contribute contributes make makes made belong sit in segment alone".split()
)
_PLACED = frozenset("where what which place rank come position sit stand does do in is on".split())
_TREND = frozenset(
    "how what has have is that this it the number figure count size move shift change evolve "
    "develop go trend do then so over and but ok then now moved been them they".split()
)
_MOVED = frozenset({"move", "shift", "evolve", "develop", "change"})
_STATES = frozenset({"segment_size", "feature_stat", "segment_trend", "segment_profile"})
_COMPARATIVES = frozenset(
    "more less larger bigger higher lower smaller fewer greater longer heavier richer".split()
)
_DOING = frozenset("take use spend pay owe buy borrow carry withdraw make put card their".split())
ORDERED = ASCENDING | DESCENDING | {"between", "among", "out", "come", "whos", "who's", "have"}
_TIMES = frozenset({"<since>", "<window>", "<span>", "<this>", "<between>"})


def asks_meaning(items: Items, previous: Query, talk: frozenset[str]) -> bool:
    """Whether it is asked what the one feature spoken of is: "what does that term mean?"."""
    words = words_of(items)
    named = names_of(items)
    meant = bool(words & {"mean", "meaning", "define", "definition", "calculate", "calculated"})
    meant = meant or {"worked", "out"} <= words or {"stand", "for"} <= words
    meant = meant or ("what" in words and bool(words & {"term", "measure", "metric"}))
    if words & {"them", "they", "their"} or "defines" in words:
        return False  # "what defines them"
    return meant and not named and len(previous.features) == 1 and says_only(items, talk | _MEANING)


def closes(items: Items) -> bool:
    """Whether the message ends the conversation: "thanks, that is all for now"."""
    words = words_of(items)
    named = names_of(items) - {"<now>"}
    thanked = bool(words & {"thanks", "cheers", "ta", "thx", "perfect", "great", "brilliant"})
    ended = {"that"} & words or {"that's"} & words or {"no", "question"} <= words
    ended = ended or {"nothing", "else"} <= words or {"zero", "else"} <= words
    ended = bool(ended or {"got", "it"} <= words) and bool(words & _CLOSED)
    asked = bool(words & {"what", "how"}) and not ({"that", "that's"} & words)
    long = (thanked and ended) or {"no", "question"} <= words
    return long and not named and not asked and says_only(items, _CLOSING | {"that's", "that'll"})


def lets_be(items: Items) -> bool:
    """Whether nothing is to be done: "no, leave it", "never mind"."""
    words = words_of(items)
    said = ({"leave", "it"}, {"leave", "that"}, {"never", "mind"}, {"forget", "it"})
    named = names_of(items)
    return not named and any(run <= words for run in said) and says_only(items, _LEAVING)


def moved_since(items: Items, previous: Query, at: When) -> Query | None:
    """The trend of what was just told: "and how's that moved since August?"."""
    words = words_of(items)
    timed = any(i.symbol in _TIMES for i in items) and (at.weeks or at.since)
    named = names_of(items) - _TIMES
    pointed = words & {"that", "it", "this", "number", "figure"}
    told = previous.intent in _STATES and previous.segments and not previous.filter
    if not (timed and pointed and told and words & _MOVED and "how" in words) or named:
        return None
    if not says_only(items, _TREND):
        return None
    return inherited(Query("segment_trend", weeks=at.weeks, since=at.since), previous)


def shared_people(items: Items, previous: Query, talk: frozenset[str]) -> Query | None:
    """The share of customers after a share of money: "and of customers?"."""
    words = words_of(items)
    shared = previous.intent == "feature_stat" and previous.statistic == "share"
    people = words & {"customer", "headcount", "people", "accounts"}
    known = talk | {"customer", "size", "they", "headcount", "be", "all", "base", "total"}
    named = any(i.is_name and i.value not in ("share", "count") for i in items)
    if not (shared and previous.segments and people) or named or not says_only(items, known):
        return None
    return Query("segment_size", segments=previous.segments)


def share_of_it(items: Items, slots: Slots, previous: Query, talk: frozenset[str]) -> Query | None:
    """The part one segment has in the measure just told: "how much of that is segment 6?"."""
    words = words_of(items)
    measured = previous.intent == "feature_stat" and len(previous.features) == 1
    summed = measured and previous.statistic in ("sum", "share") and not previous.filter
    asked = bool(words & _PARTS) or {"how", "much"} <= words or "share" in slots.statistics
    of_it = {"of", "that"} <= words or {"of", "it"} <= words or {"of", "this"} <= words
    of_it = of_it or bool(words & {"contribute", "contributes"}) or {"account", "for"} <= words
    named = any(i.is_name and i.symbol not in ("<segment>", "<stat>", "<aside>") for i in items)
    if not (summed and asked and of_it and slots.segments) or named or slots.kinds() > 2:
        return None
    if set(slots.statistics) - {"share", "sum"} or not says_only(items, talk | _PARTS | _PARTED):
        return None
    return replace(previous, segments=tuple(slots.segments), statistic="share")


def place_of(items: Items, slots: Slots, previous: Query, talk: frozenset[str]) -> Query | None:
    """The whole ranking, where the place of one segment in it is asked: "where does 5 come?"."""
    words = words_of(items)
    asked = {"where", "what", "which"} & words and {
        "place",
        "rank",
        "come",
        "position",
        "sit",
    } & words
    others = any(i.is_name and i.symbol not in ("<segment>", "<aside>") for i in items)
    if previous.intent != "rank_segments" or not asked or len(slots.segments) != 1 or others:
        return None
    if {"from", "to", "go"} & words or not says_only(items, talk | _PLACED):
        return None
    return replace(previous, top=None)


def then_and_now(items: Items, slots: Slots, previous: Query, talk: frozenset[str]) -> Query | None:
    """One segment on the day spoken of against now: "vs today?"."""
    words = words_of(items)
    held = words & {"versus", "compare", "compared", "against", "comparison"}
    named = any(i.is_name and i.symbol not in ("<now>", "<aside>") for i in items)
    one = previous.as_of is not None and len(previous.segments) == 1
    if not (one and held and slots.now) or named or previous.statistic or previous.filter:
        return None
    if not says_only(items, talk | held | {"with", "to"}):
        return None
    return Query("compare_segments", segments=previous.segments, as_of=previous.as_of)


def ranked_among(items: Items, slots: Slots, previous: Query, talk: frozenset[str]) -> Query | None:
    """The first of several segments spoken of: "which of them is bigger?", "who of the two?"."""
    several = len(previous.segments)
    kept = tuple(
        i
        for i in items
        if not (i.symbol == "<segment>" and i.value == (several,) and i.text.isalpha())
        and i.whole() != several
    )
    words = words_of(kept)
    pointed = words & {"them", "those", "these", "one", "one's", "both"} or kept != items
    first = next((i.symbol for i in kept if i.symbol not in ("and", "so", "ok", "then")), "")
    beside = bool(words & _COMPARATIVES) and first in ("who", "which", "whose")
    beside = beside and not words & {"segment", "than"}
    pointed = pointed or (previous.intent == "compare_segments" and beside)
    asked = words & {"which", "who", "whose", "what", "who's"}
    named = names_of(kept) - {"<feature>", "<now>"}
    if several < 2 or not (pointed and asked and slots.order) or named or slots.statistics:
        return None
    if len(slots.features) > 1 or not says_only(kept, talk | ORDERED | _DOING):
        return None
    return Query(
        "rank_segments",
        segments=previous.segments,
        features=tuple(slots.features),
        order=slots.order,
        top=1,
    )
