"""Reads on shops, goods and orders."""

from collections.abc import Collection

from xiangyue.people.models import Unit
from xiangyue.redemption.models import Good, OrderLine, Shop
from xiangyue.redemption.refusals import UnknownGood, UnknownShop


def shop_in(unit: Unit, name: str) -> Shop:
    """Find a unit's shop by its name. Raises: UnknownShop."""
    shop = Shop.objects.filter(unit=unit, name=name).first()
    if shop is None:
        raise UnknownShop(unit=unit.name, name=name)
    return shop


def good_in(shop: Shop, name: str) -> Good:
    """Find a good on a shop's shelf by its name, with or without its spec. Raises: UnknownGood."""
    for good in Good.objects.filter(shop=shop):
        if name in (good.name, f"{good.name}{good.spec}", f"{good.name} {good.spec}"):
            return good
    raise UnknownGood(name=name)


def goods_of_orders(order_ids: Collection[int]) -> dict[int, str]:
    """Say in words what orders bought, in one query: {12: "洗衣液2千克、食盐400克×2"}."""
    words: dict[int, list[str]] = {}
    lines = OrderLine.objects.filter(order_id__in=order_ids).order_by("order_id", "id")
    for order_id, name, spec, quantity in lines.values_list(
        "order_id", "good__name", "good__spec", "quantity"
    ):
        words.setdefault(order_id, []).append(f"{name}{spec}" + (f"×{quantity}" if quantity > 1 else ""))
    return {order_id: "、".join(parts) for order_id, parts in words.items()}
