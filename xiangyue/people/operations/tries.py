"""Trying secrets: how often one may be wrong at a card, and how often at all. Everything is counted from rows.

A wrong try is kept although it is refused; whoever calls `try_secret` lets its transaction commit before refusing.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.hashers import check_password
from django.db import transaction

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.membership_refusals import CodeLocked, TillLocked, TooManyTries, WrongCode
from xiangyue.people.models import Card, CardTry, DoorTry, Secret
from xiangyue.people.private import keys
from xiangyue.people.refusals import CardLocked, WrongPin

MAX_TRIES: Final = 5
LOCK: Final = timedelta(minutes=15)

MOST_FAILURES: Final = 20  # of one person, at whichever doors
# Of one network address: a mobile carrier, or a village's one router, may give the same to thousands of phones.
MOST_OF_AN_ADDRESS: Final = 300
WINDOW: Final = timedelta(hours=1)
KEPT: Final = timedelta(days=30)

_LONGEST: Final = 32  # what is longer is wrong anyway, and hashing it would be work for nothing


@dataclass(frozen=True)
class _Words:
    """How a wrong try is refused, and a locked secret."""

    wrong: Callable[[int], Refusal]
    locked: type[Refusal]


_WORDS: Final = {
    Secret.SIGN_IN: _Words(lambda left: WrongPin(tries_left=left), CardLocked),
    Secret.TILL: _Words(lambda left: WrongPin(tries_left=left), TillLocked),
    Secret.CODE: _Words(lambda _left: WrongCode(), CodeLocked),
}


def as_typed(text: str) -> str:
    """Give what somebody typed without blanks, in plain letters and figures, whatever keyboard it came from."""
    return unicodedata.normalize("NFKC", text[:_LONGEST]).strip()


def try_secret(card: Card, secret: Secret, typed: str) -> Refusal | None:
    """Try a secret at a locked card and keep the try, unless it is locked; give the refusal, if it is one.

    Five wrong ones in 15 minutes lock it for 15.
    """
    now = clock.now()
    failures = _failures(card, secret)
    locked_until = _locked_until(failures)
    if locked_until and now < locked_until:
        return _locked(secret, locked_until)
    succeeded = check_password(typed, _hash_of(card, secret))
    CardTry.objects.create(card=card, tried=secret, at=now, succeeded=succeeded)
    if succeeded:
        return None
    locked_until = _locked_until([now, *failures][:MAX_TRIES])
    if locked_until:
        return _locked(secret, locked_until)
    recent = sum(at > now - LOCK for at in failures)
    return _WORDS[secret].wrong(MAX_TRIES - 1 - recent)


def source_of(actor: Actor) -> str:
    """Name whoever signed in as the source of tries."""
    return f"{actor.kind}:{actor.id}"


def source_at(address: str) -> str:
    """Name a network address as the source of tries, by its HMAC; "" where there is none to be told."""
    return keys().index("source", address) if address else ""


def enter(source: str) -> int | None:
    """Count a try of a source before it is made, so that many at once are counted too; give its row.

    "" is no source, and is not counted. Raises: TooManyTries; RuntimeError inside another transaction.
    """
    if not source:
        return None
    now = clock.now()
    with transaction.atomic(durable=True):
        own = DoorTry.objects.create(source=source, at=now)
    most = MOST_FAILURES if ":" in source else MOST_OF_AN_ADDRESS
    others = DoorTry.objects.filter(source=source, at__gt=now - WINDOW).exclude(pk=own.pk)
    latest = list(others.order_by("-at").values_list("at", flat=True)[:most])
    if len(latest) < most:
        return own.pk
    own.delete()  # what a lock turns away is no try, and makes it no longer
    until = latest[-1] + WINDOW
    raise TooManyTries(until=until, clock=_time(until))


def forgive(try_id: int | None) -> None:
    """Take back that a try was counted: it was right."""
    if try_id is not None:
        DoorTry.objects.filter(pk=try_id).delete()


def forget_old_tries() -> int:
    """Remove what nobody is locked out by any more; give how many. The worker does it."""
    return DoorTry.objects.filter(at__lt=clock.now() - KEPT).delete()[0]


def _hash_of(card: Card, secret: Secret) -> str:
    if secret == Secret.SIGN_IN:
        return card.pin_hash
    return card.till_pin_hash if secret == Secret.TILL else card.code_hash


def _failures(card: Card, secret: Secret) -> list[datetime]:
    """Give when the last five tries failed since one succeeded, the latest first."""
    last_tries = CardTry.objects.filter(card=card, tried=secret).order_by("-id")[:MAX_TRIES]
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


def _locked(secret: Secret, until: datetime) -> Refusal:
    return _WORDS[secret].locked(until=until, clock=_time(until))


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(clock.ZONE):%H:%M}"
