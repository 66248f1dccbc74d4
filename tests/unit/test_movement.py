"""Three causes of movement: by hand, and adding up always."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.weekly.movement import CAUSES, movement

#                 stays behaviour model  behaviour+model  there and back  enters leaves
LAST = np.array([1, 1, 1, 1, 2, 0, 2])
FROZEN = np.array([1, 2, 1, 2, 1, 2, 0])
NOW = np.array([1, 2, 3, 3, 2, 2, 0])


def test_every_mover_is_counted_once_by_its_first_cause():
    moved = movement(LAST, FROZEN, NOW)
    assert moved.customers == {"total": 5, "behaviour": 2, "model": 1, "population": 2}


def test_money_moves_with_the_customer_who_leaves_with_what_she_had():
    then = np.array([10.0, 20.0, 30.0, 40.0, 50.0, np.nan, 70.0])
    now = np.array([11.0, 22.0, 33.0, 44.0, 55.0, 66.0, np.nan])
    moved = movement(LAST, FROZEN, NOW, money_then={"SPEND": then}, money_now={"SPEND": now})
    assert moved.money["SPEND"] == {
        "total": 22 + 44 + 33 + 66 + 70,
        "behaviour": 22 + 44,
        "model": 33,
        "population": 66 + 70,
    }
    spend = moved.by_segment.query("measure == 'SPEND'").set_index("segment_id")
    assert spend.loc[2].drop("measure").to_dict() == {
        "previous": 120.0,
        "population": 66.0 - 70.0,
        "behaviour": 22.0 + 44.0 - 55.0,
        "model": 55.0 - 44.0,
        "within": 5.0,
        "current": 143.0,
    }


def test_the_table_of_transitions_names_where_everybody_went():
    rows = movement(LAST, FROZEN, NOW).transitions.astype(object).fillna(0).values.tolist()
    assert sorted(rows) == [
        [0, 2, "population", 1],
        [1, 1, "stayed", 1],
        [1, 2, "behaviour", 1],
        [1, 3, "behaviour", 1],
        [1, 3, "model", 1],
        [2, 0, "population", 1],
        [2, 2, "stayed", 1],
    ]


@st.composite
def three_weeks(draw):
    people = draw(
        st.lists(
            st.tuples(
                st.integers(0, 4), st.integers(1, 4), st.integers(1, 5), st.booleans(),
                st.integers(0, 10**6), st.integers(0, 10**6),
            ).filter(lambda p: p[0] or not p[3]),
            min_size=1,
            max_size=60,
        )
    )  # fmt: skip
    last = np.array([p[0] for p in people])
    gone = np.array([p[3] for p in people])
    frozen = np.where(gone, 0, [p[1] for p in people])
    now = np.where(gone, 0, [p[2] for p in people])
    money = [np.array([p[i] for p in people], dtype=float) for i in (4, 5)]
    return last, frozen, now, money


@given(three_weeks())
def test_the_parts_add_up_to_the_customer_and_to_the_cent(weeks):
    last, frozen, now, (then, amount) = weeks
    moved = movement(last, frozen, now, money_then={"M": then}, money_now={"M": amount})
    changed = int((last != now).sum())
    assert moved.customers["total"] == changed == sum(moved.customers[c] for c in CAUSES)
    table = moved.by_segment
    parts = table["previous"] + table[["population", "behaviour", "model", "within"]].sum(axis=1)
    assert (parts == table["current"]).all()
    flows = moved.transitions
    assert flows["customers"].sum() == len(last)
    for segment in set(last) - {0}:
        outgoing = flows.loc[flows["from_segment_id"] == segment, "customers"].sum()
        assert outgoing == (last == segment).sum()
    for segment in set(now) - {0}:
        incoming = flows.loc[flows["to_segment_id"] == segment, "customers"].sum()
        assert incoming == (now == segment).sum()
    sizes = table.query("measure == 'customers'").set_index("segment_id")["current"]
    assert all(sizes[s] == (now == s).sum() for s in set(now) - {0})
