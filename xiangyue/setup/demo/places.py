"""Where the demo plays: five jurisdictions with their official codes, and how many households live in which part.

Places and codes are real; who lives there and what happens is invented, down to the last household.
"""

from dataclasses import dataclass, replace
from typing import Final

from xiangyue.people.models import Level

PLAIN: Final = (Level.GRID, Level.GROUP)


@dataclass(frozen=True)
class Village:
    """A village with households. code: official, 12 digits. parts: households of each part just below it.

    shows: the planted case that plays here (`planted`), or "".
    """

    code: str
    parts: tuple[int, ...]
    shows: str = ""

    @property
    def households(self) -> int:
        return sum(self.parts)


@dataclass(frozen=True)
class Place:
    """A jurisdiction of the demo. slug: also its preset's key. division: official code.

    levels: what lies below a village. part: what its parts are called. group: households to a group.
    has_shop: whether points are redeemed in its villages.
    """

    slug: str
    preset: str
    division: str
    villages: tuple[Village, ...]
    levels: tuple[Level, Level] = PLAIN
    part: str = "网格"
    group: int = 10
    has_shop: bool = True

    @property
    def host(self) -> str:
        return f"{self.slug}.localhost"

    @property
    def households(self) -> int:
        return sum(village.households for village in self.villages)

    def small(self, households: int) -> "Place":
        """Give the same place with one judging unit of so many households: for tests of its rhythm."""
        first = self.villages[0]
        return replace(self, villages=(replace(first, parts=(households,), shows=""),), group=6)


PLACES: Final = {
    place.slug: place
    for place in (
        Place(
            "xihaian",
            "xihaian",
            "370211",
            (
                Village("370211102231", (22, 20)),  # 琅琊镇车轮山村
                Village("370211102233", (26, 22)),  # 库山村
                Village("370211102270", (38,)),  # 夏河村
            ),
            levels=(Level.GRID_VILLAGE, Level.GROUP),
            part="网格村",
            group=7,
        ),
        Place(
            "guyuan",
            "guyuan",
            "6404",
            (
                Village("640402106201", (22, 20)),  # 原州区彭堡镇硝沟村
                Village("640402106203", (21, 21, 18), shows="strict"),  # 闫堡村
                Village("640402106205", (24, 20)),  # 蒋口村
            ),
        ),
        Place(
            "cangcheng",
            "cangcheng",
            "440783104",
            (
                Village("440783104221", (62, 58, 70, 60), shows="favoured"),  # 联和村
                Village("440783104222", (66, 64, 72, 58)),  # 联兴村
            ),
        ),
        Place(
            "changshan",
            "changshan",
            "371681101",
            (Village("371681101271", (50, 48, 52)),),  # 柏林村
            levels=(Level.MICRO_GRID, Level.GROUP),
            part="微网格",
            group=8,
        ),
        Place(
            "qingcheng",
            "qingcheng",
            "621021",
            (
                Village("621021101203", (24, 22)),  # 驿马镇东滩村
                Village("621021101205", (26, 20)),  # 太乐村
                Village("621021101212", (22, 22, 20)),  # 花园村
                Village("621021104202", (24, 24), shows="falling"),  # 玄马镇柏树村
            ),
        ),
    )
}
