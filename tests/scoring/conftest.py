"""A county with real commits for all races of this room, in a database of their own."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.cast import TODAY, VILLAGE, Cast, settle_in
from tests.database import Place, copied, inside
from tests.scoring.cast import capped, populate
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Level, Unit
from xiangyue.people.operations.joining import admit_all
from xiangyue.people.operations.units import NewUnit, create_units, open_judging_units


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
    village = _new_village()
    populate(village, households=8, grids=3)
    return village


def _new_village() -> Unit:
    """One more village of the town: a worker may be dealt more such tests than the town has villages."""
    town = Unit.objects.get(code=VILLAGE[:9])
    code = f"{town.code}{900 + Unit.objects.filter(parent=town).count()}"
    (village,) = create_units(divisions=[NewUnit(code, f"第{code[-3:]}村", Level.VILLAGE, town.code)])
    open_judging_units(actor=SYSTEM, level=Level.VILLAGE)
    admit_all(actor=SYSTEM, level=Level.VILLAGE)
    village.refresh_from_db()
    return village
