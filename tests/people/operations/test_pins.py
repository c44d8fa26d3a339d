"""The two PINs of a card: the four digits at the till, and changing either; and how many doors one may try."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django_tenants.utils import schema_context

from tests.people.cast import small_village, somebody
from tests.people.members import member_of
from tests.people.operations.test_cards import NOON, committed_card, run_all
from tests.web import quick_pins
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM, Actor
from xiangyue.kernel.refusals import Refusal
from xiangyue.people.jobs import keep_to_terms
from xiangyue.people.membership_refusals import (
    ChildMayNot,
    NoTillPin,
    PinOnBehalf,
    SamePin,
    TillLocked,
    TooManyTries,
    WeakPin,
)
from xiangyue.people.models import Card, CardTry, DoorTry, Household, Secret, Unit
from xiangyue.people.offices import Office
from xiangyue.people.operations import cards, tries
from xiangyue.people.operations.cards import (
    NewCard,
    change_pin,
    check_till_pin,
    is_weak,
    issue_card,
    new_pin,
    open_with_card,
)
from xiangyue.people.operations.helping import begin_helping
from xiangyue.people.operations.tries import MOST_FAILURES, try_secret
from xiangyue.people.refusals import CardLocked, CardUnknown, NoCard, WrongPin
from xiangyue.records.models import LoggedAct
from xiangyue.tenancy.models import Jurisdiction

TILL, SIGN_IN = Secret.TILL, Secret.SIGN_IN


@pytest.fixture
def homes(village: Unit) -> Iterator[dict[str, Household]]:
    with quick_pins():
        yield small_village(village)


@pytest.fixture
def card(homes: dict[str, Household]) -> NewCard:
    return issue_card(actor=SYSTEM, household_id=homes["018"].pk)


@pytest.fixture
def keeper(village: Unit) -> Actor:
    return somebody(Office.SHOPKEEPER, village, login="keeper")


def other_than(pin: str) -> str:
    """Give another PIN of the same length that nobody guesses first."""
    return next(
        each for each in ("3957", "8306", "395728", "830614") if len(each) == len(pin) and each != pin
    )


def at_the_till(keeper: Actor, home: Household, pin: str) -> Refusal | None:
    try:
        check_till_pin(actor=keeper, household_id=home.pk, pin=pin)
    except Refusal as refusal:
        return refusal
    return None


def test_the_four_digits_are_asked_for_at_the_till(
    homes: dict[str, Household], card: NewCard, keeper: Actor
) -> None:
    assert len(card.till_pin) == 4
    assert at_the_till(keeper, homes["018"], card.till_pin) is None
    assert isinstance(at_the_till(keeper, homes["018"], card.pin), WrongPin)
    assert isinstance(at_the_till(keeper, homes["004"], card.till_pin), NoCard)
    assert card.till_pin not in Card.objects.get(revoked_at=None).till_pin_hash


def test_the_till_and_the_door_lock_apart(homes: dict[str, Household], card: NewCard, keeper: Actor) -> None:
    wrong = other_than(card.till_pin)
    refusals = [at_the_till(keeper, homes["018"], wrong) for _try in range(6)]
    assert [type(each) for each in refusals] == [WrongPin] * 4 + [TillLocked] * 2
    assert isinstance(at_the_till(keeper, homes["018"], card.till_pin), TillLocked)
    assert open_with_card(token=card.token, pin=card.pin) == homes["018"]
    assert set(CardTry.objects.values_list("tried", "succeeded")) == {("till", False), ("sign_in", True)}


def test_a_card_of_before_has_no_till_pin(homes: dict[str, Household], card: NewCard, keeper: Actor) -> None:
    Card.objects.update(till_pin_hash="")
    assert isinstance(at_the_till(keeper, homes["018"], card.till_pin), NoTillPin)
    with pytest.raises(NoTillPin):
        change_pin(
            actor=Actor.card(homes["018"].pk), household_id=homes["018"].pk, secret=TILL, old="1", new="3957"
        )
    assert not CardTry.objects.exists()


def test_one_shopkeeper_tries_no_whole_village(
    homes: dict[str, Household], card: NewCard, keeper: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cards, "try_secret", lambda *_what: WrongPin(tries_left=4))
    with clock.as_of(NOON):
        refusals = [at_the_till(keeper, homes["018"], "0001") for _try in range(MOST_FAILURES + 2)]
    assert [type(each) for each in refusals] == [WrongPin] * MOST_FAILURES + [TooManyTries] * 2
    assert "13:00以后再试" in str(refusals[-1])
    assert DoorTry.objects.count() == MOST_FAILURES  # what the lock turned away is no try
    other = somebody(Office.SHOPKEEPER, homes["018"].village, login="other")
    assert isinstance(at_the_till(other, homes["018"], "0001"), WrongPin)
    with clock.as_of(NOON + timedelta(hours=1, minutes=1)):
        assert isinstance(at_the_till(keeper, homes["018"], "0001"), WrongPin)


def test_right_ones_are_not_counted(homes: dict[str, Household], card: NewCard, keeper: Actor) -> None:
    for _try in range(3):
        assert at_the_till(keeper, homes["018"], card.till_pin) is None
    assert not DoorTry.objects.exists()


def test_an_address_of_the_network_is_locked_out_and_kept_as_a_digest(
    homes: dict[str, Household], card: NewCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def knock(token: str, pin: str, address: str = "203.0.113.9") -> None:
        open_with_card(token=token, pin=pin, address=address)

    monkeypatch.setattr(tries, "MOST_OF_AN_ADDRESS", 4)  # many phones share one; three hundred take long
    for number in range(tries.MOST_OF_AN_ADDRESS):
        with pytest.raises(CardUnknown):
            knock(f"guess-{number}", "1")
    with pytest.raises(TooManyTries):
        knock(card.token, card.pin)
    knock(card.token, card.pin, "203.0.113.10")
    knock(card.token, card.pin, "")
    assert not DoorTry.objects.filter(source__contains="203").exists()
    with clock.as_of(NOON + timedelta(days=31)):
        keep_to_terms()
    assert not DoorTry.objects.exists()


def test_a_household_changes_both_pins_itself(
    homes: dict[str, Household], card: NewCard, keeper: Actor
) -> None:
    home, child = homes["018"], member_of(homes["018"], "田豆苗", login="u-child")
    own = {"household_id": home.pk}
    new_door, new_till = other_than(card.pin), other_than(card.till_pin)
    change_pin(actor=Actor.card(home.pk), **own, secret=SIGN_IN, old=card.pin, new=new_door)
    change_pin(actor=member_of(home, "麦春芽"), **own, secret=TILL, old=f" {card.till_pin} ", new=new_till)
    assert open_with_card(token=card.token, pin=new_door) == home
    assert at_the_till(keeper, home, new_till) is None
    assert isinstance(at_the_till(keeper, home, card.till_pin), WrongPin)
    with pytest.raises(ChildMayNot):
        change_pin(actor=child, **own, secret=TILL, old=new_till, new=card.till_pin)
    logged = LoggedAct.objects.filter(act="change-pin", subject_id=home.pk).order_by("id")
    assert list(logged.values_list("to_state", flat=True)) == ["sign_in", "till"]


def test_nobody_changes_a_pin_for_another(homes: dict[str, Household], card: NewCard, admin: Actor) -> None:
    home = homes["018"]
    helper = somebody(Office.INFORMATION_ADMINISTRATOR, home.village, login="helper")
    begin_helping(actor=helper, household_id=home.pk)
    for actor in (helper, admin, SYSTEM, Actor.card(homes["004"].pk)):
        with pytest.raises(PinOnBehalf):
            change_pin(actor=actor, household_id=home.pk, secret=TILL, old=card.till_pin, new="3957")
    assert not CardTry.objects.exists()


@pytest.mark.parametrize(
    ("secret", "new"),
    [
        *(
            (TILL, pin)
            for pin in ("1234", "9876", "1212", "1122", "1984", "2026", "0018", "395", "39571", "三九")
        ),
        *((SIGN_IN, pin) for pin in ("123456", "000018", "121212", "39572", "39572a", "")),
    ],
)
def test_a_new_pin_is_none_of_the_first_guesses(
    homes: dict[str, Household], card: NewCard, secret: Secret, new: str
) -> None:
    home = homes["018"]
    with pytest.raises(WeakPin) as refusal:
        change_pin(actor=Actor.card(home.pk), household_id=home.pk, secret=secret, old="x", new=new)
    assert refusal.value.facts == {"digits": 4 if secret == TILL else 6}
    assert not CardTry.objects.exists()


def test_drawn_pins_are_fit(homes: dict[str, Household]) -> None:
    drawn = [new_pin(TILL) for _draw in range(300)]
    assert all(len(pin) == 4 and pin.isdigit() and not is_weak(pin) for pin in drawn)


def test_a_wrong_old_pin_counts_and_the_same_again_is_refused(
    homes: dict[str, Household], card: NewCard
) -> None:
    home = homes["018"]
    new = other_than(card.pin)
    change: dict[str, Any] = {"actor": Actor.card(home.pk), "household_id": home.pk}

    def refused(old: str, new: str) -> Refusal:
        with pytest.raises(Refusal) as raised:
            change_pin(**change, secret=SIGN_IN, old=old, new=new)
        return raised.value

    assert isinstance(refused(card.pin, card.pin), SamePin)
    kinds = [type(refused("000000", new)) for _try in range(5)]
    assert kinds == [WrongPin] * 4 + [CardLocked]
    assert isinstance(refused(card.pin, new), CardLocked)
    with pytest.raises(CardLocked):  # the same count as at the door
        open_with_card(token=card.token, pin=card.pin)
    Card.objects.update(revoked_at=clock.now())
    assert isinstance(refused(card.pin, new), NoCard)


def test_tries_are_kept_and_refuse_a_larger_transaction(committed: Jurisdiction) -> None:
    with quick_pins():
        card = committed_card()
        home = Household.objects.get(number="018")
        wrong = other_than(card.till_pin)
        assert isinstance(at_the_till(Actor.user(1), home, wrong), WrongPin)
        connection.close()
        assert CardTry.objects.filter(succeeded=False, tried=TILL).count() == DoorTry.objects.count() == 1
        with pytest.raises(RuntimeError), transaction.atomic():
            check_till_pin(actor=Actor.user(1), household_id=home.pk, pin=card.till_pin)


@pytest.mark.slow
@pytest.mark.parametrize("is_locked", [True, False])
def test_guessing_at_once_at_the_till_gives_no_more_than_five_tries(
    committed: Jurisdiction, monkeypatch: pytest.MonkeyPatch, is_locked: bool
) -> None:
    """With the card's lock there are five; without it all get through, so that the test is worth something."""
    with quick_pins():
        card = committed_card()
        home, wrong, guesses = Household.objects.get(number="018"), other_than(card.till_pin), 7
        if not is_locked:
            all_have_read, reading = Barrier(guesses), try_secret

            def unlocked(household_id: int) -> Card | None:
                return Card.objects.filter(revoked_at=None, household_id=household_id).first()

            def together(*what: Any) -> Refusal | None:
                all_have_read.wait(timeout=60)
                return reading(*what)

            monkeypatch.setattr(cards, "_card_of", unlocked)
            monkeypatch.setattr(cards, "try_secret", together)
        start = Barrier(guesses)

        def guess() -> None:
            try:
                with schema_context(committed.schema_name):
                    connection.ensure_connection()
                    start.wait(timeout=60)
                    at_the_till(Actor.user(1), home, wrong)
            finally:
                connection.close()

        run_all([guess] * guesses)
        tried = CardTry.objects.filter(tried=TILL).count()
        assert tried == 5 if is_locked else tried > 5


@pytest.mark.slow
@pytest.mark.parametrize("is_counted_first", [True, False])
def test_trying_many_doors_at_once_gives_no_more_tries(
    committed: Jurisdiction, monkeypatch: pytest.MonkeyPatch, is_counted_first: bool
) -> None:
    """A try is counted before it is made; counted afterwards, all that come at once would get through."""
    monkeypatch.setattr(tries, "MOST_FAILURES", 3)
    start, passed = Barrier(6), list[str]()

    def counted_after(source: str) -> None:
        failed = DoorTry.objects.filter(source=source).count()
        start.wait(timeout=60)
        if failed >= tries.MOST_FAILURES:
            raise TooManyTries(until=NOON, clock="")
        DoorTry.objects.create(source=source, at=clock.now())

    def come() -> None:
        try:
            with schema_context(committed.schema_name):
                connection.ensure_connection()
                if is_counted_first:
                    start.wait(timeout=60)
                (tries.enter if is_counted_first else counted_after)("user:1")
                passed.append("in")
        except TooManyTries:
            passed.append("out")
        finally:
            connection.close()

    run_all([come] * 6)
    assert len(passed) == 6
    assert (passed.count("in") <= 3) == is_counted_first
