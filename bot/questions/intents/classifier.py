"""How likely each intent is by the words of a question alone: a linear model learnt from examples.

One linear support vector machine for each intent against all others (scikit-learn's `LinearSVC`),
stored as its weights. `python -m tests.unit.questions.learn` learns it. Scores are margins: above
0 speaks for an intent, 1 is clear.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from bot.questions.books import FOLDER
from bot.questions.text.items import Items

WEIGHTS = FOLDER / "classifier.tsv"
FIRST, FOLLOWING = "first", "following"  # two models: a question alone, and in a conversation
OUT_OF_SCOPE = "out_of_scope"
# Not taken by the classifier alone: messages it knows no word of look like these.
_SAYS_NOTHING = frozenset({OUT_OF_SCOPE, "smalltalk", "help"})
_CONSTANT = ""
_SIGNS = frozenset({"?", ".", "!", ",", "\n"})
# So much less likely than another intent that a follow-up is asked back.
_DOUBTED = 0.75
_EVIDENT = 1.0  # of what a word declined, 41 of 41 questions that led by so much were ours
_BEYOND = 0.3  # by so much likelier out of scope, an unsure reading is declined, not asked back


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The margin of an intent, and by how much it is larger than that of any other."""

    score: float
    lead: float


Weights = Mapping[str, Mapping[str, Mapping[str, float]]]  # of each model, of each mark, by intent


def marks(items: Items, after: str | None = None) -> Iterator[str]:
    """What the model sees of a question: words in their base form and as said, pairs of words,
    words with one between them; in a conversation also the intent ``after`` which it is said, and
    each of these with it.
    """
    said = list(_words(items))
    yield from said
    if after:
        yield f"after {after}"
        yield from (f"{after}|{mark}" for mark in said)


def _words(items: Items) -> Iterator[str]:
    said = [
        f"<{item.value}>" if item.symbol == "<stat>" else item.symbol
        for item in items
        if item.symbol not in _SIGNS
    ]
    row = ["<start>", *said, "<end>"]
    yield from row
    for item in items:
        if item.symbol[0] == "<" and len(item.words) <= 2:
            yield from (f"={word}" for word in item.words)
        if item.is_word and item.text != item.symbol:
            yield f"~{item.text}"
    yield from (f"{one} {two}" for one, two in pairwise(row))
    yield from (f"{one} _ {two}" for one, two in zip(row, row[2:], strict=False))


def likelier(items: Items, intent: str, after: str | None = None) -> str | None:
    """An intent (or "out_of_scope") far likelier than ``intent``; None when that may well be it.

    ``after`` is the intent of the question before in the conversation.
    """
    best, likely = _first(items, after)
    other = _scores(items, after)[intent]
    return best if likely.score > max(0, other + _DOUBTED) else None


def likeliest(items: Items, after: str | None = None) -> list[str]:
    """The intents that are likelier than not, of the two likeliest of all; the likelier first."""
    scores = _scores(items, after)
    best = sorted(scores, key=lambda one: -scores[one])[:2]
    return [one for one in best if scores[one] > 0 and one not in _SAYS_NOTHING]


def is_evident(items: Items, after: str | None = None) -> bool:
    """Whether one intent is clearly likelier than any other, and than out of scope."""
    best, likely = _first(items, after)
    return best != OUT_OF_SCOPE and likely.lead > _EVIDENT


def surest(items: Items, after: str, *, score: float, lead: float) -> str | None:
    """The intent with such a margin and lead in a conversation, if it says anything."""
    best, likely = _first(items, after)
    clear = likely.score >= score and likely.lead >= lead
    return best if clear and best not in _SAYS_NOTHING else None


def is_out_of_scope(items: Items, after: str | None = None) -> bool:
    """Whether a question is far likelier out of scope than of any intent."""
    return likelihoods(items, after)[OUT_OF_SCOPE].lead > _BEYOND


def likelihoods(items: Items, after: str | None = None) -> Mapping[str, Likelihood]:
    """Of every intent, and of "out_of_scope", how likely it is."""
    scores = _scores(items, after)
    second, first = sorted(scores.values())[-2:]
    return defaultdict(
        lambda: Likelihood(-first, -first),
        {
            intent: Likelihood(score, score - (second if score == first else first))
            for intent, score in scores.items()
        },
    )


def _first(items: Items, after: str | None) -> tuple[str, Likelihood]:
    """The likeliest of all."""
    return max(likelihoods(items, after).items(), key=lambda one: one[1].score)


@lru_cache(maxsize=16)
def _scores(items: Items, after: str | None = None) -> Mapping[str, float]:
    """Of each intent how likely it is; a question is asked for them several times over."""
    weights = _weights()[FOLLOWING if after else FIRST]
    scores = defaultdict(float, weights[_CONSTANT])
    for mark in dict.fromkeys(marks(items, after)):  # a set would add them up in any order
        for one, weight in weights.get(mark, {}).items():
            scores[one] += weight
    return scores


@cache
def _weights() -> Weights:
    return weights_of(WEIGHTS.read_text("utf-8").splitlines())


def weights_of(lines: Iterable[str]) -> Weights:
    """The weights written as lines ``model <tab> mark <tab> intent:weight ...``."""
    found: dict[str, dict[str, dict[str, float]]] = {FIRST: {}, FOLLOWING: {}}
    for line in lines:
        model, mark, weights = line.split("\t")
        pairs = (pair.split(":") for pair in weights.split())
        found[model][mark] = {intent: float(weight) for intent, weight in pairs}
    return found
