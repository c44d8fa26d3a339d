"""Judges' scores from a sheet: a row for each household, a column for each judge."""

from datetime import date

import pytest

from tests.cast import COMMITTEE, Cast
from tests.catalogue.cast import in_force
from tests.scoring.cast import indicator
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Household
from xiangyue.scoring.inspection_sheet import inspection_form, read_scores
from xiangyue.scoring.models import Inspection, InspectionScore
from xiangyue.scoring.operations.inspecting import open_inspection, score_households
from xiangyue.scoring.source_refusals import UnknownJudges
from xiangyue.sheets.problems import SheetRefused
from xiangyue.sheets.read import read_tables
from xiangyue.sheets.refusals import MissingColumns
from xiangyue.sheets.write import Column, SheetForm, write_workbook

DAY = date(2026, 10, 20)
ONE, OTHER = COMMITTEE[0], COMMITTEE[1]


@pytest.fixture
def opened(cast: Cast) -> Inspection:
    rows = ({"编号": "1", "指标": "庭院检查", "分值": "1-10"},)
    in_force(SYSTEM, cast.village, date(2026, 2, 1), *rows)
    return open_inspection(
        actor=cast.clerk,
        unit_id=cast.village.pk,
        indicator_id=indicator(cast.village, "1", DAY).pk,
        day=DAY,
        name="十月庭院检查",
        key="k",
    )


def workbook(headers: list[str], *rows: list[str]) -> bytes:
    return write_workbook([SheetForm("评分", [Column(header) for header in headers], rows)])


def test_a_column_is_a_judge_and_an_empty_cell_is_no_score(cast: Cast, opened: Inspection) -> None:
    content = workbook(["户号", ONE, OTHER, "说明"], ["018", "8", "", "干净"], ["004", "6.5", "9", ""])
    scores = read_scores(opened, content, "评分.xlsx")
    assert [(score.judge_id, score.household.number, score.points, score.note) for score in scores] == [
        (cast.user(ONE).pk, "018", 800, "干净"),
        (cast.user(ONE).pk, "004", 650, ""),
        (cast.user(OTHER).pk, "004", 900, ""),
    ]
    score_households(actor=cast.clerk, inspection_id=opened.pk, scores=scores)
    assert InspectionScore.objects.count() == 3


@pytest.mark.parametrize(
    ("row", "header", "code"),
    [
        (["999", "8"], "户号", "unknown-household"),
        (["018", "很多"], ONE, "not-points"),
        (["018", "11"], ONE, "points-not-allowed"),
        (["030", "8"], ONE, "own-household"),
        (["004", "8"], "户号", "scored-twice"),
    ],
)
def test_a_bad_cell_is_named(opened: Inspection, row: list[str], header: str, code: str) -> None:
    with pytest.raises(SheetRefused) as caught:
        read_scores(opened, workbook(["户号", ONE], ["004", "8"], row), "评分.xlsx")
    (problem,) = caught.value.problems
    assert (problem.row, problem.header, problem.code) == (3, header, code)


@pytest.mark.parametrize("judge", ["竹有节", "明镜台", "没有这人"])
def test_a_column_of_nobody_who_judges_here_is_refused(opened: Inspection, judge: str) -> None:
    with pytest.raises(UnknownJudges) as caught:
        read_scores(opened, workbook(["户号", ONE, judge], ["018", "8", "8"]), "评分.xlsx")
    assert caught.value.facts["names"] == judge


def test_a_sheet_without_numbers_or_judges_is_none(opened: Inspection) -> None:
    with pytest.raises(MissingColumns):
        read_scores(opened, workbook([ONE], ["8"]), "评分.xlsx")
    with pytest.raises(UnknownJudges):
        read_scores(opened, workbook(["户号"], ["018"]), "评分.xlsx")


def test_the_form_lists_the_round_s_households(cast: Cast, opened: Inspection) -> None:
    content = inspection_form(opened, [cast.user(ONE), cast.user(OTHER)])
    (table,) = read_tables(content, "评分.xlsx")
    assert list(table.headers) == ["户号", "户主", ONE, OTHER, "说明"]
    numbers = Household.objects.filter(village=cast.village).values_list("number", flat=True)
    assert sorted(row.text("户号") for row in table.rows) == sorted(numbers)
    assert {row.text("户号"): row.text("户主") for row in table.rows}["018"] == "田禾生"
    assert read_scores(opened, content, "评分.xlsx") == []
