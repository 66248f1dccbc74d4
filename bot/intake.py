"""Files on their way into the store: planned, shown, committed, refitted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from analytics import load
from analytics.errors import DataRefused
from analytics.history import newest_snapshot
from analytics.loading import LoadPlan, as_of_from_name, plan_load
from analytics.quality import QualityLimits
from analytics.refit import RefitSettings, refit
from analytics.weekly import WeeklySettings
from bot.app import Services
from bot.replay import dated_files, refused
from bot.settings import Settings
from bot.when import utc

Progress = Callable[[str], None]


def plan(
    services: Services,
    file: Path,
    *,
    as_of: date | None = None,
    kind: str | None = None,
    id_column: str | None = None,
    mapping: Mapping[str, str] | None = None,
    progress: Progress = lambda _: None,
) -> LoadPlan:
    """Understand and check one file; its date is ``as_of``, else in its name, else today."""
    return plan_load(
        file,
        catalogue=services.settings.catalogue,
        as_of=as_of or as_of_from_name(file) or services.now().date(),
        kind=kind,
        id_column=id_column,
        mapping=mapping or {},
        limits=QualityLimits(max_bad_share=services.settings.load.max_bad_share),
        earlier_features=load.earlier_features(services.store),
        progress=progress,
    )


def commit(services: Services, planned: LoadPlan) -> load.Loaded:
    """Write a plan; the time of the load is now."""
    return load.commit(services.store, planned, now=utc(services.now()))


def run_refit(services: Services, *, progress: Progress, **options: Any) -> dict[str, Any]:
    """Refit what waits, with the configured settings; the time of the fit is now."""
    return refit(
        services.store,
        refit_settings(services.settings),
        now=utc(services.now()),
        progress=progress,
        **options,
    )


def replay(
    services: Services,
    folder: Path,
    *,
    segments: int | None,
    seed: int | None,
    progress: Progress,
) -> Iterator[dict[str, Any]]:
    """Load and refit the dated files of a folder in order; one result each."""
    for number, (day, file) in enumerate(dated_files(folder)):
        progress(f"{file.name} as of {day}")
        try:
            commit(services, plan(services, file, as_of=day))
        except DataRefused as error:
            yield refused(day, error)
            continue
        first = segments if number == 0 else None
        yield run_refit(services, as_of=day, segments=first, seed=seed, progress=lambda _: None)


def take_inbox(services: Services, progress: Progress) -> list[LoadPlan]:
    """Load the files of the configured inbox that are newer than the newest snapshot."""
    inbox = services.settings.load.inbox
    if inbox is None:
        return []
    newest = newest_snapshot(services.store)
    taken = []
    for day, file in dated_files(inbox):
        if newest is None or day > newest:
            planned = plan(services, file, as_of=day, progress=progress)
            commit(services, planned)
            taken.append(planned)
    return taken


def refit_settings(settings: Settings) -> RefitSettings:
    """The part of the configuration a refit works by."""
    segments = settings.segments
    return RefitSettings(
        catalogue=settings.catalogue,
        weekly=WeeklySettings(
            candidates=tuple(segments.candidates),
            min_jaccard=segments.min_jaccard,
            min_share=segments.min_share,
            hysteresis=segments.hysteresis,
            identity=segments.identity,
            scaling=segments.scaling,
            **settings.drift.model_dump(),
        ),
        review_k_weeks=segments.review_k_weeks,
        keep_snapshots=segments.keep_snapshots,
        currency=settings.company.currency,
        seed=segments.seed,
    )
