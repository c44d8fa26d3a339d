from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyue.catalogue.refusals import ValueNotUnderstood
from xiangyue.catalogue.terms import Direction, Form
from xiangyue.catalogue.values import MOST, Value, format_value, parse_value

AWARD, DEDUCTION = Direction.AWARD, Direction.DEDUCTION


@pytest.mark.parametrize(
    ("text", "points", "direction"),
    [
        ("5", 500, None),
        ("５", 500, None),
        (" 5 分 ", 500, None),
        ("五分", 500, None),
        ("十二", 1200, None),
        ("0.5", 50, None),
        ("1,000", 100_000, None),
        ("加5分", 500, AWARD),
        ("加分5", 500, AWARD),
        ("＋５分", 500, AWARD),
        ("记5分", 500, None),
        ("每次5分", 500, None),
        ("每次得5分", 500, None),
        ("5分/次", 500, None),
        ("-2", 200, DEDUCTION),
        ("−2", 200, DEDUCTION),
        ("扣2分", 200, DEDUCTION),
        ("扣两分", 200, DEDUCTION),
    ],
)
def test_fixed_points(text: str, points: int, direction: Direction | None) -> None:
    value = parse_value(text)
    assert (value.form, value.minimum, value.maximum) == (Form.FIXED, points, points)
    assert value.direction == direction


@pytest.mark.parametrize(
    ("text", "low", "high", "direction"),
    [
        ("1-10", 100, 1000, None),
        ("1～10", 100, 1000, None),
        ("1〜10", 100, 1000, None),
        ("1~10分", 100, 1000, None),
        ("1至10", 100, 1000, None),
        ("1到10", 100, 1000, None),
        ("加1—20分", 100, 2000, AWARD),
        ("50分-100分", 5000, 10_000, None),
        ("0.1–0.5", 10, 50, None),
        ("酌情10-50", 1000, 5000, None),
        ("酌情加10～50分", 1000, 5000, AWARD),
        ("扣1-5分", 100, 500, DEDUCTION),
        ("-1～-5", 100, 500, DEDUCTION),
        ("-5～-1", 100, 500, DEDUCTION),
        ("1-10分/次", 100, 1000, None),
    ],
)
def test_ranges(text: str, low: int, high: int, direction: Direction | None) -> None:
    value = parse_value(text)
    assert (value.form, value.minimum, value.maximum) == (Form.RANGE, low, high)
    assert value.direction == direction


@pytest.mark.parametrize(
    ("text", "points", "per"),
    [
        ("每小时2", 200, "小时"),
        ("每小时加2分", 200, "小时"),
        ("每一小时2分", 200, "小时"),
        ("每亩0.5", 50, "亩"),
        ("2分/小时", 200, "小时"),
        ("2/每户", 200, "户"),
        ("每分钟0.1", 10, "分钟"),
        ("每人次5", 500, "人次"),
        ("每km1", 100, "km"),
    ],
)
def test_points_by_unit(text: str, points: int, per: str) -> None:
    value = parse_value(text)
    assert (value.form, value.minimum, value.maximum, value.per) == (Form.PER_UNIT, points, points, per)


@pytest.mark.parametrize("text", ["一事一议", "酌情", "视情况", "酌情加分"])
def test_case_by_case(text: str) -> None:
    value = parse_value(text)
    assert (value.form, value.minimum, value.maximum) == (Form.CASE_BY_CASE, None, None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "这一格是空的"),
        ("看着办", "从“看着办”起看不懂"),
        ("5分吧", "从“吧”起看不懂"),
        ("5 10", "从“ 10”起看不懂"),
        ("5\n10", "从“ 10”起看不懂"),
        ("1e5", "从“e5”起看不懂"),
        ("1-10-20", "从“-20”起看不懂"),
        ("5（每次）", "从“(每次)”起看不懂"),
        ("-", "话没说完"),
        ("每", "话没说完"),
        ("每小时", "话没说完"),
        ("0", "分值不能是0"),
        ("0.125", "分值最多两位小数"),
        ("99999999", "分值太大"),
        ("9" * 400, "分值太大"),
        ("10-1", "幅度要从小写到大"),
        ("5-5", "幅度要从小写到大"),
        ("酌情5", "酌情的要写幅度"),
        ("酌情每小时2", "酌情的要写幅度"),
        ("每小时1-3", "不能写幅度"),
        ("每登记2", "后面请直接写分值"),
        ("2/登记", "从“记”起看不懂"),
        ("每月5", "要写在“上限”一栏"),
        ("5分/月", "要写在“上限”一栏"),
        ("最多10分", "要写在“上限”一栏"),
        ("村级5/镇级10/县级20", "一格里写了几档"),
        ("一等10、二等8、三等5", "一格里写了几档"),
        ("5/1分", "一格里写了几档"),
        ("+5/-2", "请拆成两行"),
        ("加5、扣2", "请拆成两行"),
        ("±5", "请拆成两行"),
        ("1--5", "请拆成两行"),
        ("清零", "清零不能施行"),
        ("一票否决", "一票否决不能施行"),
        ("降级", "降级不能施行"),
        ("5×2", "倍数和百分比不能施行"),
        ("翻倍", "倍数和百分比不能施行"),
        ("20%", "倍数和百分比不能施行"),
        ("每100元1", "按一批多少计分不能施行"),
        ("每10元0.1", "按一批多少计分不能施行"),
        ("2026-01-10", "像是日期"),
        ("2026/1/10", "像是日期"),
        ("2026-01-10 08:00", "像是日期"),
        ("1月10日", "像是日期"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(text: str, reason: str) -> None:
    with pytest.raises(ValueNotUnderstood) as caught:
        parse_value(text)
    assert reason in caught.value.facts["reason"]
    assert "能看懂的写法：5、加5分" in str(caught.value)


@given(st.text(alphabet="0123456789.,-−~～至到/每次分加扣酌情一事议清零倍 小时亩十两\n年月日%±", max_size=12))
def test_any_text_is_understood_within_bounds_or_refused(text: str) -> None:
    try:
        value = parse_value(text)
    except ValueNotUnderstood:
        return
    if value.form is Form.CASE_BY_CASE:
        assert value.minimum is value.maximum is None
    else:
        assert value.minimum is not None
        assert value.maximum is not None
        assert 0 < value.minimum <= value.maximum <= MOST
        assert (value.minimum < value.maximum) == (value.form is Form.RANGE)
        assert bool(value.per) or value.form is not Form.PER_UNIT
    assert parse_value(format_value(value)) == Value(
        value.form,
        value.minimum,
        value.maximum,
        value.per if value.form is Form.PER_UNIT else "",
    )


@given(st.integers(1, MOST))
def test_every_amount_of_centipoints_can_be_written_and_read(points: int) -> None:
    value = Value(Form.FIXED, points, points)
    assert parse_value(format_value(value)) == value
    assert parse_value(str(Decimal(points) / 100)) == value
