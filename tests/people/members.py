"""What the tests of members share: people with a phone of their own, and short ways to make them members."""

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Binding, Household, Membership, Resident
from xiangyue.users.operations import create_user


def with_phone(login: str = "u-1", name: str = "来人") -> Actor:
    """Make somebody who signed in and is nobody's yet."""
    return Actor.user(create_user(login=login, name=name).pk)


def member_of(household: Household, resident: str = "", *, login: str = "u-m") -> Actor:
    """Make somebody who acts for a household; resident: who of it they are."""
    who = Resident.objects.get(household=household, name=resident) if resident else None
    actor = with_phone(login, resident or login)
    Membership.objects.create(
        user_id=actor.id, household=household, resident=who, how=Binding.CARD_CODE, since=clock.today()
    )
    return actor


def membership(actor: Actor, household: Household) -> Membership:
    """Give somebody's membership that lasts."""
    return Membership.objects.get(user_id=actor.id, household=household, until=None)


def served(actor: Actor) -> list[str]:
    """Give the numbers of the households for which somebody acts."""
    held = Membership.objects.filter(user_id=actor.id, until=None).order_by("id")
    return list(held.values_list("household__number", flat=True))
