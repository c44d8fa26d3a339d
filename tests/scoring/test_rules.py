import pytest

from tests.cast import Cast
from xiangyue.people.models import Level, Unit
from xiangyue.people.refusals import UnknownUnit
from xiangyue.scoring.models import ScoringRules
from xiangyue.scoring.refusals import NotAJudgingUnit
from xiangyue.scoring.rules import judging_unit_by_code

OTHER = "440783104220"  # a village in which nobody lives


@pytest.fixture
def by_grid(cast: Cast) -> Cast:
    """The cast's scheme judges by grids, as xihaian judges by grid villages."""
    ScoringRules.objects.update(judging_level=Level.GRID)
    return cast


def test_in_most_schemes_the_village_judges(cast: Cast) -> None:
    assert judging_unit_by_code(cast.village.code) == cast.village
    grid = cast.household("018").unit
    with pytest.raises(NotAJudgingUnit):
        judging_unit_by_code(grid.code)


def test_where_a_lower_unit_judges_it_does_for_all_below_it(by_grid: Cast) -> None:
    grid = Unit.objects.get(path__startswith=by_grid.village.path, name="第三网格")
    assert judging_unit_by_code(grid.code) == grid
    with pytest.raises(NotAJudgingUnit):
        judging_unit_by_code(by_grid.village.code)


def test_a_village_without_lower_units_judges_itself(by_grid: Cast) -> None:
    village = Unit.objects.get(code=OTHER)
    assert judging_unit_by_code(OTHER) == village


def test_what_lies_above_never_judges(cast: Cast) -> None:
    with pytest.raises(NotAJudgingUnit):
        judging_unit_by_code(Unit.objects.get(parent=None).code)
    with pytest.raises(UnknownUnit):
        judging_unit_by_code("999999999999")
