"""Every write on users that an administrator makes: who signs in, under which name, and who no longer does.

What users hold lies in this room, and so does who may manage them: whoever manages people at each unit where the
user holds an office, lives or acts for a household, or, where there is no such unit, in the whole jurisdiction.
Nobody can take over the account of somebody above them.
"""

from typing import Final

from django.db import transaction
from django.db.models import Q

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Appointment, Membership, Resident, Unit
from xiangyue.people.office_refusals import AlreadyOff, AlreadyOn, HasUser, NoLongerHere, WhyNeeded
from xiangyue.people.offices import Act
from xiangyue.people.operations.appointments import refuse_last_administrator
from xiangyue.people.operations.following import enroll
from xiangyue.people.permissions import require, require_everywhere
from xiangyue.people.refusals import UnknownPerson, UnknownResident, UnknownUnit
from xiangyue.records.operations import log_act
from xiangyue.users import operations as users
from xiangyue.users.models import User

REASON_LENGTH: Final = 200


@transaction.atomic
def add_staff(*, actor: Actor, unit_id: int, login: str, name: str, password: str | None = None) -> User:
    """Let somebody who is no resident sign in; what they may do comes from appointments at the unit or below it.

    Raises: UnknownUnit, NotAllowed; what `create_user` raises.
    """
    unit = Unit.objects.filter(id=unit_id).first()
    if unit is None:
        raise UnknownUnit(unit=unit_id)
    actor = require(actor, Act.MANAGE_PEOPLE, unit)
    user = users.create_user(login=login, name=name, password=password)
    log_act(actor=actor, act="create", subject="user", subject_ids=[user.pk])
    return user


@transaction.atomic
def add_villager(*, actor: Actor, resident_id: int, login: str, password: str | None = None) -> User:
    """Let a resident sign in, under the name of the roster, and act for the household. One person has one user.

    Raises: UnknownResident, NotAllowed, NoLongerHere, HasUser; what `create_user` raises.
    """
    resident = (
        Resident.objects.select_for_update(of=("self",), no_key=True)
        .select_related("household__unit")
        .filter(id=resident_id)
        .first()
    )
    if resident is None:
        raise UnknownResident(name=resident_id, number="")
    actor = require(actor, Act.MANAGE_PEOPLE, resident.household.unit)
    if resident.left_on:
        raise NoLongerHere(name=resident.name)
    if resident.user_id:
        raise HasUser(name=resident.name, login=User.objects.get(id=resident.user_id).login)
    user = users.create_user(login=login, name=resident.name, password=password)
    resident.user = user
    resident.save(update_fields=["user"])
    enroll([user.pk])
    log_act(actor=actor, act="create", subject="user", subject_ids=[user.pk])
    return user


@transaction.atomic
def rename_user(*, actor: Actor, user_id: int, name: str) -> User:
    """Correct a user's name; the login stays. Raises: UnknownPerson, NotAllowed, BadName."""
    actor, user = _managed(actor, user_id)
    users.rename_user(user=user, name=name)
    log_act(actor=actor, act="rename", subject="user", subject_ids=[user.pk])
    return user


@transaction.atomic
def switch_off(*, actor: Actor, user_id: int, reason: str) -> User:
    """Suspend a user: from now on nobody signs in as them, and their appointments allow nothing.

    Raises: UnknownPerson, NotAllowed, WhyNeeded, AlreadyOff, LastAdministrator.
    """
    actor, user = _managed(actor, user_id)
    reason = _reason(reason)
    if not user.is_active:
        raise AlreadyOff(name=user.name)
    refuse_last_administrator(user.pk)
    users.switch_off(user=user)
    log_act(actor=actor, act="switch-off", subject="user", subject_ids=[user.pk], reason=reason)
    return user


@transaction.atomic
def switch_on(*, actor: Actor, user_id: int, reason: str) -> User:
    """Lift a suspension; appointments that still last allow again what they did.

    Raises: UnknownPerson, NotAllowed, WhyNeeded, AlreadyOn.
    """
    actor, user = _managed(actor, user_id)
    reason = _reason(reason)
    if user.is_active:
        raise AlreadyOn(name=user.name)
    users.switch_on(user=user)
    log_act(actor=actor, act="switch-on", subject="user", subject_ids=[user.pk], reason=reason)
    return user


@transaction.atomic
def set_password(*, actor: Actor, user_id: int, password: str) -> User:
    """Give a user a new password; their sessions end. Raises: UnknownPerson, NotAllowed, WeakPassword."""
    actor, user = _managed(actor, user_id)
    users.set_password(user=user, password=password)
    log_act(actor=actor, act="set-password", subject="user", subject_ids=[user.pk])
    return user


def _managed(actor: Actor, user_id: int) -> tuple[Actor, User]:
    """Read a user, whom the actor may manage in an office of theirs, and let nobody else change them meanwhile."""
    user = User.objects.select_for_update(no_key=True).filter(id=user_id).first()
    if user is None:
        raise UnknownPerson(person=user_id)
    lasting = Appointment.objects.filter(Q(until=None) | Q(until__gte=clock.today()), user=user)
    home = Resident.objects.filter(user=user).values("household__unit_id")
    served = Membership.objects.filter(user=user, until=None).values("household__unit_id")
    units = Unit.objects.filter(Q(pk__in=lasting.values("unit_id")) | Q(pk__in=home) | Q(pk__in=served))
    everywhere = units if units.exists() else Unit.objects.filter(parent=None)
    return require_everywhere(actor, Act.MANAGE_PEOPLE, everywhere), user


def _reason(text: str) -> str:
    reason = text.strip()
    if not 0 < len(reason) <= REASON_LENGTH:
        raise WhyNeeded
    return reason
