"""What leads up to a question is what it is about: "it's for segment 5, so what do they like?"."""

from __future__ import annotations

from dataclasses import replace

from bot.questions.followups.turns import asks_why
from bot.questions.intents.clauses import (
    CAUSES,
    EMPTY,
    MOVED,
    OURS,
    REACH,
    STARTS,
    TIMES,
    VERBS,
    asks,
    intent_of,
    is_refused,
    recounts,
    tells,
)
from bot.questions.text.items import Item, Items, names_of, skip, symbol, words_of
from bot.questions.things.lexicon import Lexicon

_TOPICS = frozenset({"<segment>", "<segment?>", "<offer>", "<customer>"})
_PERSONS = frozenset("he she him her his".split())
_LINKS = frozenset({",", "so", "and", "but", "please", "then"})
_COUNTED = frozenset({"<n>", "segment", "audience", "both"})
_THINGS = frozenset("it its they them their these those".split())
# "... never heard the word 'revolver', what is a revolver?"
_NAMING = frozenset({"word", "term", "phrase", "expression"})
_ASKED_WHY = CAUSES | {"explain", "why", "happen"}
_WANTING = frozenset("want need like see give show tell".split())
# Of a sentence that only mentions somebody these are not asked.
_MENTIONED = frozenset({"recommend", "customer_lookup", "segment_profile"})


def after_topics(sentences: list[Items], lexicon: Lexicon) -> list[Items]:
    """The sentences with what leads up to a question put into it: "..., what are they like?"."""
    found: list[Items] = []
    for sentence in sentences:
        topic, question = _clauses(sentence)
        asked = _about(topic, question, lexicon) if topic else None
        meant = _about(found[-1], asked or sentence, lexicon) if found else None
        if meant is not None:
            found[-1] = meant
        elif found and not asked:
            found.append(_resolved(sentence, found[-1], lexicon))
        else:
            found.append(asked or sentence)
    return found


def _resolved(question: Items, before: Items, lexicon: Lexicon) -> Items:
    """A question with its pronoun read as whom the sentence before names, where it needs that."""
    named = [i for i in before if i.symbol in _TOPICS]
    signed = symbol(question, len(question) - 1) == "?"
    if not (named and signed) or names_of(question) or intent_of(question[:REACH], lexicon):
        return question
    meant = _with_meant(question, named, _PERSONS | _THINGS)
    return meant if meant and intent_of(meant[:REACH], lexicon) else question


def _clauses(sentence: Items) -> tuple[Items, Items]:
    """A sentence in two where a question word follows a comma or "so"; or nothing and itself."""
    for at in range(1, len(sentence) - 2):
        if sentence[at].symbol in STARTS - VERBS:
            break
        after = skip(sentence, at + 1, _LINKS)
        led = sentence[at].symbol in (",", "so")
        if led and symbol(sentence, after) in STARTS - VERBS and after < len(sentence) - 1:
            return sentence[:at], sentence[after:]
    return (), sentence


def _about(topic: Items, question: Items, lexicon: Lexicon) -> Items | None:
    """A question with its pronoun read as what was said before; None where that is no topic."""
    words = {i.symbol for i in topic}
    if asks(topic) or not asks(question) or words & _NAMING or is_refused(topic, lexicon):
        return None
    measures = [i for i in topic if i.symbol == "<feature>"]
    alone_named = names_of(question) & _TOPICS or not any(i.symbol == "it" for i in question)
    if len(measures) == 1 and not tells(topic) and not alone_named:
        phrase = tuple(i for i in topic if i.is_name or i.symbol in ("of", "in", "for"))
        at = next(n for n, i in enumerate(question) if i.symbol == "it")
        return (*question[:at], *phrase, *question[at + 1 :])  # "tenure of 5, how is it spread"
    stated = intent_of(topic[:REACH], lexicon)
    wants = _WANTING & {i.symbol for i in topic}
    announced = symbol(topic, 0) == "about" and len(topic) <= 5
    if stated and not announced and (stated not in _MENTIONED or wants or not tells(topic)):
        return None
    named = [i for i in topic if i.symbol in _TOPICS]
    within = [i for i in question if i.symbol in _TOPICS]
    if named and not within:
        meant = _with_meant(question, named, _PERSONS | _THINGS)
        unsaid = recounts(topic) and intent_of(question[:REACH], lexicon) is None
        unsaid = unsaid and not asks_why(question)
        moved = MOVED & {w for i in topic for w in (i.symbol, i.text)}
        if meant and moved and _ASKED_WHY & words_of(question):
            return (*_unended(meant), Item("change", text="change"))  # "6 shrank. What caused it?"
        return (*_unended(question), *named[:1]) if meant is None and unsaid else meant
    if tells(topic) and intent_of(question[:REACH], lexicon):
        said = {i.symbol for i in topic if i.is_name}
        new = said - EMPTY - {i.symbol for i in question}
        if within and not new - TIMES and {i.value for i in named} <= {i.value for i in within}:
            return question
        if not (new or named or OURS & {i.symbol for i in topic}):
            return question
    persons = [i for i in named if i.symbol == "<customer>"]
    if persons and "<customer>" not in {i.symbol for i in within}:
        return _with_meant(question, persons, _PERSONS)
    return None


def _with_meant(question: Items, named: list[Item], pronouns: frozenset[str]) -> Items | None:
    """A question with its first pronoun, and the words that go with it, read as what is named."""
    kind = named[0].symbol
    if any(i.symbol != kind for i in named):
        return None
    if kind != "<customer>":
        pronouns = pronouns & _THINGS
    at = next((n for n, i in enumerate(question) if i.symbol in pronouns), None)
    if at is None:
        return None
    if kind != "<segment>":
        return tuple(named[0] if i.symbol in pronouns else i for i in question)
    values = tuple(dict.fromkeys(value for i in named for value in i.value))
    words = ("<segments>",) if len(values) > 1 else named[0].words
    after = skip(question, at + 1, _COUNTED)  # "those two audiences"
    return (*question[:at], replace(named[0], value=values, words=words), *question[after:])


def _unended(question: Items) -> Items:
    return question[:-1] if symbol(question, len(question) - 1) == "?" else question
