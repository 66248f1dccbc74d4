"""This week's levels beside the panel's own earlier weeks: what segments share, what is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from analytics.model import Floats
from analytics.weekly.panel import Panel
from analytics.weekly.structure import STRUCTURAL
from analytics.weekly.weeks import median_known

EXPLAINED_WEEKS = 8  # for so long a structural or feature alarm explains flows and sizes
REFERENCE_WEEKS = 26
LAG = 2  # newest weeks kept out of the reference: a slow change must not become usual
_LEAST_NOISE = 0.003
_NORMAL_SQUARE = 0.455  # median of a squared standard normal


@dataclass(frozen=True, eq=False)
class Series:
    """History of one measure against its reference; arrays (k, d).

    ``change`` is this week minus the median of the reference weeks, ``common`` (d,) the part all
    segments share, ``noise`` the standard error of the remainder, ``weeks`` reference weeks used,
    ``past_common`` (T - 1, d) the common part of the weeks before. What everyone did at this time
    last year is taken out of ``change`` and ``common``.
    """

    change: Floats
    common: Floats
    noise: Floats
    weeks: Floats
    past_common: Floats


def compare(panel: Panel, measure: str) -> Series:
    """Put this week's ``measure`` beside its reference weeks."""
    weeks = panel.weeks[-REFERENCE_WEEKS:]
    history = np.stack([getattr(w, measure) for w in weeks])
    errors = np.stack([getattr(w, f"{measure}_se") for w in weeks])
    T, k, d = history.shape
    first = panel.number - T
    since = np.zeros((k, d))
    place = {int(s): i for i, s in enumerate(weeks[-1].segment_ids)}
    column = {f.name: j for j, f in enumerate(panel.features)}
    for n in panel.noted:
        if n.verdict == "alarm" and n.kind in STRUCTURAL:
            for s in (place[x] for x in (n.segment, n.other) if x in place):
                since[s] = np.maximum(since[s], n.week + EXPLAINED_WEEKS - LAG - first)
        if n.verdict == "alarm" and n.feature in column and n.kind in ("feature", "global"):
            rows = [place[n.segment]] if n.segment in place else range(k) if not n.segment else []
            for s in rows:
                since[s, column[n.feature]] = max(since[s, column[n.feature]], n.week - first)
    number = np.arange(T)[:, None, None]
    usable = np.isfinite(history) & (number < max(T - 1 - LAG, 5)) & (number < T - 1)
    usable &= number >= since
    count = usable.sum(axis=0)
    possible = np.maximum(np.maximum(T - 1 - LAG, 5) - since, 0)
    enough = (count >= 3) & (count >= 0.6 * np.minimum(possible, T - 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        reference = median_known(np.where(usable, history, np.nan))
        change = np.where(enough, history[-1] - reference, np.nan)
        moved = np.where(number >= since, history - reference, np.nan)
    past_common = np.array([_common(moved[t]) for t in range(T - 1)]).reshape(-1, d)
    common = _common(change)
    remainder = np.where(usable, moved, np.nan)[:-1] - past_common[:, None, :]
    noise2 = _pooled(remainder**2, count, _NORMAL_SQUARE)
    sampling = _pooled(np.where(usable, errors**2, np.nan)[:-1], count, 1.0)
    extra = np.maximum(noise2 - sampling, _LEAST_NOISE**2)
    widen = 1 + 3 / np.maximum(count, 1)
    noise = np.sqrt((np.nan_to_num(errors[-1], nan=1.0) ** 2 + extra) * widen)
    season = _last_year(panel, measure)
    return Series(change - season, common - season, noise, count.astype(float), past_common)


def _last_year(panel: Panel, measure: str) -> Floats:
    """What everyone did at this time last year, against the weeks before it; 0 where unknown."""
    day = panel.weeks[-1].as_of - timedelta(days=364)
    then = [t for t, w in enumerate(panel.weeks) if abs((w.as_of - day).days) <= 10]
    nothing = np.zeros(len(panel.features))
    if not then or then[0] < 8:
        return nothing
    history = np.stack([getattr(w, measure) for w in panel.weeks[: then[-1] + 1]])
    before = history[max(then[0] - REFERENCE_WEEKS, 0) : then[0]]
    known = np.isfinite(history[then]).any(axis=0) & np.isfinite(before).any(axis=0)
    change = np.full(known.shape, np.nan)
    change[known] = (np.nanmean(history[then], axis=0) - np.nanmean(before, axis=0))[known]
    return _common(change)


def _common(change: Floats) -> Floats:
    """What the segments share, per feature: the median; of two only what both did."""
    shared = np.zeros(change.shape[1])
    for j in range(change.shape[1]):
        known = change[np.isfinite(change[:, j]), j]
        if len(known) > 2:
            shared[j] = np.median(known)
        elif len(known) == 2 and known[0] * known[1] > 0:
            shared[j] = known[np.abs(known).argmin()]
    return shared


def _pooled(squares: Floats, count: Floats, middle: float) -> Floats:
    """Usual square per feature over weeks, then segments but the wildest, (d,); a slow change in
    a few weeks of one segment does not make it larger.

    Parameters
    ----------
    middle : median of such a square when its mean is 1.
    """
    means = np.where(count > 2, median_known(squares) / middle, np.nan)
    ordered = np.sort(means, axis=0)
    known = np.isfinite(ordered).sum(axis=0)
    kept = np.arange(len(ordered))[:, None] < np.maximum(known - 1, 1)
    result = np.where(kept & np.isfinite(ordered), ordered, 0).sum(axis=0) / np.maximum(
        (kept & np.isfinite(ordered)).sum(axis=0), 1
    )
    fallback = float(np.median(result[known > 0])) if (known > 0).any() else 1.0
    return np.where(known > 0, np.maximum(result, 0.25 * fallback), fallback)
