"""What is taken out can be brought in again, and is the same."""

import csv
import io
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalogue.cast import LAWFUL, LUOYU, imported, sheet
from tests.catalogue.language import strategies
from xiangyue.catalogue.export import to_rows, workbook
from xiangyue.catalogue.language.columns import HEADERS
from xiangyue.catalogue.language.report import check_file
from xiangyue.catalogue.models import Catalogue
from xiangyue.catalogue.queries import indicators_of
from xiangyue.catalogue.rules.model import Item
from xiangyue.catalogue.rules.terms import BadRule, Direction
from xiangyue.catalogue.rules.worth import Worth
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Unit

PUBLISHED = sorted(Path("tests/catalogue/language/data").glob("*.csv")) + sorted(
    Path("xiangyue/setup/presets").glob("*.csv")
)
EVERYTHING = (
    {"大类": "五美", "板块": "环境", "编号": "A1", "指标": "庭院整洁", "分值": "加1—20分", "单位": "户"},
    {"指标": "志愿服务", "分值": "0.5分/小时", "上限": "每月两次、每人每次4分", "对象": "个人"},
    {"板块": "议事", "指标": "修桥", "分值": "酌情10-50", "上限": "一次性", "备注": "第一行\n第二行"},
    {"指标": "获奖", "分值": "村级5/镇级10/县级20", "倍数": "党员双倍", "适用时间": "6月至8月"},
    {"指标": "孝老", "分值": "5", "对象": "本人及父母", "上限": "每次最低2分"},
    {
        "大类": "纪律",
        "指标": "打架",
        "分值": "扣5分",
        "上限": "终身3次；年度40分",
        **LAWFUL,
        "举报电话": "见公示栏",
    },
)


def items_of(content: bytes) -> list[Item]:
    report = check_file(content, "细则.csv")
    assert report.refusals == []
    return report.items


def written(items: list[Item]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(to_rows(items))
    return file.getvalue().encode()


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_every_published_catalogue_survives(path: Path) -> None:
    """RULES, Excel and CSV form: exporting and importing again gives the same catalogue."""
    first = check_file(path.read_bytes(), path.name).items
    if not first:
        assert path.stem == "heqing"  # its source states no points
        return
    assert items_of(written(first)) == first
    assert check_file(workbook(first), "细则.xlsx").items == first
    with translation.override("en"):  # the file speaks Chinese, whoever reads the screen
        assert items_of(written(first)) == first


def test_every_column_survives() -> None:
    """RULES, Excel and CSV form: extra columns kept as remarks."""
    first = items_of(sheet(*EVERYTHING))
    assert items_of(written(first)) == first
    assert len(first) == len(EVERYTHING)


@settings(max_examples=300, deadline=None)
@given(strategies.worths, st.sampled_from(Direction))
def test_every_worth_survives(worth: Worth, direction: Direction) -> None:
    try:
        item = Item("1", "做了一件事", direction, worth, category="村务")
    except BadRule:
        return
    (again,) = items_of(written([item]))
    assert (again.worth, again.direction, again.limits) == (item.worth, item.direction, item.limits)


def test_a_catalogue_of_the_database_survives(admin: Actor, village: Unit) -> None:
    def items(catalogue: Catalogue) -> list[Item]:
        return [indicator.item for indicator in indicators_of(catalogue)]

    first = imported(admin, village, LUOYU.read_bytes())
    second = imported(admin, village, written(items(first)))
    assert items(first) == items(second)
    assert len(items(first)) == 28


def test_the_table_has_the_columns_of_the_template() -> None:
    """RULES, Excel and CSV form: the columns of the import template."""
    rows = to_rows(items_of(LUOYU.read_bytes()))
    assert rows[0] == list(HEADERS)
    with LUOYU.open(encoding="utf-8-sig") as file:
        assert rows[0] == next(csv.reader(file))
    cells = dict(zip(rows[0], rows[11], strict=True))
    assert (cells["编号"], cells["指标"], cells["方向"]) == ("11", "参加公共劳动", "加")
    assert (cells["分值"], cells["单位"], cells["对象"], cells["上限"]) == ("8", "", "村民个人", "")
