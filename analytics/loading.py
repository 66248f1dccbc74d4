"""The plan of a load: a file understood and checked, before anything is written."""

from __future__ import annotations

import hashlib
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
from analytics.model import Feature, Floats, Ints
from analytics.numerals import Numbers, missing, read_numbers
from analytics.quality import (
    DEFAULT_LIMITS,
    QualityLimits,
    check_rows,
    feature_warnings,
    quarantine_lines,
)
from analytics.recognise import ColumnUse, Kind, Understood, recognise, texts
from analytics.tabular import RawTable, read_table

# Missing means zero where the other feature is zero: who paid nothing has no minimum payments.
MISSING_IS_ZERO_WHERE = {"MINIMUM_PAYMENTS": "PAYMENTS"}
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
    numeric = {
        use.column: use.feature
        for use in understood.columns
        if use.feature and use.feature.unit != "text"
    }
    numbers = read_numbers({column: raw.columns[column] for column in numeric})
    ids = texts(raw.columns[understood.id_column])
    _refuse_rounded_ids(ids, understood.id_column, raw.name)
    checked = check_rows(raw, ids, understood.id_column, numbers, numeric, limits)

    keep = pa.array(np.flatnonzero(checked.keep))
    order = keep.take(pc.sort_indices(ids.take(keep))).to_numpy()
    customers = ids.take(order).to_pandas().rename("customer_id")
    values = {
        use.feature.name: numbers[use.column].values[order]
        for use in understood.with_role("feature")
        if use.feature
    }
    columns = _without_empty(understood, values, earlier_features, raw.name)
    filled = _fill_meaningful_gaps(values)
    values |= _derived(catalogue, values)
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
        content_hash=_content_hash(frame, traits),
    )


def explain(plan: LoadPlan) -> list[str]:
    """What was understood, left out, set aside and doubted: one plain line each."""
    day = f"{plan.as_of.day} {plan.as_of:%b %Y}"
    customers, bad = len(plan.frame), len(plan.quarantine)
    lines = [f"{plan.file}: {plan.rows:,} rows, {customers:,} customers as of {day}."]
    if plan.kind == "features":
        making = sum(f.use == "cluster" for f in plan.features)
        computed = [f.name for f in plan.features if f.ratio_of]
        lines.append(
            f"{_count(making, 'feature')} to make segments with, "
            f"{_count(len(plan.features) - making, 'more', 'more')} to describe them"
            + (f" ({', '.join(computed)} computed)." if computed else ".")
        )
    if plan.traits is not None:
        names = ", ".join(trait.label for trait in plan.trait_features)
        lines.append(f"{_count(len(plan.trait_features), 'trait')} to describe customers: {names}.")
    for role, what in (("private", "Personal data, never stored"), ("unused", "Not used")):
        left = [use.column for use in plan.columns if use.role == role]
        if left:
            lines.append(f"{what}: {', '.join(left)}.")
    lines += plan.notes
    if bad:
        lines.append(f"Set aside {_count(bad, 'row')} of {plan.rows:,} ({bad / plan.rows:.2%}):")
        lines += [f"  {line}" for line in quarantine_lines(plan.quarantine.head(MOST_SHOWN))]
        if bad > MOST_SHOWN:
            lines.append(f"  and {bad - MOST_SHOWN:,} more; all are in the quarantine table.")
    return lines + [f"Warning: {warning}" for warning in plan.warnings]


def as_of_from_name(path: Path | str) -> date | None:
    """The one date in a file's name, as 2026-01-05, 2026_01_05 or 20260105; else None."""
    found = set()
    for year, _, month, day in re.findall(
        r"(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?!\d)", Path(path).name
    ):
        try:
            found.add(date(int(year), int(month), int(day)))
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
    return tuple(columns)


def _fill_meaningful_gaps(values: dict[str, Floats]) -> list[str]:
    notes = []
    for name, reason in MISSING_IS_ZERO_WHERE.items():
        if name not in values or reason not in values:
            continue
        gaps = np.isnan(values[name]) & (values[reason] == 0)
        if gaps.any():
            values[name] = np.where(gaps, 0.0, values[name])
            notes.append(
                f"{_count(int(gaps.sum()), f'missing {name} value')} read as 0, "
                f"because {reason} is 0 there."
            )
    return notes


def _derived(catalogue: Catalogue, values: Mapping[str, Floats]) -> dict[str, Floats]:
    """The catalogue's ratios of which both parts are there; NaN where the denominator is 0."""
    derived = {}
    for feature in catalogue:
        if feature.ratio_of and feature.use != "never" and set(feature.ratio_of) <= set(values):
            above, below = (values[part] for part in feature.ratio_of)
            derived[feature.name] = above / np.where(below == 0, np.nan, below)
    return derived


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
            columns[use.feature.column] = pc.if_else(missing(cells), None, cells).to_pandas()
    return (pd.DataFrame(columns) if features else None), tuple(features)


def _refuse_rounded_ids(ids: pa.ChunkedArray, column: str, file: str) -> None:
    rounded = ids.filter(pc.match_substring_regex(ids, r"^\d(\.\d+)?[eE]\+?\d\d$"))
    if len(rounded):
        raise DataRefused(
            f"{_count(len(rounded), 'customer id')} in column {column} of {file} were rounded by a "
            f"spreadsheet, such as {rounded[0]}.",
            "Export the file again without opening it in one.",
        )


def _copies_note(copies: int) -> tuple[str, ...]:
    if not copies:
        return ()
    return (f"{_count(copies, 'row')} repeated another row exactly; one of each was kept.",)


def _date_warning(path: Path, as_of: date) -> tuple[str, ...]:
    named = as_of_from_name(path)
    if named in (None, as_of):
        return ()
    return (f"The file name says {named}, and it is loaded as of {as_of}.",)


def _content_hash(frame: pd.DataFrame, traits: pd.DataFrame | None) -> str:
    digest = hashlib.sha256("\n".join(frame["customer_id"]).encode())
    for table in (frame,) if traits is None else (frame, traits):
        for name in sorted(table.columns[1:]):
            column = table[name]
            digest.update(f"\0{name}\0".encode())
            if column.dtype == np.float64:
                numbers = column.to_numpy() + 0.0  # -0.0 is 0.0
                digest.update(np.where(np.isnan(numbers), np.nan, numbers).tobytes())
            else:
                digest.update("\n".join(column.fillna("\0")).encode())
    return digest.hexdigest()


def _count(number: int, noun: str, plural: str | None = None) -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
