"""Made-up customers look like card customers, hold a known truth, and are made again the same."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from analytics.catalogue import CARD_FEATURES
from analytics.clustering import choose_k, kmeans
from analytics.errors import WrongUsage
from analytics.scaling import fit_scaler
from analytics.synthetic.archetypes import LATENTS
from analytics.synthetic.cards import CARD_COLUMNS, card_frame
from analytics.synthetic.panel import (
    TRAIT_KINDS,
    PlantedChange,
    SynthPlan,
    customers,
    truth,
    weeks,
    write,
)

# Share of zeros, median and mean of each column of the public card file (8,950 customers).
PUBLISHED = pd.DataFrame(
    {
        "BALANCE": (0.0089, 873.385, 1564.47),
        "BALANCE_FREQUENCY": (0.0089, 1, 0.877271),
        "PURCHASES": (0.2284, 361.28, 1003.2),
        "ONEOFF_PURCHASES": (0.4807, 38, 592.437),
        "INSTALLMENTS_PURCHASES": (0.4375, 89, 411.068),
        "CASH_ADVANCE": (0.5171, 0, 978.871),
        "PURCHASES_FREQUENCY": (0.2283, 0.5, 0.490351),
        "ONEOFF_PURCHASES_FREQUENCY": (0.4807, 0.083333, 0.202458),
        "PURCHASES_INSTALLMENTS_FREQUENCY": (0.4374, 0.166667, 0.364437),
        "CASH_ADVANCE_FREQUENCY": (0.5171, 0, 0.135144),
        "CASH_ADVANCE_TRX": (0.5171, 0, 3.24883),
        "PURCHASES_TRX": (0.2284, 7, 14.7098),
        "CREDIT_LIMIT": (0, 3000, 4494.45),
        "PAYMENTS": (0.0268, 856.902, 1733.14),
        "MINIMUM_PAYMENTS": (0, 312.344, 864.207),
        "PRC_FULL_PAYMENT": (0.6596, 0, 0.153715),
        "TENURE": (0, 12, 11.5173),
    },
    index=["zeros", "median", "mean"],
).T


@pytest.fixture(scope="module")
def panel() -> list[pd.DataFrame]:
    return [frame for _, frame in weeks(SynthPlan())]


@pytest.fixture(scope="module")
def known() -> dict:
    return truth(SynthPlan())


def matrix(frame: pd.DataFrame) -> np.ndarray:
    """Scaled as a fit scales them: nothing due where nothing was paid."""
    features = [f for f in CARD_FEATURES if f.use == "cluster"]
    nothing_due = frame.MINIMUM_PAYMENTS.mask(frame.PAYMENTS == 0, 0)
    raw = frame.assign(MINIMUM_PAYMENTS=nothing_due)[[f.name for f in features]].to_numpy(float)
    return fit_scaler(raw, features).transform(raw)


def archetypes(frame: pd.DataFrame, known: dict) -> pd.Series:
    """The archetype of each customer of the first week's file."""
    return frame.CUST_ID.map(known["customers"])


# --- one customer


def test_a_customer_worked_out_by_hand():
    habits = dict.fromkeys(LATENTS, 0.0) | {
        "oneoff_months": 0.52,  # of 12 months: 6.24, so 6
        "instalment_months": -0.30,  # none
        "cash_months": 1.70,  # all 12
        "oneoff_amount": np.log(50),
        "cash_amount": np.log(100),
        "purchase_rate": np.log(2),
        "advance_rate": -1.0,  # one a month
        "balance": np.log(10),
        "balance_months": 0.50,  # of 11: 5.5, so 6 (halves go to the even number)
        "limit": np.log(2_260),  # to the nearest 500
        "payments": np.log(30),
        "minimum": np.log(20),
        "full_months": 0.25,
        "silence": 1.0,
    }
    latent = np.array([[habits[name] for name in LATENTS]])
    row = card_frame(latent, np.array([12]), np.array([[0.5, 0.5]])).iloc[0]
    assert row.to_dict() == {
        "BALANCE": pytest.approx(10, rel=1e-4),
        "BALANCE_FREQUENCY": 0.545455,
        "PURCHASES": 300,
        "ONEOFF_PURCHASES": 300,
        "INSTALLMENTS_PURCHASES": 0,
        "CASH_ADVANCE": 1200,
        "PURCHASES_FREQUENCY": 0.5,
        "ONEOFF_PURCHASES_FREQUENCY": 0.5,
        "PURCHASES_INSTALLMENTS_FREQUENCY": 0,
        "CASH_ADVANCE_FREQUENCY": 1,
        "CASH_ADVANCE_TRX": 12,
        "PURCHASES_TRX": 12,
        "CREDIT_LIMIT": 2500,
        "PAYMENTS": 360,
        "MINIMUM_PAYMENTS": 20,
        "PRC_FULL_PAYMENT": 0.25,
        "TENURE": 12,
    }


# --- every file


@settings(max_examples=15)
@given(seed=st.integers(0, 10_000), size=st.integers(1, 600))
def test_every_file_keeps_the_identities_of_card_data(seed, size):
    for _, frame in weeks(SynthPlan(customers=size, weeks=2, seed=seed)):
        assert list(frame) == ["CUST_ID", *CARD_COLUMNS]
        assert frame.CUST_ID.is_unique
        assert (frame.drop(columns=["CUST_ID", "MINIMUM_PAYMENTS"]).min() >= 0).all()
        months = frame.TENURE
        assert months.between(6, 12).all()

        parts = frame.ONEOFF_PURCHASES + frame.INSTALLMENTS_PURCHASES
        cents = (100 * frame[["PURCHASES", "ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES"]]).round(6)
        assert (parts.round(2) == frame.PURCHASES).all()
        assert (cents == cents.round()).all(axis=None)

        def whole(share, of):
            return np.allclose(share * of, (share * of).round(), atol=1e-5)

        for frequency, amount in (
            ("ONEOFF_PURCHASES_FREQUENCY", "ONEOFF_PURCHASES"),
            ("PURCHASES_INSTALLMENTS_FREQUENCY", "INSTALLMENTS_PURCHASES"),
            ("PURCHASES_FREQUENCY", "PURCHASES"),
            ("CASH_ADVANCE_FREQUENCY", "CASH_ADVANCE"),
        ):
            assert frame[frequency].between(0, 1).all()
            assert whole(frame[frequency], months)
            assert ((frame[frequency] > 0) == (frame[amount] > 0)).all()
        for frequency, count in (
            ("PURCHASES_FREQUENCY", "PURCHASES_TRX"),
            ("CASH_ADVANCE_FREQUENCY", "CASH_ADVANCE_TRX"),
        ):
            assert (frame[count] >= (frame[frequency] * months).round()).all()
            assert ((frame[frequency] > 0) == (frame[count] > 0)).all()
        separate = ["ONEOFF_PURCHASES_FREQUENCY", "PURCHASES_INSTALLMENTS_FREQUENCY"]
        assert (frame[separate].max(axis=1) <= frame.PURCHASES_FREQUENCY).all()
        assert (frame[separate].sum(axis=1) + 1e-5 >= frame.PURCHASES_FREQUENCY).all()

        assert whole(frame.BALANCE_FREQUENCY, months.where(months < 12, 11))
        assert ((frame.BALANCE > 0) == (frame.BALANCE_FREQUENCY > 0)).all()
        assert (frame.CREDIT_LIMIT % 100 == 0).all()
        assert frame.CREDIT_LIMIT.between(500, 30_000).all()
        unpaid = frame.PAYMENTS == 0
        assert frame.MINIMUM_PAYMENTS[unpaid].isna().all()
        assert (frame.PRC_FULL_PAYMENT[unpaid] == 0).all()
        assert ((frame.PURCHASES > 0) | (frame.CASH_ADVANCE > 0)).all()


def test_minimum_payments_lack_for_a_few_who_paid(panel):
    paid = panel[0][panel[0].PAYMENTS > 0]
    assert 0.005 < paid.MINIMUM_PAYMENTS.isna().mean() < 0.012


def test_months_on_book_are_twelve_for_85_percent_and_never_go_back(panel):
    assert (panel[0].TENURE == 12).mean() == pytest.approx(0.85, abs=0.01)
    first, last = (frame.set_index("CUST_ID").TENURE for frame in (panel[0], panel[-1]))
    growth = (last - first).dropna()
    assert growth.min() == 0
    assert growth.max() == 3  # nine weeks reach into a third month for a few


# --- against the real card file


@pytest.mark.parametrize("size", [9_000, 50_000])
def test_zeros_medians_and_means_are_those_of_the_card_file(size):
    frame = next(weeks(SynthPlan(customers=size)))[1][CARD_COLUMNS]
    zeros = (frame == 0).mean()
    assert (zeros - PUBLISHED.zeros).abs().max() < 0.03
    assert frame.median().to_numpy() == pytest.approx(PUBLISHED["median"].to_numpy(), rel=0.15)
    assert frame.mean().to_numpy() == pytest.approx(PUBLISHED["mean"].to_numpy(), rel=0.20)


@pytest.mark.shared
@pytest.mark.parametrize("week", [0, 7])
def test_columns_go_together_as_in_the_card_file(shared: Path, panel, week):
    real = pd.read_csv(shared / "data" / "CC GENERAL.csv")[CARD_COLUMNS].corr("spearman")
    made = panel[week][CARD_COLUMNS].corr("spearman")
    error = (made - real).abs().to_numpy()[np.triu_indices(17, 1)]
    strong = real.abs().to_numpy()[np.triu_indices(17, 1)] >= 0.2
    assert error[strong].max() < 0.10
    assert error.mean() < 0.03


@pytest.mark.shared
def test_no_row_of_the_card_file_is_in_it(shared: Path, panel):
    real = pd.read_csv(shared / "data" / "CC GENERAL.csv")
    assert not set(real.BALANCE[real.BALANCE > 0]) & set(panel[0].BALANCE)


# --- segments


def test_a_fit_finds_the_six_archetypes_and_no_seventh(panel, known):
    Z = matrix(panel[0])
    choice = choose_k(Z, (6, 7, 8), seed=0)
    assert choice.k == 6
    assert choice.table[0].min_jaccard >= 0.85
    found = kmeans(Z, 6, seed=0).labels
    assert adjusted_rand_score(archetypes(panel[0], known), found) >= 0.6


# --- week after week


def test_a_week_nearly_repeats_the_week_before(panel):
    before, after = (frame.set_index("CUST_ID") for frame in panel[:2])
    both = before.index.intersection(after.index)
    assert len(both) / len(before) == pytest.approx(0.996, abs=0.003)
    assert len(after.index.difference(before.index)) / len(after) == pytest.approx(0.004, abs=0.003)
    for feature in ("BALANCE", "PURCHASES", "CASH_ADVANCE", "PAYMENTS"):
        x, y = before.loc[both, feature], after.loc[both, feature]
        assert x.corr(y, method="spearman") > 0.97
        assert not x.equals(y)
        active = (x > 0) & (y > 0)
        assert np.log(y[active] / x[active]).median() == pytest.approx(0, abs=0.04)


def test_someone_who_left_does_not_come_back(panel):
    present = pd.DataFrame({i: frame.set_index("CUST_ID").TENURE for i, frame in enumerate(panel)})
    comes_and_goes = present.notna().astype(int).diff(axis=1).abs().sum(axis=1)
    assert comes_and_goes.max() <= 2
    assert (comes_and_goes[present[0].notna()] <= 1).all()


def test_the_same_plan_is_made_again_the_same():
    small = SynthPlan(customers=200, weeks=3, seed=5)
    other = SynthPlan(customers=200, weeks=3, seed=6)
    for (_, frame), (_, again), (_, different) in zip(
        weeks(small), weeks(small), weeks(other), strict=True
    ):
        pd.testing.assert_frame_equal(frame, again)
        assert not frame.BALANCE.equals(different.BALANCE)
    pd.testing.assert_frame_equal(customers(small), customers(small))


# --- planted changes


def changed(change: PlantedChange, week: int) -> tuple[pd.DataFrame, pd.DataFrame, dict]:
    """A week's file without and with a change, and the truth of the latter."""
    quiet, story = (SynthPlan(customers=3_000, weeks=4, changes=c) for c in ((), (change,)))
    without, with_it = (list(weeks(plan))[week - 1][1] for plan in (quiet, story))
    return without.set_index("CUST_ID"), with_it.set_index("CUST_ID"), truth(story)


def now(known: dict) -> pd.Series:
    """Each customer's archetype after all moves."""
    last = dict(known["customers"])
    for move in known["moves"]:
        last[move["customer"]] = move["to"]
    return pd.Series(last)


def test_a_transition_moves_its_share_and_nobody_else():
    change = PlantedChange(3, "transition", "one-off buyers", 0.10, "near-dormant")
    before, same, _ = changed(change, week=2)
    pd.testing.assert_frame_equal(before, same)
    without, with_it, known = changed(change, week=3)
    differs = (without != with_it).drop(columns="MINIMUM_PAYMENTS").any(axis=1)
    planted = [
        m["customer"]
        for m in known["moves"]
        if (m["week"], m["from"], m["to"]) == (3, "one-off buyers", "near-dormant")
    ]
    assert set(differs.index[differs]) <= set(planted)
    assert differs.sum() == pytest.approx(0.10 * 0.16 * 3_000, abs=3)
    assert with_it.BALANCE[differs].median() < without.BALANCE[differs].median() / 3
    assert (with_it.CREDIT_LIMIT == without.CREDIT_LIMIT).all()  # the bank's decision, not theirs


def test_a_raised_feature_is_higher_by_exactly_so_much_from_then_on():
    change = PlantedChange(3, "feature", "mixed revolvers", 0.30, feature="CASH_ADVANCE")
    before, same, _ = changed(change, week=2)
    pd.testing.assert_frame_equal(before, same)
    without, with_it, known = changed(change, week=4)
    rest = [column for column in without if column != "CASH_ADVANCE"]
    pd.testing.assert_frame_equal(without[rest], with_it[rest])
    drawing = without.CASH_ADVANCE > 0
    ratio = (with_it.CASH_ADVANCE / without.CASH_ADVANCE)[drawing]
    is_mixed = now(known)[ratio.index] == "mixed revolvers"
    assert ratio[is_mixed].to_numpy() == pytest.approx(1.30, rel=1e-4)
    assert (ratio[~is_mixed] == 1).all()


def test_a_unit_error_is_in_one_file_only():
    change = PlantedChange(3, "data_quality", None, 100, feature="PAYMENTS")
    without, with_it, _ = changed(change, week=3)
    assert with_it.PAYMENTS.to_numpy() == pytest.approx(100 * without.PAYMENTS.to_numpy())
    after, same, _ = changed(change, week=4)
    pd.testing.assert_frame_equal(after, same)


def test_the_default_story_is_told_in_plain_sentences(known):
    assert [(c["as_of"], c["what"]) for c in known["changes"]] == [
        (
            "2026-11-09",
            "In week 9, 6 % of the instalment shoppers become cash-advance revolvers.",
        ),
        ("2026-11-16", "From week 10 on, cash advances of the mixed revolvers are 30 % higher."),
    ]


def test_a_fall_and_a_unit_error_are_told_in_plain_sentences():
    fall = PlantedChange(5, "feature", "big spenders", -0.25, feature="PURCHASES")
    assert fall.what == "From week 5 on, purchases of the big spenders are 25 % lower."
    error = PlantedChange(6, "data_quality", None, 100, feature="PAYMENTS")
    assert error.what == "In week 6, the file gives everyone's payments 100 times too large."


def test_a_change_that_cannot_be_planted_says_what_can():
    with pytest.raises(WrongUsage, match=r"no made-up segment 'champions'.*near-dormant"):
        PlantedChange(3, "transition", "champions", 0.1, "near-dormant")
    with pytest.raises(WrongUsage, match=r"cannot move 'TENURE'.*CASH_ADVANCE"):
        PlantedChange(3, "feature", "near-dormant", 0.1, feature="TENURE")
    with pytest.raises(WrongUsage, match=r"not 0 and 10"):
        SynthPlan(customers=0)


# --- traits


def test_traits_cover_everyone_and_all_five_kinds(panel):
    traits = customers(SynthPlan())
    assert list(traits) == ["CUST_ID", *TRAIT_KINDS]
    assert traits.CUST_ID.is_unique
    assert traits.notna().all(axis=None)
    assert set(traits.CUST_ID) >= set().union(*(frame.CUST_ID for frame in panel))
    assert {trait.kind for trait in TRAIT_KINDS.values()} == {
        "demographic",
        "geographic",
        "technographic",
        "psychographic",
        "behavioural",
    }
    assert {(trait.unit, trait.use) for trait in TRAIT_KINDS.values()} == {("text", "profile")}


def test_traits_differ_between_archetypes_but_do_not_give_them_away(known):
    traits = customers(SynthPlan()).assign(archetype=lambda t: t.CUST_ID.map(known["customers"]))
    shares = pd.crosstab(traits.archetype, traits.MAIN_CHANNEL, normalize="index")
    assert shares.branch["near-dormant"] > 3 * shares.branch["big spenders"]
    for trait in TRAIT_KINDS:
        counts = pd.crosstab(traits.archetype, traits[trait])
        assert counts.min(axis=None) > 0
        guess = counts.max().sum() / len(traits)
        assert guess < 0.40  # the largest archetype alone is 24 %


# --- files


def test_files_hold_the_panel_the_traits_and_the_truth(tmp_path):
    plan = SynthPlan(customers=300, weeks=2, start=date(2027, 1, 4), seed=3)
    said = []
    paths = write(plan, tmp_path / "new", progress=said.append)
    assert [path.name for path in paths] == [
        "cards_2027-01-04.csv",
        "cards_2027-01-11.csv",
        "customers.csv",
        "truth.json",
    ]
    assert said == [
        "Writing week 1 of 2: 300 customers on 04 Jan 2027",
        f"Writing week 2 of 2: {len(pd.read_csv(paths[1]))} customers on 11 Jan 2027",
    ]
    for path, (_, frame) in zip(paths, weeks(plan), strict=False):
        back = pd.read_csv(path)
        pd.testing.assert_frame_equal(back, frame, check_dtype=False)
        assert "e-" not in path.read_text()
    pd.testing.assert_frame_equal(pd.read_csv(paths[2]), customers(plan), check_dtype=False)
    assert json.loads(paths[3].read_text()) == truth(plan)
