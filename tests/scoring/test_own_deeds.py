"""How a household's deeds stand for it, whatever stands for others, and the way that each goes."""

from datetime import date

import pytest

from tests.cast import Cast
from tests.scoring.cast import a_deed, a_meeting, actor, approve, bring, noticed, settled, verified
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Household
from xiangyue.scoring.models import Deed, ScoringRules, Source, Verdict
from xiangyue.scoring.operations.bringing import withdraw_deed
from xiangyue.scoring.operations.calling import call_meeting
from xiangyue.scoring.operations.meetings import Ruling, decide_deeds
from xiangyue.scoring.operations.review import reject_deed, return_deed, verify_deeds
from xiangyue.scoring.own_deeds import OwnDeed, Stand, deeds_of, own_deeds
from xiangyue.scoring.way import StepName, verifiers_of, way_of


def own(cast: Cast, deed: Deed, number: str = "018") -> OwnDeed:
    home = cast.household(number)
    (found,) = own_deeds(home, [deeds_of(home).get(pk=deed.pk)])
    return found


def stands(household: Household) -> dict[Stand, set[int]]:
    """Give the ids that each filter finds; each deed has to be found by one, and to say the same of itself."""
    found = {stand: set(deeds_of(household, stand).values_list("id", flat=True)) for stand in Stand}
    everything = list(deeds_of(household))
    assert sorted(pk for ids in found.values() for pk in ids) == sorted(deed.pk for deed in everything)
    for each in own_deeds(household, everything):
        assert each.deed.pk in found[each.stand]
    return found


def test_a_deed_is_found_by_the_one_filter_that_fits(cast: Cast) -> None:
    home = cast.household("018")
    made = bring(SYSTEM, *(a_deed(cast.village, "018") for _time in range(6)))
    waiting, returned, withdrawn, rejected, refused, approved = (deed.pk for deed in made)
    return_deed(actor=cast.secretary, deed_id=returned, reason="缺照片")
    withdraw_deed(actor=SYSTEM, deed_id=withdrawn)
    reject_deed(actor=cast.secretary, deed_id=rejected, reason="不实")
    verify_deeds(actor=SYSTEM, deed_ids=[refused, approved])
    meeting = a_meeting(cast.village)
    rulings = [
        Ruling(Deed.objects.get(pk=refused).shares.get().pk, Verdict.REJECT, reason="没有"),
        Ruling(Deed.objects.get(pk=approved).shares.get().pk, Verdict.APPROVE),
    ]
    decide_deeds(actor=actor("柏长青"), meeting_id=meeting.pk, rulings=rulings)
    assert stands(home) == {
        Stand.WAITING: {waiting, approved},
        Stand.RETURNED: {returned},
        Stand.NOTICED: set(),
        Stand.POSTED: set(),
        Stand.ENDED: {withdrawn, rejected, refused},
    }
    reasons = {each.deed.pk: each.reason for each in own_deeds(home, deeds_of(home))}
    assert reasons == {
        waiting: "",
        approved: "",
        returned: "缺照片",
        withdrawn: "",
        rejected: "不实",
        refused: "没有",
    }


def test_on_notice_then_posted_each_household_for_itself(cast: Cast) -> None:
    noticed(cast.village, a_deed(cast.village, "018", "004"))
    for number in ("018", "004"):
        assert len(stands(cast.household(number))[Stand.NOTICED]) == 1
    settled(cast.village)
    assert len(stands(cast.household("018"))[Stand.POSTED]) == 1
    assert stands(cast.household("050"))[Stand.POSTED] == set()


def test_what_a_meeting_refused_one_household_goes_on_for_the_other(cast: Cast) -> None:
    first, second = verified(a_deed(cast.village, "018", "004"))
    rulings = [Ruling(first.pk, Verdict.REJECT, reason="没去"), Ruling(second.pk, Verdict.APPROVE)]
    decide_deeds(actor=actor("柏长青"), meeting_id=a_meeting(cast.village).pk, rulings=rulings)
    assert own(cast, first.deed).stand is Stand.ENDED
    assert (own(cast, first.deed).reason, own(cast, first.deed, "004").reason) == ("没去", "")
    assert own(cast, first.deed, "004").stand is Stand.WAITING
    assert own(cast, first.deed, "004").points == 800
    stands(cast.household("018"))
    stands(cast.household("004"))


def test_anothers_deed_is_none_of_the_households(cast: Cast) -> None:
    (deed,) = bring(SYSTEM, a_deed(cast.village, "004"))
    assert not deeds_of(cast.household("018")).filter(pk=deed.pk).exists()


# ---- the way


def way(cast: Cast, deed: Deed) -> list[tuple[StepName, bool, date | None]]:
    found = own(cast, deed)
    return [(step.name, step.done, step.day) for step in way_of(found, cast.household("018"))]


def day(month: int, number: int) -> date:
    return date(2026, month, number)


def monthly() -> None:
    ScoringRules.objects.update(scored="month")


@pytest.fixture
def deed(cast: Cast) -> Deed:
    (made,) = bring(cast.villager, a_deed(cast.village, "018"), source=Source.SELF)
    return made


def test_the_days_follow_from_the_rhythm(cast: Cast, deed: Deed) -> None:
    """A meeting each week: the one after the last day to verify it; all else by the month."""
    assert way(cast, deed) == [
        (StepName.BROUGHT, True, day(11, 2)),
        (StepName.VERIFY, False, day(11, 9)),
        (StepName.DECIDE, False, day(11, 15)),
        (StepName.NOTICE, False, day(12, 10)),
        (StepName.POST, False, day(12, 15)),
    ]
    monthly()
    assert way(cast, deed)[2:] == [
        (StepName.DECIDE, False, day(12, 5)),
        (StepName.NOTICE, False, day(12, 10)),
        (StepName.POST, False, day(12, 15)),
    ]


def test_a_meeting_that_is_called_is_the_day(cast: Cast, deed: Deed) -> None:
    october = Period(2026, 10)
    call_meeting(actor=cast.secretary, unit_id=cast.village.pk, period=october, day=day(11, 4), key="c")
    assert way(cast, deed)[2] == (StepName.DECIDE, False, day(11, 15))  # it may miss that one
    verify_deeds(actor=cast.grid_leader, deed_ids=[deed.pk])
    assert way(cast, deed)[1:4] == [
        (StepName.VERIFY, True, day(11, 2)),
        (StepName.DECIDE, False, day(11, 4)),
        (StepName.NOTICE, False, day(11, 10)),
    ]


def test_what_no_meeting_decided_is_carried_on(cast: Cast, deed: Deed) -> None:
    verify_deeds(actor=cast.grid_leader, deed_ids=[deed.pk])
    with clock.as_of(day(11, 20)):
        assert way(cast, deed)[2] == (StepName.DECIDE, False, day(11, 22))


def test_what_is_late_says_so(cast: Cast, deed: Deed) -> None:
    with clock.as_of(day(11, 12)):
        verify = way_of(own(cast, deed), cast.household("018"))[1]
        assert verify.is_overdue(clock.today())
        assert verify.day == day(11, 9)


def test_where_an_assembly_confirms_it_has_its_step(cast: Cast, deed: Deed) -> None:
    ScoringRules.objects.update(stages=["self", "committees", "assembly", "notice"])
    assert [name for name, _done, _day in way(cast, deed)] == list(StepName)
    assert way(cast, deed)[3] == (StepName.CONFIRM, False, day(12, 8))


def test_the_nearest_that_may_verify_is_named(cast: Cast, deed: Deed) -> None:
    """The grid's own leader; of the leader's household, whoever stands above."""
    found = verifiers_of(own(cast, deed).deed, cast.household("018"))
    assert (found.title, found.names) == ("网格员", ("桑叶青",))
    (theirs,) = bring(cast.grid_leader, a_deed(cast.village, "013"), source=Source.SELF)
    above = verifiers_of(own(cast, theirs, "013").deed, cast.household("013"))
    assert "桑叶青" not in above.names
    assert above.names


def test_done_steps_have_their_own_days_and_names(cast: Cast, deed: Deed) -> None:
    with clock.as_of(day(11, 3)):
        verify_deeds(actor=cast.grid_leader, deed_ids=[deed.pk])
    with clock.as_of(day(11, 5)):
        approve(a_meeting(cast.village, period=Period(2026, 11)), deed.shares.all())
    steps = way_of(own(cast, deed), cast.household("018"))
    assert [(step.name, step.day, step.names) for step in steps[1:3]] == [
        (StepName.VERIFY, day(11, 3), ("桑叶青",)),
        (StepName.DECIDE, day(11, 5), ()),
    ]
