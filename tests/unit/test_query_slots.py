"""A query travels as JSON slots and comes back as it was."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.model import INTENTS, Condition, Query

words = st.text(min_size=1, max_size=12)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
numbers = st.floats(allow_nan=False, allow_infinity=False)
conditions = st.builds(Condition, words, st.sampled_from(["<", ">="]), numbers) | st.builds(
    Condition, words, st.just("between"), st.tuples(numbers, numbers)
)
queries = st.builds(
    Query,
    intent=st.sampled_from(INTENTS),
    segments=st.lists(st.integers(1, 20), max_size=3).map(tuple),
    features=st.lists(words, max_size=3).map(tuple),
    statistic=st.none() | st.sampled_from(["mean", "share"]),
    order=st.none() | st.sampled_from(["asc", "desc"]),
    top=st.none() | st.integers(1, 50),
    weeks=st.none() | st.integers(1, 52),
    as_of=st.none() | days,
    since=st.none() | days,
    from_segment=st.none() | st.integers(1, 20),
    to_segment=st.none() | st.integers(1, 20),
    customer=st.none() | words,
    trait=st.none() | words,
    chart=st.booleans(),
    filter=st.lists(conditions, max_size=3).map(tuple),
)


@given(queries)
def test_any_query_comes_back(query: Query) -> None:
    slots = json.loads(json.dumps(query.slots()))
    assert Query.from_slots(query.intent, slots) == query


def test_slots_of_a_later_version_are_left_out() -> None:
    query = Query.from_slots("segment_size", {"segments": [2], "mood": "good"})
    assert query == Query("segment_size", segments=(2,))


@pytest.mark.parametrize("slots", [{"as_of": "monday"}, {"segments": 2}, {"as_of": 5}])
def test_values_that_are_none_of_a_query_are_refused(slots: dict[str, object]) -> None:
    with pytest.raises((TypeError, ValueError)):
        Query.from_slots("segment_size", slots)
