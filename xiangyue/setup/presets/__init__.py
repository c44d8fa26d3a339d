"""The ready schemes, as data: a TOML file with the rules and a table with the catalogue (DOMAIN §8)."""

import tomllib
from dataclasses import dataclass
from importlib import resources

from xiangyue.setup.refusals import UnknownPreset


@dataclass(frozen=True)
class Preset:
    """One ready scheme. The catalogue is a CSV table in the form that RULES.md describes."""

    key: str
    name: str
    summary: str
    judging_level: str
    notice_days: int
    quorum_percent: int
    unit_word: str
    catalogue_name: str
    catalogue_file: str
    catalogue: bytes


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
        catalogue_name=data["catalogue"]["name"],
        catalogue_file=data["catalogue"]["file"],
        catalogue=(folder / data["catalogue"]["file"]).read_bytes(),
    )
