"""The plainest next messages: "for how long?", "is that a lot?", "where are they?", "and out?"."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from analytics.model import Query
from bot.questions.answered import asks_for_more
from bot.questions.items import Items, names_of, says_only, symbol, symbols, words_of
from bot.questions.lexicon import Lexicon
from bot.questions.pointing import CUSTOMER_INTENTS
from bot.questions.ranking import order_of
from bot.questions.reading import Reading
from bot.questions.refuse import asked_back, decline_named, declined
from bot.questions.settle import settled
from bot.questions.slots import Slots
from bot.questions.wording import option

_FIGURES = frozenset(
    "segment_size feature_stat segment_trend distribution breakdown drift explain_change "
    "migration rank_segments find_customers".split()
)
_GRADES = frozenset(
    "lot high low much many few little big small large good bad ok okay fine normal usual typical "
    "unusual common rare healthy worrying worry worried concern concerned alarming expected "
    "surprising weird strange significant unusually huge tiny great terrible right".split()
)
_WORRIES = frozenset("worry worried worrying concern concerned alarmed alarming".split())
_SUBJECTS = frozenset("that this it they these those number figure".split())
_JUDGING = frozenset(
    "is are was would does do should i we be you say call consider think sound sounds look looks "
    "seem seems quite pretty rather or not really very so a an the and any about for us".split()
)
_TIMED = frozenset(
    "for how long since when did has have had been was it that this happen start begin change "
    "start move the case like so they he she exactly on which date what day in there come about "
    "go up down".split()
)
_SPANS = frozenset({"period", "window", "timeframe", "span", "weeks", "week", "time", "range"})
_DATED = frozenset({"segment_size", "segment_trend", "explain_change", "drift", "feature_stat"})
_PLACED = frozenset(
    "where whereabouts are do they them these those people customer mostly mainly most of all "
    "located located? based live locate base sit geographically in and the".split()
)
_SPLIT = frozenset(
    "segment_size segment_profile explain_segment feature_stat recommend distribution".split()
)
_IN = frozenset("in inbound inwards incoming inflow inflows arrivals arrival newcomers".split())
_OUT = frozenset("out outbound outwards outgoing outflow outflows leavers departures".split())
_BOTH_WAYS = frozenset(
    "what's what effect result outcome movement change figure s the so are do does did we they it is lose gain win more than or and people customer in out there "
    "then on balance net overall any have been has".split()
)
_OVERALL = frozenset({"overall", "generally"})
_PERSON = frozenset("he she him her his they them it".split())
_BECOMING = frozenset(
    "become happen need take get move join qualify keep stop enter reach turn miss make made "
    "before until change far close short into".split()
)
_ONCE = frozenset("was were ever did used been once".split())
_LISTED = frozenset("list name names id ids export download who".split())


def sequel(
    items: Items, previous: Query, lexicon: Lexicon, talk: frozenset[str]
) -> Reading | None:
    """The reading of such a message; None of any other. ``talk`` are words that say nothing."""
    query = (
        _moved_other_way(items, previous, talk)
        or _located(items, previous, lexicon, talk)
        or _over_all(items, previous, talk)
        or _needed(items, previous, talk)
        or _become(items, previous)
        or _first_of_them(items, previous)
        or _more_than_before(items, previous, talk)
        or _by_how_much(items, previous, talk)
        or _amount(items, previous, lexicon, talk)
    )
    if query is not None:
        return settled(query, Slots(), 0.85, (), lexicon)
    listed = previous.intent == "breakdown" and bool(_LISTED & words_of(items))
    if listed and "<value>" in symbols(items) and "customer" not in names_of(items):
        return declined(decline_named("traits"), lexicon)
    return (
        _judged(items, previous, lexicon, talk)
        or _netted(items, previous, lexicon)
        or _since_when(items, previous, lexicon, talk)
    )


def _segment(previous: Query) -> int | None:
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
    if words & {"get", "getting", "become", "becoming", "stay", "how", "why", "who", "what", "which", "where", "when", "than"}:
        return None
    if not says_only(items, _GRADES | _JUDGING | _SUBJECTS | talk):
        return None
    segment = _segment(previous)
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
    segment = _segment(previous)
    if segment is None or previous.intent not in _DATED or previous.filter:
        return None
    trend = Query("segment_trend", segments=(segment,), features=previous.features)
    if trend != previous and not spans:
        return settled(trend, Slots(), 0.85, (), lexicon)
    message = "I can show every week since the first. Shall I?"
    return asked_back(trend, message, [option(trend, lexicon)], 0.5)


def _by_how_much(items: Items, previous: Query, talk: frozenset[str]) -> Query | None:
    """ "By how many?" after why a segment grew: its trend."""
    by = symbols(items)[:1] == ["by"] or symbols(items)[:2] == ["and", "by"]
    much = {"how", "much"} <= words_of(items) or any(i.value == "count" for i in items)
    named = names_of(items) - {"<stat>"}
    if previous.intent not in ("explain_change", "segment_trend") or named or not (by and much):
        return None
    if not says_only(items, talk | {"by", "how", "much", "exactly", "roughly"}):
        return None
    times = {"weeks": previous.weeks, "since": previous.since}
    return Query("segment_trend", previous.segments, previous.features, **times)  # type: ignore[arg-type]


def _amount(
    items: Items, previous: Query, lexicon: Lexicon, talk: frozenset[str]
) -> Query | None:
    """ "How much?", "how many times?" of what was measured; "tell me more" of a segment."""
    words = words_of(items)
    if asks_for_more(items) and len(previous.segments) == 1 and not previous.filter:
        profiled = previous.intent == "segment_profile"
        return Query("explain_segment" if profiled else "segment_profile", previous.segments)
    if previous.intent != "feature_stat" or len(previous.features) != 1:
        return None
    known = talk | {"how", "much", "many", "time", "times", "often", "amount", "figure", "value"}
    if not says_only(items, known | {"there", "roughly", "exactly", "actual"}):
        return None
    named = [i for i in items if i.is_name and i.symbol != "<aside>"]
    times = any(i.value == "count" and symbol(items, n + 1) == "time" for n, i in enumerate(items))
    if times and len(named) == 1:
        counted = f"{previous.features[0]}_TRX"
        return replace(previous, features=(counted,)) if counted in lexicon.features else None
    much = {"how", "much"} <= words or "figure" in words or "value" in words
    much = much or ("what" in words and {"it", "there"} <= words)
    return previous if much and not named else None


def _located(
    items: Items, previous: Query, lexicon: Lexicon, talk: frozenset[str]
) -> Query | None:
    """ "Where are they?" of the customers of a segment."""
    words = words_of(items)
    where = symbol(items, 1 if symbol(items, 0) == "and" else 0) in ("where", "whereabouts")
    people = words & {"they", "them", "these", "those"}
    place = next((t.name for t in lexicon.traits.values() if t.kind == "geographic"), None)
    if previous.intent not in _SPLIT or not previous.segments or previous.filter:
        return None
    if not (where and people and place) or names_of(items) or not says_only(items, _PLACED | talk):
        return None
    if words & {"from", "to", "go", "move", "come", "now", "end", "before", "number", "figure"}:
        return None
    return Query("breakdown", segments=previous.segments, trait=place)


def _over_all(items: Items, previous: Query, talk: frozenset[str]) -> Query | None:
    """ "And overall?", "what is it across the board?"."""
    words = words_of(items)
    whole = words & _OVERALL or {"across", "board"} <= words
    whole = bool(whole) or ({"in", "general"} <= words)
    plain = says_only(items, talk | _OVERALL | {"across", "board", "general", "what", "is", "it"})
    split = previous.intent in ("feature_stat", "distribution", "breakdown")
    if not (whole and split and previous.segments and plain) or names_of(items):
        return None
    return replace(previous, segments=())


def _needed(items: Items, previous: Query, talk: frozenset[str]) -> Query | None:
    """ "What would have to change?" for a customer."""
    words = words_of(items)
    asked = "what" in words and bool(words & {"change", "happen", "differ", "different"})
    asked = asked and bool(words & {"would", "must", "should", "need", "needs"})
    known = talk | {"would", "must", "should", "need", "change", "happen", "different", "first"}
    if previous.intent not in CUSTOMER_INTENTS or not previous.customer or names_of(items):
        return None
    if not (asked and says_only(items, known)):
        return None
    return Query("explain_customer", customer=previous.customer, segments=previous.segments)


def _become(items: Items, previous: Query) -> Query | None:
    """ "What must happen before he is a VIP?": what sets a customer apart from a segment."""
    words = words_of(items)
    named = [i for i in items if i.is_name and i.symbol != "<aside>"]
    asked = words & {"what", "when", "how", "would", "could", "can", "might"}
    if previous.intent not in CUSTOMER_INTENTS or not previous.customer or len(named) != 1:
        return None
    if named[0].symbol != "<segment>" or len(named[0].value) != 1 or words & _ONCE:
        return None
    if not (asked and words & _PERSON and words & _BECOMING):
        return None
    return Query("explain_customer", customer=previous.customer, segments=named[0].value)


def _first_of_them(items: Items, previous: Query) -> Query | None:
    """ "Who's the biggest spender among them?" of the customers of a segment."""
    features = [i.value for i in items if i.symbol == "<feature>"]
    named = names_of(items) - {"<feature>"}
    among = any(
        one.symbol in ("among", "amongst", "of", "in") and two.symbol in ("them", "there", "those")
        for one, two in pairwise(items)
    )
    who = symbols(items, 0, 3)
    asked = "who" in who or who[:2] == ["which", "customer"]
    about = previous.intent in _SPLIT and len(previous.segments) == 1 and not previous.offer
    order = order_of(items)
    if not (asked and among and about and order) or len(features) != 1 or named:
        return None
    return Query(
        "find_customers",
        segments=previous.segments,
        features=(features[0],),
        filter=previous.filter,
        order=order,
        top=1,
    )


def _more_than_before(items: Items, previous: Query, talk: frozenset[str]) -> Query | None:
    """ "Are there more of them than before?" of a segment."""
    words = words_of(items)
    compared = words & {"more", "fewer", "less", "bigger", "smaller"} and "than" in words
    segment = _segment(previous)
    then = bool(words & {"before", "previously", "earlier", "used"})
    about = previous.intent in _SPLIT and not previous.filter and not previous.offer
    if segment is None or not (compared and then and about) or names_of(items) - {"<now>"}:
        return None
    if not says_only(items, talk | {"more", "fewer", "less", "than", "before", "earlier", "used"}):
        return None
    return Query("segment_trend", segments=(segment,), features=previous.features)


def _moved_other_way(items: Items, previous: Query, talk: frozenset[str]) -> Query | None:
    """ "And out?" after who came in."""
    said = [i for i in items if i.is_word and i.symbol not in ("please", "the", "those", "ones")]
    segment = _segment(previous)
    if previous.intent != "migration" or segment is None or names_of(items) or not said:
        return None
    last = {said[-1].symbol, said[-1].text}
    if len(said) > 3 or not says_only(items, _IN | _OUT | talk):
        return None
    if last & _IN:
        return replace(previous, from_segment=None, to_segment=segment)
    return replace(previous, from_segment=segment, to_segment=None) if last & _OUT else None


def _netted(items: Items, previous: Query, lexicon: Lexicon) -> Reading | None:
    """Gains and losses held against each other, or those who came back: not told, asked back."""
    words = words_of(items)
    both = bool(words & {"lose", "losing"}) and bool(words & {"gain", "win", "gaining", "winning"})
    both = both or ("net" in words and not words & {"worth", "promoter"})
    again = any(
        one.symbol in ("come", "came", "go", "move", "return") and two.symbol in ("back", "again")
        for one, two in pairwise(items)
    )
    segment = _segment(previous)
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
