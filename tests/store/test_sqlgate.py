"""The gate lets analysts' SQL through and nothing else; judged on DuckDB's real parse tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analytics.adhoc import gate as sqlgate
from analytics.adhoc.gate import PUBLIC_VIEWS, tree_of, views_used, with_pivot_values
from analytics.adhoc.names import FUNCTIONS, TABLE_FUNCTIONS
from analytics.errors import QueryRefused
from tests.benchmarks.attacks import lines

SQL = Path(sqlgate.__file__).parents[1] / "sql"


@pytest.fixture(scope="module")
def parser() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def judge(parser: duckdb.DuckDBPyConnection, query: str) -> frozenset[str]:
    return views_used(tree_of(parser, query), query)


@pytest.mark.parametrize("query", lines("analyst"))
def test_analysts_sql_is_allowed(parser: duckdb.DuckDBPyConnection, query: str) -> None:
    assert judge(parser, query) <= set(PUBLIC_VIEWS)


@pytest.mark.parametrize("relation", lines("forbidden_relations"))
def test_a_forbidden_relation_is_refused_in_every_place(
    parser: duckdb.DuckDBPyConnection, relation: str
) -> None:
    for place in lines("places"):
        with pytest.raises(QueryRefused) as refused:
            judge(parser, place.format(relation))
        assert "The SQL cannot be read" not in refused.value.what  # refused, not mistyped


@pytest.mark.parametrize("place", lines("places"))
def test_every_place_holds_a_public_view(parser: duckdb.DuckDBPyConnection, place: str) -> None:
    """Else the test above would prove only that the place itself is refused."""
    assert "segment_sizes" in judge(parser, place.format("segment_sizes"))


@pytest.mark.parametrize("call", lines("forbidden_functions"))
@pytest.mark.parametrize(
    "place",
    [
        "select {}",
        "select upper({}::varchar) from segments",
        "select 1 from segments where {} is not null",
        "select 1 from segments order by {}",
        "select 1 from segments limit {}",
        "select list_transform([1], lambda x: {})",
        "select {{'a': {}}}",
        "values ({})",
        "pivot segments on {} using count(*)",
        "pivot segments on name using max({})",
        "select * from range({})",
        "select max(name) over (partition by {}) from segments",
    ],
)
def test_a_forbidden_function_is_refused_in_every_place(
    parser: duckdb.DuckDBPyConnection, call: str, place: str
) -> None:
    with pytest.raises(QueryRefused):
        judge(parser, place.format(call))


@pytest.mark.parametrize("statement", lines("forbidden_statements"))
def test_only_one_select_is_run(parser: duckdb.DuckDBPyConnection, statement: str) -> None:
    with pytest.raises(QueryRefused):
        judge(parser, statement)


def test_every_table_function_of_duckdb_but_four_is_refused(
    parser: duckdb.DuckDBPyConnection,
) -> None:
    names = {
        name
        for (name,) in parser.execute(
            "select function_name from duckdb_functions() where function_type like '%table%' "
            "or function_type = 'pragma'"
        ).fetchall()
    }
    assert len(names) > 100
    for name in names - {"range", "generate_series", "unnest", "json_each"}:
        with pytest.raises(QueryRefused, match=name):
            judge(parser, f"from {name}('segments')")


def test_functions_with_side_effects_are_random_numbers_only(
    parser: duckdb.DuckDBPyConnection,
) -> None:
    volatile = {
        name
        for (name,) in parser.execute(
            "select function_name from duckdb_functions() where has_side_effects"
        ).fetchall()
    }
    assert "sleep_ms" in volatile
    assert FUNCTIONS & volatile == {
        "random",
        "uuid",
        "uuidv4",
        "uuidv7",
        "gen_random_uuid",
        "error",
    }


def test_the_allowed_functions_exist(parser: duckdb.DuckDBPyConnection) -> None:
    known = {
        name.lower()
        for (name,) in parser.execute("select function_name from duckdb_functions()").fetchall()
    }
    only_in_the_grammar = {"!", "->", "<>", "==", "grouping", "grouping_id"}
    assert known | only_in_the_grammar >= FUNCTIONS
    assert known >= TABLE_FUNCTIONS


def test_a_name_from_with_counts_only_where_it_is_visible(
    parser: duckdb.DuckDBPyConnection,
) -> None:
    assert judge(parser, "with duckdb_tables as (select 1) from duckdb_tables") == set()
    assert judge(parser, "with segments as (from segments) from segments") == {"segments"}
    for query in (
        "with duckdb_tables as (from duckdb_tables) from duckdb_tables",
        "with a as (from duckdb_tables), duckdb_tables as (select 1) from a",
        "select * from (with duckdb_tables as (select 1) from duckdb_tables), duckdb_tables",
        "select (with duckdb_tables as (select 1) select 1) from duckdb_tables",
        "with segments as (select 1) from store.segments",
        'with "store.secrets" as (select 1) from store.secrets',
    ):
        with pytest.raises(QueryRefused):
            judge(parser, query)


@pytest.mark.parametrize(
    ("query", "views"),
    [
        ("FROM Segments JOIN main.FEATURES ON true", {"segments", "features"}),
        ("select 1", set()),
        ("show tables", set()),
        ("show fits", {"fits"}),
        ("pivot segment_sizes on as_of using sum(customers)", {"segment_sizes"}),
        (
            "select * from loads where load_id in (select load_id from quarantine)",
            {"loads", "quarantine"},
        ),
    ],
)
def test_the_views_a_query_reads(
    parser: duckdb.DuckDBPyConnection, query: str, views: set[str]
) -> None:
    assert judge(parser, query) == views


def test_the_public_views_are_those_of_the_store() -> None:
    views = {path.stem.partition("_")[2] for path in (SQL / "views").glob("*.sql")}
    assert set(PUBLIC_VIEWS) == views
    promised = (
        "customers features feature_history segments current_segments segment_history "
        "segment_sizes segment_profiles transitions drift_events fits digests feature_catalogue"
    )
    assert views >= set(promised.split())


@pytest.mark.parametrize("path", sorted(SQL.glob("*.sql")), ids=lambda path: path.stem)
def test_the_queries_behind_answers_can_be_rerun(
    parser: duckdb.DuckDBPyConnection, path: Path
) -> None:
    """Answers show their SQL; what is shown must pass. A name stands in for each parameter."""
    assert judge(parser, re.sub(r"\$\w+|\{\w+\}", "x", path.read_text()))


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "from segmnets",
            'There is no view "segmnets"; nearest: segments. SHOW TABLES lists them.',
        ),
        ("from zzz", 'There is no view "zzz". SHOW TABLES lists them.'),
        (
            "with sizes as (from segments) from size",
            'There is no view "size"; nearest: sizes. SHOW TABLES lists them.',
        ),
        (
            "from store.features",
            "Only the published views can be read, and store.features is not one. "
            "SHOW TABLES lists them.",
        ),
        (
            "select uper(name) from segments",
            "The function uper cannot be used here; nearest: upper. "
            "Usual aggregate, window, text, date, list and number functions can.",
        ),
        (
            "select name,\nfrom segments where (name = 'x'",
            "The SQL cannot be read at line 2, character 29: syntax error at or near \"'x'\". "
            "Look for a missing or extra comma, bracket, quote or word there.",
        ),
        (
            "select 'größer', from from segments",
            'The SQL cannot be read at line 1, character 23: syntax error at or near "from". '
            "Look for a missing or extra comma, bracket, quote or word there.",
        ),
        (
            "select 1; select 2",
            "There are 2 statements; one at a time can be run. "
            "Ask with one SELECT; SHOW TABLES lists what can be read.",
        ),
        (
            "-- nothing",
            "There is no SQL to run. Ask with one SELECT; SHOW TABLES lists what can be read.",
        ),
        (
            "drop view segments",
            "Only a SELECT can be run here. "
            "Ask with one SELECT; SHOW TABLES lists what can be read.",
        ),
        (
            "with x as (delete from segments returning *) from x",
            "DELETE cannot be used here. Ask with one SELECT; SHOW TABLES lists what can be read.",
        ),
        (
            "show databases",
            "Of the SHOW commands only SHOW TABLES can be used here. "
            "DESCRIBE segments shows the columns of a view.",
        ),
        (
            "select ?",
            "A parameter (? or $1) cannot be used here. "
            "Ask with one SELECT; SHOW TABLES lists what can be read.",
        ),
    ],
)
def test_a_refusal_says_what_and_the_next_step(
    parser: duckdb.DuckDBPyConnection, query: str, message: str
) -> None:
    with pytest.raises(QueryRefused) as refused:
        judge(parser, query)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("query", "judged"),
    [
        ("pivot t on a using sum(b)", "pivot t on (a ) IN ('') using sum(b)"),
        ("pivot t on a, b -- c", "pivot t on (a) IN ('') , (b -- c\n) IN ('')"),
        (
            "pivot t on a in (1, 2), f(b, c) using sum(x) group by y",
            "pivot t on a in (1, 2), (f(b, c) ) IN ('') using sum(x) group by y",
        ),
        ("pivot (pivot t on a) on c;", "pivot (pivot t on (a) IN ('') ) on (c) IN ('') ;"),
        ('pivot t on "x, using" limit 3', "pivot t on (\"x, using\" ) IN ('') limit 3"),
    ],
)
def test_the_columns_of_a_pivot_are_found(query: str, judged: str) -> None:
    assert with_pivot_values(query) == judged


@settings(max_examples=300, deadline=None)
@given(
    places=st.lists(st.sampled_from(lines("places")), min_size=2, max_size=4),
    relation=st.sampled_from(lines("forbidden_relations")),
)
def test_nesting_hides_nothing(
    parser: duckdb.DuckDBPyConnection, places: list[str], relation: str
) -> None:
    """A query that is allowed around a public view is refused around a forbidden relation."""

    def nested(inner: str) -> str:
        for place in places:
            inner = f"({place.format(inner)})"
        return inner[1:-1]

    try:
        judge(parser, nested("segment_sizes"))
    except QueryRefused:
        assume(False)  # this nesting is not SQL
    with pytest.raises(QueryRefused):
        judge(parser, nested(relation))
