"""What the database itself holds, whatever the code does."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from tests.redemption.shop import Counter
from xiangyue.kernel import clock
from xiangyue.redemption.models import Good, Order, OrderLine, Shop, StockMove

Attempt = Callable[[Counter, Order], object]

TABLE: list[tuple[str, Attempt]] = [
    ("stock_check", lambda counter, _order: Good.objects.filter(id=counter.soap.pk).update(stock=-1)),
    ("price_positive", lambda counter, _order: Good.objects.filter(id=counter.soap.pk).update(price=0)),
    (
        "good_named_once",
        lambda counter, _order: Good.objects.create(shop=counter.shop, name="运动背包", price=100),
    ),
    (
        "shop_named_once",
        lambda counter, _order: Shop.objects.create(
            unit=counter.shop.unit, name=counter.shop.name, holder=counter.cast.household("018").holder
        ),
    ),
    ("order_total_positive", lambda _counter, order: Order.objects.filter(id=order.pk).update(total=0)),
    (
        "a_good_once_an_order",
        lambda counter, order: OrderLine.objects.create(order=order, good=counter.soap, quantity=1, price=1),
    ),
    (
        "quantity_positive",
        lambda counter, order: OrderLine.objects.create(order=order, good=counter.bag, quantity=0, price=1),
    ),
    ("stock_moves_have_reasons", lambda counter, order: move(counter, order, 1)),
    ("stock_moves_have_reasons", lambda counter, _order: move(counter, None, -1)),
    ("stock_moves_have_reasons", lambda counter, _order: move(counter, None, 0)),
]


def move(counter: Counter, order: Order | None, change: int) -> StockMove:
    return StockMove.objects.create(
        good=counter.bag, order=order, change=change, at=clock.now(), key="a move of the test"
    )


@pytest.mark.parametrize(("constraint", "attempt"), TABLE)
def test_the_database_guards_the_shop(counter: Counter, constraint: str, attempt: Attempt) -> None:
    counter.award("018", 10_000)
    order = counter.sell("018", {counter.soap: 1}).order
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        attempt(counter, order)
