"""What somebody says is so: "Anna claims our VIPs shrank, is that right?"."""

from __future__ import annotations

from dataclasses import replace

from analytics.model import Query
from bot.questions.intents.clauses import (
    EMPTY,
    MOVED,
    OURS,
    STARTS,
    VERBS,
    asks,
    is_refused,
    narrows,
    recounts,
)
from bot.questions.slots.gather import gather
from bot.questions.text.items import Item, Items, says_only, skip, symbol, without_signs
from bot.questions.things.lexicon import Lexicon

_SAYS = frozenset(
    "say claim reckon insist swear argue maintain suspect assume believe think tell mention hear "
    "read guess promise convinced certain complain".split()
)
_LONGEST = 6  # words of who says it
_NOBODY = STARTS | OURS | frozenset("you who let please i'd would not don't to".split())
_WHOM = frozenset("me us him her them everyone everybody blind today yesterday earlier".split())
_RELAYED = frozenset("what which who how where why when if whether : to".split())
_CHECKS = frozenset(
    "i is are was were do does did has have he she they it that this these those right correct "
    "true so still the case got get agree match stack up hold our my your data number figure "
    "numbers say you we can could confirm check verify please pls there wrong accurate or not "
    "really actually real actual exact what see show too and also false fair sound about now here "
    "in on with from a".split()
)
_CHECKING = frozenset(
    "right correct true agree match confirm check verify hold stack case wrong accurate so real "
    "actual exact".split()
)
_NARROWING = frozenset({"<filter>", "<bound>", "<value>", "<trait>", "<worth>", "<offer>"})
_HAVE = ("what", "do", "you")  # "... what do you have?"
_AROUND = frozenset(
    "is are was were at about around roughly approximately approx only just nearly almost by a "
    "exactly like of".split()
)
_PARTS = frozenset("third thirds quarter tenth fifth half percent majority bulk most".split())


def claim_of(sentence: Items) -> Items | None:
    """What somebody says is so, without who says it; None of a sentence that is no such report."""
    start = _after_speaker(sentence)
    claim = sentence[start:]
    if not start or not claim or symbol(claim, 0) in _RELAYED:
        return None
    return claim


def leads_up(part: Items, lexicon: Lexicon) -> Items | None:
    """What a part tells before the question after it: a claim, or what somebody does."""
    narrowed = any(i.symbol in _NARROWING for i in part)
    told = claim_of(part) or (part if recounts(part) and not narrowed else None)
    return None if told is None or is_refused(told, lexicon) or narrows(told, lexicon) else told


def _after_speaker(sentence: Items) -> int:
    """Where a report begins to say what is so; 0 where nobody is said to say it."""
    if symbol(sentence, 0) in ("accord", "per"):
        names = next((n for n, i in enumerate(sentence[:_LONGEST]) if i.symbol == ","), 3)
        return 0 if any(i.is_name for i in sentence[:names]) else skip(sentence, names, {","})
    for at, item in enumerate(sentence[: _LONGEST + 1]):
        says = item.symbol in _SAYS or item.text.removesuffix("s") in _SAYS
        if at and says and item.is_word:
            that = next(
                (n for n in range(at + 1, at + 6) if symbol(sentence, n) in ("that", ":")), 0
            )
            if that and not any(i.is_name for i in sentence[at:that]):
                return that + 1
            return skip(sentence, at + 1, _WHOM)
        if item.symbol in _NOBODY or (item.is_name and item.symbol not in EMPTY):
            return 0
    return 0


def checks(clause: Items) -> bool:
    """Whether a clause asks whether what was said is so: "is that right", "did they"."""
    said = without_signs(clause)
    if not said or any(i.is_name for i in said) or not says_only(said, _CHECKS):
        return False
    words = [i.symbol for i in said]
    short = len(said) <= 4 and words[0] in VERBS | {"was", "were"}
    return short or bool(_CHECKING & set(words)) or tuple(words[:3]) == _HAVE


def with_claims_asked(sentences: list[Items]) -> list[Items]:
    """The sentences with a claim that is to be checked read as the question for the truth.

    "Tom thinks segment 2 has 900 customers. Is he right?" asks how many it has.
    """
    found: list[Items] = []
    for sentence in sentences:
        comma = max((n for n, i in enumerate(sentence) if i.symbol == ","), default=0)
        if found and checks(sentence) and not asks(found[-1]):
            found[-1] = _asked(found[-1])
        elif comma > 1 and checks(sentence[comma:]) and not asks(sentence[:comma]):
            found.append(_asked(sentence[:comma]))
        else:
            found.append(sentence)
    return found


def _asked(sentence: Items) -> Items:
    """A claim as a question: the numbers it gives are what is asked for."""
    said = claim_of(sentence) or sentence
    while said and said[-1].symbol in (".", "!", ",", "?"):
        said = said[:-1]
    read: list[Item] = []
    for at, item in enumerate(said):
        after = [i.symbol for i in said[at + 1 : at + 3]]
        part = (item.symbol == "<n>" and item.unit == "%") or item.text in _PARTS
        if part and after[:1] == ["of"]:
            while read and read[-1].symbol in _AROUND | {"more", "less", "than", "over"}:
                read.pop()
            item = Item("<stat>", "share", item.text)
        read.append(item)
    named = {i.symbol for i in read}
    if "<stat>" in named and "<filter>" in named:  # "has zero purchases in the median"
        read = [_measured(i) for i in read]
    if len(read) > 2 and (read[-1].symbol == "<n>" or read[-1].text in _PARTS):
        end = len(read) - 1
        while end > 1 and read[end - 1].symbol in _AROUND:
            end -= 1
        read = read[:end] if end < len(read) - 1 else read
    return (*read, Item("?", text="?"))


def _measured(item: Item) -> Item:
    """The feature a condition "= 0" is about; any other item as it is."""
    if item.symbol != "<filter>" or [(c.op, c.value) for c in item.value] != [("=", 0.0)]:
        return item
    return replace(item, symbol="<feature>", value=item.value[0].feature)


def topic_of(claim: Items, lexicon: Lexicon) -> Query | None:
    """Whom and what a claim is about, as the question before the one that follows it."""
    _, slots = gather(claim, lexicon)
    segments, features = tuple(slots.segments), tuple(slots.features)
    if slots.customers:
        return Query("customer_lookup", customer=slots.customers[0])
    if features and len(features) == 1:
        return Query("feature_stat", segments=segments, features=features)
    moved = MOVED & {word for i in claim for word in (i.symbol, i.text)}  # why is then of that
    intent = "segment_size" if moved else "segment_profile"
    return Query(intent, segments=segments) if segments else None
