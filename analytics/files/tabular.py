"""A file becomes a raw table: every cell as it was written, every row with its number in the file.

Nothing here knows what a customer is. What is not a table is named and refused.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import zlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet

from analytics.errors import DataRefused, SegmentryError
from analytics.files.delimited import HEAD, Parts, header_of, read_delimited
from analytics.model import Ints

NOT_TABLES = {
    b"%PDF": ("a PDF", "Export the table as CSV or Excel"),
    b"\x89PNG": ("a picture", "Export the table as CSV or Excel"),
    b"\xff\xd8\xff": ("a picture", "Export the table as CSV or Excel"),
    b"\xd0\xcf\x11\xe0": (
        "an old or password-protected Excel workbook",
        "Save it as .xlsx without a password, or as CSV,",
    ),
    b"BZh": ("compressed with bzip2", "Unpack it, or compress it with gzip,"),
    b"\xfd7zXZ": ("compressed with xz", "Unpack it, or compress it with gzip,"),
    b"\x28\xb5\x2f\xfd": ("compressed with zstd", "Unpack it, or compress it with gzip,"),
    b"7z\xbc\xaf": ("a 7-Zip archive", "Unpack it"),
    b"SQLite format 3": ("an SQLite database", "Export the table as CSV or Parquet"),
}


@dataclass(frozen=True)
class RawTable:
    """A table as the file has it.

    Attributes
    ----------
    name : file name without its folder.
    sha256 : of the file's bytes.
    columns : one column a header cell. Text files and Excel give strings exactly as written, ""
        where a cell is empty; Parquet gives its own types.
    row_numbers : int64 array, for each row of ``columns`` its row in the file as a spreadsheet
        shows it: the header is row 1 and blank rows count.
    ragged : (row number, number of cells) of the rows with too many or too few cells, which are
        not in ``columns``.
    notes : what had to be assumed to read the file, in plain sentences.
    """

    name: str
    sha256: str
    columns: pa.Table
    row_numbers: Ints
    ragged: tuple[tuple[int, int], ...] = ()
    notes: tuple[str, ...] = ()


def read_table(path: Path) -> RawTable:
    """Read CSV or TSV (any delimiter, encoding, line end, gzip or not), Parquet or Excel.

    Raises
    ------
    SegmentryError : the file is missing, a folder, or not readable.
    DataRefused : it holds no table, or only part of one.
    """
    try:
        stored = path.read_bytes()
    except FileNotFoundError:
        raise SegmentryError(f"There is no file {path}.", "Check the name and folder.") from None
    except IsADirectoryError:
        raise SegmentryError(
            f"{path} is a folder.", "Name a file in it, or `segmentry replay` the folder."
        ) from None
    except OSError as error:
        raise SegmentryError(f"{path} cannot be read: {error.strerror}.") from None
    content, name = _gunzipped(stored, path.name), path.name
    if not content.strip():
        raise DataRefused(f"{name} is empty.", "Export it again.")
    if content.startswith(b"PAR1"):
        columns, numbers, ragged, notes = _parquet(content, name)
    elif content.startswith(b"PK\x03\x04"):
        columns, numbers, ragged, notes = _excel(content, name)
    else:
        _refuse_other_formats(content, name)
        columns, numbers, ragged, notes = read_delimited(content, name)
    if not columns.num_rows:
        if ragged:
            row, cells = ragged[0]
            raise DataRefused(
                f"{name} has {columns.num_columns} column names, but no row with as many cells "
                f"(row {row:,} has {cells}).",
                "Check the delimiter and the header line.",
            )
        raise DataRefused(f"{name} has column names but no rows.", "Export it again.")
    sha256 = hashlib.sha256(stored).hexdigest()
    return RawTable(name, sha256, columns, numbers, ragged, notes)


def _gunzipped(content: bytes, name: str) -> bytes:
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        return gzip.decompress(content)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise DataRefused(
            f"{name} is cut off or damaged: its gzip data does not end properly.", "Copy it again."
        ) from None


def _refuse_other_formats(content: bytes, name: str) -> None:
    for magic, (what, remedy) in NOT_TABLES.items():
        if content.startswith(magic):
            raise DataRefused(f"{name} is {what}, not a table.", f"{remedy} and load that.")
    if content[257:262] == b"ustar":
        raise DataRefused(f"{name} is a tar archive, not a table.", "Unpack it and load a file.")
    start = content[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if re.match(rb"<(!doctype|html|head|body|table|meta|!--|\?xml)", start):
        raise DataRefused(
            f"{name} is a web page, not a table: it begins with '{start[:15].decode('latin-1')}'.",
            "The download probably needed a login; export the file again.",
        )
    if re.match(rb'(\{\s*("|\})|\[\s*[{\[])', start):
        raise DataRefused(f"{name} is JSON, not a table.", "Export it as CSV or Parquet.")
    controls = len(re.findall(rb"[\x02-\x08\x0e-\x1a\x7f]", start))
    if controls > len(start) / 100:
        raise DataRefused(
            f"{name} is not text, Parquet or Excel.", "Export the table as CSV and load that."
        )


def _parquet(content: bytes, name: str) -> Parts:
    try:
        table = pyarrow.parquet.read_table(pa.BufferReader(content))
    except (pa.ArrowException, OSError):
        raise DataRefused(
            f"{name} is a Parquet file that is cut off or damaged.", "Copy or export it again."
        ) from None
    for place, field in enumerate(table.schema):
        if pa.types.is_large_string(field.type) or pa.types.is_string_view(field.type):
            plain = table.column(place).cast(pa.string())
            table = table.set_column(place, field.name, plain)
    table = table.rename_columns(header_of(table.column_names, name))
    return table, np.arange(2, table.num_rows + 2), (), ()


def _excel(content: bytes, name: str) -> Parts:
    try:
        sheets = _visible_sheets(content)
    except Exception:  # openpyxl raises whatever its parsers do
        raise DataRefused(
            f"{name} is a ZIP archive or a damaged Excel workbook.",
            "Unpack it, or save the workbook again as .xlsx, and load that.",
        ) from None
    for title, cells in sheets.items():
        filled = [(number, row) for number, row in enumerate(cells, start=1) if any(row)]
        while filled and sum(map(bool, filled[0][1])) < 2:  # titles above the table
            del filled[0]
        if len(filled) < 2:
            continue
        width = max(place for place, cell in enumerate(filled[0][1], start=1) if cell)
        header = header_of(filled[0][1][:width], name)
        rows = [row[:width] + [""] * (width - len(row)) for _, row in filled[1:]]
        columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
        notes = (f"Read from sheet '{title}'.",) if len(sheets) > 1 else ()
        return pa.table(columns, header), np.array([n for n, _ in filled[1:]]), (), notes
    raise DataRefused(f"{name} has no sheet that holds a table.", "Put column names in one row.")


def _visible_sheets(content: bytes) -> dict[str, list[list[str]]]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    sheets = {}
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            sheet.reset_dimensions()
            rows = sheet.iter_rows(values_only=True)
            sheets[sheet.title] = [[_excel_text(value) for value in row] for row in rows]
    return sheets


def _excel_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()
