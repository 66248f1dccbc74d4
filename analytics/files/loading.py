"""The plan of a load: a file understood and checked, before anything is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.catalogue import Catalogue
from analytics.errors import DataRefused
from analytics.files.cells import NO_TEXT, Numbers, missing, read_numbers, texts
from analytics.files.phrases import counted, day, listed, percent, shorten
from analytics.files.quality import (
    DEFAULT_LIMITS,
    QualityLimits,
    check_rows,
    feature_warnings,
    quarantine_lines,
)
from analytics.files.recognise import ColumnUse, Kind, Understood, recognise
from analytics.files.tabular import RawTable, read_table
from analytics.files.values import content_hash, derived, fill_meaningful_gaps
from analytics.model import Feature, Floats, Ints

MOST_SHOWN = 5


@dataclass(frozen=True)
class LoadPlan:
    """A file as it would be loaded.

    Attributes
    ----------
    rows : data rows in the file, bad ones included.
    columns : what each column of the file is used as, in the file's order.
    features : the columns of ``frame`` after customer_id, derived ones last.
    frame : customer_id (str) and one float64 column for each feature, named ``feature.column``;
        NaN where missing; sorted by customer_id, one row for each customer.
    traits : customer_id and one column (float64 or str) for each of ``trait_features``, or None.
    quarantine : rows set aside, one line each: file_row (the header is row 1), column_name, value
        (hidden where it identifies a person), reason.
    notes : what was done to the data, in plain sentences; ``warnings``: what may be wrong with it.
    lost : names of the clustering features the last load had and this file has no value of.
    content_hash : sha256 that does not depend on the order of rows and columns.
    """

    kind: Kind
    as_of: date
    file: str
    sha256: str
    rows: int
    columns: tuple[ColumnUse, ...]
    features: tuple[Feature, ...]
    frame: pd.DataFrame
    traits: pd.DataFrame | None
    trait_features: tuple[Feature, ...]
    quarantine: pd.DataFrame
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    lost: tuple[str, ...]
    content_hash: str


def plan_load(
    path: Path | str,
    *,
    catalogue: Catalogue,
    as_of: date,
    kind: str | None = None,
    id_column: str | None = None,
    mapping: Mapping[str, str] = MappingProxyType({}),
    limits: QualityLimits = DEFAULT_LIMITS,
    earlier_features: Sequence[str] = (),
    progress: Callable[[str], None] | None = None,
) -> LoadPlan:
    """Read, understand and check a file of one row a customer; nothing is written.

    Parameters
    ----------
    mapping : column of the file -> catalogue name, for columns with names of their own.
    earlier_features : names of the features the last load had.
    progress : called with a short phrase as each stage begins.

    Raises
    ------
    SegmentryError : the file is missing, a folder or not readable.
    WrongUsage : ``kind``, ``id_column`` or ``mapping`` names something that does not exist.
    DataRefused : the file is not a table, lacks an id or features, or fails its checks.
    """
    path, say = Path(path), progress or (lambda _: None)
    say(f"Reading {path.name}")
    raw = read_table(path)
    say(f"Recognising {raw.columns.num_columns} columns")
    understood = recognise(raw, catalogue, kind=kind, id_column=id_column, mapping=mapping)
    say(f"Checking {raw.columns.num_rows:,} rows")
    numbers = read_numbers(
        {
            use.column: raw.columns[use.column]
            for use in understood.columns
            if use.feature and use.feature.unit != "text"
        }
    )
    ids = texts(raw.columns[understood.id_column])
    checked = check_rows(raw, ids, understood, numbers, limits)

    keep = pa.array(np.flatnonzero(checked.keep))
    order = keep.take(pc.sort_indices(ids.take(keep))).to_numpy()
    customers = ids.take(order).to_pandas().rename("customer_id")
    values = {
        use.feature.name: numbers[use.column].values[order]
        for use in understood.with_role("feature")
        if use.feature
    }
    columns = _without_empty(understood, values, earlier_features, raw.name)
    filled = fill_meaningful_gaps(values)
    values |= derived(catalogue, values)
    features = tuple(feature for feature in catalogue if feature.name in values)
    frame = pd.DataFrame({"customer_id": customers} | {f.column: values[f.name] for f in features})
    traits, trait_features = _traits(raw, understood, numbers, order, customers)
    lost = _lost(understood, catalogue, values, earlier_features)
    return LoadPlan(
        kind=understood.kind,
        as_of=as_of,
        file=raw.name,
        sha256=raw.sha256,
        rows=raw.columns.num_rows + len(raw.ragged),
        columns=columns,
        features=features,
        frame=frame,
        traits=traits,
        trait_features=trait_features,
        quarantine=checked.quarantine,
        notes=(*raw.notes, *filled, *_copies_note(checked.copies)),
        warnings=(
            *_date_warning(path, as_of),
            *(f"{name} was in the last load and is not in this one." for name in lost),
            *feature_warnings(values, features, limits),
        ),
        lost=lost,
        content_hash=content_hash(frame) if traits is None else content_hash(frame, traits),
    )


def explain(plan: LoadPlan) -> list[str]:
    """What was understood, left out, set aside and doubted: one plain line each."""
    customers, bad = counted(len(plan.frame), "customer"), len(plan.quarantine)
    lines = [f"{plan.file}: {counted(plan.rows, 'row')}, {customers} as of {day(plan.as_of)}."]
    if plan.kind == "features":
        making = sum(feature.use == "cluster" for feature in plan.features)
        ratios = [f"{f.name} from {' / '.join(f.ratio_of)}" for f in plan.features if f.ratio_of]
        lines.append(
            f"{counted(making, 'feature')} to make segments with, "
            f"{counted(len(plan.features) - making, 'more', 'more')} to describe them"
            + (f"; computed: {', '.join(ratios)}." if ratios else ".")
        )
    if plan.trait_features:
        labels = listed([trait.label for trait in plan.trait_features])
        lines.append(f"{counted(len(plan.trait_features), 'trait')} of customers: {labels}.")
    if any(use.role == "trait" and use.note for use in plan.columns):
        lines.append(
            "The kind of a trait (demographic, geographic, ...) was guessed from its name where "
            "the configuration says none; correct it with kind under [features.NAME]."
        )
    for role, what in (("private", "Personal data, left in the file"), ("unused", "Not used")):
        left = [shorten(use.column, 30) for use in plan.columns if use.role == role]
        if left:
            lines.append(f"{what}: {listed(left)}.")
    lines += plan.notes
    if bad:
        lines.append(
            f"Set aside {counted(bad, 'row')} of {plan.rows:,} ({percent(bad / plan.rows)}):"
        )
        lines += [f"  {line}" for line in quarantine_lines(plan.quarantine.head(MOST_SHOWN))]
        if bad > MOST_SHOWN:
            lines.append(
                f"  and {bad - MOST_SHOWN:,} more; after the next refit "
                '`segmentry sql "FROM quarantine"` shows all.'
            )
    return lines + [f"Warning: {warning}" for warning in plan.warnings]


def as_of_from_name(path: Path | str) -> date | None:
    """The one date in a file's name, as 2026-01-05, 2026_01_05 or 20260105; else None."""
    found = set()
    for year, _, month, of_month in re.findall(
        r"(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?!\d)", Path(path).name
    ):
        try:
            found.add(date(int(year), int(month), int(of_month)))
        except ValueError:
            continue
    return found.pop() if len(found) == 1 else None


def _without_empty(
    understood: Understood, values: dict[str, Floats], earlier: Sequence[str], file: str
) -> tuple[ColumnUse, ...]:
    """The columns; a feature without a single value is not used, and leaves ``values``."""
    columns = []
    for use in understood.columns:
        feature = use.feature if use.role == "feature" else None
        if feature and np.isnan(values[feature.name]).all():
            if feature.use == "cluster" and feature.name not in earlier:
                raise DataRefused(
                    f"Column {use.column} of {file} is empty: no customer has a value.",
                    f'Fill it, remove it, or say use = "never" under [features.{feature.name}].',
                )
            del values[feature.name]
            use = replace(use, role="unused", note="every cell is empty")
        columns.append(use)
    left = [use.feature for use in columns if use.feature and use.role == "feature"]
    if understood.kind == "features" and sum(f.use == "cluster" for f in left) < 2:
        raise DataRefused(
            f"{file} has values for {', '.join(f.name for f in left) or 'no feature'} only; "
            "segments need two features.",
            "Export it again with the columns that are empty now.",
        )
    return tuple(columns)


def _lost(
    understood: Understood,
    catalogue: Catalogue,
    values: Mapping[str, Floats],
    earlier: Sequence[str],
) -> tuple[str, ...]:
    if understood.kind == "customers":
        return ()
    return tuple(
        name
        for name in earlier
        if name not in values and name in catalogue and catalogue[name].use == "cluster"
    )


def _traits(
    raw: RawTable,
    understood: Understood,
    numbers: Mapping[str, Numbers],
    order: Ints,
    customers: pd.Series[str],
) -> tuple[pd.DataFrame | None, tuple[Feature, ...]]:
    columns: dict[str, pd.Series[Any]] = {"customer_id": customers}
    features = []
    for use in understood.with_role("trait"):
        assert use.feature is not None
        features.append(use.feature)
        if use.column in numbers:
            columns[use.feature.column] = pd.Series(numbers[use.column].values[order])
        else:
            cells = texts(raw.columns[use.column]).take(order)
            columns[use.feature.column] = pc.if_else(
                missing(cells, NO_TEXT), None, cells
            ).to_pandas()
    return (pd.DataFrame(columns) if features else None), tuple(features)


def _copies_note(copies: Ints) -> tuple[str, ...]:
    if not copies.size:
        return ()
    rows = counted(copies.size, "row is a copy", "rows are copies")
    return (f"{rows} of an earlier row, the first in row {copies[0]:,}; one of each was kept.",)


def _date_warning(path: Path, as_of: date) -> tuple[str, ...]:
    named = as_of_from_name(path)
    if named is None or named == as_of:
        return ()
    return (f"The file name says {day(named)}, and it is loaded as of {day(as_of)}.",)
