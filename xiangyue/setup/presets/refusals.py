"""How a preset's files are refused."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place of a preset.

    file: its name. key: in the TOML file the way to the key (scheme.base.points), in the table the cell (F12 or
    依据12), "" for the file as a whole. code: stable. text: one sentence that says what would be right.
    """

    file: str
    key: str
    code: str
    text: str

    def __str__(self) -> str:
        return _("%(file)s　%(key)s：%(text)s") % asdict(self) if self.key else f"{self.file}：{self.text}"


class PresetRefused(Refusal):
    """A preset's files can't be used as they stand. Facts: file, count, first. `faults` has all of them."""

    code = "preset-refused"
    message = gettext_lazy("方案“%(file)s”有%(count)s处要改，什么都没有用。先看这一处：%(first)s")
    field = "preset"

    def __init__(self, file: str, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        super().__init__(file=file, count=len(self.faults), first=str(self.faults[0]))

    def as_dict(self) -> dict[str, Any]:
        """Give the refusal as plain data, with every fault."""
        return {**super().as_dict(), "problems": [asdict(fault) for fault in self.faults]}
