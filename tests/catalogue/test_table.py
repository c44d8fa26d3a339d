from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.catalogue.cast import LUOYU, sheet
from xiangyue.catalogue.limits import Limit
from xiangyue.catalogue.table import HEADERS, MOST_INDICATORS, Reading, read_catalogue
from xiangyue.catalogue.terms import Direction, Form, Measure, Subject, Window
from xiangyue.sheets.refusals import EmptySheet, MissingColumns
from xiangyue.sheets.write import Column, SheetForm, write_workbook


def read(*rows: dict[str, str]) -> Reading:
    return read_catalogue(sheet(*rows), "细则.csv")


def told(reading: Reading) -> list[tuple[int, str, str, str]]:
    return [
        (problem.row, problem.column, problem.header, problem.code) for problem in reading.problems.in_order()
    ]


def test_the_published_catalogue_is_understood_whole() -> None:
    reading = read_catalogue(LUOYU.read_bytes(), LUOYU.name)
    assert (len(reading.lines), len(reading.problems), reading.case_by_case) == (28, 0, 0)
    assert reading.warnings == []
    assert [line.number for line in reading.lines] == [str(number) for number in range(1, 29)]
    deductions = [line for line in reading.lines if line.direction is Direction.DEDUCTION]
    assert [(line.title, line.value.minimum) for line in deductions] == [
        ("参与赌博", 2000),
        ("传播邪教", 3000),
        ("乱占耕地", 3000),
        ("乱堆垃圾不整治", 1000),
    ]
    assert all(line.subject is Subject.PERSON and line.unit == "次" for line in reading.lines)
    assert {line.value.form for line in reading.lines} == {Form.FIXED}
    assert len({line.category for line in reading.lines}) == 10
    assert deductions[0].texts["basis"] == "示例:村规民约(示例条款)"


def test_two_columns_are_enough() -> None:
    reading = read({"分值": "1-10", "指标": "庭院整洁"})
    (line,) = reading.lines
    assert (line.family, line.category, line.number, line.title) == ("", "未分板块", "1", "庭院整洁")
    assert (line.direction, line.unit, line.subject) == (Direction.AWARD, "次", Subject.HOUSEHOLD)
    assert (line.value.form, line.value.minimum, line.value.maximum) == (Form.RANGE, 100, 1000)
    assert line.limits == ()


def test_every_column_is_kept() -> None:
    reading = read(
        {
            "大类": "核心", "板块": "邻里", "编号": "A-1", "指标": "志愿\n服务", "方向": "加",
            "分值": "每小时2", "单位": "小时", "上限": "每月40分；每户每年200分", "倍数": "", "对象": "个人",
            "证明材料": "照片", "申报人": "本人", "核实人": "网格员", "审批": "评议会",
            "适用时间": "长期", "期限": "无", "依据": "村规", "修复": "无", "备注": "示例",
            "去年人次": "12",
        }
    )  # fmt: skip
    (line,) = reading.lines
    assert told(reading) == []
    assert (line.family, line.category, line.number, line.title) == ("核心", "邻里", "A-1", "志愿服务")
    assert (line.value.form, line.value.minimum, line.unit) == (Form.PER_UNIT, 200, "小时")
    assert line.limits == (
        Limit(Window.MONTH, Measure.POINTS, 4000, Subject.PERSON),
        Limit(Window.YEAR, Measure.POINTS, 20_000, Subject.HOUSEHOLD),
    )
    assert line.texts == {
        "evidence": "照片",
        "brought_by": "本人",
        "verified_by": "网格员",
        "approved_by": "评议会",
        "term": "无",
        "basis": "村规",
        "repair": "无",
        "remarks": "示例\n去年人次：12",
    }


def test_the_direction_comes_from_its_column_or_from_the_sign() -> None:
    reading = read(
        {"指标": "扫雪", "方向": "", "分值": "5"},
        {"指标": "打架", "方向": "", "分值": "扣5分"},
        {"指标": "赌博", "方向": "扣", "分值": "5"},
        {"指标": "酗酒", "方向": "扣分", "分值": "−5"},
    )
    assert [line.direction for line in reading.lines] == [
        Direction.AWARD,
        Direction.DEDUCTION,
        Direction.DEDUCTION,
        Direction.DEDUCTION,
    ]


def test_numbers_are_given_where_none_are_written() -> None:
    reading = read(
        {"编号": "", "指标": "甲", "分值": "1"},
        {"编号": "1", "指标": "乙", "分值": "1"},
        {"编号": "", "指标": "丙", "分值": "1"},
        {"编号": "丁-1", "指标": "丁", "分值": "1"},
    )
    assert [line.number for line in reading.lines] == ["2", "1", "3", "丁-1"]


def test_a_row_without_category_belongs_with_the_one_above() -> None:
    reading = read(
        {"大类": "", "板块": "", "指标": "甲", "分值": "1"},
        {"大类": "五美", "板块": "环境", "指标": "乙", "分值": "1"},
        {"大类": "", "板块": "", "指标": "丙", "分值": "1"},
        {"大类": "", "板块": "风尚", "指标": "丁", "分值": "1"},
        {"大类": "自治", "板块": "", "指标": "戊", "分值": "1"},
    )
    assert [(line.family, line.category) for line in reading.lines] == [
        ("", "未分板块"),
        ("五美", "环境"),
        ("五美", "环境"),
        ("", "风尚"),
        ("", "自治"),
    ]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"指标": "甲", "分值": "看着办"}, ("B", "分值", "value-not-understood")),
        ({"指标": "甲", "分值": ""}, ("B", "分值", "value-not-understood")),
        ({"指标": "", "分值": "5"}, ("A", "指标", "title-missing")),
        ({"指标": "甲" * 201, "分值": "5"}, ("A", "指标", "too-long")),
        ({"指标": "甲", "分值": "5", "编号": "1" * 21}, ("C", "编号", "too-long")),
        ({"指标": "甲", "分值": "5", "板块": "板" * 61}, ("C", "板块", "too-long")),
        ({"指标": "甲", "分值": "加5分", "方向": "扣"}, ("B", "分值", "direction-differs")),
        ({"指标": "甲", "分值": "-5", "方向": "加"}, ("B", "分值", "direction-differs")),
        ({"指标": "甲", "分值": "", "方向": "清零"}, ("C", "方向", "direction-not-understood")),
        ({"指标": "甲", "分值": "", "方向": "否决"}, ("C", "方向", "direction-not-understood")),
        ({"指标": "甲", "分值": "100", "方向": "基础"}, ("C", "方向", "direction-not-understood")),
        ({"指标": "甲", "分值": "5", "方向": "加扣"}, ("C", "方向", "direction-not-understood")),
        ({"指标": "甲", "分值": "每小时2", "单位": "次"}, ("C", "单位", "unit-differs")),
        ({"指标": "甲", "分值": "5", "单位": "半年"}, ("C", "单位", "unit-is-a-period")),
        ({"指标": "甲", "分值": "5", "单位": "一次性"}, ("C", "单位", "unit-is-a-period")),
        ({"指标": "甲", "分值": "5", "上限": "半年1次"}, ("C", "上限", "limit-not-understood")),
        ({"指标": "甲", "分值": "5", "倍数": "党员×2"}, ("C", "倍数", "multiplier-not-supported")),
        ({"指标": "甲", "分值": "5", "对象": "党员"}, ("C", "对象", "subject-not-understood")),
        ({"指标": "甲", "分值": "5", "适用时间": "6月至8月"}, ("C", "适用时间", "season-not-supported")),
    ],
)
def test_what_cannot_be_said_is_refused_by_its_cell(
    row: dict[str, str], problem: tuple[str, str, str]
) -> None:
    reading = read(row)
    assert told(reading) == [(2, *problem)]
    assert reading.lines == []
    (found,) = reading.problems.in_order()
    assert (found.sheet, found.value) == ("细则", row[found.header])
    assert found.text.endswith("。")


def test_all_problems_are_told_at_once() -> None:
    reading = read(
        {"编号": "1", "指标": "甲", "分值": "清零", "上限": "常常"},
        {"编号": "2", "指标": "乙", "分值": "5", "上限": ""},
        {"编号": "2", "指标": "丙", "分值": "5", "上限": ""},
    )
    assert told(reading) == [
        (2, "C", "分值", "value-not-understood"),
        (2, "D", "上限", "limit-not-understood"),
        (4, "A", "编号", "number-repeated"),
    ]
    assert [line.title for line in reading.lines] == ["乙"]


def test_what_has_to_be_mended_before_it_is_in_force_is_told_early() -> None:
    reading = read(
        {"指标": "打架", "分值": "扣5分", "依据": "村规民约", "备注": "取消低保", "单位": "次"},
        {"指标": "植树", "分值": "5", "依据": "", "备注": "", "单位": "亩"},
    )
    assert [(note.row, note.header, note.code) for note in reading.warnings] == [
        (2, "期限", "deduction-without-grounds"),
        (2, "修复", "deduction-without-grounds"),
        (2, "备注", "forbidden-consequence"),
        (3, "单位", "unit-not-counted"),
    ]


def test_a_workbook_may_have_several_sheets() -> None:
    columns = [Column("指标"), Column("分值", as_text=False)]
    content = write_workbook(
        [SheetForm("加分", columns, [["扫雪", 5]]), SheetForm("扣分", columns, [["打架", "扣5"]])]
    )
    reading = read_catalogue(content, "细则.xlsx")
    assert [(line.number, line.title) for line in reading.lines] == [("1", "扫雪"), ("2", "打架")]


def test_a_range_that_excel_turned_into_a_date_is_recognised() -> None:
    content = write_workbook(
        [SheetForm("细则", [Column("指标"), Column("分值", as_text=False)], [["扫雪", date(2026, 1, 10)]])]
    )
    (problem,) = read_catalogue(content, "细则.xlsx").problems.in_order()
    assert (problem.value, problem.code) == ("2026-01-10", "value-not-understood")
    assert "表格软件常把1-10改成日期" in problem.text


def test_a_table_without_the_needed_columns_is_no_catalogue() -> None:
    with pytest.raises(MissingColumns) as caught:
        read({"指标": "甲", "得分": "5"})
    assert caught.value.facts["columns"] == "分值"


def test_headers_without_rows_are_empty() -> None:
    with pytest.raises(EmptySheet):
        read_catalogue(",".join(HEADERS).encode(), "细则.csv")


def test_a_catalogue_has_an_end() -> None:
    reading = read(*({"指标": f"第{n}项", "分值": "1"} for n in range(MOST_INDICATORS + 2)))
    assert told(reading) == [(MOST_INDICATORS + 2, "A", "指标", "too-many-indicators")]


CELLS = st.text(alphabet="0123456789.-～/每月次分小时加扣酌情一事议清零户人性、；\n ", max_size=8)


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(HEADERS, CELLS)), min_size=1, max_size=4))
def test_any_row_is_understood_or_refused_by_its_cell(rows: list[dict[str, str]]) -> None:
    try:
        reading = read(*rows)
    except EmptySheet:
        assert not any("".join(row.values()).strip() for row in rows)
        return
    refused = {problem.row for problem in reading.problems.in_order()}
    filled = sum(bool("".join(row.values()).strip()) for row in rows)
    assert len(reading.lines) + len(refused) == filled
    assert all(line.title and line.number for line in reading.lines)
