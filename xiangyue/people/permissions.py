"""Who may do what where. Every room asks here; appointments alone give the answer (`offices.GRANTS`)."""

from datetime import date

from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.people.models import Appointment, Unit
from xiangyue.people.offices import Act, offices_that_grant
from xiangyue.people.queries import in_force, paths_to
from xiangyue.people.refusals import NotAllowed

__all__ = ["NotAllowed", "may", "require"]


def may(actor: Actor, act: Act, unit: Unit, on: date | None = None) -> bool:
    """Tell whether the actor may do this at the unit on a day (today), in one query.

    An appointment at the unit or above it allows its office's acts while it lasts. The system may do
    everything; a card opens a household's own pages and allows no staff's act.
    """
    if actor.kind is ActorKind.SYSTEM:
        return True
    if actor.kind is not ActorKind.USER:
        return False
    return Appointment.objects.filter(
        in_force(on), user_id=actor.id, office__in=offices_that_grant(act), unit__path__in=paths_to(unit)
    ).exists()


def require(actor: Actor, act: Act, unit: Unit) -> None:
    """Insist that the actor may do this at the unit today. Raises: NotAllowed."""
    if not may(actor, act, unit):
        raise NotAllowed(act=act.label, unit=unit.name)
