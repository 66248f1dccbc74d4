"""Learns the second opinion from the tuning styles: ``python -m tests.unit.questions.learn``.

Follow-ups, messages of several questions and questions to be asked back teach nothing. The styles
held out are never looked at.
"""

from __future__ import annotations

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from bot.questions.gather import gather
from bot.questions.lexicon import Lexicon
from bot.questions.opinion import WEIGHTS, marks
from bot.questions.renames import without_new_name
from bot.questions.scan import items_of
from bot.questions.wording import question
from bot.questions.words import clean, tokens
from tests.unit.questions.cases import cases, lexicon
from tests.unit.questions.score import styles

_STRENGTH = 3.0  # inverse of the penalty


def examples() -> list[tuple[list[str], str]]:
    """The marks of every question that teaches, with its intent; and of our own wordings."""
    known = lexicon()
    found, ours = [], set()
    for case in (case for style in ("design", *styles("dev")) for case in cases(style)):
        first = case.expected[0][0]
        if first.intent == "*":
            continue
        if len(case.expected) == 1 and case.previous is None and first.status != "clarify":
            intent = "out_of_scope" if first.status == "declined" else first.intent
            found.append((_marks(case.text, known), intent))
        if first.status == "understood":
            ours.add((question(first.query(), known), first.intent))
    return found + [(_marks(text, known), intent) for text, intent in sorted(ours)]


def _marks(text: str, known: Lexicon) -> list[str]:
    said = tokens(without_new_name(clean(text)), known.vocabulary)
    items, _ = gather(items_of(said, known), known)
    return sorted(set(marks(items)))


def learn() -> None:
    """Learns from the examples and writes the weights that are not zero."""
    marked, intents = zip(*examples(), strict=True)
    counter = CountVectorizer(analyzer=lambda found: found, min_df=2, binary=True)
    seen = counter.fit_transform(marked)
    names = counter.get_feature_names_out()
    lines = []
    for intent in sorted(set(intents)):
        model = LogisticRegression(solver="liblinear", l1_ratio=1, C=_STRENGTH, random_state=0).fit(
            seen, [one == intent for one in intents]
        )
        lines.append(f"{intent}\t{model.intercept_[0]:.2f}\t")
        weights = zip(names, model.coef_[0], strict=True)
        lines += [f"{intent}\t{w:.2f}\t{name}" for name, w in weights if abs(w) >= 0.01]
    WEIGHTS.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{len(intents)} questions, {len(lines)} weights")


if __name__ == "__main__":
    learn()
