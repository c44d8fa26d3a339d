"""Who acts for a household: itself, by its card or a member, or somebody responsible on its behalf (代办)."""

from django.db.models import Q

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.ages import is_child
from xiangyue.people.membership_refusals import AskFirst, ChildMayNot, NotHelping
from xiangyue.people.models import HelpVisit, Household, Membership
from xiangyue.people.offices import Act
from xiangyue.people.permissions import require
from xiangyue.people.queries import visits_in_force


def membership_in(actor: Actor, household_id: int) -> Membership | None:
    """Give the membership by which a user acts for a household today."""
    if actor.kind is not ActorKind.USER:
        return None
    held = Membership.objects.filter(user_id=actor.id, household_id=household_id, until=None)
    return held.select_related("resident").first()


def is_own(actor: Actor, household_id: int) -> bool:
    """Tell whether the household itself acts: by its card, or a member of today."""
    if actor.kind is ActorKind.CARD:
        return actor.id == household_id
    return membership_in(actor, household_id) is not None


def own_households(actor: Actor) -> set[int]:
    """Give the ids of the households for which an actor acts as one of them.

    Recusal reaches further (`people.queries.households_of`).
    """
    if actor.kind is ActorKind.CARD:
        return {actor.id}
    if actor.kind is not ActorKind.USER:
        return set()
    held = Membership.objects.filter(user_id=actor.id, until=None)
    return set(held.values_list("household_id", flat=True))


def require_own(actor: Actor, household_id: int, otherwise: Refusal, *, of_age: bool = False) -> None:
    """Insist that the household itself acts. of_age: a child may not. Raises: `otherwise`, ChildMayNot."""
    if actor.kind is ActorKind.CARD and actor.id == household_id:
        return
    membership = membership_in(actor, household_id)
    if membership is None:
        raise otherwise
    if of_age and is_under_age(membership):
        raise ChildMayNot


def is_under_age(membership: Membership) -> bool:
    """Tell whether a member is known to be a child."""
    resident = membership.resident
    return bool(resident and resident.born and is_child(resident.born))


def acting_for(actor: Actor, household: Household) -> tuple[Actor, int | None]:
    """Insist that the actor may act for a household: itself, or within a visit on its behalf.

    Gives the actor, with the office for it, and the household's id where it is on behalf (for `log_act`).
    Raises: NotAllowed, NotHelping, AskFirst (the household has not agreed yet).
    """
    if is_own(actor, household.pk):
        return actor, None
    actor = require(actor, Act.HELP_HOUSEHOLDS, household.unit)
    if actor.kind is ActorKind.USER:
        open_ = HelpVisit.objects.filter(helper_id=actor.id, household=household, ended_at=None)
        if not open_.filter(visits_in_force(clock.now())).exists():
            waiting = open_.filter(Q(allowed_at=None)).exists()
            raise AskFirst(number=household.number) if waiting else NotHelping(number=household.number)
    return actor, household.pk
