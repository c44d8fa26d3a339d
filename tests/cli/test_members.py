"""Members, claims, codes, help and requests from the terminal."""

import re

import pytest

from tests.cli.terminal import facts, refusal, told
from tests.people.cast import small_village
from tests.people.members import served, with_phone
from tests.web import quick_pins
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Household, Membership, Resident, Unit
from xiangyue.people.operations.cards import check_till_pin, issue_card
from xiangyue.users.models import User

COUNTY = ("--county", "cangcheng")
VILLAGE = ("--village", "440783104220", *COUNTY)
HOME = ("--household", "018", *VILLAGE)


@pytest.fixture
def homes(village: Unit) -> dict[str, Household]:
    return small_village(village)


@pytest.fixture
def newcomer(homes: dict[str, Household]) -> Actor:
    return with_phone("u-1", "来人")


def test_a_card_comes_with_two_pins_and_a_code(homes: dict[str, Household], newcomer: Actor) -> None:
    with quick_pins():
        made = facts("card", "issue", "018", *VILLAGE)
        check_till_pin(actor=newcomer, household_id=homes["018"].pk, pin=made["till_pin"])
        words = told("card", "issue", "018", *VILLAGE)
        assert re.search(r"登录密码：\d{6}；兑换密码：\d{4}。", words)
        (code,) = re.findall(r"绑定码：([0-9A-Z]{8})。", words)
        wrong = ("member", "bind", *HOME, "--as", "u-1", "--code")
        assert refusal(*wrong, made["code"]) == {
            "code": "code-wrong",
            "text": "户号或者绑定码不对。绑定码只能用一次，用过了请家里人或者网格员再给一个。",
            "field": "code",
            "facts": {},
        }
        assert told(*wrong, code, "--name", "麦春芽").strip() == "加入了018户。"
    assert served(newcomer) == ["018"]


def test_a_new_code_is_given(homes: dict[str, Household], newcomer: Actor) -> None:
    with quick_pins():
        assert refusal("member", "code", "018", *VILLAGE)["code"] == "card-none"
        issue_card(actor=Actor.user(User.objects.get(login="admin").pk), household_id=homes["018"].pk)
        made = facts("member", "code", "018", *VILLAGE)
        assert refusal("member", "code", "018", *VILLAGE, "--as", "榆钱多")["code"] == "not-allowed"
        joined = facts("member", "bind", *HOME, "--as", "u-1", "--code", made["code"])
    assert joined["number"] == "018"


def test_a_claim_is_made_listed_and_confirmed(homes: dict[str, Household], newcomer: Actor) -> None:
    made = facts("member", "claim", *HOME, "--name", "田禾生", "--as", "u-1")
    listed = facts("member", "claims", "--unit", "440783104220", *COUNTY, "--as", "榆钱多")["claims"]
    assert [(each["id"], each["number"], each["name"]) for each in listed] == [(made["id"], "018", "田禾生")]
    assert "田禾生" in told("member", "claims", "--unit", "440783104220", *COUNTY, "--as", "榆钱多")
    assert refusal("member", "claims", "--unit", "440783104220", *COUNTY)["code"] == "not-allowed"
    confirm = ("member", "confirm", made["id"], *COUNTY, "--as", "穗香")
    assert refusal(*confirm, "--resident", "没有这人")["code"] == "resident-unknown"
    assert "能替018户办事了" in told(*confirm, "--resident", "田禾生")
    assert Resident.objects.get(name="田禾生").user == User.objects.get(login="u-1")
    (row,) = facts("member", "list", "018", *VILLAGE)["members"]
    assert (row["name"], row["resident"], row["how"]) == ("田禾生", "田禾生", "confirmed")
    assert "网格员确认" in told("member", "list", "018", *VILLAGE)


def test_a_claim_is_declined_or_withdrawn(homes: dict[str, Household], newcomer: Actor) -> None:
    first = facts("member", "claim", *HOME, "--name", "谁", "--as", "u-1")
    decline = ("member", "decline", first["id"], *COUNTY, "--reason", "不认识", "--as", "穗香")
    assert "没有确认" in told(*decline)
    assert refusal(*decline)["code"] == "claim-unknown"
    second = facts("member", "claim", *HOME, "--name", "田禾生", "--as", "u-1")
    assert "收回了" in told("member", "withdraw", second["id"], *COUNTY, "--as", "u-1")


def test_a_member_is_kept_from_the_till_and_sent_away(homes: dict[str, Household], newcomer: Actor) -> None:
    made = Membership.objects.create(
        user_id=newcomer.id, household=homes["018"], how="confirmed", since="2026-11-02"
    )
    redeem = ("member", "redeem", made.pk, *COUNTY)
    assert refusal(*redeem, "--may-not")["code"] == "choice-on-behalf"
    assert "不能兑换了" in told(*redeem, "--may-not", "--as", "u-1")
    assert "来人不能再替018户办事了" in told("member", "end", made.pk, *COUNTY)
    assert refusal("member", "end", made.pk, *COUNTY)["code"] == "member-unknown"


def test_help_is_begun_seen_and_ended(homes: dict[str, Household]) -> None:
    begun = facts("household", "help", "018", *VILLAGE, "--as", "穗香", "--reason", "报打扫")
    assert begun["allowed"] is True
    assert refusal("household", "help", "018", *VILLAGE)["code"] == "not-allowed"
    (row,) = facts("household", "helped", "018", *VILLAGE)["visits"]
    assert (row["helper"], row["reason"], row["ended_at"]) == ("麦穗香", "报打扫", None)
    assert "麦穗香" in told("household", "helped", "018", *VILLAGE)
    assert "代办结束了" in told("household", "help-end", begun["visit"], *COUNTY, "--as", "穗香")
    homes["018"].asks_first = True
    homes["018"].save()
    assert "要先同意" in told("household", "help", "018", *VILLAGE, "--as", "穗香")


def test_a_correction_is_asked_for_and_answered(homes: dict[str, Household]) -> None:
    ask = ("household", "request", "018", *VILLAGE, "--topic", "name", "--text", "芽写成了牙", "--as", "穗香")
    assert refusal(*ask)["code"] == "help-not-begun"
    told("household", "help", "018", *VILLAGE, "--as", "穗香")
    made = facts(*ask)
    assert made["answer_by"] == "2026-11-17"
    unit = ("--unit", "440783104220", *COUNTY)
    (row,) = facts("household", "requests", *unit)["requests"]
    assert (row["id"], row["text"], row["on_behalf"]) == (made["request"], "芽写成了牙", True)
    assert "芽写成了牙" in told("household", "requests", *unit)
    answer = ("household", "answer", made["request"], *COUNTY, "--done", "--text", "改好了")
    assert "办好了" in told(*answer)
    assert refusal(*answer)["code"] == "request-unknown"


def test_a_village_is_ranked_or_not(homes: dict[str, Household]) -> None:
    rank = ("unit", "rank", "440783104220", *COUNTY, "--as", "榆钱多")
    assert "不公开排名了" in told(*rank, "--no")
    assert facts(*rank, "--yes")["ranked"] is True
    assert refusal("unit", "rank", "440783104220", *COUNTY, "--as", "穗香", "--no")["code"] == "not-allowed"
