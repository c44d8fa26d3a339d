"""A roster that is imported again changes what it says, and nothing else."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.people.operations.test_roster_faults import ID, OTHER_ID, take_over, told, with_ids
from tests.people.test_roster_reading import full
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Appointment, FormerPlace, Household, Resident, Unit
from xiangyue.people.operations.roster import Change, Counts, Mode, RosterReport
from xiangyue.people.private import masked_id
from xiangyue.people.queries import leaf_labels
from xiangyue.people.roster_form import full_workbook, roster_workbook
from xiangyue.records.models import LoggedAct
from xiangyue.users.models import User

__all__ = ["with_ids"]

HOME = [
    full(
        "018",
        "田禾生",
        网格="第三网格",
        出生="1984-03-09",
        电话="19900000001",
        地址="三巷18号",
        标签="光荣之家",
    ),
    full("018", "麦春芽", "配偶", 党员="是"),
    full("018", "田豆苗", "子女", 出生="2018-06-07"),
    full("004", "麦穗香", 网格="第一网格"),
]


def changed(row: tuple[str, ...], **cells: str) -> tuple[str, ...]:
    return full(row[1], row[4], row[5], **{"网格": row[2], "出生": row[7], "党员": row[10], **cells})


def update(unit: Unit, actor: Actor, rows: list[Any], **given: Any) -> RosterReport:
    return take_over(unit, actor, full_workbook(rows), mode=Mode.UPDATE, **given)


@pytest.fixture
def there(village: Unit, admin: Actor) -> Unit:
    take_over(village, admin, full_workbook(HOME))
    return village


def resident(name: str) -> Resident:
    return Resident.objects.get(name=name, left_on=None)


def logged(act: str) -> list[int]:
    return list(LoggedAct.objects.filter(act=act).order_by("subject_id").values_list("subject_id", flat=True))


def test_the_same_again_changes_nothing(there: Unit, admin: Actor) -> None:
    before = list(Resident.objects.order_by("id").values())
    report = update(there, admin, HOME)
    assert report.changes_nothing
    assert (report.counts, report.changes) == (Counts(0, 0, 0, 0, 0), ())
    assert list(Resident.objects.order_by("id").values()) == before
    assert logged("update") == []


def test_what_changes_is_told_with_old_and_new_and_then_so(there: Unit, admin: Actor) -> None:
    rows = [
        full(
            "018",
            "田禾生",
            网格="第一网格",
            出生="1984-03-10",
            电话="19900000002",
            地址="四巷1号",
            标签="示范户",
        ),
        full("018", "麦春芽", "其他", 性别="女", 在外="是"),
        HOME[2],
        HOME[3],
    ]
    tried = update(there, admin, rows, dry_run=True)
    village = there.name
    assert list(tried.changes) == [
        Change("changed-household", village, "018", "", "网格", "第三网格", "第一网格"),
        Change("changed-household", village, "018", "", "地址", "三巷18号", "四巷1号"),
        Change("changed-household", village, "018", "", "标签", "光荣之家", "示范户"),
        Change("changed-resident", village, "018", "田禾生", "出生", "1984-03-09", "1984-03-10"),
        Change("changed-resident", village, "018", "田禾生", "电话", "199****0001", "199****0002"),
        Change("changed-resident", village, "018", "麦春芽", "与户主关系", "配偶", "其他"),
        Change("changed-resident", village, "018", "麦春芽", "性别", "", "女"),
        Change("changed-resident", village, "018", "麦春芽", "党员", "是", "否"),
        Change("changed-resident", village, "018", "麦春芽", "在外", "否", "是"),
    ]
    assert tried.counts == Counts(0, 0, 1, 2, 0)
    assert resident("田禾生").born == date(1984, 3, 9)
    ids = dict(Resident.objects.values_list("name", "id"))
    assert update(there, admin, rows).changes == tried.changes
    assert dict(Resident.objects.values_list("name", "id")) == ids
    home = Household.objects.get(number="018")
    assert (leaf_labels(there)[home.unit_id], home.address, home.tags) == ("第一网格", "四巷1号", ["示范户"])
    head, spouse = resident("田禾生"), resident("麦春芽")
    assert (head.born, spouse.relation, spouse.sex, spouse.is_party_member, spouse.lives_elsewhere) == (
        *(date(1984, 3, 10), "other", "F", False, True),
    )
    assert update(there, admin, rows).changes_nothing
    assert logged("update") == sorted([home.pk, head.pk, spouse.pk])
    assert logged("move") == [home.pk]


def test_columns_that_the_file_lacks_change_nothing(there: Unit, admin: Actor) -> None:
    before = list(Resident.objects.order_by("id").values())
    homes = list(Household.objects.order_by("id").values())
    content = "户号,姓名,与户主关系\n018,田禾生,户主\n018,麦春芽,配偶\n018,田豆苗,子女\n".encode()
    assert take_over(there, admin, content, "户册.csv", mode=Mode.UPDATE).changes_nothing
    assert list(Resident.objects.order_by("id").values()) == before
    assert list(Household.objects.order_by("id").values()) == homes


def test_households_that_the_file_lacks_are_not_touched_and_new_ones_come(there: Unit, admin: Actor) -> None:
    report = update(there, admin, [full("005", "石榴红", 网格="第三网格"), full("005", "秋满仓", "配偶")])
    assert report.counts == Counts(1, 2, 0, 0, 0)
    assert report.changes == (Change("new-household", there.name, "005", "石榴红"),)
    assert Household.objects.filter(village=there).count() == 3
    assert Resident.objects.filter(left_on=None).count() == 6


def test_who_is_missing_stays_unless_they_are_said_to_leave(there: Unit, admin: Actor) -> None:
    rows = [*HOME[:2], full("018", "田小满", "子女")]
    report = update(there, admin, rows)
    assert report.counts == Counts(0, 1, 0, 0, 1)
    assert [(each.kind, each.name) for each in report.changes] == [
        ("new-resident", "田小满"),
        ("missing", "田豆苗"),
    ]
    assert resident("田豆苗").left_on is None
    report = update(there, admin, rows, missing_leave=True)
    gone = Resident.objects.get(name="田豆苗")
    assert (report.left, gone.left_on, logged("moved-away")) == (True, clock.today(), [gone.pk])
    assert update(there, admin, rows, missing_leave=True).changes_nothing


def test_another_head_takes_over_where_the_old_one_steps_back(there: Unit, admin: Actor) -> None:
    rows = [full("018", "麦春芽", 党员="是"), full("018", "田禾生", "配偶", 出生="1984-03-09"), HOME[2]]
    update(there, admin, rows)
    heads = Resident.objects.filter(household__number="018", relation="head", left_on=None)
    assert [each.name for each in heads] == ["麦春芽"]


def test_a_head_who_is_not_in_the_file_is_not_passed_over(there: Unit, admin: Actor) -> None:
    rows = [full("018", "麦春芽", 党员="是"), HOME[2]]
    content = full_workbook(rows)
    assert told(there, admin, content, mode=Mode.UPDATE) == [("head-stays", "户册", "F2", "户主")]
    update(there, admin, rows, missing_leave=True)
    assert resident("麦春芽").is_head
    assert Resident.objects.get(name="田禾生").left_on == clock.today()


def test_residents_are_known_by_their_id_number_before_their_name(
    village: Unit, admin: Actor, with_ids: None
) -> None:
    rows = [full("018", "田禾生", 身份证号=ID), full("018", "麦春芽", "配偶", 身份证号=OTHER_ID)]
    take_over(village, admin, full_workbook(rows))
    ids = dict(Resident.objects.values_list("name", "id"))
    swapped = [full("018", "麦春芽", 身份证号=ID), full("018", "田禾生", "配偶", 身份证号=OTHER_ID)]
    report = update(village, admin, swapped)
    assert report.counts == Counts(0, 0, 0, 2, 0)
    assert dict(Resident.objects.values_list("id", "name")) == {
        ids["田禾生"]: "麦春芽",
        ids["麦春芽"]: "田禾生",
    }
    assert Resident.objects.get(id=ids["田禾生"]).pinyin == "maichunya"


def test_an_id_number_tells_the_day_of_birth_where_no_column_does(
    village: Unit, admin: Actor, with_ids: None
) -> None:
    rows = [full("018", "田禾生", 出生="1980"), full("018", "麦春芽", "配偶", 出生="1986-01-01")]
    take_over(village, admin, full_workbook(rows))
    content = f"户号,姓名,与户主关系,身份证号\n018,田禾生,户主,{ID}\n018,麦春芽,配偶,\n".encode()
    for dry_run in (True, False):
        report = take_over(village, admin, content, "户册.csv", mode=Mode.UPDATE, dry_run=dry_run)
        assert [(each.name, each.header, each.old, each.new) for each in report.changes] == [
            ("田禾生", "出生", "1980-01-01", "1984-03-09"),
            ("田禾生", "身份证号", "", masked_id(ID)),
        ]
    born = dict(Resident.objects.values_list("name", "born"))
    assert born == {"田禾生": date(1984, 3, 9), "麦春芽": date(1986, 1, 1)}
    assert take_over(village, admin, content, "户册.csv", mode=Mode.UPDATE).changes_nothing


def test_a_later_move_notes_where_the_household_lived(there: Unit, admin: Actor) -> None:
    old = Household.objects.get(number="004").unit
    tomorrow = clock.today() + timedelta(days=1)
    with clock.as_of(tomorrow):
        update(there, admin, [changed(HOME[3], 网格="第三网格")])
        update(there, admin, [changed(HOME[3], 网格="第二网格")])
    place = FormerPlace.objects.get(household__number="004")
    assert (place.unit, place.number, place.until) == (old, "004", tomorrow - timedelta(days=1))


def test_appointments_that_are_held_are_no_fault(village: Unit, admin: Actor) -> None:
    rows = [(*row[1:8], row[10], row[13]) for row in HOME]
    offices = [
        ("018", "麦春芽", "网格员", "第三网格", "2026-01-01", "春芽"),
        ("", "帆正远", "镇干部", "", "2026-01-01", ""),
    ]
    take_over(village, admin, roster_workbook(rows, offices))
    again = take_over(village, admin, roster_workbook(rows, offices), mode=Mode.UPDATE)
    assert again.changes_nothing
    more = [*offices, ("018", "麦春芽", "评议委员", "", "", ""), ("004", "麦穗香", "店员", "", "", "")]
    report = take_over(village, admin, roster_workbook(rows, more), mode=Mode.UPDATE)
    assert [(each.name, each.login, each.office) for each in report.appointments] == [
        ("麦春芽", "春芽", "评议委员"),
        ("麦穗香", "麦穗香", "店员"),
    ]
    assert User.objects.filter(login__in=("春芽", "麦穗香", "帆正远")).count() == 3
    held = Appointment.objects.filter(user__login="春芽").order_by("id")
    assert [each.office for each in held] == ["grid_leader", "committee_member"]


def test_without_update_what_is_there_is_refused(there: Unit, admin: Actor) -> None:
    assert [each[0] for each in told(there, admin, full_workbook(HOME))] == ["number-taken", "number-taken"]
