"""What others have to know of this scheme's rules of scoring: at which level it judges."""

from xiangyue.people.models import Level, Unit
from xiangyue.people.queries import unit_by_code
from xiangyue.scoring.models import ScoringRules
from xiangyue.scoring.refusals import NotAJudgingUnit


def judging_level() -> Level:
    """Give the level at which this scheme judges and gives notice."""
    return Level(ScoringRules.objects.get().judging_level)


def judging_unit_by_code(code: str) -> Unit:
    """Find the unit that judges, by its code: a village, or what the scheme has below one (网格村).

    Raises: UnknownUnit, NotAJudgingUnit.
    """
    unit, level = unit_by_code(code), judging_level()
    if unit.level != level and not (unit.level == Level.VILLAGE and _judges_itself(unit, level)):
        raise NotAJudgingUnit(unit=unit.name, level=level.label)
    return unit


def _judges_itself(village: Unit, level: Level) -> bool:
    return not Unit.objects.filter(path__startswith=village.path, level=level, until=None).exists()
