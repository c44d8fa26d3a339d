"""Every write on the tree of units."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import IntegrityError, connection, transaction

from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.ledger.models import AccountKind
from xiangyue.ledger.operations.opening import open_pools
from xiangyue.people.models import Household, Level, Unit
from xiangyue.people.offices import Act
from xiangyue.people.operations.departures import Departure, require_free
from xiangyue.people.operations.successions import (
    end_units,
    last_change_of_offices,
    last_stay_at,
    pass_on_offices,
    require_day,
)
from xiangyue.people.permissions import require
from xiangyue.people.queries import paths_to
from xiangyue.people.refusals import (
    BadUnitCode,
    BadUnitName,
    LevelNotBelow,
    UnitCodeTaken,
    UnitNameTaken,
    UnknownUnit,
)
from xiangyue.people.tree_refusals import RootStays, UnitCodeTooLong, UnitEnded, UnitHasParts, UnitLivedIn
from xiangyue.records.operations import log_act

BATCH: Final = 5000

_DEPTH: Final = {level: depth for depth, level in enumerate(Level)}
_SHORT: Final = re.compile(r"[0-9A-Za-z]{1,8}")
_NAME_LENGTH: Final = 60
_CODE_LENGTH: Final = 40
_HOLD: Final = "SELECT id FROM people_unit WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE"
_POOLS: Final = (AccountKind.ISSUED,)


@dataclass(frozen=True)
class NewUnit:
    """A unit to create. parent_code: of a unit created with it or there before; None for the root."""

    code: str
    name: str
    level: Level
    parent_code: str | None


@transaction.atomic
def create_units(*, divisions: Sequence[NewUnit]) -> list[Unit]:
    """Create a tree, or a part of one, in any order; two statements for each level, whatever the size.

    Founding does it, as the system. Raises: UnitCodeTaken, UnknownUnit (a parent), LevelNotBelow.
    """
    _refuse_repeated(divisions)
    parent_codes = {new.parent_code for new in divisions if new.parent_code}
    there = {unit.code: unit for unit in Unit.objects.filter(code__in=parent_codes)}
    made: dict[str, Unit] = {}
    waiting = list(divisions)
    while waiting:
        known = there | made
        ready = [new for new in waiting if new.parent_code is None or new.parent_code in known]
        if not ready:
            raise UnknownUnit(unit=waiting[0].parent_code)
        units = [_unit(new, known[new.parent_code] if new.parent_code else None) for new in ready]
        made |= {unit.code: unit for unit in _insert(units)}
        waiting = [new for new in waiting if new.code not in made]
    tops = [made[new.code].pk for new in divisions if new.parent_code not in made]
    log_act(actor=SYSTEM, act="create", subject="unit", subject_ids=tops)
    return [made[new.code] for new in divisions]


@transaction.atomic
def add_unit(*, actor: Actor, parent_id: int, level: Level, short: str, name: str) -> Unit:
    """Add one unit below a village or one of its parts, from today; its code is the parent's with `short` behind.

    Raises: UnknownUnit, NotAllowed, UnitEnded, LevelNotBelow, BadUnitCode, UnitCodeTooLong, BadUnitName,
    UnitNameTaken, UnitCodeTaken.
    """
    parent = known_unit(parent_id)
    actor = require(actor, Act.MANAGE_PEOPLE, parent)
    lock_villages([parent])
    parent = locked_unit(parent_id)
    # Villages and what lies above them have official codes, and come with the founding.
    if _DEPTH[Level(parent.level)] < _DEPTH[Level.VILLAGE] or _DEPTH[level] <= _DEPTH[Level.VILLAGE]:
        raise LevelNotBelow(level=level.label, parent_level=Level(parent.level).label)
    if not _SHORT.fullmatch(short):
        raise BadUnitCode(short=short)
    name = fitting_name(name)
    require_free_name(parent, name)
    (unit,) = _insert([unit_below(parent, level=level, short=short, name=name, since=clock.today())])
    log_act(actor=actor, act="create", subject="unit", subject_ids=[unit.pk])
    return unit


@transaction.atomic
def rename_unit(*, actor: Actor, unit_id: int, name: str) -> Unit:
    """Call a unit by another name. Its code stays, and with it what was written under it.

    Raises: UnknownUnit, NotAllowed, UnitEnded, BadUnitName, UnitNameTaken.
    """
    unit = known_unit(unit_id)
    actor = require(actor, Act.MANAGE_PEOPLE, unit)
    lock_villages([unit])
    unit = locked_unit(unit_id)
    name = fitting_name(name)
    if name == unit.name:
        return unit
    if unit.parent:
        require_free_name(unit.parent, name)
    unit.name = name
    unit.save(update_fields=["name"])
    log_act(actor=actor, act="rename", subject="unit", subject_ids=[unit.pk])
    return unit


@transaction.atomic
def end_unit(*, actor: Actor, unit_id: int, on: date | None = None) -> Unit:
    """End a unit in which nobody lives, with the day before `on` (today); offices there end with it.

    Raises: UnknownUnit, NotAllowed, UnitEnded, RootStays, UnitHasParts, UnitLivedIn, DayAhead, ChangedSince; what
    other rooms have in flight there (`departures`).
    """
    unit, first = known_unit(unit_id), on or clock.today()
    actor = require(actor, Act.MANAGE_PEOPLE, unit)
    villages = lock_villages([unit], with_key=True)
    unit = lock_units([unit_id])[0]
    require_standing(unit)
    if unit.parent_id is None:
        raise RootStays(name=unit.name)
    parts = Unit.objects.filter(parent=unit, until=None).values_list("name", flat=True)
    if parts:
        raise UnitHasParts(name=unit.name, parts="、".join(parts))
    living = Household.objects.filter(unit=unit, left_on=None).count()
    if living:
        raise UnitLivedIn(name=unit.name, count=living)
    require_day(first, max(unit.since, last_stay_at(unit), last_change_of_offices([unit.pk])))
    require_free(Departure(frozenset({unit.pk}), from_village_id=villages[0].pk if villages else None))
    end_units({unit.pk: None}, on=first)
    pass_on_offices(actor=actor, unit_ids=[unit.pk], continued={}, on=first)
    log_act(actor=actor, act="end", subject="unit", subject_ids=[unit.pk], reason=f"on:{first}")
    unit.refresh_from_db()
    return unit


@transaction.atomic
def open_judging_units(*, actor: Actor, level: Level) -> int:
    """Open the pools that points are issued from, for every unit of a level that has none yet; give how many.

    For the level at which a scheme judges (DOMAIN §2 "judging unit"). Asked again, it serves newer units.
    """
    units = list(
        Unit.objects.select_for_update(no_key=True)
        .filter(level=level, holder=None, until=None)
        .order_by("path")
    )
    for unit, holder_id in zip(units, open_pools(count=len(units), kinds=_POOLS), strict=True):
        unit.holder_id = holder_id
    Unit.objects.bulk_update(units, ["holder"], batch_size=BATCH)
    log_act(actor=actor, act="open", subject="unit", subject_ids=[unit.pk for unit in units])
    return len(units)


def locked_unit(unit_id: int) -> Unit:
    """Read a unit, letting nobody else change what lies directly below it until the transaction ends.

    Whoever only refers to the unit is not held up. Raises: UnknownUnit, UnitEnded.
    """
    try:
        unit = Unit.objects.select_for_update(no_key=True).get(id=unit_id)
    except Unit.DoesNotExist:
        raise UnknownUnit(unit=unit_id) from None
    require_standing(unit)
    return unit


def lock_villages(units: Collection[Unit], *, with_key: bool = False) -> list[Unit]:
    """Lock the villages that units are or lie in, by id; whoever changes anything below a village does it first.

    with_key: for what takes households out of a village: wait also for whoever holds it (`hold_villages`).
    """
    paths = {path for unit in units for path in paths_to(unit)}
    villages = Unit.objects.filter(level=Level.VILLAGE, path__in=paths)
    return list(villages.select_for_update(no_key=not with_key).order_by("id"))


def hold_villages(village_ids: Collection[int]) -> None:
    """Keep villages from ending, and their households from leaving them, until the transaction ends.

    For whoever writes what a village has to decide, before reading where the households live: a foreign key is
    checked at the end of a transaction only, and would let it be written for a village that has just ended. Nobody
    else is held up.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [sorted(village_ids)])


def lock_units(unit_ids: Collection[int]) -> list[Unit]:
    """Lock units that are about to end, by id, after their villages."""
    return list(Unit.objects.select_for_update().filter(id__in=unit_ids).order_by("id"))


def known_unit(unit_id: int) -> Unit:
    """Read a unit without locking it. Raises: UnknownUnit."""
    try:
        return Unit.objects.get(id=unit_id)
    except Unit.DoesNotExist:
        raise UnknownUnit(unit=unit_id) from None


def require_standing(unit: Unit) -> None:
    """Refuse a unit that has ended. Raises: UnitEnded."""
    if unit.until and unit.until < clock.today():
        raise UnitEnded(name=unit.name, until=unit.until)


def fitting_name(name: str) -> str:
    """Give a unit's name without blanks around it. Raises: BadUnitName."""
    fitting = name.strip()
    if not 0 < len(fitting) <= _NAME_LENGTH:
        raise BadUnitName(name=name)
    return fitting


def require_free_name(parent: Unit, name: str) -> None:
    """Refuse two neighbours of one name. Raises: UnitNameTaken."""
    if Unit.objects.filter(parent=parent, name=name, until=None).exists():
        raise UnitNameTaken(name=name, parent=parent.name)


def unit_below(parent: Unit, *, level: Level, short: str, name: str, since: date) -> Unit:
    """Make a unit below another, without writing it. Raises: LevelNotBelow, UnitCodeTooLong."""
    code = f"{parent.code}-{short}"
    if len(code) > _CODE_LENGTH:
        raise UnitCodeTooLong(code=code, most=_CODE_LENGTH)
    unit = _unit(NewUnit(code, name, level, parent.code), parent)
    unit.since = since
    return unit


def _refuse_repeated(divisions: Sequence[NewUnit]) -> None:
    seen: set[str] = set()
    for new in divisions:
        if new.code in seen:
            raise UnitCodeTaken(unit=new.code)
        seen.add(new.code)


def _unit(new: NewUnit, parent: Unit | None) -> Unit:
    if parent and _DEPTH[new.level] <= _DEPTH[Level(parent.level)]:
        raise LevelNotBelow(level=new.level.label, parent_level=Level(parent.level).label)
    path = f"{parent.path if parent else '/'}{new.code}/"
    return Unit(parent=parent, level=new.level, code=new.code, name=new.name, path=path)


def _insert(units: list[Unit]) -> list[Unit]:
    try:
        with transaction.atomic():
            return Unit.objects.bulk_create(units, batch_size=BATCH)
    except IntegrityError:
        codes = [unit.code for unit in units]
        taken = Unit.objects.filter(code__in=codes).values_list("code", flat=True).first()
        raise UnitCodeTaken(unit=taken or codes[0]) from None
