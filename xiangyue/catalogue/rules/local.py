"""What a village adds and changes within the bounds of the frame above it (RULES "Local rules and process"). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from xiangyue.catalogue.rules.changes import PointBounds, beyond_change
from xiangyue.catalogue.rules.forms import by_amount, choices, rounded, times
from xiangyue.catalogue.rules.model import Item, Limit
from xiangyue.catalogue.rules.tariffs import table_rows
from xiangyue.catalogue.rules.terms import Counting, Direction, Side, Split, Whose, demand
from xiangyue.catalogue.rules.worth import (
    Bands,
    Both,
    ByKind,
    CaseByCase,
    Discretion,
    Downgrade,
    Fixed,
    FromFull,
    LevelRanks,
    Levels,
    Named,
    PerUnit,
    Range,
    Ranks,
    Severities,
    StepTable,
    Veto,
    Worth,
)

_SIDES = {
    Direction.AWARD: (Side.AWARD,),
    Direction.BASE: (Side.AWARD,),
    Direction.BOTH: (Side.AWARD, Side.DEDUCTION),
    Direction.DEDUCTION: (Side.DEDUCTION,),
    Direction.RESET: (Side.DEDUCTION,),
    Direction.DOWNGRADE: (Side.DEDUCTION,),
    Direction.VETO: (Side.DEDUCTION,),
}


@dataclass(frozen=True, slots=True)
class LocalBounds:
    """What a frame lets a village add: so many award and deduction items, each of so many centipoints at most.

    None: no bound. purposes: categories that local items must belong to; empty means any. The frame's own items
    are not counted. changes: which of these may get other points, and how far; empty means none.
    """

    awards: int | None = None
    deductions: int | None = None
    most: int | None = None
    purposes: frozenset[str] = frozenset()
    changes: tuple[PointBounds, ...] = ()

    def __post_init__(self) -> None:
        for bound in (self.awards, self.deductions, self.most):
            demand(bound is None or bound >= 0, "local-bound-negative")
        demand(len({bounds.whom for bounds in self.changes}) == len(self.changes), "change-twice")


@dataclass(frozen=True, slots=True)
class Beyond:
    """A bound that a village's items break. code: too-many-awards, too-many-deductions, too-many-points,
    outside-purpose, or what `beyond_change` says. item: the first that does, of changed ones each that does."""

    code: str
    item: Item


def beyond_bounds(items: Iterable[Item], bounds: LocalBounds) -> list[Beyond]:
    """Give every bound that is broken by the local and the changed ones among some items."""
    found, counts = [], {Side.AWARD: 0, Side.DEDUCTION: 0}
    allowed = {Side.AWARD: bounds.awards, Side.DEDUCTION: bounds.deductions}
    codes = {Side.AWARD: "too-many-awards", Side.DEDUCTION: "too-many-deductions"}
    for item in items:
        if item.frame is not None and (code := beyond_change(item, bounds.changes)):
            found.append(Beyond(code, item))
        if not item.local:
            continue
        for side in _SIDES[item.direction]:
            counts[side] += 1
            most = allowed[side]
            if most is not None and counts[side] == most + 1:
                found.append(Beyond(codes[side], item))
        largest = largest_of(item)
        if bounds.most is not None and (largest is None or largest > bounds.most):
            found.append(Beyond("too-many-points", item))
        if bounds.purposes and item.category not in bounds.purposes:
            found.append(Beyond("outside-purpose", item))
    return found


def largest_of(item: Item) -> int | None:
    """Give the most centipoints that one deed under the item can give or take; None where nothing bounds it.

    That is the largest of what the form or a season of its own gives, a season's factor (seasons never meet: of
    several the first counts), every multiplier of that side at once, the minimum award, and then the caps.
    """
    return _most(_largest_on(item, side) for side in _SIDES[item.direction])


def _largest_on(item: Item, side: Side) -> int | None:
    amount_cap = _amount_cap(item, side)
    most = _most(_largest(form, amount_cap) for form in _forms(item, side))
    seasonal = [
        _largest(season.worth, amount_cap) if season.worth else _times(most, season.factor)
        for season in item.seasons
    ]
    most = _most([most, *seasonal])
    for multiplier in item.multipliers:
        if multiplier.side in (side, Side.EACH):
            most = _times(most, max(multiplier.factor, 100))
    if most is not None and side is Side.AWARD:
        most = max(most, item.minimum)
    caps = [limit.amount for limit in _own_limits(item, side) if limit.counting is Counting.POINTS]
    return min((bound for bound in (most, *caps) if bound is not None), default=None)


def _forms(item: Item, side: Side) -> list[Worth]:
    """Give the forms by which a deed on a side may be judged, but for those of seasons."""
    if item.sharing.split is Split.BY_ROLE:
        return [row.worth for row in item.sharing.roles]
    if isinstance(item.worth, Both):
        return [item.worth.award if side is Side.AWARD else item.worth.deduction]
    return [item.worth]


def _own_limits(item: Item, side: Side) -> list[Limit]:
    """Give the limits that bound one deed of one household: a window's cap bounds each deed in it."""
    return [
        limit
        for limit in item.limits
        if limit.side in (side, Side.EACH) and not limit.shared and limit.whose is not Whose.FAMILY_MEMBER
    ]


def _amount_cap(item: Item, side: Side) -> int | None:
    caps = [limit.amount for limit in _own_limits(item, side) if limit.counting is Counting.AMOUNT]
    return min(caps, default=None)


def _times(points: int | None, factor: int) -> int | None:
    return None if points is None else times(points, factor)


def _largest(worth: Worth, amount_cap: int | None = None) -> int | None:
    """amount_cap: the most base units that count; None for no bound."""
    match worth:
        case PerUnit() | Bands():
            return None if amount_cap is None else _largest_amount(worth, amount_cap)
        case CaseByCase(_, None):
            return None
        case Fixed() | Range() | Discretion() | CaseByCase():
            return choices(worth)[1]
        case StepTable(_, steps):
            return max(step.points for step in steps)
        case Levels() | Ranks() | LevelRanks() | Severities() | Named():
            return _most(_largest(cell) for _row, cell in table_rows(worth))
        case FromFull(full):
            return full
        case ByKind(rows, other):
            plains = [*(plain for _kind, plain in rows), *([other] if other else [])]
            return _most(_largest(plain, amount_cap) for plain in plains)
        case Veto() | Downgrade():
            return 0
        case _:
            return None


def _largest_amount(worth: PerUnit | Bands, amount_cap: int) -> int:
    """Give the most that an amount up to a cap brings; with amounts that add up, leftovers of earlier deeds help."""
    if isinstance(worth, PerUnit):
        spare = worth.points if worth.over and worth.whole else 0
        return rounded(by_amount(worth, amount_cap)) + spare
    ends = [band.up_to for band in worth.bands if band.up_to is not None and band.up_to < amount_cap]
    most = max(rounded(by_amount(worth, amount)) for amount in (*ends, amount_cap))
    if not worth.by_parts or worth.over is None:
        return most
    # What adds up begins anywhere: no stretch of this length brings more than at the best rate throughout.
    best = max(Fraction(band.points, band.per) for band in worth.bands)
    return rounded(best * amount_cap) + sum(band.points for band in worth.bands)


def _most(bounds: Iterable[int | None]) -> int | None:
    known = list(bounds)
    return None if None in known else max((bound for bound in known if bound is not None), default=0)
