"""The look of categories: an icon of what each is about, over the names of catalogues that villages really have."""

import csv
import re
from pathlib import Path

import pytest
from django.core.cache import cache

import xiangyue
from tests.cast import Cast
from tests.scoring.cast import AFTER, settled
from tests.web import Visitor
from xiangyue.kernel import clock
from xiangyue.phone.categories import BY_WORD, ICONS, colour_of, icon_of
from xiangyue.scoring.models import Notice

PACKAGE = Path(xiangyue.__file__).parent
PHONE_SHEET = PACKAGE / "ui" / "static" / "vendored" / "tabler-icons" / "icons.css"
PRESETS = sorted((PACKAGE / "setup" / "presets").glob("*.csv"))
DRAWN = re.compile(r'<span class="cat c(\d)"><i class="i i-([a-z0-9-]+)"')
NOTICED = {("4", "building-community"), ("3", "plant-2"), ("2", "ban")}  # 公共参与, 生态保护, 扣分项目
NAMED = {
    "flag": "党建引领 党员带头 党员监督 支持党组织工作 爱国爱党",
    "shield-check": "国防建设 国防教育 军旅积分 平安建设 安全生产 疫情防控",
    "scale": "遵纪守法 学法守法 自律守法 法治负面清单 纠纷调解",
    "ban": "扣分项目 惩戒 信用负面清单 公德负面清单",
    "award": "特殊贡献 表彰奖励 奖励",
    "school": "教育积分 教育引导 家庭教育 学习培训",
    "run": "体育特色 文体活动",
    "plant-2": "生态保护 生态文明建设 人居环境 环境卫生 庭院美化 垃圾减量",
    "trending-up": "产业发展 勤劳致富 生产经营 招商引资 乡村发展 脱贫攻坚",
    "home": "家庭美德 文明家庭 邻里家庭",
    "confetti": "文化活动 移风易俗 文明新风 红白喜事",
    "hammer": "村庄建设 基础设施",
    "mood-happy": "个人品德 思想道德 社会公德",
    "heart-handshake": "互帮互助 邻里互助 志愿服务 公益服务 社会公益 好人好事",
    "users": "日常评议",
    "building-community": "公共参与 村级事务 公共服务",
    "map-pin": "一村一策 网格履职",
}


@pytest.mark.parametrize(("icon", "names"), NAMED.items())
def test_a_categorys_name_gives_its_icon_wherever_it_stands(icon: str, names: str) -> None:
    for position in (1, 4, 11):
        assert {icon_of(name, position) for name in names.split()} == {icon}


def test_a_name_that_says_nothing_takes_the_icon_of_its_position() -> None:
    assert [icon_of("其他", position) for position in range(1, 8)] == [*ICONS, ICONS[0]]


def test_colours_keep_to_positions() -> None:
    assert [colour_of(position) for position in range(1, 8)] == [1, 2, 3, 4, 5, 6, 1]


@pytest.mark.parametrize("preset", PRESETS, ids=lambda path: path.stem)
def test_each_category_of_a_preset_is_told_by_its_name(preset: Path) -> None:
    with preset.open(encoding="utf-8-sig") as table:
        names = {row["板块"] for row in csv.DictReader(table)}
    assert names
    assert [name for name in names if icon_of(name, 1) != icon_of(name, 2)] == []


def test_every_icon_is_on_the_sheet_that_phones_load() -> None:
    known = set(re.findall(r"\.i-([a-z0-9-]+)\{", PHONE_SHEET.read_text()))
    assert {icon for icon, _words in BY_WORD} | set(ICONS) <= known


def drawn(page: str) -> set[tuple[str, str]]:
    """Give the colour and the icon of each category on a page."""
    return set(DRAWN.findall(page))


def test_a_category_looks_the_same_on_every_page(cast: Cast, villager: Visitor, notice: Notice) -> None:
    assert drawn(villager.read("/my/ledger/")) == drawn(villager.read("/my/deeds/")) == NOTICED
    settled(cast.village)
    cache.clear()
    with clock.as_of(AFTER):
        assert drawn(villager.read("/my/ledger/")) == drawn(villager.read("/my/figures/")) == NOTICED
    offered = drawn(villager.read("/my/declare/"))
    assert offered & NOTICED == NOTICED - {("2", "ban")}
    assert {("1", "flag"), ("2", "run"), ("4", "shield-check")} <= offered
