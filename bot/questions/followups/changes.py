"""What a new message changes in the query before."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from analytics.model import Query
from bot.questions.books import phrase_book
from bot.questions.followups.changed_people import DROPPING, TURNED, OfPeople
from bot.questions.followups.pointing import CUSTOMER_INTENTS
from bot.questions.followups.renumbered import bounds_meant, swapped_in
from bot.questions.intents.build import uses
from bot.questions.slots.filled import LISTS
from bot.questions.slots.moments import FLOWS
from bot.questions.things.ranking import EXTREMES, PLACES

MEASURED = frozenset(
    "segment_trend compare_segments distribution explain_change feature_stat drift".split()
)
_OF_FEATURES = MEASURED | {"rank_segments", "glossary"}
_ORDERS = frozenset("biggest smallest highest lowest most less bottom higher lower".split())
_RANKED = frozenset({"feature_stat", "segment_size", "compare_segments"})
_OF_A_SEGMENT = frozenset({"segment_profile", "explain_segment", "recommend", "breakdown"})
_ENDS: Mapping[str | None, str] = {"min": "asc", "max": "desc"}
_OTHER_END: Mapping[str | None, str] = {"min": "max", "max": "min"}
_FIRST = frozenset("top biggest highest most smallest lowest bottom first best worst".split())
_OF_WHOM = frozenset({"segment", "who", "which", "whose", "customer"})


class Turn(OfPeople):
    """The intent and the changed slots of a continued query."""

    def take_measure(self) -> None:
        """Features, statistics and conditions."""
        slots, previous = self.slots, self.previous
        if previous.intent == "glossary":
            self._take_term()
        held = [c.feature for c in slots.conditions if (c.op, c.value) == (">", 0.0)]
        again = "same" in self.words or {"do", "that"} <= self.words
        if again and previous.intent in MEASURED and held:
            slots.features, slots.conditions = held, []  # "the same, but with limits"
        dropped = DROPPING & {word for i in self.items for word in i.text.split()[:1]}
        ranked = "rank" in self.words or slots.top is not None
        ranked = ranked or ("first" in self.words and slots.order is not None)
        ranked = ranked or ("by" in self.words and previous.order is not None)
        first = bool(slots.order) and bool(self.words & {"who", "which", "whose"})
        listed = previous.intent in LISTS and (ranked or first)
        none = [c.feature for c in slots.conditions if (c.op, c.value) == ("=", 0.0)]
        if dropped and none and set(none) <= set(previous.features):
            slots.features, slots.conditions = none, []  # "without limit" of two measures
        if swapped := swapped_in(self.words, slots, previous):
            self.changes["filter"], slots.features = swapped, []
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
        elif slots.features and self.intent in CUSTOMER_INTENTS and not slots.segments:
            self.intent = "customer_lookup"  # "what is her balance?"
            self.changes["customer"] = slots.customers[0] if slots.customers else previous.customer
        elif slots.features and not slots.conditions:
            self.intent = self.intent if self.intent in _OF_FEATURES else "feature_stat"
            added = previous.features if self.unites or self._sets_beside() else ()
            self.changes["features"] = tuple(dict.fromkeys((*added, *slots.features)))
        statistic = slots.statistics[0] if slots.statistics else None
        shared = previous.intent == "feature_stat" and previous.statistic == "share"
        if statistic == "count":
            near = previous.intent == "find_customers" and previous.term and not slots.segments
            split = slots.traits or slots.unknown_traits
            if slots.conditions or (not split and (previous.filter or near)):
                self.intent, self.changes["statistic"] = "find_customers", "count"
            elif split:
                pass  # "how many in the North" is in the breakdown
            elif previous.segments and self.intent in _OF_A_SEGMENT and "segment" not in self.words:
                self.intent = "segment_size"
        elif not statistic and previous.statistic in _OTHER_END and self._wants_other_end():
            self.changes["statistic"] = _OTHER_END[previous.statistic]
            slots.order = None
        elif not statistic and self._wants_extreme():
            self.intent = "feature_stat"
            self.changes["statistic"] = "max" if slots.order == "desc" else "min"
            slots.order = None
        elif statistic in _ENDS and self.intent == "rank_segments" and not slots.features:
            self.changes["order"] = _ENDS[statistic]
        elif statistic and self.intent == "find_customers" and statistic != "share":
            if statistic != "sum":  # "3 and 6 combined" are counted together
                self.intent, self.changes["statistic"] = "feature_stat", statistic
        elif statistic and not slots.money:
            if "statistic" in uses(self.intent):
                self.changes["statistic"] = statistic
            elif previous.features and self.intent in ("distribution", "segment_size", "glossary"):
                self.intent, self.changes["statistic"] = "feature_stat", statistic
        if slots.money and self.intent == "segment_size":
            self.changes["features"] = ("PURCHASES",)
        elif (
            slots.money and "statistic" in uses(self.intent) and (not previous.statistic or shared)
        ):
            self.changes["statistic"] = "sum"
        bounds = bounds_meant(slots, previous, adds=self.adds)
        if bounds and not slots.conditions:
            self.changes["filter"] = bounds
            if not previous.filter:
                self.changes["features"] = ()  # what to list is now said by the bound
        if slots.conditions:
            if "filter" not in uses(self.intent):
                self.intent = "find_customers"
                self.changes |= {"features": (), "order": None, "top": None}
                self.changes.setdefault("statistic", None)
            new = {condition.feature for condition in slots.conditions}
            kept = tuple(c for c in previous.filter if c.feature not in new)
            self.changes["filter"] = (*kept, *slots.conditions)

    def _sets_beside(self) -> bool:
        """Whether another measure is compared besides: "can we also have utilisation"."""
        more = self.more or {"on", "top", "of"} <= self.words
        more = more or ("put" in self.words and bool({"in", "beside"} & self.words))
        return more and self.intent == "compare_segments" and "instead" not in self.words

    def _wants_other_end(self) -> bool:
        """Whether the largest is asked for after the smallest, or the other way about."""
        if self.intent != "feature_stat" or "segment" in self.words:
            return False
        towards = "max" if self.slots.order == "desc" else "min"
        asked = bool(self.slots.order) and towards != self.previous.statistic
        return asked or self._turns_round()

    def _wants_extreme(self) -> bool:
        """Whether the end of a measure of one segment is asked for: "and the very highest?"."""
        previous, slots = self.previous, self.slots
        measured = previous.intent in ("feature_stat", "distribution") and previous.features
        about = measured and len(previous.segments) == 1 and previous.statistic != "share"
        ends = bool(self.words & EXTREMES.keys()) and bool(slots.order)
        named = slots.kinds() > 1 or slots.top or self.words & _OF_WHOM
        return bool(about and ends and not named)

    def _turns_round(self) -> bool:
        other_end = "end" in self.words and bool(self.words & {"other", "opposite", "far"})
        return other_end or bool(self.words & (TURNED | {"flip", "invert"}))

    def _take_term(self) -> None:
        """Another word to explain: "and a transactor?", "and utilisation?"."""
        terms = phrase_book("aliases")["terms"]
        said = [i.text for i in self.items if i.symbol == "<segment>"]
        if self.slots.features:
            self.changes["term"] = None
        elif len(said) == 1 and said[0] in terms:
            self.intent = "glossary"
            self.changes |= {"term": said[0], "features": (), "segments": ()}

    def take_time(self) -> None:
        """A window turns a state into its trend; a moment asks for the state then."""
        when = self.when
        own = uses(self.intent)
        if "weekly" in self.words and "segments" in own and (when.since or when.as_of):
            self.intent, self.changes["as_of"] = "segment_trend", None
        before = [m for m in self.slots.moments if m.kind == "previous"]
        told = self.previous.since or self.previous.weeks or self.slots.since
        if self.intent in ("drift", "migration") and before and not told:
            self.changes["as_of"] = when.since or when.as_of
            return  # "and the week before?"
        if self.intent == "customer_history" and self._asks_of_now():
            self.intent = "customer_lookup"
            return
        was = bool({"was", "were"} & {i.text for i in self.items})
        if self.intent == "segment_trend" and was and self.slots.moments and not self.slots.since:
            self.intent = "feature_stat" if self.previous.features else "segment_size"
            self.changes["as_of"] = when.as_of or when.since
            return  # "what was it at the end of August?"
        if self.intent == "segment_trend" and self._asks_how_it_stands():
            self.intent = "feature_stat" if self.previous.features else "segment_size"
            return  # "how many is it now?"
        if when.since and "since" not in own and "segments" not in own and "as_of" in own:
            self.changes["as_of"] = when.since
            return
        if (when.weeks and "weeks" not in own) or (when.since and "since" not in own):
            self.intent = "segment_trend"
            self.changes["as_of"] = None
        since = when.since or (when.as_of if self.intent in FLOWS else None)
        if "weeks" in self.changes:
            return  # "eight weeks is too much, four will do"
        if when.weeks or since:
            self.changes |= {"weeks": when.weeks, "since": since}
            if self.slots.since and self.slots.moments:
                self.changes["as_of"] = when.as_of
        elif when.as_of or (self.previous.as_of and self._is_of_now()):
            self.changes["as_of"] = when.as_of

    def _is_of_now(self) -> bool:
        """Whether the newest fit is asked for; "now the same for the VIPs" only goes on."""
        goes_on = any(i.symbol == "<now>" for i in self.items[:2]) and bool(self.slots)
        named = bool(self.slots.moments) or (self.slots.now and bool(self.changes))
        return named and not (goes_on and not self.slots.moments)

    def _asks_how_it_stands(self) -> bool:
        slots = self.slots
        asked = bool({"what", "where"} & self.words) or "count" in slots.statistics
        asked = asked or bool({"figure", "value", "number", "level", "read"} & self.words)
        timed = slots.since or slots.weeks or slots.moments or slots.span
        return slots.now and asked and not (timed or self.words & {"about", "if", "instead"})

    def _asks_of_now(self) -> bool:
        """Whether it is asked where a customer is now: "what segment is it in now"."""
        asked = {"where", "belong"} & self.words or {"which", "segment"} <= self.words
        asked = asked or {"what", "segment"} <= self.words
        asked = asked or {"what", "in"} <= self.words or {"which", "one"} <= self.words
        return bool(asked) and self.slots.now and not (self.slots.since or self.slots.moments)

    def take_shape(self) -> None:
        """Order, how many, and whether as a chart."""
        slots, own, previous = self.slots, uses(self.intent), self.previous
        only_top = slots.top is not None and not self.words & _ORDERS
        if slots.order and "order" in own and not only_top:
            self.changes["order"] = slots.order
            self._sort_by_the_bound()
        elif "top" in self.words and slots.features and "order" in own:
            self.changes["order"] = "desc"
        elif (self.intent == "rank_segments" or previous.order) and self._turns_round():
            self.changes["order"] = "asc" if previous.order == "desc" else "desc"
        several = previous.top is not None and previous.top > 1
        if only_top and several and "top" in self.words and self.intent == "rank_segments":
            self.changes["order"] = "desc"  # "bottom two", "top three then"
        top = slots.top if slots.top is not None else slots.place
        if self.intent == "rank_segments" and slots.order and {"which", "is"} <= self.words:
            top = top or 1  # "and which is lowest?"
        loose = [i.value for i in slots.loose_bounds if i.symbol == "<n>" and not i.unit]
        if len(loose) == 1 and previous.top and not previous.filter and not loose[0] % 1:
            top = int(loose[0])
        ends = [i.symbol for i in self.items if i.symbol != "the"]
        alone = any(one in _FIRST and two == "one" for one, two in pairwise(ends))
        ranked = self.intent == "rank_segments" and previous.top is not None
        if top is None and ranked and self.words & PLACES.keys() and not slots.kinds():
            top = next(place for word, place in PLACES.items() if word in self.words)
        if top is None and alone and self.intent in ("rank_segments", "explain_segment"):
            top = 1
        if top is not None and "top" in own:
            self.changes["top"] = top
            if previous.statistic == "count" and self.intent == "find_customers":
                self._list_the_counted()
            if {"top", "by"} <= self.words and previous.order == "asc":
                self.changes["order"] = "desc"
        if "rank" in self.words and self.intent in ("feature_stat", "segment_size"):
            self.changes["segments"] = ()
        if "rank" in self.words and self.intent in _RANKED:
            self.intent = "rank_segments"
            self.changes["order"] = slots.order or "desc"
        whole = {"full", "complete", "whole", "entire"} & self.words
        if whole and self.intent == "rank_segments" and not (slots.top or slots.statistics):
            self.changes["top"] = None
        spread = self.intent == "feature_stat" and "distribution" in self.words
        if spread and not slots.statistics:
            self.intent = "distribution"  # "how is that spread within 2?"
        histogram = not spread and self.intent == "distribution" and "distribution" in self.words
        pictured = "picture" in self.words and "same" not in self.words
        if slots.chart or histogram or pictured:
            self.changes["chart"] = True
            self.intent = "segment_profile" if self.intent == "explain_segment" else self.intent

    def _sort_by_the_bound(self) -> None:
        """ "Biggest first" of those over 2,000 is by what the amount is of."""
        sorted_ = self.previous.features or self.changes.get("features")
        bounds = [c for c in self.previous.filter if c.value != 0.0]
        if self.intent in LISTS and not sorted_ and len(bounds) == 1:
            self.changes["features"] = (bounds[0].feature,)

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
        ends_of = (self.previous.from_segment, self.previous.to_segment)
        if slots.get("segments") == ():  # "how much do they spend" of those who moved
            slots["segments"] = tuple(s for s in ends_of if s is not None)
        if self.intent == "feature_stat" and slots["statistic"] == "count":
            slots["statistic"] = None
        changed = {s: v for s, v in self.changes.items() if s in slots or s == "chart"}
        if self.intent == "rank_segments" and not (slots["order"] or changed.get("order")):
            slots |= {"order": "desc", "top": 1}  # "which is the best?" - "by spend"
        return Query(self.intent, **(slots | changed))
