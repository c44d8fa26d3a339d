"""The commands for complaints and phones, each once for people and once for programs."""

import pytest

from tests.cast import VILLAGE, Cast
from tests.cli.terminal import facts, refusal, run, told
from xiangyue.kernel import clock
from xiangyue.requests.models import Complaint

HERE = ("--county", "peopled")
TOWN = ("--as", "云帆远")
SAID = ("complaint", "lodge", *HERE, "--unit", VILLAGE, "--kind", "burden", "--text", "叫我们装软件", *TOWN)


@pytest.fixture
def lodged(cast: Cast) -> int:
    return int(facts(*SAID, "--way", "phone", "--household", "018", "--named")["complaint"])


def test_what_somebody_says_is_written_down(lodged: int) -> None:
    complaint = Complaint.objects.get(pk=lodged)
    assert complaint.household
    assert (complaint.way, complaint.household.number, complaint.is_hidden) == ("phone", "018", False)
    words = told(*SAID)
    assert "件投诉，苍城镇2026-11-17以前答复" in words
    assert "/complain/" in words
    assert Complaint.objects.latest("id").household is None


def test_it_is_listed_answered_and_gone(lodged: int) -> None:
    (one,) = facts("complaint", "list", *HERE, *TOWN)["complaints"]
    assert (one["complaint"], one["unit"], one["household"], one["overdue"]) == (
        lodged,
        VILLAGE,
        "018 田禾生",
        False,
    )
    words = told("complaint", "list", *HERE, *TOWN)
    for each in ("018 田禾生", "硬要我做", "电话", "2026-11-17"):
        assert each in words
    assert facts("complaint", "answer", lodged, *HERE, "--text", "停了", *TOWN)["state"] == "answered"
    assert facts("complaint", "list", *HERE, *TOWN)["complaints"] == []
    assert "答复了" in told("complaint", "list", *HERE, "--all", *TOWN)
    again = refusal("complaint", "answer", lodged, *HERE, "--text", "再停", *TOWN)
    assert again["code"] == "complaint-answered"


def test_who_may_be_meant_finds_nothing(lodged: int) -> None:
    assert facts("complaint", "list", *HERE, "--as", "柳成荫")["complaints"] == []
    refused = refusal("complaint", "answer", lodged, *HERE, "--text", "没这回事", "--as", "柳成荫")
    assert refused["code"] == "unknown-complaint"


def test_one_is_passed_on_and_what_is_late_too(cast: Cast) -> None:
    grid = cast.household("018").unit.parent
    assert grid
    lodge = ("complaint", "lodge", *HERE, "--unit", grid.code, "--kind", "staff", "--text", "不公平")
    first, second = (int(facts(*lodge, "--as", "柳成荫")["complaint"]) for _time in range(2))
    passed = facts("complaint", "pass-on", first, *HERE, "--reason", "请镇里看", "--as", "柳成荫")
    assert passed["answer_unit"] == "440783104"
    top = refusal("complaint", "pass-on", first, *HERE, "--reason", "再上", *TOWN)
    assert top["code"] == "no-level-above"
    with clock.as_of(Complaint.objects.get(pk=second).answer_by.replace(month=12)):
        assert "过期了" in told("complaint", "list", *HERE, "--as", "柳成荫")
        assert refusal("complaint", "pass-on", *HERE, "--as", "柳成荫")["code"] == "not-allowed"


def test_phones_are_set_listed_and_removed(cast: Cast) -> None:
    here = (*HERE, "--unit", VILLAGE)
    line = facts("contact", "set", *here, "--kind", "village", "--label", "村委会办公室", "000-7654321")
    assert line["phone"] == "000-7654321"
    assert "村委会办公室的电话是12345" in told(
        "contact", "set", *here, "--kind", "village", "--label", "村委会办公室", "12345"
    )
    assert facts("contact", "list", *here)["contacts"] == [
        {"unit": VILLAGE, "kind": "village", "label": "村委会办公室", "phone": "12345"}
    ]
    assert "村委会办公室" in told("contact", "list", *here)
    assert "撤下了" in told("contact", "remove", *here, "--kind", "village")
    assert refusal("contact", "remove", *here, "--kind", "village")["code"] == "no-contact"


def test_a_kind_has_to_be_one_of_ours(cast: Cast) -> None:
    assert run("contact", "set", *HERE, "--unit", VILLAGE, "--kind", "x", "--label", "a", "1").exit_code == 2
