from datetime import date, timedelta
from typing import Any

import pytest

from tests.people.cast import small_village, somebody, user_called
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import Unit
from xiangyue.people.offices import Office
from xiangyue.people.queries import (
    appointments_below,
    household_by_number,
    household_heads,
    households_in,
    households_of,
    households_of_users,
    leaf_labels,
    paths_to,
    resident_named,
    tree_counts,
    unit_by_code,
    units_below,
    users_in_office,
    village_by_code,
)
from xiangyue.people.refusals import NotAVillage, UnknownHousehold, UnknownResident, UnknownUnit

TODAY = date(2026, 11, 2)


def test_units_are_found_by_code(village: Unit) -> None:
    assert unit_by_code("440783104").name == "苍城镇"
    assert village_by_code(village.code) == village
    with pytest.raises(UnknownUnit):
        unit_by_code("440783104999")
    with pytest.raises(UnknownUnit):
        village_by_code("")
    with pytest.raises(NotAVillage):
        village_by_code("440783104")


def test_below_a_unit_come_itself_and_its_parts_parents_first(village: Unit) -> None:
    small_village(village)
    assert [unit.name for unit in units_below(village)] == [
        village.name,
        "第一网格",
        "第三网格",
        "第一联户组",
        "第二联户组",
    ]
    assert paths_to(village) == ["/440783104/", f"/440783104/{village.code}/"]


def test_labels_lead_down_from_the_village(village: Unit, django_assert_num_queries: Any) -> None:
    small_village(village)
    grid = Unit.objects.get(parent=village, name="第三网格")
    town = Unit.objects.get(code="440783104")
    with django_assert_num_queries(1):
        assert sorted(leaf_labels(village).values()) == sorted(
            [village.name, "第一网格", "第三网格", "第三网格·第一联户组", "第三网格·第二联户组"]
        )
    assert sorted(leaf_labels(grid).values()) == ["第三网格", "第三网格·第一联户组", "第三网格·第二联户组"]
    assert leaf_labels(town)[town.pk] == "苍城镇"
    assert leaf_labels(town)[grid.pk] == "第三网格"


def test_households_and_their_people_are_found(village: Unit) -> None:
    households = small_village(village)
    found = household_by_number(village=village, number=" 018 ")
    assert (found, found.unit.name, found.village) == (households["018"], "第二联户组", village)
    assert resident_named(found, "田豆苗").born == date(2018, 1, 1)
    with pytest.raises(UnknownHousehold) as refusal:
        household_by_number(village=village, number="18")
    assert refusal.value.facts == {"number": "18", "village": village.name}
    with pytest.raises(UnknownResident):
        resident_named(found, "麦穗香")


def test_heads_come_in_one_query(village: Unit, django_assert_num_queries: Any) -> None:
    households = small_village(village)
    with django_assert_num_queries(1):
        heads = household_heads(household.pk for household in households.values())
    assert {number: heads[households[number].pk] for number in households} == {
        "018": "田禾生",
        "004": "麦穗香",
        "103": "榆钱多",
    }


def test_a_village_lists_its_households_in_three_queries(
    village: Unit, django_assert_num_queries: Any
) -> None:
    small_village(village)
    with django_assert_num_queries(3):
        lines = households_in(village)
    assert [
        (line.household.number, line.head, line.label, line.residents, line.party_members) for line in lines
    ] == [
        ("004", "麦穗香", "第三网格·第一联户组", 1, 0),
        ("018", "田禾生", "第三网格·第二联户组", 3, 1),
        ("103", "榆钱多", "第一网格", 1, 1),
    ]


def test_who_belongs_to_a_household(village: Unit, admin: Actor) -> None:
    households = small_village(village)
    elm = user_called("榆钱多").pk
    assert households_of(Actor.user(elm)) == {households["103"].pk}
    assert households_of(Actor.card(households["018"].pk)) == {households["018"].pk}
    assert households_of(admin) == set()
    assert households_of(SYSTEM) == set()
    assert households_of_users([elm, admin.id]) == {elm: {households["103"].pk}}


def test_who_holds_an_office_here_or_above(village: Unit) -> None:
    small_village(village)
    town = Unit.objects.get(code="440783104")
    grid = Unit.objects.get(parent=village, name="第三网格")
    somebody(Office.COMMITTEE_MEMBER, town, login="镇上来的")
    somebody(Office.COMMITTEE_MEMBER, village, login="明天才来", since=TODAY + timedelta(1))
    somebody(
        Office.COMMITTEE_MEMBER, village, login="走了", since=TODAY - timedelta(9), until=TODAY - timedelta(1)
    )
    assert {user.name for user in users_in_office(Office.COMMITTEE_MEMBER, village)} == {"榆钱多", "镇上来的"}
    assert {
        user.name for user in users_in_office(Office.COMMITTEE_MEMBER, village, TODAY + timedelta(1))
    } == {*("榆钱多", "镇上来的", "明天才来")}
    assert [user.name for user in users_in_office(Office.GRID_LEADER, grid)] == ["麦穗香"]
    assert users_in_office(Office.GRID_LEADER, village) == []


def test_appointments_at_a_unit_and_below(village: Unit) -> None:
    small_village(village)
    assert [(each.user.name, each.office, each.unit.name) for each in appointments_below(village)] == [
        ("榆钱多", "committee_member", village.name),
        ("帆正远", "town_official", village.name),
        ("榆钱多", "village_secretary", village.name),
        ("麦穗香", "grid_leader", "第三网格"),
    ]


def test_the_tree_is_counted_by_level(village: Unit) -> None:
    small_village(village)
    counts = tree_counts()
    assert list(counts) == ["town", "village", "grid", "group"]
    assert (counts["town"], counts["grid"], counts["group"]) == (1, 2, 2)
