"""Each of the five ready schemes can be declared in: its lists open, and so does the form of whatever is open."""

from collections.abc import Iterator

import pytest

from tests.phone.declaring import CLOSED, LINK
from tests.rhythm.conftest import Founding
from tests.web import with_card
from xiangyue.kernel import clock
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Household
from xiangyue.phone.declaring import choices_for
from xiangyue.records import storage
from xiangyue.setup.demo.places import PLACES

FIRST = Period(2026, 10)


@pytest.fixture
def founding(db: None) -> Iterator[Founding]:
    made = Founding()
    yield made
    for schema in made.schemas:
        storage.drop_all(schema)


@pytest.mark.slow
@pytest.mark.parametrize("slug", PLACES)
def test_the_lists_of_a_ready_scheme_open(founding: Founding, slug: str) -> None:
    lived = founding.settled(slug, first=FIRST, months=1)
    with lived.inside() as unit, clock.as_of(FIRST.last):
        home = Household.objects.filter(unit__path__startswith=unit.path).order_by("number")[5]
        villager = with_card(lived.jurisdiction, home)
        found: dict[str, str] = {}
        closed: list[tuple[str, str]] = []
        choices = choices_for(home)
        for choice in choices:
            page = villager.read("/my/declare/", category=str(choice.position))
            found |= {title: url for url, title in LINK.findall(page)}
            closed += CLOSED.findall(page)
        listed = sum(len(choice.indicators) for choice in choices)
        assert len(found) + len(closed) == listed >= 25
        assert all(why for _title, why in closed)
        if slug == "changshan":  # there the group leader brings everything
            assert not found
            assert {why.partition("来报")[0] for _title, why in closed} >= {"由联户长", "由村级网格长"}
        else:
            assert len(found) > len(closed)
        for url in list(found.values())[:: max(1, len(found) // 6)]:
            assert "提交申报" in villager.read(url)
