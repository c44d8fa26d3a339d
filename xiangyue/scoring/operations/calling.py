"""Calling a committee to a meeting (召集): on which day, where, for which month."""

from datetime import date

from django.db import transaction

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Body
from xiangyue.people.offices import Act
from xiangyue.people.operations.units import locked_unit
from xiangyue.people.permissions import require
from xiangyue.records.operations import log_act, send
from xiangyue.scoring.models import Call
from xiangyue.scoring.operations.meetings import require_open
from xiangyue.scoring.preparing import NAME_LENGTH
from xiangyue.scoring.refusals import CallExists, DayGone, NameTooLong, UnknownCall


@transaction.atomic
def call_meeting(
    *,
    actor: Actor,
    unit_id: int,
    period: Period,
    day: date,
    place: str = "",
    body: Body = Body.EVALUATION,
    key: str,
) -> Call:
    """Call a body of a judging unit to a meeting; its members hear of it. The same key gives the same call.

    Raises: NotAllowed, PeriodClosed, DayGone, NameTooLong, CallExists.
    """
    unit = locked_unit(unit_id)
    actor = require(actor, Act.HOLD_MEETINGS, unit)
    existing = Call.objects.filter(key=key).first()
    if existing:
        return existing
    require_open(unit, period)
    if day < clock.today():
        raise DayGone(day=day)
    if len(place) > NAME_LENGTH:
        raise NameTooLong(text=f"{place[:20]}…", most=NAME_LENGTH)
    if Call.objects.filter(unit=unit, body=body, day=day, cancelled_at=None).exists():
        raise CallExists(day=day, body=body.label)
    call = Call.objects.create(
        unit=unit,
        body=body,
        period=str(period),
        day=day,
        place=place.strip(),
        called_by_id=actor.id,
        called_at=clock.now(),
        key=key,
    )
    log_act(actor=actor, act="call", subject="call", subject_ids=[call.pk])
    send(topic="meeting-called", payload={"call": call.pk})
    return call


@transaction.atomic
def cancel_call(*, actor: Actor, call_id: int, reason: str = "") -> Call:
    """Say that a meeting will not be held on the day for which it was called. Raises: UnknownCall, NotAllowed."""
    found = Call.objects.filter(id=call_id, cancelled_at=None, meeting=None).first()
    if found is None:
        raise UnknownCall(call=call_id)
    unit = locked_unit(found.unit_id)  # as whoever holds the meeting does
    actor = require(actor, Act.HOLD_MEETINGS, unit)
    call = Call.objects.filter(id=call_id, cancelled_at=None, meeting=None).first()
    if call is None:
        raise UnknownCall(call=call_id)
    call.cancelled_at = clock.now()
    call.save(update_fields=["cancelled_at"])
    log_act(actor=actor, act="cancel", subject="call", subject_ids=[call.pk], reason=reason)
    send(topic="meeting-cancelled", payload={"call": call.pk})
    return call
