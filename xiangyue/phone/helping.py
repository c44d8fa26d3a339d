"""For whom somebody responsible may act (代办), in words."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, Q

from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Household, Resident
from xiangyue.people.offices import Act
from xiangyue.people.permissions import units_where
from xiangyue.people.queries import household_heads, households_of

MOST: Final = 20


@dataclass(frozen=True)
class Helped:
    """One household of the list. where: 大罗村　018."""

    id: str
    head_name: str
    where: str


def households_to_help(actor: Actor, sought: str) -> tuple[list[Helped], bool]:
    """Find households by their number or by a name of theirs, where the actor may act for them; at most 20.

    Also tells whether there are more. Nobody acts for their own household: they have that anyway.
    """
    found = Household.objects.filter(unit__in=units_where(actor, Act.HELP_HOUSEHOLDS), left_on=None)
    if sought:
        named = Resident.objects.filter(household=OuterRef("pk"), left_on=None, name__contains=sought)
        found = found.filter(Q(number__contains=sought) | Exists(named))
    found = (
        found.exclude(id__in=households_of(actor)).select_related("village").order_by("village_id", "number")
    )
    listed = list(found[: MOST + 1])
    heads = household_heads(each.pk for each in listed)
    return [
        Helped(str(each.public_id), heads.get(each.pk, each.number), f"{each.village.name}　{each.number}")
        for each in listed[:MOST]
    ], len(listed) > MOST
