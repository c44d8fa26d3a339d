"""Opening Excel workbooks, and surviving what comes as one.

The reader ends the whole process when it is asked for more memory than there is, and some damaged files make
it ask. A .xlsx is measured first (`size`); a .xls can't be, so that it is read in a process of its own.
"""

import io
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, cast

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from xiangyue.sheets.blind import Blind, blind_cells
from xiangyue.sheets.refusals import SheetLocked, UnreadableSheet
from xiangyue.sheets.size import check_size

INSTRUCTIONS: Final = "填表说明"  # the sheet of this name is written for people, and not read

Grids = list[tuple[str, Sequence[Sequence[object]]]]
Area = tuple[tuple[int, int], tuple[int, int]]  # first and last (row, column), from 0

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_MEMORY: Final = 2 << 30
_SECONDS: Final = 120
_LOCKED: Final = 3  # exit code of the process apart


def is_workbook(content: bytes) -> bool:
    """Tell by its first bytes whether a file may be a workbook. Names can't be trusted."""
    return content.startswith((_ZIP, _OLE))


@dataclass(frozen=True)
class Layout:
    """A sheet laid out in memory. rows: a fresh walk over its rows of values, from A1 on.

    merged: areas of cells that were merged; all but their first cells are empty. blind: cells that only look empty.
    """

    rows: Callable[[], Iterator[list[object]]]
    merged: Sequence[Area] = ()
    blind: Blind = field(default_factory=dict)


Sheets = dict[str, Callable[[], Layout]]  # by name; a sheet is laid out when it is asked for


def open_workbook(content: bytes, name: str) -> Grids:
    """Give the visible sheets of an .xlsx or .xls file, each as rows of values from A1 on, by name.

    Raises: UnreadableSheet, SheetLocked, SheetTooLarge, SheetWithMacros.
    """
    return [(sheet, list(lay().rows())) for sheet, lay in open_sheets(content, name).items()]


def open_sheets(content: bytes, name: str) -> Sheets:
    """Give the visible sheets of an .xlsx or .xls file, to be walked through without a copy of every cell.

    Raises: UnreadableSheet, SheetLocked, SheetTooLarge, SheetWithMacros; so does laying out a sheet.
    """
    if _ENCRYPTED in content and content.startswith(_OLE):
        raise SheetLocked(name=name)
    with _refusing(name):
        if content.startswith(_OLE):
            return {sheet: _laid_apart(grid) for sheet, grid in _grids_apart(content)}
        telling = check_size(content, name)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        blind = blind_cells(content, telling) if telling else {}
        return {sheet: _layer(workbook, sheet, blind, name) for sheet in _visible(workbook)}


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    try:
        yield
    except PasswordError:
        raise SheetLocked(name=name) from None
    except (CalamineError, OSError, ValueError):
        raise UnreadableSheet(name=name) from None


def _layer(
    workbook: CalamineWorkbook, sheet: str, blind: Mapping[str, Blind], name: str
) -> Callable[[], Layout]:
    def lay_out() -> Layout:
        with _refusing(name):
            found = workbook.get_sheet_by_name(sheet)
            return Layout(lambda: _rows(found), found.merged_cell_ranges or (), blind.get(sheet, {}))

    return lay_out


def _laid_apart(grid: Sequence[Sequence[object]]) -> Callable[[], Layout]:
    return lambda: Layout(lambda: map(list, grid))


def _rows(sheet: CalamineSheet) -> Iterator[list[object]]:
    rows = cast("Iterator[list[object]]", sheet.iter_rows())
    missing: list[object] = [""] * (
        sheet.start[1] if sheet.start else 0
    )  # columns left of the first filled one
    return (missing + row for row in rows) if missing else rows


def _visible(workbook: CalamineWorkbook) -> list[str]:
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ is SheetTypeEnum.WorkSheet
        and sheet.visible is SheetVisibleEnum.Visible
        and sheet.name != INSTRUCTIONS
    ]


def _grids(content: bytes) -> Grids:
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        return [
            (sheet, workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False))
            for sheet in _visible(workbook)
        ]


def _grids_apart(content: bytes) -> Grids:
    """Read in a process that may fail in whatever way it likes. Raises: PasswordError, CalamineError."""
    command = [sys.executable, "-m", __name__]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise CalamineError from None
    if done.returncode == _LOCKED:
        raise PasswordError
    if done.returncode:
        raise CalamineError
    grids: Grids = pickle.loads(done.stdout)  # noqa: S301 - written by this very module
    return grids


def _limit_memory() -> None:
    if os.name == "posix":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _main() -> None:
    _limit_memory()
    try:
        grids = _grids(sys.stdin.buffer.read())
    except PasswordError:
        sys.exit(_LOCKED)
    sys.stdout.buffer.write(pickle.dumps(grids))


if __name__ == "__main__":
    _main()
