"""Reading sheets that people filled in: .xlsx, .xls and .csv become rows of cells that know their place."""

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import PurePath
from typing import NamedTuple

from xiangyue.sheets.refusals import (
    EmptySheet,
    MissingColumns,
    RepeatedColumns,
    StrayText,
    UnreadableSheet,
)
from xiangyue.sheets.workbooks import is_workbook, open_workbook


class Cell(NamedTuple):
    """One cell. text: as a person reads it; value: as the file has it; column: its letter in Excel."""

    text: str
    value: object
    column: str


class Row(NamedTuple):
    """One filled row. number: as Excel shows it, from 1. cells: one for every header of the table."""

    sheet: str
    number: int
    cells: dict[str, Cell]

    def text(self, header: str) -> str:
        """Give a cell's text, empty if the table has no such column."""
        cell = self.cells.get(header)
        return cell.text if cell else ""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its headers, normalised by `header_of`, and its filled rows.

    stray: the address of the first text that stands under no header (`J5`), or empty.
    Whoever uses a table calls `require` first; sheets that nobody asks for may look as they like.
    """

    sheet: str
    headers: tuple[str, ...]
    rows: list[Row]
    stray: str = ""

    def require(self, headers: Iterable[str]) -> None:
        """Insist on columns, and on headers under which every text has one place.

        Raises: MissingColumns, RepeatedColumns, StrayText.
        """
        missing = [header for header in headers if header not in self.headers]
        if missing:
            raise MissingColumns(sheet=self.sheet, columns=missing)
        repeated = [header for header, count in Counter(self.headers).items() if count > 1]
        if repeated:
            raise RepeatedColumns(sheet=self.sheet, columns=repeated)
        if self.stray:
            raise StrayText(sheet=self.sheet, address=self.stray)


def read_tables(content: bytes, name: str) -> list[Table]:
    """Read every visible sheet of a file that has a header row; the first filled row is the header.

    Empty rows, sheets without any text, hidden sheets and the instruction sheet are left out.
    A CSV file (UTF-8, or else GB18030) is one table, named like the file.
    Raises: UnreadableSheet (also as SheetLocked, SheetTooLarge), EmptySheet.
    """
    grids = _grids(content, name)
    tables = [table for sheet, grid in grids if (table := table_of(sheet, grid)) is not None]
    if not tables:
        raise EmptySheet(name=name)
    return tables


def header_of(text: object) -> str:
    """Normalise a header: full-width forms become plain ones, blanks and line breaks go."""
    return "".join(unicodedata.normalize("NFKC", cell_text(text)).split())


def column_letter(index: int) -> str:
    """Name a column by its index from 0, as Excel does: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_text(value: object) -> str:
    """Write a cell's value as a person reads it: stripped, 2026-10-05 for a day, 3 for 3.0, "" for None."""
    match value:
        case None:
            return ""
        case str():
            return _clean(value)
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return _figure(value)
        case datetime():
            whole_day = value.time() == time.min
            return value.date().isoformat() if whole_day else value.isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat("minutes")
        case _:
            return str(value)


def _clean(text: str) -> str:
    """Drop what can't be seen (zero-width and control characters, NUL among them), but keep line breaks."""
    if not text.isprintable():
        text = "".join(
            character
            for character in text
            if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
        )
    return text.strip()


def _figure(value: float) -> str:
    if value.is_integer():
        return str(int(value))
    shown = f"{value:.15g}"  # as many digits as Excel shows: 0.3, not 0.30000000000000004
    return f"{Decimal(shown):f}"


def table_of(sheet: str, grid: Iterable[Sequence[object]]) -> Table | None:
    """Read a sheet's rows; None if there is no text in it."""
    lines = _filled(grid)
    first = next(lines, None)
    if first is None:
        return None
    _number, _values, heads = first
    columns = [
        (index, header, column_letter(index))
        for index, text in enumerate(heads)
        if (header := header_of(text))
    ]
    headed = {index for index, _header, _letter in columns}
    rows, stray = [], ""
    for number, values, texts in lines:
        cells = {
            header: Cell(texts[index], values[index], letter)
            if index < len(texts)
            else Cell("", None, letter)
            for index, header, letter in columns
        }
        if any(cell.text for cell in cells.values()):
            rows.append(Row(sheet, number, cells))
        if not stray:
            loose = next((index for index, text in enumerate(texts) if text and index not in headed), None)
            stray = "" if loose is None else f"{column_letter(loose)}{number}"
    return Table(sheet, tuple(header for _index, header, _letter in columns), rows, stray)


def _filled(grid: Iterable[Sequence[object]]) -> Iterator[tuple[int, Sequence[object], list[str]]]:
    for number, values in enumerate(grid, 1):
        texts = [cell_text(value) for value in values]
        if any(texts):
            yield number, values, texts


def _grids(content: bytes, name: str) -> Iterable[tuple[str, Iterable[Sequence[object]]]]:
    if is_workbook(content):
        return open_workbook(content, name)
    if PurePath(name).suffix.lower() in (".csv", ".txt"):
        return [(PurePath(name).stem, _csv(content, name))]
    raise UnreadableSheet(name=name)


def _csv(content: bytes, name: str) -> list[list[str]]:
    if not content.strip():
        raise EmptySheet(name=name)
    try:
        return list(csv.reader(io.StringIO(decoded(content), newline="")))
    except (UnicodeDecodeError, csv.Error):
        raise UnreadableSheet(name=name) from None


def decoded(content: bytes) -> str:
    """Read a text file's characters: UTF-8, or else GB18030. Raises: UnicodeDecodeError."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")
