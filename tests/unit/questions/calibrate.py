"""Fits the weights of confidence: ``python -m tests.unit.questions.calibrate``.

On the messages of ``asked``, which the phrases were never tuned on; those of each author are
weighed by a classifier that has not seen them. Printed are the constant and the weights for
`candidates.py`, and what they would have answered: each author is judged by weights fitted on the
others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sklearn.linear_model import LogisticRegression

from bot.questions.intents import classifier
from bot.questions.intents.candidates import Context, evidence, ranked
from bot.questions.intents.classifier import FIRST, FOLLOWING
from bot.questions.intents.declines import declines_of
from bot.questions.messages.split import parts
from bot.questions.slots.gather import gather
from bot.questions.text.clean import clean
from bot.questions.text.words import tokens
from bot.questions.things.corrections import corrected
from bot.questions.things.renames import without_new_name
from bot.questions.things.scan import items_of
from bot.questions.times.calendar import Calendar
from tests.unit.questions.cases import TODAY, lexicon
from tests.unit.questions.examples import asked, authors
from tests.unit.questions.learn import learn

_MOST = 4  # candidates of a question that teach


@dataclass(frozen=True)
class Example:
    """A candidate of a question: what speaks for it, and whether it is what was meant."""

    author: str
    question: str
    seen: tuple[float, ...]
    right: bool


def examples(author: str) -> Iterator[Example]:
    """Those of the single questions an author asks first."""
    known = lexicon()
    calendar = Calendar(known.snapshots, TODAY)
    lines = [*learn(FIRST, without={author}), f"{FOLLOWING}\t\t"]
    weights = classifier.weights_of(lines)
    classifier._weights = lambda: weights  # what this author's messages are weighed by
    classifier._scores.cache_clear()
    for one in (one for one in asked(author) if one.after is None):
        text = clean(one.text)
        said = items_of(tokens(without_new_name(text), known.vocabulary), known)
        found = parts(corrected(said), known, lambda *_: False)
        if len(found) > 1 or declines_of(known.vocabulary).match(found[0]):
            continue
        items, slots = gather(found[0], known)
        candidates = ranked(items, slots, Context(text, known, calendar, None))
        likely = classifier.likelihoods(items)
        for c in candidates[:_MOST]:
            seen = evidence(c, candidates, slots, likely[c.query.intent])
            yield Example(author, one.text, seen, c.query.intent == one.intent)


def fitted(of: list[Example]) -> LogisticRegression:
    """The regression of being right on the evidence."""
    return LogisticRegression(max_iter=1000).fit([e.seen for e in of], [e.right for e in of])


if __name__ == "__main__":
    found = [example for author in authors() for example in examples(author)]
    best: list[tuple[float, bool]] = []
    for author in authors():
        model = fitted([e for e in found if e.author != author])
        mine = [e for e in found if e.author == author]
        chances = model.predict_proba([e.seen for e in mine])[:, 1]
        likeliest: dict[str, tuple[float, bool]] = {}
        for example, chance in zip(mine, chances, strict=True):
            one = (float(chance), example.right)
            likeliest[example.question] = max(likeliest.get(example.question, (0.0, False)), one)
        best += likeliest.values()
    for sure in (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8):
        answered = [right for chance, right in best if chance >= sure]
        wrong = answered.count(False)
        print(f"from {sure}: of {len(best)}, {len(answered)} answered, {wrong} with a wrong intent")
    model = fitted(found)
    print(f"constant {model.intercept_[0]:.2f}, weights", model.coef_[0].round(2).tolist())
