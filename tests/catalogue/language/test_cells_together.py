"""What one column says about another: the title about points, 单位 about whose, 上限 about what belongs elsewhere."""

import pytest

from tests.catalogue.language.forms import read, told
from xiangyue.catalogue.language.report import Report
from xiangyue.catalogue.language.writing import written, written_limits
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.terms import Direction, Receiver, Subject
from xiangyue.catalogue.rules.times import Lasting, ToYearEnd, UntilCorrected
from xiangyue.catalogue.rules.worth import Fixed, Range, Veto


def one(report: Report) -> Item:
    assert told(report) == []
    (item,) = report.items
    return item


def meaning(**cells: str) -> tuple[str, str]:
    item = one(read({"指标": "甲", **cells}))
    return written(item.worth), written_limits(item.limits, getattr(item.worth, "unit", None))


class TestTitles:
    def test_bounds_beside_a_rate_are_the_rate_and_the_most_of_a_deed(self) -> None:
        said = meaning(指标="捐款100—1000元的，每100元加1分", 分值="+1至+10", 对象="个人")
        assert said == ("超过99.99元至1000元，每100元1", "每人每次10分")

    def test_a_figure_that_differs_from_the_titles_rate_is_refused(self) -> None:
        assert told(read({"指标": "捐款，每100元加1分", "分值": "10"})) == [(2, "分值", "unit-in-title")]

    @pytest.mark.parametrize(
        ("title", "points", "said"),
        [
            ("荣获区级文体活动前三名的", "+5、+3、+2", "第1名5、第2名3、第3名2"),
            ("荣立三等功、二等功、一等功", "100、300、500", "一等功500、二等功300、三等功100"),
            ("受国家级、省级表彰", "20/12", "省级12、国家级20"),
            ("入选“中国好人”“身边好人”", "分别加100、20分", "「中国好人」100、「身边好人」20"),
        ],
    )
    def test_bare_figures_are_for_what_the_title_lists(self, title: str, points: str, said: str) -> None:
        assert meaning(指标=title, 分值=points)[0] == said

    def test_as_many_figures_as_names_or_none(self) -> None:
        report = read({"指标": "荣获区级文体活动前三名的", "分值": "5、3"})
        assert told(report) == [(2, "分值", "figures-without-labels")]

    def test_a_bound_in_the_title_says_from_where_more_counts(self) -> None:
        said = meaning(指标="酒席超过20桌，每超1桌", 方向="扣", 分值="1", 单位="桌")
        assert said[0] == "超过20桌，每桌1；分段计算"
        assert told(read({"指标": "大操大办，每超1桌", "方向": "扣", "分值": "2"})) == [
            (2, "分值", "unit-in-title")
        ]

    def test_what_everybody_starts_with_is_a_base(self) -> None:
        assert one(read({"指标": "每户基础积分", "分值": "100分"})).direction is Direction.BASE
        report = read({"板块": "基础分", "指标": "遵纪守法", "分值": "10"})
        assert told(report) == [(2, "方向", "direction-missing")]


class TestPersons:
    def test_who_is_led_is_counted(self) -> None:
        assert meaning(指标="带动脱贫户务工", 分值="2分/人/月") == ("每1人2", "每户每月1次")
        assert meaning(指标="外出务工", 分值="2分/人/月") == ("2", "每人每月1次")

    def test_a_volunteers_households_are_others(self) -> None:
        assert meaning(指标="照料老人", 分值="5", 单位="户/月", 对象="志愿者") == ("每1户5", "每人每月1次")
        assert meaning(指标="门前三包", 分值="5", 单位="户/月", 对象="村民") == ("5", "每户每月1次")

    def test_one_of_the_household_comes_for_it(self) -> None:
        assert meaning(分值="2分/次（每户限1人）") == ("2", "")

    def test_a_person_or_a_household_is_told(self) -> None:
        report = read({"指标": "甲", "分值": "5", "对象": "个人/家庭"})
        assert one(report).subject is Subject.HOUSEHOLD
        assert [note.code for note in report.warnings] == ["subject-either"]


class TestUnits:
    @pytest.mark.parametrize(
        ("unit", "points", "limits"),
        [
            ("荣誉", "2", ""), ("累计", "2", ""), ("头/只", "每头2", ""), ("天/人", "每人天2", ""),
            ("次（200ml）", "每200毫升2", ""), ("按季度", "2", "每户每季1次"), ("年终评比", "2", "每户每年1次"),
            ("人·学期", "2", "每人每半年1次"), ("台/天", "每台班2", ""), ("时", "每小时2", ""),
        ],
    )  # fmt: skip
    def test_units_as_villages_write_them(self, unit: str, points: str, limits: str) -> None:
        assert meaning(分值="2", 单位=unit) == (points, limits)

    def test_what_is_given_may_be_named_and_turned_into_money(self) -> None:
        assert meaning(指标="捐物", 分值="折价10元1分", 单位="件")[0] == "每10元1"
        assert told(read({"指标": "捐款", "分值": "每10元1分", "单位": "件"})) == [
            (2, "单位", "unit-differs")
        ]

    def test_every_so_many_is_told_where_it_is_not_said(self) -> None:
        report = read({"指标": "捡烟头", "分值": "50个烟头1分"})
        assert written(one(report).worth) == "每50个烟头1"
        assert [note.code for note in report.warnings] == ["each-assumed"]

    def test_a_school_year_is_told_to_be_a_year(self) -> None:
        report = read({"指标": "甲", "分值": "5", "单位": "学年"})
        assert [note.code for note in report.warnings] == ["school-year"]


class TestMoved:
    def test_what_is_put_right_lasts_until_then(self) -> None:
        for cells in ({"分值": "扣5分，整改后恢复"}, {"分值": "扣5分", "上限": "整改后恢复"}):
            item = one(read({"指标": "甲", **cells}))
            assert (item.worth, item.repair) == (Fixed(500), "整改后恢复")
            assert item.validity.rows[0].term == UntilCorrected()

    def test_a_part_that_comes_back_is_refused(self) -> None:
        assert told(read({"指标": "甲", "分值": "扣5分，整改后恢复3分"})) == [
            (2, "分值", "value-not-understood")
        ]

    @pytest.mark.parametrize(
        ("text", "term"),
        [("当年有效", ToYearEnd()), ("有效期一年", Lasting(years=1)), ("缴清为止", UntilCorrected())],
    )
    def test_a_term_may_stand_under_limits(self, text: str, term: object) -> None:
        item = one(read({"指标": "甲", "分值": "扣5分", "上限": text}))
        assert (item.validity.rows[0].term, item.term, item.limits) == (term, text, ())

    def test_an_event_beside_points_is_an_item_of_its_own(self) -> None:
        report = read({"指标": "虐待老人", "方向": "扣", "分值": "10-30", "上限": "构成犯罪的一票否决"})
        assert told(report) == []
        points, event = report.items
        assert (points.worth, event.title) == (Range(1000, 3000), "虐待老人（构成犯罪）")
        assert isinstance(event.worth, Veto)

    def test_a_limit_of_what_other_rows_are_too_is_refused_by_name(self) -> None:
        report = read({"指标": "捐款", "分值": "5", "上限": "捐款每年最多加40分"})
        assert told(report) == [(2, "上限", "limit-of-named-things")]

    def test_minus_ten_to_fifty_takes_that_much_where_the_row_deducts(self) -> None:
        assert meaning(方向="扣", 分值="-10至50")[0] == "10～50"
        assert told(read({"指标": "甲", "分值": "-10至50"})) == [(2, "分值", "range-ambiguous")]

    def test_households_that_are_chosen_are_the_villages_quota(self) -> None:
        assert meaning(分值="5", 上限="每月评10户") == ("5", "全村每月10次")
        assert meaning(分值="每户2分", 上限="每月10户", 对象="志愿者") == ("每1户2", "每人每月10户")


def test_full_marks_that_are_not_said_are_no_fault() -> None:
    report = read({"指标": "甲", "方向": "扣", "分值": "10分，缺1项扣2分"})
    assert told(report) == [(2, "分值", "full-marks-unsaid")]


def test_more_of_a_deduction_is_a_rule_of_its_own() -> None:
    report = read({"指标": "甲", "分值": "扣5分，经劝阻不改的加扣3分"})
    assert told(report) == []
    assert [(item.direction, item.worth) for item in report.items] == [
        (Direction.DEDUCTION, Fixed(500)),
        (Direction.DEDUCTION, Fixed(300)),
    ]


class TestRemarks:
    """What a remark says all of its cell with; the remark stays."""

    def test_for_whom_alone(self) -> None:
        item = one(read({"指标": "甲", "分值": "5", "对象": "户", "备注": "仅贫困户"}))
        assert (item.subject, set(item.only_kinds), item.remarks) == (
            Subject.HOUSEHOLD,
            {"贫困户"},
            "仅贫困户",
        )

    def test_not_where_the_column_says_it_or_says_otherwise(self) -> None:
        for subject in ("脱贫户", "个人", "行政村"):
            item = one(read({"指标": "甲", "分值": "5", "对象": subject, "备注": "仅贫困户"}))
            assert "贫困户" not in item.only_kinds

    def test_who_receives(self) -> None:
        item = one(read({"指标": "参军", "分值": "5", "对象": "个人", "备注": "本人及父母同时加分"}))
        assert item.sharing.to == {Receiver.DOER, Receiver.PARENTS}

    def test_how_often_and_how_many_times_as_much(self) -> None:
        assert meaning(分值="5", 备注="每年最多加10分") == ("5", "每户每年10分")
        assert meaning(分值="5", 上限="每月1次", 备注="每年最多加10分") == ("5", "每户每月1次")
        assert meaning(分值="5", 备注="每月8日前评分") == ("5", "")
        assert one(read({"指标": "甲", "分值": "扣5", "备注": "党员双倍扣"})).multipliers

    def test_how_full_marks_are_lost(self) -> None:
        cells = {"方向": "基础", "分值": "8", "上限": "满分100,扣完为止", "备注": "环村一圈每处扣0.5"}
        assert meaning(**cells)[0] == "满分8分，每处扣0.5，扣完为止"
        cells |= {"备注": "未评比0分"}
        assert meaning(**cells)[0] == "满分8分，「未评比」扣8，扣完为止"
        assert meaning(分值="8", 备注="每处扣0.5")[0] == "8"

    def test_that_each_case_is_decided(self) -> None:
        report = read({"指标": "国家级典型", "方向": "加", "分值": "", "备注": "一事一议,无固定分"})
        assert (report.structured, report.case_by_case, report.refused) == (0, 1, 0)


def test_a_community_means_its_residents_and_that_is_told() -> None:
    report = read({"指标": "甲", "分值": "5", "对象": "社区"})
    assert one(report).subject is Subject.PERSON
    assert [note.code for note in report.warnings] == ["subject-community"]
