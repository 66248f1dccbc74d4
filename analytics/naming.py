"""Names and descriptions of segments, in plain words, from what makes them different."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np
import pandas as pd

from analytics.model import Feature, Unit

# A word is used only where every test after it holds: "FEATURE statistic op bound", the statistics
# being those of the profile table, and of_purchases the mean over that of PURCHASES. Romano et al.
# (2006) call a Cliff's delta of .33 medium and one of .15 small. The first that holds is the name.
_CARD_NAMES = (
    ("Cards without payments", "PAYMENTS zero_share >= .9"),
    ("Dormant cards", "PURCHASES zero_share >= .75; CASH_ADVANCE zero_share >= .75"),
    (
        "Cash-advance revolvers",
        "CASH_ADVANCE effect >= .33; CASH_ADVANCE zero_share <= .25; PURCHASES effect <= -.33; "
        "PRC_FULL_PAYMENT mean <= .15; PRC_FULL_PAYMENT index_vs_all <= 75",
    ),
    (
        "Cash-and-shopping revolvers",
        "CASH_ADVANCE effect >= .33; CASH_ADVANCE zero_share <= .25; PURCHASES zero_share <= .25; "
        "PRC_FULL_PAYMENT mean <= .15; PRC_FULL_PAYMENT index_vs_all <= 75",
    ),
    ("Cash-advance users", "CASH_ADVANCE effect >= .33; CASH_ADVANCE zero_share <= .5"),
    ("Big spenders", "PURCHASES effect >= .5; PURCHASES index_vs_all >= 200"),
    ("Full payers", "PRC_FULL_PAYMENT mean >= .5; PRC_FULL_PAYMENT effect >= .33"),
    (
        "Instalment shoppers",
        "INSTALLMENTS_PURCHASES effect >= .15; INSTALLMENTS_PURCHASES zero_share <= .25; "
        "INSTALLMENTS_PURCHASES of_purchases >= .6",
    ),
    (
        "One-off buyers",
        "ONEOFF_PURCHASES effect >= .15; ONEOFF_PURCHASES zero_share <= .25; "
        "ONEOFF_PURCHASES of_purchases >= .6",
    ),
    (
        "All-round shoppers",
        "PURCHASES effect >= .15; ONEOFF_PURCHASES zero_share <= .5; "
        "INSTALLMENTS_PURCHASES zero_share <= .5",
    ),
    ("Little-used cards", "PURCHASES index_vs_all <= 60; CASH_ADVANCE index_vs_all <= 60"),
    ("Revolvers", "BALANCE effect >= .15; PRC_FULL_PAYMENT mean <= .15"),
)
# Put before a name that several segments would share.
_CARD_ADJECTIVES = (
    ("Full-paying", "PRC_FULL_PAYMENT mean >= .3; PRC_FULL_PAYMENT effect >= .15"),
    ("High-balance", "BALANCE effect >= .33; BALANCE index_vs_all >= 120"),
    ("Low-balance", "BALANCE effect <= -.33; BALANCE index_vs_all <= 80"),
    ("High-limit", "CREDIT_LIMIT effect >= .15; CREDIT_LIMIT index_vs_all >= 110"),
    ("Low-limit", "CREDIT_LIMIT effect <= -.15; CREDIT_LIMIT index_vs_all <= 90"),
)
_COMPARE = {">=": operator.ge, "<=": operator.le}
_SMALL_EFFECT = 0.15


@dataclass(frozen=True, slots=True)
class SegmentName:
    """A short name and one sentence with the numbers behind it."""

    name: str
    description: str


def name_segments(
    profile: pd.DataFrame,
    features: Sequence[Feature],
    known: Mapping[int, str] | None = None,
    *,
    currency: str = "$",
) -> dict[int, SegmentName]:
    """A true, unique name and a description for every segment of a profile table.

    Card features are named in the words of the trade, any other columns by what is high and low.
    A segment in ``known`` keeps its name; every other name differs from all of ``known``.

    Parameters
    ----------
    profile : as `profiles.profile_table` gives it.
    known : names in use, by segment.
    """
    known = known or {}
    used = {name.casefold() for name in known.values()}
    segments = _Segments(profile, features)
    nouns = Counter(segments.noun(segment)[0] for segment in segments.ids)
    result = {}
    for segment in segments.ids:
        name = known.get(segment)
        if name is None:
            shared = nouns[segments.noun(segment)[0]] > 1
            names = list(segments.names(segment, shared))
            numbered = (f"{names[0]}, group {number}" for number in count(segment))
            name = next(n for n in chain(names, numbered) if n.casefold() not in used)
            used.add(name.casefold())
        result[segment] = SegmentName(name, segments.description(segment, currency))
    return result


class _Segments:
    """A profile table as names and sentences are made from it."""

    def __init__(self, profile: pd.DataFrame, features: Sequence[Feature]) -> None:
        described = set(profile["feature"])
        self.features = {f.name: f for f in features if f.name in described}
        self.ids = [int(segment) for segment in np.unique(profile["segment_id"]) if segment != 0]
        statistics = ("mean", "zero_share", "index_vs_all", "effect")
        self.value: dict[tuple[int, str, str], float] = {}
        for row in profile.to_dict("records"):
            for statistic in statistics:
                key = int(row["segment_id"]), str(row["feature"]), statistic
                self.value[key] = float(row[statistic])
        self.effects = {
            name: np.array([self.value[segment, name, "effect"] for segment in self.ids])
            for name in self.features
        }

    def names(self, segment: int, shared: bool) -> Iterator[str]:
        """True names of a segment, the best first; ``shared``: other segments have its noun."""
        noun, _ = self.noun(segment)
        drivers = [self._high_or_low(segment, name) for name in self._drivers(segment)]
        if noun:
            specific = [
                f"{adjective} {noun[0].lower()}{noun[1:]}"
                for adjective, tests in _CARD_ADJECTIVES
                if self._holds(segment, tests)
            ]
            yield from [*specific, noun] if shared else [noun, *specific]
            yield from (f"{noun} with {driver}" for driver in drivers)
        drivers = drivers[:1] + [driver for driver in drivers[1:] if not driver.startswith("no ")]
        for many in (2, 1, 3, 4):
            if many <= len(drivers):
                phrase = ", ".join(drivers[:many])
                yield phrase[0].upper() + phrase[1:]
        if not drivers:
            yield "Average customers"

    def noun(self, segment: int) -> tuple[str, str]:
        """The first card name that holds and its tests, or two empty texts."""
        return next((pair for pair in _CARD_NAMES if self._holds(segment, pair[1])), ("", ""))

    def description(self, segment: int, currency: str) -> str:
        """One sentence: the averages behind the noun, then the strongest drivers, three in all."""
        _, tests = self.noun(segment)
        behind = [test.split()[0] for test in tests.split("; ") if test]
        parts: list[str] = []
        for name in list(dict.fromkeys([*behind, *self._drivers(segment)]))[:3]:
            feature = self.features[name]
            own, all_ = (
                amount(self.value[s, name, "mean"], feature.unit, currency) for s in (segment, 0)
            )
            parts.append(f"{feature.label} {own} against {all_}{'' if parts else ' for everyone'}")
        if not parts:
            return "Close to the average in everything."
        return f"On average: {'; '.join(parts)}."

    def _holds(self, segment: int, tests: str) -> bool:
        for test in tests.split("; "):
            name, statistic, op, bound = test.split()
            if name not in self.features:
                return False
            if statistic == "of_purchases":
                part, whole = (self.value[segment, n, "mean"] for n in (name, "PURCHASES"))
                value = part / whole if whole > 0 else 0.0
            else:
                value = self.value[segment, name, statistic]
            if not _COMPARE[op](value, float(bound)):
                return False
        return True

    def _drivers(self, segment: int) -> list[str]:
        """Features that set a segment apart, the strongest first, one of each group that tells the
        same story in every segment; amounts before counts and frequencies.
        """

        def strength(name: str) -> float:
            bonus = 0.1 if self.features[name].unit == "money" else 0.0
            return abs(self.value[segment, name, "effect"]) + bonus

        chosen: list[str] = []
        for name in sorted(self.features, key=strength, reverse=True):
            effect = self.value[segment, name, "effect"]
            more = self.value[segment, name, "mean"] - self.value[0, name, "mean"]
            if abs(effect) < _SMALL_EFFECT or not effect * more > 0:
                continue
            if not any(self._same_story(name, other) for other in chosen):
                chosen.append(name)
        return chosen

    def _same_story(self, name: str, other: str) -> bool:
        a, b = self.effects[name], self.effects[other]
        size = float(np.linalg.norm(a) + np.linalg.norm(b))
        return float(np.linalg.norm(a - b)) < 0.2 * size

    def _high_or_low(self, segment: int, name: str) -> str:
        label = self.features[name].label
        more, less = (
            ("many", "few") if label.startswith(("number of ", "months ")) else ("high", "low")
        )
        if self.value[segment, name, "zero_share"] >= 0.9:
            less = "no"
        word = more if self.value[segment, name, "effect"] > 0 else less
        return f"{word} {label.removeprefix('number of ')}"


def amount(value: float, unit: Unit, currency: str = "$") -> str:
    """A value as people write it, rounded: "$1,204", "$9.95", "12 %", "3.5", "0.0042"."""
    if unit == "share":
        percent = 100 * value
        return f"{percent:.1f} %" if 0.05 <= abs(percent) < 0.95 else f"{percent:.0f} %"
    size = abs(value)
    if unit == "money":
        text = f"{size:,.0f}" if size >= 9.95 else f"{size:.2f}".removesuffix(".00")
        return f"{'-' if value < 0 and text != '0' else ''}{currency}{text}"
    if 0 < size < 0.995:
        return f"{value:.2g}"
    text = f"{value:,.{0 if size >= 99.5 else 1 if size >= 9.95 else 2}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
