"""The slots of one question."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from analytics.catalogue import normalise
from analytics.model import Condition, Feature, Query
from bot.questions.text.items import Item
from bot.questions.things.lexicon import Lexicon
from bot.questions.times.calendar import Time

LISTS = frozenset({"find_customers", "export_audience"})  # these name customers
FILTERED = LISTS | {"feature_stat"}  # these tell of the customers that meet conditions


@dataclass
class Slots:
    """What a question names; times are resolved to stored snapshots when asked for."""

    segments: list[int] = field(default_factory=list)
    named: str = ""  # the first segment as it is named
    halves: tuple[str, ...] = ()  # features of a ratio some condition is on
    superlative: str | None = None  # "max" or "min", of whatever
    unclear: list[tuple[int, ...]] = field(default_factory=list)
    features: list[str] = field(default_factory=list)
    statistics: list[str] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    customers: list[str] = field(default_factory=list)
    traits: list[str] = field(default_factory=list)
    unknown_traits: list[str] = field(default_factory=list)
    valued: bool = False
    offers: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    ends: dict[int, str] = field(default_factory=dict)
    order: Literal["asc", "desc"] | None = None
    top: int | None = None
    weeks: int | None = None
    moments: list[Time] = field(default_factory=list)
    since: Time | None = None
    contrast: bool = False
    span: Time | None = None
    start: Time | None = None
    now: bool = False
    chart: bool = False
    everything: bool = False
    base: bool = False
    worth: bool = False
    best: bool = False
    money: bool = False
    ratio: bool = False
    why: bool = False
    people: bool = False
    place: int | None = None
    where: str | None = None
    direction: str | None = None
    extreme: str | None = None
    readings: dict[str, str] = field(default_factory=dict)
    loose_bounds: list[Item] = field(default_factory=list)
    loose_numbers: list[Item] = field(default_factory=list)

    def __bool__(self) -> bool:
        names = (n for n in self.__dataclass_fields__ if n not in _NO_NAMES)
        return any(bool(getattr(self, name)) for name in names)

    @property
    def about_us(self) -> bool:
        """Whether a segment, customer, feature, trait, offer or term is named."""
        ours = (self.segments, self.unclear, self.features, self.conditions, self.customers)
        return any(ours) or any((self.traits, self.offers, self.terms))

    def has(self, need: str) -> bool:
        """Whether something an intent needs is named."""
        return bool(
            {
                "segments": self.segments or self.unclear,
                "features": self.features,
                "customer": self.customers,
                "filter": self.conditions,
                "offer": self.offers,
                "term": self.terms,
            }.get(need, True)
        )

    def kinds(self) -> int:
        """How many kinds of things are named."""
        numbers = (self.statistics, self.order, self.top)
        times = (self.weeks, self.moments, self.since, self.span)
        named = (
            self.segments or self.unclear, self.features, self.conditions, self.customers,
            self.traits, self.offers, self.terms, any(numbers), any(times),
        )  # fmt: skip
        return sum(map(bool, named))

    def unused(self, query: Query) -> int:
        """How many things the question names and a query does without, the telling ones twice."""
        times = bool(self.weeks or self.moments or self.since)
        return sum(
            (
                3 * (bool(self.conditions) and not query.filter),
                3 * (bool(self.customers) and not query.customer),
                3 * (bool(self.traits) and not query.trait and not self._asks_no_trait(query)),
                3 * (bool(self.unknown_traits) and self.valued and bool(query.trait)),
                4 * (len(set(self.moments)) > 1),
                3 * (bool(self.since and self.moments) and not query.since),
                3 * (self.contrast and query.intent not in _BETWEEN),
                3 * (bool(self.segments) and not _of_segments(query)),
                3 * (self.worth and query.intent not in _OF_WORTH),
                3 * (len(self.customers) > 1),
                4 * (query.intent == "feature_stat" and self._sorts()),
                4 * (self.people and query.intent == "feature_stat" and not query.filter),
                3 * (self.why and query.intent not in _GIVING_REASONS),
                4 * (self.ratio and query.intent != "glossary"),
                3 * (_ranks_one(query, self.segments) and bool(self.statistics)),
                3
                * (bool(query.filter) and bool(_LEVELS & set(self.statistics) - {query.statistic})),
                (1 + 2 * (self.valued or query.intent == "breakdown"))
                * (bool(self.features) and not (query.features or query.offer or query.name)),
                bool(self.offers) and not query.offer,
                3 * (bool(_LEVELS & set(self.statistics)) and _of_sizes(query)),
                # What a customer did in a week is not stored, only the sums of the latest file.
                3 * (bool(self.weeks) and query.intent == "customer_lookup"),
                4 * (bool(self.span) and bool(query.filter) and query.intent in LISTS),
                (1 + 3 * (bool(self.since or self.weeks) and bool(query.filter)))
                * (times and not (query.weeks or query.as_of or query.since)),
                4 * (bool(self.loose_bounds) and query.intent not in ("schedule", "model_info")),
                4 * (bool(self._unclaimed(query)) and query.intent not in _NUMBERED),
            )
        )

    def _sorts(self) -> bool:
        """Whether all segments are to be put in order: "by segment, descending"."""
        extreme = self.superlative or {"min", "max"} & set(self.statistics)
        return bool(self.order) and not (extreme or self.segments)

    def _asks_no_trait(self, query: Query) -> bool:
        """Whether a trait is only a word for something else: a Slack channel."""
        return query.intent == "model_info" or (query.intent in _POSTED and not self.valued)

    def _unclaimed(self, query: Query) -> list[Item]:
        """Numbers that are not just a change somebody claims: "why are the VIPs down 6 %"."""
        claimed = query.intent == "explain_change"
        return [one for one in self.loose_numbers if not (claimed and one.unit == "%")]

    def notes(self, query: Query, lexicon: Lexicon) -> tuple[str, ...]:
        """How words that are no name or label of a feature were read."""
        return tuple(
            f"'{said}' read as {lexicon.features[name].label}"
            for name, said in self.readings.items()
            if name in query.features and not _is_named(said, lexicon.features[name])
        )

    def put(self, item: Item) -> None:
        """Notes what an item names."""
        match item.symbol:
            case "<segment>":
                self.named = self.named or item.text
                self.segments += [s for s in item.value if s not in self.segments]
            case "<segment?>":
                self.unclear.append(item.value)
            case "<feature>":
                _add(self.features, item.value)
                self.readings.setdefault(item.value, item.text)
            case "<stat>":
                _add(self.statistics, item.value)
            case "<filter>":
                more = [c for c in self.conditions if not any(_puts(n, c) for n in item.value)]
                self.conditions = _agreeing([*more, *item.value])
            case "<customer>":
                _add(self.customers, item.value)
            case "<trait>":
                _add(self.traits, item.value)
            case "<value>":  # says more than the name of a trait: "mobile app" of a channel
                self.traits = [item.value, *(t for t in self.traits if t != item.value)]
                self.valued = True
            case "<money>":
                self.money = True
            case "<worth>":
                self.worth = True
            case "<trait?>":
                _add(self.unknown_traits, item.value)
            case "<offer>":
                _add(self.offers, item.value)
            case "<term>":
                _add(self.terms, item.value)
            case "<channel>":
                _add(self.channels, item.value)
            case "<top>":
                self.top = item.value
            case "<window>":
                self.weeks = item.value
            case "<when>":
                self.moments.append(item.value)
            case "<between>":
                self.since = item.value[0]
                self.moments.append(item.value[1])
            case "<since>" if isinstance(item.value, tuple):
                self.since = item.value[0]
                self.moments += item.value[1:]
                self.contrast = True
            case "<since>":
                self.since = item.value
            case "<span>":
                self.span = item.value
            case "<this>":
                self.start = item.value
            case "<now>":
                self.now = True
            case "<n>" if item.unit in ("", "%") and item.value < 100:
                self.loose_numbers += [item] * item.text[:1].isdigit()
            case "<bound>" | "<n>" | "<percentile>":
                self.loose_bounds.append(item)


# Of "segments whose average balance is above 3k": no customer has an average.
_LEVELS = frozenset({"mean", "median", "p10", "p25", "p75", "p90"})
_NO_NAMES = frozenset(
    "everything extreme why people valued direction loose_numbers named halves superlative".split()
)
# These may speak of a number no slot takes: of segments, of a control group, of a percent off.
_NUMBERED = frozenset("schedule model_info export_audience recommend sql smalltalk help".split())
_POSTED = frozenset({"schedule", "digest", "help", "smalltalk"})  # in a channel of Slack
# What can hold two moments against each other; movements cannot.
_BETWEEN = frozenset({"segment_trend", "drift", "explain_change"})
_GIVING_REASONS = frozenset(
    "explain_change explain_segment explain_customer model_info recommend glossary help smalltalk "
    "sql drift customer_lookup customer_history refit_now schedule".split()
)
_OF_WORTH = frozenset({"rank_segments", "feature_stat", "model_info", "glossary"})


def _puts(said: Condition, before: Condition) -> bool:
    """Whether a condition puts one before it more exactly: "nearly maxed out, say over 95%"."""
    same = said.feature == before.feature and said.op[0] == before.op[0]
    return same and said.op in ("<", "<=", ">", ">=")


def _agreeing(conditions: list[Condition]) -> list[Condition]:
    """The conditions without "some" of what there is to be none of: "never drawn any cash"."""
    none = {c.feature for c in conditions if (c.op, c.value) == ("=", 0)}
    return [c for c in conditions if c.feature not in none or (c.op, c.value) != (">", 0)]


def _of_segments(query: Query) -> bool:
    """Whether a query is about the segments named, or may leave them out."""
    if query.intent in ("rank_segments", "schedule"):
        return True
    ends = (query.from_segment, query.to_segment)
    return bool(query.segments or query.customer or query.name) or any(s is not None for s in ends)


def _ranks_one(query: Query, segments: list[int]) -> bool:
    """Whether a ranking by size leaves out the one segment named: "the highest share of VIPs"."""
    return query.intent == "rank_segments" and len(segments) == 1 and not query.features


def _of_sizes(query: Query) -> bool:
    """Whether a query follows how many customers there are, not how much of anything."""
    return query.intent == "segment_trend" and not query.features


def _is_named(said: str, feature: Feature) -> bool:
    """Whether a wording is a name of the feature but for case, plural and small marks."""
    names = (feature.name, feature.label, *feature.synonyms)
    return not normalise(said) or any(_singular(said) == _singular(name) for name in names)


def _singular(name: str) -> str:
    return normalise(name).removesuffix("s")


def _add(known: list[Any], value: Any) -> None:
    if value not in known:
        known.append(value)
