"""Every word we know, the base form of each, and what a misspelt one was meant to be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.questions.books import FOLDER, phrase_book

# What a blank is most often forgotten beside: "ofsegment", "howmany".
_GLUE = frozenset(
    "the of in to is for and on by how what which many seg segment segments customers "
    "average".split()
)


def stem(word: str) -> str:
    """A word without its plural or verb ending, good enough to compare names."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


_ENDINGS = (
    ("ies", "y"), ("es", ""), ("es", "e"), ("s", ""), ("ied", "y"), ("ed", ""), ("ed", "e"),
    ("ing", ""), ("ing", "e"), ("ily", "y"), ("ly", ""), ("ly", "e"), ("iest", "y"), ("est", ""),
    ("est", "e"), ("ier", "y"), ("er", ""), ("er", "e"), ("ness", ""), ("iness", "y"),
    ("n't", ""), ("'s", ""), ("ful", ""), ("less", ""), ("able", ""), ("able", "e"), ("ment", ""),
    ("ship", ""), ("hood", ""), ("ism", ""), ("ist", ""), ("ity", ""), ("ity", "e"), ("ish", ""),
    ("wise", ""), ("like", ""),
)  # fmt: skip


# A word of one short syllable doubles its last letter: "shopper" and not "shoper".
_DOUBLES = re.compile(r"[^aeiou]+[aeiou][^aeiouwxy]")


@cache
def english() -> frozenset[str]:
    """Base forms of common English words."""
    lines = (FOLDER / "english.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def is_english(word: str, depth: int = 2) -> bool:
    """Whether a word, or what is left of it without an ending or two, is common English."""
    if word in english():
        return True
    return depth > 0 and any(is_english(base, depth - 1) for base in _bases(word))


def _bases(word: str) -> Iterator[str]:
    """What a word may be a form of: "stopped" of "stop", "stories" of "story"."""
    for ending, back in _ENDINGS:
        base = word.removesuffix(ending) + back
        if word.endswith(ending) and len(base) > 3:
            if back or ending[0] not in "ei" or not _DOUBLES.fullmatch(base):
                yield base
            if not back and base[-1] == base[-2]:
                yield base[:-1]


class Vocabulary:
    """Every word we know and its base form; repairs the spelling of those we do not."""

    def __init__(self, words: Iterable[str], guarded: Iterable[str] = ()) -> None:
        book = phrase_book("words")
        fillers, around, ordinary = (
            " ".join(book[kind]).split() for kind in ("fillers", "around", "common")
        )
        self._lemma: dict[str, str] = {}
        known = frozenset((*fillers, *around))
        plain = (*ordinary, *fillers, *around)
        for word in plain:
            bases = () if word in book["not_plural"] else (stem(word), *_verbs(word))
            self._add(word, next((b for b in bases if b != word and b in known), word))
        for word in (*words, *guarded):
            self._add(word, stem(word))
        for word in words:
            if len(word) > 3 and not word.endswith("s"):
                self._lemma.setdefault(f"{word}s", self._lemma[word])
        for lemma, forms in book["same"].items():
            for form in (lemma, *forms.split()):
                self._lemma[form] = lemma
                if not form.endswith("s"):
                    self._lemma.setdefault(f"{form}s", lemma)
        self.fillers = frozenset(self._lemma[w] for w in fillers)
        self.around = frozenset(self._lemma[w] for w in around)
        # Repairs go to words of the trade first; common words are there not to be repaired.
        forms = {w for lemma, others in book["same"].items() for w in (lemma, *others.split())}
        common = set(ordinary) - forms - set(fillers)
        foreign = {w for text in phrase_book("declines")["declines"]["languages"]["phrases"]
                   for w in text.split("|")}  # fmt: skip
        rare = {w for w in guarded if len(w) < 6 or w in foreign} - forms - set(words)
        aside = set(around) - forms - set(words)
        # "Pymts" is short for what they mean, not what they meant to type.
        short = {w for w in (forms | set(fillers)) - set(book["same"]) if not is_english(w)}
        short |= {f"{form}s" for form in short}
        spared = common | rare | aside | (short - set(words))
        self._targets = [w for w in self._lemma if len(w) > 2 and w not in spared]
        self._common_targets = [w for w in sorted(common | aside) if len(w) > 4]
        self.ours = frozenset(self._lemma[w] for w in (*words, *book["same"]) if w in self._lemma)
        # A name we do not know is not taken for a word without meaning: "IKEA" for "idea".
        talk = (self.fillers | self.around) - self.ours
        self._talk = frozenset(w for w, lemma in self._lemma.items() if lemma in talk)
        self._repaired: dict[str, tuple[str, ...]] = {}

    def _add(self, word: str, lemma: str) -> None:
        self._lemma.setdefault(word, lemma)
        self._lemma.setdefault(stem(word), lemma)

    def lemma(self, word: str) -> str | None:
        """The base form of a known word; None for an unknown one."""
        found = self._lemma.get(word)
        if found is None and (shorter := _shortened(word)):
            return next((base for base in map(self.lemma, shorter) if base is not None), None)
        if found is None and "'" in word:
            first, rest = word.split("'", 1)
            found = self._lemma.get(first + rest)
            if found is None and rest in _AFTER_APOSTROPHE:
                found = self._lemma.get(first)
        if found is None:
            found = self._lemma.get(stem(word))
        if found is None:
            for ending, back in (("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e"), ("ly", "")):
                if word.endswith(ending) and len(word) - len(ending) > 2:
                    base = word.removesuffix(ending) + back
                    if base not in self._lemma and len(base) > 3 and base[-1] == base[-2]:
                        base = base[:-1]
                    found = self._lemma.get(base)
                    if found is not None:
                        break
        if found is None:
            for ending, full in _CLIPPED:
                if word.endswith(ending) and len(word) > len(full) + 2 and not is_english(word):
                    return self.lemma(word.removesuffix(ending) + full)
        return found

    def repair(self, word: str) -> tuple[str, ...]:
        """The known word, or two, that an unknown one was meant to be; () when there is none."""
        if word not in self._repaired:
            if len(self._repaired) > 20_000:
                self._repaired.clear()
            self._repaired[word] = self._nearest(word)
        return self._repaired[word]

    def _nearest(self, word: str) -> tuple[str, ...]:
        if shorter := _shortened(word):
            return next((meant for meant in map(self._nearest, shorter) if meant), ())
        if not word.isascii() or not 3 <= len(word) <= 24 or is_english(word):
            return ()
        allowed = 1 if len(word) < 6 else 2
        best: tuple[float, str] = (allowed + 0.75, "")
        for targets, handicap in ((self._targets, 0.0), (self._common_targets, 0.3)):
            for target, distance, _ in process.extract(
                word, targets, scorer=OSA.distance, score_cutoff=allowed, limit=40
            ):
                if len(target) < 4 and (len(word) > 4 or target[0] != word[0]):
                    continue
                if len(word) == 3 and sorted(word) != sorted(target) and len(target) == 3:
                    continue
                if distance > 1 and len(word) < 7 and not _shortens(word, target):
                    continue
                if target in self._talk and not (distance == 1 and _slips(word, target)):
                    continue
                cost = distance + handicap - 0.2 * (target[0] == word[0])
                cost -= 0.15 * _shortens(word, target) + 0.1 * (target in self.fillers)
                cost -= 0.4 * (_undoubled(word) == _undoubled(target))
                cost += 0.1 * (sorted(target) != sorted(word)) + 0.01 * abs(len(target) - len(word))
                best = min(best, (cost, target))
        for cut in range(1, len(word)):
            left, right = word[:cut], word[cut:]
            if not {left, right} & _GLUE:
                continue
            known = left in self._lemma and right in self._lemma
            short = len(word) < 6 and {left, right} <= self.fillers
            if known and not short and len(right) > 1 and best[0] > 0.95:
                return (left, right)
        return (best[1],) if best[1] else ()


def slipped(word: str, meant: tuple[str, ...]) -> bool:
    """Whether a word is so clearly a slip of what it is taken for that it cannot be a name."""
    return len(word) > 5 and _slips(word, "".join(meant))


def _verbs(word: str) -> Iterator[str]:
    """What a verb form may be a form of: "getting" of "get", "based" of "base"."""
    for ending in ("ing", "ed"):
        base = word.removesuffix(ending)
        if base != word and len(base) > 2:
            yield from (base + "e", base)
            if base[-1] == base[-2]:
                yield base[:-1]


_AFTER_APOSTROPHE = frozenset({"s", "re", "ve", "ll", "d", "m", "t"})
# "Spendin" and "segz".
_CLIPPED = (("in'", "ing"), ("in", "ing"), ("z", "s"))
# A letter drawn out, as in "plsss" and "sooo".
_LENGTHENED = re.compile(r"([a-z])\1\1+")


def _shortened(word: str) -> tuple[str, ...]:
    """What a word with a drawn-out letter may be: the letter doubled, or single; else nothing."""
    if len(word) < 4 or not _LENGTHENED.search(word):
        return ()
    return _LENGTHENED.sub(r"\1\1", word), _LENGTHENED.sub(r"\1", word)


def _undoubled(word: str) -> str:
    """The word with every double letter made single."""
    return "".join(c for n, c in enumerate(word) if not n or c != word[n - 1])


def _slips(word: str, target: str) -> bool:
    """Whether letters of ``target`` were swapped, doubled or left out, and none was replaced."""
    return sorted(word) == sorted(target) or _shortens(word, target) or _shortens(target, word)


def _shortens(word: str, target: str) -> bool:
    """Whether ``word`` is ``target`` with letters left out."""
    letters = iter(target)
    return all(letter in letters for letter in word)
