"""The sentences of a message that ask, without those that only talk."""

from __future__ import annotations

from analytics.model import Query
from bot.questions.followups.renumbered import only_counts
from bot.questions.followups.turns import asks_why, is_bare
from bot.questions.intents.clauses import (
    EMPTY,
    ENDS,
    OURS,
    REACH,
    STARTS,
    TIMES,
    asks,
    intent_of,
    is_refused,
    narrows,
    picks_out,
    recounts,
    tells,
)
from bot.questions.messages.asides import TALKS, WH, without_asides
from bot.questions.messages.claims import checks, with_claims_asked
from bot.questions.messages.preamble import without_preamble
from bot.questions.messages.purposes import without_purpose
from bot.questions.messages.topics import after_topics
from bot.questions.text.items import Items, names_of, symbol, symbols
from bot.questions.things.grammar import grammar_of
from bot.questions.things.lexicon import Lexicon
from bot.questions.things.ranking import EXTREMES

_BEFORE_CHART = frozenset("as in with chart".split())
_CHARTS = frozenset("bar bear line pie column sankey".split())  # "bar" is spelt out as "bear"
_OF_THEM = frozenset("it its they them their he she him his her".split())


def without_talk(items: Items, lexicon: Lexicon) -> Items:
    """The items without whole sentences that ask and name nothing beside others that do.

    What stands before a colon counts as a sentence: "KPI check: size of segment 2".
    """
    sentences: list[Items] = []
    start = 0
    for at, item in enumerate(items):
        before = items[start:at]
        prefix = item.symbol == ":" and not (
            _names_or_asks(before, lexicon) or is_refused(before, lexicon)
        )
        if item.symbol == ":" and _is_occasion(before, items[at + 1 :], lexicon):
            start = at + 1
            continue
        repeated = item.symbol in ENDS and symbol(items, at + 1) == item.symbol
        if (item.symbol in ENDS or prefix) and not repeated:
            sentences += _asked(items[start : at + 1], lexicon)
            start = at + 1
    sentences += _asked(items[start:], lexicon)
    sentences = after_topics(with_claims_asked(sentences), lexicon)
    telling = [s for s in sentences if _names_or_asks(s, lexicon)]
    asked = [s for s in telling if asks(s) and intent_of(s[:REACH], lexicon)]
    if asked:  # "I'm planning a win-back campaign. Who are the dormant cards?"
        first = next(n for n, s in enumerate(sentences) if s in asked)
        after = [s for s in sentences[first + 1 :] if _adds_nothing(s, lexicon)]
        telling = [
            s for s in telling if s in asked or not (s in after or _only_says(s, lexicon, asked))
        ]
    asking = [s for s in sentences if symbol(s, len(s) - 1) == "?"]
    kept = telling or asking or sentences
    kept = [
        s
        for s in sentences
        if s in kept
        or narrows(s, lexicon)
        or picks_out(s, lexicon)
        or asks_why(s)
        or asks_of_them(s)
        or (telling and s is not sentences[0] and only_counts(s, lexicon.vocabulary.fillers))
        or _asks_for_a_chart(s)
        or (symbol(s, len(s) - 1) == "?" and is_refused(s, lexicon))
    ]
    left = tuple(item for sentence in kept for item in sentence if item.symbol != ":")
    if _names_or_asks(left, lexicon):
        return left
    named = names_of(items) - EMPTY - TIMES or intent_of(items[:REACH], lexicon) is not None
    return items if named else left  # "alarms to know about"


def asks_of_them(sentence: Items) -> bool:
    """Whether a sentence is a question about what was named before it: "How do they differ?"."""
    signed = symbol(sentence, len(sentence) - 1) == "?"
    asked = any(i.symbol in WH or i.text.startswith("how ") for i in sentence[:2])
    return signed and asked and bool(_OF_THEM & set(symbols(sentence))) and not checks(sentence)


def _is_occasion(before: Items, after: Items, lexicon: Lexicon) -> bool:
    """Whether what stands before a colon says what a whole question is for: "Board meeting at 3:",
    "for the autumn win-back:".
    """
    said = {i.symbol for i in before}
    purposes = grammar_of(lexicon.vocabulary).purposes
    occasion = purposes & said or (symbol(before, 0) == "for" and "<offer>" in said)
    whose = any(i.symbol == "<segment>" and i.text.isalpha() for i in before)
    asked = asks(before) or whose or is_refused(before, lexicon) or narrows(before, lexicon)
    asked = asked or _asks_for_a_chart(before)
    return bool(occasion) and not asked and intent_of(after[:REACH], lexicon) is not None


def _asks_for_a_chart(sentence: Items) -> bool:
    """Whether a sentence only says how to show what was asked: "As a chart for the meeting"."""
    chart = {"chart", "sankey"} & {i.symbol for i in sentence}
    if not chart or len(sentence) > 9:
        return False
    return symbol(sentence, 0) in _BEFORE_CHART or sentence[0].text in _CHARTS


def _adds_nothing(sentence: Items, lexicon: Lexicon) -> bool:
    """Whether a sentence after the question only tells: "last year's agency had four"."""
    named = names_of(sentence) - EMPTY - TIMES
    starts = {i.symbol for i in sentence[:2]} & STARTS
    ours = named or OURS & {i.symbol for i in sentence} or starts
    return tells(sentence) and not (
        ours or narrows(sentence, lexicon) or is_refused(sentence, lexicon)
    )


def _only_says(sentence: Items, lexicon: Lexicon, asked: list[Items]) -> bool:
    """Whether a sentence of the speaker names nobody a question after it could be about.

    Of an offer the question may be where it names nothing itself: "... Whom should we target?"
    """
    about = {"<segment>", "<segment?>", "<customer>", "<feature>", "<filter>", "<stat>", "<trait>"}
    last = asked[-1]
    if intent_of(last[:REACH], lexicon) == "recommend" and not any(i.is_name for i in last):
        about.add("<offer>")
    return (
        (tells(sentence) or recounts(sentence))
        and (symbol(sentence, 0) in TALKS or recounts(sentence))
        and not about & {i.symbol for i in sentence}
        and not narrows(sentence, lexicon)
    )


def _asked(sentence: Items, lexicon: Lexicon) -> list[Items]:
    plain = without_preamble(without_purpose(sentence, lexicon), lexicon)
    return without_asides(plain, lexicon)


def _names_or_asks(items: Items, lexicon: Lexicon) -> bool:
    if any(i.symbol in OURS for i in items):
        return True
    if any(i.symbol in EXTREMES for i in items) and is_bare(items, Query("help")):
        return True  # "biggest segment? and the smallest?"
    return bool(names_of(items) - EMPTY) or intent_of(items[:REACH], lexicon) is not None
