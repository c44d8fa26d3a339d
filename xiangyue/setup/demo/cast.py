"""Who acts in a judging unit of the demo on a day, read from the appointments in force."""

from collections import defaultdict
from dataclasses import dataclass

from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Appointment, Body, Household, Resident, Unit
from xiangyue.people.offices import Office
from xiangyue.people.queries import in_force, paths_to
from xiangyue.people.register import body_of


@dataclass(frozen=True)
class Cast:
    """unit: that judges. households: of it, by number, with their units. members: of each, by household id."""

    unit: Unit
    households: list[Household]
    members: dict[int, list[Resident]]
    held: list[Appointment]

    def all(self, office: Office, body: Body | None = None) -> list[Actor]:
        """Give everyone who holds an office at the unit or above it, or sits in a body, in the order of the terms."""
        above = set(paths_to(self.unit))
        found = [
            each.user_id
            for each in self.held
            if each.office == office and each.unit.path in above and body in (None, body_of(each))
        ]
        return [Actor.user(user_id) for user_id in dict.fromkeys(found)]

    def one(self, office: Office) -> Actor:
        """Give whoever holds an office that the demo fills; the nearest to the unit."""
        above = [
            each for each in self.held if each.office == office and self.unit.path.startswith(each.unit.path)
        ]
        return Actor.user(max(above, key=lambda each: len(each.unit.path)).user_id)

    def leaders(self) -> dict[Actor, list[Household]]:
        """Give the grid leaders below the unit, or else its own, each with the households of their grid."""
        grids = [each for each in self.held if each.office == Office.GRID_LEADER]
        below = [each for each in grids if each.unit.path != self.unit.path and self.unit.contains(each.unit)]
        found: dict[Actor, list[Household]] = defaultdict(list)
        own = [each for each in grids if each.unit.path == self.unit.path]
        for each in below or own[:1]:
            living = [home for home in self.households if home.unit.path.startswith(each.unit.path)]
            found[Actor.user(each.user_id)] += living
        return dict(found)

    def own_leaders(self) -> list[Actor]:
        """Give the unit's own grid leaders."""
        return [
            Actor.user(each.user_id)
            for each in self.held
            if each.office == Office.GRID_LEADER and each.unit.path == self.unit.path
        ]


def cast_of(unit: Unit) -> Cast:
    """Read who acts in a judging unit today, and who lives there."""
    households = list(
        Household.objects.filter(unit__path__startswith=unit.path, left_on=None)
        .select_related("unit__parent", "village")
        .order_by("number")
    )
    members: dict[int, list[Resident]] = defaultdict(list)
    for resident in Resident.objects.filter(household__in=households, left_on=None).order_by("id"):
        members[resident.household_id].append(resident)
    here = Appointment.objects.filter(in_force(), unit__path__startswith=unit.path)
    above = Appointment.objects.filter(in_force(), unit__path__in=paths_to(unit))
    held = (here | above).select_related("unit", "user").order_by("id")
    return Cast(unit, households, dict(members), list(held))
