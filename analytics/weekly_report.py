"""What the report shows behind one digest: pictures and tables of one week, and of its history."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from analytics.answers import facts
from analytics.answers.about import Candidate
from analytics.answers.facts import FeatureProfile
from analytics.answers.reader import AnswerContext, Reader
from analytics.model import Floats, Query
from analytics.published import Copy
from analytics.scaling import Scaler
from analytics.weekly_digest import SizePoint, WeeklyDigest

# A picture of more points shows no more.
MAP_CUSTOMERS = 1_200
HISTORY = timedelta(weeks=104)


@dataclass(frozen=True)
class MapPoint:
    """A customer in the plane of the map; the axes have no unit."""

    segment_id: int
    x: float
    y: float


@dataclass(frozen=True)
class SegmentMap:
    """Customers and segment centres on the first two principal components of the scaled features.

    ``shown`` in [0, 1] is the part of the spread between customers that the plane keeps.
    """

    customers: tuple[MapPoint, ...]
    centres: tuple[MapPoint, ...]
    shown: float


@dataclass(frozen=True)
class Flow:
    """Customers who were in one segment and are in another; None is outside the base."""

    from_segment_id: int | None
    to_segment_id: int | None
    customers: int


@dataclass(frozen=True)
class Check:
    """What one weekly check found; ``first_text`` is its first finding."""

    as_of: date
    status: str
    alarms: int
    watches: int
    first_text: str | None


@dataclass(frozen=True)
class Stability:
    """How far a segment can be trusted; ``jaccard`` as last measured, None when never."""

    segment_id: int
    borderline_share: float
    rule: str
    rule_precision: float
    rule_recall: float
    jaccard: float | None


@dataclass(frozen=True)
class LoadedFile:
    """A file behind a check; the file's facts are None when its load is not on record."""

    as_of: date
    status: str
    file: str | None
    rows: int | None
    quarantined: int | None
    loaded_at: datetime | None
    warnings: int | None


@dataclass(frozen=True)
class Method:
    """How the deciding fit was made."""

    features: tuple[str, ...]
    logged: tuple[str, ...]
    seed: int
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class WeeklyReport:
    """Everything the report of one date shows beside its digest.

    ``week`` is the digest, of the last published week when that date's data was refused;
    ``map`` is None where the features of the date are kept no longer; ``profiles`` holds every
    feature of every segment and, with ``segment_id`` None, of everyone.
    """

    week: WeeklyDigest
    map: SegmentMap | None
    sizes: tuple[SizePoint, ...]
    flows: tuple[Flow, ...]
    profiles: tuple[FeatureProfile, ...]
    checks: tuple[Check, ...]
    stability: tuple[Stability, ...]
    loads: tuple[LoadedFile, ...]
    method: Method


def weekly_report(copy: Copy, week: WeeklyDigest) -> WeeklyReport:
    """The report behind the digest of a published week."""
    reader = Reader(copy, Query("digest", as_of=week.as_of), AnswerContext())
    as_of, since = week.as_of, week.as_of - HISTORY
    fit = copy.rows("fit_parameters", fit_id=week.run.fit_id)[0]
    parameters = json.loads(fit["parameters"])
    scaler = Scaler.from_dict(parameters["scaler"])
    return WeeklyReport(
        week=week,
        map=_map(reader, scaler, parameters),
        sizes=reader.records(SizePoint, "report/sizes", since=since, as_of=as_of),
        flows=reader.records(Flow, "report/flows", as_of=as_of),
        profiles=facts.profiles(reader, reader.active(), reader.all_features()),
        checks=reader.records(Check, "report/events", since=since, as_of=as_of),
        stability=reader.records(Stability, "report/stability", as_of=as_of),
        loads=reader.records(LoadedFile, "report/loads", as_of=as_of),
        method=Method(
            features=tuple(_labels(reader, scaler.features)),
            logged=tuple(
                _labels(
                    reader, [f for f, log in zip(scaler.features, scaler.log, strict=True) if log]
                )
            ),
            seed=int(parameters.get("seed", 0)),
            candidates=reader.records(Candidate, "k_evidence", fit_id=week.run.fit_id),
        ),
    )


def _labels(reader: Reader, names: Iterable[str]) -> list[str]:
    held = reader.copy.features
    return [held[name].label if name in held else name for name in names]


def _map(reader: Reader, scaler: Scaler, parameters: dict[str, Any]) -> SegmentMap | None:
    """Principal components of the scaled features of some customers; signs are made definite."""
    frame = reader.copy.frame("report/map", as_of=reader.as_of, customers=MAP_CUSTOMERS)
    columns = [name.lower() for name in scaler.features]
    if len(frame) < 3 or not set(columns) <= set(frame.columns):
        return None
    Z = scaler.transform(frame[columns].to_numpy(dtype=np.float64)).astype(np.float64)
    centre = Z.mean(axis=0)
    _, spread, axes = np.linalg.svd(Z - centre, full_matrices=False)
    plane = axes[:2]
    plane *= np.sign(plane[np.arange(2), np.abs(plane).argmax(axis=1)])[:, None]
    places = (Z - centre) @ plane.T
    middles = (np.array(parameters["centroids"]) - centre) @ plane.T
    return SegmentMap(
        customers=_points(frame["segment_id"].tolist(), places),
        centres=_points(parameters["segment_ids"], middles),
        shown=float((spread[:2] ** 2).sum() / (spread**2).sum()),
    )


def _points(segments: list[int], places: Floats) -> tuple[MapPoint, ...]:
    return tuple(
        MapPoint(int(s), round(float(x), 2), round(float(y), 2))
        for s, (x, y) in zip(segments, places, strict=True)
    )
