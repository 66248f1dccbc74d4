"""Files as people send them: every format gives the same cells, every wrong file is named."""

import gzip
import io
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analytics.errors import DataRefused, SegmentryError
from analytics.files.tabular import RawTable, read_table

COLUMNS = ["CUST_ID", "BALANCE", "city"]
ROWS = [["00012", "1.5", "Zürich"], ["C2", "", 'São Paulo, "SP"'], ["C3", "-3e2", "x y"]]


@pytest.fixture
def read(tmp_path):
    def read(content: bytes | str, name: str = "file.csv") -> RawTable:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_table(path)

    return read


def csv_text(delimiter: str = ",", line_end: str = "\n") -> str:
    table = pd.DataFrame(ROWS, columns=COLUMNS)
    return table.to_csv(index=False, sep=delimiter, lineterminator=line_end)


def cells(raw: RawTable) -> list[list[str]]:
    return [list(row.values()) for row in raw.columns.to_pylist()]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", "\x01"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"]
)
def test_delimiters_line_ends_and_encodings_give_the_same_cells(
    read, delimiter, line_end, encoding
):
    raw = read(csv_text(delimiter, line_end).encode(encoding))
    assert raw.columns.column_names == COLUMNS
    assert cells(raw) == ROWS
    assert list(raw.row_numbers) == [2, 3, 4]


written = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"))


@example([["", "|"], ["", "|"]])
@given(st.lists(st.lists(written, min_size=2, max_size=2), min_size=1, max_size=8))
def test_any_quoted_text_comes_back_as_it_was_written(tmp_path_factory, rows):
    rows = [["x" + first, second] for first, second in rows]
    path = tmp_path_factory.mktemp("any") / "any.csv"
    pd.DataFrame(rows, columns=["id", "text"]).to_csv(path, index=False, quoting=1)
    assert cells(read_table(path)) == rows


def test_gzip_is_unpacked_whatever_the_name_says(read):
    assert cells(read(gzip.compress(csv_text().encode()), "odd.csv")) == ROWS


def test_an_encoding_that_is_not_utf8_is_said(read):
    (note,) = read(csv_text().encode("cp1252")).notes
    assert "not UTF-8" in note
    assert "cp1252" in note


def test_cyrillic_text_is_recognised(read):
    text = "CUST_ID,city\n1,Москва\n2,Санкт-Петербург\n3,Новосибирск\n"
    assert cells(read(text.encode("cp1251")))[0] == ["1", "Москва"]


def test_parquet_keeps_its_types(read):
    stored = io.BytesIO()
    pd.DataFrame({"CLIENTNUM": [768805383, 7], "BALANCE": [1.5, None]}).to_parquet(stored)
    raw = read(stored.getvalue())
    assert raw.columns.to_pydict() == {"CLIENTNUM": [768805383, 7], "BALANCE": [1.5, None]}


def test_text_of_any_parquet_type_is_text(read):
    stored = io.BytesIO()
    types = [pa.string(), pa.large_string(), pa.string_view()]
    table = pa.table({str(place): pa.array(["a", None], type) for place, type in enumerate(types)})
    pq.write_table(table.rename_columns(["a", "b", "c"]), stored)
    assert {field.type for field in read(stored.getvalue()).columns.schema} == {pa.string()}


def workbook(*sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for place, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Sheet {place + 1}")
        for row in rows:
            sheet.append(row)
    stored = io.BytesIO()
    book.save(stored)
    return stored.getvalue()


def test_excel_reads_the_first_sheet_with_a_table_below_titles(read):
    table = [
        ["Customers in January"],
        [],
        ["CUST_ID", "BALANCE", "since", None],
        [768805383, 12.5, date(2020, 1, 31), None],
        ["00012", 1e16, None, None],
    ]
    raw = read(workbook([["Read me"]], table), "customers.xlsx")
    assert raw.columns.column_names == ["CUST_ID", "BALANCE", "since"]
    assert cells(raw) == [["768805383", "12.5", "2020-01-31"], ["00012", "10000000000000000", ""]]
    assert list(raw.row_numbers) == [4, 5]
    assert raw.notes == ("Read from sheet 'Sheet 2'.",)


def test_a_hidden_sheet_is_not_read(read):
    book = openpyxl.load_workbook(io.BytesIO(workbook([["a", "b"], [1, 2]], [["c", "d"], [3, 4]])))
    book["Sheet 1"].sheet_state = "hidden"
    stored = io.BytesIO()
    book.save(stored)
    assert read(stored.getvalue()).columns.column_names == ["c", "d"]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(read):
    raw = read('id,x,y\n1,2,3\n\n4,"two\nlines",6\n7,8\n9,10,11,12\n,,\n  \n13,14,15\n')
    assert cells(raw) == [["1", "2", "3"], ["4", "two\nlines", "6"], ["13", "14", "15"]]
    assert list(raw.row_numbers) == [2, 4, 9]
    assert raw.ragged == ((5, 2), (6, 4))


def test_a_last_line_without_an_end_is_doubted(read):
    assert read("CUST_ID,TENURE\nC1,12\nC2,12\n").notes == ()
    (note,) = read("CUST_ID,TENURE\nC1,12\nC2,1").notes
    assert note.startswith("The last line (row 3) has no line end")


def test_titles_above_the_header_are_skipped_and_counted(read):
    raw = read("Customers in January\n\nCUST_ID,BALANCE,city\nC1,2,x\nC2,3,y\n")
    assert raw.columns.column_names == ["CUST_ID", "BALANCE", "city"]
    assert list(raw.row_numbers) == [4, 5]


def test_a_nameless_column_is_called_by_its_place(read):
    raw = read(",CUST_ID,BALANCE\n0,C1,1\n")
    assert raw.columns.column_names == ["(column 1)", "CUST_ID", "BALANCE"]


def zipped(name: str) -> bytes:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr(name, csv_text())
    return stored.getvalue()


def parquet() -> bytes:
    stored = io.BytesIO()
    pd.DataFrame({"CUST_ID": range(500)}).to_parquet(stored)
    return stored.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b" \n\r\n", "is empty"),
        (b"CUST_ID,BALANCE\n", "column names but no rows"),
        (b"CUST_ID,BALANCE", "column names but no rows"),
        (b"CUST_ID,BALANCE\n,\n,\n", "column names but no rows"),
        (b"\n<!DOCTYPE html><html><body>Log in</body>", "is a web page"),
        (b"<html><head>", "is a web page"),
        (b'{"rows": []}', "is JSON"),
        (b"%PDF-1.7\n%\xe2\xe3", "is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old or password-protected Excel"),
        (zipped("customers.csv"), "is a ZIP archive or a damaged Excel"),
        (workbook([["CUST_ID", "BALANCE"], [1, 2]])[:-200], "is a ZIP archive or a damaged Excel"),
        (workbook([["only a title"]]), "no sheet that holds a table"),
        (bytes(range(256)) * 20, "is not text, Parquet or Excel"),
        (gzip.compress(csv_text().encode())[:-12], "cut off or damaged"),
        (parquet()[:-30], "Parquet file that is cut off"),
        (b"CUST_ID,BALANCE,city\nC1,2,x\nC2,3", "The last line of file.csv (row 3) has 2 of 3"),
        (b'CUST_ID,city\nC1,"x"\nC2,"y', "a quotation mark"),
        (b'CUST_ID,BALANCE,city\nC1,2,"x"\nC2,"3', "a quotation mark"),
        (b'CUST_ID,city\nC1,"x\nC2,y\nC3,z\n', "a quotation mark"),
        (b"CUST_ID,BALANCE\nC1,2\n" + bytes(4), "NUL bytes"),
        (b"CUST_ID,BALANCE,Balance\n1,2,3\n", "two columns named 'Balance' (columns 2 and 3)"),
        (b"C1,2,3\nC2,2,3\n", "no column names"),
        (b"Ann,ann@example.com\nBob,bob@example.com\n", "no column names"),
        (b" CUST_ID  BALANCE\n 00001   12.00\n 00002    9.50\n", "lined up with blanks"),
        (b"CUST_ID\n1\n2\n", "one column only, beginning 'CUST_ID'"),
        (b"a,b\n1,2,3\n1,2,3\n", "one column only"),
    ],
)
def test_what_is_not_a_whole_table_is_named(read, content, says):
    with pytest.raises(DataRefused) as refusal:
        read(content)
    assert says in str(refusal.value)
    assert "file.csv" in refusal.value.what
    assert refusal.value.next_step


def test_a_missing_file_and_a_folder_are_failures_not_refusals(tmp_path: Path):
    for path, says in ((tmp_path / "no.csv", "no file"), (tmp_path, "is a folder")):
        with pytest.raises(SegmentryError, match=says) as failure:
            read_table(path)
        assert failure.value.exit_code == 1


WHOLE = [
    csv_text().encode(),
    csv_text(";").encode("cp1252"),
    csv_text("\t").encode("utf-16"),
    gzip.compress(csv_text().encode()),
    workbook([COLUMNS, *ROWS]),
    parquet(),
]


@given(st.sampled_from(WHOLE), st.data())
def test_a_damaged_file_is_read_or_refused_but_never_breaks(tmp_path_factory, good, data):
    cut = data.draw(st.integers(0, len(good)))
    noise = data.draw(st.binary(max_size=6))
    path = tmp_path_factory.mktemp("damaged") / "file.csv"
    path.write_bytes(good[:cut] + noise + good[cut + data.draw(st.integers(0, 40)) :])
    try:
        raw = read_table(path)
    except DataRefused:
        return
    assert len(raw.row_numbers) == raw.columns.num_rows > 0
