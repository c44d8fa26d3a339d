"""The commands of a special notice, for people and for programs."""

from typing import Any

import pytest

from tests.cast import COMMITTEE, Cast
from tests.cli.terminal import facts, refusal, run, told
from tests.cli.test_month import HELPED, LEADER, MONTH, SECRETARY, VILLAGERS
from xiangyue.people.models import Unit

SPECIAL = ("notice", "special", *MONTH, "--reason", "下河救人")


@pytest.fixture
def decided(cast: Cast) -> list[dict[str, Any]]:
    """Two good deeds of household 018, approved."""
    for day in ("2026-10-20", "2026-10-21"):
        facts(*HELPED[:-1], day, *LEADER)
    facts("meeting", "hold", *MONTH, "--attend", ",".join(COMMITTEE), *SECRETARY)
    facts("meeting", "decide", *MONTH, "--all", "--as", COMMITTEE[0])
    return list(facts("deed", "list", *VILLAGERS, "--state", "approved")["deeds"])


def test_it_is_hung_out_before_the_month_s_notice_and_shown_by_its_number(
    decided: list[dict[str, Any]],
) -> None:
    urgent, later = (each["share"] for each in decided)
    hung = facts(*SPECIAL, "--share", urgent, *SECRETARY)
    assert (hung["special"], hung["edition"], hung["households"], hung["reason"]) == (1, 1, 1, "下河救人")
    monthly = facts("notice", "issue", *MONTH, *SECRETARY)
    assert (monthly["special"], monthly["households"], monthly["plus"]) == (0, 62, hung["plus"])
    assert facts("notice", "show", *MONTH, "--special", 1) == hung
    assert facts("notice", "show", *MONTH)["notice"] == monthly["notice"] != hung["notice"]
    assert "第1次专项公示，第1版" in told("notice", "show", *MONTH, "--special", 1)
    assert refusal(*SPECIAL, "--share", later, *SECRETARY)["code"] == "hung-already"
    assert refusal("notice", "show", *MONTH, "--special", 2)["code"] == "no-notice"


def test_only_a_unit_that_judges_hangs_a_notice_out(cast: Cast) -> None:
    grid = Unit.objects.get(path__startswith=cast.village.path, name="第三网格")
    here = ("--county", "peopled", "--village", grid.code, "--period", "2026-10", *SECRETARY)
    assert refusal("notice", "issue", *here)["code"] == "not-a-judging-unit"
    special = ("notice", "special", *here, "--reason", "急", "--share", 1)
    assert refusal(*special)["code"] == "not-a-judging-unit"


def test_which_deeds_and_why_has_to_be_said(decided: list[dict[str, Any]]) -> None:
    assert run(*SPECIAL, *SECRETARY).exit_code == 2
    assert run("notice", "special", *MONTH, "--share", decided[0]["share"], *SECRETARY).exit_code == 2
    assert refusal(*SPECIAL, "--share", decided[0]["share"], *LEADER)["code"] == "not-allowed"
