"""Poverty and illness: kept apart from everything else, sealed, and never read without a line in the action log."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Circumstance, Hardship
from xiangyue.people.offices import Act
from xiangyue.people.operations.residents import locked_resident
from xiangyue.people.permissions import require
from xiangyue.people.person import resident_by_id
from xiangyue.people.private import keys
from xiangyue.people.private_refusals import DayToCome, TermBackwards, UnknownCircumstance
from xiangyue.records.operations import log_act


@dataclass(frozen=True)
class ReadCircumstance:
    """What somebody read of a resident's hardship. note: opened."""

    id: int
    hardship: Hardship
    note: str
    since: date
    until: date | None


@transaction.atomic
def record_circumstance(
    *, actor: Actor, resident_id: int, hardship: Hardship, note: str = "", since: date | None = None
) -> Circumstance:
    """Record a resident's hardship. note: whatever the helpers have to know; it is sealed.

    Raises: NoSuchResident, NotAllowed, DayToCome; KeyMissing.
    """
    resident = locked_resident(resident_id)
    actor = require(actor, Act.READ_CIRCUMSTANCES, resident.household.unit)
    day = since or clock.today()
    if day > clock.today():
        raise DayToCome(day=day)
    made = Circumstance.objects.create(
        resident=resident,
        hardship=hardship,
        note=keys().seal(note.strip()) if note.strip() else None,
        since=day,
    )
    log_act(actor=actor, act="record", subject="circumstance", subject_ids=[made.pk])
    return made


@transaction.atomic
def end_circumstance(*, actor: Actor, circumstance_id: int, until: date) -> Circumstance:
    """End a hardship; `until` is its last day.

    Raises: UnknownCircumstance, NotAllowed, DayToCome,
    TermBackwards.
    """
    standing = Circumstance.objects.select_for_update(of=("self",)).select_related(
        "resident__household__unit"
    )
    found = standing.filter(id=circumstance_id, until=None).first()
    if found is None:
        raise UnknownCircumstance(circumstance=circumstance_id)
    actor = require(actor, Act.READ_CIRCUMSTANCES, found.resident.household.unit)
    if until > clock.today():
        raise DayToCome(day=until)
    if until < found.since:
        raise TermBackwards(since=found.since, until=until)
    found.until = until
    found.save(update_fields=["until"])
    log_act(actor=actor, act="end", subject="circumstance", subject_ids=[found.pk])
    return found


@transaction.atomic
def read_circumstances(*, actor: Actor, resident_id: int) -> list[ReadCircumstance]:
    """Read a resident's hardships, and log that they were read: also where there is nothing to read.

    Raises: NoSuchResident, NotAllowed; KeyMissing, SealBroken.
    """
    resident = resident_by_id(resident_id)
    actor = require(actor, Act.READ_CIRCUMSTANCES, resident.household.unit)
    found = list(Circumstance.objects.filter(resident=resident).order_by("since", "id"))
    log_act(actor=actor, act="read", subject="resident", subject_ids=[resident.pk])
    log_act(actor=actor, act="read", subject="circumstance", subject_ids=[each.pk for each in found])
    return [
        ReadCircumstance(
            each.pk,
            Hardship(each.hardship),
            keys().open(each.note) if each.note else "",
            each.since,
            each.until,
        )
        for each in found
    ]
