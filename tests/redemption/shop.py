"""A shop for tests: open, with a few goods on its shelf, and households with points to spend."""

from dataclasses import dataclass

from django.db.models import Value

from tests.cast import Cast
from tests.ledger.book import posting
from xiangyue.kernel.actors import Actor
from xiangyue.ledger.models import AccountKind
from xiangyue.ledger.operations.posting import post_lines
from xiangyue.ledger.queries import balances_of, pool_id
from xiangyue.people.models import Household
from xiangyue.redemption.models import Good, Shop
from xiangyue.redemption.operations import Delivery, Redeemed, open_shop, receive_goods, redeem

SOAP, NOODLES, BAG = (
    Delivery("洗衣液", "2千克", 2000, 5),
    Delivery("挂面礼包", "", 3000, 3),
    Delivery("运动背包", "", 12_000, 1),
)


@dataclass(frozen=True)
class Counter:
    """A shop of the village and who stands behind its counter. series: before its keys, where shops share a county."""

    cast: Cast
    shop: Shop
    soap: Good
    noodles: Good
    bag: Good
    series: str = ""

    @classmethod
    def open(cls, cast: Cast, series: str = "") -> "Counter":
        shop = open_shop(actor=cast.administrator, unit_id=cast.village.pk, name=f"{series}联和村积分超市")
        soap, noodles, bag = receive_goods(
            actor=cast.administrator,
            shop_id=shop.pk,
            deliveries=[SOAP, NOODLES, BAG],
            key=f"{series}first",
        )
        return cls(cast, shop, soap, noodles, bag, series)

    def sell(
        self,
        number: str,
        quantities: dict[Good, int],
        *,
        key: str = "sale",
        actor: Actor | None = None,
    ) -> Redeemed:
        """Sell to the household with this number."""
        return redeem(
            actor=actor or self.cast.shopkeeper,
            shop_id=self.shop.pk,
            household_id=self.cast.household(number).pk,
            quantities={good.pk: quantity for good, quantity in quantities.items()},
            key=self.series + key,
        )

    def receive(self, *deliveries: Delivery, key: str = "delivery", actor: Actor | None = None) -> list[Good]:
        return receive_goods(
            actor=actor or self.cast.administrator,
            shop_id=self.shop.pk,
            deliveries=deliveries,
            key=self.series + key,
        )

    def stock(self) -> list[int]:
        """Give what is left of the soap, the noodles and the bag."""
        goods = Good.objects.in_bulk([self.soap.pk, self.noodles.pk, self.bag.pk])
        return [goods[good.pk].stock for good in (self.soap, self.noodles, self.bag)]

    def award(self, number: str, points: int) -> Household:
        """Give a household points, by its number."""
        household = self.cast.household(number)
        lines = Household.objects.filter(id=household.pk).annotate(points=Value(points))
        assert self.cast.village.holder_id
        post_lines(
            posting=posting(f"award:{number}"),
            pool_id=pool_id(self.cast.village.holder_id, AccountKind.ISSUED),
            lines=lines.values_list("id", "holder_id", "points"),
        )
        return household

    def spendable(self, number: str) -> int:
        holder_id = self.cast.household(number).holder_id
        return balances_of([holder_id])[holder_id].spendable
