"""The rules in plain words: what one finds there, and what an item used to be."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.catalogue.cast import LAWFUL, bounded, drafted, in_force
from tests.scoring.cast import LABOUR, RUBBISH
from tests.web import Visitor, told_names
from xiangyue.catalogue.models import Catalogue, Indicator
from xiangyue.catalogue.queries import catalogue_in_force, find_indicator
from xiangyue.catalogue.rules.changes import PointBounds
from xiangyue.catalogue.rules.local import LocalBounds
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Unit

TITLE = re.compile(
    r'<a class="cell" href="/rules/\d+/[^"]*"><span class="grow"><span class="t block">([^<]+)<'
)
ROWS = (
    {"大类": "五美", "板块": "环境", "编号": "1", "指标": "扫雪", "分值": "每小时2", "上限": "每月10分"},
    {"大类": "五美", "板块": "环境", "编号": "2", "指标": "修路、护路", "分值": "1～10", "备注": "带上铁锹"},
    {"板块": "守法", "编号": "3", "指标": "乱贴广告", "分值": "2", "方向": "扣", **LAWFUL},
)


def titles(page: str) -> list[str]:
    return TITLE.findall(page)


def indicator(village: Unit, text: str) -> Indicator:
    return find_indicator(catalogue_in_force(village, clock.today()), text)


@pytest.fixture
def rules(cast: Cast) -> Catalogue:
    return in_force(SYSTEM, cast.village, date(2026, 11, 1), *ROWS)


def asked(visitor: Visitor, cast: Cast, question: str) -> str:
    return visitor.read("/rules/", village=cast.village.code, ask=question)


def test_one_chooses_a_village_first_and_a_villager_need_not(
    cast: Cast, visitor: Visitor, villager: Visitor
) -> None:
    assert "看哪个村的细则" in visitor.read("/rules/")
    page = villager.read("/rules/")
    assert LABOUR in titles(page)
    assert RUBBISH in titles(page)
    assert told_names(page) == []


def test_all_are_told_by_category_with_points_in_words(
    cast: Cast, visitor: Visitor, rules: Catalogue
) -> None:
    page = visitor.read("/rules/", village=cast.village.code)
    assert titles(page) == ["扫雪", "修路、护路", "乱贴广告"]
    for words in ("环境", "五美", "守法", "每小时2分", "每次1～10分", "每次扣2分", "每月10分", "一共3项"):
        assert words in page


@pytest.mark.parametrize(
    ("question", "found", "exact"),
    [
        ("扫雪", ["扫雪"], True),
        ("扫雪能得多少分？", ["扫雪"], True),
        ("saoxue", ["扫雪"], True),
        ("SX", ["扫雪"], True),
        ("铁锹", ["修路、护路"], True),
        ("守法", ["乱贴广告"], True),
        ("3", ["乱贴广告"], True),
        ("帮村里修路", ["修路、护路"], False),
        ("养猫", [], None),
        ("？？", [], None),
    ],
)
def test_what_do_i_get_for(
    cast: Cast, visitor: Visitor, rules: Catalogue, question: str, found: list[str], exact: bool | None
) -> None:
    page = asked(visitor, cast, question)
    assert titles(page) == found
    assert ("没有一样的，这些有点像" in page) == (exact is False)
    assert ("细则里没有找到" in page) == (exact is None)


def test_what_was_typed_is_shown_as_it_was_typed(cast: Cast, visitor: Visitor, rules: Catalogue) -> None:
    page = asked(visitor, cast, "<script>\0" + "长" * 100)
    assert "<script>长" not in page
    assert 'value="&lt;script&gt;长' in page


def test_where_nothing_is_in_force_the_page_says_so(cast: Cast, visitor: Visitor) -> None:
    with clock.as_of(date(2000, 1, 1)):
        page = visitor.read("/rules/", village=cast.village.code)
    assert "还没有施行的细则" in page
    assert 'name="ask"' not in page


def test_an_item_tells_all_that_it_says(cast: Cast, visitor: Visitor, rules: Catalogue) -> None:
    page = visitor.read(f"/rules/{indicator(cast.village, '3').pk}/")
    for words in ("乱贴广告", "每次扣2分", "村规民约第三条", "1年", "改正后满3个月可申请", "扣分只告诉自家"):
        assert words in page
    assert "改过几次" not in page
    assert "去申报" not in page


def test_its_versions_are_told_with_what_changed(cast: Cast, visitor: Visitor, rules: Catalogue) -> None:
    old = indicator(cast.village, "1")
    with clock.as_of(date(2026, 12, 1)):
        in_force(SYSTEM, cast.village, date(2026, 12, 1), {**ROWS[0], "分值": "每小时3", "上限": "每月12分"})
        page = visitor.read(f"/rules/{indicator(cast.village, '1').pk}/")
        before = visitor.read(f"/rules/{old.pk}/")
    told = re.findall(r'<li><span class="nb num">([^<]+)</span><span><b>([^<]+)</b>', page)
    assert told == [("2026年12月1日", "每小时3分"), ("2026年11月1日", "每小时2分")]
    assert "分值：每小时2 → 每小时3" in page
    assert re.search(r"上限：\S*每月10分 → \S*每月12分", page)
    assert "现在不施行了" in before
    assert "现在不施行了" not in page


def test_points_of_the_villages_own_stand_beside_the_frames(cast: Cast, visitor: Visitor) -> None:
    town, village = cast.village.parent, Unit.objects.get(code="440783104220")
    assert town
    frame = in_force(SYSTEM, town, clock.today(), {"编号": "1", "指标": "扫雪", "分值": "8"})
    bounded(frame, LocalBounds(changes=(PointBounds(number="1", low=100, high=2000),)))
    in_force(SYSTEM, village, clock.today(), {"编号": "1", "指标": "扫雪", "分值": "9"}, is_local=True)
    assert titles(visitor.read("/rules/", village=village.code)) == ["扫雪"]
    changed = Indicator.objects.get(changes__catalogue=frame)
    page = visitor.read(f"/rules/{changed.pk}/")
    assert "每次9分" in page
    assert "这是村里自己定的分，上面定的是：每次8分" in page


def test_a_draft_is_nobodys_rule_yet(cast: Cast, visitor: Visitor, villager: Visitor) -> None:
    draft = drafted(SYSTEM, cast.village, {"编号": "1", "指标": "扫雪", "分值": "5"})
    own = draft.indicators.get()
    for reader in (visitor, villager):
        assert reader.get(f"/rules/{own.pk}/").status_code == 404
        assert reader.get("/rules/0/").status_code == 404


def test_who_is_signed_in_goes_on_to_declaring(cast: Cast, visitor: Visitor, villager: Visitor) -> None:
    path = f"/rules/{indicator(cast.village, LABOUR).pk}/"
    link = "我做了，去申报"
    assert link in villager.read(path)
    assert link not in visitor.read(path)
    assert link not in villager.read(f"/rules/{indicator(cast.village, RUBBISH).pk}/")


def test_the_rules_cost_the_same_however_many_there_are(cast: Cast, visitor: Visitor) -> None:
    def queries(path: str) -> int:
        visitor.read(path)
        with CaptureQueriesContext(connection) as caught:
            visitor.read(path)
        return len(caught)

    many = [f"/rules/?village={cast.village.code}{ask}" for ask in ("", "&ask=sl")]
    before = [queries(path) for path in many]
    in_force(SYSTEM, cast.village, date(2026, 11, 1), ROWS[0])
    assert [queries(path) for path in many] == before
