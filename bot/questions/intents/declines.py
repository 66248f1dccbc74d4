"""Questions that are turned down: the groups of `declines.toml`, found in a message."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from bot.questions.books import phrase_book
from bot.questions.text.items import Items
from bot.questions.text.patterns import Phrases, row_of
from bot.questions.text.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Decline:
    """A kind of question that is turned down, and the question to ask instead.

    ``always``: by a word alone; otherwise only where the classifier is not sure of an intent.
    """

    name: str
    say: str
    instead: str
    always: bool = False


def decline_named(name: str) -> Decline:
    """A group of `declines.toml` by its name."""
    entry = phrase_book("declines")["declines"][name]
    return Decline(name, entry["say"], entry["instead"], entry.get("always", False))


class Declines:
    """The groups of `declines.toml` in the base forms of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        book = phrase_book("declines")
        protected = {"protected": "|".join(book["grounds"].values())}
        macros = {**phrase_book("intents")["groups"], **protected}
        groups = {name: {"sure": entry["phrases"]} for name, entry in book["declines"].items()}
        unless = {name: {"sure": entry["unless"]} for name, entry in book["declines"].items()}
        self._phrases = Phrases(groups, macros, vocabulary)
        self._unless = Phrases(unless, macros, vocabulary)
        self._about = {name: decline_named(name) for name in book["declines"]}

    def match(self, items: Items) -> Decline | None:
        """The first group that declines a message."""
        row = row_of(items, names=False)
        found = self._phrases.found(row)
        if not found:
            return None
        passed = self._unless.found(row)
        return next((self._about[n] for n in self._about if n in found and n not in passed), None)


@lru_cache(maxsize=4)
def declines_of(vocabulary: Vocabulary) -> Declines:
    """The declines in the base forms of a vocabulary."""
    return Declines(vocabulary)
