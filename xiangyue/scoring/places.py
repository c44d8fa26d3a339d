"""Where deeds are judged: which judging unit stands above a unit, and who lives below it."""

from collections.abc import Collection

from xiangyue.people.models import Household, Level, Unit
from xiangyue.people.queries import paths_to
from xiangyue.people.refusals import UnknownHousehold
from xiangyue.scoring.rules import judging_level


def judging_units(unit_ids: Collection[int]) -> dict[int, Unit]:
    """Give the judging units above some units, or themselves, by id, in three queries.

    Of a unit above which there is none (a household that hangs on a village where grid villages judge) it is the
    village.
    """
    units, level = Unit.objects.in_bulk(unit_ids), judging_level()
    ways = {pk: paths_to(unit) for pk, unit in units.items()}
    wanted = {path for way in ways.values() for path in way}
    above = {
        each.path: each for each in Unit.objects.filter(path__in=wanted, level__in={level, Level.VILLAGE})
    }
    found = {}
    for pk, way in ways.items():
        standing = [above[path] for path in way if path in above]
        judging = [each for each in standing if each.level == level]
        found[pk] = (judging or standing or [units[pk]])[-1]
    return found


def household_below(unit: Unit, number: str) -> Household:
    """Find a household by its number in a village or in a part of one. Raises: UnknownHousehold."""
    living = Household.objects.select_related("unit", "village").filter(left_on=None)
    found = living.filter(unit__path__startswith=unit.path, number=number.strip()).first()
    if found is None:
        raise UnknownHousehold(number=number, village=unit.name)
    return found
