"""Filling the register of offices with what the scheme says; founding does it, and an upgrade may do it again."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Body, Capacity, Level, OfficeRule, PeopleRules, SeatRule, Unit
from xiangyue.people.offices import Office
from xiangyue.records.operations import log_act


@dataclass(frozen=True)
class RegisteredOffice:
    """An office that the scheme has at a level; see `OfficeRule`."""

    office: Office
    level: Level
    title: str
    is_needed: bool = False
    party_only: bool = False
    turn_months: int | None = None


@dataclass(frozen=True)
class RegisteredSeat:
    """How many of a capacity a body must have at least."""

    body: Body
    capacity: Capacity
    least: int


@transaction.atomic
def fill_register(
    *,
    offices: Sequence[RegisteredOffice],
    seats: Sequence[RegisteredSeat],
    keeps_id_numbers: bool,
    retention_years: int,
) -> None:
    """Let the register of offices, the seats of bodies and the rules for people's data be these, and no others.

    Who holds an office that is no longer registered keeps it until the term ends. As the system.
    """
    root = Unit.objects.select_for_update(no_key=True).get(parent=None)
    OfficeRule.objects.all().delete()
    OfficeRule.objects.bulk_create(
        OfficeRule(
            office=each.office,
            level=each.level,
            title=each.title,
            is_needed=each.is_needed,
            party_only=each.party_only,
            turn_months=each.turn_months,
        )
        for each in offices
    )
    SeatRule.objects.all().delete()
    SeatRule.objects.bulk_create(
        SeatRule(body=each.body, capacity=each.capacity, least=each.least) for each in seats
    )
    PeopleRules.objects.all().delete()
    PeopleRules.objects.create(keeps_id_numbers=keeps_id_numbers, retention_years=retention_years)
    log_act(actor=SYSTEM, act="fill-register", subject="unit", subject_ids=[root.pk])
