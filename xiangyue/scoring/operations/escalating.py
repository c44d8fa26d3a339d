"""Objections that were not answered in time go one instance up: to the supervision group, then to the town (升级)."""

from collections import Counter
from dataclasses import dataclass

from django.db import transaction

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Unit
from xiangyue.people.offices import Act
from xiangyue.people.permissions import require
from xiangyue.records.operations import log_act, send
from xiangyue.scoring.instances import NEXT, last_day
from xiangyue.scoring.models import Instance, Objection
from xiangyue.scoring.objection_queries import overdue_objections


@dataclass(frozen=True)
class Escalation:
    """What a run passed on, by the instance that has to answer now; overdue: of the town's, which stay and are told."""

    moved: Counter[Instance]
    overdue: int


@transaction.atomic
def escalate_objections(*, actor: Actor) -> Escalation:
    """Pass every open objection whose day to answer has passed one instance up, with a new last day.

    One that waited long goes up by one instance all the same: each has its days. Running it again the same day, or
    twice at once, moves nothing twice. What the town has not answered in time stays with it, and is counted. Whoever
    may settle the whole county may run it by hand.
    Raises: NotAllowed.
    """
    root = Unit.objects.get(parent=None)
    actor = require(actor, Act.SETTLE, root)
    moved: Counter[Instance] = Counter()
    overdue: dict[Instance, list[int]] = {}
    for objection_id, instance in _locked_overdue():
        overdue.setdefault(Instance(instance), []).append(objection_id)
    for instance, ids in overdue.items():
        if instance in NEXT:
            _pass_on(actor, instance, ids)
            moved[NEXT[instance]] += len(ids)
    return Escalation(moved, len(overdue.get(Instance.TOWN, [])))


def _locked_overdue() -> list[tuple[int, str]]:
    # Whoever comes second waits here, and finds the rows' new days: nothing is passed on over an instance's head.
    late = overdue_objections(Unit.objects.get(parent=None))
    return list(late.select_for_update(of=("self",)).order_by("id").values_list("id", "instance"))


def _pass_on(actor: Actor, instance: Instance, ids: list[int]) -> None:
    Objection.objects.filter(id__in=ids).update(instance=NEXT[instance], answer_by=last_day(clock.today()))
    log_act(
        actor=actor,
        act="escalate",
        subject="objection",
        subject_ids=ids,
        from_state=instance,
        to_state=NEXT[instance],
    )
    send(topic="objections-escalated", payload={"objections": ids, "instance": NEXT[instance]})
