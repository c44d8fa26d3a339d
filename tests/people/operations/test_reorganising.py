from datetime import date, timedelta
from typing import Any

import pytest

from tests.ledger.book import ledger_faults, queries_of
from tests.people.cast import somebody
from tests.people.tree import (
    EVE,
    LATER,
    NORTH,
    ON,
    SOUTH,
    actor_called,
    crowd,
    give,
    grid,
    north,
    points,
    rows,
    south,
    unit,
)
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.ledger.models import Batch, Transfer
from xiangyue.people.history import heirs_of, place_on, tree_on
from xiangyue.people.models import (
    Appointment,
    FormerPlace,
    Household,
    Joining,
    JoiningStep,
    Level,
    Resident,
    Unit,
)
from xiangyue.people.offices import Act, Office
from xiangyue.people.operations import departures
from xiangyue.people.operations.reorganising import (
    Reorganisation,
    merge_villages,
    move_unit,
)
from xiangyue.people.operations.units import NewUnit, add_unit, create_units
from xiangyue.people.permissions import NotAllowed, may
from xiangyue.people.queries import households_in, unit_by_code
from xiangyue.people.refusals import LevelNotBelow, NotAVillage, UnitNameTaken, UnknownUnit
from xiangyue.people.tree_refusals import (
    AlreadyThere,
    BadNumber,
    ChangedSince,
    DayAhead,
    IntoItself,
    NumbersClash,
    UnitEnded,
)
from xiangyue.records.models import LoggedAct

pytestmark = pytest.mark.usefixtures("county")

WRITTEN = (Unit, Household, FormerPlace, Appointment, JoiningStep, LoggedAct)


def merge(actor: Actor = SYSTEM, **other: Any) -> Reorganisation:
    """Merge 大罗村 into the other village, a week after the first day of the new order."""
    wanted: dict[str, Any] = {"from_id": unit(NORTH).pk, "into_id": unit(SOUTH).pk, "on": ON}
    with clock.as_of(LATER):
        return merge_villages(actor=actor, **(wanted | other))


def move(moved: Unit, to: Unit, **other: Any) -> Reorganisation:
    wanted: dict[str, Any] = {"unit_id": moved.pk, "to_id": to.pk, "on": ON}
    with clock.as_of(LATER):
        return move_unit(actor=SYSTEM, **(wanted | other))


# Merging


def test_a_merged_village_goes_on_in_the_other(admin: Actor) -> None:
    households, into = north(), south("001", "002", grid="第二网格")
    report = merge(admin)
    assert [(each.household.number, each.label) for each in households_in(into)] == [
        ("001", "第二网格"),
        ("002", "第二网格"),
        ("004", "第三网格·第一联户组"),
        ("018", "第三网格·第二联户组"),
        ("103", "第一网格"),
    ]
    moved = Household.objects.get(pk=households["018"].pk)
    assert (moved.village, moved.unit.code, moved.unit.since) == (into, f"{SOUTH}-3-2", ON)
    assert (report.households, report.receiver_admitted) == (3, True)
    assert report.ended[0].new_name == into.name
    assert {(each.code, each.new_code) for each in report.ended[1:]} == {
        (f"{NORTH}-1", f"{SOUTH}-1"),
        (f"{NORTH}-3", f"{SOUTH}-3"),
        (f"{NORTH}-3-1", f"{SOUTH}-3-1"),
        (f"{NORTH}-3-2", f"{SOUTH}-3-2"),
    }


def test_what_ended_says_when_and_what_it_became(village: Unit) -> None:
    north()
    into = south("001", grid="第二网格")
    old = grid(village, "第三网格")
    merge()
    village.refresh_from_db()
    old.refresh_from_db()
    assert (village.until, village.successor, old.until) == (EVE, into, EVE)
    assert [heir.code for heir in heirs_of(old)] == [f"{SOUTH}-3"]
    assert not Unit.objects.filter(path__startswith=village.path, until=None).exists()
    assert unit_by_code(NORTH) == village  # what hangs there can still be read


def test_the_past_stays_as_it_was(village: Unit) -> None:
    households, into = north(), south("001", grid="第二网格")
    give(households["018"], 1500)
    before = rows(Resident, Transfer, Batch), tree_on(village, EVE), tree_on(into, EVE)
    grid_then = households["018"].unit
    merge()
    assert (rows(Resident, Transfer, Batch), tree_on(village, EVE), tree_on(into, EVE)) == before
    then, now = place_on(households["018"], EVE), place_on(households["018"], ON)
    assert then
    assert (then.unit_id, then.village_id, then.number) == (grid_then.pk, village.pk, "018")
    assert now
    assert (now.village_id, now.number) == (into.pk, "018")
    assert tree_on(village, ON) == []
    assert len(tree_on(into, ON)) == len(tree_on(into, EVE)) + 4


def test_balances_and_pools_do_not_move(village: Unit) -> None:
    households, _into = north(), south("001", grid="第二网格")
    give(households["018"], 1500)
    before = {number: points(household) for number, household in households.items()}
    holder = village.holder_id
    merge()
    assert {number: points(household) for number, household in households.items()} == before
    assert before["018"] == (1500, 1500)
    village.refresh_from_db()
    assert village.holder_id == holder
    assert ledger_faults() == []
    give(Household.objects.get(pk=households["018"].pk), 200)  # by the village that it is in now
    assert points(households["018"]) == (1700, 1700)


def test_permissions_are_right_on_the_eve_and_on_the_day(village: Unit) -> None:
    north()
    into = south("001", grid="第二网格")
    old = grid(village, "第三网格")
    leader, secretary = actor_called("穗香"), actor_called("榆钱多")
    ruler = somebody(Office.VILLAGE_SECRETARY, into, login="南书记")
    merge()
    new = grid(into, "第三网格")
    for who, act, place, on, allowed in [
        (leader, Act.VERIFY_DEEDS, old, EVE, True),
        (leader, Act.VERIFY_DEEDS, old, ON, False),
        (leader, Act.VERIFY_DEEDS, new, EVE, False),
        (leader, Act.VERIFY_DEEDS, new, ON, True),
        (secretary, Act.ISSUE_NOTICES, village, EVE, True),
        (secretary, Act.ISSUE_NOTICES, village, ON, False),
        (secretary, Act.ISSUE_NOTICES, into, ON, False),
        (secretary, Act.ISSUE_NOTICES, new, ON, False),
        (ruler, Act.ISSUE_NOTICES, old, EVE, False),
        (ruler, Act.ISSUE_NOTICES, new, ON, True),
    ]:
        assert may(who, act, place, on=on) is allowed, (who, act, place, on)


def test_offices_of_parts_go_on_and_those_of_the_whole_end(village: Unit) -> None:
    north()
    into = south("001", grid="第二网格")
    third = grid(village, "第三网格")
    somebody(Office.GRID_LEADER, third, login="到年底", until=date(2026, 12, 31))
    somebody(Office.GRID_LEADER, third, login="早结束", until=date(2026, 11, 20))
    somebody(Office.GRID_LEADER, third, login="明年来", since=date(2027, 1, 1))
    somebody(Office.SUPERVISOR, village, login="明年督", since=date(2027, 1, 1))
    report = merge()
    terms = Appointment.objects.select_related("user", "unit").exclude(user__login="admin")
    assert sorted((each.user.login, each.unit.code, each.since, each.until) for each in terms) == sorted(
        [
            ("穗香", f"{NORTH}-3", date(2026, 1, 1), EVE),
            ("穗香", f"{SOUTH}-3", ON, None),
            ("到年底", f"{NORTH}-3", date(2026, 11, 2), EVE),
            ("到年底", f"{SOUTH}-3", ON, date(2026, 12, 31)),
            ("早结束", f"{NORTH}-3", date(2026, 11, 2), date(2026, 11, 20)),
            ("明年来", f"{SOUTH}-3", date(2027, 1, 1), None),
            ("榆钱多", NORTH, date(2026, 1, 1), EVE),
            ("榆钱多", NORTH, date(2026, 1, 1), EVE),
            ("帆正远", NORTH, date(2026, 11, 2), EVE),
        ]
    )
    assert (report.offices_ended, report.offices_continued) == (7, 3)
    assert into.code == SOUTH


def test_taken_numbers_are_refused_all_at_once_unless_there_is_a_prefix() -> None:
    households, into = north(), south("004", "018", "200", grid="第二网格")
    before = rows(*WRITTEN)
    with pytest.raises(NumbersClash) as refused:
        merge()
    assert refused.value.facts == {"village": into.name, "count": 2, "numbers": "004、018"}
    assert rows(*WRITTEN) == before
    report = merge(prefix="北-")
    assert sorted(report.renumbered) == [("004", "北-004"), ("018", "北-018"), ("103", "北-103")]
    now = place_on(households["018"], ON)
    then = place_on(households["018"], EVE)
    assert now
    assert then
    assert (then.number, now.number) == ("018", "北-018")


def test_a_number_that_grows_too_long_is_refused() -> None:
    north()
    south("001", grid="第二网格")
    with pytest.raises(BadNumber):
        merge(prefix="北" * 18)


def test_grids_of_one_name_are_told_apart_by_the_old_village(village: Unit) -> None:
    north()
    into = south("001", grid="第一网格")
    report = merge()
    assert (f"{SOUTH}-2", f"{village.name}第一网格") in report.begun
    assert grid(into, "第一网格").code == f"{SOUTH}-1"
    add_unit(actor=SYSTEM, parent_id=into.pk, level=Level.GRID, short="9", name="第九网格")


def test_names_that_are_taken_both_ways_are_refused(village: Unit) -> None:
    north()
    into = south("001", grid="第一网格")
    name = f"{village.name}第一网格"
    add_unit(actor=SYSTEM, parent_id=into.pk, level=Level.GRID, short="9", name=name)
    with pytest.raises(UnitNameTaken):
        merge()


def test_who_closed_before_stays_where_they_were(village: Unit) -> None:
    households, _into = north(), south("001", grid="第二网格")
    Household.objects.filter(pk=households["004"].pk).update(left_on=date(2026, 11, 10))
    assert merge().households == 2
    assert Household.objects.get(pk=households["004"].pk).village == village


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"from_id": 0}, UnknownUnit),
        ({"into_id": 0}, UnknownUnit),
        ({"on": LATER + timedelta(1)}, DayAhead),
        ({"on": date(2026, 11, 2)}, ChangedSince),
        ({"on": date(2026, 10, 1)}, ChangedSince),
    ],
)
def test_a_merger_that_can_not_be_is_refused(
    village: Unit, change: dict[str, Any], refusal: type[Refusal]
) -> None:
    north()
    south("001", grid="第二网格")
    before = rows(*WRITTEN)
    with pytest.raises(refusal):
        merge(**change)
    assert rows(*WRITTEN) == before


def test_only_villages_are_merged_and_not_into_themselves(village: Unit) -> None:
    north()
    third = grid(village, "第三网格")
    with pytest.raises(NotAVillage):
        merge(from_id=third.pk)
    with pytest.raises(NotAVillage):
        merge(into_id=third.pk)
    with pytest.raises(IntoItself):
        merge(into_id=village.pk)


def test_what_ended_is_not_merged_again() -> None:
    north()
    south("001", grid="第二网格")
    merge()
    with pytest.raises(UnitEnded):
        merge()
    with pytest.raises(UnitEnded):
        merge(from_id=unit(SOUTH).pk, into_id=unit(NORTH).pk)


def test_whoever_merges_manages_both(village: Unit) -> None:
    north()
    into = south("001", grid="第二网格")
    one = somebody(Office.ADMINISTRATOR, village, login="北管")
    other = somebody(Office.ADMINISTRATOR, into, login="南管")
    for actor in (one, other, actor_called("榆钱多")):
        with pytest.raises(NotAllowed):
            merge(actor)


def test_the_last_change_may_be_an_office_or_a_move(village: Unit) -> None:
    north()
    south("001", grid="第二网格")
    somebody(Office.SUPERVISOR, village, login="刚来", since=ON)
    with pytest.raises(ChangedSince) as refused:
        merge()
    assert refused.value.facts == {"last": ON, "first": ON + timedelta(1)}
    assert merge(on=ON + timedelta(1)).on == ON + timedelta(1)


def test_a_preview_tells_the_same_and_stores_nothing(village: Unit) -> None:
    north()
    south("001", grid="第二网格")
    before = rows(*WRITTEN)
    preview = merge(dry_run=True)
    assert rows(*WRITTEN) == before
    done = merge()
    assert {**preview.as_dict(), "dry_run": False} == done.as_dict()


def test_its_size_does_not_change_the_number_of_statements(village: Unit) -> None:
    into = south("北1", grid="第九网格")
    counts = []
    for place, (source, size) in enumerate([(village, 7), (unit("440783104223"), 150)]):
        crowd(source, size)
        counts.append(queries_of(lambda: merge(from_id=source.pk, prefix=f"{place}-")))  # noqa: B023
    assert counts[0] == counts[1]
    assert len(households_in(into)) == 158


def test_a_room_above_may_object_and_then_nothing_is_changed(
    village: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    households, into = north(), south("001", grid="第二网格")
    heard: list[departures.Departure] = []

    class StillBusy(Refusal):
        code = "test-still-busy"
        message = "还没办完。"

    def object_(departure: departures.Departure) -> None:
        heard.append(departure)
        raise StillBusy

    monkeypatch.setattr(departures, "_objectors", [object_])
    before = rows(*WRITTEN)
    with pytest.raises(StillBusy):
        merge()
    assert rows(*WRITTEN) == before
    assert heard[0].households == {household.pk for household in households.values()}
    assert (heard[0].from_village_id, heard[0].to_village_id) == (village.pk, into.pk)
    assert village.pk in heard[0].ending


# Moving


def test_a_grid_moves_to_another_village_on_a_date(village: Unit) -> None:
    households, into = north(), south("001", grid="第二网格")
    third, leader = grid(village, "第三网格"), actor_called("穗香")
    give(households["018"], 1500)
    before = rows(Transfer, Batch, Resident)
    report = move(third, into)
    new = grid(into, "第三网格")
    assert rows(Transfer, Batch, Resident) == before
    assert ledger_faults() == []
    assert (report.households, report.offices_ended, report.offices_continued) == (2, 1, 1)
    then, now = place_on(households["018"], EVE), place_on(households["018"], ON)
    assert then
    assert now
    assert (then.village_id, now.village_id) == (village.pk, into.pk)
    assert points(households["018"]) == (1500, 1500)
    assert [each.household.number for each in households_in(village)] == ["103"]
    assert [unit.name for unit in tree_on(village, ON)] == [village.name, "第一网格"]
    assert may(leader, Act.VERIFY_DEEDS, third, on=EVE)
    assert not may(leader, Act.VERIFY_DEEDS, third, on=ON)
    assert may(leader, Act.VERIFY_DEEDS, new, on=ON)
    assert not may(leader, Act.VERIFY_DEEDS, new, on=EVE)
    village.refresh_from_db()
    assert village.until is None


def test_a_part_moves_within_its_village_and_numbers_stay(village: Unit) -> None:
    households = north()
    group, first = grid(village, "第二联户组"), grid(village, "第一网格")
    report = move(group, first, prefix="北-")
    moved = Household.objects.get(pk=households["018"].pk)
    assert (moved.number, moved.village, moved.unit.code) == ("018", village, f"{NORTH}-1-2")
    assert (report.households, report.renumbered) == (1, ())


def test_a_grid_may_go_home_again(village: Unit) -> None:
    households, into = north(), south("001", grid="第二网格")
    move(grid(village, "第三网格"), into)
    move(grid(into, "第三网格"), village, on=ON + timedelta(3))
    assert [each.code for each in heirs_of(unit(f"{NORTH}-3"))] == [f"{SOUTH}-3", f"{NORTH}-2"]
    places = [place_on(households["018"], day) for day in (EVE, ON, ON + timedelta(2), ON + timedelta(3))]
    assert [place.village_id for place in places if place] == [village.pk, into.pk, into.pk, village.pk]


def test_a_move_that_leads_nowhere_is_refused(village: Unit) -> None:
    north()
    into = south("001", grid="第二网格")
    third, group = grid(village, "第三网格"), grid(village, "第二联户组")
    for moved, to, refusal in [
        (third, village, AlreadyThere),
        (third, third, IntoItself),
        (third, group, IntoItself),
        (third, grid(into, "第二网格"), LevelNotBelow),
        (village, into, LevelNotBelow),
        (unit("440783104"), into, NotAVillage),
    ]:
        with pytest.raises(refusal):
            move(moved, to)


def test_a_judging_unit_goes_on_judging_with_pools_of_its_own(village: Unit) -> None:
    into = south("001", grid="第二网格")
    (judging,) = create_units(divisions=[NewUnit(f"{NORTH}-1", "东网格村", Level.GRID_VILLAGE, NORTH)])
    Unit.objects.filter(pk=village.pk).update(holder=None)
    Unit.objects.filter(pk=judging.pk).update(joining=Joining.ADMITTED, holder=village.holder)
    move(judging, into)
    new = grid(into, "东网格村")
    step = JoiningStep.objects.get(unit=new)
    assert (new.joining, step.joining, step.since, step.basis) == (
        *(Joining.ADMITTED, Joining.ADMITTED, ON, f"承接{NORTH}-1"),
    )
    assert new.holder_id
    assert new.holder_id != village.holder_id


def test_every_change_is_logged(village: Unit, admin: Actor) -> None:
    households, _into = north(), south("001", grid="第二网格")
    merge(admin)
    acts = LoggedAct.objects.filter(actor_id=admin.id, actor_kind="user")
    assert acts.filter(act="merge", subject="unit", subject_id=village.pk).count() == 1
    assert acts.filter(act="move", subject="household", subject_id=households["018"].pk).count() == 1
    assert set(acts.filter(subject="appointment").values_list("act", flat=True)) == {"appoint", "end"}
