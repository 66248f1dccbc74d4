"""The weekly refit that challenges the anchor, and the verdict on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from analytics import clustering
from analytics.clustering import Clustering, KChoice
from analytics.identity import match, nearest
from analytics.model import Feature, Floats, Ints
from analytics.scaling import fit_scaler
from analytics.weekly.lives import Verdict
from analytics.weekly.state import Fit, ThisWeek, WeeklySettings

_SAMPLE = 20_000  # rows on which new starts run
_SILHOUETTE_ROWS = 1_000
_REVIEW_ROWS = 3_000
_DOUBT = 0.10  # how far below the rule for choosing k a segment must fall to question k

Scalar = TypeVar("Scalar", bound=np.generic)


def first_fit(
    values: Floats,
    features: tuple[Feature, ...],
    *,
    as_of: date,
    settings: WeeklySettings,
    seed: int,
    segments: int | None,
    progress: Callable[[str], None],
) -> tuple[Fit, Ints]:
    """A fit from nothing, with its cluster labels: own scaler, own k unless ``segments`` is given.

    Segment ids are 1..k by size, the largest first.
    """
    scaler = fit_scaler(values, features, method=settings.scaling)
    Z = scaler.transform(values)
    if segments is None:
        choice = clustering.choose_k(
            Z,
            settings.candidates,
            seed=seed,
            min_jaccard=settings.min_jaccard,
            min_share=settings.min_share,
            progress=progress,
        )
    else:
        choice = KChoice(segments, f"{segments} segments were asked for.", ())
    progress(f"fitting {choice.k} segments")
    fit = clustering.kmeans(Z, choice.k, seed=seed)
    by_size = np.argsort(-np.bincount(fit.labels, minlength=choice.k), kind="stable")
    segment_ids = np.empty(choice.k, dtype=np.int64)
    segment_ids[by_size] = np.arange(1, choice.k + 1)
    return Fit(
        as_of=as_of,
        role="anchor",
        seed=seed,
        scaler=scaler,
        centroids=fit.centroids,
        segment_ids=segment_ids,
        inertia=fit.inertia,
        silhouette=clustering.silhouette(Z, fit.labels, seed=seed),
        jaccards=clustering.stability(Z, fit, seed=seed),
        customers=len(Z),
        why_k=choice.why,
        k_evidence=choice.table,
    ), fit.labels


def weekly_fit(week: ThisWeek, *, seed: int) -> tuple[Fit, Ints]:
    """This week's K-Means, with its cluster labels: from the anchor's centres and from new starts,
    whichever is tighter.
    """
    anchor, Z = week.anchor, week.Z
    k = len(anchor.centroids)
    fit = clustering.kmeans(Z, k, seed=seed, start=anchor.centroids)
    fresh = clustering.kmeans(_thin(Z, _SAMPLE), k, seed=seed, n_init=3)
    other = clustering.kmeans(Z, k, seed=seed, start=fresh.centroids)
    if other.inertia < 0.999 * fit.inertia:
        fit = other
    ids = match(
        week.placed.segment_ids,
        fit.labels,
        active=anchor.segment_ids,
        old_centroids=anchor.centroids,
        new_centroids=fit.centroids,
    )
    ids[ids == 0] = np.setdiff1d(anchor.segment_ids, ids)[: int((ids == 0).sum())]
    return measured(replace(anchor, centroids=fit.centroids, segment_ids=ids), week, seed=seed)


def measured(fit: Fit, week: ThisWeek, *, seed: int) -> tuple[Fit, Ints]:
    """This fit as a challenger, with what it is worth on this week's customers and their labels."""
    Z = week.scaled_by(fit)
    labels, squares = nearest(Z, fit.centroids)
    rows, few = _thin(Z, _SILHOUETTE_ROWS), _thin(labels, _SILHOUETTE_ROWS)
    several = len(np.unique(few)) > 1
    measured = replace(
        fit,
        as_of=week.as_of,
        role="challenger",
        seed=seed,
        inertia=float(squares.sum(dtype=np.float64)),
        silhouette=clustering.silhouette(rows, few, seed=seed) if several else 0.0,
        jaccards=None,
        customers=len(Z),
    )
    return measured, labels


def judge(
    challenger: Fit,
    labels: Ints,
    week: ThisWeek,
    settings: WeeklySettings,
    unsettled: set[int],
) -> Verdict:
    """Keep the anchor, take the refit, or hold it until a person says yes.

    Parameters
    ----------
    labels : (n,) of this week's customers under the challenger.
    unsettled : segments in a change that was told and is still under way; nothing moves until
        they settle.
    """
    inertia = week.placed.inertia
    gain = 1 - challenger.inertia / inertia if inertia else 0.0
    moved = float((challenger.segment_ids[labels] != week.placed.segment_ids).mean())
    worth = f"{max(100 * gain, 0):.1f} % tighter and would move {100 * moved:.1f} % of customers"
    if settings.identity == "refit":
        return Verdict("promoted", f"Every refit takes over, as configured; it is {worth}.")
    if gain <= settings.clear_gain:
        return Verdict("kept", f"The segments still fit: a refit is only {worth}.")
    if unsettled:
        return Verdict("kept", f"A refit is {worth}; it waits until the change told has settled.")
    if moved <= settings.max_moved:
        return Verdict("promoted", f"The refit takes over: it is {worth}.")
    return Verdict("held", f"The refit waits for your yes: it is {worth}.")


def resampled(fit: Fit, week: ThisWeek, *, seed: int) -> Floats:
    """Stability of each cluster of a fit when a few thousand customers are drawn again, (k,)."""
    rows = _thin(week.scaled_by(fit), _REVIEW_ROWS)
    labels, squares = nearest(rows, fit.centroids)
    clusters = Clustering(fit.centroids, labels, float(squares.sum()))
    return clustering.stability(rows, clusters, seed=seed, n_boot=10)


def unstable(week: ThisWeek, settings: WeeklySettings, *, seed: int) -> str:
    """What speaks against this number of segments on this week's customers; "" where nothing does.

    Nothing is held against a number of segments that a person asked for.
    """
    if not week.anchor.k_evidence:
        return ""
    jaccards = resampled(week.anchor, week, seed=seed)
    weakest = int(jaccards.argmin())
    least = settings.min_jaccard - _DOUBT
    if jaccards[weakest] >= least:
        return ""
    return (
        f"segment {week.anchor.segment_ids[weakest]} does not come back any more when customers "
        f"are drawn again ({jaccards[weakest]:.2f}, needs {least:.2f})"
    )


def _thin(rows: NDArray[Scalar], most: int) -> NDArray[Scalar]:
    """Every so-manieth row, so that about ``most`` are left."""
    return rows[:: max(1, len(rows) // most)]
