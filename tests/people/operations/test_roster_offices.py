"""Appointments of a roster: checked as one by one, within the unit that the roster is for, whatever their number."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from tests.people.cast import RESIDENTS, Cells, appointment, resident, small_village, somebody, user_called
from tests.people.operations.test_roster_county import grid_of, office
from tests.people.operations.test_roster_faults import ID, OTHER_ID, take_over, told, with_ids
from tests.people.test_roster_reading import full
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import Appointment, Level, OfficeRule, Resident, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.appointments import appoint, end_appointment
from xiangyue.people.operations.roster import Mode, NewOffice
from xiangyue.people.operations.roster.offices import Offices
from xiangyue.people.queries import village_by_code
from xiangyue.people.roster_export import export_roster
from xiangyue.people.roster_form import full_workbook, roster_workbook
from xiangyue.sheets.problems import SheetRefused
from xiangyue.users.models import User
from xiangyue.users.operations import create_user

__all__ = ["with_ids"]

HOME = resident("018", "田禾生")


def book(*offices: Cells, people: list[Cells] | None = None) -> bytes:
    return roster_workbook(people or [HOME], list(offices))


def held(login: str) -> list[tuple[str, str, date, date | None]]:
    terms = Appointment.objects.filter(user__login=login).select_related("unit").order_by("id")
    return [(each.office, each.unit.name, each.since, each.until) for each in terms]


def sentence(unit: Unit, actor: Actor, content: bytes, **given: Any) -> str:
    with pytest.raises(SheetRefused) as refusal:
        take_over(unit, actor, content, **given)
    (problem,) = refusal.value.problems
    return problem.text


# Where


@pytest.fixture
def grids(village: Unit, admin: Actor) -> tuple[Unit, Unit]:
    rows = [full("018", "田禾生", 网格="第一网格"), full("019", "麦穗香", 网格="第二网格")]
    take_over(village, admin, full_workbook(rows))
    return grid_of(village, "第一网格"), grid_of(village, "第二网格")


OWN = full("020", "榆钱多", 网格="第一网格", 联户组="第一联户组")


@pytest.mark.parametrize(
    ("unit", "title"),
    [("", "店员"), ("大罗村", "村党组织书记"), ("第二网格", "网格员"), ("第九网格", "网格员")],
)
def test_a_grids_roster_appoints_nobody_outside_the_grid(
    village: Unit, grids: tuple[Unit, Unit], unit: str, title: str
) -> None:
    manager = somebody(Office.ADMINISTRATOR, village, login="manager")
    content = full_workbook([OWN], [office("", "020", "榆钱多", title, unit)])
    assert told(grids[0], manager, content) == [("unit-outside", "任职", "E2", unit)]
    assert "可以填：第一网格、第一网格·第一联户组。" in sentence(grids[0], manager, content)


def test_a_grids_roster_appoints_in_the_grid(admin: Actor, grids: tuple[Unit, Unit]) -> None:
    offices = [
        office("", "020", "榆钱多", "网格员", "第一网格"),
        office("", "020", "榆钱多", "联户组长", "第一网格·第一联户组"),
    ]
    take_over(grids[0], admin, full_workbook([OWN], offices))
    assert [term[:2] for term in held("榆钱多")] == [
        ("grid_leader", "第一网格"),
        ("group_leader", "第一联户组"),
    ]


def test_who_lives_in_another_grid_may_be_appointed_but_gets_no_login(
    village: Unit, admin: Actor, grids: tuple[Unit, Unit]
) -> None:
    content = full_workbook([OWN], [office("", "019", "麦穗香", "网格员", "第一网格")])
    assert told(grids[0], admin, content, mode=Mode.UPDATE) == [("household-outside", "任职", "B2", "019")]
    take_over(
        village,
        admin,
        full_workbook([full("019", "麦穗香", 网格="第二网格")], [office("", "019", "麦穗香", "店员")]),
        mode=Mode.UPDATE,
    )
    take_over(grids[0], admin, content, mode=Mode.UPDATE)
    assert [term[:2] for term in held("麦穗香")] == [
        ("shopkeeper", village.name),
        ("grid_leader", "第一网格"),
    ]


def test_a_town_with_one_village_goes_by_its_code(village: Unit, admin: Actor) -> None:
    town = Unit.objects.get(parent=None)
    Unit.objects.filter(level=Level.VILLAGE).exclude(pk=village.pk).update(until=date(2026, 11, 2))
    offices = [
        office(village.code, "018", "田禾生", "店员"),
        office("", "", "帆正远", "镇干部", town.code),
        office("", "", "明镜台", "审计员"),
    ]
    take_over(town, admin, full_workbook([full("018", "田禾生", 村=village.code)], offices))
    assert (held("田禾生")[0][1], held("帆正远")[0][1], held("明镜台")[0][1]) == (
        *(village.name, town.name, town.name),
    )


# What


@pytest.mark.parametrize(
    ("title", "unit"),
    [("网格员", ""), ("评议委员", "第三网格"), ("管理员", "第三网格·第二联户组"), ("运营企业人员", "")],
)
def test_an_office_that_the_register_does_not_have_there(
    village: Unit, admin: Actor, title: str, unit: str
) -> None:
    content = book(appointment("018", "田禾生", title, unit))
    assert told(village, admin, content) == [("office-not-here", "任职", "C2", title)]
    small_village(village)
    again = book(appointment("018", "田禾生", title, unit), people=RESIDENTS)
    assert told(village, admin, again, mode=Mode.UPDATE) == [("office-not-here", "任职", "C2", title)]


def test_what_the_register_lacks_is_named(village: Unit, admin: Actor) -> None:
    content = book(appointment("018", "田禾生", "评议委员", "第三网格"))
    assert sentence(village, admin, content) == "第三网格是网格，这个方案在网格不设评议委员。"


def test_a_turn_ends_when_the_register_says(village: Unit, admin: Actor) -> None:
    OfficeRule.objects.filter(office="committee_member", level="village").update(turn_months=36)
    content = book(appointment("018", "田禾生", "评议委员"), appointment("018", "田禾生", "店员"))
    take_over(village, admin, content)
    since = date(2026, 1, 1)
    assert held("田禾生") == [
        ("committee_member", village.name, since, date(2028, 12, 31)),
        ("shopkeeper", village.name, since, None),
    ]
    assert Appointment.objects.get(office="committee_member").body == "evaluation"
    assert take_over(village, admin, content, mode=Mode.UPDATE).changes_nothing


def test_a_turn_that_is_over_is_held_as_it_was(village: Unit, admin: Actor) -> None:
    OfficeRule.objects.filter(office="committee_member", level="village").update(turn_months=12)
    content = book(appointment("018", "田禾生", "评议委员", since="2024-01-01"))
    take_over(village, admin, content)
    assert held("田禾生")[0][3] == date(2024, 12, 31)
    assert take_over(village, admin, content, mode=Mode.UPDATE).changes_nothing


# Twice, and what one person may not hold together


def test_one_unit_under_two_names_is_one(village: Unit, admin: Actor) -> None:
    rows = [
        appointment("018", "田禾生", "店员"),
        appointment("018", "田禾生", "店员", village.name, "2026-05-01"),
    ]
    assert told(village, admin, book(*rows)) == [("appointment-repeated", "任职", "C3", "店员")]


def test_one_turn_may_follow_the_other(village: Unit, admin: Actor) -> None:
    OfficeRule.objects.filter(office="shopkeeper").update(turn_months=12)
    rows = [appointment("018", "田禾生", "店员", since=f"{year}-01-01") for year in (2026, 2027)]
    take_over(village, admin, book(*rows))
    assert [term[2:] for term in held("田禾生")] == [
        (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2027, 1, 1), date(2027, 12, 31)),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("监督员", ""), ("评议委员", "")),
        (("审计员", ""), ("联户组长", "第三网格·第二联户组")),
        (("网格员", "第三网格"), ("审计员", "")),
    ],
)
def test_offices_that_clash_within_the_file(
    village: Unit, admin: Actor, one: tuple[str, str], other: tuple[str, str]
) -> None:
    rows = [appointment("018", "田禾生", *each) for each in (one, other)]
    assert told(village, admin, book(*rows)) == [("offices-clash", "任职", "C3", other[0])]
    take_over(village, admin, book(rows[0], appointment("", "帆正远", *other)))


def test_what_clashes_in_one_village_does_not_in_two(village: Unit, admin: Actor) -> None:
    other = village_by_code("440783104221")
    rows = [full("018", "田禾生", 村=village.code), full("018", "麦穗香", 村=other.code)]
    offices = [
        office(village.code, "", "帆正远", "监督员", login="正远"),
        office(other.code, "", "帆正远", "评议委员", login="正远"),
    ]
    take_over(Unit.objects.get(parent=None), admin, full_workbook(rows, offices))
    assert [term[:2] for term in held("正远")] == [
        ("supervisor", village.name),
        ("committee_member", other.name),
    ]


@pytest.fixture
def clerk(village: Unit) -> User:
    """Somebody who is a user already, and holds nothing."""
    take_over(village, SYSTEM, book())
    return create_user(login="帆正远", name="帆正远")


def given(clerk: User, title: Office, unit: Unit, since: date, until: date | None = None) -> Appointment:
    return appoint(actor=SYSTEM, user_id=clerk.pk, office=title, unit_id=unit.pk, since=since, until=until)


def update(village: Unit, admin: Actor, *offices: Cells) -> list[tuple[str, ...]]:
    return told(village, admin, book(*offices), mode=Mode.UPDATE)


def test_offices_that_clash_with_what_is_held_above(village: Unit, admin: Actor, clerk: User) -> None:
    given(clerk, Office.AUDITOR, Unit.objects.get(parent=None), date(2026, 6, 1))
    row = appointment("", "帆正远", "网格员", "第三网格")
    assert update(village, admin, row) == [("offices-clash", "任职", "C2", "网格员")]
    assert "帆正远在苍城镇担任审计员" in sentence(village, admin, book(row), mode=Mode.UPDATE)


def test_what_is_over_clashes_with_nothing(village: Unit, admin: Actor, clerk: User) -> None:
    given(clerk, Office.AUDITOR, village, date(2025, 1, 1), date(2025, 12, 31))
    take_over(village, admin, book(appointment("", "帆正远", "网格员", "第三网格")), mode=Mode.UPDATE)
    assert [term[0] for term in held("帆正远")] == ["auditor", "grid_leader"]


def test_a_term_that_was_cut_short_is_not_written_over(village: Unit, admin: Actor, clerk: User) -> None:
    term = given(clerk, Office.SHOPKEEPER, village, date(2026, 1, 1))
    end_appointment(actor=SYSTEM, appointment_id=term.pk, until=date(2026, 6, 30))
    assert update(village, admin, appointment("", "帆正远", "店员")) == [
        ("already-appointed", "任职", "C2", "店员")
    ]
    take_over(village, admin, book(appointment("", "帆正远", "店员", since="2026-07-01")), mode=Mode.UPDATE)
    assert [each[2:] for each in held("帆正远")] == [
        (date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), None),
    ]


def test_who_was_switched_off_is_appointed_to_nothing_more(village: Unit, admin: Actor, clerk: User) -> None:
    given(clerk, Office.SHOPKEEPER, village, date(2026, 1, 1))
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    shop = appointment("", "帆正远", "店员")
    assert update(village, admin, shop, appointment("", "帆正远", "信息管理员")) == [
        ("user-off", "任职", "B3", "帆正远")
    ]
    assert take_over(village, admin, book(shop), mode=Mode.UPDATE).changes_nothing


def test_a_villager_who_was_switched_off_is_told_apart_too(village: Unit, admin: Actor) -> None:
    take_over(village, admin, book(appointment("018", "田禾生", "店员")))
    User.objects.filter(login="田禾生").update(is_active=False)
    assert update(village, admin, appointment("018", "田禾生", "信息管理员")) == [
        ("user-off", "任职", "B2", "田禾生")
    ]


def test_terms_that_follow_each_other_go_out_and_in_again(village: Unit, admin: Actor, clerk: User) -> None:
    given(clerk, Office.SHOPKEEPER, village, date(2026, 1, 1), date(2026, 12, 31))
    given(clerk, Office.SHOPKEEPER, village, date(2027, 1, 1))
    content = export_roster(actor=admin, unit_id=village.pk)
    assert take_over(village, admin, content, mode=Mode.UPDATE).changes_nothing
    twice = [appointment("", "帆正远", "店员", since="2027-01-01")] * 2
    assert update(village, admin, *twice) == [("appointment-repeated", "任职", "C3", "店员")]


def test_problems_of_a_row_are_told_once(village: Unit, admin: Actor) -> None:
    rows = [
        appointment("018", "田禾生", "网格员"),
        appointment("018", "田禾生", "网格员"),
        appointment("018", "田禾生", "店长"),
        appointment("018", "田禾生", "店员", since="去年"),
    ]
    assert told(village, admin, book(*rows)) == [
        ("office-not-here", "任职", "C2", "网格员"),
        ("office-not-here", "任职", "C3", "网格员"),
        ("office-unknown", "任职", "C4", "店长"),
        ("since-unreadable", "任职", "E5", "去年"),
    ]


# Whose


def test_of_two_of_one_name_the_one_in_the_file_is_linked(
    village: Unit, admin: Actor, with_ids: None
) -> None:
    rows = [full("018", "田禾生", 身份证号=ID), full("018", "田禾生", "子女", 身份证号=OTHER_ID)]
    take_over(village, admin, full_workbook(rows, [office("", "018", "田禾生", "店员")]))
    (linked,) = Resident.objects.exclude(user=None)
    assert (linked.user, linked.is_head) == (user_called("田禾生"), True)


def test_new_and_old_residents_are_linked_in_one_go(village: Unit, admin: Actor) -> None:
    small_village(village)
    rows = [*RESIDENTS, resident("201", "白露清")]
    offices = [
        appointment("018", "田禾生", "店员"),  # in the file, and there
        appointment("201", "白露清", "信息管理员"),  # new
        appointment("201", "白露清", "评议委员"),
    ]
    report = take_over(village, admin, roster_workbook(rows, offices), mode=Mode.UPDATE)
    assert report.appointments[1] == NewOffice("白露清", "白露清", "信息管理员", village.name)
    alone = book(appointment("018", "麦春芽", "信息管理员"), people=[resident("202", "秋满仓")])
    take_over(village, admin, alone, mode=Mode.UPDATE)  # there, and not in the file
    for name in ("田禾生", "白露清", "麦春芽"):
        assert Resident.objects.get(name=name).user == user_called(name)


def test_an_import_asks_the_same_of_many_users_as_of_few(village: Unit, admin: Actor) -> None:
    counts = []
    for size in (2, 60):
        names = [f"{size}号{place}" for place in range(size)]
        number = f"h{size}"
        first = [appointment("", name, "店员") for name in names]
        take_over(village, admin, book(*first, people=[resident(number, "田禾生")]))
        more = [*first, *(appointment("", name, "信息管理员") for name in names)]
        with CaptureQueriesContext(connection) as caught:
            take_over(village, admin, book(*more, people=[resident(number, "田禾生")]), mode=Mode.UPDATE)
        counts.append(len(caught))
    assert counts[0] == counts[1]
    assert Appointment.objects.filter(office="information_administrator").count() == 62


def test_what_no_race_can_break_is_no_refusal(
    village: Unit, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_self: Offices) -> None:
        Unit.objects.create(parent=village, level=Level.GRID, code=village.code, name="重号", path="/重号/")

    monkeypatch.setattr(Offices, "write", broken)
    with pytest.raises(IntegrityError, match="people_unit_code"):
        take_over(village, admin, book())
