"""The weekly refit that challenges the anchor, and the verdict on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from analytics import clustering
from analytics.clustering import Clustering, KChoice
from analytics.identity import match, squared_distances
from analytics.model import Feature, Floats, Ints
from analytics.panel import Float32s
from analytics.scaling import fit_scaler
from analytics.weekstate import Fit, WeeklySettings

_SAMPLE = 20_000  # rows on which new starts run
_SILHOUETTE_ROWS = 2_000
_REVIEW_ROWS = 3_000
_DOUBT = 0.10  # how far below the rule for choosing k a segment must fall to question k

Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What happens with a refit, and why, in one plain sentence."""

    refit: Literal["kept", "promoted", "held"]
    why: str


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


def weekly_fit(anchor: Fit, Z: Float32s, segments: Ints, *, as_of: date, seed: int) -> Fit:
    """This week's K-Means: from the anchor's centres and from new starts, whichever is tighter.

    Parameters
    ----------
    Z : (n, d) this week under the anchor's scaler; segments (n,) under the anchor's centres.
    """
    k = len(anchor.centroids)
    fit = clustering.kmeans(Z, k, seed=seed, start=anchor.centroids)
    fresh = clustering.kmeans(_thin(Z, _SAMPLE), k, seed=seed, n_init=3)
    other = clustering.kmeans(Z, k, seed=seed, start=fresh.centroids)
    if other.inertia < 0.999 * fit.inertia:
        fit = other
    ids = match(
        segments,
        fit.labels,
        active=anchor.segment_ids,
        old_centroids=anchor.centroids,
        new_centroids=fit.centroids,
    )
    ids[ids == 0] = np.setdiff1d(anchor.segment_ids, ids)[: int((ids == 0).sum())]
    return measured(anchor, fit.centroids, ids, Z, as_of=as_of, seed=seed)


def measured(
    anchor: Fit, centroids: Floats, segment_ids: Ints, Z: Float32s, *, as_of: date, seed: int
) -> Fit:
    """These centres as a challenger, with what they are worth on ``Z``."""
    squares = squared_distances(Z, centroids)
    labels = squares.argmin(axis=1)
    return Fit(
        as_of=as_of,
        role="challenger",
        seed=seed,
        scaler=anchor.scaler,
        centroids=centroids,
        segment_ids=segment_ids,
        inertia=float(squares.min(axis=1).sum(dtype=np.float64)),
        silhouette=clustering.silhouette(
            _thin(Z, _SILHOUETTE_ROWS), _thin(labels, _SILHOUETTE_ROWS), seed=seed
        )
        if len(np.unique(_thin(labels, _SILHOUETTE_ROWS))) > 1
        else 0.0,
        jaccards=None,
        customers=len(Z),
        why_k=anchor.why_k,
    )


def judge(
    anchor: Fit, challenger: Fit, Z: Float32s, segments: Ints, settings: WeeklySettings
) -> Verdict:
    """Keep the anchor, take the refit, or hold it until a person says yes."""
    inertia = float(squared_distances(Z, anchor.centroids).min(axis=1).sum(dtype=np.float64))
    gain = 1 - challenger.inertia / inertia if inertia else 0.0
    labels = squared_distances(Z, challenger.centroids).argmin(axis=1)
    moved = float((challenger.segment_ids[labels] != segments).mean())
    worth = f"{max(100 * gain, 0):.1f} % tighter and would move {100 * moved:.1f} % of customers"
    if settings.identity == "refit":
        return Verdict("promoted", f"Every refit takes over, as configured; it is {worth}.")
    if gain <= settings.clear_gain:
        return Verdict("kept", f"The segments still fit: a refit is only {worth}.")
    if moved <= settings.max_moved:
        return Verdict("promoted", f"The refit takes over: it is {worth}.")
    return Verdict("held", f"The refit waits for your yes: it is {worth}.")


def unstable(anchor: Fit, Z: Float32s, settings: WeeklySettings, *, seed: int) -> str:
    """What speaks against this number of segments on this week's customers; "" where nothing does.

    The anchor's clusters, resampled as when k was chosen, on a few thousand customers. Nothing is
    held against a number of segments that a person asked for.
    """
    if not anchor.k_evidence:
        return ""
    rows = _thin(Z, _REVIEW_ROWS)
    squares = squared_distances(rows, anchor.centroids)
    labels = squares.argmin(axis=1).astype(np.int64)
    clusters = Clustering(anchor.centroids, labels, float(squares.min(axis=1).sum()))
    jaccards = clustering.stability(rows, clusters, seed=seed, n_boot=10)
    weakest = int(jaccards.argmin())
    least = settings.min_jaccard - _DOUBT
    if jaccards[weakest] >= least:
        return ""
    return (
        f"segment {anchor.segment_ids[weakest]} does not come back any more when customers are "
        f"drawn again ({jaccards[weakest]:.2f}, needs {least:.2f})"
    )


def reviewed(k: int, fit: Fit, moved: float, fault: str) -> Verdict:
    """What becomes of a whole new fit, which would move this share of customers.

    Parameters
    ----------
    fault : what speaks against the number of segments so far; "" where a person asked for the fit.
    """
    share = f"{100 * moved:.1f} % of customers"
    if not fault:
        return Verdict("promoted", f"The new fit was accepted; it moved {share}. {fit.why_k}")
    if len(fit.centroids) == k:
        return Verdict("kept", f"In a review {fault}; still, {k} segments are best. {fit.why_k}")
    return Verdict(
        "held",
        f"In a review {fault}. {len(fit.centroids)} segments instead of {k} would move {share} and "
        f"wait for your yes. {fit.why_k}",
    )


def _thin(rows: NDArray[Scalar], most: int) -> NDArray[Scalar]:
    """Every so-manieth row, so that about ``most`` are left."""
    return rows[:: max(1, len(rows) // most)]
