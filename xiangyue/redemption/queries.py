"""Reads on shops, goods and orders."""

from collections.abc import Collection

from xiangyue.people.models import Unit
from xiangyue.redemption.models import Good, OrderLine, Shop
from xiangyue.redemption.refusals import AmbiguousGood, UnknownGood, UnknownShop


def shop_in(unit: Unit, name: str) -> Shop:
    """Find a unit's shop by its name. Raises: UnknownShop."""
    shop = Shop.objects.filter(unit=unit, name=name).first()
    if shop is None:
        raise UnknownShop(unit=unit.name, name=name)
    return shop


def good_in(shop: Shop, name: str) -> Good:
    """Find a good on a shop's shelf by its name, with its spec, or without where only one has that name.

    Raises: UnknownGood, AmbiguousGood.
    """
    goods = Good.objects.filter(shop=shop)
    exact = [good for good in goods if name in (f"{good.name}{good.spec}", f"{good.name} {good.spec}")]
    found = exact or [good for good in goods if good.name == name]
    if not found:
        raise UnknownGood(name=name)
    if len(found) > 1:
        raise AmbiguousGood(name=name, specs="、".join(good.spec for good in found))
    return found[0]


def goods_of_orders(order_ids: Collection[int]) -> dict[int, str]:
    """Say in words what orders bought, in one query: {12: "洗衣液2千克、食盐400克×2"}."""
    words: dict[int, list[str]] = {}
    lines = OrderLine.objects.filter(order_id__in=order_ids).order_by("order_id", "id")
    for order_id, name, spec, quantity in lines.values_list(
        "order_id", "good__name", "good__spec", "quantity"
    ):
        words.setdefault(order_id, []).append(f"{name}{spec}" + (f"×{quantity}" if quantity > 1 else ""))
    return {order_id: "、".join(parts) for order_id, parts in words.items()}
