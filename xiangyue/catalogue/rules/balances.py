"""Base, floor, reset and the several balances of a scheme (RULES "Base, floor, reset", "Several balances"). Pure.

All points are centipoints. What is rounded is rounded half away from zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from xiangyue.catalogue.rules.forms import rounded
from xiangyue.catalogue.rules.terms import MOST, Balance, demand
from xiangyue.catalogue.rules.times import Term, Yearly

SPENT = frozenset(
    {Balance.SPENDABLE, Balance.GIFTED}
)  # honour points and service hours are never reduced by spending


@dataclass(frozen=True, slots=True)
class Base:
    """Starting points of every subject. redeemable: whether they can be spent (mostly only what lies above can).

    excluded_for: for how long a subject is outside the scheme once the base is used up, None for no exclusion.
    """

    points: int
    redeemable: bool = False
    excluded_for: Term | None = None

    def __post_init__(self) -> None:
        demand(0 < self.points <= MOST, "points-out-of-bounds")

    def redeemable_of(self, balance: int) -> int:
        """Give what of a balance can be spent: 130 points with a base of 100 leave 30."""
        return max(0, balance - (0 if self.redeemable else self.points))

    def used_up(self, balance: int) -> bool:
        """Whether the base is exhausted."""
        return balance <= 0


@dataclass(frozen=True, slots=True)
class Clearing:
    """When spendable points end, and what remains.

    days: (month, day) of every year on which it happens; after_redemption: each time a window of redemption
    closes. to_base: back to the base, otherwise to nothing. carried: per cent of the balance that goes on top, 100
    for all (结转). What remains is kept and never paid in cash.
    """

    days: tuple[tuple[int, int], ...] = ()
    after_redemption: bool = False
    to_base: bool = False
    carried: int = 0

    def __post_init__(self) -> None:
        demand(bool(self.days) or self.after_redemption, "clearing-never")
        demand(0 <= self.carried <= 100, "carry-over-out-of-bounds")
        for month, day in self.days:
            Yearly((month, day), (month, day))  # raises where no year has such a day

    def falls_on(self, day: date) -> bool:
        """Whether it happens on a day; one on 29 February falls on the 28th where a year has none."""
        return any(day in Yearly(on, on) for on in self.days)

    def remaining(self, balance: int, base: int = 0) -> int:
        """Give the balance after clearing. base: of the scheme; only what lies above it is carried over."""
        start = base if self.to_base else 0
        return start + rounded(Fraction(max(0, balance - start) * self.carried, 100))

    def next_base(self, year_points: int) -> int:
        """Give next year's base where it is a part of this year's points (年度积分的20%)."""
        return rounded(Fraction(max(0, year_points) * self.carried, 100))


def newcomers_base(bases: Sequence[int]) -> int:
    """Give a newcomer the average base of the group; nothing in a group without any."""
    return rounded(Fraction(sum(bases), len(bases))) if bases else 0


def deducted(balance: int, points: int, floor: int | None = 0) -> tuple[int, int]:
    """Take points (a magnitude) down to a floor; give the new balance and what could not be taken.

    floor: None where a balance may go negative. A balance that is below it already stays.
    """
    after = balance - points if floor is None else max(min(balance, floor), balance - points)
    return after, points - (balance - after)


@dataclass(frozen=True, slots=True)
class GiftRatio:
    """Gifted points are spent only together with earned ones: so many gifted for so many earned (1:1, 1:5)."""

    earned: int
    gifted: int

    def __post_init__(self) -> None:
        demand(self.earned > 0 and self.gifted > 0, "ratio-not-positive")

    def spendable(self, earned: int, gifted: int) -> int:
        """Give the most that can be spent at once."""
        return earned + min(gifted, earned * self.gifted // self.earned)

    def pay(self, price: int, earned: int, gifted: int) -> tuple[int, int] | None:
        """Divide a price: give what is taken of earned and of gifted points; None where it can't be paid.

        Gifted points are used first, as far as the ratio goes; a leftover centipoint is paid from the earned.
        """
        from_gifted = min(gifted, price * self.gifted // (self.earned + self.gifted))
        from_earned = price - from_gifted
        return (from_earned, from_gifted) if from_earned <= earned else None


def currency(scores: Mapping[str, int], factors: Mapping[str, int] | None = None) -> int:
    """Add up several types of score into one currency (信用分、法治分、公德分 → 山药豆).

    factors: in hundredths by type, 100 where none is named. Rounded once, over all.
    """
    known = factors or {}
    return rounded(
        sum((Fraction(points * known.get(name, 100), 100) for name, points in scores.items()), Fraction(0))
    )
