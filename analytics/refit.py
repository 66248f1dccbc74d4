"""The weekly line: features, fit, identity, drift, profiles, one transaction, publish."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pandas as pd

from analytics.catalogue import Catalogue
from analytics.clustering import explained, zero_pattern
from analytics.history import Before, due, earlier_fit, gather, last_result
from analytics.model import Snapshot
from analytics.naming import name_segments
from analytics.outcome import Judged
from analytics.profiles import profile_table, segment_facts, trait_table
from analytics.publish import publish
from analytics.record import commit
from analytics.store import Store
from analytics.weekly.step import WeeklySettings, WeekResult, Wishes, step

Progress = Callable[[str], None]


@dataclass(frozen=True)
class RefitSettings:
    """What a refit needs to know of the configuration.

    Attributes
    ----------
    catalogue : features and traits as configured now.
    review_k_weeks : weeks between reviews of the number of segments.
    keep_snapshots : snapshots whose features are kept; segment history is kept for ever.
    """

    catalogue: Catalogue
    weekly: WeeklySettings
    review_k_weeks: int = 4
    keep_snapshots: int = 26
    currency: str = "$"
    seed: int = 7


def refit(
    store: Store,
    settings: RefitSettings,
    *,
    now: datetime,
    as_of: date | None = None,
    segments: int | None = None,
    seed: int | None = None,
    accept: bool = False,
    restore: int | None = None,
    progress: Progress = lambda _: None,
) -> dict[str, Any]:
    """Judge every loaded snapshot not judged yet, oldest first, and publish.

    Idempotent for one ``as_of``: a snapshot judged already gives its recorded result with status
    "unchanged", unless ``segments``, ``seed``, ``accept`` or ``restore`` asks for another. Computes
    outside the live file and commits in one transaction, so that a crash leaves the last published
    answer.

    Parameters
    ----------
    now : wall-clock time written as the time of the fit.
    as_of : only this snapshot; the latest judged one or later.
    segments : a number of segments to use whatever the evidence says.
    accept : release a held challenger, or take data that was refused.
    restore : number of an earlier fit that is to own the segments again.

    Returns
    -------
    The result of the last snapshot, as ``refit --json`` prints it.

    Raises
    ------
    SegmentryError : no such snapshot or fit, or it lies before the latest judged one.
    """
    asked = accept or any(wish is not None for wish in (segments, seed, restore))
    wishes = Wishes(segments, accept, earlier_fit(store, restore) if restore else None)
    waiting = due(store, as_of, again=asked)
    result: dict[str, Any] | None = None
    for day in waiting:
        result = _refit_one(
            store,
            settings,
            day,
            now=now,
            wishes=wishes,
            seed=settings.seed if seed is None else seed,
            progress=progress,
        )
    if result is None:
        result = last_result(store, as_of)
        if result["status"] == "published":
            result["status"] = "unchanged"
    progress("Publishing")
    publish(store)
    return result


def _refit_one(
    store: Store,
    settings: RefitSettings,
    as_of: date,
    *,
    now: datetime,
    wishes: Wishes,
    seed: int,
    progress: Progress,
) -> dict[str, Any]:
    started = time.perf_counter()
    progress(f"Reading the snapshot of {as_of}")
    before = gather(store, as_of, settings.catalogue)
    week = step(
        before.state,
        before.snapshot,
        settings=settings.weekly,
        seed=seed,
        wishes=replace(
            wishes,
            review_k=before.judged > 0 and before.judged % settings.review_k_weeks == 0,
        ),
        progress=progress,
    )
    progress("Describing the segments")
    judged = _describe(before, week, seed, settings.currency)
    progress("Writing the results")
    return commit(
        store,
        judged,
        before,
        now=now,
        elapsed_s=time.perf_counter() - started,
        keep_snapshots=settings.keep_snapshots,
    )


def _describe(before: Before, week: WeekResult, seed: int, currency: str) -> Judged:
    snapshot = before.snapshot
    if week.status == "refused":
        empty = pd.DataFrame()
        return Judged(snapshot, week, seed, empty, empty, empty, {})
    profile = profile_table(snapshot.values, week.segment_ids, snapshot.features)
    traits = trait_table(before.traits, week.customer_ids, week.segment_ids, before.trait_features)
    jaccards = week.anchor.jaccards
    facts = segment_facts(
        week.customer_ids,
        snapshot.values,
        snapshot.features,
        week.segment_ids,
        distance=week.placed.distance,
        margin=week.placed.margin,
        borderline=week.placed.borderline,
        jaccards={}
        if jaccards is None
        else dict(zip(week.anchor.segment_ids.tolist(), jaccards.tolist(), strict=True)),
        seed=seed,
        currency=currency,
    )
    names = name_segments(profile, snapshot.features, known=before.names, currency=currency)
    new = before.state is None or week.refit == "promoted"
    beaten = _explained(snapshot, week) if new else None
    return Judged(snapshot, week, seed, profile, traits, facts, names, beaten)


def _explained(snapshot: Snapshot, week: WeekResult) -> tuple[float, float]:
    """Variance the segments account for, and what the zero-column rule accounts for."""
    names = [feature.name for feature in snapshot.features]
    values = snapshot.values[:, [names.index(name) for name in week.anchor.scaler.features]]
    Z = week.anchor.scaler.transform(values)
    rule = zero_pattern(values, len(week.anchor.segment_ids))
    return explained(Z, week.segment_ids), explained(Z, rule)
