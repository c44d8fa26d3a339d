from collections.abc import Iterator
from typing import Any

import pytest
from django_tenants.utils import schema_context

from tests.auditor.month import END, lived_through
from tests.ledger.conftest import book
from xiangyue.kernel import clock
from xiangyue.people.models import Unit
from xiangyue.setup import example
from xiangyue.tenancy.models import Jurisdiction

__all__ = ["book"]


@pytest.fixture(scope="session")
def two_months(django_db_setup: None, django_db_blocker: Any) -> Jurisdiction:
    with django_db_blocker.unblock():
        return lived_through()


@pytest.fixture
def month(two_months: Jurisdiction, db: None) -> Iterator[Unit]:
    """The village after both months (tests/auditor/month.py); what the test writes is rolled back."""
    with clock.as_of(END), schema_context(two_months.schema_name):
        yield Unit.objects.get(code=example.VILLAGE)
