"""Made-up customers with a known truth: a panel of weekly card features, traits, planted changes.

Each customer has lasting habits (normal around their archetype, see ``synth_archetypes``) and a
slowly wandering weekly deviation from them, because card features are trailing sums: this week's
file nearly repeats last week's. Small common shocks, leavers, joiners and a little organic change
of archetype happen every week. A plan gives the same panel every time; two plans that differ only
in their changes agree in everything the changes do not touch.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from analytics.model import Floats, Ints
from analytics.synthetic.archetypes import ARCHETYPES, LATENTS, MEANS, SHARES, SPREADS, TOGETHER
from analytics.synthetic.cards import card_frame, months_on_book
from analytics.synthetic.plan import DEFAULT_STORY, MOVABLE, PlantedChange, SynthPlan
from analytics.synthetic.traits import TRAIT_KINDS, trait_frame

__all__ = [
    "ARCHETYPES",
    "DEFAULT_STORY",
    "TRAIT_KINDS",
    "PlantedChange",
    "SynthPlan",
    "customers",
    "truth",
    "weeks",
    "write",
]

_LEAVING = 0.004  # share of customers who leave in a week; as many join
_SWITCHING = 0.002  # share of customers who trade archetypes in a week, so that sizes stay
_WANDER, _MEMORY = 0.12, 0.85  # a customer's weekly deviation, in spreads, and its autocorrelation
_SHOCK, _OWN_SHOCK, _SHOCK_MEMORY = 0.008, 0.005, 0.5  # on log amounts: of all, of an archetype
_STEADY = {"limit", "tenure", "silence"}
_SHOCKED = {"oneoff_amount", "instalment_amount", "cash_amount", "balance", "payments", "minimum"}
_WEEKS_A_MONTH = 52 / 12
_FIRST_NUMBER = 10_001


@dataclass(frozen=True)
class _Roster:
    """Who is there when, and as what: arrays over everyone who is ever a customer of the plan."""

    ids: NDArray[np.object_]
    joined: Ints  # week index of the first file with the customer
    left: Ints  # week index of the first file without
    archetype: Ints  # shape (n_weeks, n_customers)

    def present(self, week: int) -> NDArray[np.bool_]:
        return (self.joined <= week) & (week < self.left)


def _stream(plan: SynthPlan, purpose: int) -> np.random.Generator:
    return np.random.default_rng([plan.seed, purpose])


def _roster(plan: SynthPlan) -> _Roster:
    rng, planted = _stream(plan, 0), _stream(plan, 1)
    arrivals = rng.poisson(_LEAVING * plan.customers, plan.weeks - 1)
    joined = np.repeat(np.arange(plan.weeks), [plan.customers, *arrivals])
    n = len(joined)
    left = joined + rng.geometric(_LEAVING, n)
    roster = _Roster(
        ids=np.array([f"C{number}" for number in range(_FIRST_NUMBER, _FIRST_NUMBER + n)], object),
        joined=joined,
        left=left,
        archetype=np.empty((plan.weeks, n), np.int64),
    )
    quota = np.ceil(np.cumsum(SHARES) * n).astype(np.int64)
    now = rng.permutation(np.searchsorted(quota, np.arange(n), side="right"))
    for week in range(plan.weeks):
        if week:
            switching = np.flatnonzero(rng.random(n) < _SWITCHING)
            now[switching] = rng.permutation(now[switching])
        for change in plan.changes:
            if change.kind == "transition" and change.week == week + 1:
                members = (now == ARCHETYPES.index(str(change.segment))) & roster.present(week)
                moving = round(change.size * members.sum())
                chosen = planted.choice(np.flatnonzero(members), moving, replace=False)
                now[chosen] = ARCHETYPES.index(str(change.other_segment))
        roster.archetype[week] = now
    return roster


def _shocks(plan: SynthPlan) -> Iterator[Floats]:
    """Each week's common movement of the log amounts: array of shape (n_archetypes, n_latents)."""
    rng = _stream(plan, 2)
    moved = np.isin(LATENTS, list(_SHOCKED))

    def draw() -> Floats:
        common = _SHOCK * rng.normal(size=len(LATENTS))
        return moved * (common + _OWN_SHOCK * rng.normal(size=MEANS.shape))

    shock = draw()
    while True:
        yield shock
        shock = _SHOCK_MEMORY * shock + np.sqrt(1 - _SHOCK_MEMORY**2) * draw()


def _planted_shift(plan: SynthPlan, week: int) -> Floats:
    """What the planted feature changes add in a week (index): shape (n_archetypes, n_latents)."""
    shift = np.zeros(MEANS.shape)
    for change in plan.changes:
        if change.kind == "feature" and change.week <= week + 1:
            row = ARCHETYPES.index(str(change.segment))
            for latent in MOVABLE[str(change.feature)]:
                shift[row, LATENTS.index(latent)] += np.log1p(change.size)
    return shift


def weeks(plan: SynthPlan) -> Iterator[tuple[date, pd.DataFrame]]:
    """The date and the file of each week in order: CUST_ID and the 17 card features."""
    roster = _roster(plan)
    rng = _stream(plan, 3)
    n = len(roster.ids)
    wander = np.where(np.isin(LATENTS, list(_STEADY)), 0, _WANDER)
    lasting = rng.normal(size=(n, len(LATENTS))) @ TOGETHER.T * np.sqrt(1 - wander**2)
    passing = rng.normal(size=(n, len(LATENTS))) @ TOGETHER.T
    luck, birthday = rng.random((n, 2)), rng.random(n)
    home = roster.archetype[0]
    limit, tenure = LATENTS.index("limit"), LATENTS.index("tenure")
    account = MEANS[home] + SPREADS[home] * lasting  # what stays when habits change
    at_start = months_on_book(account[:, tenure])
    at_start[roster.joined > 0] = 6
    for week, shock in enumerate(islice(_shocks(plan), plan.weeks)):
        if week:
            fresh = rng.normal(size=passing.shape) @ TOGETHER.T
            passing = _MEMORY * passing + np.sqrt(1 - _MEMORY**2) * fresh
        here = roster.present(week)
        archetype = roster.archetype[week, here]
        level = MEANS + shock + _planted_shift(plan, week)
        habit = (lasting + wander * passing)[here]
        latent = level[archetype] + SPREADS[archetype] * habit
        latent[:, limit] = account[here, limit]
        aged = birthday[here] + (week - roster.joined[here]) / _WEEKS_A_MONTH
        months = np.minimum(at_start[here] + aged.astype(np.int64), 12)
        frame = card_frame(latent, months, luck[here])
        for change in plan.changes:
            if change.kind == "data_quality" and change.week == week + 1:
                frame[change.feature] *= change.size
        frame.insert(0, "CUST_ID", roster.ids[here])
        yield plan.as_of(week + 1), frame


def customers(plan: SynthPlan) -> pd.DataFrame:
    """CUST_ID and the traits of ``TRAIT_KINDS`` of everyone in any week; a row a customer."""
    roster = _roster(plan)
    traits = trait_frame(roster.archetype[0], _stream(plan, 4))
    traits.insert(0, "CUST_ID", roster.ids)
    return traits


def truth(plan: SynthPlan) -> dict[str, Any]:
    """What is true of the panel, JSON-ready: changes, first archetypes, and every move."""
    roster = _roster(plan)
    before, after = roster.archetype[:-1], roster.archetype[1:]
    moves = [
        {
            "customer": roster.ids[customer],
            "week": int(week) + 2,
            "from": ARCHETYPES[before[week, customer]],
            "to": ARCHETYPES[after[week, customer]],
        }
        for week, customer in np.argwhere(before != after)
        if roster.joined[customer] <= week and week + 1 < roster.left[customer]
    ]
    first = roster.archetype[roster.joined, np.arange(len(roster.ids))]
    return {
        "seed": plan.seed,
        "weeks": [plan.as_of(week).isoformat() for week in range(1, plan.weeks + 1)],
        "segments": list(ARCHETYPES),
        "changes": [
            asdict(change) | {"as_of": plan.as_of(change.week).isoformat(), "what": change.what}
            for change in plan.changes
            if change.week <= plan.weeks
        ],
        "customers": dict(zip(roster.ids, (ARCHETYPES[a] for a in first), strict=True)),
        "moves": moves,
    }


def write(
    plan: SynthPlan, folder: Path, progress: Callable[[str], None] = lambda _: None
) -> list[Path]:
    """Write the plan's files and return their paths in order.

    One ``cards_<date>.csv`` a week, ``customers.csv`` with the traits, and ``truth.json``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for week, (as_of, frame) in enumerate(weeks(plan), 1):
        progress(
            f"Writing week {week} of {plan.weeks}: {len(frame):,} customers on {as_of:%d %b %Y}"
        )
        paths.append(_write_csv(frame, folder / f"cards_{as_of}.csv"))
    paths.append(_write_csv(customers(plan), folder / "customers.csv"))
    paths.append(folder / "truth.json")
    paths[-1].write_text(json.dumps(truth(plan), indent=1), encoding="utf-8")
    return paths


def _write_csv(frame: pd.DataFrame, path: Path) -> Path:
    plain = pa.csv.WriteOptions(quoting_style="none", quoting_header="none")
    pa.csv.write_csv(pa.Table.from_pandas(frame, preserve_index=False), path, plain)
    return path
