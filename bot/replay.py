"""Files of a folder, loaded and refitted one after another."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from analytics.errors import DataRefused, SegmentryError, WrongUsage
from analytics.files.loading import as_of_from_name

_WEEK = re.compile(r"week[_\-]?(\d+)", re.IGNORECASE)
_DATA = {".csv", ".tsv", ".txt", ".parquet", ".xlsx", ".gz"}


def dated_files(folder: Path) -> list[tuple[date, Path]]:
    """The data files of a folder with their dates, oldest first.

    A date comes from the file name (``2026-01-05``), or from the ``dates`` list of a
    ``manifest.json`` beside it for ``week_007``. Raises SegmentryError when there is none, and
    WrongUsage when two files have one date.
    """
    if not folder.is_dir():
        raise SegmentryError(f"There is no folder {folder}.", "Give the folder of the files.")
    dates = _manifest_dates(folder)
    found: dict[date, Path] = {}
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() not in _DATA:
            continue
        week = _WEEK.search(file.name)
        day = as_of_from_name(file)
        if day is None and week and int(week[1]) < len(dates):
            day = dates[int(week[1])]
        if day is None:
            continue
        if day in found:
            raise WrongUsage(
                f"{found[day].name} and {file.name} in {folder} are both for {day}.",
                "Leave one file for each date.",
            )
        found[day] = file
    if not found:
        raise SegmentryError(
            f"{folder} has no data file with a date (2026-01-05) or a week number (week_007, with "
            "a manifest.json that lists the dates) in its name.",
            "Rename the files, or load them one by one with --as-of.",
        )
    return sorted(found.items())


def _manifest_dates(folder: Path) -> list[date]:
    file = folder / "manifest.json"
    if not file.exists():
        return []
    try:
        return [date.fromisoformat(day) for day in json.loads(file.read_text())["dates"]]
    except (ValueError, KeyError, TypeError) as error:
        raise WrongUsage(
            f'{file} has no list "dates" of dates like 2026-01-05 ({error}).', "Correct it."
        ) from error


def refused(day: date, error: DataRefused) -> dict[str, Any]:
    """The result of a snapshot whose file never got in, in the form of a refit's result."""
    return {
        "as_of": day.isoformat(),
        "fit_id": None,
        "status": "refused",
        "refit": None,
        "customers": 0,
        "entered": 0,
        "left": 0,
        "segments_count": 0,
        "inertia": None,
        "silhouette": None,
        "min_jaccard": None,
        "segments": [],
        "events": [
            {
                "kind": "data_quality",
                "segment": None,
                "other_segment": None,
                "feature": None,
                "effect": 0.0,
                "threshold": 0.0,
                "p_value": None,
                "verdict": "alarm",
                "text": str(error),
            }
        ],
        "movement": {"total": 0, "behaviour": 0, "model": 0, "population": 0},
        "transitions": [],
        "elapsed_s": 0.0,
    }
