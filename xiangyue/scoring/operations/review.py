"""Verifying deeds before the meeting: somebody responsible for the household vouches, or sends the deed back.

What many households did together is vouched for share by share, each by someone responsible for that household who
is not of it; the deed goes to the meeting when the last share has been.
"""

from collections.abc import Collection, Iterable, Sequence

from django.db import transaction

from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Household, Unit
from xiangyue.people.offices import Act
from xiangyue.people.permissions import may, require
from xiangyue.people.person import households_near
from xiangyue.records.operations import log_act
from xiangyue.scoring.models import Deed, DeedState, Share
from xiangyue.scoring.operations.bringing import locked_deed, require_undecided
from xiangyue.scoring.refusals import OwnHousehold, ReasonMissing, UnknownDeed
from xiangyue.scoring.states import DeedAct, advance, next_state


@transaction.atomic
def verify_deeds(*, actor: Actor, deed_ids: Sequence[int]) -> list[Deed]:
    """Vouch for the shares of deeds for which one is responsible, in all of the deeds or in none.

    Gives the deeds; those whose last share was vouched for wait for the meeting now.
    Raises: UnknownDeed, WrongState; NotAllowed, OwnHousehold for a deed with no share that the actor may vouch for.
    """
    deeds = list(Deed.objects.select_for_update().filter(id__in=deed_ids).order_by("id"))
    missing = set(deed_ids) - {deed.pk for deed in deeds}
    if missing:
        raise UnknownDeed(deed=min(missing))
    for deed in deeds:
        next_state(deed, DeedAct.VERIFY)
    waiting = list(unverified_shares(deed_ids))
    vouched = vouchable(actor, waiting)
    for deed in deeds:
        _require_any(actor, [share for share in waiting if share.deed_id == deed.pk], vouched)
    Share.objects.filter(id__in=vouched).update(verified_by=actor.user_id)
    if vouched:
        actor = require(
            actor, Act.VERIFY_DEEDS, next(each for each in waiting if each.pk in vouched).household.unit
        )
    log_act(actor=actor, act="vouch", subject="share", subject_ids=sorted(vouched))
    left = {share.deed_id for share in waiting if share.pk not in vouched}
    advance([deed for deed in deeds if deed.pk not in left], DeedAct.VERIFY, actor=actor)
    return deeds


@transaction.atomic
def return_deed(*, actor: Actor, deed_id: int, reason: str) -> Deed:
    """Send a deed back to whoever brought it, saying what is missing.

    Raises: UnknownDeed, NotAllowed, OwnHousehold, ReasonMissing, WrongState, PartlyDecided.
    """
    return _send_away(actor, deed_id, DeedAct.RETURN, reason)


@transaction.atomic
def reject_deed(*, actor: Actor, deed_id: int, reason: str) -> Deed:
    """End a deed before the meeting, since it did not happen or does not count, and say why.

    Raises: UnknownDeed, NotAllowed, OwnHousehold, ReasonMissing, WrongState, PartlyDecided.
    """
    return _send_away(actor, deed_id, DeedAct.REJECT, reason)


def unverified_shares(deed_ids: Iterable[int]) -> Iterable[Share]:
    """Give the shares of deeds that nobody has vouched for yet, with what a permission asks about."""
    return Share.objects.filter(deed_id__in=deed_ids, verified_by=None).select_related("household__unit")


def vouchable(actor: Actor, shares: Iterable[Share]) -> set[int]:
    """Give the ids of the shares that the actor may vouch for: in their office's units, none of them near."""
    own = households_near(actor)
    known: dict[int, bool] = {}
    found = set()
    for share in shares:
        unit = share.household.unit
        if unit.pk not in known:
            known[unit.pk] = may(actor, Act.VERIFY_DEEDS, unit)
        if known[unit.pk] and share.household_id not in own:
            found.add(share.pk)
    return found


def verifiable_by(actor: Actor, unit: Unit) -> list[int]:
    """Give the ids of the submitted deeds in a judging unit with a share that the actor may vouch for."""
    submitted = Deed.objects.filter(unit=unit, state=DeedState.SUBMITTED).values_list("id", flat=True)
    waiting = list(unverified_shares(submitted))
    vouched = vouchable(actor, waiting)
    return sorted({share.deed_id for share in waiting if share.pk in vouched})


def _require_any(actor: Actor, shares: Collection[Share], vouched: Collection[int]) -> None:
    if any(share.pk in vouched for share in shares):
        return
    own = households_near(actor)
    if any(share.household_id in own for share in shares):
        raise OwnHousehold
    for share in shares:
        require(actor, Act.VERIFY_DEEDS, share.household.unit)


def _send_away(actor: Actor, deed_id: int, act: DeedAct, reason: str) -> Deed:
    """Whoever ends a deed answers for all of its households, and is of none of them."""
    if not reason.strip():
        raise ReasonMissing
    deed = locked_deed(deed_id)
    households = Household.objects.filter(id__in=deed.shares.values("household_id"))
    if households.filter(id__in=households_near(actor)).exists():
        raise OwnHousehold
    for unit in Unit.objects.filter(id__in=households.values("unit_id")):
        actor = require(actor, Act.VERIFY_DEEDS, unit)
    require_undecided(deed, act)
    advance([deed], act, actor=actor, reason=reason)
    return deed
