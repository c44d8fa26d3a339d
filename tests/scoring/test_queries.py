from datetime import date
from typing import Any

import pytest

from tests.cast import Cast
from tests.scoring.cast import (
    AFTER,
    DEADLINE,
    LABOUR,
    OCTOBER,
    PERIOD,
    VOLUNTEERING,
    a_deed,
    a_meeting,
    actor,
    approve,
    bring,
    committee_of,
    household,
    noticed,
    october,
    populate,
    settled,
    standing,
    verified,
)
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.people.models import Unit
from xiangyue.scoring.models import DeedState, Notice, NoticeLine, Objection, Source
from xiangyue.scoring.operations.objections import dismiss_objection, lodge_objection, uphold_objection
from xiangyue.scoring.operations.review import verify_deeds
from xiangyue.scoring.queries import (
    NoticeFigures,
    current_lines,
    decidable_by,
    due_parts,
    figures_of,
    held_back,
    line_of,
    newest_meeting,
    newest_notices,
    notice_of,
    objections_to,
    posted_lines,
    released_lines,
    shares_in_state,
    sheet_code,
    total_of,
    unverified_shares_in,
)
from xiangyue.scoring.refusals import NoMeeting, NoNotice, UnknownLine, UnknownTotal

SEPTEMBER = PERIOD.parse("2026-09")
EMPTY = "440783104220"


def lodge(cast: Cast, notice: Notice, number: int, *, of: str = "018") -> Objection:
    by = Actor.card(household(cast.village, of).pk)
    return lodge_objection(
        actor=by, target=line_of(notice, number), household_id=by.id, text="不对", key=f"{number}:{of}"
    )


def test_shares_are_listed_by_state_and_day(cast: Cast, django_assert_num_queries: Any) -> None:
    late, early = bring(
        SYSTEM, a_deed(cast.village, "018", day=date(2026, 10, 9)), a_deed(cast.village, "004", "001")
    )
    early.day = date(2026, 10, 1)
    early.save()
    verified(a_deed(cast.village, "050"))
    with django_assert_num_queries(1):
        rows = [
            (share.deed, share.household.number, share.deed.indicator.title, share.resident)
            for share in shares_in_state(cast.village, DeedState.SUBMITTED)
        ]
    assert rows == [(early, "004", LABOUR, None), (early, "001", LABOUR, None), (late, "018", LABOUR, None)]
    assert not shares_in_state(Unit.objects.get(code=EMPTY), DeedState.SUBMITTED).exists()


def test_what_waits_for_a_voucher_is_counted_by_share(cast: Cast) -> None:
    (deed,) = bring(cast.clerk, a_deed(cast.village, "018", "001"))
    assert unverified_shares_in(cast.village) == 2
    verify_deeds(actor=cast.grid_leader, deed_ids=[deed.pk])
    assert unverified_shares_in(cast.village) == 1
    verify_deeds(actor=cast.secretary, deed_ids=[deed.pk])
    assert unverified_shares_in(cast.village) == 0


def test_what_a_member_may_decide(cast: Cast) -> None:
    """Neither what is their household's, nor what they brought, nor what is decided already, nor what waits."""
    (brought,) = bring(cast.committee_member, a_deed(cast.village, "018"), source=Source.NEIGHBOUR)
    verify_deeds(actor=SYSTEM, deed_ids=[brought.pk])
    own, free, done = verified(*(a_deed(cast.village, number) for number in ("030", "004", "050")))
    half, rest = verified(a_deed(cast.village, "013", "018"))
    approve(a_meeting(cast.village), [done, half])
    bring(cast.clerk, a_deed(cast.village, "001"))
    assert decidable_by(cast.committee_member, cast.village) == [free.pk, rest.pk]
    other = decidable_by(actor("柏长青"), cast.village)
    assert set(other) == {brought.shares.get().pk, own.pk, free.pk, rest.pk}


def test_the_newest_meeting_of_a_month(cast: Cast) -> None:
    with pytest.raises(NoMeeting):
        newest_meeting(cast.village, PERIOD)
    a_meeting(cast.village)
    latest = a_meeting(cast.village)
    a_meeting(cast.village, period=PERIOD.next())
    assert newest_meeting(cast.village, PERIOD) == latest


def test_what_is_looked_for_and_not_there_is_refused(cast: Cast) -> None:
    with pytest.raises(NoNotice):
        notice_of(cast.village, PERIOD)
    notice = october(cast.village)
    assert notice_of(cast.village, PERIOD) == notice
    for looking, refusal in (
        (lambda: notice_of(cast.village, PERIOD, edition=2), NoNotice),
        (lambda: notice_of(cast.village, PERIOD.next()), NoNotice),
        (lambda: line_of(notice, 8), UnknownLine),
        (lambda: total_of(notice, "999"), UnknownTotal),
    ):
        with pytest.raises(refusal):
            looking()
    assert (line_of(notice, 5).points, total_of(notice, "018").plus) == (1500, 2300)


def test_what_stands_is_of_this_month_and_village_alone(cast: Cast) -> None:
    other = Unit.objects.get(code=EMPTY)
    populate(other, households=6, grids=1)
    theirs = noticed(other, a_deed(other, "005", of="1.2"), committee=committee_of(other))
    before = noticed(cast.village, a_deed(cast.village, "018", of=VOLUNTEERING), period=SEPTEMBER)
    notice = october(cast.village)
    assert standing(notice) == list(OCTOBER)
    assert standing(before) == [(1, "018", 1500)]
    assert standing(theirs) == [(1, "005", 500)]
    lodge(cast, notice, 1)
    assert [list(objections_to(one)) for one in (theirs, before)] == [[], []]
    # The open objection to line 1 of October holds no other month's or village's line 1.
    held = held_back(NoticeLine.objects.all())
    assert [(line.sheet.notice, line.number) for line in held] == [(notice, 1)]


def test_the_states_of_a_line_from_the_board_to_the_ledger(cast: Cast) -> None:
    """Due, held, settled, released, posted: each seen where it is, and nowhere else."""
    village, notice = cast.village, october(cast.village)
    first, third = (notice.sheets.get(unit__name=name).pk for name in ("第一网格", "第三网格"))
    objection = lodge(cast, notice, 5)
    everything = current_lines(notice)
    assert due_parts(village, DEADLINE) == []
    assert due_parts(village, AFTER) == [(first, 0), (third, 0)]
    assert due_parts(Unit.objects.get(code=EMPTY), AFTER) == []
    assert not posted_lines(everything).exists()
    settled(village)
    assert due_parts(village, AFTER) == []
    assert list(posted_lines(everything).values_list("number", flat=True)) == [1, 2, 3, 4, 6, 7]
    assert not released_lines(village).exists()
    dismiss_objection(actor=cast.supervisor, objection_id=objection.pk, answer="签到表上没有")
    assert [line.number for line in released_lines(village)] == [5]
    assert not released_lines(Unit.objects.get(code=EMPTY)).exists()
    settled(village)
    assert not released_lines(village).exists()
    assert posted_lines(everything).count() == 7


def test_objections_are_listed_over_the_editions(cast: Cast) -> None:
    notice = october(cast.village)
    first = lodge(cast, notice, 5)
    _answered, edition = uphold_objection(
        actor=cast.supervisor, objection_id=first.pk, answer="记错了", corrections={5: 0}
    )
    second = lodge(cast, edition, 5, of="004")
    assert second.sheet.notice == edition
    for one in (notice, edition):
        assert list(objections_to(one)) == [first, second]
        assert current_lines(one).get(number=5).points == 0


def test_figures_of_many_notices_cost_two_queries(cast: Cast, django_assert_num_queries: Any) -> None:
    before = noticed(cast.village, a_deed(cast.village, "018"), period=SEPTEMBER)
    notice = october(cast.village)
    objection = lodge(cast, notice, 5)
    _answered, edition = uphold_objection(
        actor=cast.supervisor, objection_id=objection.pk, answer="记错了", corrections={5: 0}
    )
    with django_assert_num_queries(2):
        figures = figures_of([before, notice, edition])
    assert figures == {
        before.pk: NoticeFigures(62, 800, 0, 0),
        notice.pk: NoticeFigures(62, 5900, 1000, 1),
        edition.pk: NoticeFigures(62, 4400, 1000, 1),
    }
    assert [figures[one.pk].net for one in (before, notice, edition)] == [800, 4900, 3400]


def test_notices_are_listed_by_month_and_only_in_their_newest_edition(cast: Cast) -> None:
    before = noticed(cast.village, a_deed(cast.village, "018"), period=SEPTEMBER)
    notice = october(cast.village)
    town = cast.village.parent
    assert town is not None
    assert list(newest_notices(town)) == [notice, before]
    _answered, edition = uphold_objection(
        actor=cast.supervisor, objection_id=lodge(cast, notice, 5).pk, answer="记错了", corrections={5: 0}
    )
    assert list(newest_notices(town)) == [edition, before]
    assert not newest_notices(Unit.objects.get(code=EMPTY)).exists()


def test_a_sheet_s_code_is_the_head_of_its_digest(cast: Cast) -> None:
    sheet = october(cast.village).sheets.all()[0]
    assert (sheet_code(sheet), len(sheet_code(sheet))) == (sheet.digest[:16].upper(), 16)
