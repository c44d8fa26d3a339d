from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.people.cast import small_village, somebody
from tests.people.tree import grid as grid_named
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.ledger.models import Account
from xiangyue.people.models import Appointment, Household, Level, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations import departures
from xiangyue.people.operations.units import (
    NewUnit,
    add_unit,
    create_units,
    end_unit,
    locked_unit,
    open_judging_units,
    rename_unit,
)
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.queries import tree_counts, units_below
from xiangyue.people.refusals import (
    BadUnitCode,
    BadUnitName,
    LevelNotBelow,
    UnitCodeTaken,
    UnitNameTaken,
    UnknownUnit,
)
from xiangyue.people.tree_refusals import (
    ChangedSince,
    DayAhead,
    RootStays,
    UnitCodeTooLong,
    UnitEnded,
    UnitHasParts,
    UnitLivedIn,
)
from xiangyue.records.models import LoggedAct

TODAY, LATER = date(2026, 11, 2), date(2026, 11, 12)
DAY = timedelta(1)
Work = Callable[[], object]


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


# Every level, any of which may be left out


def test_units_of_every_level_hang_below_a_village(village: Unit, admin: Actor) -> None:
    parent = village
    for level in (Level.GRID_VILLAGE, Level.GRID, Level.MICRO_GRID, Level.GROUP):
        parent = add_unit(actor=admin, parent_id=parent.pk, level=level, short="1", name=str(level.label))
    assert parent.code == f"{village.code}-1-1-1-1"
    assert parent.since == TODAY
    left_out = add_unit(actor=admin, parent_id=village.pk, level=Level.GROUP, short="2", name="二组")
    assert left_out.parent == village


@pytest.mark.parametrize("level", [Level.GRID_VILLAGE, Level.GRID, Level.MICRO_GRID, Level.GROUP])
def test_a_part_of_a_village_hangs_below_one(village: Unit, level: Level) -> None:
    assert village.parent_id
    with pytest.raises(LevelNotBelow):
        add_unit(actor=SYSTEM, parent_id=village.parent_id, level=level, short="1", name="第一网格")
    same = add_unit(actor=SYSTEM, parent_id=village.pk, level=level, short="1", name="第一网格")
    with pytest.raises(LevelNotBelow):
        add_unit(actor=SYSTEM, parent_id=same.pk, level=level, short="1", name="里面的")


def test_a_code_has_an_end(village: Unit) -> None:
    parent = village
    for level, length in [(Level.GRID_VILLAGE, 8), (Level.GRID, 8), (Level.MICRO_GRID, 6)]:
        short = "A" * length
        parent = add_unit(actor=SYSTEM, parent_id=parent.pk, level=level, short=short, name=str(level.label))
    with pytest.raises(UnitCodeTooLong) as refused:
        add_unit(actor=SYSTEM, parent_id=parent.pk, level=Level.GROUP, short="A" * 8, name="一组")
    assert refused.value.facts["most"] == 40
    assert add_unit(actor=SYSTEM, parent_id=parent.pk, level=Level.GROUP, short="1", name="一组")


# Renaming


def test_a_unit_is_renamed_and_keeps_its_code(village: Unit, admin: Actor) -> None:
    small_village(village)
    third = grid_named(village, "第三网格")
    renamed = rename_unit(actor=admin, unit_id=third.pk, name=" 河东网格 ")
    assert (renamed.name, renamed.code) == ("河东网格", third.code)
    assert LoggedAct.objects.filter(act="rename", subject="unit", subject_id=third.pk).count() == 1
    rename_unit(actor=admin, unit_id=third.pk, name="河东网格")
    assert LoggedAct.objects.filter(act="rename", subject="unit", subject_id=third.pk).count() == 1


@pytest.mark.parametrize(
    ("name", "refusal"), [("", BadUnitName), ("格" * 61, BadUnitName), ("第一网格", UnitNameTaken)]
)
def test_a_name_that_does_not_fit_is_refused(village: Unit, name: str, refusal: type[Refusal]) -> None:
    small_village(village)
    with pytest.raises(refusal):
        rename_unit(actor=SYSTEM, unit_id=grid_named(village, "第三网格").pk, name=name)


def test_only_who_manages_people_renames_or_ends(village: Unit) -> None:
    secretary = somebody(Office.VILLAGE_SECRETARY, village)
    for work in list[Work](
        (
            lambda: rename_unit(actor=secretary, unit_id=village.pk, name="新名"),
            lambda: end_unit(actor=secretary, unit_id=village.pk),
        )
    ):
        with pytest.raises(NotAllowed):
            work()
    with pytest.raises(UnknownUnit):
        rename_unit(actor=SYSTEM, unit_id=0, name="新名")


# Ending


def empty_grid(village: Unit) -> Unit:
    return add_unit(actor=SYSTEM, parent_id=village.pk, level=Level.GRID, short="9", name="第九网格")


def end(unit: Unit, **other: Any) -> Unit:
    with clock.as_of(LATER):
        return end_unit(actor=SYSTEM, unit_id=unit.pk, **other)


def test_an_empty_unit_ends_with_its_offices(village: Unit, admin: Actor) -> None:
    small_village(village)
    empty = empty_grid(village)
    somebody(Office.GRID_LEADER, empty, login="现任")
    somebody(Office.GRID_LEADER, empty, login="明年", since=date(2027, 1, 1))
    counts = tree_counts()
    with clock.as_of(LATER):
        ended = end_unit(actor=admin, unit_id=empty.pk)
    assert (ended.until, ended.successor) == (LATER - DAY, None)
    terms = Appointment.objects.filter(unit=empty)
    assert [(term.user.login, term.until) for term in terms] == [("现任", LATER - DAY)]
    assert empty not in units_below(village)
    assert tree_counts()["grid"] == counts["grid"] - 1
    assert LoggedAct.objects.filter(act="end", subject="unit", subject_id=empty.pk).exists()


def test_its_name_is_free_afterwards_and_its_code_is_not(village: Unit) -> None:
    end(empty_grid(village))
    with clock.as_of(LATER):
        with pytest.raises(UnitCodeTaken):
            empty_grid(village)
        made = add_unit(actor=SYSTEM, parent_id=village.pk, level=Level.GRID, short="10", name="第九网格")
    assert made.until is None


def test_a_unit_that_is_lived_in_does_not_end(village: Unit) -> None:
    households = small_village(village)
    third, first = grid_named(village, "第三网格"), grid_named(village, "第一网格")
    with pytest.raises(UnitHasParts) as parts:
        end(third)
    assert parts.value.facts == {"name": "第三网格", "parts": "第一联户组、第二联户组"}
    with pytest.raises(UnitLivedIn) as lived_in:
        end(first)
    assert lived_in.value.facts == {"name": "第一网格", "count": 1}
    Household.objects.filter(pk=households["103"].pk).update(left_on=LATER)
    with pytest.raises(ChangedSince):  # somebody lived there on that very day
        end(first)
    Household.objects.filter(pk=households["103"].pk).update(left_on=LATER - DAY)
    assert end(first).until == LATER - DAY


def test_the_whole_county_does_not_end(village: Unit) -> None:
    assert village.parent
    with pytest.raises(RootStays):
        end(village.parent)


def test_a_unit_ends_after_it_began_and_not_ahead(village: Unit) -> None:
    empty = empty_grid(village)
    for on, refusal in [(LATER + DAY, DayAhead), (TODAY, ChangedSince)]:
        with pytest.raises(refusal):
            end(empty, on=on)
    assert end(empty, on=TODAY + DAY).until == TODAY


def test_what_has_ended_takes_nothing_in(village: Unit) -> None:
    empty = empty_grid(village)
    end(empty)
    with clock.as_of(LATER):
        for work in list[Work](
            (
                lambda: end_unit(actor=SYSTEM, unit_id=empty.pk),
                lambda: rename_unit(actor=SYSTEM, unit_id=empty.pk, name="新名"),
                lambda: add_unit(actor=SYSTEM, parent_id=empty.pk, level=Level.GROUP, short="1", name="一组"),
                lambda: locked_unit(empty.pk),
            )
        ):
            with pytest.raises(UnitEnded) as refused:
                work()
    assert refused.value.facts == {"name": "第九网格", "until": LATER - DAY}


def test_a_room_above_may_object_to_the_end(village: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    class Busy(Refusal):
        code = "test-unit-busy"
        message = "还没办完。"

    def object_(departure: departures.Departure) -> None:
        if empty.pk in departure.ending and departure.from_village_id == village.pk:
            raise Busy

    empty = empty_grid(village)
    monkeypatch.setattr(departures, "_objectors", [object_])
    with pytest.raises(Busy):
        end(empty)
    empty.refresh_from_db()
    assert empty.until is None


def test_who_registers_twice_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[object] = []
    monkeypatch.setattr(departures, "_objectors", [])
    monkeypatch.setattr(departures, "_followers", [])

    def follow(actor: Actor, departure: departures.Departure) -> None:
        heard.append((actor, departure))

    for _time in range(2):
        departures.object_by(heard.append)
        departures.follow_by(follow)
    leaving = departures.Departure()
    departures.require_free(leaving)
    departures.follow(SYSTEM, leaving)
    assert len(heard) == len({leaving, (SYSTEM, leaving)}) == 2
