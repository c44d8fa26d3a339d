"""How large a workbook would be in memory, found out before it is laid out there; and what else its parts give away."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Final

from xiangyue.sheets.refusals import SheetTooLarge, SheetWithMacros, UnreadableSheet

CELL_LIMIT: Final = 10_000_000
UNPACKED_LIMIT: Final = 500 * 1024 * 1024

_CHUNK: Final = 1 << 20
_PIECE_LIMIT: Final = 16 << 20
_LETTERS, _DIGITS = 3, 7  # of XFD1048576, the last cell that Excel has
_ROW_LIMIT: Final = 1 << 20

# What the fast look passes over: a cell that names its place first of all, in columns A to Z above row 380,000. Not
# one of them lies outside of 9,880,000 cells. Any other spelling of a cell, and any other place, is looked at closely.
_UNUSUAL_CELL: Final = re.compile(
    rb"""<c(?![A-Za-z0-9_.-]|\ r="[A-Z](?:[0-9]{1,5}|[12][0-9]{5}|3[0-7][0-9]{4})")""", re.VERBOSE
)
_PREFIXED_CELL: Final = re.compile(rb"<[^<>\s/!?:]+:c[\s/>]")
# A row or a cell with what follows its name.
_TAG: Final = re.compile(rb"""<(?:[^<>\s/!?:]+:)?(c|row)(?=[\s/>])((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>""")
_PLACE: Final = re.compile(rb"""(?:^|\s)r\s*=\s*["']([A-Z]*)([0-9]+)["']""")
_ERROR: Final = b't="e"'
_FORMULA: Final = re.compile(rb"<(?:[^<>\s/!?:]+:)?f[\s/>]")


def check_size(content: bytes, name: str) -> frozenset[str]:
    """Refuse an .xlsx file that would not fit into memory, and whatever else lies in a ZIP.

    The reader lays out the whole rectangle up to a sheet's last filled cell. One stray cell at XFD1048576, in
    a file of five kilobytes, asks for half a terabyte and ends the process before anything could be refused.
    Gives the names of the parts with errors (#N/A) or formulas in them, which the reader may show as empty.
    Raises: SheetTooLarge, SheetWithMacros, UnreadableSheet.
    """
    telling = set()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            if all(part.filename != "xl/workbook.xml" for part in parts):
                raise UnreadableSheet(name=name)
            if any(part.filename.endswith("vbaProject.bin") for part in parts):
                raise SheetWithMacros(name=name)
            if sum(part.file_size for part in parts) > UNPACKED_LIMIT:
                raise SheetTooLarge(name=name)
            for part in parts:  # whatever its name: a workbook says itself which of its parts are sheets
                if _check_part(package, part, name):
                    telling.add(part.filename)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise UnreadableSheet(name=name) from None
    return frozenset(telling)


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> bool:
    """Refuse a part that is too large as a sheet; tell whether it holds errors or formulas."""
    with package.open(part) as file:
        telling, usual = _looked_over(file, name)
    if not usual:
        with package.open(part) as file:
            telling = _check_area(file, name)
    return telling


def _looked_over(file: IO[bytes], name: str) -> tuple[bool, bool]:
    """Tell whether there are errors or formulas, and whether every cell is spelt and placed as usual."""
    telling = False
    for text in _chunks(file, name):
        telling = telling or _tells(text)
        if _UNUSUAL_CELL.search(text) or (b":c" in text and _PREFIXED_CELL.search(text)):
            return False, False
    return telling, True


def _tells(text: bytes) -> bool:
    return _ERROR in text or bool(_FORMULA.search(text))


def _check_area(file: IO[bytes], name: str) -> bool:
    """Refuse a worksheet whose rectangle from A1 to its last filled row and column has too many cells.

    A cell that does not say where it is stands to the right of the one before it; a row likewise below. Tells
    whether there are errors or formulas.
    """
    row = column = last_row = last_column = 0
    telling = False
    for text in _chunks(file, name):
        telling = telling or _tells(text)
        for tag, attributes in _TAG.findall(text):
            place = _PLACE.search(attributes)
            if tag == b"row":
                row, column = (_row_number(place[2], name) if place else row + 1), 0
                continue
            column += 1
            if place and place[1]:
                column, row = _column_number(place[1], name), _row_number(place[2], name)
            if not attributes.endswith(b"/"):
                last_row, last_column = max(last_row, row), max(last_column, column)
        if last_row * last_column > CELL_LIMIT:
            raise SheetTooLarge(name=name)
    return telling


def _chunks(file: IO[bytes], name: str) -> Iterator[bytes]:
    """Give a part in pieces that are cut between tags. Raises: SheetTooLarge for a tag or text that fills it alone."""
    rest = b""
    while chunk := file.read(_CHUNK):
        rest += chunk
        cut = rest.rfind(b"<")
        if cut > 0:
            yield rest[:cut]
            rest = rest[cut:]
        elif len(rest) > _PIECE_LIMIT:
            raise SheetTooLarge(name=name)
    if rest:
        yield rest


def _row_number(digits: bytes, name: str) -> int:
    if len(digits) > _DIGITS or int(digits) > _ROW_LIMIT:
        raise SheetTooLarge(name=name)
    return int(digits)


def _column_number(letters: bytes, name: str) -> int:
    if len(letters) > _LETTERS:
        raise SheetTooLarge(name=name)
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
