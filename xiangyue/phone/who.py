"""What somebody holds, in words."""

from xiangyue.people.models import Appointment, Level
from xiangyue.people.offices import Office
from xiangyue.people.queries import in_force
from xiangyue.people.register import Register
from xiangyue.users.models import User


def offices_in_words(user: User) -> list[dict[str, str]]:
    """Give the offices that a user holds today, as the place calls them, the highest first; two queries."""
    held = (
        Appointment.objects.filter(in_force(), user=user).select_related("unit").order_by("unit__path", "id")
    )
    register = Register()
    return [
        {"title": register.title(Office(each.office), Level(each.unit.level)), "unit": each.unit.name}
        for each in held
    ]
