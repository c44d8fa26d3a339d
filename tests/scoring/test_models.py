"""What the database itself refuses, whatever an operation forgets."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from tests.cast import Cast
from tests.scoring.cast import household, october
from xiangyue.scoring.models import (
    Attendance,
    Decision,
    Deed,
    HeldLine,
    Meeting,
    Notice,
    NoticeLine,
    NoticeSheet,
    NoticeTotal,
    Objection,
    ObjectionWay,
    ScoringRules,
    Settlement,
    Share,
)
from xiangyue.scoring.queries import line_of, total_of

YESTERDAY = date(2026, 11, 1)


def refused(write: Callable[[], Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        write()


def again(row: models.Model, **changes: Any) -> Callable[[], None]:
    """Insert a copy of a row, changed."""

    def insert() -> None:
        copy = type(row).objects.get(pk=row.pk)  # type: ignore[attr-defined]
        copy.pk, copy._state.adding = None, True
        for name, value in changes.items():
            setattr(copy, name, value)
        copy.save(force_insert=True)

    return insert


@pytest.mark.parametrize(
    ("field", "value", "constraint"),
    [
        ("notice_days", 2, "notice_hangs_3_to_15_days"),
        ("notice_days", 16, "notice_hangs_3_to_15_days"),
        ("quorum_percent", 0, "quorum_in_percent"),
        ("quorum_percent", 101, "quorum_in_percent"),
    ],
)
def test_rules_stay_within_their_bounds(cast: Cast, field: str, value: int, constraint: str) -> None:
    refused(lambda: ScoringRules.objects.update(**{field: value}), constraint)


def test_what_there_is_once_there_is_once(cast: Cast) -> None:
    notice = october(cast.village)
    sheet = notice.sheets.get(position=3)
    line = line_of(notice, 5)
    newer = NoticeLine.objects.create(
        sheet=notice.sheets.get(position=1),
        share=line.share,
        household=line.household,
        number=5,
        points=0,
        deadline=line.deadline,
        part=0,
        replaces=line,
    )
    part = Settlement.objects.create(sheet=sheet, part=7, settled_at="2026-11-07T00:00Z")
    held = HeldLine.objects.create(settlement=part, line=line)
    deed = Deed.objects.all()[0]
    for write, constraint in [
        (again(deed, public_id="0" * 32), "one_deed_of_a_key"),
        (again(deed.shares.all()[0]), "one_share_each"),
        (again(Meeting.objects.get()), "one_meeting_of_a_key"),
        (again(Attendance.objects.all()[0]), "attends_once"),
        (again(Decision.objects.all()[0]), "scoring_decision_share"),
        (again(notice, public_id="0" * 32), "one_notice_a_period"),
        (again(sheet), "one_sheet_a_grid"),
        (again(NoticeTotal.objects.filter(sheet=sheet)[0]), "one_total_each"),
        (again(line), "one_line_a_share"),
        (again(newer, sheet=notice.sheets.get(position=2)), "scoring_noticeline_replaces"),
        (again(part), "a_part_settles_once"),
        (again(held), "scoring_heldline_line"),
    ]:
        refused(write, constraint)


def test_only_a_first_edition_must_hang_before_its_deadline(cast: Cast) -> None:
    notice = october(cast.village)
    refused(lambda: Notice.objects.filter(pk=notice.pk).update(deadline=YESTERDAY), "deadline_after_issue")
    Notice.objects.filter(pk=notice.pk).update(edition=2, deadline=YESTERDAY)


def test_an_objection_is_to_a_line_or_a_total_or_all_and_never_to_two(cast: Cast) -> None:
    notice = october(cast.village)
    objection = Objection(
        sheet=NoticeSheet.objects.all()[0],
        line=line_of(notice, 5),
        total=total_of(notice, "018"),
        household=household(cast.village, "018"),
        way=ObjectionWay.CARD,
        text="不对",
        lodged_by_kind="card",
        lodged_by_id=1,
        lodged_at="2026-11-02T00:00Z",
        answer_by=date(2026, 11, 9),
        key="k",
    )
    refused(objection.save, "objects_to_one_thing")
    objection.line = None
    objection.save()
    assert not objection.is_to_all
    objection.total = None
    objection.save()
    assert objection.is_to_all


def test_a_share_without_a_person_is_the_household_s_only_one(cast: Cast) -> None:
    share = Share.objects.get(pk=line_of(october(cast.village), 5).share_id)
    assert share.resident is None
    refused(again(share), "one_share_each")
