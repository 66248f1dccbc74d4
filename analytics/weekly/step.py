"""The weekly check: one snapshot in; what is published, what changed and the next state out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
from numpy.typing import NDArray

from analytics import drift
from analytics.errors import DataRefused
from analytics.identity import Assignment, assign
from analytics.model import DriftEvent, Feature, Floats, Snapshot
from analytics.weekly import challenger, panel
from analytics.weekly.incidents import filled, find_incidents, read_columns
from analytics.weekly.movement import movement, panel_movement
from analytics.weekly.panel import Noted
from analytics.weekly.promotion import Wishes, contend, hand_over, measured_owner
from analytics.weekly.remember import decode, encode
from analytics.weekly.state import (
    Fit,
    SegmentRecord,
    ThisWeek,
    WeeklySettings,
    WeekResult,
    WeekState,
)
from analytics.weekly.structure import find_structure

__all__ = [
    "Fit",
    "SegmentRecord",
    "WeekResult",
    "WeekState",
    "WeeklySettings",
    "Wishes",
    "decode",
    "encode",
    "step",
]

Progress = Callable[[str], None]


def step(
    state: WeekState | None,
    snapshot: Snapshot,
    *,
    settings: WeeklySettings,
    seed: int,
    wishes: Wishes | None = None,
    progress: Progress | None = None,
) -> WeekResult:
    """Check one week and say what to publish.

    Parameters
    ----------
    state : what the week before returned; None in the first week.
    snapshot : this week's customers in any order; only features with use "cluster" are clustered.
    wishes : what is asked of this one refit.
    progress : called with a few words before each long part.

    Raises
    ------
    DataRefused : the first snapshot cannot be clustered.
    """
    say, wishes = progress or (lambda _: None), wishes or Wishes()
    if state is None:
        return _first(snapshot, settings, wishes, seed, say)
    before = state.panel
    order = np.argsort(snapshot.customer_ids, kind="stable")
    ids = snapshot.customer_ids[order]
    values, lost = read_columns(snapshot, order, before)
    say("checking the data")
    faults = find_incidents(before, ids, values, lost)
    if faults and not wishes.accept:
        return _refused(state, snapshot, faults, settings)

    say("comparing customers with their own past")
    rows = before.find(ids)
    week = place(state, snapshot.as_of, ids, filled(values, rows, lost, before), settings)
    events, noted = judge(week, settings)
    events = [*faults, *events]

    say("refitting")
    new = contend(week, events, wishes, settings, anew=bool(faults), seed=seed, progress=say)
    owner, placed, learnt, records = state.anchor, week.placed, week.panel, state.segments
    held = None if wishes.review_k else _other_k(state)
    if new.verdict.refit == "promoted":
        owner = measured_owner(new.fit, week, seed=seed)
        placed, learnt, settled = hand_over(week, owner, new.fresh, settings)
        events, noted = [*events, *new.events], [*noted, *settled]
        records, held = new.records, None
    elif new.verdict.refit == "held":
        held = new.fit
    return WeekResult(
        snapshot.as_of,
        "published",
        new.verdict.refit,
        new.verdict.why + _patience(learnt.number, settings),
        placed,
        panel_movement(before, week.panel, week.placed.segment_ids, placed.segment_ids),
        tuple(events),
        new.fit,
        entered=int((rows < 0).sum()),
        left=len(before.customer_ids) - int((rows >= 0).sum()),
        settings=settings,
        state=WeekState(owner, records, panel.remember(learnt, noted), held),
    )


def judge(week: ThisWeek, settings: WeeklySettings) -> tuple[list[DriftEvent], list[Noted]]:
    """What changed this week, and what later weeks must know of it: structure first, then drift."""
    events, suspicions = find_structure(week, settings)
    structural = {s for e in events for s in (e.segment, e.other_segment) if s}
    structural |= {s for n in suspicions for s in (n.segment, n.other) if s}
    found, suspected = drift.judge(week.panel, settings, structural)
    events = week.panel.sample.told([*events, *found])
    told = [n for event in events for n in _notes(event, week.panel.number - 1)]
    return events, [*suspicions, *suspected, *told]


def place(
    state: WeekState,
    as_of: date,
    ids: NDArray[np.object_],
    values: Floats,
    settings: WeeklySettings,
) -> ThisWeek:
    """A week under the anchor, and learnt from.

    Parameters
    ----------
    ids : (n,) sorted; values : (n, d) of the panel's features.
    """
    anchor, before = state.anchor, state.panel
    rows = before.find(ids)
    previous = np.where(rows >= 0, before.segment_ids[rows], 0)
    Z = anchor.scaler.transform(values)
    placed = assign(
        Z, anchor.centroids, anchor.segment_ids, previous, hysteresis=settings.hysteresis
    )
    learnt = panel.observe(
        before,
        as_of,
        ids,
        values,
        Z,
        placed.segment_ids,
        anchor.segment_ids,
        settings.measured,
    )
    return ThisWeek(as_of, state, learnt, values, Z, placed)


def _first(
    snapshot: Snapshot, settings: WeeklySettings, wishes: Wishes, seed: int, say: Progress
) -> WeekResult:
    order = np.argsort(snapshot.customer_ids, kind="stable")
    wanted = [j for j, f in enumerate(snapshot.features) if f.use == "cluster"]
    columns = [j for j in wanted if not np.isnan(snapshot.values[:, j]).all()]
    if not columns:
        raise DataRefused(
            f"The snapshot of {snapshot.as_of} has no column to cluster.",
            'Load a file with at least one feature of use "cluster".',
        )
    values = snapshot.values[order][:, columns]
    features = tuple(snapshot.features[j] for j in columns)
    anchor, _ = challenger.first_fit(
        values,
        features,
        as_of=snapshot.as_of,
        settings=settings,
        seed=seed,
        segments=wishes.segments,
        progress=say,
    )
    ids = snapshot.customer_ids[order]
    placed, state = begin(snapshot.as_of, ids, values, features, anchor, settings)
    nobody = np.zeros(len(order), dtype=np.int64)
    return WeekResult(
        snapshot.as_of,
        "published",
        None,
        f"The first fit: {anchor.why_k}" + _patience(1, settings),
        placed,
        movement(nobody, placed.segment_ids, placed.segment_ids),
        (),
        None,
        entered=len(order),
        left=0,
        settings=settings,
        state=state,
    )


def begin(
    as_of: date,
    ids: NDArray[np.object_],
    values: Floats,
    features: tuple[Feature, ...],
    anchor: Fit,
    settings: WeeklySettings,
) -> tuple[Assignment, WeekState]:
    """The first week under a fit: who is where, and the state for the next.

    Parameters
    ----------
    ids : (n,) sorted; values : (n, d) of ``features``.
    """
    Z = anchor.scaler.transform(values)
    nobody = np.zeros(len(Z), dtype=np.int64)
    placed = assign(Z, anchor.centroids, anchor.segment_ids, nobody, hysteresis=0.0)
    records = tuple(SegmentRecord(s, "active", as_of) for s in sorted(anchor.segment_ids.tolist()))
    known = panel.start(features, ids, values, Z, placed.segment_ids, settings.measured)
    return placed, WeekState(anchor, records, known)


def _refused(
    state: WeekState, snapshot: Snapshot, faults: list[DriftEvent], settings: WeeklySettings
) -> WeekResult:
    """The last good week again, with the reasons why this one is not believed."""
    known, anchor = state.panel, state.anchor
    Z = anchor.scaler.transform(np.column_stack(known.last))
    return WeekResult(
        snapshot.as_of,
        "refused",
        None,
        f"Nothing was published: {faults[0].text}",
        assign(Z, anchor.centroids, anchor.segment_ids, known.segment_ids, hysteresis=1.0),
        movement(known.segment_ids, known.segment_ids, known.segment_ids),
        tuple(faults),
        None,
        entered=0,
        left=0,
        settings=settings,
        state=state,
    )


def _other_k(state: WeekState) -> Fit | None:
    """A held fit with another number of segments waits until the next review."""
    held = state.held
    return held if held and len(held.centroids) != len(state.anchor.centroids) else None


def _patience(weeks: int, settings: WeeklySettings) -> str:
    if weeks >= settings.min_weeks:
        return ""
    return (
        f" Not enough history yet to judge drift: {weeks} of {settings.min_weeks} weeks; "
        "faults of the data are told from the first."
    )


def _notes(event: DriftEvent, week: int) -> list[Noted]:
    """What later weeks must know of an event; a move of many features is noted for each."""
    features = event.evidence.get("features") or [event.feature or ""]
    return [
        Noted(
            week,
            event.kind,
            event.verdict,
            event.segment or 0,
            event.other_segment or 0,
            feature,
            int(np.sign(event.effect)),
        )
        for feature in features
    ]
