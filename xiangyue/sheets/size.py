"""How large a workbook would be in memory, found out before it is laid out there."""

import io
import re
import zipfile
import zlib
from typing import IO, Final

from xiangyue.sheets.refusals import SheetTooLarge, UnreadableSheet

CELL_LIMIT: Final = 10_000_000
UNPACKED_LIMIT: Final = 500 * 1024 * 1024

_CHUNK: Final = 1 << 20
_LETTERS, _DIGITS = 3, 7  # of XFD1048576, the last cell that Excel has
# The address of a cell that holds something: no "/>" at the end of its tag.
_FILLED_CELL: Final = re.compile(rb"""\sr\s*=\s*["']([A-Z]+)([0-9]+)["'][^<>]*(?<!/)>""")


def check_size(content: bytes, name: str) -> None:
    """Refuse an .xlsx file that would not fit into memory, and whatever else lies in a ZIP.

    The reader lays out the whole rectangle up to a sheet's last filled cell. One stray cell at XFD1048576, in
    a file of five kilobytes, asks for half a terabyte and ends the process before anything could be refused.
    Raises: SheetTooLarge, UnreadableSheet.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            if all(part.filename != "xl/workbook.xml" for part in parts):
                raise UnreadableSheet(name=name)
            if sum(part.file_size for part in parts) > UNPACKED_LIMIT:
                raise SheetTooLarge(name=name)
            for part in parts:
                if part.filename.startswith("xl/worksheets/"):
                    with package.open(part) as sheet:
                        _check_area(sheet, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise UnreadableSheet(name=name) from None


def _check_area(sheet: IO[bytes], name: str) -> None:
    """Refuse a worksheet whose rectangle from A1 to its last filled row and column has too many cells."""
    last_row, columns, rest = 0, set(), b""
    while chunk := sheet.read(_CHUNK):
        text = rest + chunk
        cut = text.rfind(b"<")
        text, rest = text[:cut], text[cut:]
        for letters, digits in _FILLED_CELL.findall(text):
            if len(letters) > _LETTERS or len(digits) > _DIGITS:
                raise SheetTooLarge(name=name)
            columns.add(letters)
            last_row = max(last_row, int(digits))
    if last_row * max(map(_column_number, columns), default=0) > CELL_LIMIT:
        raise SheetTooLarge(name=name)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
