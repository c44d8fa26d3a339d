"""The committee's meeting: where deeds are approved (评议会).

Who brought a deed, or is of its household or of a near relative's, neither votes on it nor records its decision. Limits
cut, and say so.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import translation

from xiangyue.catalogue.rules.telling import tell
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Unit
from xiangyue.people.offices import Act, Office
from xiangyue.people.operations.units import locked_unit
from xiangyue.people.permissions import require
from xiangyue.people.person import households_near_users
from xiangyue.people.queries import users_in_office
from xiangyue.records.operations import log_act, store_file
from xiangyue.scoring.judging import Ruled, judge_ruled, kept_of
from xiangyue.scoring.models import (
    Attendance,
    Decision,
    Deed,
    Meeting,
    Notice,
    ScoringRules,
    Share,
    Verdict,
)
from xiangyue.scoring.permissions import is_recused, require_stranger
from xiangyue.scoring.refusals import (
    AlreadyDecided,
    DayInFuture,
    NoQuorum,
    NotAtMeeting,
    NotCarried,
    NotOnCommittee,
    PeriodClosed,
    ReasonMissing,
    RuledTwice,
    UnknownDeed,
    VotesImpossible,
)
from xiangyue.scoring.states import DeedAct, advance, next_state
from xiangyue.users.models import User


@dataclass(frozen=True)
class Ruling:
    """What the meeting decided on one share.

    points: centipoints (a magnitude; the indicator says the sign) where the meeting sets or adjusts them.
    scores: of the judges, centipoints, where their median counts. reason: demanded for adjusting and rejecting.
    votes_against: of those who could vote.
    """

    share_id: int
    verdict: Verdict
    points: int | None = None
    reason: str = ""
    votes_against: int = 0
    scores: tuple[int, ...] = ()


@transaction.atomic
def hold_meeting(
    *,
    actor: Actor,
    unit_id: int,
    period: Period,
    held_on: date,
    attendee_ids: Sequence[int],
    minutes: tuple[str, bytes] | None = None,
    key: str,
) -> Meeting:
    """Open the record of a committee's meeting: who was there, of how many. The same key gives the same meeting.

    Raises: NotAllowed, PeriodClosed, DayInFuture, NotOnCommittee, NoQuorum.
    """
    unit = locked_unit(unit_id)
    actor = require(actor, Act.HOLD_MEETINGS, unit)
    existing = Meeting.objects.filter(key=key).first()
    if existing:
        return existing
    require_open(unit, period)
    if held_on > clock.today():
        raise DayInFuture(day=held_on)
    members = users_in_office(Office.COMMITTEE_MEMBER, unit, held_on)
    _require_quorum(attendee_ids, {member.pk for member in members})
    meeting = Meeting.objects.create(
        unit=unit,
        period=str(period),
        held_on=held_on,
        members=len(members),
        minutes=store_file(name=minutes[0], content=minutes[1]) if minutes else None,
        key=key,
    )
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, user_id=user_id) for user_id in sorted(set(attendee_ids))
    )
    log_act(actor=actor, act="hold", subject="meeting", subject_ids=[meeting.pk])
    return meeting


@transaction.atomic
def decide_deeds(*, actor: Actor, meeting_id: int, rulings: Sequence[Ruling]) -> list[Decision]:
    """Record a meeting's decisions on verified deeds, all or none; a share that this meeting decided stays decided.

    The recorder was at the meeting and is a stranger to every share. Limits are computed here, as a rule, in the
    order day of the act, id (catalogue/rules does the arithmetic).
    Raises: NotAtMeeting, NotAllowed, PeriodClosed, RuledTwice, UnknownDeed, WrongState, AlreadyDecided,
    OwnHousehold, BroughtByActor, ReasonMissing, VotesImpossible, NotCarried; the refusals of `catalogue.rules`.
    """
    meeting = Meeting.objects.get(id=meeting_id)
    unit = locked_unit(meeting.unit_id)
    voters = list(Attendance.objects.filter(meeting=meeting).values_list("user_id", flat=True))
    if actor.user_id not in voters:
        raise NotAtMeeting
    actor = require(actor, Act.JUDGE, unit)
    require_open(unit, Period.parse(meeting.period))
    decided = set(meeting.decisions.values_list("share_id", flat=True))
    fresh = [ruling for ruling in rulings if ruling.share_id not in decided]
    shares = _locked_shares([ruling.share_id for ruling in fresh], unit)
    require_stranger(actor, shares.values())
    decisions = _decide(actor, meeting, fresh, shares, voters)
    _move_deeds(actor, shares.values())
    return decisions


def require_open(unit: Unit, period: Period) -> None:
    """Refuse to decide for a period that is on notice already. Raises: PeriodClosed."""
    if Notice.objects.filter(unit=unit, period=str(period)).exists():
        raise PeriodClosed(period=str(period))


def _require_quorum(attendee_ids: Sequence[int], member_ids: set[int]) -> None:
    strangers = set(attendee_ids) - member_ids
    if strangers:
        names = User.objects.filter(id__in=strangers).order_by("id").values_list("name", flat=True)
        raise NotOnCommittee(names="、".join(names))
    needed = -(-len(member_ids) * ScoringRules.objects.get().quorum_percent // 100)
    if not attendee_ids or len(set(attendee_ids)) < needed:
        raise NoQuorum(members=len(member_ids), present=len(set(attendee_ids)), needed=needed)


def _locked_shares(share_ids: Sequence[int], unit: Unit) -> dict[int, Share]:
    repeated = [share_id for share_id, count in Counter(share_ids).items() if count > 1]
    if repeated:
        raise RuledTwice(share=repeated[0])
    deed_ids = Share.objects.filter(id__in=share_ids).values("deed_id")
    list(Deed.objects.select_for_update().filter(id__in=deed_ids, unit=unit).order_by("id"))
    shares = (
        Share.objects.filter(id__in=share_ids, deed__unit=unit)
        .select_related("deed__indicator__category", "deed__indicator__catalogue__unit", "deed__unit")
        .select_related("resident", "household", "like__category", "like__catalogue")
    )
    found = {share.pk: share for share in shares}
    missing = set(share_ids) - set(found)
    if missing:
        raise UnknownDeed(deed=min(missing))
    for share in found.values():  # refuses what nobody has verified, or what is decided already
        next_state(share.deed, DeedAct.APPROVE)
    # A deed with many shares waits on until the last one is decided.
    decided = Decision.objects.filter(share__in=found).order_by("share").first()
    if decided:
        raise AlreadyDecided(share=decided.share_id)
    return found


def _decide(
    actor: Actor, meeting: Meeting, rulings: Sequence[Ruling], shares: dict[int, Share], voters: list[int]
) -> list[Decision]:
    near = households_near_users(voters)
    decisions = []
    for ruling in rulings:
        decision = _count_votes(meeting, ruling, shares[ruling.share_id], voters, near)
        decision.decided_by_id, decision.decided_at = actor.id, clock.now()
        decisions.append(decision)
    _judge(rulings, shares)
    return Decision.objects.bulk_create(decisions)


def _judge(rulings: Sequence[Ruling], shares: dict[int, Share]) -> None:
    """Let the catalogue say what the approved shares are worth, and keep it with the sentence that tells why."""
    approved = [ruling for ruling in rulings if ruling.verdict != Verdict.REJECT]
    judgements = judge_ruled(
        [Ruled(shares[ruling.share_id], ruling.points, ruling.scores, ruling.reason) for ruling in approved]
    )
    for ruling in rulings:
        share = shares[ruling.share_id]
        if ruling.share_id not in judgements:
            share.points, share.asked, share.sentence = 0, 0, ruling.reason
            continue
        judgement = judgements[ruling.share_id]
        for field, value in kept_of(judgement).items():
            setattr(share, field, value)
        with translation.override(settings.LANGUAGE_CODE):  # it is kept, and read by the whole village
            share.sentence = tell(judgement)
    fields = ["points", "asked", "counted", "cuts", "sentence"]
    Share.objects.bulk_update(shares.values(), fields, batch_size=1000)


def _count_votes(
    meeting: Meeting, ruling: Ruling, share: Share, voters: list[int], near: dict[int, set[int]]
) -> Decision:
    if ruling.verdict != Verdict.APPROVE and not ruling.reason.strip():
        raise ReasonMissing
    able = [user for user in voters if not is_recused(Actor.user(user), share, near.get(user, set()))]
    if not 0 <= ruling.votes_against <= len(able):
        raise VotesImpossible(against=ruling.votes_against, voters=len(able))
    votes_for = len(able) - ruling.votes_against
    if ruling.verdict != Verdict.REJECT and votes_for * 2 <= len(able):
        raise NotCarried(votes_for=votes_for, voters=len(able))
    return Decision(
        unit_id=meeting.unit_id,
        period=meeting.period,
        meeting=meeting,
        share=share,
        verdict=ruling.verdict,
        reason=ruling.reason,
        votes_for=votes_for,
        votes_against=ruling.votes_against,
        recused=len(voters) - len(able),
    )


def _move_deeds(actor: Actor, shares: Iterable[Share]) -> None:
    """A deed is decided when all its shares are; approved when any of them was."""
    deeds: dict[int, Deed] = {share.deed_id: share.deed for share in shares}
    waiting = set(Share.objects.filter(deed_id__in=deeds, decision=None).values_list("deed_id", flat=True))
    approved = set(
        Decision.objects.filter(share__deed_id__in=deeds)
        .exclude(verdict=Verdict.REJECT)
        .values_list("share__deed_id", flat=True)
    )
    done = [deed for deed in deeds.values() if deed.pk not in waiting]
    advance([deed for deed in done if deed.pk in approved], DeedAct.APPROVE, actor=actor)
    advance([deed for deed in done if deed.pk not in approved], DeedAct.REJECT, actor=actor)
