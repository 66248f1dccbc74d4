"""Whom a continued query is about: what a new message changes in that."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from analytics.model import Query
from bot.questions.followups.pointing import CUSTOMER_INTENTS
from bot.questions.followups.renumbered import SWAPS, number_meant
from bot.questions.intents.build import uses
from bot.questions.slots.filled import Slots
from bot.questions.slots.moments import When
from bot.questions.text.items import Items, symbol, symbols

DROPPING = frozenset("drop remove without leave lose ditch skip forget ignore scrap".split())
_MOVING = frozenset("go move come leave turn become switch".split())
_THOSE = frozenset("they them these those it that".split())
_TIMES = frozenset("week month day time year quarter summer along".split())
_EVERYONE = frozenset({"all", "every", "each", "everyone", "whole"})
_TOGETHER = frozenset(
    "segment_size segment_trend feature_stat find_customers export_audience breakdown "
    "distribution".split()
)
# "The whole distribution" and "each band" are not of everyone.
_QUALIFIED = {
    "whole": frozenset("base book portfolio customer segment bank company lot".split()),
    "each": frozenset({"", "segment", "customer", "of", "one", "?", ".", ","}),
}
TURNED = frozenset({"reverse", "opposite", "contrary", "inverse", "direction", "way", "versa"})
_SMALL = frozenset({"and", "?", ".", "again", ","})
_REMAINING = frozenset({"rest", "remaining", "remainder", "other"})
_COMPARING = frozenset(
    {"difference", "differ", "compare", "versus", "against", "relative", "opposed"}
)
_OFFERING = frozenset("offer pitch give sell suggest recommend propose promote send suit".split())
_SET_ASIDE = frozenset("leave leaving without except excluding exclude all apart ex minus".split())


def means_those(items: Items, at: int, slots: Slots) -> bool:
    """Whether "all" is of those spoken of, or of a time: "do they all owe", "every week"."""
    follows = symbol(items, at + 1)
    of_them = follows == "of" and symbol(items, at + 2) in _THOSE | {"<filter>"}
    owned = bool(slots.conditions) and (of_them or symbol(items, at - 1) in _THOSE)
    return owned or follows in _TIMES


class OfPeople:
    """The intent and the slots of a continued query that say whom it is about."""

    def __init__(self, items: Items, slots: Slots, when: When, previous: Query) -> None:
        self.items = items
        self.words = {item.symbol for item in items}
        whole = [n for n, i in enumerate(items) if i.symbol in ("all", "every")]
        if all(means_those(items, n, slots) for n in whole):
            self.words -= {"all", "every"}
        self.of_everyone = any(
            item.symbol in self.words & _EVERYONE
            and symbol(items, n + 1) in _QUALIFIED.get(item.symbol, {symbol(items, n + 1)})
            for n, item in enumerate(items)
        )
        leads = symbol(items, 0) in ("and", "also", "plus", "add")
        self.more = bool(self.words & {"too", "also", "plus"}) or {"as", "well"} <= self.words
        self.unites = bool(
            self.words & {"add", "include", "throw", "chuck", "alongside", "overlay"}
        ) or ("put" in self.words and bool(self.words & {"next", "beside"}))
        self.returns = {"back", "in"} <= self.words and bool({"put", "bring", "add"} & self.words)
        self.adds = (leads or self.more or self.unites) and not self.words & {"instead", "about"}
        self.slots, self.when, self.previous = slots, when, previous
        self.intent = previous.intent
        self.changes: dict[str, Any] = {}

    def take_people(self) -> None:
        """Segments, customers, the sides of a movement and whom an offer or a trait is for."""
        slots, previous = self.slots, self.previous
        if self.intent == "migration":
            self._take_movement()
        turned = self.words & (TURNED | {"end", "round"})
        if self.words & _REMAINING and previous.top and not turned:
            self.changes["top"] = None
        shared = "share" in slots.statistics and "each" not in self.words  # "of the whole"
        by_segment = any(
            one.symbol in ("per", "by", "across") and two.symbol == "segment"
            for one, two in pairwise(self.items)
        )
        each_of_them = len(previous.segments) > 1 and self._of_each()
        if each_of_them and slots.statistics == ["count"]:
            self.intent = "segment_size"
        elif self._means_each_customer():
            self.changes["statistic"] = "mean"  # "and each?" after a total
        elif (self.of_everyone or by_segment or self._asks_which()) and not (
            slots.segments or shared
        ):
            self.changes |= {"segments": (), "top": None}
        if slots.customers:
            asked = bool({"belong", "which"} & self.words) or slots.now
            asked = asked or ("where" in self.words and "was" not in {i.text for i in self.items})
            known = self.intent in CUSTOMER_INTENTS and not asked
            self.intent = self.intent if known else "customer_lookup"
            self.changes |= {"customer": slots.customers[0], "segments": ()}
        traits = (*slots.traits, *slots.unknown_traits)
        if traits:
            self.intent, self.changes["trait"] = "breakdown", traits[0]
        if slots.offers:
            self.intent, self.changes["offer"] = "recommend", slots.offers[0]
        elif previous.offer and "what" in self.words and self.words & _OFFERING:
            self.changes["offer"] = None  # "what would you pitch to segment 3 instead?"
        moving = slots.ends and previous.segments and self.words & _MOVING
        if moving and previous.intent != "migration" and len(previous.segments) == 1:
            self.intent = "migration"  # "only those that went to 5"
            self.changes |= {"from_segment": previous.segments[0], "to_segment": None}
        one = len(previous.segments) == 1 and self.intent != "compare_segments"
        against = self.words & {"compare", "against", "versus", "relative"}
        if one and slots.base and against and not (slots.segments or slots.features):
            self.intent = "compare_segments"  # "compared to the average"
        number = number_meant(self.items, slots, previous) if slots.segments else {}
        self.changes |= number
        if slots.segments and not number:
            self._take_segments()

    def _take_movement(self) -> None:
        """Where a movement starts and ends: turned round, of those who joined, or of everybody."""
        direction, previous = self.slots.direction, self.previous
        turned = self.words & (TURNED - ({"direction"} if "which" in self.words else set()))
        if turned or self.words - _SMALL == {"back"}:
            self.changes["from_segment"] = previous.to_segment
            self.changes["to_segment"] = previous.from_segment
        if direction and not self.slots.segments:
            ends = (previous.from_segment, previous.to_segment)
            spoken_of = next(filter(None, ends), None)
            joined = direction == "joined"
            self.changes["from_segment"] = None if joined else spoken_of
            self.changes["to_segment"] = spoken_of if joined else None
        if previous.term and direction:
            self.changes["term"] = direction
        all_of_them = bool(self.words & {"all", "every"}) and "segment" in self.words
        if all_of_them or self.words & {"matrix", "everyone", "everybody"}:
            self.changes |= {"from_segment": None, "to_segment": None}

    def _take_segments(self) -> None:
        slots, previous, named = self.slots, self.previous, tuple(self.slots.segments)
        if self.intent == "migration":
            ends = {f"{side}_segment": segment for segment, side in slots.ends.items()}
            only_to = previous.from_segment is None and previous.to_segment is not None
            if "from_segment" in ends and "from_segment" in self.changes:
                self.changes |= {"to_segment": self.changes["from_segment"]}
            narrows = bool(self.words & {"only", "just"}) and not ends and self._names_a_kind()
            once = {"were", "was", "previously", "formerly", "originally"}
            narrows = narrows or (only_to and bool(once & {i.text for i in self.items}))
            default = "to_segment" if only_to != narrows else "from_segment"
            self.changes |= ends or {default: named[0]}
            self.changes["term"] = None
            return
        texts = {item.text for item in self.items}
        if self._sets_aside() and set(previous.segments) - set(named):
            named = tuple(s for s in previous.segments if s in named) or named
        elif DROPPING & texts and set(named) < set(previous.segments):
            named = tuple(s for s in previous.segments if s not in named)
        swapped = SWAPS & self.words and len(named) == 2
        if swapped and (set(named) & set(previous.segments)):
            old, new = named if named[0] in previous.segments else named[::-1]
            named = tuple(new if s == old else s for s in previous.segments)
        elif self.returns and previous.segments:
            named = tuple(sorted({*previous.segments, *named}))
        elif previous.segments and (
            (self.unites and "segments" in uses(self.intent) and not self._sets_side_by_side())
            or (self._compares() and self._goes_on())
            or (self.more and self.intent in _TOGETHER and not self._sets_aside())
        ):
            named = tuple(dict.fromkeys((*previous.segments, *named)))
        elif self._compares() and len(previous.segments) == 1:
            self.intent = "compare_segments"
            named = tuple(dict.fromkeys((*previous.segments, *named)))
            if "difference" in self.words and not slots.features:  # "how do they differ from 4"
                self.changes |= {"features": (), "statistic": None}
        elif self.intent == "compare_segments" and len(named) == 1 and not previous.as_of:
            beside = symbol(self.items, 0) in ("with", "to", "against", "versus")
            kept = previous.segments
            if not self.adds and not (beside and len(kept) == 1):
                kept = kept[:-1]
            named = tuple(dict.fromkeys((*kept, *named)))
        elif self.intent == "rank_segments" and not (self._sets_aside() or self._ranks_some(named)):
            self.intent = "feature_stat" if previous.features else "segment_size"
        elif self.intent == "glossary" and previous.features and self._asks_its_value():
            self.intent = "feature_stat"  # "and what is it on average for the revolvers?"
            self.changes["features"] = previous.features
        elif "segments" not in uses(self.intent) or self.intent == "model_info":
            counted = {"count", "share"} & set(slots.statistics) and not slots.features
            self.intent = "segment_size" if counted else "segment_profile"
        self.changes["segments"] = named

    def _compares(self) -> bool:
        """Whether the segment is set beside the one before: "against 6", "next to 6"."""
        beside = any(
            one.symbol == "next" and two.symbol == "to" for one, two in pairwise(self.items)
        )
        return beside or "alongside" in self.words or bool(self.words & _COMPARING)

    def _sets_side_by_side(self) -> bool:
        """Whether what was told of one segment is to be compared: "put them next to 6"."""
        told = self.intent in ("segment_profile", "explain_segment")
        return told and len(self.previous.segments) == 1 and self._compares()

    def _means_each_customer(self) -> bool:
        """Whether what was summed is asked for one customer: "how much each?"."""
        summed = self.previous.intent == "feature_stat" and self.previous.statistic == "sum"
        one = len(self.previous.segments) == 1 or bool(self.previous.filter)
        each = self.words & _EVERYONE == {"each"} and "segment" not in self.words
        return summed and one and each and not self.slots.kinds()

    def _asks_its_value(self) -> bool:
        """Whether the measure just explained is asked of somebody: "what is it for segment 3?"."""
        return bool(self.slots.statistics) or bool({"it", "that"} & self.words)

    def _asks_which(self) -> bool:
        """Whether one of several is asked for after one alone: "which one is growing faster?"."""
        which = symbols(self.items, 0, 2) == ["which", "one"]
        return which and len(self.previous.segments) == 1

    def _of_each(self) -> bool:
        """Whether each of those spoken of is meant: "how many of each"."""
        return any(
            one.symbol in ("of", "in", "for") and two.symbol == "each"
            for one, two in pairwise((*self.items, self.items[-1]))
        ) and "segment" not in {i.symbol for i in self.items}

    def _goes_on(self) -> bool:
        """Whether a comparison would lose what was asked: a trait, or a time looked back over."""
        timed = self.previous.weeks or self.previous.since
        return self.intent == "breakdown" or bool(self.intent == "segment_trend" and timed)

    def _names_a_kind(self) -> bool:
        """Whether a segment is named by its customers and not by number: "just the buyers"."""
        return any(i.symbol == "<segment>" and not i.text[-1:].isdigit() for i in self.items)

    def _ranks_some(self, named: tuple[int, ...]) -> bool:
        """Whether several segments are ranked instead of several: "same again for 1 and 6"."""
        return len(named) > 1 and len(self.previous.segments) > 1

    def _sets_aside(self) -> bool:
        """Whether a segment was left out of what was asked before: "without segment 2"."""
        said = {word for item in self.items if item.symbol == "<segment>" for word in item.words}
        return said == {"<segments>"} and bool(
            _SET_ASIDE & {i.text.split()[0] for i in self.items if i.text}
        )
