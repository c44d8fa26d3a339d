"""Planted cases: what goes wrong in the demo on purpose, so that reports have something to find.

Nobody in the demo notices them. What a report must find stands with each case; tests/setup/demo/test_planted.py
holds that it is there.
"""

from dataclasses import dataclass
from typing import Final

from xiangyue.setup.demo.families import CLAN
from xiangyue.setup.demo.names import FAVOURED


@dataclass(frozen=True)
class Case:
    """One planted case. key: as in `places.Village.shows`. finds: what a report about it must say."""

    key: str
    slug: str
    village: str
    finds: str


CASES: Final = (
    Case(
        "favoured",
        "cangcheng",
        "440783104221",
        "The 槐 family (households 052 to 056 of 联和村): one grid leader brings three more deeds a month for each of "
        "them than for others, always with the most points that the item allows, and never a deduction.",
    ),
    Case(
        "strict",
        "guyuan",
        "640402106203",
        "The leader of 闫堡村's first grid gives about a third of the points at the weekly hygiene contest that the "
        "leaders of the other grids give.",
    ),
    Case(
        "falling",
        "qingcheng",
        "621021104202",
        "柏树村: month after month fewer households stand on the notice; in the sixth fewer than half of those in the "
        "first.",
    ),
)
EXTRA_DEEDS: Final = 3  # a month, for each household of the favoured family
_LAST: Final = 0.2  # of how readily people took part in the first month is left in the last


@dataclass(frozen=True)
class Bias:
    """How a village's planted case bends its month. shows: the case's key. at: from 0 in the first month to 1."""

    shows: str
    at: float

    def takes_part(self) -> float:
        """Give by what participation is multiplied."""
        return 1 - (1 - _LAST) * self.at if self.shows == "falling" else 1.0

    def is_favoured(self, number: str) -> bool:
        """Tell whether a household is of the favoured family."""
        return self.shows == "favoured" and int(number) in CLAN

    def lean(self, lean: float, number: str, part: str) -> float:
        """Bend where in a range the points lie that somebody asks for, from 0 for the least to 1 for the most."""
        if self.is_favoured(number):
            return 1.0
        if self.shows == "strict" and part.startswith("第一"):
            return lean * 0.2
        return lean


assert FAVOURED in CASES[0].finds
