from tests.ledger.book import queries_of
from tests.redemption.shop import Counter
from xiangyue.people.models import Unit
from xiangyue.redemption.operations import Delivery, open_shop
from xiangyue.redemption.queries import good_in, goods_of_orders, shop_in


def test_a_shop_is_found_in_its_own_unit_by_its_name(counter: Counter) -> None:
    elsewhere = Unit.objects.get(code="440783104220")
    other = open_shop(actor=counter.cast.administrator, unit_id=elsewhere.pk, name=counter.shop.name)
    assert shop_in(counter.cast.village, counter.shop.name) == counter.shop
    assert shop_in(elsewhere, counter.shop.name) == other


def test_a_good_is_found_with_or_without_its_spec(counter: Counter) -> None:
    for name in ("洗衣液", "洗衣液2千克", "洗衣液 2千克"):
        assert good_in(counter.shop, name) == counter.soap
    assert good_in(counter.shop, "运动背包") == counter.bag


def test_the_spec_decides_between_goods_of_one_name(counter: Counter) -> None:
    large, plain = counter.receive(Delivery("洗衣液", "5千克", 4500, 2), Delivery("洗衣液", "", 1500, 2))
    assert good_in(counter.shop, "洗衣液 5千克") == large
    assert good_in(counter.shop, "洗衣液2千克") == counter.soap
    assert good_in(counter.shop, "洗衣液") == plain


def test_orders_are_said_in_words_in_one_query(counter: Counter) -> None:
    counter.award("018", 50_000)
    first = counter.sell("018", {counter.noodles: 2, counter.soap: 1}, key="first").order
    second = counter.sell("018", {counter.bag: 1}, key="second").order
    assert goods_of_orders([first.pk, second.pk]) == {
        first.pk: "洗衣液2千克、挂面礼包×2",
        second.pk: "运动背包",
    }
    assert goods_of_orders([second.pk]) == {second.pk: "运动背包"}
    assert goods_of_orders([]) == {}
    assert queries_of(lambda: goods_of_orders([first.pk, second.pk])) == 1
