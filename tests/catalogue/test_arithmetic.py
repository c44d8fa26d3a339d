from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyue.catalogue.arithmetic import Facts, Judgement, Rule, bounds, judge
from xiangyue.catalogue.caps import Held
from xiangyue.catalogue.limits import Limit, parse_limits
from xiangyue.catalogue.refusals import (
    CaseNeedsPoints,
    PointsOutsideBounds,
    QuantityMissing,
    QuantityNotCounted,
)
from xiangyue.catalogue.terms import Direction, Form, Measure, Subject, Window
from xiangyue.catalogue.values import MOST

DAY = date(2026, 10, 14)
LABOUR = Rule("11", "参加公共劳动", Direction.AWARD, Form.FIXED, 800, 800, "次", Subject.PERSON)
GAMBLING = Rule("17", "参与赌博", Direction.DEDUCTION, Form.FIXED, 2000, 2000, "次", Subject.PERSON)
CLEANING = Rule("3", "环境清扫", Direction.AWARD, Form.RANGE, 100, 1000, "次", Subject.HOUSEHOLD)
SERVICE = Rule("8", "志愿服务", Direction.AWARD, Form.PER_UNIT, 200, 200, "小时", Subject.PERSON)
BRIDGE = Rule("40", "捐资修桥", Direction.AWARD, Form.CASE_BY_CASE, None, None, "次", Subject.HOUSEHOLD)


def limited(rule: Rule, text: str) -> Rule:
    return replace(rule, limits=parse_limits(text, rule.subject))


def said(rule: Rule, facts: Facts, *held: Held) -> tuple[int, int, str]:
    judgement = judge(rule, facts, held)
    return judgement.points, judgement.before_caps, judgement.sentence


@pytest.mark.parametrize(
    ("rule", "facts", "points", "sentence"),
    [
        (LABOUR, Facts(DAY), 800, "参加公共劳动，每次8分，这次加8分。"),
        (LABOUR, Facts(DAY, proposed=800), 800, "参加公共劳动，每次8分，这次加8分。"),
        (GAMBLING, Facts(DAY), -2000, "参与赌博，每次扣20分，这次扣20分。"),
        (CLEANING, Facts(DAY, proposed=650), 650, "环境清扫，每次1～10分，这次评6.5分，这次加6.5分。"),
        (
            SERVICE,
            Facts(DAY, quantity=Decimal("2.50")),
            500,
            "志愿服务，每小时2分，2.5小时合5分，这次加5分。",
        ),
        (
            SERVICE,
            Facts(DAY, quantity=Decimal("0.333")),
            67,
            "志愿服务，每小时2分，0.333小时合0.67分，这次加0.67分。",
        ),
        (BRIDGE, Facts(DAY, proposed=7000), 7000, "捐资修桥，一事一议，这次评70分，这次加70分。"),
    ],
)
def test_a_deed_is_worth_what_its_rule_says(rule: Rule, facts: Facts, points: int, sentence: str) -> None:
    assert judge(rule, facts) == Judgement(points, points, (), sentence)


def test_a_full_cap_says_so() -> None:
    twice = limited(LABOUR, "每月2次")
    assert said(twice, Facts(DAY), Held(date(2026, 10, 2), 800), Held(date(2026, 10, 9), 800)) == (
        0,
        800,
        "参加公共劳动，每次8分；本月这一项已记2次，满了，这次不加分。",
    )
    assert said(twice, Facts(DAY), Held(date(2026, 9, 30), 800), Held(date(2026, 10, 9), 800))[0] == 800


@pytest.mark.parametrize(
    ("rule", "facts", "held", "points", "explained"),
    [
        (limited(LABOUR, "每月10分"), Facts(DAY), [Held(DAY, 800)], 200, "本月这一项最多10分，已记8分"),
        (limited(LABOUR, "每天8分"), Facts(DAY), [Held(DAY, 800)], 0, "当天这一项已记8分，满了"),
        (limited(LABOUR, "每周1次"), Facts(DAY), [Held(DAY, 800)], 0, "本周这一项已记1次，满了"),
        (limited(LABOUR, "每季9分"), Facts(DAY), [Held(DAY, 800)], 100, "本季这一项最多9分，已记8分"),
        (limited(LABOUR, "一次性"), Facts(DAY), [Held(date(2020, 1, 1), 800)], 0, "以前这一项已记1次，满了"),
        (
            limited(LABOUR, "每户每年12分"),
            Facts(DAY),
            [Held(date(2026, 2, 1), 800, same_person=False)],
            400,
            "本年全户这一项最多12分，已记8分",
        ),
        (
            limited(CLEANING, "每人每年12分"),
            Facts(DAY, proposed=500),
            [Held(date(2026, 2, 1), 800)],
            400,
            "本年本人这一项最多12分，已记8分",
        ),
        (limited(SERVICE, "每次10分"), Facts(DAY, quantity=Decimal(8)), [], 1000, "一次最多10分"),
        (limited(GAMBLING, "每年30分"), Facts(DAY), [Held(DAY, 2000)], -1000, "本年这一项最多30分，已记20分"),
    ],
)
def test_every_cut_is_explained(
    rule: Rule, facts: Facts, held: list[Held], points: int, explained: str
) -> None:
    judgement = judge(rule, facts, held)
    (cut,) = judgement.cuts
    assert judgement.points == points
    assert abs(judgement.before_caps) - abs(judgement.points) == cut.cut_by
    assert f"；{explained}，这次" in judgement.sentence


def test_a_deduction_that_is_cut_to_nothing_takes_nothing() -> None:
    once_a_year = limited(GAMBLING, "每年1次")
    assert said(once_a_year, Facts(DAY), Held(DAY, 2000)) == (
        0,
        -2000,
        "参与赌博，每次扣20分；本年这一项已记1次，满了，这次不扣分。",
    )


def test_several_cuts_are_told_from_the_narrowest() -> None:
    rule = limited(LABOUR, "每年9分；每月3分")
    judgement = judge(rule, Facts(DAY), [Held(date(2026, 5, 1), 700)])
    assert judgement.sentence == (
        "参加公共劳动，每次8分；本月这一项最多3分，已记0分；本年这一项最多9分，已记7分，这次加2分。"
    )
    assert [(cut.limit.window, cut.cut_by) for cut in judgement.cuts] == [
        (Window.MONTH, 500),
        (Window.YEAR, 100),
    ]


@pytest.mark.parametrize(
    ("rule", "facts", "text"),
    [
        (LABOUR, Facts(DAY, proposed=700), "“参加公共劳动”只能评8分，7分不行。"),
        (CLEANING, Facts(DAY, proposed=99), "“环境清扫”只能评1～10分，0.99分不行。"),
        (CLEANING, Facts(DAY, proposed=1001), "“环境清扫”只能评1～10分，10.01分不行。"),
        (CLEANING, Facts(DAY, proposed=-500), "“环境清扫”只能评1～10分，−5分不行。"),
        (BRIDGE, Facts(DAY, proposed=0), "“捐资修桥”只能评0.01～1,000,000分，0分不行。"),
        (BRIDGE, Facts(DAY, proposed=MOST + 1), "“捐资修桥”只能评0.01～1,000,000分，1,000,000.01分不行。"),
        (
            SERVICE,
            Facts(DAY, quantity=Decimal("1e30")),
            f"“志愿服务”只能评0.01～1,000,000分，{2 * 10**30:,}分不行。",
        ),
    ],
)
def test_points_stay_within_the_bounds(rule: Rule, facts: Facts, text: str) -> None:
    with pytest.raises(PointsOutsideBounds) as caught:
        judge(rule, facts)
    assert str(caught.value) == text


@pytest.mark.parametrize("quantity", [None, Decimal(0), Decimal(-1), Decimal("NaN"), Decimal("Infinity")])
def test_points_by_unit_need_a_quantity(quantity: Decimal | None) -> None:
    with pytest.raises(QuantityMissing) as caught:
        judge(SERVICE, Facts(DAY, quantity=quantity))
    assert str(caught.value) == "“志愿服务”按小时计分，请写清是多少小时。"


@pytest.mark.parametrize("rule", [LABOUR, CLEANING, BRIDGE])
def test_a_quantity_that_would_not_count_is_refused(rule: Rule) -> None:
    with pytest.raises(QuantityNotCounted):
        judge(rule, Facts(DAY, quantity=Decimal(3), proposed=800))


@pytest.mark.parametrize(("rule", "tariff"), [(CLEANING, "每次1～10分"), (BRIDGE, "一事一议")])
def test_what_has_no_fixed_points_needs_them_said(rule: Rule, tariff: str) -> None:
    with pytest.raises(CaseNeedsPoints) as caught:
        judge(rule, Facts(DAY))
    assert str(caught.value) == f"“{rule.title}”没有固定的分（{tariff}），要说清这次评几分。"


def test_bounds_are_what_the_judges_may_give() -> None:
    assert bounds(LABOUR) == (800, 800)
    assert bounds(CLEANING) == (100, 1000)
    assert bounds(BRIDGE) == (1, MOST)
    assert bounds(SERVICE, Decimal("1.5")) == (300, 300)


@given(st.integers(100, 1000), st.integers(1, 3000), st.lists(st.integers(0, 1000), max_size=5))
def test_caps_only_ever_take_away(proposed: int, cap: int, earlier: list[int]) -> None:
    limit = Limit(Window.YEAR, Measure.POINTS, cap, Subject.HOUSEHOLD)
    held = [Held(DAY, points) for points in earlier]
    judgement = judge(replace(CLEANING, limits=(limit,)), Facts(DAY, proposed=proposed), held)
    assert 0 <= judgement.points <= judgement.before_caps == proposed
    assert judgement.points == max(0, min(proposed, cap - sum(earlier)))
