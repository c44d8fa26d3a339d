"""A county with real commits for all races of this room: founded once, since founding costs more than the races."""

import secrets
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django_tenants.utils import schema_context

from tests.cast import VILLAGE, Cast, settle_in
from tests.conftest import TODAY, found
from tests.scoring.cast import capped, populate
from xiangyue.kernel import clock
from xiangyue.people.models import Household, Level, Unit
from xiangyue.tenancy.models import Jurisdiction


@pytest.fixture(scope="package")
def race_course(django_db_setup: None, django_db_blocker: Any) -> Iterator[Jurisdiction]:
    with django_db_blocker.unblock(), clock.as_of(TODAY):
        county = found(f"r{secrets.token_hex(4)}")
        with schema_context(county.schema_name):
            settle_in()
            capped(Unit.objects.get(code=VILLAGE), on=date(2026, 11, 1))
    yield county
    with django_db_blocker.unblock():
        county.delete(force_drop=True)
        connection.close()


@pytest.fixture
def racers(race_course: Jurisdiction, django_db_blocker: Any, today: date) -> Iterator[Cast]:
    """The cast where threads can meet. What a test commits stays: each takes households or a month of its own."""
    with django_db_blocker.unblock():
        with schema_context(race_course.schema_name):
            yield Cast(Unit.objects.get(code=VILLAGE))
        connection.close()


@pytest.fixture
def race_village(racers: Cast) -> Unit:
    """A village there that no test has used: eight households in three grids; 005 to 008 are not on the committee."""
    village = Unit.objects.filter(level=Level.VILLAGE).exclude(id__in=Household.objects.values("village"))[0]
    populate(village, households=8, grids=3)
    return village
