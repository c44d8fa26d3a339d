"""The points shops of the demo: goods at prices that places published, and what households take home."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from xiangyue.kernel.actors import Actor
from xiangyue.kernel.periods import Period
from xiangyue.ledger.queries import balances_of
from xiangyue.people.models import Household, Unit
from xiangyue.people.offices import Office
from xiangyue.redemption.models import Shop
from xiangyue.redemption.operations import Delivery, open_shop, receive_goods, redeem
from xiangyue.scoring.models import Rhythm, ScoringRules
from xiangyue.scoring.rhythm import MONTHS
from xiangyue.setup.demo.cast import cast_of
from xiangyue.setup.demo.days import REDEEMING
from xiangyue.setup.demo.settling import administrator

# Goods and prices in centipoints as a village published them (luoyu; see the presets' sources).
GOODS: Final = (
    Delivery("香皂", "125克", 500, 400),
    Delivery("挂面", "1千克", 1000, 400),
    Delivery("洗衣液", "2千克", 2000, 300),
    Delivery("大米", "5千克", 3500, 300),
    Delivery("运动水壶", "", 6000, 60),
)
GOES = {True: 0.35, False: 0.12}  # of the households, by whether they redeem at fixed times


@dataclass(frozen=True)
class Till:
    """The shop of one village, where there is one."""

    village: Unit
    shop: Shop
    keeper: Actor
    seed: int

    def redeem(self, period: Period) -> None:
        """Let households redeem in a month, where the scheme does so in it: at its fixed times, or in every month."""
        often = ScoringRules.objects.get().redeemed
        if often and period.month % MONTHS[Rhythm(often)]:
            return
        chance = random.Random(f"{self.seed} {self.village.code} {period} till")  # noqa: S311 - a demo
        share = GOES[bool(often)]
        homes = list(Household.objects.filter(village=self.village, left_on=None).order_by("number"))
        goods = list(self.shop.goods.order_by("price"))
        balances = balances_of([home.holder_id for home in homes])
        has_sold = False
        for home in homes:
            affordable = [each for each in goods if each.price <= balances[home.holder_id].redeemable]
            if affordable and (chance.random() < share or not has_sold):  # somebody always goes
                has_sold = True
                redeem(
                    actor=self.keeper,
                    shop_id=self.shop.pk,
                    household_id=home.pk,
                    quantities={chance.choice(affordable).pk: 1},
                    key=f"demo:{period}:{home.pk}",
                )


def redeeming_day(period: Period) -> date:
    """Give the day of a month on which people redeem; it lies in the windows that schemes have for it."""
    return period.first.replace(day=REDEEMING)


def open_tills(villages: Sequence[Unit], *, name: str, seed: int) -> list[Till]:
    """Open a shop in each village, with goods. name: what the scheme calls a shop."""
    found = []
    for village in villages:
        shop = open_shop(actor=administrator(), unit_id=village.pk, name=f"{village.name}{name}")
        receive_goods(actor=administrator(), shop_id=shop.pk, deliveries=GOODS, key=f"demo:{village.code}")
        found.append(Till(village, shop, cast_of(village).one(Office.SHOPKEEPER), seed))
    return found
