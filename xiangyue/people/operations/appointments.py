"""Every write on appointments (任职).

Locks in a fixed order: the unit, the user, then appointments by id. All administrators' terms are locked at once, so
that two can't end each other's.
"""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Appointment, Body, Capacity, Level, Unit
from xiangyue.people.office_refusals import AfterUnitEnds, HandsToSelf, OfficeNotHere, OfficesClash, WrongBody
from xiangyue.people.offices import Act, Office, clashing_with
from xiangyue.people.operations.units import locked_unit
from xiangyue.people.permissions import require, require_everywhere
from xiangyue.people.queries import paths_to
from xiangyue.people.refusals import (
    AlreadyAppointed,
    AlreadyEnded,
    EndsBeforeStart,
    LastAdministrator,
    UnknownAppointment,
    UnknownPerson,
)
from xiangyue.people.register import BODIES, DAY, Register, body_of
from xiangyue.records.operations import log_act
from xiangyue.users.models import User


@transaction.atomic
def appoint(
    *,
    actor: Actor,
    user_id: int,
    office: Office,
    unit_id: int,
    since: date,
    until: date | None = None,
    body: Body | None = None,
    capacity: Capacity | None = None,
) -> Appointment:
    """Appoint someone to an office at a unit.

    until: the last day; without it, that of a turn where the register says how long one lasts, or none.
    body, capacity: of a member of a committee or council, where they sit and for whom; a body need not be named
    where the office has only one.
    Raises: UnknownUnit, NotAllowed, UnknownPerson, OfficeNotHere, WrongBody, EndsBeforeStart, AfterUnitEnds,
    AlreadyAppointed (terms would overlap), OfficesClash.
    """
    unit = locked_unit(unit_id)
    actor = require(actor, Act.MANAGE_PEOPLE, unit)
    user = _locked_user(user_id)
    new = Appointment(user=user, office=office, unit=unit, since=since, until=until)
    new.body, new.capacity = _seat(office, body, capacity)
    return _begin(actor, new)


@transaction.atomic
def hand_over(
    *, actor: Actor, appointment_id: int, user_id: int, on: date, until: date | None = None
) -> Appointment:
    """Hand an office over to somebody else, who holds it from a day on; the holder's last day is the one before.

    For turns, and for replacing a holder. The new term is at the same unit, in the same body and capacity; `until`
    is as in `appoint`. A term that ends earlier anyway stays as it is.
    Raises: UnknownAppointment, NotAllowed, UnknownPerson, HandsToSelf, LastAdministrator; what `appoint` raises
    about the new term.
    """
    found = Appointment.objects.filter(id=appointment_id).first()
    if found is None:
        raise UnknownAppointment(appointment=appointment_id)
    unit = locked_unit(found.unit_id)
    actor = require(actor, Act.MANAGE_PEOPLE, unit)
    user = _locked_user(user_id)
    terms = _locked_terms(Q(id=appointment_id), with_administrators=found.office == Office.ADMINISTRATOR)
    old = terms.pop(appointment_id)
    if old.user_id == user_id:
        raise HandsToSelf(name=user.name)
    last_day = on - DAY
    if last_day < old.since:
        raise EndsBeforeStart(since=old.since, until=last_day)
    if old.until is None or old.until > last_day:
        if old.office == Office.ADMINISTRATOR and until:
            _refuse_last(old, terms.values())
        _end(actor, [old], last_day)
    new = Appointment(user=user, office=old.office, unit=unit, since=on, until=until)
    new.body, new.capacity = old.body, old.capacity
    return _begin(actor, new)


@transaction.atomic
def seat_member(
    *, actor: Actor, appointment_id: int, body: Body | None = None, capacity: Capacity | None
) -> Appointment:
    """Write down in which body a member sits, and for whom; a roster says only that they are a member.

    Raises: UnknownAppointment, NotAllowed, UnknownPerson (switched off), WrongBody, AlreadyAppointed (to that body).
    """
    found = Appointment.objects.filter(id=appointment_id).select_related("unit").first()
    if found is None:
        raise UnknownAppointment(appointment=appointment_id)
    actor = require(actor, Act.MANAGE_PEOPLE, found.unit)
    _locked_user(found.user_id)
    appointment = _locked_terms(Q(id=appointment_id), with_administrators=False)[appointment_id]
    appointment.body, appointment.capacity = _seat(Office(appointment.office), body, capacity)
    _refuse_overlap(appointment)
    appointment.save(update_fields=["body", "capacity"])
    log_act(actor=actor, act="seat", subject="appointment", subject_ids=[appointment.pk])
    return appointment


@transaction.atomic
def end_appointment(*, actor: Actor, appointment_id: int, until: date) -> Appointment:
    """End an appointment; `until` is its last day. It can be brought forward, but never put off.

    Raises: UnknownAppointment, NotAllowed, EndsBeforeStart, AlreadyEnded, LastAdministrator.
    """
    found = Appointment.objects.filter(id=appointment_id).first()
    if found is None:
        raise UnknownAppointment(appointment=appointment_id)
    terms = _locked_terms(Q(id=appointment_id), with_administrators=found.office == Office.ADMINISTRATOR)
    appointment = terms.pop(appointment_id)
    actor = require(actor, Act.MANAGE_PEOPLE, appointment.unit)
    if until < appointment.since:
        raise EndsBeforeStart(since=appointment.since, until=until)
    if appointment.until and appointment.until <= until:
        raise AlreadyEnded(until=appointment.until)
    if found.office == Office.ADMINISTRATOR:
        _refuse_last(appointment, terms.values())
    _end(actor, [appointment], until)
    return appointment


@transaction.atomic
def end_all_offices(*, actor: Actor, user_id: int, until: date) -> list[Appointment]:
    """End whatever offices a person holds, as they leave; `until` is their last day. Give the terms that it ended.

    What was to begin later is cancelled: the row goes, the action log keeps it.
    Raises: UnknownPerson, NotAllowed (at any of the units), LastAdministrator.
    """
    if not User.objects.select_for_update(no_key=True).filter(id=user_id).exists():
        raise UnknownPerson(person=user_id)
    lasting = Q(until=None) | Q(until__gt=until)
    terms = _locked_terms(Q(user_id=user_id) & lasting, with_administrators=True)
    own = [
        each for each in terms.values() if each.user_id == user_id and (not each.until or each.until > until)
    ]
    units = Unit.objects.filter(pk__in=[each.unit_id for each in own])
    actor = require_everywhere(actor, Act.MANAGE_PEOPLE, units)
    ending, coming = (
        [each for each in own if each.since <= until],
        [each for each in own if each.since > until],
    )
    others = [each for each in terms.values() if each.user_id != user_id]
    for each in ending:
        if each.office == Office.ADMINISTRATOR:
            _refuse_last(each, others)
    _end(actor, ending, until)
    cancelled = [each.pk for each in coming]
    Appointment.objects.filter(pk__in=cancelled).delete()
    log_act(actor=actor, act="cancel", subject="appointment", subject_ids=cancelled)
    return ending


def refuse_last_administrator(user_id: int) -> None:
    """Insist that the county is administered without this user too; administrators' terms stay locked.

    Raises: LastAdministrator.
    """
    terms = _locked_terms(Q(pk__in=()), with_administrators=True).values()
    others = [each for each in terms if each.user_id != user_id]
    for each in terms:
        if each.user_id == user_id and (each.until is None or each.until >= clock.today()):
            _refuse_last(each, others)


def _locked_user(user_id: int) -> User:
    user = User.objects.select_for_update(no_key=True).filter(id=user_id, is_active=True).first()
    if user is None:
        raise UnknownPerson(person=user_id)
    return user


def _locked_terms(wanted: Q, *, with_administrators: bool) -> dict[int, Appointment]:
    if with_administrators:
        wanted |= Q(office=Office.ADMINISTRATOR)
    locked = Appointment.objects.select_for_update(no_key=True).filter(wanted).order_by("id")
    ids = list(locked.values_list("pk", flat=True))
    # Read after the wait: a user may have been switched off meanwhile, which the locked rows don't show.
    terms = Appointment.objects.select_related("unit", "user").filter(pk__in=ids).order_by("id")
    return {each.pk: each for each in terms}


def _seat(office: Office, body: Body | None, capacity: Capacity | None) -> tuple[str, str]:
    """Give in which body an office seats its holder, and for whom; "" where in none. Raises: WrongBody."""
    bodies = BODIES.get(office, ())
    if body is None and len(bodies) == 1:
        body = bodies[0]
    if (body in bodies) if bodies else not (body or capacity):
        return body or "", capacity or ""
    raise WrongBody(office=office.label, bodies="、".join(str(each.label) for each in bodies) or "—")


def _begin(actor: Actor, new: Appointment) -> Appointment:
    """Let a term begin, if the register has such an office and nothing stands in the way."""
    office, level = Office(new.office), Level(new.unit.level)
    register = Register()
    if register.rule(office, level) is None:
        raise OfficeNotHere(office=office.label, unit=new.unit.name, level=level.label)
    new.until = new.until or register.turn_end(office, level, new.since)
    if new.until and new.until < new.since:
        raise EndsBeforeStart(since=new.since, until=new.until)
    _refuse_after_unit(new)
    _refuse_overlap(new)
    _refuse_clash(new)
    new.save(force_insert=True)
    log_act(actor=actor, act="appoint", subject="appointment", subject_ids=[new.pk])
    return new


def _end(actor: Actor, appointments: list[Appointment], until: date) -> None:
    ids = [each.pk for each in appointments]
    Appointment.objects.filter(pk__in=ids).update(until=until)
    for each in appointments:
        each.until = until
    log_act(actor=actor, act="end", subject="appointment", subject_ids=ids)


def _refuse_after_unit(new: Appointment) -> None:
    last_day = new.unit.until
    if last_day and (new.until is None or new.until > last_day):
        raise AfterUnitEnds(unit=new.unit.name, until=last_day)


def _meeting(new: Appointment) -> Q:
    """Give the condition for terms of the same user that meet a new one in time."""
    meeting = Q(user=new.user) & (Q(until=None) | Q(until__gte=new.since))
    return meeting & Q(since__lte=new.until) if new.until else meeting


def _refuse_overlap(new: Appointment) -> None:
    held = Appointment.objects.filter(_meeting(new), office=new.office, unit=new.unit)
    held = held.exclude(pk=new.pk).order_by("since")
    standing = next((each for each in held if body_of(each) == body_of(new)), None)
    if standing:
        raise AlreadyAppointed(
            name=new.user.name, office=Office(new.office).label, unit=new.unit.name, since=standing.since
        )


def _refuse_clash(new: Appointment) -> None:
    above_or_below = Q(unit__path__in=paths_to(new.unit)) | Q(unit__path__startswith=new.unit.path)
    held = Appointment.objects.filter(
        _meeting(new), above_or_below, office__in=clashing_with(Office(new.office))
    )
    other = held.select_related("unit").order_by("since").first()
    if other:
        raise OfficesClash(
            name=new.user.name,
            office=Office(new.office).label,
            other=Office(other.office).label,
            unit=other.unit.name,
        )


def _refuse_last(ending: Appointment, others: Iterable[Appointment]) -> None:
    """Refuse unless another administrator goes on, without an end, at the same unit or above it."""
    above = set(paths_to(ending.unit))
    if not any(
        other.until is None
        and other.since <= clock.today()
        and other.office == Office.ADMINISTRATOR
        and other.unit.path in above
        and other.user.is_active
        for other in others
    ):
        raise LastAdministrator(unit=ending.unit.name)
