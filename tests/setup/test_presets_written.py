"""A preset that somebody writes: whatever is wrong is told at its place, in one sentence; or it is taken whole."""

from collections.abc import Callable
from pathlib import Path

import pytest

from xiangyue.catalogue.rules.balances import Base, Clearing, GiftRatio
from xiangyue.catalogue.rules.changes import PointBounds
from xiangyue.catalogue.rules.model import Category, Limit
from xiangyue.catalogue.rules.redeeming import Benefit, Bundle
from xiangyue.catalogue.rules.scheme import Scheme
from xiangyue.catalogue.rules.standing import Grade, Grades, Threshold
from xiangyue.catalogue.rules.terms import Bar, Counting, Layer, Side, Trait, Whose, Window
from xiangyue.catalogue.rules.times import Lasting, ToYearEnd, UntilCorrected, Yearly
from xiangyue.setup import presets
from xiangyue.setup.presets.refusals import Fault, PresetRefused
from xiangyue.setup.presets.scheme_toml import dump, read

Writer = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Writer:
    """Write the blank preset as taoyuan.toml, with something replaced in it or its table."""

    def write(old: str = "", new: str = "", *, row: str = "", table: bytes = b"") -> Path:
        blank = presets.load("blank")
        source = blank.source.decode()
        assert old in source
        (tmp_path / "taoyuan.toml").write_text(source.replace(old, new, 1) if old else source)
        (tmp_path / "blank.csv").write_bytes(table or blank.catalogue + (f"{row}\n" if row else "").encode())
        return tmp_path / "taoyuan.toml"

    return write


def faults(file: Path) -> list[Fault]:
    return presets.check(file).faults


def told(file: Path) -> list[tuple[str, str]]:
    found = faults(file)
    assert all(fault.text[-1] in "。？" for fault in found), found
    return [(fault.key, fault.code) for fault in found]


def test_ones_own_preset_is_loaded_by_its_path(written: Writer) -> None:
    own = presets.load(str(written('name = "空白方案"', 'name = "桃源积分"')))
    assert (own.key, own.name, own.catalogue_file) == ("taoyuan", "桃源积分", "blank.csv")
    assert own.scheme == presets.load("blank").scheme


WRONG = [
    ("floor = 0 ", "flor = 0 ", "scheme.flor", "unknown-key"),
    ("[rhythm]", "[rythm]", "rythm", "unknown-key"),
    ("households = 3", "housholds = 3", "seats[1].housholds", "unknown-key"),
    ('title = "店员"', 'titel = "店员"', "offices[7].titel", "unknown-key"),
    ('name = "空白方案"', "", "name", "key-missing"),
    ("floor = 0 ", 'floor = "零" ', "scheme.floor", "not-points"),
    ("floor = 0 ", "floor = 0.125 ", "scheme.floor", "not-points"),
    ("floor = 0 ", "floor = -5 ", "scheme.floor", "not-points"),
    ("floor = 0 ", "floor = nan ", "scheme.floor", "not-points"),
    ("floor = 0 ", "floor = true ", "scheme.floor", "not-points"),
    ("points = 200", 'points = "200"', "honours[1].points", "not-points"),
    ("points = 200", "points = 1.2345", "honours[1].points", "not-points"),
    ("rate = 1 ", "rate = 0 ", "scheme.rate", "rate-out-of-bounds"),
    ("rate = 1 ", 'rate = "1元" ', "scheme.rate", "not-yuan"),
    ('account = "分"', "account = 5", "scheme.account", "not-a-text"),
    ("quorum_percent = 66", "quorum_percent = 166", "", "quorum-out-of-bounds"),
    ("quorum_percent = 66", 'quorum_percent = "66"', "quorum_percent", "not-a-whole-number"),
    ("admit_at_founding = true", 'admit_at_founding = "是"', "admit_at_founding", "not-a-switch"),
    ('judging_level = "village"', 'judging_level = "hamlet"', "judging_level", "unknown-word"),
    ('"meeting", "notice"]', '"meting", "notice"]', "scheme.way.stages[2]", "unknown-word"),
    ('stages = ["self", "meeting", "notice"]', 'stages = "self"', "scheme.way.stages", "not-a-list"),
    ("notice_days = 5", "notice_days = 2", "scheme.way", "notice-days"),
    ("notice_days = 5", "notice_days = true", "scheme.way.notice_days", "not-a-whole-number"),
    ('term = "1年"', 'term = "很久"', "honours[1].term", "term-not-understood"),
    ('term = "当年"', 'term = "长期"', "sanctions[1]", "sanction-without-end"),
    ('term = "当年"', "", "sanctions[1].term", "key-missing"),
    ('bars = ["honours"]', "", "sanctions[1]", "sanction-of-what"),
    ("[[honours]]\nname", "[honours]\nname", "honours", "not-a-list"),
    ('office = "grid_leader"', 'office = "king"', "offices[4].office", "unknown-word"),
    ('levels = ["grid"]', "levels = []", "offices[4].levels", "office-levels"),
    ('levels = ["grid"]', 'levels = ["cellar"]', "offices[4].levels[1]", "unknown-word"),
    ("two_committees = 1", "two_committees = 0", "seats[1].two_committees", "seats"),
    ('meeting = "', 'assembly = "', "steps.assembly", "step-not-in-way"),
    ('"blank.csv"', '"../blank.csv"', "catalogue_file", "catalogue-elsewhere"),
    ('"blank.csv"', '"none.csv"', "catalogue_file", "catalogue-missing"),
    (
        'levels = ["city", "county", "town", "village"]',
        'levels = ["city", "county"]',
        "offices",
        "no-administrator",
    ),
    ('office = "committee_member"', 'office = "work_team"', "offices", "no-judges"),
    ('office = "supervisor"', 'office = "work_team"', "offices", "no-supervisors"),
]


@pytest.mark.parametrize(("old", "new", "key", "code"), WRONG, ids=lambda word: str(word)[:30])
def test_what_is_wrong_is_told_at_its_place(written: Writer, old: str, new: str, key: str, code: str) -> None:
    file = written(old, new)
    assert (key, code) in told(file)
    with pytest.raises(PresetRefused) as refused:
        presets.load(str(file))
    assert refused.value.faults == faults(file)
    assert refused.value.as_dict()["problems"][0]["file"] == "taoyuan.toml"


def test_everything_wrong_is_told_at_once(written: Writer) -> None:
    file = written(
        "floor = 0 ", 'floor = "零"\nlimits = ["每户每月40分", "偶尔", "每月5小时", "本类每月3分"]\nflor = 1 '
    )
    assert sorted(told(file)) == [
        ("scheme.floor", "not-points"),
        ("scheme.flor", "unknown-key"),
        ("scheme.limits[2]", "limit-not-understood"),
        ("scheme.limits[3]", "not-a-limit"),
        ("scheme.limits[4]", "not-a-limit"),
    ]


def test_an_unknown_key_is_told_with_those_that_there_are(written: Writer) -> None:
    (fault,) = faults(written("floor = 0 ", "flor = 0 "))
    assert "floor" in fault.text


def test_broken_toml_is_told_by_line(written: Writer) -> None:
    (fault,) = faults(written('name = "空白方案"', 'name = "空白方案'))
    assert (fault.key, fault.code) == ("", "toml-broken")
    assert "第6行" in fault.text


def test_another_encoding_is_told(written: Writer) -> None:
    file = written()
    file.write_bytes(file.read_text().encode("gb18030"))
    assert told(file) == [("", "not-utf8")]


@pytest.mark.parametrize(
    "name", ["桃源.toml", "Taoyuan.toml", "1.toml", "a b.toml", "taoyuan.txt", "t" * 31 + ".toml"]
)
def test_a_file_needs_a_plain_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("")
    assert told(tmp_path / name) == [("", "preset-bad-name")]


# ---- the table


def test_a_row_that_is_not_understood_is_told_by_its_cell(written: Writer) -> None:
    file = written(row=",村庄建设,3.3,扫雪,加,很多,次,,,农户,,,,,,,,,示例")
    (fault,) = faults(file)
    assert (fault.file, fault.key, fault.code) == ("blank.csv", "F10", "value-not-understood")


def test_a_deduction_without_grounds_is_no_preset(written: Writer) -> None:
    file = written(row=",村庄建设,3.3,打架,扣,5,次,,,农户,,,,,,,,,示例")
    codes = {fault.code for fault in faults(file)}
    assert {"deduction-without-basis", "deduction-without-term", "deduction-without-repair"} <= codes
    assert all("打架" in fault.text and fault.key.endswith("10") for fault in faults(file))


def test_a_file_that_is_no_table_is_told(written: Writer) -> None:
    (fault,) = faults(written(table="名称,得分\n扫雪,5\n".encode()))
    assert (fault.file, fault.code) == ("blank.csv", "sheet-columns-missing")


def test_a_table_without_rows_is_told(written: Writer) -> None:
    assert [fault.file for fault in faults(written(table="指标,分值\n".encode()))] == ["blank.csv"]


def test_a_category_that_the_table_lacks_is_told(written: Writer) -> None:
    file = written(
        "[scheme.way]",
        '[[scheme.categories]]\nname = "人居"\n[scheme.local]\npurposes = ["邻里"]\n[scheme.way]',
    )
    assert told(file) == [
        ("scheme.categories[1]", "category-not-in-table"),
        ("scheme.local.purposes", "category-not-in-table"),
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ('category = "邻里"\nby = 1', ("scheme.local.changes[1]", "change-of-nothing")),
        ('number = "9.9"\nby = 1', ("scheme.local.changes[1]", "change-of-nothing")),
        ('category = "村庄建设"', ("scheme.local.changes[1]", "change-without-bound")),
        ("percent = 120", ("scheme.local.changes[1]", "change-percent")),
        ("low = 5\nhigh = 4", ("scheme.local.changes[1]", "range-backwards")),
    ],
)
def test_how_far_points_may_be_changed_is_checked(
    written: Writer, change: str, expected: tuple[str, str]
) -> None:
    file = written("[scheme.way]", f"[[scheme.local.changes]]\n{change}\n[scheme.way]")
    assert told(file) == [expected]


def test_a_grade_that_there_is_not_is_told(written: Writer) -> None:
    row = ",村庄建设,3.3,打架,降级,降为B级,次,,,农户,,,,,,1年,《治安管理处罚法》,和解后恢复,示例"
    assert ("分值10", "no-such-grade") in told(written(row=row))


@pytest.mark.parametrize("name", ["取消低保", "不得参加村民会议投票", "停发粮食补贴"])
def test_a_consequence_that_takes_a_right_is_no_preset(written: Writer, name: str) -> None:
    found = told(written('name = "当年不评文明家庭"', f'name = "{name}"'))
    assert found
    assert {key for key, _code in found} == {"sanctions[1]"}


def test_a_consequence_that_rests_on_nothing_is_no_preset(written: Writer) -> None:
    file = written('basis = "村规民约（2026年1月10日通过）第十二条"', 'basis = "大家都同意"')
    assert told(file) == [("sanctions[1]", "deduction-without-basis")]


def test_clearing_to_a_base_needs_one(written: Writer) -> None:
    file = written("[scheme.way]", '[scheme.clearing]\ndays = ["12-31"]\nto_base = true\n[scheme.way]')
    assert told(file) == [("scheme.clearing.to_base", "clearing-to-no-base")]


def test_what_is_not_wrong_may_still_deserve_a_look(written: Writer) -> None:
    checked = presets.check(written(row=",村庄建设,3.3,扫雪,加,5,次,最多3次,,农户,,,,,,,,,示例"))
    assert checked.faults == []
    assert [(note.file, note.key) for note in checked.notes] == [("blank.csv", "H10")]


# ---- all that a scheme can say, in the words of the file

FULL = """
[[scheme.categories]]
name = "人居环境"
base = 10.5
window = "month"
score = "公德分"
limits = ["每户每月10分", "每人每周2次"]

[scheme]
account = "山药豆"
limits = ["每户每月40分", "全部每年200000分"]
floor = "不限"
excluded = ["minor", "absent"]
household = "living"
rate = 0.1
gift_ratios = [{ kind = "低收入户", earned = 1, gifted = 5 }, { earned = 1, gifted = 1 }]
thresholds = [{ below = 60, bars = ["redemption"] }]
bundles = [{ name = "米和油", price = 99.5 }]
benefits = [{ name = "节日奖励", least = 5, open = true }]

[scheme.base]
points = 100
excluded_for = "6个月"

[scheme.clearing]
days = ["01-10", "07-10"]
after_redemption = true
to_base = true
carried = 20

[scheme.grades]
rows = [{ name = "五星", above = 1060 }, { name = "四星", above = 0.5 }, { name = "三星" }]

[scheme.local]
awards = 5
most = 2

[[scheme.local.changes]]
percent = 20

[[scheme.local.changes]]
category = "人居环境"
low = 0.5
high = 8

[[scheme.local.changes]]
number = "1.1"
by = 1

[scheme.door]
windows = ["1月1日至1月10日"]
least_activities = 10
once_in_window = true

[scheme.way]
stages = ["self", "meeting", "notice"]
notice_days = 3
objection_days = 7
strike_days = 3
forwarded = true
"""


@pytest.fixture
def full() -> presets.Preset:
    source = presets.load("blank").source.decode()
    start, end = source.index("[scheme]"), source.index("[steps]")
    return read((source[:start] + FULL + source[end:]).encode(), "full.toml")


def test_a_scheme_says_in_the_file_what_the_rules_can_say(full: presets.Preset) -> None:
    scheme: Scheme = full.scheme
    assert scheme.base == Base(100_00, excluded_for=Lasting(months=6))
    assert scheme.clearing == Clearing(((1, 10), (7, 10)), after_redemption=True, to_base=True, carried=20)
    assert scheme.floor is None
    assert scheme.rate is not None
    assert scheme.rate.fen == 10
    assert scheme.excluded == {Trait.MINOR, Trait.ABSENT}
    assert scheme.gift_ratios == (("低收入户", GiftRatio(1, 5)), ("", GiftRatio(1, 1)))
    assert scheme.thresholds == (Threshold(60_00, frozenset({Bar.REDEMPTION})),)
    assert scheme.bundles == (Bundle("米和油", 99_50),)
    assert scheme.benefits == (Benefit("节日奖励", 5_00, open=True),)
    assert scheme.grades == Grades((Grade("五星", 1060_00), Grade("四星", 50), Grade("三星", None)))
    assert scheme.door.windows == (Yearly((1, 1), (1, 10)),)
    assert (scheme.local.awards, scheme.local.deductions, scheme.local.most) == (5, None, 2_00)
    assert scheme.local.changes == (
        PointBounds(percent=20),
        PointBounds(category="人居环境", low=50, high=800),
        PointBounds(number="1.1", by=100),
    )
    assert (scheme.way.strike_days, scheme.way.objection_days) == (3, 7)


def test_limits_count_together_what_stands_under_them(full: presets.Preset) -> None:
    household = Limit(Counting.POINTS, 40_00, Window.MONTH, Whose.HOUSEHOLD, Layer.ALL, Side.EACH)
    budget = Limit(Counting.POINTS, 200_000_00, Window.YEAR, Whose.EVERYONE, Layer.ALL, Side.EACH)
    assert full.scheme.limits == (household, budget)
    (category,) = full.scheme.categories
    assert category == Category(
        "人居环境",
        base=10_50,
        window=Window.MONTH,
        score="公德分",
        limits=(
            Limit(Counting.POINTS, 10_00, Window.MONTH, Whose.HOUSEHOLD, Layer.CATEGORY),
            Limit(Counting.TIMES, 2, Window.WEEK, Whose.PERSON, Layer.CATEGORY),
        ),
    )


def test_a_full_scheme_is_written_and_read_again(full: presets.Preset) -> None:
    written = dump(full)
    assert "points = 100\n" in written
    assert "base = 10.5" in written
    assert "0.1" in written
    again = read(written.encode(), "again.toml")
    assert again == full
    assert dump(again) == written


@pytest.mark.parametrize(
    ("word", "term"),
    [
        ("1年", Lasting(years=1)),
        ("当年", ToYearEnd()),
        ("改正为止", UntilCorrected()),
        ("1年6个月", Lasting(0, 6, 1)),
    ],
)
def test_terms_are_the_tables_words(written: Writer, word: str, term: object) -> None:
    own = presets.load(str(written('term = "当年"', f'term = "{word}"')))
    assert own.sanctions[0].term == term
    assert read(dump(own).encode(), "again.toml").sanctions == own.sanctions
