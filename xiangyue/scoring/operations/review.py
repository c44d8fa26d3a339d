"""Verifying deeds before the meeting: somebody responsible for the household vouches, or sends the deed back."""

from collections.abc import Sequence

from django.db import transaction

from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Unit
from xiangyue.people.offices import Act
from xiangyue.people.permissions import require
from xiangyue.people.queries import households_of
from xiangyue.scoring.models import Deed, Share
from xiangyue.scoring.operations.bringing import locked_deed
from xiangyue.scoring.refusals import OwnHousehold, ReasonMissing, UnknownDeed
from xiangyue.scoring.states import DeedAct, advance


@transaction.atomic
def verify_deeds(*, actor: Actor, deed_ids: Sequence[int]) -> list[Deed]:
    """Vouch for deeds, all or none of them; they then wait for the meeting.

    Raises: UnknownDeed, NotAllowed, OwnHousehold, WrongState.
    """
    deeds = list(Deed.objects.select_for_update().filter(id__in=deed_ids).order_by("id"))
    missing = set(deed_ids) - {deed.pk for deed in deeds}
    if missing:
        raise UnknownDeed(deed=min(missing))
    _require_responsible(actor, deed_ids)
    advance(deeds, DeedAct.VERIFY, actor=actor)
    Deed.objects.filter(id__in=deed_ids).update(verified_by=actor.user_id)
    return deeds


@transaction.atomic
def return_deed(*, actor: Actor, deed_id: int, reason: str) -> Deed:
    """Send a deed back to whoever brought it, saying what is missing.

    Raises: UnknownDeed, NotAllowed, OwnHousehold, ReasonMissing, WrongState.
    """
    return _send_away(actor, deed_id, DeedAct.RETURN, reason)


@transaction.atomic
def reject_deed(*, actor: Actor, deed_id: int, reason: str) -> Deed:
    """End a deed before the meeting, since it did not happen or does not count, and say why.

    Raises: UnknownDeed, NotAllowed, OwnHousehold, ReasonMissing, WrongState.
    """
    return _send_away(actor, deed_id, DeedAct.REJECT, reason)


def _send_away(actor: Actor, deed_id: int, act: DeedAct, reason: str) -> Deed:
    if not reason.strip():
        raise ReasonMissing
    deed = locked_deed(deed_id)
    _require_responsible(actor, [deed_id])
    advance([deed], act, actor=actor, reason=reason)
    return deed


def _require_responsible(actor: Actor, deed_ids: Sequence[int]) -> None:
    shares = Share.objects.filter(deed_id__in=deed_ids)
    if shares.filter(household_id__in=households_of(actor)).exists():
        raise OwnHousehold
    for unit in Unit.objects.filter(id__in=shares.values("household__unit_id")):
        require(actor, Act.VERIFY_DEEDS, unit)
