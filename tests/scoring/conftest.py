"""A county with real commits for all races of this room, in a database of their own."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.cast import TODAY, VILLAGE, Cast, settle_in
from tests.database import Place, copied, inside
from tests.scoring.cast import capped, populate
from xiangyue.kernel import clock
from xiangyue.people.models import Household, Level, Unit


@pytest.fixture(scope="package")
def race_course(django_db_setup: None, django_db_blocker: Any) -> Iterator[Place]:
    with django_db_blocker.unblock(), copied() as place:
        with clock.as_of(TODAY), inside(place):
            settle_in()
            capped(Unit.objects.get(code=VILLAGE), on=date(2026, 11, 1))
        yield place


@pytest.fixture
def racers(race_course: Place, django_db_blocker: Any, today: date) -> Iterator[Cast]:
    """The cast where threads can meet. What a test commits stays: each takes households or a month of its own."""
    with django_db_blocker.unblock(), inside(race_course):
        yield Cast(Unit.objects.get(code=VILLAGE))


@pytest.fixture
def race_village(racers: Cast) -> Unit:
    """A village there that no test has used: eight households in three grids; 005 to 008 are not on the committee."""
    village = Unit.objects.filter(level=Level.VILLAGE).exclude(id__in=Household.objects.values("village"))[0]
    populate(village, households=8, grids=3)
    return village
