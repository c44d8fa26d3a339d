import io
import zipfile

import pytest

from tests.sheets.test_read import one_sheet, workbook
from xiangyue.sheets import size
from xiangyue.sheets.read import read_tables
from xiangyue.sheets.refusals import SheetTooLarge, UnreadableSheet


def test_one_stray_cell_at_the_far_end_does_not_take_all_memory() -> None:
    def fill(made: object) -> None:
        sheet = made.add_worksheet("户册")  # type: ignore[attr-defined]
        sheet.write(0, 0, "户号")
        sheet.write(1_048_575, 16_383, "x")

    with pytest.raises(SheetTooLarge):
        read_tables(workbook(fill), "a.xlsx")


def test_formatted_but_empty_cells_far_away_do_no_harm() -> None:
    def fill(made: object) -> None:
        sheet = made.add_worksheet("户册")  # type: ignore[attr-defined]
        sheet.write_column(0, 0, ["户号", "003"])
        sheet.write_blank(1_048_575, 16_383, None, made.add_format({"bold": True}))  # type: ignore[attr-defined]

    (table,) = read_tables(workbook(fill), "a.xlsx")
    assert len(table.rows) == 1


@pytest.mark.parametrize("address", ["AAAA1", "A99999999", "XFD1048576"])
@pytest.mark.parametrize(
    "cell", ['<c r="{}"><v>1</v></c>', "<c s='1' r = '{}' t='n'><v>1</v></c>", '<x:c r="{}">']
)
def test_addresses_are_found_however_they_are_written(address: str, cell: str) -> None:
    with pytest.raises(SheetTooLarge):
        size.check_size(package(cell.format(address).encode()), "a.xlsx")


def test_an_address_across_two_chunks_is_found() -> None:
    filler = b'<c r="A1"><v>1</v></c>'
    content = filler * ((1 << 20) // len(filler)) + b'<c r="XFD1048576"><v>1</v></c>'
    with pytest.raises(SheetTooLarge):
        size.check_size(package(content), "a.xlsx")


def test_a_package_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = one_sheet([["户号"], ["1"]])
    size.check_size(content, "a.xlsx")
    monkeypatch.setattr(size, "UNPACKED_LIMIT", 1000)
    with pytest.raises(SheetTooLarge):
        size.check_size(content, "a.xlsx")


def test_another_kind_of_package_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("word/document.xml", "<w/>")
    with pytest.raises(UnreadableSheet):
        read_tables(target.getvalue(), "a.docx")


def package(sheet: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", "<workbook/>")
        made.writestr("xl/worksheets/sheet1.xml", b"<sheetData>" + sheet + b"</sheetData>")
    return target.getvalue()
