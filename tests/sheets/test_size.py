import io
import zipfile

import pytest

from tests.sheets.test_read import one_sheet, workbook
from xiangyue.sheets import size
from xiangyue.sheets.read import read_tables
from xiangyue.sheets.refusals import SheetTooLarge, SheetWithMacros, UnreadableSheet


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


@pytest.mark.parametrize(
    "sheet",
    [
        b"<row r='1048576'><c><v>1</v></c></row><row r='1'>" + b"<c><v>1</v></c>" * 16_384 + b"</row>",
        b"<row>" + b"<c><v>1</v></c>" * 50 + b'</row><row r="1048576"><c><v>1</v></c></row>',
        b'<c s=">" r="XFD1048576"><v>1</v></c>',
        b'<c r="A1"><v>1</v></c><x:c r="XFD1048576"><v>1</v></x:c>',
        b'<c r="A380000"><v>1</v></c><c r="AA1"><v>1</v></c>',
    ],
)
def test_no_spelling_hides_a_cell(sheet: bytes) -> None:
    with pytest.raises(SheetTooLarge):
        size.check_size(package(sheet), "a.xlsx")


@pytest.mark.parametrize(
    "sheet",
    [
        b'<row r="1"><c r="A1"><v>1</v></c></row>',
        b'<cols><col min="1"/></cols><c r="Z379999"><v>1</v></c>',
        b'<c r="A1"><v>1</v></c><c r="XFD1048576" s="1"/>',
        b"<row><c><v>1</v></c><c><v>1</v></c></row>" * 1000,
    ],
)
def test_what_fits_passes_however_it_is_spelt(sheet: bytes) -> None:
    assert size.check_size(package(sheet), "a.xlsx") == frozenset()


def test_a_sheet_is_measured_wherever_it_lies() -> None:
    content = package(b'<c r="A1"><v>1</v></c>', "xl/elsewhere.xml", b'<c r="XFD1048576"><v>1</v></c>')
    with pytest.raises(SheetTooLarge):
        size.check_size(content, "a.xlsx")


def test_a_text_that_never_ends_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(size, "_PIECE_LIMIT", 3 << 20)
    with pytest.raises(SheetTooLarge):
        size.check_size(package(b"<c>" + b"x" * (8 << 20)), "a.xlsx")


def test_parts_with_errors_and_formulas_are_named() -> None:
    assert size.check_size(package(b'<c r="A1" t="e"><v>#N/A</v></c>'), "a.xlsx") == {SHEET}
    assert size.check_size(package(b'<c r="A1"><f>A2</f><v>1</v></c>'), "a.xlsx") == {SHEET}


def test_macros_are_refused() -> None:
    with pytest.raises(SheetWithMacros):
        size.check_size(package(b"", "xl/vbaProject.bin", b"\0"), "a.xlsm")


SHEET = "xl/worksheets/sheet1.xml"


def package(sheet: bytes, other: str = "", content: bytes = b"") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", "<workbook/>")
        made.writestr(SHEET, b"<sheetData>" + sheet + b"</sheetData>")
        if other:
            made.writestr(other, content)
    return target.getvalue()
