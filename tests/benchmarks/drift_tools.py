"""`make bench-drift`: the weekly check beside other ways to find drift, on panels with known truth.

    python -m tests.benchmarks.drift_tools --seeds 600-602

Every tool reads the same weeks; the first twelve are free of planted change. The others are used as
their authors do: a reference of those twelve weeks (or the stream of weekly means), defaults for
the rest. A column that is gone counts as an alarm for all of them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from menelaus.data_drift import HDDDM
from river.drift import ADWIN
from scipy.stats import ks_2samp

from analytics.model import DriftEvent, Snapshot
from analytics.weekly.step import WeeklySettings
from tests.benchmarks.panels import SHARED, Weeks, open_panel, run
from tests.benchmarks.scoring import HORIZON, Truth, score

REFERENCE = 12
INCIDENTS = {
    "real": "unit_bug nan_burst missing_column stale",
    "shops": "unit missing lost half stale",
}
CHANGES = {
    "real": "sudden gradual mix migrate birth split merge inflation",
    "shops": "sudden gradual size transition birth split merge inflation",
}
Alarms = dict[int, list[DriftEvent]]
Frames = list[pd.DataFrame]


def frames(weeks: list[Snapshot]) -> Frames:
    """Amounts on a log scale; a column the file has not is a column of NaN."""
    names = [f.name for f in weeks[0].features]
    logged = [f.name for f in weeks[0].features if f.transform == "log"]
    tables = []
    for week in weeks:
        table = pd.DataFrame(week.values, columns=[f.name for f in week.features])
        table = table.reindex(columns=names)
        tables.append(table.assign(**{name: np.log1p(table[name]) for name in logged}))
    return tables


def alarms(strength: dict[str, float], threshold: float) -> list[DriftEvent]:
    """An alarm for each feature whose strength is above the threshold, or that is gone."""
    return [
        DriftEvent("feature", "alarm", "", feature=name, effect=value, threshold=threshold)
        for name, value in strength.items()
        if not value <= threshold
    ]


def by_feature(
    weeks: Frames, measure: Callable[[np.ndarray, np.ndarray], float], threshold: float
) -> Alarms:
    """Each feature of each week against the reference weeks."""
    reference = pd.concat(weeks[:REFERENCE])
    past = {name: reference[name].dropna().to_numpy() for name in reference}
    told: Alarms = {}
    for t, week in enumerate(weeks):
        now = {name: week[name].dropna().to_numpy() for name in week} if t >= REFERENCE else {}
        strength = {n: measure(past[n], x) if len(x) else np.inf for n, x in now.items()}
        told[t] = alarms(strength, threshold)
    return told


def ks(weeks: Frames) -> Alarms:
    """Two-sample Kolmogorov-Smirnov per feature at 5 %, Bonferroni over the features."""

    def strength(past: np.ndarray, now: np.ndarray) -> float:
        return -float(np.log10(max(ks_2samp(past, now, method="asymp").pvalue, 1e-300)))

    return by_feature(weeks, strength, float(-np.log10(0.05 / weeks[0].shape[1])))


def psi(weeks: Frames) -> Alarms:
    """Population stability index per feature over the deciles of the reference, above 0.1."""

    def strength(past: np.ndarray, now: np.ndarray) -> float:
        edges = np.unique(np.quantile(past, np.linspace(0, 1, 11)[1:-1]))
        p, q = (
            np.bincount(np.searchsorted(edges, x), minlength=len(edges) + 1) / len(x)
            for x in (past, now)
        )
        p, q = np.maximum(p, 1e-4), np.maximum(q, 1e-4)
        return float(((q - p) * np.log(q / p)).sum())

    return by_feature(weeks, strength, 0.1)


def adwin(weeks: Frames) -> Alarms:
    """River's ADWIN on the weekly mean of each feature, in standard deviations of the reference."""
    means = pd.DataFrame([week.mean() for week in weeks])
    known = means[:REFERENCE]
    scaled = (means - known.mean()) / known.std().replace(0, 1)
    detectors = {name: ADWIN(clock=1) for name in scaled}
    told: Alarms = {}
    for t in range(len(weeks)):
        strength = {}
        for name, detector in detectors.items():
            if np.isnan(scaled[name].iloc[t]):
                strength[name] = np.inf
                continue
            detector.update(float(scaled[name].iloc[t]))
            strength[name] = float(detector.drift_detected) * abs(scaled[name].iloc[t])
        told[t] = alarms(strength, 1e-9) if t >= REFERENCE else []
    return told


def hdddm(weeks: Frames) -> Alarms:
    """Menelaus' Hellinger distance drift detection, week after week, a feature named."""
    usual = weeks[0].median()
    detector = HDDDM(subsets=4)
    detector.set_reference(weeks[0].fillna(usual))
    told: Alarms = {0: []}
    for t, week in enumerate(weeks[1:], start=1):
        detector.update(week.fillna(usual))
        moved = dict(zip(week, map(abs, detector.feature_epsilons or [0.0]), strict=False))
        strength = {name: np.inf for name in week if week[name].isna().all()}
        if detector.drift_state == "drift" and moved:
            most = max(moved, key=lambda name: moved[name])
            strength[most] = moved[most]
        told[t] = alarms(strength, 1e-9) if t >= REFERENCE else []
    return told


OTHERS = {
    "KS per feature": ks,
    "PSI > 0.1": psi,
    "River ADWIN": adwin,
    "Menelaus HDDDM": hdddm,
}


def measure(truth: Truth, weeks: Weeks, k: int) -> dict[str, dict[str, Any]]:
    """How every tool does on one panel."""
    stop = (truth.start or 99) + HORIZON
    snapshots = [pair for t, pair in enumerate(weeks) if t < stop]
    result = {"Segmentry": run(truth, iter(snapshots), WeeklySettings(), k)}
    tables = frames([snapshot for snapshot, _ in snapshots])
    return result | {name: score(truth, tool(tables)) for name, tool in OTHERS.items()}


def percent(hits: pd.Series) -> str:
    """Share of True among what applies."""
    known = hits.dropna().astype(float)
    return f"{100 * known.mean():.0f}" if len(known) else "-"


def per_hundred(rows: pd.DataFrame) -> str:
    return f"{100 * rows.false_weeks.sum() / max(rows.clean_weeks.sum(), 1):.1f}"


def table(rows: pd.DataFrame, levels: list[str]) -> str:
    """A Markdown table, a row a tool."""
    heads = (
        "Tool | false alarm weeks per 100 | December per 100 | found without an earlier false "
        f"alarm %: {' | '.join(levels)} | segment named % | feature named % | cause named %"
    )
    lines = [f"| {heads} |", "|---" + "|---:" * heads.count("|") + "|"]
    for tool, own in rows.groupby("tool", sort=False):
        planted = own[own.planted]
        cells = [
            str(tool),
            per_hundred(own[own.scenario == "none"]),
            per_hundred(own[own.scenario == "december"])
            if "december" in set(own.scenario)
            else "-",
            *(percent(planted[planted.level == level].useful) for level in levels),
            percent(planted.segment) if tool == "Segmentry" else "-",
            percent(planted.feature),
            percent(planted.kind) if tool == "Segmentry" else "-",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Run every tool on every panel and print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", default="600-600")
    parser.add_argument("--null-seeds", default="600-603")
    parser.add_argument("--levels", default="easy,medium,hard")
    parser.add_argument("--n", type=int, default=3000)
    a = parser.parse_args()
    low, high, first, last = map(int, f"{a.seeds}-{a.null_seeds}".split("-"))
    flavours, levels = ["shops"], a.levels.split(",")
    if (SHARED / "driftbench").is_dir():
        flavours = ["synthetic", "real", "shops"]
    else:
        print("../shared/driftbench is not here: only the second generator, shops, is used.\n")
    for family in ([f for f in flavours if f != "shops"], ["shops"]):
        rows = []
        for flavour in family:
            kind = "shops" if flavour == "shops" else "real"
            calm = ["none"] if kind == "shops" else ["none", "december"]
            cells = [(s, "easy", seed) for s in calm for seed in range(first, last + 1)]
            planted = f"{CHANGES[kind]} {INCIDENTS[kind]}".split()
            cells += [
                (s, v, seed) for s in planted for v in levels for seed in range(low, high + 1)
            ]
            for scenario, level, seed in cells:
                found = measure(*open_panel(flavour, scenario, level, a.n, seed))
                keys = {"scenario": scenario, "level": level, "planted": scenario not in calm}
                rows += [{"tool": tool} | keys | row for tool, row in found.items()]
        if rows:
            frame = pd.DataFrame(rows)
            panels = len(frame) // frame.tool.nunique()
            print(f"{' and '.join(family)}, {panels} panels of {a.n:,} customers\n")
            print(table(frame, levels), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
