"""The rule that finds a segment, in words a campaign tool could apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.tree import DecisionTreeClassifier

from analytics.model import Feature, Floats, Ints
from analytics.naming import amount

_SAMPLE = 50_000


@dataclass(frozen=True, slots=True)
class Rule:
    """At most two conditions that find a segment, in words.

    ``precision``: share of the customers who meet it that are in the segment; ``recall``: share of
    the segment that meets it; both in [0, 1].
    """

    text: str
    precision: float
    recall: float


def segment_rules(
    X: Floats, segment_ids: Ints, features: Sequence[Feature], *, seed: int, currency: str = "$"
) -> dict[int, Rule]:
    """For each segment the best branch of a depth-2 tree, in original units, rounded.

    A classification tree (CART) is grown for the segment against the rest; the branch with the
    highest F1 once its thresholds are rounded is the rule, and precision and recall are those of
    the rounded rule. Above 50,000 customers all of this is on a sample of 50,000.

    Parameters
    ----------
    X : raw float64 of shape (n_customers, n_features); NaN counts as the column's median.
    segment_ids : segment of each customer, shape (n_customers,).
    """
    if len(X) > _SAMPLE:
        rows = np.random.default_rng(seed).choice(len(X), _SAMPLE, replace=False)
        X, segment_ids = X[rows], segment_ids[rows]
    unknown = np.isnan(X)
    medians = [
        np.median(x[~gone]) if not gone.all() else 0.0
        for x, gone in zip(X.T, unknown.T, strict=True)
    ]
    X = np.where(unknown, medians, X)
    rules = {}
    for segment in np.unique(segment_ids):
        member = segment_ids == segment
        tree = DecisionTreeClassifier(max_depth=2, random_state=seed).fit(X, member)
        rules[int(segment)] = _best_rule(X, member, _branches(tree), features, currency)
    return rules


# A branch: (column, whether over the threshold) -> threshold.
_Branch = dict[tuple[int, bool], float]


def _best_rule(
    X: Floats,
    member: NDArray[np.bool_],
    branches: list[_Branch],
    features: Sequence[Feature],
    currency: str,
) -> Rule:
    best, best_f1 = Rule("every customer", float(member.mean()), 1.0), 0.0
    for branch in branches:
        meets = np.ones(len(X), dtype=np.bool_)
        words: dict[str, list[str]] = {}
        for (j, over), exact in branch.items():
            feature = features[j]
            threshold = _rounded(exact, X[:, j], feature)
            meets &= (X[:, j] > threshold) == over
            if threshold == 0:
                least = "at zero" if X[:, j].min() >= 0 else "at or below zero"
                bound = "above zero" if over else least
            else:
                limit = amount(threshold, feature.unit, currency)
                bound = f"over {limit}" if over else f"up to {limit}"
            words.setdefault(feature.label, []).append(bound)
        hits = float((meets & member).sum())
        f1 = 2 * hits / float(meets.sum() + member.sum())
        if f1 > best_f1:
            text = " and ".join(
                f"{label} {' and '.join(sorted(bounds))}" for label, bounds in words.items()
            )
            best = Rule(text, hits / float(meets.sum()), hits / float(member.sum()))
            best_f1 = f1
    return best


def _branches(tree: DecisionTreeClassifier) -> list[_Branch]:
    """Every branch of a tree that starts at its root, shorter ones first."""
    nodes = tree.tree_
    branches: list[_Branch] = []
    waiting: list[tuple[int, _Branch]] = [(0, {})]
    while waiting:
        node, branch = waiting.pop(0)
        if branch:
            branches.append(branch)
        if nodes.children_left[node] >= 0:
            j, threshold = int(nodes.feature[node]), float(nodes.threshold[node])
            waiting.append((int(nodes.children_left[node]), branch | {(j, False): threshold}))
            waiting.append((int(nodes.children_right[node]), branch | {(j, True): threshold}))
    return branches


def _rounded(threshold: float, column: Floats, feature: Feature) -> float:
    """The threshold as people would say it; 0 where hardly anyone lies between 0 and it."""
    if threshold > 0 and float(((column > 0) & (column <= threshold)).mean()) < 0.01:
        return 0.0
    if feature.unit == "share":
        return round(threshold, 2)
    if feature.unit in ("count", "months"):
        threshold = float(np.floor(threshold))
    return float(f"{threshold:.2g}")
