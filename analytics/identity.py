"""Who is in which segment, and which cluster of a new fit is which segment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from analytics.model import Floats, Ints

Scaled = NDArray[np.floating[Any]]

_BORDERLINE = 0.10
_ROWS = 16_384  # placed at a time, so that what is needed meanwhile stays in the cache


@dataclass(frozen=True, eq=False)
class Assignment:
    """Customers placed by fixed centroids; every array has shape (n_customers,).

    ``distance`` is to the own centroid, in scaled units; ``margin`` is (runner-up distance - own
    distance) / runner-up distance, below 0 where only the hysteresis keeps the customer.
    """

    segment_ids: Ints
    distance: Floats
    runner_up: Ints
    margin: Floats

    @property
    def borderline(self) -> NDArray[np.bool_]:
        """True where the runner-up is nearly as near as the own centroid."""
        return self.margin < _BORDERLINE

    @property
    def inertia(self) -> float:
        """Sum of squared distances to the nearest centroid, which may be the runner-up."""
        nearest, behind = self.distance.copy(), self.margin < 0
        nearest[behind] /= 1 - self.margin[behind]
        return float((nearest**2).sum())


def places(ids: Ints, segment_ids: NDArray[np.integer[Any]]) -> Ints:
    """Where each segment stands among ``ids``, -1 where it does not."""
    places = np.full(max(int(ids.max()), int(segment_ids.max(initial=0))) + 1, -1)
    places[ids] = np.arange(len(ids))
    found: Ints = places[segment_ids]
    return found


def squared_distances(Z: Scaled, centroids: Floats) -> Scaled:
    """Squared distances of rows to centroids, shape (n_customers, k)."""
    centroids = centroids.astype(Z.dtype)
    squares: Scaled = (-2 * centroids) @ Z.T
    squares += _squared_norms(Z)
    squares += _squared_norms(centroids)[:, None]
    return np.maximum(squares, 0, out=squares).T


def nearest(Z: Scaled, centroids: Floats) -> tuple[Ints, Scaled]:
    """Which centroid is nearest to each row, and the squared distance to it, both (n,)."""
    labels, squares = np.empty(len(Z), dtype=np.int64), np.empty(len(Z), dtype=Z.dtype)
    for i in range(0, len(Z), _ROWS):
        part = squared_distances(Z[i : i + _ROWS], centroids)
        labels[i : i + _ROWS], squares[i : i + _ROWS] = _least(part.T)
    return labels, squares


def _least(columns: Scaled) -> tuple[Ints, Scaled]:
    """Where each of n is least among k, and how much that is, (n,); the first of equals.

    numpy's argmin over so short an axis takes several times as long.

    Parameters
    ----------
    columns : (k, n).
    """
    place, least = np.zeros(columns.shape[1], dtype=np.int16), columns[0].copy()
    for j in range(1, len(columns)):
        np.maximum(place, (columns[j] < least) * np.int16(j), out=place)
        np.minimum(least, columns[j], out=least)
    return place.astype(np.int64), least


def _squared_norms(rows: Scaled) -> Scaled:
    norms: Scaled = np.einsum("ij,ij->i", rows, rows)
    return norms


def assign(
    Z: Scaled, centroids: Floats, segment_ids: Ints, previous: Ints, *, hysteresis: float
) -> Assignment:
    """Place each customer; a customer changes segment only for a clearly nearer centroid.

    Parameters
    ----------
    Z : scaled values (n_customers, n_features).
    centroids, segment_ids : (k, n_features) and (k,), the fixed fit.
    previous : (n_customers,) last segment, 0 where there was none; such a customer, and one whose
        segment is gone, takes the nearest.
    hysteresis : share in [0, 1): the new squared distance must be below (1 - hysteresis) times
        that to the previous segment.
    """
    n = len(Z)
    placed = Assignment(
        np.empty(n, dtype=np.int64), np.empty(n), np.empty(n, np.int64), np.empty(n)
    )
    for i in range(0, n, _ROWS):
        rows = slice(i, i + _ROWS)
        part = _assign(Z[rows], centroids, segment_ids, previous[rows], hysteresis)
        for column, values in zip(vars(placed).values(), vars(part).values(), strict=True):
            column[rows] = values
    return placed


def _assign(
    Z: Scaled, centroids: Floats, segment_ids: Ints, previous: Ints, hysteresis: float
) -> Assignment:
    squares = squared_distances(Z, centroids).T
    rows = np.arange(len(Z))
    chosen, nearest = _least(squares)
    home = places(segment_ids, previous)
    at_home = squares[home, rows]
    stays = (home >= 0) & (nearest >= (1 - hysteresis) * at_home)
    chosen = np.where(stays, home, chosen)
    own = np.sqrt(np.where(stays, at_home, nearest).astype(np.float64))
    if len(segment_ids) == 1:
        none = np.zeros(len(Z))
        return Assignment(segment_ids[chosen], own, segment_ids[chosen], none + 1)
    squares[chosen, rows] = np.inf
    second, least = _least(squares)
    other = np.sqrt(least.astype(np.float64))
    margin = np.divide(other - own, other, out=np.zeros_like(own), where=other > 0)
    return Assignment(segment_ids[chosen], own, segment_ids[second], margin)


def match(
    segments: Ints,
    labels: Ints,
    *,
    active: Ints,
    old_centroids: Floats,
    new_centroids: Floats,
) -> Ints:
    """Which segment each cluster of a new fit is, shape (k_new,); 0 where it is none of them.

    The assignment with the most members in common (Kuhn 1955), ties by nearness of centroids. A
    cluster and a segment that share no member are not matched.

    Parameters
    ----------
    segments, labels : (n_customers,) segment ids and cluster labels of the same customers.
    active : (k_old,) segment ids of the rows of ``old_centroids``.
    old_centroids, new_centroids : in one and the same scaled space.
    """
    overlap = np.zeros((len(active), len(new_centroids)))
    owners = places(active, segments)
    known = owners >= 0
    np.add.at(overlap, (owners[known], labels[known]), 1)
    gap = np.sqrt(squared_distances(old_centroids, new_centroids))
    tie_break = gap / (gap.max() + 1) / 2
    rows, columns = linear_sum_assignment(tie_break - overlap)
    ids = np.zeros(len(new_centroids), dtype=np.int64)
    for i, j in zip(rows, columns, strict=True):
        if overlap[i, j] > 0:
            ids[j] = active[i]
    return ids
