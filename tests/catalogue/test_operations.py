from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection
from django_tenants.utils import schema_context

from tests.catalogue.cast import LAWFUL, LUOYU, drafted, imported, in_force, sheet
from xiangyue.catalogue.models import Cap, Catalogue, Indicator, State
from xiangyue.catalogue.operations import enact, import_catalogue
from xiangyue.catalogue.queries import newest_draft
from xiangyue.catalogue.refusals import (
    DeductionWithoutGrounds,
    EmptyCatalogue,
    ForbiddenConsequence,
    NotADraft,
    NotAfterPresent,
)
from xiangyue.catalogue.terms import Direction, Form
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import Unit
from xiangyue.people.refusals import NotAllowed
from xiangyue.records.models import LoggedAct, StoredFile
from xiangyue.records.operations import file_path
from xiangyue.sheets.problems import SheetRefused
from xiangyue.tenancy.models import Jurisdiction

AUTUMN, WINTER = date(2026, 10, 1), date(2027, 1, 1)
NOBODY = Actor.card(1)


def acts(catalogue: Catalogue) -> list[tuple[str, str, str]]:
    logged = LoggedAct.objects.filter(subject="catalogue", subject_id=catalogue.pk).order_by("id")
    return list(logged.values_list("act", "from_state", "to_state"))


def test_the_published_catalogue_is_imported_whole(admin: Actor, village: Unit) -> None:
    content = LUOYU.read_bytes()
    report = import_catalogue(actor=admin, unit_id=village.pk, content=content, name="泺峪细则.csv")
    assert (report.indicators, report.categories, report.structured, report.case_by_case) == (28, 10, 28, 0)
    assert report.warnings == ()
    catalogue = newest_draft(village)
    assert catalogue.pk == report.catalogue_id
    assert (catalogue.name, catalogue.state, catalogue.unit) == ("泺峪细则", State.DRAFT, village)
    labour = catalogue.indicators.get(number="11")
    assert (labour.title, labour.category.name, labour.points_min) == ("参加公共劳动", "公共参与", 800)
    gambling = catalogue.indicators.get(number="17")
    assert (gambling.direction, gambling.points_min) == (Direction.DEDUCTION, 2000)
    assert [category.position for category in catalogue.categories.all()] == list(range(1, 11))
    assert catalogue.source is not None
    assert file_path(catalogue.source.sha256).read_bytes() == content
    assert acts(catalogue) == [("import_catalogue", "", "draft")]


def test_caps_and_forms_are_stored(admin: Actor, village: Unit) -> None:
    catalogue = drafted(
        admin,
        village,
        {"指标": "志愿服务", "分值": "每小时2", "上限": "每月10分；每人每次4分"},
        {"指标": "庭院整洁", "分值": "1～10", "上限": "一次性"},
        {"指标": "修桥", "分值": "一事一议"},
    )
    forms = catalogue.indicators.values_list("form", "points_min", "points_max", "unit")
    assert list(forms) == [
        (Form.PER_UNIT, 200, 200, "小时"),
        (Form.RANGE, 100, 1000, "次"),
        (Form.CASE_BY_CASE, None, None, "次"),
    ]
    caps = Cap.objects.filter(indicator__catalogue=catalogue)
    assert list(caps.values_list("indicator__title", "window", "measure", "amount", "scope")) == [
        ("志愿服务", "month", "points", 1000, "household"),
        ("志愿服务", "time", "points", 400, "person"),
        ("庭院整洁", "once", "times", 1, "household"),
    ]


def test_a_dry_run_says_the_same_and_stores_nothing(admin: Actor, village: Unit) -> None:
    content, stored = sheet({"指标": "打架", "分值": "扣5分"}), StoredFile.objects.count()
    tried = import_catalogue(actor=admin, unit_id=village.pk, content=content, name="细则.csv", dry_run=True)
    assert tried.catalogue_id is None
    assert not Catalogue.objects.filter(unit=village).exists()
    assert StoredFile.objects.count() == stored
    done = import_catalogue(actor=admin, unit_id=village.pk, content=content, name="细则.csv")
    assert done.catalogue_id is not None
    assert (tried.indicators, tried.warnings) == (done.indicators, done.warnings)
    assert [warning.header for warning in done.warnings] == ["依据", "期限", "修复"]


@pytest.mark.parametrize("dry_run", [True, False])
def test_one_bad_cell_keeps_the_whole_file_out(admin: Actor, village: Unit, dry_run: bool) -> None:
    content = LUOYU.read_bytes().replace("参与赌博,扣,20".encode(), "参与赌博,扣,加20分".encode())
    with pytest.raises(SheetRefused) as caught:
        import_catalogue(actor=admin, unit_id=village.pk, content=content, name="细则.csv", dry_run=dry_run)
    (problem,) = caught.value.problems
    assert (problem.sheet, problem.row, problem.column, problem.header, problem.value, problem.code) == (
        "细则",
        18,
        "F",
        "分值",
        "加20分",
        "direction-differs",
    )
    assert not Catalogue.objects.filter(unit=village).exists()
    assert not StoredFile.objects.filter(name="细则.csv").exists()


@pytest.mark.parametrize("actor", [NOBODY, Actor.user(987_654)])
def test_only_who_makes_the_rules_may_bring_them(admin: Actor, village: Unit, actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        import_catalogue(
            actor=actor, unit_id=village.pk, content=sheet({"指标": "甲", "分值": "1"}), name="a.csv"
        )
    draft = drafted(admin, village)
    with pytest.raises(NotAllowed):
        enact(actor=actor, catalogue_id=draft.pk, on=AUTUMN)
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_a_draft_is_put_in_force_with_its_minutes(admin: Actor, village: Unit) -> None:
    draft = imported(admin, village, LUOYU.read_bytes())
    enacted = enact(
        actor=admin, catalogue_id=draft.pk, on=AUTUMN, minutes=b"%PDF", minutes_name="会议记录.pdf"
    )
    enacted.refresh_from_db()
    assert (enacted.state, enacted.in_force_from, enacted.in_force_until) == (State.IN_FORCE, AUTUMN, None)
    assert enacted.minutes is not None
    assert enacted.minutes.name == "会议记录.pdf"
    assert acts(enacted)[-1] == ("enact_catalogue", "draft", "in_force")


def test_a_successor_ends_the_present_one_the_day_before(admin: Actor, village: Unit) -> None:
    first = in_force(admin, village, AUTUMN)
    second = in_force(admin, village, WINTER)
    first.refresh_from_db()
    assert (first.state, first.in_force_until) == (State.SUPERSEDED, date(2026, 12, 31))
    assert (second.state, second.in_force_from) == (State.IN_FORCE, WINTER)
    assert acts(first)[-1] == ("supersede_catalogue", "in_force", "superseded")


@pytest.mark.parametrize("on", [AUTUMN, date(2026, 9, 30)])
def test_a_successor_comes_after_the_present_one(admin: Actor, village: Unit, on: date) -> None:
    first = in_force(admin, village, AUTUMN)
    with pytest.raises(NotAfterPresent):
        in_force(admin, village, on)
    first.refresh_from_db()
    assert (first.state, first.in_force_until) == (State.IN_FORCE, None)


def test_another_village_keeps_its_own(admin: Actor, village: Unit) -> None:
    neighbour = Unit.objects.exclude(pk=village.pk).filter(level=village.level).first()
    assert neighbour is not None
    theirs = in_force(admin, neighbour, AUTUMN)
    in_force(admin, village, WINTER)
    theirs.refresh_from_db()
    assert theirs.state == State.IN_FORCE


def test_what_is_in_force_or_was_cannot_be_enacted_again(admin: Actor, village: Unit) -> None:
    first = in_force(admin, village, AUTUMN)
    in_force(admin, village, WINTER)
    for catalogue in Catalogue.objects.filter(unit=village):
        with pytest.raises(NotADraft):
            enact(actor=admin, catalogue_id=catalogue.pk, on=date(2027, 2, 1))
    first.refresh_from_db()
    assert first.in_force_until == date(2026, 12, 31)


def test_a_catalogue_without_indicators_is_not_enacted(village: Unit) -> None:
    empty = Catalogue.objects.create(unit=village, name="空的")
    with pytest.raises(EmptyCatalogue):
        enact(actor=SYSTEM, catalogue_id=empty.pk, on=AUTUMN)


@pytest.mark.parametrize("missing", list(LAWFUL))
def test_a_deduction_names_basis_term_and_repair(admin: Actor, village: Unit, missing: str) -> None:
    draft = drafted(
        admin,
        village,
        {"编号": "1", "指标": "扫雪", "分值": "5"},
        {"编号": "2", "指标": "打架", "分值": "扣5分", **LAWFUL, missing: ""},
    )
    with pytest.raises(DeductionWithoutGrounds) as caught:
        enact(actor=admin, catalogue_id=draft.pk, on=AUTUMN)
    assert caught.value.facts == {"number": "2", "title": "打架", "missing": missing}
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"指标": "打架的取消低保", "分值": "扣5分", **LAWFUL}, "取消低保"),
        ({"指标": "打架", "分值": "扣5分", **LAWFUL, "备注": "一年内不得享受补贴"}, "不得享受补贴"),
        ({"指标": "孩子辍学", "分值": "扣5分", **LAWFUL}, "辍学"),
        ({"指标": "扫雪", "分值": "5", "未参加的": "取消其投票资格"}, "取消其投票"),
    ],
)
def test_forbidden_consequences_are_refused_by_name(
    admin: Actor, village: Unit, row: dict[str, str], words: str
) -> None:
    draft = drafted(admin, village, row)
    with pytest.raises(ForbiddenConsequence) as caught:
        enact(actor=admin, catalogue_id=draft.pk, on=AUTUMN)
    assert (caught.value.facts["number"], caught.value.facts["words"]) == ("1", words)
    assert "可以改成" in str(caught.value)
    assert not Catalogue.objects.filter(unit=village, state=State.IN_FORCE).exists()


def test_a_refused_enactment_leaves_no_minutes_behind(admin: Actor, village: Unit) -> None:
    in_force(admin, village, AUTUMN)
    draft, stored = drafted(admin, village), StoredFile.objects.count()
    with pytest.raises(NotAfterPresent):
        enact(actor=admin, catalogue_id=draft.pk, on=AUTUMN, minutes=b"x", minutes_name="记录.txt")
    assert StoredFile.objects.count() == stored


def test_an_import_costs_the_same_for_few_and_for_many(
    admin: Actor, village: Unit, django_assert_max_num_queries: object
) -> None:
    many = [{"板块": f"第{n % 9}类", "指标": f"第{n}项", "分值": "1", "上限": "每月2次"} for n in range(400)]
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        drafted(admin, village, *many)
    assert Indicator.objects.filter(catalogue__unit=village).count() == 400


def test_two_enactments_at_once_are_put_in_a_row(committed: Jurisdiction) -> None:
    village = Unit.objects.get(code="440783104220")
    drafts = [drafted(SYSTEM, village).pk for _ in range(2)]

    def enacted(catalogue_id: int) -> str:
        try:
            with schema_context(committed.schema_name):
                enact(actor=SYSTEM, catalogue_id=catalogue_id, on=AUTUMN)
            return "enacted"
        except NotAfterPresent as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(enacted, drafts)) == ["enacted", "not-after-present-catalogue"]
    states = Catalogue.objects.filter(pk__in=drafts).values_list("state", flat=True)
    assert sorted(states) == [State.DRAFT, State.IN_FORCE]
