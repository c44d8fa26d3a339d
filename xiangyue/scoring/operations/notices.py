"""Issuing a period's regular notice: what was decided for it, frozen, masked, with digests and a deadline (公示)."""

from django.db import transaction

from xiangyue.kernel.actors import Actor
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Unit
from xiangyue.people.offices import Act
from xiangyue.people.operations.joining import require_admitted
from xiangyue.people.operations.units import locked_unit
from xiangyue.people.permissions import require
from xiangyue.records.operations import log_act, send
from xiangyue.scoring.models import Notice, NoticeLine
from xiangyue.scoring.operations.hanging import hang
from xiangyue.scoring.queries import confirms_by_assembly, noticeable_shares, unconfirmed
from xiangyue.scoring.refusals import AssemblyAwaited, NoticeExists


@transaction.atomic
def issue_notice(*, actor: Actor, unit_id: int, period: Period) -> Notice:
    """Hang out what was decided for a period: the first edition of its regular notice.

    What hangs, or hung, on a special notice is left out. From then on the period is closed, and its lines can be
    objected to until the deadline (its last day counts).
    Raises: UnitEnded, NotAllowed, NotAdmitted, NoticeExists, AssemblyAwaited, NothingDecided.
    """
    unit = locked_unit(unit_id)
    actor = require(actor, Act.ISSUE_NOTICES, unit)
    require_admitted(unit)
    if Notice.objects.filter(unit=unit, period=str(period), special=0).exists():
        raise NoticeExists(unit=unit.name, period=str(period))
    _require_confirmed(unit, period)
    special = NoticeLine.objects.filter(sheet__notice__unit=unit, sheet__notice__period=str(period))
    shares = noticeable_shares(unit, period).exclude(id__in=special.values("share_id"))
    notice = hang(unit=unit, period=str(period), shares=shares)
    log_act(actor=actor, act="issue", subject="notice", subject_ids=[notice.pk])
    send(topic="notice-issued", payload={"notice": notice.pk})
    return notice


def _require_confirmed(unit: Unit, period: Period) -> None:
    """Refuse to close a period while the assembly has still to speak: what waits could never hang."""
    waiting = unconfirmed(unit, period).count() if confirms_by_assembly() else 0
    if waiting:
        raise AssemblyAwaited(count=waiting)
