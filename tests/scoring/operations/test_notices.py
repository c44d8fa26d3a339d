import hashlib
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.people.cast import resident
from tests.scoring.cast import (
    DEADLINE,
    ISSUED,
    OCTOBER,
    PERIOD,
    a_deed,
    a_meeting,
    actor,
    approve,
    committee_of,
    household,
    noticed,
    october,
    populate,
    settled,
    standing,
    verified,
)
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Household, Joining, Level, Resident, Unit
from xiangyue.people.operations.roster import import_roster
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.roster_form import roster_workbook
from xiangyue.people.tree_refusals import NotAdmitted
from xiangyue.records import operations as records
from xiangyue.records.models import LoggedAct, OutboxMessage
from xiangyue.scoring.models import Notice, NoticeLine, NoticeSheet, NoticeTotal, ScoringRules, Verdict
from xiangyue.scoring.operations import hanging
from xiangyue.scoring.operations.hanging import public_form
from xiangyue.scoring.operations.meetings import Ruling, decide_deeds
from xiangyue.scoring.operations.notices import issue_notice
from xiangyue.scoring.refusals import NothingDecided, NoticeExists

GRIDS = ["第一网格", "第二网格", "第三网格"]


def sha256(value: object) -> str:
    """What anyone computes who has the public data and knows the form (written apart from the code)."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def third(notice: Notice) -> NoticeSheet:
    return notice.sheets.get(unit__name="第三网格")


def row(notice: Notice, number: str) -> NoticeTotal:
    return NoticeTotal.objects.get(sheet__notice=notice, number=number)


def test_every_household_stands_on_the_sheet_of_its_grid(cast: Cast) -> None:
    issued = october(cast.village)
    sheets = list(issued.sheets.order_by("position").values_list("position", "unit__name"))
    assert sheets == list(enumerate(GRIDS, start=1))
    totals = NoticeTotal.objects.filter(sheet__notice=issued).select_related("sheet__unit", "household__unit")
    assert {total.household_id for total in totals} == set(
        Household.objects.filter(village=cast.village).values_list("id", flat=True)
    )
    assert len(totals) == Household.objects.filter(village=cast.village).count()
    assert all(total.household.unit.path.startswith(total.sheet.unit.path) for total in totals)


def test_who_lives_in_no_grid_stands_on_the_village_s_own_sheet(cast: Cast) -> None:
    village = Unit.objects.get(code="440783104220")
    populate(village, households=6, grids=1)
    loose = roster_workbook([resident("099", "独一户", grid="", group="")])
    import_roster(actor=SYSTEM, village_id=village.pk, content=loose, name="b.xlsx")
    shares = verified(a_deed(village, "099", of="1.2"), a_deed(village, "006", of="1.2"))
    approve(a_meeting(village, committee_of(village)), shares, by=committee_of(village)[0])
    issued = issue_notice(actor=SYSTEM, unit_id=village.pk, period=PERIOD)
    own, grid = issued.sheets.order_by("position")
    assert (own.unit, list(own.totals.values_list("number", flat=True))) == (village, ["099"])
    assert (grid.unit.level, grid.totals.count()) == (Level.GRID, 6)


def test_who_has_moved_away_still_stands_there_with_what_was_decided(cast: Cast) -> None:
    elsewhere = Unit.objects.get(code="440783104220")
    approve(a_meeting(cast.village), verified(a_deed(cast.village, "018")))
    Household.objects.filter(pk=household(cast.village, "018").pk).update(unit=elsewhere)
    issued = issue_notice(actor=SYSTEM, unit_id=cast.village.pk, period=PERIOD)
    assert (row(issued, "018").sheet.unit, row(issued, "018").plus) == (cast.village, 800)
    assert row(issued, "004").sheet.unit.name == "第三网格"


def test_totals_and_ranks(cast: Cast) -> None:
    """Ranked within the sheet by what the month brought; ties share a rank, and the next one counts on."""
    rows = list(third(october(cast.village)).totals.values_list("rank", "number", "plus", "minus", "honour"))
    assert rows[:4] == [
        (1, "018", 2300, 0, 2300),
        (2, "013", 800, 0, 800),
        (2, "050", 800, 0, 800),
        (4, "004", 1500, 1000, 500),
    ]
    assert {row[0] for row in rows[4:]} == {5}
    assert [row[1] for row in rows[4:]] == sorted(row[1] for row in rows[4:])


def test_honour_is_what_there_was_with_what_the_month_brings(cast: Cast) -> None:
    september = PERIOD.parse("2026-09")
    noticed(cast.village, a_deed(cast.village, "018", day=date(2026, 9, 1)), period=september)
    settled(cast.village)
    issued = october(cast.village)
    assert (row(issued, "018").plus, row(issued, "018").honour) == (2300, 3100)
    assert row(issued, "004").honour == 500


def test_lines_are_numbered_through_the_village(cast: Cast) -> None:
    """By grid, by household, by day of the act."""
    issued = october(cast.village)
    assert standing(issued) == list(OCTOBER)
    lines = NoticeLine.objects.filter(sheet__notice=issued)
    assert set(lines.values_list("deadline", "replaces")) == {(DEADLINE, None)}
    assert all(line.points == line.share.points for line in lines.select_related("share"))


def test_names_are_masked(cast: Cast) -> None:
    issued = october(cast.village)
    assert (row(issued, "018").masked_name, row(issued, "004").masked_name) == ("田＊生", "麦＊香")
    names = set(Resident.objects.values_list("name", flat=True))
    masked = NoticeTotal.objects.filter(sheet__notice=issued).values_list("masked_name", flat=True)
    assert len(masked) == 62
    assert not names & set(masked)


@pytest.mark.parametrize(("days", "deadline"), [(3, (11, 4)), (5, (11, 6)), (15, (11, 16))])
def test_the_day_of_issue_counts_as_the_first(cast: Cast, days: int, deadline: tuple[int, int]) -> None:
    ScoringRules.objects.update(notice_days=days)
    issued = october(cast.village)
    assert (issued.issued_on, issued.deadline) == (ISSUED, date(2026, *deadline))
    assert set(issued.sheets.values_list("issued_on", "deadline")) == {(ISSUED, issued.deadline)}
    assert (issued.edition, issued.unit, issued.period) == (1, cast.village, "2026-10")


def test_anyone_can_compute_the_digests_again(cast: Cast) -> None:
    """From what hangs there: numbers and figures, one list for a sheet, the notice's over its sheets'."""
    issued = october(cast.village)
    sheets = list(issued.sheets.order_by("position"))
    for sheet in sheets:
        totals = sheet.totals.order_by("number").values_list("number", "plus", "minus", "honour")
        lines = sheet.lines.order_by("number").values_list("number", "share_id", "points")
        form = {
            "unit": sheet.unit.code,
            "period": "2026-10",
            "issued_on": "2026-11-02",
            "deadline": "2026-11-06",
            "totals": [list(total) for total in totals],
            "lines_digest": sha256([[*line, "2026-11-06"] for line in lines]),
        }
        assert json.loads(json.dumps(public_form(sheet, sheet.totals.all()))) == form
        assert sheet.digest == sha256(form)
    assert issued.digest == sha256([sheet.digest for sheet in sheets])
    assert len({sheet.digest for sheet in sheets}) == 3


def test_what_is_digested_and_shown_names_nobody_and_no_reason(cast: Cast) -> None:
    """Deductions are figures only; names can be erased later without breaking a digest."""
    sheet = third(october(cast.village))
    public = json.dumps(public_form(sheet, sheet.totals.all()), ensure_ascii=False)
    names = Resident.objects.filter(household__village=cast.village).values_list("name", flat=True)
    titles = cast.catalogue.indicators.values_list("title", flat=True)
    masked = sheet.totals.values_list("masked_name", flat=True)
    assert not [word for word in (*names, *titles, *masked) if word in public]
    sheet.totals.update(masked_name="＊")
    assert sheet.digest == sha256(public_form(sheet, sheet.totals.all()))


@pytest.mark.parametrize("field", ["plus", "minus", "honour", "number"])
def test_every_figure_counts_in_the_digest(cast: Cast, field: str) -> None:
    sheet = third(october(cast.village))
    totals = list(sheet.totals.all())
    setattr(totals[0], field, "999" if field == "number" else getattr(totals[0], field) + 1)
    assert sha256(public_form(sheet, totals)) != sheet.digest


def test_what_was_rejected_is_not_noticed_and_what_was_cut_away_is(cast: Cast) -> None:
    gone, cut = verified(a_deed(cast.village, "018"), a_deed(cast.village, "004"))
    held = a_meeting(cast.village)
    decide_deeds(
        actor=actor("松如海"), meeting_id=held.pk, rulings=[Ruling(gone.pk, Verdict.REJECT, reason="没来")]
    )
    approve(held, [cut])
    cut.points = 0
    cut.save()
    assert standing(issue_notice(actor=SYSTEM, unit_id=cast.village.pk, period=PERIOD)) == [(1, "004", 0)]


def test_a_month_has_one_notice(cast: Cast) -> None:
    october(cast.village)
    with pytest.raises(NoticeExists):
        issue_notice(actor=SYSTEM, unit_id=cast.village.pk, period=PERIOD)
    assert Notice.objects.count() == 1


def test_a_month_without_decisions_has_none(cast: Cast) -> None:
    with pytest.raises(NothingDecided):
        issue_notice(actor=SYSTEM, unit_id=cast.village.pk, period=PERIOD)
    (share,) = verified(a_deed(cast.village, "018"))
    rejected = Ruling(share.pk, Verdict.REJECT, reason="没来")
    decide_deeds(actor=actor("松如海"), meeting_id=a_meeting(cast.village).pk, rulings=[rejected])
    with pytest.raises(NothingDecided):
        issue_notice(actor=SYSTEM, unit_id=cast.village.pk, period=PERIOD)
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    "login", ["松如海", "桑叶青", "茶山青", "竹有节", "云帆远", "仓有余", "admin", "过路人"]
)
def test_only_the_secretary_issues_it(cast: Cast, login: str) -> None:
    approve(a_meeting(cast.village), verified(a_deed(cast.village, "018")))
    with pytest.raises(NotAllowed):
        issue_notice(actor=actor(login), unit_id=cast.village.pk, period=PERIOD)
    issued = issue_notice(actor=cast.secretary, unit_id=cast.village.pk, period=PERIOD)
    logged = LoggedAct.objects.get(act="issue", subject="notice")
    assert (logged.subject_id, logged.actor_id) == (issued.pk, cast.secretary.id)


def test_who_listens_is_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(records._consumers, "notice-issued", lambda payload: None)
    issued = october(cast.village)
    told = OutboxMessage.objects.get()
    assert (told.topic, told.payload, told.written_at.date()) == (
        "notice-issued",
        {"notice": issued.pk},
        clock.now().date(),
    )


def test_a_sheet_settles_in_parts_and_no_household_is_torn_apart(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hanging, "HOUSEHOLDS_OF_A_PART", 4)
    lines = third(october(cast.village)).lines.values_list("household__number", "part")
    # By place on the sheet: 004 is the 1st of its grid, 013 the 3rd, 018 the 4th, 050 the 9th.
    assert set(lines) == {("004", 0), ("013", 0), ("018", 0), ("050", 2)}


def grown(cast: Cast, code: str, households: int, grids: int) -> Callable[[], Notice]:
    """Give what issues the notice of a village of that size, in which everybody has a line."""
    village = Unit.objects.get(code=code)
    numbers = populate(village, households=households, grids=grids)
    approve(
        a_meeting(village, committee_of(village)),
        verified(*(a_deed(village, number, of="1.2") for number in numbers)),
        by=committee_of(village)[0],
    )
    return lambda: issue_notice(actor=SYSTEM, unit_id=village.pk, period=PERIOD)


def test_a_large_notice_costs_the_queries_of_a_small_one(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    small, large = grown(cast, "440783104220", 10, 2), grown(cast, "440783104222", 60, 6)
    with CaptureQueriesContext(connection) as counted:
        assert small().sheets.count() == 2
    with django_assert_max_num_queries(len(counted)):
        assert large().sheets.count() == 6


@pytest.mark.parametrize("joining", [each for each in Joining if each != Joining.ADMITTED])
def test_a_village_that_is_not_admitted_hangs_no_notice(cast: Cast, joining: Joining) -> None:
    approve(a_meeting(cast.village), verified(a_deed(cast.village, "018")))
    Unit.objects.filter(pk=cast.village.pk).update(joining=joining)
    with pytest.raises(NotAdmitted) as refused:
        issue_notice(actor=SYSTEM, unit_id=cast.village.pk, period=PERIOD)
    assert refused.value.facts == {"unit": cast.village.name, "joining": joining.label}
    assert not Notice.objects.exists()
    Unit.objects.filter(pk=cast.village.pk).update(joining=Joining.ADMITTED)
    assert issue_notice(actor=SYSTEM, unit_id=cast.village.pk, period=PERIOD)
