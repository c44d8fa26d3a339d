"""Several tills and deliveries at once. Each guard is also taken away, to show that the test would notice."""

from collections import Counter as Tally
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F

from tests.cast import VILLAGE, Cast, settle_in
from tests.ledger.threads import PATIENCE, Worker, arena, at_once, backend
from tests.redemption.shop import BAG, NOODLES, SOAP, Counter
from xiangyue.auditor.audit import audit
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Household, Unit
from xiangyue.redemption import operations
from xiangyue.redemption.models import Good, Shop, ShownCode, StockMove
from xiangyue.redemption.operations import Delivery, Redeemed
from xiangyue.redemption.refusals import CodeUnknown
from xiangyue.tenancy.models import Jurisdiction

pytestmark = pytest.mark.slow

# The households' points were awarded by no notice.
MADE_UP = {"batch-without-cause", "posted-without-line"}


@dataclass(frozen=True)
class Race:
    """A shop of its own, and two households that nobody else sells to."""

    county: Jurisdiction
    counter: Counter
    one: str
    other: str

    def award(self, points: int) -> None:
        self.counter.award(self.one, points)
        self.counter.award(self.other, points)

    def left(self) -> int:
        """Give what both households can still spend."""
        return self.counter.spendable(self.one) + self.counter.spendable(self.other)


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: Any) -> Iterator[Jurisdiction]:
    with arena(django_db_blocker) as own:
        settle_in()
        yield own


@pytest.fixture
def race(county: Jurisdiction, today: date) -> Race:
    number = Shop.objects.count() * 2
    counter = Counter.open(Cast(Unit.objects.get(code=VILLAGE)), f"{number}:")
    return Race(county, counter, f"{number + 1:03d}", f"{number + 2:03d}")


def test_a_delivery_and_a_sale_never_wait_in_a_circle(race: Race) -> None:
    counter = race.counter
    race.award(10_000)
    delivery = Worker(race.county, lambda: counter.receive(SOAP))
    with transaction.atomic():
        counter.sell(race.one, {counter.soap: 1})
        delivery.start()
        assert delivery.is_blocked_by(backend())
    delivery.outcome()
    assert counter.stock() == [9, 3, 1]


def test_two_tills_and_one_remaining_good_make_one_sale(race: Race) -> None:
    assert two_tills(race) == {"Redeemed": 1, "OutOfStock": 1}
    assert race.counter.stock() == [5, 3, 0]
    assert race.left() == 30_000 - BAG.price
    assert faults() == []


def test_without_the_guard_both_would_sell_it_and_the_auditor_would_say_so(
    race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_have_looked = Barrier(2)

    def look_then_take(good_id: int, count: int) -> bool:
        stock = Good.objects.get(id=good_id).stock
        both_have_looked.wait(PATIENCE)
        return stock >= count and Good.objects.filter(id=good_id).update(stock=stock - count) == 1

    bag = race.counter.bag
    monkeypatch.setattr(operations, "_take", look_then_take)
    assert two_tills(race) == {"Redeemed": 2}
    assert faults() == [("stock-differs", bag.pk)]
    # The other races of this county want a clean book.
    StockMove.objects.create(good=bag, change=1, at=clock.now(), key="found again")
    assert faults() == []


def test_without_the_guard_the_database_would_still_hold_the_stock(
    race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    def take(good_id: int, count: int) -> bool:
        return Good.objects.filter(id=good_id).update(stock=F("stock") - count) == 1

    monkeypatch.setattr(operations, "_take", take)
    assert two_tills(race) == {"Redeemed": 1, "IntegrityError": 1}
    assert race.counter.stock() == [5, 3, 0]
    assert faults() == []


def test_two_tills_that_scan_one_code_get_one_household(race: Race) -> None:
    assert two_scans(race) == {"Household": 1, "CodeUnknown": 1}


def test_without_the_guard_both_tills_would_get_the_household(
    race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_have_looked = Barrier(2)

    def look_then_use(code_id: int, shop: Shop) -> bool:
        unused = ShownCode.objects.get(id=code_id).used_at is None
        both_have_looked.wait(PATIENCE)
        return unused and ShownCode.objects.filter(id=code_id).update(used_at=clock.now(), shop=shop) == 1

    monkeypatch.setattr(operations, "_use", look_then_use)
    assert two_scans(race) == {"Household": 2}


def test_guesses_at_one_shop_are_counted_one_after_another(race: Race) -> None:
    counter = race.counter
    with transaction.atomic():
        Shop.objects.select_for_update(no_key=True).get(id=counter.shop.pk)
        guess = Worker(race.county, lambda: scan(race, counter.shop, "000000"))
        guess.start()
        assert guess.is_blocked_by(backend())
    with pytest.raises(CodeUnknown):
        guess.outcome()


def test_one_key_from_eight_tills_sells_once(race: Race) -> None:
    counter = race.counter
    race.award(30_000)
    sales = [lambda: counter.sell(race.one, {counter.soap: 1, counter.bag: 1})] * 8
    outcomes = at_once(race.county, sales)
    assert tally(outcomes) == {"Redeemed": 8}
    assert len({outcome.order.pk for outcome in outcomes if isinstance(outcome, Redeemed)}) == 1
    assert counter.stock() == [4, 3, 0]
    assert race.left() == 60_000 - SOAP.price - BAG.price
    assert faults() == []


def test_tills_that_sell_the_same_goods_in_other_orders_never_wait_in_a_circle(race: Race) -> None:
    counter = race.counter
    race.award(1_000_000)
    counter.receive(*(Delivery(each.name, each.spec, 100, 100) for each in (SOAP, NOODLES, BAG)))
    goods = [counter.soap, counter.noodles, counter.bag]

    def sale(till: int, number: int) -> Redeemed:
        chosen = goods if till % 2 else goods[::-1]
        buyer = race.one if till % 3 else race.other
        return counter.sell(buyer, dict.fromkeys(chosen, 1), key=f"{till}:{number}")

    def stand(till: int) -> Callable[[], int]:
        return lambda: len([sale(till, number) for number in range(5)])

    outcomes = at_once(race.county, [stand(till) for till in range(6)])
    assert outcomes == [5] * 6
    assert counter.stock() == [75, 73, 71]
    assert race.left() == 2_000_000 - 30 * 300
    assert faults() == []


def two_tills(race: Race) -> Tally[str]:
    """Let two households ask for the one bag that is left, at two tills at the same time."""
    race.award(15_000)

    def sale(number: str) -> Callable[[], Redeemed]:
        return lambda: race.counter.sell(number, {race.counter.bag: 1}, key=f"sale:{number}")

    return tally(at_once(race.county, [sale(race.one), sale(race.other)]))


def two_scans(race: Race) -> Tally[str]:
    """Let a code be scanned at two tills at the same time, each in a shop of its own."""
    counter = race.counter
    other = operations.open_shop(
        actor=counter.cast.administrator, unit_id=counter.cast.village.pk, name=f"{counter.series}流动兑换点"
    )
    household = counter.cast.household(race.one)
    shown = operations.show_code(actor=Actor.card(household.pk), household_id=household.pk)
    scans = [lambda: scan(race, counter.shop, shown.token), lambda: scan(race, other, shown.token)]
    return tally(at_once(race.county, scans))


def scan(race: Race, shop: Shop, code: str) -> Household:
    return operations.household_by_code(actor=race.counter.cast.shopkeeper, shop_id=shop.pk, code=code)


def tally(outcomes: list[Any]) -> Tally[str]:
    return Tally(type(outcome).__name__ for outcome in outcomes)


def faults() -> list[tuple[str, int]]:
    return [(fault.code, fault.id) for fault in audit() if fault.code not in MADE_UP]
