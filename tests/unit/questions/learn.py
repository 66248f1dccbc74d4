"""Learns the second opinion from the tuning styles: ``python -m tests.unit.questions.learn``.

One model for questions alone, one for those in a conversation. Messages of several questions and
questions to be asked back teach nothing. The styles held out are never looked at.
"""

from __future__ import annotations

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from bot.questions.intents.opinion import FIRST, FOLLOWING, WEIGHTS, marks
from bot.questions.intents.wording import question
from bot.questions.slots.gather import gather
from bot.questions.text.words import clean, tokens
from bot.questions.things.lexicon import Lexicon
from bot.questions.things.renames import without_new_name
from bot.questions.things.scan import items_of
from tests.unit.questions.cases import cases, lexicon
from tests.unit.questions.score import styles

_STRENGTH = 3.0  # inverse of the penalty
_EVERY = 4  # a question alone in so many is taught as one said in a conversation too


Examples = list[tuple[list[str], str]]


def examples(model: str) -> Examples:
    """The marks of every question that teaches a model, with its intent; for questions alone also
    our own wordings.
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
            intent = "out_of_scope" if first.status == "declined" else first.intent
            found.append((_marks(case.text, known, after), intent))
        if first.status == "understood" and model == FIRST:
            ours.add((question(first.query(), known), first.intent))
    return found + [(_marks(text, known), intent) for text, intent in sorted(ours)]


def _marks(text: str, known: Lexicon, after: str | None = None) -> list[str]:
    said = tokens(without_new_name(clean(text)), known.vocabulary)
    items, _ = gather(items_of(said, known), known)
    return sorted(set(marks(items, after)))


def learn(model: str) -> list[str]:
    """The weights of a model that are not zero, a line each."""
    marked, intents = zip(*examples(model), strict=True)
    counter = CountVectorizer(analyzer=lambda found: found, min_df=2, binary=True)
    seen = counter.fit_transform(marked)
    names = counter.get_feature_names_out()
    lines = []
    for intent in sorted(set(intents)):
        fitted = LogisticRegression(
            solver="liblinear", l1_ratio=1, C=_STRENGTH, random_state=0
        ).fit(seen, [one == intent for one in intents])
        lines.append(f"{model}\t{intent}\t{fitted.intercept_[0]:.2f}\t")
        weights = zip(names, fitted.coef_[0], strict=True)
        lines += [f"{model}\t{intent}\t{w:.2f}\t{name}" for name, w in weights if abs(w) >= 0.01]
    print(f"{model}: {len(intents)} questions, {len(lines)} weights")
    return lines


if __name__ == "__main__":
    lines = [line for model in (FIRST, FOLLOWING) for line in learn(model)]
    WEIGHTS.write_text("\n".join(lines) + "\n", "utf-8")
