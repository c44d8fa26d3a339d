"""One row: what its cells say together."""

import pytest

from tests.catalogue.language.forms import read
from xiangyue.catalogue.export import to_rows
from xiangyue.catalogue.rules.model import Multiplier
from xiangyue.catalogue.rules.terms import (
    Circumstance,
    Direction,
    Level,
    Receiver,
    Side,
    Split,
    Whose,
    Window,
)
from xiangyue.catalogue.rules.worth import (
    Both,
    Fixed,
    Levels,
    Named,
    PerUnit,
    Range,
    Reset,
    Unit,
    Worth,
)


@pytest.mark.parametrize(
    ("headings", "direction"),
    [
        ({"大类": "加减分项"}, Direction.AWARD),
        ({"板块": "加分与扣分"}, Direction.AWARD),
        ({"大类": "扣分项", "板块": "加分项"}, Direction.AWARD),
        ({"大类": "加减分细则", "板块": "扣分项"}, Direction.DEDUCTION),
        ({"大类": "负面清单", "板块": "环境"}, Direction.DEDUCTION),
        ({"板块": "奖惩办法"}, Direction.AWARD),
        ({"板块": "不扣分事项"}, Direction.AWARD),
        ({"板块": "黑榜"}, Direction.DEDUCTION),
    ],
)
def test_a_heading_of_both_sides_decides_nothing(headings: dict[str, str], direction: Direction) -> None:
    (item,) = read({**headings, "指标": "参加劳动", "分值": "5"}).items
    assert item.direction is direction


def test_who_receives_is_kept_beside_roles() -> None:
    (item,) = read({"指标": "连带", "分值": "书记扣5分、主任扣3分", "对象": "本人及配偶"}).items
    assert item.sharing.to == {Receiver.DOER, Receiver.SPOUSE}
    assert [row.role for row in item.sharing.roles] == ["书记", "主任"]
    assert item.sharing.split is Split.BY_ROLE


def test_a_multiplier_keeps_its_side() -> None:
    (item,) = read({"指标": "甲", "分值": "加5/扣2", "倍数": "党员双倍（仅扣分）"}).items
    assert item.multipliers == (Multiplier(Circumstance.PARTY_MEMBER, 200, Side.DEDUCTION),)
    (item,) = read({"指标": "甲", "分值": "加5，扣2，党员双倍扣"}).items
    assert item.multipliers == (Multiplier(Circumstance.PARTY_MEMBER, 200, Side.DEDUCTION),)


@pytest.mark.parametrize(
    ("value", "once"),
    [
        ("全勤10分，缺1次减2分", {"单位": "年"}),
        ("全勤加10分，缺一次扣2分", {"单位": "年"}),
        ("全勤10分，每缺一次减2分", {"上限": "每年1次"}),
        ("每年全勤加10分，缺1次扣2分", {}),
        ("全勤加10分，发现1次缺席扣2分，每年", {}),
    ],
)
def test_a_fault_that_counts_each_time_is_not_taken_once_a_year(value: str, once: dict[str, str]) -> None:
    report = read({"指标": "履职", "方向": "加扣", "分值": value, **once})
    assert [(problem.header, problem.code) for problem in report.refusals] == [("分值", "fault-each-time")]


@pytest.mark.parametrize(
    ("value", "limits"),
    [
        ("全勤加10分，缺1次扣2分", ""),
        ("全勤加10分，缺1次扣2分", "加分每人每年1次"),
        ("全勤加10分，缺1次扣2分", "每年5次"),
        ("合格加5分，不合格扣2分", "每年1次"),
    ],
)
def test_a_fault_that_counts_each_time_stands_beside_other_limits(value: str, limits: str) -> None:
    report = read({"指标": "履职", "方向": "加扣", "分值": value, "上限": limits})
    assert report.refusals == []
    assert len(report.items) == 1


def test_a_head_that_is_the_subject_is_not_counted() -> None:
    person, household, other, told_of = read(
        {"指标": "甲", "分值": "每人5分", "对象": "个人"},
        {"指标": "乙", "分值": "5分/户", "对象": "农户"},
        {"指标": "丙", "分值": "每人5分", "对象": "农户"},
        {"指标": "丁", "分值": "每带动1户加5分", "对象": "农户"},
    ).items
    assert (person.worth, household.worth) == (Fixed(500), Fixed(500))
    assert other.worth == PerUnit(Unit("人"), 100, 500, whole=False)
    assert told_of.worth == PerUnit(Unit("户"), 100, 500, whole=False)


def test_a_dash_stands_for_an_empty_cell() -> None:
    (item,) = read({"指标": "甲", "分值": "扣5", "单位": "—", "上限": "–", "倍数": "/", "对象": "—", "适用时间": "－",
                    "期限": "——", "依据": "—", "修复": "/", "证明材料": "-"}).items  # fmt: skip
    assert (item.limits, item.multipliers, item.spans, item.basis, item.repair, item.term) == (
        (), (), (), "", "", "",
    )  # fmt: skip
    assert item.evidence.text == ""


def test_a_dash_between_label_and_points_is_no_minus() -> None:
    awarded, deducted, parted = read(
        {"指标": "甲", "方向": "加", "分值": "村级-5、镇级-10"},
        {"指标": "乙", "方向": "扣", "分值": "村级-5、镇级-10"},
        {"指标": "丙", "分值": "一等奖——10分，二等奖——8分"},
    ).items
    assert [item.direction for item in (awarded, deducted, parted)] == [
        Direction.AWARD, Direction.DEDUCTION, Direction.AWARD,
    ]  # fmt: skip
    assert awarded.worth == deducted.worth


def test_limits_in_brackets_behind_a_unit_count() -> None:
    (item,) = read({"指标": "甲", "分值": "5", "单位": "次（每月限2次）"}).items
    assert [(limit.window, limit.amount) for limit in item.limits] == [(Window.MONTH, 2)]
    (item,) = read({"指标": "甲", "分值": "5", "单位": "户/月"}).items
    assert [(limit.window, limit.whose) for limit in item.limits] == [(Window.MONTH, Whose.HOUSEHOLD)]


def test_a_minimum_and_a_maximum_hold_for_each_award() -> None:
    (item,) = read({"指标": "甲", "分值": "每小时2分，最低5分，最高20分"}).items
    assert (item.minimum, [(one.window, one.amount) for one in item.limits]) == (500, [(Window.TIME, 2000)])
    (item,) = read({"指标": "甲", "分值": "最低5分，最高20分"}).items
    assert (item.worth, item.minimum, item.limits) == (Range(500, 2000), 0, ())


def test_what_has_no_place_in_the_rule_is_kept_as_a_remark() -> None:
    report = read(
        {"指标": "甲", "分值": "每捐款100元加1分", "备注": "现金"}, {"指标": "乙", "分值": "每100元加1分"}
    )
    assert [item.remarks for item in report.items] == ["现金\n分值：每捐款100元加1分", ""]


def test_a_limit_on_the_side_that_an_item_has_is_just_a_limit() -> None:
    plain, both = read(
        {"指标": "甲", "分值": "加1分", "上限": "每年最多加3分"},
        {"指标": "乙", "分值": "±1", "上限": "每年最多加3分"},
    ).items
    assert [limit.side.value for limit in (*plain.limits, *both.limits)] == ["each", "award"]
    assert isinstance(both.worth, Both)


@pytest.mark.parametrize(
    ("row", "worth"),
    [
        ({"分值": "县5市10"}, Levels(((Level.COUNTY, Fixed(500)), (Level.CITY, Fixed(1000))))),
        ({"分值": "优5良3中1"}, Named((("优", Fixed(500)), ("良", Fixed(300)), ("中", Fixed(100))))),
        ({"分值": "省外10、省内8"}, Named((("省外", Fixed(1000)), ("省内", Fixed(800))))),
        ({"分值": "率先签约加30分，按期签约加20分"}, Named((("率先签约", Fixed(3000)), ("按期签约", Fixed(2000))))),
        ({"分值": "10分，并照价赔偿", "方向": "扣"}, Fixed(1000)),
        ({"分值": "5分/次/人", "对象": "个人"}, Fixed(500)),
        ({"方向": "否决", "分值": "当年积分清零"}, Reset(window=Window.YEAR)),
    ],
)  # fmt: skip
def test_what_people_write_without_signs_between(row: dict[str, str], worth: Worth) -> None:
    (item,) = read({"指标": "做了一件事", **row}).items
    assert item.worth == worth


def test_the_highest_level_counts_however_it_is_said() -> None:
    for text in ("按最高级别计，不重复", "以最高荣誉计分", "只计最高等次", "按照最高奖项奖励"):
        (item,) = read({"指标": "受表彰", "分值": "5", "上限": text}).items
        assert (item.rivals, item.limits) == ("受表彰", ())
    (item,) = read({"指标": "走访", "分值": "1", "上限": "每月不超10分"}).items
    assert [(limit.amount, limit.window) for limit in item.limits] == [(1000, Window.MONTH)]


@pytest.mark.parametrize("subject", ["农户", "党员户", "村民个人", "党员"])
@pytest.mark.parametrize("value", ["每人每小时1分", "每人每晚2分", "每人每亩2分", "每人每天3分"])
def test_so_much_of_each_person_is_written_as_it_is_read(value: str, subject: str) -> None:
    first = read({"指标": "做了一件事", "分值": value, "对象": subject}).items
    rows = to_rows(first)
    (again,) = read(*(dict(zip(rows[0], row, strict=True)) for row in rows[1:])).items
    assert [again] == first
