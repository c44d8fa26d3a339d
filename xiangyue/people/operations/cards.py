"""Every write on households' cards: issuing and revoking them, and trying a PIN."""

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.ids import secret_token, token_hash
from xiangyue.people.models import Card, CardTry, Household
from xiangyue.people.offices import Act
from xiangyue.people.operations.residents import locked_household
from xiangyue.people.permissions import require
from xiangyue.people.refusals import CardLocked, CardUnknown, NoCard, WrongPin
from xiangyue.people.tree_refusals import HouseholdLeft
from xiangyue.records.operations import log_act

PIN_DIGITS: Final = 6
MAX_TRIES: Final = 5
LOCK: Final = timedelta(minutes=15)

_LONGEST_PIN: Final = 32  # what is longer is wrong anyway, and hashing it would be work for nothing


@dataclass(frozen=True)
class NewCard:
    """What is printed on a card and told to the household, once; neither is stored in clear."""

    token: str
    pin: str

    @property
    def address(self) -> str:
        """The path that the card's QR code leads to."""
        return f"/card/{self.token}/"


def issue_card(*, actor: Actor, household_id: int) -> NewCard:
    """Give a household a new card; the one before stops working.

    Raises: UnknownHousehold, NotAllowed, HouseholdLeft.
    """
    card = NewCard(secret_token(), new_pin())
    pin_hash = make_password(card.pin)  # slow by design, so outside the lock
    with transaction.atomic():
        household = locked_household(household_id)
        actor = require(actor, Act.MANAGE_PEOPLE, household.unit)
        if household.left_on:
            raise HouseholdLeft(number=household.number, left_on=household.left_on)
        now = clock.now()
        Card.objects.filter(household=household, revoked_at=None).update(revoked_at=now)
        Card.objects.create(
            household=household, token_hash=token_hash(card.token), pin_hash=pin_hash, issued_at=now
        )
        log_act(actor=actor, act="issue-card", subject="household", subject_ids=[household.pk])
    return card


@transaction.atomic
def revoke_card(*, actor: Actor, household_id: int) -> None:
    """Stop a household's card from working: lost, or found in strange hands.

    Raises: UnknownHousehold, NotAllowed, NoCard.
    """
    household = locked_household(household_id)
    actor = require(actor, Act.MANAGE_PEOPLE, household.unit)
    if not Card.objects.filter(household=household, revoked_at=None).update(revoked_at=clock.now()):
        raise NoCard(number=household.number)
    log_act(actor=actor, act="revoke-card", subject="household", subject_ids=[household.pk])


def open_with_card(*, token: str, pin: str) -> Household:
    """Let a household in by its card's token and its PIN. Five wrong PINs in 15 minutes lock the card for 15.

    A wrong try is kept although it is refused, so that this can't be part of a larger transaction.
    Raises: CardUnknown (also for a revoked card, after as much work), WrongPin, CardLocked; RuntimeError
    inside another transaction.
    """
    typed = unicodedata.normalize("NFKC", pin[:_LONGEST_PIN]).strip()
    with transaction.atomic(durable=True):
        card = _locked_card(token)
        failure = _try_pin(card, typed) if card else None
    if card is None:
        make_password(typed)
        raise CardUnknown
    if failure:
        raise failure
    return Household.objects.select_related("unit", "village").get(id=card.household_id)


def new_pin() -> str:
    """Draw a PIN of six digits that is none of the first guesses."""
    while True:
        pin = f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"
        if not is_weak(pin):
            return pin


def is_weak(pin: str) -> bool:
    """Tell whether a PIN is among the first that anyone guesses: 000000, 121212, 123123, 123456, 987654."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    half = len(pin) // 2
    return len(set(pin)) <= 2 or pin[:half] == pin[half:] or steps in ({1}, {9})


def _locked_card(token: str) -> Card | None:
    """Read the card so that tries at it happen one after another: at once, they would all be the first."""
    valid = Card.objects.select_for_update(no_key=True).filter(revoked_at=None)
    return valid.filter(token_hash=token_hash(token)).first()


def _try_pin(card: Card, pin: str) -> WrongPin | CardLocked | None:
    """Try a PIN and keep the try, unless the card is locked; give the refusal, if it is one."""
    now = clock.now()
    failures = _failures(card)
    locked_until = _locked_until(failures)
    if locked_until and now < locked_until:
        return _locked(locked_until)
    succeeded = check_password(pin, card.pin_hash)
    CardTry.objects.create(card=card, at=now, succeeded=succeeded)
    if succeeded:
        return None
    locked_until = _locked_until([now, *failures][:MAX_TRIES])
    if locked_until:
        return _locked(locked_until)
    recent = sum(at > now - LOCK for at in failures)
    return WrongPin(tries_left=MAX_TRIES - 1 - recent)


def _failures(card: Card) -> list[datetime]:
    """Give when the last five tries failed since one succeeded, the latest first."""
    last_tries = CardTry.objects.filter(card=card).order_by("-id")[:MAX_TRIES]
    failures: list[datetime] = []
    for at, succeeded in last_tries.values_list("at", "succeeded"):
        if succeeded:
            break
        failures.append(at)
    return failures


def _locked_until(failures: list[datetime]) -> datetime | None:
    """Give when the lock ends that these failures, the latest first, brought about, if they did."""
    if len(failures) < MAX_TRIES or failures[0] - failures[-1] >= LOCK:
        return None
    return failures[0] + LOCK


def _locked(until: datetime) -> CardLocked:
    return CardLocked(until=until, clock=f"{until.astimezone(clock.ZONE):%H:%M}")
