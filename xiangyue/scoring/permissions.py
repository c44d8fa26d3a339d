"""Who may do what with deeds: offices, and recusal (回避): nobody decides a deed of their own household or one they
brought themselves (DOMAIN §3, §7)."""

from collections.abc import Iterable

from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.people.queries import households_of
from xiangyue.scoring.models import Deed, Share
from xiangyue.scoring.refusals import BroughtByActor, OwnHousehold


def brought_by(actor: Actor, deed: Deed, own_households: set[int]) -> bool:
    """Tell whether the actor brought this deed, or somebody of their household did by its card."""
    if deed.brought_by_kind == ActorKind.CARD:
        return deed.brought_by_id in own_households
    return deed.brought_by_kind == actor.kind and deed.brought_by_id == actor.id


def is_recused(actor: Actor, share: Share, own_households: set[int]) -> bool:
    """Tell whether the actor must leave the decision on this share to others."""
    return share.household_id in own_households or brought_by(actor, share.deed, own_households)


def require_stranger(actor: Actor, shares: Iterable[Share]) -> None:
    """Refuse an actor who would judge what is theirs. Raises: OwnHousehold, BroughtByActor."""
    if actor.kind is ActorKind.SYSTEM:
        return
    own = households_of(actor)
    for share in shares:
        if share.household_id in own:
            raise OwnHousehold
        if brought_by(actor, share.deed, own):
            raise BroughtByActor
