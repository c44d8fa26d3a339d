"""Races commit for real: in a county of their own, where each opens accounts of its own."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django_tenants.utils import schema_context

from tests.ledger.book import Book
from tests.ledger.threads import arena
from xiangyue.tenancy.models import Jurisdiction


@pytest.fixture(scope="package")
def county(django_db_setup: None, django_db_blocker: Any) -> Iterator[Jurisdiction]:
    with arena(django_db_blocker) as own:
        yield own


@pytest.fixture
def book(county: Jurisdiction, today: date, request: pytest.FixtureRequest) -> Iterator[Book]:
    with schema_context(county.schema_name):
        yield Book.open(f"{request.node.name}:")


@pytest.fixture(scope="package")
def lawless(django_db_setup: None, django_db_blocker: Any) -> Iterator[Jurisdiction]:
    """A county whose books are spoilt by what is shown there: what happens without a lock."""
    with arena(django_db_blocker) as own:
        yield own


@pytest.fixture
def lawless_book(lawless: Jurisdiction, today: date, request: pytest.FixtureRequest) -> Iterator[Book]:
    with schema_context(lawless.schema_name):
        yield Book.open(f"{request.node.name}:")
