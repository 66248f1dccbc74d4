"""`segmentry load`: what was understood, then all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from analytics.errors import WrongUsage
from analytics.files.loading import LoadPlan, as_of_from_name, explain
from analytics.files.recognise import ColumnUse
from bot import intake
from bot.app import Services
from bot.commands.setup import ensure_store
from bot.console import progress, talk


def load_files(
    services: Services,
    files: Sequence[Path],
    *,
    as_of: date | None,
    kind: str | None,
    id_column: str | None,
    mapping: Sequence[str],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Load files in the order given; a refused one stops the rest and changes nothing itself."""
    if kind == "transactions":
        raise WrongUsage(
            "Files of single transactions cannot be loaded yet.",
            "Load a file with one row per customer and its features.",
        )
    ensure_store(services.settings.home)
    for file in files:
        with progress(f"Load {file.name}") as tell:
            planned = intake.plan(
                services,
                file,
                as_of=as_of,
                kind=kind,
                id_column=id_column,
                mapping=_pairs(mapping),
                progress=tell,
            )
            show_plan(planned)
            if as_of is None and as_of_from_name(file) is None:
                talk.print(f"No date in the name {file.name}: today's is taken; --as-of sets it.")
            loaded = None if dry_run else intake.commit(services, planned)
        changed = loaded is not None and loaded.changed
        if as_json:
            click.echo(json.dumps(_result(planned, changed, dry_run), ensure_ascii=False))
        elif dry_run:
            talk.print("Dry run: nothing was changed.")
        elif not changed:
            talk.print(f"The same data for {planned.as_of} is there already; nothing changed.")
        else:
            talk.print(_done(planned), markup=False, soft_wrap=True)


def _pairs(mapping: Sequence[str]) -> dict[str, str]:
    for pair in mapping:
        if "=" not in pair:
            raise WrongUsage(f'--map "{pair}" is not of the form SRC=FEATURE.', "Write both names.")
    return dict(pair.rsplit("=", 1) for pair in mapping)


def show_plan(planned: LoadPlan) -> None:
    """Draw what each column was understood as, and say the rest."""
    table = Table(
        title=f"{planned.file}: {planned.kind} as of {planned.as_of}", title_justify="left"
    )
    for heading in ("Column", "Read as", "Note"):
        table.add_column(heading, overflow="fold")
    for use in planned.columns:
        table.add_row(use.column, _read_as(use), use.note)
    talk.print(table, markup=False)
    for line in explain(planned):
        talk.print(line, markup=False, soft_wrap=True)


def _read_as(use: ColumnUse) -> str:
    """What a column is: its unit, and the feature's name where the file calls it otherwise."""
    if use.feature is None:
        return use.role
    same = use.feature.name == use.column
    return use.feature.unit if same else f"{use.feature.name} ({use.feature.unit})"


def _done(planned: LoadPlan) -> str:
    if planned.kind == "customers":
        return (
            f"Loaded traits of {len(planned.traits if planned.traits is not None else ()):,} "
            "customers. They describe segments from the next refit on."
        )
    return f"Loaded {len(planned.frame):,} customers as of {planned.as_of}. Next: segmentry refit"


def _result(planned: LoadPlan, changed: bool, dry_run: bool) -> dict[str, Any]:
    return {
        "file": planned.file,
        "kind": planned.kind,
        "as_of": planned.as_of.isoformat(),
        "status": "dry_run" if dry_run else "loaded" if changed else "unchanged",
        "rows": planned.rows,
        "customers": len(planned.frame if planned.traits is None else planned.traits),
        "quarantined": len(planned.quarantine),
        "columns": [
            {
                "column": use.column,
                "role": use.role,
                "feature": use.feature.name if use.feature else None,
                "note": use.note,
            }
            for use in planned.columns
        ],
        "warnings": list(planned.warnings),
    }
