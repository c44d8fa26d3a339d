"""A village gives items of the frame other points, within the bounds that the frame sets (DOMAIN §4)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.catalogue.cast import LAWFUL, adopted, bounded, drafted, imported, in_force, sheet
from xiangyue.catalogue.diff import difference
from xiangyue.catalogue.export import to_rows
from xiangyue.catalogue.models import Catalogue, Clearance, State
from xiangyue.catalogue.operations.enacting import enact, what_hinders
from xiangyue.catalogue.operations.importing import import_catalogue
from xiangyue.catalogue.queries import (
    find_indicator,
    indicators_of,
    lapsed_changes,
    makers_of,
    own_catalogue,
    present_and_draft,
    rules_in_force,
)
from xiangyue.catalogue.refusals import (
    BeyondFrame,
    FrameReplaced,
    LocalNumberTaken,
    NoOwnCatalogue,
    NumberTakenBetween,
)
from xiangyue.catalogue.rules.changes import PointBounds
from xiangyue.catalogue.rules.local import LocalBounds
from xiangyue.catalogue.rules.worth import Fixed
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Level, Unit
from xiangyue.sheets.problems import SheetRefused

AUTUMN, WINTER, SPRING = date(2026, 10, 1), date(2027, 1, 1), date(2027, 4, 1)
FRAME = (
    {
        "板块": "村务", "编号": "1", "指标": "扫雪", "分值": "5", "单位": "户", "上限": "每月2次", "证明材料": "照片",
        "审批": "评议会", "备注": "门前三包",
    },
    {"板块": "村务", "编号": "2", "指标": "志愿服务", "分值": "每小时2", "对象": "村民个人"},
    {"板块": "环境", "编号": "3", "指标": "乱倒垃圾", "分值": "扣5", **LAWFUL},
    {"板块": "环境", "编号": "4", "指标": "首次登录小程序", "分值": "5"},
)  # fmt: skip
SNOW = {"编号": "1", "指标": "扫雪", "分值": "6"}
BOUNDS = LocalBounds(awards=1, changes=(PointBounds(percent=20), PointBounds(number="2", by=50)))


@pytest.fixture
def town(village: Unit) -> Unit:
    assert village.parent is not None
    return village.parent


def framed(
    admin: Actor, town: Unit, on: date, *rows: dict[str, str], bounds: LocalBounds = BOUNDS
) -> Catalogue:
    """Put a frame in force whose one question was cleared, with bounds for the villages."""
    draft = bounded(adopted(admin, drafted(admin, town, *(rows or FRAME))), bounds)
    for asked in what_hinders(draft):
        assert asked.item is not None
        Clearance.objects.create(
            catalogue=draft, number=asked.item.number, code=asked.code, words=asked.words, reason="不登录也能挣分",
            cleared_at=clock.now(),
        )  # fmt: skip
    return enact(actor=admin, catalogue_id=draft.pk, on=on)


@pytest.fixture
def frame(admin: Actor, town: Unit) -> Catalogue:
    return framed(admin, town, AUTUMN)


def local(admin: Actor, unit: Unit, on: date, *rows: dict[str, str]) -> Catalogue:
    return in_force(admin, unit, on, *rows, is_local=True)


def test_a_village_changes_points_and_inherits_all_else(
    admin: Actor, town: Unit, village: Unit, frame: Catalogue
) -> None:
    """RULES, Local: within the frame's bounds a village changes points of the frame's items."""
    above = find_indicator(frame, "扫雪")
    own = local(admin, village, AUTUMN, SNOW, {"编号": "N1", "指标": "守渡口", "分值": "1"})
    rules = rules_in_force(village, AUTUMN)
    items = [each.item for each in indicators_of(*rules.catalogues)]
    assert [item.number for item in items] == ["1", "2", "3", "4", "N1"]
    assert items[0].worth == Fixed(600)
    assert replace(items[0], worth=Fixed(500), frame=None) == above.item
    assert [item.local for item in items] == [False, False, False, False, True]
    changed = find_indicator(rules, "扫雪")
    assert (changed.catalogue, changed.changes) == (own, above)
    assert (rules.holds(changed), rules.holds(above)) == (True, False)
    neighbour = Unit.objects.filter(parent=town, level=village.level).exclude(pk=village.pk)[0]
    theirs = rules_in_force(neighbour, AUTUMN)
    assert (theirs.holds(changed), theirs.holds(above)) == (False, True)
    assert find_indicator(theirs, "扫雪").item.worth == Fixed(500)
    assert makers_of([changed, above]) == {changed.pk: town.pk, above.pk: town.pk}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({**SNOW, "分值": "6.1"}, "points-changed-too-far"),
        ({**SNOW, "分值": "3.9"}, "points-changed-too-far"),
        ({"编号": "2", "指标": "志愿服务", "分值": "每小时2.6"}, "points-changed-too-far"),
        ({"编号": "3", "指标": "乱倒垃圾", "分值": "扣7"}, "points-changed-too-far"),
    ],
)
def test_points_beyond_the_bounds_are_refused_by_name(
    admin: Actor, village: Unit, frame: Catalogue, row: dict[str, str], code: str
) -> None:
    with pytest.raises(BeyondFrame) as caught:
        local(admin, village, AUTUMN, row)
    assert [each.code for each in caught.value.beyond] == [code]
    first = str(caught.value.facts["first"])
    assert row["编号"] in first
    assert row["指标"] in first
    assert "上面定的是" in first
    assert "上下最多差" in first
    assert not Catalogue.objects.filter(unit=village, state=State.IN_FORCE).exists()


def test_what_the_frame_lets_nobody_change_stays(admin: Actor, town: Unit, village: Unit) -> None:
    framed(admin, town, AUTUMN, bounds=LocalBounds(changes=(PointBounds(category="环境", by=100),)))
    with pytest.raises(BeyondFrame) as caught:
        local(admin, village, AUTUMN, SNOW)
    assert [each.code for each in caught.value.beyond] == ["points-not-changeable"]
    assert local(admin, village, AUTUMN, {"编号": "3", "指标": "乱倒垃圾", "分值": "扣6"}).is_local


@pytest.mark.parametrize(
    ("more", "header"),
    [
        ({"上限": "每月3次"}, "上限"),
        ({"板块": "环境"}, "板块"),
        ({"对象": "村民个人"}, "对象"),
        ({"分值": "每小时6"}, "分值"),
        ({"方向": "扣", **LAWFUL}, "方向"),
        ({"备注": "另说"}, "备注"),
        ({"适用时间": "6月至8月"}, "适用时间"),
    ],
)
def test_a_row_that_changes_more_than_points_is_refused(
    admin: Actor, village: Unit, frame: Catalogue, more: dict[str, str], header: str
) -> None:
    for dry_run in (True, False):
        with pytest.raises(SheetRefused) as caught:
            import_catalogue(
                actor=admin, unit_id=village.pk, content=sheet({**SNOW, **more}), name="本村.csv", is_local=True,
                dry_run=dry_run,
            )  # fmt: skip
        found = [(each.row, each.header, each.code) for each in caught.value.problems]
        assert found == [(2, header, "changes-more-than-points")]
    assert not Catalogue.objects.filter(unit=village).exists()


def test_what_says_the_same_as_the_frame_is_left_out(admin: Actor, village: Unit, frame: Catalogue) -> None:
    report = import_catalogue(
        actor=admin, unit_id=village.pk, content=sheet(SNOW, FRAME[1]), name="本村.csv", is_local=True
    )
    assert [each.code for each in report.warnings] == ["same-as-frame"]
    draft = Catalogue.objects.get(pk=report.catalogue_id or 0)
    assert [each.number for each in indicators_of(draft)] == ["1"]


def test_a_number_with_another_title_is_no_change(admin: Actor, village: Unit, frame: Catalogue) -> None:
    with pytest.raises(LocalNumberTaken):
        local(admin, village, AUTUMN, {**SNOW, "指标": "扫门前雪"})


def test_what_was_changed_comes_out_and_in_again(admin: Actor, village: Unit, frame: Catalogue) -> None:
    """RULES, Excel and CSV form: exporting and importing again gives the same, of what a village changed too."""
    own = local(admin, village, AUTUMN, SNOW, {"编号": "N1", "指标": "守渡口", "分值": "1", "板块": "渡口"})
    assert own_catalogue(village, AUTUMN) == own
    header, *rows = to_rows([each.item for each in indicators_of(own)])
    cells = [dict(zip(header, row, strict=True)) for row in rows]
    assert (cells[0]["分值"], cells[0]["上限"], cells[0]["备注"]) == ("6", "每户每月2次", "门前三包")
    again = imported(admin, village, sheet(*cells), is_local=True)
    before, after = indicators_of(own), indicators_of(again)
    assert [each.item for each in before] == [each.item for each in after]
    assert [each.changes_id for each in before] == [each.changes_id for each in after]
    with pytest.raises(NoOwnCatalogue):
        own_catalogue(village, date(2026, 9, 30))


def test_a_local_draft_is_held_against_all_that_holds_there(
    admin: Actor, village: Unit, frame: Catalogue
) -> None:
    def compared(draft: Catalogue) -> tuple[list[str], list[str], dict[str, Any]]:
        before, after = present_and_draft(draft)
        items = [[each.item for each in indicators_of(*several)] for several in (before, after)]
        found = difference(*items)
        changed = {each.new.number: each.cells for each in found.changed}
        return [item.number for item in found.added], [item.number for item in found.removed], changed

    first = drafted(admin, village, SNOW, {"编号": "N1", "指标": "守渡口", "分值": "1"}, is_local=True)
    assert compared(first) == (["N1"], [], {"1": {"分值": ("5", "6")}})
    enact(actor=admin, catalogue_id=adopted(admin, first).pk, on=AUTUMN)
    second = drafted(admin, village, {**SNOW, "分值": "4"}, is_local=True)
    assert compared(second) == ([], ["N1"], {"1": {"分值": ("6", "4")}})
    whole = drafted(admin, village, {"编号": "1", "指标": "扫雪", "分值": "9"})
    assert compared(whole)[1] == ["2", "3", "4"]


def test_the_frame_s_own_questions_are_not_asked_again(admin: Actor, village: Unit, frame: Catalogue) -> None:
    change = {"编号": "4", "指标": "首次登录小程序", "分值": "4"}
    assert local(admin, village, AUTUMN, change).state == State.IN_FORCE
    own = drafted(admin, village, {"编号": "N2", "指标": "首次登录公众号", "分值": "4"}, is_local=True)
    assert [each.code for each in what_hinders(own)] == ["installs"]


def test_the_nearest_unit_s_change_counts(admin: Actor, town: Unit, village: Unit, frame: Catalogue) -> None:
    grid = Unit.objects.create(
        parent=village, level=Level.GRID, code="440783104220901", name="渡口网格", path=f"{village.path}901/"
    )
    local(admin, village, AUTUMN, SNOW)
    nearer = local(admin, grid, WINTER, {**SNOW, "分值": "4"})
    assert find_indicator(rules_in_force(grid, WINTER), "1").item.worth == Fixed(400)
    assert find_indicator(rules_in_force(grid, AUTUMN), "1").item.worth == Fixed(600)
    assert find_indicator(rules_in_force(village, WINTER), "1").item.worth == Fixed(600)
    (mine,) = indicators_of(nearer)
    rules = rules_in_force(grid, WINTER)
    assert [rules.holds(each) for each in (mine, find_indicator(rules_in_force(village, WINTER), "1"))] == [
        True,
        False,
    ]


def test_own_items_of_units_between_keep_their_numbers(
    admin: Actor, town: Unit, village: Unit, frame: Catalogue
) -> None:
    grid = Unit.objects.create(
        parent=village, level=Level.GRID, code="440783104220902", name="河口网格", path=f"{village.path}902/"
    )
    local(admin, village, AUTUMN, {"编号": "N1", "指标": "守渡口", "分值": "1"})
    for row in ({"编号": "N1", "指标": "守河口", "分值": "1"}, {"编号": "N9", "指标": "守渡口", "分值": "1"}):
        with pytest.raises(NumberTakenBetween) as caught:
            local(admin, grid, AUTUMN, row)
        assert caught.value.facts["unit"] == village.name
    assert local(admin, grid, AUTUMN, {"编号": "N2", "指标": "守河口", "分值": "1"}).state == State.IN_FORCE
    again = {"编号": "N1", "指标": "守渡口", "分值": "1"}
    assert local(admin, village, WINTER, again).state == State.IN_FORCE  # its own next version


def test_a_new_frame_ends_what_was_changed_in_the_old_one(
    admin: Actor, town: Unit, village: Unit, frame: Catalogue
) -> None:
    late = drafted(admin, village, {**SNOW, "分值": "4"}, is_local=True)
    local(admin, village, AUTUMN, SNOW, {"编号": "N1", "指标": "守渡口", "分值": "1"})
    assert lapsed_changes(rules_in_force(village, AUTUMN)) == 0
    framed(admin, town, WINTER, {**FRAME[0], "分值": "8"}, *FRAME[1:])
    rules = rules_in_force(village, WINTER)
    assert find_indicator(rules, "1").item.worth == Fixed(800)
    assert [each.number for each in indicators_of(*rules.catalogues)] == ["1", "2", "3", "4", "N1"]
    assert lapsed_changes(rules) == 1
    assert find_indicator(rules_in_force(village, AUTUMN), "1").item.worth == Fixed(600)
    with pytest.raises(FrameReplaced) as caught:
        enact(actor=admin, catalogue_id=adopted(admin, late).pk, on=SPRING)
    assert (caught.value.facts["number"], caught.value.facts["title"]) == ("1", "扫雪")


def test_what_is_in_force_is_read_at_the_same_cost(
    admin: Actor, village: Unit, frame: Catalogue, django_assert_num_queries: Any
) -> None:
    local(admin, village, AUTUMN, SNOW)
    own = local(admin, village, WINTER, SNOW, {"编号": "2", "指标": "志愿服务", "分值": "每小时2.5"})
    for day in (AUTUMN, WINTER):
        with django_assert_num_queries(2):
            rules = rules_in_force(village, day)
        indicators = indicators_of(*rules.catalogues)
        with django_assert_num_queries(0):
            assert all(map(rules.holds, indicators))
        with django_assert_num_queries(1):
            assert len([each.item for each in indicators_of(*rules.catalogues)]) == 4
    changes = indicators_of(own)
    for some in (changes[:1], changes):
        with django_assert_num_queries(1):
            assert len(makers_of(some)) == len(some)
