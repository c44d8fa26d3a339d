"""Who is of age, on each day of the calendar."""

from datetime import date, timedelta

import pytest

from xiangyue.kernel import clock
from xiangyue.people.ages import OF_AGE, birthday, born_by, is_child


@pytest.mark.parametrize(
    ("born", "reached"),
    [
        (date(2008, 3, 31), date(2026, 3, 31)),
        (date(2008, 2, 29), date(2026, 3, 1)),
        (date(2008, 2, 28), date(2026, 2, 28)),
    ],
)
def test_somebody_is_of_age_from_the_birthday_on(born: date, reached: date) -> None:
    assert birthday(born, OF_AGE) == reached
    assert is_child(born, reached - timedelta(days=1))
    assert not is_child(born, reached)
    with clock.as_of(reached):
        assert not is_child(born)


def test_one_day_parts_the_ages_on_every_day() -> None:
    """What SQL asks for is what is said of one person: also at the ends of months, and in leap years."""
    for day in (date(2024, 1, 1) + timedelta(days=number) for number in range(366 + 365)):
        last = born_by(OF_AGE, day)
        assert not is_child(last, day), day
        assert is_child(last + timedelta(days=1), day), day
    with clock.as_of(date(2026, 11, 2)):
        assert born_by(OF_AGE) == date(2008, 11, 2)
