"""Delimited text (CSV, TSV and their kin) becomes columns of text cells."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from charset_normalizer import from_bytes
from numpy.typing import NDArray

from analytics.errors import DataRefused
from analytics.files.privacy import private_by_content
from analytics.model import Ints

DELIMITERS = (",", ";", "\t", "|", "^", "~", "\x01")
ENCODINGS = ["cp1252", "cp1250", "cp1251", "cp1253", "cp932", "gb18030", "euc_kr"]
HEAD = 64 * 1024

# The columns, row number of each row, (row number, cells) of rows that do not fit, and notes.
Parts = tuple[pa.Table, Ints, tuple[tuple[int, int], ...], tuple[str, ...]]


def read_delimited(content: bytes, name: str) -> Parts:
    """Parse delimited text; every cell stays the text it is.

    Raises DataRefused where there are no columns, no rows, or the text is cut off.
    """
    content, notes = _as_utf8(content)
    if b"\0" in content:
        raise DataRefused(f"{name} is damaged, or not text: it holds NUL bytes.", "Copy it again.")
    delimiter, lead, names = _layout(content, name)
    header = header_of(names, name)

    misfits: list[tuple[int, int]] = []

    def note_misfit(row: pyarrow.csv.InvalidRow) -> str:
        misfits.append((row.number, row.actual_columns if row.text.strip() else 0))
        return "skip"

    keys = [str(place) for place in range(len(header))]
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(content),
            pyarrow.csv.ReadOptions(use_threads=False, column_names=keys, skip_rows=lead),
            pyarrow.csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=note_misfit,
            ),
            pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(keys, pa.string())),
        )
    except pa.ArrowInvalid as error:
        if "straddl" in str(error):
            raise _unclosed_quote(name) from None
        raise DataRefused(f"{name} cannot be read as a table: {error}.") from None
    _refuse_cut_off(content, table, misfits, lead, name)

    every = np.arange(lead + 1, lead + 1 + table.num_rows + len(misfits))
    numbers = np.setdiff1d(every, [number for number, _ in misfits], assume_unique=True)
    kept = ~_blank_rows(table)
    kept[0] = False  # the header
    table = table.rename_columns(header).filter(pa.array(kept))
    if not content.endswith((b"\n", b"\r")):
        notes += (
            f"The last line (row {every[-1]:,}) has no line end; if the export was interrupted "
            "there, its last cell is wrong.",
        )
    ragged = tuple((number, cells) for number, cells in misfits if cells)
    return table, numbers[kept], ragged, notes


def _as_utf8(content: bytes) -> tuple[bytes, tuple[str, ...]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace").encode(), ()
    even, odd = content[:1000:2].count(0), content[1:1000:2].count(0)
    if max(even, odd) > 5 * min(even, odd) and max(even, odd) > len(content[:1000]) / 4:
        encoding = "utf-16-le" if odd > even else "utf-16-be"
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


def _layout(content: bytes, name: str) -> tuple[str, int, list[str]]:
    """The delimiter, the number of lines above the header (titles, blanks), and the header.

    The delimiter is the one under which most of the first rows have as many cells as the header.
    """
    lines = list(io.StringIO(content[:HEAD].decode("utf-8", "ignore"), newline=""))
    lines = lines[:-1] if len(content) > HEAD and len(lines) > 1 else lines
    best: tuple[float, int, str, int, list[str]] = (0.0, 1, ",", 0, [])
    for delimiter in DELIMITERS:
        reader = csv.reader(lines, delimiter=delimiter)
        header: list[str] = []
        widths: list[int] = []
        lead = 0
        for row in reader:
            if not header and sum(bool(cell.strip()) for cell in row) > 1:
                header = row
            elif not header:
                lead = reader.line_num
            if row:
                widths.append(len(row))
        agreeing = widths.count(len(header)) / len(widths) if widths else 0.0
        if len(header) > 1 and agreeing >= 0.5:
            best = max(best, (agreeing, len(header), delimiter, lead, header), key=lambda b: b[:2])
    if best[1] == 1:
        words = Counter(len(line.split()) for line in lines if line.strip())
        common, count = words.most_common(1)[0]
        if common > 1 and count >= 0.9 * words.total():
            raise DataRefused(
                f"The columns of {name} are lined up with blanks (fixed width).",
                "Save it with a comma or tab between columns and load that.",
            )
        first = "".join(lines).strip().splitlines()[0][:40]
        raise DataRefused(
            f"{name} is not a table: it has one column only, beginning '{first}'.",
            "A feature file has a customer id and at least two numeric columns.",
        )
    return best[2:]


def header_of(cells: Sequence[str], name: str) -> list[str]:
    """Column names, trimmed; a nameless column is called by its place."""
    header = [cell.strip() or f"(column {i})" for i, cell in enumerate(cells, start=1)]
    numeric = [cell for cell in header if re.fullmatch(r"[-+]?[\d.,]*\d[\d.,eE+-]*", cell)]
    if len(numeric) > len(header) / 2 or any(private_by_content([cell]) for cell in header):
        raise DataRefused(
            f"{name} has no column names: its first line holds values.",
            "Add a line of column names.",
        )
    places: dict[str, int] = {}
    for place, column in enumerate(header, start=1):
        first = places.setdefault(column.casefold(), place)
        if first != place:
            raise DataRefused(
                f"{name} has two columns named '{column}' (columns {first} and {place}).",
                "Rename or remove one.",
            )
    return header


def _refuse_cut_off(
    content: bytes, table: pa.Table, misfits: list[tuple[int, int]], lead: int, name: str
) -> None:
    last = lead + table.num_rows + len(misfits)
    last_cells = misfits[-1][1] if misfits and misfits[-1][0] == last else None
    if content.count(b'"') % 2:
        tail = re.split(rb"[\r\n]", content.rstrip(b"\r\n")[-HEAD:])[-1]
        final = table.slice(table.num_rows - 1).to_pylist()[0].values()
        swallowed = any("\n" in cell or "\r" in cell for cell in final)
        if tail.count(b'"') % 2 or swallowed or last_cells is not None:
            raise _unclosed_quote(name)
    if last_cells and last_cells < table.num_columns:
        raise DataRefused(
            f"The last line of {name} (row {last:,}) has {last_cells} of {table.num_columns} "
            "cells: the file is cut off, or ends in a footer.",
            "Export it again, or remove the footer.",
        )


def _unclosed_quote(name: str) -> DataRefused:
    return DataRefused(
        f'{name} is cut off, or a quotation mark (") in it is never closed.', "Export it again."
    )


def _blank_rows(table: pa.Table) -> NDArray[np.bool_]:
    blank = np.ones(table.num_rows, dtype=np.bool_)
    for column in table.columns:
        empty = pc.equal(pc.utf8_trim_whitespace(column), "")
        blank &= empty.to_numpy(zero_copy_only=False)
        if not blank.any():
            break
    return blank
