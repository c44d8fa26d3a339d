"""Special notices: urgent good deeds hang out at once, and don't wait for the month's notice (专项公示, DOMAIN §3)."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Max

from xiangyue.kernel.actors import Actor
from xiangyue.kernel.periods import Period
from xiangyue.people.offices import Act
from xiangyue.people.operations.joining import require_admitted
from xiangyue.people.operations.units import locked_unit
from xiangyue.people.permissions import require
from xiangyue.people.person import households_near
from xiangyue.records.operations import log_act, send
from xiangyue.scoring.models import Notice, NoticeLine, Share
from xiangyue.scoring.operations.hanging import hang
from xiangyue.scoring.queries import noticeable_shares
from xiangyue.scoring.refusals import (
    HungAlready,
    NothingDecided,
    NotNoticeable,
    OnlyGoodDeeds,
    OwnHousehold,
    ReasonMissing,
)


@transaction.atomic
def issue_special(
    *, actor: Actor, unit_id: int, period: Period, share_ids: Collection[int], reason: str
) -> Notice:
    """Hang out some of what was decided for a period before its regular notice, which will leave it out.

    Good deeds only: awards that can be hung out and never were. The notice counts with the period's other special
    ones, from 1; its lines are numbered by themselves, and objected to, corrected and settled like all others.
    reason: why it can't wait; kept for the archive and not shown in public, since it might name somebody. Whoever
    chooses what comes first doesn't choose for their own household or near relatives (recusal).
    Raises: UnitEnded, NotAllowed, NotAdmitted, ReasonMissing, NothingDecided, NotNoticeable, HungAlready,
    OnlyGoodDeeds, OwnHousehold.
    """
    unit = locked_unit(unit_id)
    actor = require(actor, Act.ISSUE_NOTICES, unit)
    require_admitted(unit)
    if not reason.strip():
        raise ReasonMissing
    if not share_ids:
        raise NothingDecided(unit=unit.name, period=str(period))
    chosen = noticeable_shares(unit, period).filter(id__in=share_ids)
    _require_urgent(actor, chosen.in_bulk(), share_ids)
    last = Notice.objects.filter(unit=unit, period=str(period)).aggregate(last=Max("special"))["last"]
    notice = hang(
        unit=unit, period=str(period), shares=chosen, special=(last or 0) + 1, reason=reason.strip()
    )
    log_act(actor=actor, act="issue", subject="notice", subject_ids=[notice.pk])
    send(topic="notice-issued", payload={"notice": notice.pk})
    return notice


def _require_urgent(actor: Actor, found: dict[int, Share], share_ids: Collection[int]) -> None:
    unknown = sorted(set(share_ids) - set(found))
    if unknown:
        raise NotNoticeable(share=unknown[0])
    hung = NoticeLine.objects.filter(share__in=found).order_by("share_id").values_list("share_id", flat=True)
    if hung:
        raise HungAlready(share=hung[0])
    near = households_near(actor)
    for share in found.values():
        if (share.points or 0) <= 0:
            raise OnlyGoodDeeds(share=share.pk)
        if share.household_id in near:
            raise OwnHousehold
