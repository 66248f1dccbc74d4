"""Phrases of the TOML files in base forms, looked up at a place of a message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Generic, TypeVar

from bot.questions.text.vocabulary import Vocabulary
from bot.questions.text.words import clean, tokens

Value = TypeVar("Value")
_DROPPED = frozenset("-'\"().,:")


@lru_cache(maxsize=20_000)
def base_forms(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The base forms of a phrase, without hyphens, quotes and full stops."""
    found = tokens(text if text.isascii() else clean(text), vocabulary)
    forms = (t.text if t.kind in ("number", "sign") else t.lemma for t in found)
    return tuple(form for form in forms if form not in _DROPPED)


class Lookup(Generic[Value]):
    """The longest known phrase at a place, and what it stands for; the first claim counts."""

    def __init__(self, phrases: Mapping[Value, Iterable[str]], vocabulary: Vocabulary) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Value]]] = defaultdict(list)
        seen: set[tuple[str, ...]] = set()
        for value, texts in phrases.items():
            for text in texts:
                phrase = base_forms(text, vocabulary)
                if phrase and phrase not in seen:
                    seen.add(phrase)
                    self._by_first[phrase[0]].append((phrase, value))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def match(self, words: Sequence[str], at: int) -> tuple[int, Value] | None:
        """Length and value of the longest phrase that starts at ``words[at]``."""
        if at < len(words):
            for phrase, value in self._by_first.get(words[at], ()):
                if tuple(words[at : at + len(phrase)]) == phrase:
                    return len(phrase), value
        return None
