"""How much a run measures."""

from dataclasses import dataclass

from xiangyue.scoring.operations.hanging import HOUSEHOLDS_OF_A_PART

VILLAGE = 691  # households; ten such villages are a town, a hundred a county
GRIDS = 3  # of a village, so that each is posted as one part
assert -(-VILLAGE // GRIDS) <= HOUSEHOLDS_OF_A_PART
SHOP = 50  # households to one shop, and to one issuer of awards


@dataclass(frozen=True)
class Scale:
    """counties: their sizes in households, one after another. runs: of which the median counts.

    seconds: how long the tills stay open in one run. months: settled and sealed before the auditor comes. audits: how
    many times it comes.
    """

    counties: tuple[int, ...]
    runs: int
    seconds: int
    months: int
    audits: int


FULL = Scale(counties=(691, 6_910, 69_100), runs=5, seconds=2, months=10, audits=3)
SMALL = Scale(counties=(691, 6_910), runs=3, seconds=2, months=6, audits=1)
TINY = Scale(counties=(30,), runs=1, seconds=1, months=2, audits=1)  # shows that everything still runs


def lines_of(households: int) -> int:
    """Give how many decided lines a month brings these households: 500,000 to a county of 69,100."""
    return households * 500_000 // 69_100
