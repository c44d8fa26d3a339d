"""Every write on who acts for a household: bound by a code, let go again, and what each may do at the till.

Locks: the household, then its card. What is done here is the household's own: nobody does it on its behalf (CONDUCT).
"""

from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import transaction

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor, ActorKind
from xiangyue.kernel.ids import token_hash
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.membership_refusals import (
    AccountOnBehalf,
    AlreadyMember,
    ChoiceOnBehalf,
    NotSignedIn,
    UnknownMembership,
    WrongCode,
)
from xiangyue.people.models import (
    Binding,
    Card,
    ClaimState,
    Ending,
    HelpVisit,
    Household,
    Membership,
    MembershipClaim,
    Resident,
    Secret,
)
from xiangyue.people.offices import Act
from xiangyue.people.operations.following import end
from xiangyue.people.operations.own import is_own, require_own
from xiangyue.people.operations.residents import locked_household
from xiangyue.people.operations.tries import as_typed, enter, forgive, source_of, try_secret
from xiangyue.people.permissions import may, require
from xiangyue.people.queries import resident_named
from xiangyue.people.wish_words import WHO_REDEEMS
from xiangyue.records.operations import log_act, send

_BETWEEN: Final = str.maketrans("", "", " -—–·")


def bind_with_code(
    *,
    actor: Actor,
    code: str,
    token: str = "",
    village_id: int | None = None,
    number: str = "",
    name: str = "",
) -> Membership:
    """Let a person who signed in act for a household, by the one-time code that came with its card.

    The household is named by its card's token, or by village and number. name: who of the household they are, as
    the roster writes it; "" for a relative who lives elsewhere. That is what they say: it makes nobody of them.
    Five wrong codes in 15 minutes lock the household's for 15, 20 of one person in an hour lock that person out.
    Raises: NotSignedIn, AlreadyMember, AccountOnBehalf, WrongCode, CodeLocked, UnknownResident, TooManyTries;
    RuntimeError inside another transaction.
    """
    if actor.kind is not ActorKind.USER:
        raise NotSignedIn
    typed, counted = as_typed(code).upper().translate(_BETWEEN), enter(source_of(actor))
    made: Membership | None = None
    failure: Refusal | None = None
    with transaction.atomic(durable=True):
        card = _locked_card(token, village_id, number)
        if card:
            _require_stranger(actor, card.household)
            failure = try_secret(card, Secret.CODE, typed)
            if failure is None:
                made = _bind(actor, card, name)
    if card is None:
        make_password(typed)  # as much work as where there is one
    if made is None:
        raise failure or WrongCode
    forgive(counted)
    return made


@transaction.atomic
def end_membership(*, actor: Actor, membership_id: int) -> Membership:
    """Let somebody act for a household no more, from this moment on: any grown-up of it may, and who leaves it.

    Whoever manages people may, too: a phone was stolen, a code found. Who is a resident stays one.
    Raises: UnknownMembership, ChildMayNot, NotAllowed.
    """
    household, membership = _locked_membership(membership_id)
    if actor.user_id == membership.user_id:
        why = Ending.GIVEN_UP
    elif is_own(actor, household.pk):
        require_own(actor, household.pk, UnknownMembership(membership=membership_id), of_age=True)
        why = Ending.HOUSEHOLD
    else:
        actor = require(actor, Act.MANAGE_PEOPLE, household.unit)
        why = Ending.OFFICE
    end(Membership.objects.filter(pk=membership.pk), why)
    log_act(actor=actor, act="end", subject="membership", subject_ids=[membership.pk], to_state=why)
    send(topic="member-left", payload={"membership": membership.pk})
    membership.refresh_from_db()
    return membership


@transaction.atomic
def set_redeeming(*, actor: Actor, membership_id: int, may_redeem: bool) -> Membership:
    """Say whether a member may show the household's code and redeem. Only grown-ups of the household may.

    Raises: UnknownMembership, ChoiceOnBehalf, ChildMayNot.
    """
    household, membership = _locked_membership(membership_id)
    require_own(actor, household.pk, ChoiceOnBehalf(what=WHO_REDEEMS), of_age=True)
    if membership.may_redeem != may_redeem:
        membership.may_redeem = may_redeem
        membership.save(update_fields=["may_redeem"])
        log_act(
            actor=actor,
            act="set-redeeming",
            subject="membership",
            subject_ids=[membership.pk],
            to_state="yes" if may_redeem else "no",
        )
    return membership


def join(household: Household, user_id: int, resident: Resident | None, how: Binding) -> Membership:
    """Let a user act for a locked household; whoever acted on its behalf until now leaves, it has its own account now.

    A member of before, as nobody in particular, is this resident from now on.
    """
    now = clock.now()
    membership, is_new = Membership.objects.get_or_create(
        user_id=user_id,
        household=household,
        until=None,
        defaults={"resident": resident, "how": how, "since": clock.today()},
    )
    if not is_new:
        membership.resident, membership.how = resident, how
        membership.save(update_fields=["resident", "how"])
    HelpVisit.objects.filter(household=household, ended_at=None).update(ended_at=now)
    send(topic="member-joined", payload={"membership": membership.pk})
    return membership


def require_no_helper(user_id: int, household: Household) -> None:
    """Refuse to bind somebody who may act on the household's behalf, and lives elsewhere. Raises: AccountOnBehalf."""
    if not may(Actor.user(user_id), Act.HELP_HOUSEHOLDS, household.unit):
        return
    if not Resident.objects.filter(user_id=user_id, household=household, left_on=None).exists():
        raise AccountOnBehalf


def _locked_card(token: str, village_id: int | None, number: str) -> Card | None:
    """Lock the household that is meant and its card, if a code of it is open; None where there is no such."""
    valid = Card.objects.filter(revoked_at=None).exclude(code_hash="")
    if token:
        found = valid.filter(token_hash=token_hash(token))
    else:
        found = valid.filter(household__village_id=village_id, household__number=number.strip())
    home = found.values_list("household_id", flat=True).first()
    if home is None:
        return None
    household = locked_household(home)
    card = found.select_for_update(of=("self",), no_key=True).first()
    if card is None or household.left_on:
        return None
    card.household = household
    return card


def _require_stranger(actor: Actor, household: Household) -> None:
    if is_own(actor, household.pk):
        raise AlreadyMember(number=household.number)
    require_no_helper(actor.id, household)


def _bind(actor: Actor, card: Card, name: str) -> Membership:
    """Use the code up and make the member. Raises: UnknownResident, and then the code stays open."""
    household = card.household
    resident = resident_named(household, name) if name.strip() else None
    membership = join(household, actor.id, resident, Binding.CARD_CODE)
    Card.objects.filter(pk=card.pk).update(code_hash="", code_used_at=clock.now())
    waiting = MembershipClaim.objects.filter(user_id=actor.id, household=household, state=ClaimState.OPEN)
    waiting.update(state=ClaimState.LAPSED, answered_at=clock.now())
    log_act(actor=actor, act="bind", subject="membership", subject_ids=[membership.pk])
    return membership


def _locked_membership(membership_id: int) -> tuple[Household, Membership]:
    """Lock a household and read one of its memberships that last. Raises: UnknownMembership."""
    held = Membership.objects.filter(id=membership_id, until=None)
    home = held.values_list("household_id", flat=True).first()
    if home is not None:
        household = locked_household(home)
        membership = held.select_related("resident").first()
        if membership:
            return household, membership
    raise UnknownMembership(membership=membership_id)
