"""Segments that merge, split, are born or die (after Spiliopoulou et al., MONIC, KDD 2006).

MONIC compares two clusterings of the same objects; here the clustering is frozen and its members
tell: two segments whose members come together, one whose members drift apart, newcomers who
gather where nobody was, a segment nobody is left in.
"""

from __future__ import annotations

import numpy as np

from analytics.model import DriftEvent, Floats, Ints
from analytics.weekly.births import WINDOW, find_births
from analytics.weekly.panel import Noted, Panel, suspected_before
from analytics.weekly.state import ThisWeek, WeeklySettings
from analytics.weekly.weeks import median_known

STRUCTURAL = ("merge", "split", "birth", "death")
APPROACH = 0.07  # merge: the way two centres have come together, share of their distance
ABSORBED = (0.10, 0.30)  # merge: share of a segment another takes in, in a week and in eight
FAN_OUT = 1.35  # split: factor on the spread of the members' own changes
FAR, MOVED_APART = 1.5, 0.4  # split: usual distances, and members further from their own level
EMPTY = 0.01  # death: share of all customers
LAG = 2  # newest weeks kept out of the reference: a slow change must not become usual
_REFERENCE = 26
_LEAST_NOISE = 0.004
_YOUNG = 4  # weeks in which own levels are still learnt, and as many needed after them


def find_structure(
    week: ThisWeek, settings: WeeklySettings
) -> tuple[list[DriftEvent], list[Noted]]:
    """Structural events of this week, and suspicions to confirm next week."""
    panel = week.panel
    if len(panel.weeks) < settings.min_weeks - 1:
        return [], []
    lately = [
        n
        for n in panel.noted
        if n.kind in (*STRUCTURAL, "settled") and n.verdict in ("alarm", "settled")
    ]
    told = {s for n in lately if n.week > panel.number - _REFERENCE for s in (n.segment, n.other)}
    merges, suspicions = _merges(panel, settings)
    absorbed, suspected = _absorbed(panel)
    merges = _untold(merges or absorbed, told)
    suspicions += suspected
    splits, suspected = _splits(week, settings)
    # Members of segments that merge move apart on the way: a suspected merge is awaited first.
    merging: set[int | None] = {s for n in suspicions for s in (n.segment, n.other)}
    merging |= {s for e in merges for s in (e.segment, e.other_segment)}
    splits = [e for e in _untold(splits, told) if e.segment not in merging]
    suspicions = [n for n in suspicions + suspected if not {n.segment, n.other} & told - {0}]
    births: list[DriftEvent] = []
    if not merges and not any(n.week >= panel.number - WINDOW for n in lately if n.kind != "split"):
        births, suspected = find_births(week)
        halves = {
            n.segment for n in lately if n.kind == "split" and n.week >= panel.number - WINDOW
        }
        halves |= {n.segment for n in suspicions if n.kind == "split"}
        births = _untold(births, halves | {e.segment for e in splits if e.segment})
        suspicions += suspected
    return [*merges, *splits, *births, *_untold(_deaths(panel), told)], suspicions


def _untold(events: list[DriftEvent], told: set[int]) -> list[DriftEvent]:
    """Events about segments that nothing structural was told of while their past is learnt."""
    return [e for e in events if not {e.segment, e.other_segment} & told]


def _merges(panel: Panel, settings: WeeklySettings) -> tuple[list[DriftEvent], list[Noted]]:
    weeks = panel.weeks[-_REFERENCE:]
    ids, sizes = weeks[-1].segment_ids, weeks[-1].customers
    history = np.stack([w.centre for w in weeks])
    gaps = history[:, :, None, :] - history[:, None, :, :]
    clean = slice(None, max(len(weeks) - 1 - LAG, 4))
    reference = median_known(gaps[clean])
    usual = np.sqrt((reference**2).sum(axis=-1))
    usual[usual == 0] = np.inf
    nearness = 1 - np.sqrt((gaps**2).sum(axis=-1)) / usual
    noise = 1.5 * median_known(np.abs(nearness[clean])) + _LEAST_NOISE
    bound = np.maximum(APPROACH, settings.alarm_z * noise)
    gained = np.maximum(reference**2 - gaps[-1] ** 2, 0)
    widest = gained.max(axis=-1) / np.maximum(gained.sum(axis=-1), 1e-12)
    before = suspected_before(panel)
    events, suspicions = [], []
    now = np.where(np.isfinite(nearness[-1]), nearness[-1], -1)
    np.fill_diagonal(now, -1)
    for a in range(len(ids)):
        for b in range(a):
            x = float(now[a, b])
            best = x >= max(float(now[a].max()), float(now[b].max()))
            if not best or x <= bound[a, b] or widest[a, b] > 0.7:
                continue
            small, large = (a, b) if sizes[a] < sizes[b] else (b, a)
            pair = (int(ids[small]), int(ids[large]))
            suspicions.append(Noted(panel.number - 1, "merge", "suspected", *pair))
            if x > 1.3 * bound[a, b] or ("merge", *pair) in before:
                events.append(
                    DriftEvent(
                        "merge",
                        "alarm",
                        f"Segments {pair[0]} and {pair[1]} grow together: their centres are "
                        f"{100 * x:.0f} % closer than usual (up to {100 * bound[a, b]:.0f} % is "
                        f"normal); {int(sizes[a] + sizes[b]):,} customers.",
                        segment=pair[0],
                        other_segment=pair[1],
                        effect=x,
                        threshold=float(bound[a, b]),
                        evidence={"customers": int(sizes[a] + sizes[b])},
                    )
                )
    return events, suspicions


def _absorbed(panel: Panel) -> tuple[list[DriftEvent], list[Noted]]:
    """A segment whose customers move over to one other, a tenth in a week or a third in eight."""
    weeks = panel.weeks[-WINDOW:]
    ids = weeks[-1].segment_ids
    flows = np.stack([w.flows for w in weeks]).astype(float)
    sizes = np.stack([w.flows.sum(axis=1) for w in weeks]).astype(float)
    weekly = (flows[-1] - flows[-1].T) / np.maximum(sizes[-1], 1)[:, None]
    lately = (flows.sum(axis=0) - flows.sum(axis=0).T) / np.maximum(sizes.max(axis=0), 1)[:, None]
    before = suspected_before(panel)
    events, suspicions = [], []
    for a, b in np.argwhere((weekly > ABSORBED[0] / 2) | (lately > ABSORBED[1])):
        pair = (int(ids[a]), int(ids[b]))
        known = ("merge", *pair) in before
        if weekly[a, b] > ABSORBED[0]:
            suspicions.append(Noted(panel.number - 1, "merge", "suspected", *pair))
        if not known and lately[a, b] <= ABSORBED[1]:
            continue
        moved = int(flows[:, a, b].sum())
        events.append(
            DriftEvent(
                "merge",
                "alarm",
                f"Segment {pair[0]} is merging into segment {pair[1]}: {moved:,} customers, "
                f"{100 * lately[a, b]:.0f} % of it, moved over in {len(weeks)} weeks.",
                segment=pair[0],
                other_segment=pair[1],
                effect=float(lately[a, b]),
                threshold=ABSORBED[0],
                evidence={"customers": moved},
            )
        )
    return events, suspicions


def _splits(week: ThisWeek, settings: WeeklySettings) -> tuple[list[DriftEvent], list[Noted]]:
    panel = week.panel
    weeks = panel.weeks[-_REFERENCE:]
    ids, sizes = weeks[-1].segment_ids, weeks[-1].customers
    spreads = np.stack([w.spread for w in weeks])
    floor = np.array([0.03 if f.transform == "log" else 0.01 for f in panel.features])
    usual = median_known(spreads[:-1].reshape(-1, len(floor)))
    floor = np.maximum(0.5 * np.nan_to_num(usual), floor)
    history = np.log(np.hypot(spreads, floor))
    clean = history[_YOUNG : len(weeks) - 1 - LAG]
    if len(clean) < _YOUNG:
        return [], []
    reference = median_known(clean)
    noise = 1.5 * median_known(np.abs(clean - reference)) + _LEAST_NOISE
    noise = np.maximum(noise, median_known(noise))
    change = history[-1] - reference
    change -= np.maximum(median_known(change), 0)
    bound = np.maximum(np.log(FAN_OUT), 1.3 * settings.alarm_z * noise)
    wide = change > bound
    before = suspected_before(panel)
    events, suspicions = [], []
    for s in np.flatnonzero(wide.sum(axis=1) >= 2):
        segment = int(ids[s])
        columns = np.flatnonzero(wide[s])[np.argsort(-change[s, wide[s]])][:3]
        if _far_moved(week, segment, columns, np.exp(reference[s, columns])) < MOVED_APART:
            continue
        factor = float(np.exp(change[s, columns[1]]))
        suspicions.append(Noted(panel.number - 1, "split", "suspected", segment))
        strong = change[s, columns[1]] > 1.3 * bound[s, columns[1]]
        if strong or ("split", segment, 0) in before:
            names = " and ".join(panel.features[j].label for j in columns[:2])
            events.append(
                DriftEvent(
                    "split",
                    "alarm",
                    f"Segment {segment} is splitting: its members move apart in {names}, "
                    f"{factor:.1f} times as far as usual (up to {FAN_OUT:.1f} times is normal); "
                    f"{int(sizes[s]):,} customers.",
                    segment=segment,
                    feature=panel.features[columns[0]].name,
                    effect=factor - 1,
                    threshold=FAN_OUT - 1,
                    evidence={
                        "customers": int(sizes[s]),
                        "features": [panel.features[j].name for j in columns],
                    },
                )
            )
    return events, suspicions


def _far_moved(week: ThisWeek, segment: int, columns: Ints, usual: Floats) -> float:
    """Share of a segment's members further from their own level than `FAR` usual distances.

    A few who leave for another segment widen the spread as much as two halves do, but are few.

    Parameters
    ----------
    columns : features looked at, and ``usual`` the spread of the members' changes in each.
    """
    rows = week.panel.sample.rows
    members = rows[week.panel.segment_ids[rows] == segment]
    far = (week.changes(members)[:, columns] / usual) ** 2
    return float((far.mean(axis=1) > FAR**2).mean())


def _deaths(panel: Panel) -> list[DriftEvent]:
    week = panel.weeks[-1]
    total = int(week.customers.sum())
    return [
        DriftEvent(
            "death",
            "alarm",
            f"Segment {segment} is dying out: {int(customers):,} of {total:,} customers are left "
            f"({100 * customers / total:.1f} %).",
            segment=int(segment),
            effect=float(customers / total),
            threshold=EMPTY,
            evidence={"customers": int(customers)},
        )
        for segment, customers in zip(week.segment_ids, week.customers, strict=True)
        if customers < EMPTY * total
    ]
