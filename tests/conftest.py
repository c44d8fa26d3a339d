"""What tests stand on: two founded counties for each worker, and ways to commit for real where threads meet."""

import secrets
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from django_tenants.utils import schema_context

from tests.cast import VILLAGE, Cast, settle_in
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Unit
from xiangyue.setup.operations import found_jurisdiction
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.queries import user_by_login

TODAY = date(2026, 11, 2)


def found(slug: str) -> Jurisdiction:
    return found_jurisdiction(
        slug=slug, division_code="440783104", preset="cangcheng", host=f"{slug}.localhost"
    )


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """The worker's database. pytest-django's own fixture makes none for a run of `committed` tests alone."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


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
    """Inside an empty county of the test's own, with real commits, for threads and kills; dropped afterwards."""
    with django_db_blocker.unblock():
        own = found(f"t{secrets.token_hex(4)}")
        try:
            with schema_context(own.schema_name):
                yield own
        finally:
            own.delete(force_drop=True)
            connection.close()


@pytest.fixture
def committed_cast(committed: Jurisdiction) -> Cast:
    """The cast, settled in that county of the test's own."""
    settle_in()
    return Cast(Unit.objects.get(code=VILLAGE))
