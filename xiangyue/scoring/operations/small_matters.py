"""Small matters: decided by the role that the indicator names, without a meeting (DOMAIN §3).

It takes three: who brought it, who verified it, and who decides it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.utils import translation

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Level
from xiangyue.people.offices import Act
from xiangyue.people.operations.units import locked_unit
from xiangyue.people.permissions import Held, NotAllowed, offices_at
from xiangyue.people.register import Register
from xiangyue.scoring.models import Decision, Share
from xiangyue.scoring.operations.finishing import move_deeds
from xiangyue.scoring.operations.meetings import (
    Ruling,
    judge_shares,
    locked_shares,
    require_open,
    require_reason,
)
from xiangyue.scoring.permissions import require_stranger
from xiangyue.scoring.refusals import NotASmallMatter, VerifiedByActor


@transaction.atomic
def decide_small(*, actor: Actor, unit_id: int, period: Period, rulings: Sequence[Ruling]) -> list[Decision]:
    """Decide shares of small matters by oneself, all or none, as the office that their indicators name.

    Votes of the rulings are not looked at. Limits are computed as at a meeting.
    Raises: NotAllowed, PeriodClosed, RuledTwice, UnknownDeed, WrongState, AlreadyDecided, NotASmallMatter,
    OwnHousehold, BroughtByActor, VerifiedByActor, ReasonMissing; the refusals of `catalogue.rules`.
    """
    unit = locked_unit(unit_id)
    held = offices_at(actor, Act.JUDGE_SMALL, unit)
    if not held:
        raise NotAllowed(act=Act.JUDGE_SMALL.label, unit=unit.name)
    require_open(unit, period)
    shares = locked_shares([ruling.share_id for ruling in rulings], unit)
    actor = _as_named(actor, held, list(shares.values()))
    require_stranger(actor, shares.values())
    require_third(actor, shares.values())
    for ruling in rulings:
        require_reason(ruling)
    judge_shares(rulings, shares)
    made = Decision.objects.bulk_create(
        Decision(
            unit=unit,
            period=str(period),
            share=shares[ruling.share_id],
            verdict=ruling.verdict,
            reason=ruling.reason,
            votes_for=0,
            votes_against=0,
            recused=0,
            decided_by_id=actor.id,
            decided_at=clock.now(),
        )
        for ruling in rulings
    )
    move_deeds(actor, shares.values())
    return made


def require_third(actor: Actor, shares: Iterable[Share]) -> None:
    """Refuse who has verified one of the shares. Raises: VerifiedByActor."""
    if any(share.verified_by_id == actor.user_id for share in shares):
        raise VerifiedByActor


def _as_named(actor: Actor, held: Sequence[Held], shares: Sequence[Share]) -> Actor:
    """Insist that the actor holds, where each household lives, the office that its indicator names (审批).

    An appointment covers what lies below its unit. Gives the actor with that office. Raises: NotASmallMatter.
    """
    named = _names_of(held)
    for share in shares:
        approver = share.deed.indicator.item.approved_by
        fitting = [
            one
            for one, names in zip(held, named, strict=True)
            if approver in names and share.household.unit.path.startswith(one.unit.path)
        ]
        if not fitting:
            raise NotASmallMatter(title=share.deed.indicator.title, approver=approver)
        actor = replace(actor, office=fitting[0].office, place=fitting[0].unit.pk)
    return actor


def _names_of(held: Sequence[Held]) -> list[tuple[str, str]]:
    """Give what each office is called there, and by itself: in the language of the tables, whoever reads."""
    register = Register()
    with translation.override(settings.LANGUAGE_CODE):
        return [(register.title(one.office, Level(one.unit.level)), str(one.office.label)) for one in held]
