"""What a notice's page shows of a correction and of a special notice, and how it leaves the public pages."""

import re
from datetime import date, timedelta

import pytest

from tests.cast import Cast
from tests.gate.test_views import queries
from tests.scoring.cast import (
    DEADLINE,
    LABOUR,
    PERIOD,
    RUBBISH,
    SWEEPING,
    a_deed,
    a_meeting,
    approve,
    noticed,
    october,
    verified,
)
from tests.web import Visitor, masked, sheet_path, told_names
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.periods import Period
from xiangyue.scoring.models import Notice, NoticeSheet, ScoringRules
from xiangyue.scoring.operations.objections import lodge_objection, uphold_objection
from xiangyue.scoring.operations.special import issue_special
from xiangyue.scoring.queries import is_public, line_of, newest_notices, public_notices

WHY = "田禾生下河救人"
CORRECTED = date(2026, 11, 4)
LAST = DEADLINE + timedelta(days=90)  # of the term in public
ROW = re.compile(r'<li class="rank[^>]*>.*?</li>', re.DOTALL)
TAILS = ("", "data.json", "print/a3/", "print/a4/")


@pytest.fixture
def notice(cast: Cast) -> Notice:
    return october(cast.village)


@pytest.fixture
def special(cast: Cast) -> Notice:
    """Of 018 alone, whose other award waits for the month's notice."""
    deeds = (a_deed(cast.village, "018"), a_deed(cast.village, "018", of=SWEEPING))
    first, _second = approve(a_meeting(cast.village), verified(*deeds))
    return issue_special(
        actor=SYSTEM, unit_id=cast.village.pk, period=PERIOD, share_ids=[first.pk], reason=WHY
    )


def third(notice: Notice) -> NoticeSheet:
    return notice.sheets.get(unit__name="第三网格")


def corrected(cast: Cast, notice: Notice, corrections: dict[int, int]) -> Notice:
    for number, points in corrections.items():
        line = line_of(notice, number)
        objection = lodge_objection(
            actor=SYSTEM, target=line, household_id=line.household_id, text="不对", key=f"{number}"
        )
        with clock.as_of(CORRECTED):
            _answered, notice = uphold_objection(
                actor=cast.supervisor, objection_id=objection.pk, answer="改", corrections={number: points}
            )
    return notice


# A correction


def test_a_new_edition_tells_what_changed_and_until_when_one_may_object(
    cast: Cast, visitor: Visitor, notice: Notice
) -> None:
    sheet = third(corrected(cast, notice, {2: -300}))
    page = visitor.read(sheet_path(sheet))
    assert "这是更正后的第2版" in page
    assert "第2条 −10分 → −3分" in page
    assert "改过的，11月8日前还可以提异议；没改的，期限不变。" in page
    marked = [row for row in ROW.findall(page) if "更正" in row]
    assert len(marked) == 1
    assert "004号" in marked[0]
    assert told_names(page) == []
    assert RUBBISH not in page


def test_a_sheet_that_was_not_corrected_is_no_new_edition(
    cast: Cast, visitor: Visitor, notice: Notice
) -> None:
    edition = corrected(cast, notice, {2: -300})
    page = visitor.read(sheet_path(edition.sheets.get(position=1)))
    assert "更正" not in page
    assert "更正" not in visitor.read(sheet_path(edition.sheets.get(position=1), "print/a4/"))


def test_only_the_last_correction_of_a_sheet_is_marked(cast: Cast, visitor: Visitor, notice: Notice) -> None:
    """Line 2 and then line 5 on the third grid's sheet; line 1 after them, on the first grid's."""
    last = corrected(cast, notice, {2: -300, 5: 1000, 1: 400})
    assert last.edition == 4
    page = visitor.read(sheet_path(third(last)))
    assert "这是更正后的第3版" in page
    assert "第5条 +15分 → +10分" in page
    assert "第2条" not in page
    assert "第1条 +5分 → +4分" in visitor.read(sheet_path(last.sheets.get(position=1)))


@pytest.mark.parametrize("paper", ["a3", "a4"])
def test_the_poster_frames_what_was_corrected(
    cast: Cast, visitor: Visitor, notice: Notice, paper: str
) -> None:
    sheet = third(corrected(cast, notice, {2: -300}))
    page = visitor.read(sheet_path(sheet, f"print/{paper}/"))
    assert "更正第2版" in page
    assert "框起来的是这次更正的：第2条 −10分 → −3分" in page
    framed = re.findall(r'<tr class="[^"]*fix">.*?</tr>', page, re.DOTALL)
    assert len(framed) == 1
    assert ">004<" in framed[0]
    assert masked(page) == sheet.totals.count()


def test_each_paper_has_its_own_code(visitor: Visitor, notice: Notice) -> None:
    codes = {
        re.findall(r'<b class="digest">([^<]+)</b>', visitor.read(sheet_path(sheet, "print/a4/")))[0]
        for sheet in notice.sheets.all()
    }
    assert len(codes) == 3


def test_what_changed_costs_one_query_however_much_it_is(
    cast: Cast, visitor: Visitor, notice: Notice
) -> None:
    before = queries(visitor, sheet_path(third(notice)))
    last = corrected(cast, notice, {2: -300, 5: 1000, 6: 100})
    assert queries(visitor, sheet_path(third(last))) == before


# A special notice


def test_a_special_notice_has_a_page_and_papers_of_its_own(visitor: Visitor, special: Notice) -> None:
    (sheet,) = special.sheets.all()
    page = visitor.read(sheet_path(sheet))
    assert "10月积分专项公示榜" in page
    assert "第10期专项第1次" in page
    assert masked(page) == 1
    for paper in ("a3", "a4"):
        poster = visitor.read(sheet_path(sheet, f"print/{paper}/"))
        assert "积分专项公示榜" in poster
        assert "第10期专项第1次" in poster


@pytest.mark.parametrize("tail", TAILS)
def test_why_it_could_not_wait_is_not_told_in_public(visitor: Visitor, special: Notice, tail: str) -> None:
    page = visitor.read(sheet_path(special.sheets.get(), tail))
    assert WHY not in page
    assert told_names(page) == []
    assert LABOUR not in page


def test_the_board_tells_it_from_the_month_s_notice(cast: Cast, visitor: Visitor, special: Notice) -> None:
    monthly = noticed(cast.village, a_deed(cast.village, "004"))
    page = visitor.read("/")
    assert page.count('<a class="cell" href="/notice/') == 2
    assert "10月积分专项" in page
    assert "第10期专项第1次" in page
    assert page.index(str(monthly.public_id)) < page.index(str(special.public_id))


# The end of its term


@pytest.mark.parametrize("tail", TAILS)
def test_a_notice_leaves_the_public_pages_after_its_term(visitor: Visitor, notice: Notice, tail: str) -> None:
    for sheet in notice.sheets.all():
        with clock.as_of(LAST):
            assert visitor.get(sheet_path(sheet, tail)).status_code == 200
        with clock.as_of(LAST + timedelta(days=1)):
            response = visitor.get(sheet_path(sheet, tail))
        page = response.content.decode()
        assert response.status_code == 410
        assert "公示到了期限就撤下来。要查以前的，请到联和村问，档案还在。" in page
        assert masked(page) == 0
        assert sheet.digest not in page


def test_the_board_leaves_it_out_from_the_same_day(cast: Cast, visitor: Visitor, notice: Notice) -> None:
    for day, is_there in ((LAST, True), (LAST + timedelta(days=1), False)):
        with clock.as_of(day):
            assert (str(notice.public_id) in visitor.read("/")) == is_there
            assert is_public(notice) == public_notices(cast.village).exists() == is_there
            assert newest_notices(cast.village).exists()  # the archive stays


@pytest.mark.parametrize("days", [0, 1, 365])
def test_the_term_is_the_jurisdiction_s(cast: Cast, visitor: Visitor, notice: Notice, days: int) -> None:
    ScoringRules.objects.update(public_days=days)
    path = sheet_path(third(notice))
    for late, status in ((0, 200), (1, 410)):
        with clock.as_of(DEADLINE + timedelta(days=days + late)):
            assert visitor.get(path).status_code == status


def test_a_correction_keeps_all_its_editions_in_public_for_longer(
    cast: Cast, visitor: Visitor, notice: Notice
) -> None:
    edition = corrected(cast, notice, {2: -300})
    for path in (sheet_path(third(notice)), sheet_path(third(edition)), f"/notice/{notice.public_id}/1/"):
        for day, status in ((LAST + timedelta(days=2), 200), (LAST + timedelta(days=3), 410)):
            with clock.as_of(day):
                assert visitor.get(path).status_code == status


def test_a_term_over_costs_a_board_no_more_queries(cast: Cast, visitor: Visitor, notice: Notice) -> None:
    for month in range(1, 4):
        noticed(cast.village, a_deed(cast.village, "018"), period=Period(2026, month))
    with clock.as_of(LAST):
        hanging = queries(visitor, "/")
    with clock.as_of(LAST + timedelta(days=1)):
        assert queries(visitor, "/") <= hanging
