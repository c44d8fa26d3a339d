"""Grades, consequences and group figures (RULES "Grades and consequences", DOMAIN §6). Pure.

All points are centipoints. What is rounded is rounded half away from zero.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from xiangyue.catalogue.rules.forms import rounded
from xiangyue.catalogue.rules.terms import Bar, demand
from xiangyue.catalogue.rules.times import Term


@dataclass(frozen=True, slots=True)
class Grade:
    """A star or grade. above: the points that it begins at; None for the lowest, which takes all the rest."""

    name: str
    above: int | None


@dataclass(frozen=True, slots=True)
class Grades:
    """Grades from the highest to the lowest. open: a grade begins above its bound (>1060), else at it (≥1050)."""

    rows: tuple[Grade, ...]
    open: bool = True

    def __post_init__(self) -> None:
        demand(bool(self.rows) and self.rows[-1].above is None, "grades-without-lowest")
        demand(len({row.name for row in self.rows}) == len(self.rows), "row-twice")
        for higher, lower in pairwise(self.rows):
            falls = higher.above is not None and (lower.above is None or lower.above < higher.above)
            demand(falls, "grades-not-falling")

    def of(self, points: int) -> str:
        """Name the grade of a number of points."""
        for row in self.rows:
            if row.above is None or points > row.above or (points == row.above and not self.open):
                return row.name
        raise AssertionError(points)

    def lowered(self, grade: str, *, to: str = "", steps: int = 0) -> str:
        """Lower a grade to a named one, or by steps; a downgrade never raises, and ends at the lowest."""
        names = [row.name for row in self.rows]
        demand(not to or to in names, "no-such-grade", to)
        target = names.index(to) if to else names.index(grade) + steps
        return names[min(max(target, names.index(grade)), len(names) - 1)]


@dataclass(frozen=True, slots=True)
class Threshold:
    """What is lost below a number of points, until it is reached again (低于60分不能兑换)."""

    below: int
    bars: frozenset[Bar]


def barred(points: int, thresholds: Iterable[Threshold]) -> frozenset[Bar]:
    """Give all that a number of points bars."""
    return frozenset(bar for threshold in thresholds if points < threshold.below for bar in threshold.bars)


@dataclass(frozen=True, slots=True)
class Reduction:
    """A reward that is smaller for a term: by an amount (in the reward's own units) or by per cent."""

    term: Term
    amount: int = 0
    percent: int = 0

    def __post_init__(self) -> None:
        demand((self.amount > 0) != (self.percent > 0), "reduction-of-what")
        demand(self.percent <= 100, "reduction-of-what")

    def of(self, reward: int) -> int:
        """Give the reward that is left."""
        return max(0, reward - self.amount - rounded(Fraction(reward * self.percent, 100)))


def leaders_difference(own: int, group: Sequence[int]) -> int:
    """Give what is posted so that a leader has half the own points and half the group's average (DOMAIN §6).

    Signed. A leader of nobody keeps the own points.
    """
    if not group:
        return 0
    return rounded(Fraction(sum(group), len(group)) / 2 - Fraction(own, 2))


def ranking(points: Mapping[int, int]) -> dict[int, int]:
    """Rank ids by points, 1 being the most; equal points share a rank, and the next one is skipped."""
    ranks: dict[int, int] = {}
    for place, value in enumerate(sorted(points.values(), reverse=True), 1):
        ranks.setdefault(value, place)
    return {key: ranks[value] for key, value in points.items()}


def rankings(points: Mapping[int, int], kinds: Mapping[int, str]) -> dict[str, dict[int, int]]:
    """Rank each kind of subject apart (普通村民与重点人群分别排名)."""
    groups: dict[str, dict[int, int]] = {}
    for key, value in points.items():
        groups.setdefault(kinds.get(key, ""), {})[key] = value
    return {kind: ranking(group) for kind, group in groups.items()}
