"""The weekly check: one snapshot in, what is published and what changed out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analytics import clustering, drift, panel
from analytics.clustering import KChoice
from analytics.errors import DataRefused
from analytics.identity import Assignment, assign, match, squared_distances
from analytics.incidents import find_incidents
from analytics.model import DriftEvent, Floats, Ints, Snapshot
from analytics.movement import Movement, movement
from analytics.panel import Float32s, Noted, Panel
from analytics.remember import decode, encode
from analytics.scaling import fit_scaler
from analytics.structure import find_structure
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

_SAMPLE = 20_000  # rows on which the challenger's new starts run


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
    segments : number of segments asked for; after the first week it needs ``accept``.
    accept : take the data although it looks faulty, and release a refit that is held.
    review_k : weigh the number of segments anew.
    progress : called with a few words before each long part.

    Raises
    ------
    DataRefused : the first snapshot cannot be clustered.
    """
    say = progress or (lambda _: None)
    if state is None:
        return _first(snapshot, settings, seed, segments, say)
    order = np.argsort(snapshot.customer_ids, kind="stable")
    ids = snapshot.customer_ids[order]
    values, lost = _values(snapshot, order, state.panel)
    say("checking the data")
    faults = find_incidents(state.panel, ids, values, lost)
    if faults and not accept:
        return _refused(state, snapshot, faults)

    rows = state.panel.find(ids)
    values = _filled(values, rows, lost, state.panel)
    previous = np.where(rows >= 0, state.panel.segment_ids[rows], 0)
    anchor = state.anchor
    Z = anchor.scaler.transform(values)
    frozen = assign(
        Z, anchor.centroids, anchor.segment_ids, previous, hysteresis=settings.hysteresis
    )
    say("comparing customers with their own past")
    _, learnt = panel.observe(
        state.panel, snapshot.as_of, ids, values, Z, frozen.segment_ids, anchor.segment_ids
    )
    events, suspicions = find_structure(learnt, Z, anchor.centroids, settings)
    structural = {s for e in (*events, *suspicions) for s in _segments_of(e) if s}
    found, suspected = drift.judge(learnt, settings, structural)
    events, suspicions = events + found, suspicions + suspected
    say("refitting")
    challenger = _challenger(anchor, snapshot, Z, frozen, seed)
    verdict, why = _verdict(anchor, challenger, Z, frozen, settings, accept)

    records, owner, placed = state.segments, anchor, frozen
    if verdict == "promoted":
        owner = replace(challenger, role="anchor")
        placed = assign(
            Z, owner.centroids, owner.segment_ids, previous, hysteresis=settings.hysteresis
        )
        learnt = panel.handed_over(learnt, placed.segment_ids, owner.segment_ids, set())
    moved = _movement(state.panel, ids, values, previous, frozen, placed)
    noted = [*suspicions, *(n for event in events for n in _notes(event, learnt.number - 1))]
    learnt = panel.remember(learnt, noted)
    held = challenger if verdict == "held" else None
    return WeekResult(
        as_of=snapshot.as_of,
        status="published",
        refit=verdict,
        why=why,
        anchor=owner,
        challenger=challenger,
        customer_ids=ids,
        segment_ids=placed.segment_ids,
        distance=placed.distance,
        runner_up=placed.runner_up,
        margin=placed.margin,
        borderline=placed.borderline,
        events=(*faults, *events),
        movement=moved.customers,
        movement_money=moved.money,
        transitions=moved.transitions,
        by_segment=moved.by_segment,
        entered=int((rows < 0).sum()),
        left=len(state.panel.customer_ids) - int((rows >= 0).sum()),
        segments=records,
        state=WeekState(owner, records, learnt, held),
    )


def _first(
    snapshot: Snapshot, settings: WeeklySettings, seed: int, segments: int | None, say: Progress
) -> WeekResult:
    order = np.argsort(snapshot.customer_ids, kind="stable")
    ids = snapshot.customer_ids[order]
    columns = [j for j, f in enumerate(snapshot.features) if f.use == "cluster"]
    values = snapshot.values[order][:, columns]
    features = tuple(snapshot.features[j] for j in columns)
    present = np.flatnonzero(~np.isnan(values).all(axis=0))
    values, features = values[:, present], tuple(features[j] for j in present)
    if not features:
        raise DataRefused(
            f"The snapshot of {snapshot.as_of} has no column to cluster.",
            'Load a file with at least one feature of use "cluster".',
        )
    scaler = fit_scaler(values, features, method=settings.scaling)
    Z = scaler.transform(values)
    if segments is None:
        choice = clustering.choose_k(
            Z,
            settings.candidates,
            seed=seed,
            min_jaccard=settings.min_jaccard,
            min_share=settings.min_share,
            progress=say,
        )
    else:
        choice = KChoice(segments, f"{segments} segments were asked for.", ())
    say(f"fitting {choice.k} segments")
    fit = clustering.kmeans(Z, choice.k, seed=seed)
    by_size = np.argsort(-np.bincount(fit.labels, minlength=choice.k), kind="stable")
    segment_ids = np.empty(choice.k, dtype=np.int64)
    segment_ids[by_size] = np.arange(1, choice.k + 1)
    anchor = Fit(
        as_of=snapshot.as_of,
        role="anchor",
        seed=seed,
        scaler=scaler,
        centroids=fit.centroids,
        segment_ids=segment_ids,
        inertia=fit.inertia,
        silhouette=clustering.silhouette(Z, fit.labels, seed=seed),
        jaccards=clustering.stability(Z, fit, seed=seed),
        customers=len(Z),
        why_k=choice.why,
        k_evidence=choice.table,
    )
    nobody = np.zeros(len(Z), dtype=np.int64)
    placed = assign(Z, anchor.centroids, segment_ids, nobody, hysteresis=0.0)
    records = tuple(SegmentRecord(s, "active", snapshot.as_of) for s in range(1, choice.k + 1))
    known = panel.start(features, ids, values, Z, placed.segment_ids)
    moved = movement(nobody, placed.segment_ids, placed.segment_ids)
    return WeekResult(
        as_of=snapshot.as_of,
        status="published",
        refit=None,
        why=f"The first fit: {choice.why}",
        anchor=anchor,
        challenger=None,
        customer_ids=ids,
        segment_ids=placed.segment_ids,
        distance=placed.distance,
        runner_up=placed.runner_up,
        margin=placed.margin,
        borderline=placed.borderline,
        events=(),
        movement=moved.customers,
        movement_money=moved.money,
        transitions=moved.transitions,
        by_segment=moved.by_segment,
        entered=len(ids),
        left=0,
        segments=records,
        state=WeekState(anchor, records, known),
    )


def _refused(state: WeekState, snapshot: Snapshot, faults: list[DriftEvent]) -> WeekResult:
    """The last good week again, with the reasons why this one is not believed."""
    known = state.panel
    Z = state.anchor.scaler.transform(known.last.astype(np.float64))
    placed = assign(
        Z, state.anchor.centroids, state.anchor.segment_ids, known.segment_ids, hysteresis=1.0
    )
    nothing = movement(known.segment_ids, known.segment_ids, known.segment_ids)
    return WeekResult(
        as_of=snapshot.as_of,
        status="refused",
        refit=None,
        why=f"Nothing was published: {faults[0].text}",
        anchor=state.anchor,
        challenger=None,
        customer_ids=known.customer_ids,
        segment_ids=known.segment_ids,
        distance=placed.distance,
        runner_up=placed.runner_up,
        margin=placed.margin,
        borderline=placed.borderline,
        events=tuple(faults),
        movement=nothing.customers,
        movement_money={},
        transitions=nothing.transitions,
        by_segment=nothing.by_segment,
        entered=0,
        left=0,
        segments=state.segments,
        state=state,
    )


def _values(snapshot: Snapshot, order: Ints, known: Panel) -> tuple[Floats, tuple[str, ...]]:
    """This week's values of the panel's features, and the names of those that are gone."""
    column = {f.name: j for j, f in enumerate(snapshot.features)}
    values = np.full((len(order), len(known.features)), np.nan)
    for j, feature in enumerate(known.features):
        if feature.name in column:
            values[:, j] = snapshot.values[order, column[feature.name]]
    gone = np.isnan(values).all(axis=0)
    return values, tuple(f.name for f, g in zip(known.features, gone, strict=True) if g)


def _filled(values: Floats, rows: Ints, lost: tuple[str, ...], known: Panel) -> Floats:
    """Columns the file has not, taken over as each customer had them last."""
    values = values.copy()
    for j, feature in enumerate(known.features):
        if feature.name in lost:
            values[rows >= 0, j] = known.last[rows[rows >= 0], j]
    return values


def _challenger(anchor: Fit, snapshot: Snapshot, Z: Float32s, frozen: Assignment, seed: int) -> Fit:
    """This week's K-Means: from the anchor's centres and from new starts, whichever is tighter."""
    k = len(anchor.centroids)
    warm = clustering.kmeans(Z, k, seed=seed, start=anchor.centroids)
    sample = Z[:: max(1, len(Z) // _SAMPLE)]
    fresh = clustering.kmeans(sample, k, seed=seed, n_init=3)
    cold = clustering.kmeans(Z, k, seed=seed, start=fresh.centroids)
    best = min((warm, cold), key=lambda fit: fit.inertia * (1 if fit is warm else 1.001))
    segment_ids = match(
        frozen.segment_ids,
        best.labels,
        active=anchor.segment_ids,
        old_centroids=anchor.centroids,
        new_centroids=best.centroids,
    )
    unmatched = segment_ids == 0
    segment_ids[unmatched] = np.setdiff1d(anchor.segment_ids, segment_ids)[: unmatched.sum()]
    return Fit(
        as_of=snapshot.as_of,
        role="challenger",
        seed=seed,
        scaler=anchor.scaler,
        centroids=best.centroids,
        segment_ids=segment_ids,
        inertia=best.inertia,
        silhouette=clustering.silhouette(
            Z[:: max(1, len(Z) // 2_000)], best.labels[:: max(1, len(Z) // 2_000)], seed=seed
        ),
        jaccards=None,
        customers=len(Z),
        why_k=anchor.why_k,
    )


def _verdict(
    anchor: Fit,
    challenger: Fit,
    Z: Float32s,
    frozen: Assignment,
    settings: WeeklySettings,
    accept: bool,
) -> tuple[Literal["kept", "promoted", "held"], str]:
    nearest = squared_distances(Z, anchor.centroids).min(axis=1)
    inertia = float(nearest.sum(dtype=np.float64))
    gain = 1 - challenger.inertia / inertia if inertia else 0.0
    labels = squared_distances(Z, challenger.centroids).argmin(axis=1)
    moved = float((challenger.segment_ids[labels] != frozen.segment_ids).mean())
    measured = f"{100 * gain:.1f} % tighter, and would move {100 * moved:.1f} % of customers"
    if accept:
        return "promoted", f"The refit was accepted: it is {measured}."
    if settings.identity == "refit":
        return "promoted", f"Every refit takes over by configuration; it is {measured}."
    if gain <= settings.clear_gain:
        return "kept", f"The segments still fit: a refit is only {measured}."
    if moved <= settings.max_moved:
        return "promoted", f"The refit is clearly better: {measured}."
    return "held", f"The refit waits for your yes: it is {measured}."


def _movement(
    before: Panel,
    ids: NDArray[np.object_],
    values: Floats,
    previous: Ints,
    frozen: Assignment,
    placed: Assignment,
) -> Movement:
    gone = np.ones(len(before.customer_ids), dtype=bool)
    rows = before.find(ids)
    gone[rows[rows >= 0]] = False
    nowhere = np.zeros(int(gone.sum()), dtype=np.int64)
    then, now = {}, {}
    for j, feature in enumerate(before.features):
        if feature.unit == "money":
            last = np.where(rows >= 0, before.last[rows, j], np.nan)
            then[feature.name] = np.concatenate([last, before.last[gone, j]]).astype(np.float64)
            now[feature.name] = np.concatenate([values[:, j], nowhere])
    return movement(
        np.concatenate([previous, before.segment_ids[gone]]),
        np.concatenate([frozen.segment_ids, nowhere]),
        np.concatenate([placed.segment_ids, nowhere]),
        money_then=then,
        money_now=now,
    )


def _segments_of(finding: DriftEvent | Noted) -> tuple[int | None, int | None]:
    if isinstance(finding, Noted):
        return finding.segment, finding.other
    return finding.segment, finding.other_segment


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
