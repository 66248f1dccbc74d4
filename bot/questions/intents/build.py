"""From an intent and the slots of a question to a query."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from analytics.model import Query
from bot.questions.books import phrase_book
from bot.questions.slots.filled import LISTS, Slots
from bot.questions.slots.moments import When
from bot.questions.text.statements import VIEWS
from bot.questions.things.ranking import ASCENDING, DESCENDING
from bot.questions.things.renames import new_name

_BORDERLINE = re.compile(
    r"\bborder[- ]?lin\w*|\bin[ -]?between\b|"
    r"\b(?:on|at|in) the (?:edge|border|fence|boundary|frontier)\b|"
    r"\b(?:on|at) the (?:cusp|borderland)\b|\bstraddl\w*|\bborders? (?:of|between)\b|"
    r"\b(?:near|by|on|along|at|to) the (?:border|edge|boundary|borderline)\b|"
    r"\b(?:sit|sits|sitting|right|caught|stuck|lie|lies|fall|falls|hover\w*|waver\w*) between\b|"
    r"\bcould be either\b|\b(?:torn|half ?way|somewhere) between\b|"
    r"\b(?:could|might) (?:just |equally |very )?(?:as )?(?:well|easily) "
    r"(?:be|belong|sit|fit|go)\b|"
    r"\b(?:close|about|near) to (?:switch|mov|cross|chang|leav|becom)\w*",
    re.I,
)
# "Need a number before 2pm: ...", "volume check - ..."
_CHECKED = (
    r"(?: (?:check|please|pls|only|now|asap)| (?:of|for|before|by|in)\b[^:,-]{0,30})*\W*?[:,-] "
)
_SIZED = r"\b(?<!account )(?<!card )(?<!phone )(?:numbers?|count|qty|quantity|tally|volume|size)\b"
_HOW_MANY = re.compile(
    r"\bhow (?:many|large|big|sizeable|sizable)\b|\bhead ?count\b|"
    r"\bnumber of (?:people|customers|accounts|cards)\b|"
    r"[:,] *(?:number|count)\W*$|"
    rf"{_SIZED}{_CHECKED}|"
    r"^(?:qty|quantity|count)\b|"
    r"\b(?:most|majority|bulk|half|few|hardly any\w*) (?:of|in)\b|"
    r"^(?:is|are|do|does|did|has|have)\b.*\b(?:all|every|everyone|everybody) (?:of|in)\b",
    re.I,
)
_PERSON = r"(?:customer|client|person|account|cardholder|user|member|individual)\b(?!s)"
_ONE_PERSON = re.compile(
    rf"\b(?:the|which|what) {_PERSON} (?:with|who|that|has|having)\b"
    rf"|\b(?:biggest|largest|highest|smallest|lowest|top) {_PERSON}",
    re.I,
)
# "Which segment spends the most of all", "amongst all six, which one"
_ALTOGETHER = re.compile(
    r"\b(?:of|among|amongst|between|across|from|over|looking at)"
    r"(?: (?:all|the|our|these|of|six|6))*"
    r" (?:segments|segs|groups|clusters|tiers|audiences|cohorts|all|six|6)\b"
    r"|\ball (?:told|in all)\b"
)
_HIGH, _LOW = "highest|biggest|largest|best|most|top", "lowest|smallest|least|worst|bottom|fewest"
_BOTH_ENDS = re.compile(
    rf"\b(?:{_HIGH})(?: \w+)? (?:and|&|or|plus) (?:the |our )?(?:{_LOW})\b"
    rf"|\b(?:{_LOW})(?: \w+)? (?:and|&|or|plus) (?:the |our )?(?:{_HIGH})\b"
)
# What is to be done about the digest.
_ACTIONS = {
    "unsubscribe": (
        r"unsubscribe|stop (?:send|post)|\b(?:kill|cancel|end|discontinue)\b|opt (?:me )?out|"
        r"turn off|mute|snooze|no more|"
        r"\b(?:take|remove|drop|get|kick)\b.* (?:off|from)\b|no longer"
    ),
    "subscribe": r"subscribe|sign (?:me|us) up|(?:add|put|sub|get) .*#|turn on",
    "alert": (
        r"alert|notify|ping me|warn me|let me know|tell me (?:when|if)|remind me|"
        r"\b(?:me|us)\b.* (?:if|when|whenever|once)\b"
    ),
    "move": (
        r"\bmove\b|change .*(?:schedule|day|time|to)|reschedule|instead|(?:shift|set) .* to|"
        r"digest (?:at|on|to) "
    ),
}
# What of the model is asked about, if not how it came about.
_ASPECTS = {
    "silhouette": r"silhouette",
    "freshness": (
        r"\b(?:fresh\w*|up to date|how (?:old|recent|current)|data age|age of the data|"
        r"last (?:updated?|loaded|load)|date of the data|from when|as of when)\b"
    ),
    "inputs": (
        r"\b(?:age|gender|sex|race|ethnicity|religion|ecoa|reg b|legal|fairness|is it fair|"
        r"fair lending|unfair|bias\w*|discriminat\w*|compliance|protected)\b"
    ),
    "stability": (
        r"\b(?:stab\w+|trust\w*|legit|confident|solid|valid|reshuffl\w+|reliab\w+|robust)\b"
    ),
}


def uses(intent: str) -> tuple[str, ...]:
    """The slots an intent uses."""
    return tuple(phrase_book("intents")["intents"].get(intent, {}).get("slots", ()))


def used_words(query: Query) -> frozenset[str]:
    """Words a query has made use of: of its order, its chart, its new name."""
    words = set((query.name or "").lower().split())
    if query.chart:
        words |= {"chart", "sankey", "picture"}
    if query.order or query.statistic in ("min", "max"):
        words |= ASCENDING | DESCENDING
    return frozenset(words)


def query_of(intent: str, slots: Slots, when: When, text: str) -> Query:
    """The query with the slots the intent uses, and no others."""
    given: dict[str, Any] = {}
    for slot in uses(intent):
        value = _value(slot, intent, slots, when, text)
        if value is not None and value != () and value is not False:
            given[slot] = value
    if intent == "migration" and slots.segments:
        given |= {"term": None} | _ends(slots, text)
    return Query(intent, **given)


def _value(slot: str, intent: str, slots: Slots, when: When, text: str) -> Any:
    match slot:
        case "segments":
            if intent == "rank_segments" and len(slots.segments) == 1:
                return ()
            if intent == "explain_customer" and "to" in slots.ends.values():
                return tuple(s for s in slots.segments if slots.ends.get(s) == "to")
            return tuple(slots.segments[:1] if intent == "rename_segment" else slots.segments)
        case "features":
            if intent == "segment_size":
                return ("PURCHASES",) if slots.money else tuple(slots.features[:1])
            if intent == "rank_segments" and not slots.features:
                return tuple(dict.fromkeys(c.feature for c in slots.conditions))
            listed = intent in LISTS and not (slots.order or slots.top)
            if listed and intent == "export_audience":
                return ()
            halves = slots.halves if listed else ()  # "those with a balance over the limit"
            names = tuple(name for name in slots.features if name not in halves)
            return _defined(names, slots, text) if intent == "glossary" else names
        case "filter":
            return tuple(slots.conditions)
        case "statistic":
            return _statistic(intent, slots, text)
        case "order":
            return _order(intent, slots)
        case "top":
            return _top(intent, slots, text)
        case "as_of" if intent == "compare_segments" and len(slots.segments) == 1:
            return when.as_of or when.since
        case "as_of" if intent == "export_audience" and _is_wanted_by(slots):
            return None
        case "weeks" | "since" | "as_of":
            return getattr(when, slot)
        case "customer":
            return slots.customers[0] if slots.customers else None
        case "trait":
            return next(iter((*slots.traits, *slots.unknown_traits)), slots.where)
        case "offer":
            return slots.offers[0] if slots.offers else None
        case "term":
            if intent == "schedule":
                return _told(text, _ACTIONS)
            if intent == "model_info":
                return _told(text, _ASPECTS)
            if intent == "migration":
                return slots.direction
            if intent == "find_customers":
                return "borderline" if _BORDERLINE.search(text) else None
            return slots.terms[-1] if slots.terms and not slots.features else None
        case "name":
            return new_name(text, slots.named)
        case "chart":
            return slots.chart
        case "sql":
            return _schema_sql(text)
    return None


def _is_wanted_by(slots: Slots) -> bool:
    """Whether a day only says when a file is needed: "for the Thursday send"."""
    return all(moment.kind == "weekday" for moment in slots.moments)


def _defined(names: tuple[str, ...], slots: Slots, text: str) -> tuple[str, ...]:
    """What is to be defined, without what it is guessed to be: "minimum payments, is that what was
    due or what they paid".
    """
    asked, _, guessed = text.lower().partition(",")
    said = tuple(name for name in names if slots.readings.get(name, "") in asked)
    return said if said and re.search(r"\bor\b|^ *(?:is|are|does|do)\b", guessed) else names


def _statistic(intent: str, slots: Slots, text: str) -> str | None:
    known = [s for s in slots.statistics if not (s == "count" and intent != "find_customers")]
    if intent == "compare_segments" and not slots.features:
        return None
    if intent == "feature_stat" and not known:
        return slots.extreme or (slots.superlative if len(slots.segments) == 1 else None)
    if intent == "segment_trend" and not slots.features:
        return None
    if intent == "rank_segments":
        known = [s for s in known if s not in ("min", "max", "count")]
    if intent == "find_customers":
        known = [s for s in known if s == "count" or (s == "share" and slots.conditions)]
    if intent == "find_customers" and not known and slots.conditions and _HOW_MANY.search(text):
        return "count"
    return known[0] if known else None


def _order(intent: str, slots: Slots) -> str | None:
    if intent == "rank_segments":
        return slots.order or "desc"
    if intent in LISTS:
        ranked = (slots.features or slots.top) and not slots.customers
        return slots.order if ranked else None
    return slots.order if intent == "migration" else None


def _top(intent: str, slots: Slots, text: str) -> int | None:
    if slots.top is not None:
        return slots.top
    if intent == "find_customers" and slots.order and slots.features and _ONE_PERSON.search(text):
        return 1
    if intent != "rank_segments":
        return None
    lowered = _ALTOGETHER.sub("", text.lower())
    if _BOTH_ENDS.search(lowered):
        return None  # "highest and lowest segment by limit": the whole ranking has both
    if slots.segments and re.search(r"\bthan\b", lowered):
        return None  # "which segment is bigger than segment 3": those above it in the ranking
    if slots.place:
        return slots.place
    if re.search(r"\bone (?:segment|group|cluster|seg)\b", lowered):
        return 1
    if re.search(
        r"\bwhich (?:one )?of\b|^\W*(?:(?:out )?of|from|among)\b.*\bwhich (?:has|is|one)\b", lowered
    ):
        return 1
    if re.search(
        r"\b(?:rank|ranking|order|sort|list|segments|segs|clusters|groups|all|each)\b", lowered
    ):
        return None
    return 1 if slots.order or re.search(r"\b(?:which|what|who)\b", lowered) else None


def _ends(slots: Slots, text: str) -> dict[str, int]:
    """From and to of a migration, from the words beside the segments in ``text``."""
    named = reversed(slots.segments)
    ends = {f"{slots.ends[s]}_segment": s for s in named if s in slots.ends}
    if not ends and len(slots.segments) == 2:
        return {"from_segment": slots.segments[0], "to_segment": slots.segments[1]}
    if len(ends) == 1 and len(slots.segments) == 2:
        other = "to_segment" if "from_segment" in ends else "from_segment"
        ends[other] = next(s for s in slots.segments if s not in ends.values())
    if not ends:
        lowered = text.lower()
        gains: object = re.search(
            r"\b(?:from (?:where|which)|join|joined|joining|gain\w*|new|enter\w*|came|come"
            r"|inflow\w*|arriv\w*|attract\w*|feed\w*)\b",
            lowered,
        )
        gains = gains or slots.direction == "joined"
        return {"to_segment" if gains else "from_segment": slots.segments[0]}
    return ends


def _told(text: str, forms: Mapping[str, str]) -> str | None:
    """The first whose words stand in a text."""
    return next((one for one, words in forms.items() if re.search(words, text, re.I)), None)


def _schema_sql(text: str) -> str | None:
    view = next((v for v in re.findall(r"\w+_\w+", text.lower()) if v in VIEWS), None)
    if view:
        return f"describe {view}"
    if re.search(r"\b(?:tables?|views?|schema)\b", text, re.IGNORECASE):
        return "show tables"
    if re.search(r"column|field", text, re.IGNORECASE):
        return "select column_name, label, unit, description from feature_catalogue"
    return None if re.search(r"sql|query|queries", text, re.IGNORECASE) else "show tables"
