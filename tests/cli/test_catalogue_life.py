"""The life of a catalogue on the terminal."""

from pathlib import Path

import pytest

from tests.cast import VILLAGE, Cast
from tests.catalogue.cast import LAWFUL, sheet
from tests.cli.terminal import facts, refusal, run
from xiangyue.catalogue.models import Catalogue, Feedback, Review, State
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.appointments import appoint
from xiangyue.users.operations import create_user

HERE = ("--county", "peopled")
UNIT = (*HERE, "--unit", VILLAGE)


@pytest.fixture
def here(cast: Cast) -> tuple[str, ...]:
    return UNIT


def imported(folder: Path, here: tuple[str, ...], *rows: dict[str, str]) -> None:
    file = folder / "细则.csv"
    file.write_bytes(sheet(*rows))
    assert "导入了草案" in run("catalogue", "import", file, *here).stdout


def test_a_draft_is_asked_about_answered_voted_on_and_reviewed(
    cast: Cast, here: tuple[str, ...], tmp_path: Path
) -> None:
    imported(tmp_path, here, {"编号": "1", "指标": "扫雪", "分值": "5"})
    assert "征求意见到2026-11-20" in run("catalogue", "deliberate", *here, "--until", "2026-11-20").stdout
    assert run("catalogue", "feedback", *here).stdout == "还没有人提意见。\n"
    said = facts("catalogue", "say", "五分太少", *here, "--indicator", "1", "--key", "k", "--as", "桑叶青")
    (line,) = facts("catalogue", "feedback", *here)["feedback"]
    assert (line["indicator"], line["text"], line["answer"]) == ("1", "五分太少", "")
    assert "五分太少" in run("catalogue", "feedback", *here).stdout
    refused = refusal("catalogue", "answer", said["feedback"], "改成八分", *HERE, "--as", "桑叶青")
    assert refused["code"] == "not-allowed"
    assert "答复了" in run("catalogue", "answer", said["feedback"], "改成八分", *HERE).stdout
    assert Feedback.objects.get().answer == "改成八分"
    minutes = tmp_path / "记录.txt"
    minutes.write_text("逐条念过")
    vote = (*here, "--eligible", 62, "--minutes", minutes, "--held-on", "2026-11-21")
    early = refusal("catalogue", "vote", *vote, "--for", 40)
    assert early["code"] == "too-early-to-vote"


def test_a_vote_that_is_not_carried_is_said(here: tuple[str, ...], tmp_path: Path) -> None:
    imported(tmp_path, here, {"编号": "1", "指标": "扫雪", "分值": "5"})
    minutes = tmp_path / "记录.txt"
    minutes.write_text("逐条念过")
    vote = ("vote", *here, "--eligible", 62, "--minutes", minutes)
    assert "没有通过：到会41人，赞成20人" in run("catalogue", *vote, "--for", 20, "--against", 21).stdout
    assert "表决通过：到会41人，赞成40人" in run("catalogue", *vote, "--for", 40, "--abstained", 1).stdout
    assert "从2026-12-01起" in run("catalogue", "enact", *here, "--on", "2026-12-01").stdout
    assert Catalogue.objects.filter(state=State.IN_FORCE, unit__code=VILLAGE).count() == 1


def test_what_hinders_is_listed_and_a_question_cleared(here: tuple[str, ...], tmp_path: Path) -> None:
    imported(
        tmp_path,
        here,
        {"编号": "1", "指标": "打架的取消低保", "分值": "扣5分", **LAWFUL},
        {"编号": "2", "指标": "打架斗殴", "分值": "扣5分"},
        {"编号": "3", "指标": "首次登录小程序", "分值": "5"},
    )
    found = facts("catalogue", "hindrances", *here)["hindrances"]
    weights = {each["number"]: each["weight"] for each in found}
    assert weights == {"1": "refused", "2": "missing", "3": "question"}
    listed = run("catalogue", "hindrances", *here).stdout
    assert all(words in listed for words in ("不能写", "没写全", "请审核"))
    user = create_user(login="审核人", name="松审言")
    appoint(
        actor=SYSTEM, user_id=user.pk, office=Office.DEPARTMENT, unit_id=Unit.objects.get(parent=None).pk,
        since=clock.today(),
    )  # fmt: skip
    (asked,) = [each for each in found if each["weight"] == "question"]
    clear = ("clear", *here, "--indicator", "3", "--code", asked["code"], "--reason", "只奖一次")
    assert refusal("catalogue", *clear)["code"] == "not-allowed"
    assert "疑问放行了" in run("catalogue", *clear, "--as", "审核人").stdout
    assert {each["number"] for each in facts("catalogue", "hindrances", *here)["hindrances"]} == {"1", "2"}


def test_a_quarter_is_reviewed(here: tuple[str, ...]) -> None:
    words = ("review", *here, "--quarter", "2026-10-05", "--findings", "两项没有人用")
    assert "从2026-10-01起这一季的复查记下了" in run("catalogue", *words).stdout
    assert refusal("catalogue", *words)["code"] == "quarter-reviewed"
    assert Review.objects.get().findings == "两项没有人用"
