"""What "it", "those" and "that group" point at, and when they point at nothing."""

from __future__ import annotations

from functools import cache

from analytics.model import Query
from bot.questions.books import phrase_book
from bot.questions.slots.filled import Slots
from bot.questions.text.items import Item, Items, symbol

CUSTOMER_INTENTS = frozenset({"customer_lookup", "customer_history", "explain_customer"})
_ONE_SEGMENT = frozenset({"segment", "group", "cluster", "seg", "bunch", "crowd", "lot"})
_CLOSERS = frozenset({"please", "pls", "too", "then", "now", "thanks"})
_SAYING_WHICH = frozenset(
    "<n> <nth> <segment> with who whose where <filter> have spend most biggest highest lowest "
    "least smallest size model name names segment of for list count split that which".split()
)
_BY_A_PERSON = frozenset("<feature> buy spend pay owe borrow withdraw have take use".split())
_BESIDE = frozenset(
    "compare versus against difference differ than also too "
    "as both add include next beside alongside with together".split()
)
_ONE_PERSON = frozenset("customer client person account cardholder member guy lady".split())
_ASKING_OF = frozenset("did do does is was has can will should would".split())
_ANYTHING = frozenset("something anything thing drift data noise number figure news new".split())


@cache
def turn_words(kind: str) -> frozenset[str]:
    """Words of a kind that name nothing in a conversation, by `grammar.toml`."""
    return frozenset(phrase_book("grammar")["turns"][kind].split())


def resolved(items: Items, previous: Query) -> Items | None:
    """The items with "it", "them", "those" replaced by what was spoken of; None without such."""
    referent = referent_of(previous)
    if previous.customer and speaks_of_a_person(items):
        referent = Item("<customer>", previous.customer)
    items = tuple(
        item
        for at, item in enumerate(items)
        if not (item.symbol == "<n>" and symbol(items, at - 1) in ("those", "these", "them"))
    )
    places = [at for at in range(len(items)) if points_back(items, at)]
    if not places or referent is None:
        return None
    said = {word for item in items for word in (item.symbol, item.text)}
    if referent.symbol == "<segment>" and not _BESIDE & said:
        own = next((n for n, i in enumerate(items) if i.symbol == "<segment>"), len(items))
        if any(at > own for at in places):  # "and the VIPs, what do they owe"
            return None
    if referent.symbol == "<customer>":  # "what put her there"
        places = [at for at in places if items[at].symbol != "there"] or places
    return tuple(referent if at in places else item for at, item in enumerate(items))


def completed(items: Items, previous: Query) -> Items:
    """The items with what was spoken of put at the end, "history" of this customer; unchanged where
    they name segments of their own, "the dip in 6", and set them beside none.
    """
    referent = referent_of(previous)
    words = {word for i in items for word in (i.symbol, i.text)}
    if referent and referent.symbol == "<segment>" and "<segment>" in words and not _BESIDE & words:
        return items
    plain = [i.symbol for i in items if i.is_word or i.is_name]
    stranded = plain[-1:] in (["from"], ["to"], ["into"])  # "which segments did they come from"
    apart = (Item(","),) if stranded else ()
    if referent and referent.symbol == "<segment>" and "<segment>" in words:
        return (referent, Item(","), *items)
    return (*items, *apart, referent) if referent else items


def is_lost(items: Items, previous: Query) -> bool:
    """Whether "it" or "they" is said of nothing the conversation has named."""
    if previous.intent == "overview":
        return False
    them = {"it", "its", "they", "them", "their"}  # a filter may have taken "them" in
    said = any(
        item.symbol in them or (item.symbol == "<filter>" and them & set(item.text.split()))
        for item in items
    )
    return said and referent_of(previous) is None and not previous.features


def speaks_of_a_person(items: Items) -> bool:
    """Whether somebody is spoken of as he or she, or as "that customer"."""
    one = any(
        item.symbol == "customer"
        and item.text in _ONE_PERSON
        and symbol(items, n - 1) in ("that", "this")
        for n, item in enumerate(items)
    )
    return one or bool({"he", "she", "him", "his"} & {item.symbol for item in items})


def asks_of_a_person(items: Items) -> bool:
    """Whether something is asked about him or her: "what did he buy"."""
    return any(
        item.symbol in ("he", "she")
        and symbol(items, n - 1) in _ASKING_OF
        and symbol(items, n + 1) in _BY_A_PERSON
        for n, item in enumerate(items)
    )


def points_nowhere(items: Items, slots: Slots) -> bool:
    """Whether "it" or "they" is said and nothing they could stand for is named."""
    words = {item.symbol for item in items}
    named = slots.about_us or slots.everything or "customer" in words
    at_one = any(
        i.symbol in ("there", "one") and points_back(items, n) for n, i in enumerate(items)
    )
    return (at_one or bool(words & {"it", "its", "they", "them", "their"})) and not named


def asks_of_anything(items: Items) -> bool:
    """Whether nothing in particular is asked about: "has it changed anything this week"."""
    return any(i.symbol in _ANYTHING or i.text in _ANYTHING for i in items)


def points_at_one(items: Items) -> bool:
    """Whether a segment is spoken of as if it had been named: "tell me about that group", "the two
    segments we talked about".
    """
    return any(
        item.symbol == "segment"
        and item.text in _ONE_SEGMENT
        and symbol(items, at - 1) in ("the", "this", "that")
        and symbol(items, at + 1) not in _SAYING_WHICH
        for at, item in enumerate(items)
    )


def referent_of(previous: Query) -> Item | None:
    """The customer or the segments the conversation is about; no number for a filtered list."""
    if previous.customer and previous.intent in CUSTOMER_INTENTS:
        return Item("<customer>", previous.customer)
    ends = (previous.from_segment, previous.to_segment)
    segments = previous.segments or tuple(s for s in ends if s is not None)
    if previous.intent == "recommend" and previous.offer and not segments:
        return Item("<offer>", previous.offer)
    if previous.intent == "overview":
        return Item("segment", text="segments")
    return Item("<segment>", segments) if segments or previous.filter else None


def points_back(items: Items, at: int) -> bool:
    """Whether an item stands for what was spoken of: "it", "there", "that group"."""
    before, after = symbol(items, at - 1), symbol(items, at + 1)
    match items[at].symbol:
        case "segment" if items[at].text in ("segment", "group", "cluster"):
            other = after == "with" and symbol(items, at + 2) != "<segment>"
            return before in ("the", "this", "that", "same") and after != "<n>" and not other
        case "there":
            return at > 0 and before not in ("are", "is", "were", "was", "if")
        case "one":
            return before in ("this", "that")
        case "that" | "this" if after == "and" and symbol(items, at + 2) in ("<segment>", "<n>"):
            return before in ("between", "of", "for", "in", "compare")
        case "that" | "this" if after in (
            "compare",
            "change",
            "difference",
            "look",
            "with",
            "to",
            "against",
            "for",
            "mean",
            "meaning",
            "start",
            "begin",
        ):
            return True
        case "that" | "this" | "same":
            last = not any(i.is_word and i.symbol not in _CLOSERS for i in items[at + 1 :])
            return last and before != "like"
    return items[at].symbol in turn_words("pronouns")
