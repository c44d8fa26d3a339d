"""Every write on what ties people: near relatives, mentors of households (包户), what members give to the village."""

from datetime import date
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Q

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Appointment, Contribution, Gift, Kin, Kinship, Mentorship, Resident
from xiangyue.people.offices import Act
from xiangyue.people.operations.residents import locked_household, locked_resident
from xiangyue.people.permissions import may, require
from xiangyue.people.person import inverse
from xiangyue.people.private_refusals import (
    BadContribution,
    DayToCome,
    KinRegistered,
    KinToSelf,
    MentorThere,
    NoSuchResident,
    NotAMentor,
    OwnMentor,
    ReasonNeeded,
    TermBackwards,
    UnknownContribution,
    UnknownKinship,
    UnknownMentorship,
)
from xiangyue.people.queries import in_force
from xiangyue.people.tree_refusals import HouseholdLeft
from xiangyue.records.operations import log_act
from xiangyue.users.models import User

WHAT_LENGTH: Final = 200


@transaction.atomic
def register_kin(
    *, actor: Actor, resident_id: int, other_id: int, kin: Kin, since: date | None = None
) -> Kinship:
    """Register that two residents are near relatives; neither decides for the other's household from then on.

    kin: what `other` is to `resident`. The actor manages the people where one of them lives.
    Raises: NoSuchResident, NotAllowed, KinToSelf, KinRegistered, DayToCome.
    """
    if resident_id == other_id:
        raise KinToSelf
    day = _past(since)
    low, high = sorted((resident_id, other_id))
    living = Resident.objects.filter(id__in=(low, high), erased_on=None)
    locked = (
        living.select_for_update(of=("self",), no_key=True).select_related("household__unit").order_by("id")
    )
    people = {each.pk: each for each in locked}
    for each in (resident_id, other_id):
        if each not in people:
            raise NoSuchResident(resident=each)
    actor = _manager_of_either(actor, people[resident_id], people[other_id])
    if Kinship.objects.filter(resident_id=low, other_id=high, until=None).exists():
        raise KinRegistered
    made = Kinship.objects.create(
        resident_id=low, other_id=high, kin=kin if low == resident_id else inverse(kin), since=day
    )
    log_act(actor=actor, act="register", subject="kinship", subject_ids=[made.pk], to_state=made.kin)
    return made


@transaction.atomic
def end_kin(*, actor: Actor, kinship_id: int, until: date, reason: str) -> Kinship:
    """End a kinship (a divorce, an error); `until` is its last day.

    Raises: UnknownKinship, NotAllowed, ReasonNeeded, DayToCome, TermBackwards.
    """
    related = ("resident__household__unit", "other__household__unit")
    standing = Kinship.objects.select_for_update(of=("self",)).select_related(*related)
    found = standing.filter(id=kinship_id, until=None).first()
    if found is None:
        raise UnknownKinship(kinship=kinship_id)
    actor = _manager_of_either(actor, found.resident, found.other)
    if not reason.strip():
        raise ReasonNeeded
    if until > clock.today():
        raise DayToCome(day=until)
    if until < found.since:
        raise TermBackwards(since=found.since, until=until)
    found.until = until
    found.save(update_fields=["until"])
    log_act(
        actor=actor,
        act="end",
        subject="kinship",
        subject_ids=[found.pk],
        from_state=found.kin,
        reason=reason.strip(),
    )
    return found


@transaction.atomic
def assign_mentor(*, actor: Actor, household_id: int, user_id: int, since: date | None = None) -> Mentorship:
    """Let a party member or somebody in office look after a household (包户), but never after their own.

    Raises: UnknownHousehold, NotAllowed, HouseholdLeft, NotAMentor, OwnMentor, MentorThere, DayToCome.
    """
    household = locked_household(household_id)
    actor = require(actor, Act.MANAGE_PEOPLE, household.unit)
    if household.left_on:
        raise HouseholdLeft(number=household.number, left_on=household.left_on)
    day = _past(since)
    _require_mentor(user_id)
    if Resident.objects.filter(household=household, user_id=user_id).exists():
        raise OwnMentor
    try:
        with transaction.atomic():
            made = Mentorship.objects.create(household=household, mentor_id=user_id, since=day)
    except IntegrityError:
        raise MentorThere(number=household.number) from None
    log_act(actor=actor, act="assign", subject="mentorship", subject_ids=[made.pk])
    return made


@transaction.atomic
def end_mentorship(*, actor: Actor, mentorship_id: int, until: date, reason: str = "") -> Mentorship:
    """End a mentorship; `until` is its last day. Raises: UnknownMentorship, NotAllowed, DayToCome, TermBackwards."""
    standing = Mentorship.objects.select_for_update(of=("self",)).select_related("household__unit")
    found = standing.filter(id=mentorship_id, until=None).first()
    if found is None:
        raise UnknownMentorship(mentorship=mentorship_id)
    actor = require(actor, Act.MANAGE_PEOPLE, found.household.unit)
    if until > clock.today():
        raise DayToCome(day=until)
    if until < found.since:
        raise TermBackwards(since=found.since, until=until)
    found.until = until
    found.save(update_fields=["until"])
    log_act(actor=actor, act="end", subject="mentorship", subject_ids=[found.pk], reason=reason.strip())
    return found


@transaction.atomic
def record_contribution(
    *, actor: Actor, resident_id: int, gift: Gift, what: str, given_on: date, fen: int | None = None
) -> Contribution:
    """Record what a resident gave to the village. fen: of money, how much; of nothing else.

    Raises: NoSuchResident, NotAllowed, BadContribution, DayToCome.
    """
    resident = locked_resident(resident_id)
    actor = require(actor, Act.MANAGE_PEOPLE, resident.household.unit)
    text = what.strip()
    is_sum = fen is not None and fen > 0 if gift == Gift.MONEY else fen is None
    if not is_sum or not 0 < len(text) <= WHAT_LENGTH:
        raise BadContribution
    made = Contribution.objects.create(
        resident=resident, gift=gift, what=text, fen=fen, given_on=_past(given_on)
    )
    log_act(actor=actor, act="record", subject="contribution", subject_ids=[made.pk], to_state=gift)
    return made


@transaction.atomic
def strike_contribution(*, actor: Actor, contribution_id: int, reason: str) -> None:
    """Take away a contribution that was recorded in error; the log keeps that it was.

    Raises: UnknownContribution, NotAllowed, ReasonNeeded.
    """
    rows = Contribution.objects.select_for_update(of=("self",)).select_related("resident__household__unit")
    found = rows.filter(id=contribution_id).first()
    if found is None:
        raise UnknownContribution(contribution=contribution_id)
    actor = require(actor, Act.MANAGE_PEOPLE, found.resident.household.unit)
    if not reason.strip():
        raise ReasonNeeded
    log_act(
        actor=actor,
        act="strike",
        subject="contribution",
        subject_ids=[found.pk],
        from_state=found.gift,
        reason=reason.strip(),
    )
    found.delete()


def _past(day: date | None) -> date:
    today = clock.today()
    if day and day > today:
        raise DayToCome(day=day)
    return day or today


def _require_mentor(user_id: int) -> None:
    """Insist on a party member or somebody in office, whose user is switched on. Raises: NotAMentor."""
    is_member = Q(user_id=user_id, is_party_member=True, left_on=None)
    fit = User.objects.filter(id=user_id, is_active=True).exists() and (
        Resident.objects.filter(is_member).exists()
        or Appointment.objects.filter(in_force(), user_id=user_id).exists()
    )
    if not fit:
        raise NotAMentor


def _manager_of_either(actor: Actor, one: Resident, other: Resident) -> Actor:
    """Insist that the actor manages the people where one of the two lives. Raises: NotAllowed."""
    unit = one.household.unit
    return require(
        actor, Act.MANAGE_PEOPLE, unit if may(actor, Act.MANAGE_PEOPLE, unit) else other.household.unit
    )
