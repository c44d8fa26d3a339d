"""Founding a jurisdiction of the demo and settling its people in it, by the operations that everyone uses."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people import roster_form as form
from xiangyue.people.models import Appointment, Household, Joining, Level, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations.appointments import appoint, seat_member
from xiangyue.people.operations.joining import admit_all, step_joining
from xiangyue.people.operations.roster import import_rosters
from xiangyue.people.register import OFFICE_OF, months_later
from xiangyue.scoring.models import ScoringRules
from xiangyue.setup import presets
from xiangyue.setup.demo.families import Person, Settlers
from xiangyue.setup.demo.offices import Holder, Offices, labels
from xiangyue.setup.demo.places import Place
from xiangyue.setup.operations import ADMIN_LOGIN, found_jurisdiction
from xiangyue.setup.phones import set_phones
from xiangyue.tenancy.models import Jurisdiction
from xiangyue.users.queries import user_by_login

# A village joins in steps: days after the founding, and what each step rests on.
STEPS: Final = (
    (0, Joining.PILOT, "镇里定为试点"),
    (10, Joining.DEMONSTRATION, "试点总结会，会议记录存村里"),
    (20, Joining.ADMITTED, "镇里验收合格，验收表存镇里"),
)
ROSTER: Final = "户册.xlsx"


@dataclass(frozen=True)
class Settled:
    """Who was settled in. admin: as whom it was done."""

    people: Sequence[Person]
    holders: Sequence[Holder]


def found_place(place: Place, *, on: date) -> Jurisdiction:
    """Found the jurisdiction on a day. Raises: as `found_jurisdiction`."""
    with clock.as_of(on):
        return found_jurisdiction(
            slug=place.slug, division_code=place.division, preset=place.preset, host=place.host
        )


def settle_in(place: Place, *, on: date, seed: int, at_once: bool = False) -> Settled:
    """Import everybody with their offices on a day, seat the bodies, set phones, and let the judging units join.

    Inside the schema. at_once: of a whole county, members of bodies are appointed without saying for whom they sit, and
    all judging units are admitted on that day.
    """
    chance = random.Random(f"{seed} {place.slug}")  # noqa: S311 - a demo, not a secret
    settlers = Settlers(place, on.year, chance)
    people = list(settlers.people())
    preset = presets.load(place.preset)
    holders = Offices(place, preset, settlers.names, on.year).appoint_all(people)
    months = {each.office: each.turn_months for each in preset.offices if each.turn_months}
    with clock.as_of(on):
        import_rosters(
            actor=administrator(),
            unit_id=Unit.objects.get(parent=None).pk,
            content=workbook(people, holders, months, on),
            name=ROSTER,
            leaf_levels=place.levels,
        )
        for village in Unit.objects.filter(code__in=[each.code for each in place.villages]):
            set_phones(actor=administrator(), village=village)
        if at_once:
            admit_all(actor=administrator(), level=Level(ScoringRules.objects.get().judging_level))
        else:
            _seat_members(holders)
    if not at_once:
        _join(on)
    return Settled(people, holders)


def workbook(
    people: Sequence[Person], holders: Sequence[Holder], months: Mapping[Office, int], on: date
) -> bytes:
    """Write the roster of a place. months: how long a turn of an office lasts that is held by turns."""
    label = labels()
    rows = [
        each.row(label[each.office], months_later(on, each.turn * months.get(each.office, 0)).isoformat())
        for each in holders
    ]
    return form.full_workbook((each.row() for each in people), rows, without={form.ID_NUMBER})


def administrator() -> Actor:
    """Give the administrator, as whom all of this is done."""
    return Actor.user(user_by_login(ADMIN_LOGIN).pk)


def _seat_members(holders: Sequence[Holder]) -> None:
    """Write down for whom the members of bodies sit; who sits in several is appointed to the others too."""
    offices = set(OFFICE_OF.values())
    held = Appointment.objects.filter(office__in=offices).select_related("user", "unit").order_by("id")
    found = {(each.user.login, each.office, each.unit.path): each for each in held}
    by_person = {(login, office): appointment for (login, office, _path), appointment in found.items()}
    for each in holders:
        appointment = by_person.get((each.login, each.office))
        if appointment is None:
            continue
        for place, (body, capacity) in enumerate(each.seats):
            if not place:
                seat_member(
                    actor=administrator(), appointment_id=appointment.pk, body=body, capacity=capacity
                )
                continue
            appoint(
                actor=administrator(),
                user_id=appointment.user_id,
                office=each.office,
                unit_id=appointment.unit_id,
                since=appointment.since,
                body=body,
                capacity=capacity,
            )


def _join(on: date) -> None:
    """Let the judging units where people live join: pilot, demonstration, admitted after a check."""
    level = ScoringRules.objects.get().judging_level
    homes = Household.objects.values("unit__path")
    units = [
        unit
        for unit in Unit.objects.filter(level=level, until=None).exclude(joining=Joining.ADMITTED)
        if homes.filter(unit__path__startswith=unit.path).exists()
    ]
    for days, joining, basis in STEPS:
        with clock.as_of(on + timedelta(days=days)):
            for unit in units:
                step_joining(actor=administrator(), unit_id=unit.pk, joining=joining, basis=basis)
