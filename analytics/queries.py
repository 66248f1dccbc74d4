"""Named SQL, one file each: values are ``$parameters``, identifiers are ``{names}``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from analytics.schema import quote
from analytics.store import Connection

FOLDER = Path(__file__).parent / "sql"
_PARAMETER = re.compile(r"\$([a-z_]+)")


@cache
def text(name: str) -> str:
    """The SQL of ``analytics/sql/<name>.sql``."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8").strip()


def _with_identifiers(name: str, identifiers: Mapping[str, str]) -> str:
    sql = text(name)
    for placeholder, identifier in identifiers.items():
        sql = sql.replace("{" + placeholder + "}", quote(identifier))
    return sql


def run(
    connection: Connection, name: str, /, identifiers: Mapping[str, str] = {}, **values: Any
) -> Connection:
    """Execute a named query; values it does not mention are left out."""
    sql = _with_identifiers(name, identifiers)
    used = set(_PARAMETER.findall(sql))
    return connection.execute(sql, {key: values[key] for key in used})


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
    sql = _with_identifiers(name, identifiers)
    return _PARAMETER.sub(lambda match: literal(values[match[1]]), sql)


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
