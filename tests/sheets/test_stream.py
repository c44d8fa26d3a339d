import io
import zipfile
from typing import Any

import pytest
import xlsxwriter

from tests.sheets import old_excel
from tests.sheets.test_read import one_sheet, workbook
from xiangyue.sheets.refusals import EmptySheet, MissingColumns, RepeatedColumns, StrayText, UnreadableSheet
from xiangyue.sheets.stream import Stream, open_streams


def only(content: bytes, name: str = "户册.xlsx") -> Stream:
    stream = open_streams(content, name).only()
    assert stream
    return stream


def test_rows_are_walked_through_as_often_as_one_likes() -> None:
    stream = only(one_sheet([[], ["", "户 号", "姓名"], [], ["", "003", " 田禾生 "]]))
    assert [(column.index, column.header, column.letter) for column in stream.columns] == [
        (1, "户号", "B"),
        (2, "姓名", "C"),
    ]
    for _time in range(2):
        assert list(stream.rows()) == [(3, ["", "", ""]), (4, ["", "003", " 田禾生 "])]


def test_a_csv_and_an_old_workbook_are_walked_through_alike() -> None:
    for content, name in (
        ("户号,姓名\n003,田禾生\n".encode("gb18030"), "户册.csv"),
        (old_excel.workbook("户册", [["户号", "姓名"], ["003", "田禾生"]]), "户册.xls"),
    ):
        stream = only(content, name)
        assert list(stream.rows()) == [(2, ["003", "田禾生"])]


def test_sheets_are_found_by_name_and_empty_ones_don_t_count() -> None:
    def fill(book: Any) -> None:
        book.add_worksheet("空")
        book.add_worksheet("任职").write(0, 0, "姓名")

    streams = open_streams(workbook(fill), "a.xlsx")
    assert streams.find("户册") is None
    assert streams.find("空") is None
    found = streams.only()
    assert found
    assert (found.sheet, found.table().headers) == ("任职", ("姓名",))
    assert open_streams(workbook(two), "a.xlsx").only() is None
    with pytest.raises(EmptySheet):
        open_streams(one_sheet([]), "a.xlsx").only()


def two(book: Any) -> None:
    for _each in "ab":
        book.add_worksheet().write(0, 0, "户号")


def test_columns_are_insisted_on() -> None:
    stream = only("户号,户号,姓名\n1,2,3,4\n".encode(), "a.csv")
    with pytest.raises(MissingColumns):
        stream.require(["地址"])
    with pytest.raises(RepeatedColumns):
        stream.require(["户号"])
    ((number, values),) = stream.rows()
    with pytest.raises(StrayText) as refusal:
        stream.refuse_stray(number, values)
    assert refusal.value.facts["address"] == "D2"


@pytest.mark.parametrize("content", [b"\xff\xff\xff,\x81", "户号".encode("utf-16"), b"a\0b"])
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableSheet):
        open_streams(content, "a.csv")


def scrambled(whole: bytes, place: int) -> bytes:
    return whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]


def test_a_damaged_sheet_is_refused_when_it_is_laid_out() -> None:
    whole = one_sheet([["户号"], *([str(number)] for number in range(2000))])
    with zipfile.ZipFile(io.BytesIO(whole)) as package:
        part = package.getinfo("xl/worksheets/sheet1.xml")
    begin = part.header_offset + 30 + len(part.filename)
    assert part.compress_size > 2000
    for place in range(begin, begin + part.compress_size, 97):
        with pytest.raises(UnreadableSheet) as refusal:
            list(only(scrambled(whole, place)).rows())
        assert type(refusal.value) is UnreadableSheet
        assert refusal.value.facts == {"name": "户册.xlsx"}


def test_a_file_that_is_damaged_elsewhere_is_refused_or_read_as_it_was() -> None:
    whole = one_sheet([["户号"], *([str(number)] for number in range(2000))])
    rows = list(only(whole).rows())
    refused = 0
    for place in range(200, len(whole), 331):
        try:
            assert list(only(scrambled(whole, place)).rows()) == rows
        except UnreadableSheet:
            refused += 1
    assert refused > 70  # of 78


def test_merged_areas_and_blind_cells_are_told() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("户册 & 名单")
    sheet.merge_range(0, 0, 0, 1, "标题")
    sheet.write_row(1, 0, ["户号", "姓名"])
    sheet.merge_range(2, 0, 3, 0, "003")
    sheet.merge_range(2, 5, 3, 5, "远")
    sheet.write_formula(4, 1, "=1/0", None, "#DIV/0!")
    sheet.write_formula(5, 1, "=A5", None, "")
    sheet.write_formula(6, 1, "=A5", None, "田禾生")
    book.close()
    stream = only(target.getvalue())
    assert stream.heading == 1
    assert stream.merged() == [((2, 0), (3, 0))]
    assert dict(stream.layout.blind) == {(5, 1): "#DIV/0!", (6, 1): "=A5"}
