"""The committee's meeting: where deeds are approved (评议会); and the assembly's, which confirms (`confirming`).

Who brought a deed, or is of its household or of a near relative's, neither votes on it nor records its decision. Limits
cut, and say so.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import translation

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Body, Unit
from xiangyue.people.offices import Act, Office
from xiangyue.people.operations.units import locked_unit
from xiangyue.people.permissions import require
from xiangyue.people.person import households_near_users
from xiangyue.people.queries import users_in_body, users_in_office
from xiangyue.records.operations import log_act, store_file
from xiangyue.scoring.judging import Ruled, judge_ruled, kept_of, sentence_of
from xiangyue.scoring.models import (
    Attendance,
    Call,
    Decision,
    Deed,
    Meeting,
    Notice,
    ScoringRules,
    Share,
    Verdict,
)
from xiangyue.scoring.operations.finishing import move_deeds
from xiangyue.scoring.permissions import is_recused, require_stranger
from xiangyue.scoring.refusals import (
    AlreadyDecided,
    DayInFuture,
    NoQuorum,
    NotASupervisor,
    NotAtMeeting,
    NotCarried,
    NotOnCommittee,
    PeriodClosed,
    ReasonMissing,
    RuledTwice,
    UnknownDeed,
    UnknownMeeting,
    VotesAndWatches,
    VotesImpossible,
)
from xiangyue.scoring.rhythm import round_of
from xiangyue.scoring.states import DeedAct, next_state
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
    observer_ids: Sequence[int] = (),
    body: Body = Body.EVALUATION,
    minutes: tuple[str, bytes] | None = None,
    key: str,
) -> Meeting:
    """Open the record of a meeting: who was there, of how many. The same key gives the same meeting.

    body: the committee that decides, or the assembly that confirms. observer_ids: supervisors who watched. A call of
    the body for that day is fulfilled by it.
    Raises: NotAllowed, PeriodClosed, DayInFuture, NotOnCommittee, NoQuorum, NotASupervisor,
    VotesAndWatches.
    """
    unit = locked_unit(unit_id)
    actor = require(actor, Act.HOLD_MEETINGS, unit)
    existing = Meeting.objects.filter(key=key).first()
    if existing:
        return existing
    require_open(unit, period)
    if held_on > clock.today():
        raise DayInFuture(day=held_on)
    members = _members(body, unit, held_on)
    _require_quorum(attendee_ids, {member.pk for member in members}, body)
    _require_supervisors(observer_ids, unit, held_on)
    if twice := set(attendee_ids) & set(observer_ids):
        raise VotesAndWatches(names=_names(twice))
    calls = Call.objects.filter(unit=unit, body=body, period=str(period), day=held_on, meeting=None)
    meeting = Meeting.objects.create(
        unit=unit,
        body=body,
        period=str(period),
        round=round_of(held_on, period),
        held_on=held_on,
        members=len(members),
        call=calls.filter(cancelled_at=None).order_by("id").first(),
        minutes=store_file(name=minutes[0], content=minutes[1]) if minutes else None,
        key=key,
    )
    came = [(user_id, False) for user_id in attendee_ids] + [(user_id, True) for user_id in observer_ids]
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, user_id=user_id, observes=observes)
        for user_id, observes in sorted(set(came))
    )
    log_act(actor=actor, act="hold", subject="meeting", subject_ids=[meeting.pk])
    return meeting


@transaction.atomic
def decide_deeds(*, actor: Actor, meeting_id: int, rulings: Sequence[Ruling]) -> list[Decision]:
    """Record a meeting's decisions on verified deeds, all or none; a share that this meeting decided stays decided.

    The recorder was at the meeting and is a stranger to every share. Limits are computed here, as a rule, in the
    order day of the act, id (catalogue/rules does the arithmetic).
    Raises: UnknownMeeting, NotAtMeeting, NotAllowed, PeriodClosed, RuledTwice, UnknownDeed, WrongState, AlreadyDecided,
    OwnHousehold, BroughtByActor, ReasonMissing, VotesImpossible, NotCarried; the refusals of `catalogue.rules`.
    """
    meeting = known_meeting(meeting_id)
    unit = locked_unit(meeting.unit_id)
    voters = voters_at(meeting, Body.EVALUATION)
    if actor.user_id not in voters:
        raise NotAtMeeting
    actor = require(actor, Act.JUDGE, unit)
    require_open(unit, Period.parse(meeting.period))
    decided = set(meeting.decisions.values_list("share_id", flat=True))
    fresh = [ruling for ruling in rulings if ruling.share_id not in decided]
    shares = locked_shares([ruling.share_id for ruling in fresh], unit)
    require_stranger(actor, shares.values())
    decisions = _decide(actor, meeting, fresh, shares, voters)
    move_deeds(actor, shares.values())
    return decisions


def known_meeting(meeting_id: int) -> Meeting:
    """Give a meeting by its number. Raises: UnknownMeeting."""
    meeting = Meeting.objects.filter(id=meeting_id).first()
    if meeting is None:
        raise UnknownMeeting(meeting=meeting_id)
    return meeting


def require_open(unit: Unit, period: Period) -> None:
    """Refuse to decide for a period whose regular notice hangs already. Raises: PeriodClosed."""
    if Notice.objects.filter(unit=unit, period=str(period), special=0).exists():
        raise PeriodClosed(period=str(period))


def voters_at(meeting: Meeting, body: Body) -> list[int]:
    """Give the ids of the users who came to vote; nobody where it was another body's meeting."""
    if meeting.body != body:
        return []
    return list(meeting.attendances.filter(observes=False).values_list("user_id", flat=True))


def _members(body: Body, unit: Unit, on: date) -> list[User]:
    """Give who sits in a body; the committee's members all sit in the evaluation, named or not."""
    if body == Body.EVALUATION:
        return users_in_office(Office.COMMITTEE_MEMBER, unit, on)
    return users_in_body(body, unit, on)


def _require_supervisors(observer_ids: Sequence[int], unit: Unit, on: date) -> None:
    allowed = {user.pk for user in users_in_office(Office.SUPERVISOR, unit, on)}
    strangers = set(observer_ids) - allowed
    if strangers:
        raise NotASupervisor(names=_names(strangers))


def _names(user_ids: Collection[int]) -> str:
    return "、".join(User.objects.filter(id__in=user_ids).order_by("id").values_list("name", flat=True))


def _require_quorum(attendee_ids: Sequence[int], member_ids: set[int], body: Body) -> None:
    strangers = set(attendee_ids) - member_ids
    if strangers:
        raise NotOnCommittee(names=_names(strangers), body=body.label)
    needed = -(-len(member_ids) * ScoringRules.objects.get().quorum_percent // 100)
    if not attendee_ids or len(set(attendee_ids)) < needed:
        raise NoQuorum(
            body=body.label, members=len(member_ids), present=len(set(attendee_ids)), needed=needed
        )


def locked_shares(share_ids: Sequence[int], unit: Unit) -> dict[int, Share]:
    """Give shares of a judging unit that can be decided, their deeds locked, with what judging asks about.

    Raises: RuledTwice, UnknownDeed, WrongState, AlreadyDecided.
    """
    repeated = [share_id for share_id, count in Counter(share_ids).items() if count > 1]
    if repeated:
        raise RuledTwice(share=repeated[0])
    deed_ids = Share.objects.filter(id__in=share_ids).values("deed_id")
    list(Deed.objects.select_for_update().filter(id__in=deed_ids, unit=unit).order_by("id"))
    shares = (
        Share.objects.filter(id__in=share_ids, deed__unit=unit)
        .select_related("deed__indicator__category", "deed__indicator__catalogue__unit", "deed__unit")
        .select_related("resident", "household__unit", "like__category", "like__catalogue")
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
    judge_shares(rulings, shares)
    return Decision.objects.bulk_create(decisions)


def judge_shares(rulings: Sequence[Ruling], shares: dict[int, Share]) -> None:
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
            share.sentence = sentence_of(judgement)
    fields = ["points", "asked", "counted", "cuts", "sentence"]
    Share.objects.bulk_update(shares.values(), fields, batch_size=1000)


def _count_votes(
    meeting: Meeting, ruling: Ruling, share: Share, voters: list[int], near: dict[int, set[int]]
) -> Decision:
    require_reason(ruling)
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


def require_reason(ruling: Ruling) -> None:
    """Refuse an adjustment or a rejection that says not why. Raises: ReasonMissing."""
    if ruling.verdict != Verdict.APPROVE and not ruling.reason.strip():
        raise ReasonMissing
