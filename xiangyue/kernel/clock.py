"""The one clock. Nothing else in the system asks the machine, or the database, what time it is.

Tests and demonstrations shift it (`--as-of 2026-11-06`); deadlines and periods are dates in the time zone of the
jurisdictions.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
NOON = time(12)

_shift: ContextVar[timedelta] = ContextVar("clock_shift")
_everywhere = timedelta(0)  # of threads that have no shift of their own


def now() -> datetime:
    """Give the present moment, aware, in UTC."""
    return datetime.now(UTC) + _shift.get(_everywhere)


def outside() -> datetime:
    """Give the machine's own moment, aware, in UTC: for what others compare with their clocks, or disks wrote."""
    return datetime.now(UTC)


def today() -> date:
    """Give the present day where the villages are (Asia/Shanghai)."""
    return local_day(now())


def local_day(moment: datetime) -> date:
    """Give the day that a moment falls on where the villages are."""
    return moment.astimezone(ZONE).date()


def noon(day: date) -> datetime:
    """Give noon of a day where the villages are, as an aware moment."""
    return datetime.combine(day, NOON, ZONE)


@contextmanager
def as_of(moment: datetime | date) -> Iterator[None]:
    """Let the clock run from another moment (a bare day means its noon) inside the block."""
    start = moment if isinstance(moment, datetime) else noon(moment)
    token = _shift.set(start - datetime.now(UTC))
    try:
        yield
    finally:
        _shift.reset(token)


def keep_everywhere() -> None:
    """Let all threads of this process, and of those that it forks, go by the clock that runs here."""
    global _everywhere
    _everywhere = _shift.get(_everywhere)


def is_shifted() -> bool:
    """Tell whether the clock runs from another moment than the machine's."""
    return bool(_shift.get(_everywhere))
