"""The representatives' assembly confirms what the committee decided, where the scheme has it do so (guyuan)."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.scoring.cast import PERIOD, PRESENT, a_deed, a_meeting, approve, verified
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import Appointment, Body, Capacity
from xiangyue.people.offices import Office
from xiangyue.people.operations.appointments import appoint
from xiangyue.people.permissions import NotAllowed
from xiangyue.scoring.models import Confirmation, DeedState, Meeting, ScoringRules, Share, Verdict
from xiangyue.scoring.operations.confirming import Refused, confirm_decisions
from xiangyue.scoring.operations.meetings import Ruling, decide_deeds, hold_meeting
from xiangyue.scoring.operations.notices import issue_notice
from xiangyue.scoring.operations.supervising import remark
from xiangyue.scoring.queries import noticeable_shares, unconfirmed
from xiangyue.scoring.refusals import (
    AssemblyAwaited,
    NoAssembly,
    NoQuorum,
    NotAtMeeting,
    NotCarried,
    NotOnCommittee,
    OwnHousehold,
    PeriodClosed,
    ReasonMissing,
    RuledTwice,
    UnknownDeed,
    VotesAndWatches,
    VotesImpossible,
    WrongState,
)

# Representatives: of the cast's villagers, by login; the first two are of households 030 and 001.
REPRESENTATIVES = ("松如海", "柏长青", "荷田田", "山有根", "林水长")


@pytest.fixture
def guyuan(cast: Cast) -> Cast:
    """The village of the cast, where an assembly confirms."""
    ScoringRules.objects.update(stages=["self", "committees", "assembly", "notice"])
    seat_assembly(cast)
    return cast


def seat_assembly(cast: Cast) -> None:
    for login in REPRESENTATIVES:
        appoint(
            actor=SYSTEM,
            user_id=cast.user(login).pk,
            office=Office.COUNCIL_MEMBER,
            unit_id=cast.village.pk,
            since=clock.today(),
            body=Body.ASSEMBLY,
            capacity=Capacity.HOUSEHOLDS,
        )


def assemble(cast: Cast, logins: Sequence[str] = REPRESENTATIVES, key: str = "assembly") -> Meeting:
    return hold_meeting(
        actor=cast.secretary,
        unit_id=cast.village.pk,
        period=PERIOD,
        held_on=clock.today(),
        attendee_ids=[cast.user(login).pk for login in logins],
        body=Body.ASSEMBLY,
        key=key,
    )


def judged(cast: Cast, *numbers: str) -> list[Share]:
    shares = verified(*(a_deed(cast.village, number) for number in numbers))
    return approve(a_meeting(cast.village, PRESENT), shares)


def confirm(cast: Cast, *, by: str = REPRESENTATIVES[2], **facts: Any) -> list[Confirmation]:
    meeting = Meeting.objects.filter(body=Body.ASSEMBLY).order_by("-id")[0]
    return confirm_decisions(actor=cast.actor(by), meeting_id=meeting.pk, **facts)


def states(shares: Sequence[Share]) -> list[str]:
    return [Share.objects.get(pk=share.pk).deed.state for share in shares]


def test_what_the_committee_decided_waits_for_the_assembly(guyuan: Cast) -> None:
    shares = judged(guyuan, "018", "004")
    assert states(shares) == [DeedState.JUDGED] * 2
    assert list(noticeable_shares(guyuan.village, PERIOD)) == []
    with pytest.raises(AssemblyAwaited) as caught:
        issue_notice(actor=guyuan.secretary, unit_id=guyuan.village.pk, period=PERIOD)
    assert caught.value.facts == {"count": 2}


def test_the_assembly_confirms_the_list_but_for_what_it_names(guyuan: Cast) -> None:
    shares = judged(guyuan, "018", "004", "050")
    assemble(guyuan)
    made = confirm(guyuan, refusals=[Refused(shares[1].pk, "没有这回事")], votes_against=1)
    told = {one.decision.share_id: (one.is_confirmed, one.votes_for, one.votes_against) for one in made}
    assert told == {
        shares[0].pk: (True, 4, 1),
        shares[1].pk: (False, 0, 5),
        shares[2].pk: (True, 4, 1),
    }
    assert states(shares) == [DeedState.APPROVED, DeedState.REJECTED, DeedState.APPROVED]
    notice = issue_notice(actor=guyuan.secretary, unit_id=guyuan.village.pk, period=PERIOD)
    hung = notice.sheets.values_list("lines__share_id", flat=True).exclude(lines=None)
    assert set(hung) == {shares[0].pk, shares[2].pk}


def test_nobody_holds_a_share_that_it_refused(guyuan: Cast) -> None:
    """The other household's share of the same deed goes on."""
    refused, confirmed = approve(
        a_meeting(guyuan.village, PRESENT), verified(a_deed(guyuan.village, "018", "004"))
    )
    assemble(guyuan)
    confirm(guyuan, refusals=[Refused(refused.pk, "没有这回事")])
    assert states([refused]) == [DeedState.APPROVED]
    facts: dict[str, Any] = {"actor": guyuan.supervisor, "text": "签到表上少了一个人", "holds": True}
    with pytest.raises(WrongState):
        remark(share_id=refused.pk, key="one", **facts)
    assert remark(share_id=confirmed.pk, key="other", **facts).share_id == confirmed.pk


def test_it_refuses_a_share_once(guyuan: Cast) -> None:
    """Of two reasons none is lost."""
    (share,) = judged(guyuan, "018")
    assemble(guyuan)
    with pytest.raises(RuledTwice):
        confirm(guyuan, refusals=[Refused(share.pk, "没有这回事"), Refused(share.pk, "报晚了")])
    assert not Confirmation.objects.exists()


def test_who_votes_does_not_watch(guyuan: Cast) -> None:
    """A representative may be a supervisor elsewhere in the village's affairs, but is at a meeting only once."""
    appoint(
        actor=SYSTEM,
        user_id=guyuan.supervisor.id,
        office=Office.COUNCIL_MEMBER,
        unit_id=guyuan.village.pk,
        since=clock.today(),
        body=Body.ASSEMBLY,
        capacity=Capacity.HOUSEHOLDS,
    )
    voters = [*(guyuan.user(login).pk for login in REPRESENTATIVES), guyuan.supervisor.id]
    with pytest.raises(VotesAndWatches):
        hold_meeting(
            actor=guyuan.secretary,
            unit_id=guyuan.village.pk,
            period=PERIOD,
            held_on=clock.today(),
            attendee_ids=voters,
            observer_ids=[guyuan.supervisor.id],
            body=Body.ASSEMBLY,
            key="k",
        )
    assert not Meeting.objects.exists()


def test_it_speaks_once_on_each(guyuan: Cast) -> None:
    judged(guyuan, "018")
    assemble(guyuan)
    assert len(confirm(guyuan)) == 1
    assert confirm(guyuan) == []
    assert Confirmation.objects.count() == 1


def test_what_concerns_the_recorder_is_left_to_another(guyuan: Cast) -> None:
    """松如海 is of household 030: he neither votes on it nor records it."""
    shares = verified(a_deed(guyuan.village, "018"), a_deed(guyuan.village, "030"))
    approve(a_meeting(guyuan.village, PRESENT), shares, by="柏长青")
    assemble(guyuan)
    with pytest.raises(OwnHousehold):
        confirm(guyuan, by="松如海", refusals=[Refused(shares[1].pk, "不实")])
    assert [one.decision.share_id for one in confirm(guyuan, by="松如海")] == [shares[0].pk]
    assert states(shares) == [DeedState.APPROVED, DeedState.JUDGED]
    (last,) = confirm(guyuan)
    assert (last.decision.share_id, last.recused, last.votes_for) == (shares[1].pk, 1, 4)
    assert list(unconfirmed(guyuan.village, PERIOD)) == []


def test_a_deed_of_many_waits_for_the_last_share(guyuan: Cast) -> None:
    first, second = verified(a_deed(guyuan.village, "018", "004"))
    meeting = a_meeting(guyuan.village, PRESENT)
    approve(meeting, [first])
    assemble(guyuan)
    confirm(guyuan)
    assert states([first]) == [DeedState.VERIFIED]
    decide_deeds(
        actor=guyuan.actor(PRESENT[0]),
        meeting_id=meeting.pk,
        rulings=[Ruling(second.pk, Verdict.REJECT, reason="没有参加")],
    )
    # Nothing of it waits for the assembly any more: what it confirmed stands.
    assert states([first, second]) == [DeedState.APPROVED] * 2
    assert list(noticeable_shares(guyuan.village, PERIOD)) == [first]


def test_what_the_committee_rejected_needs_no_assembly(guyuan: Cast) -> None:
    (share,) = verified(a_deed(guyuan.village, "018"))
    meeting = a_meeting(guyuan.village, PRESENT)
    ruling = Ruling(share.pk, Verdict.REJECT, reason="没有这回事")
    decide_deeds(actor=guyuan.actor(PRESENT[0]), meeting_id=meeting.pk, rulings=[ruling])
    assert states([share]) == [DeedState.REJECTED]
    assert list(unconfirmed(guyuan.village, PERIOD)) == []


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        ({"votes_against": 3}, NotCarried),
        ({"refusals": "2"}, NotCarried),
        ({"refusals": "9"}, VotesImpossible),
        ({"refusals": ""}, ReasonMissing),
        ({"refusals": "unknown"}, UnknownDeed),
    ],
)
def test_what_is_refused(guyuan: Cast, facts: dict[str, Any], refused: type[Exception]) -> None:
    (share,) = judged(guyuan, "018")
    assemble(guyuan)
    made = {
        "2": Refused(share.pk, "不实", 2),  # of five, two against do not refuse it
        "9": Refused(share.pk, "不实", 9),
        "": Refused(share.pk, " "),
        "unknown": Refused(share.pk + 99, "不实"),
    }
    if "refusals" in facts:
        facts = {"refusals": [made[facts["refusals"]]]}
    with pytest.raises(refused):
        confirm(guyuan, **facts)
    assert Confirmation.objects.count() == 0
    assert states([share]) == [DeedState.JUDGED]


def test_only_representatives_who_were_there_record_it(guyuan: Cast) -> None:
    judged(guyuan, "018")
    held = assemble(guyuan, REPRESENTATIVES[:4])
    for login in (REPRESENTATIVES[4], "柳成荫", "方田亩"):
        with pytest.raises(NotAtMeeting):
            confirm(guyuan, by=login)
    user = guyuan.user(REPRESENTATIVES[2])
    Appointment.objects.filter(user=user, office=Office.COUNCIL_MEMBER).delete()
    with pytest.raises(NotAllowed):
        confirm_decisions(actor=Actor.user(user.pk), meeting_id=held.pk)


def test_the_committee_s_meeting_confirms_nothing_and_the_assembly_s_decides_nothing(guyuan: Cast) -> None:
    (share,) = verified(a_deed(guyuan.village, "018"))
    committee, assembly = a_meeting(guyuan.village, PRESENT), assemble(guyuan)
    with pytest.raises(NotAtMeeting):
        approve(assembly, [share], by="松如海")
    approve(committee, [share])
    with pytest.raises(NotAtMeeting):
        confirm_decisions(actor=guyuan.actor("松如海"), meeting_id=committee.pk)


def test_the_assembly_has_its_own_quorum_and_members(guyuan: Cast) -> None:
    with pytest.raises(NoQuorum) as caught:
        assemble(guyuan, REPRESENTATIVES[:2])
    assert caught.value.facts["members"] == len(REPRESENTATIVES)
    with pytest.raises(NotOnCommittee):
        assemble(guyuan, [*REPRESENTATIVES, "方田亩"])


def test_elsewhere_there_is_no_assembly(cast: Cast) -> None:
    (share,) = judged(cast, "018")
    assert states([share]) == [DeedState.APPROVED]
    with pytest.raises(NoAssembly):
        confirm_decisions(actor=cast.committee_member, meeting_id=Meeting.objects.get().pk)


def test_a_month_that_hangs_is_closed_to_the_assembly_too(guyuan: Cast) -> None:
    judged(guyuan, "018")
    assemble(guyuan)
    confirm(guyuan)
    issue_notice(actor=guyuan.secretary, unit_id=guyuan.village.pk, period=PERIOD)
    with pytest.raises(PeriodClosed):
        confirm(guyuan)


def test_many_shares_cost_as_many_queries_as_one(guyuan: Cast) -> None:
    counts = []
    for place, numbers in enumerate((["018"], ["004", "050", "013", "001"])):
        judged(guyuan, *numbers)
        assemble(guyuan, key=str(place))
        with CaptureQueriesContext(connection) as queries:
            assert len(confirm(guyuan)) == len(numbers)
        counts.append(len(queries))
    assert counts[0] == counts[1]
