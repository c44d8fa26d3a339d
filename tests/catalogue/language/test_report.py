"""Whole catalogues: the published ones with their counts, and what the columns mean together."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalogue.language.forms import DATA, published, read, told
from xiangyue.catalogue.language.columns import HEADERS
from xiangyue.catalogue.language.report import Report, check_file, report_as_json
from xiangyue.catalogue.language.writing import written, written_limits
from xiangyue.catalogue.rules.terms import (
    Counting,
    Direction,
    Layer,
    Receiver,
    Subject,
    Whose,
    Window,
)
from xiangyue.catalogue.rules.times import Lasting, ToYearEnd
from xiangyue.catalogue.rules.worth import (
    HOUR,
    YUAN,
    Bands,
    CaseByCase,
    Downgrade,
    Fixed,
    FromFull,
    PerUnit,
    Range,
    Reset,
    Step,
    StepTable,
    Unit,
    Veto,
)
from xiangyue.sheets.refusals import EmptySheet, MissingColumns


@pytest.mark.parametrize(
    ("name", "structured", "case_by_case", "refused"),
    [
        ("luoyu", 28, 0, 0),
        ("heqing", 0, 0, 20),  # the source has no points
        ("wendeng-community", 61, 0, 0),
        ("wendeng-person-selected", 70, 0, 0),
        ("poverty-mart", 18, 1, 0),
        ("longtian", 14, 0, 0),
    ],
)
def test_published_catalogues(name: str, structured: int, case_by_case: int, refused: int) -> None:
    report = published(name)
    assert (report.structured, report.case_by_case, report.refused) == (structured, case_by_case, refused)
    assert all(problem.code == "cell-empty" for problem in report.refusals)


@pytest.mark.parametrize(
    "name", ["luoyu", "wendeng-community", "wendeng-person-selected", "poverty-mart", "longtian"]
)
def test_every_published_row_says_what_was_read_by_hand(name: str) -> None:
    """data/rows/*.csv was read through row by row beside the source; it may not change by itself."""
    report = published(name)
    with (DATA / "rows" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        by_hand = list(csv.reader(file))[1:]
    assert [row_as_text(report, index) for index in range(len(report.rows))] == by_hand


def row_as_text(report: Report, index: int) -> list[str]:
    """One row of a report in a reader's words."""
    checked = report.rows[index]
    item = checked.item
    unit = getattr(item.worth, "unit", None)
    to = "、".join(sorted(receiver.value for receiver in item.sharing.to))
    return [
        str(checked.row), item.title, item.direction.value, written(item.worth), item.unit,
        written_limits(item.limits, unit), item.subject.value, "、".join(sorted(item.only_kinds)), to, item.remarks,
    ]  # fmt: skip


def test_the_published_template_is_read_whole() -> None:
    path = Path("docs/month/catalogue.csv")
    report = check_file(path.read_bytes(), path.name)
    assert (report.structured, report.case_by_case, report.refused) == (28, 0, 0)
    gambling = report.items[16]
    assert (gambling.title, gambling.direction, gambling.worth) == (
        "参与赌博",
        Direction.DEDUCTION,
        Fixed(2000),
    )
    assert gambling.validity.rows[0].term == Lasting(years=1)
    assert gambling.term.endswith("1年")
    assert "村规民约" in gambling.basis


def test_donations_of_wendeng_keep_rate_bounds_and_their_common_cap() -> None:
    items = published("wendeng-person-selected").items[26:30]
    assert all(isinstance(item.worth, Bands) for item in items)
    for item in items:
        each, yearly = item.limits
        assert (each.counting, each.amount, each.window, each.layer) == (
            Counting.POINTS, 1000, Window.TIME, Layer.ITEM,
        )  # fmt: skip
        assert (yearly.amount, yearly.window, yearly.layer) == (4000, Window.YEAR, Layer.CATEGORY)
    assert len({item.category for item in items}) == 1


def test_two_columns_are_enough_and_direction_may_stand_for_points() -> None:
    """RULES, Excel and CSV form: only 指标 and 分值 (or 方向) are needed."""
    (item,) = read({"指标": "庭院整洁", "分值": "1-10"}).items
    assert (item.number, item.category, item.direction, item.subject) == (
        "1", "未分板块", Direction.AWARD, Subject.HOUSEHOLD,
    )  # fmt: skip
    assert item.worth == Range(100, 1000)
    (reset,) = read({"指标": "乱倒垃圾", "方向": "清零"}).items
    assert (reset.direction, reset.worth) == (Direction.RESET, Reset())


def test_every_column_is_kept() -> None:
    (item,) = read(
        {
            "大类": "核心", "板块": "邻里", "编号": "A-1", "指标": "志愿\n服务", "方向": "加", "分值": "每小时2",
            "单位": "小时", "上限": "每月40分；每户每年200分", "倍数": "党员双倍", "对象": "个人", "证明材料": "照片",
            "申报人": "本人", "核实人": "网格员", "审批": "评议会", "适用时间": "6月至8月", "期限": "1年",
            "依据": "村规", "修复": "无", "备注": "示例", "去年人次": "12",
        }
    ).items  # fmt: skip
    assert (item.family, item.category, item.number, item.title) == ("核心", "邻里", "A-1", "志愿服务")
    assert item.worth == PerUnit(HOUR, 60, 200, whole=False)
    assert [(limit.window, limit.amount, limit.whose) for limit in item.limits] == [
        (Window.MONTH, 4000, Whose.PERSON),
        (Window.YEAR, 20_000, Whose.HOUSEHOLD),
    ]
    assert (len(item.multipliers), len(item.spans), item.validity.rows[0].term) == (1, 1, Lasting(years=1))
    assert (item.evidence.text, item.brought_by, item.verified_by, item.approved_by) == (
        "照片", "本人", "网格员", "评议会",
    )  # fmt: skip
    assert (item.term, item.basis, item.repair, item.remarks) == ("1年", "村规", "无", "示例\n去年人次：12")


@pytest.mark.parametrize(
    ("row", "direction", "meaning"),
    [
        ({"分值": "5"}, Direction.AWARD, "5"),
        ({"分值": "扣5分"}, Direction.DEDUCTION, "5"),
        ({"分值": "5", "方向": "扣"}, Direction.DEDUCTION, "5"),
        ({"分值": "−5", "方向": "扣分"}, Direction.DEDUCTION, "5"),
        ({"分值": "+5/-2"}, Direction.BOTH, "加5/扣2"),
        ({"分值": "5", "方向": "加扣"}, Direction.BOTH, "加5/扣5"),
        ({"分值": "100", "方向": "基础"}, Direction.BASE, "100"),
        ({"分值": "8", "方向": "基础", "上限": "扣完为止"}, Direction.BASE, "满分8分"),
        ({"分值": "满分10分，每处扣1分", "方向": "扣"}, Direction.BASE, "满分10分，每处扣1，扣完为止"),
        ({"分值": "清零", "方向": "扣"}, Direction.RESET, "清零"),
        ({"分值": "", "方向": "否决", "期限": "1年"}, Direction.VETO, "一票否决（1年），取消兑换、评优"),
        ({"分值": "降为B级", "方向": "降级", "期限": "1年"}, Direction.DOWNGRADE, "降为「B」（1年）"),
        ({"分值": "降B级", "期限": "2年"}, Direction.DOWNGRADE, "降为「B」（2年）"),
        ({"分值": "2", "单位": "小时"}, Direction.AWARD, "每小时2"),
        ({"分值": "2", "单位": "亩"}, Direction.AWARD, "每亩2"),
        ({"分值": "5", "单位": "项"}, Direction.AWARD, "5"),
        ({"分值": "5", "单位": "户"}, Direction.AWARD, "5"),
        ({"分值": "5", "单位": "人"}, Direction.AWARD, "每1人5"),
        ({"分值": "5", "单位": "人", "对象": "个人"}, Direction.AWARD, "5"),
        ({"分值": "每人每次5分"}, Direction.AWARD, "5"),
        ({"分值": "每人每次5分", "对象": "农户"}, Direction.AWARD, "每1人次5"),
        ({"分值": "10", "指标": "每捐款100元加1分", "单位": "元(折算)"}, Direction.AWARD, "每100元1"),
    ],
)
def test_columns_together(row: dict[str, str], direction: Direction, meaning: str) -> None:
    report = read({"指标": "甲", **row})
    assert told(report) == []
    (item,) = report.items
    assert (item.direction, written(item.worth)) == (direction, meaning)


@pytest.mark.parametrize(
    ("row", "header", "code"),
    [
        ({"分值": ""}, "分值", "cell-empty"),
        ({"分值": "看着办"}, "分值", "value-not-understood"),
        ({"分值": "加5分", "方向": "扣"}, "分值", "direction-differs"),
        ({"分值": "-5", "方向": "加"}, "分值", "direction-differs"),
        ({"分值": "5", "方向": "清零"}, "分值", "direction-differs"),
        ({"分值": "满分10分", "方向": "加"}, "分值", "direction-differs"),
        ({"分值": "5", "方向": "左"}, "方向", "direction-unread"),
        ({"分值": "", "方向": "降级"}, "分值", "cell-empty"),
        ({"分值": "每小时2", "单位": "次"}, "单位", "unit-differs"),
        ({"分值": "每亩2", "单位": "小时"}, "单位", "unit-differs"),
        ({"分值": "1-3", "单位": "小时"}, "单位", "range-per-unit"),
        ({"分值": "5", "单位": "元"}, "单位", "unit-ambiguous"),
        ({"分值": "10", "单位": "元(折算)"}, "单位", "unit-ambiguous"),
        ({"分值": "5", "单位": "些"}, "单位", "unit-unread"),
        ({"分值": "5", "上限": "常常"}, "上限", "limit-not-understood"),
        ({"分值": "每月5分", "上限": "每月2次"}, "上限", "limit-twice"),
        ({"分值": "扣5分", "上限": "每月最多加10分"}, "上限", "limit-side-differs"),
        ({"分值": "5", "上限": "每次2小时"}, "上限", "limit-unit-differs"),
        ({"分值": "1分", "上限": "扣完为止"}, "上限", "to-nothing-of-what"),
        ({"板块": "环境卫生（20分）", "分值": "扣1分", "上限": "扣完为止"}, "上限", "to-nothing-of-what"),
        ({"指标": "庭院（10分）", "分值": "每处扣1分，扣完为止"}, "上限", "to-nothing-of-what"),
        ({"分值": "迟到1分，旷工扣5分"}, "分值", "two-sides"),
        ({"分值": "合格5分，不合格扣5分", "方向": "扣"}, "分值", "direction-differs"),
        ({"分值": "村级-5、镇级-10"}, "方向", "direction-missing"),
        ({"指标": "乱倒垃圾", "分值": "5"}, "方向", "direction-missing"),
        ({"板块": "加减分项", "指标": "乱倒垃圾", "分值": "5"}, "方向", "direction-missing"),
        ({"分值": "5", "方向": "—"}, "方向", "direction-missing"),
        ({"分值": "扣5", "倍数": "党员双倍加分"}, "倍数", "multiplier-side-differs"),
        ({"分值": "加5", "倍数": "党员双倍扣"}, "倍数", "multiplier-side-differs"),
        ({"分值": "5", "单位": "次（每学期2次）"}, "单位", "unit-unread"),
        ({"分值": "5", "对象": "户（三组除外）"}, "对象", "subject-unread"),
        ({"分值": "每户每月2分", "对象": "党员"}, "对象", "subject-differs"),
        ({"分值": "每小时2分，最低5分", "上限": "每次最低3分"}, "上限", "limit-twice"),
        ({"分值": "—"}, "分值", "cell-empty"),
        ({"分值": "5", "倍数": "看情况"}, "倍数", "multiplier-not-understood"),
        ({"分值": "5", "对象": "火星人"}, "对象", "subject-unread"),
        ({"分值": "5", "适用时间": "农忙"}, "适用时间", "season-without-dates"),
        ({"分值": "5", "期限": "一阵子"}, "期限", "term-not-understood"),
        ({"指标": "", "分值": "5"}, "指标", "title-missing"),
        ({"指标": "合计", "分值": "100"}, "指标", "row-is-a-total"),
        ({"指标": "甲" * 201, "分值": "5"}, "指标", "too-long"),
        ({"分值": "扣5分", "上限": "每次最低5分"}, "分值", "row-contradicts-itself"),
    ],
)
def test_what_cannot_be_said_is_refused_by_its_cell(row: dict[str, str], header: str, code: str) -> None:
    """RULES, Excel and CSV form: what can't be understood is reported with sheet, row, column, the text and what
    would be understood."""
    report = read({"指标": "甲", **row})
    assert told(report) == [(2, header, code)]
    assert (report.rows, report.refused) == ([], 1)
    (problem,) = report.refusals
    assert problem.sheet == "细则"
    assert problem.text.endswith("。")


@pytest.mark.parametrize(
    ("unit", "window"),
    [("月", Window.MONTH), ("双月", Window.TWO_MONTHS), ("季度", Window.QUARTER), ("半年", Window.HALF_YEAR),
     ("全年", Window.YEAR), ("一次性", Window.ONCE), ("一次性/年", Window.YEAR), ("月(评比)", Window.MONTH)],
)  # fmt: skip
def test_a_period_as_unit_is_a_slot(unit: str, window: Window) -> None:
    (item,) = read({"指标": "甲", "分值": "5", "单位": unit}).items
    (slot,) = item.limits
    assert (slot.counting, slot.amount, slot.window, slot.whose) == (
        Counting.TIMES,
        1,
        window,
        Whose.HOUSEHOLD,
    )
    assert ("单位：月(评比)" in item.remarks) == (unit == "月(评比)")


@pytest.mark.parametrize(
    ("text", "subject", "kinds"),
    [
        ("", Subject.HOUSEHOLD, set()),
        ("农户", Subject.HOUSEHOLD, set()),
        ("户(按户名/门牌)", Subject.HOUSEHOLD, set()),
        ("村民个人", Subject.PERSON, set()),
        ("党员", Subject.PARTY_MEMBER, set()),
        ("村民小组", Subject.GROUP, set()),
        ("网格", Subject.GRID, set()),
        ("行政村(非农户)", Subject.VILLAGE, set()),
        ("仅贫困户", Subject.HOUSEHOLD, {"贫困户"}),
        ("贫困户、脱贫户", Subject.HOUSEHOLD, {"贫困户", "脱贫户"}),
        ("村干部", Subject.PERSON, {"村干部"}),
    ],
)
def test_subjects(text: str, subject: Subject, kinds: set[str]) -> None:
    (item,) = read({"指标": "甲", "分值": "5", "对象": text}).items
    assert (item.subject, set(item.only_kinds)) == (subject, kinds)


def test_points_may_go_to_relatives_or_by_role() -> None:
    (item,) = read({"指标": "参军", "分值": "5", "对象": "本人及父母"}).items
    assert (item.subject, set(item.sharing.to)) == (Subject.PERSON, {Receiver.DOER, Receiver.PARENTS})
    (item,) = read({"指标": "失信", "分值": "扣5分", "对象": "户主"}).items
    assert item.sharing.to == {Receiver.HEAD}
    (item,) = read({"指标": "两委违纪", "分值": "书记-5、主任-3"}).items
    assert [(row.role, row.worth) for row in item.sharing.roles] == [
        ("书记", Fixed(500)),
        ("主任", Fixed(300)),
    ]


def test_the_heading_says_deduct_where_nothing_else_does() -> None:
    report = read(
        {"板块": "扣分项目", "指标": "乱扔垃圾", "分值": "5"},
        {"板块": "扣分项目", "指标": "改正", "分值": "加2"},
    )
    assert [item.direction for item in report.items] == [Direction.DEDUCTION, Direction.AWARD]
    assert [note.code for note in report.warnings] == ["direction-by-heading"]


def test_what_is_taken_as_usual_is_told() -> None:
    report = read(
        {"指标": "甲", "分值": "每次2分，封顶20分"},
        {"指标": "乙", "分值": "一票否决"},
        {"指标": "丙", "分值": "每小时2分", "上限": "最高10分"},
        {"指标": "丁", "分值": "累计满10小时2分"},
        {"指标": "戊", "分值": "降为B级"},
        {"指标": "己", "分值": "2", "上限": "只计一次"},
        {"指标": "庚", "分值": "每次扣1分，扣完为止"},
        {"指标": "辛", "分值": "100元以下1分，100元以上2分"},
        {"指标": "壬", "方向": "加", "分值": "参加加2分，缺席扣1分"},
        {"指标": "癸", "分值": "1-10分", "上限": "最高10分"},
    )
    assert [(note.row, note.header, note.code) for note in report.warnings] == [
        (2, "分值", "limit-per-year"),
        (3, "分值", "veto-without-term"),
        (4, "上限", "limit-per-time"),
        (5, "分值", "adding-up-without-window"),
        (6, "分值", "downgrade-without-term"),
        (7, "上限", "limit-for-ever"),
        (8, "分值", "to-nothing-is-the-floor"),
        (9, "分值", "border-shared"),
        (10, "方向", "direction-both"),
        (11, "上限", "limit-per-time"),
    ]
    items = report.items
    assert items[1].worth == Veto(ToYearEnd())
    assert items[4].worth == Downgrade("B", term=ToYearEnd())
    windows = [(limit.window, limit.amount) for item in items for limit in item.limits]
    assert windows == [(Window.YEAR, 2000), (Window.TIME, 1000), (Window.ONCE, 1), (Window.TIME, 1000)]
    assert (items[6].direction, items[6].worth, items[6].limits) == (Direction.DEDUCTION, Fixed(100), ())
    assert items[7].worth == StepTable(YUAN, (Step(0, 100), Step(10_000, 200)))


def test_case_by_case_is_counted_apart_only_without_bounds() -> None:
    report = read(
        {"指标": "甲", "分值": "一事一议"}, {"指标": "乙", "分值": "10分以内"}, {"指标": "丙", "分值": "酌情"}
    )
    assert (report.structured, report.case_by_case, report.refused) == (1, 2, 0)
    assert report.items[1].worth == CaseByCase(None, 1000)


def test_headings_carry_on_and_are_no_items() -> None:
    report = read(
        {"大类": "五美", "板块": "环境", "指标": "", "分值": ""},
        {"大类": "", "板块": "", "指标": "甲", "分值": "1"},
        {"大类": "", "板块": "风尚", "指标": "乙", "分值": "1"},
        {"大类": "自治", "板块": "", "指标": "丙", "分值": "1"},
    )
    assert [(item.family, item.category) for item in report.items] == [
        ("五美", "环境"),
        ("", "风尚"),
        ("", "自治"),
    ]
    assert told(report) == []


def test_numbers_are_given_and_used_once() -> None:
    report = read(
        {"编号": "", "指标": "甲", "分值": "1"},
        {"编号": "1", "指标": "乙", "分值": "1"},
        {"编号": "1", "指标": "丙", "分值": "1"},
    )
    assert [item.number for item in report.items] == ["2", "1"]
    assert told(report) == [(4, "编号", "number-repeated")]


def test_the_report_as_json() -> None:
    report = read(
        {"指标": "甲", "分值": "5"}, {"指标": "乙", "分值": "一事一议"}, {"指标": "丙", "分值": "5/10"}
    )
    told_as_json = json.loads(json.dumps(report_as_json(report), ensure_ascii=False))
    assert (told_as_json["structured"], told_as_json["case_by_case"], told_as_json["refused"]) == (1, 1, 1)
    (refusal,) = told_as_json["refusals"]
    assert (refusal["sheet"], refusal["row"], refusal["column"], refusal["header"], refusal["value"]) == (
        "细则", 4, "B", "分值", "5/10",
    )  # fmt: skip
    assert refusal["code"] == "figures-without-labels"
    assert refusal["reason"].startswith("分值“5/10”不能用：")


def test_what_is_no_catalogue_is_refused_as_a_file() -> None:
    with pytest.raises(MissingColumns):
        read({"指标": "甲", "得分": "5"})
    with pytest.raises(EmptySheet):
        check_file(",".join(HEADERS).encode(), "细则.csv")


def test_full_marks_of_a_sheet_bound_all_its_items() -> None:
    (item,) = read(
        {"指标": "甲", "方向": "基础", "分值": "8", "单位": "月", "上限": "满分100,扣完为止"}
    ).items
    assert item.worth == FromFull(800)
    assert [(limit.layer, limit.window, limit.amount) for limit in item.limits] == [
        (Layer.ITEM, Window.MONTH, 1),
        (Layer.ALL, Window.MONTH, 10_000),
    ]


def test_a_unit_with_a_noun_is_that_unit() -> None:
    (item,) = read({"指标": "捡烟头", "分值": "每50个烟头1分", "单位": "个", "上限": "每月500个"}).items
    assert item.worth == PerUnit(Unit("个烟头"), 5000, 100, whole=True)
    assert item.limits[0].amount == 50_000
    (lower,) = read({"指标": "判级", "分值": "降一级", "期限": "1年"}).items
    assert lower.worth == Downgrade(steps=1, term=Lasting(years=1))


CELLS = st.text(
    alphabet="0123456789.-～/每月次分小时加扣酌情一事议清零户人性村镇级、；（）满元\n ", max_size=10
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(HEADERS, CELLS)), min_size=1, max_size=4))
def test_any_row_becomes_an_item_or_is_refused(rows: list[dict[str, str]]) -> None:
    try:
        report = read(*rows)
    except EmptySheet:
        return
    refused = {problem.row for problem in report.refusals}
    understood = {checked.row for checked in report.rows}
    assert not refused & understood
    headings = [not any(row[h].strip() for h in HEADERS if h not in ("大类", "板块")) for row in rows]
    assert len(refused) + len(understood) + sum(headings) == len(rows)
