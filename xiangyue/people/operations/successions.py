"""What ends with a unit and what goes on at its heir: places of households, offices. Set-based, whatever the size.

Nothing of the past is changed: rows end on the last day of the old order, and new ones begin with the new one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max, Q

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Appointment, FormerPlace, Household, Unit
from xiangyue.people.tree_refusals import ChangedSince, DayAhead
from xiangyue.records.operations import log_act

ONE_DAY = timedelta(days=1)

NOTE_PLACES = """
    INSERT INTO people_formerplace (household_id, unit_id, village_id, number, until)
    SELECT id, unit_id, village_id, number, %(until)s FROM people_household WHERE id = ANY(%(households)s) ORDER BY id
"""

MOVE = """
    UPDATE people_household household
    SET unit_id = place.unit_id, village_id = place.village_id, number = place.number
    FROM unnest(%(households)s::bigint[], %(units)s::bigint[], %(villages)s::bigint[], %(numbers)s::text[])
        AS place (household_id, unit_id, village_id, number)
    WHERE household.id = place.household_id
"""

END_UNITS = """
    UPDATE people_unit unit SET until = %(until)s, successor_id = heir.id
    FROM unnest(%(units)s::bigint[], %(heirs)s::bigint[]) AS heir (unit_id, id)
    WHERE unit.id = heir.unit_id
"""

# A term that had begun goes on as a new one at the heir; the old one then ends.
CONTINUE_TERMS = """
    INSERT INTO people_appointment (user_id, office, unit_id, body, capacity, since, until)
    SELECT term.user_id, term.office, heir.id, term.body, term.capacity, %(on)s, term.until
    FROM people_appointment term
    JOIN unnest(%(units)s::bigint[], %(heirs)s::bigint[]) AS heir (unit_id, id) USING (unit_id)
    WHERE term.since < %(on)s AND (term.until IS NULL OR term.until >= %(on)s)
    ORDER BY term.id
    RETURNING id
"""

END_TERMS = """
    UPDATE people_appointment SET until = %(until)s
    WHERE unit_id = ANY(%(units)s) AND since <= %(until)s AND (until IS NULL OR until > %(until)s)
    RETURNING id
"""

# Terms that have not begun yet: nobody has acted on them.
REDIRECT_TERMS = """
    UPDATE people_appointment term SET unit_id = heir.id
    FROM unnest(%(units)s::bigint[], %(heirs)s::bigint[]) AS heir (unit_id, id)
    WHERE term.unit_id = heir.unit_id AND term.since > %(today)s
    RETURNING term.id
"""

CANCEL_TERMS = """
    DELETE FROM people_appointment WHERE unit_id = ANY(%(units)s) AND since > %(today)s RETURNING id
"""


@dataclass(frozen=True)
class Place:
    """Where a household is to live, and under which number."""

    household_id: int
    unit_id: int
    village_id: int
    number: str


def require_day(on: date, last: date) -> None:
    """Refuse a day that is still to come, and one on which what is touched was itself changed, or before.

    Raises: DayAhead, ChangedSince.
    """
    if on > clock.today():
        raise DayAhead(day=on)
    if on <= last:
        raise ChangedSince(last=last, first=last + ONE_DAY)


def last_change_of_households(household_ids: Collection[int]) -> date:
    """Give the latest day on which one of these households joined, or began to live where it lives."""
    joined = Household.objects.filter(id__in=household_ids).aggregate(last=Max("joined_on"))["last"]
    places = FormerPlace.objects.filter(household_id__in=household_ids).aggregate(last=Max("until"))["last"]
    return max(joined or date.min, places + ONE_DAY if places else date.min)


def last_stay_at(unit: Unit) -> date:
    """Give the last day on which a household lived at a unit that is empty now."""
    moved = FormerPlace.objects.filter(unit=unit).aggregate(last=Max("until"))["last"]
    left = Household.objects.filter(unit=unit).aggregate(last=Max("left_on"))["last"]
    return max(moved or date.min, left or date.min)


def last_change_of_offices(unit_ids: Collection[int]) -> date:
    """Give the latest day until today on which an office began at one of these units, ended since or not."""
    begun = Appointment.objects.filter(unit_id__in=unit_ids, since__lte=clock.today())
    return begun.aggregate(last=Max("since"))["last"] or date.min


def move_households(places: Sequence[Place], *, on: date) -> None:
    """Let locked households live elsewhere from a day on, and note where they lived; two statements."""
    facts: dict[str, Any] = {
        "households": [place.household_id for place in places],
        "units": [place.unit_id for place in places],
        "villages": [place.village_id for place in places],
        "numbers": [place.number for place in places],
        "until": on - ONE_DAY,
    }
    with connection.cursor() as cursor:
        cursor.execute(NOTE_PLACES, facts)
        cursor.execute(MOVE, facts)


def end_units(heirs: Mapping[int, int | None], *, on: date) -> None:
    """End locked units with the day before `on`. heirs: what each became or became a part of, if one unit did."""
    with connection.cursor() as cursor:
        cursor.execute(
            END_UNITS, {"units": list(heirs), "heirs": list(heirs.values()), "until": on - ONE_DAY}
        )


def offices_at(unit_ids: Collection[int], *, on: date) -> int:
    """Count the terms at units that last on a day, or begin later."""
    return Appointment.objects.filter(Q(until=None) | Q(until__gte=on), unit_id__in=unit_ids).count()


def lock_terms(unit_ids: Collection[int]) -> None:
    """Wait for whoever ends a term at these units: its copy at the heir would go on without that end."""
    terms = Appointment.objects.filter(unit__in=unit_ids).order_by("id")
    list(terms.select_for_update(no_key=True).values_list("pk"))


def pass_on_offices(
    *, actor: Actor, unit_ids: Collection[int], continued: Mapping[int, int], on: date
) -> None:
    """End the offices at ended units; where the unit goes on under its heir, so does the office.

    continued: heirs of those units that go on. What was to begin later goes along, or is called off.
    """
    lock_terms(unit_ids)
    facts: dict[str, Any] = {
        "units": list(continued),
        "heirs": list(continued.values()),
        "on": on,
        "until": on - ONE_DAY,
        "today": clock.today(),
    }
    _run("appoint", CONTINUE_TERMS, facts, actor)
    _run("redirect", REDIRECT_TERMS, facts, actor)
    facts["units"] = list(unit_ids)
    _run("end", END_TERMS, facts, actor)
    _run("cancel", CANCEL_TERMS, facts, actor)


def _run(act: str, statement: str, facts: dict[str, Any], actor: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        ids = [row[0] for row in cursor.fetchall()]
    log_act(actor=actor, act=act, subject="appointment", subject_ids=ids, reason="reorganisation")
