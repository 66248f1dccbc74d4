"""A segment being born: newcomers who gather where nobody was."""

from __future__ import annotations

import numpy as np

from analytics.identity import nearest, squared_distances
from analytics.model import DriftEvent, Floats, Ints
from analytics.weekly.panel import Noted, Panel, earlier_positions, suspected_before
from analytics.weekly.sample import Flags, Float32s

WINDOW = 8
NEWCOMERS = 0.45  # birth: share of a group not there 4 to 8 weeks ago, and of newcomers in it
APART = 0.8  # birth: squared distance to the group, against that to the nearest centre
SMALLEST = 0.008  # birth: newcomers gathered, share of all customers
_SURE = (3.0, 5.0)  # growth of a newborn group in standard errors: in two weeks, in one
_FEW = 6


def newborn(panel: Panel, Z: Float32s, centroids: Floats) -> tuple[Floats, Flags, int] | None:
    """The group, away from every centre, that newcomers have made grow most.

    Starts from those who lately came into their segment and stand far from its centre, and gathers
    whoever is clearly nearer to them than to any centre.

    Parameters
    ----------
    Z : (m, d) scaled, of the customers in the panel's sample.

    Returns
    -------
    centre (d,), members (m,), and how many stood there 4 to 8 weeks ago; or None.
    """
    came_lately = panel.arrived[panel.sample.rows] >= panel.number - WINDOW
    label, distance = nearest(Z, centroids)
    recent = np.flatnonzero(came_lately)
    centres = _crowds(Z[recent], distance[recent], label[recent], len(centroids))
    if not centres:
        return None
    crowds = np.stack(centres).astype(np.float64)
    members = squared_distances(Z, crowds) < APART * distance[:, None]
    earlier = earlier_positions(panel)
    _, then = nearest(earlier, centroids)
    before = (squared_distances(earlier, crowds) < APART * then[:, None]).sum(axis=0)
    total = members.sum(axis=0)
    came = members[recent].sum(axis=0) / np.maximum(total, 1)
    growth = (total - before) * came
    best = int(growth.argmax())
    return (crowds[best], members[:, best], int(before[best])) if growth[best] > 0 else None


def _crowds(Z: Float32s, distance: Float32s, label: Ints, k: int) -> list[Float32s]:
    """Where those who came lately gather: one centre for each segment that enough came into."""
    centres = []
    for j in range(k):
        rows = np.flatnonzero(label == j)
        if len(rows) < _FEW:
            continue
        far = rows[distance[rows] >= np.quantile(distance[rows], 0.6)]
        centre = Z[far].mean(axis=0)
        for _ in range(8):
            mine = _within(Z, centre, distance)
            if mine.sum() < _FEW:
                break
            centre = Z[mine].mean(axis=0)
        centres.append(centre)
    return centres


def _within(Z: Float32s, centre: Float32s, distance: Float32s) -> Flags:
    flags: Flags = squared_distances(Z, centre[None, :].astype(np.float64))[:, 0] < APART * distance
    return flags


def find_births(
    panel: Panel, Z: Float32s, centroids: Floats
) -> tuple[list[DriftEvent], list[Noted]]:
    """A crowd where few stood 4 to 8 weeks ago: the alarm if sure, and what to remember of it.

    Parameters
    ----------
    panel : with this week learnt; Z : (n, d) scaled, of all customers; centroids : (k, d).

    Returns
    -------
    At most one event of kind birth, and at most one suspicion. A weaker finding becomes an alarm
    only when it is found two weeks running.
    """
    rows, one_in = panel.sample.rows, panel.sample.one_in
    found = newborn(panel, Z[rows], centroids)
    if found is None:
        return [], []
    _, members, before = found
    total = int(members.sum())
    growth = (total - before) / total
    came = float((panel.arrived[rows[members]] >= panel.number - WINDOW).mean())
    sure = (total - before) / np.sqrt(total + before)
    if total - before < max(12, SMALLEST * len(rows)) or min(growth, came) <= NEWCOMERS:
        return [], []
    homes, counts = np.unique(panel.segment_ids[rows[members]], return_counts=True)
    home = int(homes[counts.argmax()])
    suspected = [Noted(panel.number - 1, "birth", "suspected", other=home)]
    again = any(kind == "birth" for kind, _, _ in suspected_before(panel))
    if sure < _SURE[0] or (sure < _SURE[1] and not again):
        return [], suspected
    about = "about " if one_in > 1 else ""
    return [
        DriftEvent(
            "birth",
            "alarm",
            f"A new group is forming on the far side of segment {home}: {about}{total * one_in:,} "
            f"customers stand together where {before * one_in:,} stood 4 to 8 weeks ago.",
            other_segment=home,
            effect=growth,
            threshold=NEWCOMERS,
            evidence={"customers": total * one_in, "before": before * one_in},
        )
    ], suspected
