"""A points shop stands in a unit; when that one ends, the shop goes on in the village that takes over.

Its till's account, stock and orders stay as they are. Who keeps it is appointed anew there.
"""

from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Unit
from xiangyue.people.operations.departures import Departure
from xiangyue.records.operations import log_act
from xiangyue.redemption.models import Shop
from xiangyue.redemption.refusals import ShopStillOpen


def object_to_departure(departure: Departure) -> None:
    """Refuse to end a unit that has a shop, where nobody takes over. Raises: ShopStillOpen."""
    if departure.to_village_id is None:
        shop = Shop.objects.filter(unit__in=departure.ending).select_related("unit").first()
        if shop:
            raise ShopStillOpen(unit=shop.unit.name, name=shop.name)


def follow_departure(actor: Actor, departure: Departure) -> None:
    """Move the shops of units that end. A name that is taken there gets the old unit's name in front."""
    if departure.to_village_id is None:
        return
    moving = list(
        Shop.objects.select_for_update(of=("self",), no_key=True)
        .filter(unit__in=departure.ending)
        .select_related("unit")
        .order_by("id")
    )
    taken = set(Shop.objects.filter(unit=departure.to_village_id).values_list("name", flat=True))
    room = Shop._meta.get_field("name").max_length or 0
    to_village = Unit.objects.get(id=departure.to_village_id)
    for shop in moving:
        own, count = shop.name, 1
        while shop.name in taken:
            tail = str(count) if count > 1 else ""
            shop.name = f"{shop.unit.name}{own}"[: room - len(tail)] + tail
            count += 1
        taken.add(shop.name)
        shop.unit = to_village
    Shop.objects.bulk_update(moving, ["unit", "name"])
    ids = [shop.pk for shop in moving]
    log_act(actor=actor, act="follow", subject="shop", subject_ids=ids, reason=f"to:{to_village.pk}")
