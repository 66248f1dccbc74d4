"""The weekly check: one snapshot in; what is published, what changed and the next state out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Literal

import numpy as np

from analytics import challenger, drift, panel
from analytics.challenger import Verdict
from analytics.errors import DataRefused
from analytics.identity import Assignment, assign
from analytics.incidents import filled, find_incidents, read_columns
from analytics.lives import Succession, inherit
from analytics.model import DriftEvent, Floats, Ints, Snapshot
from analytics.movement import Movement, movement, panel_movement
from analytics.panel import Float32s, Noted, Panel
from analytics.remember import decode, encode
from analytics.structure import find_structure
from analytics.succession import follow
from analytics.weekstate import Fit, SegmentRecord, WeeklySettings, WeekResult, WeekState

__all__ = [
    "Fit",
    "SegmentRecord",
    "WeekResult",
    "WeekState",
    "WeeklySettings",
    "decode",
    "encode",
    "step",
]

Progress = Callable[[str], None]

_RENEWED = 0.03  # share of a segment a new fit may change before it learns its usual anew


def step(
    state: WeekState | None,
    snapshot: Snapshot,
    *,
    settings: WeeklySettings,
    seed: int,
    segments: int | None = None,
    accept: bool = False,
    review_k: bool = False,
    progress: Progress | None = None,
) -> WeekResult:
    """Check one week and say what to publish.

    Parameters
    ----------
    state : what the week before returned; None in the first week.
    snapshot : this week's customers in any order; only features with use "cluster" are clustered.
    segments : number of segments asked for; another number than now takes over at once.
    accept : take data that looks faulty, and let a new fit take over whatever it moves.
    review_k : see whether this number of segments still holds; if not, another is held until
        accepted.
    progress : called with a few words before each long part.

    Raises
    ------
    DataRefused : the first snapshot cannot be clustered.
    """
    say = progress or (lambda _: None)
    order = np.argsort(snapshot.customer_ids, kind="stable")
    if state is None:
        return _first(snapshot, order, settings, seed, segments, say)
    anchor, before = state.anchor, state.panel
    ids = snapshot.customer_ids[order]
    values, lost = read_columns(snapshot, order, before)
    say("checking the data")
    faults = find_incidents(before, ids, values, lost)
    if faults and not accept:
        return _refused(state, snapshot, faults)

    rows = before.find(ids)
    values = filled(values, rows, lost, before)
    previous = np.where(rows >= 0, before.segment_ids[rows], 0)
    Z = anchor.scaler.transform(values)
    frozen = assign(
        Z, anchor.centroids, anchor.segment_ids, previous, hysteresis=settings.hysteresis
    )
    say("comparing customers with their own past")
    learnt = panel.observe(
        before, snapshot.as_of, ids, values, Z, frozen.segment_ids, anchor.segment_ids
    )
    events, suspicions = find_structure(learnt, Z, anchor.centroids, settings)
    structural = {s for e in events for s in (e.segment, e.other_segment) if s}
    structural |= {s for n in suspicions for s in (n.segment, n.other) if s}
    found, suspected = drift.judge(learnt, settings, structural)
    events, suspicions = [*faults, *events, *found], suspicions + suspected

    say("refitting")
    new, verdict = _contend(
        state, learnt, snapshot, values, Z, frozen, settings, seed, segments, accept, review_k, say
    )
    rival = replace(new.fit, role="challenger")
    owner, placed, records = anchor, frozen, state.segments
    week = learnt.number - 1
    noted = [*suspicions, *(n for event in events for n in _notes(event, week))]
    if verdict.refit == "promoted":
        owner, records = replace(rival, role="anchor"), new.records
        events += new.events
        scaled = Z if owner.scaler is anchor.scaler else owner.scaler.transform(values)
        placed = assign(
            scaled, owner.centroids, owner.segment_ids, previous, hysteresis=settings.hysteresis
        )
        fresh = new.fresh | _renewed(frozen.segment_ids, placed.segment_ids)
        noted += [Noted(week, "settled", "settled", s) for s in sorted(fresh)]
        learnt = panel.handed_over(learnt, placed.segment_ids, owner.segment_ids, fresh)
    held = rival if verdict.refit == "held" else None
    return _result(
        snapshot.as_of,
        "published",
        verdict.refit,
        verdict.why + _patience(learnt.number, settings),
        placed,
        panel_movement(before, ids, values, previous, frozen.segment_ids, placed.segment_ids),
        tuple(events),
        rival,
        WeekState(
            owner,
            records,
            panel.remember(learnt, noted),
            held,
        ),
        entered=int((rows < 0).sum()),
        left=len(before.customer_ids) - int((rows >= 0).sum()),
    )


def _contend(
    state: WeekState,
    learnt: Panel,
    snapshot: Snapshot,
    values: Floats,
    Z: Float32s,
    frozen: Assignment,
    settings: WeeklySettings,
    seed: int,
    segments: int | None,
    accept: bool,
    review_k: bool,
    say: Progress,
) -> tuple[Succession, Verdict]:
    """The fit that contends with the anchor this week, and what becomes of it."""
    anchor, as_of, k = state.anchor, snapshot.as_of, len(state.anchor.centroids)
    asked = accept or segments not in (None, k)
    if not asked:
        follower = follow(learnt, state.panel, anchor, state.segments, values, Z, as_of)
        if follower:
            fit = follower.fit
            fit = challenger.measured(
                anchor, fit.centroids, fit.segment_ids, Z, as_of=as_of, seed=seed
            )
            return replace(follower, fit=fit), Verdict("promoted", follower.why)
    fault = challenger.unstable(anchor, Z, settings, seed=seed) if review_k and not asked else ""
    if asked or fault:
        fit, labels = challenger.first_fit(
            values,
            learnt.features,
            as_of=as_of,
            settings=settings,
            seed=seed,
            segments=segments or (None if review_k else k),
            progress=say,
        )
        old = fit.scaler.transform(anchor.scaler.inverse(anchor.centroids)).astype(np.float64)
        new = inherit(fit, labels, anchor, state.segments, frozen.segment_ids, old, as_of)
        moved = float((new.fit.segment_ids[labels] != frozen.segment_ids).mean())
        return new, challenger.reviewed(k, fit, moved, fault)
    fit = challenger.weekly_fit(anchor, Z, frozen.segment_ids, as_of=as_of, seed=seed)
    verdict = challenger.judge(anchor, fit, Z, frozen.segment_ids, settings)
    if review_k and verdict.refit == "kept":
        verdict = Verdict("kept", f"{verdict.why} Their number was reviewed and stays {k}.")
    return Succession(fit, state.segments, frozenset(), verdict.why, ()), verdict


def _first(
    snapshot: Snapshot,
    order: Ints,
    settings: WeeklySettings,
    seed: int,
    segments: int | None,
    say: Progress,
) -> WeekResult:
    ids = snapshot.customer_ids[order]
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
        segments=segments,
        progress=say,
    )
    Z = anchor.scaler.transform(values)
    nobody = np.zeros(len(Z), dtype=np.int64)
    placed = assign(Z, anchor.centroids, anchor.segment_ids, nobody, hysteresis=0.0)
    records = tuple(
        SegmentRecord(s, "active", snapshot.as_of) for s in range(1, len(anchor.centroids) + 1)
    )
    known = panel.start(features, ids, values, Z, placed.segment_ids)
    return _result(
        snapshot.as_of,
        "published",
        None,
        f"The first fit: {anchor.why_k}",
        placed,
        movement(nobody, placed.segment_ids, placed.segment_ids),
        (),
        None,
        WeekState(anchor, records, known),
        entered=len(ids),
        left=0,
    )


def _refused(state: WeekState, snapshot: Snapshot, faults: list[DriftEvent]) -> WeekResult:
    """The last good week again, with the reasons why this one is not believed."""
    known, anchor = state.panel, state.anchor
    Z = anchor.scaler.transform(known.last)
    return _result(
        snapshot.as_of,
        "refused",
        None,
        f"Nothing was published: {faults[0].text}",
        assign(Z, anchor.centroids, anchor.segment_ids, known.segment_ids, hysteresis=1.0),
        movement(known.segment_ids, known.segment_ids, known.segment_ids),
        tuple(faults),
        None,
        state,
        entered=0,
        left=0,
    )


def _result(
    as_of: date,
    status: Literal["published", "refused"],
    refit: Literal["kept", "promoted", "held"] | None,
    why: str,
    placed: Assignment,
    moves: Movement,
    events: tuple[DriftEvent, ...],
    rival: Fit | None,
    state: WeekState,
    *,
    entered: int,
    left: int,
) -> WeekResult:
    return WeekResult(
        as_of=as_of,
        status=status,
        refit=refit,
        why=why,
        anchor=state.anchor,
        challenger=rival,
        customer_ids=state.panel.customer_ids,
        segment_ids=placed.segment_ids,
        distance=placed.distance,
        runner_up=placed.runner_up,
        margin=placed.margin,
        borderline=placed.borderline,
        events=events,
        movement=moves.customers,
        movement_money=moves.money,
        transitions=moves.transitions,
        by_segment=moves.by_segment,
        entered=entered,
        left=left,
        segments=state.segments,
        state=state,
    )


def _patience(weeks: int, settings: WeeklySettings) -> str:
    if weeks >= settings.min_weeks:
        return ""
    return (
        f" Not enough history yet to judge drift: {weeks} of {settings.min_weeks} weeks; "
        "faults of the data are told from the first."
    )


def _renewed(frozen: Ints, placed: Ints) -> frozenset[int]:
    """Segments of which a new fit changed so many members that their past is another's."""
    moved = frozen != placed
    touched = np.concatenate([frozen[moved], placed[moved]])
    ids, changes = np.unique(touched, return_counts=True)
    sizes = np.array([(placed == s).sum() for s in ids])
    return frozenset(int(s) for s in ids[changes > _RENEWED * sizes])


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
