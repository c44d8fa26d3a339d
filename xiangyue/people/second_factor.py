"""Whom a second factor is demanded of when they sign in."""

from typing import Final

from django.db.models import Q

from xiangyue.people.models import Appointment, Level
from xiangyue.people.offices import Office
from xiangyue.people.queries import in_force
from xiangyue.users.models import User

# Who holds an office of a county or a town, wherever it is held, and who holds any office at such a unit.
_OFFICES: Final = (Office.ADMINISTRATOR, Office.DEPARTMENT, Office.TOWN_OFFICIAL)
_LEVELS: Final = (Level.CITY, Level.COUNTY, Level.TOWN)


def needs_second_factor(user: User) -> bool:
    """Tell whether a user holds an office of a county or a town today, so that a password alone is not enough."""
    high = Q(unit__level__in=_LEVELS) | Q(office__in=_OFFICES)
    return Appointment.objects.filter(in_force(), high, user=user).exists()
