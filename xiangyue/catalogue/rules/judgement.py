"""What judging found: the points, and what every step did to them. Pure; `telling` puts it into words.

All points are magnitudes in centipoints unless a docstring says signed.
"""

from dataclasses import dataclass
from datetime import date

from xiangyue.catalogue.rules.model import Item, Limit, Multiplier, Season
from xiangyue.catalogue.rules.terms import Level, RankStyle, Severity, Side, Split
from xiangyue.catalogue.rules.worth import Downgrade, Leaf, Reset, Veto


@dataclass(frozen=True, slots=True)
class Row:
    """The row of a table that the facts fell in. name: the village's word, where it has one."""

    level: Level | None = None
    rank: int | None = None
    style: RankStyle = RankStyle.PLACE
    severity: Severity | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class ByForm:
    """What the value form gave. leaf: the form at the end of the way through tables and kinds.

    full: the full marks, where the leaf says what is taken from them, and taken: what it took; leaf is None where
    there was no fault, or the judges gave a figure. kind: of subject, like: title of the like item, role: where
    they chose the form. amount: counted now, earlier: counted before in the same window, base units.
    """

    leaf: Leaf | None
    points: int
    row: Row | None = None
    full: int | None = None
    taken: int = 0
    kind: str = ""
    like: str = ""
    role: str = ""
    amount: int | None = None
    earlier: int = 0
    scores: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class BySeason:
    """A season's factor; where a season has a worth of its own, points are what that gave."""

    season: Season
    points: int


@dataclass(frozen=True, slots=True)
class ByMultiplier:
    multiplier: Multiplier
    points: int


@dataclass(frozen=True, slots=True)
class BySharing:
    """total: of the whole deed. points: of this share."""

    split: Split
    total: int
    participants: int
    points: int


@dataclass(frozen=True, slots=True)
class ByMinimum:
    points: int


@dataclass(frozen=True, slots=True)
class ByRival:
    """The same fact counted already, `best` at most; only what goes beyond is left."""

    best: int
    points: int


@dataclass(frozen=True, slots=True)
class ByLimit:
    """A limit cut. cap: the limit for this household, before: what it had let through in the window, asked and
    points: what came to it and what is left, all in what the limit counts, but points in centipoints for a limit
    of times."""

    limit: Limit
    cap: int
    before: int
    asked: int
    points: int


@dataclass(frozen=True, slots=True)
class ByReset:
    """What a reset takes. repaired: the fault was corrected, and the gentler figure took its place."""

    reset: Reset
    balance: int
    repaired: bool
    points: int


@dataclass(frozen=True, slots=True)
class ByEvent:
    """A veto or a downgrade, which moves no points."""

    event: Veto | Downgrade
    points: int = 0


Note = ByForm | BySeason | ByMultiplier | BySharing | ByMinimum | ByRival | ByLimit | ByReset | ByEvent


@dataclass(frozen=True, slots=True)
class Asked:
    """What a share asks for, before rivals and limits. notes: what each step did. amount: that counts."""

    side: Side
    points: int
    amount: int | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """points, before_limits: signed. day: of the act. notes: every step in its order. amount: base units that
    count, if any."""

    item: Item
    day: date
    side: Side
    points: int
    before_limits: int
    amount: int | None
    notes: tuple[Note, ...]

    @property
    def cuts(self) -> tuple[ByLimit, ...]:
        """What limits, quotas and budgets took away."""
        return tuple(note for note in self.notes if isinstance(note, ByLimit))
