"""The whole numeric core on real card data: published anchors, the choice of k, true names."""

import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

from analytics.catalogue import card_catalogue
from analytics.clustering import choose_k, explained, kmeans, silhouette, stability, zero_pattern
from analytics.model import Feature
from analytics.naming import name_segments
from analytics.profiles import profile_table
from analytics.rules import segment_rules
from analytics.scaling import fit_scaler

pytestmark = pytest.mark.shared

CARD = [feature for feature in card_catalogue() if feature.ratio_of is None]
CLUSTERED = [j for j, feature in enumerate(CARD) if feature.use == "cluster"]


@pytest.fixture(scope="module")
def values(shared):
    """The 8,950 customers x 17 features of the public card file."""
    frame = pd.read_csv(shared / "data" / "CC GENERAL.csv")
    frame.loc[frame.MINIMUM_PAYMENTS.isna() & (frame.PAYMENTS == 0), "MINIMUM_PAYMENTS"] = 0
    return frame[[feature.name for feature in CARD]].to_numpy(float)


@pytest.fixture(scope="module")
def Z(values):
    X = values[:, CLUSTERED]
    return fit_scaler(X, [CARD[j] for j in CLUSTERED]).transform(X)


@pytest.fixture(scope="module")
def choice(Z):
    return choose_k(Z, range(3, 9), seed=7)


def published(shared):
    """All 17 columns with the median where unknown, as the published analyses prepare them."""
    frame = pd.read_csv(shared / "data" / "CC GENERAL.csv").drop(columns="CUST_ID")
    return frame.fillna(frame.median()).to_numpy(), [Feature(name, name) for name in frame]


def test_published_figures_of_plain_standard_scaling(shared):
    X, features = published(shared)
    Z = fit_scaler(X, features, method="standard").transform(X)
    fit = kmeans(Z, 3, seed=7)
    assert fit.inertia == pytest.approx(111_974, rel=1e-4)
    assert silhouette(Z, fit.labels, seed=7) == pytest.approx(0.251, abs=1e-3)
    assert calinski_harabasz_score(Z, fit.labels) == pytest.approx(1605, abs=2)
    assert davies_bouldin_score(Z, fit.labels) == pytest.approx(1.597, abs=2e-3)


def test_published_figures_of_winsorised_logs(shared):
    X, features = published(shared)
    X = np.log1p(np.clip(X, *np.quantile(X, [0.01, 0.99], axis=0)))
    Z = fit_scaler(X, features, method="standard").transform(X)
    fit = kmeans(Z, 3, seed=7)
    assert fit.inertia == pytest.approx(94_416, rel=1e-4)
    assert silhouette(Z, fit.labels, seed=7) == pytest.approx(0.230, abs=1e-3)


def test_the_rule_chooses_six_segments_that_hold_up(choice):
    assert choice.k == 6
    assert [row.k for row in choice.table] == [3, 4, 5, 6, 7, 8]
    assert [row.passes for row in choice.table] == [True, True, True, True, False, False]
    chosen = choice.table[3]
    assert chosen.min_jaccard >= 0.9
    assert chosen.min_share >= 0.1
    assert choice.why == (
        "6 is the largest number of segments that holds up: every segment is found again when "
        "the customers are redrawn at random "
        f"(lowest overlap {100 * chosen.min_jaccard:.3g} %) and the "
        f"smallest holds {100 * chosen.min_share:.3g} % of customers."
    )


def test_the_choice_is_the_same_with_another_seed(Z, choice):
    assert choose_k(Z, [6, 7], seed=1234).k == choice.k


def test_plain_scaling_is_unstable_at_six(values):
    X = values[:, CLUSTERED]
    Z = fit_scaler(X, [CARD[j] for j in CLUSTERED], method="standard").transform(X)
    fit = kmeans(Z, 6, seed=7)
    assert stability(Z, fit, seed=7).min() < 0.75
    assert np.bincount(fit.labels).min() / len(Z) < 0.05


def test_the_fit_beats_the_rule_of_zero_columns(values, Z):
    fit = kmeans(Z, 6, seed=7)
    rule = explained(Z, zero_pattern(values, 6))
    assert explained(Z, fit.labels) > rule + 0.15


# What each word of a name claims, checked on medians and shares the naming itself does not use.
CLAIMS = {
    "cash": lambda own, base: (
        own["CASH_ADVANCE"].p25 > 0 and own["CASH_ADVANCE"].median > base["CASH_ADVANCE"].median
    ),
    "revolvers": lambda own, base: (
        own["PRC_FULL_PAYMENT"].median == 0 and own["BALANCE"].median > 0
    ),
    "advance revolvers": lambda own, base: own["PURCHASES"].median <= base["PURCHASES"].p25,
    "shopping": lambda own, base: own["PURCHASES"].median > base["PURCHASES"].median,
    "big spenders": lambda own, base: own["PURCHASES"].median > 2 * base["PURCHASES"].median,
    "instalment": lambda own, base: (
        own["INSTALLMENTS_PURCHASES"].median
        > max(base["INSTALLMENTS_PURCHASES"].median, own["ONEOFF_PURCHASES"].median)
    ),
    "one-off": lambda own, base: (
        own["ONEOFF_PURCHASES"].median
        > max(base["ONEOFF_PURCHASES"].median, own["INSTALLMENTS_PURCHASES"].median)
    ),
    "full payers": lambda own, base: own["PRC_FULL_PAYMENT"].median >= 0.5,
    "full-paying": lambda own, base: (
        own["PRC_FULL_PAYMENT"].median > base["PRC_FULL_PAYMENT"].median
    ),
    "dormant": lambda own, base: own["PURCHASES"].p75 == own["CASH_ADVANCE"].p75 == 0,
    "little-used": lambda own, base: (
        own["PURCHASES"].median < base["PURCHASES"].median and own["CASH_ADVANCE"].median == 0
    ),
    "without payments": lambda own, base: own["PAYMENTS"].p75 == 0,
    "high-balance": lambda own, base: own["BALANCE"].median > base["BALANCE"].median,
    "low-balance": lambda own, base: own["BALANCE"].median < base["BALANCE"].median,
    "high-limit": lambda own, base: own["CREDIT_LIMIT"].median > base["CREDIT_LIMIT"].median,
    "low-limit": lambda own, base: own["CREDIT_LIMIT"].median < base["CREDIT_LIMIT"].median,
}


def assert_names_are_true(profile):
    by_segment = {
        segment: {row.feature: row for row in rows.itertuples()}
        for segment, rows in profile.groupby("segment_id")
    }
    for segment, named in name_segments(profile, CARD).items():
        words = [word for word in CLAIMS if word in named.name.lower()]
        assert words, f"nothing checks {named.name!r}"
        for word in words:
            claim = CLAIMS[word](by_segment[segment], by_segment[0])
            assert claim, f"{named.name!r} is not true of segment {segment}: {word}"


@pytest.mark.parametrize("k", range(3, 9))
def test_every_word_of_a_name_is_true_of_its_segment(values, Z, k):
    assert_names_are_true(profile_table(values, kmeans(Z, k, seed=7).labels + 1, CARD))


@pytest.mark.parametrize("flavour", ["synthetic", "real"])
def test_names_are_true_of_other_panels(shared, tmp_path, flavour):
    bench = shared / "driftbench" / "driftbench.py"
    options = f"--flavour {flavour} --scenario none --n 4000 --seed 5 --weeks 2 --out {tmp_path}"
    subprocess.run([sys.executable, bench, "write", *options.split()], check=True)
    frame = pd.read_csv(tmp_path / "input" / "week_000.csv")
    values = frame[[feature.name for feature in CARD]].to_numpy(float)
    X = values[:, CLUSTERED]
    Z = fit_scaler(X, [CARD[j] for j in CLUSTERED]).transform(X)
    for k in (4, 6, 8):
        assert_names_are_true(profile_table(values, kmeans(Z, k, seed=7).labels + 1, CARD))


def test_names_and_descriptions_of_the_six_segments(values, Z):
    segment_ids = kmeans(Z, 6, seed=7).labels + 1
    profile = profile_table(values, segment_ids, CARD)
    named = {
        n.name: re.sub(r"[\d,.]*\d", "#", n.description)
        for n in name_segments(profile, CARD).values()
    }
    assert named == {
        "Cash-advance revolvers": "On average: cash advances $# against $# for everyone; "
        "purchases $# against $#; months paid in full # % against # %.",
        "Cash-and-shopping revolvers": "On average: cash advances $# against $# for everyone; "
        "purchases $# against $#; months paid in full # % against # %.",
        "Instalment shoppers": "On average: instalment purchases $# against $# for everyone; "
        "months with an instalment purchase # % against # %; cash advances $# against $#.",
        "One-off buyers": "On average: one-off purchases $# against $# for everyone; "
        "instalment purchases $# against $#; cash advances $# against $#.",
        "Big spenders": "On average: purchases $# against $# for everyone; "
        "one-off purchases $# against $#; instalment purchases $# against $#.",
        "Little-used cards": "On average: purchases $# against $# for everyone; "
        "cash advances $# against $#; minimum payments $# against $#.",
    }


def test_the_rules_find_their_segments(values, Z):
    segment_ids = kmeans(Z, 6, seed=7).labels + 1
    rules = segment_rules(values, segment_ids, CARD, seed=7)
    columns = {feature.label: values[:, j] for j, feature in enumerate(CARD)}
    for segment, rule in rules.items():
        meets = np.ones(len(values), dtype=bool)
        for label, bound in re.findall(
            r"(?:^|and )([^$\d]+?) (at zero|above zero|(?:over|up to) \S+(?: %)?)", rule.text
        ):
            column = np.where(
                np.isnan(columns[label]), np.nanmedian(columns[label]), columns[label]
            )
            number = re.sub(r"[^\d.]", "", bound)
            limit = float(number) / (100 if "%" in bound else 1) if number else 0.0
            meets &= (column > limit) == bound.startswith(("over", "above"))
        member = segment_ids == segment
        assert rule.precision == pytest.approx(member[meets].mean()), rule.text
        assert rule.recall == pytest.approx(meets[member].mean()), rule.text
        assert rule.precision > 3 * member.mean()
        assert rule.recall > 0.65


def test_any_companys_columns(shared):
    frame = pd.read_csv(shared / "data" / "BankChurners.csv")
    features = [
        Feature("Credit_Limit", "credit limit", "money", transform="log"),
        Feature("Total_Revolving_Bal", "revolving balance", "money", transform="log"),
        Feature("Total_Trans_Amt", "total transaction amount", "money", transform="log"),
        Feature("Total_Trans_Ct", "number of transactions", "count", transform="log"),
        Feature("Avg_Utilization_Ratio", "utilisation", "share"),
        Feature("Months_Inactive_12_mon", "months inactive", "months"),
        Feature("Total_Relationship_Count", "number of products", "count"),
    ]
    values = frame[[feature.name for feature in features]].to_numpy(float)
    Z = fit_scaler(values, features).transform(values)
    fit = kmeans(Z, 5, seed=7)
    profile = profile_table(values, fit.labels + 1, features)
    base = profile[profile.segment_id == 0].set_index("feature")
    labels = {feature.label.removeprefix("number of "): feature.name for feature in features}
    for segment, named in name_segments(profile, features).items():
        own = profile[profile.segment_id == segment].set_index("feature")
        for phrase in named.name.lower().split(", "):
            word, label = phrase.split(" ", 1)
            more = own["mean"][labels[label]] > base["mean"][labels[label]]
            assert more == (word in ("high", "many")), f"{named.name}: {phrase}"
            assert word != "no" or own["median"][labels[label]] == 0
