"""Every way in which the shop says no: one row each. None of them leaves a trace."""

from collections.abc import Callable

import pytest
from django.apps import apps

from tests.ledger.book import derived
from tests.redemption.shop import BAG, NOODLES, SOAP, Counter
from xiangyue.kernel.refusals import Refusal
from xiangyue.ledger.refusals import NotEnoughPoints
from xiangyue.people.refusals import NotAllowed
from xiangyue.records.models import LoggedAct
from xiangyue.redemption import refusals
from xiangyue.redemption.models import Good
from xiangyue.redemption.operations import Delivery, household_by_code, open_shop, show_code
from xiangyue.redemption.queries import good_in, shop_in
from xiangyue.redemption.refusals import (
    AmbiguousGood,
    CodesLocked,
    CodeUnknown,
    DeliveryKeyReused,
    EmptyOrder,
    MayNotRedeem,
    NotOwnCode,
    OrderKeyReused,
    OutOfStock,
    PriceNotPositive,
    QuantityNotPositive,
    ShopExists,
    ShopStillOpen,
    UnknownGood,
    UnknownShop,
)

Attempt = Callable[[Counter], object]


def costing(price: int, quantity: int = 1) -> Delivery:
    return Delivery("火柴", "", price, quantity)


def elsewhere(counter: Counter) -> Good:
    """A good that another shop of the village sells."""
    other = open_shop(actor=counter.cast.administrator, unit_id=counter.cast.village.pk, name="流动兑换点")
    return Good.objects.create(shop=other, name="火柴", price=100, stock=9)


OTHER_DELIVERY = "这次进货（first）已经记过，但内容和这次不一样。没有再记，请核对。"
OTHER_ORDER = "这张兑换单（sold）已经办过，但内容和这次不一样。没有再扣分，请核对。"

TABLE: list[tuple[type[Refusal], Attempt, str]] = [
    (
        UnknownShop,
        lambda counter: shop_in(counter.cast.village, "没有的店"),
        "联和村没有叫“没有的店”的积分超市。",
    ),
    (
        ShopExists,
        lambda counter: open_shop(
            actor=counter.cast.administrator, unit_id=counter.cast.village.pk, name="联和村积分超市"
        ),
        "联和村已经有叫“联和村积分超市”的积分超市。",
    ),
    (
        NotAllowed,
        lambda counter: open_shop(
            actor=counter.cast.shopkeeper, unit_id=counter.cast.village.pk, name="新店"
        ),
        "您没有在联和村管理积分超市的职权。",
    ),
    (
        NotAllowed,
        lambda counter: counter.receive(SOAP, actor=counter.cast.shopkeeper),
        "您没有在联和村管理积分超市的职权。",
    ),
    (
        NotAllowed,
        lambda counter: counter.sell("018", {counter.soap: 1}, actor=counter.cast.administrator),
        "您没有在联和村柜台兑换的职权。",
    ),
    (
        NotAllowed,
        lambda counter: counter.sell("018", {counter.soap: 1}, actor=counter.cast.villager),
        "您没有在联和村柜台兑换的职权。",
    ),
    (PriceNotPositive, lambda counter: counter.receive(SOAP, costing(0)), "“火柴”的价钱要大于0分。"),
    (PriceNotPositive, lambda counter: counter.receive(costing(-100)), "“火柴”的价钱要大于0分。"),
    (QuantityNotPositive, lambda counter: counter.receive(SOAP, costing(100, 0)), "“火柴”的数量要大于0。"),
    (QuantityNotPositive, lambda counter: counter.receive(costing(100, -1)), "“火柴”的数量要大于0。"),
    (DeliveryKeyReused, lambda counter: counter.receive(BAG, key="first"), OTHER_DELIVERY),
    (DeliveryKeyReused, lambda counter: counter.receive(SOAP, key="first"), OTHER_DELIVERY),
    (
        DeliveryKeyReused,
        lambda counter: counter.receive(SOAP, NOODLES, BAG, BAG, key="first"),
        OTHER_DELIVERY,
    ),
    (
        DeliveryKeyReused,
        lambda counter: counter.receive(Delivery("洗衣液", "2千克", 2000, 6), NOODLES, BAG, key="first"),
        OTHER_DELIVERY,
    ),
    (EmptyOrder, lambda counter: counter.sell("018", {}), "还没有选要兑换的东西。"),
    (
        QuantityNotPositive,
        lambda counter: counter.sell("018", {counter.noodles: 1, counter.soap: 0}),
        "“洗衣液”的数量要大于0。",
    ),
    (
        QuantityNotPositive,
        lambda counter: counter.sell("018", {counter.noodles: 1, counter.soap: -1}),
        "“洗衣液”的数量要大于0。",
    ),
    (UnknownGood, lambda counter: counter.sell("018", {Good(pk=0): 1}), "这家店没有“0”。"),
    (UnknownGood, lambda counter: good_in(counter.shop, "火柴"), "这家店没有“火柴”。"),
    (
        OutOfStock,
        lambda counter: counter.sell("018", {counter.soap: 1, counter.noodles: 4}),
        "“挂面礼包”只剩3件，要4件，不够。",
    ),
    (
        OutOfStock,
        lambda counter: counter.sell("018", {counter.soap: 3_000_000_000}),
        "“洗衣液”只剩4件，要3000000000件，不够。",
    ),
    (
        NotEnoughPoints,
        lambda counter: counter.sell("018", {counter.soap: 1, counter.bag: 1}),
        "分不够：要140分，能兑换的只有130分。",
    ),
    (
        NotEnoughPoints,
        lambda counter: counter.sell("004", {counter.soap: 1}),
        "分不够：要20分，能兑换的只有0分。",
    ),
    (OrderKeyReused, lambda counter: counter.sell("018", {counter.soap: 2}, key="sold"), OTHER_ORDER),
    (OrderKeyReused, lambda counter: counter.sell("018", {counter.noodles: 1}, key="sold"), OTHER_ORDER),
    (OrderKeyReused, lambda counter: counter.sell("004", {counter.soap: 1}, key="sold"), OTHER_ORDER),
    (
        NotOwnCode,
        lambda counter: show_code(
            actor=counter.cast.grid_leader, household_id=counter.cast.household("018").pk
        ),
        "积分码只有自家人能出示，别人不能代办。",
    ),
    (
        NotOwnCode,
        lambda counter: show_code(
            actor=counter.cast.neighbour, household_id=counter.cast.household("018").pk
        ),
        "积分码只有自家人能出示，别人不能代办。",
    ),
    (
        CodeUnknown,
        lambda counter: household_by_code(
            actor=counter.cast.shopkeeper, shop_id=counter.shop.pk, code="请点开再扫"
        ),
        "这个码不能用：可能过了时间，或者用过了。请对方换一个新码，再扫一次。",
    ),
    (
        NotAllowed,
        lambda counter: household_by_code(
            actor=counter.cast.administrator, shop_id=counter.shop.pk, code="418207"
        ),
        "您没有在联和村柜台兑换的职权。",
    ),
]


@pytest.mark.parametrize(("refusal", "attempt", "sentence"), TABLE)
def test_the_shop_says_no(counter: Counter, refusal: type[Refusal], attempt: Attempt, sentence: str) -> None:
    counter.award("018", 15_000)
    counter.sell("018", {counter.soap: 1}, key="sold")
    before = everything()
    with pytest.raises(refusal) as caught:
        attempt(counter)
    assert str(caught.value) == sentence
    assert everything() == before


def test_a_good_of_another_shop_is_unknown_here(counter: Counter) -> None:
    counter.award("018", 15_000)
    other = elsewhere(counter)
    with pytest.raises(UnknownGood):
        counter.sell("018", {counter.soap: 1, other: 1})
    assert counter.stock() == [5, 3, 1]


def test_a_name_that_several_goods_have_is_not_enough(counter: Counter) -> None:
    counter.receive(Delivery("洗衣液", "5千克", 4500, 2))
    with pytest.raises(AmbiguousGood) as caught:
        good_in(counter.shop, "洗衣液")
    assert str(caught.value) == "“洗衣液”不止一种：2千克、5千克。请把规格也写上。"


def everything() -> tuple[object, ...]:
    """Give all that a sale, a delivery or an opening could have changed."""
    goods = Good.objects.order_by("id").values_list("id", "price", "stock")
    counts = [model._default_manager.count() for model in apps.get_app_config("redemption").get_models()]
    return sorted(derived()), list(goods), counts, LoggedAct.objects.count()


def test_the_tables_have_every_refusal_of_the_shop() -> None:
    known = {each for each in vars(refusals).values() if isinstance(each, type) and issubclass(each, Refusal)}
    tabled = {refusal for refusal, _attempt, _sentence in TABLE}
    tabled |= {AmbiguousGood, ShopStillOpen}  # above, and in test_departures.py
    tabled |= {CodesLocked, MayNotRedeem}  # in test_codes.py
    assert known - {Refusal} <= tabled
