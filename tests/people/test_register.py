from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest

from tests.people.cast import small_village, somebody, user_called
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Appointment, Body, Capacity, Level, OfficeRule, PeopleRules, SeatRule, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.appointments import appoint
from xiangyue.people.operations.register import RegisteredOffice, RegisteredSeat, fill_register
from xiangyue.people.queries import in_force
from xiangyue.people.register import (
    BODIES,
    OFFICE_OF,
    Composition,
    Lack,
    Register,
    compositions,
    gaps,
    months_later,
    terms_ending,
)
from xiangyue.records.models import LoggedAct
from xiangyue.users.models import User
from xiangyue.users.operations import create_user

TODAY = date(2026, 11, 2)
TOMORROW, YESTERDAY = TODAY + timedelta(1), TODAY - timedelta(1)

Queries = Callable[[int], AbstractContextManager[object]]


def register(*offices: RegisteredOffice, seats: tuple[RegisteredSeat, ...] = ()) -> None:
    fill_register(offices=offices, seats=seats, keeps_id_numbers=False, retention_years=3)


def needed(office: Office, level: Level, title: str = "", **rules: bool | int) -> RegisteredOffice:
    return RegisteredOffice(office, level, title or str(office.label), **{"is_needed": True, **rules})  # type: ignore[arg-type]


def member(user: User, unit: Unit, body: Body, capacity: Capacity | None, **days: date) -> Appointment:
    return appoint(
        actor=SYSTEM,
        user_id=user.pk,
        office=OFFICE_OF[body],
        unit_id=unit.pk,
        body=body,
        capacity=capacity,
        **{"since": TODAY, **days},
    )


@pytest.fixture
def people(village: Unit) -> Unit:
    """大罗村 with three households, two grids, two groups; 榆钱多 is its secretary, and a party member."""
    small_village(village)
    return village


def missing(unit: Unit, on: date | None = None) -> list[tuple[str, str, str]]:
    return [(gap.unit.name, gap.office.value, gap.lack.value) for gap in gaps(unit, on)]


def test_the_register_is_the_preset_s(village: Unit) -> None:
    found = Register()
    assert found.title(Office.COMMITTEE_MEMBER, Level.TOWN) == "监督管理委员会委员"
    assert found.title(Office.COMMITTEE_MEMBER, Level.VILLAGE) == "评议委员"
    assert found.title(Office.GROUP_LEADER, Level.GRID) == str(Office.GROUP_LEADER.label)  # none there
    assert found.rule(Office.GROUP_LEADER, Level.GRID) is None
    assert found.offices_at(Level.GRID, Level.GROUP) == [Office.GRID_LEADER, Office.GROUP_LEADER]
    assert PeopleRules.objects.get().keeps_id_numbers is False


def test_filling_it_again_replaces_it_whole(village: Unit) -> None:
    seat = RegisteredSeat(Body.MORAL, Capacity.NOTABLE, 2)
    for years in (5, 7):
        fill_register(
            offices=[RegisteredOffice(Office.SHOPKEEPER, Level.TOWN, "掌柜", turn_months=6)],
            seats=[seat],
            keeps_id_numbers=True,
            retention_years=years,
        )
    rule = OfficeRule.objects.get()
    assert (rule.office, rule.level, rule.title, rule.turn_months) == ("shopkeeper", "town", "掌柜", 6)
    assert (rule.is_needed, rule.party_only) == (False, False)
    assert list(SeatRule.objects.values_list("body", "capacity", "least")) == [("moral", "notable", 2)]
    rules = PeopleRules.objects.get()
    assert (rules.keeps_id_numbers, rules.retention_years) == (True, 7)
    logged = LoggedAct.objects.filter(act="fill-register", subject="unit", actor_kind=SYSTEM.kind)
    assert logged.count() == 3  # founding was the first


def test_every_office_with_bodies_and_every_body_has_one_office() -> None:
    assert set(OFFICE_OF) == set(Body)
    assert sum(len(bodies) for bodies in BODIES.values()) == len(Body)


def test_a_needed_office_that_nobody_holds_is_a_gap(people: Unit) -> None:
    register(needed(Office.VILLAGE_SECRETARY, Level.VILLAGE), needed(Office.GRID_LEADER, Level.GRID))
    assert missing(people) == [("第一网格", "grid_leader", "vacant")]
    assert ("松柏村", "village_secretary", "vacant") not in missing(people)
    others = [gap for gap in gaps(Unit.objects.get(parent=None)) if gap.office is Office.VILLAGE_SECRETARY]
    assert len(others) == 12  # the other villages


def test_a_gap_is_of_a_day(people: Unit) -> None:
    register(needed(Office.GRID_LEADER, Level.GRID))
    first = Unit.objects.get(parent=people, name="第一网格")
    somebody(Office.GRID_LEADER, first, since=TOMORROW, until=TOMORROW)
    assert missing(people) == [("第一网格", "grid_leader", "vacant")]
    assert missing(people, TOMORROW) == []
    assert missing(people, TOMORROW + timedelta(1)) == [("第一网格", "grid_leader", "vacant")]
    User.objects.filter(login="somebody").update(is_active=False)
    assert missing(people, TOMORROW) == [("第一网格", "grid_leader", "vacant")]


def test_a_unit_that_has_ended_lacks_nothing(people: Unit) -> None:
    register(needed(Office.GRID_LEADER, Level.GRID))
    Unit.objects.filter(parent=people, name="第一网格").update(until=TODAY)
    assert missing(people) == [("第一网格", "grid_leader", "vacant")]
    assert missing(people, TOMORROW) == []


def test_an_office_above_fills_no_gap_below(people: Unit) -> None:
    register(
        needed(Office.GRID_LEADER, Level.GRID), RegisteredOffice(Office.GRID_LEADER, Level.VILLAGE, "网格长")
    )
    somebody(Office.GRID_LEADER, people)
    assert missing(people) == [("第一网格", "grid_leader", "vacant")]


def test_group_leaders_who_are_no_party_member_are_listed(people: Unit) -> None:
    register(needed(Office.GROUP_LEADER, Level.GROUP, "组长", party_only=True))
    groups = list(Unit.objects.filter(level=Level.GROUP, path__startswith=people.path).order_by("name"))
    for group, login in zip(groups, ("穗香", "榆钱多"), strict=True):
        since, user = TODAY, user_called(login)
        Appointment.objects.create(user=user, office=Office.GROUP_LEADER, unit=group, since=since)
    found = gaps(people)
    assert [(gap.unit, gap.lack, gap.holder, gap.words) for gap in found] == [
        (groups[0], Lack.NO_PARTY_MEMBER, "麦穗香", "组长麦穗香不是党员")
    ]


def test_of_staff_from_elsewhere_nobody_knows_whether_they_are_party_members(people: Unit) -> None:
    register(RegisteredOffice(Office.FIRST_SECRETARY, Level.VILLAGE, "第一书记", party_only=True))
    somebody(Office.FIRST_SECRETARY, people)
    assert gaps(people) == []


def test_a_gap_is_told_in_the_place_s_words(people: Unit) -> None:
    register(needed(Office.GRID_LEADER, Level.GRID, "网格长"))
    assert [gap.words for gap in gaps(people)] == ["缺网格长"]


def body_at(unit: Unit, body: Body, on: date | None = None) -> Composition | None:
    return next((each for each in compositions(unit, on) if (each.unit, each.body) == (unit, body)), None)


def test_a_body_lacks_whom_it_must_have(people: Unit) -> None:
    seats = (
        RegisteredSeat(Body.EVALUATION, Capacity.PARTY_MEMBER, 1),
        RegisteredSeat(Body.EVALUATION, Capacity.HOUSEHOLDS, 2),
    )
    register(needed(Office.COMMITTEE_MEMBER, Level.VILLAGE), seats=seats)
    Appointment.objects.filter(office=Office.COMMITTEE_MEMBER).delete()
    empty = body_at(people, Body.EVALUATION)
    assert empty is not None
    assert (empty.words, empty.is_complete) == ("还缺党员代表1人、村民代表2人", False)
    member(user_called("榆钱多"), people, Body.EVALUATION, Capacity.PARTY_MEMBER)
    member(user_called("穗香"), people, Body.EVALUATION, Capacity.HOUSEHOLDS)
    nearly = body_at(people, Body.EVALUATION)
    assert nearly is not None
    assert nearly.words == "还缺村民代表1人"
    assert [(seat.name, seat.capacity) for seat in nearly.seats] == [
        ("榆钱多", Capacity.PARTY_MEMBER),
        ("麦穗香", Capacity.HOUSEHOLDS),
    ]
    member(create_user(login="白露清", name="白露清"), people, Body.EVALUATION, Capacity.HOUSEHOLDS)
    whole = body_at(people, Body.EVALUATION)
    assert whole is not None
    assert (whole.words, whole.is_complete) == ("", True)


def test_who_sits_for_nobody_in_particular_fills_no_seat(people: Unit) -> None:
    """Members that a roster brings have no capacity, and no body where the office has only one."""
    register(
        needed(Office.COMMITTEE_MEMBER, Level.VILLAGE),
        seats=(RegisteredSeat(Body.EVALUATION, Capacity.PARTY_MEMBER, 1),),
    )
    assert Appointment.objects.get(office=Office.COMMITTEE_MEMBER).body in ("", Body.EVALUATION)
    found = body_at(people, Body.EVALUATION)
    assert found is not None
    assert [(seat.login, seat.capacity) for seat in found.seats] == [("榆钱多", None)]
    assert found.words == "还缺党员代表1人"


def test_a_body_is_expected_where_the_register_needs_its_office(people: Unit) -> None:
    seats = tuple(RegisteredSeat(body, Capacity.HOUSEHOLDS, 1) for body in (Body.EVALUATION, Body.RED_WHITE))
    register(
        needed(Office.COMMITTEE_MEMBER, Level.VILLAGE),
        RegisteredOffice(Office.COUNCIL_MEMBER, Level.VILLAGE, "理事"),
        seats=seats,
    )
    assert [each.body for each in compositions(people)] == [Body.EVALUATION]
    member(user_called("穗香"), people, Body.RED_WHITE, Capacity.HOUSEHOLDS)
    member(user_called("穗香"), people, Body.MORAL, None)  # no rule on its seats: still listed, and complete
    assert [(each.body, each.words) for each in compositions(people)] == [
        (Body.EVALUATION, "还缺村民代表1人"),
        (Body.RED_WHITE, ""),
        (Body.MORAL, ""),
    ]
    assert {each.unit.name for each in compositions(Unit.objects.get(parent=None))} >= {people.name, "联和村"}


def test_who_sits_there_is_of_a_day(people: Unit) -> None:
    member(user_called("穗香"), people, Body.COUNCIL, Capacity.HOUSEHOLDS, since=TOMORROW, until=TOMORROW)

    def seated(on: date | None = None) -> int:
        found = body_at(people, Body.COUNCIL, on)
        return len(found.seats) if found else 0

    assert [seated(), seated(TOMORROW), seated(TOMORROW + timedelta(1))] == [0, 1, 0]


def ending(unit: Unit, on: date | None = None, days: int = 30) -> list[tuple[str, date]]:
    return [
        (turn.appointment.user.login, turn.ends_on) for turn in terms_ending(unit, on, timedelta(days=days))
    ]


def test_terms_that_run_out_soon_are_listed_the_first_to_end_first(people: Unit) -> None:
    grid = Unit.objects.get(parent=people, name="第一网格")
    for login, days in (("三十天", 30), ("三十一天", 31), ("今天", 0)):
        somebody(Office.GRID_LEADER, grid, login=login, until=TODAY + timedelta(days))
    assert ending(people) == [("今天", TODAY), ("三十天", TODAY + timedelta(30))]
    assert ending(people, days=0) == [("今天", TODAY)]
    assert ending(people, on=TOMORROW, days=29) == [("三十天", TODAY + timedelta(30))]


def test_a_turn_without_a_day_ends_by_the_register_and_is_overdue_after_it(people: Unit) -> None:
    register(needed(Office.GRID_LEADER, Level.GRID, turn_months=6))
    leader = Appointment.objects.get(office=Office.GRID_LEADER)  # from the roster: since 2026-01-01, no end
    assert (leader.since, leader.until) == (date(2026, 1, 1), None)
    assert ending(people) == [("穗香", date(2026, 6, 30))]
    Appointment.objects.filter(pk=leader.pk).update(since=TODAY)
    assert ending(people) == []


def test_a_term_that_somebody_takes_over_on_the_day_after_is_left_out(people: Unit) -> None:
    grid = Unit.objects.get(parent=people, name="第一网格")
    somebody(Office.GRID_LEADER, grid, login="这一轮", until=TOMORROW)
    somebody(Office.GRID_LEADER, grid, login="下一轮", since=TOMORROW + timedelta(1))
    assert ending(people) == []


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 1), 6, date(2026, 7, 1)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 30), 24, date(2028, 11, 30)),
    ],
)
def test_months_later(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


READS = [(gaps, 4), (compositions, 4), (terms_ending, 2)]


@pytest.mark.parametrize(("read", "queries"), READS)
def test_one_unit_takes_as_many_queries_as_a_hundred(
    people: Unit,
    read: Callable[[Unit], list[object]],
    queries: int,
    django_assert_num_queries: Queries,
) -> None:
    one = Unit.objects.get(code="440783104221")
    with django_assert_num_queries(queries):
        read(one)
    add_many(people)
    with django_assert_num_queries(queries):
        assert len(read(people)) >= 100


def add_many(village: Unit) -> None:
    """Add 200 groups without a leader and 100 with a leader whose term ends and a body of their own."""
    grid, user = Unit.objects.get(parent=village, name="第一网格"), user_called("穗香")
    codes = [f"{grid.code}-{n}" for n in range(300)]
    units = Unit.objects.bulk_create(
        Unit(parent=grid, level=Level.GROUP, code=code, name=code, path=f"{grid.path}{code}/")
        for code in codes
    )
    Appointment.objects.bulk_create(
        Appointment(user=user, office=office, unit=unit, since=TODAY, until=TOMORROW, body=body)
        for unit in units[:100]
        for office, body in ((Office.GROUP_LEADER, ""), (Office.COUNCIL_MEMBER, Body.MORAL))
    )
    assert Appointment.objects.filter(in_force(TODAY)).count() > 200
