"""Flows between segments, and entries from outside, against their usual counts."""

from __future__ import annotations

import numpy as np
from scipy.stats import nbinom

from analytics.model import DriftEvent, Floats
from analytics.weekly.comparison import EXPLAINED_WEEKS, REFERENCE_WEEKS
from analytics.weekly.panel import TRAIL, Panel
from analytics.weekly.sample import Flags
from analytics.weekly.state import WeeklySettings

_RARE = 3e-6  # chance of a count as large in one test


def _overdispersion(counts: Floats, known: Flags) -> float:
    """Variance over mean of weekly counts (T, ...) where known, pooled; at least 1 (Poisson)."""
    T = known.sum(axis=0)
    mean = np.where(known, counts, 0).sum(axis=0) / np.maximum(T, 1)
    variance = np.where(known, (counts - mean) ** 2, 0).sum(axis=0) / np.maximum(T - 1, 1)
    busy = (mean >= 1) & (T > 2)
    return max(1.0, float(variance[busy].sum() / mean[busy].sum())) if busy.any() else 1.0


def _excess(history: Floats, known: Flags, window: int) -> tuple[Floats, Floats, Floats]:
    """Counts of the last ``window`` weeks, what the weeks before lead to expect, and the chance of
    as many (a Poisson rate learnt from counts: negative binomial).

    Parameters
    ----------
    history : (T, ...) counts; known : (T, ...) weeks in which they could be counted.
    """
    past, now = history[:-window], history[-window:].sum(axis=0)
    scale = _overdispersion(past, known[:-window])
    total, T = past.sum(axis=0), np.maximum(known[:-window].sum(axis=0), 1)
    chance = nbinom.sf(now / scale - 1, total / scale + 0.5, T / (T + window))
    return now, total * window / T, chance


def _excess_far(history: Floats, known: Flags) -> tuple[Floats, Floats, Floats]:
    """As `_excess`, for counts over `TRAIL` weeks each, which overlap from week to week."""
    usable = known[:-TRAIL] & history[:-TRAIL].any(axis=(1, 2), keepdims=True)
    past, now = np.where(usable, history[:-TRAIL], 0), history[-1]
    scale = _overdispersion(past, usable)
    T = np.maximum(usable.sum(axis=0), 1) / TRAIL
    total = past.sum(axis=0) / TRAIL
    return now, total / T, nbinom.sf(now / scale - 1, total / scale + 0.5, T / (T + 1))


def _settled(panel: Panel, T: int) -> Flags:
    """Whether each segment existed as it is now, in each of the last T weeks, (T, k)."""
    since = {n.segment: n.week + 1 for n in panel.noted if n.kind == "settled"}
    first = np.array([since.get(int(s), 0) for s in panel.weeks[-1].segment_ids])
    flags: Flags = np.arange(panel.number - T, panel.number)[:, None] >= first
    return flags


def _windows(T: int) -> list[int]:
    """Numbers of weeks over which T weeks of counts are summed up: some before them are left."""
    return [window for window in (1, 2, TRAIL) if max(window + 4, 2 * window) <= T]


def flows(panel: Panel, settings: WeeklySettings, strain: float) -> list[DriftEvent]:
    """Unusual net moves from one segment to another, the largest first; each told once in a while.

    Over `TRAIL` weeks a customer counts from the segment then to the segment now, so that whoever
    passes through another segment, or comes back, is counted right.

    Parameters
    ----------
    strain : factor on the smallest effect while everyone moves.
    """
    weeks = panel.weeks[-REFERENCE_WEEKS:]
    ids, k = weeks[-1].segment_ids, len(weeks[-1].segment_ids)
    known = _settled(panel, len(weeks))
    known = known[:, :, None] & known[:, None, :] & ~np.eye(k, dtype=bool)
    near = np.stack([w.flows for w in weeks]).astype(float)
    far = np.stack([w.far_flows for w in weeks]).astype(float)
    bound = settings.transition_effect * strain
    best: dict[tuple[int, int], DriftEvent] = {}
    for window in _windows(len(weeks)):
        if window == TRAIL:
            now, usual, chance = _excess_far(far, known)
            size = far[-1].sum(axis=1)
        else:
            now, usual, chance = _excess(near, known, window)
            size = near[-window].sum(axis=1)
        net = ((now - usual) - (now - usual).T) / np.maximum(size, 1)[:, None]
        for a, b in np.argwhere((chance <= _RARE) & (net > bound)):
            pair = (int(ids[a]), int(ids[b]))
            if a == b or (pair in best and net[a, b] <= best[pair].effect):
                continue
            count, expected = int(now[a, b]), float(usual[a, b])
            best[pair] = DriftEvent(
                "transition",
                "alarm",
                f"{count:,} customers moved from segment {pair[0]} to segment {pair[1]} in "
                f"{_span(window)}, where about {expected:.0f} are usual: net "
                f"{100 * net[a, b]:.1f} % of segment {pair[0]}.",
                segment=pair[0],
                other_segment=pair[1],
                effect=float(net[a, b]),
                threshold=bound,
                p_value=float(chance[a, b]),
                evidence={"customers": count, "usual": expected, "weeks": window},
            )
    told = _told(panel, "transition")
    found = [event for pair, event in best.items() if pair not in told]
    return sorted(found, key=lambda event: -event.effect)


def sizes(panel: Panel, settings: WeeklySettings) -> list[DriftEvent]:
    """Segments that unusually many joined from outside or left, the largest change first."""
    weeks = panel.weeks[-REFERENCE_WEEKS:]
    known = _settled(panel, len(weeks))
    entered = np.stack([w.entered for w in weeks]).astype(float)
    left = np.stack([w.left for w in weeks]).astype(float)
    best: dict[int, DriftEvent] = {}
    for window in _windows(len(weeks)):
        came = _excess(entered, known, window)
        went = _excess(left, known, window)
        net = ((came[0] - came[1]) - (went[0] - went[1])) / np.maximum(weeks[-window].customers, 1)
        for s in np.flatnonzero(np.abs(net) > settings.size_effect):
            now, usual, chance = (float(x[s]) for x in (came if net[s] > 0 else went))
            segment = int(weeks[-1].segment_ids[s])
            if chance > _RARE or (segment in best and abs(net[s]) <= abs(best[segment].effect)):
                continue
            what = (
                f"{now:,.0f} customers joined segment {segment} from outside"
                if net[s] > 0
                else f"{now:,.0f} customers of segment {segment} left the base"
            )
            best[segment] = DriftEvent(
                "size",
                "alarm",
                f"{what} in {_span(window)}, where about {usual:.0f} are usual: that alone "
                f"{'adds' if net[s] > 0 else 'takes'} {abs(100 * net[s]):.0f} % of its size.",
                segment=segment,
                effect=float(net[s]),
                threshold=settings.size_effect,
                p_value=chance,
                evidence={"customers": int(now), "usual": usual, "weeks": window},
            )
    told = _told(panel, "size")
    found = [event for segment, event in best.items() if (segment, 0) not in told]
    return sorted(found, key=lambda event: -abs(event.effect))


def _told(panel: Panel, kind: str) -> set[tuple[int, int]]:
    recent = panel.number - EXPLAINED_WEEKS
    return {(n.segment, n.other) for n in panel.noted if n.kind == kind and n.week >= recent}


def _span(window: int) -> str:
    return "one week" if window == 1 else f"{window} weeks"
