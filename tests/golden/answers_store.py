"""A published store in which everything answers can meet has happened once.

Ten Mondays to 5 Oct 2026 (31 Aug was refused), six segments and a seventh that ended on 14 Sep,
a watch on 21 Sep, an alarm and an unusual move in the last week. Segments are given, not found:
the numbers depend on the generator below and on nothing that is tuned.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analytics import queries
from analytics.catalogue import card_catalogue
from analytics.load import record_catalogue
from analytics.model import Feature
from analytics.profiles import profile_table, trait_table
from analytics.publish import publish
from analytics.published import Copy
from analytics.record import COLOURS
from analytics.scaling import fit_scaler
from analytics.schema import add_columns, migrate, refresh_views
from analytics.store import Connection, Home, Store, append

LAST = date(2026, 10, 5)
MONDAYS = [LAST - timedelta(weeks=weeks) for weeks in range(10, -1, -1)]
REFUSED = date(2026, 8, 31)
DATES = [monday for monday in MONDAYS if monday != REFUSED]
ENDED = date(2026, 9, 14)
CUSTOMERS = 700
FEATURES = tuple(card_catalogue())
TRAITS = (
    Feature("AGE_BAND", "age band", "text", kind="demographic", use="profile"),
    Feature("REGION", "region", "text", kind="geographic", use="profile"),
)
NAMES = {
    1: ("Cash-advance revolvers", "Draw cash on the card, buy hardly anything with it."),
    2: ("Instalment shoppers", "Buy in instalments and pay them off."),
    3: ("One-off buyers", "Buy now and then, and pay in one go."),
    4: ("Big spenders", "Buy often and much, in instalments and at once."),
    5: ("Cash-and-shopping revolvers", "Draw cash and shop, and owe the most."),
    6: ("Little-used cards", "Hardly use the card."),
    7: ("Fresh starters", "Had just begun to use the card."),
}
# Typical balance, one-off and instalment purchases, cash advances, limit; share paid in full.
TYPES = {
    1: (2300, 0, 0, 1800, 4000, 0.0),
    2: (300, 0, 600, 0, 2500, 0.3),
    3: (900, 500, 0, 0, 3000, 0.1),
    4: (1500, 1900, 1000, 0, 7000, 0.4),
    5: (3800, 700, 500, 3000, 6500, 0.0),
    6: (40, 60, 0, 0, 3000, 0.1),
    7: (150, 120, 90, 0, 1500, 0.2),
}
SHARES = {1: 0.22, 2: 0.2, 3: 0.18, 4: 0.14, 5: 0.12, 6: 0.1, 7: 0.04}


def _at(day: date) -> datetime:
    return datetime.combine(day, time(7))


def build(
    folder: Path,
    *,
    weeks: int = len(DATES),
    names: Mapping[int, str] = {},
    traits: Mapping[str, str] = {},
    refused_last: bool = False,
    kept_weeks: int = len(DATES),
) -> Copy:
    """Build a home in ``folder``, publish it and open the copy.

    ``weeks`` keeps only the first so many snapshots; ``names`` and ``traits`` replace segment names
    and trait values; ``refused_last`` adds a refused snapshot after the last one; ``kept_weeks`` is
    for how many snapshots the features of customers are kept.
    """
    store = Store(Home(folder))
    migrate(store, now=_at(DATES[0]))
    with store.writing("make up customers") as connection:
        add_columns(connection, "features", FEATURES)
        add_columns(connection, "customers", TRAITS)
        record_catalogue(connection, FEATURES, TRAITS)
        _Story(connection, DATES[:weeks], names, traits).write(refused_last=refused_last)
        connection.execute("DELETE FROM store.features WHERE as_of < ?", [DATES[-kept_weeks]])
        refresh_views(connection)
    return Copy(publish(store))


class _Story:
    def __init__(
        self,
        connection: Connection,
        dates: list[date],
        names: Mapping[int, str],
        traits: Mapping[str, str],
    ) -> None:
        self.connection, self.dates = connection, dates
        self.names = {key: names.get(key, name) for key, (name, _) in NAMES.items()}
        self.rng = np.random.default_rng(20261005)
        ids = np.array([f"C{10001 + i}" for i in range(CUSTOMERS)], dtype=object)
        self.segment = pd.Series(
            self.rng.choice(list(SHARES), CUSTOMERS, p=list(SHARES.values())), index=ids
        )
        self.level = pd.Series(self.rng.lognormal(0, 0.7, CUSTOMERS), index=ids)
        bands = np.where(self.rng.random(CUSTOMERS) < 0.5, "25-44", "45 and over")
        young = self.segment.isin([2, 7]).to_numpy() & (self.rng.random(CUSTOMERS) < 0.6)
        region = np.where(self.rng.random(CUSTOMERS) < 0.6, "north", "south")
        self.traits = pd.DataFrame(
            {
                "customer_id": ids,
                "age_band": np.where(young, "18-24", bands),
                "region": [traits.get(value, value) for value in region],
            }
        )
        self.next_id = 10001 + CUSTOMERS

    def write(self, *, refused_last: bool) -> None:
        self._fit()
        previous: pd.DataFrame | None = None
        for number, as_of in enumerate(self.dates):
            if number:
                self._move(as_of)
            now = self._features(as_of)
            self._write_week(as_of, now, previous)
            previous = now.assign(segment_id=self.segment)
        self._write_customers()
        self._write_segments()
        self._write_events(refused_last)

    def _move(self, as_of: date) -> None:
        """Two leave, three come, a few change; 7 ends on its day; the last week moves 2 to 1."""
        gone = self.rng.choice(self.segment.index, 2, replace=False)
        self.segment = self.segment.drop(gone)
        for _ in range(3):
            name = f"C{self.next_id}"
            self.next_id += 1
            self.segment[name] = int(self.rng.choice([2, 3, 6]))
            self.level[name] = 1.0
            self.traits.loc[len(self.traits)] = [name, "25-44", "north"]
        movers = self.rng.choice(self.segment[self.segment <= 6].index, 5, replace=False)
        for mover in movers:
            self.segment[mover] = int(self.rng.integers(1, 7))
        if as_of == ENDED:
            ended = self.segment[self.segment == 7].index
            self.segment[ended] = np.where(np.arange(len(ended)) % 4 == 0, 6, 2)
        if as_of == LAST:
            self.segment[self.segment[self.segment == 2].index[:12]] = 1

    def _features(self, as_of: date) -> pd.DataFrame:
        """Feature values of the customers of a date, in the order of their ids."""
        self.segment = self.segment.sort_index()
        table = np.array([TYPES[s] for s in self.segment])
        n = len(table)
        level = self.level[self.segment.index].to_numpy()[:, None]
        amounts = table[:, :5] * level * self.rng.lognormal(0, 0.05, (n, 5))
        balance, oneoff, instalments, cash, limit = amounts.T
        if as_of == LAST:
            cash = np.where(self.segment == 5, cash * 1.25, cash)
        active = self.rng.uniform(0.3, 1, n)
        purchases = oneoff + instalments
        values: dict[str, Any] = {
            "BALANCE": balance,
            "BALANCE_FREQUENCY": np.where(balance > 100, 1.0, 0.5),
            "PURCHASES": purchases,
            "ONEOFF_PURCHASES": oneoff,
            "INSTALLMENTS_PURCHASES": instalments,
            "CASH_ADVANCE": cash,
            "PURCHASES_FREQUENCY": active * (purchases > 0),
            "ONEOFF_PURCHASES_FREQUENCY": active * (oneoff > 0),
            "PURCHASES_INSTALLMENTS_FREQUENCY": active * (instalments > 0),
            "CASH_ADVANCE_FREQUENCY": active * (cash > 0) / 2,
            "CASH_ADVANCE_TRX": np.ceil(cash / 400),
            "PURCHASES_TRX": np.ceil(purchases / 60),
            "CREDIT_LIMIT": np.round(limit + 500, -2),
            "PAYMENTS": 0.9 * (purchases + cash) + 50,
            "MINIMUM_PAYMENTS": 0.3 * balance + 10,
            "PRC_FULL_PAYMENT": table[:, 5] * active,
            "TENURE": np.where(level[:, 0] > 0.2, 12.0, 8.0),
        }
        values["UTILISATION"] = values["BALANCE"] / values["CREDIT_LIMIT"]
        frame = pd.DataFrame(values, index=self.segment.index)
        return frame[[feature.name for feature in FEATURES]].round(2)

    def _fit(self) -> None:
        values = self._features(self.dates[0])
        used = [f for f in FEATURES if f.use == "cluster"]
        scaler = fit_scaler(values[[f.name for f in used]].to_numpy(), used)
        Z = scaler.transform(values[[f.name for f in used]].to_numpy())
        ids = sorted(set(self.segment))
        centroids = [Z[self.segment.to_numpy() == s].mean(axis=0).tolist() for s in ids]
        evidence = [
            {"k": k, "inertia": 9000.0 - 800 * k, "silhouette": 0.2 + k / 100, "min_jaccard": 0.95}
            | {"min_share": 0.4 / k, "passes": k <= 7, "reason": "every segment comes back"}
            for k in range(5, 9)
        ]
        self.fit = {"scaler": scaler.to_dict(), "segment_ids": ids, "centroids": centroids}
        self._row(
            "fits",
            fit_id=1,
            as_of=self.dates[0],
            fitted_at=_at(self.dates[0]),
            role="anchor",
            k=7,
            seed=7,
            customers=len(values),
            inertia=3400.0,
            silhouette=0.27,
            min_jaccard=0.91,
            explained=0.62,
            rule_explained=0.48,
            features=list(scaler.features),
            why_k="7 is the finest split that holds: every segment comes back when customers are "
            "drawn again.",
            k_evidence=json.dumps(evidence),
            parameters=json.dumps(self.fit),
        )

    def _row(self, table: str, **values: Any) -> None:
        columns = ", ".join(values)
        places = ", ".join(f"${name}" for name in values)
        self.connection.execute(f"INSERT INTO store.{table} ({columns}) VALUES ({places})", values)

    def _write_week(self, as_of: date, now: pd.DataFrame, before: pd.DataFrame | None) -> None:
        ids = now.index.to_numpy(dtype=object)
        segments = self.segment.to_numpy()
        frame = now.rename(columns=str.lower).assign(customer_id=ids, as_of=as_of)
        append(self.connection, "features", frame)
        members = pd.DataFrame({"customer_id": ids, "segment_id": segments})
        append(self.connection, "segment_history", members.assign(as_of=as_of))
        queries.run(self.connection, "store/set_segments", as_of=as_of)
        sizes = members.segment_id.value_counts().sort_index()
        append(
            self.connection,
            "segment_sizes",
            pd.DataFrame(
                {
                    "as_of": as_of,
                    "segment_id": sizes.index,
                    "customers": sizes.to_numpy(),
                    "share": sizes.to_numpy() / sizes.sum(),
                }
            ),
        )
        profile = profile_table(now.to_numpy(), segments, FEATURES)
        append(self.connection, "profiles", profile.assign(as_of=as_of))
        traits = trait_table(self.traits, ids, segments, TRAITS)
        append(self.connection, "trait_profiles", traits.assign(as_of=as_of))
        for segment in sizes.index:
            self._row(
                "segment_facts",
                as_of=as_of,
                segment_id=int(segment),
                jaccard=0.97 - int(segment) / 20,
                borderline_share=0.1,
                rule="cash advances over $350 and purchases at zero",
                rule_precision=0.92,
                rule_recall=0.88,
                exemplars=[str(name) for name in ids[segments == segment][:3]],
                borderline_customer=None,
            )
        entered = len(now) if before is None else len(now.index.difference(before.index))
        left = 0 if before is None else len(before.index.difference(now.index))
        self._row("snapshots", as_of=as_of, load_id=1, customers=len(now), content_hash=str(as_of),
                  lost=[], status="published")  # fmt: skip
        self._refit(as_of, len(now), entered, left, "published", None if before is None else "kept")
        if before is not None:
            self._write_movement(as_of, now, before)
        if as_of == self.dates[-1]:
            self._write_places(now)

    def _refit(
        self, as_of: date, customers: int, entered: int, left: int, status: str, refit: str | None
    ) -> None:
        why = "The segments still fit: a refit is only 0.1 % tighter."
        if status == "refused":
            why = "Purchases are 100 times what they were for 98 % of customers."
        elif refit is None:
            why = "The first fit: 7 is the finest split that holds."
        self._row(
            "refits",
            as_of=as_of,
            status=status,
            refit=refit,
            anchor_fit_id=1,
            challenger_fit_id=None,
            customers=customers,
            customers_entered=entered,
            customers_left=left,
            judged_at=_at(as_of),
            why=why,
            result="{}",
        )

    def _write_movement(self, as_of: date, now: pd.DataFrame, before: pd.DataFrame) -> None:
        """Transitions, and sizes and purchases split into their parts."""
        both = before[["segment_id", "PURCHASES"]].join(
            now[["PURCHASES"]].assign(segment_id=self.segment), how="outer", suffixes=("_0", "")
        )
        start, end = both.segment_id_0, both.segment_id
        cause = np.where(start.isna() | end.isna(), "population", "behaviour")
        both["cause"] = np.where(start == end, "stayed", cause)
        moves = both.groupby(["segment_id_0", "segment_id", "cause"], dropna=False).size()
        table = moves.rename("customers").reset_index()
        table.columns = pd.Index(["from_segment_id", "to_segment_id", "cause", "customers"])
        table = table.astype({"from_segment_id": "Int32", "to_segment_id": "Int32"})
        previous = self.dates[self.dates.index(as_of) - 1]
        append(self.connection, "transitions", table.assign(as_of=as_of, from_as_of=previous))
        ones = both.assign(PURCHASES_0=1.0, PURCHASES=1.0)
        for measure, values in (("customers", ones), ("PURCHASES", both)):
            for segment in sorted({*start.dropna(), *end.dropna()}):
                was, then = values[start == segment], values[end == segment]
                joined = then[then.segment_id_0.isna()].PURCHASES.sum()
                gone = was[was.segment_id.isna()].PURCHASES_0.sum()
                moved_in = then[then.cause == "behaviour"].PURCHASES.sum()
                moved_out = was[was.cause == "behaviour"].PURCHASES_0.sum()
                stayed = then[then.cause == "stayed"]
                self._row(
                    "movement",
                    as_of=as_of,
                    segment_id=int(segment),
                    measure=measure,
                    previous=float(was.PURCHASES_0.sum()),
                    population=float(joined - gone),
                    behaviour=float(moved_in - moved_out),
                    model=0.0,
                    within=float((stayed.PURCHASES - stayed.PURCHASES_0).sum()),
                    current=float(then.PURCHASES.sum()),
                )

    def _write_places(self, now: pd.DataFrame) -> None:
        members = pd.DataFrame(
            {
                "customer_id": now.index.to_numpy(dtype=object),
                "segment_id": self.segment.to_numpy(),
                "distance": np.float32(1.0),
                "runner_up": np.where(self.segment.to_numpy() == 3, 6, 3),
                "margin": np.float32(0.375),
            }
        )
        members.loc[::10, "margin"] = np.float32(0.05)
        members["borderline"] = members.margin < 0.1
        append(self.connection, "current_members", members)

    def _write_customers(self) -> None:
        held = self.traits.assign(first_seen=self.dates[0], last_seen=self.dates[-1])
        append(self.connection, "customers", held)

    def _write_segments(self) -> None:
        for segment, (_, description) in NAMES.items():
            ended = ENDED if segment == 7 and ENDED in self.dates else None
            self._row(
                "segments",
                segment_id=segment,
                name=self.names[segment],
                description=description,
                status="retired" if ended else "active",
                named_by="segmentry",
                colour=COLOURS[segment - 1],
                born_as_of=self.dates[0],
                retired_as_of=ended,
            )
            self._row("segment_names", segment_id=segment, name=self.names[segment],
                      since=self.dates[0], named_by="segmentry")  # fmt: skip

    def _write_events(self, refused_last: bool) -> None:
        if len(self.dates) > 5:
            self._refit(REFUSED, 0, 0, 0, "refused", None)
        if len(self.dates) < len(DATES):
            return
        common = {"other_segment_id": None, "p_value": None, "evidence": "{}"}
        self._row("drift_events", as_of=date(2026, 9, 21), event=1, kind="size", verdict="watch",
                  segment_id=6, feature=None, effect=0.06, threshold=0.05,
                  text="Segment 6 is 6 % larger than usual (usual range ±5 %).",
                  **common)  # fmt: skip
        self._row("drift_events", as_of=LAST, event=1, kind="feature", verdict="alarm",
                  segment_id=5, feature="CASH_ADVANCE", effect=0.25, threshold=0.07,
                  text="Cash advances of segment 5 rose 25 % against its own last 8 weeks "
                  "(usual range ±7 %).", **common)  # fmt: skip
        if refused_last:
            self._refit(LAST + timedelta(weeks=1), 0, 0, 0, "refused", None)
