"""Reads on units, households and appointments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Count, F, Q, QuerySet

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.people.models import (
    Appointment,
    Body,
    Household,
    Level,
    Membership,
    Reading,
    Relation,
    Resident,
    Unit,
)
from xiangyue.people.offices import Office
from xiangyue.people.refusals import NotAVillage, UnknownHousehold, UnknownResident, UnknownUnit
from xiangyue.users.models import User

LABEL_JOINT = "·"
HELP_LASTS: Final = timedelta(
    hours=2
)  # a visit on a household's behalf; then it is begun anew, and seen anew


@dataclass(frozen=True)
class HouseholdLine:
    """One household as a list shows it. label: of its leaf unit, 第三网格·第二联户组."""

    household: Household
    head: str
    label: str
    residents: int
    party_members: int


def unit_by_code(code: str) -> Unit:
    """Find a unit by its code. Raises: UnknownUnit."""
    try:
        return Unit.objects.get(code=code)
    except Unit.DoesNotExist:
        raise UnknownUnit(unit=code) from None


def village_by_code(code: str) -> Unit:
    """Find a village by its official code of 12 digits. Raises: UnknownUnit, NotAVillage."""
    unit = unit_by_code(code)
    if unit.level != Level.VILLAGE:
        raise NotAVillage(unit=code, name=unit.name)
    return unit


def village_of(unit: Unit) -> Unit:
    """Give the village that a unit lies in, or is; what lies in none is given back as it is."""
    return Unit.objects.filter(path__in=paths_to(unit), level=Level.VILLAGE).first() or unit


def units_below(unit: Unit) -> QuerySet[Unit]:
    """Give the unit itself and everything below it that goes on, parents before their children."""
    return Unit.objects.filter(path__startswith=unit.path, until=None).order_by("path")


def paths_to(unit: Unit) -> list[str]:
    """Give the paths of the units above a unit, from the root down to the unit itself."""
    codes = unit.path.strip("/").split("/")
    return [f"/{'/'.join(codes[:depth])}/" for depth in range(1, len(codes) + 1)]


def leaf_labels(unit: Unit) -> dict[int, str]:
    """Name the units at and below a unit by their way down from the village, by id: 第三网格·第二联户组.

    A village, and whatever lies above one, goes by its own name. Units that have ended are named too.
    """
    units = list(Unit.objects.filter(Q(path__in=paths_to(unit)) | Q(path__startswith=unit.path)))
    by_path = {each.path: each for each in units}
    return {each.pk: _label(each, by_path) for each in units if unit.contains(each)}


def _label(unit: Unit, by_path: dict[str, Unit]) -> str:
    way = [by_path[path] for path in paths_to(unit)]
    village = next((depth for depth, each in enumerate(way) if each.level == Level.VILLAGE), None)
    below = [] if village is None else way[village + 1 :]
    return LABEL_JOINT.join(each.name for each in below) or unit.name


def household_by_number(*, village: Unit, number: str) -> Household:
    """Find a household by the number on its door today. Raises: UnknownHousehold."""
    living = Household.objects.select_related("unit", "village").filter(left_on=None)
    try:
        return living.get(village=village, number=number.strip())
    except Household.DoesNotExist:
        raise UnknownHousehold(number=number, village=village.name) from None


def household_heads(household_ids: Iterable[int]) -> dict[int, str]:
    """Give the heads' full names by household id; of a household that has ended, its last one's."""
    heads = Resident.objects.filter(household_id__in=list(household_ids), relation=Relation.HEAD)
    # A head who has left comes before the one of today, and is replaced by them.
    return dict(heads.order_by(F("left_on").asc(nulls_last=True)).values_list("household_id", "name"))


def head_name(household: Household) -> str:
    """Name one household by its head, or by its number where nobody is; lists ask `household_heads`."""
    return household_heads([household.pk]).get(household.pk, household.number)


def households_in(village: Unit) -> list[HouseholdLine]:
    """List a village's households of today by number, with those who are of them, in three queries."""
    here = Q(residents__left_on=None)
    found = list(
        Household.objects.filter(village=village, left_on=None)
        .annotate(people=Count("residents", filter=here))
        .annotate(party=Count("residents", filter=here & Q(residents__is_party_member=True)))
        .order_by("number")
    )
    heads, labels = household_heads(each.pk for each in found), leaf_labels(village)
    return [
        HouseholdLine(each, heads.get(each.pk, ""), labels[each.unit_id], each.people, each.party)
        for each in found
    ]


def households_of(actor: Actor) -> set[int]:
    """Give the ids of the households that an actor belongs to, and may therefore not judge.

    Not for whom an actor may act: who was sent away this morning still judges nothing there today.
    """
    if actor.kind is ActorKind.CARD:
        return {actor.id}
    return households_of_users([actor.id]).get(actor.id, set()) if actor.kind is ActorKind.USER else set()


def households_of_users(user_ids: Iterable[int]) -> dict[int, set[int]]:
    """Give the households that users belong to, by user id, in one query; users of none are left out.

    As whose resident they sign in, wherever that one lived last, and for which they act, or did until today.
    """
    belonging: dict[int, set[int]] = {}
    ids = list(user_ids)
    residents = Resident.objects.filter(user_id__in=ids).order_by()
    found = residents.values_list("user_id", "household_id").union(lasting_memberships(ids))
    for user_id, household_id in found:
        if user_id is not None:
            belonging.setdefault(user_id, set()).add(household_id)
    return belonging


def lasting_memberships(user_ids: Iterable[int]) -> QuerySet[Membership, tuple[int, int]]:
    """Give which users act for which households, or did until today: for recusal."""
    lasting = Q(until=None) | Q(until__gte=clock.today())
    held = Membership.objects.filter(lasting, user_id__in=list(user_ids))
    return held.values_list("user_id", "household_id")


def visits_in_force(now: datetime) -> Q:
    """Give the condition for visits on a household's behalf that have begun and are not over."""
    return Q(ended_at=None, allowed_at__gt=now - HELP_LASTS)


def reading_of(*, household_id: int, user_id: int | None = None) -> Reading:
    """Give how an account wants its pages: the user's own wish, else the household's, else the plain one."""
    own = (
        Q(household_id=household_id) if user_id is None else Q(household_id=household_id) | Q(user_id=user_id)
    )
    # The user's own comes before the household's.
    return Reading.objects.filter(own).order_by(F("user_id").asc(nulls_last=True)).first() or Reading()


def in_force(on: date | None = None) -> Q:
    """Give the condition for appointments that hold on a day (today), of users not switched off."""
    day = on or clock.today()
    return Q(since__lte=day, user__is_active=True) & (Q(until=None) | Q(until__gte=day))


def users_in_office(office: Office, unit: Unit, on: date | None = None) -> list[User]:
    """Give who holds an office at a unit, or above it, on a day (today), by name."""
    held = Appointment.objects.filter(in_force(on), office=office, unit__path__in=paths_to(unit))
    return list(User.objects.filter(id__in=held.values("user_id")).order_by("name", "id"))


def users_in_body(body: Body, unit: Unit, on: date | None = None) -> list[User]:
    """Give who sits in a committee or council of a unit, or of one above it, on a day (today), by name."""
    held = Appointment.objects.filter(in_force(on), body=body, unit__path__in=paths_to(unit))
    return list(User.objects.filter(id__in=held.values("user_id")).order_by("name", "id"))


def appointments_below(unit: Unit, on: date | None = None) -> QuerySet[Appointment]:
    """Give the appointments at a unit and below it that have not ended by a day (today)."""
    return (
        Appointment.objects.filter(unit__path__startswith=unit.path, user__is_active=True)
        .filter(Q(until=None) | Q(until__gte=on or clock.today()))
        .select_related("user", "unit")
        .order_by("unit__path", "office", "since", "id")
    )


def resident_named(household: Household, name: str) -> Resident:
    """Find a household's resident of today by full name. Raises: UnknownResident."""
    resident = household.residents.filter(name=name.strip(), left_on=None).first()
    if resident is None:
        raise UnknownResident(name=name, number=household.number)
    return resident


def tree_counts() -> dict[str, int]:
    """Count the units of today's tree by level, from the top down."""
    standing = Unit.objects.filter(until=None)
    counts = dict(standing.values_list("level").annotate(count=Count("id")).order_by())
    return {level.value: counts[level] for level in Level if level in counts}
