import pytest

from tests.people.cast import SMALL, somebody
from tests.people.operations.test_roster_faults import take_over, with_ids
from tests.people.roster_people import people
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Household, Level, Resident, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.roster import Counts, Mode
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.roster_export import export_roster
from xiangyue.people.roster_form import full_workbook
from xiangyue.records.models import LoggedAct
from xiangyue.sheets.read import read_tables

__all__ = ["with_ids"]

PHONES = "户号,姓名,与户主关系,电话\n018,田禾生,户主,19900000001\n".encode()


@pytest.fixture
def town(village: Unit) -> Unit:
    return Unit.objects.get(parent=None)


@pytest.mark.slow
@pytest.mark.parametrize("households", [2_000, pytest.param(69_100, marks=pytest.mark.faults)])
def test_a_county_goes_in_and_out_and_in_again_unchanged(
    town: Unit, admin: Actor, with_ids: None, households: int
) -> None:
    codes = list(Unit.objects.filter(level=Level.VILLAGE).order_by("path").values_list("code", flat=True))
    report = take_over(town, admin, full_workbook(people(households, codes)))
    rows = sum(1 for _row in people(households, codes))
    assert report.counts == Counts(households, rows, 0, 0, 0)
    before = Resident.objects.order_by("id").values_list("id", "name", "born", "id_index", "phone_index")
    stored = list(before)
    for with_private in (True, False):
        content = export_roster(actor=admin, unit_id=town.pk, with_private=with_private)
        again = take_over(town, admin, content, mode=Mode.UPDATE, missing_leave=True)
        assert (again.households, again.residents) == (households, rows)
        assert again.changes == ()
        assert again.changes_nothing
    assert list(before.all()) == stored


def test_what_is_exported_is_what_was_imported(village: Unit, admin: Actor) -> None:
    take_over(village, admin, SMALL)
    content = export_roster(actor=admin, unit_id=village.pk, with_private=True)
    residents, appointments = read_tables(content, "户册.xlsx")
    assert [[row.text(header) for header in ("村", "户号", "网格", "联户组", "姓名", "与户主关系", "出生", "党员")]
            for row in residents.rows] == [
        [village.code, "004", "第三网格", "第一联户组", "麦穗香", "户主", "", ""],
        [village.code, "018", "第三网格", "第二联户组", "田禾生", "户主", "1984-03-09", ""],
        [village.code, "018", "第三网格", "第二联户组", "麦春芽", "配偶", "1986-01-01", "是"],
        [village.code, "018", "第三网格", "第二联户组", "田豆苗", "子女", "2018", ""],
        [village.code, "103", "第一网格", "", "榆钱多", "户主", "", "是"],
    ]  # fmt: skip
    assert [[row.text(header) for header in appointments.headers] for row in appointments.rows] == [
        [village.code, "103", "榆钱多", "评议委员", "", "2026-01-01", "榆钱多"],
        [village.code, "", "帆正远", "镇干部", "", "2026-11-02", "帆正远"],
        [village.code, "103", "榆钱多", "村党组织书记", "", "2026-01-01", "榆钱多"],
        [village.code, "004", "麦穗香", "网格员", "第三网格", "2026-01-01", "穗香"],
    ]
    assert take_over(village, admin, content, mode=Mode.UPDATE).changes_nothing


def test_officials_of_the_town_go_by_its_code(town: Unit, village: Unit, admin: Actor) -> None:
    take_over(village, admin, SMALL)
    somebody(Office.AUDITOR, town, login="审计")
    content = export_roster(actor=admin, unit_id=town.pk)
    assert take_over(town, admin, content, mode=Mode.UPDATE).changes_nothing


def test_without_the_private_columns_they_stay_as_they_are(village: Unit, admin: Actor) -> None:
    take_over(village, admin, PHONES, "户册.csv")
    content = export_roster(actor=admin, unit_id=village.pk)
    (residents, _appointments) = read_tables(content, "户册.xlsx")
    assert not {"电话", "身份证号"} & set(residents.headers)
    assert take_over(village, admin, content, mode=Mode.UPDATE).changes_nothing
    assert Resident.objects.exclude(phone=None).count() == 1


def test_who_is_gone_is_not_exported(village: Unit, admin: Actor) -> None:
    take_over(village, admin, SMALL)
    Household.objects.filter(number="103").update(left_on="2026-11-02")
    Resident.objects.filter(name="田豆苗").update(left_on="2026-11-02")
    residents, _appointments = read_tables(export_roster(actor=admin, unit_id=village.pk), "户册.xlsx")
    assert [row.text("姓名") for row in residents.rows] == ["麦穗香", "田禾生", "麦春芽"]


def test_only_who_may_take_data_out_exports_and_it_is_logged(village: Unit, admin: Actor) -> None:
    secretary = somebody(Office.VILLAGE_SECRETARY, village, login="secretary")
    with pytest.raises(NotAllowed):
        export_roster(actor=secretary, unit_id=village.pk)
    export_roster(actor=admin, unit_id=village.pk)
    export_roster(actor=admin, unit_id=village.pk, with_private=True)
    logged = LoggedAct.objects.filter(subject="unit", subject_id=village.pk, act__startswith="export")
    assert list(logged.order_by("id").values_list("act", flat=True)) == ["export", "export-private"]
