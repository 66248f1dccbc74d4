"""What changed this week beyond what is usual: everyone, one segment, flows, sizes.

Every comparison is with the panel's own earlier weeks; an alarm needs an effect worth telling and
one far outside the noise of those weeks. Each explanation takes away what it explains.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import t as student

from analytics.model import DriftEvent, Feature, Floats
from analytics.weekly.comparison import EXPLAINED_WEEKS, Series, compare
from analytics.weekly.counts import flows, sizes
from analytics.weekly.everyone import everyone, moved, percent
from analytics.weekly.panel import Noted, Panel
from analytics.weekly.state import WeeklySettings
from analytics.weekly.structure import STRUCTURAL

AT_ONCE = 1.6  # bounds an effect must exceed to alarm without a second week
SEASON_STARTS = 0.05  # a common move from which on segments may differ in their season


def judge(
    panel: Panel, settings: WeeklySettings, structural: set[int]
) -> tuple[list[DriftEvent], list[Noted]]:
    """Events of the panel's newest week, most telling first, and suspicions to confirm next week.

    Nothing is judged before ``settings.min_weeks``; ``structural`` segments, and those with
    a structural event in the last weeks, are left to it.
    """
    if len(panel.weeks) < settings.min_weeks - 1:
        return [], []
    level = compare(panel, "level")
    events, suspicions = everyone(panel, level, settings)
    structural = structural | _explained(panel, {*STRUCTURAL, "settled"})
    found, suspected = _features(panel, level, structural, settings)
    events += found
    suspicions += suspected
    explained = structural | _explained(panel, {"feature", "settled"})
    explained |= {e.segment for e in found if e.segment and e.verdict == "alarm"}
    if any(
        n.kind == "birth" and n.week >= panel.number - EXPLAINED_WEEKS
        for n in panel.noted
        if n.verdict == "alarm"
    ):
        return events, suspicions
    past = level.past_common[-4] if len(level.past_common) > 4 else np.zeros(len(level.common))
    strain = 1 + float(np.nanmax(np.abs(np.nan_to_num(level.common - past)))) / 0.1
    events += [
        e
        for e in flows(panel, settings, strain)
        if e.segment not in explained and e.other_segment not in explained
    ]
    events += [e for e in sizes(panel, settings) if e.segment not in structural]
    return events, suspicions


def _explained(panel: Panel, kinds: set[str]) -> set[int]:
    recent = panel.number - EXPLAINED_WEEKS
    return {
        s
        for n in panel.noted
        if n.verdict in ("alarm", "settled") and n.kind in kinds and n.week >= recent
        for s in (n.segment, n.other)
        if s
    }


def least_effect(feature: Feature, settings: WeeklySettings) -> float:
    """The smallest change of a feature worth telling, in the units of a week's levels."""
    if feature.transform == "log":
        return float(np.log1p(settings.feature_effect))
    return settings.share_effect


def bounds(panel: Panel, level: Series, settings: WeeklySettings) -> Floats:
    """How far a segment's feature may be from what all segments do, (k, d): the smallest effect
    worth telling, or the noise; wider while everyone moves, for segments differ in that.
    """
    least = np.array([least_effect(feature, settings) for feature in panel.features])
    with_spend = np.array([f.transform == "log" and f.unit != "money" for f in panel.features])
    season = np.maximum(np.abs(level.common) - SEASON_STARTS, 0)
    strain = 0.5 * np.abs(level.common) + 0.7 * np.where(with_spend, season.max(), season)
    bound: Floats = np.maximum(least, settings.alarm_z * level.noise) + strain
    return bound


def expected_false_alarms(panel: Panel, settings: WeeklySettings) -> float | None:
    """False alarms about a feature of a segment to expect in a week like the newest; at most. None
    while there is not enough history.

    A week beyond the bound counts as an alarm, though mostly a second must follow. Student's t, for
    the noise is learnt from as many remainders as there are reference weeks and other segments.
    """
    if len(panel.weeks) < settings.min_weeks - 1:
        return None
    level = compare(panel, "level")
    judged = np.isfinite(level.change)
    distance = bounds(panel, level, settings) / level.noise
    freedom = np.maximum(level.weeks - 1, 1) * max(len(level.change) - 1, 1)
    return float(2 * student.sf(distance, freedom)[judged].sum())


def _features(
    panel: Panel, level: Series, structural: set[int], settings: WeeklySettings
) -> tuple[list[DriftEvent], list[Noted]]:
    week = panel.weeks[-1]
    before = {
        (n.segment, n.feature, n.sign)
        for n in panel.noted
        if n.week == panel.number - 2 and n.verdict == "suspected" and n.kind == "feature"
    }
    excess, bound = level.change - level.common, bounds(panel, level, settings)
    own = level.change * np.sign(excess)
    far = (np.abs(excess) > bound) & (own > 0.4 * bound)
    far &= ~np.isin(week.segment_ids, list(structural))[:, None]
    events: list[DriftEvent] = []
    suspicions: list[Noted] = []
    for s, j in np.argwhere(far):
        feature, segment = panel.features[j], int(week.segment_ids[s])
        sign = int(np.sign(excess[s, j]))
        suspicions.append(
            Noted(panel.number - 1, "feature", "suspected", segment, 0, feature.name, sign)
        )
        at_once = abs(excess[s, j]) > AT_ONCE * bound[s, j]
        if at_once or (segment, feature.name, sign) in before:
            events.append(
                _feature_event(
                    feature,
                    segment,
                    float(excess[s, j]),
                    float(bound[s, j]),
                    int(level.weeks[s, j]),
                    int(week.customers[s]),
                )
            )
    events.sort(key=lambda e: -abs(e.effect / e.threshold))
    return events, suspicions


def _feature_event(
    feature: Feature, segment: int, excess: float, bound: float, weeks: int, customers: int
) -> DriftEvent:
    label = feature.label.capitalize()
    if feature.transform == "log":
        effect, threshold = float(np.expm1(excess)), float(np.expm1(bound))
        size, usual = percent(effect), f"{100 * threshold:.0f} %"
    else:
        effect, threshold = excess, bound
        size, usual = f"{abs(100 * effect):.1f} points", f"{100 * threshold:.1f} points"
    return DriftEvent(
        "feature",
        "alarm",
        f"{label} of segment {segment} {moved(effect)} {size} against its own last {weeks} weeks "
        f"(usual range ±{usual}); {customers:,} customers.",
        segment=segment,
        feature=feature.name,
        effect=effect,
        threshold=threshold,
        evidence={"customers": customers, "reference_weeks": weeks},
    )
