"""What tests stand on: founded counties in a database for each worker, and ways to commit for real."""

import gc
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django_tenants.utils import schema_context

from tests import database
from tests.cast import TODAY, VILLAGE, Cast, found, settle_in
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Unit
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.queries import user_by_login


def pytest_collection_finish() -> None:
    """Spare the collector of garbage what stays until the end: thousands of tests, and all modules."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """The worker's database. pytest-django's own fixture makes none for a run of `committed` tests alone."""
    with django_db_blocker.unblock():
        database.make_own()
    yield
    with django_db_blocker.unblock():
        connection.close()


@pytest.fixture(scope="session")
def founded(django_db_setup: None, django_db_blocker: Any) -> Jurisdiction:
    """The worker's empty county, founded once: 苍城镇 with its thirteen villages, and only `admin` in it."""
    with django_db_blocker.unblock(), clock.as_of(TODAY):
        return found("cangcheng")


@pytest.fixture(scope="session")
def peopled(django_db_setup: None, django_db_blocker: Any) -> Jurisdiction:
    """The worker's other county, where the cast lives in 联和村."""
    with django_db_blocker.unblock(), clock.as_of(TODAY):
        jurisdiction = found("peopled")
        with schema_context(jurisdiction.schema_name):
            settle_in()
        return jurisdiction


@pytest.fixture
def today() -> Iterator[date]:
    """The clock runs from 2026-11-02, noon."""
    with clock.as_of(TODAY):
        yield TODAY


@pytest.fixture
def county(founded: Jurisdiction, db: None, today: date) -> Iterator[Jurisdiction]:
    """Inside the empty county; what the test writes is rolled back."""
    with schema_context(founded.schema_name):
        yield founded


@pytest.fixture
def village(county: Jurisdiction) -> Unit:
    """大罗村 of the empty county."""
    return Unit.objects.get(code="440783104220")


@pytest.fixture
def admin(county: Jurisdiction) -> Actor:
    return Actor.user(user_by_login("admin").pk)


@pytest.fixture
def cast(peopled: Jurisdiction, db: None, today: date) -> Iterator[Cast]:
    """Everyone by role, inside the peopled county; what the test writes is rolled back."""
    with schema_context(peopled.schema_name):
        yield Cast(Unit.objects.get(code=VILLAGE))


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any, today: date) -> Iterator[Jurisdiction]:
    """Inside an empty county, with real commits, for threads and kills: in a database of the test's own."""
    with django_db_blocker.unblock(), database.copied() as place, database.inside(place) as own:
        yield own


@pytest.fixture
def committed_cast(committed: Jurisdiction) -> Cast:
    """The cast, settled in that county of the test's own."""
    settle_in()
    return Cast(Unit.objects.get(code=VILLAGE))
