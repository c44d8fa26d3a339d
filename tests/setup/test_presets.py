"""The ready schemes say what the places published (DOMAIN §8), and can be put in force as they stand (CONDUCT)."""

import csv
from collections import Counter
from collections.abc import Callable
from datetime import date
from enum import Enum
from functools import cache
from io import StringIO
from typing import Any

import pytest

from xiangyue.catalogue.export import to_rows
from xiangyue.catalogue.guards.check import findings
from xiangyue.catalogue.language.report import Report, check_file
from xiangyue.catalogue.rules.changes import PointBounds, bounds_on
from xiangyue.catalogue.rules.model import Item, Multiplier, Sharing
from xiangyue.catalogue.rules.redeeming import Rate
from xiangyue.catalogue.rules.scheme import Stage
from xiangyue.catalogue.rules.terms import Circumstance, Direction, Side, Split, Subject, Window
from xiangyue.catalogue.rules.times import Dates, ForGood
from xiangyue.catalogue.rules.worth import Both, CaseByCase, Fixed, PerUnit, Range
from xiangyue.people.models import Body, Capacity, Level
from xiangyue.people.offices import Office
from xiangyue.setup import presets
from xiangyue.setup.presets import words
from xiangyue.setup.presets.model import Effect, Figure, Goods, HonourKind, Partner, ShopMode, ShopPlace
from xiangyue.setup.presets.refusals import PresetRefused
from xiangyue.setup.presets.scheme_toml import dump, read
from xiangyue.setup.presets.telling import sentences
from xiangyue.setup.refusals import UnknownPreset

KEYS = ["blank", "cangcheng", "changshan", "guyuan", "qingcheng", "xihaian"]


@pytest.fixture(params=KEYS)
def preset(request: pytest.FixtureRequest) -> presets.Preset:
    return presets.load(request.param)


@cache
def report_of(key: str) -> Report:
    preset = presets.load(key)
    return check_file(preset.catalogue, preset.catalogue_file)


def items_of(key: str) -> list[Item]:
    return report_of(key).items


def counts(key: str) -> Counter[tuple[str, str]]:
    return Counter((item.family, item.category) for item in items_of(key))


def family_counts(key: str) -> Counter[str]:
    return Counter(item.family for item in items_of(key))


# ---- all of them


def test_these_presets_come_along() -> None:
    assert presets.names() == KEYS


def test_a_preset_says_what_it_is(preset: presets.Preset) -> None:
    for text in (preset.name, preset.summary, preset.unit_word, preset.catalogue_name, preset.texts.board):
        assert text.strip() == text != ""


def test_its_rules_are_possible(preset: presets.Preset) -> None:
    assert preset.judging_level in (Level.VILLAGE, Level.GRID_VILLAGE)
    assert 3 <= preset.notice_days <= 15  # DOMAIN §3
    assert 0 < preset.quorum_percent <= 100
    assert Stage.NOTICE in preset.scheme.way.stages


def test_every_row_of_its_table_is_understood_without_a_doubt(preset: presets.Preset) -> None:
    report = report_of(preset.key)
    assert [str(problem) for problem in report.refusals] == []
    assert [str(problem) for problem in report.warnings] == []
    least, most = (5, 12) if preset.key == "blank" else (30, 70)
    assert least <= len(report.rows) <= most


def test_nothing_in_it_is_dropped_or_kept_aside(preset: presets.Preset) -> None:
    """What 备注 says is what the table says there: no cell was too much for the rules."""
    assert [
        item.title for item in items_of(preset.key) if "：" in item.remarks and "\n" in item.remarks
    ] == []


def test_it_can_be_put_in_force_as_it_stands(preset: presets.Preset) -> None:
    found = findings(items_of(preset.key), preset.scheme)
    assert [(each.code, each.item and each.item.title, each.words) for each in found] == []


def test_every_deduction_says_why_for_how_long_and_how_it_is_repaired(preset: presets.Preset) -> None:
    taking = [item for item in items_of(preset.key) if item.direction is not Direction.AWARD]
    assert taking
    for item in taking:
        assert item.basis.strip(), item.title
        assert item.repair.strip(), item.title
        assert not any(isinstance(row.term, ForGood) for row in item.validity.rows), item.title


def test_a_compact_is_named_with_its_day_and_marked_as_an_example(preset: presets.Preset) -> None:
    for item in items_of(preset.key):
        if "村规民约" in item.basis:
            assert "年" in item.basis, item.title
            assert "日通过" in item.basis, item.title
            assert "示例" in item.remarks, item.title


def test_what_a_preset_invents_is_marked(preset: presets.Preset) -> None:
    """DOMAIN §8: facts are what the place published; the rest says 示例."""
    assert "示例" in preset.source.decode()
    told = ("示例", "公布")
    assert [
        item.title for item in items_of(preset.key) if not any(word in item.remarks for word in told)
    ] == []


def test_every_consequence_has_grounds_an_end_and_two_who_agree(preset: presets.Preset) -> None:
    for sanction in preset.sanctions:
        assert sanction.basis
        assert sanction.repair
        assert sanction.approvals >= 2
        assert not sanction.public
        assert not isinstance(sanction.term, ForGood)


def test_its_table_is_written_and_read_again(preset: presets.Preset) -> None:
    """What the table says is all in the rules: exported and imported, it gives the same items.

    RULES, Excel and CSV form: catalogues by this table.
    """
    items = items_of(preset.key)
    written = StringIO(newline="")
    csv.writer(written).writerows(to_rows(items))
    again = check_file(written.getvalue().encode(), preset.catalogue_file)
    assert [str(problem) for problem in again.refusals] == []
    assert again.items == items


def test_written_and_read_again_it_is_the_same(preset: presets.Preset) -> None:
    """RULES, Excel and CSV form: presets round-trip by TOML."""
    written = dump(preset)
    again = read(written.encode(), "again.toml")
    assert dump(again) == written
    for name in (
        "scheme",
        "offices",
        "seats",
        "honours",
        "sanctions",
        "rhythm",
        "shops",
        "fund",
        "texts",
        "steps",
    ):
        assert getattr(again, name) == getattr(preset, name), name
    assert (again.comparison, again.leaders) == (preset.comparison, preset.leaders)


def test_its_categories_are_those_of_its_table(preset: presets.Preset) -> None:
    listed = [(category.family, category.name) for category in preset.scheme.categories]
    assert not listed or sorted(listed) == sorted(counts(preset.key))


def test_every_stage_of_its_way_is_told(preset: presets.Preset) -> None:
    assert set(preset.steps) == set(preset.scheme.way.stages)
    assert all(text.strip() for text in preset.steps.values())


def test_points_are_worth_a_yuan(preset: presets.Preset) -> None:
    """Published for guyuan; in the others an example."""
    assert preset.scheme.rate == Rate(fen=100)


def test_a_ready_preset_is_read_once(preset: presets.Preset) -> None:
    assert presets.load(preset.key) is preset


def test_an_unknown_preset_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UnknownPreset) as refused:
        presets.load("../cangcheng")
    assert refused.value.facts == {"preset": "../cangcheng", "known": "、".join(KEYS)}


def test_a_county_with_a_scheme_of_its_own_is_told_by_its_key() -> None:
    assert presets.name_of("cangcheng") == "智慧苍城"
    assert presets.name_of("taoyuan") == "taoyuan"


def test_a_path_to_nothing_is_refused() -> None:
    with pytest.raises(PresetRefused) as refused:
        presets.load("/nowhere/taoyuan.toml")
    assert [fault.code for fault in refused.value.faults] == ["file-unreadable"]


NAMED: list[tuple[Callable[[Any], str], type[Enum]]] = [
    (words.window, Window),
    (words.stage, Stage),
    (words.goods, Goods),
    (words.mode, ShopMode),
    (words.place, ShopPlace),
    (words.partner, Partner),
    (words.figure, Figure),
    (words.honour_kind, HonourKind),
]


@pytest.mark.parametrize(("naming", "kind"), NAMED)
def test_every_word_has_a_name_of_its_own(naming: Callable[[Any], str], kind: type[Enum]) -> None:
    told = [naming(word) for word in kind]
    assert all(told)
    assert len(set(told)) == len(told)


# ---- xihaian: 1 + 5 + N


def test_xihaian_has_one_core_five_sides_and_n() -> None:
    families: dict[str, set[str]] = {}
    for family, category in counts("xihaian"):
        families.setdefault(family, set()).add(category)
    assert len(families["一个核心"]) == 1
    assert len(families["五个方面"]) == 5
    assert families["N"] == {"一村一策"}
    assert set(families) == {"一个核心", "五个方面", "党员", "N"}


def test_the_five_known_matters_of_n_are_decided_case_by_case() -> None:
    matters = [item for item in items_of("xihaian") if item.family == "N"]
    assert len(matters) == 5
    for word in ("脱贫", "疫苗", "垃圾分类", "医保电子凭证", "反诈"):
        assert sum(word in item.title for item in matters) == 1, word
    assert all(item.worth == CaseByCase() and "附会议记录" in item.approved_by for item in matters)


def test_villages_add_to_n_alone() -> None:
    local = presets.load("xihaian").scheme.local
    assert local.purposes == {"一村一策"}
    assert None not in (local.awards, local.deductions, local.most)


def test_the_frame_stays_and_villages_innovate() -> None:
    """DOMAIN §8, cangcheng: villages change points within the bounds that the frame sets."""
    scheme = presets.load("cangcheng").scheme
    items = items_of("cangcheng")
    orderly = next(item for item in items if item.category == "遵纪守法")
    assert bounds_on(orderly, scheme.local.changes) == PointBounds(category="遵纪守法", by=100)
    others = [item for item in items if item.category != "遵纪守法"]
    assert {bounds_on(item, scheme.local.changes) for item in others} == {PointBounds(percent=20)}
    said = sentences(presets.load("cangcheng"))
    assert "村里可以改板块“遵纪守法”的分：上下最多差1分。" in said
    assert "村里可以改细则里的分：上下最多差20%。" in said


def test_party_members_deductions_double() -> None:
    double = Multiplier(Circumstance.PARTY_MEMBER, 200, Side.DEDUCTION)
    deductions = [item for item in items_of("xihaian") if item.direction is Direction.DEDUCTION]
    assert len(deductions) >= 5
    assert all(item.multipliers == (double,) for item in deductions)
    assert not any(item.multipliers for item in items_of("xihaian") if item.direction is Direction.AWARD)


def test_the_grid_village_judges_and_its_villages_join_in_waves() -> None:
    preset = presets.load("xihaian")
    assert preset.judging_level is Level.GRID_VILLAGE
    assert not preset.admit_at_founding
    assert preset.scheme.way.stages == (Stage.SELF, Stage.PEERS, Stage.MEETING, Stage.NOTICE)
    seats = {seat.capacity for seat in preset.seats if seat.body is Body.EVALUATION}
    assert seats == {Capacity.PARTY_MEMBER, Capacity.HOUSEHOLDS}


def test_a_company_runs_mobile_shops() -> None:
    preset = presets.load("xihaian")
    assert preset.shops.modes == (ShopMode.OPERATOR,)
    assert set(preset.shops.places) == {ShopPlace.IDLE_HOUSE, ShopPlace.CONTAINER, ShopPlace.VEHICLE}
    assert {Partner.BANK, Partner.SUPPLY_COOP} <= set(preset.shops.partners)
    assert any(office.office is Office.OPERATOR for office in preset.offices)


# ---- guyuan


def test_guyuan_has_eight_base_categories_with_38_items() -> None:
    base = {place: count for place, count in counts("guyuan").items() if place[0] == "基础积分"}
    assert (len(base), sum(base.values())) == (8, 38)


def test_guyuan_appraises_three_things_and_has_twelve_contributions_and_seven_penalties() -> None:
    found = counts("guyuan")
    assert found["评议积分", "日常评议"] == 3
    assert (found["贡献积分", "奖励"], found["贡献积分", "惩戒"]) == (12, 7)


def by_title(key: str, word: str) -> Item:
    (found,) = [item for item in items_of(key) if word in item.title]
    return found


def test_the_published_figures_of_guyuan() -> None:
    assert by_title("guyuan", "培养大学生").worth == Range(50_00, 100_00)
    assert by_title("guyuan", "受到表彰").worth == Range(100_00, 2000_00)
    assert by_title("guyuan", "立功").worth == Range(100_00, 2000_00)
    road = by_title("guyuan", "道路")
    assert (road.worth, road.sharing) == (Fixed(70_00), Sharing(Split.EQUAL))
    assert by_title("guyuan", "卫生评比").worth == Range(1_00, 10_00)
    stars = by_title("guyuan", "监督台")
    assert (stars.worth, stars.subject) == (Both(Fixed(3_00), Fixed(2_00)), Subject.PARTY_MEMBER)


def test_tariffs_move_with_the_season() -> None:
    """Industry up in the busy months; training, volunteering and culture up in the slack ones."""
    busy, slack = date(2026, 6, 1), date(2027, 1, 15)
    for category, up, flat in (
        ("产业发展", busy, slack), ("学习培训", slack, busy), ("志愿服务", slack, busy), ("文化活动", slack, busy),
    ):  # fmt: skip
        for item in (each for each in items_of("guyuan") if each.category == category):
            (season,) = item.seasons
            assert (up in season.span, flat in season.span) == (True, False), item.title
            assert season.factor > 100


def test_the_epidemic_items_are_over() -> None:
    temporary = [item for item in items_of("guyuan") if item.category == "疫情防控"]
    assert temporary
    for item in temporary:
        (span,) = item.spans
        assert isinstance(span, Dates)
        assert span.last is not None
        assert span.last < date(2026, 1, 1)


def test_the_assembly_confirms_and_shops_give_three_kinds_of_goods_only() -> None:
    preset = presets.load("guyuan")
    assert preset.scheme.way.stages == (Stage.SELF, Stage.COMMITTEES, Stage.ASSEMBLY, Stage.NOTICE)
    assert set(preset.shops.goods) == {Goods.DAILY, Goods.FARMING, Goods.SCHOOL}
    assert preset.shops.only_these
    assert len(preset.shops.modes) == 3
    assert preset.fund.per_household == 30_00
    assert preset.scheme.clearing is None  # points stay valid
    assert {seat.capacity for seat in preset.seats if seat.body is Body.EVALUATION} == {
        Capacity.TWO_COMMITTEES,
        Capacity.WORK_TEAM,
    }


# ---- cangcheng


def test_cangcheng_has_eight_categories_and_mainly_awards() -> None:
    assert len(counts("cangcheng")) == 8
    sides = Counter(item.direction for item in items_of("cangcheng"))
    assert sides[Direction.DEDUCTION] * 10 <= sides[Direction.AWARD]


def test_cangcheng_scores_weekly_notices_monthly_redeems_quarterly_ranks_yearly() -> None:
    preset = presets.load("cangcheng")
    rhythm = preset.rhythm
    assert (rhythm.scored, rhythm.noticed, rhythm.redeemed, rhythm.ranked, rhythm.reviewed) == (
        Window.WEEK,
        Window.MONTH,
        Window.QUARTER,
        Window.YEAR,
        Window.QUARTER,
    )
    for month in (3, 6, 9, 12):
        assert preset.scheme.door.open_for(date(2026, month, 25), 0)
    assert not preset.scheme.door.open_for(date(2026, 5, 25), 0)


# ---- changshan


def test_changshan_has_three_scores_that_make_beans() -> None:
    preset = presets.load("changshan")
    assert preset.unit_word == "山药豆"
    assert len(family_counts("changshan")) == 3
    assert {category.score for category in preset.scheme.categories} == {"信用分", "法治分", "公德分"}


def test_changshans_grids_compare_by_bands_and_leaders_points_are_half_and_half() -> None:
    preset = presets.load("changshan")
    assert preset.comparison is not None
    assert [medal.up_to for medal in preset.comparison.medals] == [10, 30, 50]
    assert (preset.comparison.figure, preset.comparison.window) == (Figure.TOTAL, Window.QUARTER)
    assert preset.leaders is not None
    assert (preset.leaders.own, set(preset.leaders.offices)) == (
        50,
        {Office.GRID_LEADER, Office.GROUP_LEADER},
    )
    levels = {office.level for office in preset.offices if office.office is Office.GRID_LEADER}
    assert levels == {Level.VILLAGE, Level.MICRO_GRID}


def test_changshans_deductions_come_through_the_village_grid() -> None:
    preset = presets.load("changshan")
    assert preset.deductions_through is Stage.GRID_LEADER
    assert preset.scheme.way.stages == (
        Stage.GROUP_LEADER, Stage.ADMINISTRATOR, Stage.GRID_LEADER, Stage.WORKING_GROUP, Stage.NOTICE,
    )  # fmt: skip
    negative = [item for item in items_of("changshan") if "负面清单" in item.category]
    assert {item.direction for item in negative} == {Direction.DEDUCTION}
    assert len({item.family for item in negative}) == 3
    assert all(item.brought_by == "村级网格长" for item in negative)
    assert all(sanction.effect is not Effect.SHOW for sanction in preset.sanctions)


def test_beans_are_taken_by_bank_telecom_and_filling_station() -> None:
    partners = set(presets.load("changshan").shops.partners)
    assert partners == {Partner.BANK, Partner.TELECOM, Partner.FILLING_STATION}


# ---- qingcheng


def test_qingcheng_has_six_boards() -> None:
    boards = ["教育引导", "产业发展", "村级事务", "遵纪守法", "移风易俗", "好人好事"]
    assert [category for _family, category in counts("qingcheng")] == boards


def test_what_qingcheng_deducts_and_how_its_merchants_give_discounts() -> None:
    deductions = {item.title for item in items_of("qingcheng") if item.direction is Direction.DEDUCTION}
    for word in ("打架", "赌博", "虐待", "乱倒", "损坏"):
        assert any(word in title for title in deductions), word
    preset = presets.load("qingcheng")
    assert preset.scheme.cards is not None
    assert preset.scheme.cards.of(150_00) == "银卡"
    assert Partner.MERCHANT in preset.shops.partners
    assert preset.shops.modes == (ShopMode.SPONSORED,)


def test_the_black_board_is_shown_to_nobody_else() -> None:
    (black,) = presets.load("qingcheng").sanctions
    assert (black.effect, black.public, black.approvals) == (Effect.SHOW, False, 2)
    boards = [honour.name for honour in presets.load("qingcheng").honours]
    assert "红榜" in boards
    assert "好人好事榜" in boards


# ---- blank


def test_the_blank_one_teaches_in_chinese() -> None:
    source = presets.load("blank").source.decode()
    comments = [line for line in source.splitlines() if "#" in line]
    assert len(comments) > 30
    assert any(isinstance(item.worth, PerUnit) for item in items_of("blank"))
    assert any(item.worth == CaseByCase() for item in items_of("blank"))
    assert any(item.direction is Direction.DEDUCTION for item in items_of("blank"))
