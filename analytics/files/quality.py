"""Which rows can be believed: the checks, the quarantine, and when a file is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from analytics.errors import DataRefused
from analytics.files.cells import Numbers, missing, texts
from analytics.files.phrases import percent
from analytics.files.privacy import masked
from analytics.files.recognise import Understood
from analytics.files.tabular import RawTable
from analytics.model import Feature, Floats, Ints


@dataclass(frozen=True)
class QualityLimits:
    """How much of a file may be wrong.

    ``max_bad_share`` in [0, 1]: the share of rows that may be set aside. In a small file up to
    ``few_bad_rows`` may be, as long as they are no more than a tenth of it.
    ``warn_missing_share`` in [0, 1]: a feature missing for more customers than this is reported.
    """

    max_bad_share: float = 0.02
    few_bad_rows: int = 10
    warn_missing_share: float = 0.05

    def allowed(self, rows: int) -> int:
        """How many of ``rows`` rows may be bad."""
        return max(int(self.max_bad_share * rows), min(self.few_bad_rows, rows // 10))


_CONFLICT = "the customer has rows that differ"
DEFAULT_LIMITS = QualityLimits()


@dataclass(frozen=True)
class Checked:
    """What the checks found.

    Attributes
    ----------
    keep : bool array of shape (n_rows,), True for the rows to load; one row for each customer.
    quarantine : the rows set aside, one line each: file_row, column_name, value, reason.
    copies : row numbers dropped because an identical row before them was kept.
    """

    keep: NDArray[np.bool_]
    quarantine: pd.DataFrame
    copies: Ints


def check_rows(
    raw: RawTable,
    ids: pa.ChunkedArray,
    understood: Understood,
    numbers: Mapping[str, Numbers],
    limits: QualityLimits,
) -> Checked:
    """Find the rows that cannot be believed, and set them aside.

    Parameters
    ----------
    ids : customer ids as text, of shape (n_rows,), trimmed.
    numbers : by column of the file, those that hold numbers. Only a feature's cells can cost a
        customer their row; a trait's cell that is no number counts as unknown.

    Raises
    ------
    DataRefused : more rows are bad than ``limits`` allow.
    """
    absent = missing(ids).to_numpy(zero_copy_only=False)
    problems = [_ragged(raw), _found(raw, understood.id_column, absent, "no customer id")]
    for use in understood.with_role("feature"):
        assert use.feature is not None
        column = numbers[use.column]
        problems += [
            _found(raw, use.column, column.wrong, "not a number"),
            _impossible(raw, use.column, column.values, use.feature),
        ]
    quarantine = pd.concat(problems).drop_duplicates("file_row")
    bad = np.isin(raw.row_numbers, quarantine["file_row"])

    customer = ids.to_pandas()
    repeated = customer.duplicated(keep=False).to_numpy() & ~bad
    copies = np.zeros(len(ids), dtype=np.bool_)
    if repeated.any():
        copies, conflicting = _copies_and_conflicts(raw, customer, repeated)
        conflicts = _found(raw, understood.id_column, conflicting, _CONFLICT)
        quarantine = pd.concat([quarantine, conflicts])
        bad |= conflicting
    quarantine = quarantine.sort_values("file_row", ignore_index=True)
    _refuse_too_many(raw, quarantine, limits)
    return Checked(~bad & ~copies, quarantine, raw.row_numbers[copies])


def feature_warnings(
    values: Mapping[str, Floats], features: Sequence[Feature], limits: QualityLimits
) -> list[str]:
    """What is odd about whole columns: constant, often missing, shares above 1.

    ``values`` holds, by feature name, float64 of shape (n_customers,), NaN where missing.
    """
    warnings = []
    for feature in features:
        column = values[feature.name]
        known = column[~np.isnan(column)]
        customers = len(column)
        if not known.size:
            continue
        if feature.use == "cluster" and known.size > 1 and np.ptp(known) == 0:
            warnings.append(
                f"{feature.name} is {known[0]:g} for every customer, so it cannot tell them apart."
            )
        empty = customers - known.size
        if empty > limits.warn_missing_share * customers:
            warnings.append(
                f"{feature.name} is missing for {empty:,} of {customers:,} customers "
                f"({percent(empty / customers)}); the median stands in for it."
            )
        above = int((known > 1).sum())
        if feature.unit == "share" and above and not feature.ratio_of:
            if above > known.size / 2:
                warnings.append(
                    f"{feature.name} is above 1 for {above:,} of {customers:,} customers. "
                    "It should be a share between 0 and 1: is it in per cent?"
                )
            else:
                warnings.append(
                    f"{feature.name} is above 1 for {above:,} of {customers:,} customers (at most "
                    f"{known.max():g}); it is kept and counts as 1 when segments are made."
                )
    return warnings


def _problems(
    rows: Sequence[int] | NDArray[np.int64],
    columns: str | None,
    values: Sequence[str | None],
    reason: str | list[str],
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "file_row": np.asarray(rows, dtype=np.int64),
            "column_name": pd.Series([columns] * len(rows), dtype="str"),
            "value": pd.Series(np.array(values, dtype=object), dtype="str"),
            "reason": pd.Series(
                reason if isinstance(reason, list) else [reason] * len(rows), dtype="str"
            ),
        }
    )


def _found(raw: RawTable, column: str, wrong: NDArray[np.bool_], reason: str) -> pd.DataFrame:
    at = np.flatnonzero(wrong)
    cells = texts(raw.columns[column].take(at)).to_pylist() if at.size else []
    shown = [None if cell is None else masked(cell[:100]) for cell in cells]
    return _problems(raw.row_numbers[at], column, shown, reason)


def _ragged(raw: RawTable) -> pd.DataFrame:
    width = raw.columns.num_columns
    reasons = [f"{cells} cells instead of {width}" for _, cells in raw.ragged]
    return _problems([row for row, _ in raw.ragged], None, [None] * len(reasons), reasons)


def _impossible(raw: RawTable, column: str, values: Floats, feature: Feature) -> pd.DataFrame:
    """Amounts that are logged, counts, shares and months are never below 0."""
    never_negative = feature.unit in ("count", "share", "months") or (
        feature.unit == "money" and feature.transform == "log"
    )
    wrong = (values < 0) if never_negative else np.zeros(len(values), dtype=np.bool_)
    what = {"money": "an amount", "months": "a number of months"}.get(
        feature.unit, f"a {feature.unit}"
    )
    return _found(raw, column, wrong, f"{what} below 0")


def _copies_and_conflicts(
    raw: RawTable, customer: pd.Series[str], repeated: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Among rows with a repeated id: later identical rows, and customers whose rows differ."""
    at = np.flatnonzero(repeated)
    copy = raw.columns.take(at).to_pandas().duplicated().to_numpy()
    rows_left = pd.Series(~copy).groupby(customer.to_numpy()[at]).transform("sum")
    different = rows_left.to_numpy() > 1
    copies, conflicting = np.zeros_like(repeated), np.zeros_like(repeated)
    copies[at[copy & ~different]] = True
    conflicting[at[different]] = True
    return copies, conflicting


def _refuse_too_many(raw: RawTable, quarantine: pd.DataFrame, limits: QualityLimits) -> None:
    rows = raw.columns.num_rows + len(raw.ragged)
    bad, allowed = len(quarantine), limits.allowed(rows)
    if bad <= allowed:
        return
    kinds = quarantine["reason"] + (" in " + quarantine["column_name"]).fillna("")
    worst = "; ".join(f"{count:,} x {kind}" for kind, count in Counter(kinds).most_common(3))
    examples = "; ".join(quarantine_lines(quarantine.head(3)))
    raise DataRefused(
        f"{raw.name}: {bad:,} of {rows:,} rows ({percent(bad / rows)}) cannot be used, and "
        f"{f'at most {allowed:,}' if allowed else 'none'} may be set aside: {worst}. "
        f"For example {examples}.",
        "Correct the file and load it again, or leave a column out with "
        'use = "never" under [features.NAME].',
    )


def quarantine_lines(quarantine: pd.DataFrame) -> list[str]:
    """Each row of a quarantine as words: row 17, BALANCE: 'abc' (not a number)."""
    lines = []
    for entry in quarantine.itertuples(index=False):
        column = f", {entry.column_name}" if isinstance(entry.column_name, str) else ""
        value = f" '{entry.value}'" if isinstance(entry.value, str) and entry.value else ""
        lines.append(f"row {entry.file_row:,}{column}:{value} ({entry.reason})")
    return lines
