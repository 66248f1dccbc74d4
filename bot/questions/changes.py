"""What a new message changes in the query before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from analytics.model import Query
from bot.questions.build import uses
from bot.questions.gather import BURDENS
from bot.questions.items import Items, symbol
from bot.questions.moments import FLOWS, When
from bot.questions.slots import Slots
from bot.questions.turns import CUSTOMER_INTENTS

MEASURED = frozenset(
    "segment_trend compare_segments distribution explain_change feature_stat drift".split()
)
_LISTS = frozenset({"find_customers", "export_audience"})
_FILTERED = frozenset({"find_customers", "export_audience", "feature_stat", "recommend"})
_OF_FEATURES = MEASURED | {"rank_segments", "glossary"}
_ORDERS = frozenset("biggest smallest highest lowest most less bottom higher lower".split())
_EVERYONE = frozenset({"all", "every", "each", "everyone", "whole"})
_TURNED = frozenset({"reverse", "opposite", "contrary", "inverse", "direction", "way", "versa"})
_REMAINING = frozenset({"rest", "remaining", "remainder", "other"})
_RENUMBERED = frozenset({"make", "only", "just", "them"})  # "make it 8", "only 5 of them"
_OF_A_SEGMENT = frozenset({"segment_profile", "explain_segment", "recommend", "breakdown"})
_COMPARING = frozenset({"difference", "differ", "compare", "versus", "against"})
_DROPPING = frozenset("drop remove without leave lose ditch skip forget ignore scrap".split())
_SET_ASIDE = frozenset("leave leaving without except excluding exclude all apart ex minus".split())
_ENDS: Mapping[str, str] = {"min": "asc", "max": "desc"}
_FIRST = frozenset("top biggest highest most smallest lowest bottom first best worst".split())
_RAISED = frozenset("go raise push bump take move increase crank".split())
_DRAWN = frozenset({"picture", "draw"})
_MANY = 10
_NO_SEGMENT = 15  # a bare number from here on is no segment
_WHOLE = 2.0  # a bound up to here is a share: "make it 80" of 90 %


class Turn:
    """The intent and the changed slots of a continued query."""

    def __init__(self, items: Items, slots: Slots, when: When, previous: Query) -> None:
        self.items = items
        self.words = {item.symbol for item in items}
        leads = symbol(items, 0) in ("and", "also", "plus", "add")
        more = bool(self.words & {"too", "also"}) or {"as", "well"} <= self.words
        self.unites = bool(self.words & {"add", "include", "throw", "chuck", "alongside"}) or (
            {"put", "next"} <= self.words
        )
        self.adds = (leads or more or self.unites) and not self.words & {"instead", "about"}
        self.slots, self.when, self.previous = slots, when, previous
        self.intent = previous.intent
        self.changes: dict[str, Any] = {}

    def take_people(self) -> None:
        """Segments, customers, the sides of a movement and whom an offer or a trait is for."""
        slots, previous = self.slots, self.previous
        if self.intent == "migration" and self.words & _TURNED:
            self.changes["from_segment"] = previous.to_segment
            self.changes["to_segment"] = previous.from_segment
        if self.intent == "migration" and slots.direction and not slots.segments:
            ends = (previous.from_segment, previous.to_segment)
            spoken_of = next(filter(None, ends), None)
            joined = slots.direction == "joined"
            self.changes["from_segment"] = None if joined else spoken_of
            self.changes["to_segment"] = spoken_of if joined else None
        if self.intent == "migration" and previous.term and slots.direction:
            self.changes["term"] = slots.direction
        if self.words & _REMAINING and previous.top:
            self.changes["top"] = None
        shared = "share" in slots.statistics and "each" not in self.words  # "of the whole"
        if self.intent == "migration" and self.words & {"matrix", "everyone", "everybody"}:
            self.changes |= {"from_segment": None, "to_segment": None}
        if self.words & _EVERYONE and not (slots.segments or shared):
            self.changes |= {"segments": (), "top": None}
        if slots.customers:
            asked = {"belong", "which"} & self.words
            known = self.intent in CUSTOMER_INTENTS and not asked
            self.intent = self.intent if known else "customer_lookup"
            self.changes |= {"customer": slots.customers[0], "segments": ()}
        traits = (*slots.traits, *slots.unknown_traits)
        if traits:
            self.intent, self.changes["trait"] = "breakdown", traits[0]
        if slots.offers:
            self.intent, self.changes["offer"] = "recommend", slots.offers[0]
        if slots.segments and not self._take_number():
            self._take_segments()

    def _take_number(self) -> bool:
        """Whether a bare number was how many, for how long or the bound: "make it 8"."""
        said, previous = [i for i in self.items if i.symbol == "<segment>"], self.previous
        bare = len(said) == 1 and not (self.slots.ends or said[0].words)
        counted = bare and said[0].text.isalpha() and previous.top and not previous.segments
        if not counted and not (bare and said[0].text.isalnum() and _RENUMBERED & self.words):
            return False
        number = said[0].value[0]
        for slot in ("top", "weeks"):
            if getattr(previous, slot) is not None:
                self.changes[slot] = number
                return True
        if self.intent in _LISTS and number >= _MANY and {"just", "only"} & self.words:
            self.changes["top"] = number
            return True
        bound = previous.filter[0].value if len(previous.filter) == 1 else None
        if not isinstance(bound, float) or number < _NO_SEGMENT:
            return False
        value = number / 100 if 0 < bound <= _WHOLE < number else float(number)
        self.changes["filter"] = (replace(previous.filter[0], value=value),)
        return True

    def _take_segments(self) -> None:
        slots, previous, named = self.slots, self.previous, tuple(self.slots.segments)
        if self.intent == "migration":
            ends = {f"{side}_segment": segment for segment, side in slots.ends.items()}
            only_to = previous.from_segment is None and previous.to_segment is not None
            self.changes |= ends or {"to_segment" if only_to else "from_segment": named[0]}
            self.changes["term"] = None
            return
        texts = {item.text.lower() for item in self.items}
        if self._sets_aside():
            named = tuple(s for s in previous.segments if s in named) or named
        elif _DROPPING & texts and set(named) < set(previous.segments):
            named = tuple(s for s in previous.segments if s not in named)
        swapped = {"swap", "replace", "change", "exchange"} & self.words and len(named) == 2
        if swapped and (set(named) & set(previous.segments)):
            old, new = named if named[0] in previous.segments else named[::-1]
            named = tuple(new if s == old else s for s in previous.segments)
        elif self.unites and "segments" in uses(self.intent) and previous.segments:
            named = tuple(dict.fromkeys((*previous.segments, *named)))
        elif self.words & _COMPARING and len(previous.segments) == 1:
            self.intent = "compare_segments"
            named = tuple(dict.fromkeys((*previous.segments, *named)))
        elif self.intent == "compare_segments" and len(named) == 1 and not previous.as_of:
            kept = previous.segments if self.adds else previous.segments[:-1]
            named = tuple(dict.fromkeys((*kept, *named)))
        elif self.intent == "rank_segments" and not (self._sets_aside() or self._ranks_some(named)):
            self.intent = "feature_stat" if previous.features else "segment_size"
        elif "segments" not in uses(self.intent) or self.intent == "model_info":
            self.intent = "segment_profile"
        self.changes["segments"] = named

    def _ranks_some(self, named: tuple[int, ...]) -> bool:
        """Whether several segments are ranked instead of several: "same again for 1 and 6"."""
        return len(named) > 1 and len(self.previous.segments) > 1

    def _sets_aside(self) -> bool:
        """Whether a segment was left out of what was asked before: "without segment 2"."""
        said = {word for item in self.items if item.symbol == "<segment>" for word in item.words}
        return said == {"<segments>"} and bool(
            _SET_ASIDE & {i.text.split()[0] for i in self.items if i.text}
        )

    def take_measure(self) -> None:
        """Features, statistics and conditions."""
        slots, previous = self.slots, self.previous
        denied = [i.value for i in self.items if i.symbol == "<filter>" and i.words[:1] == ("not",)]
        if slots.features and previous.features:  # "no, not purchases"
            slots.conditions = [c for c in slots.conditions if (c,) not in map(tuple, denied)]
        if previous.intent == "glossary" and previous.features and self.words & {"each", "much"}:
            self.intent, self.changes["features"] = "feature_stat", previous.features
        held = [c.feature for c in slots.conditions if (c.op, c.value) == (">", 0.0)]
        if "same" in self.words and previous.intent in MEASURED and held:
            slots.features, slots.conditions = held, []  # "the same, but with limits"
        dropped = _DROPPING & {item.text.lower() for item in self.items}
        ranked = "rank" in self.words or ("by" in self.words and previous.order is not None)
        listed = previous.intent in _LISTS and ranked
        if dropped and held and set(held) & {c.feature for c in previous.filter}:
            slots.features, slots.conditions = held, []  # "without the ones with balances"
        unfiltered = tuple(c for c in previous.filter if c.feature not in slots.features)
        if dropped and set(slots.features) & set(previous.features):
            kept_features = [f for f in previous.features if f not in slots.features]
            self.changes["features"] = tuple(kept_features)
        elif dropped and unfiltered != previous.filter:
            self.changes["filter"] = unfiltered
        elif listed and slots.features:
            self.changes |= {
                "features": tuple(slots.features),
                "order": slots.order or previous.order or "desc",
            }
            self.changes["statistic"] = None
        elif slots.features and not slots.conditions:
            self.intent = self.intent if self.intent in _OF_FEATURES else "feature_stat"
            added = previous.features if self.unites else ()
            self.changes["features"] = tuple(dict.fromkeys((*added, *slots.features)))
        statistic = slots.statistics[0] if slots.statistics else None
        if statistic == "count":
            if slots.conditions or previous.filter:
                self.intent, self.changes["statistic"] = "find_customers", "count"
            elif previous.segments and self.intent in _OF_A_SEGMENT and "segment" not in self.words:
                self.intent = "segment_size"
        elif statistic and statistic in _ENDS and self._ranks():
            self.changes["order"] = _ENDS[statistic]
        elif statistic and not slots.money:
            if "statistic" in uses(self.intent):
                self.changes["statistic"] = statistic
            elif previous.features and self.intent in ("distribution", "segment_size", "glossary"):
                self.intent, self.changes["statistic"] = "feature_stat", statistic
        if slots.money and self.intent == "segment_size":
            self.changes["features"] = ("PURCHASES",)
        elif slots.money and "statistic" in uses(self.intent):
            self.changes["statistic"] = "sum"
        amount = self._amount()
        if amount and len(previous.filter) == 1 and not slots.conditions:
            self.changes["filter"] = (replace(previous.filter[0], **amount),)
        if slots.conditions:
            if self.intent not in _FILTERED:
                self.intent = "find_customers"
                self.changes |= {"features": (), "order": None, "top": None}
                self.changes.setdefault("statistic", None)
            new = {condition.feature for condition in slots.conditions}
            kept = tuple(c for c in previous.filter if c.feature not in new)
            self.changes["filter"] = (*kept, *slots.conditions)

    def _ranks(self) -> bool:
        return self.intent == "rank_segments" and not self.slots.features

    def _amount(self) -> dict[str, Any]:
        """What an amount said of nothing changes in the condition before: "over 5k then"."""
        if len(self.slots.loose_bounds) != 1 or self.previous.filter[0:1] == ():
            return {}
        item = self.slots.loose_bounds[0]
        raised = _RAISED & self.words and item.text.lower().startswith("up to")
        if item.symbol == "<bound>" and raised and self.previous.filter[0].op != "between":
            return {"value": item.value[1]}  # "go up to 5k" of "over 4k"
        if item.symbol == "<bound>":
            return {"op": item.value[0], "value": item.value[1]}
        single = self.previous.filter[0].op != "between"
        return {"value": item.value} if single and isinstance(item.value, float) else {}

    def take_time(self) -> None:
        """A window turns a state into its trend; a moment asks for the state then."""
        when = self.when
        own = uses(self.intent)
        if "weekly" in self.words and "segments" in own and (when.since or when.as_of):
            self.intent, self.changes["as_of"] = "segment_trend", None
        was = bool({"was", "were"} & {i.text for i in self.items})
        if self.intent == "segment_trend" and was and self.slots.moments and not self.slots.since:
            self.intent = "feature_stat" if self.previous.features else "segment_size"
            self.changes["as_of"] = when.as_of or when.since
            return  # "what was it at the end of August?"
        if when.since and "since" not in own and "segments" not in own and "as_of" in own:
            self.changes["as_of"] = when.since
            return
        if (when.weeks and "weeks" not in own) or (when.since and "since" not in own):
            self.intent = "segment_trend"
            self.changes["as_of"] = None
        since = when.since or (when.as_of if self.intent in FLOWS else None)
        if when.weeks or since:
            self.changes |= {"weeks": when.weeks, "since": since}
        elif when.as_of or (self.slots.now and self.previous.as_of and self.changes):
            self.changes["as_of"] = when.as_of

    def take_shape(self) -> None:
        """Order, how many, and whether as a chart."""
        slots, own, previous = self.slots, uses(self.intent), self.previous
        only_top = slots.top is not None and not self.words & _ORDERS
        if slots.order and "order" in own and not only_top:
            self.changes["order"] = slots.order
        elif "top" in self.words and slots.features and "order" in own:
            self.changes["order"] = "desc"
        elif self.intent == "rank_segments" and self.words & (_TURNED | {"flip", "invert"}):
            self.changes["order"] = "asc" if previous.order == "desc" else "desc"
        top = slots.top if slots.top is not None else slots.place
        loose = [i.value for i in slots.loose_bounds if i.symbol == "<n>" and not i.unit]
        if len(loose) == 1 and previous.top and not previous.filter and not loose[0] % 1:
            top = int(loose[0])
        ends = [i.symbol for i in self.items if i.symbol != "the"]
        alone = any(one in _FIRST and two == "one" for one, two in pairwise(ends))
        if top is None and alone and self.intent == "rank_segments":
            top = 1
        if top is not None and "top" in own:
            self.changes["top"] = top
            if previous.statistic == "count" and self.intent == "find_customers":
                self._list_the_counted()
            if {"top", "by"} <= self.words and previous.order == "asc":
                self.changes["order"] = "desc"
        measured = {*slots.features, *(previous.features if not slots.features else ())}
        if measured and measured <= BURDENS and "worst" in {i.text for i in self.items}:
            self.changes["order"] = "desc"
        if "rank" in self.words and self.intent in ("feature_stat", "segment_size"):
            self.intent = "rank_segments"
            self.changes |= {"order": slots.order or "desc", "segments": ()}
        histogram = self.intent == "distribution" and "distribution" in self.words
        if slots.chart or histogram or self.words & _DRAWN:
            self.changes["chart"] = True
            self.intent = "segment_profile" if self.intent == "explain_segment" else self.intent

    def _list_the_counted(self) -> None:
        """Names the first of those counted: "show me the worst ten"."""
        self.changes["statistic"] = None
        if self.previous.filter and not self.slots.features:
            bound = self.previous.filter[0]
            self.changes["features"] = (bound.feature,)
            self.changes["order"] = "asc" if bound.op in ("<", "<=") else "desc"

    def query(self) -> Query:
        """The continued query, with the slots its intent uses."""
        ends = ("from_segment", "to_segment") if self.intent == "migration" else ()
        own = (*uses(self.intent), *ends)
        slots = {slot: getattr(self.previous, slot) for slot in own}
        changed = {s: v for s, v in self.changes.items() if s in slots or s == "chart"}
        return Query(self.intent, **(slots | changed))
