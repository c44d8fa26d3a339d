"""Races commit for real: in a county of their own, where each opens accounts of its own."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.database import Place, copied, inside
from tests.ledger.book import Book
from xiangyue.tenancy.models import Jurisdiction


@pytest.fixture(scope="package")
def lawful(django_db_setup: None, django_db_blocker: Any) -> Iterator[Place]:
    with django_db_blocker.unblock(), copied() as place:
        yield place


@pytest.fixture
def county(lawful: Place, django_db_blocker: Any) -> Iterator[Jurisdiction]:
    with django_db_blocker.unblock(), inside(lawful) as own:
        yield own


@pytest.fixture
def book(county: Jurisdiction, today: date, request: pytest.FixtureRequest) -> Book:
    return Book.open(f"{request.node.name}:")


@pytest.fixture(scope="package")
def spoilt(django_db_setup: None, django_db_blocker: Any) -> Iterator[Place]:
    with django_db_blocker.unblock(), copied() as place:
        yield place


@pytest.fixture
def lawless(spoilt: Place, django_db_blocker: Any) -> Iterator[Jurisdiction]:
    """A county whose books are spoilt by what is shown there: what happens without a lock."""
    with django_db_blocker.unblock(), inside(spoilt) as own:
        yield own


@pytest.fixture
def lawless_book(lawless: Jurisdiction, today: date, request: pytest.FixtureRequest) -> Book:
    return Book.open(f"{request.node.name}:")
