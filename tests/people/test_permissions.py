from datetime import date, timedelta

import pytest

from tests.people.cast import small_village, somebody, user_called
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import Unit
from xiangyue.people.offices import GRANTS, Act, Office
from xiangyue.people.permissions import NotAllowed, may, require

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
