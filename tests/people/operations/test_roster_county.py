"""Rosters of more than one village, and of a part of one."""

from typing import Any

import pytest
from django.db import connection

from tests.people.cast import somebody
from tests.people.operations.test_roster_faults import take_over, told
from tests.people.test_roster_reading import full
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Appointment, Household, Level, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.roster import Mode, merging
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.queries import leaf_labels
from xiangyue.people.refusals import UnknownUnit
from xiangyue.people.roster_form import all_appointment_columns, full_workbook
from xiangyue.records.models import LoggedAct


@pytest.fixture
def town(village: Unit) -> Unit:
    return Unit.objects.get(parent=None)


@pytest.fixture
def codes(village: Unit) -> list[str]:
    return list(Unit.objects.filter(level=Level.VILLAGE).order_by("path").values_list("code", flat=True)[:2])


def office(
    village: str, number: str, name: str, office: str, unit: str = "", login: str = ""
) -> tuple[str, ...]:
    assert len(all_appointment_columns()) == 7
    return village, number, name, office, unit, "2026-01-01", login


def test_a_whole_town_from_one_file(town: Unit, admin: Actor, codes: list[str]) -> None:
    first, second = codes
    rows = [
        full("018", "田禾生", 村=first, 网格="第一网格"),
        full("018", "麦穗香", 村=second, 网格="第一网格", 联户组="第二联户组"),
        full("019", "榆钱多", 村=second),
    ]
    offices = [
        office(first, "018", "田禾生", "网格员", "第一网格"),
        office(second, "018", "麦穗香", "联户组长", "第一网格·第二联户组"),
        office("", "", "帆正远", "镇干部"),
    ]
    report = take_over(town, admin, full_workbook(rows, offices))
    names = dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))
    assert report.units == (
        f"{names[first]}·第一网格",
        f"{names[second]}·第一网格",
        f"{names[second]}·第一网格·第二联户组",
    )
    homes = {(each.village.code, each.number): each for each in Household.objects.select_related("village")}
    labels = leaf_labels(town)
    assert {key: labels[each.unit_id] for key, each in homes.items()} == {
        (first, "018"): "第一网格",
        (second, "018"): "第一网格·第二联户组",
        (second, "019"): names[second],
    }
    held = Appointment.objects.exclude(office="administrator").order_by("id").select_related("unit", "user")
    assert [(each.user.name, labels[each.unit_id]) for each in held] == [
        ("田禾生", "第一网格"),
        ("麦穗香", "第一网格·第二联户组"),
        ("帆正远", town.name),
    ]
    assert LoggedAct.objects.filter(act="import", subject_id=town.pk).count() == 1


def test_villages_and_what_is_held_there_have_to_be_named(town: Unit, admin: Actor, codes: list[str]) -> None:
    rows = [full("018", "田禾生"), full("018", "麦穗香", 村=codes[0])]
    offices = [
        office("", "018", "田禾生", "网格员"),
        office(codes[0], "018", "麦穗香", "网格员", "第九网格"),
        office("440783104999", "", "帆正远", "镇干部"),
        office("", "", "石榴红", "镇干部", "大罗村"),
    ]
    assert told(town, admin, full_workbook(rows, offices)) == [
        ("village-empty", "户册", "A2", ""),
        ("village-empty", "任职", "A2", ""),
        ("unit-unknown", "任职", "E3", "第九网格"),
        ("village-unknown", "任职", "A4", "440783104999"),
        ("unit-unknown", "任职", "E5", "大罗村"),
    ]


def test_a_village_takes_no_others_households(town: Unit, admin: Actor, codes: list[str]) -> None:
    first, second = codes
    village = Unit.objects.get(code=first)
    content = full_workbook([full("018", "田禾生", 村=second)])
    assert told(village, admin, content) == [("village-unknown", "户册", "A2", second)]
    take_over(village, admin, full_workbook([full("018", "田禾生", 村=first)]))
    assert Household.objects.get().village == village


def grid_of(village: Unit, name: str) -> Unit:
    return Unit.objects.get(parent=village, name=name)


def test_a_grids_roster_stays_within_the_grid(village: Unit, admin: Actor) -> None:
    rows = [full("018", "田禾生", 网格="第一网格"), full("019", "麦穗香", 网格="第二网格")]
    take_over(village, admin, full_workbook(rows))
    grid = grid_of(village, "第一网格")
    content = full_workbook([full("020", "榆钱多", 网格="第二网格"), full("021", "石榴红")])
    assert told(grid, admin, content) == [
        ("unit-outside", "户册", "C2", "第二网格"),
        ("unit-outside", "户册", "C3", ""),
    ]
    drawn = full_workbook([full("019", "麦穗香", 网格="第一网格")])
    assert told(grid, admin, drawn, mode=Mode.UPDATE) == [("household-outside", "户册", "B2", "019")]
    take_over(grid, admin, full_workbook([full("020", "榆钱多", 网格="第一网格", 联户组="第一联户组")]))
    assert Household.objects.get(number="020").unit.parent == grid


def test_only_who_manages_people_there_may(town: Unit, village: Unit, admin: Actor) -> None:
    own = somebody(Office.ADMINISTRATOR, village, login="own")
    with pytest.raises(NotAllowed):
        take_over(town, own, full_workbook([full("018", "田禾生", 村=village.code)]))
    with pytest.raises(UnknownUnit):
        take_over(Unit(pk=0), admin, full_workbook([full("018", "田禾生")]))


def test_an_update_asks_as_many_questions_for_many_as_for_few(
    village: Unit, admin: Actor, django_assert_num_queries: Any
) -> None:
    for size in (5, 300):
        rows = [full(f"{size}-{number}", "田禾生", 地址="一巷") for number in range(size)]
        take_over(village, admin, full_workbook(rows))
        rows = [full(f"{size}-{number}", "田禾生", 地址="二巷") for number in range(size)]
        with django_assert_num_queries(STATEMENTS_OF_AN_UPDATE):
            take_over(village, admin, full_workbook(rows), mode=Mode.UPDATE)


STATEMENTS_OF_AN_UPDATE = 40


def test_the_planner_is_told_when_many_have_come(
    village: Unit, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def counted() -> float:
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'people_resident'::regclass")
            (found,) = cursor.fetchone()
            return float(found)

    monkeypatch.setattr(merging, "MANY", 50)
    take_over(village, admin, full_workbook([full(f"{number}", "田禾生") for number in range(50)]))
    assert counted() == 50
    take_over(village, admin, full_workbook([full(f"{number}", "田禾生") for number in range(50, 99)]))
    assert counted() == 50
