from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.scoring.cast import (
    AFTER,
    DEADLINE,
    LABOUR,
    PERIOD,
    RUBBISH,
    SWEEPING,
    a_deed,
    a_meeting,
    actor,
    approve,
    balance,
    committee_of,
    household,
    noticed,
    october,
    settled,
    verified,
)
from tests.scoring.races import Pause, after, meet
from xiangyue.auditor.audit import audit
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.periods import Period
from xiangyue.ledger.models import Batch, Cause, Transfer
from xiangyue.people.models import Joining, Unit
from xiangyue.people.operations.joining import step_joining
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.tree_refusals import NotAdmitted
from xiangyue.records import operations as records
from xiangyue.records.models import LoggedAct, OutboxMessage
from xiangyue.scoring.models import (
    HeldLine,
    Notice,
    NoticeLine,
    NoticeSheet,
    NoticeTotal,
    Objection,
    Settlement,
)
from xiangyue.scoring.operations import hanging, objections, settlement
from xiangyue.scoring.operations.notices import issue_notice
from xiangyue.scoring.operations.objections import dismiss_objection, lodge_objection
from xiangyue.scoring.operations.settlement import SettlementReport, settle_due
from xiangyue.scoring.queries import line_of, posted_lines, total_of
from xiangyue.scoring.refusals import DeadlinePassed

HONOUR = {"001": 500, "004": 500, "013": 800, "018": 2300, "050": 800, "027": 0}


def lodge(village: Unit, target: NoticeLine | NoticeTotal, *, of: str = "018") -> Objection:
    by = household(village, of)
    return lodge_objection(
        actor=Actor.card(by.pk),
        target=target,
        household_id=by.pk,
        text="不对",
        key=f"{village.pk}:{target.pk}",
    )


def times_posted(notice: Notice) -> dict[int, int]:
    """How often each line of a notice was posted: as an award or as a deduction."""
    found = {}
    for line in NoticeLine.objects.filter(sheet__notice=notice):
        came = Transfer.objects.filter(line=line.pk, credit__kind="points", batch__cause=Cause.SETTLEMENT)
        went = Transfer.objects.filter(line=line.pk, debit__kind="points", batch__cause=Cause.SETTLEMENT)
        found[line.number] = came.count() + went.count()
    return found


# When, who, how often


@pytest.mark.parametrize("login", ["柳成荫", "admin", None])
def test_what_nobody_may_object_to_any_more_is_posted(cast: Cast, login: str | None) -> None:
    notice, by = october(cast.village), actor(login) if login else SYSTEM
    with clock.as_of(DEADLINE):
        assert settle_due(actor=by, unit_id=cast.village.pk) == SettlementReport()
    assert not Batch.objects.exists()
    with clock.as_of(AFTER):
        report = settle_due(actor=by, unit_id=cast.village.pk)
    assert (report.parts, report.lines, report.points, report.held) == (2, 7, 4900, 0)
    assert {number: balance(cast.village, number).honour for number in HONOUR} == HONOUR
    assert set(times_posted(notice).values()) == {1}
    for batch in Batch.objects.filter(id__in=report.batches):
        assert (batch.cause, batch.day, batch.actor_kind, batch.actor_id) == (
            Cause.SETTLEMENT,
            AFTER,
            by.kind,
            by.id,
        )
    assert list(audit()) == []


@pytest.mark.parametrize(
    "login", ["桑叶青", "松如海", "茶山青", "竹有节", "云帆远", "仓有余", "明镜台", "过路人"]
)
def test_others_may_not_settle(cast: Cast, login: str) -> None:
    october(cast.village)
    with clock.as_of(AFTER), pytest.raises(NotAllowed):
        settle_due(actor=actor(login), unit_id=cast.village.pk)
    assert not Settlement.objects.exists()


def test_the_secretary_settles_the_village_and_not_the_town(cast: Cast) -> None:
    october(cast.village)
    town = cast.village.parent
    assert town is not None
    with clock.as_of(AFTER), pytest.raises(NotAllowed):
        settle_due(actor=cast.secretary, unit_id=town.pk)
    elsewhere = Unit.objects.get(code="440783104220")
    with clock.as_of(AFTER):
        assert settle_due(actor=cast.administrator, unit_id=elsewhere.pk).parts == 0
        assert settle_due(actor=cast.administrator, unit_id=town.pk).parts == 2


def test_a_second_run_posts_nothing(cast: Cast) -> None:
    october(cast.village)
    settled(cast.village)
    before = (Batch.objects.count(), Settlement.objects.count(), LoggedAct.objects.count())
    assert settled(cast.village) == SettlementReport()
    assert (Batch.objects.count(), Settlement.objects.count(), LoggedAct.objects.count()) == before


def test_each_part_of_a_sheet_is_a_batch_of_its_own(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hanging, "HOUSEHOLDS_OF_A_PART", 1)
    notice = october(cast.village)
    report = settled(cast.village)
    parts = NoticeLine.objects.values_list("sheet", "part").distinct().order_by("sheet", "part")
    assert (report.parts, len(set(report.batches)), len(parts)) == (5, 5, 5)
    settlements = Settlement.objects.order_by("sheet", "part")
    assert list(settlements.values_list("sheet", "part")) == list(parts)
    for done in settlements:
        assert done.batch is not None
        lines = NoticeLine.objects.filter(sheet=done.sheet, part=done.part).values_list("id", flat=True)
        assert set(done.batch.transfers.values_list("line", flat=True)) == set(lines)
        assert (done.batch.cause_id, LoggedAct.objects.filter(act="settle", subject_id=done.pk).count()) == (
            done.pk,
            1,
        )
    assert set(times_posted(notice).values()) == {1}


def test_lines_of_nothing_settle_without_a_batch(cast: Cast) -> None:
    (share,) = approve(a_meeting(cast.village), verified(a_deed(cast.village, "018")))
    share.points = 0
    share.save()
    issue_notice(actor=SYSTEM, unit_id=cast.village.pk, period=PERIOD)
    report = settled(cast.village)
    assert (report.parts, report.lines, report.points, report.batches) == (1, 1, 0, [])
    assert (Settlement.objects.get().batch, Batch.objects.exists()) == (None, False)
    assert posted_lines(NoticeLine.objects.all()).count() == 1
    assert settled(cast.village).parts == 0
    assert list(audit()) == []


def step(village: Unit, joining: Joining, on: date) -> None:
    with clock.as_of(on):
        step_joining(actor=SYSTEM, unit_id=village.pk, joining=joining, basis="会议纪要")


def test_a_suspended_village_issues_no_points_until_it_is_admitted_again(cast: Cast) -> None:
    october(cast.village)
    step(cast.village, Joining.DEMONSTRATION, date(2026, 11, 3))
    with pytest.raises(NotAdmitted):
        settled(cast.village)
    assert cast.village.parent
    assert settled(cast.village.parent) == SettlementReport()  # the others are not held up by it
    assert not Settlement.objects.exists()
    step(cast.village, Joining.ADMITTED, AFTER)
    assert settled(cast.village).lines == 7
    assert balance(cast.village, "018").honour == HONOUR["018"]


def test_what_an_objection_held_waits_for_admission_too(cast: Cast) -> None:
    notice = october(cast.village)
    objection = lodge(cast.village, line_of(notice, 5))
    settled(cast.village)
    step(cast.village, Joining.DEMONSTRATION, AFTER)
    dismiss_objection(actor=cast.town_official, objection_id=objection.pk, answer="核对过，没有错")
    assert cast.village.parent
    assert settled(cast.village.parent).lines == 0
    step(cast.village, Joining.ADMITTED, date(2026, 11, 9))
    assert settled(cast.village, on=date(2026, 11, 9)).lines == 1


def test_a_deduction_beyond_what_there_is_becomes_arrears(cast: Cast) -> None:
    noticed(cast.village, a_deed(cast.village, "018", of=RUBBISH))
    settled(cast.village)
    owed = balance(cast.village, "018")
    assert (owed.honour, owed.spendable, owed.arrears) == (-1000, 0, 1000)
    assert list(audit()) == []


def test_who_listens_is_told_of_each_part(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(records._consumers, "notice-settled", lambda payload: None)
    october(cast.village)
    settled(cast.village)
    told = (
        OutboxMessage.objects.filter(topic="notice-settled").order_by("id").values_list("payload", flat=True)
    )
    settlements = Settlement.objects.order_by("id").values("id", "batch_id")
    assert list(told) == [{"settlement": each["id"], "batch": each["batch_id"]} for each in settlements]


def test_a_part_costs_the_same_statements_however_many_lines_it_has(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    """And what is the same for all parts is asked once: one part more is ten statements more, marks among them."""
    noticed(cast.village, a_deed(cast.village, "018"))
    with CaptureQueriesContext(connection) as of_one:
        assert settled(cast.village).parts == 1
    many = [
        a_deed(cast.village, number, of=of)
        for number in ("004", "013", "018", "050")
        for of in (LABOUR, SWEEPING)
    ]
    noticed(cast.village, *many, period=PERIOD.next())
    with django_assert_max_num_queries(len(of_one)):
        report = settled(cast.village, on=date(2026, 12, 31))
        assert (report.parts, report.lines) == (1, 8)
    monkeypatch.setattr(hanging, "HOUSEHOLDS_OF_A_PART", 1)
    noticed(
        cast.village,
        *(a_deed(cast.village, number) for number in ("004", "013", "018", "050")),
        period=Period(2026, 12),
    )
    with CaptureQueriesContext(connection) as of_four:
        assert settled(cast.village, on=date(2027, 1, 31)).parts == 4
    assert (len(of_four) - len(of_one)) % 3 == 0
    assert (len(of_four) - len(of_one)) // 3 <= 10


def test_what_is_held_is_noted_with_the_claim(cast: Cast) -> None:
    """Nothing of a part is read before its row is there: an objection to it holds, whoever settles first."""
    notice = october(cast.village)
    lodge(cast.village, total_of(notice, "018"))
    with CaptureQueriesContext(connection) as caught:
        assert settled(cast.village).held == 2
    texts = [query["sql"] for query in caught]
    locks = [place for place, text in enumerate(texts) if "FOR UPDATE OF sheet" in text]
    claims = [place for place, text in enumerate(texts) if text.startswith("EXECUTE scoring_claim")]
    assert len(locks) == len(claims) == 2
    assert all(lock + 1 == claim for lock, claim in zip(locks, claims, strict=True))


def test_nothing_is_left_of_a_run_in_the_session(cast: Cast) -> None:
    october(cast.village)
    settled(cast.village)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'scoring%'")
        assert cursor.fetchone() == (0,)


def test_a_run_that_fails_leaves_nothing_prepared(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    october(cast.village)

    def broken(*_args: object) -> None:
        raise RuntimeError("the machine")

    with monkeypatch.context() as patched:
        patched.setattr(settlement, "_post", broken)
        with pytest.raises(RuntimeError):
            settled(cast.village)
    assert not Settlement.objects.exists()
    assert settled(cast.village).lines == 7


# What is held


def test_a_held_line_stays_out_and_comes_later(cast: Cast) -> None:
    notice = october(cast.village)
    objection = lodge(cast.village, line_of(notice, 5))
    report = settled(cast.village)
    assert (report.parts, report.lines, report.points, report.held) == (2, 6, 3400, 1)
    held = HeldLine.objects.get()
    assert (held.line.number, held.released, held.release) == (5, False, None)
    assert settled(cast.village, on=date(2026, 12, 1)) == SettlementReport()
    dismiss_objection(actor=cast.supervisor, objection_id=objection.pk, answer="签到表上没有")
    with clock.as_of(date(2026, 12, 2)):
        report = settle_due(actor=cast.secretary, unit_id=cast.village.pk)
    assert (report.parts, report.lines, report.points, report.held) == (0, 1, 1500, 0)
    held.refresh_from_db()
    assert held.released
    assert held.release is not None
    assert (held.release.pk, held.release.day) == (report.batches[0], date(2026, 12, 2))
    assert settled(cast.village, on=date(2026, 12, 3)) == SettlementReport()
    assert set(times_posted(notice).values()) == {1}
    assert list(audit()) == []


def test_a_part_whose_lines_are_all_held_is_settled_without_a_batch(cast: Cast) -> None:
    notice = noticed(cast.village, a_deed(cast.village, "018"))
    objection = lodge(cast.village, line_of(notice, 1))
    assert (settled(cast.village).held, Batch.objects.count()) == (1, 0)
    dismiss_objection(actor=cast.supervisor, objection_id=objection.pk, answer="签到表上没有")
    assert settled(cast.village).points == 800
    assert list(audit()) == []


def test_lines_that_are_cleared_one_after_the_other_each_post_once(cast: Cast) -> None:
    notice = october(cast.village)
    waiting = [lodge(cast.village, line_of(notice, number)) for number in (5, 6)]
    settled(cast.village)
    for objection, points in zip(waiting, (1500, 800), strict=True):
        dismiss_objection(actor=cast.supervisor, objection_id=objection.pk, answer="签到表上没有")
        assert settled(cast.village).points == points
    assert balance(cast.village, "018").honour == 2300
    assert list(audit()) == []


def test_what_was_held_of_one_sheet_is_released_in_one_go(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = october(cast.village)
    waiting = [lodge(cast.village, line_of(notice, number)) for number in (1, 3, 5, 6)]
    settled(cast.village)
    for objection in waiting:
        dismiss_objection(actor=cast.supervisor, objection_id=objection.pk, answer="签到表上没有")
    locked: list[int] = []
    lock = settlement._lock_sheet

    def counted(sheet_id: int) -> settlement._Sheet:
        locked.append(sheet_id)
        return lock(sheet_id)

    monkeypatch.setattr(settlement, "_lock_sheet", counted)
    assert settled(cast.village).lines == 4
    assert len(locked) == len(set(locked)) == 2


# At the same time


def unlocked(sheet_id: int) -> NoticeSheet:
    return NoticeSheet.objects.select_related("notice__unit").get(id=sheet_id)


def on(day: date, work: Callable[[], Any]) -> Callable[[], Any]:
    def dated() -> Any:
        with clock.as_of(day):
            return work()

    return dated


def noticed_there(village: Unit, *numbers: str) -> Notice:
    """Put what these households did on the board of a populated village, five points each."""
    deeds = (a_deed(village, number, of="1.2") for number in numbers)
    return noticed(village, *deeds, committee=committee_of(village))


@pytest.mark.slow
@pytest.mark.parametrize("locked", [True, False])
def test_two_runs_at_once_post_each_part_once(
    race_village: Unit, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """The first stops in the middle of its first part. Were the sheet not locked, the claim would still hold."""
    numbers, pause = ("005", "006", "007", "008"), Pause()
    notice = noticed_there(race_village, *numbers)
    monkeypatch.setattr(settlement, "_claim", after(settlement._claim, pause))
    if not locked:
        monkeypatch.setattr(settlement, "LOCK", settlement.SHEET)
    run = on(AFTER, lambda: settle_due(actor=SYSTEM, unit_id=race_village.pk))
    first, second = meet(run, run, pause)
    assert (first.parts + second.parts, first.lines + second.lines) == (3, 4)
    assert times_posted(notice) == {1: 1, 2: 1, 3: 1, 4: 1}
    assert [balance(race_village, number).honour for number in numbers] == [500] * 4


@pytest.mark.slow
@pytest.mark.parametrize("locked", [True, False])
@pytest.mark.parametrize("kind", ["line", "total"])
def test_an_objection_that_is_being_lodged_is_seen(
    race_village: Unit, monkeypatch: pytest.MonkeyPatch, locked: bool, kind: str
) -> None:
    """Lodged before midnight, committed after it, while the settlement runs. Without the lock it is overrun."""
    notice, pause = noticed_there(race_village, "005"), Pause()
    target = line_of(notice, 1) if kind == "line" else total_of(notice, "005")
    monkeypatch.setattr("xiangyue.scoring.operations.objections.log_act", after(records.log_act, pause))
    if not locked:
        monkeypatch.setattr(objections, "_locked_sheet", unlocked)
    objection, report = meet(
        on(DEADLINE, lambda: lodge(race_village, target, of="005")),
        on(AFTER, lambda: settle_due(actor=SYSTEM, unit_id=race_village.pk)),
        pause,
    )
    assert isinstance(objection, Objection)
    assert (report.lines, report.held) == ((0, 1) if locked else (1, 0))
    overrun = [fault.code for fault in audit() if (fault.subject, fault.id) == ("objection", objection.pk)]
    assert overrun == ([] if locked else ["posted-while-objected"])


@pytest.mark.slow
@pytest.mark.parametrize("locked", [True, False])
def test_an_objection_that_comes_while_its_line_is_posted_is_refused(
    race_village: Unit, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """Its machine's clock is a little behind: it is still the last day there."""
    notice, pause = noticed_there(race_village, "005"), Pause()
    line = line_of(notice, 1)
    monkeypatch.setattr(settlement, "_post", after(settlement._post, pause))
    if not locked:
        monkeypatch.setattr(objections, "_locked_sheet", unlocked)
    report, lodged = meet(
        on(AFTER, lambda: settle_due(actor=SYSTEM, unit_id=race_village.pk)),
        on(DEADLINE, lambda: lodge(race_village, line, of="005")),
        pause,
    )
    assert report.lines == 1
    assert isinstance(lodged, DeadlinePassed if locked else Objection)
    assert Objection.objects.filter(line=line).exists() != locked
