import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection, transaction
from django_tenants.utils import schema_context

from tests.people.cast import small_village, somebody
from tests.web import quick_pins
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.ids import token_hash
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Card, CardTry, Household, Secret, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations import cards, tries
from xiangyue.people.operations.cards import (
    NewCard,
    is_weak,
    issue_card,
    new_pin,
    open_with_card,
    revoke_card,
)
from xiangyue.people.permissions import NotAllowed
from xiangyue.people.refusals import CardLocked, CardUnknown, NoCard, UnknownHousehold, WrongPin
from xiangyue.records.models import LoggedAct
from xiangyue.tenancy.models import Jurisdiction

NOON = clock.noon(datetime(2026, 11, 2).date())  # noqa: DTZ001 - a day, not a moment
MINUTE = timedelta(minutes=1)


@pytest.fixture
def household(village: Unit) -> Household:
    return small_village(village)["018"]


@pytest.fixture
def card(household: Household) -> Iterator[NewCard]:
    """A card of the household, whose PIN is quick to check: its tests count tries, and try often."""
    with quick_pins():
        yield issue_card(actor=SYSTEM, household_id=household.pk)


def wrong(card: NewCard) -> str:
    return f"{(int(card.pin) + 1) % 1_000_000:06d}"


def refusal_of(card: NewCard, pin: str, at: datetime | None = None) -> Refusal | None:
    try:
        if at is None:
            open_with_card(token=card.token, pin=pin)
        else:
            with clock.as_of(at):
                open_with_card(token=card.token, pin=pin)
    except Refusal as refusal:
        return refusal
    return None


def test_a_card_and_its_pin_open_the_households_pages(household: Household, card: NewCard) -> None:
    assert open_with_card(token=card.token, pin=card.pin) == household
    assert card.address == f"/card/{card.token}/"


def test_a_pin_may_be_typed_with_a_chinese_keyboard(household: Household, card: NewCard) -> None:
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in card.pin)
    assert open_with_card(token=card.token, pin=f" {full_width} ") == household


def test_neither_token_nor_pin_is_stored(card: NewCard) -> None:
    stored = Card.objects.get(revoked_at=None)
    assert stored.token_hash == token_hash(card.token)
    assert stored.pin_hash.startswith("argon2$")
    assert card.pin not in stored.pin_hash


def test_a_new_card_revokes_the_one_before(household: Household, card: NewCard, admin: Actor) -> None:
    second = issue_card(actor=admin, household_id=household.pk)
    with pytest.raises(CardUnknown):
        open_with_card(token=card.token, pin=card.pin)
    assert open_with_card(token=second.token, pin=second.pin) == household
    assert LoggedAct.objects.filter(act="issue-card", subject_id=household.pk).count() == 2


def test_a_revoked_card_is_as_unknown_as_one_that_never_was(household: Household, card: NewCard) -> None:
    revoke_card(actor=SYSTEM, household_id=household.pk)
    for token in (card.token, "never-was"):
        with pytest.raises(CardUnknown) as refusal:
            open_with_card(token=token, pin=card.pin)
        assert refusal.value.facts == {}
    assert not CardTry.objects.exists()
    with pytest.raises(NoCard):
        revoke_card(actor=SYSTEM, household_id=household.pk)


def test_an_unknown_card_costs_as_much_work_as_a_wrong_pin(
    card: NewCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    work: list[str] = []
    hashing = Argon2PasswordHasher.encode
    checking = Argon2PasswordHasher.verify

    def encode(self: Any, *args: Any) -> str:
        work.append("hash")
        return hashing(self, *args)

    def verify(self: Any, *args: Any) -> bool:
        work.append("hash")
        return checking(self, *args)

    monkeypatch.setattr(Argon2PasswordHasher, "encode", encode)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", verify)
    assert isinstance(refusal_of(card, wrong(card)), WrongPin)
    assert isinstance(refusal_of(NewCard("never-was", "1"), card.pin), CardUnknown)
    assert work == ["hash", "hash"]


def test_who_may_issue_and_revoke(village: Unit, household: Household) -> None:
    keeper = somebody(Office.SHOPKEEPER, village)
    with pytest.raises(NotAllowed):
        issue_card(actor=keeper, household_id=household.pk)
    with pytest.raises(NotAllowed):
        revoke_card(actor=keeper, household_id=household.pk)
    with pytest.raises(NotAllowed):
        issue_card(actor=Actor.card(household.pk), household_id=household.pk)
    with pytest.raises(UnknownHousehold):
        issue_card(actor=SYSTEM, household_id=0)
    assert not Card.objects.exists()


def test_wrong_pins_are_counted_down_and_then_lock_the_card(card: NewCard) -> None:
    for left in (4, 3, 2, 1):
        refusal = refusal_of(card, wrong(card), NOON)
        assert isinstance(refusal, WrongPin)
        assert refusal.facts == {"tries_left": left}
    refusal = refusal_of(card, wrong(card), NOON)
    assert isinstance(refusal, CardLocked)
    assert str(refusal) == ("密码错得太多，这张卡先锁上了，12:15以后再试。忘了密码，可以找网格员换卡。")


def test_a_locked_card_refuses_even_the_right_pin_for_fifteen_minutes(card: NewCard) -> None:
    for _try in range(5):
        refusal_of(card, wrong(card), NOON)
    assert isinstance(refusal_of(card, card.pin, NOON + 14 * MINUTE), CardLocked)
    assert isinstance(refusal_of(card, wrong(card), NOON + 14 * MINUTE), CardLocked)
    assert CardTry.objects.count() == 5  # what a lock turns away is no try, and makes it no longer
    assert refusal_of(card, card.pin, NOON + 16 * MINUTE) is None


def test_after_a_lock_there_are_five_tries_again(card: NewCard) -> None:
    for _try in range(5):
        refusal_of(card, wrong(card), NOON)
    later = NOON + 16 * MINUTE
    refusals = [refusal_of(card, wrong(card), later) for _try in range(5)]
    assert [type(refusal) for refusal in refusals] == [WrongPin] * 4 + [CardLocked]


def test_wrong_pins_long_ago_do_not_count(card: NewCard) -> None:
    for number in range(7):
        assert isinstance(refusal_of(card, wrong(card), NOON + number * 4 * MINUTE), WrongPin)


def test_the_right_pin_starts_the_count_again(card: NewCard) -> None:
    for _try in range(4):
        refusal_of(card, wrong(card), NOON)
    assert refusal_of(card, card.pin, NOON) is None
    refusal = refusal_of(card, wrong(card), NOON)
    assert isinstance(refusal, WrongPin)
    assert refusal.facts == {"tries_left": 4}


def test_tries_at_one_card_do_not_lock_another(village: Unit, card: NewCard) -> None:
    other = issue_card(actor=SYSTEM, household_id=Household.objects.get(village=village, number="004").pk)
    for _try in range(5):
        refusal_of(card, wrong(card))
    assert refusal_of(other, other.pin) is None


@pytest.mark.parametrize("pin", ["", "1" * 5000, "壹贰叁", "\x00", "''--"])
def test_whatever_is_typed_is_only_wrong(card: NewCard, pin: str) -> None:
    assert isinstance(refusal_of(card, pin), WrongPin)


def test_pins_are_six_digits_and_not_the_first_guesses() -> None:
    for pin in ("000000", "777777", "123456", "987654", "890123", "121212", "112211", "123123"):
        assert is_weak(pin), pin
    for pin in ("135792", "802461", "100234"):
        assert not is_weak(pin), pin
    pins = [new_pin() for _draw in range(500)]
    assert all(re.fullmatch(r"\d{6}", pin) and not is_weak(pin) for pin in pins)
    assert len(set(pins)) > 490
    assert any(pin.startswith("0") for pin in pins)


def test_a_try_is_kept_although_it_is_refused(committed: Jurisdiction) -> None:
    card = committed_card()
    assert isinstance(refusal_of(card, wrong(card)), WrongPin)
    connection.close()  # whatever was not committed is gone
    assert CardTry.objects.filter(succeeded=False).count() == 1


def test_it_refuses_to_be_part_of_a_larger_transaction(committed: Jurisdiction) -> None:
    card = committed_card()
    with pytest.raises(RuntimeError), transaction.atomic():
        open_with_card(token=card.token, pin=card.pin)


@pytest.mark.slow
def test_guessing_at_once_gives_no_more_than_five_tries(committed: Jurisdiction) -> None:
    card = committed_card()
    refusals = guess_at_once(committed, card, 12)
    assert CardTry.objects.count() == 5
    assert sorted(type(refusal).__name__ for refusal in refusals) == ["CardLocked"] * 8 + ["WrongPin"] * 4


@pytest.mark.slow
def test_without_the_lock_guessing_at_once_would_give_more(
    committed: Jurisdiction, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above is worth something: take the row lock away, and it fails."""
    card = committed_card()
    all_have_looked = Barrier(6)
    looking = tries._failures

    def unlocked(token: str) -> Card | None:
        return Card.objects.filter(revoked_at=None, token_hash=token_hash(token)).first()

    def failures(of: Card, secret: Secret) -> list[datetime]:
        found = looking(of, secret)
        all_have_looked.wait(timeout=60)
        return found

    monkeypatch.setattr(cards, "_locked_card", unlocked)
    monkeypatch.setattr(tries, "_failures", failures)
    guess_at_once(committed, card, 6)
    assert CardTry.objects.count() == 6


def committed_card() -> NewCard:
    village = Unit.objects.get(code="440783104220")
    return issue_card(actor=SYSTEM, household_id=small_village(village)["018"].pk)


def guess_at_once(jurisdiction: Jurisdiction, card: NewCard, guesses: int) -> list[Refusal | None]:
    """Try wrong PINs from as many threads, each with a connection of its own, all started together."""
    together = Barrier(guesses)
    refusals: list[Refusal | None] = []

    def guess() -> None:
        try:
            with schema_context(jurisdiction.schema_name):
                connection.ensure_connection()
                together.wait(timeout=60)
                refusals.append(refusal_of(card, wrong(card)))
        finally:
            connection.close()

    run_all([guess] * guesses)
    assert len(refusals) == guesses
    return refusals


def run_all(works: list[Callable[[], None]]) -> None:
    threads = [Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not any(thread.is_alive() for thread in threads)
