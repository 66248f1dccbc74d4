"""What each segment is like: statistics, traits, a rule in plain words, examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.model import Feature, Floats, Ints
from analytics.naming import amount
from analytics.rules import segment_rules

_QUANTILES = {
    "min": 0.0,
    "p10": 0.1,
    "p25": 0.25,
    "median": 0.5,
    "p75": 0.75,
    "p90": 0.9,
    "max": 1.0,
}


def profile_table(values: Floats, segment_ids: Ints, features: Sequence[Feature]) -> pd.DataFrame:
    """Statistics of every feature in every segment; segment 0 is the whole base.

    Parameters
    ----------
    values : raw float64 of shape (n_customers, n_features); NaN where unknown.
    segment_ids : positive segment of each customer, shape (n_customers,).

    Returns
    -------
    One row per segment and feature, in that order. Unknown values count in ``customers`` and
    ``missing_share`` only. Quantiles interpolate linearly. ``index_vs_all`` is 100 * mean / base
    mean, NaN unless the base mean is positive; ``share_of_total`` is sum / base sum, NaN where that
    is 0. ``effect`` is Cliff's delta in [-1, 1]: the probability that a customer of the segment
    has more than one of the rest, minus the probability of less (Cliff 1993); 0 for the base.
    """
    segments, member = np.unique(segment_ids, return_inverse=True)
    customers = np.bincount(member)
    rows = []
    member = member.astype(np.int16)  # which numpy sorts in one pass
    for j, feature in enumerate(features):
        known = np.flatnonzero(~np.isnan(values[:, j]))
        order = known[np.argsort(values[known, j])]
        column, group = values[order, j], member[order]
        counts = np.bincount(group, minlength=len(segments))
        parts = np.split(column[np.argsort(group, kind="stable")], np.cumsum(counts)[:-1])
        base = _statistics(column, len(values))
        rows.append({"segment_id": 0, "feature": feature.name, **base, "effect": 0.0})
        effects = _cliffs_delta(column, group, counts)
        for segment, part, size, effect in zip(segments, parts, customers, effects, strict=True):
            rows.append(
                {"segment_id": segment, "feature": feature.name, **_statistics(part, size)}
                | {"effect": effect}
            )
    table = pd.DataFrame(rows)
    base_of = table[table.segment_id == 0].set_index("feature")
    total, mean = table.feature.map(base_of["sum"]), table.feature.map(base_of["mean"])
    table["share_of_total"] = table["sum"] / total.where(total != 0)
    table["index_vs_all"] = 100 * table["mean"] / mean.where(mean > 0)
    columns = (
        "segment_id feature customers mean median min p10 p25 p75 p90 max zero_share missing_share "
        "sum share_of_total index_vs_all effect"
    ).split()
    return table.sort_values("segment_id", kind="stable", ignore_index=True)[columns]


def _statistics(column: Floats, customers: int) -> dict[str, float]:
    """Statistics of the sorted known values of ``customers`` customers."""
    if not column.size:
        nothing = dict.fromkeys([*_QUANTILES, "mean", "zero_share"], np.nan)
        return {"customers": customers, **nothing, "sum": 0.0, "missing_share": 1.0}
    place = np.array(list(_QUANTILES.values())) * (column.size - 1)
    below, above = column[np.floor(place).astype(int)], column[np.ceil(place).astype(int)]
    quantiles = below + (above - below) * (place % 1)
    return {
        "customers": customers,
        "mean": float(column.mean()),
        **dict(zip(_QUANTILES, quantiles.tolist(), strict=True)),
        "zero_share": float((column == 0).mean()),
        "missing_share": 1 - column.size / customers,
        "sum": float(column.sum()),
    }


def _cliffs_delta(column: Floats, group: Ints, counts: Ints) -> Floats:
    """Cliff's delta of each group against the rest, from the ranks of all values, which are sorted;
    equal ones share their mean rank.
    """
    first = np.flatnonzero(np.diff(column, prepend=np.nan) != 0)
    times = np.diff(first, append=column.size)
    mean_rank = np.repeat(first + (times + 1) / 2, times)
    ranks = np.bincount(group, weights=mean_rank, minlength=len(counts))
    pairs = counts * (column.size - counts)
    more = ranks - counts * (counts + 1) / 2
    delta: Floats = np.where(pairs > 0, 2 * more / np.maximum(pairs, 1) - 1, 0.0)
    return delta


def trait_table(
    table: pd.DataFrame,
    customer_ids: NDArray[np.object_],
    segment_ids: Ints,
    traits: Sequence[Feature],
) -> pd.DataFrame:
    """How the values of each trait are spread in every segment; segment 0 is the whole base.

    Parameters
    ----------
    table : ``customer_id`` and one column per trait (named ``Feature.column``).
    customer_ids, segment_ids : the customers described, shape (n_customers,).

    Returns
    -------
    segment_id, trait, value, customers, share, index_vs_all. At most 12 values a trait, then
    "Other"; no value is "Unknown"; numbers with more than 8 different values come in bands.
    ``share`` is of the segment's customers; ``index_vs_all`` is 100 * share / share in the base.
    """
    columns = ["segment_id", "trait", "value", "customers", "share", "index_vs_all"]
    if not traits:
        return pd.DataFrame(columns=columns)
    known = table.set_index("customer_id").reindex(customer_ids)
    parts = []
    for trait in traits:
        values = _readable(known[trait.column], trait)
        counts = pd.crosstab(segment_ids, values.array, dropna=False)
        counts.loc[0] = counts.sum()
        share = counts.div(counts.sum(axis=1), axis=0)
        long = pd.DataFrame(
            {
                "customers": counts.stack(),
                "share": share.stack(),
                "index_vs_all": (100 * share / share.loc[0]).stack(),
            }
        )
        parts.append(
            long.rename_axis(["segment_id", "value"]).reset_index().assign(trait=trait.name)
        )
    return pd.concat(parts).sort_values("segment_id", kind="stable", ignore_index=True)[columns]


def _readable(column: pd.Series, trait: Feature) -> pd.Series:
    """The trait as a categorical of at most 12 readable values, in the order they are shown."""
    if trait.unit == "text":
        text = column.astype("string").str.strip()
        text = text.mask(text.str.lower().isin(["", "unknown"]))
        sizes = text.value_counts()
        values = sorted(sizes.index, key=lambda value: (-sizes[value], value))
    else:
        text, values = _in_bands(pd.to_numeric(column, errors="coerce").astype(float), trait)
    kept = values if len(values) + text.isna().any() <= 12 else values[:10]
    text = text.where(text.isna() | text.isin(kept), "Other").fillna("Unknown")
    rest = [value for value in ("Other", "Unknown") if (text == value).any()]
    return text.astype(pd.CategoricalDtype(list(dict.fromkeys([*kept, *rest]))))


def _in_bands(numbers: pd.Series, trait: Feature) -> tuple[pd.Series, list[str]]:
    """Numbers as text and the texts in order: themselves if few, else five bands of like size."""
    known = numbers.dropna()
    if known.empty:
        return numbers.astype("string"), []
    if known.nunique() <= 8:
        starts = np.unique(known)
        names = [amount(value, trait.unit) for value in starts]
    else:
        starts = np.unique([float(f"{q:.2g}") for q in known.quantile([0.2, 0.4, 0.6, 0.8])])
        starts = starts[starts > known.min()]
        if not starts.size:
            starts = np.array([known[known > known.min()].min()])
        starts = np.array([-np.inf, *starts])
        below = 1 if (known % 1 == 0).all() else 0
        low = [amount(start, trait.unit) for start in starts[1:]]
        high = [amount(start - below, trait.unit) for start in starts[2:]]
        between = [a if a == b else f"{a} to {b}" for a, b in zip(low, high, strict=False)]
        names = [f"under {low[0]}", *between, f"{low[-1]} and over"]
    band = np.searchsorted(starts, numbers.fillna(np.inf), side="right") - 1
    text = pd.Series(np.array(names, dtype=object)[band], index=numbers.index, dtype="string")
    return text.mask(numbers.isna()), names


def segment_facts(
    customer_ids: NDArray[np.object_],
    X: Floats,
    features: Sequence[Feature],
    segment_ids: Ints,
    *,
    distance: NDArray[np.floating[Any]],
    margin: NDArray[np.floating[Any]],
    borderline: NDArray[np.bool_],
    jaccards: Mapping[int, float],
    seed: int,
    currency: str = "$",
) -> pd.DataFrame:
    """How sure each segment is, the rule that finds it, and customers who show it.

    Parameters
    ----------
    customer_ids, segment_ids, distance, margin, borderline : of shape (n_customers,): the segment,
        the scaled distance to its centre, the gap to the runner-up centre as a share of the
        distance to it, and whether that gap is too small to be sure.
    X, features : raw values and their columns, as for `rules.segment_rules`; columns of use "never"
        are left out.
    jaccards : stability of each segment in [0, 1], where measured.

    Returns
    -------
    segment_id, jaccard, borderline_share, rule, rule_precision, rule_recall, exemplars (list of
    the 3 customers nearest the centre), borderline_customer (the one with the smallest margin).
    """
    shown = [j for j, feature in enumerate(features) if feature.use != "never"]
    if len(shown) < len(features):
        X, features = X[:, shown], [features[j] for j in shown]
    rules = segment_rules(X, segment_ids, features, seed=seed, currency=currency)
    rows = []
    for segment, rule in rules.items():
        members = np.flatnonzero(segment_ids == segment)
        nearest = members[np.argsort(distance[members], kind="stable")[:3]]
        rows.append(
            {
                "segment_id": segment,
                "jaccard": jaccards.get(segment, np.nan),
                "borderline_share": float(borderline[members].mean()),
                "rule": rule.text,
                "rule_precision": rule.precision,
                "rule_recall": rule.recall,
                "exemplars": [str(customer) for customer in customer_ids[nearest]],
                "borderline_customer": str(customer_ids[members[np.argmin(margin[members])]]),
            }
        )
    return pd.DataFrame(rows)
