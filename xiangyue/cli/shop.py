"""Commands for the points shop and its till."""

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.cli.common import Work, in_county, table
from xiangyue.cli.options import key_option, village_option
from xiangyue.kernel.ids import public_id
from xiangyue.kernel.points import format_points, parse_points
from xiangyue.people.queries import household_by_number, village_by_code
from xiangyue.redemption.models import Good
from xiangyue.redemption.operations import Delivery, household_by_code, open_shop, receive_goods
from xiangyue.redemption.operations import redeem as redeem_goods
from xiangyue.redemption.queries import good_in, shop_in

shop_option = click.option("--shop", required=True, metavar="NAME", help=str(gettext_lazy("哪家店")))


@click.group(help=str(gettext_lazy("积分超市：开店、进货、兑换")))
def shop() -> None:
    pass


@shop.command("open", help=str(gettext_lazy("开一家积分超市")))
@village_option
@click.argument("name")
@in_county
def open_one(work: Work, village: str, name: str) -> None:
    opened = open_shop(actor=work.actor, unit_id=village_by_code(village).pk, name=name)
    work.answer({"shop": opened.pk, "name": opened.name}, _("%(name)s开张了。") % {"name": opened.name})


@shop.command(help=str(gettext_lazy("进货：名称、价钱（分）、数量")))
@village_option
@shop_option
@click.option("--spec", default="", help=str(gettext_lazy("规格，例如 2千克")))
@click.option("--price", required=True, help=str(gettext_lazy("一件多少分")))
@click.option("--quantity", type=int, required=True, help=str(gettext_lazy("进了多少件")))
@click.argument("good")
@key_option
@in_county
def receive(
    work: Work, village: str, shop: str, good: str, spec: str, price: str, quantity: int, key: str | None
) -> None:
    found = shop_in(village_by_code(village), shop)
    delivery = Delivery(name=good, spec=spec, price=parse_points(price), quantity=quantity)
    (received,) = receive_goods(
        actor=work.actor, shop_id=found.pk, deliveries=[delivery], key=key or str(public_id())
    )
    facts = {"good": received.name, "spec": received.spec, "stock": received.stock}
    work.answer(facts, _("%(good)s%(spec)s进货了，现有%(stock)s件。") % facts)


@shop.command(help=str(gettext_lazy("看货架：价钱和库存")))
@village_option
@shop_option
@in_county
def stock(work: Work, village: str, shop: str) -> None:
    goods = Good.objects.filter(shop=shop_in(village_by_code(village), shop))
    rows = [(good.name, good.spec, format_points(good.price), good.stock) for good in goods]
    columns = (_("名称"), _("规格"), _("分"), _("库存"))
    work.answer(
        {"goods": [dict(zip(("name", "spec", "price", "stock"), row, strict=True)) for row in rows]},
        table(shop, columns, rows),
    )


@shop.command(help=str(gettext_lazy("兑换：东西写成 洗衣液 或 洗衣液=2")))
@village_option
@shop_option
@click.option("--household", metavar="NUMBER", help=str(gettext_lazy("户号")))
@click.option(
    "--code", metavar="CODE", help=str(gettext_lazy("手机上的积分码，或者念的六个数；用一次就作废"))
)
@click.argument("goods", nargs=-1, required=True)
@key_option
@in_county
def redeem(
    work: Work,
    village: str,
    shop: str,
    household: str | None,
    code: str | None,
    goods: tuple[str, ...],
    key: str | None,
) -> None:
    if (household is None) == (code is None):
        raise click.UsageError(_("--household 和 --code，写一个。"))
    unit = village_by_code(village)
    found = shop_in(unit, shop)
    quantities: dict[int, int] = {}
    for text in goods:
        name, equals, count = text.partition("=")
        if equals and not count.isdecimal():
            raise click.BadParameter(text)
        good = good_in(found, name).pk
        quantities[good] = quantities.get(good, 0) + int(count or 1)
    if code is None:
        customer = household_by_number(village=unit, number=household or "")
    else:  # a code is used up by this, so that what was asked for is understood first
        customer = household_by_code(actor=work.actor, shop_id=found.pk, code=code)
    sold = redeem_goods(
        actor=work.actor,
        shop_id=found.pk,
        household_id=customer.pk,
        quantities=quantities,
        key=key or str(public_id()),
    )
    facts = {
        "order": sold.order.public_id,
        "total": format_points(sold.order.total),
        "redeemable": format_points(sold.redeemable),
    }
    work.answer(facts, _("兑换好了：扣%(total)s分，还可兑换%(redeemable)s分。") % facts)
