"""Every write on appointments (任职)."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Appointment, Unit
from xiangyue.people.offices import Act, Office
from xiangyue.people.permissions import require
from xiangyue.people.queries import paths_to
from xiangyue.people.refusals import (
    AlreadyAppointed,
    AlreadyEnded,
    EndsBeforeStart,
    LastAdministrator,
    UnknownAppointment,
    UnknownPerson,
    UnknownUnit,
)
from xiangyue.records.operations import log_act
from xiangyue.users.models import User


@transaction.atomic
def appoint(
    *, actor: Actor, user_id: int, office: Office, unit_id: int, since: date, until: date | None = None
) -> Appointment:
    """Appoint someone to an office at a unit. until: the last day, or None until further notice.

    Raises: UnknownUnit, NotAllowed, UnknownPerson, EndsBeforeStart, AlreadyAppointed (terms would overlap).
    """
    unit = Unit.objects.filter(id=unit_id).first()
    if unit is None:
        raise UnknownUnit(unit=unit_id)
    require(actor, Act.MANAGE_PEOPLE, unit)
    user = User.objects.select_for_update(no_key=True).filter(id=user_id, is_active=True).first()
    if user is None:
        raise UnknownPerson(person=user_id)
    if until and until < since:
        raise EndsBeforeStart(since=since, until=until)
    _refuse_overlap(user, Appointment(user=user, office=office, unit=unit, since=since, until=until))
    appointment = Appointment.objects.create(user=user, office=office, unit=unit, since=since, until=until)
    log_act(actor=actor, act="appoint", subject="appointment", subject_ids=[appointment.pk])
    return appointment


@transaction.atomic
def end_appointment(*, actor: Actor, appointment_id: int, until: date) -> Appointment:
    """End an appointment; `until` is its last day. It can be brought forward, but never put off.

    Raises: UnknownAppointment, NotAllowed, EndsBeforeStart, AlreadyEnded, LastAdministrator.
    """
    # Locks in a fixed order: all administrators' terms at once, so that two can't end each other's.
    found = Appointment.objects.filter(id=appointment_id).first()
    if found is None:
        raise UnknownAppointment(appointment=appointment_id)
    term = Q(id=appointment_id)
    if found.office == Office.ADMINISTRATOR:
        term |= Q(office=Office.ADMINISTRATOR)
    locked = Appointment.objects.select_for_update(of=("self",), no_key=True).filter(term).order_by("id")
    appointments = {each.pk: each for each in locked.select_related("unit", "user")}
    appointment = appointments[appointment_id]
    require(actor, Act.MANAGE_PEOPLE, appointment.unit)
    if until < appointment.since:
        raise EndsBeforeStart(since=appointment.since, until=until)
    if appointment.until and appointment.until <= until:
        raise AlreadyEnded(until=appointment.until)
    if found.office == Office.ADMINISTRATOR:
        _refuse_last(appointment, [each for each in appointments.values() if each.pk != appointment_id])
    appointment.until = until
    appointment.save(update_fields=["until"])
    log_act(actor=actor, act="end", subject="appointment", subject_ids=[appointment.pk])
    return appointment


def _refuse_overlap(user: User, new: Appointment) -> None:
    held = Appointment.objects.filter(user=user, office=new.office, unit=new.unit)
    held = held.filter(Q(until=None) | Q(until__gte=new.since))
    if new.until:
        held = held.filter(since__lte=new.until)
    standing = held.first()
    if standing:
        raise AlreadyAppointed(
            name=user.name, office=Office(new.office).label, unit=new.unit.name, since=standing.since
        )


def _refuse_last(ending: Appointment, others: list[Appointment]) -> None:
    """Refuse unless another administrator goes on, without an end, at the same unit or above it."""
    above = set(paths_to(ending.unit))
    if not any(
        other.until is None
        and other.since <= clock.today()
        and other.unit.path in above
        and other.user.is_active
        for other in others
    ):
        raise LastAdministrator(unit=ending.unit.name)
