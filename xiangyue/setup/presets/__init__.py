"""The ready schemes, as data: a TOML file with the scheme and a table with the catalogue (DOMAIN §8, docs/presets.md).

A county may bring a scheme of its own in the same form: wherever a key stands, the path of a .toml file may stand.
"""

import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final, Protocol

from django.utils.translation import gettext as _

from xiangyue.setup.presets.checking import Checked, check_files
from xiangyue.setup.presets.model import Preset
from xiangyue.setup.presets.refusals import Fault, PresetRefused
from xiangyue.setup.presets.scheme_toml import document, dump
from xiangyue.setup.refusals import UnknownPreset

__all__ = ["Checked", "Preset", "check", "document", "dump", "files_of", "load", "name_of", "names"]

SUFFIX: Final = ".toml"
KEY_FORM: Final = re.compile(r"[a-z][a-z0-9_-]{0,29}")


class _Folder(Protocol):
    """What a folder of this package and one of the machine have in common."""

    def joinpath(self, name: str, /) -> "_File": ...


class _File(Protocol):
    def read_bytes(self) -> bytes: ...


def names() -> list[str]:
    """Give the keys of all presets that come along."""
    files = resources.files(__name__).iterdir()
    return sorted(file.name.removesuffix(SUFFIX) for file in files if file.name.endswith(SUFFIX))


def load(preset: str) -> Preset:
    """Give a preset by its key, or one's own by the path of its .toml file.

    Raises: UnknownPreset, naming those that exist; PresetRefused, with everything that is wrong.
    """
    if preset.endswith(SUFFIX):
        checked = check(Path(preset))
        if checked.preset is None or checked.faults:
            raise PresetRefused(Path(preset).name, checked.faults)
        return checked.preset
    if preset not in names():
        raise UnknownPreset(preset=preset, known="、".join(names()))
    return _ready(preset)


def check(file: Path) -> Checked:
    """Check one's own preset: everything that is wrong with its TOML file and its table."""
    if not KEY_FORM.fullmatch(file.stem) or file.suffix != SUFFIX:
        text = _(
            "文件名要用小写字母打头，只用小写字母、数字、-、_，最多30个，后面是.toml，例如 taoyuan.toml。"
        )
        return Checked(None, [Fault(file.name, "", "preset-bad-name", text)])
    return _checked(file.stem, file.parent)


def name_of(preset: str) -> str:
    """Name a county's preset; one's own is known by its key alone."""
    return _ready(preset).name if preset in names() else preset


def files_of(preset: Preset) -> dict[str, bytes]:
    """Give a preset's files by name, as they were written, comments included."""
    return {f"{preset.key}{SUFFIX}": preset.source, preset.catalogue_file: preset.catalogue}


@cache
def _ready(key: str) -> Preset:
    checked = _checked(key, resources.files(__name__))
    if checked.preset is None or checked.faults:
        raise PresetRefused(f"{key}{SUFFIX}", checked.faults)
    return checked.preset


def _checked(key: str, folder: _Folder) -> Checked:
    name = f"{key}{SUFFIX}"
    try:
        source = folder.joinpath(name).read_bytes()
    except OSError:
        text = _("没有这个文件，或者打不开。")
        return Checked(None, [Fault(name, "", "file-unreadable", text)])
    return check_files(key, source, lambda table: folder.joinpath(table).read_bytes())
