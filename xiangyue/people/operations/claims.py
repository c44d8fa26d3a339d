"""Every write on claims: somebody says "I am 田禾生 of household 018", and a grid worker knows whether it is so.

Locks: the claimant's user, the household, the claim, the resident.
"""

from datetime import timedelta
from typing import Final

from django.db import transaction

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.people.membership_refusals import (
    AlreadyMember,
    AnswerNeeded,
    BadClaimName,
    NotSignedIn,
    OwnClaim,
    ResidentHasMember,
    TooManyClaims,
    UnknownClaim,
)
from xiangyue.people.models import Binding, ClaimState, Household, Membership, MembershipClaim, Resident
from xiangyue.people.offices import Act
from xiangyue.people.operations.memberships import join, require_no_helper
from xiangyue.people.operations.own import is_own, require_own
from xiangyue.people.operations.residents import NAME_LENGTH, locked_household
from xiangyue.people.permissions import require
from xiangyue.people.person import households_near
from xiangyue.people.private_refusals import NoSuchResident
from xiangyue.people.queries import households_of
from xiangyue.people.roster_cells import name_of
from xiangyue.people.tree_refusals import HouseholdLeft
from xiangyue.records.operations import log_act, send
from xiangyue.users import operations as users
from xiangyue.users.models import User

MOST_OPEN: Final = 3
MOST_A_DAY: Final = 5
ANSWER_LENGTH: Final = 200
_DAY: Final = timedelta(days=1)


@transaction.atomic
def claim_membership(*, actor: Actor, household_id: int, name: str) -> MembershipClaim:
    """Say who one is in which household. name: as the roster writes it; whether it does is told to nobody here.

    Said again while it waits, it is the claim there is.
    Raises: NotSignedIn, UnknownHousehold, HouseholdLeft, AlreadyMember, BadClaimName, TooManyClaims.
    """
    if actor.kind is not ActorKind.USER:
        raise NotSignedIn
    User.objects.select_for_update(no_key=True).get(id=actor.id)
    household = locked_household(household_id)
    if household.left_on:
        raise HouseholdLeft(number=household.number, left_on=household.left_on)
    membership = Membership.objects.filter(user_id=actor.id, household=household, until=None).first()
    if membership and membership.resident_id:
        raise AlreadyMember(number=household.number)
    said = name_of(name)
    if not 0 < len(said) <= NAME_LENGTH or not said.isprintable():
        raise BadClaimName
    own = MembershipClaim.objects.filter(user_id=actor.id)
    waiting = own.filter(household=household, state=ClaimState.OPEN).first()
    if waiting:
        return waiting
    if own.filter(state=ClaimState.OPEN).count() >= MOST_OPEN:
        raise TooManyClaims(most=MOST_OPEN)
    if own.filter(made_at__gt=clock.now() - _DAY).count() >= MOST_A_DAY:
        raise TooManyClaims(most=MOST_A_DAY)
    claim = MembershipClaim.objects.create(
        user_id=actor.id, household=household, name=said, made_at=clock.now()
    )
    log_act(actor=actor, act="make", subject="claim", subject_ids=[claim.pk])
    send(topic="claim-made", payload={"claim": claim.pk})
    return claim


@transaction.atomic
def confirm_claim(*, actor: Actor, claim_id: int, resident_id: int | None = None) -> Membership:
    """Confirm that a claimant is who they say, as somebody who knows them; from then on they act for the household.

    resident_id: who of the household they are, and who signs in as them from now on; None for a relative who lives
    elsewhere. A user stands for one resident; of another household's they are a member without being them.
    Raises: UnknownClaim, NotAllowed, OwnClaim, HouseholdLeft, NoSuchResident, ResidentHasMember, AccountOnBehalf.
    """
    household, claim = _locked_claim(claim_id)
    actor = require(actor, Act.CONFIRM_MEMBERS, household.unit)
    if actor.user_id == claim.user_id or household.pk in households_of(actor) | households_near(actor):
        raise OwnClaim
    if household.left_on:
        raise HouseholdLeft(number=household.number, left_on=household.left_on)
    resident = None if resident_id is None else _identified(household, claim, resident_id)
    if resident is None:
        require_no_helper(claim.user_id, household)
    membership = join(household, claim.user_id, resident, Binding.CONFIRMED)
    _answer(actor, claim, ClaimState.CONFIRMED)
    return membership


@transaction.atomic
def decline_claim(*, actor: Actor, claim_id: int, reason: str) -> MembershipClaim:
    """Decline a claim, and say why: whoever may confirm it, or a grown-up of the household, who knows best.

    Raises: UnknownClaim, NotAllowed, OwnClaim, ChildMayNot, AnswerNeeded.
    """
    household, claim = _locked_claim(claim_id)
    if is_own(actor, household.pk):
        require_own(actor, household.pk, UnknownClaim(claim=claim_id), of_age=True)
    else:
        actor = require(actor, Act.CONFIRM_MEMBERS, household.unit)
    if actor.user_id == claim.user_id:
        raise OwnClaim
    answer = reason.strip()
    if not 0 < len(answer) <= ANSWER_LENGTH:
        raise AnswerNeeded(most=ANSWER_LENGTH)
    return _answer(actor, claim, ClaimState.DECLINED, answer)


@transaction.atomic
def withdraw_claim(*, actor: Actor, claim_id: int) -> MembershipClaim:
    """Take one's own claim back. Raises: UnknownClaim (also for somebody else's)."""
    _household, claim = _locked_claim(claim_id)
    if actor.user_id is None or actor.user_id != claim.user_id:
        raise UnknownClaim(claim=claim_id)
    return _answer(actor, claim, ClaimState.WITHDRAWN)


def _locked_claim(claim_id: int) -> tuple[Household, MembershipClaim]:
    """Lock a claimant, the household and the open claim. Raises: UnknownClaim."""
    open_ = MembershipClaim.objects.filter(id=claim_id, state=ClaimState.OPEN)
    known = open_.values_list("user_id", "household_id").first()
    if known:
        User.objects.select_for_update(no_key=True).get(id=known[0])
        household = locked_household(known[1])
        claim = open_.select_for_update(no_key=True).first()
        if claim:
            return household, claim
    raise UnknownClaim(claim=claim_id)


def _identified(household: Household, claim: MembershipClaim, resident_id: int) -> Resident:
    """Give the resident that a claimant is; nobody else signs in as them, and the claimant as nobody else."""
    here = Resident.objects.select_for_update(no_key=True).filter(household=household, left_on=None)
    resident = here.filter(id=resident_id).first()
    if resident is None:
        raise NoSuchResident(resident=resident_id)
    if resident.user_id not in (None, claim.user_id):
        raise ResidentHasMember(name=resident.name)
    if resident.user_id is None and not Resident.objects.filter(user_id=claim.user_id).exists():
        resident.user_id = claim.user_id
        resident.save(update_fields=["user"])
        users.rename_user(user=User.objects.get(id=claim.user_id), name=resident.name)
    return resident


def _answer(actor: Actor, claim: MembershipClaim, state: ClaimState, answer: str = "") -> MembershipClaim:
    claim.state, claim.answer, claim.answered_at = state, answer, clock.now()
    claim.answered_by_id = actor.user_id
    claim.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    log_act(actor=actor, act="answer", subject="claim", subject_ids=[claim.pk], to_state=state)
    if state != ClaimState.WITHDRAWN:
        send(topic="claim-answered", payload={"claim": claim.pk})
    return claim
