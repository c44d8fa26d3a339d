"""Reads on who acts for a household, who would like to, and what it asks for; one query each, if not said otherwise."""

from typing import Final

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import (
    ClaimState,
    HelpVisit,
    Household,
    HouseholdRequest,
    Membership,
    MembershipClaim,
    RequestState,
    Unit,
)
from xiangyue.people.offices import Act
from xiangyue.people.permissions import may
from xiangyue.people.queries import visits_in_force
from xiangyue.users.models import User

PAGE: Final = 30


def memberships_of(user: User) -> list[Membership]:
    """Give the living households for which a user acts, with unit and village; their own first."""
    lasting = Membership.objects.filter(user=user, until=None, household__left_on=None)
    with_places = lasting.select_related("household__unit", "household__village", "resident")
    return list(with_places.order_by("since", "id"))


def allowed_help(user: User, help_id: int) -> HelpVisit | None:
    """Give a help visit that goes on and that the household allows, with its household's unit and village.

    None once it is over, or its helper may help there no more; in two queries.
    """
    visits = HelpVisit.objects.filter(visits_in_force(clock.now()), id=help_id, helper=user)
    living = visits.filter(household__left_on=None)
    found = living.select_related("household__unit", "household__village").first()
    if found is None or not may(Actor.user(user.pk), Act.HELP_HOUSEHOLDS, found.household.unit):
        return None
    return found


def visits_to(household: Household) -> list[HelpVisit]:
    """Give who came to act on a household's behalf, the last first."""
    found = HelpVisit.objects.filter(household=household).select_related("helper")
    return list(found.order_by("-asked_at", "-id")[:PAGE])


def members_of(household: Household) -> list[Membership]:
    """Give who acts for a household, in the order in which they came."""
    held = Membership.objects.filter(household=household, until=None)
    return list(held.select_related("user", "resident").order_by("id"))


def claims_to(household: Household) -> list[MembershipClaim]:
    """Give who says they belong to a household, and waits."""
    waiting = MembershipClaim.objects.filter(household=household, state=ClaimState.OPEN)
    return list(waiting.order_by("id"))


def claims_of(user_id: int) -> list[MembershipClaim]:
    """Give what a user has claimed, the last first, those of today's households and those that came to nothing."""
    made = MembershipClaim.objects.filter(user_id=user_id)
    return list(made.select_related("household__village").order_by("-id")[:PAGE])


def claims_below(unit: Unit) -> list[MembershipClaim]:
    """Give the claims that wait at a unit and below it, the oldest first, with household and claimant."""
    waiting = MembershipClaim.objects.filter(
        state=ClaimState.OPEN, household__unit__path__startswith=unit.path
    )
    return list(waiting.select_related("household__village", "household__unit", "user").order_by("id"))


def requests_of(household: Household) -> list[HouseholdRequest]:
    """Give what a household asked for, the last first."""
    return list(HouseholdRequest.objects.filter(household=household).order_by("-id")[:PAGE])


def requests_below(unit: Unit) -> list[HouseholdRequest]:
    """Give the requests that wait at a unit and below it, the most urgent first."""
    waiting = HouseholdRequest.objects.filter(
        state=RequestState.OPEN, household__unit__path__startswith=unit.path
    )
    return list(waiting.select_related("household__village").order_by("answer_by", "id"))
