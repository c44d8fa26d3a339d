from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.cast import Cast
from tests.scoring.cast import (
    AFTER,
    PERIOD,
    a_deed,
    a_meeting,
    actor,
    approve,
    balance,
    bring,
    household,
    noticed,
    october,
    settled,
    somebody,
    verified,
)
from tests.scoring.operations.test_settlement import noticed_there
from tests.scoring.races import Pause, after, meet
from xiangyue.auditor.audit import audit
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Appointment, Kin, Resident, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.relations import register_kin
from xiangyue.people.permissions import NotAllowed
from xiangyue.records import operations as records
from xiangyue.records.models import LoggedAct, OutboxMessage
from xiangyue.scoring.models import Deed, DeedState, Notice, NoticeLine, Remark, Share, Source, Verdict
from xiangyue.scoring.objection_queries import remarks_on
from xiangyue.scoring.objection_refusals import (
    HoldsNothing,
    NotTheSupervisor,
    OwnRemark,
    RemarkAnswered,
    SharePosted,
    UnknownRemark,
    UnknownShare,
)
from xiangyue.scoring.operations import settlement, supervising
from xiangyue.scoring.operations.bringing import withdraw_deed
from xiangyue.scoring.operations.meetings import Ruling, decide_deeds
from xiangyue.scoring.operations.notices import issue_notice
from xiangyue.scoring.operations.objections import lodge_objection, uphold_objection
from xiangyue.scoring.operations.review import reject_deed, return_deed
from xiangyue.scoring.operations.settlement import settle_due
from xiangyue.scoring.operations.supervising import answer_remark, lift_hold, remark
from xiangyue.scoring.queries import held_back, line_of
from xiangyue.scoring.refusals import BroughtByActor, OwnHousehold, ReasonMissing, WrongState
from xiangyue.users.queries import user_by_login

SUPERVISOR = "竹有节"
TOLD = "签到表上少了一个人"


@pytest.fixture
def share(cast: Cast) -> Share:
    (deed,) = bring(cast.clerk, a_deed(cast.village, "018"))
    return deed.shares.get()


def remarked(
    share: Share, *, by: Actor | None = None, holds: bool = True, text: str = TOLD, key: str = ""
) -> Remark:
    return remark(
        actor=by or actor(SUPERVISOR),
        share_id=share.pk,
        text=text,
        holds=holds,
        key=key or f"{share.pk}:{Remark.objects.count()}",
    )


def answered(made: Remark, *, by: str = "柳成荫") -> Remark:
    return answer_remark(actor=actor(by), remark_id=made.pk, answer="补签了")


# Making


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        (SUPERVISOR, None),
        ("柳成荫", NotAllowed),
        ("松如海", NotAllowed),
        ("桑叶青", NotAllowed),
        ("云帆远", NotAllowed),
        ("admin", NotAllowed),
        ("card 004", NotAllowed),
        ("system", NotAllowed),
    ],
)
def test_supervisors_remark(cast: Cast, share: Share, who: str, refused: type[Refusal] | None) -> None:
    by = somebody(cast.village, who)
    if refused:
        with pytest.raises(refused):
            remarked(share, by=by)
        assert not Remark.objects.exists()
        return
    made = remarked(share, by=by, text=f" {TOLD} ")
    assert (made.text, made.holds, made.made_by, made.answer) == (TOLD, True, cast.user(who), "")
    logged = LoggedAct.objects.get(act="remark", subject="remark", subject_id=made.pk)
    assert (logged.actor_id, logged.acted_as, logged.reason) == (by.id, "supervisor", "")


def test_a_remark_says_something_about_something(cast: Cast, share: Share) -> None:
    with pytest.raises(ReasonMissing):
        remarked(share, text=" \n")
    with pytest.raises(UnknownShare):
        remark(actor=cast.supervisor, share_id=0, text=TOLD, holds=False, key="k")


def test_the_same_key_gives_the_same_remark(cast: Cast, share: Share) -> None:
    first = remarked(share, key="k")
    assert remarked(share, key="k", text="再说一遍") == first
    with pytest.raises(NotAllowed):
        remarked(share, key="k", by=cast.secretary)
    assert Remark.objects.get().text == TOLD


def test_nobody_remarks_on_what_is_their_own(cast: Cast) -> None:
    """The supervisor's household is 023; 018 becomes a near relative's; 004 they recommended themselves."""
    (own,), (brought,) = (
        bring(cast.clerk, a_deed(cast.village, "023"))[0].shares.all(),
        bring(cast.supervisor, a_deed(cast.village, "004"), source=Source.NEIGHBOUR)[0].shares.all(),
    )
    with pytest.raises(OwnHousehold):
        remarked(own)
    with pytest.raises(BroughtByActor):
        remarked(brought)
    (near,) = bring(cast.clerk, a_deed(cast.village, "018"))[0].shares.all()
    mine = Resident.objects.get(user_id=cast.supervisor.id)
    theirs = household(cast.village, "018").residents.all()[0]
    register_kin(actor=SYSTEM, resident_id=mine.pk, other_id=theirs.pk, kin=Kin.SIBLING)
    with pytest.raises(OwnHousehold):
        remarked(near)


def submitted(cast: Cast) -> Share:
    return bring(cast.clerk, a_deed(cast.village, "018"))[0].shares.get()


def returned(cast: Cast) -> Share:
    share = submitted(cast)
    return_deed(actor=cast.secretary, deed_id=share.deed_id, reason="缺照片")
    return share


def withdrawn(cast: Cast) -> Share:
    share = submitted(cast)
    withdraw_deed(actor=cast.clerk, deed_id=share.deed_id)
    return share


def rejected(cast: Cast) -> Share:
    share = submitted(cast)
    reject_deed(actor=cast.secretary, deed_id=share.deed_id, reason="没有这回事")
    return share


def waiting(cast: Cast) -> Share:
    return verified(a_deed(cast.village, "018"))[0]


def judged(cast: Cast) -> Share:
    share = waiting(cast)
    Deed.objects.filter(id=share.deed_id).update(state=DeedState.JUDGED)
    return share


def decided(cast: Cast) -> Share:
    return approve(a_meeting(cast.village), [waiting(cast)])[0]


def turned_down(cast: Cast) -> Share:
    """The other household's share of the same deed was approved."""
    one, other = verified(a_deed(cast.village, "018", "004"))
    meeting = a_meeting(cast.village)
    approve(meeting, [other])
    rulings = [Ruling(one.pk, Verdict.REJECT, reason="没有去")]
    decide_deeds(actor=cast.committee_member, meeting_id=meeting.pk, rulings=rulings)
    return one


def hung(cast: Cast) -> Share:
    return (
        noticed(cast.village, a_deed(cast.village, "018")).sheets.get(unit__name="第三网格").lines.get().share
    )


def posted(cast: Cast) -> Share:
    share = hung(cast)
    settled(cast.village)
    return share


WHEN: list[tuple[Callable[[Cast], Share], type[Refusal] | None]] = [
    (submitted, None),
    (returned, None),
    (withdrawn, WrongState),
    (rejected, WrongState),
    (waiting, None),
    (judged, None),
    (decided, None),
    (turned_down, WrongState),
    (hung, None),
    (posted, SharePosted),
]


def test_every_state_of_a_deed_is_in_the_table() -> None:
    states = {"submitted", "returned", "withdrawn", "rejected", "verified", "judged", "approved"}
    assert states == set(DeedState.values)
    assert len(WHEN) == len(states) + len(("turned down", "hung", "posted"))


@pytest.mark.parametrize(("way", "refused"), WHEN)
def test_from_submission_until_posting(
    cast: Cast, way: Callable[[Cast], Share], refused: type[Refusal] | None
) -> None:
    share = way(cast)
    if refused:
        with pytest.raises(refused):
            remarked(share)
    else:
        assert remarked(share).share == share


# What it holds


def test_a_held_share_settles_once_it_is_answered(cast: Cast) -> None:
    """Made before the meeting; it follows the share onto the notice. What only remarks holds nothing."""
    first, second = verified(*(a_deed(cast.village, "018") for _time in range(2)))
    made = remarked(first)
    remarked(second, holds=False)
    approve(a_meeting(cast.village), [first, second])
    notice = issue_notice(actor=SYSTEM, unit_id=cast.village.pk, period=PERIOD)
    assert [line.share for line in held_back(NoticeLine.objects.all())] == [first]
    assert settled(cast.village).held == 1
    assert balance(cast.village, "018").honour == 800
    answered(made)
    assert settled(cast.village).lines == 1
    assert balance(cast.village, "018").honour == 1600
    assert notice.edition == 1
    assert list(audit()) == []


def test_it_holds_in_every_edition(cast: Cast) -> None:
    notice = october(cast.village)
    line = line_of(notice, 5)
    made = remarked(line.share)
    by = household(cast.village, "018")
    objection = lodge_objection(
        actor=Actor.card(by.pk), target=line, household_id=by.pk, text="少记了", key="k"
    )
    _answered, edition = uphold_objection(
        actor=cast.supervisor, objection_id=objection.pk, answer="记错了", corrections={5: 1000}
    )
    assert settled(cast.village, on=date(2026, 11, 20)).held == 2  # the line and its correction
    assert balance(cast.village, "018").honour == 800
    answered(made)
    assert settled(cast.village, on=date(2026, 11, 20)).points == 1000
    assert line_of(edition, 5).points == 1000
    assert list(audit()) == []


def test_a_supervisor_lets_go_what_they_hold(cast: Cast) -> None:
    share = line_of(october(cast.village), 5).share
    made = remarked(share)
    assert settled(cast.village).held == 1
    lifted = lift_hold(actor=cast.supervisor, remark_id=made.pk)
    assert (lifted.holds, lifted.answer) == (False, "")
    assert LoggedAct.objects.filter(act="lift", subject="remark", subject_id=made.pk).count() == 1
    assert settled(cast.village).lines == 1
    with pytest.raises(HoldsNothing):
        lift_hold(actor=cast.supervisor, remark_id=made.pk)
    assert answered(made).answer == "补签了"


def test_nobody_else_lets_it_go(cast: Cast, share: Share) -> None:
    made = remarked(share)
    Appointment.objects.create(
        user=cast.user("松如海"), office=Office.SUPERVISOR, unit=cast.village, since=date(2026, 1, 1)
    )
    for by, refused in ((cast.secretary, NotAllowed), (cast.committee_member, NotTheSupervisor)):
        with pytest.raises(refused):
            lift_hold(actor=by, remark_id=made.pk)
    answered(made)
    with pytest.raises(HoldsNothing):
        lift_hold(actor=cast.supervisor, remark_id=made.pk)
    with pytest.raises(UnknownRemark):
        lift_hold(actor=cast.supervisor, remark_id=0)


# Answering


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        ("柳成荫", None),
        ("system", None),
        (SUPERVISOR, NotAllowed),
        ("松如海", NotAllowed),
        ("云帆远", NotAllowed),
        ("admin", NotAllowed),
    ],
)
def test_who_hangs_out_notices_answers(
    cast: Cast, share: Share, who: str, refused: type[Refusal] | None
) -> None:
    made, by = remarked(share), somebody(cast.village, who)
    if refused:
        with pytest.raises(refused):
            answer_remark(actor=by, remark_id=made.pk, answer="补签了")
        return
    done = answer_remark(actor=by, remark_id=made.pk, answer=" 补签了 ")
    assert (done.answer, done.answered_by_id, done.answered_at is not None) == ("补签了", by.user_id, True)
    with pytest.raises(RemarkAnswered):
        answer_remark(actor=by, remark_id=made.pk, answer="再说一遍")


def test_an_answer_says_something(cast: Cast, share: Share) -> None:
    made = remarked(share)
    with pytest.raises(ReasonMissing):
        answer_remark(actor=cast.secretary, remark_id=made.pk, answer=" ")
    with pytest.raises(UnknownRemark):
        answer_remark(actor=cast.secretary, remark_id=0, answer="补签了")


def test_nobody_answers_for_their_own_household_or_what_they_brought(cast: Cast) -> None:
    """The secretary's household is 柳成荫's; what they recorded is left to somebody else."""
    home = Resident.objects.get(user_id=cast.secretary.id).household.number
    own = bring(cast.clerk, a_deed(cast.village, home))[0].shares.get()
    brought = bring(cast.secretary, a_deed(cast.village, "018"), source=Source.CADRE)[0].shares.get()
    for share, refused in ((own, OwnHousehold), (brought, BroughtByActor)):
        made = remarked(share)
        with pytest.raises(refused):
            answered(made)
        assert answer_remark(actor=SYSTEM, remark_id=made.pk, answer="查过了").answered_at


def test_nobody_answers_their_own_remark(cast: Cast, share: Share) -> None:
    """Who was a supervisor then and is the secretary now."""
    made = remarked(share)
    Appointment.objects.filter(user=cast.user(SUPERVISOR)).update(office=Office.VILLAGE_SECRETARY)
    with pytest.raises(OwnRemark):
        answered(made, by=SUPERVISOR)


def test_who_listens_hears_of_a_remark_and_its_answer(
    cast: Cast, share: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    topics = ("remark-made", "remark-answered")
    for topic in topics:
        monkeypatch.setitem(records._consumers, topic, lambda payload: None)
    made = answered(remarked(share))
    told = OutboxMessage.objects.order_by("id").values_list("topic", "payload")
    assert list(told) == [(topic, {"remark": made.pk}) for topic in topics]


def test_remarks_are_listed_with_their_answers(
    cast: Cast, share: Share, django_assert_num_queries: Any
) -> None:
    first, second = remarked(share), remarked(share, holds=False, text="看过了")
    answered(first)
    with django_assert_num_queries(1):
        listed = remarks_on([share.pk])
    shown = [(one.remark, one.text, one.by, one.holds, one.answer, one.answered_by) for one in listed]
    assert shown == [
        (first.pk, TOLD, cast.user(SUPERVISOR).name, False, "补签了", cast.user("柳成荫").name),
        (second.pk, "看过了", cast.user(SUPERVISOR).name, False, "", ""),
    ]
    assert (listed[0].answered_on, listed[1].answered_on) == (date(2026, 11, 2), None)


# At the same time


def without_locks(share_id: int) -> Share:
    return Share.objects.select_related("deed__unit").get(id=share_id)


@pytest.fixture
def watched_village(race_village: Unit) -> Unit:
    """The village of a race, with a supervisor of its own."""
    Appointment.objects.get_or_create(
        user=user_by_login(SUPERVISOR), office=Office.SUPERVISOR, unit=race_village, since=date(2026, 1, 1)
    )
    return race_village


def settling(village: Unit) -> Callable[[], Any]:
    def work() -> Any:
        with clock.as_of(AFTER):
            return settle_due(actor=SYSTEM, unit_id=village.pk)

    return work


@pytest.mark.slow
@pytest.mark.parametrize("locked", [True, False])
def test_a_remark_that_is_being_made_is_seen(
    watched_village: Unit, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """Made before the settlement, committed while it runs. Without the lock it is overrun."""
    share, pause = hung_there(watched_village), Pause()
    monkeypatch.setattr("xiangyue.scoring.operations.supervising.log_act", after(records.log_act, pause))
    if not locked:
        monkeypatch.setattr(supervising, "_locked_share", without_locks)
    made, report = meet(lambda: remarked(share), settling(watched_village), pause)
    assert isinstance(made, Remark)
    assert (report.lines, report.held) == ((0, 1) if locked else (1, 0))


@pytest.mark.slow
@pytest.mark.parametrize("locked", [True, False])
def test_a_remark_that_comes_while_its_line_is_posted_is_refused(
    watched_village: Unit, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    share, pause = hung_there(watched_village), Pause()
    monkeypatch.setattr(settlement, "_post", after(settlement._post, pause))
    if not locked:
        monkeypatch.setattr(supervising, "_locked_share", without_locks)
    report, made = meet(settling(watched_village), lambda: remarked(share), pause)
    assert report.lines == 1
    assert isinstance(made, SharePosted if locked else Remark)


def hung_there(village: Unit) -> Share:
    notice: Notice = noticed_there(village, "005")
    return line_of(notice, 1).share
