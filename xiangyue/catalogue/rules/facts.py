"""What is known of one share of a deed when it is judged. Pure.

Units: points in centipoints, amounts in base units of the item's unit (minutes, fen, hundredths).
"""

from dataclasses import dataclass
from datetime import date

from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.terms import Level, Severity, Side, Trait, demand
from xiangyue.catalogue.rules.worth import MOST_AMOUNT


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one share. What an item does not ask for is left out.

    day: of the act. amount: of what is counted. level, rank, severity, row: which row of a table it falls in.
    chosen: points that the judges gave, a magnitude; scores: each judge's figure where the median counts.
    side: of an item with two. like: the item that it is scored like. faulty: whether a fault was found where
    full marks are given without one. activity: id, for limits per activity.
    traits, kinds, members: of the subject; members is the size of the household. role: played in the deed.
    repeated: an earlier fault under the item is still valid. began: the scheme's first day there.
    place, participants: which of how many shares it is, from 0 in the order of their ids; parts: all given parts
    in that order, magnitudes. balance: what a reset would clear. corrected: whether the fault was corrected.
    """

    day: date
    amount: int | None = None
    level: Level | None = None
    rank: int | None = None
    severity: Severity | None = None
    row: str = ""
    chosen: int | None = None
    scores: tuple[int, ...] = ()
    reason: str = ""
    side: Side | None = None
    like: Item | None = None
    faulty: bool = False
    activity: str = ""
    traits: frozenset[Trait] = frozenset()
    kinds: frozenset[str] = frozenset()
    members: int = 1
    role: str = ""
    repeated: bool = False
    began: date | None = None
    place: int = 0
    participants: int = 1
    parts: tuple[int, ...] = ()
    balance: int | None = None
    corrected: bool = False

    def __post_init__(self) -> None:
        demand(self.amount is None or 0 < self.amount <= MOST_AMOUNT, "amount-not-positive")
        demand(self.side is not Side.EACH, "facts-on-two-sides")
        demand(self.members > 0, "household-without-members")
        demand(0 <= self.place < self.participants, "place-among-participants")
        demand(not self.parts or len(self.parts) == self.participants, "parts-of-participants")
        demand(min(self.parts, default=0) >= 0, "part-negative")


@dataclass(frozen=True, slots=True)
class Where:
    """Whose share it is, by opaque ids; None where there is nobody or nothing.

    person: the resident; None for a share of the household as such. fact: what it is about, where one fact falls
    under several items.
    """

    household: int
    person: int | None = None
    group: int | None = None
    grid: int | None = None
    village: int | None = None
    fact: str = ""
