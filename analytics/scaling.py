"""From raw features to the matrix K-Means measures distances in, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from analytics.model import Feature, Floats

# Amounts beyond these quantiles do not count when a column's mean and spread are estimated.
_TAIL = (0.005, 0.995)
# A spread below this part of the largest value is rounding, not variation.
_CONSTANT = 1e-9
_ROWS = 16_384  # scaled at a time; columns of so many rows stay in the processor's cache


@dataclass(frozen=True, eq=False)
class Scaler:
    """How raw columns become comparable ones; every array has shape (n_features,).

    Attributes
    ----------
    features : names of the columns, in order.
    log : True where the column is compared on a log scale, sign(x) * log(1 + |x|).
    fill : value used where a customer has none, in original units: the column's median.
    low, high : limits a value is clipped to, in original units; [0, 1] for shares, else infinite.
    mean, sd : centre and standard deviation, after the log where there is one; sd > 0.
    weight : factor on the standardised column; 0 means the column was constant and does not count.
    """

    features: tuple[str, ...]
    log: NDArray[np.bool_]
    fill: Floats
    low: Floats
    high: Floats
    mean: Floats
    sd: Floats
    weight: Floats

    def transform(self, X: Floats) -> NDArray[np.float32]:
        """Scaled values, float32 of shape (n_customers, n_features), never NaN.

        Parameters
        ----------
        X : float64 of shape (n_customers, n_features), original units; NaN where unknown.
        """
        Z = np.empty(X.shape, dtype=np.float32)
        for i in range(0, len(X), _ROWS):
            for j in range(X.shape[1]):
                column = X[i : i + _ROWS, j].copy()
                np.copyto(column, self.fill[j], where=np.isnan(column))
                if np.isfinite(self.low[j]) or np.isfinite(self.high[j]):
                    np.clip(column, self.low[j], self.high[j], out=column)
                if self.log[j]:
                    column = _signed_log(column)
                column -= self.mean[j]
                column /= self.sd[j]
                column *= self.weight[j]
                Z[i : i + _ROWS, j] = column
        return Z

    def inverse(self, Z: NDArray[np.floating[Any]]) -> Floats:
        """Scaled values (n, n_features) in original units; the centre where weight is 0."""
        weight = np.where(self.weight == 0, 1.0, self.weight)
        X = np.asarray(Z, dtype=np.float64) / weight * self.sd + self.mean
        return np.where(self.log, np.sign(X) * np.expm1(np.abs(X)), X)

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON-ready lists; `from_dict` gives back the very same numbers."""
        fields = {name: list(np.asarray(value).tolist()) for name, value in asdict(self).items()}
        for limit in ("low", "high"):
            fields[limit] = [x if np.isfinite(x) else None for x in fields[limit]]
        return fields

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Scaler:
        """The scaler `to_dict` described."""

        def floats(name: str, absent: float = np.nan) -> Floats:
            return np.array([absent if x is None else x for x in fields[name]], dtype=np.float64)

        return cls(
            features=tuple(fields["features"]),
            log=np.array(fields["log"], dtype=np.bool_),
            low=floats("low", -np.inf),
            high=floats("high", np.inf),
            **{name: floats(name) for name in ("fill", "mean", "sd", "weight")},
        )


def fit_scaler(
    values: Floats, features: Sequence[Feature], *, method: Literal["log", "standard"] = "log"
) -> Scaler:
    """Learn how to scale from one snapshot.

    ``log`` compares amounts and counts on a log scale (features whose ``transform`` is "log") and
    estimates centre and spread between the 0.5 % and 99.5 % quantiles, so that a few huge accounts
    do not set the scale; the values themselves keep their tails. ``standard`` is plain
    standardisation, (x - mean) / sd. In both, a share is clipped to [0, 1] and a column without
    variation gets weight 0. The result does not depend on the order of rows.

    Parameters
    ----------
    values : float64 of shape (n_customers, n_features), original units; NaN where unknown.
    features : the columns of ``values``, in order.
    """
    logged = np.array([method == "log" and f.transform == "log" for f in features], dtype=np.bool_)
    share = np.array([f.unit == "share" for f in features], dtype=np.bool_)
    low, high = np.where(share, 0.0, -np.inf), np.where(share, 1.0, np.inf)
    weight = np.array([f.weight for f in features], dtype=np.float64)
    fill, mean, sd = np.zeros(len(features)), np.zeros(len(features)), np.ones(len(features))

    for j in range(len(features)):
        known = np.sort(values[~np.isnan(values[:, j]), j])
        if known.size == 0:
            weight[j] = 0.0
            continue
        fill[j] = np.median(known)
        column = np.clip(known, low[j], high[j])
        if logged[j]:
            column = _signed_log(column)
        if method == "log":
            column = np.clip(column, *np.quantile(column, _TAIL))
        mean[j], spread = column.mean(), column.std()
        if spread > _CONSTANT * np.abs(column).max():
            sd[j] = spread
        else:
            weight[j] = 0.0
    return Scaler(tuple(f.name for f in features), logged, fill, low, high, mean, sd, weight)


def _signed_log(x: Floats) -> Floats:
    return np.log1p(x) if x.min(initial=0) >= 0 else np.copysign(np.log1p(np.abs(x)), x)
