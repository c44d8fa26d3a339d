"""Who may do what with deeds: offices, and recusal (回避).

Nobody decides a deed of their own household, of a registered near relative's, or one they brought themselves
(DOMAIN §3, §7).
"""

from collections.abc import Iterable

from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.people.person import households_near
from xiangyue.scoring.models import Deed, Share
from xiangyue.scoring.refusals import BroughtByActor, OwnHousehold


def brought_by(actor: Actor, deed: Deed, near: set[int]) -> bool:
    """Tell whether the actor brought this deed, or somebody of a household near to them did by its card."""
    if deed.brought_by_kind == ActorKind.CARD:
        return deed.brought_by_id in near
    return deed.brought_by_kind == actor.kind and deed.brought_by_id == actor.id


def is_recused(actor: Actor, share: Share, near: set[int]) -> bool:
    """Tell whether the actor must leave the decision on this share to others. near: as `households_near` gives."""
    return share.household_id in near or brought_by(actor, share.deed, near)


def require_stranger(actor: Actor, shares: Iterable[Share]) -> None:
    """Refuse an actor who would judge what is theirs. Raises: OwnHousehold, BroughtByActor."""
    if actor.kind is ActorKind.SYSTEM:
        return
    near = households_near(actor)
    for share in shares:
        if share.household_id in near:
            raise OwnHousehold
        if brought_by(actor, share.deed, near):
            raise BroughtByActor
