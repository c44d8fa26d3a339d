"""Every write on consents: a household lets a bank or a merchant have its points, and takes that back (CONDUCT).

Nobody consents for another: only the household's card, or a grown-up who is a member, gives and withdraws.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from django.db import transaction

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.people.models import Consent, Household
from xiangyue.people.operations.own import require_own
from xiangyue.people.operations.residents import locked_household
from xiangyue.people.person import consents_in_force
from xiangyue.people.private_refusals import (
    BadConsent,
    ConsentOnBehalf,
    NoConsent,
    UnknownConsent,
)
from xiangyue.people.tree_refusals import HouseholdLeft
from xiangyue.records.operations import log_act

LONGEST: Final = timedelta(days=3 * 366)

RECEIVER_LENGTH: Final = 60
PURPOSE_LENGTH: Final = 120


@transaction.atomic
def give_consent(*, actor: Actor, household_id: int, receiver: str, purpose: str, until: date) -> Consent:
    """Consent, as the household itself, that a receiver has its points for a purpose until a day.

    Given again with another day, it replaces the one before; the very same again is the one there is.
    Raises: UnknownHousehold, ConsentOnBehalf, ChildMayNot, HouseholdLeft, BadConsent.
    """
    household = locked_household(household_id)
    require_own(actor, household_id, ConsentOnBehalf(), of_age=True)
    if household.left_on:
        raise HouseholdLeft(number=household.number, left_on=household.left_on)
    to, why, now = receiver.strip(), purpose.strip(), clock.now()
    in_words = 0 < len(to) <= RECEIVER_LENGTH and 0 < len(why) <= PURPOSE_LENGTH
    if not in_words or not clock.today() <= until <= clock.today() + LONGEST:
        raise BadConsent
    standing = Consent.objects.filter(
        household=household, receiver=to, purpose=why, withdrawn_at=None
    ).first()
    if standing and standing.until == until:
        return standing
    if standing:
        _end(actor, standing)
    made = Consent.objects.create(
        household=household,
        receiver=to,
        purpose=why,
        given_at=now,
        given_by_kind=actor.kind,
        given_by_id=actor.id,
        until=until,
    )
    log_act(actor=actor, act="give", subject="consent", subject_ids=[made.pk])
    return made


@transaction.atomic
def withdraw_consent(*, actor: Actor, consent_id: int) -> Consent:
    """Take a consent back, as the household itself; the receiver reads nothing from this moment on.

    Raises: UnknownConsent, ConsentOnBehalf, ChildMayNot.
    """
    found = Consent.objects.select_for_update().filter(id=consent_id, withdrawn_at=None).first()
    if found is None:
        raise UnknownConsent(consent=consent_id)
    require_own(actor, found.household_id, ConsentOnBehalf(), of_age=True)
    _end(actor, found)
    return found


@transaction.atomic
def read_for_receiver(
    *, actor: Actor, receiver: str, purpose: str, household_ids: Collection[int]
) -> list[Household]:
    """Give the households that a receiver may read, all or none, and log the reading at each one's consent.

    Whoever hands points out calls this first. The consents are locked, so that none is withdrawn between.
    Raises: NoConsent.
    """
    wanted = set(household_ids)
    held = consents_in_force(receiver=receiver, purpose=purpose).filter(household_id__in=wanted)
    consents = list(held.select_for_update(of=("self",)).select_related("household").order_by("id"))
    missing = len(wanted) - len(consents)
    if missing:
        raise NoConsent(receiver=receiver, households=missing)
    log_act(actor=actor, act="read", subject="consent", subject_ids=[each.pk for each in consents])
    return [each.household for each in consents]


def _end(actor: Actor, consent: Consent) -> None:
    consent.withdrawn_at = clock.now()
    consent.save(update_fields=["withdrawn_at"])
    log_act(actor=actor, act="withdraw", subject="consent", subject_ids=[consent.pk])
