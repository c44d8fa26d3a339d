"""Stretches of time that rules name: spans in which an item applies, terms after which an entry ends. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from xiangyue.catalogue.rules.terms import Window, demand
from xiangyue.kernel.periods import Period

_MONTHS = {
    Window.MONTH: 1,
    Window.TWO_MONTHS: 2,
    Window.QUARTER: 3,
    Window.HALF_YEAR: 6,
    Window.YEAR: 12,
}
_LEAP_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Dates:
    """From a day to a day, both included; None is open."""

    first: date | None
    last: date | None

    def __post_init__(self) -> None:
        demand(self.first is not None or self.last is not None, "span-without-ends")
        if self.first and self.last:
            demand(self.first <= self.last, "span-backwards", f"{self.first} > {self.last}")

    def __contains__(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Yearly:
    """The same stretch of every year, as (month, day), both included; it may run over the new year.

    2 月 29 日 stands for the last day of February.
    """

    first: tuple[int, int]
    last: tuple[int, int]

    def __post_init__(self) -> None:
        for month, day in (self.first, self.last):
            try:
                date(_LEAP_YEAR, month, day)
            except ValueError:
                demand(False, "no-such-day", f"{month}-{day}")

    def __contains__(self, day: date) -> bool:
        here = (day.month, day.day)
        if here == (2, 28) and (day + timedelta(days=1)).month == 3:
            return self._holds(here) or self._holds((2, 29))
        return self._holds(here)

    def _holds(self, here: tuple[int, int]) -> bool:
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


Span = Dates | Yearly


@dataclass(frozen=True, slots=True)
class Lasting:
    """For so many days, months and years from the day of the act; it ends the day before the same day then."""

    days: int = 0
    months: int = 0
    years: int = 0

    def __post_init__(self) -> None:
        demand(min(self.days, self.months, self.years) >= 0, "term-negative")
        demand(self.days + self.months + self.years > 0, "term-empty")
        demand(self.days <= 36_500 and self.months <= 1200 and self.years <= 100, "term-too-long")


@dataclass(frozen=True, slots=True)
class ToYearEnd:
    """Until 31 December of the year of the act, or so many years later: 当年和次年 is 1.

    unless_corrected: it runs on by a year at a time until the fault is corrected (未改正顺延).
    """

    years: int = 0
    unless_corrected: bool = False

    def __post_init__(self) -> None:
        demand(0 <= self.years <= 100, "term-too-long")


@dataclass(frozen=True, slots=True)
class UntilCorrected:
    """Until the fault is corrected, or what was lost is restored."""


@dataclass(frozen=True, slots=True)
class ForGood:
    """Without end (长期有效)."""


Term = Lasting | ToYearEnd | UntilCorrected | ForGood


def last_day(term: Term, day: date, corrected: date | None = None) -> date | None:
    """Give the last day on which what happened on a day still counts; None where no end is in sight.

    corrected: the day on which the fault was corrected, if it was. What runs on until then counts up to the
    day before it, but never less than its fixed term.
    """
    if isinstance(term, Lasting):
        return _after(term, day)
    if isinstance(term, ToYearEnd):
        return _year_end(term, day, corrected)
    if isinstance(term, UntilCorrected) and corrected is not None:
        return max(corrected, day) - timedelta(days=1)
    return None


def window_of(window: Window, day: date) -> tuple[date, date]:
    """Give the first and the last day of the calendar's window that holds a day. Weeks begin on Monday.

    TIME and ACTIVITY are no stretches of the calendar; asked for, they give the day itself.
    """
    if window is Window.ONCE:
        return date.min, date.max
    if window is Window.WEEK:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if window in _MONTHS:
        length = _MONTHS[window]
        first = (day.month - 1) // length * length + 1
        return Period(day.year, first).first, Period(day.year, first + length - 1).last
    return day, day


def add_months(day: date, months: int) -> date:
    """Give the same day so many months later, or the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    period = Period(day.year + years, month + 1)
    return min(period.last, period.first + timedelta(days=day.day - 1))


def _after(term: Lasting, day: date) -> date:
    return add_months(day, 12 * term.years + term.months) + timedelta(days=term.days - 1)


def _year_end(term: ToYearEnd, day: date, corrected: date | None) -> date | None:
    fixed = date(day.year + term.years, 12, 31)
    if not term.unless_corrected:
        return fixed
    return None if corrected is None else max(fixed, date(corrected.year, 12, 31))
