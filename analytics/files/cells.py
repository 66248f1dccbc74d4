"""What is written in the cells of a column: text, nothing, or a number as people write it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analytics.model import Floats

NO_TEXT = ("", "na", "n/a", "#n/a", "nan", "null", "-", "--", ".", "?")
NO_VALUE = (*NO_TEXT, "none", "nil", "unknown")
SAMPLE = 1000

Mark = Literal[".", ","]

_TIDYING = (
    (r"[$€£¥₹₽]|^(usd|eur|gbp|chf|aud|cad|inr)\b|\b(usd|eur|gbp|chf|aud|cad|inr)$", ""),
    ("[\u00a0\u202f\u2009]", " "),
    ("[\u2019`]", "'"),
    ("\u2212", "-"),
    (r"^\s*\((.+)\)\s*$", r"-\1"),  # accounting brackets
    (r"^\s*([^-].*)-\s*$", r"-\1"),  # trailing minus
    (r"^\s*-\s+", "-"),
    (r"\s+%\s*$", "%"),
)
_PLAIN = r"^-?\d+(\.\d+)?$"
_EXPONENT = r"(e[+-]?\d+)?%?$"
_WRITTEN = {
    ".": r"^[+-]?(\d+\.?\d*|\.\d+|[1-9]\d{0,2}([, ']\d{3})+(\.\d*)?)" + _EXPONENT,
    ",": r"^[+-]?(\d+,?\d*|,\d+|[1-9]\d{0,2}([. ']\d{3})+(,\d*)?)" + _EXPONENT,
}
_SEPARATORS = {".": "[, ']", ",": "[. ']"}


@dataclass(frozen=True)
class Numbers:
    """One column read as numbers.

    Attributes
    ----------
    values : float64 array of shape (n_rows,); NaN where missing or not a number.
    wrong : bool array of shape (n_rows,); True where something is written that is no finite number.
    """

    values: Floats
    wrong: NDArray[np.bool_]


def read_numbers(columns: Mapping[str, pa.ChunkedArray]) -> dict[str, Numbers]:
    """Read columns of one file as numbers.

    Currency signs, thousands separators, accounting brackets and per-cent signs (12 % is 0.12) are
    understood. A decimal comma is taken where cells of the file can mean nothing else ("12,5") and
    none that hold a separator say the contrary.
    """
    direct = {name: _direct(column) for name, column in columns.items()}
    tidied = {name: _tidied(columns[name]) for name, values in direct.items() if values is None}
    marks = {name: _decimal_mark(cells) for name, cells in tidied.items()}
    file_mark: Mark = "," if "," in marks.values() and "." not in marks.values() else "."

    numbers = {}
    for name, values in direct.items():
        if values is not None and file_mark == "," and pa.types.is_string(columns[name].type):
            tidied[name] = _tidied(columns[name])
            marks[name] = _decimal_mark(tidied[name])
        if name in tidied:
            numbers[name] = _parsed(tidied[name], marks[name] or file_mark)
        else:
            assert values is not None
            numbers[name] = Numbers(np.where(np.isinf(values), np.nan, values), np.isinf(values))
    return numbers


def is_numeric(column: pa.ChunkedArray) -> bool:
    """Whether a sample of the cells holds numbers only, and none with a leading zero (a code)."""
    cells = sample(column)
    sampled = pa.chunked_array([cells], pa.string())
    codes = any(re.fullmatch(r"0\d+", cell) for cell in cells)
    return bool(cells) and not codes and not read_numbers({"": sampled})[""].wrong.any()


def texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The cells as trimmed text; whole numbers without ".0", dates as 2026-01-05."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), None, column)
        whole = pc.all(pc.equal(column, pc.round(column))).as_py()
        column = column.cast(pa.int64()) if whole else column
    if pa.types.is_nested(column.type) or pa.types.is_binary(column.type):
        return pa.chunked_array([pa.array([str(cell) for cell in column.to_pylist()])])
    cells = pc.utf8_trim_whitespace(column.cast(pa.string()))
    if pa.types.is_temporal(column.type):
        cells = pc.replace_substring_regex(cells, r"[ T]00:00:00(\.0+)?Z?$", "")
    return cells


def missing(cells: pa.ChunkedArray, words: Sequence[str] = NO_VALUE) -> pa.ChunkedArray:
    """Boolean column: True where a text cell is empty or holds a word for "no value".

    For descriptive text the words are ``NO_TEXT``: "Unknown" and "None" are answers there.
    """
    absent = pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(cells)), value_set=pa.array(words))
    return pc.or_(absent, pc.is_null(cells))


def present(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The text of the cells that hold a value."""
    cells = texts(column)
    return cells.filter(pc.invert(missing(cells)))


def sample(column: pa.ChunkedArray) -> list[str]:
    """The text of up to about ``SAMPLE`` cells that hold a value, spread over the whole column."""
    step = max(1, len(column) // SAMPLE)
    cells: list[str] = present(column.take(np.arange(0, len(column), step))).to_pylist()
    return cells


def _direct(column: pa.ChunkedArray) -> Floats | None:
    """The values where every cell is a plain number or empty, else None."""
    if pa.types.is_string(column.type):
        column = pc.if_else(pc.equal(column, ""), None, column)
    elif not (
        pa.types.is_integer(column.type)
        or pa.types.is_floating(column.type)
        or pa.types.is_decimal(column.type)
        or pa.types.is_null(column.type)
    ):
        return None
    try:
        values: Floats = column.cast(pa.float64()).to_numpy()
    except pa.ArrowInvalid:
        return None
    return values


def _tidied(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Cells without currency, brackets and outer blanks, in lower case; null where missing."""
    cells = texts(column).combine_chunks()
    odd = pc.invert(pc.fill_null(pc.match_substring_regex(cells, _PLAIN), True))
    tidied = pc.utf8_lower(cells.filter(odd))
    for pattern, plain in _TIDYING:
        tidied = pc.replace_substring_regex(tidied, pattern, plain)
    tidied = pc.utf8_trim_whitespace(tidied)
    return pc.replace_with_mask(cells, odd, pc.if_else(missing(tidied), None, tidied))


def _decimal_mark(cells: pa.ChunkedArray) -> Mark | None:
    """What cells that can be read in one way only say; the majority where they disagree."""
    point, comma = (pc.match_substring_regex(cells, _WRITTEN[mark]) for mark in (".", ","))
    for_point = pc.sum(pc.and_(point, pc.invert(comma))).as_py() or 0
    for_comma = pc.sum(pc.and_(comma, pc.invert(point))).as_py() or 0
    if for_point == for_comma:
        return None
    return "," if for_comma > for_point else "."


def _parsed(cells: pa.ChunkedArray, mark: Mark) -> Numbers:
    written = pc.fill_null(pc.match_substring_regex(cells, _WRITTEN[mark]), False)
    wrong = pc.and_(pc.is_valid(cells), pc.invert(written)).to_numpy(zero_copy_only=False)
    plain = pc.replace_substring_regex(pc.if_else(written, cells, None), _SEPARATORS[mark], "")
    plain = pc.replace_substring(plain, ",", ".")
    percent = pc.fill_null(pc.ends_with(plain, "%"), False).to_numpy(zero_copy_only=False)
    plain = pc.utf8_ltrim(pc.utf8_rtrim(plain, "%"), "+")
    values = plain.cast(pa.float64()).to_numpy(zero_copy_only=False).copy()
    values[percent] /= 100
    infinite = np.isinf(values)
    values[infinite] = np.nan
    return Numbers(values, wrong | infinite)
