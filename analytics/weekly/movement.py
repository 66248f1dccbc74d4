"""Who changed segment and why: behaviour, model or population; counted exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.model import Floats, Ints
from analytics.weekly.panel import Panel

CAUSES = ("behaviour", "model", "population")

Ways = tuple[Ints, Ints, Ints]


@dataclass(frozen=True, eq=False)
class Movement:
    """Who changed segment, each customer counted once by cause.

    Attributes
    ----------
    customers : total = behaviour + model + population.
    money : the same per money feature, in money: this week's value of those still here, last
        week's of those who left.
    transitions : from_segment_id, to_segment_id (missing where the customer entered or left),
        cause, customers; sums to both weeks' sizes exactly.
    by_segment : per segment and measure ("customers" or a money feature) previous + population +
        behaviour + model + within = current, where within is the same members' own change.
    """

    customers: dict[str, int]
    money: dict[str, dict[str, float]]
    transitions: pd.DataFrame
    by_segment: pd.DataFrame


def movement(
    last: Ints,
    frozen: Ints,
    now: Ints,
    *,
    money_then: Mapping[str, Floats] | None = None,
    money_now: Mapping[str, Floats] | None = None,
) -> Movement:
    """Split the change from ``last`` to ``now`` into three causes.

    Every customer of either week is one row. Behaviour: another segment already under the frozen
    fit on the new data. Model: only the new fit moved them. Population: entered or left.

    Parameters
    ----------
    last : (n,) segment last week, 0 where the customer was not there.
    frozen : (n,) segment on this week's data under last week's fit, 0 where gone.
    now : (n,) segment published this week, 0 where gone.
    money_then, money_now : per money feature (n,) amounts of both weeks; NaN counts as nothing.
    """
    then, after = money_then or {}, money_now or {}
    way, ways = _ways(last, frozen, now)
    most = len(ways[0])
    amounts = ((m, _sums(way, then[m], most), _sums(way, after[m], most)) for m in then)
    return _movement(way, ways, amounts)


def _movement(way: Ints, ways: Ways, amounts: Iterable[tuple[str, Floats, Floats]]) -> Movement:
    """`movement` from the way of each customer, and the money of each way then and now."""
    size, (last, frozen, now) = np.bincount(way).astype(np.float64), ways
    both, moved = (last > 0) & (now > 0), last != now
    cause = np.zeros(len(last), dtype=np.int64)
    cause[both & moved] = np.where((frozen != last)[both & moved], 1, 2)
    cause[~both] = 3
    counts = np.bincount(cause, size, minlength=4)
    customers = {c: int(counts[i]) for i, c in enumerate(CAUSES, start=1)}
    money = {}
    by_segment = [_balance("customers", last, frozen, now, size, size)]
    for name, then, amount in amounts:
        value = np.bincount(cause, np.where(now > 0, amount, then), minlength=4)
        parts = {c: float(value[i]) for i, c in enumerate(CAUSES, start=1)}
        money[name] = {"total": sum(parts.values())} | parts
        by_segment.append(_balance(name, last, frozen, now, then, amount))
    return Movement(
        {"total": sum(customers.values())} | customers,
        money,
        _flows(last, now, cause, size),
        pd.concat(by_segment, ignore_index=True),
    )


def _ways(last: Ints, frozen: Ints, now: Ints) -> tuple[Ints, Ways]:
    """The way each customer went, and the three segments of each way; there are few ways."""
    top = max(int(x.max(initial=0)) for x in (last, frozen, now)) + 1
    ids = np.flatnonzero(sum(np.bincount(x, minlength=top) for x in (last, frozen, now)))
    place, k = np.searchsorted(ids, np.arange(top)), len(ids)
    code = (place * k * k)[last]
    code += (place * k)[frozen]
    code += place[now]
    gone = np.bincount(code, minlength=k**3) > 0
    one, two, three = (ids[x] for x in np.unravel_index(np.flatnonzero(gone), (k, k, k)))
    return (np.cumsum(gone) - 1)[code], (one, two, three)


def _sums(way: Ints, amount: Floats, ways: int) -> Floats:
    """The sum of an amount (n,) over each of so many ways; what is unknown counts as nothing."""
    sums = np.bincount(way, amount, ways)
    if np.isnan(sums).any():
        sums = np.bincount(way, np.where(np.isnan(amount), 0, amount), ways)
    return sums.astype(np.float64)


def _flows(last: Ints, now: Ints, cause: Ints, size: Floats) -> pd.DataFrame:
    """Customers by segment then, segment now and cause."""
    top = int(max(last.max(initial=0), now.max(initial=0))) + 1
    code, row = np.unique((last * top + now) * 4 + cause, return_inverse=True)
    customers = np.bincount(row, size).astype(np.int64)
    ids = {"from_segment_id": code // 4 // top, "to_segment_id": code // 4 % top}
    table = pd.DataFrame({name: pd.array(x, dtype="Int64") for name, x in ids.items()})
    table = table.mask(table == 0)
    return table.assign(cause=np.array(["stayed", *CAUSES])[code % 4], customers=customers)


def panel_movement(before: Panel, now: Panel, frozen: Ints, placed: Ints) -> Movement:
    """`movement` from one week of the panel to the next, with every money feature.

    An amount that is missing counts as the last one known, so that a week begins with exactly what
    the week before ended with.

    Parameters
    ----------
    frozen, placed : (n,) segments of ``now``'s customers under the frozen fit, and as published.
    """
    rows = before.find(now.customer_ids)
    known = rows >= 0
    gone = np.ones(len(before.customer_ids), dtype=bool)
    gone[rows[known]] = False
    nowhere = np.zeros(int(gone.sum()), dtype=np.int64)
    previous = np.where(known, before.segment_ids[rows], 0)
    way, ways = _ways(
        np.concatenate([previous, before.segment_ids[gone]]),
        np.concatenate([frozen, nowhere]),
        np.concatenate([placed, nowhere]),
    )
    way_now, way_then = way[: len(rows)], np.empty(len(gone), dtype=np.int64)
    way_then[rows[known]], way_then[gone] = way_now[known], way[len(rows) :]

    def amounts() -> Iterator[tuple[str, Floats, Floats]]:
        for feature, then, amount in zip(before.features, before.last, now.last, strict=True):
            if feature.unit == "money":
                most = len(ways[0])
                yield feature.name, _sums(way_then, then, most), _sums(way_now, amount, most)

    return _movement(way, ways, amounts())


def _balance(
    measure: str, last: Ints, frozen: Ints, now: Ints, then: Floats, amount: Floats
) -> pd.DataFrame:
    """previous + population + behaviour + model + within = current, per segment."""
    top = int(max(last.max(initial=0), now.max(initial=0), frozen.max(initial=0))) + 1
    here, was = now > 0, last > 0

    def total(segment: Ints, value: Floats, rows: NDArray[np.bool_]) -> Floats:
        sums: Floats = np.bincount(segment[rows], value[rows], top).astype(np.float64)
        return sums

    both = here & was
    columns = {
        "previous": total(last, then, was),
        "population": total(frozen, amount, here & ~was) - total(last, then, was & ~here),
        "behaviour": total(frozen, amount, both) - total(last, amount, both),
        "model": total(now, amount, here) - total(frozen, amount, here),
        "within": total(last, amount - then, both),
        "current": total(now, amount, here),
    }
    ids = (
        np.flatnonzero((np.bincount(last, minlength=top) + np.bincount(now, minlength=top))[1:]) + 1
    )
    table = pd.DataFrame({name: column[ids] for name, column in columns.items()})
    table.insert(0, "measure", measure)
    table.insert(0, "segment_id", ids)
    return table
