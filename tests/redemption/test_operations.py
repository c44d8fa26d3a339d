import pytest

from tests.ledger.book import ledger_faults
from tests.redemption.shop import BAG, NOODLES, SOAP, Counter
from xiangyue.kernel.actors import ActorKind
from xiangyue.ledger.models import AccountKind, Batch, Cause, Transfer
from xiangyue.ledger.queries import pool_id
from xiangyue.ledger.refusals import NotEnoughPoints
from xiangyue.people.models import Household
from xiangyue.records.models import LoggedAct
from xiangyue.redemption.models import Good, Order, OrderLine, StockMove
from xiangyue.redemption.operations import Delivery


@pytest.fixture
def rich(counter: Counter) -> Household:
    """The villager's household, with 200 points."""
    return counter.award("018", 20_000)


def moves(good: Good) -> list[tuple[int, bool]]:
    """Give (change, was it sold) of a good."""
    found = StockMove.objects.filter(good=good).order_by("id")
    return [(move.change, move.order_id is not None) for move in found]


def test_a_shop_has_a_pool_of_its_own(counter: Counter) -> None:
    assert pool_id(counter.shop.holder_id, AccountKind.REDEEMED)
    assert LoggedAct.objects.filter(act="open", subject="shop", subject_id=counter.shop.pk).count() == 1


def test_what_is_received_is_on_the_shelf(counter: Counter) -> None:
    assert counter.stock() == [5, 3, 1]
    assert [(good.name, good.spec, good.price) for good in (counter.soap, counter.bag)] == [
        ("洗衣液", "2千克", 2000),
        ("运动背包", "", 12_000),
    ]
    assert moves(counter.soap) == [(5, False)]


def test_a_second_delivery_adds_to_the_stock_and_sets_the_price(counter: Counter) -> None:
    more = Delivery("洗衣液", "2千克", 1800, 10)
    large = Delivery("洗衣液", "5千克", 4500, 2)
    known, new = counter.receive(more, large)
    assert known == counter.soap
    assert (known.stock, known.price) == (15, 1800)
    assert (new.name, new.spec, new.stock, new.price) == ("洗衣液", "5千克", 2, 4500)
    assert moves(counter.soap) == [(5, False), (10, False)]


def test_one_delivery_may_bring_a_good_twice(counter: Counter) -> None:
    counter.receive(SOAP, SOAP)
    assert counter.stock() == [15, 3, 1]


def test_the_same_delivery_is_received_once(counter: Counter) -> None:
    first = counter.receive(SOAP, NOODLES)
    assert counter.receive(SOAP, NOODLES) == first
    assert counter.stock() == [10, 6, 1]


def test_a_sale_moves_stock_and_points_together(counter: Counter, rich: Household) -> None:
    sold = counter.sell("018", {counter.noodles: 1, counter.soap: 2})
    assert (sold.order.total, sold.redeemable) == (7000, 13_000)
    assert counter.stock() == [3, 2, 1]
    assert counter.spendable("018") == 13_000
    assert moves(counter.soap) == [(5, False), (-2, True)]
    lines = OrderLine.objects.filter(order=sold.order).order_by("good_id")
    assert list(lines.values_list("good", "quantity", "price")) == [
        (counter.soap.pk, 2, 2000),
        (counter.noodles.pk, 1, 3000),
    ]
    transfer = Transfer.objects.get(batch=sold.order.batch)
    assert transfer.debit_id == pool_id(rich.holder_id, AccountKind.POINTS)
    assert transfer.credit_id == pool_id(counter.shop.holder_id, AccountKind.REDEEMED)
    assert transfer.amount == 7000
    assert ledger_faults() == []


def test_an_order_says_who_sold_what_to_whom_and_when(counter: Counter, rich: Household) -> None:
    order = Order.objects.get(id=counter.sell("018", {counter.soap: 1}).order.pk)
    assert (order.household, order.shop) == (rich, counter.shop)
    assert (order.sold_by_kind, order.sold_by_id) == (ActorKind.USER, counter.cast.shopkeeper.id)
    assert order.sold_on.isoformat() == "2026-11-02"
    batch = order.batch
    assert batch
    assert (batch.cause, batch.cause_id, batch.day) == (Cause.ORDER, order.pk, order.sold_on)
    assert LoggedAct.objects.filter(act="redeem", subject="order", subject_id=order.pk).count() == 1


def test_the_same_key_sells_once_and_answers_the_same(counter: Counter, rich: Household) -> None:
    first = counter.sell("018", {counter.soap: 2, counter.noodles: 1})
    again = counter.sell("018", {counter.noodles: 1, counter.soap: 2})
    assert again == first
    assert again.order.batch_id == first.order.batch_id is not None
    assert counter.stock() == [3, 2, 1]
    assert counter.spendable("018") == 13_000
    assert LoggedAct.objects.filter(act="redeem").count() == 1


def test_the_same_key_answers_the_same_when_all_is_gone_and_costs_more(
    counter: Counter, rich: Household
) -> None:
    first = counter.sell("018", {counter.bag: 1})
    counter.receive(Delivery(BAG.name, BAG.spec, 99_900, 1))
    assert counter.sell("018", {counter.bag: 1}) == first
    assert counter.stock() == [5, 3, 1]
    assert Order.objects.get().total == 12_000


def test_a_new_price_counts_from_the_next_sale(counter: Counter, rich: Household) -> None:
    counter.sell("018", {counter.soap: 1}, key="before")
    counter.receive(Delivery(SOAP.name, SOAP.spec, 2500, 1))
    assert counter.sell("018", {counter.soap: 1}, key="after").order.total == 2500
    assert sorted(OrderLine.objects.values_list("price", flat=True)) == [2000, 2500]


def test_a_refused_sale_leaves_its_key_free(counter: Counter) -> None:
    counter.award("018", 2000)
    with pytest.raises(NotEnoughPoints):
        counter.sell("018", {counter.soap: 2})
    assert counter.sell("018", {counter.soap: 1}).redeemable == 0
    assert Batch.objects.filter(cause=Cause.ORDER).count() == 1
