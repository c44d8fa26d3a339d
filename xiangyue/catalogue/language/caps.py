"""Limits as they are written: one each (Cap), and all of 上限 together (Limits). Pure."""

from dataclasses import dataclass, replace

from xiangyue.catalogue.language import words
from xiangyue.catalogue.rules.model import Limit, Multiplier
from xiangyue.catalogue.rules.terms import Counting, Layer, Side, Whose, Window
from xiangyue.catalogue.rules.worth import (
    Bands,
    CaseByCase,
    Discretion,
    PerUnit,
    Range,
    StepTable,
    Unit,
    Worth,
)

SHARED = (Whose.GROUP, Whose.GRID, Whose.VILLAGE, Whose.EVERYONE)


@dataclass(frozen=True, slots=True)
class Cap:
    """One limit as it is written. None: not said. unit: of an amount that is neither points nor times."""

    counting: Counting
    amount: int
    window: Window | None = None
    whose: Whose | None = None
    layer: Layer = Layer.ITEM
    side: Side = Side.EACH
    unit: Unit | None = None

    def limit(self, whose: Whose) -> Limit:
        """Give the limit, once its window is known. whose: for whom it counts if the text doesn't say."""
        assert self.window is not None
        return Limit(self.counting, self.amount, self.window, self.whose or whose, self.layer, self.side)

    def settled(self, worth: Worth) -> tuple["Cap", str]:
        """Give the limit with a window, and the code of what was taken as usual where the text names none.

        Points for a measured amount, or between bounds, are capped in each single deed (每小时2分，最多10分); points
        for each time are capped within the year; what counts once counts once for ever.
        """
        if self.window is not None:
            return self, ""
        if self.counting is Counting.TIMES and self.amount == 1 and self.whose not in SHARED:
            return replace(self, window=Window.ONCE), "limit-for-ever"
        if self.counting is Counting.POINTS and self.layer is Layer.ITEM and _caps_each(worth, self.amount):
            return replace(self, window=Window.TIME), "limit-per-time"
        return replace(self, window=Window.YEAR), "limit-per-year"


def _caps_each(worth: Worth, most: int) -> bool:
    """Whether points without a window are the most that a single deed brings."""
    if isinstance(worth, PerUnit | Bands | StepTable):
        happens = worth.unit.name in words.EVENTS or worth.unit.name[0] in words.EVENTS - {"场"}
        return worth.over is None and not happens
    if isinstance(worth, Range | Discretion | CaseByCase):
        return worth.high is None or most <= worth.high
    return False


@dataclass(frozen=True, slots=True)
class Limits:
    """What 上限 says. least: a minimum award, centipoints. to_nothing: 扣完为止. full: 满分100 of the whole sheet.

    highest: the same fact counts once, by the highest. multipliers: some stand here (党员加倍). discretion: what the
    judges look at stands here (视情节). kept: something was said that the rule has no place for (照价赔偿).
    """

    caps: tuple[Cap, ...] = ()
    least: int = 0
    to_nothing: bool = False
    full: int = 0
    highest: bool = False
    multipliers: tuple[Multiplier, ...] = ()
    discretion: bool = False
    kept: bool = False
