from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyue.kernel.periods import NotAPeriod, Period

days = st.dates(date(1000, 1, 1), date(2999, 12, 31))


@pytest.mark.parametrize("text", ["2026-10", " 2026-10 "])
def test_a_period_is_read_from_its_text(text: str) -> None:
    assert Period.parse(text) == Period(2026, 10)


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-1", "2026-00", "2026-13", "26-10", "2026-10-05", "2026/10", "0000-05", "9999-12"],
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(NotAPeriod) as caught:
        Period.parse(text)
    assert caught.value.facts == {"text": text}


@given(days)
def test_a_day_lies_in_its_own_period_alone(day: date) -> None:
    period = Period.of(day)
    assert day in period
    assert day not in period.next()
    assert Period.parse(str(period)) == period


@given(days)
def test_periods_follow_one_another_without_a_gap(day: date) -> None:
    period = Period.of(day)
    assert period.first.day == 1
    assert period.last + timedelta(days=1) == period.next().first
    assert period.last in period
    assert period.next().first not in period
    assert period < period.next()


def test_the_year_turns_after_december() -> None:
    assert str(Period(2026, 12).next()) == "2027-01"
    assert Period(2028, 2).last == date(2028, 2, 29)
