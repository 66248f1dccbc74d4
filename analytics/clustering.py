"""K-Means on scaled features, and the evidence for how many segments there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import config_context
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from threadpoolctl import threadpool_limits

from analytics.errors import DataRefused
from analytics.model import Floats, Ints

Scaled = NDArray[np.floating[Any]]

# Above the first number of rows the starts run on a sample of the second size.
_LARGE, _SAMPLE = 150_000, 100_000


@dataclass(frozen=True, eq=False)
class Clustering:
    """One K-Means fit: centroids (k, n_features) in scaled units, labels (n_customers,) in 0..k-1,
    inertia = sum of squared scaled distances of all customers to their centroid.
    """

    centroids: Floats
    labels: Ints
    inertia: float


@dataclass(frozen=True, slots=True)
class KEvidence:
    """What speaks for and against k segments.

    ``silhouette`` is in [-1, 1]; ``min_jaccard`` in [0, 1] is the stability of the least stable
    segment; ``min_share`` in [0, 1] is the share of customers in the smallest; ``reason`` says in
    plain words why ``passes`` is what it is.
    """

    k: int
    inertia: float
    silhouette: float
    min_jaccard: float
    min_share: float
    passes: bool
    reason: str


@dataclass(frozen=True, slots=True)
class KChoice:
    """The chosen number of segments, why in one sentence, and the evidence for each candidate."""

    k: int
    why: str
    table: tuple[KEvidence, ...]


def kmeans(
    Z: Scaled, k: int, *, seed: int, n_init: int = 10, start: Floats | None = None
) -> Clustering:
    """Lloyd's K-Means from the best of ``n_init`` k-means++ starts (Arthur & Vassilvitskii 2007).

    Runs on one thread, so that a seed gives the same fit on every machine. Rows must come in a
    fixed order (sorted by customer id): another order is another draw of starting points. Above
    150,000 rows the starts run on a fixed sample of 100,000 and the best is polished on all rows.

    Parameters
    ----------
    Z : scaled values of shape (n_customers, n_features), float32 for speed.
    start : centroids (k, n_features) to continue from instead of drawing starts.

    Raises
    ------
    DataRefused : fewer than k different rows.
    """
    rows = Z
    if start is None and len(Z) > _LARGE:
        rows = Z[_draw(len(Z), _SAMPLE, np.random.default_rng(seed))]
    _require_distinct(rows, k)
    with threadpool_limits(limits=1):
        fit = _fit(rows, k, seed=seed, n_init=n_init, start=start)
        if rows is not Z:
            fit = _fit(Z, k, seed=seed, n_init=1, start=fit.cluster_centers_)
    return Clustering(
        fit.cluster_centers_.astype(np.float64), fit.labels_.astype(np.int64), float(fit.inertia_)
    )


def silhouette(Z: Scaled, labels: Ints, *, seed: int) -> float:
    """Mean silhouette in [-1, 1] (Rousseeuw 1987); above 12,000 rows the mean of 3 draws of 10,000.

    Comparable between numbers of segments on the same scaled values, never across scalings.
    """
    rng = np.random.default_rng(seed)
    draws = [_draw(len(Z), 10_000, rng) for _ in range(3)] if len(Z) > 12_000 else [slice(None)]
    # Distances in pieces that stay in the processor's cache take less than half the time.
    with config_context(working_memory=16):
        return float(np.mean([silhouette_score(Z[draw], labels[draw]) for draw in draws]))


def stability(Z: Scaled, clustering: Clustering, *, seed: int, n_boot: int = 20) -> Floats:
    """Mean bootstrap Jaccard similarity of each cluster, shape (k,), in [0, 1] (Hennig 2007).

    The customers are drawn again with replacement ``n_boot`` times and clustered anew; each cluster
    is compared with the most similar new one on the customers drawn. 1 means it always comes back;
    0.75 and more is stable, below 0.6 it should not be trusted. Above 20,000 rows a sample is used.
    """
    rng = np.random.default_rng(seed)
    labels, k = clustering.labels, len(clustering.centroids)
    if len(Z) > 20_000:
        rows = _draw(len(Z), 20_000, rng)
        Z, labels = Z[rows], labels[rows]
    jaccard = np.zeros(k)
    with threadpool_limits(limits=1):
        for _ in range(n_boot):
            times = np.bincount(rng.integers(len(Z), size=len(Z)), minlength=len(Z))
            drawn = times > 0
            fit = min(
                (
                    _fit(Z[drawn], k, seed=int(rng.integers(2**31)), n_init=5, times=times[drawn]),
                    _fit(Z[drawn], k, start=clustering.centroids, times=times[drawn]),
                ),
                key=lambda fit: fit.inertia_,
            )
            jaccard += _best_jaccard(labels[drawn], fit.labels_, k)
    return jaccard / n_boot


def choose_k(
    Z: Scaled,
    candidates: Sequence[int],
    *,
    seed: int,
    min_jaccard: float = 0.75,
    min_share: float = 0.05,
    progress: Callable[[str], None] | None = None,
) -> KChoice:
    """The largest k of which every segment is stable and large enough.

    If none is, the k whose least stable segment is the most stable, and ``why`` says so. Above
    100,000 rows the evidence is from a sample of that size.

    Raises
    ------
    DataRefused : fewer different rows than the smallest candidate.
    """
    if len(Z) > _SAMPLE:
        Z = Z[_draw(len(Z), _SAMPLE, np.random.default_rng(seed))]
    _require_distinct(Z, min(candidates))
    table = []
    for k in sorted(set(candidates)):
        if k > _count_distinct(Z, k):
            continue
        if progress:
            progress(f"trying {k} segments")
        fit = kmeans(Z, k, seed=seed)
        shares = np.bincount(fit.labels, minlength=k) / len(Z)
        lowest = float(stability(Z, fit, seed=seed).min())
        smallest = float(shares.min())
        score = silhouette(Z, fit.labels, seed=seed)
        faults = []
        if lowest < min_jaccard:
            faults.append(
                "one segment is not found again when the customers are redrawn at random "
                f"(overlap {_percent(lowest)}, {_percent(min_jaccard)} needed)"
            )
        if smallest < min_share:
            faults.append(
                f"the smallest segment holds {_percent(smallest)} of customers "
                f"({_percent(min_share)} needed)"
            )
        reason = " and ".join(faults) or (
            "every segment is found again when the customers are redrawn at random "
            f"(lowest overlap {_percent(lowest)}) and the smallest holds {_percent(smallest)} "
            "of customers"
        )
        table.append(
            KEvidence(k, fit.inertia, score, lowest, smallest, passes=not faults, reason=reason)
        )
    passing = [evidence for evidence in table if evidence.passes]
    if passing:
        best = passing[-1]
        why = f"{best.k} is the largest number of segments that holds up: {best.reason}."
    else:
        best = max(table, key=lambda evidence: evidence.min_jaccard)
        why = (
            f"No number of segments passes every test; {best.k} is the most stable, "
            f"but {best.reason}."
        )
    return KChoice(best.k, why, tuple(table))


def explained(Z: Scaled, labels: Ints) -> float:
    """Share of the variance in [0, 1] that groups account for: 1 - within / total squares."""
    Z = np.asarray(Z, dtype=np.float64)
    total = float(((Z - Z.mean(axis=0)) ** 2).sum())
    within = sum(
        float(((Z[labels == g] - Z[labels == g].mean(axis=0)) ** 2).sum())
        for g in np.unique(labels)
    )
    return 1 - within / total if total else 0.0


def zero_pattern(values: Floats, k: int) -> Ints:
    """The rule any analyst could write, as the baseline a fit must beat: which columns are zero.

    Customers with the same set of zero columns form a group; the k - 1 most common sets get labels
    0..k-2, everyone else k-1. Only columns that are zero for 10 to 90 % of customers count.

    Parameters
    ----------
    values : raw values (n_customers, n_features); NaN counts as not zero.
    """
    zero = values == 0
    share = zero.mean(axis=0)
    zero = zero[:, (share >= 0.1) & (share <= 0.9)]
    _, pattern, customers = np.unique(zero, axis=0, return_inverse=True, return_counts=True)
    rank = np.empty(len(customers), dtype=np.int64)
    rank[np.argsort(-customers, kind="stable")] = np.arange(len(customers))
    return np.minimum(rank[pattern.ravel()], k - 1)


def _fit(
    Z: Scaled,
    k: int,
    *,
    seed: int = 0,
    n_init: int = 1,
    start: Floats | None = None,
    times: Ints | None = None,
) -> KMeans:
    init = "k-means++" if start is None else np.ascontiguousarray(start, dtype=Z.dtype)
    runs = n_init if start is None else 1
    # Many rows are centred in place and put back, to the last bit or two: no room for a copy.
    fit = KMeans(k, init=init, n_init=runs, random_state=seed, copy_x=len(Z) <= _LARGE)
    return fit.fit(Z, sample_weight=times)


def _best_jaccard(labels: Ints, other: Ints, k: int) -> Floats:
    """Jaccard similarity of each cluster of ``labels`` to the most similar one of ``other``."""
    both = np.zeros((k, k))
    np.add.at(both, (labels, other), 1)
    either = both.sum(axis=1, keepdims=True) + both.sum(axis=0) - both
    best: Floats = np.divide(both, either, out=np.zeros_like(both), where=either > 0).max(axis=1)
    return best


def _draw(n: int, size: int, rng: np.random.Generator) -> Ints:
    """Row numbers of a sample without replacement, in their order."""
    return np.sort(rng.choice(n, size, replace=False))


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _count_distinct(Z: Scaled, enough: int) -> int:
    """Number of different rows, counted no further than needed to know there are ``enough``."""
    head = len(np.unique(Z[: 100 * enough], axis=0))
    return head if head >= enough else len(np.unique(Z, axis=0))


def _require_distinct(Z: Scaled, k: int) -> None:
    distinct = _count_distinct(Z, k)
    if distinct < k:
        raise DataRefused(
            f"{k} segments were asked for, but only {distinct} customers differ from each other.",
            "Ask for fewer segments, or load more customers or columns.",
        )
