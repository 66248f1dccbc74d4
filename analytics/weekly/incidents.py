"""Faults of the data, told apart from customers changing; judged before anything else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analytics.model import DriftEvent, Floats, Ints, Snapshot
from analytics.weekly.grouping import ROWS
from analytics.weekly.panel import Panel
from analytics.weekly.sample import Flags

# A whole column does not change by half for everyone in a week because customers changed.
UNIT_FACTOR = 1.5
LONE_FACTOR = 3.0  # the same where almost all who use the feature are of one segment
# A file is stale when this share of customers has not one changed value, and usually fewer have.
STALE_SHARE = 0.98
MISSING_SHARE = 0.02  # on top of one and a half times what is usual
ROWS_SHARE = 0.15
_MIN_CUSTOMERS, _FEW = 30, 15


def find_incidents(
    panel: Panel, customer_ids: NDArray[np.object_], values: Floats, lost: tuple[str, ...]
) -> list[DriftEvent]:
    """Faults of one week's file against the last good week, the worst of each kind.

    Rows are counted of all customers, values compared of those in the panel's sample.

    Parameters
    ----------
    customer_ids : (n,) sorted.
    values : (n, d) raw values of the panel's features, NaN where unknown.
    lost : names of features the file does not have at all.
    """
    rows = panel.find(customer_ids)
    stayed = _count(rows >= 0)
    events = [_lost_column(panel, name) for name in lost]
    events += _rows_changed(panel, len(customer_ids), stayed)
    both = np.flatnonzero(panel.find_sampled(customer_ids) >= 0)
    if len(both) < _MIN_CUSTOMERS:
        return events
    known = rows[both]
    segments = panel.segment_ids[known]
    unchanged, found = np.ones(len(known), dtype=bool), []
    before, now = np.empty((2, len(known)))
    for j, feature in enumerate(panel.features):
        if feature.name not in lost:
            panel.last[j].take(known, out=before, mode="clip")
            values[:, j].take(both, out=now, mode="clip")
            had, has = ~np.isnan(before), ~np.isnan(now)
            unchanged &= (before == now) | ~has
            found += _missing(panel, j, had, has)
            found += _unit(panel, j, before, now, segments)
    return [*events, *panel.sample.told([*_stale(panel, unchanged, stayed), *found])]


def read_columns(snapshot: Snapshot, order: Ints, known: Panel) -> tuple[Floats, tuple[str, ...]]:
    """This week's values of the panel's features, and the names of those that are gone.

    Not copied where they are the first of the snapshot and ``order`` is its own.
    """
    column = {f.name: j for j, f in enumerate(snapshot.features)}
    places = [column.get(feature.name) for feature in known.features]
    in_place = places == list(range(len(places))) and snapshot.values.flags.f_contiguous
    if in_place and np.array_equal(order, np.arange(len(order))):
        values = snapshot.values[:, : len(places)]
    else:
        values = np.full((len(order), len(places)), np.nan, order="F")
        for j, place in enumerate(places):
            if place is not None:
                values[:, j] = snapshot.values[:, place][order]
    gone = [bool(np.isnan(column[:1]).all() and np.isnan(column).all()) for column in values.T]
    return values, tuple(f.name for f, g in zip(known.features, gone, strict=True) if g)


def filled(values: Floats, rows: Ints, lost: tuple[str, ...], known: Panel) -> Floats:
    """Columns the file has not, taken over as each customer had them last."""
    values = values.copy(order="F") if lost else values
    for j, feature in enumerate(known.features):
        if feature.name in lost:
            values[:, j] = np.where(rows >= 0, known.last[j][rows], np.nan)
    return values


def _lost_column(panel: Panel, name: str) -> DriftEvent:
    label = next(f.label for f in panel.features if f.name == name)
    return DriftEvent(
        "data_quality",
        "alarm",
        f"The file has no {label} any more ({name}); last week it was there. "
        "Nothing was published.",
        feature=name,
        effect=1.0,
        threshold=MISSING_SHARE,
        evidence={"fault": "missing column"},
    )


def _rows_changed(panel: Panel, customers: int, both: int) -> list[DriftEvent]:
    previous = len(panel.customer_ids)
    left, entered = 1 - both / previous, (customers - both) / previous
    effect = max(left, entered)
    usual = [
        max(int(w.left.sum()), int(w.entered.sum())) / max(int(w.customers.sum()), 1)
        for w in panel.weeks
    ]
    threshold = max(ROWS_SHARE, 3 * max(usual, default=0.0))
    if effect <= threshold:
        return []
    what = (
        f"{previous - both:,} of {previous:,} customers are missing from the file"
        if left >= entered
        else f"{customers - both:,} customers are new in the file, after {previous:,} last week"
    )
    return [
        DriftEvent(
            "data_quality",
            "alarm",
            f"{what} ({100 * effect:.0f} %; up to {100 * threshold:.0f} % is accepted). "
            "Nothing was published.",
            effect=effect,
            threshold=threshold,
            evidence={"fault": "rows", "customers": customers, "previous": previous},
        )
    ]


def _stale(panel: Panel, unchanged: Flags, customers: int) -> list[DriftEvent]:
    share = float(unchanged.mean())
    usual = max((w.unchanged for w in panel.weeks), default=0.0)
    if share < STALE_SHARE or usual > STALE_SHARE - 0.1:
        return []
    return [
        DriftEvent(
            "data_quality",
            "alarm",
            f"The file looks like last week's again: {100 * share:.0f} % of {customers:,} "
            "customers have not one changed value. Nothing was published.",
            effect=share,
            threshold=STALE_SHARE,
            evidence={"fault": "stale file"},
        )
    ]


def _missing(panel: Panel, j: int, had: Flags, has: Flags) -> list[DriftEvent]:
    customers, still = _count(had), _count(had & has)
    if customers < _MIN_CUSTOMERS:
        return []
    gone, came = customers - still, _count(has) - still
    share = (gone - came) / customers
    usual = max((float(w.missing[j]) for w in panel.weeks), default=0.0)
    threshold = MISSING_SHARE + 1.5 * usual + 4 * float(np.sqrt(2 * came)) / customers
    if share <= threshold:
        return []
    feature = panel.features[j]
    return [
        DriftEvent(
            "data_quality",
            "alarm",
            f"{feature.label.capitalize()} is missing for {100 * share:.0f} % of the customers who "
            f"had it last week (up to {100 * threshold:.0f} % is accepted). Nothing was published.",
            feature=feature.name,
            effect=share,
            threshold=threshold,
            evidence={"fault": "missing values", "customers": gone * panel.sample.one_in},
        )
    ]


def _unit(panel: Panel, j: int, before: Floats, now: Floats, segments: Ints) -> list[DriftEvent]:
    customers = more = less = 0
    for i in range(0, len(now), ROWS):
        x, y = before[i : i + ROWS], now[i : i + ROWS]
        compared = (x > 0) & (y > 0)
        customers += _count(compared)
        more += _count((y >= UNIT_FACTOR * x) & compared)
        less += _count((y * UNIT_FACTOR <= x) & compared)
    if customers < _MIN_CUSTOMERS or 2 * max(more, less) < customers:  # the median is within
        return []
    compared = (before > 0) & (now > 0)
    change = np.log(now[compared] / before[compared])
    low, middle, high = np.percentile(change, [25, 50, 75])
    noise = (high - low) / np.sqrt(len(change))
    if abs(middle) < max(np.log(UNIT_FACTOR), 4 * noise):
        return []
    users = segments[compared]
    rest = change[users != np.bincount(users).argmax()]
    elsewhere = float(np.median(rest)) / middle if len(rest) >= _FEW else 0.0
    if elsewhere < 0.8 and (len(rest) >= _FEW or abs(middle) < np.log(LONE_FACTOR)):
        return []
    factor = float(np.exp(middle))
    feature = panel.features[j]
    times = f"{factor:.3g} times" if factor > 1 else f"1/{1 / factor:.3g} of"
    return [
        DriftEvent(
            "data_quality",
            "alarm",
            f"{feature.label.capitalize()} of the middle customer is {times} last week's value, "
            f"for everyone at once: a change of unit or definition. Nothing was published.",
            feature=feature.name,
            effect=factor - 1,
            threshold=UNIT_FACTOR - 1,
            evidence={
                "fault": "unit",
                "factor": factor,
                "customers": customers * panel.sample.one_in,
            },
        )
    ]


def _count(flags: Flags) -> int:
    return int(np.count_nonzero(flags))
