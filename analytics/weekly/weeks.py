"""One week of the panel in sums."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.model import Floats, Ints

_TRIM = 0.10
_FEW = 9.0  # the far quantiles of Student's t are about (1 + 9 / n) times the normal's


@dataclass(frozen=True, eq=False)
class Measures:
    """What one week shows of customers beside their own past; (k, d) per segment and feature.

    ``level`` is the trimmed mean of customers minus their own level (log units for logged
    features, else the feature's), ``level_se`` its standard error (Tukey and McLaughlin 1963),
    ``spread`` the winsorised standard deviation of the same differences; ``active``
    the change in the share of members with an amount above zero; ``centre`` the mean scaled
    position of those who stayed. ``missing`` (d,) is the share of those who had a value last
    week and have none now, ``unchanged`` the share without a changed value.
    """

    level: Floats
    level_se: Floats
    spread: Floats
    active: Floats
    active_se: Floats
    centre: Floats
    missing: Floats
    unchanged: float

    @classmethod
    def nothing(cls, centre: Floats) -> Measures:
        """Nothing known yet but where the segments are."""

        def cells() -> Floats:
            return np.full(centre.shape, np.nan)

        none = np.zeros(centre.shape[1])
        return cls(cells(), cells(), cells(), cells(), cells(), centre, none, 0.0)


@dataclass(frozen=True, eq=False, kw_only=True)
class Week(Measures):
    """One week in sums; beside what was measured, counts of all customers: (k,) per segment.

    ``flows[a, b]`` customers went from a to b in the week, ``far_flows`` in `panel.TRAIL` weeks.
    """

    as_of: date
    segment_ids: Ints
    customers: Ints
    entered: Ints
    left: Ints
    flows: Ints
    far_flows: Ints

    def under(self, segment_ids: Ints, fresh: Collection[int]) -> Week:
        """The same week for another set of segments; nothing is known of ``fresh`` ones."""
        rows = pd.Index(self.segment_ids).get_indexer(pd.Index(segment_ids))
        rows[np.isin(segment_ids, list(fresh))] = -1

        def take(x: NDArray[Any], axis: int = 0) -> NDArray[Any]:
            missing = np.nan if x.dtype.kind == "f" else 0
            shape = (len(rows), 1) if axis == 0 and x.ndim == 2 else (len(rows),)
            taken: NDArray[Any] = np.where((rows >= 0).reshape(shape), x.take(rows, axis), missing)
            return taken.astype(x.dtype)

        names = "customers entered left level level_se spread active active_se centre".split()
        kept: dict[str, Any] = {name: take(getattr(self, name)) for name in names}
        for name in ("flows", "far_flows"):
            kept[name] = take(take(getattr(self, name)), axis=1)
        return replace(self, segment_ids=segment_ids, **kept)


def trimmed_mean(ordered: Floats) -> tuple[float, float, float]:
    """Trimmed mean of sorted values, its standard error from the winsorised variance (Tukey and
    McLaughlin 1963), and the winsorised standard deviation.

    The standard error of few values is widened as Student's t is, so that four and a half of it
    are as rare as for many.
    """
    n = len(ordered)
    cut = int(_TRIM * n)
    kept = ordered[cut : n - cut]
    mean = float(kept.mean())
    low, high = ordered[cut], ordered[n - cut - 1]
    squares = float((kept * kept).sum() + cut * (low * low + high * high))
    total = float(kept.sum() + cut * (low + high))
    variance = max(squares - total * total / n, 0.0) / (n - 1)
    deviation = float(np.sqrt(variance))
    return mean, deviation / np.sqrt(n) / (1 - 2 * cut / n) * (1 + _FEW / n), deviation


def median_known(x: Floats) -> Floats:
    """Median over the first axis of what is not NaN; NaN where nothing is known."""
    ordered = np.sort(x, axis=0)
    known = np.isfinite(ordered).sum(axis=0)[None]
    low, high = (np.maximum(known - 1, 0) // 2, np.maximum(known, 1) // 2)
    middle = np.take_along_axis(ordered, low, 0) + np.take_along_axis(ordered, high, 0)
    median: Floats = np.where(known[0] > 0, middle[0] / 2, np.nan)
    return median
