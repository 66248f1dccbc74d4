import re

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import mannwhitneyu

from analytics.model import Feature
from analytics.profiles import profile_table, segment_facts, trait_table
from analytics.rules import segment_rules

MONEY = Feature("PURCHASES", "purchases", "money", transform="log")
CASH = Feature("CASH_ADVANCE", "cash advances", "money", transform="log")
FULL = Feature("PRC_FULL_PAYMENT", "months paid in full", "share")
TRX = Feature("PURCHASES_TRX", "number of purchases", "count", transform="log")
IDS = np.array([f"C{i}" for i in range(12)], dtype=object)

COLUMNS = (
    "segment_id feature customers mean median min p10 p25 p75 p90 max zero_share missing_share sum "
    "share_of_total index_vs_all effect"
).split()


def test_profile_by_hand():
    values = np.array([[0], [2], [4], [np.nan]])
    table = profile_table(values, np.array([1, 1, 2, 2]), [MONEY])
    assert list(table.columns) == COLUMNS
    base, first, second = (row for _, row in table.iterrows())
    assert base.to_dict() == pytest.approx(
        {
            "segment_id": 0,
            "feature": "PURCHASES",
            "customers": 4,
            "mean": 2,
            "median": 2,
            "min": 0,
            "p10": 0.4,
            "p25": 1,
            "p75": 3,
            "p90": 3.6,
            "max": 4,
            "zero_share": 1 / 3,
            "missing_share": 0.25,
            "sum": 6,
            "share_of_total": 1,
            "index_vs_all": 100,
            "effect": 0,
        }
    )
    assert (first["mean"], first["index_vs_all"], first["effect"]) == (1, 50, -1)
    assert first["share_of_total"] == pytest.approx(1 / 3)
    assert (second["mean"], second["index_vs_all"], second["effect"]) == (4, 200, 1)
    assert (second["customers"], second["missing_share"]) == (2, 0.5)


def test_a_segment_that_knows_nothing_has_no_statistics_and_no_effect():
    table = profile_table(np.array([[1.0], [3], [np.nan]]), np.array([1, 1, 5]), [MONEY])
    unknown = table[table.segment_id == 5].iloc[0]
    assert unknown[["mean", "median", "max", "zero_share", "index_vs_all"]].isna().all()
    assert unknown[["sum", "share_of_total", "missing_share", "effect"]].tolist() == [0, 0, 1, 0]


def test_shares_and_indexes_of_nothing_are_unknown():
    table = profile_table(np.zeros((4, 1)), np.array([1, 1, 2, 2]), [MONEY])
    assert table[["share_of_total", "index_vs_all"]].isna().all().all()


def test_profile_equals_what_an_analyst_gets_in_sql():
    rng = np.random.default_rng(3)
    values = np.round(rng.lognormal(5, 2, size=500), 2)
    values[rng.random(500) < 0.3] = 0
    values[rng.random(500) < 0.1] = np.nan
    segment = rng.integers(1, 4, size=500)
    customers = pd.DataFrame({"segment": segment, "x": values})
    sql = """
        select count(*) as customers, avg(x) as mean, median(x) as median, min(x) as min,
            quantile_cont(x, 0.1) as p10, quantile_cont(x, 0.25) as p25,
            quantile_cont(x, 0.75) as p75, quantile_cont(x, 0.9) as p90, max(x) as max,
            avg((x = 0)::int) as zero_share, avg((x is null)::int) as missing_share, sum(x) as sum,
            sum(x) / (select sum(x) from known) as share_of_total,
            100 * avg(x) / (select avg(x) from known) as index_vs_all
        from known group by segment order by segment
    """
    with duckdb.connect() as connection:
        connection.register("customers", customers)
        connection.execute(
            "create view known as select segment, if(isnan(x), null, x) as x from customers"
        )
        wanted = connection.execute(sql).df()
    table = profile_table(values.reshape(-1, 1), segment, [MONEY])
    got = table[table.segment_id > 0].reset_index(drop=True)[list(wanted.columns)]
    pd.testing.assert_frame_equal(got, wanted, check_dtype=False, rtol=1e-9)


groups = st.integers(2, 40).flatmap(
    lambda n: st.tuples(
        arrays(float, (n, 2), elements=st.integers(0, 6).map(float) | st.just(np.nan)),
        arrays(np.int64, n, elements=st.sampled_from([1, 2, 7])),
    )
)


@given(groups)
def test_profile_adds_up(customers):
    values, segment_ids = customers
    table = profile_table(values, segment_ids, [MONEY, CASH])
    base, parts = table[table.segment_id == 0], table[table.segment_id > 0]
    assert (base.customers == len(values)).all()
    for whole in base.itertuples():
        part = parts[parts.feature == whole.feature]
        assert part.customers.sum() == len(values)
        assert part["sum"].sum() == pytest.approx(whole.sum)
        if whole.sum > 0:
            assert part.share_of_total.sum() == pytest.approx(1)
            assert whole.index_vs_all == pytest.approx(100)
    assert table.effect.between(-1, 1).all()


@given(groups)
def test_effect_is_cliffs_delta(customers):
    values, segment_ids = customers
    table = profile_table(values, segment_ids, [MONEY, CASH]).set_index(["segment_id", "feature"])
    for segment in np.unique(segment_ids):
        for j, feature in enumerate((MONEY, CASH)):
            inside = values[segment_ids == segment, j]
            outside = values[segment_ids != segment, j]
            inside, outside = inside[~np.isnan(inside)], outside[~np.isnan(outside)]
            if inside.size and outside.size:
                u = mannwhitneyu(inside, outside).statistic
                delta = 2 * u / (inside.size * outside.size) - 1
                assert table.loc[(segment, feature.name), "effect"] == pytest.approx(delta)


@given(groups, st.randoms(use_true_random=False))
def test_the_order_of_customers_changes_nothing(customers, random):
    values, segment_ids = customers
    order = list(range(len(values)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(
        profile_table(values, segment_ids, [MONEY, CASH]),
        profile_table(values[order], segment_ids[order], [MONEY, CASH]),
    )


def traits_of(values, unit="text", segment_ids=None):
    """The trait table of customers C0, C1, ... with these values, as segment -> value -> row."""
    ids = IDS[: len(values)] if len(values) <= 12 else np.arange(len(values)).astype(object)
    segment_ids = np.ones(len(ids), dtype=int) if segment_ids is None else np.array(segment_ids)
    table = pd.DataFrame({"customer_id": ids, "trait": values})
    return trait_table(table, ids, segment_ids, [Feature("TRAIT", "trait", unit)])


def test_traits_by_hand():
    table = traits_of(["gold", "blue", "blue", None], segment_ids=[1, 1, 2, 2])
    assert list(table.columns) == "segment_id trait value customers share index_vs_all".split()
    rows = {(r.segment_id, r.value): r for r in table.itertuples()}
    assert (rows[0, "blue"].customers, rows[0, "blue"].share) == (2, 0.5)
    assert (rows[1, "gold"].share, rows[1, "gold"].index_vs_all) == (0.5, 200)
    assert (rows[2, "gold"].customers, rows[2, "gold"].index_vs_all) == (0, 0)
    assert rows[2, "Unknown"].share == 0.5
    assert table[table.segment_id == 0].value.tolist() == ["blue", "gold", "Unknown"]


def test_a_customer_without_a_row_of_traits_is_unknown():
    table = pd.DataFrame({"customer_id": ["C0", "elsewhere"], "trait": ["gold", "blue"]})
    feature = Feature("TRAIT", "trait", "text")
    got = trait_table(table, IDS[:2], np.array([1, 1]), [feature])
    assert got[got.segment_id == 1][["value", "customers"]].values.tolist() == [
        ["gold", 1],
        ["Unknown", 1],
    ]


def test_beyond_twelve_values_the_rarest_are_other():
    values = [f"town {i:02}" for i in range(20) for _ in range(20 - i)] + [None] * 3
    base = traits_of(values).query("segment_id == 0")
    assert base.value.tolist() == [*(f"town {i:02}" for i in range(10)), "Other", "Unknown"]
    assert base.customers.sum() == len(values)
    assert base.customers.iloc[-2] == sum(range(1, 11))


def test_few_numbers_stay_as_they_are_in_their_order():
    base = traits_of([10, 2, 2, np.nan, 0], "count").query("segment_id == 0")
    assert base.value.tolist() == ["0", "2", "10", "Unknown"]
    assert base.customers.tolist() == [1, 2, 1, 1]


def test_many_numbers_come_in_readable_bands():
    ages = [*range(20, 70), None]
    base = traits_of(ages, "number").query("segment_id == 0")
    assert base.value.tolist() == [
        "under 30",
        "30 to 39",
        "40 to 48",
        "49 to 58",
        "59 and over",
        "Unknown",
    ]
    assert base.customers.tolist() == [10, 10, 9, 10, 11, 1]


def test_a_number_that_is_nearly_always_the_same_has_two_bands():
    base = traits_of([0] * 90 + list(range(1, 11)), "count").query("segment_id == 0")
    assert base[["value", "customers"]].values.tolist() == [["under 1", 90], ["1 and over", 10]]


@given(st.lists(st.floats(0, 1e6) | st.none(), min_size=1, max_size=60))
def test_every_customer_is_in_one_value_of_a_trait(values):
    table = traits_of(values, "money", segment_ids=[1 + i % 2 for i in range(len(values))])
    assert table.groupby("segment_id").share.sum().to_numpy() == pytest.approx(1)
    assert not table.duplicated(["segment_id", "value"]).any()
    assert table[table.segment_id == 0].customers.sum() == len(values)
    assert len(table[table.segment_id == 0]) <= 12


def test_no_traits_no_rows():
    table = trait_table(pd.DataFrame({"customer_id": IDS}), IDS, np.ones(12, dtype=int), [])
    assert table.empty


def planted(n=2000, seed=0):
    """Customers of whom segment 2 draws cash and does not pay in full, and nobody else does."""
    rng = np.random.default_rng(seed)
    draws, pays = rng.random(n) < 0.5, rng.random(n) < 0.5
    cash = np.where(draws, rng.uniform(400, 2000, n), rng.uniform(0, 300, n))
    full = np.where(pays, rng.uniform(0.5, 1, n), rng.uniform(0, 0.3, n))
    return np.column_stack([cash, full]), np.where(draws & ~pays, 2, 1)


def test_a_rule_finds_what_was_planted():
    X, segment_ids = planted()
    rule = segment_rules(X, segment_ids, [CASH, FULL], seed=0)[2]
    cash = re.search(r"cash advances over \$(\d+)", rule.text)
    full = re.search(r"months paid in full up to (\d+) %", rule.text)
    assert cash
    assert 300 <= int(cash[1]) <= 400
    assert full
    assert 30 <= int(full[1]) <= 50
    assert (rule.precision, rule.recall) == (1, 1)


def test_precision_and_recall_are_those_of_the_rule_as_written():
    # over 11 purchases: 8 customers, 6 of them among the 7 of segment 1
    trx = np.array([1, 2, 3, 11, 12, 12, 13, 14, 15, 16, 20, 21], dtype=float)
    segment_ids = np.array([2, 2, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1])
    rule = segment_rules(trx.reshape(-1, 1), segment_ids, [TRX], seed=0)[1]
    bound = float(rule.text.removeprefix("number of purchases over "))
    meets = trx > bound
    assert rule.precision == pytest.approx((segment_ids[meets] == 1).mean())
    assert rule.recall == pytest.approx(meets[segment_ids == 1].mean())


def test_a_bound_between_zero_and_the_smallest_amount_is_zero():
    X = np.array([[0.0]] * 50 + [[10.0]] * 25 + [[900]] * 25)
    rules = segment_rules(X, np.repeat([1, 2], 50), [CASH], seed=0)
    assert rules[1].text == "cash advances at zero"
    assert rules[2].text == "cash advances above zero"


def test_two_bounds_on_one_feature_are_said_together():
    X = np.arange(100.0).reshape(-1, 1)
    rules = segment_rules(X, np.repeat([1, 2, 1], [30, 30, 40]), [TRX], seed=0)
    assert rules[2].text == "number of purchases over 29 and up to 59"
    assert (rules[2].precision, rules[2].recall) == (1, 1)


def test_one_segment_is_every_customer_and_unknown_values_count_as_the_median():
    X = np.array([[1.0, np.nan], [2, np.nan], [np.nan, np.nan]])
    rule = segment_rules(X, np.ones(3, dtype=int), [CASH, FULL], seed=0)[1]
    assert (rule.text, rule.precision, rule.recall) == ("every customer", 1, 1)


def test_facts_name_typical_and_borderline_customers():
    X, segment_ids = planted(12)
    segment_ids[:4], segment_ids[4:] = 3, 1
    distance = np.array([4, 1, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2], dtype=np.float32)
    margin = np.array([0.5, 0.3, 0.02, 0.09] + [0.9] * 7 + [-0.01], dtype=np.float32)
    hidden = Feature("SECRET", "secret", use="never")
    facts = segment_facts(
        IDS,
        np.column_stack([segment_ids, X[:, 0]]),
        [hidden, CASH],
        segment_ids,
        distance=distance,
        margin=margin,
        borderline=margin < 0.1,
        jaccards={1: 0.9},
        seed=0,
    ).set_index("segment_id")
    assert facts.exemplars.to_dict() == {1: ["C11", "C10", "C9"], 3: ["C1", "C3", "C2"]}
    assert facts.borderline_customer.to_dict() == {1: "C11", 3: "C2"}
    assert facts.borderline_share.to_dict() == {1: 0.125, 3: 0.5}
    assert facts.jaccard[1] == 0.9
    assert np.isnan(facts.jaccard[3])
    assert not facts.rule.str.contains("secret").any()
    assert facts.rule_recall.between(0, 1).all()
