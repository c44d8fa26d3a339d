"""How a judging unit joins the scheme: pilot, demonstration, admitted after a check (试点、示范、验收).

Only an admitted unit issues points. Its pools are opened when it is admitted, and stay when it is suspended.
"""

from collections.abc import Callable
from datetime import date
from typing import Final

from django.db import transaction

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.ledger.models import AccountKind
from xiangyue.ledger.operations.opening import open_pools
from xiangyue.people.models import Joining, JoiningStep, Level, Unit
from xiangyue.people.offices import Act
from xiangyue.people.operations.successions import ONE_DAY, require_day
from xiangyue.people.operations.units import BATCH, known_unit, locked_unit, open_judging_units
from xiangyue.people.permissions import require
from xiangyue.people.tree_refusals import BasisMissing, JoiningNotNext, NotAdmitted, NotAJudgingUnit
from xiangyue.records.operations import log_act

BASIS_LENGTH: Final = 200
FOUNDING: Final = "建立辖区"

# What may follow what. Suspending leads an admitted unit back to demonstration.
NEXT: Final = {
    Joining.OUTSIDE: {Joining.PILOT},
    Joining.PILOT: {Joining.DEMONSTRATION},
    Joining.DEMONSTRATION: {Joining.ADMITTED},
    Joining.ADMITTED: {Joining.DEMONSTRATION},
}

LevelSource = Callable[[], Level]
_judging_level: list[LevelSource] = []


def judge_at(source: LevelSource) -> None:
    """Register who knows at which level this scheme judges: the room that holds its rules."""
    _judging_level[:] = [source]


@transaction.atomic
def step_joining(
    *, actor: Actor, unit_id: int, joining: Joining, basis: str, on: date | None = None
) -> JoiningStep:
    """Let a judging unit take the next step of joining, or suspend an admitted one, from a day on (today).

    basis: what it rests on: a decision, the minutes of a check, the reason for suspending.
    Raises: UnknownUnit, UnitEnded, NotAllowed, NotAJudgingUnit, BasisMissing, JoiningNotNext, DayAhead, ChangedSince.
    """
    actor = require(actor, Act.MANAGE_PEOPLE, known_unit(unit_id))
    unit = locked_unit(unit_id)
    first = on or clock.today()
    _require_judging(unit)
    basis = basis.strip()
    if not 0 < len(basis) <= BASIS_LENGTH:
        raise BasisMissing
    if joining not in NEXT[Joining(unit.joining)]:
        raise JoiningNotNext(
            name=unit.name, joining=Joining(unit.joining).label, wanted=Joining(joining).label
        )
    last_step = unit.joining_steps.order_by("-since").first()
    require_day(first, last_step.since if last_step else unit.since - ONE_DAY)
    before, unit.joining = unit.joining, joining
    if joining == Joining.ADMITTED and unit.holder_id is None:
        (unit.holder_id,) = open_pools(count=1, kinds=[AccountKind.ISSUED])
    unit.save(update_fields=["joining", "holder"])
    step = JoiningStep.objects.create(unit=unit, joining=joining, since=first, basis=basis)
    log_act(
        actor=actor,
        act="join",
        subject="unit",
        subject_ids=[unit.pk],
        from_state=before,
        to_state=joining,
        reason=f"step:{step.pk}",
    )
    return step


@transaction.atomic
def admit_all(*, actor: Actor, level: Level, basis: str = FOUNDING) -> int:
    """Admit every unit of a level at once, with its pools: where a scheme begins everywhere; give how many.

    Those that have taken a step already are left to go on by themselves.
    """
    open_judging_units(actor=actor, level=level)
    units = list(
        Unit.objects.filter(level=level, joining=Joining.OUTSIDE, until=None, joining_steps=None).order_by(
            "path"
        )
    )
    JoiningStep.objects.bulk_create(
        (
            JoiningStep(unit=unit, joining=Joining.ADMITTED, since=clock.today(), basis=basis)
            for unit in units
        ),
        batch_size=BATCH,
    )
    Unit.objects.filter(id__in=[unit.pk for unit in units]).update(joining=Joining.ADMITTED)
    log_act(
        actor=actor,
        act="join",
        subject="unit",
        subject_ids=[unit.pk for unit in units],
        from_state=Joining.OUTSIDE,
        to_state=Joining.ADMITTED,
    )
    return len(units)


def require_admitted(unit: Unit) -> None:
    """Refuse to issue points for a unit that is not admitted. Raises: NotAdmitted."""
    if unit.joining != Joining.ADMITTED:
        raise NotAdmitted(unit=unit.name, joining=Joining(unit.joining).label)


def _require_judging(unit: Unit) -> None:
    for source in _judging_level:
        level = source()
        if unit.level != level:
            raise NotAJudgingUnit(name=unit.name, level=level.label)
