"""Refits with the configured settings: of what waits, or of a folder of dated files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from analytics.errors import DataRefused, SegmentryError
from analytics.refit import RefitSettings, refit
from analytics.weekly.step import WeeklySettings
from bot import intake
from bot.app import Services
from bot.replay import dated_files, refused
from bot.settings import Settings
from bot.when import utc

Progress = Callable[[str], None]


def run_refit(services: Services, *, progress: Progress, **options: Any) -> dict[str, Any]:
    """Refit what waits, with the configured settings; the time of the fit is now."""
    return refit(
        services.store,
        refit_settings(services.settings),
        now=utc(services.now()),
        progress=progress,
        **options,
    )


def take_and_refit(services: Services, progress: Progress) -> dict[str, Any]:
    """The weekly run's work: the result of the refit, with ``inbox_refused`` where files were."""
    refused = intake.take_inbox(services, progress)
    try:
        result = run_refit(services, progress=progress)
    except SegmentryError:
        if not refused:
            raise
        result = {"as_of": None, "status": "unchanged", "events": []}
    return {**result, "inbox_refused": refused} if refused else result


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
            intake.commit(services, intake.plan(services, file, as_of=day))
        except DataRefused as error:
            yield refused(day, error)
            continue
        first = segments if number == 0 else None
        yield run_refit(services, as_of=day, segments=first, seed=seed, progress=lambda _: None)


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
