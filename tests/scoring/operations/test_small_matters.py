"""Small matters are decided by the role that the indicator names, and it takes three people."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from tests.cast import Cast
from tests.catalogue.cast import in_force
from tests.scoring.cast import PERIOD, a_deed, actor, bring, noticed
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import OfficeRule, Resident
from xiangyue.people.offices import Office
from xiangyue.people.permissions import NotAllowed
from xiangyue.scoring.models import Decision, Deed, DeedState, ScoringRules, Share, Verdict
from xiangyue.scoring.operations.meetings import Ruling
from xiangyue.scoring.operations.review import verify_deeds
from xiangyue.scoring.operations.small_matters import decide_small
from xiangyue.scoring.queries import noticeable_shares
from xiangyue.scoring.refusals import (
    AlreadyDecided,
    BroughtByActor,
    NotASmallMatter,
    OwnHousehold,
    PeriodClosed,
    ReasonMissing,
    UnknownDeed,
    VerifiedByActor,
    WrongState,
)

ROWS = (
    {"指标": "帮忙扫街", "分值": "2", "对象": "户", "审批": "网格员", "上限": "每月2次"},
    {"指标": "送饭", "分值": "1-3", "对象": "户", "审批": "联户组长"},
    {"指标": "修路", "分值": "5", "对象": "户", "审批": "评议会"},
    {"指标": "种树", "分值": "5", "对象": "户"},
)


@pytest.fixture
def street(cast: Cast) -> Cast:
    """The village of the cast, with a catalogue that leaves small matters to its grid leaders."""
    in_force(SYSTEM, cast.village, date(2026, 2, 1), *ROWS)
    return cast


def waiting(cast: Cast, number: str = "018", of: str = "帮忙扫街", *, by: Actor | None = None) -> Share:
    """A share that the clerk brought and the secretary vouched for."""
    (deed,) = bring(by or cast.clerk, a_deed(cast.village, number, of=of))
    if deed.state == DeedState.SUBMITTED:
        verify_deeds(actor=cast.secretary, deed_ids=[deed.pk])
    return deed.shares.get()


def decide(cast: Cast, *shares: Share, by: Actor | None = None, **facts: Any) -> list[Decision]:
    rulings = [Ruling(share.pk, **({"verdict": Verdict.APPROVE} | facts)) for share in shares]
    return decide_small(actor=by or cast.grid_leader, unit_id=cast.village.pk, period=PERIOD, rulings=rulings)


def test_the_named_role_decides_without_a_meeting(street: Cast) -> None:
    (decision,) = decide(street, waiting(street))
    share = decision.share
    assert (decision.meeting, decision.period, decision.decided_by_id) == (
        None, str(PERIOD), street.grid_leader.id
    )  # fmt: skip
    assert (share.points, share.deed.state) == (200, DeedState.APPROVED)
    assert "帮忙扫街" in share.sentence
    assert list(noticeable_shares(street.village, PERIOD)) == [share]


def test_what_an_office_is_called_does_not_depend_on_the_reader_s_language(street: Cast) -> None:
    """The place calls its grid leaders otherwise; the indicator's word is still the office's own."""
    OfficeRule.objects.filter(office=Office.GRID_LEADER).update(title="网格长")
    share = waiting(street)
    with translation.override("en"):
        assert str(Office.GRID_LEADER.label) != "网格员"
        (decision,) = decide(street, share)
    assert (decision.verdict, decision.share.points) == (Verdict.APPROVE, 200)


def test_limits_cut_as_at_a_meeting(street: Cast) -> None:
    shares = [waiting(street) for _place in range(3)]
    decided = decide(street, *shares)
    assert [decision.share.points for decision in decided] == [200, 200, 0]


@pytest.mark.parametrize(
    ("who", "number", "of", "refused"),
    [
        ("山有根", "018", "帮忙扫街", NotASmallMatter),  # of another grid
        ("桑叶青", "018", "送饭", NotASmallMatter),  # the group leader's
        ("桑叶青", "018", "修路", NotASmallMatter),  # the committee's
        ("桑叶青", "018", "种树", NotASmallMatter),  # it names nobody
        ("柳成荫", "018", "帮忙扫街", NotASmallMatter),
        ("松如海", "018", "帮忙扫街", NotAllowed),
        ("竹有节", "018", "帮忙扫街", NotAllowed),
        ("云帆远", "018", "帮忙扫街", NotAllowed),
        ("admin", "018", "帮忙扫街", NotAllowed),
        ("过路人", "018", "帮忙扫街", NotAllowed),
    ],
)
def test_who_may_not(street: Cast, who: str, number: str, of: str, refused: type[Exception]) -> None:
    share = waiting(street, number, of)
    with pytest.raises(refused):
        decide(street, share, by=actor(who), points=200 if of == "送饭" else None)
    assert Decision.objects.count() == 0
    assert Deed.objects.get().state == DeedState.VERIFIED


def test_a_villager_s_card_decides_nothing(street: Cast) -> None:
    with pytest.raises(NotAllowed):
        decide(street, waiting(street), by=street.neighbour)


def test_it_takes_three(street: Cast) -> None:
    """Neither who brought it nor who vouched for it decides it."""
    (brought,) = bring(street.grid_leader, a_deed(street.village, "018", of="帮忙扫街"))
    with pytest.raises(BroughtByActor):
        decide(street, brought.shares.get())
    (vouched,) = bring(street.clerk, a_deed(street.village, "018", of="帮忙扫街"))
    verify_deeds(actor=street.grid_leader, deed_ids=[vouched.pk])
    with pytest.raises(VerifiedByActor):
        decide(street, vouched.shares.get())


def test_nobody_decides_for_their_own(street: Cast) -> None:
    household = Resident.objects.get(user=street.user("桑叶青")).household
    share = waiting(street, household.number)
    with pytest.raises(OwnHousehold):
        decide(street, share)


def test_what_is_refused(street: Cast) -> None:
    share = waiting(street)
    with pytest.raises(ReasonMissing):
        decide(street, share, verdict=Verdict.REJECT)
    (unverified,) = bring(street.clerk, a_deed(street.village, "018", of="帮忙扫街"))
    with pytest.raises(WrongState):
        decide(street, unverified.shares.get())
    decide(street, share, verdict=Verdict.REJECT, reason="没有扫")
    share.refresh_from_db()
    assert (share.points, share.deed.state) == (0, DeedState.REJECTED)
    with pytest.raises(WrongState):
        decide(street, share)
    with pytest.raises(UnknownDeed):
        decide_small(
            actor=street.grid_leader,
            unit_id=street.village.pk,
            period=PERIOD,
            rulings=[Ruling(share.pk + 99, Verdict.APPROVE)],
        )


def test_a_month_that_hangs_is_closed(street: Cast) -> None:
    share = waiting(street)
    noticed(street.village, a_deed(street.village, "004", of="修路"))
    with pytest.raises(PeriodClosed):
        decide(street, share)


def test_a_deed_of_many_is_decided_share_by_share(street: Cast) -> None:
    (deed,) = bring(street.clerk, a_deed(street.village, "018", "004", of="帮忙扫街"))
    verify_deeds(actor=street.secretary, deed_ids=[deed.pk])
    first, second = deed.shares.order_by("id")
    decide(street, first)
    assert Deed.objects.get(pk=deed.pk).state == DeedState.VERIFIED
    with pytest.raises(AlreadyDecided):
        decide(street, first)
    decide(street, second)
    assert Deed.objects.get(pk=deed.pk).state == DeedState.APPROVED


def test_with_an_assembly_small_matters_wait_for_it_too(street: Cast) -> None:
    ScoringRules.objects.update(stages=["self", "committees", "assembly", "notice"])
    (decision,) = decide(street, waiting(street))
    assert decision.share.deed.state == DeedState.JUDGED
    assert not noticeable_shares(street.village, PERIOD).exists()
