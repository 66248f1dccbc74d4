"""How alarms and segment ids compare with what was planted in a panel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

HORIZON = 12  # weeks after a change in which an alarm counts as finding it


@dataclass
class Truth:
    """What was planted: `start` week or None; `segments` and `features` that count as right.

    ``apart`` is the true label of a newborn segment or of a split-off half, ``whole`` whether the
    change goes all the way, so that two segments must end up as one.
    """

    scenario: str
    kind: str | None
    start: int | None
    segments: set[int]
    features: set[str]
    clean_from: int = 12
    skip_identity: set[int] = field(default_factory=set)
    apart: int | None = None
    whole: bool = False


def identity(truth: Truth, assigned: list[pd.DataFrame]) -> dict[str, Any]:
    """How often a true segment's id changed, and the share of unchanged customers that kept it."""
    switches, kept, dominant, previous = 0, [], {}, None
    for now in assigned:
        modes = {
            int(s): int(g.mode().iloc[0])
            for s, g in now.groupby("true")["id"]
            if s < 5 and s not in truth.skip_identity and len(g) > 20
        }
        switches += sum(modes[s] != dominant[s] for s in modes if s in dominant)
        dominant |= modes
        if previous is not None:
            pairs = now.join(previous.add_suffix("_before"), how="inner")
            same = pairs[pairs.true == pairs.true_before]
            kept.append(float((same.id == same.id_before).mean()))
        previous = now
    return {"switches": switches, "kept": float(np.mean(kept))}


def score(
    truth: Truth, alarms: dict[int, list[Any]], assigned: list[pd.DataFrame] | None = None
) -> dict[str, Any]:
    """Rates of one panel; the first alarmed week's first event is what a reader sees.

    ``assigned`` holds id and true segment of every week's customers, for tools that have ids.
    """
    clean = range(truth.clean_from, truth.start if truth.start is not None else len(alarms))
    to_true: dict[int, int] = {}
    if assigned:
        week = assigned[truth.clean_from - 1]
        table = pd.crosstab(week.id, week.true)
        to_true = {int(i): int(table.loc[i].idxmax()) for i in table.index}
    out: dict[str, Any] = {
        "clean_weeks": len(clean),
        "false_weeks": sum(bool(alarms[t]) for t in clean),
        "early_weeks": sum(bool(alarms[t]) for t in range(truth.clean_from)),
        "false_kinds": sorted({e.kind for t in clean for e in alarms[t]}),
    }
    if truth.start is None:
        return out
    window = range(truth.start, min(len(alarms), truth.start + HORIZON))
    hits = [t for t in window if alarms[t]]
    first = alarms[hits[0]] if hits else []
    top = max(first, key=lambda e: abs(e.effect / e.threshold)) if first else None
    named = {to_true.get(s) for s in (top.segment, top.other_segment) if s} if top else set()
    right = [t for t in window if any(e.kind == truth.kind for e in alarms[t])]
    return out | {
        "hit": bool(hits),
        "useful": bool(hits) and not out["false_weeks"],
        "delay": hits[0] - truth.start if hits else None,
        "kind": bool(right),
        "kind_first": bool(top) and any(e.kind == truth.kind for e in first),
        "segment": (
            bool(named & truth.segments) if truth.segments and truth.kind != "birth" else None
        ),
        "feature": (bool(top and top.feature in truth.features) if truth.features else None),
    }


def book(truth: Truth, alarms: dict[int, list[Any]], assigned: list[pd.DataFrame]) -> bool | None:
    """Whether the ids at the end say what happened, after a structural change that was told.

    A newborn has an id of its own and everybody else theirs; of a split segment one half keeps the
    id and the other has a new one; of two that became one, one id is left. None where no
    structural change was planted, or it was not told.
    """
    if truth.kind not in ("birth", "split", "merge") or truth.start is None:
        return None
    if not any(e.kind == truth.kind for t in range(truth.start, len(assigned)) for e in alarms[t]):
        return None
    before, now = assigned[truth.clean_from - 1], assigned[-1]
    known, ids = set(before.id), set(now.id)
    was, is_now = (w.groupby("true")["id"].agg(lambda g: g.mode().iloc[0]) for w in (before, now))
    fixed = [s for s in was.index if s in is_now.index and s not in truth.segments]
    if any(was[s] != is_now[s] for s in fixed):
        return False
    new = ids - known
    if truth.kind == "birth":
        return len(new) == 1 and is_now[truth.apart] in new and known <= ids
    if truth.kind == "split":
        (whole,) = truth.segments
        halves = {is_now[whole], is_now[truth.apart]}
        return len(new) == 1 and halves == {was[whole], *new} and known <= ids
    pair = {was[s] for s in truth.segments}
    left = {is_now[s] for s in truth.segments if s in is_now.index}
    one = not new and left <= pair and len(pair - ids) == 1 and len(left) == 1
    return one or (not truth.whole and ids == known)


def summarise(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Mean rates per scenario, level and flavour, in percent; delays in weeks."""
    frame = pd.DataFrame(rows)
    keys = ["flavour", "n", "scenario", "level"]
    out = []
    for key, g in frame.groupby(keys, sort=False):
        row = dict(zip(keys, key, strict=True)) | {"panels": len(g)}
        row["false/100"] = round(100 * g.false_weeks.sum() / max(g.clean_weeks.sum(), 1), 2)
        row["early"] = int(g.early_weeks.sum())
        for name in ("hit", "useful", "kind", "kind_first", "segment", "feature", "book"):
            if name in g and g[name].notna().any():
                row[name] = round(100 * g[name].dropna().astype(float).mean(), 1)
        if "delay" in g and g.delay.notna().any():
            row["delay"] = float(g.delay.median())
        row["switches"], row["kept"] = int(g.switches.sum()), round(100 * g.kept.mean(), 2)
        row["s/week"] = round(float(g.seconds.mean()), 3)
        out.append(row)
    return pd.DataFrame(out)
