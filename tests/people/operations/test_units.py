from typing import Any

import pytest

from tests.people.cast import small_village, somebody
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.ledger.models import Account
from xiangyue.people.models import Level, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.units import NewUnit, add_unit, create_units, open_judging_units
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.refusals import (
    BadUnitCode,
    BadUnitName,
    LevelNotBelow,
    UnitCodeTaken,
    UnitNameTaken,
    UnknownUnit,
)
from xiangyue.records.models import LoggedAct


def village_of(number: int, parent: str = "990100") -> NewUnit:
    return NewUnit(f"{parent}{number:06d}", f"青禾{number}村", Level.VILLAGE, parent)


def test_a_tree_is_created_in_any_order(county: object) -> None:
    units = create_units(
        divisions=[
            village_of(1, "990100001"),
            NewUnit("990100001", "云岭镇", Level.TOWN, "990100"),
            NewUnit("990100", "庆城县", Level.COUNTY, None),
        ]
    )
    assert [unit.path for unit in units] == [
        "/990100/990100001/990100001000001/",
        "/990100/990100001/",
        "/990100/",
    ]
    assert units[0].parent == units[1]
    assert LoggedAct.objects.filter(subject="unit", subject_id=units[2].pk, act="create").exists()


def test_its_size_does_not_change_the_number_of_statements(
    county: object, django_assert_num_queries: Any
) -> None:
    Unit.objects.exists()  # the search path is set with the first statement
    for root, size in (("990100", 3), ("990200", 300)):
        with django_assert_num_queries(10):
            create_units(
                divisions=[
                    NewUnit(root, "庆城县", Level.COUNTY, None),
                    *(village_of(number, root) for number in range(size)),
                ]
            )


def test_it_may_hang_below_what_is_there(village: Unit) -> None:
    (unit,) = create_units(divisions=[NewUnit("990100-1", "第一网格", Level.GRID, village.code)])
    assert unit.path == f"{village.path}990100-1/"


@pytest.mark.parametrize(
    ("divisions", "refusal"),
    [
        (
            [NewUnit("990100", "甲", Level.COUNTY, None), NewUnit("990100", "乙", Level.TOWN, "990100")],
            UnitCodeTaken,
        ),
        ([NewUnit("440783104220", "甲", Level.VILLAGE, "440783104")], UnitCodeTaken),
        ([NewUnit("990100", "甲", Level.COUNTY, "99")], UnknownUnit),
        ([NewUnit("1", "甲", Level.TOWN, "2"), NewUnit("2", "乙", Level.VILLAGE, "1")], UnknownUnit),
        ([NewUnit("990100", "甲", Level.TOWN, "440783104")], LevelNotBelow),
    ],
)
def test_a_tree_that_does_not_hang_together_is_refused(
    village: Unit, divisions: list[NewUnit], refusal: type[Exception]
) -> None:
    before = Unit.objects.count()
    with pytest.raises(refusal):
        create_units(divisions=divisions)
    assert Unit.objects.count() == before


def test_a_unit_is_added_below_a_village(village: Unit, admin: Actor) -> None:
    grid = add_unit(actor=admin, parent_id=village.pk, level=Level.GRID, short="3", name=" 第三网格 ")
    assert (grid.code, grid.name, grid.path) == (
        f"{village.code}-3",
        "第三网格",
        f"{village.path}{village.code}-3/",
    )
    group = add_unit(actor=admin, parent_id=grid.pk, level=Level.GROUP, short="B", name="东头")
    assert group.code == f"{village.code}-3-B"


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"parent_id": 0}, UnknownUnit),
        ({"level": Level.TOWN}, LevelNotBelow),
        ({"level": Level.VILLAGE}, LevelNotBelow),
        ({"short": ""}, BadUnitCode),
        ({"short": "3/4"}, BadUnitCode),
        ({"short": "三"}, BadUnitCode),
        ({"name": "  "}, BadUnitName),
        ({"name": "格" * 61}, BadUnitName),
        ({"short": "1"}, UnitCodeTaken),
        ({"name": "第一网格"}, UnitNameTaken),
    ],
)
def test_a_unit_that_does_not_fit_is_refused(
    village: Unit, admin: Actor, change: dict[str, Any], refusal: type[Exception]
) -> None:
    small_village(village)
    fitting: dict[str, Any] = {
        "parent_id": village.pk,
        "level": Level.GRID,
        "short": "7",
        "name": "第七网格",
    }
    with pytest.raises(refusal):
        add_unit(actor=admin, **(fitting | change))
    add_unit(actor=admin, **fitting)


def test_only_who_manages_people_adds_units(village: Unit) -> None:
    with pytest.raises(NotAllowed):
        add_unit(
            actor=somebody(Office.VILLAGE_SECRETARY, village),
            parent_id=village.pk,
            level=Level.GRID,
            short="3",
            name="第三网格",
        )


def test_judging_units_get_pools_once(village: Unit) -> None:
    small_village(village)
    assert open_judging_units(actor=SYSTEM, level=Level.GRID) == 2
    for grid in Unit.objects.filter(parent=village).exclude(holder=None):
        accounts = Account.objects.filter(holder=grid.holder).order_by("kind")
        assert list(accounts.values_list("kind", flat=True)) == ["issued"]
    assert not Unit.objects.filter(parent=village, holder=None).exists()
    assert open_judging_units(actor=SYSTEM, level=Level.GRID) == 0
