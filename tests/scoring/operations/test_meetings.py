from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import COMMITTEE, Cast
from tests.people.cast import small_village, somebody
from tests.scoring.cast import PERIOD, PRESENT, RUBBISH, a_deed, a_meeting, actor, approve, bring, verified
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Appointment, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.appointments import end_appointment
from xiangyue.people.permissions import NotAllowed
from xiangyue.records.models import LoggedAct
from xiangyue.records.storage import local_path
from xiangyue.scoring.models import (
    Attendance,
    Decision,
    Deed,
    DeedState,
    Meeting,
    ScoringRules,
    Share,
    Source,
    Verdict,
)
from xiangyue.scoring.operations.meetings import Ruling, decide_deeds, hold_meeting
from xiangyue.scoring.operations.notices import issue_notice
from xiangyue.scoring.refusals import (
    AlreadyDecided,
    BroughtByActor,
    DayInFuture,
    NoQuorum,
    NotAtMeeting,
    NotCarried,
    NotOnCommittee,
    OwnHousehold,
    PeriodClosed,
    ReasonMissing,
    RuledTwice,
    UnknownDeed,
    VotesImpossible,
    WrongState,
)

APPROVE, ADJUST, REJECT = Verdict.APPROVE, Verdict.ADJUST, Verdict.REJECT
EMPTY = "440783104220"  # a village in which nobody lives


def decide(meeting: Meeting, *rulings: Ruling, by: str = PRESENT[0]) -> list[Decision]:
    return decide_deeds(actor=actor(by), meeting_id=meeting.pk, rulings=rulings)


def end(login: str, office: Office, *, until: date) -> None:
    of = Appointment.objects.get(user__login=login, office=office)
    end_appointment(actor=SYSTEM, appointment_id=of.pk, until=until)


# Holding a meeting


@pytest.mark.parametrize(
    ("percent", "members", "present", "enough"),
    [
        (50, 1, 1, True),
        (50, 2, 1, True),
        (50, 3, 1, False),
        (50, 3, 2, True),
        (50, 6, 3, True),
        (50, 7, 3, False),
        (50, 7, 4, True),
        (66, 3, 1, False),
        (66, 3, 2, True),
        (66, 7, 4, False),
        (66, 7, 5, True),
        (100, 3, 2, False),
        (100, 3, 3, True),
        (1, 7, 1, True),
        (1, 7, 0, False),
        (50, 0, 0, False),
    ],
)
def test_quorum(cast: Cast, percent: int, members: int, present: int, enough: bool) -> None:
    unit = Unit.objects.get(code=EMPTY)
    ScoringRules.objects.update(quorum_percent=percent)
    logins = [f"委员{number}" for number in range(members)]
    for login in logins:
        somebody(Office.COMMITTEE_MEMBER, unit, login=login)
    if enough:
        assert a_meeting(unit, logins[:present]).members == members
        return
    with pytest.raises(NoQuorum) as caught:
        a_meeting(unit, logins[:present])
    assert (caught.value.facts["members"], caught.value.facts["present"]) == (members, present)
    assert not Meeting.objects.exists()


def test_who_is_named_twice_is_there_once(cast: Cast) -> None:
    with pytest.raises(NoQuorum):
        a_meeting(cast.village, [PRESENT[0]] * 5)
    held = a_meeting(cast.village, [*PRESENT, PRESENT[0]])
    assert Attendance.objects.filter(meeting=held).count() == 5


def test_only_members_make_a_quorum(cast: Cast) -> None:
    with pytest.raises(NotOnCommittee) as caught:
        a_meeting(cast.village, [*PRESENT, "柳成荫", "过路人"])
    assert caught.value.facts == {"names": "柳成荫、过路人", "body": "评议小组"}


def test_a_meeting_is_kept_with_who_was_there_and_its_minutes(cast: Cast) -> None:
    attendees = [cast.user(login).pk for login in PRESENT]
    held = hold_meeting(
        actor=cast.secretary,
        unit_id=cast.village.pk,
        period=PERIOD,
        held_on=clock.today(),
        attendee_ids=attendees,
        minutes=("会议记录.pdf", b"%PDF"),
        key="k",
    )
    held.refresh_from_db()
    assert (held.unit, held.period, held.members, held.held_on) == (cast.village, "2026-10", 7, clock.today())
    assert set(held.attendances.values_list("user_id", flat=True)) == set(attendees)
    assert held.minutes is not None
    assert local_path(held.minutes.sha256).read_bytes() == b"%PDF"
    assert LoggedAct.objects.get(act="hold").actor_id == cast.secretary.id


def test_the_same_key_gives_the_same_meeting(cast: Cast) -> None:
    first = a_meeting(cast.village, key="k")
    assert a_meeting(cast.village, key="k") == first
    assert (Meeting.objects.count(), Attendance.objects.count()) == (1, 5)


@pytest.mark.parametrize("login", ["松如海", "桑叶青", "茶山青", "竹有节", "云帆远", "admin", "过路人"])
def test_only_the_secretary_calls_it(cast: Cast, login: str) -> None:
    with pytest.raises(NotAllowed):
        hold_meeting(
            actor=actor(login),
            unit_id=cast.village.pk,
            period=PERIOD,
            held_on=clock.today(),
            attendee_ids=[user.pk for user in cast.committee],
            key="k",
        )


def test_the_committee_is_the_one_of_that_day(cast: Cast) -> None:
    """Recorded later: who was a member then was there, who is not one any more is not there now."""
    end("何稻香", Office.COMMITTEE_MEMBER, until=date(2026, 11, 1))
    logins = [*COMMITTEE[:4], "何稻香"]
    assert a_meeting(cast.village, logins, held_on=date(2026, 11, 1)).members == 7
    with pytest.raises(NotOnCommittee):
        a_meeting(cast.village, logins, held_on=date(2026, 11, 2))
    assert a_meeting(cast.village, COMMITTEE[:4], held_on=date(2026, 11, 2)).members == 6


def test_a_meeting_is_not_recorded_before_it_is_held(cast: Cast) -> None:
    with pytest.raises(DayInFuture):
        a_meeting(cast.village, held_on=clock.today() + timedelta(1))


# Who records


@pytest.mark.parametrize("who", ["桥横溪", "柳成荫", "竹有节", "过路人", "system", "card"])
def test_the_recorder_was_there(cast: Cast, who: str) -> None:
    """桥横溪 is a member, and stayed away."""
    by = {"system": SYSTEM, "card": cast.villager}.get(who) or actor(who)
    held, (share,) = a_meeting(cast.village), verified(a_deed(cast.village, "018"))
    with pytest.raises(NotAtMeeting):
        decide_deeds(actor=by, meeting_id=held.pk, rulings=[Ruling(share.pk, APPROVE)])
    assert not Decision.objects.exists()


def test_the_recorder_still_holds_the_office(cast: Cast) -> None:
    held, (share,) = a_meeting(cast.village, held_on=date(2026, 11, 1)), verified(a_deed(cast.village, "018"))
    end(PRESENT[0], Office.COMMITTEE_MEMBER, until=date(2026, 11, 1))
    with pytest.raises(NotAllowed):
        decide(held, Ruling(share.pk, APPROVE))


@pytest.mark.parametrize("verdict", list(Verdict))
def test_nobody_records_what_is_their_own_or_what_they_brought(cast: Cast, verdict: Verdict) -> None:
    held, (own,) = a_meeting(cast.village), verified(a_deed(cast.village, "030"))
    with pytest.raises(OwnHousehold):
        decide(held, Ruling(own.pk, verdict, reason="理由"))
    (deed,) = bring(cast.committee_member, a_deed(cast.village, "018"), source=Source.NEIGHBOUR)
    Deed.objects.filter(pk=deed.pk).update(state=DeedState.VERIFIED)
    with pytest.raises(BroughtByActor):
        decide(held, Ruling(deed.shares.get().pk, verdict, reason="理由"))
    assert not Decision.objects.exists()


# Votes


@pytest.mark.parametrize(
    ("number", "against", "outcome"),
    [
        ("018", 0, (5, 0, 0)),
        ("018", 2, (3, 2, 0)),
        ("018", 3, NotCarried),
        ("018", 5, NotCarried),
        ("018", 6, VotesImpossible),
        ("018", -1, VotesImpossible),
        ("007", 0, (4, 0, 1)),
        ("007", 1, (3, 1, 1)),
        ("007", 2, NotCarried),
        ("007", 5, VotesImpossible),
    ],
)
def test_more_than_half_of_those_who_may_vote_carry_it(
    cast: Cast, number: str, against: int, outcome: tuple[int, int, int] | type[Exception]
) -> None:
    """Five are there; one of them is of household 007 and does not vote on it."""
    held, (share,) = a_meeting(cast.village), verified(a_deed(cast.village, number))
    if isinstance(outcome, type):
        with pytest.raises(outcome):
            decide(held, Ruling(share.pk, APPROVE, votes_against=against))
        return
    (decision,) = decide(held, Ruling(share.pk, APPROVE, votes_against=against))
    decision.refresh_from_db()
    assert (decision.votes_for, decision.votes_against, decision.recused) == outcome


def test_who_brought_it_does_not_vote_on_it(cast: Cast) -> None:
    (deed,) = bring(actor(PRESENT[1]), a_deed(cast.village, "018"), source=Source.NEIGHBOUR)
    Deed.objects.filter(pk=deed.pk).update(state=DeedState.VERIFIED)
    (decision,) = decide(a_meeting(cast.village), Ruling(deed.shares.get().pk, APPROVE))
    assert (decision.votes_for, decision.recused) == (4, 1)


def test_rejecting_needs_no_majority(cast: Cast) -> None:
    (share,) = verified(a_deed(cast.village, "018"))
    (decision,) = decide(a_meeting(cast.village), Ruling(share.pk, REJECT, reason="没来", votes_against=4))
    assert (decision.votes_for, decision.votes_against) == (1, 4)


# Verdicts


def test_an_approved_share_has_its_points_and_a_sentence(cast: Cast) -> None:
    held, (share, minus) = (
        a_meeting(cast.village),
        verified(a_deed(cast.village, "018"), a_deed(cast.village, "004", of=RUBBISH)),
    )
    first, second = approve(held, [share, minus])
    for one in (share, minus):
        one.refresh_from_db()
    assert (share.points, share.asked) == (800, 800)
    assert share.sentence == "参加公共劳动，每次8分，这次加8分。"
    assert (minus.points, minus.asked) == (-1000, -1000)
    assert minus.sentence == "乱堆垃圾不整治，每次扣10分，这次扣10分，到2027年10月11日有效。"
    assert (first.points, second.points) == (800, -1000)
    decision = Decision.objects.get(share=share)
    assert (decision.meeting, decision.verdict, decision.decided_by_id) == (
        held,
        APPROVE,
        actor(PRESENT[0]).id,
    )
    assert set(Deed.objects.values_list("state", flat=True)) == {DeedState.APPROVED}
    assert LoggedAct.objects.filter(act="approve", to_state="approved").count() == 2


@pytest.mark.parametrize("verdict", [ADJUST, REJECT])
@pytest.mark.parametrize("reason", ["", " "])
def test_adjusting_and_rejecting_need_a_reason(cast: Cast, verdict: Verdict, reason: str) -> None:
    (share,) = verified(a_deed(cast.village, "018"))
    with pytest.raises(ReasonMissing):
        decide(a_meeting(cast.village), Ruling(share.pk, verdict, reason=reason))


def test_a_rejected_share_is_worth_nothing_and_says_why(cast: Cast) -> None:
    (share,) = verified(a_deed(cast.village, "018"))
    decide(a_meeting(cast.village), Ruling(share.pk, REJECT, reason="那天没有来"))
    share.refresh_from_db()
    assert (share.points, share.asked, share.sentence) == (0, 0, "那天没有来")
    assert share.deed.state == DeedState.REJECTED


@pytest.mark.parametrize(
    ("verdicts", "states"),
    [
        ((APPROVE, APPROVE), (DeedState.VERIFIED, DeedState.APPROVED)),
        ((REJECT, APPROVE), (DeedState.VERIFIED, DeedState.APPROVED)),
        ((APPROVE, REJECT), (DeedState.VERIFIED, DeedState.APPROVED)),
        ((REJECT, REJECT), (DeedState.VERIFIED, DeedState.REJECTED)),
    ],
)
def test_a_deed_is_decided_when_all_its_shares_are(
    cast: Cast, verdicts: tuple[Verdict, Verdict], states: tuple[DeedState, DeedState]
) -> None:
    held, shares = a_meeting(cast.village), verified(a_deed(cast.village, "018", "004"))
    for share, verdict, state in zip(shares, verdicts, states, strict=True):
        decide(held, Ruling(share.pk, verdict, reason="理由"))
        assert Deed.objects.get().state == state


# What can't be decided


def test_only_what_was_vouched_for_is_decided(cast: Cast) -> None:
    held = a_meeting(cast.village)
    (deed,) = bring(cast.clerk, a_deed(cast.village, "018"))
    with pytest.raises(WrongState):
        decide(held, Ruling(deed.shares.get().pk, APPROVE))


def test_a_share_is_decided_once(cast: Cast) -> None:
    """The same meeting says the same again; another one can't."""
    held, other = a_meeting(cast.village), a_meeting(cast.village)
    (share,) = verified(a_deed(cast.village, "018"))
    approve(held, [share])
    assert decide(held, Ruling(share.pk, REJECT, reason="后悔了")) == []
    with pytest.raises(WrongState):
        decide(other, Ruling(share.pk, APPROVE))
    share.refresh_from_db()
    assert (share.points, Decision.objects.get().verdict) == (800, APPROVE)


def test_a_share_is_decided_once_while_the_rest_of_its_deed_waits(cast: Cast) -> None:
    held, other = a_meeting(cast.village), a_meeting(cast.village)
    share, rest = verified(a_deed(cast.village, "018", "004"))
    approve(held, [share])
    with pytest.raises(AlreadyDecided) as caught:
        decide(other, Ruling(rest.pk, APPROVE), Ruling(share.pk, REJECT, reason="后悔了"))
    assert caught.value.facts == {"share": share.pk}
    approve(other, [rest])
    assert Deed.objects.get().state == DeedState.APPROVED


def test_a_share_is_ruled_on_once_at_a_time(cast: Cast) -> None:
    (share,) = verified(a_deed(cast.village, "018"))
    with pytest.raises(RuledTwice):
        decide(a_meeting(cast.village), Ruling(share.pk, APPROVE), Ruling(share.pk, REJECT, reason="理由"))
    assert not Decision.objects.exists()


def test_another_village_s_share_is_not_decided_here(cast: Cast) -> None:
    elsewhere = Unit.objects.get(code=EMPTY)
    small_village(elsewhere)
    (share,) = verified(a_deed(elsewhere, "018", of="1.2"))
    held = a_meeting(cast.village)
    for share_id in (share.pk, 0):
        with pytest.raises(UnknownDeed):
            decide(held, Ruling(share_id, APPROVE))


def test_all_rulings_stand_or_none(cast: Cast) -> None:
    shares = verified(a_deed(cast.village, "018"), a_deed(cast.village, "004"))
    good = Ruling(shares[0].pk, APPROVE)
    with pytest.raises(NotCarried):
        decide(a_meeting(cast.village), good, Ruling(shares[1].pk, APPROVE, votes_against=3))
    assert not Decision.objects.exists()
    assert set(Share.objects.values_list("points", flat=True)) == {None}
    assert set(Deed.objects.values_list("state", flat=True)) == {DeedState.VERIFIED}


def test_a_month_on_notice_is_closed(cast: Cast) -> None:
    held = a_meeting(cast.village)
    first, second = verified(a_deed(cast.village, "018"), a_deed(cast.village, "004"))
    approve(held, [first])
    issue_notice(actor=SYSTEM, unit_id=cast.village.pk, period=PERIOD)
    with pytest.raises(PeriodClosed):
        decide(held, Ruling(second.pk, APPROVE))
    with pytest.raises(PeriodClosed):
        a_meeting(cast.village)
    later = a_meeting(cast.village, period=PERIOD.next())
    assert approve(later, [second])[0].points == 800


def test_deciding_many_costs_what_deciding_few_costs(cast: Cast, django_assert_max_num_queries: Any) -> None:
    held, by = a_meeting(cast.village), actor(PRESENT[0])
    numbers = ["001", "018", "026", "045"]
    few = verified(*(a_deed(cast.village, number) for number in numbers))
    many = verified(*(a_deed(cast.village, number) for number in numbers * 15))
    with CaptureQueriesContext(connection) as counted:
        decide_deeds(actor=by, meeting_id=held.pk, rulings=[Ruling(share.pk, APPROVE) for share in few])
    with django_assert_max_num_queries(len(counted)):
        decide_deeds(actor=by, meeting_id=held.pk, rulings=[Ruling(share.pk, APPROVE) for share in many])


def test_telling_what_was_decided_asks_for_no_household_by_itself(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    shares = verified(a_deed(cast.village, "018", "004", "050"))
    decided = approve(a_meeting(cast.village), shares)
    with django_assert_num_queries(0):
        assert [share.household.number for share in decided] == ["018", "004", "050"]
