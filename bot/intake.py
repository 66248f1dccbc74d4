"""Files on their way into the store: planned, checked, committed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from analytics import load
from analytics.digests import waiting
from analytics.loading import LoadPlan, as_of_from_name, plan_load
from analytics.quality import QualityLimits
from bot.app import Services
from bot.replay import dated_files
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


def take_inbox(services: Services, progress: Progress) -> list[LoadPlan]:
    """Load the files of the configured inbox that are newer than the newest snapshot."""
    inbox = services.settings.load.inbox
    if inbox is None:
        return []
    newest = waiting(services.store)["newest"]
    taken = []
    for day, file in dated_files(inbox):
        if newest is None or day > newest:
            planned = plan(services, file, as_of=day, progress=progress)
            commit(services, planned)
            taken.append(planned)
    return taken
