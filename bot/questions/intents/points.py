"""How strongly a message speaks for each intent: phrases of `intents.toml`, weighed and added."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from bot.questions.books import phrase_book
from bot.questions.text.items import Item, Items
from bot.questions.text.patterns import SKIPPED, WEIGHTS, Phrase, Phrases, row_of
from bot.questions.text.phrases import base_forms
from bot.questions.text.vocabulary import Vocabulary

# After "how" any other word is what is asked: "how happy are they".
_AFTER_HOW = frozenset(
    "many much do does did is are was were be come often long about would should could can might "
    "will may have has had i we you they it to the a an our my your this that these those on in "
    "exactly".split()
)


@dataclass(frozen=True, slots=True)
class Score:
    """Evidence for an intent: points, the phrases that gave them and the places they cover."""

    points: float
    phrases: tuple[str, ...]
    covered: frozenset[int]


class Intents:
    """The intents of `intents.toml` in the base forms of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        book = phrase_book("intents")
        strengths = {
            name: {kind: entry.get(kind, ()) for kind in WEIGHTS}
            for name, entry in book["intents"].items()
        }
        self._phrases = Phrases(strengths, book["groups"], vocabulary)
        self._own: dict[str, frozenset[str]] = {
            name: self._phrases.words(name)
            | frozenset(base_forms(entry.get("with", ""), vocabulary))
            for name, entry in book["intents"].items()
        }

    def own_words(self, intent: str) -> frozenset[str]:
        """Words that go with an intent: those of its phrases and of its ``with``."""
        return self._own[intent]

    def scores(self, items: Items) -> dict[str, Score]:
        """Points for every intent something speaks for."""
        found = self._phrases.found(row_of(items))
        return {intent: _score(hits) for intent, hits in found.items()}


def _score(hits: list[tuple[Phrase, frozenset[int]]]) -> Score:
    """The strongest phrase counts in full, others for the places they add; objections once each."""
    points, covered, texts = 0.0, frozenset[int](), []
    for phrase, places in sorted(hits, key=_first):
        if phrase.weight < 0:
            points += phrase.weight
            texts.append(f"not: {phrase.text}")
        elif not covered:
            points, covered = phrase.weight, places
            texts.append(phrase.text)
        elif places - covered:
            points += 0.5 * phrase.weight * len(places - covered) / max(len(places), 1)
            covered |= places
            texts.append(phrase.text)
    return Score(round(points, 2), tuple(texts), covered)


def _first(hit: tuple[Phrase, frozenset[int]]) -> tuple[float, int, str]:
    """The strongest first; of equals the one said first, in the same order on every machine."""
    phrase, places = hit
    return -phrase.weight, min(places, default=0), phrase.text


@lru_cache(maxsize=4)
def intents_of(vocabulary: Vocabulary) -> Intents:
    """The intents in the base forms of a vocabulary."""
    return Intents(vocabulary)


def unexplained(items: Items, covered: frozenset[int], fillers: frozenset[str]) -> list[Item]:
    """Words of the message that no phrase, slot or filler accounts for."""
    return [
        item
        for n, item in enumerate(items)
        if n not in covered
        and item.symbol[0].isalpha()
        and item.symbol not in (_AFTER_HOW if n and items[n - 1].symbol == "how" else fillers)
        and item.symbol not in SKIPPED
    ]
