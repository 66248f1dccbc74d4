"""Named SQL, one file each: values are ``$parameters``, identifiers are ``{names}``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from analytics.model import Condition
from analytics.schema import quote
from analytics.store import Connection

FOLDER = Path(__file__).parent / "sql"
_OPERATORS = {operator: operator for operator in ("<", "<=", "=", ">=", ">")}
_PLACE = re.compile(r"\{([a-z_]+)\}|\$([a-z_][a-z_0-9]*)")


@cache
def text(name: str) -> str:
    """The SQL of ``analytics/sql/<name>.sql``."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8").strip()


class Fragment(str):
    """SQL written by `where` or `counts`; it stands in a statement as it is, not quoted."""


def where(conditions: Sequence[Condition], columns: Mapping[str, str]) -> Fragment:
    """Conditions as SQL, all of which must hold; ``columns`` names the column of each feature."""
    parts = []
    for condition in conditions:
        column = quote(columns[condition.feature])
        if isinstance(condition.value, tuple):
            low, high = condition.value
            parts.append(f"{column} BETWEEN {float(low)} AND {float(high)}")
        else:
            parts.append(f"{column} {_OPERATORS[condition.op]} {float(condition.value)}")
    return Fragment(" AND ".join(parts) or "true")


def counts(conditions: Mapping[str, Fragment]) -> Fragment:
    """A column for each condition, under its name: how many rows meet it."""
    columns = (f"count(*) FILTER (WHERE {c}) AS {quote(name)}" for name, c in conditions.items())
    return Fragment(", ".join(columns))


def _written(name: str, identifiers: Mapping[str, str], value: Callable[[str], str]) -> str:
    """A query with its identifiers quoted and each ``$parameter`` as ``value`` writes it."""

    def piece(place: re.Match[str]) -> str:
        if place[2]:
            return value(place[2])
        identifier = identifiers[place[1]]
        return identifier if isinstance(identifier, Fragment) else quote(identifier)

    return _PLACE.sub(piece, text(name))


def run(
    connection: Connection, name: str, /, identifiers: Mapping[str, str] = {}, **values: Any
) -> Connection:
    """Execute a named query; values it does not mention are left out."""
    sql = _written(name, identifiers, lambda parameter: f"${parameter}")
    used = {place[2] for place in _PLACE.finditer(text(name)) if place[2]}
    return connection.execute(sql, {parameter: values[parameter] for parameter in used})


def rows(
    connection: Connection, name: str, /, identifiers: Mapping[str, str] = {}, **values: Any
) -> list[dict[str, Any]]:
    """The rows of a named query as dicts, for results of a few hundred rows."""
    result = run(connection, name, identifiers, **values)
    columns = [column[0] for column in result.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def frame(
    connection: Connection, name: str, /, identifiers: Mapping[str, str] = {}, **values: Any
) -> pd.DataFrame:
    """The rows of a named query as a DataFrame."""
    return run(connection, name, identifiers, **values).df()


def inline(name: str, /, identifiers: Mapping[str, str] = {}, **values: Any) -> str:
    """The same query as text that an analyst can paste: every value written out."""
    return _written(name, identifiers, lambda parameter: literal(values[parameter]))


def literal(value: Any) -> str:
    """A Python value as SQL writes it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, datetime):
        return f"TIMESTAMP '{value:%Y-%m-%d %H:%M:%S}'"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(literal(item) for item in value) + "]"
    return repr(value)
