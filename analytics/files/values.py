"""What checked values mean: gaps that are zeros, features computed from others, one fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
import pandas as pd

from analytics.catalogue import Catalogue
from analytics.files.phrases import counted
from analytics.model import Floats

# Missing means zero where the other feature is zero: who paid nothing has no minimum payments.
MISSING_IS_ZERO_WHERE = {"MINIMUM_PAYMENTS": "PAYMENTS"}


def fill_meaningful_gaps(values: dict[str, Floats]) -> list[str]:
    """Write 0 where a missing value means nothing, and say so in one sentence a feature.

    ``values`` holds float64 of shape (n_customers,) by feature name, NaN where missing.
    """
    notes = []
    for name, reason in MISSING_IS_ZERO_WHERE.items():
        if name not in values or reason not in values:
            continue
        gaps = np.isnan(values[name]) & (values[reason] == 0)
        if gaps.any():
            values[name] = np.where(gaps, 0.0, values[name])
            notes.append(
                f"{counted(int(gaps.sum()), f'missing {name} value')} read as 0, "
                f"because {reason} is 0 there."
            )
    return notes


def derived(catalogue: Catalogue, values: Mapping[str, Floats]) -> dict[str, Floats]:
    """The catalogue's ratios of which both parts are there; NaN where the denominator is 0."""
    ratios = {}
    for feature in catalogue:
        if feature.ratio_of and feature.use != "never" and set(feature.ratio_of) <= set(values):
            above, below = (values[part] for part in feature.ratio_of)
            ratios[feature.name] = above / np.where(below == 0, np.nan, below)
    return ratios


def content_hash(*tables: pd.DataFrame) -> str:
    """sha256 of tables whose first column is the id they are sorted by; column order is ignored."""
    digest = hashlib.sha256("\0".join(tables[0].iloc[:, 0]).encode())
    for table in tables:
        for name in sorted(table.columns[1:]):
            column = table[name]
            digest.update(f"\0{name}\0".encode())
            if column.dtype == np.float64:
                numbers = column.to_numpy() + 0.0  # -0.0 is 0.0
                digest.update(np.where(np.isnan(numbers), np.nan, numbers).tobytes())
            else:
                digest.update("\n".join(column.fillna("\0")).encode())
    return digest.hexdigest()
