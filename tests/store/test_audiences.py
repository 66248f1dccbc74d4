"""Exported lists hold the customers that were counted, with whole ids, and nothing is invented."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from analytics.answers.answer import answer
from analytics.audiences import audience
from analytics.errors import SegmentryError
from analytics.model import Condition, Query
from analytics.published import Copy
from analytics.queries import where
from bot import export
from tests.golden.answers_cases import CONTEXT
from tests.golden.answers_store import build

RICH = (Condition("CREDIT_LIMIT", ">", 5000.0),)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return build(tmp_path_factory.mktemp("audiences"))


def test_a_list_holds_exactly_the_customers_that_are_counted(copy: Copy) -> None:
    query = Query("find_customers", segments=(4,), filter=RICH)
    counted = answer(copy, query, context=CONTEXT).data.matching
    members = audience(copy, query, context=CONTEXT).members
    assert len(members) == next(m.matching for m in counted if m.segment_id is None)
    assert list(members) == ["customer_id", "segment_id", "segment", "as_of", "credit_limit"]
    assert set(members["segment_id"]) == {4}
    assert members["customer_id"].is_unique
    assert (members["credit_limit"] > 5000).all()


def test_the_first_of_a_list_are_those_with_the_most(copy: Copy) -> None:
    query = Query("find_customers", features=("PURCHASES",), top=5)
    members = audience(copy, query, context=CONTEXT).members
    (most,) = copy.rows(
        "found_customers",
        {"feature": "purchases", "matching": where((), {})},
        as_of=copy.as_of,
        segments=list(range(1, 8)),
        ascending=False,
        top=1,
    )
    assert len(members) == 5
    assert members["purchases"].is_monotonic_decreasing
    assert members["customer_id"].iloc[0] == most["customer_id"]


def test_a_segment_that_is_not_there_and_a_date_too_early_are_refused(copy: Copy) -> None:
    for query in (
        Query("export_audience", segments=(9,)),
        Query("export_audience", segments=(1,), as_of=date(2020, 1, 1)),
        Query("export_audience", filter=(Condition("AGE", ">", 1.0),)),
    ):
        with pytest.raises(SegmentryError, match="no such list"):
            audience(copy, query, context=CONTEXT)


def test_the_file_of_a_list_says_how_many_and_to_keep_it_safe(copy: Copy, tmp_path: Path) -> None:
    file = export.customers(copy, Query("export_audience", segments=(1,)), CONTEXT)
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "customer_id,segment_id,segment,as_of"
    assert file.said.startswith(f"{len(lines) - 1:,} customers on 5 Oct 2026.")
    assert "keep it where only those see it" in file.said
    assert file.name == "customers-segment-1-2026-10-05.csv"
