"""The official division codes of China, province to village: looked up in files that ship with the package.

State of 2023-06-30; SOURCE.md tells where they come from. No models, no network.

A code says where its division lies: 44 | 07 | 83 | 104 | 220 is province, city, county, town, village. Every
division has a parent at the level just above. `tools/divisions.py` writes the files and describes their form.
"""

import bz2
import json
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from itertools import islice, takewhile
from typing import Any, Final

from xiangyue.setup.divisions.refusals import (
    MalformedDivisionCode,
    PaddedDivisionCode,
    UnknownDivision,
    UnknownProvince,
)

__all__ = ["Division", "Level", "ancestors", "counts", "find", "full_name", "search", "tree"]


class Level(StrEnum):
    """The five levels of administration, from the top."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"


_LEVELS: Final = {2: Level.PROVINCE, 4: Level.CITY, 6: Level.COUNTY, 9: Level.TOWN, 12: Level.VILLAGE}
_PARENT_DIGITS: Final = {2: 0, 4: 2, 6: 4, 9: 6, 12: 9}

_HEADINGS: Final = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
# Jiayuguan has no counties. Other such cities repeat themselves as county 00; this one is numbered 01.
_JIAYUGUAN: Final = "620201"


@dataclass(frozen=True, slots=True)
class Division:
    """One division, named as the National Bureau of Statistics names it.

    code: 2, 4, 6, 9 or 12 digits by level, never filled up with zeros.
    parent: the code of the division just above; None for a province.
    """

    code: str
    name: str
    level: Level
    parent: str | None

    @property
    def is_filler(self) -> bool:
        """Whether the statistics put it there only so that no level is left out; nobody governs it.

        Either a heading where cities stand (市辖区 of a municipality, 省直辖县级行政区划), or a city without
        counties that appears once more as its own county (东莞市: 4419, 441900); so does 金门县 as its town.
        """
        if self.level is Level.CITY:
            return self.name in _HEADINGS
        own_digits = self.code[len(self.parent or "") :]
        return not own_digits.strip("0") or self.code == _JIAYUGUAN


def find(code: str) -> Division:
    """Give the division of this code. Raises UnknownDivision, which says how far the code was right."""
    if not (code.isascii() and code.isdigit() and len(code) in _LEVELS):
        raise MalformedDivisionCode(code_asked=code, length=len(code))
    found = _get(code)
    if found is None:
        raise _unknown(code)
    return found


def ancestors(code: str) -> list[Division]:
    """Give the divisions above this one, province first; none for a province. Raises UnknownDivision."""
    find(code)
    return [find(code[:digits]) for digits in _LEVELS if digits < len(code)]


def full_name(code: str) -> str:
    """Give the name as an address has it, 广东省江门市开平市苍城镇; fillers are left out.

    Raises UnknownDivision.
    """
    return "".join(division.name for division in [*ancestors(code), find(code)] if not division.is_filler)


def tree(code: str) -> list[Division]:
    """Give the division and everything below it, ordered by code, so parents come before their children.

    Raises UnknownDivision.
    """
    divisions = [find(code), *_below(code, _upper()), *_below(code, _villages(code[:2]))]
    return sorted(divisions, key=lambda division: division.code)


def search(name: str, *, under: str | None = None) -> list[Division]:
    """Find divisions by a part of their name: higher levels first, then by code. A blank name finds nothing.

    under: a code; looks only at that division and what lies below it, and only then among villages too.
    Raises UnknownDivision for `under`.
    """
    wanted = name.strip()
    if not wanted:
        return []
    if under is None:
        hits = list(_below("", _upper(), wanted))
    else:
        hits = [division for division in [find(under)] if wanted in division.name]
        hits += [*_below(under, _upper(), wanted), *_below(under, _villages(under[:2]), wanted)]
    return sorted(hits, key=lambda division: (len(division.code), division.code))


def counts() -> dict[Level, int]:
    """Give the number of divisions at each level, fillers included."""
    return {Level(level): number for level, number in _manifest()["counts"].items()}


def _get(code: str) -> Division | None:
    parent = code[: _PARENT_DIGITS[len(code)]]
    lines = _villages(code[:2]) if _LEVELS[len(code)] is Level.VILLAGE else _upper()
    siblings = (child for line in _starting(f"{parent}\t", lines) for child in _children(line))
    return next((division for division in siblings if division.code == code), None)


def _unknown(code: str) -> UnknownDivision:
    asked = {"code_asked": code, "digits": len(code), "level": _LEVELS[len(code)]}
    above = (_get(code[:digits]) for digits in sorted(_LEVELS, reverse=True) if digits < len(code))
    known = next((division for division in above if division), None)
    if known is None:
        return UnknownProvince(**asked, province=code[:2])
    asked |= {"known_code": known.code, "known_name": known.name}
    if not code[len(known.code) :].strip("0"):
        return PaddedDivisionCode(**asked)
    return UnknownDivision(**asked, from_digit=len(known.code) + 1)


def _below(code: str, lines: list[bytes], name: str = "") -> Iterator[Division]:
    """Yield the divisions below `code` that have `name` in their name."""
    part = name.encode()
    # Most lines are passed over without taking them apart.
    for line in _starting(code, lines):
        if part in line:
            yield from (child for child in _children(line) if name in child.name)


def _starting(prefix: str, lines: list[bytes]) -> Iterator[bytes]:
    start = prefix.encode()
    return takewhile(lambda line: line.startswith(start), islice(lines, bisect_left(lines, start), None))


def _children(line: bytes) -> Iterator[Division]:
    """Read one line: a parent's code, then its children's names, each numbered one up from the last.

    A field of digits gives the next child its number, and all numbers their width.
    """
    parent, *fields = line.decode().split("\t")
    number = width = 0
    for field in fields:
        if field.isascii():
            number, width = int(field), len(field)
            continue
        code = f"{parent}{number:0{width}}"
        yield Division(code, field, _LEVELS[len(code)], parent or None)
        number += 1


@lru_cache(maxsize=1)
def _upper() -> list[bytes]:
    return _unpacked("upper.bz2")


# A jurisdiction lies in one province; the largest takes 2 MB.
@lru_cache(maxsize=4)
def _villages(province: str) -> list[bytes]:
    return _unpacked(f"villages-{province}.bz2") if _get(province) else []


def _unpacked(name: str) -> list[bytes]:
    return bz2.decompress(files(__name__).joinpath("data", name).read_bytes()).splitlines()


@lru_cache(maxsize=1)
def _manifest() -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(
        files(__name__).joinpath("data", "manifest.json").read_text(encoding="utf-8")
    )
    return manifest
