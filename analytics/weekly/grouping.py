"""Customers by group: where a group stands, who went where, means."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.model import Floats, Ints

ROWS = 65_536  # taken at a time where that keeps passing arrays in the processor's cache


def pairs(source: Ints, target: Ints, k: int) -> Ints:
    """How many went from each of k places to each, (k + 1, k); the last row from elsewhere.

    Parameters
    ----------
    source, target : (n,) places; a source of -1 is elsewhere.
    """
    flows = np.bincount((source + 1) * k + target, minlength=(k + 1) * k).reshape(k + 1, k)
    return np.roll(flows, -1, axis=0)


def parts(column: NDArray[Any], sizes: Ints) -> list[NDArray[Any]]:
    """A column in the order of its groups, cut into them."""
    return np.split(column, np.cumsum(sizes)[:-1])


def centres(Z: NDArray[np.float32], group: Ints, k: int) -> Floats:
    """Mean of the rows of each group 0..k-1, (k, d); zeros for a group without rows."""
    sums = np.zeros((k, Z.shape[1]))
    for i in range(0, len(Z), ROWS):
        members = group[i : i + ROWS] == np.arange(k)[:, None]
        sums += members.astype(np.float64) @ Z[i : i + ROWS].astype(np.float64)
    return sums / np.maximum(np.bincount(group, minlength=k)[:k], 1)[:, None]
