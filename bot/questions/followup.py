"""What a question takes over from the one before it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from analytics.model import Query
from bot.questions.books import phrase_book
from bot.questions.items import Item, Items
from bot.questions.moments import FLOWS, When
from bot.questions.slots import Slots

_MARKS = frozenset(
    "and or what about how same but instead no not only just now then meant mean also ok okay so as "
    "with for in by over the of on do it them that those these this their they its one ones too again "
    "rather actually sorry wait oops i a an me show give try make use look at is are  please to "
    "compare-not switch to-the other only-those who have has at from per vs see want yes yeah nope "
    "whole full complete ranking oop add there anything everyone everybody all every each reverse opposite direction way around versa vice first biggest smallest highest lowest most less top bottom higher lower bigger smaller best worst order rank "
    "well hmm great thanks cool nice if we u you can could would please pls plz".split()
)
_MOVES = frozenset("go move leave join come people customer".split())
_PRONOUNS = frozenset("it its them they their those these he she him her his".split())
_WHY = frozenset({"why", "reason", "how come"})
_EXPLAINED_BY = {
    "segment_size": "explain_change", "segment_trend": "explain_change", "drift": "explain_change",
    "migration": "explain_change", "digest": "explain_change", "explain_change": "explain_change",
    "segment_profile": "explain_segment", "rank_segments": "explain_segment",
    "compare_segments": "explain_segment", "feature_stat": "explain_segment",
    "distribution": "explain_segment", "breakdown": "explain_segment",
    "explain_segment": "explain_segment", "recommend": "explain_segment",
    "find_customers": "explain_segment",
    "customer_lookup": "explain_customer", "customer_history": "explain_customer",
    "explain_customer": "explain_customer",
    "overview": "model_info", "model_info": "model_info",
}  # fmt: skip
_CUSTOMER = frozenset({"customer_lookup", "customer_history", "explain_customer"})
_ORDERS = frozenset(
    "biggest smallest highest lowest most less bottom higher lower best worst".split()
)
_CARRIED = ("segments", "customer", "filter", "features", "statistic", "weeks", "since")
_MEASURED = frozenset(
    {"segment_trend", "compare_segments", "distribution", "explain_change", "feature_stat", "drift"}
)
_FILTERED = frozenset({"find_customers", "export_audience", "feature_stat", "recommend"})


def is_bare(items: Items, previous: Query | None = None) -> bool:
    """Whether nothing but slots and small words is left: "and segment 3?", "median instead"."""
    marks = _MARKS | _MOVES if previous and previous.intent == "migration" else _MARKS
    return all(
        item.symbol in marks
        or (not item.symbol[0].isalpha() and item.symbol not in ("<trait?>",))
        or item.symbol in ("chart", "segment", "customer", "dollar", "percent", "money")
        for item in items
    )


def resolved(items: Items, previous: Query) -> Items | None:
    """The items with "it", "them", "those" replaced by what was spoken of; None without such words."""
    referent = _referent(previous)
    places = [n for n in range(len(items)) if _points_back(items, n)]
    if not places or referent is None:
        return None
    return tuple(referent if n in places else item for n, item in enumerate(items))


def completed(items: Items, previous: Query) -> Items:
    """The items with what was spoken of put at the end: "history" of this customer."""
    referent = _referent(previous)
    return (*items, referent) if referent else items


def _referent(previous: Query) -> Item | None:
    if previous.customer and previous.intent in _CUSTOMER:
        return Item("<customer>", previous.customer, "")
    ends = tuple(s for s in (previous.from_segment, previous.to_segment) if s is not None)
    segments = previous.segments or ends
    return Item("<segment>", segments, "") if segments or previous.filter else None


def _points_back(items: Items, at: int) -> bool:
    symbol = items[at].symbol
    if symbol == "there":
        return bool(at) and items[at - 1].symbol not in ("are", "is", "were", "was", "if")
    if symbol in ("that", "this") and at + 1 < len(items):
        if items[at + 1].symbol in ("compare", "change", "differ", "difference", "look"):
            return True
    if symbol == "one" and at and items[at - 1].symbol in ("this", "that"):
        return True
    if symbol in ("that", "this", "same", "one"):
        last = all(not i.symbol[0].isalpha() for i in items[at + 1 :])
        return last and symbol != "one" and not (at and items[at - 1].symbol == "like")
    return symbol in _PRONOUNS


def is_lost(items: Items, previous: Query) -> bool:
    """Whether "it" or "they" is said of nothing the conversation has named."""
    said = any(i.symbol in ("it", "its", "they", "them", "their") for i in items)
    return said and _referent(previous) is None and not previous.features


def asks_why(items: Items) -> bool:
    """Whether the whole question is "why?"."""
    words = [i.symbol for i in items if i.symbol[0].isalpha()]
    if any(i.symbol[0] == "<" for i in items):
        return False
    return bool(words) and words[0] in ("why", "how") and set(words) <= {
        "why", "how", "come", "so", "is", "that", "this", "it", "and", "the", "reason", "do", "you", "think", "happen", "did", "was",
    } and ("why" in words or "come" in words)  # fmt: skip


def uses(intent: str) -> tuple[str, ...]:
    """The slots an intent uses."""
    return tuple(phrase_book("intents")["intents"].get(intent, {}).get("slots", ()))


def explaining(previous: Query) -> Query:
    """The query that explains the answer to ``previous``."""
    intent = _EXPLAINED_BY.get(previous.intent, "explain_segment")
    return inherited(Query(intent), previous)


def inherited(query: Query, previous: Query) -> Query:
    """``query`` with what it uses and lacks taken from ``previous``: segments, customer, filter, measure."""
    own = uses(query.intent)
    taken: dict[str, Any] = {}
    for slot in _CARRIED:
        if slot in own and getattr(query, slot) in ((), None):
            taken[slot] = getattr(previous, slot)
    if query.intent not in _MEASURED or query.features:
        for slot in ("features", "statistic", "weeks", "since"):
            taken.pop(slot, None)
    if query.intent == "migration" == previous.intent and not (query.weeks or query.since):
        taken |= {"weeks": previous.weeks, "since": previous.since}
    if query.weeks or query.since:
        taken.pop("weeks", None)
        taken.pop("since", None)
    if query.intent == "rank_segments":
        if len(previous.segments) < 2:
            taken.pop("segments", None)
        if not query.features:
            taken["features"] = previous.features
    ends = tuple(s for s in (previous.from_segment, previous.to_segment) if s is not None)
    if "segments" in own and not query.segments and not taken.get("segments"):
        taken["segments"] = ends
    if query.intent == "migration" and (query.from_segment, query.to_segment) == (None, None):
        taken |= {"from_segment": previous.from_segment, "to_segment": previous.to_segment}
        if previous.segments:
            taken["from_segment"] = previous.segments[0]
    return replace(query, **taken)


def continued(items: Items, slots: Slots, when: When, previous: Query) -> Query | None:
    """``previous`` asked again with what the new message names; None when it names nothing."""
    intent = previous.intent
    changes: dict[str, Any] = {}
    adds = (
        bool(items)
        and items[0].symbol in ("and", "also", "plus", "add")
        and not any(i.symbol in ("instead", "about") for i in items)
    )
    words = {item.symbol for item in items}
    if intent == "migration" and words & {"reverse", "opposite", "direction", "way", "versa"}:
        changes |= {"from_segment": previous.to_segment, "to_segment": previous.from_segment}
    if (
        slots.everything
        and not slots.segments
        and words & {"all", "every", "each", "everyone", "whole"}
    ):
        changes |= {"segments": (), "top": None}
    if slots.customers:
        intent = intent if intent in _CUSTOMER else "customer_lookup"
        changes["customer"] = slots.customers[0]
        if intent == "explain_customer":
            changes["segments"] = ()
    if slots.traits or slots.unknown_traits:
        intent, changes["trait"] = "breakdown", (*slots.traits, *slots.unknown_traits)[0]
    if slots.offers:
        intent, changes["offer"] = "recommend", slots.offers[0]
    if slots.segments:
        intent = _for_segments(intent, previous)
        if intent == "migration":
            ends = {f"{side}_segment": s for s, side in slots.ends.items()}
            if not ends:
                side = (
                    "to_segment"
                    if previous.to_segment is not None and previous.from_segment is None
                    else "from_segment"
                )
                ends = {side: slots.segments[0]}
            changes |= ends
        else:
            changes["segments"] = _segments(tuple(slots.segments), previous, intent, adds)
    if slots.features and not slots.conditions:
        intent = _for_features(intent)
        changes["features"] = tuple(slots.features)
        if intent == "rank_segments" and previous.intent == "rank_segments":
            changes["order"] = slots.order or previous.order
    if slots.statistics:
        if slots.statistics[0] == "count":
            if slots.conditions or previous.filter:
                intent, changes["statistic"] = "find_customers", "count"
        elif "statistic" in uses(intent):
            changes["statistic"] = slots.statistics[0]
        elif previous.features and intent in ("distribution", "segment_size"):
            intent, changes["statistic"] = "feature_stat", slots.statistics[0]
    if slots.money:
        changes.pop("statistic", None)
        if intent == "segment_size":
            changes["features"] = ("PURCHASES",)
        elif "statistic" in uses(intent):
            changes["statistic"] = "sum"
    if slots.conditions:
        intent = intent if intent in _FILTERED else "find_customers"
        new = {c.feature for c in slots.conditions}
        kept = tuple(c for c in previous.filter if c.feature not in new)
        changes["filter"] = kept + tuple(slots.conditions)
    if when.weeks and "weeks" not in uses(intent):
        intent = "segment_trend"
    for slot in ("weeks", "since", "as_of"):
        value = getattr(when, slot)
        if value:
            if slot == "as_of" and intent in FLOWS:
                slot = "since"
            changes[slot] = value
            if slot == "weeks":
                changes.setdefault("since", None)
            if slot == "since":
                changes.setdefault("weeks", None)
    only_top = slots.top is not None and all(i.symbol not in _ORDERS for i in items)
    if slots.order and "order" in uses(intent) and not only_top:
        changes["order"] = slots.order
    if slots.top is not None and "top" in uses(intent):
        changes["top"] = slots.top
    if slots.chart:
        changes["chart"] = True
        if "chart" not in uses(intent):
            intent = "segment_profile" if intent == "explain_segment" else intent
    if not changes and intent == previous.intent:
        if slots.now:
            return replace(previous, as_of=None)
        return None
    kept_slots = {
        slot: getattr(previous, slot)
        for slot in (
            *uses(intent),
            *(("from_segment", "to_segment") if intent == "migration" else ()),
        )
    }
    allowed = {k: v for k, v in (kept_slots | changes).items() if k in kept_slots or k == "chart"}
    return Query(intent, **allowed)


def _segments(named: tuple[int, ...], previous: Query, intent: str, adds: bool) -> tuple[int, ...]:
    if intent == "compare_segments" and len(named) == 1 and previous.intent == intent:
        kept = previous.segments if adds else previous.segments[:-1]
        return tuple(dict.fromkeys((*kept, *named)))
    return named


def _for_segments(intent: str, previous: Query) -> str:
    if intent == "migration" or (
        "segments" in uses(intent) and intent not in ("rank_segments", "model_info")
    ):
        return intent
    if intent == "rank_segments":
        return "feature_stat" if previous.features else "segment_size"
    return "segment_profile"


def _for_features(intent: str) -> str:
    keeps = {"feature_stat", "rank_segments", "segment_trend", "compare_segments", "distribution", "drift",
             "explain_change", "glossary"}  # fmt: skip
    if intent in keeps:
        return intent
    return "feature_stat"
