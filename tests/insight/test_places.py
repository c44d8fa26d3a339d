import pytest

from tests.cast import Cast
from tests.ledger.book import queries_of
from xiangyue.insight.places import places
from xiangyue.kernel import clock
from xiangyue.people.models import Household, Unit
from xiangyue.tenancy.models import Jurisdiction


def test_each_jurisdiction_is_told_in_its_own_figures(
    founded: Jurisdiction, peopled: Jurisdiction, db: None
) -> None:
    found = {place.jurisdiction.slug: place for place in places()}
    for jurisdiction, households in ((founded, 0), (peopled, 62)):
        place = found[jurisdiction.slug]
        assert (place.town_count, place.village_count, place.household_count) == (1, 13, households)
        assert [domain.domain for domain in place.jurisdiction.domains.all()] == [
            f"{jurisdiction.slug}.localhost"
        ]


def test_it_does_not_matter_from_where_one_looks(county: Jurisdiction, peopled: Jurisdiction) -> None:
    assert not Household.objects.exists()
    found = {place.jurisdiction.slug: place.household_count for place in places()}
    assert (found[county.slug], found[peopled.slug]) == (0, 62)
    Unit.objects.filter(level="village").update(level="town")
    assert {place.village_count for place in places() if place.jurisdiction == county} == {0}


def test_what_ended_and_who_left_is_not_counted(peopled: Jurisdiction, cast: Cast) -> None:
    Unit.objects.filter(id=cast.village.pk).update(until=clock.today())
    Household.objects.filter(id=cast.household("018").pk).update(left_on=clock.today())
    (place,) = (each for each in places() if each.jurisdiction == peopled)
    assert (place.town_count, place.village_count, place.household_count) == (1, 12, 61)


@pytest.mark.usefixtures("founded", "db")
def test_many_cost_as_many_queries_as_one(peopled: Jurisdiction) -> None:
    def look() -> None:
        for place in places():
            list(place.jurisdiction.domains.all())

    many = queries_of(look)
    Jurisdiction.objects.exclude(pk=peopled.pk).delete()
    assert queries_of(look) == many
    assert [place.jurisdiction for place in places()] == [peopled]


@pytest.mark.usefixtures("db")
def test_there_may_be_none_yet() -> None:
    Jurisdiction.objects.all().delete()
    assert places() == []
