"""The instances that answer an objection, one after the other: the village, the supervision group, the town.

Each has its days. An instance may answer until its last day has passed, those above it at any time; the town, above
which there is none here, also when it is late.
"""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Final

from xiangyue.catalogue.rules.scheme import Way
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Unit
from xiangyue.people.offices import Act, Office
from xiangyue.people.permissions import NotAllowed, require
from xiangyue.scoring.models import Instance, Objection, ScoringRules
from xiangyue.scoring.objection_refusals import PassedOn

OFFICES: Final[Mapping[Instance, Office]] = {
    Instance.VILLAGE: Office.VILLAGE_SECRETARY,
    Instance.SUPERVISION: Office.SUPERVISOR,
    Instance.TOWN: Office.TOWN_OFFICIAL,
}
ORDER: Final = tuple(OFFICES)
NEXT: Final = dict(pairwise(ORDER))


def last_day(day: date) -> date:
    """Give the last day to answer what came to an instance on a day, in working days."""
    return Way(objection_days=ScoringRules.objects.get().objection_days).answer_by(day)


def instance_on(objection: Objection, day: date) -> Instance:
    """Give the lowest instance that may answer on a day, whether the job that passes it on has run or not."""
    instance = Instance(objection.instance)
    return NEXT.get(instance, instance) if objection.answer_by < day else instance


def is_overdue(objection: Objection, day: date) -> bool:
    """Tell whether the town owes an answer whose day has passed: nobody is left to whom it could be passed on."""
    return objection.instance == Instance.TOWN and objection.answer_by < day


def require_instance(actor: Actor, unit: Unit, objection: Objection) -> Actor:
    """Insist that the actor answers objections at this unit, at the instance whose turn it is or above it.

    Raises: NotAllowed for who answers none; PassedOn for whom it has left.
    """
    instance = instance_on(objection, clock.today())
    offices = [OFFICES[each] for each in ORDER[ORDER.index(instance) :]]
    try:
        return require(actor, Act.ANSWER_OBJECTIONS, unit, of=offices)
    except NotAllowed:
        require(actor, Act.ANSWER_OBJECTIONS, unit)
        raise PassedOn(instance=instance.label, answer_by=objection.answer_by) from None
