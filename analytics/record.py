"""Write what a refit found: every table in one transaction."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from analytics import queries
from analytics.errors import SegmentryError
from analytics.flows import write_transition_money
from analytics.history import Before
from analytics.load import record_catalogue
from analytics.outcome import Judged, outcome, segment_name, segment_sizes
from analytics.schema import refresh_views
from analytics.store import Connection, Store, append
from analytics.weekly.remember import encode, packed
from analytics.weekly.step import Fit

# Told apart by colour-blind readers; Okabe and Ito, "Color universal design", 2008.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000")
_TABLES_OF_A_DATE = (
    "refits segment_history segment_sizes profiles trait_profiles segment_facts transitions "
    "transition_money movement drift_events"
).split()


def commit(
    store: Store,
    judged: Judged,
    before: Before,
    *,
    now: datetime,
    elapsed_s: float,
    keep_snapshots: int,
) -> dict[str, Any]:
    """Write one refit in one transaction and return its public result.

    Raises SegmentryError, changing nothing, when the snapshot was replaced meanwhile.
    """
    as_of, week = judged.snapshot.as_of, judged.week
    with store.writing(f"write the refit of {as_of}") as connection:
        held = queries.rows(connection, "store/snapshot", as_of=as_of)
        if not held or held[0]["content_hash"] != judged.snapshot.content_hash:
            raise SegmentryError(
                f"The snapshot of {as_of} was replaced while it was being refitted.",
                "Run `segmentry refit` again.",
            )
        for table in _TABLES_OF_A_DATE:
            connection.execute(f"DELETE FROM store.{table} WHERE as_of = ?", [as_of])
        anchor, challenger = _write_fits(connection, judged, before, now)
        result = outcome(judged, before, fit_id=anchor, elapsed_s=elapsed_s)
        queries.run(
            connection,
            "store/insert_refit",
            as_of=as_of,
            status=week.status,
            refit=week.refit,
            anchor_fit_id=anchor,
            challenger_fit_id=challenger,
            customers=len(judged.snapshot.customer_ids),
            customers_entered=week.entered,
            customers_left=week.left,
            judged_at=now,
            why=week.why,
            result=json.dumps(result),
        )
        queries.run(connection, "store/set_snapshot_status", as_of=as_of, status=week.status)
        _write_events(connection, judged)
        if week.status == "published":
            _write_segments(connection, judged, before)
            _write_members(connection, judged)
            _write_movement(connection, judged, before)
            queries.run(connection, "store/prune_features", keep=keep_snapshots)
        _remember(connection, judged)
        record_catalogue(connection, judged.snapshot.features, before.trait_features)
        refresh_views(connection)
    return result


def _write_fits(
    connection: Connection, judged: Judged, before: Before, now: datetime
) -> tuple[int | None, int | None]:
    """Store the fits of this refit; return the ids of the anchor and of the challenger."""
    week = judged.week
    connection.execute("DELETE FROM store.fits WHERE as_of = ?", [judged.snapshot.as_of])
    anchor = before.anchor_fit_id
    if week.status == "published" and (before.state is None or week.refit == "promoted"):
        anchor = _insert_fit(connection, week.anchor, "anchor", now, judged.explained)
        return anchor, anchor if week.challenger else None
    if week.challenger is None:
        return anchor, None
    return anchor, _insert_fit(connection, week.challenger, "challenger", now)


def _insert_fit(
    connection: Connection,
    fit: Fit,
    role: str,
    now: datetime,
    explained: tuple[float, float] | None = None,
) -> int:
    fit_id = int(queries.rows(connection, "store/next_fit_id")[0]["fit_id"])
    queries.run(
        connection,
        "store/insert_fit",
        fit_id=fit_id,
        as_of=fit.as_of,
        fitted_at=now,
        role=role,
        k=len(fit.segment_ids),
        seed=fit.seed,
        customers=fit.customers,
        inertia=fit.inertia,
        silhouette=fit.silhouette,
        min_jaccard=None if fit.jaccards is None else float(min(fit.jaccards)),
        explained=explained[0] if explained else None,
        rule_explained=explained[1] if explained else None,
        features=list(fit.scaler.features),
        why_k=fit.why_k,
        k_evidence=json.dumps([asdict(row) for row in fit.k_evidence]),
        parameters=json.dumps(fit.to_dict()),
    )
    return fit_id


def _write_events(connection: Connection, judged: Judged) -> None:
    for number, event in enumerate(judged.week.events, start=1):
        queries.run(
            connection,
            "store/insert_event",
            as_of=judged.snapshot.as_of,
            event=number,
            kind=event.kind,
            verdict=event.verdict,
            segment_id=event.segment,
            other_segment_id=event.other_segment,
            feature=event.feature,
            effect=event.effect,
            threshold=event.threshold,
            p_value=event.p_value,
            text=event.text,
            evidence=json.dumps(event.evidence),
        )


def _write_segments(connection: Connection, judged: Judged, before: Before) -> None:
    as_of = judged.snapshot.as_of
    connection.execute("DELETE FROM store.segments WHERE born_as_of = ?", [as_of])
    connection.execute(
        "DELETE FROM store.segment_names WHERE since = ? AND named_by = 'segmentry'", [as_of]
    )
    for record in judged.week.segments:
        described = judged.names.get(record.segment_id)
        name = segment_name(judged, before, record.segment_id)
        queries.run(
            connection,
            "store/put_segment",
            segment_id=record.segment_id,
            name=name,
            description=described.description if described else "",
            status=record.status,
            colour=COLOURS[(record.segment_id - 1) % len(COLOURS)],
            born_as_of=record.born_as_of,
            retired_as_of=record.retired_as_of,
        )
        if record.segment_id not in before.names:
            queries.run(
                connection,
                "store/insert_segment_name",
                segment_id=record.segment_id,
                name=name,
                since=as_of,
                named_by="segmentry",
            )


def _write_members(connection: Connection, judged: Judged) -> None:
    as_of, week = judged.snapshot.as_of, judged.week
    sizes = segment_sizes(week)
    total = sum(sizes.values())
    append(
        connection,
        "segment_sizes",
        pd.DataFrame(
            {
                "segment_id": list(sizes),
                "customers": list(sizes.values()),
                "share": [size / total for size in sizes.values()],
            }
        ).assign(as_of=as_of),
    )
    members = pd.DataFrame(
        {
            "customer_id": week.customer_ids,
            "segment_id": week.segment_ids.astype(np.int32),
            "distance": week.placed.distance.astype(np.float32),
            "runner_up": week.placed.runner_up.astype(np.int32),
            "margin": week.placed.margin.astype(np.float32),
            "borderline": week.placed.borderline,
        }
    )
    append(
        connection, "segment_history", members[["customer_id", "segment_id"]].assign(as_of=as_of)
    )
    queries.run(connection, "store/set_segments", as_of=as_of)
    connection.execute("DELETE FROM store.current_members")
    append(connection, "current_members", members)
    append(connection, "profiles", judged.profile.assign(as_of=as_of))
    append(connection, "trait_profiles", judged.traits.assign(as_of=as_of))
    append(connection, "segment_facts", judged.facts.assign(as_of=as_of))


def _write_movement(connection: Connection, judged: Judged, before: Before) -> None:
    if before.previous_as_of is None:
        return
    append(connection, "movement", judged.week.moves.by_segment.assign(as_of=judged.snapshot.as_of))
    append(
        connection,
        "transitions",
        judged.week.moves.transitions.astype(
            {"from_segment_id": "Int32", "to_segment_id": "Int32"}
        ).assign(as_of=judged.snapshot.as_of, from_as_of=before.previous_as_of),
    )
    write_transition_money(
        connection, judged.snapshot.as_of, before.previous_as_of, judged.snapshot.features
    )


def _remember(connection: Connection, judged: Judged) -> None:
    """Keep the state after this date and after the one before, so that this one can be redone."""
    as_of = judged.snapshot.as_of
    connection.execute("DELETE FROM store.memory WHERE as_of = ?", [as_of])
    tables = encode(judged.week.state)
    rows = pd.DataFrame({"name": list(tables), "content": [packed(t) for t in tables.values()]})
    append(connection, "memory", rows.assign(as_of=as_of))
    queries.run(connection, "store/prune_memory", as_of=as_of)
