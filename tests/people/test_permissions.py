from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

import pytest
from django.db.models import QuerySet
from django_tenants.utils import schema_context

from tests.people.cast import small_village, somebody, user_called
from tests.people.test_offices import EXPECTED
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import Appointment, Household, Unit
from xiangyue.people.offices import GRANTS, Act, Office
from xiangyue.people.permissions import NotAllowed, may, require, require_everywhere, units_where
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.models import User
from xiangyue.users.operations import create_user

TODAY = date(2026, 11, 2)


def test_an_office_allows_its_acts_at_its_unit_and_below_and_nowhere_else(village: Unit) -> None:
    small_village(village)
    grid = Unit.objects.get(parent=village, name="第三网格")
    group = Unit.objects.get(parent=grid, name="第二联户组")
    beside = Unit.objects.get(parent=village, name="第一网格")
    leader = somebody(Office.GRID_LEADER, grid)
    assert {unit.name: may(leader, Act.VERIFY_DEEDS, unit) for unit in (grid, group, beside, village)} == {
        "第三网格": True,
        "第二联户组": True,
        "第一网格": False,
        village.name: False,
    }
    assert {act for act in Act if may(leader, act, group)} == GRANTS[Office.GRID_LEADER]


def test_a_code_that_begins_like_another_is_no_unit_below_it(village: Unit, admin: Actor) -> None:
    one = Unit.objects.create(
        parent=village,
        level="grid",
        code=f"{village.code}-1",
        name="一",
        path=f"{village.path}{village.code}-1/",
    )
    eleven = Unit.objects.create(
        parent=village,
        level="grid",
        code=f"{village.code}-11",
        name="十一",
        path=f"{village.path}{village.code}-11/",
    )
    assert not may(somebody(Office.GRID_LEADER, one), Act.VERIFY_DEEDS, eleven)


@pytest.mark.parametrize(
    ("since", "until", "allowed"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (TODAY - timedelta(9), TODAY - timedelta(1), False),
        (TODAY + timedelta(1), None, False),
    ],
)
def test_an_appointment_holds_from_its_first_day_to_its_last(
    village: Unit, since: date, until: date | None, allowed: bool
) -> None:
    assert may(somebody(Office.SHOPKEEPER, village, since=since, until=until), Act.REDEEM, village) is allowed


def test_another_day_may_be_asked_about(village: Unit) -> None:
    keeper = somebody(Office.SHOPKEEPER, village, since=TODAY + timedelta(9))
    assert not may(keeper, Act.REDEEM, village)
    assert may(keeper, Act.REDEEM, village, on=TODAY + timedelta(9))


def test_who_was_switched_off_may_nothing(village: Unit) -> None:
    keeper = somebody(Office.SHOPKEEPER, village, login="keeper")
    user = user_called("keeper")
    user.is_active = False
    user.save()
    assert not may(keeper, Act.REDEEM, village)


def test_the_system_may_everything_and_a_card_nothing(village: Unit, admin: Actor) -> None:
    household = small_village(village)["018"]
    assert all(may(SYSTEM, act, village) for act in Act)
    assert not any(may(Actor.card(household.pk), act, village) for act in Act)
    # a card's number is a household's; it must not be taken for a user's
    assert not may(Actor.card(admin.id), Act.MANAGE_PEOPLE, village)


def test_it_is_one_query(village: Unit, admin: Actor, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert may(admin, Act.MANAGE_PEOPLE, village)


def test_require_names_the_act_and_the_unit(village: Unit) -> None:
    keeper = somebody(Office.SHOPKEEPER, village)
    require(keeper, Act.REDEEM, village)
    with pytest.raises(NotAllowed) as refusal:
        require(keeper, Act.JUDGE, village)
    assert refusal.value.code == "not-allowed"
    assert str(refusal.value) == f"您没有在{village.name}参加评议的职权。"


SINCE, UNTIL = date(2026, 6, 1), date(2026, 12, 31)
DAYS = {
    SINCE - timedelta(1): False,
    SINCE: True,
    UNTIL: True,
    UNTIL + timedelta(1): False,
}
PLACES = {
    "above": False,
    "above that": False,
    "itself": True,
    "below": True,
    "beside": False,
    "another village": False,
    "begins like it": False,
}
NOBODY_ELSEWHERE = 10**9  # ids of users that no other county has


@dataclass(frozen=True)
class Table:
    """One user for each office, who holds it at one grid from SINCE to UNTIL; and the places to ask about."""

    holders: dict[Office, Actor]
    places: dict[str, Unit]


@pytest.fixture
def whole(village: Unit) -> Table:
    small_village(village)
    grid = Unit.objects.get(parent=village, name="第三网格")
    places = {
        "above": village,
        "above that": Unit.objects.get(parent=None),
        "itself": grid,
        "below": Unit.objects.get(parent=grid, name="第二联户组"),
        "beside": Unit.objects.get(parent=village, name="第一网格"),
        "another village": Unit.objects.get(code="440783104221"),
        "begins like it": Unit.objects.create(
            parent=village,
            level="grid",
            code=f"{grid.code}0",
            name="第三十网格",
            path=f"{village.path}{grid.code}0/",
        ),
    }
    holders = {}
    for number, office in enumerate(Office):
        user = User.objects.create(id=NOBODY_ELSEWHERE + number, login=f"holder-{office}", name=office)
        Appointment.objects.create(user=user, office=office, unit=grid, since=SINCE, until=UNTIL)
        holders[office] = Actor.user(user.pk)
    return Table(holders, places)


@pytest.mark.slow
def test_the_whole_table_of_offices_acts_places_and_days(whole: Table) -> None:
    """Every office and act at every place today, and at its own grid on every day; lists, below, cross the two."""
    asked = [*((place, TODAY) for place in PLACES), *(("itself", day) for day in DAYS)]
    wrong = [
        (office, act, place, day)
        for (office, actor), act, (place, day) in product(whole.holders.items(), Act, asked)
        if may(actor, act, whole.places[place], day)
        is not (act.value in EXPECTED[office].split() and PLACES[place] and DAYS.get(day, True))
    ]
    assert wrong == []


def test_lists_say_exactly_what_single_questions_say(whole: Table) -> None:
    """`units_where` against the written table, for every office, act and day, over all units of the county."""
    reached = {whole.places["itself"].pk, whole.places["below"].pk}
    reached |= set(Unit.objects.filter(parent=whole.places["itself"]).values_list("pk", flat=True))
    wrong = [
        (office, act, day)
        for (office, actor), act, (day, lasts) in product(whole.holders.items(), Act, DAYS.items())
        if set(units_where(actor, act, day).values_list("pk", flat=True))
        != (reached if act.value in EXPECTED[office].split() and lasts else set())
    ]
    assert wrong == []


def anything(table: Table) -> list[tuple[Office, Act]]:
    """Give what anybody may do at their own grid today."""
    grid = table.places["itself"]
    return [
        (office, act)
        for (office, actor), act in product(table.holders.items(), Act)
        if may(actor, act, grid) or units_where(actor, act).exists()
    ]


def test_who_is_switched_off_may_nothing_whatever_the_office(whole: Table) -> None:
    assert len(anything(whole)) == sum(len(acts) for acts in GRANTS.values())
    User.objects.filter(id__gte=NOBODY_ELSEWHERE).update(is_active=False)
    assert anything(whole) == []


def test_an_office_at_a_unit_that_has_ended_allows_nothing(whole: Table) -> None:
    grid = whole.places["itself"]
    Unit.objects.filter(pk=grid.pk).update(since=SINCE, until=TODAY)
    assert len(anything(whole)) == sum(len(acts) for acts in GRANTS.values())  # its last day counts
    Unit.objects.filter(pk=grid.pk).update(since=SINCE, until=TODAY - timedelta(1))
    assert anything(whole) == []


def test_who_stands_above_an_ended_unit_still_reads_what_was_there(village: Unit, admin: Actor) -> None:
    small_village(village)
    grid = Unit.objects.get(parent=village, name="第三网格")
    Unit.objects.filter(pk=grid.pk).update(since=SINCE, until=TODAY - timedelta(1))
    assert may(admin, Act.READ_HOUSEHOLDS, grid)
    assert grid in units_where(admin, Act.READ_HOUSEHOLDS)


def test_in_another_county_nobody_of_ours_may_anything(
    whole: Table, founded: Jurisdiction, peopled: Jurisdiction
) -> None:
    with schema_context(peopled.schema_name):
        assert (
            Unit.objects.get(code=whole.places["above"].code) is not None
        )  # the same village, in its own tree
        for actor, act in product(whole.holders.values(), Act):
            assert not units_where(actor, act).exists()
            assert not may(actor, act, whole.places["itself"])
            assert not may(actor, act, whole.places["above"])


def test_lists_for_the_system_for_cards_and_for_nobody(village: Unit, admin: Actor) -> None:
    household = small_village(village)["018"]
    assert units_where(SYSTEM, Act.JUDGE).count() == Unit.objects.count()
    assert not units_where(Actor.card(household.pk), Act.READ_HOUSEHOLDS).exists()
    assert not units_where(Actor.card(admin.id), Act.MANAGE_PEOPLE).exists()
    nobody = create_user(login="过路人", name="过路人")
    assert not units_where(Actor.user(nobody.pk), Act.READ_HOUSEHOLDS).exists()


def test_several_offices_add_up(village: Unit) -> None:
    small_village(village)
    grids = list(Unit.objects.filter(parent=village).order_by("path"))
    leader = somebody(Office.GRID_LEADER, grids[0])
    Appointment.objects.create(user_id=leader.id, office=Office.GRID_LEADER, unit=grids[1], since=TODAY)
    where = units_where(leader, Act.VERIFY_DEEDS)
    assert set(where.filter(parent=village)) == set(grids)
    assert village not in where


def test_a_list_takes_two_queries_however_many_units(
    village: Unit, admin: Actor, django_assert_num_queries: Callable[[int], object]
) -> None:
    small_village(village)

    def read(units: QuerySet[Unit]) -> Iterator[str]:
        return iter(Household.objects.filter(unit__in=units).values_list("number", flat=True))

    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        assert len(list(read(units_where(admin, Act.READ_HOUSEHOLDS)))) == 3
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        assert len(units_where(admin, Act.READ_HOUSEHOLDS)) > 14


def test_many_units_at_once_are_required_together(village: Unit) -> None:
    local = somebody(Office.ADMINISTRATOR, village)
    require_everywhere(local, Act.MANAGE_PEOPLE, Unit.objects.filter(pk=village.pk))
    require_everywhere(local, Act.MANAGE_PEOPLE, Unit.objects.none())
    with pytest.raises(NotAllowed) as refusal:
        require_everywhere(local, Act.MANAGE_PEOPLE, Unit.objects.all())
    assert refusal.value.facts["unit"] == "苍城镇"
