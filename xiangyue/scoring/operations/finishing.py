"""Moving deeds on once something was decided or confirmed of them."""

from collections.abc import Collection, Iterable

from xiangyue.kernel.actors import Actor
from xiangyue.scoring.models import Decision, Deed, DeedState, Share, Verdict
from xiangyue.scoring.queries import confirms_by_assembly
from xiangyue.scoring.states import DeedAct, advance


def move_deeds(actor: Actor, shares: Iterable[Share]) -> None:
    """Advance the locked deeds of some shares, of which decisions or confirmations were just written.

    A deed is decided when all its shares are, and goes on when the assembly, where it confirms, has spoken on all
    that were approved. It is approved when any share of it is, at the end.
    """
    deeds = {share.deed_id: share.deed for share in shares}
    decisions = Decision.objects.filter(share__deed__in=deeds)
    approved = decisions.exclude(verdict=Verdict.REJECT)
    undecided = _deeds_of(Share.objects.filter(deed__in=deeds, decision=None).values_list("deed_id"))
    agreed = _deeds_of(approved.values_list("share__deed_id"))
    by_assembly = confirms_by_assembly()
    decided = [
        deed for deed in deeds.values() if deed.state == DeedState.VERIFIED and deed.pk not in undecided
    ]
    _advance(actor, decided, agreed, DeedAct.JUDGE if by_assembly else DeedAct.APPROVE)
    if not by_assembly:
        return
    waiting = _deeds_of(approved.filter(confirmation=None).values_list("share__deed_id"))
    confirmed = _deeds_of(approved.filter(confirmation__is_confirmed=True).values_list("share__deed_id"))
    spoken = [deed for deed in deeds.values() if deed.state == DeedState.JUDGED and deed.pk not in waiting]
    _advance(actor, spoken, confirmed, DeedAct.CONFIRM)


def _advance(actor: Actor, deeds: Collection[Deed], agreed: Collection[int], act: DeedAct) -> None:
    advance([deed for deed in deeds if deed.pk in agreed], act, actor=actor)
    advance([deed for deed in deeds if deed.pk not in agreed], DeedAct.REJECT, actor=actor)


def _deeds_of(rows: Iterable[tuple[int]]) -> set[int]:
    return {deed_id for (deed_id,) in rows}
