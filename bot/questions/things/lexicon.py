"""The words of one company: its segments, features, traits, offers and dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from analytics.catalogue import Catalogue
from analytics.model import Feature
from bot.questions.books import phrase_book
from bot.questions.text.vocabulary import Vocabulary
from bot.questions.text.words import clean
from bot.questions.things.namebook import Entity, NameBook, in_words
from bot.questions.things.namebook import SegmentWords as SegmentWords


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The live catalogue as phrases to look for; made anew for each published copy."""

    segments: tuple[SegmentWords, ...]
    features: Catalogue
    traits: Mapping[str, Feature]
    values: Mapping[str, tuple[str, ...]]
    snapshots: tuple[date, ...]
    offers: tuple[str, ...]
    vocabulary: Vocabulary
    month_words: frozenset[str]
    _phrases: Mapping[str, tuple[Entity, ...]] = field(repr=False)

    @classmethod
    def build(
        cls,
        segments: Sequence[SegmentWords],
        features: Catalogue,
        traits: Sequence[Feature] = (),
        values: Mapping[str, Sequence[str]] | None = None,
        snapshots: Sequence[date] = (),
        offers: Sequence[str] = (),
    ) -> Lexicon:
        """The lexicon of what is published now.

        Parameters
        ----------
        values : the values of each trait, by trait name.
        snapshots : dates of the published snapshots, ascending.
        offers : names of the offers that can be recommended.
        """
        known = {name: tuple(texts) for name, texts in (values or {}).items()}
        vocabulary = Vocabulary(
            _words_in(_texts(segments, features, traits, known, offers)),
            guarded=_words_in(_strings(phrase_book("declines"))),
        )
        phrases = NameBook(vocabulary)
        phrases.add_features(features)
        phrases.add_traits(traits, known)
        phrases.add_offers(offers)
        phrases.add_segments(segments)
        return cls(
            tuple(segments),
            features,
            {trait.name: trait for trait in traits},
            known,
            tuple(snapshots),
            tuple(offers),
            vocabulary,
            phrases.month_words(features),
            phrases.by_first_word(),
        )

    def match(self, words: Sequence[str], at: int) -> Entity | None:
        """The longest phrase of this company that starts at ``words[at]``."""
        for entity in self._phrases.get(words[at], ()):
            if tuple(words[at : at + len(entity.phrase)]) == entity.phrase:
                return entity
        return None

    def name_of(self, segment_id: int) -> str:
        """What the segment is called now; "segment 9" for one that does not exist."""
        return next(
            (s.name for s in self.segments if s.segment_id == segment_id), f"segment {segment_id}"
        )

    def active_ids(self) -> tuple[int, ...]:
        """Ids of the segments that exist now, ascending."""
        return tuple(sorted(s.segment_id for s in self.segments if s.active))


def _texts(
    segments: Sequence[SegmentWords],
    features: Catalogue,
    traits: Sequence[Feature],
    values: Mapping[str, Sequence[str]],
    offers: Sequence[str],
) -> Iterator[str]:
    for segment in segments:
        yield from (segment.name, *segment.former_names)
    for feature in (*features, *traits):
        yield from (in_words(feature.name), feature.label, *feature.synonyms)
        yield feature.name.lower()
    for known in values.values():
        yield from known
    yield from offers
    for kinds in phrase_book("aliases").values():
        for entry in kinds.values():
            yield from (entry["called"] if isinstance(entry, dict) else entry)
    for book in ("intents", "grammar"):
        yield from _strings(phrase_book(book))


def _strings(node: object) -> Iterator[str]:
    """Every text inside a phrase book that people may write."""
    if isinstance(node, str):
        yield re.sub(r"[@<]\w+>?|\.\.\.|\||\*", " ", node)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key not in ("say", "instead", "needs", "title"):
                yield from _strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from _strings(value)


_SEPARATORS = re.compile(r"[\s/-]+")


def _words_in(texts: Iterable[str]) -> set[str]:
    words = set()
    for text in texts:
        for piece in _SEPARATORS.split((text if text.isascii() else clean(text)).lower()):
            word = piece.strip(".,;:!?()'\"$%&+<>=#")
            if word and not any(c.isdigit() for c in word[:1]):
                words.add(word)
    return words
