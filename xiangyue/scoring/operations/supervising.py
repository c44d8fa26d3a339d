"""Supervisors' remarks on shares: made while there is something to settle, answered by the village (监督意见).

A supervisor never scores. What one marks as held does not settle, in whatever edition, until it is answered, or until
the supervisor lets it go.
"""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.offices import Act
from xiangyue.people.permissions import NotAllowed, require
from xiangyue.records.operations import log_act, send
from xiangyue.scoring.models import Decision, Deed, DeedState, NoticeLine, NoticeSheet, Remark, Share, Verdict
from xiangyue.scoring.objection_refusals import (
    HoldsNothing,
    NotTheSupervisor,
    OwnRemark,
    RemarkAnswered,
    SharePosted,
    UnknownRemark,
    UnknownShare,
)
from xiangyue.scoring.permissions import require_stranger
from xiangyue.scoring.queries import posted_lines
from xiangyue.scoring.refusals import ReasonMissing, WrongState

ENDED = (DeedState.WITHDRAWN, DeedState.REJECTED)


@transaction.atomic
def remark(*, actor: Actor, share_id: int, text: str, holds: bool, key: str) -> Remark:
    """Write down what a supervisor thinks of a share that is not posted yet; the same key gives the same remark.

    holds: its lines don't settle until the remark is answered. Nobody remarks on what concerns them.
    Raises: ReasonMissing, UnknownShare, NotAllowed, OwnHousehold, BroughtByActor, WrongState, SharePosted.
    """
    if not text.strip():
        raise ReasonMissing
    share = _locked_share(share_id)
    actor = require(actor, Act.SUPERVISE, share.deed.unit)
    if actor.user_id is None:  # a remark is a person's
        raise NotAllowed(act=Act.SUPERVISE.label, unit=share.deed.unit.name)
    require_stranger(actor, [share])
    existing = Remark.objects.filter(key=key).first()
    if existing:
        return existing
    _require_unsettled(share)
    made = Remark.objects.create(
        share=share, text=text.strip(), holds=holds, made_by_id=actor.user_id, made_at=clock.now(), key=key
    )
    log_act(actor=actor, act="remark", subject="remark", subject_ids=[made.pk])
    send(topic="remark-made", payload={"remark": made.pk})
    return made


@transaction.atomic
def answer_remark(*, actor: Actor, remark_id: int, answer: str) -> Remark:
    """Answer a remark; what it held may settle. Who may hang out notices there does it, and nobody their own matter.

    Raises: UnknownRemark, NotAllowed, OwnRemark, OwnHousehold, BroughtByActor, RemarkAnswered, ReasonMissing.
    """
    made = _locked_remark(remark_id)
    actor = require(actor, Act.ISSUE_NOTICES, made.share.deed.unit)
    _require_another(actor, made)
    require_stranger(actor, [made.share])
    if made.answered_at:
        raise RemarkAnswered
    if not answer.strip():
        raise ReasonMissing
    made.answer, made.answered_by_id, made.answered_at = answer.strip(), actor.user_id, clock.now()
    made.save(update_fields=["answer", "answered_by", "answered_at"])
    log_act(actor=actor, act="answer", subject="remark", subject_ids=[made.pk])
    send(topic="remark-answered", payload={"remark": made.pk})
    return made


@transaction.atomic
def lift_hold(*, actor: Actor, remark_id: int) -> Remark:
    """Let go what one holds oneself; the remark stays, and can still be answered.

    Raises: UnknownRemark, NotAllowed, NotTheSupervisor, HoldsNothing.
    """
    made = _locked_remark(remark_id)
    actor = require(actor, Act.SUPERVISE, made.share.deed.unit)
    if made.made_by_id != actor.user_id:
        raise NotTheSupervisor
    if not made.holds or made.answered_at:
        raise HoldsNothing
    made.holds = False
    made.save(update_fields=["holds"])
    log_act(actor=actor, act="lift", subject="remark", subject_ids=[made.pk])
    return made


def _locked_share(share_id: int) -> Share:
    """Read a share with its deed locked, and the sheets on which its lines hang.

    Settling locks the sheets too: a remark is either seen by the settlement, or comes too late and hears so. Who
    hangs the share out for the first time just now is in nobody's way: its line settles days later.
    """
    share = Share.objects.filter(id=share_id).first()
    if share is None:
        raise UnknownShare(share=share_id)
    Deed.objects.select_for_update().get(id=share.deed_id)
    hung = NoticeLine.objects.filter(share=share).values("sheet")
    list(NoticeSheet.objects.filter(id__in=hung).select_for_update().order_by("id"))
    return Share.objects.select_related("deed__unit").get(id=share_id)


def _require_unsettled(share: Share) -> None:
    state = DeedState(share.deed.state)
    refused = Q(verdict=Verdict.REJECT) | Q(confirmation__is_confirmed=False)
    if Decision.objects.filter(refused, share=share).exists():
        state = DeedState.REJECTED  # of a deed with several shares, one alone may have been turned down
    if state in ENDED:
        raise WrongState(state=state.label, act=_("提监督意见"))
    if posted_lines(NoticeLine.objects.filter(share=share)).exists():
        raise SharePosted


def _require_another(actor: Actor, made: Remark) -> None:
    if made.made_by_id == actor.user_id:
        raise OwnRemark


def _locked_remark(remark_id: int) -> Remark:
    made = Remark.objects.select_for_update(of=("self",)).filter(id=remark_id).first()
    if made is None:
        raise UnknownRemark(remark=remark_id)
    return Remark.objects.select_related("share__deed__unit").get(id=remark_id)
