"""On which days a month's steps are taken."""

from datetime import date, timedelta

import pytest

from xiangyue.kernel.periods import Period
from xiangyue.setup.demo.days import DAY, Days

PERIODS = [Period(2026, month) for month in range(1, 13)] + [Period(2028, 2)]


@pytest.mark.parametrize("period", PERIODS, ids=str)
def test_weekly_rounds_leave_no_day_out_and_count_none_twice(period: Period) -> None:
    rounds = Days(period, weekly=True).rounds
    following = Days(period.next(), weekly=True).rounds[0]
    for one, next_one in zip(rounds, [*rounds[1:], following], strict=True):
        assert one.last + DAY == next_one.first
        assert one.last - one.first == timedelta(days=6)
        assert one.meets == one.last
        assert one.last.weekday() == 6
    assert all(each.meets in period for each in rounds)


@pytest.mark.parametrize("period", PERIODS, ids=str)
def test_a_monthly_round_is_the_month_and_is_brought_twice(period: Period) -> None:
    (whole,) = Days(period, weekly=False).rounds
    assert (whole.first, whole.last) == (period.first, period.last)
    assert whole.brought == (period.first.replace(day=15), period.last)
    assert whole.meets == period.next().first.replace(day=3)


@pytest.mark.parametrize("weekly", [True, False])
@pytest.mark.parametrize(
    "today", [date(2026, 11, 1), date(2026, 11, 4), date(2026, 11, 20), date(2026, 11, 30)]
)
def test_the_open_notice_hangs_since_yesterday_after_all_that_comes_before_it(
    weekly: bool, today: date
) -> None:
    days = Days(Period(2026, 10), weekly, hangs_on=today - DAY)
    assert days.notice == today - DAY
    assert max(each.meets for each in days.rounds) <= days.notice
    assert days.assembly <= days.notice
