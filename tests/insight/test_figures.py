"""Figures of a grid, a village and a town, beside what the ledger's own rows say."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache

from tests.auditor.month import OCTOBER, RELEASED, first_line
from tests.insight import sums
from tests.insight.filling import fill
from tests.ledger.book import queries_of
from xiangyue.insight.figures import FEWEST, Figures, figures_of, read_figures, scopes_of
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.ledger.models import Cause, Transfer
from xiangyue.people.models import Household, Level, Unit
from xiangyue.people.queries import paths_to
from xiangyue.redemption.models import Order
from xiangyue.scoring.operations.appeals import ReversalReason, reverse_posting


def must_fit(found: Figures, unit: Unit, where: str) -> None:
    """Compare all figures of a unit with the ledger."""
    today = clock.today()
    for stretch, redeemed, first, name in (
        (found.month, found.redeemed_month, today.replace(day=1), "month"),
        (found.year, found.redeemed_year, today.replace(month=1, day=1), "year"),
    ):
        days = (unit, first, today)
        assert [(stretch.gain, stretch.loss)] == sums.asked(sums.TOTALS, *days, where)
        assert [(stretch.households,)] == sums.asked(sums.TOOK_PART, *days, f"{where} AND {sums.LIVES}")
        assert [(redeemed,)] == sums.asked(sums.REDEEMED, *days)
        by_category = {row[0]: row[1:] for row in sums.asked(sums.BY_CATEGORY, *days, where)}
        told = {each.name: getattr(each, name) for each in found.categories}
        some = {name: (each.gain or None, each.loss or None) for name, each in told.items()}
        assert {name: sums_ for name, sums_ in some.items() if any(sums_)} == by_category


def test_they_are_what_the_ledger_says(month: Unit) -> None:
    """Also of lines that were held and released, corrected, or taken back, and whatever else a ledger lives through."""
    town = month.parent
    assert town
    for unit in (month, town):
        found = read_figures(unit, clock.today())
        must_fit(found, unit, sums.HUNG)
        assert found.month.gain > 0 > found.month.loss
        assert 0 < found.month.households <= found.year.households <= found.households
        assert found.redeemed_year > 0
    grids = Unit.objects.filter(parent=month, level=Level.GRID)
    assert grids
    for grid in grids:
        must_fit(read_figures(grid, clock.today()), grid, sums.LIVES)


def test_what_is_taken_back_counts_no_more(month: Unit) -> None:
    before = read_figures(month, clock.today())
    line = first_line(month, RELEASED)
    order = Order.objects.filter(household__number=RELEASED).earliest("id")
    settled = Transfer.objects.get(line=line.pk, batch__cause=Cause.SETTLEMENT)
    assert order.batch_id
    for batch, number in ((settled.batch_id, line.pk), (order.batch_id, order.pk)):
        reverse_posting(
            actor=SYSTEM, batch_id=batch, line=number, reason=ReversalReason.APPEAL, key=f"undo:{batch}"
        )
    after = read_figures(month, clock.today())
    assert before.year.gain - after.year.gain == line.points > 0
    assert before.redeemed_year - after.redeemed_year == order.total
    must_fit(after, month, sums.HUNG)


def test_what_is_on_notice_does_not_count_yet(month: Unit) -> None:
    with clock.as_of(OCTOBER.last):
        assert (
            read_figures(month, clock.today()).month.gain < read_figures(month, date(2026, 11, 30)).year.gain
        )
    fill(month, Household.objects.get(village=month, number="038"), pending=5)
    must_fit(read_figures(month, clock.today()), month, sums.HUNG)


def test_a_new_year_begins_at_nothing(month: Unit) -> None:
    found = read_figures(month, date(2027, 1, 5))
    assert (found.year.gain, found.year.households, found.redeemed_year, found.categories) == (0, 0, 0, [])
    assert found.is_told


def test_of_very_few_households_nothing_is_told(month: Unit) -> None:
    grid = Unit.objects.filter(parent=month, level=Level.GRID)[0]
    some = Household.objects.filter(unit__path__startswith=grid.path, left_on=None)
    stay = list(some.values_list("id", flat=True)[: FEWEST - 1])
    some.exclude(id__in=stay).update(left_on=clock.today())
    found = read_figures(grid, clock.today())
    assert (found.is_told, found.households) == (False, FEWEST - 1)
    assert (found.categories, found.year.gain, found.redeemed_year) == ((), 0, 0)


@pytest.mark.parametrize(("level", "queries"), [(Level.TOWN, 3), (Level.VILLAGE, 3), (Level.GRID, 4)])
def test_a_towns_figures_cost_as_many_queries_as_a_villages(month: Unit, level: Level, queries: int) -> None:
    near = Unit.objects.filter(path__startswith=month.path, level=level).first()
    unit = near or Unit.objects.get(level=level, path__in=paths_to(month))
    assert queries_of(lambda: read_figures(unit, clock.today())) == queries


def test_figures_are_kept_for_an_hour_and_then_counted_by_one(month: Unit) -> None:
    cache.clear()
    noon = clock.noon(clock.today())
    with clock.as_of(noon):
        before = figures_of(month)
        fill(month, Household.objects.get(village=month, number="038"), posted=5)
        assert figures_of(month) == before
    with clock.as_of(noon + timedelta(hours=2)):
        fresh = figures_of(month)
        assert fresh.at >= noon + timedelta(hours=2)
        assert fresh.year.gain == before.year.gain + 5 * 5000
    with clock.as_of(noon + timedelta(hours=4)):  # somebody else has begun to count
        assert figures_of(month) == fresh
    cache.clear()
    with clock.as_of(noon + timedelta(hours=4)):
        assert figures_of(month).at >= noon + timedelta(hours=4)
    cache.clear()


def test_one_may_look_at_the_town_the_village_and_ones_grid(month: Unit) -> None:
    household = Household.objects.select_related("unit").get(village=month, number=RELEASED)
    levels = [unit.level for unit in scopes_of(household)]
    assert levels == [Level.TOWN, Level.VILLAGE, Level.GRID]
    assert all(unit.contains(household.unit) for unit in scopes_of(household))
