from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count
from django_tenants.utils import schema_context

from tests.people.cast import (
    APPOINTMENTS,
    RESIDENTS,
    SMALL,
    Cells,
    appointment,
    resident,
    small_village,
    somebody,
    user_called,
)
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.ledger.models import Account
from xiangyue.people.models import Appointment, Household, Level, Resident, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.roster import Counts, NewOffice, RosterReport, import_roster
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.private import keys
from xiangyue.people.queries import leaf_labels
from xiangyue.people.refusals import NotAVillage, UnknownUnit
from xiangyue.people.roster_form import roster_workbook
from xiangyue.records.models import LoggedAct, StoredFile
from xiangyue.sheets.problems import SheetRefused
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.models import User
from xiangyue.users.operations import create_user

EXAMPLE = Path(__file__).parents[3] / "docs" / "month" / "roster.xlsx"


def take_over(village: Unit, actor: Actor, content: bytes = SMALL, **given: Any) -> RosterReport:
    return import_roster(actor=actor, village_id=village.pk, content=content, name="户册.xlsx", **given)


def refused(
    village: Unit, actor: Actor, residents: list[Cells], appointments: list[Cells] | None = None
) -> list[str]:
    """Import what has to be refused; give the problems as code and place."""
    before = everything()
    with pytest.raises(SheetRefused) as refusal:
        take_over(village, actor, roster_workbook(residents, appointments or []))
    assert everything() == before
    return [f"{each.code} {each.sheet}!{each.column}{each.row}" for each in refusal.value.problems]


def everything() -> list[int]:
    tables = (Unit, Household, Resident, Appointment, User, Account, LoggedAct, StoredFile)
    return [table.objects.count() for table in tables]


def test_households_residents_and_units_are_there_afterwards(village: Unit, admin: Actor) -> None:
    take_over(village, admin)
    labels = leaf_labels(village)
    households = list(Household.objects.filter(village=village).order_by("number"))
    assert [(each.number, labels[each.unit_id], each.address, each.joined_on) for each in households] == [
        ("004", "第三网格·第一联户组", "", date(2026, 11, 2)),
        ("018", "第三网格·第二联户组", "三巷18号", date(2026, 11, 2)),
        ("103", "第一网格", "", date(2026, 11, 2)),
    ]
    assert list(
        households[1].residents.values_list("name", "sex", "born", "relation", "is_party_member")
    ) == [
        ("田禾生", "M", date(1984, 3, 9), "head", False),
        ("麦春芽", "F", date(1986, 1, 1), "spouse", True),
        ("田豆苗", "", date(2018, 1, 1), "child", False),
    ]
    grid = Unit.objects.get(parent=village, name="第三网格")
    assert (grid.code, grid.level) == (f"{village.code}-3", Level.GRID)
    assert [(unit.code, unit.level) for unit in Unit.objects.filter(parent=grid)] == [
        (f"{village.code}-3-1", Level.GROUP),
        (f"{village.code}-3-2", Level.GROUP),
    ]


def test_every_household_has_its_accounts(village: Unit, admin: Actor) -> None:
    take_over(village, admin)
    holders = Household.objects.filter(village=village).values("holder_id")
    accounts = Account.objects.filter(holder_id__in=holders)
    assert list(accounts.values_list("kind").annotate(Count("id"))) == [("points", 3)]


def test_who_holds_an_office_gets_a_user_and_their_resident_is_linked(village: Unit, admin: Actor) -> None:
    take_over(village, admin)
    grid = Unit.objects.get(parent=village, name="第三网格")
    held = Appointment.objects.filter(unit__path__startswith=village.path).order_by("id")
    assert [(each.user.login, each.office, each.unit, each.since, each.until) for each in held] == [
        ("榆钱多", "village_secretary", village, date(2026, 1, 1), None),
        ("榆钱多", "committee_member", village, date(2026, 1, 1), None),
        ("穗香", "grid_leader", grid, date(2026, 1, 1), None),
        ("帆正远", "town_official", village, date(2026, 11, 2), None),
    ]
    assert Resident.objects.get(name="麦穗香").user == user_called("穗香")
    assert not Resident.objects.filter(user=user_called("帆正远")).exists()
    assert Resident.objects.exclude(user=None).count() == 2
    assert not user_called("榆钱多").has_usable_password()


def test_the_report_says_what_was_taken_over(village: Unit, admin: Actor) -> None:
    report = take_over(village, admin)
    assert report == RosterReport(
        village=village.name,
        households=3,
        residents=5,
        party_members=2,
        units=("第三网格", "第三网格·第二联户组", "第三网格·第一联户组", "第一网格"),
        appointments=(
            NewOffice("榆钱多", "榆钱多", "村党组织书记", village.name),
            NewOffice("榆钱多", "榆钱多", "评议委员", village.name),
            NewOffice("麦穗香", "穗香", "网格员", "第三网格"),
            NewOffice("帆正远", "帆正远", "镇干部", village.name),
        ),
        ignored=(),
        dry_run=False,
        counts=Counts(3, 5, 0, 0, 0),
    )
    assert report.as_dict()["appointments"][2]["login"] == "穗香"


def test_a_dry_run_gives_the_same_report_and_stores_nothing(village: Unit, admin: Actor) -> None:
    before = everything()
    tried = take_over(village, admin, dry_run=True)
    assert everything() == before
    assert tried.dry_run
    assert replace(tried, dry_run=False) == take_over(village, admin)


def test_the_file_is_kept_and_the_import_logged_once(village: Unit, admin: Actor) -> None:
    take_over(village, admin)
    stored = StoredFile.objects.get(name="户册.xlsx")
    logged = LoggedAct.objects.get(act="import")
    assert (logged.subject, logged.subject_id, logged.actor_id) == ("unit", village.pk, admin.id)
    assert logged.reason == f"file:{stored.pk}"


def test_units_that_are_there_are_used_and_not_made_again(village: Unit, admin: Actor) -> None:
    small_village(village)
    report = take_over(
        village,
        admin,
        roster_workbook(
            [resident("201", "白露清"), resident("202", "秋满仓", group="第三联户组")],
            [appointment("201", "白露清", "联户组长", "第三网格·第一联户组")],
        ),
    )
    assert report.units == ("第三网格·第三联户组",)
    labels = leaf_labels(village)
    assert {
        each.number: labels[each.unit_id] for each in Household.objects.filter(number__startswith="2")
    } == {"201": "第三网格·第二联户组", "202": "第三网格·第三联户组"}
    assert labels[Appointment.objects.get(user__login="白露清").unit_id] == "第三网格·第一联户组"


def test_households_without_a_grid_lie_in_the_village_itself(village: Unit, admin: Actor) -> None:
    take_over(village, admin, roster_workbook([resident("1", "田禾生", grid="", group="")]), leaf_levels=())
    assert Household.objects.get(number="1").unit == village


def test_levels_are_the_schemes(village: Unit, admin: Actor) -> None:
    take_over(village, admin, roster_workbook(RESIDENTS), leaf_levels=(Level.MICRO_GRID, Level.GROUP))
    assert Unit.objects.get(parent=village, name="第三网格").level == Level.MICRO_GRID


def test_a_number_that_is_there_is_refused(village: Unit, admin: Actor) -> None:
    small_village(village)
    assert refused(village, admin, [resident("201", "白露清"), resident("018", "石榴红")]) == [
        "number-taken 户册!A3"
    ]


def test_the_same_number_in_another_village_is_no_matter(village: Unit, admin: Actor) -> None:
    small_village(village)
    other = Unit.objects.exclude(pk=village.pk).filter(level=Level.VILLAGE).first()
    assert other
    take_over(other, admin, roster_workbook([resident("018", "石榴红")]))
    assert Household.objects.filter(number="018").count() == 2


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        ([appointment("019", "田禾生", "店员")], ["household-not-found 任职!A2"]),
        ([appointment("004", "田禾生", "店员")], ["resident-not-found 任职!B2"]),
        ([appointment("018", "田禾生", "店员", "第九网格")], ["unit-unknown 任职!D2"]),
        ([appointment("018", "田禾生", "店员")] * 2, ["appointment-repeated 任职!C3"]),
        ([appointment("018", "田禾生", "店员", login="admin")], ["login-taken 任职!F2"]),
        (
            [appointment("018", "田禾生", "店员"), appointment("018", "田禾生", "监督员", login="禾生")],
            ["login-differs 任职!F3"],
        ),
        (
            [appointment("018", "田禾生", "店员"), appointment("", "田禾生", "审计员")],
            ["login-repeated 任职!F3"],
        ),
    ],
)
def test_appointments_that_do_not_fit_are_refused(
    village: Unit, admin: Actor, rows: list[Cells], problems: list[str]
) -> None:
    assert refused(village, admin, RESIDENTS, rows) == problems


def test_one_problem_and_nothing_at_all_is_stored(village: Unit, admin: Actor) -> None:
    rows = [*RESIDENTS, resident("105", "兰清幽", sex="公")]
    assert refused(village, admin, rows, APPOINTMENTS) == ["sex-unknown 户册!F7"]


def test_problems_of_both_sheets_are_told_at_once(village: Unit, admin: Actor) -> None:
    create_user(login="穗香", name="另一个穗香")
    rows = [*RESIDENTS, resident("105", "")]
    assert refused(village, admin, rows, APPOINTMENTS) == ["name-empty 户册!D7", "login-taken 任职!F4"]


def test_only_who_manages_people_here_may_import(village: Unit, admin: Actor) -> None:
    secretary = somebody(Office.VILLAGE_SECRETARY, village, login="secretary")
    with pytest.raises(NotAllowed):
        take_over(village, secretary)
    other = Unit.objects.exclude(pk=village.pk).filter(level=Level.VILLAGE).first()
    assert other
    with pytest.raises(NotAllowed):
        take_over(village, somebody(Office.ADMINISTRATOR, other, login="next door"), dry_run=True)


def test_only_a_village_has_a_roster(village: Unit, admin: Actor) -> None:
    with pytest.raises(NotAVillage):
        take_over(Unit.objects.get(code="440783104"), admin)
    with pytest.raises(UnknownUnit):
        import_roster(actor=admin, village_id=0, content=SMALL, name="户册.xlsx")


def test_the_number_of_statements_does_not_grow_with_the_village(
    village: Unit, admin: Actor, django_assert_num_queries: Any
) -> None:
    keys()  # of the county, which are looked up once; the search path is set with the first statement
    for prefix, size in (("a", 10), ("b", 200)):
        rows = [
            resident(f"{prefix}{number}", f"{name}{number}", relation, grid=f"第{size + number % 7}网格")
            for number in range(size)
            for name, relation in (("田禾生", "户主"), ("麦春芽", "配偶"))
        ]
        content = roster_workbook(rows, [appointment(f"{prefix}3", "田禾生3", "店员", login=prefix)])
        with django_assert_num_queries(STATEMENTS):
            take_over(village, admin, content)


STATEMENTS = 41


def test_the_guides_example_can_be_taken_over(village: Unit, admin: Actor) -> None:
    report = take_over(village, admin, EXAMPLE.read_bytes())
    assert (report.households, report.residents, report.party_members) == (62, 151, 6)
    assert [unit for unit in report.units if "·" not in unit] == ["第一网格", "第二网格", "第三网格"]
    offices = [each.office for each in report.appointments]
    assert {office: offices.count(office) for office in offices} == {
        "村党组织书记": 1,
        "网格员": 3,
        "评议委员": 7,
        "信息管理员": 1,
        "监督员": 1,
        "店员": 1,
        "镇干部": 1,
        "审计员": 1,
    }
    assert all(each.login == each.name for each in report.appointments)
    judges = Appointment.objects.filter(office__in=("committee_member", "supervisor")).values("user_id")
    homes = Resident.objects.filter(user_id__in=judges).values_list("household_id", flat=True)
    assert len(set(homes)) == 8
    for leader in Appointment.objects.filter(office="grid_leader").select_related("unit", "user"):
        home = Household.objects.select_related("unit").get(residents__user=leader.user)
        assert leader.unit.contains(home.unit)


@pytest.mark.slow
def test_two_imports_at_once_take_a_village_over_once(committed: Jurisdiction) -> None:
    village = Unit.objects.get(code="440783104220")
    together = Barrier(2)
    answers: list[str] = []

    def take_part() -> None:
        try:
            with schema_context(committed.schema_name):
                connection.ensure_connection()
                together.wait(timeout=60)
                take_over(village, SYSTEM)
                answers.append("done")
        except SheetRefused as refusal:
            answers.append(refusal.problems[0].code)
        finally:
            connection.close()

    threads = [Thread(target=take_part) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert sorted(answers) == ["done", "number-taken"]
    assert Household.objects.filter(village=village).count() == 3
