"""A simulated year of each of the five jurisdictions; the auditor looks at the end of every month."""

import pytest

from tests.rhythm.conftest import Founding
from tests.rhythm.lives import holds_its_rhythm, ranking
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Household
from xiangyue.redemption.models import Order
from xiangyue.scoring.models import ScoringRules
from xiangyue.setup.demo.places import PLACES

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("slug", PLACES)
def test_a_year_in_its_own_rhythm(founding: Founding, slug: str) -> None:
    lived = founding.settled(slug, first=Period(2026, 1), months=12, households=18)
    with lived.inside() as unit:
        lived.live()
        holds_its_rhythm(lived, unit)
        ranked = ranking(unit)
        assert len(ranked) == Household.objects.count() == 18
        assert ranked[0][0] > ranked[-1][0]  # the year tells households apart
        sold = {Period.of(day) for day in Order.objects.values_list("sold_on", flat=True)}
        if ScoringRules.objects.get().redeemed:
            assert {period.month for period in sold} <= {3, 6, 9, 12}
        assert len(sold) > 2
