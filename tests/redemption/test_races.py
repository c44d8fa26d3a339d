"""Several tills and deliveries at once. Each guard is also taken away, to show that the test would notice."""

from collections import Counter as Tally
from collections.abc import Callable
from threading import Barrier
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F

from tests.cast import Cast
from tests.ledger.threads import PATIENCE, Worker, at_once, backend
from tests.redemption.shop import BAG, NOODLES, SOAP, Counter
from xiangyue.auditor.audit import audit
from xiangyue.redemption import operations
from xiangyue.redemption.models import Good
from xiangyue.redemption.operations import Delivery, Redeemed
from xiangyue.tenancy.models import Jurisdiction

pytestmark = pytest.mark.slow

# The households' points were awarded by no notice.
MADE_UP = {"batch-without-cause", "posted-without-line"}


@pytest.fixture
def counter(committed_cast: Cast) -> Counter:
    return Counter.open(committed_cast)


def test_a_delivery_and_a_sale_never_wait_in_a_circle(committed: Jurisdiction, counter: Counter) -> None:
    counter.award("018", 10_000)
    delivery = Worker(committed, lambda: counter.receive(SOAP))
    with transaction.atomic():
        counter.sell("018", {counter.soap: 1})
        delivery.start()
        assert delivery.is_blocked_by(backend())
    delivery.outcome()
    assert counter.stock() == [9, 3, 1]


def test_two_tills_and_one_remaining_good_make_one_sale(committed: Jurisdiction, counter: Counter) -> None:
    assert two_tills(committed, counter) == {"Redeemed": 1, "OutOfStock": 1}
    assert counter.stock() == [5, 3, 0]
    assert counter.spendable("018") + counter.spendable("004") == 30_000 - counter.bag.price
    assert faults() == []


def test_without_the_guard_both_would_sell_it_and_the_auditor_would_say_so(
    committed: Jurisdiction, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_have_looked = Barrier(2)

    def look_then_take(good_id: int, count: int) -> bool:
        stock = Good.objects.get(id=good_id).stock
        both_have_looked.wait(PATIENCE)
        return stock >= count and Good.objects.filter(id=good_id).update(stock=stock - count) == 1

    monkeypatch.setattr(operations, "_take", look_then_take)
    assert two_tills(committed, counter) == {"Redeemed": 2}
    assert faults() == [("stock-differs", counter.bag.pk)]


def test_without_the_guard_the_database_would_still_hold_the_stock(
    committed: Jurisdiction, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def take(good_id: int, count: int) -> bool:
        return Good.objects.filter(id=good_id).update(stock=F("stock") - count) == 1

    monkeypatch.setattr(operations, "_take", take)
    assert two_tills(committed, counter) == {"Redeemed": 1, "IntegrityError": 1}
    assert counter.stock() == [5, 3, 0]
    assert faults() == []


def test_one_key_from_eight_tills_sells_once(committed: Jurisdiction, counter: Counter) -> None:
    counter.award("018", 30_000)
    outcomes = at_once(committed, [lambda: counter.sell("018", {counter.soap: 1, counter.bag: 1})] * 8)
    assert tally(outcomes) == {"Redeemed": 8}
    assert len({outcome.order.pk for outcome in outcomes if isinstance(outcome, Redeemed)}) == 1
    assert counter.stock() == [4, 3, 0]
    assert counter.spendable("018") == 30_000 - counter.soap.price - counter.bag.price
    assert faults() == []


def test_tills_that_sell_the_same_goods_in_other_orders_never_wait_in_a_circle(
    committed: Jurisdiction, counter: Counter
) -> None:
    counter.award("018", 1_000_000)
    counter.award("004", 1_000_000)
    counter.receive(*(Delivery(each.name, each.spec, 100, 100) for each in (SOAP, NOODLES, BAG)))
    goods = [counter.soap, counter.noodles, counter.bag]

    def sale(till: int, number: int) -> Redeemed:
        chosen = goods if till % 2 else goods[::-1]
        return counter.sell(("018", "004")[till % 2], dict.fromkeys(chosen, 1), key=f"{till}:{number}")

    def stand(till: int) -> Callable[[], int]:
        return lambda: len([sale(till, number) for number in range(5)])

    outcomes = at_once(committed, [stand(till) for till in range(6)])
    assert outcomes == [5] * 6
    assert counter.stock() == [75, 73, 71]
    assert faults() == []


def two_tills(committed: Jurisdiction, counter: Counter) -> Tally[str]:
    """Let two households ask for the one bag that is left, at two tills at the same time."""
    counter.award("018", 15_000)
    counter.award("004", 15_000)

    def sale(number: str) -> Callable[[], Redeemed]:
        return lambda: counter.sell(number, {counter.bag: 1}, key=f"sale:{number}")

    return tally(at_once(committed, [sale("018"), sale("004")]))


def tally(outcomes: list[Any]) -> Tally[str]:
    return Tally(type(outcome).__name__ for outcome in outcomes)


def faults() -> list[tuple[str, int]]:
    return [(fault.code, fault.id) for fault in audit() if fault.code not in MADE_UP]
