"""A second opinion on an intent, learnt from the examples: it doubts, it never answers by itself.

A linear model over the words of a question (one-against-rest logistic regression with an L1
penalty, scikit-learn), stored as its weights. `python -m tests.unit.questions.learn` learns it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import pairwise

from bot.questions.books import FOLDER
from bot.questions.text.items import Items

WEIGHTS = FOLDER / "opinion.tsv"
# So much less likely (in log odds) than another intent that a reading is asked back. On the styles
# held out this turns about a quarter of the wrong answers into questions, and hardly a right one.
_DOUBTED = 5.0
FIRST, FOLLOWING = "first", "following"  # two models: a question alone, and in a conversation
OUT_OF_SCOPE = "out_of_scope"
_BEYOND = 2.0  # by so much likelier out of scope, an unsure reading is declined, not asked back
_CONSTANT = ""
_SIGNS = frozenset({"?", ".", "!", ",", "\n"})


def marks(items: Items, after: str | None = None) -> Iterator[str]:
    """What the model sees of a question: words, pairs of words, words with one between them; in a
    conversation also the intent ``after`` which it is said, and each of these with it.
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
    yield from (f"{one} {two}" for one, two in pairwise(row))
    yield from (f"{one} _ {two}" for one, two in zip(row, row[2:], strict=False))


def likelier(items: Items, intent: str, after: str | None = None) -> str | None:
    """An intent (or "out_of_scope") far likelier than ``intent``; None when that may well be it.

    ``after`` is the intent of the question before in the conversation.
    """
    scores = _scores(items, after)
    best = max(scores, key=lambda one: scores[one])
    return best if scores[best] > max(0, scores[intent] + _DOUBTED) else None


def is_out_of_scope(items: Items, after: str | None = None) -> bool:
    """Whether a question is far likelier out of scope than of any intent."""
    (lead,) = leads(items, [OUT_OF_SCOPE], after).values()
    return lead > _BEYOND


def leads(items: Items, intents: Iterable[str], after: str | None = None) -> dict[str, float]:
    """By how much (in log odds) each of ``intents`` is likelier than any other intent."""
    scores = _scores(items, after)
    best = sorted(scores.values())[-2:]
    return {
        one: scores[one] - (best[0] if scores[one] == best[-1] else best[-1]) for one in intents
    }


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
def _weights() -> Mapping[str, Mapping[str, Mapping[str, float]]]:
    """Of each model, for each mark the weight it has for each intent."""
    found: dict[str, dict[str, dict[str, float]]] = {
        model: defaultdict(dict) for model in (FIRST, FOLLOWING)
    }
    for line in WEIGHTS.read_text("utf-8").splitlines():
        model, intent, weight, mark = line.split("\t")
        found[model][mark][intent] = float(weight)
    return found
