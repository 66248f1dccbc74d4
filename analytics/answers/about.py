"""Answers about the product itself: the model, the schedule, the words, what can be asked."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from rapidfuzz import fuzz, process

from analytics.answers import checks, facts
from analytics.answers.checks import Refused
from analytics.answers.facts import Confidence, FeatureProfile, WeeklyRun
from analytics.answers.reader import Reader, SegmentName, Unanswerable
from analytics.catalogue import normalise
from analytics.model import Feature
from analytics.shipped import shipped


@dataclass(frozen=True)
class FitFacts:
    """The fit whose centres decide the segments; ``silhouette`` and ``min_jaccard`` as in
    `analytics.clustering`. ``explained`` is the share of the variance it accounts for, and
    ``rule_explained`` that of the same number of groups by which columns are zero.
    """

    fit_id: int
    as_of: date
    k: int
    customers: int
    inertia: float
    silhouette: float
    min_jaccard: float | None
    explained: float | None
    rule_explained: float | None
    features: list[str]
    why_k: str


@dataclass(frozen=True)
class Candidate:
    """What spoke for and against one number of segments."""

    k: int
    inertia: float
    silhouette: float
    min_jaccard: float
    min_share: float
    passes: bool
    reason: str


@dataclass(frozen=True)
class Runs:
    """The weekly refits so far."""

    refits: int
    promoted: int
    first_as_of: date
    last_as_of: date


@dataclass(frozen=True)
class Described:
    """A column in words, and its kind."""

    label: str
    kind: str


@dataclass(frozen=True)
class ModelInfo:
    """How the segments came about: the fit, what else was tried, the runs since, the columns.

    ``aspect`` is what was asked about: silhouette, stability, inputs, freshness, or None for all
    of it; ``asked`` are the segments asked about and ``confidence`` how far each can be trusted.
    """

    as_of: date
    fit: FitFacts
    candidates: tuple[Candidate, ...]
    runs: Runs
    run: WeeklyRun
    used: tuple[Described, ...]
    describing: tuple[Described, ...]
    refused: tuple[Refused, ...]
    review_k_weeks: int
    aspect: str | None = None
    asked: tuple[SegmentName, ...] = ()
    confidence: tuple[Confidence, ...] = ()


@dataclass(frozen=True)
class Posted:
    """The last digest that was posted."""

    as_of: date
    channel: str
    status: str
    changed_at: datetime


@dataclass(frozen=True)
class Schedule:
    """When things run, what the last run did, and the change asked for, which chat cannot make."""

    as_of: date
    next_refit: datetime | None
    timezone: str
    digest_channel: str
    run: WeeklyRun
    last_digest: Posted | None
    refused: tuple[Refused, ...]
    change: str | None = None


@dataclass(frozen=True)
class Glossary:
    """A term and what it means; ``everyone`` has the numbers where it is a feature."""

    as_of: date
    term: str
    meaning: str
    name: str | None
    kind: str | None
    clustered: bool
    everyone: FeatureProfile | None


@dataclass(frozen=True)
class NoSuchTerm:
    """The glossary does not have the term; ``known`` are the terms it has."""

    term: str
    known: tuple[str, ...]


@dataclass(frozen=True)
class Help:
    """What example questions are made of: live segments and one feature."""

    company: str
    segments: tuple[SegmentName, ...]
    feature: str | None


@dataclass(frozen=True)
class Smalltalk:
    """Nothing was asked; segments to name in a suggestion."""

    segments: tuple[SegmentName, ...]


def model_info(reader: Reader) -> ModelInfo:
    """Why these segments: the choice of their number, how stable, how fresh, made of what."""
    for segment_id in reader.query.segments:
        reader.require(segment_id)
    trusted = [facts.confidence(reader, segment_id) for segment_id in reader.query.segments]
    run = facts.weekly_run(reader)
    fit = reader.records(FitFacts, "fit", fit_id=run.fit_id)[0]
    held = reader.copy.features
    describing = [f for f in held if f.name not in fit.features and f.use != "never"]
    return ModelInfo(
        reader.as_of,
        fit,
        reader.records(Candidate, "k_evidence", fit_id=run.fit_id),
        reader.records(Runs, "weekly_runs", as_of=reader.as_of)[0],
        run,
        _described([held[name] for name in fit.features if name in held]),
        _described([*describing, *reader.copy.traits]),
        checks.refused_after(reader),
        reader.context.review_k_weeks,
        reader.query.term,
        tuple(reader.name(segment_id) for segment_id in reader.query.segments),
        tuple(found for found in trusted if found),
    )


def _described(features: list[Feature]) -> tuple[Described, ...]:
    return tuple(Described(feature.label, feature.kind) for feature in features)


def schedule(reader: Reader) -> Schedule:
    """When the next refit and digest run, and when the last ones did.

    What would change the schedule or subscribe to it is declined with the schedule there is.
    """
    context = reader.context
    posted = reader.records(Posted, "last_digest")
    found = Schedule(
        reader.as_of,
        context.next_refit,
        context.timezone,
        context.digest_channel,
        facts.weekly_run(reader),
        posted[0] if posted else None,
        checks.refused_after(reader),
        reader.query.term,
    )
    if found.change:
        raise Unanswerable(found, "declined")
    return found


@cache
def terms() -> dict[str, tuple[str, str]]:
    """The product's own terms, by normalised spelling: the term and its meaning."""
    file = shipped("templates") / "glossary.toml"
    found: dict[str, tuple[str, str]] = {}
    for entry in tomllib.loads(file.read_text(encoding="utf-8"))["term"]:
        for spelling in (entry["name"], *entry.get("also", ())):
            found[normalise(spelling)] = (entry["name"], entry["meaning"])
    return found


def glossary(reader: Reader) -> Glossary:
    """What a feature, a trait or a term of the product means."""
    query = reader.query
    asked = (query.features[0] if query.features else query.term or query.trait or "").strip()
    feature = reader.copy.features.find(asked) or reader.copy.traits.find(asked)
    key = normalise(asked)
    if feature is None and key not in terms():
        near = process.extractOne(key, terms().keys(), scorer=fuzz.ratio, score_cutoff=80)
        if near is None:
            known = tuple(sorted({name for name, _ in terms().values()}))
            raise Unanswerable(NoSuchTerm(asked, known), "answered" if asked else "clarify")
        key = near[0]
    if feature is None:
        name, meaning = terms()[key]
        return Glossary(reader.as_of, name, meaning, None, None, False, None)
    numeric = feature.name in reader.copy.features
    rows = facts.profiles(reader, [], [feature.name]) if numeric else ()
    return Glossary(
        reader.as_of,
        feature.label,
        feature.description,
        feature.name,
        feature.kind,
        numeric and feature.use == "cluster",
        rows[0] if rows else None,
    )


def help_(reader: Reader) -> Help:
    """What can be asked, with the segments there are."""
    held = list(reader.copy.features)
    money = [feature.label for feature in held if feature.unit == "money"]
    return Help(
        reader.context.company,
        tuple(reader.name(segment_id) for segment_id in reader.active()),
        next(iter(money or [feature.label for feature in held]), None),
    )


def smalltalk(reader: Reader) -> Smalltalk:
    """Someone was friendly, or not."""
    return Smalltalk(tuple(reader.name(segment_id) for segment_id in reader.active()))
