import contextlib
import io
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
import xlsxwriter

from tests.sheets import old_excel
from xiangyue.sheets.read import Table, cell_text, column_letter, header_of, read_tables
from xiangyue.sheets.refusals import (
    EmptySheet,
    MissingColumns,
    RepeatedColumns,
    SheetLocked,
    StrayText,
    UnreadableSheet,
)


def day(year: int, month: int, date: int, hour: int = 0, minute: int = 0) -> datetime:
    """A moment without a zone, as sheets have them."""
    return datetime(year, month, date, hour, minute)  # noqa: DTZ001


def workbook(fill: Callable[[Any], None]) -> bytes:
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target, {"in_memory": True})
    fill(made)
    made.close()
    return target.getvalue()


def one_sheet(rows: list[list[Any]], name: str = "户册") -> bytes:
    def fill(made: Any) -> None:
        sheet = made.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)

    return workbook(fill)


def only(content: bytes, name: str = "户册.xlsx") -> Table:
    (table,) = read_tables(content, name)
    return table


def texts(table: Table) -> list[list[str]]:
    return [[row.text(header) for header in table.headers] for row in table.rows]


def test_rows_carry_the_numbers_and_letters_that_excel_shows() -> None:
    table = only(one_sheet([[], ["", "户号", "姓名"], [], ["", "003", " 田禾生 "], [], ["", "004"], [], []]))
    assert table.sheet == "户册"
    assert table.headers == ("户号", "姓名")
    assert [row.number for row in table.rows] == [4, 6]
    first, second = table.rows
    assert (first.cells["姓名"].text, first.cells["姓名"].value, first.cells["姓名"].column) == (
        "田禾生",
        " 田禾生 ",
        "C",
    )
    assert second.cells["姓名"].text == ""
    assert second.text("没有这一列") == ""


def test_headers_are_normalised() -> None:
    table = only(one_sheet([["户　号", " 姓\n名", "出生（年）"], ["1", "2", "3"]]))
    assert table.headers == ("户号", "姓名", "出生(年)")
    assert header_of("ＡＢ c") == "ABc"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("　青禾村 ", "青禾村"),
        ("田\x00禾\u200b生\ufeff", "田禾生"),
        ("一行\n两行", "一行\n两行"),
        (3.0, "3"),
        (-0.0, "0"),
        (0.1 + 0.2, "0.3"),
        (0.00001, "0.00001"),
        (110101199001011230.0, "110101199001011232"),
        (7, "7"),
        (True, "TRUE"),
        (date(2026, 10, 5), "2026-10-05"),
        (day(2026, 10, 5), "2026-10-05"),
        (day(2026, 10, 5, 8, 30), "2026-10-05 08:30"),
        (time(8, 30), "08:30"),
    ],
)
def test_cells_read_as_people_see_them(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_days_and_figures_of_a_workbook() -> None:
    def fill(made: Any) -> None:
        sheet = made.add_worksheet("户册")
        sheet.write_row(0, 0, ["出生", "人数", "是"])
        sheet.write_datetime(1, 0, day(1984, 3, 9), made.add_format({"num_format": "yyyy/m/d"}))
        sheet.write(1, 1, 62)
        sheet.write(1, 2, True)

    assert texts(only(workbook(fill))) == [["1984-03-09", "62", "TRUE"]]


def test_columns_past_z() -> None:
    assert [column_letter(index) for index in (0, 25, 26, 51, 52, 701, 702)] == [
        *("A", "Z", "AA", "AZ", "BA", "ZZ", "AAA")
    ]


def test_empty_hidden_and_instruction_sheets_are_left_out() -> None:
    def fill(made: Any) -> None:
        for name in ("填表说明", "Sheet2", "户册", "选项"):
            sheet = made.add_worksheet(name)
            if name != "Sheet2":
                sheet.write_row(0, 0, ["户号"])
            if name == "选项":
                sheet.hide()

    assert [table.sheet for table in read_tables(workbook(fill), "a.xlsx")] == ["户册"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_encodings_of_offices(encoding: str) -> None:
    content = '户号,姓名\r\n\r\n003,"田禾生\n（大）"\r\n004,麦穗香,\r\n,\r\n'.encode(encoding)
    table = only(content, "青禾村.csv")
    assert table.sheet == "青禾村"
    assert texts(table) == [["003", "田禾生\n（大）"], ["004", "麦穗香"]]
    assert [row.number for row in table.rows] == [3, 4]


def test_short_csv_rows_have_empty_cells() -> None:
    (row,) = only("户号,姓名\n003\n".encode(), "a.csv").rows
    assert (row.cells["姓名"].text, row.cells["姓名"].column) == ("", "B")


def test_old_excel() -> None:
    content = old_excel.workbook("户册", [["户号", "姓名"], [3.0, "田禾生"]])
    assert texts(only(content, "a.xls")) == [["3", "田禾生"]]


def test_a_file_is_known_by_its_content_not_by_its_name() -> None:
    assert only(one_sheet([["户号"], ["1"]]), "a.xls").headers == ("户号",)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.xlsx"),
        (b"%PDF-1.7", "a.pdf"),
        ("户号,姓名".encode(), "a.xlsx"),
        (b"PK\x03\x04 and then nothing", "a.xlsx"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "a.xls"),
        (b"\xff\xff\xff,\x81", "a.csv"),
    ],
)
def test_what_is_no_sheet_is_refused(content: bytes, name: str) -> None:
    with pytest.raises(UnreadableSheet) as refusal:
        read_tables(content, name)
    assert refusal.value.facts == {"name": name}


def test_a_truncated_or_scrambled_workbook_is_refused_or_read_but_never_breaks() -> None:
    whole = one_sheet([["户号", "姓名"], *([f"{number:03d}", "田禾生"] for number in range(50))])
    for cut in range(4, len(whole), 97):
        with pytest.raises(UnreadableSheet):
            read_tables(whole[:cut], "a.xlsx")
    for place in range(0, len(whole), 53):
        scrambled = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        with contextlib.suppress(UnreadableSheet, EmptySheet):
            read_tables(scrambled, "a.xlsx")


def test_an_old_workbook_that_ends_its_reader_is_refused() -> None:
    with pytest.raises(UnreadableSheet):
        read_tables(old_excel.workbook("户册", [["户号"]], last_cell=(65_535, 65_535)), "a.xls")


def test_a_password_is_named_as_the_reason() -> None:
    with pytest.raises(SheetLocked) as refusal:
        read_tables(old_excel.compound_file("EncryptedPackage", b"secret"), "户册.xlsx")
    assert refusal.value.code == "sheet-locked"
    assert "密码" in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "name"), [(one_sheet([]), "a.xlsx"), (b" \n", "a.csv"), (b",,\n,", "a.csv"), (b"", "a.csv")]
)
def test_nothing_filled_in_is_refused(content: bytes, name: str) -> None:
    with pytest.raises(EmptySheet):
        read_tables(content, name)


def test_required_columns_are_named_when_they_lack() -> None:
    table = only(one_sheet([["户号", "姓名"], ["1", "2"]]))
    table.require(["姓名", "户号"])
    with pytest.raises(MissingColumns) as refusal:
        table.require(["户号", "网格", "出生"])
    assert refusal.value.facts == {"sheet": "户册", "columns": "网格、出生"}


def test_a_header_that_stands_twice_is_refused() -> None:
    with pytest.raises(RepeatedColumns) as refusal:
        only(one_sheet([["户号", "姓名", "姓 名"], ["1", "2", "3"]])).require(["户号"])
    assert refusal.value.facts == {"sheet": "户册", "columns": "姓名"}


def test_text_under_no_header_is_refused_rather_than_lost() -> None:
    table = only("户号,地址\n003,青禾村,1号\n".encode(), "a.csv")
    with pytest.raises(StrayText) as refusal:
        table.require(["户号"])
    assert refusal.value.facts == {"sheet": "a", "address": "C2"}
