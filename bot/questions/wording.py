"""A query in words: the questions behind option buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analytics.model import Condition, Query
from bot.questions.lexicon import Lexicon
from bot.questions.reading import Option
from bot.questions.words import phrase_book

LABEL_LENGTH = 60
_STATISTICS = {"mean": "average", "sum": "total", "p90": "90th percentile", "zero_share": "% zero",
               "p10": "10th percentile", "p25": "25th percentile", "p75": "75th percentile",
               "min": "minimum", "max": "maximum", "count": "how many"}  # fmt: skip


def listed(words: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def question(query: Query, lexicon: Lexicon) -> str:
    """The question that asks exactly for a query, in plain words."""
    if query.intent == "sql" and query.sql:
        return f"sql {query.sql}"
    about: Mapping[str, Mapping[str, str]] = phrase_book("intents")["intents"]
    segments = _segments(query.segments)
    features = listed([_label(name, lexicon) for name in query.features])
    on_features = f" on {features}" if features else ""
    filters = listed([_condition(c, lexicon) for c in query.filter])
    slots = {
        "segments": segments or "every segment",
        "segments_in": f" in {segments}" if segments else "",
        "features": on_features
        if query.intent in ("compare_segments", "segment_trend")
        else features,
        "features_or_size": features or "size",
        "statistic": f"{_STATISTICS.get(query.statistic, query.statistic)} "
        if query.statistic
        else "",
        "from": f" from segment {query.from_segment}" if query.from_segment is not None else "",
        "to": f" to segment {query.to_segment}" if query.to_segment is not None else "",
        "filter": f" with {filters}" if filters else "",
        "trait": query.trait or "trait",
        "customer": query.customer or "a customer",
        "offer": (f" and who gets the {query.offer}" if segments else f"the {query.offer} to")
        if query.offer
        else "",
        "word": features or query.term or "a word",
    }
    return about[query.intent]["title"].format(**slots) if query.intent in about else "help"


def option(query: Query, lexicon: Lexicon, label: str = "") -> Option:
    """A button that asks a query."""
    asked = question(query, lexicon)
    label = label or asked[:1].upper() + asked[1:]
    if len(label) > LABEL_LENGTH:
        label = label[: LABEL_LENGTH - 1].rstrip() + "…"
    return Option(label, query, asked)


def _segments(segments: Sequence[int]) -> str:
    numbers = [str(s) for s in segments]
    return f"segment{'s' if len(numbers) > 1 else ''} {listed(numbers)}" if numbers else ""


def _label(name: str, lexicon: Lexicon) -> str:
    return lexicon.features[name].label if name in lexicon.features else name


def _condition(condition: Condition, lexicon: Lexicon) -> str:
    label = _label(condition.feature, lexicon)
    if isinstance(condition.value, tuple):
        return f"{label} between {condition.value[0]:g} and {condition.value[1]:g}"
    return f"{label} {condition.op} {condition.value:g}"
