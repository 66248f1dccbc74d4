"""Which rows are set aside, which files are refused, what is warned of."""

import numpy as np
import pytest

from analytics.catalogue import Catalogue, card_catalogue
from analytics.errors import DataRefused
from analytics.files.cells import read_numbers
from analytics.files.quality import Checked, QualityLimits, check_rows, feature_warnings
from analytics.files.recognise import recognise
from analytics.files.tabular import read_table

CARDS = card_catalogue()
GENEROUS = QualityLimits(max_bad_share=1)


@pytest.fixture
def check(tmp_path):
    def check(text: str, limits: QualityLimits = GENEROUS, catalogue: Catalogue = CARDS) -> Checked:
        (tmp_path / "file.csv").write_text(text)
        raw = read_table(tmp_path / "file.csv")
        understood = recognise(raw, catalogue, kind=None, id_column=None, mapping={})
        columns = {use.column: raw.columns[use.column] for use in understood.with_role("feature")}
        ids = raw.columns["CUST_ID"]
        return check_rows(raw, ids, understood, read_numbers(columns), limits)

    return check


def rows(checked: Checked) -> list[tuple[object, ...]]:
    table = checked.quarantine.astype(object).where(checked.quarantine.notna(), None)
    return list(table.itertuples(index=False, name=None))


def test_each_bad_row_is_set_aside_with_its_row_column_value_and_reason(check):
    checked = check(
        "CUST_ID,BALANCE,PURCHASES_TRX,PRC_FULL_PAYMENT\n"
        "C1,1,2,0.5\n"
        "C2,abc,2,0.5\n"
        "C3,-1,2,0.5\n"
        "C4,1,-2,0.5\n"
        "C5,1,2,-0.5\n"
        ",1,2,0.5\n"
        "C7,1\n"
        "C8,x@example.com,2,0.5\n"
        "C9,,,\n"
        "C10,1,2,1.5\n"
    )
    assert rows(checked) == [
        (3, "BALANCE", "abc", "not a number"),
        (4, "BALANCE", "-1", "an amount below 0"),
        (5, "PURCHASES_TRX", "-2", "a count below 0"),
        (6, "PRC_FULL_PAYMENT", "-0.5", "a share below 0"),
        (7, "CUST_ID", "", "no customer id"),
        (8, None, None, "2 cells instead of 4"),
        (9, "BALANCE", "(hidden: looks like e-mail addresses)", "not a number"),
    ]
    kept = [True, False, False, False, False, False, False, True, True]
    assert checked.keep.tolist() == kept


def test_a_row_with_two_faults_is_set_aside_once(check):
    checked = check("CUST_ID,BALANCE,PAYMENTS\nC1,1,1\nC2,x,y\n")
    assert rows(checked) == [(3, "BALANCE", "x", "not a number")]


def test_of_identical_rows_one_is_kept_and_of_different_ones_none(check):
    checked = check(
        "CUST_ID,BALANCE,PAYMENTS\nC1,1,1\nC2,2,2\nC2,2,2\nC3,3,3\nC3,3,4\nC4,4,4\nC3,3,3\n"
    )
    assert checked.keep.tolist() == [True, True, False, False, False, True, False]
    assert checked.copies.tolist() == [4]
    assert [entry[:3] for entry in rows(checked)] == [
        (5, "CUST_ID", "C3"),
        (6, "CUST_ID", "C3"),
        (8, "CUST_ID", "C3"),
    ]


def test_a_bad_row_does_not_spoil_the_good_row_of_the_same_customer(check):
    checked = check("CUST_ID,BALANCE,PAYMENTS\nC1,1,1\nC1,x,1\n")
    assert checked.keep.tolist() == [True, False]


@pytest.mark.parametrize(
    ("rows", "allowed"), [(5, 0), (19, 1), (50, 5), (100, 10), (500, 10), (1_000, 20), (8_950, 179)]
)
def test_how_many_bad_rows_are_allowed(rows, allowed):
    assert QualityLimits().allowed(rows) == allowed


def test_too_many_bad_rows_refuse_the_file_with_counts_and_examples(check):
    good = "".join(f"C{i},1,1\n" for i in range(100))
    bad = "".join(f"D{i},n.v.,1\n" for i in range(9)) + "E1,1,-1\nE2,1,-1\n"
    with pytest.raises(DataRefused) as refusal:
        check("CUST_ID,BALANCE,PAYMENTS\n" + good + bad, QualityLimits())
    assert str(refusal.value) == (
        "file.csv: 11 of 111 rows (9.9 %) cannot be used, and at most 10 may be set aside: "
        "9 x not a number in BALANCE; 2 x an amount below 0 in PAYMENTS. "
        "For example row 102, BALANCE: 'n.v.' (not a number); row 103, BALANCE: 'n.v.' "
        "(not a number); row 104, BALANCE: 'n.v.' (not a number). Correct the file and load it "
        'again, or leave a column out with use = "never" under [features.NAME].'
    )
    one_less = check(
        "CUST_ID,BALANCE,PAYMENTS\n" + good + bad.removesuffix("E2,1,-1\n"), QualityLimits()
    )
    assert one_less.keep.sum() == 100


def test_an_amount_configured_without_logarithm_may_be_negative(check):
    text = "CUST_ID,BALANCE,PAYMENTS\nC1,-5,1\nC2,1,-5\n"
    catalogue = CARDS.extended({"BALANCE": {"transform": "none"}})
    assert check(text, catalogue=catalogue).keep.tolist() == [True, False]


def test_warnings_about_whole_columns():
    values = {
        "BALANCE": np.array([7.0] * 20),
        "PAYMENTS": np.array([1.0, np.nan] + [2.0] * 18),
        "CREDIT_LIMIT": np.array([1.0, np.nan, np.nan] + [2.0] * 17),
        "CASH_ADVANCE_FREQUENCY": np.array([0.5] * 19 + [1.25]),
        "PRC_FULL_PAYMENT": np.arange(20) * 5.0,
        "TENURE": np.array([12.0] * 20),
    }
    assert feature_warnings(values, [CARDS[name] for name in values], QualityLimits()) == [
        "BALANCE is 7 for every customer, so it cannot tell them apart.",
        "CREDIT_LIMIT is missing for 2 of 20 customers (10.0 %); the median stands in for it.",
        "CASH_ADVANCE_FREQUENCY is above 1 for 1 of 20 customers (at most 1.25); it is kept and "
        "counts as 1 when segments are made.",
        "PRC_FULL_PAYMENT is above 1 for 19 of 20 customers. It should be a share between 0 and "
        "1: is it in per cent?",
    ]
