"""How old people are, by the day on which they were born."""

from datetime import date
from typing import Final

from xiangyue.kernel import clock

OF_AGE: Final = 18  # years; 民法典 (2020) § 17


def birthday(born: date, age: int) -> date:
    """Give the day on which somebody reaches an age; of 29 February the first of March."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def born_by(age: int, on: date | None = None) -> date:
    """Give the last day of birth of those who have reached an age on a day (today); for conditions in SQL."""
    day = on or clock.today()
    try:
        return day.replace(year=day.year - age)
    except ValueError:  # the 29th of February: who was born on the first of March has a day to go
        return date(day.year - age, 2, 28)


def is_child(born: date, on: date | None = None) -> bool:
    """Tell whether who was born on a day is not of age yet on another (today)."""
    return birthday(born, OF_AGE) > (on or clock.today())
