"""What a deed is worth by itself: the closed union of value forms (RULES "Values"). Pure.

Points are centipoints and always magnitudes: the direction of the item, or the side of the facts, says the sign.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar

from xiangyue.catalogue.rules.terms import (
    MOST,
    Bar,
    Layer,
    Level,
    Measure,
    RankStyle,
    Severity,
    Window,
    demand,
)
from xiangyue.catalogue.rules.times import ForGood, Term, ToYearEnd

UNIT_LENGTH = 20
MOST_AMOUNT = 10**15  # base units: ten million million yuan in fen
MOST_ROWS = 50
RESET_WINDOWS = (Window.MONTH, Window.QUARTER, Window.HALF_YEAR, Window.YEAR, Window.ONCE)
_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Unit:
    """What is counted. name: as people say it (小时, 元, 亩, 个). size: base units of the measure in one unit.

    小时 is 60 minutes, 元 is 100 fen, 万元 is 1,000,000 fen, 亩 or 个 is 100 hundredths.
    """

    name: str
    measure: Measure = Measure.HUNDREDTHS
    size: int = 100

    def __post_init__(self) -> None:
        demand(0 < len(self.name) <= UNIT_LENGTH, "unit-name", self.name)
        demand(0 < self.size <= MOST_AMOUNT, "unit-size", str(self.size))
        if self.measure is Measure.HUNDREDTHS:
            demand(self.size == 100, "unit-size", str(self.size))


HOUR = Unit("小时", Measure.MINUTES, 60)
MINUTE = Unit("分钟", Measure.MINUTES, 1)
YUAN = Unit("元", Measure.FEN, 100)
TEN_THOUSAND_YUAN = Unit("万元", Measure.FEN, 1_000_000)


@dataclass(frozen=True, slots=True)
class Fixed:
    """Always the same."""

    points: int

    def __post_init__(self) -> None:
        _points(self.points)


@dataclass(frozen=True, slots=True)
class Range:
    """The judges choose within bounds, both included."""

    low: int
    high: int

    def __post_init__(self) -> None:
        _bounds(self.low, self.high)


@dataclass(frozen=True, slots=True)
class Discretion:
    """The judges choose within bounds and write down the reason (酌情10-50)."""

    low: int
    high: int

    def __post_init__(self) -> None:
        _bounds(self.low, self.high)


@dataclass(frozen=True, slots=True)
class CaseByCase:
    """Decided for each case by itself (一事一议). Bounds only where the rule sets some."""

    low: int | None = None
    high: int | None = None

    def __post_init__(self) -> None:
        for bound in (self.low, self.high):
            if bound is not None:
                _points(bound)
        if self.low is not None and self.high is not None:
            demand(self.low <= self.high, "range-backwards")


Cell = Fixed | Range | Discretion | CaseByCase


@dataclass(frozen=True, slots=True)
class PerUnit:
    """So many points for every batch of a quantity: every hour, every 50 cigarette butts, every 2 hours.

    per: size of a batch in base units (an hour is 60 minutes, 50 butts are 5,000 hundredths, 100 yuan are
    10,000 fen). whole: only full batches count; otherwise a part counts for its part, rounded half away from
    zero. over: the window in which quantities add up, so that leftovers of one deed count with the next; None
    where each deed stands by itself.
    """

    unit: Unit
    per: int
    points: int
    whole: bool
    over: Window | None = None

    def __post_init__(self) -> None:
        demand(0 < self.per <= MOST_AMOUNT, "batch-not-positive", str(self.per))
        _points(self.points)
        _window(self.over)


@dataclass(frozen=True, slots=True)
class Band:
    """One stretch of amounts with a rate of its own: above `above` up to and including `up_to` (None: no end).

    per, points, whole: as PerUnit. Amounts in base units: 1001—5000元，每400元1分 is above 100,000 fen, up to
    500,000, per 40,000, points 100.
    """

    above: int
    up_to: int | None
    per: int
    points: int
    whole: bool = True

    def __post_init__(self) -> None:
        demand(0 <= self.above <= MOST_AMOUNT, "band-bounds")
        demand(self.up_to is None or self.above < self.up_to <= MOST_AMOUNT, "band-bounds")
        demand(0 < self.per <= MOST_AMOUNT, "batch-not-positive", str(self.per))
        _points(self.points)


@dataclass(frozen=True, slots=True)
class Bands:
    """Points by amount, at a rate that changes with the amount.

    by_parts: every part of the amount counts at the rate of the band it lies in, as with a tax; otherwise the
    whole amount counts at the rate of the band that it falls in. What lies in no band counts nothing.
    over: as PerUnit, only by parts.
    """

    unit: Unit
    bands: tuple[Band, ...]
    by_parts: bool = False
    over: Window | None = None

    def __post_init__(self) -> None:
        demand(0 < len(self.bands) <= MOST_ROWS, "table-rows")
        for lower, upper in pairwise(self.bands):
            demand(lower.up_to is not None and lower.up_to <= upper.above, "bands-overlap")
        _window(self.over)
        demand(self.over is None or self.by_parts, "adding-up-needs-parts")


@dataclass(frozen=True, slots=True)
class Step:
    """From this amount on (base units), so many points."""

    start: int
    points: int

    def __post_init__(self) -> None:
        demand(0 <= self.start <= MOST_AMOUNT, "step-start")
        _points(self.points)


@dataclass(frozen=True, slots=True)
class StepTable:
    """The highest step that the amount reaches gives the points, below the first there are none.

    open: a step begins above its start (1万元以上，不含本数), not at it (达到10小时). over: the window in which
    quantities add up (累计达到): a deed then gives what its step gives beyond the step reached before it.
    """

    unit: Unit
    steps: tuple[Step, ...]
    open: bool = False
    over: Window | None = None

    def __post_init__(self) -> None:
        demand(0 < len(self.steps) <= MOST_ROWS, "table-rows")
        for lower, upper in pairwise(self.steps):
            demand(lower.start < upper.start, "steps-not-rising")
            demand(self.over is None or lower.points <= upper.points, "steps-not-rising")
        _window(self.over)


@dataclass(frozen=True, slots=True)
class Levels:
    """By level of the award, in rising order of the levels: 村级5、镇级10、县级20."""

    rows: tuple[tuple[Level, Cell], ...]

    def __post_init__(self) -> None:
        _rows(self.rows)


@dataclass(frozen=True, slots=True)
class Ranks:
    """By rank, 1 being the best: 第1名10, or 一等10、二等8."""

    rows: tuple[tuple[int, Cell], ...]
    style: RankStyle = RankStyle.PLACE

    def __post_init__(self) -> None:
        _rows(self.rows)
        demand(all(0 < rank <= 1000 for rank, _cell in self.rows), "rank-not-positive")


@dataclass(frozen=True, slots=True)
class LevelRanks:
    """By level and rank: each row is a level with its cells for rank 1, 2, … (国家级40/30/20、区级5/3/2)."""

    rows: tuple[tuple[Level, tuple[Cell, ...]], ...]
    style: RankStyle = RankStyle.PLACE

    def __post_init__(self) -> None:
        _rows(self.rows)
        demand(all(0 < len(cells) <= MOST_ROWS for _level, cells in self.rows), "table-rows")


@dataclass(frozen=True, slots=True)
class Severities:
    """By how grave a fault is: 一般5、较重10、严重20、特别严重50. names: the village's own words, if others."""

    rows: tuple[tuple[Severity, Cell], ...]
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _rows(self.rows)
        demand(not self.names or len(self.names) == len(self.rows), "names-do-not-fit")


@dataclass(frozen=True, slots=True)
class Named:
    """By a named case: 考上本科30、考上专科20."""

    rows: tuple[tuple[str, Cell], ...]

    def __post_init__(self) -> None:
        _rows(self.rows)
        demand(all(0 < len(name) <= 60 for name, _cell in self.rows), "row-name")


@dataclass(frozen=True, slots=True)
class ByAnalogy:
    """Scored as a like item is. like: number of that item; empty where the meeting names it in each case."""

    like: str = ""


Table = Levels | Ranks | LevelRanks | Severities | Named
Plain = Cell | PerUnit | Bands | StepTable | Table


@dataclass(frozen=True, slots=True)
class FromFull:
    """Full marks less what the faults take, never below zero (满分8分，每处扣0.5，扣完为止).

    fault: what faults take; None where the judges choose between nothing and full marks. The facts describe the
    faults; without any, full marks are given.
    """

    full: int
    fault: Plain | None = None

    def __post_init__(self) -> None:
        _points(self.full)


@dataclass(frozen=True, slots=True)
class ByKind:
    """The same act, other points by kind of subject: 贫困户50、一般农户100. other: for kinds not listed."""

    rows: tuple[tuple[str, Plain], ...]
    other: Plain | None = None

    def __post_init__(self) -> None:
        _rows(self.rows)
        demand(all(0 < len(kind) <= 60 for kind, _worth in self.rows), "row-name")


@dataclass(frozen=True, slots=True)
class Both:
    """One item with a side that awards and a side that deducts (红星加3、黄星扣2); the facts say which."""

    award: Plain | ByKind
    deduction: Plain | ByKind


@dataclass(frozen=True, slots=True)
class Reset:
    """Sets the whole balance, or one category's points, to `to`.

    repaired: what a correction turns it into (当年改正的，改为扣60分), None where nothing does; it never takes more
    than the reset would. window: of whose points it clears, that of the day of the act (当年积分清零); ONCE is all
    that there is, from whatever year.
    """

    what: Layer = Layer.ALL
    to: int = 0
    repaired: int | None = None
    window: Window = Window.ONCE

    def __post_init__(self) -> None:
        demand(self.what is not Layer.ITEM, "reset-of-an-item")
        demand(self.window in RESET_WINDOWS, "reset-of-no-window")
        demand(0 <= self.to <= MOST, "points-out-of-bounds")
        if self.repaired is not None:
            _points(self.repaired)


@dataclass(frozen=True, slots=True)
class Veto:
    """Bars for a term whatever the points are (取消当年和次年兑换资格)."""

    term: Term
    bars: frozenset[Bar] = frozenset({Bar.REDEMPTION, Bar.HONOURS})

    def __post_init__(self) -> None:
        demand(bool(self.bars), "veto-bars-nothing")
        demand(not isinstance(self.term, ForGood), "veto-without-end")  # CONDUCT: it ends by itself


@dataclass(frozen=True, slots=True)
class Downgrade:
    """Sets the grade whatever the points are (降为B级). to: the name of a grade; steps: or so many lower."""

    to: str = ""
    steps: int = 0
    term: Term = field(default_factory=ToYearEnd)

    def __post_init__(self) -> None:
        demand(not isinstance(self.term, ForGood), "downgrade-without-end")  # CONDUCT: it ends by itself
        demand(bool(self.to) != bool(self.steps), "downgrade-to-what")
        demand(0 <= self.steps <= MOST_ROWS and len(self.to) <= 60, "downgrade-to-what")


Leaf = Cell | PerUnit | Bands | StepTable
Event = Reset | Veto | Downgrade
Worth = Plain | FromFull | ByKind | Both | ByAnalogy | Event


def _points(points: int) -> None:
    demand(0 < points <= MOST, "points-out-of-bounds", str(points))


def _bounds(low: int, high: int) -> None:
    _points(low)
    _points(high)
    demand(low < high, "range-backwards", f"{low}..{high}")


def _window(over: Window | None) -> None:
    demand(over not in (Window.TIME, Window.ACTIVITY), "adds-up-over-no-window")


def _rows(rows: tuple[tuple[_Key, object], ...]) -> None:
    demand(0 < len(rows) <= MOST_ROWS, "table-rows", str(len(rows)))
    demand(len({key for key, _cell in rows}) == len(rows), "row-twice")
