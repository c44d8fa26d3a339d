"""Writing a unit's roster out in the form in which it is imported: imported again, it changes nothing."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from django.db import connection, transaction

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people import roster_form as form
from xiangyue.people.ages import is_child
from xiangyue.people.models import Level, Resident, Unit
from xiangyue.people.offices import Act, Office
from xiangyue.people.operations.units import known_unit
from xiangyue.people.permissions import require
from xiangyue.people.private import Keys, keys
from xiangyue.people.queries import LABEL_JOINT, appointments_below, paths_to
from xiangyue.records.operations import log_act
from xiangyue.sheets.write import Value

PRIVATE: Final = (form.ID_NUMBER, form.PHONE)

RESIDENTS: Final = """
    SELECT village.code, household.number, household.unit_id, resident.name, resident.relation, resident.sex,
        resident.born, resident.id_number, resident.phone, resident.is_party_member, resident.lives_elsewhere,
        household.tags, household.address
    FROM people_household household
    JOIN people_unit unit ON unit.id = household.unit_id
    JOIN people_unit village ON village.id = household.village_id
    JOIN people_resident resident ON resident.household_id = household.id
    WHERE starts_with(unit.path, %(path)s) AND household.left_on IS NULL AND resident.left_on IS NULL
        AND resident.erased_on IS NULL
    ORDER BY village.path, household.number, household.id, resident.relation <> 'head', resident.id
"""


@transaction.atomic
def export_roster(*, actor: Actor, unit_id: int, with_private: bool = False) -> bytes:
    """Write the households, residents and appointments at and below a unit as .xlsx, and log that it was done.

    with_private: with ID numbers and phones in clear; else the file lacks these columns, so that importing it leaves
    them as they are. Raises: UnknownUnit, NotAllowed; KeyMissing, SealBroken.
    """
    unit = known_unit(unit_id)
    actor = require(actor, Act.EXPORT_DATA, unit)
    names = _names_below_village(unit)
    content = form.full_workbook(
        _people(unit, names, keys() if with_private else None),
        _offices(unit, names),
        without=() if with_private else PRIVATE,
    )
    acts = "export-private" if with_private else "export"
    log_act(actor=actor, act=acts, subject="unit", subject_ids=[unit.pk])
    return content


def _names_below_village(unit: Unit) -> dict[int, tuple[str, ...]]:
    """Give what a unit is called from its village down, by id; nothing for a village and what lies above one."""
    around = Unit.objects.filter(path__startswith=unit.path) | Unit.objects.filter(path__in=paths_to(unit))
    way: dict[str, tuple[str, ...] | None] = {}
    found: dict[int, tuple[str, ...]] = {}
    for each in around.order_by("path"):
        parent = way.get(each.path[: -len(each.code) - 1])
        way[each.path] = (
            () if each.level == Level.VILLAGE else None if parent is None else (*parent, each.name)
        )
        found[each.pk] = way[each.path] or ()
    return found


def _people(unit: Unit, names: dict[int, tuple[str, ...]], opening: Keys | None) -> Iterator[list[Value]]:
    relations = {relation.value: text for text, relation in form.RELATIONS.items()}
    sexes = {"": "", **{sex.value: text for text, sex in form.SEXES.items()}}
    yes = {True: next(text for text, meant in form.YES_OR_NO.items() if meant), False: ""}
    for row in _rows(RESIDENTS, {"path": unit.path}):
        village, number, unit_id, name, relation, sex, born, id_number, phone, party, away, tags, address = (
            row
        )
        grid, group = (*names[unit_id], "", "")[:2]
        private = [opening.open(sealed) if sealed else "" for sealed in (id_number, phone)] if opening else []
        yield [
            village,
            number,
            grid,
            group,
            name,
            relations[relation],
            sexes[sex],
            _birth(born),
            *private,
            yes[party],
            yes[away],
            form.TAG_JOINT.join(tags),
            address,
        ]


def _birth(born: date | None) -> str:
    if born is None:
        return ""
    return str(born.year) if is_child(born) else born.isoformat()


def _rows(query: str, facts: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, facts)
        while rows := cursor.fetchmany(5000):
            yield from rows


def _offices(unit: Unit, names: dict[int, tuple[str, ...]]) -> Iterator[list[Value]]:
    """Give who holds an office today or will; who lives elsewhere than the office lies goes without a number."""
    labels = {office: text for text, office in form.office_labels().items()}
    held = list(appointments_below(unit, clock.today()))
    homes = {
        user_id: (code, number)
        for user_id, code, number in Resident.objects.filter(
            user_id__in={each.user_id for each in held}, left_on=None, household__left_on=None
        ).values_list("user_id", "household__village__code", "household__number")
    }
    villages = dict(Unit.objects.filter(level=Level.VILLAGE).values_list("path", "code"))
    for each in held:
        village = next((villages[path] for path in paths_to(each.unit) if path in villages), "")
        home = homes.get(each.user_id, ("", ""))
        place = LABEL_JOINT.join(names[each.unit_id])
        if not village and each.unit_id != unit.pk:
            place = each.unit.code
        yield [
            village,
            home[1] if home[0] == village and village else "",
            each.user.name,
            labels[Office(each.office)],
            place,
            each.since.isoformat(),
            each.user.login,
        ]
