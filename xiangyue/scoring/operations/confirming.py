"""The representatives' assembly confirms what the committee decided (村民代表会议确认; guyuan, DOMAIN §3).

It says yes to the list, or names what it refuses and why. What it refused gets no points and is not hung out. Whom a
share concerns leaves it to others here too.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Body
from xiangyue.people.offices import Act
from xiangyue.people.operations.units import locked_unit
from xiangyue.people.permissions import require
from xiangyue.people.person import households_near, households_near_users
from xiangyue.scoring.models import Confirmation, Decision, Deed, Meeting
from xiangyue.scoring.operations.finishing import move_deeds
from xiangyue.scoring.operations.meetings import known_meeting, require_open, voters_at
from xiangyue.scoring.permissions import is_recused, require_stranger
from xiangyue.scoring.queries import confirms_by_assembly, unconfirmed
from xiangyue.scoring.refusals import (
    NoAssembly,
    NotAtMeeting,
    NotCarried,
    ReasonMissing,
    RuledTwice,
    UnknownDeed,
    VotesImpossible,
)


@dataclass(frozen=True)
class Refused:
    """A share that the assembly did not confirm. votes_against: of those who could vote; None where all were."""

    share_id: int
    reason: str
    votes_against: int | None = None


@transaction.atomic
def confirm_decisions(
    *, actor: Actor, meeting_id: int, refusals: Sequence[Refused] = (), votes_against: int = 0
) -> list[Confirmation]:
    """Record an assembly's word on everything that waits for it in its period; give what was recorded.

    refusals: what is not confirmed, each with its reason. votes_against: against the list of all others. Shares that
    concern the recorder are left to another representative, who records them with the same call.
    Raises: NoAssembly, UnknownMeeting, NotAtMeeting, NotAllowed, PeriodClosed, RuledTwice, UnknownDeed,
    OwnHousehold, BroughtByActor, ReasonMissing, VotesImpossible, NotCarried.
    """
    if not confirms_by_assembly():
        raise NoAssembly
    meeting = known_meeting(meeting_id)
    unit = locked_unit(meeting.unit_id)
    voters = voters_at(meeting, Body.ASSEMBLY)
    if actor.user_id not in voters:
        raise NotAtMeeting
    actor = require(actor, Act.CONFIRM_DECISIONS, unit)
    period = Period.parse(meeting.period)
    require_open(unit, period)
    waiting = {decision.share_id: decision for decision in unconfirmed(unit, period)}
    refused: dict[int, Refused] = {}
    for refusal in refusals:
        if refused.setdefault(refusal.share_id, refusal) is not refusal:
            raise RuledTwice(share=refusal.share_id)
    if refused.keys() - waiting.keys():
        raise UnknownDeed(deed=min(refused.keys() - waiting.keys()))
    require_stranger(actor, [waiting[share_id].share for share_id in refused])
    near = households_near(actor)
    mine = [one for one in waiting.values() if not is_recused(actor, one.share, near)]
    _lock_deeds(mine)
    of_voters = households_near_users(voters)
    made = Confirmation.objects.bulk_create(
        _word(actor, meeting, one, refused.get(one.share_id), votes_against, voters, of_voters)
        for one in mine
    )
    move_deeds(actor, [one.share for one in mine])
    return made


def _word(
    actor: Actor,
    meeting: Meeting,
    decision: Decision,
    refusal: Refused | None,
    against: int,
    voters: Collection[int],
    near: dict[int, set[int]],
) -> Confirmation:
    able = sum(not is_recused(Actor.user(user), decision.share, near.get(user, set())) for user in voters)
    if refusal:
        if not refusal.reason.strip():
            raise ReasonMissing
        against = able if refusal.votes_against is None else refusal.votes_against
    else:
        against = min(against, able)  # of those against the list, some may have to leave a share to others
    if not 0 <= against <= able:
        raise VotesImpossible(against=against, voters=able)
    carried = (able - against) * 2 > able
    if carried == bool(refusal):
        raise NotCarried(votes_for=against if refusal else able - against, voters=able)
    return Confirmation(
        meeting=meeting,
        decision=decision,
        is_confirmed=carried,
        reason=refusal.reason.strip() if refusal else "",
        votes_for=able - against,
        votes_against=against,
        recused=len(voters) - able,
        recorded_by_id=actor.id,
        recorded_at=clock.now(),
    )


def _lock_deeds(decisions: Collection[Decision]) -> None:
    ids = {decision.share.deed_id for decision in decisions}
    list(Deed.objects.select_for_update().filter(id__in=ids).order_by("id").values_list("id"))
