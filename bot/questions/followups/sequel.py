"""The plainest next messages: "for how long?", "is that a lot?", "where are they?", "and out?"."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from analytics.model import Query
from bot.questions.followups.answered import asks_for_more
from bot.questions.followups.audience import OF_A_SEGMENT
from bot.questions.followups.judged import judged, segment_of
from bot.questions.followups.pointing import CUSTOMER_INTENTS
from bot.questions.intents.declines import decline_named
from bot.questions.intents.refuse import declined
from bot.questions.intents.settle import settled
from bot.questions.reading import Reading
from bot.questions.slots.filled import Slots
from bot.questions.text.items import Items, names_of, says_only, symbol, symbols, words_of
from bot.questions.things.lexicon import Lexicon
from bot.questions.things.ranking import order_of

_PLACED = frozenset(
    "where whereabouts are do they them these those people customer mostly mainly most of all "
    "located based live locate base sit geographically in and the".split()
)
_IN = frozenset("in inbound inwards incoming inflow inflows arrivals arrival newcomers".split())
_OUT = frozenset("out outbound outwards outgoing outflow outflows leavers departures".split())
_OVERALL = frozenset({"overall", "generally"})
_PERSON = frozenset("he she him her his they them it".split())
_BECOMING = frozenset(
    "become happen need take get move join qualify keep stop enter reach turn miss make made "
    "before until change far close short into".split()
)
_ONCE = frozenset("was were ever did used been once".split())
_MORE = frozenset("more less bigger smaller larger higher lower fewer greater".split())
_LISTED = frozenset("list name names id ids export download who".split())
_WHICH = frozenset("which where whose who what".split())
_MOVED = frozenset("go come move from to leave join".split())
_AFFECTED = frozenset(
    "segment segments one ones group exactly in is it that this are was were affected affect "
    "concerned involved hit about does do they of them those the and".split()
)


def sequel(items: Items, previous: Query, lexicon: Lexicon, talk: frozenset[str]) -> Reading | None:
    """The reading of such a message; None of any other. ``talk`` are words that say nothing."""
    query = (
        _moved_other_way(items, previous, talk)
        or _located(items, previous, lexicon, talk)
        or _over_all(items, previous, talk)
        or _needed(items, previous, talk)
        or _become(items, previous)
        or _first_of_them(items, previous)
        or _between_both(items, previous)
        or _left_over(items, previous, talk)
        or _beside_them(items, previous, talk)
        or _more_than_before(items, previous, talk)
        or _by_how_much(items, previous, talk)
        or _amount(items, previous, lexicon, talk)
        or _affected(items, previous, talk)
    )
    if query is not None:
        return settled(query, Slots(), 0.85, (), lexicon)
    listed = previous.intent == "breakdown" and bool(_LISTED & words_of(items))
    if listed and "<value>" in symbols(items) and "customer" not in names_of(items):
        return declined(decline_named("traits"), lexicon)
    return judged(items, previous, lexicon, talk)


def _by_how_much(items: Items, previous: Query, talk: frozenset[str]) -> Query | None:
    """ "By how many?" after why a segment grew: its trend."""
    by = symbols(items)[:1] == ["by"] or symbols(items)[:2] == ["and", "by"]
    much = {"how", "much"} <= words_of(items) or any(i.value == "count" for i in items)
    named = names_of(items) - {"<stat>"}
    if previous.intent not in ("explain_change", "segment_trend") or named or not (by and much):
        return None
    if not says_only(items, talk | {"by", "how", "much", "exactly", "roughly"}):
        return None
    return Query(
        "segment_trend",
        segments=previous.segments,
        features=previous.features,
        weeks=previous.weeks,
        since=previous.since,
    )


def _amount(items: Items, previous: Query, lexicon: Lexicon, talk: frozenset[str]) -> Query | None:
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


def _affected(items: Items, previous: Query, talk: frozenset[str]) -> Query | None:
    """ "Which segments?", "who's affected?" of what changed: the changes name them."""
    asked = bool(_WHICH & set(symbols(items, 0, 3)))
    of_all = previous.intent in ("drift", "explain_change") and not previous.segments
    if not (of_all and asked) or names_of(items) or words_of(items) & _MOVED:
        return None
    return (
        replace(previous, intent="drift") if says_only(items, talk | _WHICH | _AFFECTED) else None
    )


def _located(items: Items, previous: Query, lexicon: Lexicon, talk: frozenset[str]) -> Query | None:
    """ "Where are they?" of the customers of a segment."""
    words = words_of(items)
    where = symbol(items, 1 if symbol(items, 0) == "and" else 0) in ("where", "whereabouts")
    people = words & {"they", "them", "these", "those"}
    place = next((t.name for t in lexicon.traits.values() if t.kind == "geographic"), None)
    if previous.intent not in OF_A_SEGMENT or not previous.segments or previous.filter:
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


def _between_both(items: Items, previous: Query) -> Query | None:
    """ "Who moved from one to the other?" of two segments spoken of."""
    said = symbols(items)
    across = any(
        said[n : n + 4] == ["one", "to", "the", "other"] or said[n : n + 2] == ["each", "other"]
        for n in range(len(said))
    )
    moved = bool({"move", "go", "switch", "change", "shift", "jump"} & words_of(items))
    if not (across and moved) or len(previous.segments) != 2 or names_of(items):
        return None
    return Query("migration", from_segment=previous.segments[0], to_segment=previous.segments[1])


def _left_over(items: Items, previous: Query, talk: frozenset[str]) -> Query | None:
    """ "How many are left in 2?" after who went: its size."""
    counts = any(i.value == "count" for i in items)
    left = any(
        two.text == "left" and one.symbol in ("are", "is", "be") for one, two in pairwise(items)
    )
    said = [s for i in items if i.symbol == "<segment>" for s in i.value]
    said += [n for i in items if (n := i.whole()) is not None]
    segment = said[0] if said else segment_of(previous)
    others = names_of(items) - {"<stat>", "<segment>", "<n>", "<now>"}
    flows = previous.intent in ("migration", "explain_change", "segment_trend", "drift")
    if not (counts and left and flows) or len(said) > 1 or segment is None or others:
        return None
    if not says_only(items, talk | {"left", "leave", "there", "customer", "still"}):
        return None
    return Query("segment_size", segments=(segment,))


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
    about = previous.intent in OF_A_SEGMENT and len(previous.segments) == 1 and not previous.offer
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


def _beside_them(items: Items, previous: Query, talk: frozenset[str]) -> Query | None:
    """ "Do the VIPs spend more?" than those just measured: both are."""
    segments = [s for i in items if i.symbol == "<segment>" for s in i.value]
    features = tuple(i.value for i in items if i.symbol == "<feature>")
    named = names_of(items) - {"<segment>", "<feature>"}
    last = next((i for i in reversed(items) if i.is_word or i.is_name), None)
    open_ = last is not None and bool({last.symbol, last.text} & _MORE)  # no "than" follows
    asked = symbol(items, 0) in ("is", "are", "do", "does") or symbols(items, 0, 2) in (
        ["and", "do"],
        ["and", "are"],
        ["so", "do"],
    )
    measured = previous.intent in ("feature_stat", "segment_size") and len(previous.segments) == 1
    if not (measured and asked and open_ and len(segments) == 1) or named or previous.as_of:
        return None
    if segments[0] in previous.segments or len(features) > 1 or previous.filter:
        return None
    if not says_only(items, talk | _MORE | {"much", "any", "even", "a", "lot", "also"}):
        return None
    both = (*previous.segments, segments[0])
    kept = previous.features or features
    if not kept:
        return Query("segment_size", segments=both)
    same = features in ((), previous.features)
    return Query(
        "feature_stat",
        segments=both,
        features=previous.features if same else features,
        statistic=previous.statistic if same else None,
    )


def _more_than_before(items: Items, previous: Query, talk: frozenset[str]) -> Query | None:
    """ "Are there more of them than before?" of a segment."""
    words = words_of(items)
    compared = words & {"more", "fewer", "less", "bigger", "smaller"} and "than" in words
    segment = segment_of(previous)
    then = bool(words & {"before", "previously", "earlier", "used"})
    about = previous.intent in OF_A_SEGMENT and not previous.filter and not previous.offer
    if segment is None or not (compared and then and about) or names_of(items) - {"<now>"}:
        return None
    if not says_only(items, talk | {"more", "fewer", "less", "than", "before", "earlier", "used"}):
        return None
    return Query("segment_trend", segments=(segment,), features=previous.features)


def _moved_other_way(items: Items, previous: Query, talk: frozenset[str]) -> Query | None:
    """ "And out?" after who came in."""
    said = [i for i in items if i.is_word and i.symbol not in ("please", "the", "those", "ones")]
    segment = segment_of(previous)
    if previous.intent != "migration" or segment is None or names_of(items) or not said:
        return None
    last = {said[-1].symbol, said[-1].text}
    if len(said) > 3 or not says_only(items, _IN | _OUT | talk):
        return None
    if last & _IN:
        return replace(previous, from_segment=None, to_segment=segment)
    return replace(previous, from_segment=segment, to_segment=None) if last & _OUT else None
