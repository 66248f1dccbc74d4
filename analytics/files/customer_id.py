"""Which column holds the customer id."""

from __future__ import annotations

from collections.abc import Container

import pyarrow.compute as pc

from analytics.catalogue import normalise
from analytics.errors import DataRefused, WrongUsage
from analytics.files.cells import present, sample
from analytics.files.phrases import counted, did_you_mean, listed
from analytics.files.privacy import private_by_content, private_column
from analytics.files.tabular import RawTable

# Normalised names, the likeliest first.
ID_NAMES = (
    "customerid custid clientid clientnum clientnumber clientno customernumber customernum "
    "customerno custnum custno customerkey custkey cardholderid memberid householdid userid "
    "partyid personid contactid accountid accountnumber accountnum accountno acctid acctno "
    "customer client id"
).split()


def find_customer_id(raw: RawTable, wanted: str | None, named: Container[str]) -> str:
    """Name of the column that holds the customer id.

    Parameters
    ----------
    wanted : what the user says (``--id``); None to go by the name and by being unique.
    named : columns that are something else already.

    Raises
    ------
    WrongUsage : no column is called ``wanted``.
    DataRefused : no column fits, its ids identify people elsewhere, or most of them repeat.
    """
    names: list[str] = raw.columns.column_names
    if wanted is not None:
        chosen = next((c for c in names if c == wanted), None) or next(
            (c for c in names if normalise(c) == normalise(wanted)), None
        )
        if chosen is None:
            raise WrongUsage(
                f"--id {wanted}: {raw.name} has no such column.", did_you_mean(wanted, names)
            )
    else:
        called_so = [c for c in names if normalise(c) in ID_NAMES and c not in named]
        called_so.sort(key=lambda c: (not _is_unique(raw, c), ID_NAMES.index(normalise(c))))
        chosen = called_so[0] if called_so else None
    if chosen is None:
        candidates = [
            c
            for c in names
            if c not in named
            and _is_unique(raw, c)
            and not private_column(c, sample(raw.columns[c]))
        ]
        raise DataRefused(
            f"{raw.name} has no column named like a customer id.",
            f"Columns without a repeated value: {listed(candidates)}. Say which it is with --id."
            if candidates
            else "None can be one, as their values repeat, are missing, measure something or "
            f"identify people elsewhere: {listed(names)}. Add a customer number.",
        )
    what = private_by_content(sample(raw.columns[chosen]))
    if what:
        raise DataRefused(
            f"The customer id {chosen} of {raw.name} holds {what}, which Segmentry never stores.",
            "Replace them by customer numbers, or name another column with --id.",
        )
    ids = present(raw.columns[chosen])
    if not len(ids):
        raise DataRefused(
            f"The customer id {chosen} of {raw.name} is empty.",
            "Name another column with --id, or export the file again.",
        )
    rounded = ids.filter(pc.match_substring_regex(ids, r"^\d(\.\d+)?[eE]\+?\d\d$"))
    if len(rounded):
        raise DataRefused(
            f"A spreadsheet rounded {counted(len(rounded), 'customer id')} in column {chosen} of "
            f"{raw.name}, such as {rounded[0]}.",
            "Export the file again and do not open it in a spreadsheet.",
        )
    different = pc.count_distinct(ids).as_py()
    if different < len(ids) / 2:
        raise DataRefused(
            f"{raw.name} has several rows for one customer: {len(ids):,} rows, but only "
            f"{different:,} different values of {chosen}.",
            "Load one row per customer: sum transactions up first, or name another id with --id.",
        )
    return chosen


def _is_unique(raw: RawTable, column: str) -> bool:
    cells = present(raw.columns[column])
    return bool(pc.count_distinct(cells).as_py() == raw.columns.num_rows)
