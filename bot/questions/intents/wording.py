"""A query in words: the questions behind option buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analytics.model import Condition, Query
from bot.questions.books import phrase_book
from bot.questions.reading import Option
from bot.questions.things.lexicon import Lexicon

LABEL_LENGTH = 60
# Of the model as a whole, and of segments, by what is asked of it.
_MODEL = {
    "": ("how were the segments made", "how sure are we about {}"),
    "stability": ("how stable are the segments", "how stable is {}"),
    "freshness": ("how fresh is the data", "how fresh is the data of {}"),
    "silhouette": ("what is the silhouette", "silhouette of {}"),
    "inputs": ("is age or gender used in the model", "is age or gender used in {}"),
}
_STATISTICS = {"mean": "average", "sum": "total", "p90": "90th percentile", "zero_share": "% zero",
               "p10": "10th percentile", "p25": "25th percentile", "p75": "75th percentile",
               "min": "minimum", "max": "maximum", "count": "how many"}  # fmt: skip


def listed(words: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def question(query: Query, lexicon: Lexicon) -> str:
    """The question that asks exactly for a query, in plain words."""
    if query.intent == "sql":
        return f"sql {query.sql}" if query.sql else "show the sql"
    about: Mapping[str, Mapping[str, str]] = phrase_book("intents")["intents"]
    segments = _segments(query.segments)
    features = listed([_label(name, lexicon) for name in query.features])
    filters = listed([_condition(c, lexicon) for c in query.filter])
    slots = {
        "segments": segments or "every segment",
        "segments_beside": _beside(query, segments),
        "segments_in": f" in {segments}" if segments else "",
        "features": features,
        "features_on": f" on {_statistic(query)}{features}" if features else "",
        "features_in": f" in {features}" if features else "",
        "features_or_size": features or "size",
        "statistic": _statistic(query),
        "rank": _rank(query),
        "moved": _moved(query),
        "from": "" if query.from_segment is None else f" from segment {query.from_segment}",
        "to": "" if query.to_segment is None else f" to segment {query.to_segment}",
        "filter": f" with {filters}" if filters else "",
        "filter_for": f" for customers with {filters}" if filters else "",
        "number": f"{query.top} " if query.top else "",
        "ranked": f"{'bottom' if query.order == 'asc' else 'top'} " if query.order else "",
        "features_by": f" by {features}" if features else "",
        "money": _money(query.features, features),
        "near": "borderline " if query.term == "borderline" else "",
        "like": f" like {query.customer}" if query.customer else "",
        "trait": _trait(query.trait, lexicon),
        "customer": query.customer or "a customer",
        "offer": f"the {query.offer}" if query.offer else "",
        "to_name": f" to {query.name}" if query.name else "",
        "exported": _exported(query, segments, features),
        "model": _MODEL.get(query.term or "", _MODEL[""])[bool(segments)].format(segments),
        "word": features or query.term or "a word",
    }
    title = about[query.intent]["title"] if query.intent in about else "help"
    return (
        " ".join(title.format(**slots).split())
        + _when(query)
        + (" as a chart" if query.chart else "")
    )


def _money(names: Sequence[str], said: str) -> str:
    if not names:
        return ""
    return " in dollars" if names == ("PURCHASES",) else f" in {said}"


def _beside(query: Query, segments: str) -> str:
    alone = len(query.segments) == 1 and query.as_of is None
    return f"{segments} with everyone" if alone else segments or "every segment"


def _exported(query: Query, segments: str, features: str) -> str:
    if not (query.order and query.top):
        return segments or "every segment"
    end = "bottom" if query.order == "asc" else "top"
    of = f" of {segments}" if segments else ""
    return f"the {end} {query.top} customers by {features}{of}"


def _statistic(query: Query) -> str:
    if query.statistic is None:
        return ""
    return f"{_STATISTICS.get(query.statistic, query.statistic)} "


def _rank(query: Query) -> str:
    if query.segments:
        order = " from lowest to highest" if query.order == "asc" else ""
        return f"rank {_segments(query.segments)}{order}"
    if query.top is None:
        return "rank segments" if query.order != "asc" else "segments from lowest to highest"
    return f"{'bottom' if query.order == 'asc' else 'top'} {query.top} segments"


def _moved(query: Query) -> str:
    if query.term not in ("left", "joined"):
        whole = query.from_segment is None and query.to_segment is None
        return "biggest moves" if query.order == "desc" and whole else "who moved"
    if query.order:
        verb = "loses" if query.term == "left" else "gains"
        return f"which segment {verb} the {'fewest' if query.order == 'asc' else 'most'} customers"
    return f"how many customers {query.term} us"


def _when(query: Query) -> str:
    words = f" over the last {query.weeks} weeks" if query.weeks else ""
    words += f" since {query.since:%d %b %Y}" if query.since else ""
    return words + (f" on {query.as_of:%d %b %Y}" if query.as_of else "")


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


def _trait(name: str | None, lexicon: Lexicon) -> str:
    return lexicon.traits[name].label if name and name in lexicon.traits else name or "trait"


def _condition(condition: Condition, lexicon: Lexicon) -> str:
    label = _label(condition.feature, lexicon)
    if isinstance(condition.value, tuple):
        return f"{label} between {condition.value[0]:g} and {condition.value[1]:g}"
    return f"{label} {condition.op} {condition.value:g}"
