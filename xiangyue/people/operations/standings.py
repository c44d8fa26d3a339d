"""How households stand (红榜、黄牌): on what basis, and for how long. What holds on a day is `standings_on`.

A penalty has a basis and an end, ends by itself, and can be lifted early (DOMAIN §7, CONDUCT).
"""

from collections.abc import Collection
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import F, Q, QuerySet

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Household, Standing
from xiangyue.people.offices import Act
from xiangyue.people.operations.joining import BASIS_LENGTH
from xiangyue.people.operations.residents import locked_household
from xiangyue.people.operations.successions import ONE_DAY
from xiangyue.people.permissions import require
from xiangyue.people.tree_refusals import (
    BadStandingName,
    BasisMissing,
    DayAhead,
    HouseholdLeft,
    PenaltyNeedsEnd,
    StandingBackwards,
    StandingHolds,
    StandingOver,
    UnknownStanding,
)
from xiangyue.records.operations import log_act

NAME_LENGTH: Final = 40


@transaction.atomic
def give_standing(
    *,
    actor: Actor,
    household_id: int,
    name: str,
    is_honour: bool,
    basis: str,
    since: date,
    until: date | None = None,
) -> Standing:
    """Say how a household stands from one day to another. until: the last day; only an honour may be without one.

    Raises: UnknownHousehold, NotAllowed, HouseholdLeft, BadStandingName, BasisMissing, PenaltyNeedsEnd,
    StandingBackwards, StandingHolds (one of this name holds at that time).
    """
    actor, household = _locked(actor, household_id)
    name, basis = name.strip(), basis.strip()
    if household.left_on:
        raise HouseholdLeft(number=household.number, left_on=household.left_on)
    if not 0 < len(name) <= NAME_LENGTH:
        raise BadStandingName(name=name, most=NAME_LENGTH)
    if not 0 < len(basis) <= BASIS_LENGTH:
        raise BasisMissing
    if until is None and not is_honour:
        raise PenaltyNeedsEnd
    if until and until < since:
        raise StandingBackwards(since=since, until=until)
    others = (
        household.standings.filter(name=name).exclude(ended_on__lte=F("since")).exclude(ended_on__lte=since)
    )
    others = others.filter(Q(until=None) | Q(until__gte=since))
    other = (others.filter(since__lte=until) if until else others).first()
    if other:
        raise StandingHolds(number=household.number, name=name, since=other.since)
    standing = Standing.objects.create(
        household=household, name=name, is_honour=is_honour, basis=basis, since=since, until=until
    )
    log_act(actor=actor, act="give", subject="standing", subject_ids=[standing.pk])
    return standing


@transaction.atomic
def lift_standing(*, actor: Actor, standing_id: int, on: date | None = None) -> Standing:
    """Lift a standing before its end: from a day on (today), not after it, it holds no more.

    One that had not begun by then has never held. Raises: UnknownStanding, NotAllowed, StandingOver, DayAhead.
    """
    first = on or clock.today()
    found = Standing.objects.filter(id=standing_id).first()
    if found is None:
        raise UnknownStanding(standing=standing_id)
    actor, _household = _locked(actor, found.household_id)
    standing = Standing.objects.get(id=standing_id)
    if first > clock.today():
        raise DayAhead(day=first)
    last = standing.ended_on - ONE_DAY if standing.ended_on else standing.until
    if last and last < first:
        raise StandingOver(name=standing.name, last=last)
    standing.ended_on = first
    standing.save(update_fields=["ended_on"])
    log_act(actor=actor, act="lift", subject="standing", subject_ids=[standing.pk])
    return standing


def holding_on(day: date) -> Q:
    """Give the condition for standings that hold on a day."""
    not_over = Q(until=None) | Q(until__gte=day)
    return Q(since__lte=day) & not_over & (Q(ended_on=None) | Q(ended_on__gt=day))


def standings_on(household_ids: Collection[int], day: date | None = None) -> QuerySet[Standing]:
    """Give how households stand on a day (today), in one query, by household."""
    holding = Standing.objects.filter(holding_on(day or clock.today()), household_id__in=household_ids)
    return holding.order_by("household_id", "since", "id")


def _locked(actor: Actor, household_id: int) -> tuple[Actor, Household]:
    """Lock a household, so that what is said of it is said one after another; give who may, in their office, too."""
    household = locked_household(household_id)
    return require(actor, Act.MANAGE_PEOPLE, household.unit), household
