"""Importing tables as drafts."""

import pytest

from tests.catalogue.cast import LUOYU, adopted, drafted, sheet
from xiangyue.catalogue.models import Catalogue, Indicator, State
from xiangyue.catalogue.operations.enacting import enact
from xiangyue.catalogue.operations.importing import import_catalogue
from xiangyue.catalogue.queries import indicators_of, newest_draft
from xiangyue.catalogue.refusals import NoFrame
from xiangyue.catalogue.rules.local import LocalBounds
from xiangyue.catalogue.rules.model import Limit
from xiangyue.catalogue.rules.scheme import Scheme
from xiangyue.catalogue.rules.terms import Counting, Direction, Whose, Window
from xiangyue.catalogue.rules.worth import HOUR, CaseByCase, Fixed, PerUnit, Range
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Unit
from xiangyue.people.refusals import NotAllowed
from xiangyue.records.models import LoggedAct, StoredFile
from xiangyue.records.storage import local_path
from xiangyue.sheets.problems import SheetRefused

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
    assert (labour.title, labour.category.name, labour.item.worth) == (
        "参加公共劳动",
        "公共参与",
        Fixed(800),
    )
    gambling = catalogue.indicators.get(number="17").item
    assert (gambling.direction, gambling.worth) == (Direction.DEDUCTION, Fixed(2000))
    assert [category.position for category in catalogue.categories.all()] == list(range(1, 11))
    assert catalogue.source is not None
    assert local_path(catalogue.source.sha256).read_bytes() == content
    assert acts(catalogue) == [("import_catalogue", "", "draft")]


def test_rules_are_stored_as_they_were_understood(admin: Actor, village: Unit) -> None:
    catalogue = drafted(
        admin,
        village,
        {"指标": "志愿服务", "分值": "每小时2", "上限": "每月10分；每人每次4分"},
        {"指标": "庭院整洁", "分值": "1～10", "上限": "一次性"},
        {"指标": "修桥", "分值": "一事一议"},
    )
    hours, yard, bridge = (indicator.item for indicator in indicators_of(catalogue))
    assert [item.worth for item in (hours, yard, bridge)] == [
        PerUnit(HOUR, 60, 200, whole=False),
        Range(100, 1000),
        CaseByCase(),
    ]
    assert hours.limits == (
        Limit(Counting.POINTS, 1000, Window.MONTH),
        Limit(Counting.POINTS, 400, Window.TIME, Whose.PERSON),
    )
    assert yard.limits == (Limit(Counting.TIMES, 1, Window.ONCE),)


def test_a_dry_run_says_the_same_and_stores_nothing(admin: Actor, village: Unit) -> None:
    content, stored = sheet({"指标": "打架", "分值": "扣5分"}), StoredFile.objects.count()
    tried = import_catalogue(actor=admin, unit_id=village.pk, content=content, name="细则.csv", dry_run=True)
    assert tried.catalogue_id is None
    assert not Catalogue.objects.filter(unit=village).exists()
    assert StoredFile.objects.count() == stored
    done = import_catalogue(actor=admin, unit_id=village.pk, content=content, name="细则.csv")
    assert done.catalogue_id is not None
    assert (tried.indicators, tried.warnings) == (done.indicators, done.warnings)
    assert tried.structured == 1


@pytest.mark.parametrize("dry_run", [True, False])
def test_one_bad_cell_keeps_the_whole_file_out(admin: Actor, village: Unit, dry_run: bool) -> None:
    """RULES, Excel and CSV form: a file imports whole or not at all (a dry run shows the same report)."""
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
def test_only_who_makes_the_rules_may_bring_them(village: Unit, actor: Actor) -> None:
    content = sheet({"指标": "甲", "分值": "1"})
    with pytest.raises(NotAllowed):
        import_catalogue(actor=actor, unit_id=village.pk, content=content, name="a.csv")
    assert not Catalogue.objects.filter(unit=village).exists()


def test_what_holds_beside_the_indicators_goes_on_holding(admin: Actor, village: Unit) -> None:
    scheme = Scheme(account="豆", local=LocalBounds(awards=5, deductions=5, most=200))
    assert village.parent is not None
    content = sheet({"指标": "扫雪", "分值": "5"})
    frame = import_catalogue(
        actor=admin, unit_id=village.parent.pk, content=content, name="镇.csv", scheme=scheme
    )
    assert frame.catalogue_id is not None
    assert drafted(admin, village).rules != scheme
    adopted(admin, Catalogue.objects.get(pk=frame.catalogue_id))
    enact(actor=admin, catalogue_id=frame.catalogue_id, on=clock.today())
    assert drafted(admin, village).rules == scheme


def test_own_items_need_a_frame_above_them(admin: Actor, village: Unit) -> None:
    assert village.parent is not None
    with pytest.raises(NoFrame):
        drafted(admin, village.parent, is_local=True)
    local = drafted(admin, village, {"编号": "N1", "指标": "看护渡口", "分值": "2"}, is_local=True)
    assert local.is_local
    assert indicators_of(local)[0].item.local


def test_an_import_costs_the_same_for_few_and_for_many(
    admin: Actor, village: Unit, django_assert_max_num_queries: object
) -> None:
    many = [{"板块": f"第{n % 9}类", "指标": f"第{n}项", "分值": "1", "上限": "每月2次"} for n in range(400)]
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        drafted(admin, village, *many)
    assert Indicator.objects.filter(catalogue__unit=village).count() == 400
