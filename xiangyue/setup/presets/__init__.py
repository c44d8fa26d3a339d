"""The ready schemes, as data: a TOML file with the rules and a table with the catalogue (DOMAIN §8)."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any

from xiangyue.people.models import Body, Capacity, Level
from xiangyue.people.offices import Office
from xiangyue.people.operations.register import RegisteredOffice, RegisteredSeat
from xiangyue.setup.refusals import UnknownPreset


@dataclass(frozen=True)
class Preset:
    """One ready scheme. The catalogue is a CSV table in the form that RULES.md describes.

    admit_at_founding: whether every judging unit issues points from the first day, or joins step by step.
    offices, seats: the register of offices. retention_years: how long data is kept after somebody has left.
    """

    key: str
    name: str
    summary: str
    judging_level: str
    notice_days: int
    quorum_percent: int
    unit_word: str
    admit_at_founding: bool
    catalogue_name: str
    catalogue_file: str
    catalogue: bytes
    keeps_id_numbers: bool
    retention_years: int
    offices: tuple[RegisteredOffice, ...]
    seats: tuple[RegisteredSeat, ...]


def names() -> list[str]:
    """Give the keys of all presets."""
    files = resources.files(__name__).iterdir()
    return sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml"))


def load(key: str) -> Preset:
    """Read a preset. Raises: UnknownPreset, naming those that exist."""
    if key not in names():
        raise UnknownPreset(preset=key, known="、".join(names()))
    folder = resources.files(__name__)
    data = tomllib.loads((folder / f"{key}.toml").read_text(encoding="utf-8"))
    return Preset(
        key=key,
        name=data["name"],
        summary=data["summary"],
        **data["scoring"],
        **data["joining"],
        catalogue_name=data["catalogue"]["name"],
        catalogue_file=data["catalogue"]["file"],
        catalogue=(folder / data["catalogue"]["file"]).read_bytes(),
        **data["people"],
        offices=tuple(_offices(data["offices"])),
        seats=tuple(_seats(data["seats"])),
    )


def _offices(tables: list[dict[str, Any]]) -> Iterator[RegisteredOffice]:
    """Read the offices: one table says the same about an office at one level or several."""
    for table in tables:
        rules = dict(table)
        office, levels = Office(rules.pop("office")), rules.pop("levels")
        for level in levels:
            yield RegisteredOffice(office=office, level=Level(level), **rules)


def _seats(tables: list[dict[str, Any]]) -> Iterator[RegisteredSeat]:
    """Read the bodies: one table for each, with how many of which capacity it must have."""
    for table in tables:
        least = dict(table)
        body = Body(least.pop("body"))
        for capacity, count in least.items():
            yield RegisteredSeat(body=body, capacity=Capacity(capacity), least=count)
