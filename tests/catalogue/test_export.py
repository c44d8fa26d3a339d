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
from xiangyue.catalogue.rules.model import Evidence, Item
from xiangyue.catalogue.rules.terms import BadRule, Balance, Direction, Proof, Trait
from xiangyue.catalogue.rules.worth import Range, Worth
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


NAMES = st.text("村委会评议员签到表镇里备案", min_size=1, max_size=12)


@settings(max_examples=200, deadline=None)
@given(
    st.frozensets(st.sampled_from(Trait)),
    st.builds(Evidence, st.frozensets(st.sampled_from(Proof)), st.one_of(st.just(""), NAMES)),
    st.integers(0, 9).map(lambda half: 2 * half + 1),
    st.frozensets(st.sampled_from(Balance), min_size=1),
    st.one_of(st.just(""), NAMES),
    st.one_of(st.just(""), NAMES),
)
def test_who_is_excluded_what_is_demanded_and_whose_median_survives(
    excluded: frozenset[Trait],
    evidence: Evidence,
    judges: int,
    credits: frozenset[Balance],
    words: str,
    rivals: str,
) -> None:
    """RULES, Subject and sharing: exclusions, three judges whose median counts, evidence and balances in the table."""
    item = Item(
        "1", "做了一件事", Direction.AWARD, Range(100, 500), category="村务", excluded=excluded, evidence=evidence,
        median_of=judges, credits=credits, rivals=rivals, approved_by=words, remarks=words,
    )  # fmt: skip
    assert items_of(written([item])) == [item]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"审批": "评议会，由三名评委打分，取中间分"}, {"approved_by": "评议会", "median_of": 3}),
        ({"审批": "5人打分，取中位数；镇里备案"}, {"approved_by": "镇里备案", "median_of": 5}),
        ({"审批": "评议会打分"}, {"approved_by": "评议会打分", "median_of": 1}),
        (
            {"对象": "村民个人（在校学生、迁出人员除外）"},
            {"excluded": frozenset({Trait.STUDENT, Trait.MOVED})},
        ),
        ({"对象": "农户(不含常年外出)"}, {"excluded": frozenset({Trait.ABSENT})}),
        ({"对象": "贫困户（除18周岁以下）"}, {"excluded": frozenset({Trait.MINOR})}),
        ({"证明材料": "照片或证书"}, {"evidence": Evidence(text="照片或证书")}),
        (
            {"证明材料": "签到表；必备：照片、两人证明"},
            {"evidence": Evidence(frozenset({Proof.PHOTO, Proof.TWO_WITNESSES}), "签到表")},
        ),
        ({"备注": "记入：荣誉积分"}, {"credits": frozenset({Balance.HONOUR}), "remarks": ""}),
        ({"备注": "同一件事取最高：救人"}, {"rivals": "救人"}),
    ],
)
def test_what_free_words_say_in_a_clause_of_their_own(
    cells: dict[str, str], expected: dict[str, object]
) -> None:
    (item,) = items_of(sheet({"指标": "做了一件事", "分值": "1～5", **cells}))
    assert {name: getattr(item, name) for name in expected} == expected
    assert items_of(written([item])) == [item]


@pytest.mark.parametrize(
    ("cells", "header", "code"),
    [
        ({"审批": "4人打分，取中位数"}, "审批", "median-unread"),
        ({"审批": "大家打分，取中位数"}, "审批", "median-unread"),
        ({"对象": "农户（懒人除外）"}, "对象", "subject-unread"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(cells: dict[str, str], header: str, code: str) -> None:
    report = check_file(sheet({"指标": "做了一件事", "分值": "1～5", **cells}), "细则.csv")
    assert [(each.header, each.code, each.value) for each in report.refusals] == [
        (header, code, cells[header])
    ]


def test_a_demand_that_is_not_understood_stays_with_a_note() -> None:
    row = {"指标": "做了一件事", "分值": "1～5", "证明材料": "必备：指纹", "备注": "记入：村集体"}
    report = check_file(sheet(row), "细则.csv")
    assert [(each.header, each.code) for each in report.warnings] == [
        ("证明材料", "mark-not-read"),
        ("备注", "mark-not-read"),
    ]
    (item,) = report.items
    assert (item.evidence, item.remarks) == (Evidence(text="必备：指纹"), "记入：村集体")
