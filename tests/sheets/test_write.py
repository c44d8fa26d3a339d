import io
import zipfile
from datetime import date

from xiangyue.sheets.read import read_tables
from xiangyue.sheets.write import Column, SheetForm, write_workbook

COLUMNS = (
    Column("户号", 6, hint="门牌上的户号，前面的0也要写"),
    Column("性别", 4, choices=("男", "女")),
    Column("人数", 4, as_text=False),
    Column("起", 8, as_text=False),
)


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name).decode()


def test_what_is_written_reads_back() -> None:
    rows = [("003", "男", 4, date(2026, 10, 5)), ("=1+1", "女", None, None)]
    content = write_workbook([SheetForm("户册", COLUMNS, rows, notes=("一人一行。",))])
    (table,) = read_tables(content, "a.xlsx")
    assert table.sheet == "户册"
    assert [[cell.text for cell in row.cells.values()] for row in table.rows] == [
        ["003", "男", "4", "2026-10-05"],
        ["=1+1", "女", "", ""],
    ]


def test_the_same_sheets_give_the_same_bytes() -> None:
    form = SheetForm("户册", COLUMNS, [("003", "男", 4, date(2026, 10, 5))])
    assert write_workbook([form]) == write_workbook([form])


def test_headers_are_frozen_and_choices_offered() -> None:
    content = write_workbook([SheetForm("户册", COLUMNS)])
    sheet = part(content, "xl/worksheets/sheet1.xml")
    assert 'state="frozen"' in sheet
    assert '"男,女"' in sheet
    assert 'prompt="门牌上的户号，前面的0也要写"' in sheet
    assert 'width="14.7' in sheet  # six Chinese characters are twelve columns, and a little air


def test_instructions_say_how_to_fill_in_each_column() -> None:
    content = write_workbook([SheetForm("户册", COLUMNS, notes=("一人一行。",))])
    assert 'name="填表说明"' in part(content, "xl/workbook.xml")
    strings = part(content, "xl/sharedStrings.xml")
    assert all(text in strings for text in ("一人一行。", "门牌上的户号，前面的0也要写", "男、女"))
    assert "填表说明" not in part(write_workbook([SheetForm("户册", [Column("户号")])]), "xl/workbook.xml")


def test_a_long_list_of_choices_lies_in_a_hidden_sheet() -> None:
    choices = tuple(f"第{number}联户组青禾村" for number in range(60))
    content = write_workbook([SheetForm("户册", [Column("联户组", choices=choices)], [("第3联户组青禾村",)])])
    assert "'选项-户册-联户组'!$A$1:$A$60" in part(content, "xl/worksheets/sheet1.xml")
    assert 'state="hidden"' in part(content, "xl/workbook.xml")
    assert [table.sheet for table in read_tables(content, "a.xlsx")] == ["户册"]
