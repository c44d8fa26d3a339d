"""How it was on a day: where a household lived, of which household a resident was, what the tree looked like."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from xiangyue.people.models import (
    FormerHousehold,
    FormerPlace,
    Household,
    JoiningStep,
    Relation,
    Resident,
    Unit,
)


@dataclass(frozen=True)
class PlaceThen:
    """Where a household lived on a day, and under which number."""

    unit_id: int
    village_id: int
    number: str


@dataclass(frozen=True)
class MembershipThen:
    """Of which household a resident was on a day, and what they were to its head."""

    household_id: int
    relation: Relation


def standing_on(day: date) -> Q:
    """Give the condition for units that stood on a day."""
    return Q(since__lte=day) & (Q(until=None) | Q(until__gte=day))


def tree_on(unit: Unit, day: date) -> list[Unit]:
    """Give a unit and what lay below it on a day, parents before their children, in one query.

    Under the names that they have, or had last. A unit that ended, or had not begun, is not in its own tree.
    """
    return list(Unit.objects.filter(standing_on(day), path__startswith=unit.path).order_by("path"))


def heirs_of(unit: Unit) -> list[Unit]:
    """Give what a unit became, step by step up to what stands now; nothing if it has not ended, or went to several."""
    heirs: list[Unit] = []
    while unit.successor:
        unit = unit.successor
        heirs.append(unit)
    return heirs


def places_on(household_ids: Collection[int], day: date) -> dict[int, PlaceThen]:
    """Give where households lived on a day, by id, in two queries; those that were not there then are left out."""
    there = Household.objects.filter(Q(left_on=None) | Q(left_on__gte=day), joined_on__lte=day)
    now = there.filter(id__in=household_ids).values_list("id", "unit_id", "village_id", "number")
    places = {pk: PlaceThen(unit, village, number) for pk, unit, village, number in now}
    # The first that it left on that day or later is where it was.
    former = FormerPlace.objects.filter(household_id__in=household_ids, until__gte=day)
    rows = former.order_by("household_id", "until").distinct("household_id")
    for pk, unit, village, number in rows.values_list("household_id", "unit_id", "village_id", "number"):
        if pk in places:
            places[pk] = PlaceThen(unit, village, number)
    return places


def place_on(household: Household, day: date) -> PlaceThen | None:
    """Give where a household lived on a day; None if it was not there then."""
    return places_on([household.pk], day).get(household.pk)


def memberships_on(resident_ids: Collection[int], day: date) -> dict[int, MembershipThen]:
    """Give of which households residents were on a day, by id, in two queries; who had left is left out."""
    there = Resident.objects.filter(Q(left_on=None) | Q(left_on__gte=day), id__in=resident_ids)
    now = there.values_list("id", "household_id", "relation", "household__joined_on")
    former = FormerHousehold.objects.filter(resident_id__in=resident_ids, until__gte=day)
    rows = former.order_by("resident_id", "until").distinct("resident_id")
    then = {
        pk: (household, relation, joined)
        for pk, household, relation, joined in rows.values_list(
            "resident_id", "household_id", "relation", "household__joined_on"
        )
    }
    found = {pk: then.get(pk, (household, relation, joined)) for pk, household, relation, joined in now}
    return {
        pk: MembershipThen(household, Relation(relation))
        for pk, (household, relation, joined) in found.items()
        if joined <= day
    }


def membership_on(resident: Resident, day: date) -> MembershipThen | None:
    """Give of which household a resident was on a day; None if of none."""
    return memberships_on([resident.pk], day).get(resident.pk)


def joining_on(unit: Unit, day: date) -> JoiningStep | None:
    """Give the step by which a judging unit stood in the scheme on a day; None before its first."""
    return JoiningStep.objects.filter(unit=unit, since__lte=day).order_by("-since").first()


def living_in(village: Unit) -> dict[str, tuple[int, str]]:
    """Give the households of a village today by number: (id, path of their unit), in one query."""
    living = Household.objects.filter(village=village, left_on=None)
    return {number: (pk, path) for number, pk, path in living.values_list("number", "id", "unit__path")}
