"""A household's account over the years: leafing, proofs and statements."""

import html
import json
import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.phone.test_ledger import entry_path, line_of, sold
from tests.scoring.cast import (
    AFTER,
    LABOUR,
    RUBBISH,
    SWEEPING,
    a_deed,
    a_meeting,
    approve,
    noticed,
    settled,
    verified,
)
from tests.web import Visitor, full_names
from xiangyue.auditor import checker
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.ids import grouped
from xiangyue.kernel.periods import Period
from xiangyue.ledger.operations.sealing import seal_all
from xiangyue.scoring.models import Notice
from xiangyue.scoring.operations.notices import issue_notice
from xiangyue.sheets.read import read_tables

# Leafing


@pytest.fixture
def long(cast: Cast) -> Iterator[None]:
    """018 has eight lines in each of six months of 2027, and three on notice."""
    for month in range(1, 7):
        with clock.as_of(date(2027, month, 3)):
            period = Period(2027, month)
            deeds = [a_deed(cast.village, "018", day=date(2027, month, 2)) for _time in range(8)]
            noticed(cast.village, *deeds, period=period)
        settled(cast.village, on=date(2027, month, 20))
    with clock.as_of(date(2027, 7, 2)):
        deeds = [a_deed(cast.village, "018", day=date(2027, 7, 1)) for _time in range(3)]
        noticed(cast.village, *deeds, period=Period(2027, 7))
        yield


def months(page: str) -> list[str]:
    return re.findall(r'<h3 class="card-h base"><span class="nb">(.*?)</span>', page)


@pytest.mark.usefixtures("long")
def test_one_leafs_through_whole_months(villager: Visitor) -> None:
    first = villager.read("/my/ledger/")
    assert months(first) == ["2027年6月", "2027年5月", "2027年4月", "2027年3月"]
    assert "公示中" in first
    older = re.search(r'href="(\?kind=all&amp;before=2027-03)" rel="next"', first)
    assert older
    second = villager.read("/my/ledger/", kind="all", before="2027-03")
    assert months(second) == ["2027年2月", "2027年1月"]
    assert "公示中" not in second
    assert 'href="?kind=all&amp;after=2027-02" rel="prev"' in second
    assert 'rel="next"' not in second
    assert months(villager.read("/my/ledger/", after="2027-02")) == months(first)
    for beyond in ({"before": "2020-01"}, {"after": "2040-01"}, {"before": "x"}, {"before": "2027-13"}):
        assert months(villager.read("/my/ledger/", **beyond)) == months(first)


@pytest.mark.usefixtures("long")
def test_a_page_of_many_lines_costs_as_many_queries_as_one_of_few(cast: Cast, villager: Visitor) -> None:
    def queries(path: str, **query: str) -> int:
        villager.read(path, **query)
        with CaptureQueriesContext(connection) as caught:
            villager.read(path, **query)
        return len(caught)

    first = queries("/my/ledger/")
    with clock.as_of(date(2027, 7, 2)):
        deeds = [a_deed(cast.village, "018", day=date(2027, 7, 1), key=str(number)) for number in range(30)]
        approve(a_meeting(cast.village, period=Period(2027, 8), key="more"), verified(*deeds))
        issue_notice(actor=SYSTEM, unit_id=cast.village.pk, period=Period(2027, 8))
    assert villager.read("/my/ledger/").count("公示中") >= 1
    assert queries("/my/ledger/") == first
    assert queries("/my/ledger/", kind="gain") == first


# Proof


def test_what_is_not_sealed_yet_says_when(cast: Cast, villager: Visitor, notice: Notice) -> None:
    settled(cast.village)
    path = entry_path(line_of(cast, "018"))
    assert "还没有封存" in villager.read(f"{path}proof/")
    assert villager.get("/my/ledger/2026/proof.json").status_code == 404


def test_a_sealed_line_shows_the_days_code_and_gives_what_proves_it(
    cast: Cast, villager: Visitor, notice: Notice
) -> None:
    settled(cast.village)
    with clock.as_of(AFTER):
        seals = seal_all()
        assert seals
        page = villager.read(f"{entry_path(line_of(cast, '018'))}proof/")
        code = seals[-1].digest[:16].upper()
        assert " ".join(code[at : at + 4] for at in (0, 4, 8, 12)) in page
        assert f"封在第{seals[-1].number}次封存里" in page
        assert "今天的码晚上才定下来" in page
        assert "看公布的码" not in page
        response = villager.get("/my/ledger/2026/proof.json")
        proof = json.loads(response.content)
        faults, told = checker.check(proof, seals[-1].digest[:16])
        assert (faults, told["lines"], told["unsealed"]) == ([], 3, 0)
        assert "attachment" in response["Content-Disposition"]
        assert response["Cache-Control"] == "no-store"
        assert response.content.decode().isascii()
        assert villager.get("/my/ledger/2025/proof.json").status_code == 404
    with clock.as_of(date(2026, 11, 8)):
        page = villager.read(f"{entry_path(line_of(cast, '018'))}proof/")
        assert "今天的码晚上才定下来" not in page
        found = re.search(r'href="([^"]+)">看公布的码', page)
        assert found
        path, _mark, query = html.unescape(found[1]).partition("?")
        published = villager.read(path, **dict(parse_qsl(query)))
        assert grouped(code) in published
        assert "2026年11月7日" in published
    program = villager.get("/my/ledger/checker.py").content
    compile(program, "checker.py", "exec")
    assert b"def check" in program


def test_a_years_statement_holds_every_line_with_its_seal(
    cast: Cast, villager: Visitor, notice: Notice
) -> None:
    settled(cast.village)
    with clock.as_of(AFTER):
        (seal,) = seal_all()
        sold(cast)
        response = villager.get("/my/ledger/2026/statement.xlsx")
    rows = rows_of(response.content)
    assert [row["事项"] for row in rows][-1] == "兑换 毛巾、肥皂2块"
    assert [row["第几次封存"] for row in rows] == [str(seal.number)] * 3 + ["还没封存"]
    assert {row["事项"] for row in rows[:3]} == {LABOUR, SWEEPING, RUBBISH}
    assert [row["可用积分"] for row in rows][-1] == "−2.5"
    for name in full_names():
        assert name not in json.dumps(rows, ensure_ascii=False, default=str)
    for year, status in ((2031, 200), (0, 404), (99_999, 404)):
        assert villager.get(f"/my/ledger/{year}/statement.xlsx").status_code == status


def rows_of(content: bytes) -> list[dict[str, str]]:
    table, *_others = read_tables(content, "x.xlsx")
    return [{header: cell.text for header, cell in row.cells.items()} for row in table.rows]
