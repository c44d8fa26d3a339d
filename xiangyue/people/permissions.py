"""Who may do what where. Every room asks here; appointments alone give the answer (`offices.GRANTS`)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, QuerySet

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.people.models import Appointment, Unit
from xiangyue.people.offices import Act, Office, offices_that_grant
from xiangyue.people.queries import in_force, paths_to
from xiangyue.people.refusals import NotAllowed

__all__ = ["NotAllowed", "may", "require", "require_everywhere", "units_where"]


def may(actor: Actor, act: Act, unit: Unit, on: date | None = None) -> bool:
    """Tell whether the actor may do this at the unit on a day (today), in one query.

    An appointment at the unit or above it allows its office's acts while it lasts, and while the unit it names
    does. The system may do everything; a card opens a household's own pages and allows no staff's act.
    """
    if actor.kind is ActorKind.SYSTEM:
        return True
    if actor.kind is not ActorKind.USER:
        return False
    return _granting(actor, act, on).filter(unit__path__in=paths_to(unit)).exists()


def require(actor: Actor, act: Act, unit: Unit, *, of: Collection[Office] | None = None) -> Actor:
    """Insist that the actor may do this at the unit today; give the actor with the office that allows it.

    Of several offices the nearest to the unit. of: only these offices count, where an act goes from one to the next.
    In one query. Raises: NotAllowed.
    """
    if actor.kind is ActorKind.SYSTEM:
        return actor
    if actor.kind is ActorKind.USER:
        granting = _granting(actor, act, None).filter(unit__path__in=paths_to(unit))
        granting = granting if of is None else granting.filter(office__in=of)
        nearest = granting.order_by("-unit__path", "id").values_list("office", "unit_id").first()
        if nearest:
            office, place = nearest
            return replace(actor, office=office, place=place)
    raise NotAllowed(act=act.label, unit=unit.name)


@dataclass(frozen=True, slots=True)
class Held:
    """An office that somebody holds at a unit."""

    office: Office
    unit: Unit


def offices_at(actor: Actor, act: Act, unit: Unit) -> list[Held]:
    """Give the offices by which the actor may do this today at a unit, above it, or anywhere below it.

    Those nearest to the leaves first; in one query. The system holds none.
    """
    if actor.kind is not ActorKind.USER:
        return []
    there = Q(unit__path__in=paths_to(unit)) | Q(unit__path__startswith=unit.path)
    held = _granting(actor, act, None).filter(there).select_related("unit").order_by("-unit__path", "id")
    return [Held(Office(each.office), each.unit) for each in held]


def units_where(actor: Actor, act: Act, on: date | None = None) -> QuerySet[Unit]:
    """Give the units where the actor may do this on a day (today): exactly those for which `may` says yes.

    For lists: one query for the actor's appointments, then one that goes by the index on paths. It can stand in
    another query: `Household.objects.filter(unit__in=units_where(actor, Act.READ_HOUSEHOLDS))`.
    """
    if actor.kind is ActorKind.SYSTEM:
        return Unit.objects.all()
    if actor.kind is not ActorKind.USER:
        return Unit.objects.none()
    below = Q(pk__in=())
    for path in _granting(actor, act, on).values_list("unit__path", flat=True).distinct():
        below |= Q(path__startswith=path)
    return Unit.objects.filter(below)


def require_everywhere(actor: Actor, act: Act, units: QuerySet[Unit]) -> Actor:
    """Insist that the actor may do this at each of the units today; give the actor with the office for the first one.

    In a constant number of queries. Raises: NotAllowed, naming one.
    """
    elsewhere = units.exclude(pk__in=units_where(actor, act).values("pk")).order_by("path").first()
    if elsewhere:
        raise NotAllowed(act=act.label, unit=elsewhere.name)
    first = units.order_by("path").first()
    return require(actor, act, first) if first else actor


def _granting(actor: Actor, act: Act, on: date | None) -> QuerySet[Appointment]:
    """Give the actor's appointments that allow an act on a day. One at a unit that has ended allows nothing."""
    lasting = Q(unit__until=None) | Q(unit__until__gte=on or clock.today())
    return Appointment.objects.filter(
        in_force(on), lasting, user_id=actor.id, office__in=offices_that_grant(act)
    )
