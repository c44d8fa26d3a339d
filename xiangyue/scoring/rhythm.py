"""On which days what is due in a scheme's rhythm (一周一评分、一月一公示、一季一兑换、一季一评比、一年一排名).

Pure: days only, no database. How many days each step is given is this module's; how often, is the scheme's data.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.periods import Period
from xiangyue.scoring.models import Rhythm

# Of the month after the one that is judged: days of the month by which each step is done.
MEETING_BY: Final = 5
ASSEMBLY_BY: Final = 8
NOTICE_BY: Final = 10
COMPARISON_BY: Final = 15
RANKING_BY: Final = 31  # of January
VERIFY_WITHIN = timedelta(days=7)
REMARK_WITHIN = timedelta(days=5)
REDEEMING: Final = 10  # the last so many days of a window in which one redeems at fixed times
MONTHS: Final = {
    Rhythm.MONTH: 1,
    Rhythm.TWO_MONTHS: 2,
    Rhythm.QUARTER: 3,
    Rhythm.HALF_YEAR: 6,
    Rhythm.YEAR: 12,
}


class Matter(models.TextChoices):
    """What can be due."""

    VERIFY = "verify", _("核实")
    MEETING = "meeting", _("评议会")
    ASSEMBLY = "assembly", _("村民代表会议确认")
    NOTICE = "notice", _("张榜公示")
    OBJECTION = "objection", _("答复异议")
    REMARK = "remark", _("答复监督意见")
    SETTLE = "settle", _("公示期满入账")
    REDEEM = "redeem", _("集中兑换")
    COMPARE = "compare", _("评比")
    RANK = "rank", _("排名")
    REVIEW = "review", _("修订细则")


@dataclass(frozen=True, order=True)
class Event:
    """A day, or some days, on which the whole scheme does something. subject: of which period or window."""

    first: date
    last: date
    matter: Matter
    subject: str


def round_of(held_on: date, period: Period) -> int:
    """Give the number of the week, from 1, in which a meeting for a period is held.

    A period's weeks are those whose Sunday falls in it; what is held later counts on.
    """
    return max(1, (_sunday(held_on) - _sunday(period.first)).days // 7 + 1)


def meeting_due(day: date, scored: Rhythm) -> date:
    """Give the last day on which a meeting should decide what was brought on a day."""
    return _sunday(day) if scored == Rhythm.WEEK else _in_next_month(Period.of(day), MEETING_BY)


def assembly_due(period: Period) -> date:
    """Give the last day on which the assembly should confirm a period's decisions."""
    return _in_next_month(period, ASSEMBLY_BY)


def notice_due(period: Period) -> date:
    """Give the last day on which a period's decisions should hang."""
    return _in_next_month(period, NOTICE_BY)


def events(
    first: date, last: date, *, scored: str, redeemed: str, compared: str, ranked: str, reviewed: str
) -> list[Event]:
    """Give what a scheme of this rhythm does between two days, in their order; a rhythm of "" is none."""
    found = [*_meetings(first, last, scored), *_notices(first, last)]
    for matter, often in (
        (Matter.REDEEM, redeemed),
        (Matter.COMPARE, compared),
        (Matter.RANK, ranked),
        (Matter.REVIEW, reviewed),
    ):
        if often in MONTHS:
            found += _at_ends(first, last, matter, Rhythm(often))
    return sorted(event for event in found if event.last >= first and event.first <= last)


def _meetings(first: date, last: date, scored: str) -> Iterator[Event]:
    if scored == Rhythm.WEEK:
        sunday = _sunday(first)
        while sunday <= last:
            period = Period.of(sunday)
            yield Event(sunday, sunday, Matter.MEETING, f"{period}/{round_of(sunday, period)}")
            sunday += timedelta(days=7)
        return
    for period in _periods(first, last):
        due = _in_next_month(period, MEETING_BY)
        yield Event(due, due, Matter.MEETING, str(period))


def _notices(first: date, last: date) -> Iterator[Event]:
    for period in _periods(first, last):
        due = notice_due(period)
        yield Event(due, due, Matter.NOTICE, str(period))


def _at_ends(first: date, last: date, matter: Matter, often: Rhythm) -> Iterator[Event]:
    """Give what happens around the end of each window: windows begin with the year and follow one another."""
    for period in _periods(first, last):
        if period.month % MONTHS[often]:
            continue
        subject = window_name(period, often)
        if matter is Matter.REDEEM:
            yield Event(period.last - timedelta(days=REDEEMING - 1), period.last, matter, subject)
        else:
            day = {Matter.COMPARE: COMPARISON_BY, Matter.RANK: RANKING_BY, Matter.REVIEW: 31}[matter]
            due = _in_next_month(period, day)
            yield Event(due, due, matter, subject)


def window_name(period: Period, often: Rhythm) -> str:
    """Name the window that ends with a period: 2026-09, 2026-07/09, 2026."""
    if often == Rhythm.YEAR:
        return f"{period.year}"
    begin = period.month - MONTHS[often] + 1
    return str(period) if begin == period.month else f"{period.year}-{begin:02d}/{period.month:02d}"


def _periods(first: date, last: date) -> Iterator[Period]:
    """Give the periods of which something may happen between two days: from the month before on."""
    period = Period.of(first.replace(day=1) - timedelta(days=1))
    while period.first <= last:
        yield period
        period = period.next()


def _in_next_month(period: Period, day: int) -> date:
    then = period.next()
    return then.first.replace(day=min(day, monthrange(then.year, then.month)[1]))


def _sunday(day: date) -> date:
    return day + timedelta(days=6 - day.weekday())
