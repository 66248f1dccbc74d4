"""The names of one company as phrases: what may mean which segment, feature, trait or offer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from analytics.catalogue import Catalogue
from analytics.model import Feature
from bot.questions.books import phrase_book
from bot.questions.text.phrases import base_forms
from bot.questions.text.vocabulary import Vocabulary

EntityKind = Literal["segment", "feature", "trait", "value", "offer"]
Lemmas = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SegmentWords:
    """What a segment is and was called; ``description`` lets behaviour words find it."""

    segment_id: int
    name: str
    former_names: Sequence[str] = ()
    active: bool = True
    description: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """Something of this company a phrase may mean; several ``values`` if it is not clear which."""

    kind: EntityKind
    values: tuple[str | int, ...]
    phrase: Lemmas


_PARTS_OF = ("share of", "percentage of", "proportion of", "part of")


def in_words(name: str) -> str:
    """A column name as people would write it: "CREDIT_LIMIT" is "CREDIT LIMIT"."""
    return name.replace("_", " ")


class NameBook:
    """Collects phrases; the first to claim a phrase keeps it, segments may share one."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.known: dict[tuple[Lemmas, EntityKind], list[str | int]] = defaultdict(list)
        book = phrase_book("aliases")
        self.segment_aliases: Mapping[str, Mapping[str, Sequence[str]]] = book["segments"]
        self.nouns = [self.lemmas(noun)[0] for noun in book["nouns"]["group"]]
        self.everyday = {(w,) for text in book["nouns"]["everyday"] for w in self.lemmas(text)}
        self.generic = {w for text in book["nouns"]["generic"] for w in self.lemmas(text)}

    def lemmas(self, text: str) -> Lemmas:
        return base_forms(text.replace("-", " "), self.vocabulary)

    def add(self, kind: EntityKind, text: str | Lemmas, value: str | int) -> None:
        phrase = self.lemmas(text) if isinstance(text, str) else text
        if not phrase:
            return
        owners = self.known[phrase, kind]
        if value not in owners and (kind in ("segment", "value") or not owners):
            owners.append(value)

    def add_features(self, features: Catalogue) -> None:
        for feature in features:
            self.add("feature", feature.name, feature.name)
            self.add("feature", in_words(feature.name), feature.name)
        for feature in features:
            for spelling in (feature.label, *feature.synonyms):
                self.add("feature", spelling, feature.name)
        parts: dict[Lemmas, set[str]] = defaultdict(set)
        for feature in features:
            for part in _parts(self.lemmas(in_words(feature.name))):
                parts[part].add(feature.name)
        for name, called in phrase_book("aliases")["features"].items():
            if name in features:
                for spelling in called:
                    self.add("feature", spelling, name)
        for (phrase, _), (name, *_) in list(self.known.items()):
            if phrase[0] == "month" and features[str(name)].unit == "share":
                for share in _PARTS_OF:
                    self.add("feature", (*self.lemmas(share), *phrase), name)
        whole = {phrase for phrase, _ in self.known}
        for part, names in parts.items():
            ends_well = not {part[0], part[-1]} & self.generic
            made_of_others = all((word,) in whole or word in self.generic for word in part)
            if len(names) == 1 and ends_well and not made_of_others and len(part[0]) > 3:
                self.add("feature", part, *names)

    def add_traits(self, traits: Sequence[Feature], values: Mapping[str, Sequence[str]]) -> None:
        for trait in traits:
            for spelling in (trait.name, in_words(trait.name), trait.label, *trait.synonyms):
                if self.lemmas(spelling) not in self.everyday:
                    self.add("trait", spelling, trait.name)
            for value in values.get(trait.name, ()):
                telling = self.lemmas(value) not in self.everyday
                if telling and any(c.isalpha() for c in value) and len(value) > 2:
                    self.add("value", value, trait.name)
        parts: dict[Lemmas, set[str]] = defaultdict(set)
        for trait in traits:
            for text in (in_words(trait.name), trait.label):
                for part in _parts(self.lemmas(text)):
                    parts[part].add(trait.name)
        for part, names in parts.items():
            telling = not set(part) & (self.generic | self.vocabulary.fillers)
            if len(names) == 1 and telling and part not in self.everyday:
                self.add("trait", part, *names)

    def add_offers(self, offers: Sequence[str]) -> None:
        for offer, called in phrase_book("aliases")["offers"].items():
            mine = self.lemmas(offer)
            live = self._nearest(mine, offers)
            if live or not offers:
                for text in (offer, *called):
                    self.add("offer", text, live or offer)
        for offer in offers:
            self.add("offer", offer, offer)

    def _nearest(self, said: Lemmas, offers: Sequence[str]) -> str | None:
        """The offer that shares most of its words with what is said; None where none shares any."""
        shared = {
            offer: len(set(said) & words - self.generic) / len(set(said) | words)
            for offer in offers
            if (words := set(self.lemmas(offer)))
        }
        best = max(shared, key=lambda offer: shared[offer], default=None)
        return best if best and shared[best] else None

    def add_segments(self, segments: Sequence[SegmentWords]) -> None:
        features = {phrase for phrase, kind in self.known if kind == "feature"}
        for segment in segments:
            for name in (segment.name, *segment.former_names):
                self.add("segment", name, segment.segment_id)
        live = [s for s in segments if s.active]
        for segment in live:
            for part in _parts(self.lemmas(segment.name)):
                if not set(part) <= self.generic and part not in features:
                    self.add("segment", part, segment.segment_id)
                if not set(part) <= self.generic | set(self.nouns) or (
                    len(part) > 1 and part in features
                ):
                    for noun in self.nouns:
                        self.add("segment", (*part, noun), segment.segment_id)
        outlines: dict[Lemmas, set[int]] = defaultdict(set)
        for segment in live:
            for outline in _outlines(self.lemmas(segment.name)):
                outlines[outline].add(segment.segment_id)
        for outline, ids in outlines.items():
            if len(ids) == 1 and outline not in features:
                self.add("segment", outline, *ids)
        for alias in self.segment_aliases.values():
            shown = [self.lemmas(text) for text in alias["names"]]
            owners = [s for s in live if _shows(self.lemmas(s.name), shown)] or [
                s for s in live if _shows(self.lemmas(s.description), shown)
            ]
            for text in alias["called"]:
                phrase = self.lemmas(text)
                if (phrase, "segment") in self.known:
                    continue
                for segment in owners:
                    for form in (phrase, *((*phrase, noun) for noun in self.nouns)):
                        if form not in features:
                            self.add("segment", form, segment.segment_id)

    def month_words(self, features: Catalogue) -> frozenset[str]:
        """Words that speak of a feature counted in months, such as "tenure"."""
        names = (text for f in features if f.unit == "months" for text in (f.name, *f.synonyms))
        return frozenset(w for n in names for w in self.lemmas(n)) - self.generic - {"customer"}

    def by_first_word(self) -> Mapping[str, tuple[Entity, ...]]:
        """Phrases by their first word, the longest first, then in the order of kinds below."""
        order = ("segment", "feature", "trait", "offer", "value")
        found: dict[str, list[Entity]] = defaultdict(list)
        for (phrase, kind), values in self.known.items():
            if values:
                found[phrase[0]].append(Entity(kind, tuple(values), phrase))
        return {
            first: tuple(sorted(entities, key=lambda e: (-len(e.phrase), order.index(e.kind))))
            for first, entities in found.items()
        }


def _parts(phrase: Lemmas) -> Iterator[Lemmas]:
    """Every run of neighbouring words of a phrase shorter than itself."""
    for size in range(1, len(phrase)):
        for start in range(len(phrase) - size + 1):
            yield phrase[start : start + size]


def _outlines(phrase: Lemmas) -> Iterator[Lemmas]:
    """A long name with its middle left out: "low-limit revolvers" of "low-limit cash revolvers"."""
    for size in range(1, len(phrase) - 1):
        yield (*phrase[:size], phrase[-1])


def _shows(words: Lemmas, shown: Sequence[Lemmas]) -> bool:
    joined = f" {' '.join(words)} "
    return any(f" {' '.join(phrase)} " in joined for phrase in shown)
