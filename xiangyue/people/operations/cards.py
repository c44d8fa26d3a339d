"""Every write on households' cards: issuing and stopping them, their PINs, their codes, and trying them."""

import secrets
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import transaction

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.ids import secret_token, token_hash
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.membership_refusals import NoTillPin, PinOnBehalf, SamePin, WeakPin
from xiangyue.people.models import Card, Household, HouseholdRequest, RequestState, Secret, Wanted
from xiangyue.people.offices import Act
from xiangyue.people.operations.own import acting_for, is_own, require_own
from xiangyue.people.operations.residents import locked_household
from xiangyue.people.operations.tries import (
    LOCK,
    MAX_TRIES,
    as_typed,
    enter,
    forgive,
    source_at,
    source_of,
    try_secret,
)
from xiangyue.people.permissions import may, require
from xiangyue.people.refusals import CardUnknown, NoCard
from xiangyue.people.tree_refusals import HouseholdLeft
from xiangyue.records.operations import log_act, send

__all__ = ["LOCK", "MAX_TRIES"]

DIGITS: Final = {Secret.SIGN_IN: 6, Secret.TILL: 4}
CODE_LENGTH: Final = 8
CODE_SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that looks like another: 0 O, 1 I L, U V


@dataclass(frozen=True)
class NewCard:
    """What is printed on a card and told to the household, once; nothing of it is stored in clear.

    pin: six digits to sign in. till_pin: four digits at the till. code: binds one phone, once.
    """

    token: str
    pin: str
    till_pin: str = ""
    code: str = ""

    @property
    def address(self) -> str:
        """The path that the card's QR code leads to."""
        return f"/card/{self.token}/"


def issue_card(*, actor: Actor, household_id: int) -> NewCard:
    """Give a household a new card; the one before stops working, and what asked for a new one is done.

    Raises: UnknownHousehold, NotAllowed, HouseholdLeft.
    """
    card = NewCard(secret_token(), new_pin(), new_pin(Secret.TILL), draw_code())
    # Slow by design, so outside the lock.
    hashes = [make_password(text) for text in (card.pin, card.till_pin, card.code)]
    with transaction.atomic():
        household = locked_household(household_id)
        actor = require(actor, Act.MANAGE_PEOPLE, household.unit)
        if household.left_on:
            raise HouseholdLeft(number=household.number, left_on=household.left_on)
        now = clock.now()
        Card.objects.filter(household=household, revoked_at=None).update(revoked_at=now)
        Card.objects.create(
            household=household,
            token_hash=token_hash(card.token),
            pin_hash=hashes[0],
            till_pin_hash=hashes[1],
            code_hash=hashes[2],
            issued_at=now,
        )
        waiting = HouseholdRequest.objects.filter(
            household=household, wanted=Wanted.CARD, state=RequestState.OPEN
        )
        waiting.update(state=RequestState.DONE, answered_at=now, answered_by_id=actor.user_id)
        log_act(actor=actor, act="issue-card", subject="household", subject_ids=[household.pk])
        send(topic="card-issued", payload={"household": household.pk})
    return card


@transaction.atomic
def revoke_card(*, actor: Actor, household_id: int) -> None:
    """Stop a household's card from working at once: lost, or found in strange hands.

    The household itself may, whoever acts on its behalf, and whoever manages people.
    Raises: UnknownHousehold, NotAllowed, NotHelping, AskFirst, NoCard.
    """
    household = locked_household(household_id)
    behalf = None
    if may(actor, Act.MANAGE_PEOPLE, household.unit):
        actor = require(actor, Act.MANAGE_PEOPLE, household.unit)
    else:
        actor, behalf = acting_for(actor, household)
    if not Card.objects.filter(household=household, revoked_at=None).update(revoked_at=clock.now()):
        raise NoCard(number=household.number)
    log_act(
        actor=actor,
        act="revoke-card",
        subject="household",
        subject_ids=[household.pk],
        on_behalf_of=behalf,
    )
    send(topic="card-stopped", payload={"household": household.pk})


def open_with_card(*, token: str, pin: str, address: str = "") -> Household:
    """Let a household in by its card's token and its PIN. Five wrong PINs in 15 minutes lock the card for 15.

    address: of the network, where it is known; 300 failures of one in an hour, at whichever cards, lock it out.
    A wrong try is kept although it is refused, so that this can't be part of a larger transaction.
    Raises: CardUnknown (also for a revoked card, after as much work), WrongPin, CardLocked, TooManyTries;
    RuntimeError inside another transaction.
    """
    typed, counted = as_typed(pin), enter(source_at(address))
    with transaction.atomic(durable=True):
        card = _locked_card(token)
        failure = try_secret(card, Secret.SIGN_IN, typed) if card else None
    if card is None:
        make_password(typed)
        raise CardUnknown
    if failure:
        raise failure
    forgive(counted)
    return Household.objects.select_related("unit", "village").get(id=card.household_id)


def check_till_pin(*, actor: Actor, household_id: int, pin: str) -> None:
    """Insist that somebody at the till knows the household's four digits. actor: who stands behind the till.

    Five wrong ones in 15 minutes lock it for 15, and 20 of one shopkeeper in an hour lock the shopkeeper out.
    Raises: NoCard, NoTillPin, WrongPin, TillLocked, TooManyTries; RuntimeError inside another transaction.
    """
    typed, counted = as_typed(pin), enter(source_of(actor))
    with transaction.atomic(durable=True):
        card = _card_of(household_id)
        failure: Refusal | None
        if card is None or not card.till_pin_hash:
            failure = _nothing_to_try(household_id, card)
        else:
            failure = try_secret(card, Secret.TILL, typed)
    if failure is None or isinstance(failure, NoCard | NoTillPin):
        forgive(counted)
    if failure:
        raise failure


def change_pin(*, actor: Actor, household_id: int, secret: Secret, old: str, new: str) -> None:
    """Change a PIN of the household's card: by the household itself, who knows the old one. Never on behalf.

    secret: the one to sign in, or the one at the till. Wrong old ones count as tries.
    Raises: UnknownHousehold, PinOnBehalf, NoCard, NoTillPin, WeakPin, SamePin, WrongPin, CardLocked, TillLocked;
    RuntimeError inside another transaction.
    """
    typed, wanted = as_typed(old), as_typed(new)
    require_own(actor, household_id, PinOnBehalf(), of_age=True)
    new_hash = make_password(wanted)  # slow by design, so outside the lock
    with transaction.atomic(durable=True):
        household = locked_household(household_id)
        require_own(actor, household_id, PinOnBehalf(), of_age=True)
        card = _card_of(household_id)
        if card is None or (secret == Secret.TILL and not card.till_pin_hash):
            raise _nothing_to_try(household_id, card)
        _require_fit(wanted, DIGITS[secret], household.number)
        if wanted == typed:
            raise SamePin
        failure = try_secret(card, secret, typed)
        if failure is None:
            field = "pin_hash" if secret == Secret.SIGN_IN else "till_pin_hash"
            Card.objects.filter(pk=card.pk).update(**{field: new_hash})
            log_act(
                actor=actor,
                act="change-pin",
                subject="household",
                subject_ids=[household_id],
                to_state=secret,
            )
            send(topic="pin-changed", payload={"household": household_id, "secret": secret})
    if failure:
        raise failure


def new_code(*, actor: Actor, household_id: int) -> str:
    """Give a household another code, by which one more phone is bound; the one before binds nothing any more.

    By the household itself, for another of the family, or by whoever manages people.
    Raises: UnknownHousehold, NotAllowed, ChildMayNot, NoCard.
    """
    code = draw_code()
    hashed = make_password(code)  # slow by design, so outside the lock
    with transaction.atomic():
        household = locked_household(household_id)
        if is_own(actor, household_id):
            require_own(actor, household_id, PinOnBehalf(), of_age=True)
        else:
            actor = require(actor, Act.MANAGE_PEOPLE, household.unit)
        card = _card_of(household_id)
        if card is None:
            raise NoCard(number=household.number)
        Card.objects.filter(pk=card.pk).update(code_hash=hashed, code_used_at=None)
        log_act(actor=actor, act="new-code", subject="household", subject_ids=[household.pk])
    return code


def new_pin(secret: Secret = Secret.SIGN_IN) -> str:
    """Draw a PIN, of six digits or four, that is none of the first guesses."""
    digits = DIGITS[secret]
    while True:
        pin = f"{secrets.randbelow(10**digits):0{digits}d}"
        if not is_weak(pin):
            return pin


def draw_code() -> str:
    """Draw a code of eight signs that are told apart on paper: 39 bits."""
    return "".join(secrets.choice(CODE_SIGNS) for _sign in range(CODE_LENGTH))


def is_weak(pin: str) -> bool:
    """Tell whether a PIN is among the first that anyone guesses: 000000, 121212, 123123, 123456, 1984."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    half = len(pin) // 2
    is_year = len(pin) == DIGITS[Secret.TILL] and pin[:2] in ("19", "20")
    return len(set(pin)) <= 2 or pin[:half] == pin[half:] or steps in ({1}, {9}) or is_year


def _require_fit(pin: str, digits: int, number: str) -> None:
    """Refuse what is no PIN, what anyone guesses first, and the number on the door. Raises: WeakPin."""
    is_pin = len(pin) == digits and pin.isascii() and pin.isdigit()
    is_number = number.isascii() and number.isdigit() and pin.lstrip("0") == number.lstrip("0")
    if not is_pin or is_weak(pin) or is_number:
        raise WeakPin(digits=digits)


def _nothing_to_try(household_id: int, card: Card | None) -> NoCard | NoTillPin:
    number = Household.objects.filter(id=household_id).values_list("number", flat=True).first() or ""
    return NoTillPin(number=number) if card else NoCard(number=number)


def _locked_card(token: str) -> Card | None:
    """Read the card so that tries at it happen one after another: at once, they would all be the first."""
    valid = Card.objects.select_for_update(no_key=True).filter(revoked_at=None)
    return valid.filter(token_hash=token_hash(token)).first()


def _card_of(household_id: int) -> Card | None:
    """Read a household's valid card, locked as above."""
    valid = Card.objects.select_for_update(no_key=True).filter(revoked_at=None)
    return valid.filter(household_id=household_id).first()
