"""Learns the classifier of intents: ``python -m tests.unit.questions.learn``.

From the tuning styles, and from the messages of ``asked``, of which only the intent is written
down. One model for questions alone, one for those in a conversation. Messages of several questions
and questions to be asked back teach nothing. The styles held out are never looked at.
"""

from __future__ import annotations

from collections.abc import Container
from functools import cache

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.svm import LinearSVC

from bot.questions.intents.classifier import FIRST, FOLLOWING, OUT_OF_SCOPE, WEIGHTS, marks
from bot.questions.intents.wording import question
from bot.questions.slots.gather import gather
from bot.questions.text.words import clean, tokens
from bot.questions.things.renames import without_new_name
from bot.questions.things.scan import items_of
from tests.unit.questions.cases import cases, lexicon
from tests.unit.questions.examples import Asked, asked, authors
from tests.unit.questions.score import styles

_STRENGTH = 0.1  # inverse of the penalty; 0.05 to 0.5 are as good
_SMALLEST = 0.05  # weights below are left out
_EVERY = 4  # a question alone in so many is taught as one said in a conversation too


def of_cases(model: str) -> list[Asked]:
    """The questions of the tuning styles that teach a model; for questions alone also our own
    wordings.
    """
    known = lexicon()
    found, ours, before = [], set(), None
    for case in (case for style in ("design", *styles("dev")) for case in cases(style)):
        first = case.expected[0][0]
        if first.intent == "*":
            continue
        after = case.previous.intent if case.previous else None
        if model == FOLLOWING and after is None and case.line % _EVERY == 0:
            after = before
        before = first.intent if first.status == "understood" else before
        teaches = len(case.expected) == 1 and bool(after) == (model == FOLLOWING)
        if teaches and first.status != "clarify":
            intent = OUT_OF_SCOPE if first.status == "declined" else first.intent
            found.append(Asked(case.text, intent, after))
        if first.status == "understood" and model == FIRST:
            ours.add((question(first.query(), known), first.intent))
    return found + [Asked(text, intent, None) for text, intent in sorted(ours)]


@cache
def _marks(one: Asked) -> tuple[str, ...]:
    known = _lexicon()
    said = tokens(without_new_name(clean(one.text)), known.vocabulary)
    items, _ = gather(items_of(said, known), known)
    return tuple(sorted(set(marks(items, one.after))))


_lexicon = cache(lexicon)


def learn(model: str, without: Container[str] = ()) -> list[str]:
    """The weights of a model as lines; ``without`` are authors of ``asked`` it is not to see."""
    told = [one for author in authors() if author not in without for one in asked(author)]
    found = of_cases(model) + [one for one in told if bool(one.after) == (model == FOLLOWING)]
    counter = CountVectorizer(analyzer=lambda seen: seen, min_df=2, binary=True)
    seen = counter.fit_transform([_marks(one) for one in found])
    fitted = LinearSVC(C=_STRENGTH, random_state=0).fit(seen, [one.intent for one in found])
    rows = [
        ("", fitted.intercept_),
        *zip(counter.get_feature_names_out(), fitted.coef_.T, strict=True),
    ]
    lines = []
    for mark, weights in rows:
        large = [
            f"{intent}:{weight:.2f}"
            for intent, weight in zip(fitted.classes_, weights, strict=True)
            if abs(weight) >= _SMALLEST or not mark
        ]
        if large:
            lines.append(f"{model}\t{mark}\t{' '.join(large)}")
    print(f"{model}: {len(found)} questions, {len(lines)} marks")
    return lines


if __name__ == "__main__":
    lines = [line for model in (FIRST, FOLLOWING) for line in learn(model)]
    WEIGHTS.write_text("\n".join(lines) + "\n", "utf-8")
