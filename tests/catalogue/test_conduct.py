import pytest

from xiangyue.catalogue.conduct import forbidden
from xiangyue.catalogue.terms import Direction

AWARD, DEDUCTION = Direction.AWARD, Direction.DEDUCTION


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        ("酒驾的取消低保资格", "取消低保", "取消或停发法定待遇、补贴"),
        ("停发 当年的 惠农补贴", "停发当年的惠农补贴", "取消或停发法定待遇、补贴"),
        ("一年内不得享受困难补助", "不得享受困难补助", "取消或停发法定待遇、补贴"),
        ("不予发放养老金", "不予发放养老金", "取消或停发法定待遇、补贴"),
        ("取消选举权和被选举权", "取消选举", "限制村民参加村里事务的权利"),
        ("三年内不得参加村民代表会议", "不得参加村民代表会议", "限制村民参加村里事务的权利"),
        ("不得列为候选人", "不得列为候选", "限制村民参加村里事务的权利"),
        ("家中孩子辍学的", "辍学", "因孩子辍学处罚一家人"),
    ],
)
def test_forbidden_consequences_are_found_with_their_words(text: str, words: str, name: str) -> None:
    found = forbidden(DEDUCTION, ["", text])
    assert found is not None
    assert (found[1], str(found[0].name)) == (words, name)
    assert str(found[0].source)
    assert str(found[0].instead)


@pytest.mark.parametrize(
    "text",
    [
        "骗取低保、补贴的",
        "宣传医保政策",
        "无故不参加村民会议",
        "因病不能参加村民代表会议",
        "不得重复领取补贴",
        "取消当年评优资格，期限1年",
        "少得奖励一半，期限半年",
        "停止施工。申领补贴另行办理",
    ],
)
def test_what_is_lawful_is_left_alone(text: str) -> None:
    assert forbidden(DEDUCTION, [text]) is None


def test_bringing_a_child_back_to_school_may_be_rewarded() -> None:
    assert forbidden(AWARD, ["劝返辍学学生"]) is None


def test_taking_rights_away_is_forbidden_on_either_side() -> None:
    assert forbidden(AWARD, ["未达标的取消低保"]) is not None
