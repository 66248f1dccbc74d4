"""Phrases with gaps and alternatives, in groups, found anywhere in a message."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.questions.text.items import Item, Items
from bot.questions.text.phrases import base_forms
from bot.questions.text.vocabulary import Vocabulary

WEIGHTS = {"certain": 6.0, "sure": 4.0, "likely": 2.0, "hint": 0.8, "against": -2.5}
_PER_WORD = 0.35  # a longer phrase says more
_GAP = 4
# "=increase" in a phrase is that very form and no other of its word.
_FORM = "="
_MARK = re.compile(r"<[\w?]+>|[?+*]")
_ASKING = frozenset({"how", "what", "which", "many", "much"})
_NAMES = frozenset({"<trait>", "<offer>", "<term>", "<segment>", "<segment?>", "<feature>"})
SKIPPED = frozenset(
    "a an the of our my me us just please really actually basically so do does did is are was were "
    "be been being am it's i we you u pls plz kindly can could would will shall hi hey hello yo "
    "- ! ? , . / <aside> right quick want wanna like_to let lets gimme again currently exactly "
    "ever even bot guy guys got get gets some also then".split()
)

Row = Sequence[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase in base forms: at each place a set of words, or None for a gap."""

    places: tuple[frozenset[str] | None, ...]
    weight: float
    text: str


def row_of(items: Items, *, names: bool = True) -> Row:
    """What phrases are compared with: symbols and words of the items, with the ends marked.

    Without ``names``, words that are the company's own names are left out.
    """
    middle = (
        frozenset((item.symbol, f"{_FORM}{item.text}", *_said(item, names))) for item in items
    )
    return [frozenset({"<start>"}), *middle, frozenset({"<end>"})]


def _said(item: Item, names: bool) -> tuple[str, ...]:
    """The words behind an item that may count as words of a phrase: of short ones only."""
    if item.words == ("<segments>",):
        return item.words
    if item.symbol in ("<segment>", "<aside>") or getattr(item.value, "kind", "") == "holiday":
        return ()
    if item.symbol == "<stat>":
        said = item.words if len(item.words) <= 2 else ()
        return (f"<{item.value}>", *(w for w in said if w not in _ASKING))
    if len(item.words) > 2 or item.symbol == "<filter>":
        return ()
    if not names and item.symbol in _NAMES:
        return ()
    return tuple(w for w in item.words if w not in _ASKING)


class Phrases:
    """Phrases in groups, found in a message."""

    def __init__(
        self,
        groups: Mapping[str, Mapping[str, Iterable[str]]],
        macros: Mapping[str, str],
        vocabulary: Vocabulary,
    ) -> None:
        self._phrases: list[tuple[str, Phrase]] = []
        # By a word of the first place and one of the second ("" where there is none).
        self._by_words: dict[str, dict[str, list[tuple[str, Phrase]]]] = {}
        for group, strengths in groups.items():
            for strength, texts in strengths.items():
                for text in texts:
                    phrase = _compiled(text, WEIGHTS.get(strength, 1.0), macros, vocabulary)
                    if phrase:
                        self._add(group, phrase)

    def _add(self, group: str, phrase: Phrase) -> None:
        self._phrases.append((group, phrase))
        first, second, *_ = (*filter(None, phrase.places), frozenset({""}))
        for one in first:
            beginning = self._by_words.setdefault(one, {})
            for two in second:
                beginning.setdefault(two, []).append((group, phrase))

    def words(self, group: str) -> frozenset[str]:
        """The words of the phrases that speak for a group."""
        mine = (p for g, p in self._phrases if g == group and p.weight > 0)
        return frozenset(word for p in mine for place in p.places if place for word in place)

    def found(self, row: Row) -> dict[str, list[tuple[Phrase, frozenset[int]]]]:
        """For each group the phrases in a row of symbols, and the items they take."""
        hits: dict[str, list[tuple[Phrase, frozenset[int]]]] = defaultdict(list)
        seen: set[int] = set()
        ends = {0, len(row) - 1}
        for at, words in enumerate(row):
            for group, phrase in self._begun(words, _reached(row, at)):
                if id(phrase) in seen:
                    continue
                places = _fits(phrase.places, row, at)
                if places is not None:
                    seen.add(id(phrase))
                    taken = frozenset(p - 1 for p in places if p not in ends)
                    hits[group].append((phrase, taken))
        return hits

    def _begun(self, words: frozenset[str], said: set[str]) -> Iterator[tuple[str, Phrase]]:
        """The phrases that begin with one of ``words`` and go on with something that is said."""
        for one in words:
            beginning = self._by_words.get(one, {})
            for two in beginning.keys() & said:
                yield from beginning[two]


def _compiled(
    text: str, weight: float, macros: Mapping[str, str], vocabulary: Vocabulary
) -> Phrase | None:
    places: list[frozenset[str] | None] = []
    for piece in text.split():
        if piece == "...":
            places.append(None)
            continue
        words: set[str] = set()
        if "|" not in piece and not _MARK.fullmatch(piece) and piece[0] not in "@=":
            places += [frozenset({form}) for form in _bases(piece, vocabulary)]
            continue
        for word in piece.split("|"):
            expanded = macros[word[1:]].split("|") if word.startswith("@") else [word]
            for form in expanded:
                exact = _MARK.fullmatch(form) or form[0] == _FORM
                forms = (form,) if exact else _bases(form, vocabulary)
                words |= set(forms) if len(forms) == 1 else set()
        places.append(frozenset(words))
    size = sum(place is not None for place in places)
    if not size:
        return None
    more = _PER_WORD * (size - 1) * (1 if weight > 0 else 0)
    return Phrase(tuple(places), weight + more, text)


def _bases(word: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    return base_forms(word, vocabulary) or (word,)


def _reached(row: Row, at: int) -> set[str]:
    """The words the second place of a phrase may find when its first is at ``at``; "" for none."""
    found, gap = {""}, _GAP
    for words in row[at + 1 :]:
        found |= words
        if words.isdisjoint(SKIPPED):
            gap -= 1
            if gap < 0:
                break
    return found


def _fits(places: Sequence[frozenset[str] | None], row: Row, at: int) -> list[int] | None:
    """Where a phrase whose first place is at ``at`` lies in ``row``; None where it does not."""
    taken: list[int] = []
    gap = 0
    for place in places:
        if place is None:
            gap = _GAP
            continue
        while at < len(row) and row[at].isdisjoint(place):
            if row[at].isdisjoint(SKIPPED):
                gap -= 1
                if gap < 0:
                    return None
            at += 1
        if at >= len(row):
            return None
        taken.append(at)
        at, gap = at + 1, 0
    return taken
