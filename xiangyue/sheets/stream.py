"""Reading large sheets row by row: nothing is held but the file itself, laid out by the reader."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from xiangyue.sheets.read import Table, cell_text, column_letter, decoded, header_of, table_of
from xiangyue.sheets.refusals import EmptySheet, MissingColumns, RepeatedColumns, StrayText, UnreadableSheet
from xiangyue.sheets.workbooks import Area, Layout, Sheets, is_workbook, open_sheets


@dataclass(frozen=True)
class Column:
    """A column of a sheet: index from 0, its normalised header, its letter in Excel."""

    index: int
    header: str
    letter: str


@dataclass(frozen=True)
class Stream:
    """One sheet to be walked through. columns: those with a header. heading: the header row's number, from 1.

    Whoever uses a stream calls `require` first; sheets that nobody asks for may look as they like.
    """

    sheet: str
    columns: tuple[Column, ...]
    heading: int
    layout: Layout

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(column.header for column in self.columns)

    def rows(self) -> Iterator[tuple[int, list[object]]]:
        """Give every row below the headers with its number; empty ones too. Raises: UnreadableSheet (a .csv)."""
        rows = enumerate(self.layout.rows(), 1)
        for number, _values in rows:
            if number == self.heading:
                break
        return rows

    def require(self, headers: Iterable[str]) -> None:
        """Insist on columns, none of which stands there twice. Raises: MissingColumns, RepeatedColumns."""
        missing = [header for header in headers if header not in self.headers]
        if missing:
            raise MissingColumns(sheet=self.sheet, columns=missing)
        repeated = [header for header, count in Counter(self.headers).items() if count > 1]
        if repeated:
            raise RepeatedColumns(sheet=self.sheet, columns=repeated)

    def refuse_stray(self, number: int, values: Sequence[object]) -> None:
        """Refuse text that stands under no header: it would be lost. Raises: StrayText."""
        headed = {column.index for column in self.columns}
        for index, value in enumerate(values):
            if index not in headed and cell_text(value):
                raise StrayText(sheet=self.sheet, address=f"{column_letter(index)}{number}")

    def merged(self) -> list[Area]:
        """Give the merged areas that reach below the headers and into a column that has one."""
        headed = {column.index for column in self.columns}
        return [
            ((top, left), (bottom, right))
            for (top, left), (bottom, right) in self.layout.merged
            if bottom >= self.heading and not headed.isdisjoint(range(left, right + 1))
        ]

    def table(self) -> Table:
        """Read the whole sheet, for those that are small."""
        table = table_of(self.sheet, self.layout.rows())
        assert table  # it has a header row
        return table


class Streams:
    """A file opened for walking through its sheets."""

    def __init__(self, name: str, sheets: Sheets) -> None:
        self._name, self._sheets = name, sheets

    def find(self, sheet: str) -> Stream | None:
        """Give a sheet that has a header row, by its name. Raises: UnreadableSheet."""
        return _stream(sheet, self._sheets[sheet]()) if sheet in self._sheets else None

    def only(self) -> Stream | None:
        """Give the one sheet with anything in it, whatever its name; None if there are more.

        Raises: EmptySheet where there is none; UnreadableSheet.
        """
        filled = [stream for sheet in self._sheets if (stream := self.find(sheet))]
        if not filled:
            raise EmptySheet(name=self._name)
        return filled[0] if len(filled) == 1 else None


def open_streams(content: bytes, name: str) -> Streams:
    """Open a file for walking through it: .xlsx, .xls, .csv (UTF-8, or else GB18030; its sheet is named like the file).

    Raises: UnreadableSheet (also as SheetLocked, SheetTooLarge, SheetWithMacros), EmptySheet.
    """
    if is_workbook(content):
        return Streams(name, open_sheets(content, name))
    if PurePath(name).suffix.lower() not in (".csv", ".txt"):
        raise UnreadableSheet(name=name)
    if not content.strip():
        raise EmptySheet(name=name)
    if b"\0" in content:  # UTF-16, or a damaged file
        raise UnreadableSheet(name=name)
    try:
        text = decoded(content)
    except UnicodeDecodeError:
        raise UnreadableSheet(name=name) from None
    return Streams(name, {PurePath(name).stem: lambda: Layout(lambda: _csv_rows(text, name))})


def _csv_rows(text: str, name: str) -> Iterator[list[object]]:
    try:
        for row in csv.reader(io.StringIO(text, newline="")):
            yield list(row)
    except csv.Error:
        raise UnreadableSheet(name=name) from None


def _stream(sheet: str, layout: Layout) -> Stream | None:
    for number, values in enumerate(layout.rows(), 1):
        headers = [header_of(value) for value in values]
        if any(headers):
            columns = (Column(i, header, column_letter(i)) for i, header in enumerate(headers) if header)
            return Stream(sheet, tuple(columns), number, layout)
    return None
