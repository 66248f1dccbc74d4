"""Phrases several views share: changes against the usual range, what sets a segment apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from analytics.answers.facts import Comparison, Confidence, FeatureProfile, Size
from analytics.answers.reader import SegmentName
from bot import formats
from bot.formats import people, percent, short_day, signed_percent, value, whole
from bot.reply import Cell
from bot.views.view import value_cell

# Cliff's delta called small, medium and large: Romano, Kromrey, Coraggio & Skowronek 2006.
_EFFECTS = ((0.474, "far"), (0.33, "clearly"), (0.0, "a little"))
# Hennig 2007: 0.75 and more is a stable cluster, 0.85 a highly stable one.
_CONFIDENCE = ((0.85, "firm"), (0.75, "usable"), (0.0, "shaky"))

STATISTICS = {
    "mean": "average",
    "median": "median",
    "sum": "total",
    "min": "lowest",
    "max": "highest",
    "p10": "10th percentile",
    "p25": "25th percentile",
    "p75": "75th percentile",
    "p90": "90th percentile",
    "share": "share of all",
    "zero_share": "share of customers without",
    "index": "index (100 = everyone)",
    "count": "customers",
}

ARTICLES = {
    "mean": "an average of",
    "median": "a median of",
    "sum": "a total of",
    "min": "a lowest value of",
    "max": "a highest value of",
    "p10": "a 10th percentile of",
    "p25": "a 25th percentile of",
    "p75": "a 75th percentile of",
    "p90": "a 90th percentile of",
    "index": "an index (100 = everyone) of",
}


def named(segment: Size | SegmentName) -> str:
    """``segment 2 (Instalment shoppers)``"""
    return formats.segment(segment.segment_id, segment.name)


def segments(asked: Sequence[SegmentName]) -> str:
    """``segment 2 (Instalment shoppers) and segment 3 (One-off buyers)``; "" for none."""
    return formats.joined([named(s) for s in asked]) if asked else ""


def ids(asked: Sequence[Size | SegmentName]) -> str:
    """``2, 3 and 5``"""
    return formats.joined([str(s.segment_id) for s in asked])


def change_since(now: Size, previous: date | None, month_before: date | None, as_of: date) -> str:
    """How a size changed since the week before and four weeks before; "" on the first date."""
    parts = []
    if previous and now.change is not None:
        usual = usual_range(now)
        detail = signed_percent(now.relative_change)
        detail = f" ({detail}{', ' + usual if usual else ''})" if now.change or usual else ""
        parts.append(f"{more_or_fewer(now.change)} on {short_day(previous, as_of)}{detail}")
    if month_before and month_before != previous and now.month_change is not None:
        detail = f" ({signed_percent(now.month_relative_change)})" if now.month_change else ""
        parts.append(
            f"{more_or_fewer(now.month_change)} on {short_day(month_before, as_of)}{detail}"
        )
    return formats.capital(", and ".join(parts))


def more_or_fewer(change: int) -> str:
    """``14 more than``, ``3 fewer than``, ``as many as``"""
    if change == 0:
        return "as many as"
    return f"{whole(abs(change))} {'more' if change > 0 else 'fewer'} than"


def usual_range(size: Size) -> str:
    """Where a weekly change stands against the usual weekly range; "" while that is not known."""
    if size.usual_change is None or size.relative_change is None:
        return ""
    change = abs(size.relative_change)
    side = "within" if change <= size.usual_change else "outside"
    if side == "outside" and percent(change) == percent(size.usual_change):
        side = "just outside"
    return f"{side} the usual weekly range of ±{percent(size.usual_change)}"


def apart(compared: Comparison, currency: str) -> str:
    """One driver: how far from everyone, the medians, and who has none at all."""
    own, everyone = compared.own, compared.everyone
    effect = own.effect or 0.0
    strength = next(word for limit, word in _EFFECTS if abs(effect) >= limit)
    side = "above" if effect > 0 else "below"
    if own.median == everyone.median:
        middle = f"average {_pair('mean', own, everyone, currency)}"
    else:
        middle = f"median {_pair('median', own, everyone, currency)}"
    none = ""
    if abs((own.zero_share or 0) - (everyone.zero_share or 0)) >= 0.05:
        have = f"{percent(own.zero_share)} have none"
        if own.zero_share in (0, 1):
            have = "nobody has any" if own.zero_share else "everybody has some"
        none = f", {have} (of everyone, {percent(everyone.zero_share)} have none)"
    return f"{formats.capital(own.label)} {strength} {side} the rest: {middle}{none}"


def _pair(field: str, own: FeatureProfile, everyone: FeatureProfile, currency: str) -> str:
    mine = value(getattr(own, field), own.unit, currency)
    return f"{mine} (everyone {value(getattr(everyone, field), own.unit, currency)})"


def confidence_words(confidence: Confidence | None) -> str:
    """How far to trust a segment, in one sentence; "" where nothing was measured."""
    if confidence is None:
        return ""
    borderline = f"{percent(confidence.borderline_share)} of its customers are borderline"
    if confidence.jaccard is None:
        return f"not measured in this week's fit; {borderline}"
    word = next(word for limit, word in _CONFIDENCE if confidence.jaccard >= limit)
    same = f"found again among redrawn customers it is {percent(confidence.jaccard)} the same"
    return f"{word}; {same}, and {borderline}"


def rule_words(confidence: Confidence | None) -> str:
    """The rule that picks a segment, with how much to expect of it."""
    if confidence is None or not confidence.rule:
        return ""
    return (
        f"{confidence.rule}. It finds {percent(confidence.rule_recall)} of the segment, and "
        f"{percent(confidence.rule_precision)} of those it finds belong to it"
    )


def of_all(size: Size) -> str:
    """``1,234 customers (13.8 % of all)``"""
    return f"{people(size.customers)} ({percent(size.share)} of all)"


def by_feature(rows: Sequence[FeatureProfile]) -> dict[str, dict[int | None, FeatureProfile]]:
    """Profiles by feature, in order, and by segment; everyone under None."""
    found: dict[str, dict[int | None, FeatureProfile]] = {}
    for row in rows:
        found.setdefault(row.feature, {})[row.segment_id] = row
    return found


def with_article(label: str) -> str:
    """``a balance``, ``an amount``, ``purchases``: what somebody has of a feature."""
    head = re.split(r" (?:with|of|on|in|per|for|from|to|since) ", label)[0].split()
    if any(word.endswith("s") and not word.endswith("ss") for word in head):
        return label
    vowel = label[:1].lower() in "aeio" or re.match(r"u(?!ni|se|ti)", label, re.IGNORECASE)
    return f"{'an' if vowel else 'a'} {label}"


def _unit(row: FeatureProfile, statistic: str) -> str:
    if statistic in ("share", "zero_share"):
        return "share"
    return "number" if statistic in ("index", "count") else row.unit


def statistic_value(row: FeatureProfile, statistic: str, currency: str) -> str:
    """A statistic in its unit."""
    return value(row.statistic(statistic), _unit(row, statistic), currency)


def statistic_cell(row: FeatureProfile, statistic: str, currency: str) -> Cell:
    """A statistic as a table cell."""
    return value_cell(row.statistic(statistic), _unit(row, statistic), currency)
