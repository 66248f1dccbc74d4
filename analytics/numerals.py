"""Cells as people write numbers: $1,234.50, 1.234,50, (12.00), 12 %, 1 234."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analytics.model import Floats

MISSING_WORDS = (
    "",
    "na",
    "n/a",
    "#n/a",
    "nan",
    "null",
    "none",
    "nil",
    "-",
    "--",
    ".",
    "?",
    "unknown",
)

Mark = Literal[".", ","]

_NOISE = r"[$€£¥₹₽]|^(usd|eur|gbp|chf|aud|cad|inr)\b|\b(usd|eur|gbp|chf|aud|cad|inr)$"
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


def missing(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Boolean column: True where a text cell is empty or holds a word for "no value"."""
    words = pa.array(MISSING_WORDS)
    return pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(column)), value_set=words)


def _direct(column: pa.ChunkedArray) -> Floats | None:
    """The values where every cell is a plain number or empty, else None."""
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
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
    cells = pc.utf8_lower(pc.utf8_trim_whitespace(column.cast(pa.string())))
    cells = pc.replace_substring_regex(cells, _NOISE, "")
    cells = pc.replace_substring_regex(cells, "[\u00a0\u202f\u2009]", " ")
    cells = pc.replace_substring_regex(cells, "[\u2019`]", "'")
    cells = pc.replace_substring_regex(cells, r"^\((.+)\)$", r"-\1")
    cells = pc.replace_substring_regex(cells, r"^(.+)-$", r"-\1")
    cells = pc.replace_substring_regex(cells, "^(\u2212|- )", "-")
    cells = pc.utf8_trim_whitespace(pc.replace_substring_regex(cells, " %$", "%"))
    return pc.if_else(missing(cells), None, cells)


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
    values = plain.cast(pa.float64()).to_numpy().copy()
    values[percent] /= 100
    infinite = np.isinf(values)
    values[infinite] = np.nan
    return Numbers(values, wrong | infinite)
