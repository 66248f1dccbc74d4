"""The query of a question that leans on the one before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from analytics.model import Query
from bot.questions.build import uses
from bot.questions.items import Items, symbol
from bot.questions.moments import FLOWS, When
from bot.questions.slots import Slots
from bot.questions.turns import CUSTOMER_INTENTS

_EXPLAINED_BY = {
    **dict.fromkeys(
        ("segment_size", "segment_trend", "drift", "migration", "digest", "explain_change"),
        "explain_change",
    ),
    **dict.fromkeys(CUSTOMER_INTENTS, "explain_customer"),
    **dict.fromkeys(("overview", "model_info"), "model_info"),
}
_CARRIED = ("segments", "customer", "filter", "features", "statistic", "weeks", "since")
_MEASURES = ("features", "statistic", "weeks", "since")
_MEASURED = frozenset(
    "segment_trend compare_segments distribution explain_change feature_stat drift".split()
)
_FILTERED = frozenset({"find_customers", "export_audience", "feature_stat", "recommend"})
_OF_FEATURES = _MEASURED | {"rank_segments", "glossary"}
_ORDERS = frozenset("biggest smallest highest lowest most less bottom higher lower".split())
_EVERYONE = frozenset({"all", "every", "each", "everyone", "whole"})
_TURNED = frozenset({"reverse", "opposite", "direction", "way", "versa"})


def explaining(previous: Query) -> Query:
    """The query that explains the answer to ``previous``."""
    return inherited(Query(_EXPLAINED_BY.get(previous.intent, "explain_segment")), previous)


def inherited(query: Query, previous: Query) -> Query:
    """``query`` with what it uses and lacks taken from ``previous``."""
    own = uses(query.intent)
    lacking = [s for s in _CARRIED if s in own and getattr(query, s) in ((), None)]
    if query.intent not in _MEASURED or query.features:
        lacking = [s for s in lacking if s not in _MEASURES]
    if query.weeks or query.since:
        lacking = [s for s in lacking if s not in ("weeks", "since")]
    taken: dict[str, Any] = {slot: getattr(previous, slot) for slot in lacking}
    ends = {"from_segment": previous.from_segment, "to_segment": previous.to_segment}
    if query.intent == "rank_segments":
        if len(previous.segments) < 2:
            taken.pop("segments", None)
        if not query.features:
            taken |= {
                "features": previous.features,
                "statistic": query.statistic or previous.statistic,
            }
    elif query.intent == "migration":
        moved = previous.intent in ("migration", "explain_change")
        if moved and not (query.weeks or query.since):
            taken |= {"weeks": previous.weeks, "since": previous.since}
        if query.from_segment is None and query.to_segment is None:
            sides = ends | ({"from_segment": previous.segments[0]} if previous.segments else {})
            taken |= sides
            if any(side is not None for side in sides.values()):
                taken["term"] = None
    elif query.intent == "compare_segments" and set(previous.segments) < set(query.segments):
        taken["segments"] = tuple(dict.fromkeys((*previous.segments, *query.segments)))
    elif taken.get("segments") == ():
        taken["segments"] = tuple(s for s in ends.values() if s is not None)
    if taken.get("statistic") == "count" and query.intent != "find_customers":
        taken.pop("statistic")
    return replace(query, **taken)


def continued(items: Items, slots: Slots, when: When, previous: Query) -> Query | None:
    """``previous`` asked again with what the new message names; None when it names nothing."""
    turn = _Turn(items, slots, when, previous)
    turn.take_people()
    turn.take_measure()
    turn.take_time()
    turn.take_shape()
    if turn.changes or turn.intent != previous.intent:
        return turn.query()
    return replace(previous, as_of=None) if slots.now else None


class _Turn:
    """The intent and the changed slots of a continued query."""

    def __init__(self, items: Items, slots: Slots, when: When, previous: Query) -> None:
        self.words = {item.symbol for item in items}
        self.adds = symbol(items, 0) in ("and", "also", "plus", "add") and not (
            self.words & {"instead", "about"}
        )
        self.slots, self.when, self.previous = slots, when, previous
        self.intent = previous.intent
        self.changes: dict[str, Any] = {}

    def take_people(self) -> None:
        """Segments, customers, the sides of a movement and whom an offer or a trait is for."""
        slots, previous = self.slots, self.previous
        if self.intent == "migration" and self.words & _TURNED:
            self.changes["from_segment"] = previous.to_segment
            self.changes["to_segment"] = previous.from_segment
        if self.intent == "migration" and previous.term and slots.direction:
            self.changes["term"] = slots.direction
        if self.words & _EVERYONE and not slots.segments:
            self.changes |= {"segments": (), "top": None}
        if slots.customers:
            self.intent = self.intent if self.intent in CUSTOMER_INTENTS else "customer_lookup"
            self.changes |= {"customer": slots.customers[0], "segments": ()}
        traits = (*slots.traits, *slots.unknown_traits)
        if traits:
            self.intent, self.changes["trait"] = "breakdown", traits[0]
        if slots.offers:
            self.intent, self.changes["offer"] = "recommend", slots.offers[0]
        if slots.segments:
            self._take_segments()

    def _take_segments(self) -> None:
        slots, previous, named = self.slots, self.previous, tuple(self.slots.segments)
        if self.intent == "migration":
            ends = {f"{side}_segment": segment for segment, side in slots.ends.items()}
            only_to = previous.from_segment is None and previous.to_segment is not None
            self.changes |= ends or {"to_segment" if only_to else "from_segment": named[0]}
            self.changes["term"] = None
            return
        if self.intent == "compare_segments" and len(named) == 1:
            kept = previous.segments if self.adds else previous.segments[:-1]
            named = tuple(dict.fromkeys((*kept, *named)))
        elif self.intent == "rank_segments":
            self.intent = "feature_stat" if previous.features else "segment_size"
        elif "segments" not in uses(self.intent) or self.intent == "model_info":
            self.intent = "segment_profile"
        self.changes["segments"] = named

    def take_measure(self) -> None:
        """Features, statistics and conditions."""
        slots, previous = self.slots, self.previous
        if slots.features and not slots.conditions:
            self.intent = self.intent if self.intent in _OF_FEATURES else "feature_stat"
            self.changes["features"] = tuple(slots.features)
        statistic = slots.statistics[0] if slots.statistics else None
        if statistic == "count":
            if slots.conditions or previous.filter:
                self.intent, self.changes["statistic"] = "find_customers", "count"
        elif statistic and not slots.money:
            if "statistic" in uses(self.intent):
                self.changes["statistic"] = statistic
            elif previous.features and self.intent in ("distribution", "segment_size"):
                self.intent, self.changes["statistic"] = "feature_stat", statistic
        if slots.money and self.intent == "segment_size":
            self.changes["features"] = ("PURCHASES",)
        elif slots.money and "statistic" in uses(self.intent):
            self.changes["statistic"] = "sum"
        if slots.conditions:
            self.intent = self.intent if self.intent in _FILTERED else "find_customers"
            new = {condition.feature for condition in slots.conditions}
            kept = tuple(c for c in previous.filter if c.feature not in new)
            self.changes["filter"] = (*kept, *slots.conditions)

    def take_time(self) -> None:
        """A window turns a state into its trend; a moment asks for the state then."""
        when = self.when
        own = uses(self.intent)
        if (when.weeks and "weeks" not in own) or (when.since and "since" not in own):
            self.intent = "segment_trend"
            self.changes["as_of"] = None
        since = when.since or (when.as_of if self.intent in FLOWS else None)
        if when.weeks or since:
            self.changes |= {"weeks": when.weeks, "since": since}
        elif when.as_of:
            self.changes["as_of"] = when.as_of

    def take_shape(self) -> None:
        """Order, how many, and whether as a chart."""
        slots, own = self.slots, uses(self.intent)
        only_top = slots.top is not None and not self.words & _ORDERS
        if slots.order and "order" in own and not only_top:
            self.changes["order"] = slots.order
        top = slots.top if slots.top is not None else slots.place
        if top is not None and "top" in own:
            self.changes["top"] = top
        if "rank" in self.words and self.intent in ("feature_stat", "segment_size"):
            self.intent = "rank_segments"
            self.changes |= {"order": slots.order or "desc", "segments": ()}
        if slots.chart:
            self.changes["chart"] = True
            self.intent = "segment_profile" if self.intent == "explain_segment" else self.intent

    def query(self) -> Query:
        """The continued query, with the slots its intent uses."""
        ends = ("from_segment", "to_segment") if self.intent == "migration" else ()
        own = (*uses(self.intent), *ends)
        slots = {slot: getattr(self.previous, slot) for slot in own}
        changed = {s: v for s, v in self.changes.items() if s in slots or s == "chart"}
        return Query(self.intent, **(slots | changed))
