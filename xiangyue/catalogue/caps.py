"""Layered caps (RULES "Caps are layered"): how much of what a deed asks for counts. Pure.

What counts already in a cap's window is its `before`. Narrow windows cut first, and hand on what they leave:
time, day, week, month, quarter, year, once. Indicator, category and household are layers in the same sense:
each passes what is asked through its own limits and hands the rest to the next.

What counts is what passed every limit. Where windows nest, that gives each share exactly what running sums over
the whole set give; only a week across two months doesn't nest, and there what a month cut leaves the week open.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from xiangyue.catalogue.limits import Limit
from xiangyue.catalogue.terms import Measure, Subject, Window
from xiangyue.kernel.periods import Period

_WINDOWS = list(Window)
_MONTHS = {Window.MONTH: 1, Window.QUARTER: 3, Window.YEAR: 12}


@dataclass(frozen=True)
class Held:
    """What an earlier deed of the household has already been given under the same limits.

    day: of the act. points: centipoints that count, as a magnitude. times: how often it counts: 0 for a deed
    that was cut to nothing. same_person: whether it was done by the person whose deed is judged now.
    """

    day: date
    points: int
    times: int = 1
    same_person: bool = True


@dataclass(frozen=True)
class Cut:
    """What one limit took away. before: what had counted in its window already, in the limit's measure."""

    limit: Limit
    before: int
    cut_by: int


def within(cap: int, before: int, asked: int) -> int:
    """Give the part of `asked` that a cap lets through: min(cap, S_i) − min(cap, S_(i−1)), S being the sum.

    All in the same measure, none negative. Whether `before` is what was asked for or what was let through
    makes no difference, and the order of the shares makes none to their total.
    """
    return min(cap, before + asked) - min(cap, before)


def clamp(
    limits: Iterable[Limit], *, day: date, asked: int, held: Sequence[Held]
) -> tuple[int, tuple[Cut, ...]]:
    """Pass centipoints asked for on a day through every limit; give what is left, and each cut.

    asked: a magnitude. held: from all days; each limit counts those in its own window.
    """
    left, cuts = asked, []
    for limit in sorted(limits, key=_narrow_first):
        before = counted(limit, day, held)
        passed = _passed(limit, before, left)
        if passed < left:
            cuts.append(Cut(limit, before, left - passed))
        left = passed
    return left, tuple(cuts)


def counted(limit: Limit, day: date, held: Iterable[Held]) -> int:
    """Sum up what counts already in the limit's window around a day: times, or centipoints."""
    first, last = span(limit.window, day)
    return sum(
        entry.times if limit.measure is Measure.TIMES else entry.points
        for entry in held
        if limit.window is not Window.TIME
        and first <= entry.day <= last
        and (entry.same_person or limit.scope is Subject.HOUSEHOLD)
    )


def span(window: Window, day: date) -> tuple[date, date]:
    """Give the first and the last day of the window that holds a day. Weeks begin on Monday."""
    if window is Window.ONCE:
        return date.min, date.max
    if window is Window.WEEK:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if window in _MONTHS:
        return _months(day, _MONTHS[window])
    return day, day


def _months(day: date, length: int) -> tuple[date, date]:
    first = (day.month - 1) // length * length + 1
    return Period(day.year, first).first, Period(day.year, first + length - 1).last


def _passed(limit: Limit, before: int, asked: int) -> int:
    if limit.measure is Measure.TIMES:
        return asked if within(limit.amount, before, 1) else 0
    return within(limit.amount, before, asked)


def _narrow_first(limit: Limit) -> tuple[int, bool, bool]:
    """Narrow windows first; in a window times before points, and a person's before the household's."""
    return _WINDOWS.index(limit.window), limit.measure is Measure.POINTS, limit.scope is Subject.HOUSEHOLD
