"""The tree DuckDB's parser makes of a query, also of a PIVOT, for which it shows none."""

from __future__ import annotations

import json
from itertools import pairwise

import duckdb

from analytics.errors import QueryRefused
from analytics.sqlgate import Tree

COLUMN_ENDS = (b",", b"USING", b"GROUP", b"ORDER", b"LIMIT", b")", b";")
DEPTH = {b"(": 1, b"[": 1, b"{": 1, b")": -1, b"]": -1, b"}": -1}


def tree_of(connection: duckdb.DuckDBPyConnection, query: str) -> Tree:
    """The parse tree of a query, as `json_serialize_sql` returns it, errors included.

    DuckDB turns a PIVOT without values into several statements (one collects the values) and shows
    no tree. With `(column) IN ('')` for each of its columns it is one SELECT that has all the same
    parts; the tree of that is returned.

    Raises
    ------
    QueryRefused : a PIVOT whose columns cannot be told from the rest.
    """
    tree = _parsed(connection, query)
    if tree["error"] and tree["error_type"] != "parser":
        kinds = [statement.type for statement in duckdb.extract_statements(query)]
        if kinds == [duckdb.StatementType.MULTI]:
            tree = _parsed(connection, with_pivot_values(query))
            if tree["error"]:
                raise QueryRefused(
                    "The columns of this PIVOT cannot be worked out.",
                    "Write its values: PIVOT ... ON column IN ('a', 'b') USING ...",
                )
    return tree


def with_pivot_values(query: str) -> str:
    """The query with `(...) IN ('')` for every column of a PIVOT ... ON that has no IN."""
    source = query.encode()
    comment = duckdb.token_type.comment
    written: list[bytes] = []
    reading: dict[int, str] = {}  # part of the PIVOT being read, at each depth of brackets
    column_at: dict[int, int] = {}  # where in `written` its column begins
    depth = 0
    for (start, kind), (end, _) in pairwise([*duckdb.tokenize(query), (len(source), comment)]):
        word = source[start:end].strip().upper() if kind != comment else b""
        part = reading.get(depth)
        if part == "column" and word in COLUMN_ENDS:
            written[column_at[depth]] = b"("
            written.append(b") IN ('') ")
        written.append(source[start:end])
        if word in (b"PIVOT", b"PIVOT_WIDER"):
            reading[depth] = "source"
        elif part and (word == b"ON" or (word == b"," and part != "source")):
            reading[depth] = "column"
            column_at[depth] = len(written)
            written.append(b"")
        elif part == "column" and word == b"IN":
            reading[depth] = "values"
        elif part and part != "source" and word in COLUMN_ENDS:
            del reading[depth]
        depth += DEPTH.get(word, 0)
    if reading.get(depth) == "column":
        written[column_at[depth]] = b"("
        written.append(b"\n) IN ('')")
    return b"".join(written).decode()


def _parsed(connection: duckdb.DuckDBPyConnection, query: str) -> Tree:
    (text,) = connection.execute("SELECT json_serialize_sql(?)", [query]).fetchall()[0]
    tree: Tree = json.loads(text)
    return tree
