"""The one place where a deed changes its state (DOMAIN §3)."""

from collections.abc import Collection
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from xiangyue.kernel.actors import Actor
from xiangyue.records.operations import log_act, send
from xiangyue.scoring.models import Deed, DeedState
from xiangyue.scoring.refusals import WrongState


class DeedAct(StrEnum):
    VERIFY = "verify"
    RETURN = "return"
    RESUBMIT = "resubmit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    JUDGE = "judge"  # approve, subject to the assembly
    CONFIRM = "confirm"
    REJECT = "reject"


ACT_WORDS = {
    DeedAct.VERIFY: _("核实"),
    DeedAct.RETURN: _("退回"),
    DeedAct.RESUBMIT: _("重新报"),
    DeedAct.WITHDRAW: _("撤回"),
    DeedAct.APPROVE: _("评定"),
    DeedAct.JUDGE: _("评定"),
    DeedAct.CONFIRM: _("确认"),
    DeedAct.REJECT: _("评定"),
}

TRANSITIONS: dict[tuple[DeedState, DeedAct], DeedState] = {
    (DeedState.SUBMITTED, DeedAct.VERIFY): DeedState.VERIFIED,
    (DeedState.SUBMITTED, DeedAct.RETURN): DeedState.RETURNED,
    (DeedState.SUBMITTED, DeedAct.REJECT): DeedState.REJECTED,
    (DeedState.SUBMITTED, DeedAct.WITHDRAW): DeedState.WITHDRAWN,
    (DeedState.RETURNED, DeedAct.RESUBMIT): DeedState.SUBMITTED,
    (DeedState.RETURNED, DeedAct.WITHDRAW): DeedState.WITHDRAWN,
    (DeedState.VERIFIED, DeedAct.RETURN): DeedState.RETURNED,
    (DeedState.VERIFIED, DeedAct.WITHDRAW): DeedState.WITHDRAWN,
    (DeedState.VERIFIED, DeedAct.APPROVE): DeedState.APPROVED,
    (DeedState.VERIFIED, DeedAct.JUDGE): DeedState.JUDGED,
    (DeedState.VERIFIED, DeedAct.REJECT): DeedState.REJECTED,
    (DeedState.JUDGED, DeedAct.CONFIRM): DeedState.APPROVED,
    (DeedState.JUDGED, DeedAct.REJECT): DeedState.REJECTED,
}
TURNED_DOWN = (DeedState.RETURNED, DeedState.REJECTED)  # whoever brought it is told


def next_state(deed: Deed, act: DeedAct) -> DeedState:
    """Give the state that an act leads to. Raises: WrongState when the deed can't be acted on so."""
    try:
        return TRANSITIONS[DeedState(deed.state), act]
    except KeyError:
        raise WrongState(state=deed.get_state_display(), act=ACT_WORDS[act]) from None


def advance(
    deeds: Collection[Deed],
    act: DeedAct,
    *,
    actor: Actor,
    reason: str = "",
    on_behalf_of: int | None = None,
) -> None:
    """Move locked deeds, all of one state, to the state that an act leads to, and log it for each.

    on_behalf_of: the household for which it is done (代办), if it is.
    Raises: WrongState for the first that can't be moved; then none is.
    """
    moved: dict[tuple[str, DeedState], list[int]] = {}
    for deed in deeds:
        moved.setdefault((deed.state, next_state(deed, act)), []).append(deed.pk)
    for (from_state, to_state), ids in moved.items():
        Deed.objects.filter(id__in=ids).update(state=to_state)
        log_act(
            actor=actor,
            act=act,
            subject="deed",
            subject_ids=ids,
            from_state=from_state,
            to_state=to_state,
            reason=reason,
            on_behalf_of=on_behalf_of,
        )
        if to_state in TURNED_DOWN:
            send(topic="deeds-turned-down", payload={"deeds": ids, "state": to_state})
    for deed in deeds:
        deed.state = next_state(deed, act)
