"""Every intent a question may have, with its query and how much speaks for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from analytics.model import INTENTS, Query
from bot.questions.books import phrase_book
from bot.questions.intents import classifier
from bot.questions.intents.build import query_of, used_words
from bot.questions.intents.classifier import Likelihood
from bot.questions.intents.points import Score, intents_of, unexplained
from bot.questions.slots.filled import Slots
from bot.questions.slots.moments import when
from bot.questions.text.items import Item, Items, symbols
from bot.questions.things.leftover import counted, narrowing
from bot.questions.things.lexicon import Lexicon
from bot.questions.times.calendar import Calendar

SURE = 0.6  # from here on a reading is answered
GUESS = 0.25  # below, it is not even offered
# Of the evidence for a reading, by logistic regression on 10,140 messages of 30 authors it had not
# been tuned on (`python -m tests.unit.questions.calibrate`).
_CONSTANT, _WEIGHTS = 0.22, (0.14, -0.56, -0.03, 0.36, 3.21)
NOTHING = Score(0.0, (), frozenset())
_IGNORES = 1.0  # points a reading loses for each word it does not account for
_PEOPLE = frozenset("customer people who someone anyone id ids list export name names".split())
_OURS = frozenset(
    "segment customer digest refit drift sql model sankey transaction query column "
    "export base".split()
)


@dataclass(frozen=True)
class Context:
    """What a question is read against.

    ``previous`` is the query before it, be it of the same message; ``earlier`` the one before the
    message, for its first question. ``said`` is the question as typed, before what "it" and "them"
    stand for is put in: that is what the classifier has learnt from.
    """

    text: str
    lexicon: Lexicon
    calendar: Calendar
    previous: Query | None
    earlier: Query | None = None
    said: Items | None = None

    @property
    def after(self) -> str | None:
        """The intent after which a message goes on; None of one by itself."""
        return self.earlier.intent if self.earlier else None


@dataclass(frozen=True)
class Candidate:
    """One intent with its query and the evidence for it."""

    query: Query
    points: float
    phrases: tuple[str, ...]
    left: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()
    likelihood: float = 0.0  # the margin of the classifier
    confidence: float = 0.0


def ranked(items: Items, slots: Slots, context: Context) -> list[Candidate]:
    """Every intent something speaks for, the strongest first."""
    spoken_for = intents_of(context.lexicon.vocabulary).scores(items)
    likeliest = classifier.likeliest(context.said or items, context.after)
    so_many = (slots.top or 0) > len(context.lexicon.active_ids())
    if so_many and context.previous is None and "segment" not in symbols(items):
        ranked_so = spoken_for.pop("rank_segments", NOTHING)  # of so many, customers are meant
        spoken_for.setdefault("find_customers", ranked_so)
        likeliest = ["find_customers" if o == "rank_segments" else o for o in likeliest]
    people = _PEOPLE & set(symbols(items)) or slots.segments or slots.conditions
    if slots.top and not so_many and context.previous is None and not people:
        likeliest = ["rank_segments" if o == "find_customers" else o for o in likeliest]
    found = [
        candidate(intent, spoken_for.get(intent, NOTHING), items, slots, context)
        for intent in dict.fromkeys((*spoken_for, *likeliest))
        if intent in likeliest or spoken_for[intent].points > _missing(intent, slots)
    ]
    if _only_a_segment(items, slots, found, context.lexicon.vocabulary.fillers):
        query = query_of(
            "segment_profile", slots, when(slots, "segment_profile", context.calendar), ""
        )
        found = [Candidate(query, 4.0, ("a segment and nothing else",))]
    found = _with_confidence(found, items, slots, context)
    return sorted(found, key=lambda c: (-c.confidence, -c.points, INTENTS.index(c.query.intent)))


def candidate(intent: str, score: Score, items: Items, slots: Slots, context: Context) -> Candidate:
    """An intent with its query and what speaks for it, but for its confidence."""
    at = when(slots, intent, context.calendar)
    query = query_of(intent, slots, at, context.text)
    notes = at.notes if query.as_of or query.since else ()
    left = unexplained_by(items, slots, context.lexicon, score, query)
    points = score.points - _missing(intent, slots) - 0.6 * slots.unused(query)
    points = round(points - _IGNORES * len(left), 2)
    return Candidate(query, points, score.phrases, left, notes)


def _only_a_segment(
    items: Items, slots: Slots, found: Sequence[Candidate], fillers: frozenset[str]
) -> bool:
    """Whether a question names one segment and else only words without meaning."""
    said = any(i.symbol == "<segment>" and i.text for i in items)
    said = said and not _done_for(items)
    alone = said and len(slots.segments) == 1 and not slots.statistics
    asked = any(i.symbol in ("how", "why", "when", "where") for i in items)
    weak = all(c.points < 2 for c in found)
    return alone and weak and not asked and not unexplained(items, frozenset(), fillers)


def _done_for(items: Items) -> bool:
    """Whether something is to be done that is not named: "do the needful for segment 3"."""
    found = (symbols(items, at, 3) for at in range(len(items)))
    return any(one == ["<aside>", "for", "<segment>"] for one in found)


def _missing(intent: str, slots: Slots) -> float:
    """Points lost by an intent for what it needs and the question does not name."""
    about = phrase_book("intents")["intents"][intent]
    lost_points = 0.0
    for need in about.get("needs", ()):
        if not any(slots.has(one) for one in need.split("|")):
            lost_points += 2.0
    if slots.customers and "customer" not in about["slots"]:
        lost_points += 3.0
    return lost_points


def is_ours(items: Items, slots: Slots) -> bool:
    """Whether anything of ours is spoken of, so that words of the office are beside the point."""
    return slots.about_us or any(i.symbol in _OURS for i in items)


def unexplained_by(
    items: Items,
    slots: Slots,
    lexicon: Lexicon,
    score: Score | None = None,
    query: Query | None = None,
) -> tuple[Item, ...]:
    """Content words that no phrase, slot or filler accounts for when a question is read so."""
    known = lexicon.vocabulary.fillers
    if is_ours(items, slots):
        known |= lexicon.vocabulary.around
    left = unexplained(items, score.covered if score else frozenset(), known)
    more = (*counted(items, lexicon.vocabulary.around), *narrowing(items))
    left += [i for i in more if i not in left]
    if query is None:
        return tuple(left)
    own = intents_of(lexicon.vocabulary).own_words(query.intent) | used_words(query)
    return tuple(i for i in left if own.isdisjoint({i.symbol, i.text, f"={i.text}"}))


def evidence(
    one: Candidate,
    found: Sequence[Candidate],
    slots: Slots,
    likelihood: Likelihood,
) -> tuple[float, ...]:
    """What speaks for a candidate: the lead of its points over the others', how much is left
    unexplained, how much that is named is left unused, how likely the classifier finds it, and
    its lead there.
    """
    rivals = [c.points for c in found if not _same_answer(c.query, one.query)]
    return (
        _within(3, one.points - max(rivals, default=0.0)),
        min(len(one.left), 6),
        min(slots.unused(one.query), 4),
        _within(2, likelihood.score),
        _within(2, likelihood.lead),
    )


def _same_answer(one: Query, other: Query) -> bool:
    """Whether two queries come to the same: a feature of two segments, or these compared in it;
    what sets a segment apart, or it compared with all.
    """
    intents = {one.intent, other.intent}
    beside = intents == {"compare_segments", "feature_stat"}
    beside = beside and len(one.segments) > 1 and bool(one.features)
    beside |= intents == {"compare_segments", "explain_segment"} and len(one.segments) == 1
    return one == other or (
        beside and (one.segments, one.features) == (other.segments, other.features)
    )


def _with_confidence(
    found: Sequence[Candidate], items: Items, slots: Slots, context: Context
) -> list[Candidate]:
    likely = classifier.likelihoods(context.said or items, context.after)
    rated = []
    for one in found:
        seen = evidence(one, found, slots, likely[one.query.intent])
        logit = _CONSTANT + sum(w * x for w, x in zip(_WEIGHTS, seen, strict=True))
        confidence = round(1 / (1 + math.exp(-logit)), 3)
        rated.append(replace(one, likelihood=likely[one.query.intent].score, confidence=confidence))
    return rated


def _within(limit: float, value: float) -> float:
    return max(-limit, min(limit, value))


def leans(query: Query, slots: Slots, items: Items) -> bool:
    """Whether a question lacks something it needs or speaks of without naming it."""
    named = slots.segments or slots.unclear or slots.customers
    if query.intent in ("segment_trend", "segment_size", "explain_change", "breakdown"):
        return not (named or slots.everything)
    if query.intent == "compare_segments":
        return len(slots.segments) == 1 and not (slots.base or query.as_of)
    if query.intent == "migration":
        words = {i.symbol for i in items}
        some = any(i.text in ("ones", "members", "newcomers", "leavers") for i in items)
        some = some or ({"from", "come"} <= words and bool({"which", "what"} & words))
        return not named and (some or (not slots.everything and len(items) <= 6))
    if query.intent == "rank_segments":
        measured = query.features or any(i.symbol in ("biggest", "smallest") for i in items)
        return not slots.everything or not measured
    if query.intent == "find_customers":
        return not (named or slots.conditions or slots.features or slots.top)
    needs = phrase_book("intents")["intents"][query.intent].get("needs", ())
    met = (any(getattr(query, n) not in ((), None) for n in need.split("|")) for need in needs)
    return not slots.unclear and not all(met)
