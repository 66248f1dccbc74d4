import json
from math import e

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analytics.model import Feature
from analytics.scaling import Scaler, fit_scaler

PLAIN = Feature("AGE", "age")
MONEY = Feature("PURCHASES", "purchases", "money", transform="log")
SHARE = Feature("FREQUENCY", "months with a purchase", "share")


def column(*values):
    return np.array([values], dtype=float).T


def test_standard_scaling_is_distance_from_the_mean_in_standard_deviations():
    scaler = fit_scaler(column(1, 3, 1, 3), [PLAIN], method="standard")
    assert scaler.transform(column(1, 3, 5)).ravel().tolist() == [-1, 1, 3]


def test_amounts_are_compared_on_a_log_scale_with_the_tails_out_of_the_estimate():
    # log1p gives 0 and 1; between the 0.5 % and 99.5 % quantiles that is .005 and .995
    scaler = fit_scaler(column(0, e - 1), [MONEY])
    assert scaler.mean[0] == pytest.approx(0.5)
    assert scaler.sd[0] == pytest.approx(0.495)
    assert scaler.transform(column(e - 1))[0, 0] == pytest.approx(0.5 / 0.495)


def test_standard_method_leaves_amounts_unlogged():
    scaler = fit_scaler(column(0, 10), [MONEY], method="standard")
    assert scaler.transform(column(5)).item() == 0


def test_one_huge_account_does_not_set_the_scale():
    usual = np.arange(1000.0).reshape(-1, 1)
    with_giant = np.append(usual, [[1e12]], axis=0)
    for feature in (PLAIN, MONEY):
        assert fit_scaler(with_giant, [feature]).sd == pytest.approx(
            fit_scaler(usual, [feature]).sd, rel=0.01
        )


def test_a_customer_in_credit_is_as_far_from_zero_as_one_in_debt():
    scaler = fit_scaler(column(-100, 0, 100), [MONEY])
    below, zero, above = scaler.transform(column(-100, 0, 100)).ravel()
    assert zero == 0
    assert below == -above


def test_unknown_counts_as_the_median():
    scaler = fit_scaler(column(1, 2, 9, np.nan), [PLAIN])
    assert scaler.transform(column(np.nan)) == scaler.transform(column(2))


def test_a_share_beyond_its_bounds_counts_as_the_bound():
    scaler = fit_scaler(column(0, 0.5, 1, 1.5), [SHARE])
    low, zero, one, high = scaler.transform(column(-0.5, 0, 1, 1.5)).ravel()
    assert (low, high) == (zero, one)


@pytest.mark.parametrize("values", [(7, 7, 7), (np.nan, np.nan, np.nan)])
@pytest.mark.parametrize("method", ["log", "standard"])
def test_a_column_without_variation_gets_weight_zero_and_moves_nobody(values, method):
    scaler = fit_scaler(column(*values), [PLAIN], method=method)
    assert scaler.weight.tolist() == [0]
    assert scaler.transform(column(7, 1000, np.nan)).ravel().tolist() == [0, 0, 0]
    assert np.isfinite(scaler.inverse(np.zeros((1, 1)))).all()


def test_weight_stretches_the_column():
    values = column(1, 2, 3, 4)
    heavy = fit_scaler(values, [Feature("AGE", "age", weight=2.0)]).transform(values)
    assert heavy == pytest.approx(2 * fit_scaler(values, [PLAIN]).transform(values))


def test_inverse_gives_back_original_units():
    values = np.array([[1200.0, 0.25, 40], [0, 1, 18], [-35, 0, 77]])
    scaler = fit_scaler(values, [MONEY, SHARE, Feature("AGE", "age", weight=0.5)])
    assert scaler.inverse(scaler.transform(values)) == pytest.approx(values, rel=1e-5, abs=1e-4)


def test_json_keeps_every_digit():
    rng = np.random.default_rng(1)
    values = rng.lognormal(size=(50, 3))
    scaler = fit_scaler(values, [MONEY, SHARE, PLAIN])
    text = json.dumps(scaler.to_dict(), allow_nan=False)
    again = Scaler.from_dict(json.loads(text))
    assert again.features == scaler.features
    assert np.array_equal(again.transform(values), scaler.transform(values))
    assert np.array_equal(again.inverse(np.ones((1, 3))), scaler.inverse(np.ones((1, 3))))


@given(
    values=arrays(
        float,
        st.tuples(st.integers(1, 30), st.just(3)),
        elements=st.floats(-1e7, 1e7) | st.just(np.nan),
    ),
    data=st.data(),
)
def test_the_order_of_rows_changes_nothing(values, data):
    order = data.draw(st.permutations(range(len(values))))
    one = fit_scaler(values, [MONEY, SHARE, PLAIN])
    other = fit_scaler(values[order], [MONEY, SHARE, PLAIN])
    assert one.to_dict() == other.to_dict()
    Z = one.transform(values)
    assert Z.dtype == np.float32
    assert np.isfinite(Z).all()
