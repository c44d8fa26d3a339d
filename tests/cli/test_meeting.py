"""Calling a meeting, small matters, the assembly, and what is due; holding and deciding stand in test_month."""

from datetime import date

import pytest

from tests.cast import COMMITTEE, VILLAGE, Cast
from tests.catalogue.cast import in_force
from tests.cli.terminal import facts, refusal, told
from tests.scoring.cast import PERIOD, PRESENT, a_deed, a_meeting, approve, bring, verified
from tests.scoring.operations.test_confirming import REPRESENTATIVES, seat_assembly
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Unit
from xiangyue.scoring.models import Attendance, Call, Meeting, ScoringRules
from xiangyue.scoring.operations.review import verify_deeds

HERE = ("--county", "peopled")
MONTH = (*HERE, "--village", VILLAGE, "--period", "2026-10")
SECRETARY = ("--as", "柳成荫")
CALLED = ("meeting", "call", *MONTH, "--day", "2026-11-05", "--place", "村委会二楼", *SECRETARY)


def test_a_meeting_is_called_once_and_cancelled(cast: Cast) -> None:
    called = facts(*CALLED)
    assert (called["day"], called["place"], called["body"]) == ("2026-11-05", "村委会二楼", "评议小组")
    assert "2026-11-05开评议小组" in told(*CALLED)
    assert Call.objects.count() == 1
    cancel = ("meeting", "cancel", called["call"], *HERE, *SECRETARY, "--reason", "下大雨")
    assert "2026-11-05的会取消了" in told(*cancel)
    assert refusal(*cancel)["code"] == "unknown-call"


def test_what_was_cancelled_is_called_anew(cast: Cast) -> None:
    first = facts(*CALLED)["call"]
    told("meeting", "cancel", first, *HERE, *SECRETARY)
    again = facts(*CALLED)["call"]
    assert again == facts(*CALLED)["call"] != first
    assert Call.objects.get(cancelled_at=None).pk == again


def test_supervisors_watch_without_a_vote(cast: Cast) -> None:
    words = ("meeting", "hold", *MONTH, "--attend", ",".join(COMMITTEE), *SECRETARY)
    held = facts(*words, "--observe", "竹有节")
    assert (held["present"], held["members"]) == (len(COMMITTEE), len(COMMITTEE))
    assert Attendance.objects.get(observes=True).user == cast.user("竹有节")
    assert refusal(*words, "--observe", "仓有余", "--key", "k")["code"] == "not-a-supervisor"


def test_a_small_matter_is_decided_by_the_named_role(cast: Cast) -> None:
    row = {"指标": "帮忙扫街", "分值": "2", "对象": "户", "审批": "网格员"}
    in_force(SYSTEM, cast.village, date(2026, 2, 1), row)
    shares = []
    for _time in range(2):
        (deed,) = bring(cast.clerk, a_deed(cast.village, "018", of="帮忙扫街"))
        verify_deeds(actor=cast.secretary, deed_ids=[deed.pk])
        shares.append(deed.shares.get().pk)
    small = ("meeting", "small", *MONTH, "--as", "桑叶青")
    decided = facts(*small, "--approve", shares[0])["decisions"]
    assert [(one["household"], one["points"]) for one in decided] == [("018", "+2")]
    assert "定了1条" in told(*small, "--reject", shares[1], "--reason", "没有扫")
    assert (
        refusal("meeting", "small", *MONTH, "--as", "松如海", "--approve", shares[0])["code"] == "not-allowed"
    )


def test_the_assembly_confirms(cast: Cast) -> None:
    ScoringRules.objects.update(stages=["self", "committees", "assembly", "notice"])
    seat_assembly(cast)
    shares = verified(a_deed(cast.village, "018"), a_deed(cast.village, "004"), a_deed(cast.village, "030"))
    approve(a_meeting(cast.village, PRESENT), shares, by="柏长青")
    hold = ("meeting", "hold", *MONTH, "--assembly", "--attend", ",".join(REPRESENTATIVES), *SECRETARY)
    assert "代表5人，到会5人" in told(*hold)
    confirm = ("meeting", "confirm", *MONTH)
    first = (*confirm, "--as", "松如海", "--refuse", shares[1].pk, "--reason", "没有这回事")
    assert facts(*first) == {"confirmed": 1, "refused": 1, "left": 1}
    assert "确认了1条，不确认0条" in told(*confirm, "--as", "荷田田")
    assert Meeting.objects.filter(body="assembly").count() == 1


def test_what_is_due(cast: Cast) -> None:
    bring(SYSTEM, a_deed(cast.village, "018"))
    due = ("due", *HERE, *SECRETARY, "--unit", VILLAGE, "--days", "8")
    shown = facts(*due)
    assert shown["waiting"] == [
        {
            "unit": "联和村",
            "matter": "核实",
            "subject": "",
            "due": "2026-11-09",
            "count": 1,
            "overdue": False,
        }
    ]
    assert [(one["last"], one["matter"], one["subject"]) for one in shown["dates"]] == [
        ("2026-11-08", "评议会", "2026-11/2"),
        ("2026-11-10", "张榜公示", str(PERIOD)),
    ]
    assert "2026-11-09" in told(*due)
    assert refusal("due", *HERE, *SECRETARY)["code"] == "not-allowed"  # the whole town is not the village's


@pytest.mark.parametrize("words", [("hold", "--attend", "松如海"), ("decide", "--all")])
def test_only_a_unit_that_judges_meets(cast: Cast, words: tuple[str, ...]) -> None:
    grid = Unit.objects.get(path__startswith=cast.village.path, name="第三网格")
    command = ("meeting", words[0], *HERE, "--village", grid.code, "--period", "2026-10", *words[1:])
    assert refusal(*command)["code"] == "not-a-judging-unit"
