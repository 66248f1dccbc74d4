"""What the live file knows before a refit: the snapshots, the last state, the names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from analytics import queries
from analytics.catalogue import Catalogue
from analytics.errors import SegmentryError
from analytics.model import Feature, Snapshot
from analytics.schema import quote
from analytics.store import Connection, Store
from analytics.weekly.remember import decode, unpacked
from analytics.weekly.step import Fit, WeekState

_EMPTY = "Load a file with `segmentry load FILE --as-of DATE`."


@dataclass(frozen=True)
class Before:
    """A snapshot to judge, and what was known before it.

    Attributes
    ----------
    judged : snapshots published before this one.
    anchor_fit_id : the fit that owns the segment ids, None before the first.
    previous_as_of : the last published date before this one.
    names : name of every segment, active or retired, by id.
    previous_sizes : customers of each segment at ``previous_as_of``.
    traits : customer_id and one column per trait, for the customers of the store.
    """

    snapshot: Snapshot
    state: WeekState | None
    judged: int
    anchor_fit_id: int | None
    previous_as_of: date | None
    names: dict[int, str]
    previous_sizes: dict[int, int]
    traits: pd.DataFrame
    trait_features: tuple[Feature, ...]


def due(store: Store, as_of: date | None, *, again: bool) -> list[date]:
    """Snapshots to judge, oldest first.

    Without ``as_of`` all that are newer than the latest judged one, or the latest one ``again``.
    Raises SegmentryError when there is none, or ``as_of`` is unknown or older than that.
    """
    with store.reading("look for a snapshot") as connection:
        snapshots = queries.rows(connection, "store/snapshots")
    if not snapshots:
        raise SegmentryError(f"No snapshot has been loaded into {store.home.folder}.", _EMPTY)
    dates = [row["as_of"] for row in snapshots]
    judged = [row["as_of"] for row in snapshots if row["status"] != "loaded"]
    latest = max(judged, default=None)
    if as_of is not None and as_of not in dates:
        raise SegmentryError(
            f"There is no snapshot of {as_of}; the latest is of {max(dates)}.",
            f"Load its file with `segmentry load FILE --as-of {as_of}`.",
        )
    if as_of is not None and latest is not None and as_of < latest:
        raise SegmentryError(
            f"The snapshot of {as_of} cannot be refitted: {latest} has been judged since, and "
            "history does not change.",
            "Refit the latest snapshot, or replay the files into a new home.",
        )
    if as_of is None:
        waiting = [day for day in dates if latest is None or day > latest]
        if waiting:
            return waiting
        as_of = latest
    is_judged = as_of in judged
    return [as_of] if as_of and (again or not is_judged) else []


def last_result(store: Store, as_of: date | None) -> dict[str, Any]:
    """The recorded result of a judged snapshot; the latest without ``as_of``."""
    with store.reading("read the last result") as connection:
        found = queries.rows(connection, "store/refit_result", as_of=as_of)
    result: dict[str, Any] = json.loads(found[0]["result"])
    return result


def gather(store: Store, as_of: date, catalogue: Catalogue) -> Before:
    """Read everything the refit of one snapshot needs."""
    with store.reading(f"read the snapshot of {as_of}") as connection:
        last = queries.rows(connection, "store/last_published", as_of=as_of)
        previous = last[0] if last else None
        traits = _held(connection, catalogue, "trait")
        columns = ", ".join(["customer_id", *(quote(trait.column) for trait in traits)])
        return Before(
            snapshot=_snapshot(connection, as_of, catalogue),
            state=_state(connection, as_of),
            judged=previous["judged"] if previous else 0,
            anchor_fit_id=previous["anchor_fit_id"] if previous else None,
            previous_as_of=previous["as_of"] if previous else None,
            names={
                row["segment_id"]: row["name"]
                for row in queries.rows(connection, "store/segment_names", as_of=as_of)
            },
            previous_sizes={
                row["segment_id"]: row["customers"]
                for row in queries.rows(
                    connection, "store/sizes", as_of=previous["as_of"] if previous else None
                )
            },
            traits=connection.execute(f"SELECT {columns} FROM store.customers").df(),
            trait_features=traits,
        )


def kept_snapshots(store: Store, catalogue: Catalogue) -> Iterator[tuple[Snapshot, str, Fit]]:
    """Every judged snapshot whose features are kept, oldest first, with what became of it
    ("published" or "refused") and the fit that owned the segments then.
    """
    with store.reading("list the kept snapshots") as connection:
        judged = queries.rows(connection, "store/kept_snapshots")
    for row in judged:
        with store.reading(f"read the snapshot of {row['as_of']}") as connection:
            snapshot = _snapshot(connection, row["as_of"], catalogue)
        yield snapshot, row["status"], Fit.from_dict(json.loads(row["parameters"]))


def earlier_fit(store: Store, fit_id: int) -> Fit:
    """A stored fit. Raises SegmentryError where there is none with this number."""
    with store.reading(f"read fit {fit_id}") as connection:
        found = queries.rows(connection, "store/fit", fit_id=fit_id)
    if not found:
        raise SegmentryError(
            f"There is no fit {fit_id}.",
            'See them with `segmentry sql "select fit_id, as_of, role from fits"`.',
        )
    return Fit.from_dict(json.loads(found[0]["parameters"]))


def _snapshot(connection: Connection, as_of: date, catalogue: Catalogue) -> Snapshot:
    facts = queries.rows(connection, "store/snapshot", as_of=as_of)[0]
    features = _held(connection, catalogue, "feature")
    columns = ", ".join(quote(feature.column) for feature in features)
    table = connection.sql(
        f"SELECT customer_id, {columns} FROM store.features WHERE as_of = ? ORDER BY customer_id",
        params=[as_of],
    ).to_arrow_table()
    empty = {name for name in table.column_names if table[name].null_count == table.num_rows}
    kept = [f for f in features if f.column not in empty or f.name in facts["lost"]]
    values = np.empty((table.num_rows, len(kept)), order="F")
    for j, feature in enumerate(kept):
        values[:, j] = table[feature.column].to_numpy()
    return Snapshot(
        as_of=as_of,
        customer_ids=table["customer_id"].to_numpy(),
        values=values,
        features=tuple(kept),
        lost=tuple(facts["lost"]),
        content_hash=facts["content_hash"],
    )


def _held(connection: Connection, catalogue: Catalogue, role: str) -> tuple[Feature, ...]:
    """The features or traits the store has a column for, as the configuration describes them."""
    stored = [
        Feature(**{**row, "synonyms": tuple(row["synonyms"])})
        for row in queries.rows(connection, "store/held", role=role)
    ]
    return tuple(catalogue.get(item.name, item) for item in stored)


def _state(connection: Connection, as_of: date) -> WeekState | None:
    sql = queries.inline("store/memory_before", as_of=as_of)
    held = connection.sql(sql).to_arrow_table()
    tables = {
        name.as_py(): unpacked(content.as_buffer())
        for name, content in zip(held["name"], held["content"], strict=True)
    }
    return decode(tables) if tables else None
