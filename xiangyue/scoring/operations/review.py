"""Verifying deeds before the meeting: somebody responsible for the household vouches, or sends the deed back.

What many households did together is vouched for share by share, each by someone responsible for that household who
is not of it; the deed goes to the meeting when the last share has been.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import QuerySet

from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Unit
from xiangyue.records.operations import log_act
from xiangyue.scoring.models import Deed, DeedState, Share
from xiangyue.scoring.operations.bringing import locked_deed, require_undecided
from xiangyue.scoring.refusals import ReasonMissing, UnknownDeed
from xiangyue.scoring.states import DeedAct, advance, next_state
from xiangyue.scoring.vouching import RELATED, Matter, Voucher, matters_of


@transaction.atomic
def verify_deeds(*, actor: Actor, deed_ids: Sequence[int]) -> list[Deed]:
    """Vouch for the shares of deeds for which one is responsible, in all of the deeds or in none.

    Gives the deeds; those whose last share was vouched for wait for the meeting now. Whoever brought a deed does not
    vouch for it; who may is the scheme's and the indicator's to say (`vouching`).
    Raises: UnknownDeed, WrongState; NotAllowed, OwnHousehold, BroughtByActor, NotTheNamedVerifier for a deed with no
    share that the actor may vouch for.
    """
    deeds = list(Deed.objects.select_for_update().filter(id__in=deed_ids).order_by("id"))
    missing = set(deed_ids) - {deed.pk for deed in deeds}
    if missing:
        raise UnknownDeed(deed=min(missing))
    shares = list(Share.objects.filter(deed_id__in=deed_ids).select_related(*RELATED).order_by("id"))
    voucher = Voucher(actor, matters_of(shares))
    may = set(voucher.vouched)
    # Who may vouch for nothing of a deed hears that, and not how far it is.
    _require_each(voucher, may, voucher.matters)
    for deed in deeds:
        next_state(deed, DeedAct.VERIFY)
    done = {share.pk for share in shares if share.verified_by_id is not None}
    waiting = [matter for matter in voucher.matters if matter.share_id not in done]
    _require_each(voucher, may, waiting)
    vouched = [matter for matter in waiting if matter in may]
    left = {matter.deed_id for matter in waiting if matter not in may}
    ids = [matter.share_id for matter in vouched]
    Share.objects.filter(id__in=ids).update(verified_by=actor.user_id)
    actor = _in_office(voucher, vouched)
    log_act(actor=actor, act="vouch", subject="share", subject_ids=ids)
    advance([deed for deed in deeds if deed.pk not in left], DeedAct.VERIFY, actor=actor)
    return deeds


@transaction.atomic
def return_deed(*, actor: Actor, deed_id: int, reason: str) -> Deed:
    """Send a deed back to whoever brought it, saying what is missing.

    Raises: UnknownDeed, NotAllowed, OwnHousehold, BroughtByActor, NotTheNamedVerifier, ReasonMissing, WrongState,
    PartlyDecided.
    """
    return _send_away(actor, deed_id, DeedAct.RETURN, reason)


@transaction.atomic
def reject_deed(*, actor: Actor, deed_id: int, reason: str) -> Deed:
    """End a deed before the meeting, since it did not happen or does not count, and say why.

    Raises: UnknownDeed, NotAllowed, OwnHousehold, BroughtByActor, NotTheNamedVerifier, ReasonMissing, WrongState,
    PartlyDecided.
    """
    return _send_away(actor, deed_id, DeedAct.REJECT, reason)


def unverified_shares(deed_ids: Iterable[int]) -> QuerySet[Share]:
    """Give the shares of deeds that nobody has vouched for yet, with what a voucher asks about."""
    return (
        Share.objects.filter(deed_id__in=deed_ids, verified_by=None).select_related(*RELATED).order_by("id")
    )


def verifiable_by(actor: Actor, unit: Unit) -> list[int]:
    """Give the ids of the submitted deeds in a judging unit with a share that the actor may vouch for.

    Where several judging units lie below the unit, of all of them. In a constant number of queries.
    """
    submitted = Deed.objects.filter(unit__path__startswith=unit.path, state=DeedState.SUBMITTED)
    voucher = Voucher(actor, matters_of(unverified_shares(submitted.values_list("id", flat=True))))
    return sorted(_by_deed(voucher.vouched))


def _require_each(voucher: Voucher, may: Collection[Matter], matters: Iterable[Matter]) -> None:
    """Refuse, naming the reason, a deed of which the actor may vouch for none of these."""
    for of_deed in _by_deed(matters).values():
        if not any(matter in may for matter in of_deed):
            voucher.refuse(of_deed)


def _by_deed(matters: Iterable[Matter]) -> dict[int, list[Matter]]:
    found: dict[int, list[Matter]] = {}
    for matter in matters:
        found.setdefault(matter.deed_id, []).append(matter)
    return found


def _in_office(voucher: Voucher, vouched: Iterable[Matter]) -> Actor:
    """Give the actor with the office by which they vouch for the first of what they vouch for."""
    held = next(map(voucher.office_for, vouched), None)
    return replace(voucher.actor, office=held.office, place=held.unit.pk) if held else voucher.actor


def _send_away(actor: Actor, deed_id: int, act: DeedAct, reason: str) -> Deed:
    """Whoever ends a deed answers for all of its households, and is of none of them."""
    if not reason.strip():
        raise ReasonMissing
    deed = locked_deed(deed_id)
    shares = Share.objects.filter(deed=deed).select_related(*RELATED).order_by("id")
    voucher = Voucher(actor, matters_of(shares))
    if not all(map(voucher.may, voucher.matters)):
        voucher.refuse(voucher.matters)
    require_undecided(deed, act)
    advance([deed], act, actor=_in_office(voucher, voucher.vouched), reason=reason)
    return deed
