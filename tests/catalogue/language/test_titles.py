"""Points whose labels stand in the title, and units that a household's people make together."""

import pytest

from tests.catalogue.language.forms import read, told
from xiangyue.catalogue.language.writing import written


@pytest.mark.parametrize(
    ("title", "value", "meaning"),
    [
        ("获得国家级、省级、市级表彰", "分别加50、40、30分", "市级30、省级40、国家级50"),
        ("先进经验被镇、县、市推广的", "分别加4、8、12分", "镇级4、县级8、市级12"),
        ("季度评比一、二、三等奖", "依次为10、8、6分", "一等奖10、二等奖8、三等奖6"),
        ("月度评比前三名", "分别奖励30、20、10分", "第1名30、第2名20、第3名10"),
        ("评为“好媳妇”、“好婆婆”", "分别加10分、5分", "「好媳妇」10、「好婆婆」5"),
        ("评为一、二星文明户", "分别计6、8分", "「一星文明户」6、「二星文明户」8"),
    ],
)
def test_the_titles_list_says_what_the_points_are_for(title: str, value: str, meaning: str) -> None:
    report = read({"指标": title, "分值": value})
    (item,) = report.items
    assert written(item.worth) == meaning
    assert item.remarks == f"分值：{value}"


@pytest.mark.parametrize(
    ("title", "value"),
    [
        ("获得国家级、省级、市级表彰", "分别加50、40分"),  # one of them has no points
        ("获得表彰", "分别加50、40分"),  # there is no list
        ("县级、市级、省级文明村", "分别加1－3分"),  # 1, 2, 3, or each of them between
        ("被省、市表彰，被县、镇表扬", "分别加5、3分"),  # two lists would fit
        ("在城市、县城购房", "分别加5、3分、2分"),
    ],
)
def test_what_the_title_leaves_open_is_refused(title: str, value: str) -> None:
    assert told(read({"指标": title, "分值": value})) == [(2, "分值", "value-not-understood")]


def test_a_word_in_which_a_level_hides_is_no_level() -> None:
    (item,) = read({"指标": "在城市、县城购房", "分值": "分别加5、3分"}).items
    assert written(item.worth) == "「在城市」5、「县城购房」3"


def test_hours_of_every_person_are_added_up_for_a_household() -> None:
    (own,) = read({"指标": "义务清雪", "分值": "每人每小时1分"}).items
    (household,) = read({"指标": "义务清雪", "分值": "每人每小时1分", "对象": "农户"}).items
    assert (own.subject.value, written(own.worth)) == ("person", "每小时1")
    assert (household.subject.value, written(household.worth)) == ("household", "每人小时1")
    refused = read({"指标": "义务植树", "分值": "每人每棵1分", "对象": "农户"})
    assert told(refused) == [(2, "对象", "subject-differs")]


def test_points_chosen_for_every_piece_name_the_deed_and_not_an_amount() -> None:
    (item,) = read({"指标": "提供线索", "分值": "每条加5～10分"}).items
    assert (written(item.worth), item.unit) == ("5～10", "条")
    (again,) = read({"指标": "提供线索", "方向": "加", "分值": "5～10", "单位": "条"}).items
    assert (again.worth, again.unit) == (item.worth, "条")
    assert told(read({"指标": "清扫", "分值": "1～3", "单位": "小时"})) == [(2, "单位", "range-per-unit")]
