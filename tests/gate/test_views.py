import hashlib
import json
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from tests.cast import Cast
from tests.people.cast import appointment, resident
from tests.scoring.cast import (
    AFTER,
    DAY,
    LABOUR,
    RUBBISH,
    SWEEPING,
    a_deed,
    a_meeting,
    approve,
    capped,
    household,
    noticed,
    verified,
)
from tests.web import NOBODYS_HOST, Visitor, masked, sheet_of, sheet_path, told_names
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.ids import check_code, grouped
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Unit
from xiangyue.people.operations.cards import issue_card
from xiangyue.people.operations.roster import import_roster
from xiangyue.people.roster_form import roster_workbook
from xiangyue.scoring.models import Notice, NoticeSheet
from xiangyue.scoring.operations.notices import issue_notice
from xiangyue.scoring.operations.objections import lodge_objection, uphold_objection
from xiangyue.tenancy.models import Jurisdiction

BOARD, LANDING, TABS = "<h1>积分公示栏</h1>", "<h1>你家在哪儿</h1>", 'aria-label="主导航"'
GAINER, OTHER, LOSER = "018", "004", "050"  # all of the third grid
ROW = re.compile(r'<li class="rank[^>]*>.*?</li>', re.DOTALL)
NOVEMBER = Period(2026, 11)


@pytest.fixture
def notice(cast: Cast) -> Notice:
    """On the third grid's sheet: 018 before 004, and 050 below zero; nothing on the other two."""
    return noticed(
        cast.village,
        a_deed(cast.village, GAINER, OTHER),
        a_deed(cast.village, GAINER, of=SWEEPING),
        a_deed(cast.village, LOSER, of=RUBBISH),
    )


@pytest.fixture
def sheet(cast: Cast, notice: Notice) -> NoticeSheet:
    """The third grid's."""
    return sheet_of(cast, GAINER)


def corrected(cast: Cast, notice: Notice) -> Notice:
    """Strike 050's deduction, by an upheld objection; give the next edition."""
    line = next(line for line in notice.sheets.get(unit__name="第三网格").lines.all() if line.points < 0)
    objection = lodge_objection(
        actor=SYSTEM, target=line, household_id=line.household_id, text="没有这回事", key="objection"
    )
    return uphold_objection(
        actor=cast.supervisor, objection_id=objection.pk, answer="查过了", corrections={line.number: 0}
    )[1]


def only(*kept: Jurisdiction) -> None:
    """As if nobody else had founded anything here."""
    Jurisdiction.objects.exclude(pk__in=[each.pk for each in kept]).delete()


def noticed_on(board: str) -> int:
    """Count the notices on a page of the board."""
    return board.count('<a class="cell" href="/notice/')


def queries(visitor: Visitor, path: str) -> int:
    """Count a page's queries, once it is known whose the host is."""
    visitor.read(path)
    with CaptureQueriesContext(connection) as caught:
        visitor.read(path)
    return len(caught)


# Which jurisdictions there are


def test_an_address_that_is_nobodys_lists_who_is_here(
    founded: Jurisdiction, peopled: Jurisdiction, cast: Cast
) -> None:
    page = Visitor(peopled, NOBODYS_HOST).read("/")
    assert LANDING in page
    assert 'href="http://cangcheng.localhost/"' in page
    assert 'href="http://peopled.localhost/"' in page
    assert "<span>1个乡镇</span><span>13个村</span><span>62户</span>" in page


def test_the_list_leads_to_the_port_that_was_called(
    founded: Jurisdiction, peopled: Jurisdiction, cast: Cast
) -> None:
    assert 'href="http://peopled.localhost:8000/"' in Visitor(peopled, f"{NOBODYS_HOST}:8000").read("/")


def test_the_port_behind_a_proxy_is_its_own_affair(
    founded: Jurisdiction, peopled: Jurisdiction, cast: Cast
) -> None:
    response = Visitor(peopled, NOBODYS_HOST).get("/", SERVER_PORT="8000")
    assert 'href="http://peopled.localhost/"' in response.content.decode()


def test_who_is_alone_answers_at_any_address(peopled: Jurisdiction, cast: Cast, sheet: NoticeSheet) -> None:
    only(peopled)
    anybody = Visitor(peopled, NOBODYS_HOST)
    assert BOARD in anybody.read("/")
    assert "10月积分公示榜" in anybody.read(sheet_path(sheet))
    assert anybody.read("/places/").count('class="cell"') == 1


def test_before_anybody_is_here_the_list_says_so(peopled: Jurisdiction, cast: Cast) -> None:
    only()
    assert "还没有县区开办" in Visitor(peopled).read("/")


def test_an_address_that_cannot_be_one_is_not_understood(peopled: Jurisdiction, cast: Cast) -> None:
    response = Visitor(peopled, "no host").get("/")
    assert response.status_code == 400
    assert "这个网址没看懂" in response.content.decode()


# The board


def test_an_empty_board_says_what_will_hang_there(cast: Cast, visitor: Visitor) -> None:
    page = visitor.read("/")
    assert BOARD in page
    assert "还没有公示" in page
    assert "用微信扫卡上的码" in page
    assert TABS not in page


def test_the_board_shows_a_notice_in_figures(cast: Cast, visitor: Visitor, notice: Notice) -> None:
    page = visitor.read("/")
    assert f'href="/notice/{notice.public_id}/1/"' in page
    assert "联和村　10月积分" in page
    assert "<span>第10期</span><span>62户</span>" in page
    assert "11月6日截止" in page
    assert "还剩4天" in page


@pytest.mark.parametrize(("day", "badge"), [(6, "今天截止"), (7, "已满期")])
def test_a_notice_can_be_objected_to_on_its_last_day(
    cast: Cast, visitor: Visitor, notice: Notice, day: int, badge: str
) -> None:
    with clock.as_of(date(2026, 11, day)):
        assert badge in visitor.read("/")


def test_open_notices_hang_before_those_that_are_closed(cast: Cast, visitor: Visitor) -> None:
    with clock.as_of(date(2026, 10, 20)):
        closed = noticed(cast.village, a_deed(cast.village, GAINER), period=NOVEMBER)
    still_open = noticed(cast.village, a_deed(cast.village, OTHER))
    page = visitor.read("/")
    assert page.index(str(still_open.public_id)) < page.index(str(closed.public_id))


def test_only_the_newest_edition_hangs(cast: Cast, visitor: Visitor, notice: Notice) -> None:
    edition = corrected(cast, notice)
    page = visitor.read("/")
    assert str(edition.public_id) in page
    assert str(notice.public_id) not in page


def test_who_is_signed_in_finds_the_tabs_on_the_board(cast: Cast, villager: Visitor) -> None:
    page = villager.read("/")
    assert TABS in page
    assert "用手机号登录" not in page


def test_others_find_the_door_on_the_board(cast: Cast, visitor: Visitor) -> None:
    assert re.search(r'href="/sign-in/">.*用手机号登录', visitor.read("/"))


def test_a_long_board_is_leafed_through(cast: Cast, visitor: Visitor) -> None:
    for month in range(21):
        noticed(cast.village, a_deed(cast.village, GAINER), period=Period(2025 + month // 12, month % 12 + 1))
    first, second = visitor.read("/"), visitor.read("/", page="2")
    assert (noticed_on(first), noticed_on(second)) == (20, 1)
    assert 'href="?page=2" rel="next"' in first
    assert 'href="?page=1" rel="prev"' in second
    assert noticed_on(visitor.read("/", page="elsewhere")) == 20


def test_a_board_costs_the_same_for_one_notice_and_for_twelve(cast: Cast, visitor: Visitor) -> None:
    noticed(cast.village, a_deed(cast.village, GAINER), period=Period(2025, 12))
    one = queries(visitor, "/")
    for month in range(1, 12):
        noticed(cast.village, a_deed(cast.village, GAINER), period=Period(2026, month))
    assert noticed_on(visitor.read("/")) == 12
    assert queries(visitor, "/") == one


# A notice


def test_a_sheet_is_ordered_by_rank_or_by_number(visitor: Visitor, sheet: NoticeSheet) -> None:
    by_rank = [strip_tags(row) for row in ROW.findall(visitor.read(sheet_path(sheet)))]
    by_number = [strip_tags(row) for row in ROW.findall(visitor.read(sheet_path(sheet), order="number"))]
    assert len(by_rank) == sheet.totals.count()
    assert sorted(by_rank) == sorted(by_number)
    assert "田＊生" in by_rank[0]
    assert "麦＊香" in by_rank[1]
    assert "谷＊来" in by_rank[-1]
    assert "含扣" in by_rank[-1]
    numbers = [re.findall(r"(\d{3})号", row) for row in by_number]
    assert numbers == sorted(numbers)


def test_anything_else_to_order_by_is_the_rank(visitor: Visitor, sheet: NoticeSheet) -> None:
    plain, odd = (visitor.read(sheet_path(sheet), order=order) for order in ("rank", "salary"))
    assert ROW.findall(plain) == ROW.findall(odd)


def test_sheets_mask_all_names_and_give_no_reason(visitor: Visitor, cast: Cast, notice: Notice) -> None:
    sheets = list(notice.sheets.all())
    assert sum(sheet.totals.count() for sheet in sheets) == 62
    for sheet in sheets:
        for tail in ("", "print/a3/", "print/a4/"):
            page = visitor.read(sheet_path(sheet, tail))
            assert masked(page) == sheet.totals.count()
            assert told_names(page) == []
            assert LABOUR not in page
            assert RUBBISH not in page


def test_a_sheet_leads_to_the_others(visitor: Visitor, notice: Notice) -> None:
    page = visitor.read(f"/notice/{notice.public_id}/2/")
    assert re.findall(r'class="chip" href="([^"]+)"', page) == [
        f"/notice/{notice.public_id}/{position}/" for position in (1, 2, 3)
    ]
    assert f'href="/notice/{notice.public_id}/2/" aria-current="page">第二网格' in page


@pytest.mark.parametrize("tail", ["", "data.json", "print/a3/", "print/a4/"])
def test_what_does_not_hang_is_not_found(visitor: Visitor, notice: Notice, tail: str) -> None:
    unknown = "0190a6c0-0000-7000-8000-000000000000"
    for path in (f"{notice.public_id}/4/", f"{notice.public_id}/0/", f"{notice.public_id}/{10**30}/"):
        assert visitor.get(f"/notice/{path}{tail}").status_code == 404
    for notice_id in (unknown, "-" * 36, str(notice.public_id).replace("-", "")):
        assert visitor.get(f"/notice/{notice_id}/1/{tail}").status_code == 404


def test_a_print_is_a3_or_a4(visitor: Visitor, sheet: NoticeSheet) -> None:
    assert visitor.get(sheet_path(sheet, "print/a5/")).status_code == 404


def test_outsiders_are_told_how_to_object(visitor: Visitor, sheet: NoticeSheet) -> None:
    page = visitor.read(sheet_path(sheet))
    assert 'href="#object">我有异议' in page
    assert "写在纸上" in page
    assert "11月6日前提的都要答复" in page


def test_after_the_deadline_nobody_is_asked_to_object(visitor: Visitor, sheet: NoticeSheet) -> None:
    with clock.as_of(AFTER):
        page = visitor.read(sheet_path(sheet))
    assert "公示期满" in page
    assert "我有异议" not in page


def test_who_is_signed_in_finds_the_own_row_first(villager: Visitor, sheet: NoticeSheet) -> None:
    response = villager.get(sheet_path(sheet))
    page = response.content.decode()
    assert re.search(r'<a class="rank me" href="/my/ledger/">.*田禾生家.*我家', page)
    assert 'href="/my/object/">我有异议' in page
    assert told_names(page) == ["田禾生"]
    assert response["Cache-Control"] == "no-store"


def test_the_own_row_is_only_on_the_own_sheet(villager: Visitor, notice: Notice) -> None:
    for position in (1, 2):
        page = villager.read(f"/notice/{notice.public_id}/{position}/")
        assert "rank me" not in page
        assert told_names(page) == []


def test_a_corrected_sheet_says_so_and_the_old_one_leads_to_it(
    cast: Cast, visitor: Visitor, notice: Notice
) -> None:
    edition = corrected(cast, notice)
    old, new = (visitor.read(f"/notice/{each.public_id}/3/") for each in (notice, edition))
    assert "这一版已经更正，不算数了" in old
    assert f'href="/notice/{edition.public_id}/3/"' in old
    assert "我有异议" not in old
    assert "这是更正后的第2版" in new
    assert "更正第2版" in visitor.read(f"/notice/{edition.public_id}/3/print/a3/")


def test_a_paper_that_a_correction_did_not_touch_still_counts(
    cast: Cast, visitor: Visitor, notice: Notice
) -> None:
    """The other papers stay on the wall, and their QR codes lead to the edition that they were printed from."""
    corrected(cast, notice)
    page = visitor.read(f"/notice/{notice.public_id}/1/")
    assert "不算数" not in page
    assert "还剩4天可提异议" in page


def test_a_notice_costs_the_same_for_three_households_and_for_sixty_two(
    village: Unit, founded: Jurisdiction
) -> None:
    grids = ["第一网格"] * 62 + ["第二网格"] * 3
    rows = [resident(f"{n:03d}", f"田禾{n}", grid=grid, group="") for n, grid in enumerate(grids, start=1)]
    offices = [appointment(f"{n:03d}", f"田禾{n}", "评议委员") for n in range(1, 5)]
    import_roster(
        actor=SYSTEM, village_id=village.pk, content=roster_workbook(rows, offices), name="户册.xlsx"
    )
    capped(village)
    shares = verified(a_deed(village, "010", "064", of="大扫除"))
    approve(a_meeting(village, [f"田禾{n}" for n in range(1, 5)]), shares, by="田禾1")
    notice = issue_notice(actor=SYSTEM, unit_id=village.pk, period=Period.of(DAY))
    many, few = (f"/notice/{notice.public_id}/{position}/" for position in (1, 2))
    anybody = Visitor(founded)
    assert (masked(anybody.read(many)), masked(anybody.read(few))) == (62, 3)
    assert queries(anybody, many) == queries(anybody, few)
    own = Visitor(founded).show(issue_card(actor=SYSTEM, household_id=household(village, "010").pk))
    assert "我家" in own.read(many)
    assert queries(anybody, few + "print/a4/") == queries(anybody, many + "print/a4/")


# Paper and data


@pytest.mark.parametrize("paper", ["a3", "a4"])
def test_the_poster_carries_what_the_wall_needs(visitor: Visitor, sheet: NoticeSheet, paper: str) -> None:
    page = visitor.read(sheet_path(sheet, f"print/{paper}/"))
    assert f"css/print-{paper}.css" in page
    assert "2026年10月　第10期" in page
    assert "有不同意见，请在11月6日前提出" in page
    assert "联和村积分评议委员会" in page
    assert "盖章处" in page
    assert page.count("<tr") - page.count("<thead>") == sheet.totals.count()
    assert "<svg" in page
    other = "a4" if paper == "a3" else "a3"
    assert f'href="{sheet_path(sheet, f"print/{other}/")}"' in page


def test_one_code_stands_on_page_paper_and_data(visitor: Visitor, sheet: NoticeSheet) -> None:
    code = grouped(check_code(sheet.digest))
    page = visitor.read(sheet_path(sheet))
    assert f'<p class="digest code">{code}</p>' in page
    assert grouped(sheet.digest.upper()) in page
    assert f'href="{sheet_path(sheet, "data.json")}"' in page
    for paper in ("a3", "a4"):
        assert f'<b class="digest">{code}</b>' in visitor.read(sheet_path(sheet, f"print/{paper}/"))


def test_anyone_can_compute_the_code_again(cast: Cast, visitor: Visitor, notice: Notice) -> None:
    edition = corrected(cast, notice)
    for sheet in [*notice.sheets.all(), *edition.sheets.all()]:
        response = visitor.get(sheet_path(sheet, "data.json"))
        assert response["Content-Type"] == "application/json"
        told = json.loads(response.content)
        text = json.dumps(told["over"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(text.encode()).hexdigest() == told["digest"] == sheet.digest
        assert len(told["over"]["totals"]) == sheet.totals.count()
    assert notice.sheets.get(position=3).digest != edition.sheets.get(position=3).digest


def test_the_data_names_numbers_and_nobody(visitor: Visitor, sheet: NoticeSheet) -> None:
    data = visitor.read(sheet_path(sheet, "data.json"))
    first = sheet.totals.get(number=GAINER)
    assert [GAINER, first.plus, first.minus, first.honour] in json.loads(data)["over"]["totals"]
    assert told_names(data) == []
    assert masked(data) == 0
