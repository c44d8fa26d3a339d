"""The commands for objections and supervisors' remarks, once for people and once for programs."""

from typing import Any

import pytest

from tests.cast import COMMITTEE, VILLAGE, Cast
from tests.cli.terminal import facts, refusal, run, told
from xiangyue.scoring.models import Objection, Share

HERE = ("--county", "peopled")
VILLAGERS = (*HERE, "--village", VILLAGE)
MONTH = (*VILLAGERS, "--period", "2026-10")
HELPED = ("deed", "add", *VILLAGERS, "--household", "018", "--indicator", "邻里帮扶", "--day", "2026-10-20")
LEADER, SECRETARY, SUPERVISOR = ("--as", "桑叶青"), ("--as", "柳成荫"), ("--as", "竹有节")
OFFICIAL = ("--as", "云帆远")
LODGE = ("objection", "lodge", *MONTH, "--household", "004", "--text", "记错了")


@pytest.fixture
def share(cast: Cast) -> int:
    """A deed of household 018, which its grid leader recorded."""
    deed = facts(*HELPED, *LEADER)["deed"]
    return Share.objects.get(deed=deed).pk


@pytest.fixture
def noticed(share: int) -> Any:
    """On notice, as line 1."""
    facts("meeting", "hold", *MONTH, "--attend", ",".join(COMMITTEE), *SECRETARY)
    facts("meeting", "decide", *MONTH, "--all", "--as", COMMITTEE[0])
    return facts("notice", "issue", *MONTH, *SECRETARY)


def test_how_an_objection_came_in_is_told(noticed: Any) -> None:
    lodged = facts(*LODGE, "--line", 1, "--way", "phone", *SECRETARY)
    assert (lodged["state"], lodged["instance"], lodged["answer_by"]) == ("open", "village", "2026-11-09")
    assert run(*LODGE, "--line", 1, "--way", "card", *SECRETARY).exit_code == 2
    words = told(*LODGE, "--total", "018", "--named", *SUPERVISOR)
    assert "村里2026-11-09以前答复" in words
    first, second = facts("objection", "list", *MONTH, *SECRETARY)["objections"]
    assert (first["way"], first["by"], first["objector"]) == ("phone", "柳成荫", "")
    assert (second["way"], second["by"], second["objector"]) == ("paper", "竹有节", "004")
    shown = told("objection", "list", *MONTH, *OFFICIAL)
    for words in ("第1条", "018号户合计", "柳成荫代办", "004"):
        assert words in shown


def test_what_is_said_twice_counts_once_and_what_is_said_anew_is_kept(noticed: Any) -> None:
    first = facts(*LODGE, "--line", 1, *SECRETARY)["objection"]
    assert facts(*LODGE, "--line", 1, *SECRETARY)["objection"] == first
    told("objection", "reply", first, *HERE, "--dismiss", "--text", "有照片", *SUPERVISOR)
    anew = (*LODGE[:-1], "照片是去年的", "--line", 1, *SECRETARY)
    assert (facts(*anew)["objection"] != first, facts(*anew)["state"]) == (True, "open")
    assert list(Objection.objects.order_by("id").values_list("text", flat=True)) == ["记错了", "照片是去年的"]


def test_a_whole_notice_is_objected_to_admitted_and_corrected(noticed: Any) -> None:
    assert run(*LODGE, "--whole", "--line", 1, *SUPERVISOR).exit_code == 2
    assert "受理以后，整期先不入账" in told(*LODGE, "--whole", *SUPERVISOR)
    number = Objection.objects.get().pk
    assert refusal("objection", "admit", number, *HERE, *SUPERVISOR)["code"] == "brought-by-actor"
    assert refusal("objection", "admit", number, *HERE, *SECRETARY)["code"] == "not-allowed"
    reply = ("objection", "reply", number, *HERE, "--text", "改了", "--uphold", "1=5", *OFFICIAL)
    assert refusal(*reply)["code"] == "not-admitted-yet"
    assert "整期" in told("objection", "list", *MONTH)
    Objection.objects.update(lodged_by_id=0)  # as if somebody else had written it down
    assert facts("objection", "admit", number, *HERE, *SUPERVISOR)["objection"] == number
    assert "受理了" in told("objection", "admit", number, *HERE, *SUPERVISOR)
    assert facts(*reply)["edition"] == 2
    (one,) = facts("objection", "list", *MONTH)["objections"]
    assert (one["whole"], one["admitted"], one["state"]) == (True, True, "upheld")
    assert one["corrections"] == [{"line": 1, "before": "+10", "after": "+5"}]
    assert "第1条 +10→+5" in told("objection", "list", *MONTH).replace("\n", "")


def test_what_is_not_answered_is_passed_on_and_told_as_late(noticed: Any) -> None:
    told(*LODGE, "--line", 1, *SECRETARY)
    passed = {"supervision": 0, "town": 0, "overdue": 0}
    assert facts("--as-of", "2026-11-09", "objection", "escalate", *HERE) == passed
    assert facts("--as-of", "2026-11-10", "objection", "escalate", *HERE) == passed | {"supervision": 1}
    assert "转给镇里1件" in told("--as-of", "2026-11-18", "objection", "escalate", *HERE)
    assert "镇里有1件过了期限" in told("--as-of", "2026-11-26", "objection", "escalate", *HERE)
    late = ("--as-of", "2026-11-26", "objection", "list", *MONTH)
    assert facts(*late)["overdue"] == 1
    assert "镇里有1件过了期限还没有答复" in told(*late)
    assert refusal("objection", "escalate", *HERE, *SECRETARY)["code"] == "not-allowed"


def test_a_supervisor_remarks_holds_and_lets_go(share: int) -> None:
    words = ("deed", "remark", share, *HERE, "--text", "没看见 [/x]", *SUPERVISOR)
    first = facts(*words, "--hold", "--key", "k")
    assert first == facts(*words, "--hold", "--key", "k")
    assert (first["share"], first["holds"]) == (share, True)
    assert "先不入账" in told(*words, "--hold")
    assert "先不入账" not in told(*words)
    assert refusal("deed", "remark", share, *HERE, "--text", "x", *SECRETARY)["code"] == "not-allowed"
    assert facts("deed", "lift-hold", first["remark"], *HERE, *SUPERVISOR)["holds"] is False
    assert refusal("deed", "lift-hold", first["remark"], *HERE, *SUPERVISOR)["code"] == "holds-nothing"
    answer = ("deed", "answer-remark", first["remark"], *HERE, "--text", "有照片", *SECRETARY)
    assert facts(*answer)["remark"] == first["remark"]
    assert refusal(*answer)["code"] == "remark-answered"
    deed = Share.objects.get(pk=share).deed_id
    listed = facts("deed", "remarks", deed, *HERE)["remarks"]
    assert [(one["by"], one["holds"], one["answer"], one["household"]) for one in listed] == [
        ("竹有节", False, "有照片", "018"),
        ("竹有节", True, "", "018"),
        ("竹有节", False, "", "018"),
    ]
    shown = told("deed", "remarks", deed, *HERE).replace("\n", "")
    for words_shown in ("没看见 [/x]", "柳成荫答复：有照片", "还没有答复", "答复以前先不入账"):
        assert words_shown in shown
    assert facts("deed", "remarks", deed, *HERE, *LEADER)["remarks"] == listed  # of her grid
    for stranger in ("过路人", "山有根"):
        assert refusal("deed", "remarks", deed, *HERE, "--as", stranger)["code"] == "not-allowed"
    assert refusal("deed", "remarks", 0, *HERE)["code"] == "unknown-deed"


def test_remarks_are_told_where_a_line_is_traced(noticed: Any, share: int) -> None:
    told("deed", "remark", share, *HERE, "--text", "再看看", *SUPERVISOR)
    told("--as-of", "2026-11-07", "notice", "settle", *HERE, "--unit", VILLAGE, *SECRETARY)
    (posted,) = facts("ledger", "statement", "018", *VILLAGERS)["posted"]
    line = f"{posted['batch_id']}:{posted['line']}"
    found = facts("ledger", "trace", line, *HERE)
    assert [one["text"] for one in found["why"]["remarks"]] == ["再看看"]
    assert "竹有节：再看看" in told("ledger", "trace", line, *HERE).replace("\n", "")
