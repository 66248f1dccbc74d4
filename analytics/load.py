"""Bring a planned load into the store: all of it, or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
import pyarrow as pa

from analytics import queries
from analytics.errors import DataRefused
from analytics.files.loading import LoadPlan
from analytics.model import Feature
from analytics.schema import add_columns, quote, refresh_views
from analytics.store import Connection, Store, append


@dataclass(frozen=True)
class Loaded:
    """What a load did; ``changed`` is False when the very same data was there already."""

    load_id: int | None
    as_of: date
    customers: int
    quarantined: int
    changed: bool


def earlier_features(store: Store) -> list[str]:
    """Names of the features the latest snapshot had, in order; empty for the first load."""
    with store.reading("look at the last load") as connection:
        found = queries.rows(connection, "store/last_loaded_features")
    return list(found[0]["features"]) if found else []


def commit(store: Store, plan: LoadPlan, *, now: datetime) -> Loaded:
    """Write a load plan in one transaction.

    Loading the same data for the same date again changes nothing. A corrected file replaces the
    latest snapshot. Raises DataRefused for a date older than the latest published one.
    """
    with store.writing(f"load {plan.file}") as connection:
        if plan.kind == "features" and _already_there(connection, plan):
            return Loaded(None, plan.as_of, len(plan.frame), len(plan.quarantine), changed=False)
        load_id = queries.rows(connection, "store/next_load_id")[0]["load_id"]
        queries.run(
            connection,
            "store/insert_load",
            load_id=load_id,
            loaded_at=now,
            kind=plan.kind,
            as_of=plan.as_of,
            file=plan.file,
            sha256=plan.sha256,
            rows=plan.rows,
            quarantined=len(plan.quarantine),
            columns=json.dumps(
                [
                    {
                        "column": use.column,
                        "role": use.role,
                        "feature": use.feature.name if use.feature else None,
                        "note": use.note,
                    }
                    for use in plan.columns
                ]
            ),
            warnings=list(plan.warnings),
        )
        append(connection, "quarantine", plan.quarantine.assign(load_id=load_id))
        if plan.kind == "features":
            _insert_snapshot(connection, plan, load_id)
        if plan.traits is not None:
            _insert_traits(connection, plan)
        record_catalogue(connection, plan.features, plan.trait_features)
        refresh_views(connection)
    return Loaded(load_id, plan.as_of, len(plan.frame), len(plan.quarantine), changed=True)


def _already_there(connection: Connection, plan: LoadPlan) -> bool:
    snapshots = queries.rows(connection, "store/snapshot_hashes")
    held = {row["as_of"]: row for row in snapshots}
    published = [row["as_of"] for row in snapshots if row["status"] == "published"]
    same = held.get(plan.as_of, {}).get("content_hash") == plan.content_hash
    if same:
        return True
    if published and plan.as_of < max(published):
        raise DataRefused(
            f"{plan.file} is for {plan.as_of}, but segments are already published for "
            f"{max(published)}; history does not change.",
            "Say the right date with --as-of, or load it into a home of its own.",
        )
    return False


def _insert_snapshot(connection: Connection, plan: LoadPlan, load_id: int) -> None:
    add_columns(connection, "features", plan.features)
    queries.run(connection, "store/delete_features", as_of=plan.as_of)
    append(connection, "features", plan.frame.assign(as_of=plan.as_of))
    queries.run(
        connection,
        "store/put_snapshot",
        as_of=plan.as_of,
        load_id=load_id,
        customers=len(plan.frame),
        content_hash=plan.content_hash,
        lost=list(plan.lost),
    )
    queries.run(connection, "store/see_customers", as_of=plan.as_of)


def _insert_traits(connection: Connection, plan: LoadPlan) -> None:
    assert plan.traits is not None
    add_columns(connection, "customers", plan.trait_features)
    connection.register("incoming", pa.Table.from_pandas(plan.traits, preserve_index=False))
    queries.run(connection, "store/add_missing_customers")
    columns = [quote(trait.column) for trait in plan.trait_features]
    if columns:
        assignments = ", ".join(f"{column} = incoming.{column}" for column in columns)
        connection.execute(
            f"UPDATE store.customers SET {assignments} FROM incoming "
            "WHERE incoming.customer_id = store.customers.customer_id"
        )
    connection.unregister("incoming")


def record_catalogue(
    connection: Connection, features: Iterable[Feature], traits: Iterable[Feature]
) -> None:
    """Write what each column means; a later description replaces the earlier one."""
    rows = [
        {
            "name": member.name,
            "column_name": member.column,
            "role": role,
            "label": member.label,
            "unit": member.unit,
            "kind": member.kind,
            "transform": member.transform,
            "weight": member.weight,
            "use": member.use,
            "synonyms": list(member.synonyms),
            "description": member.description,
            "position": position,
        }
        for role, members in (("feature", features), ("trait", traits))
        for position, member in enumerate(members)
    ]
    names = [row["name"] for row in rows]
    queries.run(connection, "store/delete_catalogue_entries", names=names)
    append(connection, "feature_catalogue", pd.DataFrame(rows))
