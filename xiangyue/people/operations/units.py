"""Every write on the tree of units."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import IntegrityError, transaction

from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.ledger.models import AccountKind
from xiangyue.ledger.operations.opening import open_pools
from xiangyue.people.models import Level, Unit
from xiangyue.people.offices import Act
from xiangyue.people.permissions import require
from xiangyue.people.refusals import (
    BadUnitCode,
    BadUnitName,
    LevelNotBelow,
    UnitCodeTaken,
    UnitNameTaken,
    UnknownUnit,
)
from xiangyue.records.operations import log_act

BATCH: Final = 5000

_DEPTH: Final = {level: depth for depth, level in enumerate(Level)}
_SHORT: Final = re.compile(r"[0-9A-Za-z]{1,8}")
_NAME_LENGTH: Final = 60
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
    """Add one unit below a village or one of its parts; its code is the parent's with `short` behind.

    Raises: UnknownUnit, NotAllowed, LevelNotBelow, BadUnitCode, BadUnitName, UnitNameTaken, UnitCodeTaken.
    """
    parent = locked_unit(parent_id)
    require(actor, Act.MANAGE_PEOPLE, parent)
    name = name.strip()
    # Villages and what lies above them have official codes, and come with the founding.
    if _DEPTH[level] <= _DEPTH[Level.VILLAGE]:
        raise LevelNotBelow(level=level.label, parent_level=Level(parent.level).label)
    if not _SHORT.fullmatch(short):
        raise BadUnitCode(short=short)
    if not 0 < len(name) <= _NAME_LENGTH:
        raise BadUnitName(name=name)
    if Unit.objects.filter(parent=parent, name=name).exists():
        raise UnitNameTaken(name=name, parent=parent.name)
    (unit,) = _insert([_unit(NewUnit(f"{parent.code}-{short}", name, level, parent.code), parent)])
    log_act(actor=actor, act="create", subject="unit", subject_ids=[unit.pk])
    return unit


@transaction.atomic
def open_judging_units(*, actor: Actor, level: Level) -> int:
    """Open the pools that points are issued from, for every unit of a level that has none yet; give how many.

    For the level at which a scheme judges (DOMAIN §2 "judging unit"). Asked again, it serves newer units.
    """
    units = list(
        Unit.objects.select_for_update(no_key=True).filter(level=level, holder=None).order_by("path")
    )
    for unit, holder_id in zip(units, open_pools(count=len(units), kinds=_POOLS), strict=True):
        unit.holder_id = holder_id
    Unit.objects.bulk_update(units, ["holder"], batch_size=BATCH)
    log_act(actor=actor, act="open", subject="unit", subject_ids=[unit.pk for unit in units])
    return len(units)


def locked_unit(unit_id: int) -> Unit:
    """Read a unit, letting nobody else change what lies directly below it until the transaction ends.

    Whoever only refers to the unit is not held up. Raises: UnknownUnit.
    """
    try:
        return Unit.objects.select_for_update(no_key=True).get(id=unit_id)
    except Unit.DoesNotExist:
        raise UnknownUnit(unit=unit_id) from None


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
