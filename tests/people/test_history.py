from datetime import date, timedelta

import pytest

from tests.ledger.book import queries_of
from tests.people.tree import EVE, ON, grid, north, unit
from xiangyue.people.history import (
    MembershipThen,
    PlaceThen,
    heirs_of,
    joining_on,
    membership_on,
    memberships_on,
    place_on,
    places_on,
    tree_on,
)
from xiangyue.people.models import (
    FormerHousehold,
    FormerPlace,
    Household,
    Joining,
    JoiningStep,
    Relation,
    Resident,
    Unit,
)

pytestmark = pytest.mark.usefixtures("county")

BEGAN = date(2026, 11, 2)
DAY = timedelta(1)


@pytest.fixture
def households() -> dict[str, Household]:
    return north()


def test_a_household_was_where_it_lived_then(households: dict[str, Household], village: Unit) -> None:
    household, first = households["018"], grid(village, "第一网格")
    for until, number in [(date(2026, 11, 10), "甲"), (EVE, "乙")]:
        FormerPlace.objects.create(
            household=household, unit=first, village=village, number=number, until=until
        )
    found = {day: place_on(household, day) for day in (BEGAN - DAY, BEGAN, date(2026, 11, 10), EVE, ON)}
    assert found.pop(BEGAN - DAY) is None
    assert [place.number for place in found.values() if place] == ["甲", "甲", "乙", "018"]
    assert found[ON] == PlaceThen(household.unit_id, village.pk, "018")


def test_a_household_that_has_left_was_there_until_then(households: dict[str, Household]) -> None:
    household = households["018"]
    household.left_on = EVE
    household.save()
    assert place_on(household, EVE)
    assert place_on(household, ON) is None


def test_many_households_cost_two_queries(households: dict[str, Household]) -> None:
    ids = [household.pk for household in households.values()]
    assert places_on(ids, ON).keys() == set(ids)
    assert queries_of(lambda: places_on(ids, ON)) == queries_of(lambda: places_on(ids[:1], ON)) == 2


def test_a_resident_was_of_the_household_then(households: dict[str, Household]) -> None:
    sprout = Resident.objects.get(name="田豆苗")
    FormerHousehold.objects.create(
        resident=sprout, household=households["004"], relation=Relation.OTHER, until=EVE
    )
    assert membership_on(sprout, EVE) == MembershipThen(households["004"].pk, Relation.OTHER)
    assert membership_on(sprout, ON) == MembershipThen(households["018"].pk, Relation.CHILD)
    assert membership_on(sprout, BEGAN - DAY) is None
    sprout.left_on = ON
    sprout.save()
    assert membership_on(sprout, ON)
    assert membership_on(sprout, ON + DAY) is None


def test_many_residents_cost_two_queries(households: dict[str, Household]) -> None:
    ids = list(Resident.objects.values_list("id", flat=True))
    assert memberships_on(ids, ON).keys() == set(ids)
    assert queries_of(lambda: memberships_on(ids, ON)) == queries_of(lambda: memberships_on(ids[:1], ON)) == 2


def test_the_tree_looked_as_it_did(households: dict[str, Household], village: Unit) -> None:
    third = grid(village, "第三网格")
    Unit.objects.filter(path__startswith=third.path).update(until=EVE)
    new = Unit.objects.create(
        parent=village,
        level="grid",
        code="新",
        name="新网格",
        path=f"{village.path}新/",
        since=ON,
    )
    Unit.objects.filter(pk=third.pk).update(successor=new)
    then = [village.name, "第一网格", "第三网格", "第一联户组", "第二联户组"]
    assert [each.name for each in tree_on(village, BEGAN - DAY)] == []
    assert [each.name for each in tree_on(village, EVE)] == then
    assert [each.name for each in tree_on(village, ON)] == [village.name, "第一网格", "新网格"]
    assert queries_of(lambda: tree_on(village, ON)) == 1
    assert heirs_of(unit(third.code)) == [new]
    assert heirs_of(new) == []


def test_a_unit_stood_in_the_scheme_as_it_did(village: Unit) -> None:
    JoiningStep.objects.all().delete()
    for joining, since in [(Joining.PILOT, BEGAN), (Joining.DEMONSTRATION, ON)]:
        JoiningStep.objects.create(unit=village, joining=joining, since=since, basis="会议纪要")
    steps = [joining_on(village, day) for day in (BEGAN - DAY, BEGAN, EVE, ON)]
    assert [step and step.joining for step in steps] == [
        None,
        Joining.PILOT,
        Joining.PILOT,
        Joining.DEMONSTRATION,
    ]
