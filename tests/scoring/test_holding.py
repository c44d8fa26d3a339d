"""What holds a line makes its sheet contested, so that settling asks for each line: a hold that is missed is posted."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.utils.tree import Node

from tests.cast import Cast
from tests.scoring.cast import october
from xiangyue.kernel import clock
from xiangyue.people.operations.units import locked_unit
from xiangyue.scoring.models import (
    Notice,
    NoticeLine,
    NoticeSheet,
    Objection,
    ObjectionState,
    ObjectionWay,
    Remark,
)
from xiangyue.scoring.operations.editions import issue_edition
from xiangyue.scoring.queries import CONTESTED, held_back, line_of, total_of
from xiangyue.users.queries import user_by_login

DUE = date(2026, 11, 9)


@pytest.fixture
def notice(cast: Cast) -> Notice:
    """With line 5, of household 018, on the third grid's sheet."""
    return october(cast.village)


def contested(sheet: NoticeSheet) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {CONTESTED} FROM scoring_noticesheet sheet
            JOIN scoring_notice notice ON notice.id = sheet.notice_id WHERE sheet.id = %s
            """,
            [sheet.pk],
        )
        return bool(cursor.fetchone()[0])


def object_to(notice: Notice, **about: Any) -> Objection:
    line = line_of(notice, 5)
    return Objection.objects.create(
        sheet=line.sheet,
        household=line.household,
        text="不对",
        way=ObjectionWay.CARD,
        lodged_by_kind="card",
        lodged_by_id=line.household_id,
        lodged_at=clock.now(),
        answer_by=DUE,
        key="objection",
        **about,
    )


def hold(notice: Notice, kind: str) -> None:
    line = line_of(notice, 5)
    if kind == "line":
        object_to(notice, line=line)
    elif kind == "total":
        object_to(notice, total=total_of(notice, "018"))
    elif kind == "notice":
        object_to(notice, admitted_at=clock.now())
    elif kind == "remark":
        by = user_by_login("竹有节")
        Remark.objects.create(
            share=line.share, text="没看见", holds=True, made_by=by, made_at=clock.now(), key="remark"
        )
    else:
        locked_unit(notice.unit_id)
        issue_edition(notice, {line: 300})


@pytest.mark.parametrize("kind", ["line", "total", "notice", "remark", "correction"])
def test_whatever_holds_a_line_makes_its_sheet_contested(notice: Notice, kind: str) -> None:
    sheet = line_of(notice, 5).sheet
    lines = NoticeLine.objects.filter(sheet=sheet)
    assert not contested(sheet)
    assert not held_back(lines).exists()
    hold(notice, kind)
    assert held_back(lines).exists()
    assert contested(sheet)


def test_a_correction_that_is_objected_to_makes_its_own_sheet_contested(notice: Notice) -> None:
    locked_unit(notice.unit_id)
    edition = issue_edition(notice, {line_of(notice, 5): 300})
    object_to(notice, line=line_of(edition, 5))
    sheet = edition.sheets.get(unit__name="第三网格")
    assert held_back(NoticeLine.objects.filter(sheet=sheet)).exists()
    assert contested(sheet)


@pytest.mark.parametrize("kind", ["line", "total", "notice", "remark"])
def test_what_is_closed_contests_nothing(notice: Notice, kind: str) -> None:
    hold(notice, kind)
    Objection.objects.update(state=ObjectionState.DISMISSED)
    Remark.objects.update(answered_at=clock.now())
    for sheet in notice.sheets.all():
        assert not contested(sheet)
        assert not held_back(NoticeLine.objects.filter(sheet=sheet)).exists()


def test_a_new_kind_of_hold_has_to_be_told_to_the_claim() -> None:
    """Whoever changes this number has added to `held_back`: `CONTESTED` and the kinds above must know it too."""
    (either,) = held_back(NoticeLine.objects.all()).query.where.children
    assert isinstance(either, Node)
    assert (either.connector, len(either.children)) == ("OR", 6)
