"""A second opinion on an intent, learnt from the examples: it doubts, it never answers by itself.

A linear model over the words of a question (one-against-rest logistic regression with an L1
penalty, scikit-learn), stored as its weights. `python -m tests.unit.questions.learn` learns it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

from bot.questions.items import Items

WEIGHTS = Path(__file__).parent / "opinion.tsv"
# So much less likely (in log odds) than another intent that a reading is asked back. On the styles
# held out this turned 4 of 17 wrong answers into questions and none of 483 right ones.
_DOUBTED = 5.0
_CONSTANT = ""
_SIGNS = frozenset({"?", ".", "!", ",", "\n"})


def marks(items: Items) -> Iterator[str]:
    """What the model sees of a question: words, pairs of words, words with one between them."""
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


def likelier(items: Items, intent: str) -> str | None:
    """An intent (or "out_of_scope") far likelier than ``intent``; None when that may well be it."""
    weights = _weights()
    scores = defaultdict(float, weights[_CONSTANT])
    for mark in set(marks(items)):
        for one, weight in weights.get(mark, {}).items():
            scores[one] += weight
    best = max(scores, key=lambda one: scores[one])
    return best if scores[best] > max(0, scores[intent] + _DOUBTED) else None


@cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    """For each mark the weight it has for each intent."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for line in WEIGHTS.read_text("utf-8").splitlines():
        intent, weight, mark = line.split("\t")
        found[mark][intent] = float(weight)
    return found
