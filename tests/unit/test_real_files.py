"""The real data sets beside the checkout: understood, or refused with the right reason."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.catalogue import card_catalogue
from analytics.errors import DataRefused
from analytics.files.loading import LoadPlan, explain, plan_load

pytestmark = pytest.mark.shared

BANK_CHURNERS = {
    "Total_Trans_Amt": {"unit": "money"},
    "Total_Trans_Ct": {"unit": "count"},
    "Total_Revolving_Bal": {"unit": "money"},
    "Total_Relationship_Count": {"unit": "count", "transform": "none"},
    "Months_Inactive_12_mon": {"unit": "months", "label": "months inactive in the last 12"},
    "Contacts_Count_12_mon": {"unit": "count", "transform": "none"},
    "Total_Amt_Chng_Q4_Q1": {"unit": "ratio", "label": "amount, Q4 over Q1"},
    "Total_Ct_Chng_Q4_Q1": {"unit": "ratio", "label": "transactions, Q4 over Q1"},
    "Months_on_book": {"unit": "months", "use": "profile"},
    "Customer_Age": {"kind": "demographic"},
    "Gender": {"unit": "text", "kind": "demographic"},
    "Education_Level": {"unit": "text", "kind": "demographic"},
    "Marital_Status": {"unit": "text", "kind": "demographic"},
    "Income_Category": {"unit": "text", "kind": "demographic"},
    "Card_Category": {"unit": "text", "kind": "technographic"},
}


def plan(path: Path, **options: object) -> LoadPlan:
    settings = {"catalogue": card_catalogue(), "as_of": date(2026, 1, 5)} | options
    return plan_load(path, **settings)


def test_cc_general(shared):
    cards = plan(shared / "data" / "CC GENERAL.csv")
    table = pd.read_csv(shared / "data" / "CC GENERAL.csv")
    assert len(cards.frame) == 8950
    assert cards.frame["customer_id"].tolist() == table["CUST_ID"].tolist()
    for column in table.columns[1:]:
        expected = table[column]
        if column == "MINIMUM_PAYMENTS":
            expected = expected.where(table["PAYMENTS"] != 0, 0)
        np.testing.assert_array_equal(cards.frame[column.lower()], expected)
    assert cards.frame["minimum_payments"].isna().sum() == 313 - 240
    assert cards.quarantine.empty
    assert explain(cards) == [
        "CC GENERAL.csv: 8,950 rows, 8,950 customers as of 5 Jan 2026.",
        "16 features to make segments with, 2 more to describe them; computed: UTILISATION from "
        "BALANCE / CREDIT_LIMIT.",
        "240 missing MINIMUM_PAYMENTS values read as 0, because PAYMENTS is 0 there.",
        "Warning: CASH_ADVANCE_FREQUENCY is above 1 for 8 of 8,950 customers (at most 1.5); it is "
        "kept and counts as 1 when segments are made.",
    ]


def test_bank_churners_with_fifteen_lines_of_configuration(shared):
    catalogue = card_catalogue().extended(BANK_CHURNERS)
    bank = plan(shared / "data" / "BankChurners.csv", catalogue=catalogue)
    assert bank.kind == "features"
    assert bank.frame.shape == (10_127, 1 + 10)
    assert sum(feature.use == "cluster" for feature in bank.features) == 9
    assert bank.frame["customer_id"].str.fullmatch(r"\d{9}").all()
    assert bank.quarantine.empty
    assert bank.traits is not None
    assert [trait.name for trait in bank.trait_features] == [
        "Customer_Age",
        "Gender",
        "Education_Level",
        "Marital_Status",
        "Income_Category",
        "Card_Category",
    ]
    assert (bank.traits["education_level"] == "Unknown").sum() == 1519
    unused = [use.column for use in bank.columns if use.note == "output of another model"]
    assert len(unused) == 2
    assert all(name.startswith("Naive_Bayes") for name in unused)


def test_bank_churners_without_configuration_says_what_to_write(shared):
    with pytest.raises(DataRefused) as refusal:
        plan(shared / "data" / "BankChurners.csv")
    assert "one feature only (CREDIT_LIMIT), and two are needed" in refusal.value.what
    assert "[features." in refusal.value.next_step


def test_bank_churners_as_customers(shared):
    bank = plan(shared / "data" / "BankChurners.csv", kind="customers")
    kinds = {trait.name: trait.kind for trait in bank.trait_features}
    assert len(bank.frame) == 10_127
    assert kinds["marital_status"] == "demographic"
    assert kinds["total_trans_amt"] == "behavioural"
    assert not any("bayes" in name for name in kinds)


def test_demographics_of_households_as_customers(shared):
    homes = plan(shared / "data" / "completejourney" / "demographics.parquet", kind="customers")
    assert homes.traits is not None
    assert homes.traits.shape == (801, 8)
    assert homes.frame["customer_id"].str.fullmatch(r"\d+").all()
    assert homes.traits["home_ownership"].isna().sum() == 233


def test_birth_numbers_of_bank_clients_stay_in_the_file(shared):
    clients = plan(shared / "data" / "berka" / "client.asc", kind="customers")
    assert {use.column: use.role for use in clients.columns} == {
        "client_id": "id",
        "birth_number": "private",
        "district_id": "trait",
    }


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("CDNOW_master.txt.gz", "lined up with blanks (fixed width). Save it with a comma or tab"),
        ("anz_transactions.csv.gz", "12,043 rows, but only 100 different values of customer_id"),
        ("bank-additional-full.reduced.csv.gz", "no column named like a customer id"),
        ("online_retail.parquet", "only 4,372 different values of CustomerID"),
        ("berka/account.asc", "none of the known features, and two are needed"),
        ("berka/card.asc", "Columns without a repeated value: card_id, disp_id"),
        ("berka/disp.asc", "none of the known features, and two are needed"),
        ("berka/district.asc", "no column named like a customer id"),
        ("berka/loan.asc", "one feature only (PAYMENTS), and two are needed"),
        ("berka/order.asc", "none of the known features, and two are needed"),
        ("berka/trans_354_accounts.csv.gz", "only 354 different values of account_id"),
        ("completejourney/transactions.parquet", "2,469 different values of household_id"),
        ("completejourney/products.parquet", "Columns without a repeated value: product_id"),
        ("README.md", "one column only"),
    ],
)
def test_files_that_are_no_feature_files_are_refused_with_the_reason(shared, file, says):
    with pytest.raises(DataRefused) as refusal:
        plan(shared / "data" / file)
    assert says in str(refusal.value)
    assert refusal.value.next_step


def test_damaged_copies_of_cc_general(shared, tmp_path):
    original = shared / "data" / "CC GENERAL.csv"
    first = original.read_bytes().split(b"\r\n")[1]
    damaged = tmp_path / "damaged.csv"

    damaged.write_bytes(original.read_bytes()[:500_100])
    with pytest.raises(DataRefused, match="cut off"):
        plan(damaged)

    damaged.write_bytes(original.read_bytes() * 2)
    doubled = plan(damaged)
    assert doubled.content_hash == plan(original).content_hash
    assert doubled.quarantine["file_row"].tolist() == [8952]  # the second header
    assert "8,950 rows are copies of an earlier row, the first in row 8,953" in doubled.notes[1]

    damaged.write_bytes(original.read_bytes() + first + b"\r\n")
    assert "1 row is a copy of an earlier row" in " ".join(explain(plan(damaged)))

    damaged.write_bytes(original.read_bytes() + first.replace(b",1000,", b",2000,") + b"\r\n")
    conflict = plan(damaged)
    assert len(conflict.frame) == 8949
    assert conflict.quarantine["file_row"].tolist() == [2, 8952]

    damaged.write_bytes(original.read_bytes().replace(b",12\r\n", b",twelve\r\n"))
    with pytest.raises(
        DataRefused, match=r"7,584 x not a number in TENURE.*row 2, TENURE: 'twelve'"
    ):
        plan(damaged)
