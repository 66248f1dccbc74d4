"""Panels with known changes, and how the weekly check does on them.

    python -m tests.benchmarks.panels --flavour synthetic,real --scenario none,sudden
    python -m tests.benchmarks.panels --flavour shops --scenario none --seeds 0-9

Two generators with different assumptions: `driftbench` from ../shared, and `shops` (below):
heavy-tailed additive noise, merchant categories, other seasons, arrivals in waves. Flavour `wild`
draws another world for every seed: noise, season, churn, holes in the data, number of segments.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from analytics.catalogue import card_catalogue
from analytics.model import Snapshot
from analytics.weekly.step import WeeklySettings, Wishes, step
from tests.benchmarks.scoring import HORIZON, Truth, book, identity, score, summarise
from tests.benchmarks.shops import Shops, World

SHARED = Path(__file__).parents[3] / "shared"
KIND = {"mix": "size", "migration": "transition"}


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


def shops_panel(
    scenario: str, level: str, n: int, seed: int, *, wild: bool = False
) -> tuple[Truth, Weeks, int]:
    """One panel of the second generator, and its number of segments; ``wild`` draws its world."""
    panel = Shops(scenario, level, n, seed, World.drawn(seed) if wild else None)
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


def open_panel(
    flavour: str, scenario: str, level: str, n: int, seed: int
) -> tuple[Truth, Weeks, int]:
    """A panel of any flavour, and its number of segments."""
    if flavour in ("shops", "wild"):
        return shops_panel(scenario, level, n, seed, wild=flavour == "wild")
    return *driftbench_panel(scenario, level, flavour, n, seed), 5


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
        **identity(truth, assigned),
        "book": book(truth, alarms, assigned),
        "texts": texts,
        "refits": refits,
        "seconds": float(np.median(elapsed)),
    }


def main() -> None:
    """Run panels and print the table; ``--log`` keeps every row as a JSON line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--flavour", default="synthetic,real")
    parser.add_argument("--scenario", default="none")
    parser.add_argument("--level", default="easy")
    parser.add_argument("--n", default="5000")
    parser.add_argument("--seeds", default="0-4")
    parser.add_argument("--k", type=int, default=0, help="-1: chosen and reviewed")
    parser.add_argument("--measured", type=int, default=WeeklySettings().measured)
    parser.add_argument("--log")
    parser.add_argument("--fast", action="store_true", help="stop 12 weeks after the change")
    parser.add_argument("--texts", action="store_true")
    a = parser.parse_args()
    settings = WeeklySettings(measured=a.measured)
    low, high = (int(x) for x in a.seeds.split("-"))
    rows = []
    for flavour in a.flavour.split(","):
        for n in (int(x) for x in a.n.split(",")):
            for scenario in a.scenario.split(","):
                for level in a.level.split(","):
                    for seed in range(low, high + 1):
                        truth, weeks, k = open_panel(flavour, scenario, level, n, seed)
                        stop = (truth.start or 99) + HORIZON if a.fast else 0
                        asked = None if a.k < 0 else a.k or k
                        row = run(truth, weeks, settings, asked, stop=stop)
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
