"""Done when 3 of issue 4: what is posted, noticed and decided stays; what is open goes along; nothing is lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.cast import VILLAGE, Cast
from tests.ledger.book import ledger_faults, queries_of
from tests.people.tree import rows
from tests.scoring.cast import (
    DEADLINE,
    SWEEPING,
    a_deed,
    a_meeting,
    approve,
    bring,
    noticed,
    october,
    populate,
    settled,
    two_people,
    verified,
)
from tests.scoring.races import Pause, after, meet
from xiangyue.auditor.checks import CHECKS
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.periods import Period
from xiangyue.ledger.models import Account, Batch, Transfer
from xiangyue.ledger.queries import balances_of
from xiangyue.people.models import Household, Unit
from xiangyue.people.offices import Act
from xiangyue.people.operations import reorganising
from xiangyue.people.operations.departures import require_free
from xiangyue.people.operations.households import (
    close_household,
    merge_households,
    move_household,
    split_household,
)
from xiangyue.people.operations.reorganising import merge_villages, move_unit
from xiangyue.people.operations.units import end_unit
from xiangyue.people.permissions import may
from xiangyue.people.tree_refusals import UnitEnded
from xiangyue.records.models import LoggedAct
from xiangyue.scoring.departure_refusals import DeedsOpen, NotYetPosted, ObjectionsOpen
from xiangyue.scoring.models import (
    Attendance,
    Decision,
    Deed,
    DeedState,
    Meeting,
    Notice,
    NoticeLine,
    NoticeSheet,
    NoticeTotal,
    Objection,
    Settlement,
    Share,
)
from xiangyue.scoring.operations import bringing
from xiangyue.scoring.operations.bringing import NewShare, withdraw_deed
from xiangyue.scoring.operations.notices import issue_notice
from xiangyue.scoring.operations.objections import lodge_objection
from xiangyue.scoring.operations.review import return_deed, verify_deeds
from xiangyue.scoring.queries import total_of
from xiangyue.scoring.refusals import HouseholdMoved

INTO = "440783104220"  # 大罗村
ON, EVE, LATER = date(2026, 12, 1), date(2026, 11, 30), date(2026, 12, 8)
NOVEMBER = Period(2026, 11)
PAST = (
    *(Meeting, Attendance, Decision, Notice, NoticeSheet, NoticeTotal, NoticeLine, Objection),
    *(Settlement, Transfer, Batch, Account),
)


@pytest.fixture
def into(cast: Cast) -> Unit:
    """大罗村 with eight households in two grids, whose numbers collide with nobody's."""
    village = Unit.objects.get(code=INTO)
    populate(village, households=8, grids=2)
    for household in Household.objects.filter(village=village):
        household.number = f"南{household.number}"
        household.save()
    return village


Work = Callable[[], object]


def merge(cast: Cast, into: Unit) -> Any:
    with clock.as_of(LATER):
        return merge_villages(actor=SYSTEM, from_id=cast.village.pk, into_id=into.pk, on=ON)


def move(cast: Cast, into: Unit, name: str) -> Any:
    moved = Unit.objects.get(parent=cast.village, name=name)
    with clock.as_of(LATER):
        return move_unit(actor=SYSTEM, unit_id=moved.pk, to_id=into.pk, on=ON)


def close(household: Household) -> Any:
    with clock.as_of(LATER):
        return close_household(actor=SYSTEM, household_id=household.pk, on=ON, key="close")


def balances() -> dict[int, Any]:
    return balances_of(list(Household.objects.values_list("holder_id", flat=True)))


def faults() -> list[tuple[str, Any]]:
    """Give what the auditor finds anywhere."""
    return [(check.code, row) for check in CHECKS for row in check.rows()]


def decided_deeds() -> list[dict[str, Any]]:
    return rows(Deed, state__in=(DeedState.APPROVED, DeedState.REJECTED))


def test_nothing_of_the_past_changes_when_villages_merge(cast: Cast, into: Unit) -> None:
    october(cast.village)
    settled(cast.village)
    before = rows(*PAST), decided_deeds(), rows(Share), balances()
    merge(cast, into)
    assert (rows(*PAST), decided_deeds(), rows(Share), balances()) == before
    assert ledger_faults() == []
    assert faults() == []


def test_who_may_what_changes_on_the_day(cast: Cast, into: Unit) -> None:
    third = Unit.objects.get(parent=cast.village, name="第三网格")
    merge(cast, into)
    third.refresh_from_db()
    new = third.successor
    assert new
    for actor, act, unit, day, allowed in [
        (cast.grid_leader, Act.VERIFY_DEEDS, third, EVE, True),
        (cast.grid_leader, Act.VERIFY_DEEDS, third, ON, False),
        (cast.grid_leader, Act.VERIFY_DEEDS, new, ON, True),
        (cast.grid_leader, Act.VERIFY_DEEDS, new, EVE, False),
        (cast.secretary, Act.ISSUE_NOTICES, cast.village, EVE, True),
        (cast.secretary, Act.ISSUE_NOTICES, cast.village, ON, False),
        (cast.secretary, Act.ISSUE_NOTICES, into, ON, False),
        (cast.committee_member, Act.JUDGE, cast.village, EVE, True),
        (cast.committee_member, Act.JUDGE, into, ON, False),
        (cast.administrator, Act.MANAGE_PEOPLE, new, ON, True),
    ]:
        assert may(actor, act, unit, on=day) is allowed, (act, unit.code, day)


def test_open_deeds_go_along_and_are_decided_there(cast: Cast, into: Unit) -> None:
    with clock.as_of(date(2026, 11, 20)):
        (waiting,) = verified(a_deed(cast.village, "018", day=date(2026, 11, 12)))
        (fresh,) = bring(SYSTEM, a_deed(cast.village, "004", day=date(2026, 11, 13)))
        (sent_back,) = bring(SYSTEM, a_deed(cast.village, "001", day=date(2026, 11, 14)))
        return_deed(actor=SYSTEM, deed_id=sent_back.pk, reason="缺照片")
        (gone,) = bring(SYSTEM, a_deed(cast.village, "013", day=date(2026, 11, 14)))
        withdraw_deed(actor=SYSTEM, deed_id=gone.pk)
    merge(cast, into)
    followed = {waiting.deed_id, fresh.pk, sent_back.pk}
    assert set(Deed.objects.filter(unit=into).values_list("pk", flat=True)) == followed
    assert Deed.objects.get(pk=gone.pk).unit == cast.village
    assert set(LoggedAct.objects.filter(act="follow").values_list("subject_id", flat=True)) == followed
    with clock.as_of(LATER):
        verify_deeds(actor=SYSTEM, deed_ids=[fresh.pk])
        logins = [f"{into.code}{place}" for place in range(1, 5)]
        meeting = a_meeting(into, logins, period=Period(2026, 12))
        approve(meeting, [waiting, *fresh.shares.all()], by=logins[0])
        notice = issue_notice(actor=SYSTEM, unit_id=into.pk, period=Period(2026, 12))
    assert NoticeLine.objects.filter(sheet__notice=notice).count() == 2
    settled(into, on=date(2026, 12, 20))
    assert faults() == []
    assert balances()[Household.objects.get(pk=waiting.household_id).holder_id].honour > 0


def test_a_village_whose_month_is_not_posted_waits(cast: Cast, into: Unit) -> None:
    with clock.as_of(date(2026, 11, 20)):
        approve(
            a_meeting(cast.village, period=NOVEMBER),
            verified(a_deed(cast.village, "018", day=date(2026, 11, 12))),
        )
    with pytest.raises(NotYetPosted) as refused:
        merge(cast, into)
    assert refused.value.facts == {"count": 1, "villages": cast.village.name}
    with clock.as_of(LATER):
        issue_notice(actor=SYSTEM, unit_id=cast.village.pk, period=NOVEMBER)
    with pytest.raises(NotYetPosted):
        merge(cast, into)
    settled(cast.village, on=date(2026, 12, 20))
    before = rows(*PAST)
    merge(cast, into)
    assert rows(*PAST) == before


def test_a_village_with_an_open_objection_waits(cast: Cast, into: Unit) -> None:
    notice = october(cast.village)
    untouched = total_of(
        notice, "002"
    )  # a household without a line: nothing is held, but it must be answered
    with clock.as_of(DEADLINE):
        lodge_objection(
            actor=cast.villager,
            target=untouched,
            household_id=cast.household("018").pk,
            text="这一户也参加了劳动",
            key="objection",
        )
    settled(cast.village)
    with pytest.raises(ObjectionsOpen):
        merge(cast, into)


def test_a_grid_takes_its_open_deeds_along_and_leaves_the_shared_ones(cast: Cast, into: Unit) -> None:
    with clock.as_of(date(2026, 11, 20)):
        (own,) = bring(SYSTEM, a_deed(cast.village, "018", day=date(2026, 11, 12)))
        (shared,) = bring(SYSTEM, a_deed(cast.village, "018", "001", day=date(2026, 11, 13)))
        (others,) = bring(SYSTEM, a_deed(cast.village, "001", day=date(2026, 11, 14)))
    before = rows(*PAST)
    move(cast, into, "第三网格")
    units = {deed.pk: Deed.objects.get(pk=deed.pk).unit for deed in (own, shared, others)}
    assert units == {own.pk: into, shared.pk: cast.village, others.pk: cast.village}
    assert rows(*PAST) == before
    with clock.as_of(LATER):  # the village that it is left with can decide it, and put it on its notice
        verify_deeds(actor=SYSTEM, deed_ids=[shared.pk])
        approve(a_meeting(cast.village, period=Period(2026, 12)), shared.shares.all())
        notice = issue_notice(actor=SYSTEM, unit_id=cast.village.pk, period=Period(2026, 12))
    assert NoticeLine.objects.filter(sheet__notice=notice).count() == 2
    settled(cast.village, on=date(2026, 12, 20))
    assert faults() == []


def test_a_grid_waits_until_what_is_noticed_of_it_is_posted(cast: Cast, into: Unit) -> None:
    october(cast.village)
    moved = Unit.objects.get(parent=cast.village, name="第三网格")
    with clock.as_of(date(2026, 11, 5)), pytest.raises(NotYetPosted):
        move_unit(actor=SYSTEM, unit_id=moved.pk, to_id=into.pk, on=date(2026, 11, 4))
    settled(cast.village)
    before = rows(*PAST), balances()
    move(cast, into, "第三网格")
    assert (rows(*PAST), balances()) == before
    assert faults() == []


def test_a_grid_of_which_nothing_is_in_flight_need_not_wait(cast: Cast, into: Unit) -> None:
    noticed(cast.village, a_deed(cast.village, "001", of=SWEEPING))  # of the first grid
    move(cast, into, "第三网格")
    assert settled(cast.village, on=LATER).lines == 1


def test_splitting_changes_nothing_of_the_past_but_moves_points(cast: Cast) -> None:
    source = two_people(cast.village)[0].household
    noticed(cast.village, a_deed(cast.village, source.number), a_deed(cast.village, "004"))
    settled(cast.village)
    posted = list(Batch.objects.values_list("pk", flat=True))
    history = (Meeting, Decision, Notice, NoticeSheet, NoticeTotal, NoticeLine, Settlement)
    before = rows(*history), decided_deeds(), rows(Share), rows(Transfer, batch__in=posted)
    sums = (
        sum(each.honour for each in balances().values()),
        sum(each.spendable for each in balances().values()),
    )
    leaving = source.residents.exclude(relation="head").order_by("id").first()
    assert leaving
    with clock.as_of(LATER):
        made = split_household(
            actor=cast.administrator,
            household_id=source.pk,
            number="218",
            head_id=leaving.pk,
            on=ON,
            spendable=600,
            honour=500,
            key="split",
        )
    assert (rows(*history), decided_deeds(), rows(Share), rows(Transfer, batch__in=posted)) == before
    after = balances()
    assert (
        sum(each.honour for each in after.values()),
        sum(each.spendable for each in after.values()),
    ) == sums
    assert (after[made.holder_id].honour, after[made.holder_id].spendable) == (500, 600)
    assert faults() == []
    for unit in (source.unit, made.unit):
        assert may(cast.secretary, Act.VERIFY_DEEDS, unit, on=EVE)
        assert may(cast.secretary, Act.VERIFY_DEEDS, unit, on=ON)


def test_a_household_with_something_in_flight_does_not_end(cast: Cast) -> None:
    household, other = cast.household("018"), cast.household("004")

    def merge_it() -> Any:
        with clock.as_of(LATER):
            return merge_households(
                actor=SYSTEM, household_id=household.pk, into_id=other.pk, on=ON, key="merge"
            )

    with clock.as_of(date(2026, 11, 20)):
        (deed,) = bring(SYSTEM, a_deed(cast.village, "018", day=date(2026, 11, 12)))
    for work in list[Work]((lambda: close(household), merge_it)):
        with pytest.raises(DeedsOpen):
            work()
    with clock.as_of(date(2026, 11, 20)):
        verify_deeds(actor=SYSTEM, deed_ids=[deed.pk])
        approve(a_meeting(cast.village, period=NOVEMBER), deed.shares.all())
        issue_notice(actor=SYSTEM, unit_id=cast.village.pk, period=NOVEMBER)
    for work in list[Work]((lambda: close(household), merge_it)):
        with pytest.raises(NotYetPosted):
            work()
    settled(cast.village, on=date(2026, 11, 30))
    before = balances()
    merge_it()
    after = balances()
    assert (
        after[other.holder_id].honour == before[other.holder_id].honour + before[household.holder_id].honour
    )
    assert faults() == []


def test_a_household_takes_its_open_deeds_to_another_village(cast: Cast, into: Unit) -> None:
    with clock.as_of(date(2026, 11, 20)):
        (own,) = bring(SYSTEM, a_deed(cast.village, "018", day=date(2026, 11, 12)))
    home = Unit.objects.get(parent=into, name="第01网格")
    with clock.as_of(LATER):
        move_household(actor=SYSTEM, household_id=cast.household("018").pk, unit_id=home.pk, on=ON)
    assert Deed.objects.get(pk=own.pk).unit == into


def test_a_closed_household_is_on_no_new_notice(cast: Cast) -> None:
    close(cast.household("018"))
    with clock.as_of(LATER):
        notice = noticed(
            cast.village, a_deed(cast.village, "004", day=date(2026, 12, 2)), period=Period(2026, 12)
        )
    numbers = NoticeTotal.objects.filter(sheet__notice=notice).values_list("number", flat=True)
    assert "018" not in numbers
    assert "004" in numbers


def test_a_village_that_ended_holds_no_meeting_and_hangs_no_notice(cast: Cast, into: Unit) -> None:
    merge(cast, into)
    with clock.as_of(LATER):
        with pytest.raises(UnitEnded):
            a_meeting(cast.village, period=Period(2026, 12))
        with pytest.raises(UnitEnded):
            issue_notice(actor=SYSTEM, unit_id=cast.village.pk, period=Period(2026, 12))


def test_an_empty_village_with_open_deeds_does_not_end(cast: Cast, into: Unit) -> None:
    empty = Unit.objects.get(code="440783104222")
    with clock.as_of(date(2026, 11, 20)):
        (deed,) = bring(SYSTEM, a_deed(cast.village, "018", day=date(2026, 11, 12)))
    Deed.objects.filter(pk=deed.pk).update(unit=empty)
    with clock.as_of(LATER):
        with pytest.raises(DeedsOpen):
            end_unit(actor=SYSTEM, unit_id=empty.pk, on=ON)
        Deed.objects.filter(pk=deed.pk).update(unit=cast.village)
        assert end_unit(actor=SYSTEM, unit_id=empty.pk, on=ON).until == EVE


def test_what_is_in_flight_costs_a_constant_number_of_statements(cast: Cast, into: Unit) -> None:
    def in_flight(source: Unit, *numbers: str) -> int:
        with clock.as_of(date(2026, 11, 20)):
            bring(
                SYSTEM,
                *(a_deed(source, number, of="参加村里大扫除", day=date(2026, 11, 12)) for number in numbers),
            )
        with clock.as_of(LATER):
            return queries_of(
                lambda: merge_villages(
                    actor=SYSTEM, from_id=source.pk, into_id=into.pk, on=ON, prefix=f"{source.pk}-"
                )
            )

    few, many = (Unit.objects.get(code=f"44078310422{place}") for place in (2, 3))
    counts = []
    for source, size, deeds in [(few, 6, 1), (many, 40, 30)]:
        numbers = populate(source, households=size, grids=2)
        counts.append(in_flight(source, *numbers[:deeds]))
    assert counts[0] == counts[1]


def merged_into(village: Unit) -> Any:
    """Merge 联和村 into a village as one of two requests that meet."""
    with clock.as_of(LATER):
        return merge_villages(
            actor=SYSTEM, from_id=Unit.objects.get(code=VILLAGE).pk, into_id=village.pk, on=ON
        )


@pytest.mark.parametrize("held", [True, False])
def test_a_deed_that_is_being_brought_goes_along_or_is_refused(
    committed_cast: Cast, monkeypatch: pytest.MonkeyPatch, held: bool
) -> None:
    village, into = committed_cast.village, Unit.objects.get(code=INTO)
    brought, late = (a_deed(village, "018", day=date(2026, 11, day)) for day in (1, 2))
    if not held:
        monkeypatch.setattr(bringing, "hold_villages", lambda village_ids: None)
    pause = Pause()
    with monkeypatch.context() as patch:  # the deed is written, and its request not over yet
        patch.setattr(bringing, "_attach", after(bringing._attach, pause))
        (deed,), _report = meet(lambda: bring(SYSTEM, brought), lambda: merged_into(into), pause)
    assert Deed.objects.get(pk=deed.pk).unit == (into if held else village)  # where nobody would decide it

    back = Unit.objects.get(code="440783104222")
    moved = Unit.objects.get(parent=into, name="第三网格")
    late = replace(late, shares=[NewShare(Household.objects.get(number="018", village=into))])
    pause = Pause()

    def move_on() -> Any:
        with clock.as_of(LATER):
            return move_unit(actor=SYSTEM, unit_id=moved.pk, to_id=back.pk, on=date(2026, 12, 2))

    with monkeypatch.context() as patch:  # the village is locked, and the move not written yet
        patch.setattr(reorganising, "require_free", after(require_free, pause))
        _report, outcome = meet(move_on, lambda: bring(SYSTEM, late), pause)
    assert isinstance(outcome, HouseholdMoved) is held
    assert Deed.objects.filter(key=late.key, unit=into).exists() is not held
