"""Items that a village adds within the bounds of the frame above it (RULES "Local rules and process"). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from xiangyue.catalogue.rules.forms import choices
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.tariffs import table_rows
from xiangyue.catalogue.rules.terms import Counting, Direction, demand
from xiangyue.catalogue.rules.worth import (
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
    Range,
    Ranks,
    Severities,
    StepTable,
    Veto,
    Worth,
)


@dataclass(frozen=True, slots=True)
class LocalBounds:
    """What a frame lets a village add: so many award and deduction items, each of so many centipoints at most.

    None: no bound. purposes: categories that local items must belong to; empty means any. The frame's own items
    are not counted.
    """

    awards: int | None = None
    deductions: int | None = None
    most: int | None = None
    purposes: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for bound in (self.awards, self.deductions, self.most):
            demand(bound is None or bound >= 0, "local-bound-negative")


@dataclass(frozen=True, slots=True)
class Beyond:
    """A bound that local items break. code: too-many-awards, too-many-deductions, too-many-points,
    outside-purpose. item: the first that does."""

    code: str
    item: Item


def beyond_bounds(items: Iterable[Item], bounds: LocalBounds) -> list[Beyond]:
    """Give every bound that the local ones among some items break."""
    found, counts = [], {Direction.AWARD: 0, Direction.DEDUCTION: 0}
    allowed = {Direction.AWARD: bounds.awards, Direction.DEDUCTION: bounds.deductions}
    codes = {Direction.AWARD: "too-many-awards", Direction.DEDUCTION: "too-many-deductions"}
    for item in items:
        if not item.local:
            continue
        for side in _sides(item):
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

    A cap on each single deed bounds what the form doesn't; multipliers and seasons come on top of the form.
    """
    most = _largest(item.worth)
    for season in item.seasons:
        other = _largest(season.worth) if season.worth else _times(most, season.factor)
        most = None if most is None or other is None else max(most, other)
    for multiplier in item.multipliers:
        most = _times(most, max(multiplier.factor, 100))
    caps = [limit.amount for limit in item.limits if limit.counting is Counting.POINTS and not limit.shared]
    return min((bound for bound in (most, *caps) if bound is not None), default=None)


def _sides(item: Item) -> tuple[Direction, ...]:
    if item.direction is Direction.BOTH:
        return Direction.AWARD, Direction.DEDUCTION
    return (
        (Direction.AWARD,) if item.direction in (Direction.AWARD, Direction.BASE) else (Direction.DEDUCTION,)
    )


def _times(points: int | None, factor: int) -> int | None:
    return None if points is None else -(-points * factor // 100)


def _largest(worth: Worth) -> int | None:
    match worth:
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
            return _most(_largest(plain) for plain in (*(plain for _kind, plain in rows), other) if plain)
        case Both(award, deduction):
            return _most((_largest(award), _largest(deduction)))
        case Veto() | Downgrade():
            return 0
        case _:
            return None


def _most(bounds: Iterable[int | None]) -> int | None:
    known = list(bounds)
    return None if None in known else max(bound for bound in known if bound is not None)
