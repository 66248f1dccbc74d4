"""What an answer named, spoken of in the next message: "Segment 1." "And how big is it?"."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from analytics.model import Query
from bot.questions.followups.pointing import turn_words
from bot.questions.followups.turns import asks_why
from bot.questions.text.items import Items, names_of, says_only, skip, symbol, symbols, words_of
from bot.questions.things.ranking import ASCENDING, DESCENDING

_ONE = frozenset("it its that this those there one they them their theirs".split())
_SEVERAL = frozenset("they them their theirs those these both".split())
_SUBJECTS = frozenset("they its their there".split())
_GROUPS = frozenset({"segment", "audience"})
_POINTING = frozenset("that this the its their his her same".split())
# Which of several it is, is asked of all of them once more.
_ANEW = frozenset("which whose whom rank order sort".split())
# "It" is the answer and not whom it named: "draw it", "what does it mean", "was it the same then".
_SHOWN = frozenset(
    "show draw plot chart graph make put do run redo rank order sort turn flip reverse give have "
    "get see visualise visualize limit restrict narrow list repeat explain on by".split()
)
_OF_ANSWERS = frozenset(
    "mean meaning define calculate calculated compute measure sql query same true right "
    "correct wrong sure chart ranking order sort list number figure work thanks always".split()
)
_ABOUT = {"drift": "drift"}
_RETURNING = frozenset("go going come coming ok okay so and now let's turning turn".split())
_CHANGES = frozenset({"drift", "digest"})
_ASKED_OF = (
    "rank_segments", "customer_lookup", "customer_history", "explain_customer",
    "recommend", *_CHANGES,
)  # fmt: skip
# Beside "how many" these are no people.
_COUNTABLE = frozenset("time week month day year transaction purchase grow move".split())
_OF_ALL = frozenset({"all", "overall", "total", "altogether"})
_OF_EVERYBODY = _OF_ALL | {"segment", "every", "each", "everyone", "base", "whole"}
# "How much?" of what was ranked.
_AMOUNTED = frozenset(
    "how much is it that this there be are do does did come to they them on what in work out "
    "spend pay owe take have has use go get cost amount roughly exactly about "
    "actually we talk look at talking looking exact actual time times often".split()
)
_OF_ONE = frozenset("segment_size segment_trend migration explain_change".split())
_OF_THEM = frozenset(
    "find_customers feature_stat segment_size segment_trend distribution breakdown "
    "recommend".split()
)
_FIGURES = frozenset({"figure", "number", "amount", "value", "sum"})
_TOLD = frozenset("give have got tell say know read hear learn detail more about see show".split())
_TALK = frozenset(
    "and so then ok okay the a an me us please roughly exactly about now well just but could can "
    "you i would like want to it that what who".split()
)
_MOVING = frozenset("grow shrink lose gain decline expand increase fall rise".split())


def spoken_of(items: Items, previous: Query) -> Query:
    """The question before, or one about what its answer named where a message is about that.

    ``previous.named`` are the segments the answer named: those at the top of a ranking, that of a
    customer, those that changed.
    """
    named = previous.named
    one = len(named) == 1 and not previous.customer
    ranked = previous.intent == "rank_segments" and previous.top == 1
    amount = one and ranked and bool(previous.features) and _asks_how_much(items)
    asked_of = bool(named) and previous.intent in _ASKED_OF
    if not asked_of or (_asks_of_all(items, offered=previous.intent == "recommend") and not amount):
        return previous
    measured = bool(previous.features) and names_of(items) == {"<stat>"}  # "the median of it"
    beyond = names_of(items) & {"<bound>"} and previous.features  # "is anyone there above 5k?"
    counted = any(i.value == "count" for i in items)
    measured = (measured and not counted) or amount or bool(beyond)
    about = Query(
        "feature_stat" if measured else _ABOUT.get(previous.intent, "segment_profile"),
        segments=named,
        features=previous.features if measured else (),
    )
    by = symbols(items)[:1] == ["by"] and previous.intent in _CHANGES  # "by how much?"
    if (asks_why(items) or by) and not previous.customer:
        return replace(about, intent="explain_change") if previous.intent in _CHANGES else about
    grouped = any(
        i.symbol in _GROUPS
        and symbol(items, n - 1) in _POINTING
        and not symbol(items, n + 1).startswith("<n")
        for n, i in enumerate(items)
    )
    grouped = grouped or _asks_what_kind(items)
    if grouped or previous.customer:
        held = grouped or _counts_people(items)  # "how many others are in there?"
        return about if held and len(named) == 1 else previous
    if one and asks_for_more(items):
        return replace(about, intent="segment_size")
    words = words_of(items)
    sized = symbol(items, 0) == "how" and bool(words & {"big", "small", "large", "tiny"})
    sized = sized and not names_of(items) and "segments" not in words
    if amount or (one and (sized or _counts_people(items) or _moves(items))):
        return about
    pronouns = _SEVERAL if len(named) > 1 else _ONE
    listed = previous.intent == "recommend"  # "list them" are the customers to be offered it
    pronouns = pronouns | {"those", "these"} if listed else pronouns
    pointed = any(_points(items, n, pronouns, listed=listed) for n in range(len(items)))
    return about if pointed else previous


def turned_back(items: Items, previous: Query, known: Collection[int]) -> tuple[Items, Query]:
    """The items without "back to 4," before a question, and a query about that segment."""
    at = next((n for n, i in enumerate(items[:4]) if i.symbol == "back"), None)
    if at is None or symbol(items, at + 1) != "to" or not says_only(items[:at], _RETURNING):
        return items, previous
    named = skip(items, at + 2, {"the", "segment", "our"})
    if named >= len(items) or symbol(items, named + 1) not in (",", ".", ":", "-", ";"):
        return items, previous
    item, rest = items[named], items[named + 2 :]
    segment: int | None = item.value[0] if item.symbol == "<segment>" else item.whole()
    if segment is None or segment not in known or not any(i.is_word for i in rest):
        return items, previous
    return rest, Query("segment_profile", segments=(segment,))


def depends(items: Items, previous: Query) -> bool:
    """Whether a question is about what the answer to the one before in its message will name."""
    first = previous.intent == "rank_segments" and previous.top == 1
    return first and spoken_of(items, replace(previous, named=(0,))).named == ()


def _asks_of_all(items: Items, *, offered: bool) -> bool:
    said = set(symbols(items))
    ranks = "who" in said and bool(said & (ASCENDING | DESCENDING))
    theirs = bool(said & {"them", "their", "those"}) or offered
    listed = _OF_ANSWERS - {"list"} if theirs else _OF_ANSWERS
    counted = any(i.symbol == "<stat>" and "number" in i.words for i in items)
    whole = "all" in said and says_only(items, _SHOWN | _TALK | {"all", "of", "them", "those"})
    return (
        ranks
        or (whole and not names_of(items))
        or bool(_ANEW & set(symbols(items[:3])))
        or bool((listed - {"number"} if counted else listed) & said)
    )


def _asks_how_much(items: Items) -> bool:
    """Whether only the amount that was ranked by is asked for: "how much on average?"."""
    words = words_of(items)
    counts = [n for n, i in enumerate(items) if i.value == "count"]
    times = {"often"} <= words or any(symbol(items, n + 1) == "time" for n in counts)
    asked = (
        {"how", "much"} <= words
        or times
        or (
            bool(words & {"what", "how"})
            and (
                names_of(items) == {"<stat>"} or bool(words & _FIGURES) or {"it", "there"} <= words
            )
        )
    )
    plain = all(i.symbol in ("<stat>", "<aside>") for i in items if i.is_name)
    told = plain and (not counts or times)
    return asked and told and says_only(items, _AMOUNTED | _FIGURES | turn_words("small"))


def _counts_people(items: Items) -> bool:
    """Whether customers are counted and nothing more is named: "how many people is that?"."""
    counts = [n for n, i in enumerate(items) if i.symbol == "<stat>" and i.value == "count"]
    others = names_of(items) - {"<stat>", "<now>"}
    segments = any(i.symbol == "segment" and i.text.endswith("s") for i in items)
    whole = bool(_OF_ALL & set(symbols(items)))
    counted = any(symbol(items, n + 1) not in _COUNTABLE for n in counts)
    return counted and not others and not segments and not whole


def asks_for_more(items: Items) -> bool:
    """Whether only more is asked for: "tell me more", "any more details?"."""
    words = words_of(items)
    told = bool(words & _TOLD) and bool(words & {"more", "detail", "details"})
    only = says_only(items, _TOLD | _TALK | {"details", "any", "some", "bit", "further"})
    return told and only and not names_of(items)


def _asks_what_kind(items: Items) -> bool:
    """Whether a segment is asked about that a customer is in: "what kind of segment is that?"."""
    said = symbols(items)
    kind = bool({"kind", "sort", "type"} & set(said)) and "segment" in said
    return kind and bool({"that", "this", "it"} & set(said[-2:] if said[-1] == "?" else said[-1:]))


def with_named(query: Query, previous: Query, items: Items) -> Query:
    """The query with the one segment an answer named, where it would be of all: "is it growing?".

    ``previous`` is the query before as it was answered.
    """
    one = len(previous.named) == 1 and previous.intent in ("rank_segments", *_CHANGES)
    bare = query.intent in _OF_ONE and not (query.segments or query.filter)
    ends = query.from_segment is not None or query.to_segment is not None
    said = set(symbols(items))
    of_all = said & _OF_EVERYBODY
    if not (one and bare) or ends or of_all or _asks_of_all(items, offered=False):
        return query
    return replace(query, segments=previous.named)


def with_those(query: Query, previous: Query, items: Items) -> Query:
    """The query with the segments spoken of, where it says "them" and would be of everybody."""
    told = {"they", "them", "their"}
    said = {word for i in items for word in (i.symbol, *(i.text.split() if i.is_name else ()))}
    named = query.segments or query.customer or query.from_segment or query.to_segment
    kept = named or query.filter == previous.filter != ()
    of_all = said & _OF_EVERYBODY
    if query.intent not in _OF_THEM or kept or of_all or not (said & told):
        return query
    return replace(query, segments=previous.segments)


def _moves(items: Items) -> bool:
    """Whether it is asked if customers are won or lost: "is the number of people growing?"."""
    counts = any(i.symbol == "<stat>" and i.value == "count" for i in items)
    people = counts or "customer" in symbols(items)
    asked = symbol(items, 0) in ("is", "are", "do", "does", "has", "have", "did")
    return asked and people and bool(_MOVING & words_of(items)) and not names_of(items) - {"<stat>"}


def _points(items: Items, at: int, pronouns: frozenset[str], *, listed: bool) -> bool:
    item, before = items[at].symbol, symbol(items, at - 1)
    shown = before in _SHOWN and item not in _SUBJECTS
    if item in ("those", "these") and symbol(items, at + 1) == "customer":
        return True
    if item == "there" and before in ("is", "are", "was", "were"):
        return False
    if item not in pronouns or (shown and not (listed and item in ("them", "those", "these"))):
        return False
    if item in ("that", "this"):
        return symbol(items, at + 1) == "one"
    if item == "those" and before == "of":
        return False
    return item != "one" or before in ("that", "this")
