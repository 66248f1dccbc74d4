"""Readings that decline a question, or ask what was meant, in one kind sentence."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.model import Query
from bot.questions.books import phrase_book
from bot.questions.intents.declines import Decline
from bot.questions.intents.wording import option
from bot.questions.reading import Option, Reading
from bot.questions.slots.filled import Slots
from bot.questions.text.items import Item, Items, symbol
from bot.questions.text.vocabulary import is_english
from bot.questions.things.lexicon import Lexicon
from bot.questions.things.namebook import in_words

_NAMED = frozenset({"<segment>", "<feature>", "<customer>", "segment", "customer"})
_PEOPLE = frozenset({"<segment>", "customer", "who", "anyone", "<stat>"})
_PERSONS = frozenset("anyone anybody everyone everybody customer those".split())
_POINTING = frozenset(
    "it its them they those these this that one ones their number figure same".split()
)
# Said of something that was never named: "I need the list please", "which is the better one".
_UNSAID = frozenset(
    "list file once again explain customer other others better rest revert answer audience "
    "everything stuff thing usual standard normal regular two both same offer campaign "
    "promotion begin start differ intend intended mean meant difference detail break "
    "healthy healthiest more".split()
)
# Judged by nothing that was said: "the good customers", "which segment has improved the most".
_UNSAID |= frozenset(
    "good bad nicest nasty improve improved deteriorate deteriorated worsen worsened careful "
    "careless cautious reckless responsible reliable promising exciting disappointing worry "
    "worries worrying threshold profile mention mentioned attractive weak strong problematic "
    "troublesome dodgy sensible decent solid keen".split()
)
_UNTELLING = frozenset("<worth> <n> <nth> <top> <aside> <stat> <when> <now>".split())
_STARTERS = ("overview", "drift", "help")


def declined(
    why: Decline,
    lexicon: Lexicon,
    slots: Slots | None = None,
    comparison: str = "",
    said: Items = (),
) -> Reading:
    """A refusal that names the nearest thing that works, about the segment that was spoken of."""
    slots = slots or Slots()
    segment = next(iter((*slots.segments, *lexicon.active_ids())), 1)
    named = [f for f in slots.features if f in lexicon.features]
    columns = [lexicon.features[f].column for f in named] + [f.column for f in lexicon.features]
    first, second, *_ = (*dict.fromkeys(columns), "a", "b")
    measures = _measures(lexicon)
    ground = _loaded_ground(said, lexicon) if why.name == "protected" else None
    instead = (f"segment {{segment}} by {ground}" if ground else why.instead).format(
        segment=segment,
        segments=f"segment {segment}",
        column_1=first,
        column_2=second,
        comparison=comparison,
        measure=next(iter(measures), "size"),
        trait=next(
            (lexicon.traits[t].label for t in slots.traits if t in lexicon.traits), "region"
        ),
    )
    say = why.say.format(held=" or ".join(measures), comparison=comparison)
    return Reading("declined", Query("out_of_scope"), 0.95, f"{say} Try: {instead}.")


def picks_by_age(items: Items) -> bool:
    """Whether people are chosen by a number of years: "which VIPs are over 60"."""
    said = tuple(item for item in items if item.symbol not in ("?", ".", "!"))
    if len(said) < 3 or any(i.symbol in ("<feature>", "<filter>", "segment") for i in said):
        return False
    people = any(i.symbol in _PEOPLE for i in said)
    return any(
        item.symbol == "<bound>"
        and not item.unit
        and 16 <= item.value[1] < 100
        and (
            symbol(said, at - 1) in _PERSONS
            or (at == len(said) - 1 and symbol(said, at - 1) in ("are", "is") and people)
        )
        for at, item in enumerate(said)
    )


def _measures(lexicon: Lexicon) -> list[str]:
    """What speaks of a customer's worth among the features: labels."""
    names = phrase_book("aliases")["ambiguous"]["features"]
    known = [name for name in names if name in lexicon.features]
    return [lexicon.features[name].label for name in known] or [
        feature.label for feature in list(lexicon.features)[:3]
    ]


def _loaded_ground(items: Items, lexicon: Lexicon) -> str | None:
    """The trait that describes segments by the protected ground spoken of, where one is loaded."""
    words = {word for item in items for word in (item.symbol, item.text)}
    for named in phrase_book("declines")["grounds"].values():
        ground = set(named.split("|"))
        if ground & words:
            for trait in lexicon.traits.values():
                if ground & set(in_words(f"{trait.name} {trait.label}").lower().split()):
                    return trait.label
    return None


def lost(items: Items, left: Sequence[Item], lexicon: Lexicon) -> Reading:
    """Nothing was understood: a scrap or gibberish is asked back, a sentence declined."""
    words = [i for i in items if i.symbol[0].isalpha()]
    gibberish = bool(left) and not any(i.known or is_english(i.text) for i in left)
    starters = tuple(option(Query(intent), lexicon) for intent in _STARTERS)
    named = any(i.is_name and i.symbol not in _UNTELLING for i in items)
    by_name = any(i.symbol in _NAMED and i.words for i in items)
    ours = not left or (all(i.symbol in lexicon.vocabulary.ours for i in left) and not named)
    vague = not left and any(i.symbol in _POINTING for i in words)
    unsaid = not named and all(i.symbol in _UNSAID for i in left)
    unsaid = unsaid and any(i.symbol in _UNSAID for i in words)
    vague = not left and any(i.symbol in _POINTING or i.symbol == "<worth>" for i in items)
    about = bool(words) and {i.symbol for i in words[:2]} >= {"what", "about"} and len(words) < 6
    if vague or unsaid or about or (len(words) <= 2 and ((gibberish and not by_name) or ours)):
        return Reading(
            "clarify",
            Query("help"),
            0.2,
            "I did not understand that. Is it one of these?",
            starters,
        )
    strange = [i for i in left if i.symbol not in lexicon.vocabulary.ours]
    if strange and any(i.symbol in _NAMED for i in items):
        return unknown_words(Query("overview"), strange, starters[:1], 0.8)
    say = f"I can't answer that; I know our customer segments. Try: {starters[0].question}."
    return Reading("declined", Query("out_of_scope"), 0.8, say, starters[:1])


def unknown_words(
    query: Query, words: Sequence[Item], options: Sequence[Option], confidence: float
) -> Reading:
    """Something about our segments, but with a word we know nothing of: declined, not guessed."""
    said = " and ".join(f"'{item.text}'" for item in words[:2])
    near = asked_back(query, "", options, confidence).options
    say = f"I have nothing on {said}, so I can't answer that."
    works = near[0].question if near else "overview of all segments"
    return Reading("declined", Query("out_of_scope"), 0.8, f"{say} Try: {works}.", near)


def asked_back(query: Query, message: str, options: Sequence[Option], confidence: float) -> Reading:
    """A question back, with at most three different buttons."""
    asking = (o for o in options if not (_is_empty_search(o.query) or _is_wish(o.query)))
    distinct = tuple({o.question: o for o in asking}.values())[:3]
    return Reading("clarify", query, confidence, message, distinct)


def _is_wish(query: Query) -> bool:
    """Whether somebody is to be told: what and when no query holds, and so no button says."""
    return query.intent == "schedule" and query.term is not None


def _is_empty_search(query: Query) -> bool:
    """Whether customers are sought by nothing, or counted as the size of a segment does."""
    if query.intent != "find_customers":
        return False
    sought = query.filter or query.features or query.customer
    return not query.slots() or (query.statistic == "count" and not sought)
