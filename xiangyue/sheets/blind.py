"""Cells that the reader shows as empty although something stands in them: errors, and formulas without a result.

Excel writes #N/A where a formula fails; and programs that write formulas without computing them leave no result at
all. Whoever takes such a cell for an empty one loses what was meant.
"""

import io
import re
import zipfile
from collections.abc import Collection, Mapping
from typing import Final
from xml.etree import ElementTree

Blind = Mapping[tuple[int, int], str]  # (row from 1, column from 0) -> what stands there: "#N/A", "=A2"

_MOST: Final = 10_000  # cells of one sheet; who has more sees the pattern by then
_INDEX_LIMIT: Final = 1 << 20
_WINDOW: Final = 4096  # bytes of a cell that are looked at: a formula, and its result
_CELL: Final = re.compile(rb"""<(?:\w+:)?c(?=\s)((?:[^<>"']|"[^"<]*"|'[^'<]*')*)(?<!/)>""")
_END: Final = re.compile(rb"</(?:\w+:)?c>")
_PLACE: Final = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_ERROR: Final = re.compile(rb"""\st\s*=\s*["']e["']""")
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>([^<]*)<)")
_VALUE: Final = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>([^<]*)<")
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def blind_cells(content: bytes, parts: Collection[str]) -> dict[str, Blind]:
    """Give the blind cells of a readable workbook by the sheet's name. parts: those that have any, perhaps."""
    found: dict[str, Blind] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for sheet, part in _sheets(package).items():
            if part in parts:
                found[sheet] = _blind(package.read(part))
    return found


def _sheets(package: zipfile.ZipFile) -> dict[str, str]:
    """Give the part of each sheet by the sheet's name; nothing where the package's index is out of the ordinary."""
    try:
        targets = {
            each.get("Id"): _full(each.get("Target", ""))
            for each in _tree(package, "xl/_rels/workbook.xml.rels")
        }
        sheets = (each for each in _tree(package, "xl/workbook.xml").iter() if each.tag.endswith("}sheet"))
        return {each.get("name", ""): targets.get(each.get(_RELATION), "") for each in sheets}
    except (KeyError, ElementTree.ParseError, ValueError):
        return {}


def _tree(package: zipfile.ZipFile, part: str) -> ElementTree.Element:
    if package.getinfo(part).file_size > _INDEX_LIMIT:
        raise ValueError(part)
    return ElementTree.fromstring(package.read(part))  # noqa: S314 - small, and expat stops what grows


def _full(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _blind(xml: bytes) -> Blind:
    found: dict[tuple[int, int], str] = {}
    for cell in _CELL.finditer(xml):
        attributes, inside = cell[1], xml[cell.end() : cell.end() + _WINDOW]
        end = _END.search(inside)
        inside = inside[: end.start()] if end else inside
        place = _PLACE.search(attributes)
        value, formula = _VALUE.search(inside), _FORMULA.search(inside)
        if place is None or not (_ERROR.search(attributes) or (formula and not (value and value[1]))):
            continue
        shown = value[1] if value and value[1] else b"=" + ((formula[1] if formula else b"") or b"")
        found[int(place[2]), _index(place[1])] = shown.decode(errors="replace")
        if len(found) == _MOST:
            break
    return found


def _index(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
