"""Panels with known changes, and how the weekly check does on them.

    python -m tests.benchmarks.panels --flavour synthetic,real --scenario none,sudden
    python -m tests.benchmarks.panels --flavour shops --scenario none --seeds 0-9

Two generators with different assumptions: `driftbench` from ../shared, and `shops` (below):
heavy-tailed additive noise, merchant categories, other seasons, arrivals in waves.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from analytics.catalogue import card_catalogue
from analytics.model import Snapshot
from analytics.weekly import WeeklySettings, Wishes, step
from tests.benchmarks.shops import Shops

SHARED = Path(__file__).parents[3] / "shared"
KIND = {"mix": "size", "migration": "transition"}
HORIZON = 12


def load_driftbench() -> ModuleType:
    """The generator of ../shared as a module."""
    path = SHARED / "driftbench" / "driftbench.py"
    spec = importlib.util.spec_from_file_location("driftbench", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["driftbench"] = module
    spec.loader.exec_module(module)
    return module


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


Weeks = Iterator[tuple[Snapshot, np.ndarray]]


def driftbench_panel(
    scenario: str, level: str, flavour: str, n: int, seed: int
) -> tuple[Truth, Weeks]:
    """One driftbench panel as snapshots and true labels."""
    db = sys.modules.get("driftbench") or load_driftbench()
    panel = db.Panel(db.Config(flavour=flavour, scenario=scenario, level=level, n=n, seed=seed))
    told = panel.truth()
    kind = told["kind"]
    truth = Truth(
        scenario,
        KIND.get(kind, kind),
        told["start_week"],
        set(told["segments"]),
        set(told["features"]) | set(told["features_ok"]),
        skip_identity=set(told["segments"]) if scenario == "merge" else set(),
        apart={"birth": 5, "split": 6}.get(scenario),
        whole=told["magnitude"] >= 1,
    )
    catalogue = card_catalogue()

    def weeks() -> Weeks:
        for t, frame, labels in panel.weeks():
            names = [c for c in frame.columns if c != "customer_id"]
            yield (
                Snapshot(
                    as_of=panel.dates[t].date(),
                    customer_ids=frame.customer_id.astype(str).to_numpy(dtype=object),
                    values=frame[names].to_numpy(dtype=float),
                    features=tuple(catalogue[name] for name in names),
                ),
                labels,
            )

    return truth, weeks()


def shops_panel(scenario: str, level: str, n: int, seed: int) -> tuple[Truth, Weeks, int]:
    """One panel of the second generator, and its number of segments."""
    panel = Shops(scenario, level, n, seed)
    skip = panel.segments if scenario in ("merge", "split") else set()
    truth = Truth(
        scenario,
        panel.kind,
        panel.start,
        panel.segments,
        panel.features,
        skip_identity=skip,
        apart={"birth": panel.k, "split": panel.k + 1}.get(scenario),
        whole=panel.size >= 1,
    )
    return truth, panel.weeks(), panel.k


def run(
    truth: Truth, weeks: Weeks, settings: WeeklySettings, k: int | None, stop: int = 0
) -> dict[str, Any]:
    """Replay one panel and score it; without ``k`` the number of segments is chosen and reviewed,
    as in production.
    """
    state, alarms, texts, assigned = None, {}, [], []
    refits: dict[str, int] = {}
    elapsed = []
    for t, (snapshot, labels) in enumerate(weeks):
        if stop and t >= stop:
            break
        begin = time.perf_counter()
        wanted = None if state else k
        review = k is None and t % 4 == 0 and t > 0
        result = step(
            state,
            snapshot,
            settings=settings,
            seed=1,
            wishes=Wishes(segments=wanted, review_k=review),
        )
        if t:
            elapsed.append(time.perf_counter() - begin)
        state = result.state
        refits[str(result.refit)] = refits.get(str(result.refit), 0) + 1
        told = [e for e in result.events if e.verdict == "alarm"]
        alarms[t] = told
        texts += [f"week {t}: {e.kind} {e.verdict} {e.text}" for e in result.events]
        ids = pd.Series(result.segment_ids, index=result.customer_ids)
        true = pd.Series(labels, index=snapshot.customer_ids)
        both = pd.DataFrame({"id": ids, "true": true}).dropna().astype(int)
        assigned.append(both)
    return score(truth, alarms, assigned) | {
        "book": book(truth, alarms, assigned),
        "texts": texts,
        "refits": refits,
        "seconds": float(np.median(elapsed)),
    }


def score(
    truth: Truth, alarms: dict[int, list[Any]], assigned: list[pd.DataFrame]
) -> dict[str, Any]:
    """Rates of one panel; the first alarmed week's first event is what a reader sees."""
    clean = range(truth.clean_from, truth.start if truth.start is not None else len(assigned))
    table = pd.crosstab(assigned[truth.clean_from - 1].id, assigned[truth.clean_from - 1].true)
    to_true = {int(i): int(table.loc[i].idxmax()) for i in table.index}
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
    out: dict[str, Any] = {
        "clean_weeks": len(clean),
        "false_weeks": sum(bool(alarms[t]) for t in clean),
        "early_weeks": sum(bool(alarms[t]) for t in range(truth.clean_from)),
        "false_kinds": sorted({e.kind for t in clean for e in alarms[t]}),
        "switches": switches,
        "kept": float(np.mean(kept)),
    }
    if truth.start is None:
        return out
    window = range(truth.start, min(len(assigned), truth.start + HORIZON))
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


def main() -> None:
    """Run panels and print the table; ``--log`` keeps every row as a JSON line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--flavour", default="synthetic,real")
    parser.add_argument("--scenario", default="none")
    parser.add_argument("--level", default="easy")
    parser.add_argument("--n", default="5000")
    parser.add_argument("--seeds", default="0-4")
    parser.add_argument("--k", type=int, default=0, help="-1: chosen and reviewed")
    parser.add_argument("--log")
    parser.add_argument("--fast", action="store_true", help="stop 12 weeks after the change")
    parser.add_argument("--texts", action="store_true")
    a = parser.parse_args()
    low, high = (int(x) for x in a.seeds.split("-"))
    rows = []
    for flavour in a.flavour.split(","):
        for n in (int(x) for x in a.n.split(",")):
            for scenario in a.scenario.split(","):
                for level in a.level.split(","):
                    for seed in range(low, high + 1):
                        if flavour == "shops":
                            truth, weeks, k = shops_panel(scenario, level, n, seed)
                        else:
                            truth, weeks = driftbench_panel(scenario, level, flavour, n, seed)
                            k = 5
                        stop = (truth.start or 99) + HORIZON if a.fast else 0
                        asked = None if a.k < 0 else a.k or k
                        row = run(truth, weeks, WeeklySettings(), asked, stop=stop)
                        row |= {
                            "flavour": flavour,
                            "n": n,
                            "scenario": scenario,
                            "level": level,
                            "seed": seed,
                            "start": truth.start,
                        }
                        texts = row.pop("texts")
                        if a.texts:
                            print(
                                flavour, n, scenario, level, seed, truth, row, *texts, sep="\n   "
                            )
                        rows.append(row)
                        if a.log:
                            with Path(a.log).open("a") as out:
                                out.write(json.dumps(row | {"texts": texts}) + "\n")
    pd.set_option("display.width", 250, "display.max_columns", 40, "display.max_rows", 500)
    print(summarise(rows).to_string(index=False))


if __name__ == "__main__":
    main()
