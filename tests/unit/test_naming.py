from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analytics.catalogue import card_catalogue
from analytics.model import Feature
from analytics.naming import amount, name_segments
from analytics.profiles import profile_table

CARD = [feature for feature in card_catalogue() if feature.ratio_of is None]
USUAL = {
    "BALANCE": 1500,
    "BALANCE_FREQUENCY": 0.9,
    "PURCHASES": 800,
    "ONEOFF_PURCHASES": 400,
    "INSTALLMENTS_PURCHASES": 400,
    "CASH_ADVANCE": 0,
    "PURCHASES_FREQUENCY": 0.5,
    "ONEOFF_PURCHASES_FREQUENCY": 0.3,
    "PURCHASES_INSTALLMENTS_FREQUENCY": 0.3,
    "CASH_ADVANCE_FREQUENCY": 0,
    "CASH_ADVANCE_TRX": 0,
    "PURCHASES_TRX": 12,
    "CREDIT_LIMIT": 4000,
    "PAYMENTS": 1500,
    "MINIMUM_PAYMENTS": 300,
    "PRC_FULL_PAYMENT": 0.2,
    "TENURE": 12,
}
CASH = {"CASH_ADVANCE": 3000, "CASH_ADVANCE_FREQUENCY": 0.4, "CASH_ADVANCE_TRX": 9}
NO_PURCHASES = dict.fromkeys(
    [feature.name for feature in CARD if feature.name.startswith(("PURCHASES", "ONEOFF", "INST"))],
    0,
)


def card_profile(*kinds):
    """The profile of 30 customers of each kind: USUAL with the kind's values, a little spread."""
    rng = np.random.default_rng(0)
    rows = []
    for kind in kinds:
        typical = np.array([(USUAL | kind)[feature.name] for feature in CARD], dtype=float)
        rows.append(typical * rng.uniform(0.8, 1.2, size=(30, len(CARD))))
    return profile_table(np.vstack(rows), np.repeat(np.arange(1, len(kinds) + 1), 30), CARD)


def names_of(profile, features=CARD, known=None):
    return {s: named.name for s, named in name_segments(profile, features, known).items()}


def test_card_segments_are_named_in_the_words_of_the_trade():
    profile = card_profile(
        CASH | NO_PURCHASES | {"PRC_FULL_PAYMENT": 0.01, "BALANCE": 4000},
        CASH | {"PRC_FULL_PAYMENT": 0.01, "BALANCE": 4000},
        {"PURCHASES": 5000, "ONEOFF_PURCHASES": 3000, "INSTALLMENTS_PURCHASES": 2000},
        {"ONEOFF_PURCHASES": 30, "INSTALLMENTS_PURCHASES": 770},
        {"ONEOFF_PURCHASES": 780, "INSTALLMENTS_PURCHASES": 0},
        {"PRC_FULL_PAYMENT": 0.9, "BALANCE": 50},
        NO_PURCHASES | {"BALANCE": 10},
        {"PAYMENTS": 0, "MINIMUM_PAYMENTS": 0, "PURCHASES": 300, "ONEOFF_PURCHASES": 100},
    )
    assert list(names_of(profile).values()) == [
        "Cash-advance revolvers",
        "Cash-and-shopping revolvers",
        "Big spenders",
        "Instalment shoppers",
        "One-off buyers",
        "Full payers",
        "Dormant cards",
        "Cards without payments",
    ]


def test_a_description_gives_the_numbers_behind_the_name_first():
    profile = card_profile(CASH | NO_PURCHASES | {"PRC_FULL_PAYMENT": 0.01}, {}, {})
    mean = profile.set_index(["segment_id", "feature"])["mean"]
    cash, all_cash = mean[1, "CASH_ADVANCE"], mean[0, "CASH_ADVANCE"]
    purchases = mean[0, "PURCHASES"]
    assert name_segments(profile, CARD)[1].description == (
        f"On average: cash advances ${cash:,.0f} against ${all_cash:,.0f} for everyone; "
        f"purchases $0 against ${purchases:,.0f}; months paid in full 1 % against 14 %."
    )
    pounds = name_segments(profile, CARD, currency="£")[1].description
    assert f"cash advances £{cash:,.0f}" in pounds


def test_segments_that_share_a_name_are_told_apart_by_what_differs():
    cash_only = CASH | NO_PURCHASES | {"PRC_FULL_PAYMENT": 0.01}
    profile = card_profile(
        cash_only | {"BALANCE": 9000, "CREDIT_LIMIT": 9000},
        cash_only | {"BALANCE": 600, "CREDIT_LIMIT": 900},
        {},
        {},
    )
    names = names_of(profile)
    assert names[1] == "High-balance cash-advance revolvers"
    assert names[2] == "Low-balance cash-advance revolvers"


BANK = [
    Feature("Total_Trans_Amt", "total transaction amount", "money"),
    Feature("Total_Trans_Ct", "number of transactions", "count"),
    Feature("Avg_Utilization_Ratio", "utilisation", "share"),
    Feature("Months_Inactive", "months inactive", "months"),
]


def bank_profile(*rows):
    rng = np.random.default_rng(0)
    values = np.vstack([np.array(row) * rng.uniform(0.9, 1.1, size=(30, 4)) for row in rows])
    return profile_table(values, np.repeat(np.arange(1, len(rows) + 1), 30), BANK)


def test_other_companies_columns_are_named_by_what_is_high_and_low():
    profile = bank_profile([12000, 90, 0.1, 2], [4000, 60, 0.0, 2], [4000, 30, 0.7, 4])
    assert names_of(profile, BANK) == {
        1: "High total transaction amount, many transactions",
        2: "No utilisation, low total transaction amount",
        3: "Few transactions, high utilisation",
    }


def test_a_segment_like_everyone_is_average():
    profile = profile_table(
        np.tile(np.arange(10.0), 4).reshape(-1, 1), np.repeat([1, 2], 20), BANK[:1]
    )
    named = name_segments(profile, BANK[:1])
    assert named[1].name == "Average customers"
    assert named[1].description == "Close to the average in everything."
    assert named[2].name == "Average customers, group 2"


def test_known_names_are_kept_by_their_segment_and_taken_for_the_others():
    profile = card_profile(
        CASH | NO_PURCHASES | {"PRC_FULL_PAYMENT": 0.01}, {}, {"PURCHASES": 9000}
    )
    fresh = names_of(profile)
    names = names_of(profile, known={2: "Our darlings", 9: fresh[1].upper(), 10: fresh[3]})
    assert names[2] == "Our darlings"
    assert names[1].casefold() != fresh[1].casefold()
    assert names[3] != fresh[3]
    assert name_segments(profile, CARD, {2: "Our darlings"})[2].description.startswith("On average")


def test_only_features_given_and_profiled_are_spoken_of():
    profile = bank_profile([12000, 90, 0.1, 2], [4000, 60, 0.0, 2])
    for named in name_segments(profile, [*BANK[3:], *CARD]).values():
        assert "transaction" not in f"{named.name} {named.description}"


def test_the_order_of_the_profile_does_not_matter():
    profile = card_profile(CASH, {}, NO_PURCHASES, {"PURCHASES": 9000})
    shuffled = profile.sample(frac=1, random_state=1)
    assert name_segments(profile, CARD) == name_segments(shuffled, CARD)


def test_labels_are_the_companys_own():
    renamed = [replace(feature, label=feature.label.upper()) for feature in BANK]
    profile = bank_profile([12000, 90, 0.1, 2], [4000, 60, 0.0, 2], [4000, 30, 0.7, 4])
    assert names_of(profile, renamed)[3] == "Low NUMBER OF TRANSACTIONS, high UTILISATION"


@example(seed=8191, k=2)
@given(st.integers(0, 10_000), st.integers(1, 9))
def test_names_are_unique_and_never_empty(seed, k):
    rng = np.random.default_rng(seed)
    values = rng.lognormal(3, 2, size=(60, len(CARD))) * (rng.random((60, len(CARD))) < 0.6)
    profile = profile_table(values, 1 + np.arange(60) % k, CARD)
    known = {100 + i: name for i, name in enumerate(names_of(profile).values())}
    for names in (names_of(profile), names_of(profile, known=known) | known):
        folded = [name.casefold() for name in names.values()]
        assert len(set(folded)) == len(folded)
        assert all(names.values())


def test_a_profile_without_a_value_is_still_named():
    values = np.full((4, 4), np.nan)
    profile = profile_table(values, np.array([1, 1, 2, 2]), BANK)
    assert set(names_of(profile, BANK)) == {1, 2}


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1204.4, "money", "$1,204"),
        (-12, "money", "-$12"),
        (9.5, "money", "$9.50"),
        (0, "money", "$0"),
        (-0.001, "money", "$0"),
        (0.123, "share", "12 %"),
        (0.004, "share", "0.4 %"),
        (0.0001, "share", "0 %"),
        (1, "share", "100 %"),
        (3.25, "count", "3.25"),
        (12, "count", "12"),
        (12.34, "count", "12.3"),
        (1234567, "count", "1,234,567"),
        (0.0042, "ratio", "0.0042"),
        (0, "number", "0"),
        (-2.5, "number", "-2.5"),
    ],
)
def test_amounts_read_as_people_write_them(value, unit, text):
    assert amount(value, unit) == text
