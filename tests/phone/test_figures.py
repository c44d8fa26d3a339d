"""Figures and ranking, as a villager sees them: sums and masked names, and nothing of anybody's own."""

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.scoring.cast import AFTER, LABOUR, RUBBISH, SWEEPING, VOLUNTEERING, a_deed, noticed, settled
from tests.web import Visitor, told_names
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.masking import mask_name
from xiangyue.kernel.periods import Period
from xiangyue.kernel.points import format_points
from xiangyue.people.models import Household
from xiangyue.people.operations.wishes import set_village_ranking
from xiangyue.people.queries import household_heads
from xiangyue.scoring.models import NoticeLine, ScoringRules

ROW = re.compile(r'<tr><th scope="row">(.*?)</th><td class="n.*?">(.*?)</td><td class="n.*?">(.*?)</td></tr>')
PLACE = re.compile(
    r'<li class="rank.*?"><span class="no">(\d+)</span>.*?<b>(.*?)</b>.*?(\w+)号.*?class="pts plus">(.*?)</b></li>'
)


@pytest.fixture(autouse=True)
def nothing_kept(cast: Cast) -> None:
    cache.clear()


@pytest.fixture
def posted(cast: Cast) -> None:
    """018 earned 8 + 5, lost 10; 004, 013 and 050 earned 8, and 004 15 more. Posted on 2026-11-07."""
    noticed(
        cast.village,
        a_deed(cast.village, "018", "004", "013", "050"),
        a_deed(cast.village, "018", of=SWEEPING),
        a_deed(cast.village, "018", of=RUBBISH),
        a_deed(cast.village, "004", of=VOLUNTEERING),
    )
    settled(cast.village)


def table(page: str) -> dict[str, tuple[str, str]]:
    return {name: (month, year) for name, month, year in ROW.findall(page)}


def places(page: str) -> list[tuple[str, str, str, str]]:
    """Give rank, masked name, number and points of each row."""
    return PLACE.findall(page)


@pytest.mark.usefixtures("posted")
def test_figures_of_the_village_are_the_sums_of_its_lines(cast: Cast, villager: Visitor) -> None:
    with clock.as_of(AFTER):
        page = villager.read("/my/figures/")
    points = NoticeLine.objects.values_list("points", flat=True)
    gain, loss = sum(each for each in points if each > 0), sum(each for each in points if each < 0)
    assert table(page) == {
        "得分": (format_points(gain, signed=True),) * 2,
        "扣分": (format_points(loss, signed=True),) * 2,
        "兑换": ("0", "0"),
        "得过分的户": ("4", "4"),
    }
    households = Household.objects.filter(village=cast.village, left_on=None).count()
    assert f"一共{households}户" in page
    assert f"今年每100户里有{4 * 100 // households}户得过分" in page
    assert f"{cast.indicator(LABOUR).category.name}</p>" in page


@pytest.mark.usefixtures("posted")
def test_a_new_months_figures_begin_anew_and_the_years_stay(villager: Visitor) -> None:
    with clock.as_of(date(2026, 12, 1)):
        told = table(villager.read("/my/figures/"))
    assert told["得分"][0] == "0"
    assert told["得分"][1] != "0"


@pytest.mark.usefixtures("posted")
def test_one_looks_at_the_town_and_the_own_grid_too(cast: Cast, villager: Visitor) -> None:
    with clock.as_of(AFTER):
        town, village, grid = (
            villager.read("/my/figures/", at=level) for level in ("town", "village", "grid")
        )
        assert '<h1 class="fs-4">苍城镇</h1>' in town
        assert "第三网格</h1>" in grid
        assert table(town)["得分"] == table(village)["得分"]
        assert table(villager.read("/my/figures/", at="county")) == table(village)
        for page in (town, village, grid):
            assert told_names(page) == []


def test_before_anything_was_posted_the_page_says_what_to_wait_for(villager: Visitor) -> None:
    assert "今年还没有入账的分" in villager.read("/my/figures/")
    assert "这一年还没有人得分" in villager.read("/my/ranking/")


@pytest.mark.usefixtures("posted")
def test_the_ranking_shares_ranks_and_masks_names(cast: Cast, villager: Visitor) -> None:
    with clock.as_of(AFTER):
        page = villager.read("/my/ranking/")
    heads = {number: household_heads([cast.household(number).pk]) for number in ("004", "013", "050", "018")}
    masked = {number: mask_name(next(iter(names.values()))) for number, names in heads.items()}
    assert places(page) == [
        ("1", masked["004"], "004", "+23"),
        ("2", masked["013"], "013", "+8"),
        ("2", masked["050"], "050", "+8"),
        ("4", masked["018"], "018", "+3"),
    ]
    assert page.count("我家</span>") == 2  # above, and in its place
    assert "田禾生家" in page
    assert told_names(page) == ["田禾生"]


@pytest.mark.usefixtures("posted")
def test_who_wishes_not_to_be_ranked_is_nowhere(cast: Cast, villager: Visitor, neighbour: Visitor) -> None:
    Household.objects.filter(id=cast.household("004").pk).update(is_ranked=False)
    with clock.as_of(AFTER):
        page, own = villager.read("/my/ranking/"), neighbour.read("/my/ranking/")
    assert [(rank, number) for rank, _name, number, _points in places(page)] == [
        ("1", "013"),
        ("1", "050"),
        ("3", "018"),
    ]
    assert places(own) == places(page)
    assert "您家选了不参加排名" in own
    assert "您家选了不参加排名" not in page
    assert "您家这一年还没有得分" not in own


@pytest.mark.usefixtures("posted")
def test_last_year_can_be_looked_at(villager: Visitor) -> None:
    with clock.as_of(date(2027, 2, 1)):
        this, last = villager.read("/my/ranking/"), villager.read("/my/ranking/", year="2026", at="grid")
        assert "这一年还没有人得分" in this
        assert len(places(last)) == 4
        assert "2027年荣誉积分排名" in villager.read("/my/ranking/", year="2020")
        assert places(villager.read("/my/ranking/", page="99", year="2026", at="grid")) == places(last)
        assert "联和村2027年" in villager.read("/my/ranking/", page="x", at="nowhere")


def test_where_nobody_is_ranked_the_page_says_so(villager: Visitor) -> None:
    ScoringRules.objects.update(ranked="")
    assert "这里不排名" in villager.read("/my/ranking/")
    assert "/my/ranking/" not in villager.read("/my/figures/")


def test_where_the_village_wants_no_ranking_the_page_says_so(cast: Cast, villager: Visitor) -> None:
    set_village_ranking(actor=SYSTEM, village_id=cast.village.pk, is_ranked=False)
    page = villager.read("/my/ranking/")
    assert "村里定了不排名" in page
    assert "方案没有定排名" not in page
    assert "/my/ranking/" not in villager.read("/my/figures/")


def test_pages_cost_the_same_for_one_household_and_for_four(cast: Cast, villager: Visitor) -> None:
    def queries(path: str) -> int:
        villager.read(path)
        cache.clear()
        with CaptureQueriesContext(connection) as caught:
            villager.read(path)
        return len(caught)

    with clock.as_of(AFTER):
        noticed(cast.village, a_deed(cast.village, "018"))
    settled(cast.village, on=date(2026, 11, 20))
    with clock.as_of(date(2026, 11, 21)):
        few = [queries(path) for path in ("/my/figures/", "/my/ranking/")]
    with clock.as_of(date(2026, 12, 2)):
        numbers = ("018", "004", "013", "050")
        deeds = (a_deed(cast.village, *numbers, day=date(2026, 11, 3)) for _time in range(5))
        noticed(cast.village, *deeds, period=Period(2026, 11))
    settled(cast.village, on=date(2026, 12, 20))
    with clock.as_of(date(2026, 12, 21)):
        assert len(places(villager.read("/my/ranking/"))) == 4
        assert [queries(path) for path in ("/my/figures/", "/my/ranking/")] == few
