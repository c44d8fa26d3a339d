"""Which judging unit stands above a unit, and who lives below it."""

from typing import Any

import pytest

from tests.cast import Cast
from xiangyue.people.models import Level, Unit
from xiangyue.people.queries import paths_to
from xiangyue.people.refusals import UnknownHousehold
from xiangyue.scoring.models import ScoringRules
from xiangyue.scoring.places import household_below, judging_units


@pytest.mark.parametrize(
    ("level", "found"),
    [
        (Level.VILLAGE, Level.VILLAGE),
        (Level.GRID, Level.GRID),
        (Level.MICRO_GRID, Level.VILLAGE),
        (Level.TOWN, Level.TOWN),
    ],
)
def test_the_judging_unit_is_the_one_above(cast: Cast, level: Level, found: Level) -> None:
    """Where there is none at the level, the village judges."""
    ScoringRules.objects.update(judging_level=level)
    leaf = cast.household("018").unit
    judging = judging_units({leaf.pk})[leaf.pk]
    assert (judging.level, leaf.path.startswith(judging.path)) == (found, True)


def test_all_units_are_found_in_three_queries(cast: Cast, django_assert_num_queries: Any) -> None:
    below = Unit.objects.filter(path__startswith=cast.village.path).values_list("id", flat=True)
    units = set(below)
    with django_assert_num_queries(3):
        assert set(judging_units(units)) == units


def test_a_household_is_found_below_its_village_and_its_grid(cast: Cast) -> None:
    home = cast.household("018")
    grid = Unit.objects.get(path__in=paths_to(home.unit), level=Level.GRID)
    for unit in (cast.village, grid, home.unit):
        assert household_below(unit, " 018 ") == home
    with pytest.raises(UnknownHousehold):
        household_below(grid, "001")
