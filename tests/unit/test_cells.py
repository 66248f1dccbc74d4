"""Numbers as people write them, and text as it was written."""

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.files.cells import is_numeric, read_numbers, sample, texts


def column(*cells: object) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(cells)])


def values(*cells: str) -> list[float]:
    return read_numbers({"x": column(*cells)})["x"].values.tolist()


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1234.5", 1234.5),
        ("1e3", 1000),
        ("+5", 5),
        (" 7 ", 7),
        ("$1,234.50", 1234.5),
        ("€ 12", 12),
        ("12 €", 12),
        ("USD 1,000,000", 1e6),
        ("1 234 567", 1234567),
        ("1'234.5", 1234.5),
        ("1\u00a0234", 1234),
        ("(12.50)", -12.5),
        ("12.50-", -12.5),
        ("\u2212 3", -3),
        ("12 %", 0.12),
        ("0.5%", 0.005),
        (".5", 0.5),
        ("1,234", 1234),
    ],
)
def test_a_cell_as_people_write_it(cell, value):
    (read,) = values(cell)
    assert read == pytest.approx(value)


@pytest.mark.parametrize(
    "cell", ["", " ", "NA", "n/a", "null", "None", "-", "?", "#N/A", "unknown"]
)
def test_words_for_no_value_are_missing_and_not_wrong(cell):
    numbers = read_numbers({"x": column(cell, "1.5")})["x"]
    assert math.isnan(numbers.values[0])
    assert not numbers.wrong.any()


@pytest.mark.parametrize(
    "cell",
    ["abc", "1.2.3", "12,34,5", "#VALUE!", "5 10", "153.41 -27.95", "inf", "1e999", "12,5", "0x1F"],
)
def test_what_is_no_number_is_wrong_and_never_a_value(cell):
    for beside in ("3.5", "$3.50"):
        numbers = read_numbers({"x": column("1.5", cell, "2.25", beside)})["x"]
        assert list(numbers.wrong) == [False, True, False, False]
        assert math.isnan(numbers.values[1])
        assert numbers.values[3] == 3.5


def test_a_decimal_comma_is_taken_for_the_whole_file_where_a_cell_can_mean_nothing_else():
    numbers = read_numbers(
        {
            "plain": column("1", "2", "3"),
            "telling": column("12,5", "1.234,56", "0"),
            "silent": column("1.234", "2.000", "7"),
            "contrary": column("0.5", "1.25", "1"),
        }
    )
    assert numbers["plain"].values.tolist() == [1, 2, 3]
    assert numbers["telling"].values.tolist() == [12.5, 1234.56, 0]
    assert numbers["silent"].values.tolist() == [1234, 2000, 7]
    assert numbers["contrary"].values.tolist() == [0.5, 1.25, 1]
    assert not any(column.wrong.any() for column in numbers.values())


@given(st.lists(st.floats(-1e12, 1e12).map(lambda x: round(x, 2)), min_size=2, max_size=20))
def test_amounts_written_the_american_and_the_german_way_read_the_same(amounts):
    amounts = [*amounts, 1234.56]
    american = [f"{amount:,.2f}" for amount in amounts]
    german = [cell.translate(str.maketrans(",.", ".,")) for cell in american]
    assert values(*american) == amounts
    assert values(*german) == amounts


def test_columns_that_are_numbers_already_stay_as_they_are():
    numbers = read_numbers(
        {"int": column(1, None), "float": column(1.5, math.inf), "nothing": column(None, None)}
    )
    np.testing.assert_array_equal(numbers["int"].values, [1, np.nan])
    np.testing.assert_array_equal(numbers["float"].values, [1.5, np.nan])
    assert numbers["float"].wrong.tolist() == [False, True]
    assert np.isnan(numbers["nothing"].values).all()


def test_texts_are_as_written_and_whole_numbers_have_no_point_zero():
    assert texts(column(" 00012 ", "x")).to_pylist() == ["00012", "x"]
    assert texts(column(768805383, None)).to_pylist() == ["768805383", None]
    assert texts(column(768805383.0, None, math.nan)).to_pylist() == ["768805383", None, None]
    assert texts(column(np.datetime64("2026-01-05T00:00", "ms"))).to_pylist() == ["2026-01-05"]
    assert texts(column("a", "b").dictionary_encode()).to_pylist() == ["a", "b"]


def test_codes_with_leading_zeros_and_words_are_not_numeric():
    assert is_numeric(column("1", "", "2.5"))
    assert not is_numeric(column("01234", "98765"))
    assert not is_numeric(column("1", "3+"))
    assert not is_numeric(column("", "NA"))


def test_a_sample_reaches_the_end_of_a_long_column():
    cells = sample(column(*(["1"] * 9_000 + ["late"] * 1_000)))
    assert 500 < len(cells) < 2_000
    assert cells[-1] == "late"
