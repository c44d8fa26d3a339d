"""CONDUCT and DOMAIN §7, as far as the way of a deed to the board touches them: each guard, and what would happen
without it. The guard is taken away inside the test; then what must never happen does. What objections and remarks
touch stands in operations/test_objecting_guards.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import Cast
from tests.catalogue.cast import in_force
from tests.scoring.cast import (
    DAY,
    LABOUR,
    PERIOD,
    PRESENT,
    RUBBISH,
    a_deed,
    a_meeting,
    approve,
    bring,
    household,
    noticed,
    verified,
)
from tests.scoring.operations.test_confirming import assemble, seat_assembly
from tests.scoring.operations.test_objecting_guards import gone, guards, never, nothing, refused_unless
from tests.web import Visitor
from xiangyue.gate import notices as gate_notices
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.masking import MASKED_SQL
from xiangyue.people.models import Resident
from xiangyue.scoring import judging, permissions, sources, vouching
from xiangyue.scoring.models import DeedState, NoticeTotal, ScoringRules, Share, Source, Verdict
from xiangyue.scoring.operations import confirming, hanging, meetings, notices, small_matters, special
from xiangyue.scoring.operations.bringing import NewDeed, NewShare, bring_deeds
from xiangyue.scoring.operations.confirming import Refused, confirm_decisions
from xiangyue.scoring.operations.meetings import Ruling, decide_deeds, hold_meeting
from xiangyue.scoring.operations.notices import issue_notice
from xiangyue.scoring.operations.review import verify_deeds
from xiangyue.scoring.operations.small_matters import decide_small
from xiangyue.scoring.operations.special import issue_special
from xiangyue.scoring.refusals import (
    AssemblyAwaited,
    BroughtByActor,
    MinorNotDeducted,
    NoQuorum,
    OnlyGoodDeeds,
    OwnHousehold,
    PeriodClosed,
    VerifiedByActor,
)
from xiangyue.scoring.source_refusals import RecommendsOnly
from xiangyue.tenancy.models import Jurisdiction

MonkeyPatch = pytest.MonkeyPatch


def nobody_near(*_args: Any, **_facts: Any) -> set[int]:
    return set()


def nobodies_near(*_args: Any, **_facts: Any) -> dict[int, set[int]]:
    return {}


def number_of(cast: Cast, login: str) -> str:
    """The number of somebody's own household."""
    return Resident.objects.get(user=cast.user(login)).household.number


# Recusal, at each step: nobody decides what is their own


@guards
def test_nobody_vouches_for_their_own(cast: Cast, monkeypatch: MonkeyPatch, guarded: bool) -> None:
    (deed,) = bring(cast.clerk, a_deed(cast.village, number_of(cast, "桑叶青")))
    refused_unless(
        guarded,
        monkeypatch,
        gone(vouching, "households_near", nobody_near),
        OwnHousehold,
        lambda: verify_deeds(actor=cast.grid_leader, deed_ids=[deed.pk]),
    )


@guards
def test_one_s_own_record_of_oneself_is_not_born_verified(
    cast: Cast, monkeypatch: MonkeyPatch, guarded: bool
) -> None:
    if not guarded:
        monkeypatch.setattr(vouching, "households_near", nobody_near)
    own = a_deed(cast.village, number_of(cast, "桑叶青"))
    (deed,) = bring(cast.grid_leader, own, source=Source.LEADER)
    assert (deed.state == DeedState.SUBMITTED) is guarded


@guards
def test_nobody_records_a_meeting_s_decision_on_their_own(
    cast: Cast, monkeypatch: MonkeyPatch, guarded: bool
) -> None:
    shares = verified(a_deed(cast.village, number_of(cast, PRESENT[0])))
    meeting = a_meeting(cast.village, PRESENT)
    refused_unless(
        guarded,
        monkeypatch,
        gone(permissions, "households_near", nobody_near),
        OwnHousehold,
        lambda: approve(meeting, shares),
    )


@guards
def test_nobody_votes_on_their_own(cast: Cast, monkeypatch: MonkeyPatch, guarded: bool) -> None:
    if not guarded:
        monkeypatch.setattr(meetings, "households_near_users", nobodies_near)
    shares = verified(a_deed(cast.village, number_of(cast, PRESENT[0])))
    meeting = a_meeting(cast.village, PRESENT)
    (decision,) = decide_deeds(
        actor=cast.actor(PRESENT[1]),
        meeting_id=meeting.pk,
        rulings=[Ruling(share.pk, Verdict.APPROVE) for share in shares],
    )
    assert decision.recused == (1 if guarded else 0)
    assert decision.votes_for == len(PRESENT) - decision.recused


@guards
def test_nobody_decides_what_they_brought(cast: Cast, monkeypatch: MonkeyPatch, guarded: bool) -> None:
    """Of household 030, whose card recommended the neighbour."""
    card = Actor.card(household(cast.village, "030").pk)
    shares = [
        share
        for deed in bring(card, a_deed(cast.village, "018"), source=Source.NEIGHBOUR)
        for share in deed.shares.all()
    ]
    verify_deeds(actor=SYSTEM, deed_ids=[share.deed_id for share in shares])
    meeting = a_meeting(cast.village, PRESENT)
    refused_unless(
        guarded,
        monkeypatch,
        gone(permissions, "brought_by", never),
        BroughtByActor,
        lambda: approve(meeting, shares, by="松如海"),
    )


def small(cast: Cast, number: str) -> tuple[Share, Callable[[], Any]]:
    in_force(
        SYSTEM,
        cast.village,
        DAY.replace(month=2),
        {"指标": "扫街", "分值": "2", "审批": "网格员", "对象": "户"},
    )
    (deed,) = bring(cast.clerk, a_deed(cast.village, number, of="扫街"))
    share = deed.shares.get()
    ruling = Ruling(share.pk, Verdict.APPROVE)
    return share, lambda: decide_small(
        actor=cast.grid_leader, unit_id=cast.village.pk, period=PERIOD, rulings=[ruling]
    )


@guards
def test_nobody_decides_a_small_matter_of_their_own(
    cast: Cast, monkeypatch: MonkeyPatch, guarded: bool
) -> None:
    share, decide = small(cast, number_of(cast, "桑叶青"))
    verify_deeds(actor=cast.secretary, deed_ids=[share.deed_id])
    away = gone(permissions, "households_near", nobody_near)
    refused_unless(guarded, monkeypatch, away, OwnHousehold, decide)


@guards
def test_a_small_matter_takes_a_third_person(cast: Cast, monkeypatch: MonkeyPatch, guarded: bool) -> None:
    share, decide = small(cast, "018")
    verify_deeds(actor=cast.grid_leader, deed_ids=[share.deed_id])
    away = gone(small_matters, "require_third", nothing)
    refused_unless(guarded, monkeypatch, away, VerifiedByActor, decide)


@guards
def test_nobody_confirms_their_own(cast: Cast, monkeypatch: MonkeyPatch, guarded: bool) -> None:
    ScoringRules.objects.update(stages=["self", "assembly", "notice"])
    seat_assembly(cast)
    shares = verified(a_deed(cast.village, "030"))
    approve(a_meeting(cast.village, PRESENT), shares, by="柏长青")
    meeting = assemble(cast)

    def away(patch: MonkeyPatch) -> None:
        patch.setattr(permissions, "households_near", nobody_near)
        patch.setattr(confirming, "households_near", nobody_near)

    refused_unless(
        guarded,
        monkeypatch,
        away,
        OwnHousehold,
        lambda: confirm_decisions(
            actor=cast.actor("松如海"),
            meeting_id=meeting.pk,
            refusals=[Refused(share.pk, "不实") for share in shares],
        ),
    )


@guards
def test_nobody_chooses_their_own_for_a_special_notice(
    cast: Cast, monkeypatch: MonkeyPatch, guarded: bool
) -> None:
    shares = approve(
        a_meeting(cast.village, PRESENT), verified(a_deed(cast.village, number_of(cast, "柳成荫")))
    )
    refused_unless(
        guarded,
        monkeypatch,
        gone(special, "households_near", nobody_near),
        OwnHousehold,
        lambda: issue_special(
            actor=cast.secretary,
            unit_id=cast.village.pk,
            period=PERIOD,
            share_ids=[share.pk for share in shares],
            reason="抢险",
        ),
    )


# Named and refused, fair, private first


@guards
def test_a_child_s_fault_costs_nothing(cast: Cast, monkeypatch: MonkeyPatch, guarded: bool) -> None:
    child = Resident.objects.filter(household__village=cast.village, born__gte="2015-01-01")[0]
    fault = cast.indicator(RUBBISH)
    home = household(cast.village, child.household.number)
    deed = NewDeed("k", fault, DAY, [NewShare(home, child)])

    def away(patch: MonkeyPatch) -> None:
        patch.setattr(judging, "_require_no_deduction", nothing)

    refused_unless(
        guarded,
        monkeypatch,
        away,
        MinorNotDeducted,
        lambda: bring_deeds(actor=SYSTEM, deeds=[deed], source=Source.SHEET),
    )


@guards
def test_no_neighbour_denounces(cast: Cast, monkeypatch: MonkeyPatch, guarded: bool) -> None:
    fault = a_deed(cast.village, "018", of=RUBBISH)
    refused_unless(
        guarded,
        monkeypatch,
        gone(sources, "_require_awards", nothing),
        RecommendsOnly,
        lambda: bring(cast.neighbour, fault, source=Source.NEIGHBOUR),
    )


@guards
def test_nothing_is_decided_without_a_quorum(cast: Cast, monkeypatch: MonkeyPatch, guarded: bool) -> None:
    refused_unless(
        guarded,
        monkeypatch,
        gone(meetings, "_require_quorum", nothing),
        NoQuorum,
        lambda: hold_meeting(
            actor=SYSTEM,
            unit_id=cast.village.pk,
            period=PERIOD,
            held_on=clock.today(),
            attendee_ids=[cast.user(PRESENT[0]).pk],
            key="k",
        ),
    )


@guards
def test_nothing_is_decided_for_a_month_that_hangs(
    cast: Cast, monkeypatch: MonkeyPatch, guarded: bool
) -> None:
    """It could be put on no notice, and nobody could object to it."""
    noticed(cast.village, a_deed(cast.village, "004"))
    refused_unless(
        guarded,
        monkeypatch,
        gone(meetings, "require_open", nothing),
        PeriodClosed,
        lambda: approve(a_meeting(cast.village, PRESENT), verified(a_deed(cast.village, "018"))),
    )


@guards
def test_nothing_hangs_that_the_assembly_has_not_seen(
    cast: Cast, monkeypatch: MonkeyPatch, guarded: bool
) -> None:
    ScoringRules.objects.update(stages=["self", "assembly", "notice"])
    seat_assembly(cast)
    shares = verified(a_deed(cast.village, "018"), a_deed(cast.village, "004"))
    meeting = a_meeting(cast.village, PRESENT)
    approve(meeting, shares[:1])
    confirm_decisions(actor=cast.actor("荷田田"), meeting_id=assemble(cast).pk)
    approve(meeting, shares[1:])
    refused_unless(
        guarded,
        monkeypatch,
        gone(notices, "_require_confirmed", nothing),
        AssemblyAwaited,
        lambda: issue_notice(actor=cast.secretary, unit_id=cast.village.pk, period=PERIOD),
    )


@guards
def test_a_special_notice_shows_no_deduction(cast: Cast, monkeypatch: MonkeyPatch, guarded: bool) -> None:
    """Urgent is a good deed; nobody is put up on a board of their own for a fault (CONDUCT "Private first")."""
    shares = approve(a_meeting(cast.village, PRESENT), verified(a_deed(cast.village, "018", of=RUBBISH)))
    refused_unless(
        guarded,
        monkeypatch,
        gone(special, "_require_urgent", nothing),
        OnlyGoodDeeds,
        lambda: issue_special(
            actor=cast.secretary,
            unit_id=cast.village.pk,
            period=PERIOD,
            share_ids=[share.pk for share in shares],
            reason="示众",
        ),
    )


# Masking, and an end


@guards
def test_names_hang_masked(cast: Cast, monkeypatch: MonkeyPatch, guarded: bool) -> None:
    if not guarded:
        masked = MASKED_SQL.format(name="name")
        assert masked in hanging.HANG
        monkeypatch.setattr(hanging, "HANG", hanging.HANG.replace(masked, "left(name, 10)"))
    notice = noticed(cast.village, a_deed(cast.village, "018", of=LABOUR))
    total = NoticeTotal.objects.get(sheet__notice=notice, household__number="018")
    assert (total.masked_name != "田禾生") is guarded


@guards
def test_a_notice_leaves_the_public_pages(
    cast: Cast, peopled: Jurisdiction, monkeypatch: MonkeyPatch, guarded: bool
) -> None:
    notice = noticed(cast.village, a_deed(cast.village, "018", of=LABOUR))
    sheet = notice.sheets.all()[0]
    if not guarded:
        monkeypatch.setattr(gate_notices, "is_public", lambda *_args, **_facts: True)
    with clock.as_of(notice.deadline + timedelta(days=ScoringRules.objects.get().public_days + 1)):
        page = Visitor(peopled).get(f"/notice/{notice.public_id}/{sheet.position}/")
    assert (page.status_code == 410) is guarded
