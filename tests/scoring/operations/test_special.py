"""Special notices of urgent good deeds: what may hang there, beside the regular one, and the whole way of it."""

from datetime import date

import pytest

from tests.cast import Cast
from tests.scoring.cast import (
    AFTER,
    DEADLINE,
    ISSUED,
    LABOUR,
    PERIOD,
    RUBBISH,
    SWEEPING,
    VOLUNTEERING,
    a_deed,
    a_meeting,
    actor,
    approve,
    balance,
    committee_of,
    household,
    october,
    settled,
    standing,
    verified,
)
from tests.scoring.races import Pause, after, meet
from xiangyue.auditor.audit import audit
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import Joining, Unit
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.tree_refusals import NotAdmitted, UnitEnded
from xiangyue.records import operations as records
from xiangyue.records.models import LoggedAct, OutboxMessage
from xiangyue.scoring.models import Notice, NoticeLine, NoticeSheet, NoticeTotal, ScoringRules, Share, Verdict
from xiangyue.scoring.operations import notices
from xiangyue.scoring.operations import special as special_notices
from xiangyue.scoring.operations.meetings import Ruling, decide_deeds
from xiangyue.scoring.operations.notices import issue_notice
from xiangyue.scoring.operations.objections import (
    dismiss_objection,
    lodge_objection,
    uphold_objection,
)
from xiangyue.scoring.operations.special import issue_special
from xiangyue.scoring.queries import (
    current_lines,
    figures_of,
    line_of,
    newest_edition,
    newest_notices,
    notice_of,
    objections_to,
    total_of,
)
from xiangyue.scoring.refusals import (
    HungAlready,
    NoNotice,
    NothingDecided,
    NoticeExists,
    NotNoticeable,
    OnlyGoodDeeds,
    OwnHousehold,
    ReasonMissing,
)

WHY = "田禾生下河救人"
CORRECTED, NEW_DEADLINE = date(2026, 11, 4), date(2026, 11, 8)


def decided(village: Unit) -> list[Share]:
    """Of 018 two awards, of 001 one (in another grid), of 004 a deduction."""
    deeds = (
        a_deed(village, "018", of=VOLUNTEERING),
        a_deed(village, "018", of=LABOUR),
        a_deed(village, "001", of=SWEEPING),
        a_deed(village, "004", of=RUBBISH),
    )
    return approve(a_meeting(village), verified(*deeds))


def special(village: Unit, *shares: Share, by: Actor = SYSTEM, why: str = WHY) -> Notice:
    ids = [share.pk for share in shares]
    return issue_special(actor=by, unit_id=village.pk, period=PERIOD, share_ids=ids, reason=why)


def regular(village: Unit) -> Notice:
    return issue_notice(actor=SYSTEM, unit_id=village.pk, period=PERIOD)


def object_to(village: Unit, target: NoticeLine | NoticeTotal, *, of: str = "018") -> int:
    by = household(village, of)
    objection = lodge_objection(
        actor=Actor.card(by.pk), target=target, household_id=by.pk, text="不对", key=f"{target.pk}:{of}"
    )
    return objection.pk


# What hangs on it


def test_only_whom_it_is_about_stands_on_it(cast: Cast) -> None:
    first, _second, third, _minus = decided(cast.village)
    hung = special(cast.village, first, third)
    assert (hung.special, hung.edition, hung.reason, hung.period) == (1, 1, WHY, "2026-10")
    assert (hung.issued_on, hung.deadline) == (ISSUED, DEADLINE)
    assert list(hung.sheets.values_list("position", "unit__name")) == [(1, "第一网格"), (2, "第三网格")]
    rows = NoticeTotal.objects.filter(sheet__notice=hung).order_by("id")
    assert list(rows.values_list("rank", "number", "plus", "minus", "honour")) == [
        (1, "001", 500, 0, 500),
        (1, "018", 1500, 0, 1500),
    ]
    assert standing(hung) == [(1, "001", 500), (2, "018", 1500)]


def test_the_regular_notice_leaves_it_out(cast: Cast) -> None:
    first, *_others = decided(cast.village)
    special(cast.village, first)
    assert standing(regular(cast.village)) == [(1, "001", 500), (2, "004", -1000), (3, "018", 800)]
    assert total_of(notice_of(cast.village, PERIOD), "018").plus == 800
    assert list(audit()) == []


def test_what_hangs_there_in_a_second_edition_is_left_out_too(cast: Cast) -> None:
    first, *_others = decided(cast.village)
    hung = special(cast.village, first)
    objection = object_to(cast.village, line_of(hung, 1))
    uphold_objection(actor=cast.supervisor, objection_id=objection, answer="记少了", corrections={1: 1800})
    assert 1800 not in [points for _number, _household, points in standing(regular(cast.village))]


def test_special_notices_are_counted_from_one_and_lines_within_each(cast: Cast) -> None:
    first, second, third, _minus = decided(cast.village)
    notices = [special(cast.village, share) for share in (first, third, second)]
    assert [notice.special for notice in notices] == [1, 2, 3]
    assert [standing(notice) for notice in notices] == [
        [(1, "018", 1500)],
        [(1, "001", 500)],
        [(1, "018", 800)],
    ]
    assert regular(cast.village).special == 0
    with pytest.raises(NoticeExists):
        regular(cast.village)


def test_where_nothing_is_left_there_is_no_regular_notice(cast: Cast) -> None:
    (share,) = approve(a_meeting(cast.village), verified(a_deed(cast.village, "018")))
    special(cast.village, share)
    with pytest.raises(NothingDecided):
        regular(cast.village)
    assert Notice.objects.count() == 1


@pytest.mark.parametrize(("days", "deadline"), [(3, (11, 4)), (15, (11, 16))])
def test_its_term_is_that_of_every_notice(cast: Cast, days: int, deadline: tuple[int, int]) -> None:
    ScoringRules.objects.update(notice_days=days)
    hung = special(cast.village, decided(cast.village)[0])
    assert hung.deadline == hung.sheets.get().deadline == date(2026, *deadline)


# What is refused


def test_only_what_can_be_hung_out_and_never_was(cast: Cast) -> None:
    first, second, _third, minus = decided(cast.village)
    (open_share,) = verified(a_deed(cast.village, "001", of=VOLUNTEERING))
    (rejected,) = verified(a_deed(cast.village, "050"))
    no = Ruling(rejected.pk, Verdict.REJECT, reason="没来")
    decide_deeds(actor=actor("松如海"), meeting_id=a_meeting(cast.village).pk, rulings=[no])
    (later,) = approve(
        a_meeting(cast.village, period=PERIOD.next()), verified(a_deed(cast.village, "001", of=VOLUNTEERING))
    )
    special(cast.village, first)
    for wrong in (open_share, rejected, later):
        with pytest.raises(NotNoticeable) as refused:
            special(cast.village, second, wrong)
        assert refused.value.facts == {"share": wrong.pk}
    with pytest.raises(HungAlready):
        special(cast.village, first, second)
    with pytest.raises(OnlyGoodDeeds):
        special(cast.village, second, minus)
    with pytest.raises(NothingDecided):
        special(cast.village)
    with pytest.raises(ReasonMissing):
        special(cast.village, second, why="  ")
    assert Notice.objects.count() == 1


def test_what_was_decided_at_nothing_is_no_good_deed(cast: Cast) -> None:
    first, *_others = decided(cast.village)
    Share.objects.filter(pk=first.pk).update(points=0)
    with pytest.raises(OnlyGoodDeeds):
        special(cast.village, first)


def test_after_the_regular_notice_nothing_of_it_can_hang_again(cast: Cast) -> None:
    first, *_others = decided(cast.village)
    regular(cast.village)
    with pytest.raises(HungAlready):
        special(cast.village, first)


def test_another_village_s_decisions_are_not_ours(cast: Cast) -> None:
    first, *_others = decided(cast.village)
    with pytest.raises(NotNoticeable):
        special(Unit.objects.get(code="440783104220"), first)


@pytest.mark.parametrize("login", ["松如海", "桑叶青", "茶山青", "竹有节", "admin", "过路人"])
def test_only_the_secretary_hangs_it(cast: Cast, login: str) -> None:
    first, *_others = decided(cast.village)
    with pytest.raises(NotAllowed):
        special(cast.village, first, by=actor(login))
    hung = special(cast.village, first, by=cast.secretary)
    logged = LoggedAct.objects.get(act="issue", subject="notice")
    assert (logged.subject_id, logged.actor_id, logged.reason) == (hung.pk, cast.secretary.id, "")


def test_nobody_chooses_their_own_household_to_come_first(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _second, third, _minus = decided(cast.village)
    own = {household(cast.village, "018").pk}
    monkeypatch.setattr("xiangyue.scoring.operations.special.households_near", lambda actor: own)
    with pytest.raises(OwnHousehold):
        special(cast.village, third, first, by=cast.secretary)
    assert special(cast.village, third, by=cast.secretary)


@pytest.mark.parametrize("joining", [each for each in Joining if each != Joining.ADMITTED])
def test_a_village_that_is_not_admitted_hangs_none(cast: Cast, joining: Joining) -> None:
    first, *_others = decided(cast.village)
    Unit.objects.filter(pk=cast.village.pk).update(joining=joining)
    with pytest.raises(NotAdmitted):
        special(cast.village, first)


def test_a_village_that_ended_hangs_none(cast: Cast) -> None:
    first, *_others = decided(cast.village)
    Unit.objects.filter(pk=cast.village.pk).update(since=date(2026, 1, 1), until=date(2026, 11, 1))
    with pytest.raises(UnitEnded):
        special(cast.village, first)


def test_who_listens_is_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(records._consumers, "notice-issued", lambda payload: None)
    hung = special(cast.village, decided(cast.village)[0])
    assert OutboxMessage.objects.get().payload == {"notice": hung.pk}


# Families don't mix


def test_an_objection_holds_its_own_family_s_line_alone(cast: Cast) -> None:
    first, *_others = decided(cast.village)
    hung, monthly = special(cast.village, first), regular(cast.village)
    objection = object_to(cast.village, line_of(hung, 1))
    assert [one.pk for one in objections_to(hung)] == [objection]
    assert not objections_to(monthly).exists()
    assert [figures_of([hung, monthly])[each.pk].objections for each in (hung, monthly)] == [1, 0]
    report = settled(cast.village)
    assert (report.lines, report.held) == (3, 1)
    assert balance(cast.village, "018").honour == 800
    dismiss_objection(actor=cast.supervisor, objection_id=objection, answer="核对过，没有错")
    assert settled(cast.village).lines == 1
    assert balance(cast.village, "018").honour == 2300
    assert list(audit()) == []


def test_an_objection_to_a_total_holds_its_own_family_s_lines_alone(cast: Cast) -> None:
    first, *_others = decided(cast.village)
    hung, monthly = special(cast.village, first), regular(cast.village)
    object_to(cast.village, total_of(monthly, "018"))
    report = settled(cast.village)
    assert (report.lines, report.held) == (3, 1)
    assert balance(cast.village, "018").honour == 1500
    assert not objections_to(hung).exists()
    assert list(audit()) == []


def test_a_correction_makes_an_edition_of_its_own_family(cast: Cast) -> None:
    first, *_others = decided(cast.village)
    hung, monthly = special(cast.village, first), regular(cast.village)
    objection = object_to(cast.village, line_of(hung, 1))
    with clock.as_of(CORRECTED):
        _answered, edition = uphold_objection(
            actor=cast.supervisor, objection_id=objection, answer="记多了", corrections={1: 300}
        )
    assert (edition.special, edition.edition, edition.reason) == (1, 2, WHY)
    assert newest_edition(hung) == edition == notice_of(cast.village, PERIOD, special=1)
    assert newest_edition(monthly) == monthly == notice_of(cast.village, PERIOD)
    assert notice_of(cast.village, PERIOD, 1, special=1) == hung
    with pytest.raises(NoNotice):
        notice_of(cast.village, PERIOD, special=2)
    assert list(newest_notices(cast.village)) == [monthly, edition]
    assert standing(edition) == [(1, "018", 300)]
    assert standing(monthly) == [(1, "001", 500), (2, "004", -1000), (3, "018", 800)]
    assert list(audit()) == []


def test_only_changed_lines_of_several_sheets_get_a_new_deadline(cast: Cast) -> None:
    first, second, third, _minus = decided(cast.village)
    hung = special(cast.village, first, second, third)
    objection = object_to(cast.village, total_of(hung, "018"))
    with clock.as_of(CORRECTED):
        _answered, edition = uphold_objection(
            actor=cast.supervisor, objection_id=objection, answer="记多了", corrections={2: 300}
        )
    lines = current_lines(edition).values_list("number", "points", "deadline")
    assert list(lines) == [(1, 500, DEADLINE), (2, 300, NEW_DEADLINE), (3, 800, DEADLINE)]
    assert list(edition.sheets.values_list("unit__name", "deadline")) == [
        ("第一网格", DEADLINE),
        ("第三网格", NEW_DEADLINE),
    ]
    untouched = NoticeSheet.objects.filter(unit__name="第一网格").values_list("digest", flat=True)
    assert len(set(untouched)) == 1
    assert settled(cast.village).lines == 2
    assert settled(cast.village, on=date(2026, 11, 9)).lines == 1
    assert list(audit()) == []


def test_it_settles_by_itself_and_before_the_regular_one(cast: Cast) -> None:
    first, *_others = decided(cast.village)
    special(cast.village, first)
    assert settled(cast.village).points == 1500
    with clock.as_of(AFTER):
        monthly = regular(cast.village)
        assert total_of(monthly, "018").honour == 2300
    assert settled(cast.village, on=date(2026, 11, 20)).lines == 3
    assert list(audit()) == []


def test_a_month_that_has_only_special_notices_is_still_open(cast: Cast) -> None:
    first, *_others = decided(cast.village)
    special(cast.village, first)
    assert approve(a_meeting(cast.village), verified(a_deed(cast.village, "013")))


def test_next_month_s_regular_notice_is_not_in_its_way(cast: Cast) -> None:
    notice = october(cast.village)
    (share,) = approve(
        a_meeting(cast.village, period=PERIOD.next()), verified(a_deed(cast.village, "001", of=VOLUNTEERING))
    )
    hung = issue_special(
        actor=SYSTEM, unit_id=cast.village.pk, period=PERIOD.next(), share_ids=[share.pk], reason=WHY
    )
    assert (hung.special, notice.special) == (1, 0)


# At the same time


@pytest.mark.slow
@pytest.mark.parametrize("locked", [True, False])
def test_the_regular_notice_waits_for_a_special_one_that_is_just_being_hung(
    race_village: Unit, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """Were the village not locked, what hangs on the one would hang on the other too, and be posted twice."""
    village, pause = race_village, Pause()
    deeds = (a_deed(village, "005", of="1.2"), a_deed(village, "006", of="1.2"))
    committee = committee_of(village)
    first, _second = approve(a_meeting(village, committee), verified(*deeds), by=committee[0])
    monkeypatch.setattr(special_notices, "log_act", after(records.log_act, pause))
    if not locked:
        monkeypatch.setattr(notices, "locked_unit", lambda unit_id: Unit.objects.get(id=unit_id))
    hung, monthly = meet(lambda: special(village, first), lambda: regular(village), pause)
    assert standing(hung) == [(1, "005", 500)]
    of_month = [number for _line, number, _points in standing(monthly)]
    assert of_month == (["006"] if locked else ["005", "006"])
    twice = [fault.id for fault in audit() if fault.code == "hung-twice"]
    assert (first.pk in twice) == (not locked)
