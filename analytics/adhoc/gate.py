"""Decides whether a query is one read-only SELECT on the published views.

It judges the tree DuckDB's own parser makes (`json_serialize_sql`), never the text, and knows only
what is allowed: a table, function or kind of node that is not listed is refused. The kind of
statement would not do: `WITH x AS (DELETE ... RETURNING *) SELECT` counts as a SELECT and deletes.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import duckdb
from rapidfuzz import fuzz, process

from analytics.adhoc.names import FUNCTIONS, KINDS, TABLE_FUNCTIONS
from analytics.errors import QueryRefused

Tree = dict[str, Any]

PUBLIC_VIEWS = tuple(
    """
    customers features feature_history segments current_segments segment_history segment_sizes
    segment_profiles base_profiles trait_profiles segment_facts transitions drift_events fits refits
    digests feature_catalogue loads quarantine snapshots segment_names movement
    transition_money segment_features
    """.split()
)

ONLY_SELECT = "Ask with one SELECT; SHOW TABLES lists what can be read."

# What may follow a column of PIVOT ... ON, and how brackets nest.
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


def views_used(tree: Tree, query: str) -> frozenset[str]:
    """Names of the published views a query reads, once the query is found harmless.

    Parameters
    ----------
    tree : what `json_serialize_sql` returned for the whole text, as parsed JSON.
    query : that text; only to say where in it a syntax error is.

    Raises
    ------
    QueryRefused : it does not parse, is not exactly one SELECT, or has a part that is not allowed.
    """
    if tree["error"]:
        raise _unreadable(tree, query)
    statements = tree["statements"]
    if not statements:
        raise QueryRefused("There is no SQL to run.", ONLY_SELECT)
    if len(statements) > 1:
        raise QueryRefused(
            f"There are {len(statements)} statements; one at a time can be run.", ONLY_SELECT
        )
    used: set[str] = set()
    _walk(statements[0], frozenset(), used)
    return frozenset(used)


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


def nearest(word: str, words: list[str]) -> str | None:
    """The word most like the given one, or None where none is near."""
    found = process.extractOne(
        word.lower(), words, scorer=fuzz.ratio, processor=str.lower, score_cutoff=60
    )
    return found[0] if found else None


def _parsed(connection: duckdb.DuckDBPyConnection, query: str) -> Tree:
    (text,) = connection.execute("SELECT json_serialize_sql(?)", [query]).fetchall()[0]
    tree: Tree = json.loads(text)
    return tree


def _walk(part: object, ctes: frozenset[str], used: set[str]) -> None:
    """Check one part of the tree and all below it; `ctes` are the names WITH has defined so far."""
    if isinstance(part, list):
        for item in part:
            _walk(item, ctes, used)
    if not isinstance(part, dict):
        return
    for cte in part.get("cte_map", {}).get("map", ()):
        name = frozenset([cte["key"].lower()])
        itself = cte["value"]["query_node"]["type"] == "RECURSIVE_CTE_NODE"
        _walk(cte["value"], ctes | name if itself else ctes, used)
        ctes |= name
    _check(part, ctes, used)
    for key, below in part.items():
        if key != "cte_map":
            _walk(below, ctes, used)


def _check(part: Tree, ctes: frozenset[str], used: set[str]) -> None:
    kind = part.get("class") or part.get("type")
    if isinstance(kind, str) and kind not in KINDS:
        raise QueryRefused(f"{_words(kind)} cannot be used here.", ONLY_SELECT)
    if kind == "BASE_TABLE":
        _check_table(part, ctes, used)
    elif kind == "SHOW_REF" and part["query"] is None:
        _check_show(part, ctes, used)
    elif kind == "TABLE_FUNCTION":
        _check_function(part["function"]["qualified_name"]["path"], TABLE_FUNCTIONS)
    elif "function_name" in part:
        # name.lower() has the path of a function in a schema; only the last word is the function.
        _check_function(part["qualified_name"]["path"][-1:], FUNCTIONS)


def _check_show(show: Tree, ctes: frozenset[str], used: set[str]) -> None:
    """SHOW TABLES, or SHOW with the name of a view; DESCRIBE and SUMMARIZE hold a query instead."""
    if show["show_type"] == "SHOW":
        _check_table(show, ctes, used)
    elif show["qualified_name"]["path"] != ['"tables"']:
        raise QueryRefused(
            "Of the SHOW commands only SHOW TABLES can be used here.",
            "DESCRIBE segments shows the columns of a view.",
        )


def _check_table(table: Tree, ctes: frozenset[str], used: set[str]) -> None:
    *schema, name = table["qualified_name"]["path"]
    if not schema and name.lower() in ctes:
        return
    if schema not in ([], ["main"]):
        path = ".".join([*schema, name])
        raise QueryRefused(
            f"Only the published views can be read, and {_short(path)} is not one.",
            "SHOW TABLES lists them.",
        )
    if name.lower() not in PUBLIC_VIEWS:
        near = nearest(name, [*PUBLIC_VIEWS, *ctes])
        raise QueryRefused(
            f'There is no view "{_short(name)}"' + (f"; nearest: {near}." if near else "."),
            "SHOW TABLES lists them.",
        )
    used.add(name.lower())


def _check_function(path: list[str], allowed: frozenset[str]) -> None:
    name = ".".join(path).lower()
    if name not in allowed:
        near = nearest(name, sorted(allowed))
        raise QueryRefused(
            f"The function {_short(name)} cannot be used here"
            + (f"; nearest: {near}." if near else "."),
            "Usual aggregate, window, text, date, list and number functions can.",
        )


def _unreadable(tree: Tree, query: str) -> QueryRefused:
    if tree["error_type"] != "parser":
        return QueryRefused("Only a SELECT can be run here.", ONLY_SELECT)
    reason = str(tree["error_message"]).strip().splitlines()[0].partition(". ")[0].rstrip(".")
    if "position" not in tree:
        return QueryRefused(f"The SQL cannot be read: {_short(reason, 200)}.", "Shorten it.")
    before = query.encode()[: int(tree["position"])].decode(errors="ignore")
    line, character = before.count("\n") + 1, len(before) - before.rfind("\n")
    return QueryRefused(
        f"The SQL cannot be read at line {line}, character {character}: {_short(reason, 200)}.",
        "Look for a missing or extra comma, bracket, quote or word there.",
    )


def _words(kind: str) -> str:
    return {"PARAMETER": "A parameter (? or $1)"}.get(
        kind, kind.removesuffix("_QUERY_NODE").replace("_", " ")
    )


def _short(text: str, length: int = 60) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
