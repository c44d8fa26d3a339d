"""A sheet line by line, how to check it, the supervisors' phone, and looking through a county's board."""

import html
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils.html import strip_tags

from tests.cast import Cast
from tests.gate.test_views import GAINER, LOSER, NOVEMBER, OTHER, ROW, corrected, noticed_on, queries
from tests.scoring.cast import AFTER, LABOUR, RUBBISH, SWEEPING, a_deed, noticed
from tests.web import Visitor, sheet_of, sheet_path, told_names
from xiangyue.gate import notices
from xiangyue.kernel import clock
from xiangyue.kernel.ids import check_code, grouped
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Unit
from xiangyue.requests.models import ContactKind, ContactLine
from xiangyue.scoring.models import Notice, NoticeSheet


@pytest.fixture
def notice(cast: Cast) -> Notice:
    """On the third grid's sheet: four lines, of 018, 004 and 050; nothing on the other two."""
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


# Line by line, and the rest of a long list


LINE = re.compile(r'<li class="rank line">.*?</li>', re.DOTALL)


def test_line_by_line_tells_figures_and_no_reasons(cast: Cast, visitor: Visitor, sheet: NoticeSheet) -> None:
    page = visitor.read(sheet_path(sheet), order="lines")
    rows = [re.sub(r"\s+", " ", strip_tags(row)).strip() for row in LINE.findall(page)]
    assert [row.split()[0] for row in rows] == ["1", "2", "3", "4"]
    assert any("田＊生 018号" in row and "+8" in row for row in rows)
    assert any("谷＊来 050号" in row and "−" in row for row in rows)
    for words in (LABOUR, SWEEPING, RUBBISH, ">有异议</a>"):
        assert words not in page
    assert told_names(page) == []


def test_who_is_signed_in_objects_to_any_line_that_is_open(villager: Visitor, sheet: NoticeSheet) -> None:
    page = villager.read(sheet_path(sheet), order="lines")
    targets = re.findall(r'href="(/my/object/\?target=line-\d+)"', page)
    assert len(targets) == 4
    for target in targets:
        assert 'name="target" value="line-' in villager.read(target)
    with clock.as_of(AFTER):
        assert "/my/object/?target" not in villager.read(sheet_path(sheet), order="lines")


def test_a_corrected_line_takes_the_place_of_the_old_one(
    cast: Cast, visitor: Visitor, notice: Notice
) -> None:
    edition = corrected(cast, notice)
    old, new = (
        LINE.findall(visitor.read(f"/notice/{each.public_id}/3/", order="lines"))
        for each in (notice, edition)
    )
    assert len(old) == len(new) == 4
    assert sum("更正" in row for row in old) == 0
    assert sum("更正" in row for row in new) == 1


def test_a_long_sheet_is_leafed_through(
    monkeypatch: pytest.MonkeyPatch, visitor: Visitor, villager: Visitor, sheet: NoticeSheet
) -> None:
    monkeypatch.setattr(notices, "ROWS_OF_A_PAGE", 3)
    count = sheet.totals.count()
    first = visitor.read(sheet_path(sheet))
    assert len(ROW.findall(first)) == 3
    assert 'href="?order=rank&amp;page=2" rel="next"' in first
    second = visitor.read(sheet_path(sheet), page="2")
    assert '<ol start="4">' in second
    last = visitor.read(sheet_path(sheet), page="999")
    assert len(ROW.findall(last)) == count - 3 * ((count - 1) // 3)
    assert "rank me" in villager.read(sheet_path(sheet), page="999")  # the own row is pinned on each
    lines = visitor.read(sheet_path(sheet), order="lines", page="2")
    assert len(LINE.findall(lines)) == 1
    assert f"{count}<small>户" in second


def test_lines_cost_the_same_for_one_and_for_many(cast: Cast, visitor: Visitor) -> None:
    path = f"{sheet_path(sheet_of_one(cast))}?order=lines"
    one = queries(visitor, path)
    many = noticed(
        cast.village, *(a_deed(cast.village, number) for number in ("018", "004", "050")), period=NOVEMBER
    )
    assert queries(visitor, f"/notice/{many.public_id}/3/?order=lines") == one


def sheet_of_one(cast: Cast) -> NoticeSheet:
    noticed(cast.village, a_deed(cast.village, GAINER))
    return sheet_of(cast, GAINER)


def test_the_supervisors_phone_stands_on_notice_and_poster(
    cast: Cast, visitor: Visitor, sheet: NoticeSheet
) -> None:
    """The nearest one's; no phone of anybody else."""
    for tail in ("", "print/a3/"):
        assert "000-" not in visitor.read(sheet_path(sheet, tail))
    town = cast.village.parent
    assert town
    for unit, kind, phone in (
        (town, ContactKind.SUPERVISION, "000-1111111"),
        (cast.village, ContactKind.SUPERVISION, "000-1234567"),
        (cast.village, ContactKind.VILLAGE, "000-7654321"),
    ):
        ContactLine.objects.create(unit=unit, kind=kind, label=str(kind.label), phone=phone)
    for tail in ("", "print/a3/", "print/a4/"):
        page = visitor.read(sheet_path(sheet, tail))
        assert "000-1234567" in page
        assert "000-1111111" not in page
        assert "000-7654321" not in page
    assert 'href="tel:000-1234567"' in visitor.read(sheet_path(sheet))


# How to check it


def test_how_to_check_it_is_told_in_plain_words(cast: Cast, visitor: Visitor, sheet: NoticeSheet) -> None:
    page = visitor.read(sheet_path(sheet, "check/"))
    for words in ("走到村口", grouped(check_code(sheet.digest)), sheet_path(sheet, "data.json"), "SHA-256"):
        assert words in page
    assert told_names(page) == []
    assert f'href="{sheet_path(sheet, "check/")}"' in visitor.read(sheet_path(sheet))


def test_what_is_told_to_type_gives_the_digest(
    cast: Cast, visitor: Visitor, sheet: NoticeSheet, tmp_path: Path
) -> None:
    """The line for the computer is run as it stands on the page, on the file as it is downloaded."""
    (command,) = re.findall(r'<code class="how">(.*?)</code>', visitor.read(sheet_path(sheet, "check/")))
    arguments = shlex.split(html.unescape(command))
    assert arguments[:2] == ["python3", "-c"]
    (tmp_path / "data.json").write_bytes(visitor.get(sheet_path(sheet, "data.json")).content)
    told = subprocess.run(
        [sys.executable, "-c", arguments[2]], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == sheet.digest


# A county's board


def test_a_board_is_looked_through_by_village_and_grid(cast: Cast, visitor: Visitor, notice: Notice) -> None:
    for query in ("联和", "lianhe", "lh", "第三网格", "联和村"):
        page = visitor.read("/", q=query)
        assert noticed_on(page) == 1, query
        assert len(re.findall(r'class="chip" href="/notice/', page)) == 3
    nothing = visitor.read("/", q="云上<b>")
    assert "没有找到公示" in nothing
    assert 'value="云上&lt;b&gt;"' in nothing


def test_what_is_looked_for_is_kept_while_leafing(
    cast: Cast, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "NOTICES_OF_A_PAGE", 2)
    for month in range(1, 4):
        noticed(cast.village, a_deed(cast.village, GAINER), period=Period(2026, month))
    page = visitor.read("/", q="lh")
    assert noticed_on(page) == 2
    assert 'href="?q=lh&amp;page=2" rel="next"' in page


def test_a_town_that_is_not_there_is_not_found(cast: Cast, visitor: Visitor) -> None:
    assert visitor.get("/", {"town": "1"}).status_code == 404
    assert visitor.get("/", {"town": "\0"}).status_code == 404


def test_towns_are_offered_where_there_are_several(cast: Cast, visitor: Visitor, notice: Notice) -> None:
    """The cast's county is one town; as if it lay under a county with another one."""
    root = cast.village.parent
    assert root
    assert "按乡镇看" not in visitor.read("/")
    below = Unit.objects.filter(level="village").exclude(pk=cast.village.pk)[:2]
    for each in below:
        Unit.objects.filter(pk=each.pk).update(level="town")
    page = visitor.read("/")
    assert "按乡镇看" in page
    assert noticed_on(page) == 1
    elsewhere = visitor.read("/", town=below[0].code)
    assert noticed_on(elsewhere) == 0
    assert f'href="?town={below[0].code}" aria-current="page"' in elsewhere


def test_a_search_costs_no_more_for_many(cast: Cast, visitor: Visitor) -> None:
    noticed(cast.village, a_deed(cast.village, GAINER), period=Period(2025, 12))
    one = queries(visitor, "/?q=lh")
    for month in range(1, 6):
        noticed(cast.village, a_deed(cast.village, GAINER), period=Period(2026, month))
    assert queries(visitor, "/?q=lh") == one
