"""Opening Excel workbooks, and surviving what comes as one.

The reader ends the whole process when it is asked for more memory than there is, and some damaged files make
it ask. A .xlsx is measured first (`size`); a .xls can't be, so that it is read in a process of its own.
"""

import io
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from xiangyue.sheets.refusals import SheetLocked, UnreadableSheet
from xiangyue.sheets.size import check_size

INSTRUCTIONS: Final = "填表说明"  # the sheet of this name is written for people, and not read

Grids = list[tuple[str, Sequence[Sequence[object]]]]

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_MEMORY: Final = 2 << 30
_SECONDS: Final = 120
_LOCKED: Final = 3  # exit code of the process apart


def is_workbook(content: bytes) -> bool:
    """Tell by its first bytes whether a file may be a workbook. Names can't be trusted."""
    return content.startswith((_ZIP, _OLE))


def open_workbook(content: bytes, name: str) -> Grids:
    """Give the visible sheets of an .xlsx or .xls file, each as rows of values from A1 on, by name.

    Raises: UnreadableSheet, SheetLocked, SheetTooLarge.
    """
    if _ENCRYPTED in content and content.startswith(_OLE):
        raise SheetLocked(name=name)
    try:
        if content.startswith(_OLE):
            return _grids_apart(content)
        check_size(content, name)
        return _grids(content)
    except PasswordError:
        raise SheetLocked(name=name) from None
    except (CalamineError, OSError, ValueError):
        raise UnreadableSheet(name=name) from None


def _grids(content: bytes) -> Grids:
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        return [
            (sheet.name, workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False))
            for sheet in workbook.sheets_metadata
            if sheet.typ is SheetTypeEnum.WorkSheet
            and sheet.visible is SheetVisibleEnum.Visible
            and sheet.name != INSTRUCTIONS
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
