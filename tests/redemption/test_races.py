"""Several tills and deliveries at once. Each guard is also taken away, to show that the test would notice."""

from collections import Counter as Tally
from collections.abc import Callable, Iterator
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.db import transaction

from tests.cast import VILLAGE, Cast, settle_in
from tests.ledger.threads import PATIENCE, Worker, arena, at_once, backend
from tests.redemption.shop import SOAP, Counter
from xiangyue.people.models import Unit
from xiangyue.redemption.models import Good
from xiangyue.tenancy.models import Jurisdiction

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: Any) -> Iterator[Jurisdiction]:
    with arena(django_db_blocker) as own:
        settle_in()
        yield own


@pytest.fixture
def counter(county: Jurisdiction, today: date) -> Counter:
    return Counter.open(Cast(Unit.objects.get(code=VILLAGE)))


def test_a_delivery_and_a_sale_never_wait_in_a_circle(county: Jurisdiction, counter: Counter) -> None:
    counter.award("018", 10_000)
    delivery = Worker(county, lambda: counter.receive(SOAP))
    with transaction.atomic():
        counter.sell("018", {counter.soap: 1})
        delivery.start()
        assert delivery.is_blocked_by(backend())
    delivery.outcome()
    assert counter.stock() == [9, 3, 1]
