"""Cells that hold several rules, and rules whose parts stand in two cells."""

import csv
import io

import pytest

from tests.catalogue.language.forms import read, told
from xiangyue.catalogue.export import to_rows
from xiangyue.catalogue.language.report import check_file
from xiangyue.catalogue.language.writing import written, written_limits, written_multipliers
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.terms import Direction, Subject
from xiangyue.catalogue.rules.worth import Both, Discretion, Fixed, Named, PerUnit, Reset, Unit


def row(value: str, **cells: str) -> dict[str, str]:
    return {"指标": "甲", "分值": value, **cells}


def items_of(**cells: str) -> list[Item]:
    report = read({"指标": "甲", **cells})
    assert report.refusals == []
    return report.items


class TestOneCellSeveralRules:
    def test_each_becomes_an_item_named_after_its_own_words(self) -> None:
        report = read(
            row("牛5分/头，羊1分/只", 编号="7"),
            row("每次扣20分，引发火灾的清零", 编号="7-2"),
            row("5"),
        )
        assert [(item.number, item.title, item.worth) for item in report.items] == [
            ("7", "甲（牛）", PerUnit(Unit("头"), 100, 500, whole=False)),
            ("7-3", "甲（羊）", PerUnit(Unit("只"), 100, 100, whole=False)),
            ("7-2", "甲", Fixed(2000)),
            ("7-2-2", "甲（引发火灾）", Reset()),
            ("1", "甲", Fixed(500)),
        ]
        assert (report.structured, report.refused) == (3, 0)
        assert [(note.row, note.code) for note in report.warnings] == [
            (2, "several-rules"),
            (3, "several-rules"),
        ]
        assert all("分值：" in item.remarks for item in report.items[:4])

    def test_they_are_written_as_rows_of_their_own_and_read_again(self) -> None:
        items = read(row("1分/小时，节假日2分/小时"), row("30分并取消当年评优资格", 方向="扣")).items
        target = io.StringIO()
        csv.writer(target).writerows(to_rows(items))
        assert check_file(target.getvalue().encode(), "细则.csv").items == items
        assert len(items) == 4

    def test_dearer_cases_of_the_same_count_only_by_the_highest(self) -> None:
        plain, dearer = items_of(分值="1分/小时，节假日2分/小时")
        assert plain.rivals == dearer.rivals == "甲"
        first, more = items_of(分值="每例加1分，成效显著的，再加1分")
        assert (first.rivals, more.rivals) == ("", "")

    @pytest.mark.parametrize("limit", ["最高50分", "每年2次", "每月20分"])
    def test_a_limit_beside_them_is_refused(self, limit: str) -> None:
        """Whether it is for each or for all together isn't said."""
        report = read(row("牛5分/头，羊1分/只", 上限=limit))
        assert told(report) == [(2, "上限", "limit-over-several-rules")]

    def test_an_event_beside_an_award_must_say_what_it_is_for(self) -> None:
        assert told(read(row("5分，取消评优资格", 方向="加"))) == [(2, "分值", "two-sides")]
        award, reset = items_of(分值="每次10分，弄虚作假的清零", 方向="加")
        assert (award.direction, reset.direction) == (Direction.AWARD, Direction.RESET)
        assert reset.title == "甲（弄虚作假）"

    @pytest.mark.parametrize("once", [{"上限": "一次性"}, {"上限": "每年1次"}, {"单位": "年"}])
    def test_once_only_beside_cases_of_the_same_points_is_refused(self, once: dict[str, str]) -> None:
        """Who did both would get only one of them, and nothing says that one is more than the other."""
        report = read(row("安装太阳能加5分；使用电采暖加5分", **once))
        assert told(report) == [(2, "上限", "limit-over-several-rules")]

    def test_once_only_beside_cases_of_other_points_is_for_the_one_that_holds(self) -> None:
        (item,) = items_of(分值="就业5分、创业10分", 上限="一次性")
        assert (written(item.worth), written_limits(item.limits)) == ("「就业」5、「创业」10", "每户一次性")
        assert len(items_of(分值="安装太阳能加5分；使用电采暖加5分", 上限="每年2次")) == 1

    def test_once_only_is_for_each(self) -> None:
        items = items_of(分值="入社加10分，入股每1000元加1分", 上限="一次性")
        assert [written_limits(item.limits) for item in items] == ["每户一次性", "每户一次性"]

    def test_a_long_number_or_title_still_fits(self) -> None:
        first, second = items_of(编号="9" * 20, 指标="长" * 200, 分值="牛5分/头，羊1分/只")
        assert (first.number, second.number) == ("9" * 20, "1")
        assert len(first.title) == len(second.title) == 200


class TestCases:
    def test_rising_points_are_cases_of_one_rule(self) -> None:
        report = read(row("每条1分，被采纳的每条3分"))
        (item,) = report.items
        assert item.worth == Named((("一般情形", Fixed(100)), ("被采纳", Fixed(300))))
        assert (item.unit, [note.code for note in report.warnings]) == ("条", ["cases-assumed"])

    def test_doubling_is_worked_out(self) -> None:
        (item,) = items_of(分值="5分/次，限期未整改的加倍扣分", 方向="扣")
        assert item.worth == Named((("一般情形", Fixed(500)), ("限期未整改", Fixed(1000))))

    @pytest.mark.parametrize("side", ["", "加"])
    def test_a_fault_beside_plain_points_needs_the_row_to_deduct(self, side: str) -> None:
        report = read(row("每次2分，伤人的每次扣20分", 方向=side))
        assert told(report) == [(2, "分值", "two-sides")]
        (item,) = items_of(分值="每次2分，伤人的每次扣20分", 方向="扣")
        assert item.direction is Direction.DEDUCTION

    def test_who_counts_beside_who_does_not(self) -> None:
        (item,) = items_of(分值="100%参保加5分，每少1人减1分")
        assert item.worth == Both(Fixed(500), PerUnit(Unit("人"), 100, 100, whole=False))

    def test_a_rhythm_that_the_first_case_names_is_for_all(self) -> None:
        (item,) = items_of(分值="每月检查合格加2分，不合格扣2分")
        assert (written(item.worth), written_limits(item.limits)) == ("加2/扣2", "每户每月1次")

    def test_a_second_time_is_no_multiplier_of_an_award(self) -> None:
        report = read(row("10分，第二次减半", 方向="加"))
        assert told(report) == [(2, "倍数", "repeat-of-an-award")]


class TestTitles:
    @pytest.mark.parametrize(
        ("title", "value", "meaning"),
        [
            ("捐款每100元", "1", "每100元1"),
            ("捐款，每满500元的", "加2分", "每500元2"),
            ("丧事超3天", "每超1天扣5分", "超过3天，每天5；分段计算"),
            ("新增种植面积", "每增1亩加2分", "每亩2"),
            ("参加义务劳动每次加2分", "", "2"),
            ("评为优秀的加10分，评为良好的加5分", "", "「评为优秀」10、「评为良好」5"),
            ("无偿献血，200ml加5分，400ml加10分", "", "满200毫升5、满400毫升10"),
        ],
    )
    def test_it_may_say_what_is_counted_or_from_where(self, title: str, value: str, meaning: str) -> None:
        (item,) = items_of(指标=title, 分值=value)
        assert written(item.worth) == meaning

    @pytest.mark.parametrize(
        ("title", "value", "code"),
        [
            ("大操大办，每超1桌", "2", "unit-in-title"),
            ("宴席", "每超1桌扣2分", "batch-relative"),
            ("种植面积", "每增1亩加2分", "batch-relative"),
            ("环境卫生（20分）", "", "value-not-understood"),
            ("环境卫生", "", "cell-empty"),
        ],
    )
    def test_what_it_does_not_say_is_refused(self, title: str, value: str, code: str) -> None:
        assert told(read({"指标": title, "分值": value})) == [(2, "分值", code)]


class TestUnits:
    @pytest.mark.parametrize(
        ("unit", "meaning", "limits"),
        [
            ("人·天", "每人天2", ""),
            ("户·周", "2", "每户每周1次"),
            ("月/户", "2", "每户每月1次"),
            ("人、年", "2", "每人每年1次"),
            ("棵/年", "每棵2", "每户每年1次"),
            ("次/200ml", "每200毫升2", ""),
            ("30分钟", "每30分钟2", ""),
            ("只/次", "每只2", ""),
            ("次/户", "2", ""),
            ("次、件", "2", ""),
            ("每户每年1次", "2", "每户每年1次"),
        ],
    )
    def test_they_say_what_stands_behind_the_stroke_of_the_points(
        self, unit: str, meaning: str, limits: str
    ) -> None:
        (item,) = items_of(分值="2", 单位=unit)
        assert (written(item.worth), written_limits(item.limits)) == (meaning, limits)

    @pytest.mark.parametrize(
        "unit", ["人/户", "月、季", "户/次/月", "亩/户", "处、次", "亩（不足1亩按1亩计）"]
    )
    def test_what_could_be_two_things_is_refused(self, unit: str) -> None:
        assert told(read(row("2", 单位=unit))) == [(2, "单位", "unit-unread")]


class TestLimits:
    def test_multipliers_and_notes_may_stand_there(self) -> None:
        (item,) = items_of(分值="5", 方向="扣", 上限="照价赔偿，第二次起加倍，每年最多20分")
        assert (written_limits(item.limits), written_multipliers(item.multipliers)) == (
            "每户每年20分",
            "重复发生×2",
        )
        assert "上限：照价赔偿" in item.remarks

    def test_what_the_judges_look_at_makes_bounds_a_choice_with_a_reason(self) -> None:
        (item,) = items_of(分值="1-10", 上限="视价值大小")
        assert item.worth == Discretion(100, 1000)
        assert told(read(row("5", 上限="视情节"))) == [(2, "上限", "discretion-without-bounds")]

    def test_once_beside_a_yearly_unit_is_once_a_year(self) -> None:
        report = read(row("20", 单位="年", 上限="每户只加一次"))
        assert [written_limits(item.limits) for item in report.items] == ["每户每年1次"]
        assert report.warnings == []


@pytest.mark.parametrize(
    ("text", "subject", "kinds"),
    [
        ("党员、入党积极分子", Subject.PERSON, {"党员", "入党积极分子"}),
        ("现役军人家庭", Subject.HOUSEHOLD, {"现役军人家庭"}),
        ("65岁以上老人", Subject.PERSON, {"65岁以上老人"}),
        ("村民（18周岁以上）", Subject.PERSON, {"18周岁以上村民"}),
        ("双女户", Subject.HOUSEHOLD, {"双女户"}),
        ("村“两委”成员、村民代表", Subject.PERSON, {"村两委成员", "村民代表"}),
        ("每户1人", Subject.HOUSEHOLD, set()),
        ("全村农户", Subject.HOUSEHOLD, set()),
        ("村（居）民", Subject.PERSON, set()),
        ("社区（居民）", Subject.PERSON, set()),
        ("党员、群众", Subject.PERSON, set()),
        ("村民、村民代表", Subject.PERSON, set()),
        ("参与者、组织者", Subject.PERSON, set()),
    ],
)
def test_kinds_that_a_village_names_itself(text: str, subject: Subject, kinds: set[str]) -> None:
    (item,) = items_of(分值="5", 对象=text)
    assert (item.subject, set(item.only_kinds)) == (subject, kinds)


@pytest.mark.parametrize("text", ["除老人", "农户、学生", "非党员以外人员", "每户2人", "配偶或子女"])
def test_kinds_that_are_unclear_are_refused(text: str) -> None:
    assert told(read(row("5", 对象=text))) == [(2, "对象", "subject-unread")]
