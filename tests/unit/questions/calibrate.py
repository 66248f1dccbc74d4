"""Fits the weights of confidence: ``python -m tests.unit.questions.calibrate STYLE...``.

Of use are styles the reading was not tuned on, such as new ones before anything is learnt from
them. Printed are the constant and the weights for `candidates.py`, and what they would have
answered: each style is judged by weights fitted on the others.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from sklearn.linear_model import LogisticRegression

from bot.questions.intents import opinion
from bot.questions.intents.candidates import SURE, Context, evidence, ranked
from bot.questions.intents.settle import settled
from bot.questions.messages.split import parts
from bot.questions.slots.gather import gather
from bot.questions.text.clean import clean
from bot.questions.text.words import tokens
from bot.questions.things.corrections import corrected
from bot.questions.things.renames import without_new_name
from bot.questions.things.scan import items_of
from bot.questions.times.calendar import Calendar
from tests.unit.questions.cases import TODAY, cases, lexicon

_MOST = 4  # candidates of a question that teach


@dataclass(frozen=True)
class Example:
    """A candidate of a question: what speaks for it, and whether it is what was meant."""

    style: str
    question: int
    seen: tuple[float, ...]
    right: bool


def examples(style: str) -> Iterator[Example]:
    """Those of the single, first questions of a style."""
    known = lexicon()
    calendar = Calendar(known.snapshots, TODAY)
    for case in (c for c in cases(style) if c.previous is None and len(c.expected[0]) == 1):
        text = clean(case.text)
        said = items_of(tokens(without_new_name(text), known.vocabulary), known)
        asked = parts(corrected(said), known, lambda *_: False)
        if len(asked) > 1:
            continue
        items, slots = gather(asked[0], known)
        found = ranked(items, slots, Context(text, known, calendar, None))
        leads = opinion.leads(items, {c.query.intent for c in found})
        for one in found[:_MOST]:
            seen = evidence(one, found, items, slots, leads[one.query.intent])
            reading = settled(one.query, slots, 1.0, (), known)
            yield Example(style, case.line, seen, case.fits((reading,)))


def fitted(of: list[Example]) -> LogisticRegression:
    """The regression of being right on the evidence."""
    return LogisticRegression(max_iter=1000).fit([e.seen for e in of], [e.right for e in of])


if __name__ == "__main__":
    found = [example for style in sys.argv[1:] for example in examples(style)]
    right = wrong = 0
    for style in sys.argv[1:]:
        model = fitted([e for e in found if e.style != style])
        mine = [e for e in found if e.style == style]
        likely = model.predict_proba([e.seen for e in mine])[:, 1]
        best: dict[int, tuple[float, bool]] = {}
        for example, chance in zip(mine, likely, strict=True):
            best[example.question] = max(
                best.get(example.question, (0.0, False)), (chance, example.right)
            )
        right += sum(is_right for chance, is_right in best.values() if chance >= SURE)
        wrong += sum(not is_right for chance, is_right in best.values() if chance >= SURE)
    asked = len({(e.style, e.question) for e in found})
    print(f"{asked} questions: answered right {right}, wrong {wrong}")
    model = fitted(found)
    print(f"constant {model.intercept_[0]:.2f}, weights", model.coef_[0].round(2).tolist())
