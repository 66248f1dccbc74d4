"""What becomes of the segments when the fit changes: who keeps the id, who is new, who retires."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from analytics import clustering
from analytics.identity import nearest
from analytics.model import DriftEvent, Floats, Ints
from analytics.weekly.births import APART, WINDOW, gathered, nearness, newborn
from analytics.weekly.lives import Succession, Verdict, next_id, retire
from analytics.weekly.panel import Noted, Panel
from analytics.weekly.state import SegmentRecord, ThisWeek
from analytics.weekly.structure import STRUCTURAL

SETTLE_WEEKS = 3  # a structural change is given this long before the segments follow
MERGED = 0.45  # how much closer two centres must have come for their segments to become one
DRAINED = 0.75  # or how much of one segment must have gone over to the other
_SMALLEST_SHARE, _SMALLEST = 0.01, 20
_STILL_NEW = 0.3  # share of a newborn group's customers who must have come lately
_CLEAR_HEIR = 0.6  # share of a split segment's customers that makes a half the heir
_FOUND_AGAIN = 0.65  # share of each half that its own centre must win back
# Halves of one bell curve lie 2.65 of their own standard deviations apart, two groups further.
_TWO_GROUPS = 3.3


def unsettled(panel: Panel, events: Sequence[DriftEvent]) -> set[int]:
    """Segments of the structural alarms, told this week or before, that are still under way."""
    told = [
        (n.segment, n.other)
        for n in panel.noted
        if n.verdict == "alarm" and n.kind in STRUCTURAL and n.week >= panel.number - SETTLE_WEEKS
    ]
    told += [(e.segment or 0, e.other_segment or 0) for e in events if e.kind in STRUCTURAL]
    return {s for pair in told for s in pair} - {0}


def follow(week: ThisWeek) -> Succession | None:
    """The segments after a structural alarm of `SETTLE_WEEKS` ago, if what it said still holds.

    Only what changed moves: every other centre stays where it was, so nobody else changes segment.
    """
    panel, ids = week.panel, set(week.anchor.segment_ids.tolist())
    for n in panel.noted:
        if n.verdict != "alarm" or n.week != panel.number - 1 - SETTLE_WEEKS:
            continue
        if n.kind == "birth":
            return _born(week)
        if n.kind == "split" and n.segment in ids:
            return _split(week, n.segment)
        if n.kind == "merge" and {n.segment, n.other} <= ids:
            return _merged(week, n)
        if n.kind == "death" and n.segment in ids and len(ids) > 2:
            return _retired(week, n.segment)
    return None


def _born(week: ThisWeek) -> Succession | None:
    fit, Z, records = week.anchor, week.Z, week.before.segments
    centre = _new_centre(week)
    if centre is None:
        return None
    centroids = np.vstack([fit.centroids, centre])
    new = next_id(records)
    ids = np.append(fit.segment_ids, new)
    members = int((nearest(Z, centroids)[0] == len(ids) - 1).sum())
    if not _enough(members, len(Z)):
        return None
    text = f"Segment {new} is new: {members:,} customers who stand away from every other segment."
    return Succession(
        replace(fit, centroids=centroids, segment_ids=ids),
        (*records, SegmentRecord(new, "active", week.as_of)),
        frozenset({new}),
        Verdict("promoted", text),
        (_notice("birth", text, new, None, members, len(Z)),),
    )


def _new_centre(week: ThisWeek) -> Floats | None:
    """Where the newborn are: the group that grew, or that came lately if it has stopped growing."""
    found = newborn(week)
    if found and found.growth > _STILL_NEW and found.arrived > _STILL_NEW:
        return found.centre
    panel, centroids = week.panel, week.anchor.centroids
    rows = panel.sample.rows
    lately = panel.arrived[rows] >= panel.number - WINDOW - SETTLE_WEEKS - 1
    crowds = gathered(week.Z[rows], lately, centroids)
    if not len(crowds):
        return None
    near = nearness(week.Z[rows], crowds, centroids) < APART
    together, came = near.sum(axis=0), near[lately].sum(axis=0)
    best = int((came**2 / np.maximum(together, 1)).argmax())
    return crowds[best] if came[best] > _STILL_NEW * together[best] else None


def _split(week: ThisWeek, segment: int) -> Succession | None:
    fit, Z, records = week.anchor, week.Z, week.before.segments
    sampled = week.panel.sample.rows
    members = sampled[week.panel.segment_ids[sampled] == segment]
    half = _halves(week, members)
    if half is None:
        return None
    row = int(np.flatnonzero(fit.segment_ids == segment)[0])
    parts = [members[half == side] for side in (0, 1)]
    if _heir(week, parts) == 1:
        parts.reverse()
    centroids = np.vstack([fit.centroids, Z[parts[1]].mean(axis=0)])
    centroids[row] = Z[parts[0]].mean(axis=0)
    label, _ = nearest(Z, centroids)
    centres = (row, len(fit.centroids))
    found = [float((label[part] == j).mean()) for part, j in zip(parts, centres, strict=True)]
    if min(found) < _FOUND_AGAIN:
        return None
    sizes = [int((label == row).sum()), int((label == len(fit.centroids)).sum())]
    if not all(_enough(size, len(Z)) for size in sizes):
        return None
    new = next_id(records)
    text = (
        f"Segment {segment} has split: {sizes[0]:,} customers stay segment {segment}, "
        f"{sizes[1]:,} are now segment {new}."
    )
    return Succession(
        replace(fit, centroids=centroids, segment_ids=np.append(fit.segment_ids, new)),
        (*records, SegmentRecord(new, "active", week.as_of, parents=(segment,))),
        frozenset({segment, new}),
        Verdict("promoted", text),
        (_notice("split", text, segment, new, sizes[1], len(Z)),),
    )


def _halves(week: ThisWeek, members: Ints) -> Ints | None:
    """0 or 1 per member: the two ways in which members moved from their own past level."""
    gap = week.changes(members)
    scale = np.array([0.15 if f.transform == "log" else 0.08 for f in week.panel.features])
    gap = np.clip(gap / scale, -8, 8).astype(np.float32)
    if len(np.unique(gap, axis=0)) < 2:
        return None
    fit = clustering.kmeans(gap, 2, seed=0, n_init=5)
    along = gap @ (fit.centroids[1] - fit.centroids[0])
    parts = [along[fit.labels == side] for side in (0, 1)]
    within = np.sqrt((parts[0].var() + parts[1].var()) / 2)
    return fit.labels if parts[1].mean() - parts[0].mean() > _TWO_GROUPS * within else None


def _heir(week: ThisWeek, parts: list[Ints]) -> int:
    """The part of a split segment that keeps its id: the clearly larger, else the richer one."""
    share = len(parts[0]) / max(len(parts[0]) + len(parts[1]), 1)
    if abs(share - 0.5) >= _CLEAR_HEIR - 0.5:
        return 0 if share > 0.5 else 1
    money = [j for j, f in enumerate(week.panel.features) if f.unit == "money"]
    worth = [
        float(np.nansum(np.log1p(np.abs(week.values[p][:, money]))) / max(len(p), 1)) for p in parts
    ]
    return int(worth[1] > worth[0])


def _merged(week: ThisWeek, found: Noted) -> Succession | None:
    fit, Z, panel = week.anchor, week.Z, week.panel
    gone, heir = found.segment, found.other
    a, b = (int(np.flatnonzero(fit.segment_ids == s)[0]) for s in (gone, heir))
    together = np.isin(panel.segment_ids, [gone, heir])
    until = max(len(panel.weeks) - SETTLE_WEEKS - 2, 1)
    gaps = [float(np.linalg.norm(w.centre[a] - w.centre[b])) for w in panel.weeks]
    drained = 1 - panel.weeks[-1].customers[a] / np.median(
        [max(w.customers[a], 1) for w in panel.weeks[:until]]
    )
    keep = np.arange(len(fit.segment_ids)) != a
    centroids = fit.centroids.copy()
    if 1 - gaps[-1] / float(np.nanmedian(gaps[:until])) >= MERGED:
        centroids[b] = Z[together].mean(axis=0)
    elif drained < DRAINED:
        return None
    text = (
        f"Segments {gone} and {heir} are one now: {int(together.sum()):,} customers in segment "
        f"{heir}; segment {gone} is retired."
    )
    return Succession(
        replace(fit, centroids=centroids[keep], segment_ids=fit.segment_ids[keep]),
        retire(week.before.segments, {gone}, week.as_of),
        frozenset({heir}),
        Verdict("promoted", text),
        (_notice("merge", text, gone, heir, int(together.sum()), len(Z)),),
    )


def _retired(week: ThisWeek, segment: int) -> Succession:
    fit, members = week.anchor, week.placed.segment_ids
    keep = fit.segment_ids != segment
    left = int((members == segment).sum())
    text = f"Segment {segment} is retired: its last {left:,} customers join the nearest segment."
    return Succession(
        replace(fit, centroids=fit.centroids[keep], segment_ids=fit.segment_ids[keep]),
        retire(week.before.segments, {segment}, week.as_of),
        frozenset(),
        Verdict("promoted", text),
        (_notice("death", text, segment, None, left, len(members)),),
    )


def _enough(members: int, customers: int) -> bool:
    return bool(members >= max(_SMALLEST, _SMALLEST_SHARE * customers))


def _notice(
    kind: str, text: str, segment: int, other: int | None, members: int, customers: int
) -> DriftEvent:
    """What became of an alarm told before; nothing to be woken for."""
    return DriftEvent(
        kind,  # type: ignore[arg-type]
        "watch",
        text,
        segment=segment,
        other_segment=other,
        effect=members / customers,
        threshold=_SMALLEST_SHARE,
        evidence={"customers": members},
    )
