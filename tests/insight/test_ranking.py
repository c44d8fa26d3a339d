"""The yearly ranking, beside what the ledger's own rows say."""

from datetime import date

import pytest

from tests.auditor.month import CORRECTED, RELEASED, first_line
from tests.insight import sums
from tests.insight.filling import fill
from tests.ledger.book import queries_of
from xiangyue.catalogue.rules.standing import ranking as ranks_of
from xiangyue.insight import ranking
from xiangyue.insight.ranking import Place, Ranking, is_ranked_in, ranking_of, rankings_of
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.masking import mask_name
from xiangyue.ledger.models import Cause, Transfer
from xiangyue.people.models import FormerPlace, Household, Level, Unit
from xiangyue.people.queries import household_heads
from xiangyue.scoring.models import ScoringRules
from xiangyue.scoring.operations.appeals import ReversalReason, reverse_posting

YEAR = 2026


def of(village: Unit, number: str) -> Household:
    return Household.objects.select_related("unit", "village").get(
        village=village, number=number, left_on=None
    )


def ranked(unit: Unit, household: Household, *, year: int = YEAR) -> list[Place]:
    """Give all pages together."""
    pages = ranking_of(unit, year, household=household).pages
    found = [ranking_of(unit, year, household=household, page=page + 1) for page in range(pages)]
    return [place for page in found for place in page.places]


def earned(unit: Unit, year: int = YEAR) -> dict[str, int]:
    rows = sums.asked(sums.EARNED, unit, date(year, 1, 1), date(year, 12, 31))
    return {number: points for number, points in rows if points > 0}


def must_fit(places: list[Place], points: dict[str, int]) -> None:
    """Compare a ranking with points by number, ranked by the catalogue's own arithmetic."""
    numbers = {number: place for place, number in enumerate(points)}
    ranks = ranks_of({numbers[number]: value for number, value in points.items()})
    assert {place.number: (place.points, place.rank) for place in places} == {
        number: (value, ranks[numbers[number]]) for number, value in points.items()
    }
    assert [place.rank for place in places] == sorted(place.rank for place in places)


def test_it_is_what_the_ledger_says(month: Unit) -> None:
    household = of(month, RELEASED)
    points = earned(month)
    assert len(points) > 20
    assert len(set(points.values())) < len(points)  # some share a rank
    must_fit(ranked(month, household), points)
    for grid in rankings_of(household):
        must_fit(ranked(grid, household), earned(grid))
    assert [unit.level for unit in rankings_of(household)] == [Level.VILLAGE, Level.GRID]


def test_names_are_masked_and_the_own_place_is_marked(month: Unit) -> None:
    household = of(month, RELEASED)
    found = ranked(month, household)
    heads = {
        each.number: household_heads([each.pk])[each.pk]
        for each in Household.objects.filter(village=month, left_on=None)
    }
    assert all(place.masked_name == mask_name(heads[place.number]) for place in found)
    assert [place.number for place in found if place.is_own] == [RELEASED]


def test_what_was_taken_back_was_not_earned(month: Unit) -> None:
    line = first_line(month, RELEASED)
    before = earned(month)
    settled = Transfer.objects.get(line=line.pk, batch__cause=Cause.SETTLEMENT)
    reverse_posting(
        actor=SYSTEM, batch_id=settled.batch_id, line=line.pk, reason=ReversalReason.APPEAL, key="undo"
    )
    after = earned(month)
    assert before[RELEASED] - after.get(RELEASED, 0) == line.points
    must_fit(ranked(month, of(month, RELEASED)), after)


def test_who_wishes_not_to_be_ranked_is_left_out_and_shifts_nobody(month: Unit) -> None:
    points = earned(month)
    first = max(points, key=lambda number: points[number])
    Household.objects.filter(village=month, number=first).update(is_ranked=False)
    others = {number: value for number, value in points.items() if number != first}
    must_fit(ranked(month, of(month, RELEASED)), others)
    own = ranking_of(month, YEAR, household=of(month, first))
    assert (own.own, own.is_ranked, own.households) == (None, False, len(others))
    assert ranking_of(month, YEAR, household=of(month, RELEASED)).is_ranked


def test_who_earned_nothing_or_lost_is_not_listed(month: Unit) -> None:
    rows = sums.asked(sums.EARNED, month, date(YEAR, 1, 1), date(YEAR, 12, 31))
    losers = [number for number, points in rows if points <= 0]
    assert losers
    listed = {place.number for place in ranked(month, of(month, RELEASED))}
    assert listed.isdisjoint(losers)
    assert ranking_of(month, YEAR, household=of(month, losers[0])).own is None


def test_pages_hold_everybody_once_and_the_own_place_is_told_on_each(
    month: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    household = of(month, RELEASED)
    whole = ranked(month, household)
    monkeypatch.setattr(ranking, "PAGE", 7)
    found = [ranking_of(month, YEAR, household=household, page=page) for page in (1, 2, 3)]
    assert [len(page.places) for page in found] == [7, 7, 7]
    assert [(each.number, each.rank) for page in found for each in page.places] == [
        (each.number, each.rank) for each in whole[:21]
    ]
    (own,) = (place for place in whole if place.is_own)
    for page in found:
        assert page.own
        assert (page.own.number, page.own.rank, page.households) == (RELEASED, own.rank, len(whole))
        assert page.own.page == [each.number for each in whole].index(RELEASED) // 7 + 1
        assert page.pages == -(-len(whole) // 7)
    beyond = ranking_of(month, YEAR, household=household, page=99)
    assert (beyond.places, beyond.households) == ([], len(whole))


def test_a_household_brings_along_what_it_earned_in_the_year_before_it_moved(month: Unit) -> None:
    elsewhere = Unit.objects.get(code="440783104221")
    moving = of(month, RELEASED)
    points = earned(month)[RELEASED]
    FormerPlace.objects.create(
        household=moving, unit=moving.unit, village=month, number="018", until=clock.today()
    )
    Household.objects.filter(id=moving.pk).update(village=elsewhere, unit=elsewhere, number="777")
    found = ranked(elsewhere, of(elsewhere, "777"))
    assert [(place.number, place.points, place.rank) for place in found] == [("777", points, 1)]
    assert RELEASED not in {place.number for place in ranked(month, of(month, CORRECTED))}


def test_another_year_is_another_ranking(month: Unit) -> None:
    household = of(month, "038")
    with clock.as_of(date(2027, 3, 1)):
        fill(month, household, posted=2)
        must_fit(ranked(month, household, year=2027), {"038": 10_000})
        must_fit(ranked(month, household), earned(month))
    empty = ranking_of(month, 2025, household=household)
    assert (empty.places, empty.own, empty.households, empty.pages) == ([], None, 0, 1)


def test_a_scheme_may_leave_it_out(month: Unit) -> None:
    assert is_ranked_in(month)
    ScoringRules.objects.update(ranked="")
    assert not is_ranked_in(month)


def test_a_village_may_leave_it_out(month: Unit) -> None:
    month.is_ranked = False
    assert not is_ranked_in(month)


def test_it_costs_as_many_queries_for_one_as_for_all(month: Unit) -> None:
    household = of(month, "038")

    def rank(year: int) -> Ranking:
        return ranking_of(month, year, household=household)

    with clock.as_of(date(2027, 3, 1)):
        fill(month, household, posted=1)
        assert len(rank(2027).places) == 1
        assert queries_of(lambda: rank(2027)) == queries_of(lambda: rank(YEAR))
