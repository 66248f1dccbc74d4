"""Files on their way into the store: planned, checked, committed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from analytics import load
from analytics.digests import waiting
from analytics.errors import SegmentryError, StoreBusy, WrongUsage
from analytics.files.loading import LoadPlan, as_of_from_name, plan_load
from analytics.files.quality import QualityLimits
from bot.app import Services
from bot.claims import Claims
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


def new_files(services: Services) -> list[tuple[date, Path]]:
    """Files of the configured inbox newer than the newest snapshot, oldest first; not those that
    were refused and `set_aside` as they are.

    Raises WrongUsage when two files have one date.
    """
    inbox = services.settings.load.inbox
    try:
        found = dated_files(inbox) if inbox else []
    except WrongUsage:
        raise
    except SegmentryError:  # no folder yet, or no file in it
        return []
    newest = waiting(services.store)["newest"]
    refused = _refused(services)
    return [
        (day, file)
        for day, file in found
        if (newest is None or day > newest) and not refused.holds(_state(file))
    ]


def take_inbox(services: Services, progress: Progress) -> list[dict[str, str]]:
    """Load the new files of the inbox; the ``file`` and ``why`` of each that was refused."""
    refused = []
    for day, file in new_files(services):
        try:
            commit(services, plan(services, file, as_of=day, progress=progress))
        except StoreBusy:
            raise
        except SegmentryError as error:
            progress(f"{file.name} is refused: {error}")
            refused.append({"file": file.name, "why": str(error)})
    return refused


def set_aside(services: Services, file: str) -> None:
    """Leave a file of the inbox out from now on, until it is another."""
    if services.settings.load.inbox:
        _refused(services).refresh(_state(services.settings.load.inbox / file))


def _refused(services: Services) -> Claims:
    return Claims(services.settings.place.claims / "inbox", keep_days=365)


def _state(file: Path) -> str:
    """What is another once the file was changed."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return file.name
    return f"{file.name} {found.st_size} {found.st_mtime_ns}"
