"""What rooms below have to know of this scheme's rules of scoring."""

from xiangyue.people.models import Level
from xiangyue.scoring.models import ScoringRules


def judging_level() -> Level:
    """Give the level at which this scheme judges and gives notice."""
    return Level(ScoringRules.objects.get().judging_level)
