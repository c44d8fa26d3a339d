"""The commands of a month, each once for people and once for programs. That the month works as a whole is shown in
tests/docs/test_month.py, by real processes."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.cast import COMMITTEE, VILLAGE, Cast
from tests.cli.terminal import facts, refusal, run, told
from xiangyue.kernel import clock
from xiangyue.records.models import StoredFile
from xiangyue.scoring.deed_sheet import COLUMNS, SHEET, deed_form
from xiangyue.scoring.models import Deed, Share
from xiangyue.sheets.write import SheetForm, write_workbook

HERE = ("--county", "peopled")
VILLAGERS = (*HERE, "--village", VILLAGE)
MONTH = (*VILLAGERS, "--period", "2026-10")
HELPED = ("deed", "add", *VILLAGERS, "--household", "018", "--indicator", "邻里帮扶", "--day", "2026-10-20")
LEADER, SECRETARY, SUPERVISOR = ("--as", "桑叶青"), ("--as", "柳成荫"), ("--as", "竹有节")


def sheet(tmp_path: Path, *rows: tuple[str, ...]) -> Path:
    file = tmp_path / "事项.xlsx"
    file.write_bytes(write_workbook([SheetForm(SHEET, COLUMNS, rows)]))
    return file


def row(
    number: str = "018", indicator: str = "邻里帮扶", day: str = "2026-10-20", points: str = ""
) -> tuple[str, ...]:
    cells = {"日期": day, "户号": number, "指标": indicator, "分值": points, "说明": "帮邻居收稻谷"}
    return tuple(cells.get(column.header, "") for column in COLUMNS)


@pytest.fixture
def helped(cast: Cast) -> int:
    """A deed of household 018, which its grid leader recorded and so vouches for."""
    return int(facts(*HELPED, *LEADER)["deed"])


@pytest.fixture
def met(helped: int) -> None:
    """The committee has met, and has decided nothing yet."""
    facts("meeting", "hold", *MONTH, "--attend", ",".join(COMMITTEE), *SECRETARY)


@pytest.fixture
def noticed(met: None) -> Any:
    """The deed is approved and on notice, as line 1."""
    facts("meeting", "decide", *MONTH, "--all", "--as", COMMITTEE[0])
    return facts("notice", "issue", *MONTH, *SECRETARY)


# Deeds


def test_a_deed_is_added_and_listed(helped: int) -> None:
    listed = facts("deed", "list", *VILLAGERS, "--state", "verified")["deeds"]
    assert [(one["deed"], one["household"], one["indicator"]) for one in listed] == [
        (helped, "018", "邻里帮扶")
    ]
    assert "待评议：1条" in told("deed", "list", *VILLAGERS, "--state", "verified")
    assert "待核实：0条" in told("deed", "list", *VILLAGERS)


def test_a_deed_is_added_once_under_one_key(cast: Cast) -> None:
    first = facts(*HELPED, "--key", "k1", *LEADER)
    assert facts(*HELPED, "--key", "k1", *LEADER) == first
    assert facts(*HELPED, *LEADER) != first


def test_a_deed_is_reported_on_behalf_of_a_household_that_cannot(cast: Cast) -> None:
    behalf = ("--source", "self", "--resident", "田禾生", "--note", "收了半亩")
    brought = facts(*HELPED, *behalf, *LEADER)
    assert (brought["source"], brought["on_behalf"], brought["state"]) == ("self", True, "submitted")
    assert "代办，待核实" in told(*HELPED, *behalf, *LEADER)
    assert "代办" in told("deed", "list", *VILLAGERS)
    assert refusal(*HELPED, *behalf, "--as", "山有根")["code"] == "not-allowed"  # of another grid


def test_a_photo_goes_along(cast: Cast, tmp_path: Path) -> None:
    photo = tmp_path / "稻谷.jpg"
    photo.write_bytes(b"a picture")
    told(*HELPED, "--source", "leader", "--note", "收了半亩", "--evidence", photo, *LEADER)
    assert Deed.objects.get().description == "收了半亩"
    assert StoredFile.objects.get(name="稻谷.jpg").size == len(b"a picture")


@pytest.mark.parametrize("quantity", ["abc", "2"])
def test_a_quantity_where_nothing_is_counted_is_refused(cast: Cast, quantity: str) -> None:
    result = run(*HELPED, "--quantity", quantity, *LEADER)
    assert (result.exit_code, Deed.objects.count()) == (1, 0)
    assert "不按数量计分" in result.stderr


def test_a_form_is_written_and_never_over_another(tmp_path: Path) -> None:
    file = tmp_path / "空表.xlsx"
    assert facts("deed", "template", file) == {"file": str(file)}
    assert file.read_bytes() == deed_form()
    assert run("deed", "template", file).exit_code == 2
    assert run("deed", "template", tmp_path / "没有" / "x.xlsx").exit_code == 2


def test_a_sheet_is_tried_then_imported_once(cast: Cast, tmp_path: Path) -> None:
    file = sheet(tmp_path, row(), row("004"))
    words = ("deed", "import", file, *VILLAGERS, "--as", "茶山青")
    assert facts(*words, "--dry-run") == {
        "deeds": 2,
        "shares": 2,
        "dry_run": True,
        "warnings": [],
    }
    assert "什么都没有存" in told(*words, "--dry-run")
    assert not Deed.objects.exists()
    assert "报上了2件事、2户次，其中0件已核实。" in told(*words)
    told(*words)
    assert Deed.objects.count() == 2


def test_every_bad_cell_of_a_sheet_is_named_and_nothing_is_stored(cast: Cast, tmp_path: Path) -> None:
    file = sheet(tmp_path, row(), row("999"), row(day="昨天"), row(indicator="扫雪"), row(points="[很多]"))
    words = ("deed", "import", file, *VILLAGERS, "--as", "茶山青")
    refused = refusal(*words)
    assert (refused["code"], refused["facts"]["count"]) == ("sheet-refused", 4)
    places = [(cell["row"], cell["column"], cell["value"]) for cell in refused["problems"]]
    assert places == [(3, "C", "999"), (4, "B", "昨天"), (5, "E", "扫雪"), (6, "F", "[很多]")]
    shown = run(*words).stderr
    for words_of_cell in ("要改的地方", "999", "昨天", "[很多]", "户册里没有这个户号"):
        assert words_of_cell in shown
    assert not Deed.objects.exists()


def test_deeds_are_verified_returned_and_rejected(cast: Cast, tmp_path: Path) -> None:
    told("deed", "import", sheet(tmp_path, row(), row("004"), row("050")), *VILLAGERS, "--as", "茶山青")
    first, second, third = Deed.objects.order_by("id").values_list("id", flat=True)
    assert facts("deed", "return", first, *HERE, "--reason", "缺照片", *LEADER)["state"] == "returned"
    assert facts("deed", "reject", second, *HERE, "--reason", "没有这回事", *LEADER)["state"] == "rejected"
    assert facts("deed", "verify", third, *VILLAGERS, *LEADER) == {"deeds": 1, "left": 0}
    assert "核实了0件" in told("deed", "verify", *VILLAGERS, "--all", *LEADER)
    assert refusal("deed", "reject", third, *HERE, "--reason", " ", *LEADER)["code"] == "reason-missing"
    assert run("deed", "reject", third, *HERE, *LEADER).exit_code == 2


# Meetings


def test_a_meeting_is_held_once_and_says_who_was_there(helped: int) -> None:
    words = ("meeting", "hold", *MONTH, *SECRETARY, "--attend")
    held = facts(*words, "，".join([*COMMITTEE[:5], COMMITTEE[0]]))
    assert (held["members"], held["present"]) == (7, 5)
    again = facts(*words, ",".join(COMMITTEE))
    assert again == held  # what stands in the record, not what was typed now
    assert "委员7人，到会5人" in told(*words, COMMITTEE[0])


def test_a_meeting_without_quorum_is_none(helped: int) -> None:
    words = ("meeting", "hold", *MONTH, *SECRETARY, "--attend")
    assert refusal(*words, COMMITTEE[0])["code"] == "no-quorum"
    assert refusal(*words, "竹有节")["code"] == "not-on-committee"


def test_decisions_are_recorded_with_their_reasons(met: None) -> None:
    decided = facts("meeting", "decide", *MONTH, "--all", "--as", COMMITTEE[0])
    (one,) = decided["decisions"]
    assert (decided["decided"], decided["left"]) == (1, 0)
    assert (one["household"], one["verdict"], one["points"], one["votes_for"]) == ("018", "approve", "+10", 7)
    assert "邻里帮扶" in one["sentence"]


def test_what_recusal_leaves_is_counted_by_shares(met: None, tmp_path: Path) -> None:
    file = sheet(
        tmp_path,
        ("A", "2026-10-21", "030", "", "参加公共劳动", "", "", "", "", "", ""),  # the household of 松如海
        ("A", "2026-10-21", "018", "", "参加公共劳动", "", "", "", "", "", ""),
    )
    told("deed", "import", file, *VILLAGERS, "--as", "茶山青")
    for login in ("山有根", "林水长", "桑叶青", "柳成荫"):
        told("deed", "verify", *VILLAGERS, "--all", "--as", login)
    first = run("meeting", "decide", *MONTH, "--all", "--as", COMMITTEE[0])
    assert "定了2条" in first.stdout
    assert "还有1条没有定：要回避的，由别的委员来定。" in first.stdout
    second = told("meeting", "decide", *MONTH, "--all", "--as", COMMITTEE[1])
    assert "没有定" not in second
    assert second == second.rstrip("\n") + "\n"


def test_a_share_is_adjusted_or_rejected_for_a_reason(met: None) -> None:
    share = Share.objects.get().pk
    words = ("meeting", "decide", *MONTH, "--as", COMMITTEE[0])
    assert run(*words, "--adjust", "x=3").exit_code == 2
    assert "--adjust" in run(*words, "--adjust", "²=3").stderr
    assert run(*words, "--reject", share, "--against", "-1").exit_code == 2
    assert refusal(*words, "--reject", share)["code"] == "reason-missing"
    (one,) = facts(*words, "--reject", share, "--reason", "那天他在外地", "--against", 1)["decisions"]
    assert (one["verdict"], one["points"], one["votes_against"]) == ("reject", "0", 1)


# Notices and objections


def test_a_notice_is_issued_and_shown(noticed: Any) -> None:
    assert (noticed["edition"], noticed["issued_on"], noticed["deadline"]) == (1, "2026-11-02", "2026-11-06")
    assert (noticed["plus"], noticed["minus"], noticed["households"]) == ("10", "0", 62)
    shown = facts("notice", "show", *MONTH, "--lines")
    assert shown["lines"] == [{"line": 1, "household": "018", "points": "+10", "indicator": "邻里帮扶"}]
    assert {name: shown[name] for name in noticed} == noticed
    printed = told("notice", "show", *MONTH)
    code = noticed["sheets"][0]["code"]
    assert " ".join(code[start : start + 4] for start in range(0, 16, 4)) in printed
    assert refusal("notice", "issue", *MONTH, *SECRETARY)["code"] == "notice-exists"
    assert refusal("notice", "show", *MONTH, "--edition", 2)["code"] == "no-notice"


def test_an_objection_is_lodged_listed_and_dismissed(noticed: Any) -> None:
    words = ("objection", "lodge", *MONTH, "--household", "004", "--text", "没看见 [/x]", *SECRETARY)
    assert run(*words).exit_code == 2
    assert run(*words, "--line", 1, "--total", "018").exit_code == 2
    lodged = facts(*words, "--line", 1)
    assert facts(*words, "--line", 1) == lodged
    assert "没看见 [/x]" in told("objection", "list", *MONTH)
    reply = ("objection", "reply", lodged["objection"], *HERE, "--text", "有人作证", *SUPERVISOR)
    assert run(*reply).exit_code == 2
    assert run(*reply, "--dismiss", "--uphold", "1=0").exit_code == 2
    assert "意见不成立" in told(*reply, "--dismiss")
    assert refusal(*reply, "--dismiss")["code"] == "already-answered"
    (one,) = facts("objection", "list", *MONTH)["objections"]
    assert (one["line"], one["total"], one["state"], one["answer"]) == (1, None, "dismissed", "有人作证")


def test_an_objection_that_is_upheld_gives_the_next_edition(noticed: Any) -> None:
    words = (
        "objection",
        "lodge",
        *MONTH,
        "--household",
        "018",
        "--total",
        "018",
        "--text",
        "少记了",
        *SECRETARY,
    )
    number = facts(*words)["objection"]
    reply = ("objection", "reply", number, *HERE, "--text", "改了", *SUPERVISOR)
    assert run(*reply, "--uphold", "一=5").exit_code == 2
    assert refusal(*reply, "--uphold", "1=五")["code"] == "not-points"
    assert facts(*reply, "--uphold", "1=5")["edition"] == 2
    assert (facts("notice", "show", *MONTH)["plus"], noticed["plus"]) == ("5", "10")


def test_a_notice_settles_when_its_deadline_has_passed(noticed: Any) -> None:
    words = ("notice", "settle", *HERE, "--unit", VILLAGE, *SECRETARY)
    assert told(*words) == "没有到期要入账的。\n"
    assert told("--as-of", "2026-11-06", *words) == "没有到期要入账的。\n"
    settled = facts("--as-of", "2026-11-07", *words)
    assert (settled["lines"], settled["points"], settled["held"]) == (1, "+10", 0)
    assert told("--as-of", "2026-11-07", *words) == "没有到期要入账的。\n"


# Ledger and shop


def test_a_statement_tells_what_is_on_notice_and_what_is_posted(noticed: Any) -> None:
    words = ("ledger", "statement", "018", *VILLAGERS)
    assert "018号户 田禾生：可兑换0分" in told(*words)
    assert "公示中，还没入账" in told(*words)
    (waiting,) = facts(*words)["pending"]
    assert (waiting["points"], waiting["held"]) == (1000, False)
    told("--as-of", "2026-11-07", "notice", "settle", *HERE, "--unit", VILLAGE, *SECRETARY)
    posted = facts(*words)
    assert (posted["pending"], posted["balances"]["redeemable"]) == ([], 1000)
    assert "已入账" in told(*words)
    assert refusal(*words, "--as", "仓有余")["code"] == "not-allowed"
    assert refusal("ledger", "statement", "999", *VILLAGERS)["code"] == "household-unknown"


def test_the_auditor_is_silent_until_something_is_wrong(noticed: Any) -> None:
    assert told("ledger", "verify", *HERE) == ""
    assert facts("ledger", "verify", *HERE) == {"faults": []}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE scoring_noticetotal SET plus = plus + 100 WHERE number = '018'")
    found = run("ledger", "verify", *HERE)
    assert found.exit_code == 3
    assert "处不对" in found.stdout
    assert run("ledger", "verify", *HERE, "--json").exit_code == 3


def test_a_shop_is_opened_stocked_and_sells(noticed: Any) -> None:
    with clock.as_of(clock.today().replace(day=7)):
        told("notice", "settle", *HERE, "--unit", VILLAGE, *SECRETARY)
        assert told("shop", "open", "小店", *VILLAGERS) == "小店开张了。\n"
        shop = (*VILLAGERS, "--shop", "小店")
        goods = ("shop", "receive", "香皂", *shop, "--spec", "一盒", "--price", "2.5", "--quantity", 3)
        assert facts(*goods, "--key", "d1")["stock"] == 3
        assert facts(*goods, "--key", "d1")["stock"] == 3
        assert facts("shop", "stock", *shop)["goods"] == [
            {"name": "香皂", "spec": "一盒", "price": "2.5", "stock": 3}
        ]
        sell = ("shop", "redeem", *shop, "--household", "018", "--as", "仓有余")
        sold = facts(*sell, "香皂=2", "--key", "o1")
        assert (sold["total"], sold["redeemable"]) == ("5", "5")
        assert facts(*sell, "香皂=2", "--key", "o1") == sold
        assert "兑换好了：扣2.5分，还可兑换2.5分。" in told(*sell, "香皂")
        assert refusal(*sell, "香皂")["code"] == "out-of-stock"
        assert refusal(*sell, "香皂=0")["code"] == "quantity-not-positive"
        assert refusal(*sell, "茶苗")["code"] == "unknown-good"
        assert refusal(*sell[:-1], "桑叶青", "香皂")["code"] == "not-allowed"
        for wrong in ("香皂=", "香皂=x", "香皂=-1"):
            assert run(*sell, wrong).exit_code == 2


def test_a_shop_that_is_not_there_is_refused(cast: Cast) -> None:
    assert refusal("shop", "stock", *VILLAGERS, "--shop", "小店")["code"] == "unknown-shop"
