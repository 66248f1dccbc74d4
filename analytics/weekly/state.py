"""What the weekly check remembers and returns, as frozen values; no behaviour beyond packing."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from analytics.clustering import KEvidence
from analytics.identity import Assignment
from analytics.model import DriftEvent, Floats, Ints
from analytics.scaling import Scaler
from analytics.weekly.movement import Movement
from analytics.weekly.panel import Panel
from analytics.weekly.sample import Float32s, observable

EFFECTS = (
    "feature_effect",
    "share_effect",
    "global_effect",
    "season_effect",
    "transition_effect",
    "size_effect",
)


@dataclass(frozen=True)
class WeeklySettings:
    """What a company may set about its weekly check.

    The effects are the smallest ones worth telling; how much noise there is on top is always
    learnt from the panel's own weeks.

    Attributes
    ----------
    candidates : numbers of segments tried when k is chosen.
    min_jaccard : least bootstrap stability of every segment, in [0, 1].
    min_share : smallest segment when k is chosen, share of customers.
    hysteresis : how much nearer another centre must be, share of the squared distance.
    identity : "anchor" keeps the centres until there is a reason; "refit" takes every weekly refit.
    scaling : "log" or "standard", see `analytics.scaling.fit_scaler`.
    min_weeks : snapshots needed before anything but the data itself is judged.
    alarm_z : distance from the usual, in standard errors, that an alarm needs.
    feature_effect : relative change of an amount or count in one segment.
    share_effect : change of a share in one segment, in points / 100.
    global_effect : relative change of all amounts in all segments.
    season_effect : relative change of one feature in all segments.
    transition_effect : net flow to another segment, share of the segment it leaves.
    size_effect : net entries from outside, share of the segment.
    clear_gain : loss of inertia a refit must save to be promoted, share.
    max_moved : share of customers a promotion without a confirmed cause may move.
    measured : customers of whom own levels are kept and compared, at most; of more customers one
        in 2, 4, 8 ... is. Everything that is counted is counted of all.
    """

    candidates: tuple[int, ...] = (3, 4, 5, 6, 7, 8)
    min_jaccard: float = 0.75
    min_share: float = 0.05
    hysteresis: float = 0.20
    identity: Literal["anchor", "refit"] = "anchor"
    scaling: Literal["log", "standard"] = "log"
    min_weeks: int = 8
    alarm_z: float = 4.5
    feature_effect: float = 0.055
    share_effect: float = 0.04
    global_effect: float = 0.04
    season_effect: float = 0.08
    transition_effect: float = 0.02
    size_effect: float = 0.035
    clear_gain: float = 0.03
    max_moved: float = 0.05
    measured: int = 100_000

    def thresholds(self) -> dict[str, float]:
        """What decides about alarms, as ``[drift]`` of the configuration names it."""
        return {name: getattr(self, name) for name in ("min_weeks", "alarm_z", *EFFECTS)}

    def telling(self, effect: float) -> WeeklySettings:
        """The same with ``effect`` as the smallest change of a feature worth telling, and every
        other smallest effect in proportion.
        """
        factor = effect / self.feature_effect
        return replace(self, **{name: factor * getattr(self, name) for name in EFFECTS})


@dataclass(frozen=True, eq=False)
class Fit:
    """One K-Means run on one snapshot; row j of every per-cluster array is cluster label j.

    Attributes
    ----------
    centroids : (k, n_features), in the units of ``scaler``.
    segment_ids : (k,), the segment each cluster is.
    inertia : sum of squared scaled distances to the nearest centroid on the snapshot of ``as_of``.
    silhouette : mean silhouette in [-1, 1] on that snapshot.
    jaccards : (k,) bootstrap stability in [0, 1], or None where it was not measured.
    customers : number of customers fitted.
    why_k : why there are this many segments, in a sentence.
    """

    as_of: date
    role: Literal["anchor", "challenger"]
    seed: int
    scaler: Scaler
    centroids: Floats
    segment_ids: Ints
    inertia: float
    silhouette: float
    jaccards: Floats | None
    customers: int
    why_k: str
    k_evidence: tuple[KEvidence, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Everything JSON-ready; `from_dict` gives back the very same numbers."""
        return {
            "as_of": self.as_of.isoformat(),
            "role": self.role,
            "seed": self.seed,
            "scaler": self.scaler.to_dict(),
            "centroids": self.centroids.tolist(),
            "segment_ids": self.segment_ids.tolist(),
            "inertia": self.inertia,
            "silhouette": self.silhouette,
            "jaccards": None if self.jaccards is None else self.jaccards.tolist(),
            "customers": self.customers,
            "why_k": self.why_k,
            "k_evidence": [asdict(evidence) for evidence in self.k_evidence],
        }

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Fit:
        """The fit `to_dict` described."""
        jaccards = fields["jaccards"]
        return cls(
            **fields
            | {
                "as_of": date.fromisoformat(fields["as_of"]),
                "scaler": Scaler.from_dict(fields["scaler"]),
                "centroids": np.array(fields["centroids"], dtype=np.float64),
                "segment_ids": np.array(fields["segment_ids"], dtype=np.int64),
                "jaccards": None if jaccards is None else np.array(jaccards, dtype=np.float64),
                "k_evidence": tuple(KEvidence(**row) for row in fields["k_evidence"]),
            }
        )


@dataclass(frozen=True)
class SegmentRecord:
    """Life of one segment; ids start at 1, the largest of the first fit, and are never reused."""

    segment_id: int
    status: Literal["active", "retired"]
    born_as_of: date
    retired_as_of: date | None = None
    parents: tuple[int, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        retired = self.retired_as_of.isoformat() if self.retired_as_of else None
        return asdict(self) | {"born_as_of": self.born_as_of.isoformat(), "retired_as_of": retired}

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> SegmentRecord:
        """The record `to_dict` described."""
        retired = fields["retired_as_of"]
        return cls(
            **fields
            | {
                "born_as_of": date.fromisoformat(fields["born_as_of"]),
                "retired_as_of": date.fromisoformat(retired) if retired else None,
                "parents": tuple(fields["parents"]),
            }
        )


@dataclass(frozen=True, eq=False)
class WeekState:
    """What next week needs: who owns the ids, the lives of the segments, the panel, a held fit."""

    anchor: Fit
    segments: tuple[SegmentRecord, ...]
    panel: Panel
    held: Fit | None = None


@dataclass(frozen=True, eq=False)
class ThisWeek:
    """A week under the fit of the week before; arrays in the order of sorted customer ids.

    Attributes
    ----------
    before : what the week before left.
    panel : with this week learnt.
    values : (n, d) raw, with what is missing taken over.
    Z : (n, d) scaled as the anchor scales.
    placed : where the anchor's centres put each customer.
    """

    as_of: date
    before: WeekState
    panel: Panel
    values: Floats
    Z: Float32s
    placed: Assignment

    @property
    def anchor(self) -> Fit:
        """The fit that owns the segments so far."""
        return self.before.anchor

    def scaled_by(self, fit: Fit) -> Float32s:
        """The values as ``fit`` scales them, (n, d)."""
        return self.Z if fit.scaler is self.anchor.scaler else fit.scaler.transform(self.values)

    def changes(self, members: Ints) -> Float32s:
        """How far members of the sample are from their own level, (m, d); 0 where not comparable.

        Parameters
        ----------
        members : (m,) rows of the panel.
        """
        past, features = self.before.panel, self.panel.features
        rows = past.find_sampled(self.panel.customer_ids)[members]
        y, known = observable(self.values[members], features)
        paired = known & (past.sample.seen[rows] >= 3) & (rows >= 0)[:, None]
        return np.where(paired, y - past.sample.base[rows], 0).astype(np.float32)


@dataclass(frozen=True, eq=False)
class WeekResult:
    """One week: what is published, how it came about, what changed, and the state for next week.

    Attributes
    ----------
    why : one plain sentence for the verdict on the refit, or for the refusal.
    placed : where every customer is published to be; of the last good week when refused.
    moves : who changed segment and why.
    settings : the thresholds in force.
    """

    as_of: date
    status: Literal["published", "refused"]
    refit: Literal["kept", "promoted", "held"] | None
    why: str
    placed: Assignment
    moves: Movement
    events: tuple[DriftEvent, ...]
    challenger: Fit | None
    entered: int
    left: int
    settings: WeeklySettings
    state: WeekState = field(repr=False)

    @property
    def anchor(self) -> Fit:
        """The fit that owns the segments from this week on."""
        return self.state.anchor

    @property
    def segments(self) -> tuple[SegmentRecord, ...]:
        """Every segment there ever was."""
        return self.state.segments

    @property
    def customer_ids(self) -> NDArray[np.object_]:
        """(n,) sorted."""
        return self.state.panel.customer_ids

    @property
    def segment_ids(self) -> Ints:
        """(n,) the published segment of each customer."""
        return self.placed.segment_ids
