"""A file becomes a raw table: every cell as it was written, every row with its number in the file.

Nothing here knows what a customer is. What is not a table is named and refused.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
from charset_normalizer import from_bytes

from analytics.errors import DataRefused, SegmentryError
from analytics.model import Ints

DELIMITERS = (",", ";", "\t", "|", "^", "~", "\x01")
ENCODINGS = ["cp1252", "cp1250", "cp1251", "cp1253", "cp932", "gb18030", "euc_kr"]
HEAD = 64 * 1024
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
        columns, numbers, ragged, notes = _delimited(content, name)
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


_Parts = tuple[pa.Table, Ints, tuple[tuple[int, int], ...], tuple[str, ...]]


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


def _parquet(content: bytes, name: str) -> _Parts:
    try:
        table = pyarrow.parquet.read_table(pa.BufferReader(content))
    except (pa.ArrowException, OSError):
        raise DataRefused(
            f"{name} is a Parquet file that is cut off or damaged.", "Copy or export it again."
        ) from None
    table = table.rename_columns(_header(table.column_names, name))
    return table, np.arange(2, table.num_rows + 2), (), ()


def _excel(content: bytes, name: str) -> _Parts:
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Exception:  # openpyxl raises whatever its parsers do
        raise DataRefused(
            f"{name} is a ZIP archive or a damaged Excel workbook.",
            "Unpack it, or save the workbook again as .xlsx, and load that.",
        ) from None
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        cells = [[_excel_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
        filled = [(number, row) for number, row in enumerate(cells, start=1) if any(row)]
        while filled and sum(map(bool, filled[0][1])) < 2:  # titles above the table
            del filled[0]
        if len(filled) < 2:
            continue
        width = max(i for i, cell in enumerate(filled[0][1], start=1) if cell)
        header = _header(filled[0][1][:width], name)
        rows = [(number, row[:width] + [""] * (width - len(row))) for number, row in filled[1:]]
        table = pa.table(
            {column: pa.array([row[i] for _, row in rows]) for i, column in enumerate(header)}
        )
        notes = (f"Read from sheet '{sheet.title}'.",) if len(book.worksheets) > 1 else ()
        return table, np.array([number for number, _ in rows]), (), notes
    raise DataRefused(f"{name} has no sheet that holds a table.", "Put column names in one row.")


def _excel_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _delimited(content: bytes, name: str) -> _Parts:
    content, encoding_notes = _as_utf8(content)
    text = content[:HEAD].decode("utf-8", "ignore")
    skipped = len(text) - len(text.lstrip("\r\n"))
    lead = text[:skipped].count("\n") or text[:skipped].count("\r")
    delimiter, header_cells = _delimiter(text[skipped:], len(content) > HEAD, name)
    header = _header(header_cells, name)

    refused: list[tuple[int, int]] = []

    def keep_number(row: pyarrow.csv.InvalidRow) -> str:
        refused.append((row.number, row.actual_columns))
        return "skip"

    keys = [str(i) for i in range(len(header))]
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(content),
            pyarrow.csv.ReadOptions(use_threads=False, column_names=keys, skip_rows=lead + 1),
            pyarrow.csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=keep_number,
            ),
            pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(keys, pa.string())),
        )
    except pa.ArrowInvalid as error:
        if "straddl" in str(error):
            raise _unclosed_quote(name) from None
        if "Empty CSV" in str(error):
            raise DataRefused(f"{name} has column names but no rows.", "Export it again.") from None
        raise DataRefused(f"{name} cannot be read as a table: {error}.") from None
    table = table.rename_columns(header)

    last = lead + 1 + table.num_rows + len(refused)
    bad_numbers = np.array([number for number, _ in refused], dtype=np.int64)
    numbers = np.setdiff1d(np.arange(lead + 2, last + 1), bad_numbers, assume_unique=True)
    _refuse_cut_off(content, table, refused, last, name)
    blank = _blank_rows(table)
    table, numbers = table.filter(pa.array(~blank)), numbers[~blank]
    return table, numbers, tuple(refused), encoding_notes


def _as_utf8(content: bytes) -> tuple[bytes, tuple[str, ...]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace").encode(), ()
    zeros = Counter(i % 2 for i, byte in enumerate(content[:1000]) if byte == 0)
    if zeros:
        encoding = "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
        return content.decode(encoding, "replace").encode(), ()
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        content.decode()
        return content, ()
    except UnicodeDecodeError:
        telling = [line for line in re.split(rb"[\r\n]+", content) if not line.isascii()][:500]
    guesses = from_bytes(b"\n".join(telling), cp_isolation=ENCODINGS)
    best = min(guesses, key=lambda g: (g.chaos, -g.coherence, g.encoding != "cp1252"), default=None)
    encoding = best.encoding if best else "cp1252"
    if best and "cp1252" in best.could_be_from_charset:
        encoding = "cp1252"
    note = f"The file is not UTF-8; it was read as {encoding}. Check names with accents."
    return content.decode(encoding, "replace").encode(), (note,)


def _delimiter(head: str, more_follows: bool, name: str) -> tuple[str, list[str]]:
    """The delimiter under which the first lines have the header's number of cells most often."""
    lines = head.splitlines(keepends=True)
    lines = lines[:-1] if more_follows and len(lines) > 1 else lines
    best: tuple[float, int, str, list[str]] = (0.0, 1, ",", lines[:1])
    for delimiter in DELIMITERS:
        rows = [row for row in csv.reader(lines[:200], delimiter=delimiter) if row]
        width = len(rows[0]) if rows else 0
        if width > 1:
            agreeing = sum(len(row) == width for row in rows) / len(rows)
            best = max(best, (agreeing, width, delimiter, rows[0]), key=lambda b: b[:2])
    if best[1] == 1:
        widths = Counter(len(line.split()) for line in lines if line.strip())
        common, count = widths.most_common(1)[0]
        if common > 1 and count >= 0.9 * widths.total():
            raise DataRefused(
                f"The columns of {name} are lined up with blanks (fixed width).",
                "Save it with a comma or tab between columns and load that.",
            )
        raise DataRefused(
            f"{name} has one column only, beginning with '{lines[0].strip()[:40]}'.",
            "A feature file has a customer id and at least two numeric columns.",
        )
    return best[2], best[3]


def _header(cells: Sequence[str], name: str) -> list[str]:
    """Column names, trimmed; a nameless column is called by its place."""
    header = [cell.strip() or f"(column {i})" for i, cell in enumerate(cells, start=1)]
    places: dict[str, int] = {}
    for place, column in enumerate(header, start=1):
        first = places.setdefault(column.casefold(), place)
        if first != place:
            raise DataRefused(
                f"{name} has two columns named '{column}' (columns {first} and {place}).",
                "Rename or remove one.",
            )
    numeric = [cell for cell in header if re.fullmatch(r"[-+]?[\d.,]*\d[\d.,eE+-]*", cell)]
    if len(numeric) > len(header) / 2:
        raise DataRefused(
            f"{name} has no column names: its first line holds values such as '{numeric[0]}'.",
            "Add a line of column names.",
        )
    return header


def _refuse_cut_off(
    content: bytes, table: pa.Table, refused: list[tuple[int, int]], last: int, name: str
) -> None:
    tail = content.rstrip(b"\r\n")
    tail = tail[max(tail.rfind(b"\n"), tail.rfind(b"\r")) + 1 :]
    if content.count(b'"') % 2:
        final = (
            []
            if not table.num_rows
            else list(table.slice(table.num_rows - 1).to_pylist()[0].values())
        )
        swallowed = any("\n" in cell or "\r" in cell for cell in final)
        if tail.count(b'"') % 2 or swallowed or (refused and refused[-1][0] == last):
            raise _unclosed_quote(name)
    if refused and refused[-1][0] == last and refused[-1][1] < table.num_columns:
        raise DataRefused(
            f"The last line of {name} (row {last:,}) has {refused[-1][1]} of "
            f"{table.num_columns} cells: the file is cut off, or ends in a footer.",
            "Export it again, or remove the footer.",
        )


def _unclosed_quote(name: str) -> DataRefused:
    return DataRefused(
        f'{name} is cut off, or a quotation mark (") in it is never closed.', "Export it again."
    )


def _blank_rows(table: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    blank = np.ones(table.num_rows, dtype=bool)
    for column in table.columns:
        empty = pc.equal(pc.utf8_trim_whitespace(column), "")
        blank &= empty.to_numpy(zero_copy_only=False)
        if not blank.any():
            break
    return blank
