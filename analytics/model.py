"""The words of the product as frozen values, shared by every module.

`customer`, `feature`, `snapshot`, `fit`, `segment`, `transition`, `drift` mean here what
DECISIONS.md says. Arrays over customers are always in the order of the snapshot they came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

TraitKind = Literal["demographic", "geographic", "technographic", "psychographic", "behavioural"]
Unit = Literal["money", "count", "share", "months", "ratio", "number", "text"]
Transform = Literal["log", "none"]
Use = Literal["cluster", "profile", "never"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

INTENTS = (
    "overview segment_profile compare_segments segment_size segment_trend feature_stat "
    "rank_segments distribution breakdown migration drift explain_segment explain_change "
    "customer_lookup customer_history explain_customer find_customers export_audience recommend "
    "model_info schedule digest glossary sql rename_segment refit_now help smalltalk out_of_scope"
).split()


@dataclass(frozen=True, slots=True)
class Feature:
    """One column of the catalogue: a numeric feature, or a trait that describes.

    ``share`` is a number in [0, 1]; ``money`` is in the company's currency; ``transform`` is
    applied before scaling; ``weight`` multiplies the scaled column; ``ratio_of`` names numerator
    and denominator of a derived feature, computed at load and never read from a file.
    """

    name: str
    label: str
    unit: Unit = "number"
    kind: TraitKind = "behavioural"
    transform: Transform = "none"
    weight: float = 1.0
    use: Use = "cluster"
    synonyms: tuple[str, ...] = ()
    description: str = ""
    ratio_of: tuple[str, str] | None = None

    @property
    def column(self) -> str:
        """Name of the column in the store and its views."""
        return self.name.lower()


@dataclass(frozen=True)
class Snapshot:
    """Features of all customers at one date, as loaded.

    Attributes
    ----------
    customer_ids : object array of shape (n_customers,) of str, unique.
    values : float64 array of shape (n_customers, n_features); NaN where the file had no value.
    features : the columns of ``values`` in order.
    lost : clustering features that earlier snapshots had and this file has not (all NaN).
    content_hash : equal for two snapshots with the same customers and values in any row order.
    """

    as_of: date
    customer_ids: NDArray[np.object_]
    values: Floats
    features: tuple[Feature, ...]
    lost: tuple[str, ...] = ()
    content_hash: str = ""


@dataclass(frozen=True, slots=True)
class DriftEvent:
    """One finding of a weekly check; ``segment`` and ``feature`` are None when about everyone.

    ``effect`` and ``threshold`` are in the same unit (relative change, or share of customers);
    ``text`` is one plain sentence with numbers. ``evidence`` holds what the sentence was made of.
    """

    kind: Literal[
        "feature",
        "size",
        "transition",
        "birth",
        "death",
        "split",
        "merge",
        "data_quality",
        "global",
    ]
    verdict: Literal["alarm", "watch"]
    text: str
    segment: int | None = None
    other_segment: int | None = None
    feature: str | None = None
    effect: float = 0.0
    threshold: float = 0.0
    p_value: float | None = None
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Condition:
    """``feature op value`` of a filter; ``between`` has a pair, bounds included."""

    feature: str
    op: Literal["<", "<=", "=", ">=", ">", "between"]
    value: float | tuple[float, float]


@dataclass(frozen=True, slots=True)
class Query:
    """A question as understood: one intent and its slots; slots that do not apply are empty.

    ``as_of`` and ``since`` are dates of stored snapshots. ``statistic`` is one of mean, median,
    sum, min, max, p10, p25, p75, p90, share, count, zero_share, index. ``named`` is no slot: once
    answered, the segments the answer named, which the next question may speak of.
    """

    intent: str
    segments: tuple[int, ...] = ()
    features: tuple[str, ...] = ()
    statistic: str | None = None
    order: Literal["asc", "desc"] | None = None
    top: int | None = None
    weeks: int | None = None
    as_of: date | None = None
    since: date | None = None
    from_segment: int | None = None
    to_segment: int | None = None
    customer: str | None = None
    name: str | None = None
    trait: str | None = None
    term: str | None = None
    sql: str | None = None
    offer: str | None = None
    chart: bool = False
    filter: tuple[Condition, ...] = ()
    named: tuple[int, ...] = field(default=(), compare=False)

    def slots(self) -> dict[str, Any]:
        """The slots that apply, JSON-ready, under the names of the public interface."""
        renamed = {"from_segment": "from", "to_segment": "to"}
        slots: dict[str, Any] = {}
        for key in self.__slots__:
            value = getattr(self, key)
            if key in ("intent", "named") or value is None or value == () or value is False:
                continue
            if isinstance(value, date):
                value = value.isoformat()
            elif key == "filter":
                value = [{"feature": c.feature, "op": c.op, "value": c.value} for c in value]
            elif isinstance(value, tuple):
                value = list(value)
            slots[renamed.get(key, key)] = value
        return slots

    @classmethod
    def from_slots(cls, intent: str, slots: Mapping[str, Any]) -> Query:
        """The query that ``slots`` were made of, where JSON may lie between; unknown keys are left.

        Raises TypeError or ValueError for values that are none of a query's.
        """
        renamed = {"from": "from_segment", "to": "to_segment"}
        known = {renamed.get(key, key): value for key, value in slots.items()}
        values = {key: value for key, value in known.items() if key in cls.__slots__}
        for key in ("as_of", "since"):
            if key in values:
                values[key] = date.fromisoformat(values[key])
        for key in ("segments", "features"):
            if key in values:
                values[key] = tuple(values[key])
        values["filter"] = tuple(
            Condition(
                condition["feature"],
                condition["op"],
                tuple(condition["value"]) if condition["op"] == "between" else condition["value"],
            )
            for condition in values.get("filter", ())
        )
        return cls(intent, **values)


Status = Literal["answered", "confirm", "clarify", "declined", "denied", "error"]


@dataclass(frozen=True)
class Answer:
    """What came back for one query: typed data, never wording.

    ``data`` is one frozen dataclass per intent (see analytics/answers) holding every number the
    reply shows, unrounded; ``sql`` reruns to those numbers on the published copy; ``base`` is the
    number of customers the numbers are about; ``named`` are the segments it names where the
    question named none: those at the top of a ranking, that of a customer.
    """

    query: Query
    status: Status
    data: Any
    sql: tuple[str, ...] = ()
    as_of: date | None = None
    fit_id: int | None = None
    base: int | None = None
    named: tuple[int, ...] = ()
