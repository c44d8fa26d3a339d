"""What points buy (RULES "Redemption"). Pure. Points are centipoints, money is fen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from xiangyue.catalogue.rules.forms import rounded
from xiangyue.catalogue.rules.terms import demand
from xiangyue.catalogue.rules.times import Span


@dataclass(frozen=True, slots=True)
class Rate:
    """What a point is worth: fen per point (0.1 yuan is 10, 2 yuan are 200)."""

    fen: int

    def __post_init__(self) -> None:
        demand(0 < self.fen <= 1_000_000, "rate-out-of-bounds")

    def price(self, fen: int) -> int:
        """Give the centipoints that something of so many fen costs, rounded up so that it is paid for."""
        return -(-fen * 100 // self.fen)

    def worth(self, points: int) -> int:
        """Give the fen that centipoints buy; the rest of a fen stays with the points."""
        return points * self.fen // 100


def dividend(profit: int, total_points: int, own_points: int) -> int:
    """Give a household's fen where profit (fen) is divided by all points; parts of a fen stay undivided."""
    demand(total_points > 0 and 0 <= own_points <= total_points, "dividend-of-nothing")
    return profit * own_points // total_points


def dividend_rate(profit: int, total_points: int) -> int:
    """Give the fen per point that a dividend comes to, rounded (利润的49%÷总积分=0.25元)."""
    demand(total_points > 0, "dividend-of-nothing")
    return rounded(Fraction(profit * 100, total_points))


@dataclass(frozen=True, slots=True)
class Bundle:
    """A set of goods at one price in centipoints."""

    name: str
    price: int


@dataclass(frozen=True, slots=True)
class Door:
    """When, how often and from when on somebody may redeem.

    windows: empty means always. least_activities: deeds that are needed first. once_in: at most one redemption in
    each window.
    """

    windows: tuple[Span, ...] = ()
    least_activities: int = 0
    once_in_window: bool = False

    def open_for(self, day: date, activities: int, redeemed_in_window: int = 0) -> bool:
        if self.windows and not any(day in window for window in self.windows):
            return False
        if self.once_in_window and redeemed_in_window:
            return False
        return activities >= self.least_activities


def vouchers(points: int, values: Iterable[int]) -> tuple[dict[int, int], int]:
    """Change centipoints into vouchers, the largest first; give how many of each, and what stays as points."""
    found: dict[int, int] = {}
    for value in sorted(values, reverse=True):
        demand(value > 0, "voucher-of-nothing")
        if count := points // value:
            found[value], points = count, points - count * value
    return found, points


@dataclass(frozen=True, slots=True)
class Benefit:
    """What a number of points opens without spending any (80分以上可贷款). open: above, else at the bound."""

    name: str
    least: int
    open: bool = False

    def opens(self, points: int) -> bool:
        return points > self.least or (points == self.least and not self.open)
