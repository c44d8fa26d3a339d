from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.ledger.book import DAY, Book, balances, derived, ledger_faults, legs, points_of, posting
from xiangyue.kernel import clock
from xiangyue.ledger.models import Account, Batch, Cause, Hold, HoldState
from xiangyue.ledger.operations import holding
from xiangyue.ledger.operations.holding import expire_holds, hold, post_hold, void_hold
from xiangyue.ledger.operations.moving import close_holder
from xiangyue.ledger.refusals import (
    AmountNotPositive,
    HoldEnded,
    HoldEndsInThePast,
    KeyReused,
    MoreThanHeld,
    NoSuchAccount,
    NotEnoughPoints,
    UnknownHold,
)

ENDS_AT = clock.noon(DAY) + timedelta(days=2)


def post(book: Book, held: Hold, amount: int | None = None, key: str = "posted") -> Batch:
    return post_hold(posting=posting(book.series + key, Cause.ORDER), hold_id=held.pk, amount=amount)


def sums(household: int) -> tuple[int | None, int, int]:
    """Give balance, held and arrears."""
    account = points_of(household)
    return account.balance, account.held, account.arrears


def test_a_hold_promises_without_moving_anything(book: Book) -> None:
    household = book.household(1000)
    before = derived()
    held = book.hold("now", household, 300)
    assert (held.key, held.state, held.amount, held.pool_id) == ("now", HoldState.HELD, 300, book.till_id)
    assert (held.cause, held.cause_id, held.ends_at) == (Cause.ORDER, 1, ENDS_AT)
    assert (held.account_id, held.closed_at, held.batch_id) == (points_of(household).pk, None, None)
    assert clock.local_day(held.held_at) == DAY
    assert sums(household) == (1000, 300, 0)
    assert derived() == before
    assert ledger_faults() == []


@pytest.mark.parametrize(
    ("balance", "floor", "redeem_floor", "redeemable"),
    [(1000, 0, 0, 1000), (1000, 0, 400, 600), (1000, -500, 0, 1000), (1000, -500, -200, 1200)],
)
def test_no_more_is_promised_than_can_be_redeemed(
    book: Book, balance: int, floor: int, redeem_floor: int, redeemable: int
) -> None:
    household = book.household(balance, floor=floor, redeem_floor=redeem_floor)
    book.hold("some", household, 100)
    with pytest.raises(NotEnoughPoints):
        book.hold("too much", household, redeemable - 99)
    assert not Hold.objects.filter(key="too much").exists()
    book.hold("the rest", household, redeemable - 100)
    assert sums(household) == (balance, redeemable, 0)


def test_a_deduction_takes_nothing_of_what_is_promised(book: Book) -> None:
    household = book.household(1000)
    held = book.hold("now", household, 300)
    book.post("deduction", (household, -900))
    assert sums(household) == (300, 300, 200)
    post(book, held)
    assert sums(household) == (0, 0, 200)
    assert ledger_faults() == []


def test_what_is_free_again_pays_what_is_owed(book: Book) -> None:
    household = book.household(1000)
    held = book.hold("now", household, 300)
    book.post("deduction", (household, -900))
    void_hold(hold_id=held.pk)
    assert sums(household) == (100, 0, 0)
    assert ledger_faults() == []


@pytest.mark.parametrize(("amount", "paid"), [(None, 300), (300, 300), (299, 299), (1, 1)])
def test_a_hold_is_paid_whole_or_in_part_and_the_rest_is_free(
    book: Book, amount: int | None, paid: int
) -> None:
    household = book.household(1000)
    held, other = book.hold("now", household, 300), book.hold("other", household, 400)
    batch = post(book, held, amount)
    assert legs(batch) == [(1, points_of(household).pk, book.till_id, paid, "spendable", None)]
    assert (batch.key, batch.cause, batch.cause_id, batch.day) == ("posted", Cause.ORDER, 1, DAY)
    held.refresh_from_db()
    assert (held.state, held.batch_id, held.amount) == (HoldState.POSTED, batch.pk, 300)
    assert held.closed_at
    assert sums(household) == (1000 - paid, other.amount, 0)
    assert balances(household)[0] == 1000  # honour is never spent
    assert derived()[book.till_id] == (paid, 0)
    assert ledger_faults() == []


@pytest.mark.parametrize("amount", [301, 1000])
def test_no_more_is_paid_than_was_held(book: Book, amount: int) -> None:
    household = book.household(1000)
    held = book.hold("now", household, 300)
    with pytest.raises(MoreThanHeld):
        post(book, held, amount)
    with pytest.raises(AmountNotPositive):
        post(book, held, 0)
    assert sums(household) == (1000, 300, 0)


def test_the_same_key_holds_once(book: Book) -> None:
    household = book.household(1000)
    first = book.hold("now", household, 700)
    assert book.hold("now", household, 700) == first
    assert sums(household) == (1000, 700, 0)
    post(book, first)
    again = book.hold("now", household, 700)  # whatever became of it since
    assert (again.pk, again.state) == (first.pk, HoldState.POSTED)
    assert sums(household) == (300, 0, 0)


def test_an_old_request_is_answered_after_its_end_too(book: Book) -> None:
    household = book.household(1000)
    first = book.hold("now", household, 700, ENDS_AT)
    with clock.as_of(ENDS_AT + timedelta(hours=1)):
        assert book.hold("now", household, 700, ENDS_AT) == first


@pytest.mark.parametrize("change", ["amount", "holder", "pool", "end", "cause", "cause_id"])
def test_the_same_key_for_something_else_is_refused(book: Book, change: str) -> None:
    household, other = book.household(1000), book.household(1000)
    book.hold("now", household, 300)
    with pytest.raises(KeyReused):
        hold(
            posting=posting(
                "now",
                Cause.OPENING if change == "cause" else Cause.ORDER,
                2 if change == "cause_id" else 1,
            ),
            holder_id=other if change == "holder" else household,
            pool_id=book.left_id if change == "pool" else book.till_id,
            amount=301 if change == "amount" else 300,
            ends_at=ENDS_AT + timedelta(seconds=change == "end"),
        )
    assert (sums(household), sums(other)) == ((1000, 300, 0), (1000, 0, 0))


def test_the_same_key_pays_once(book: Book) -> None:
    household = book.household(1000)
    held, other = book.hold("now", household, 300), book.hold("other", household, 300)
    first = post(book, held, 200)
    assert post(book, held, 200) == first
    others: list[Callable[[], object]] = [
        lambda: post(book, held, 201),  # another amount
        lambda: post(book, other, 200),  # another hold
        lambda: post(book, other, 200, key=f"start:{household}"),  # another batch's key
    ]
    for again in others:
        with pytest.raises(KeyReused):
            again()
    assert sums(household) == (800, 300, 0)


def ended_by_post(book: Book, held: Hold) -> None:
    post(book, held)


def ended_by_void(book: Book, held: Hold) -> None:
    void_hold(hold_id=held.pk)


def ended_by_time(book: Book, held: Hold) -> None:
    with clock.as_of(ENDS_AT):
        assert expire_holds() == 1


@pytest.mark.parametrize(
    ("end", "state", "after"),
    [
        (ended_by_post, HoldState.POSTED, (700, 0, 0)),
        (ended_by_void, HoldState.VOIDED, (1000, 0, 0)),
        (ended_by_time, HoldState.EXPIRED, (1000, 0, 0)),
    ],
)
def test_a_hold_ends_once(
    book: Book, end: Callable[[Book, Hold], None], state: HoldState, after: tuple[int, int, int]
) -> None:
    household = book.household(1000)
    held = book.hold("now", household, 300, ENDS_AT)
    end(book, held)
    with pytest.raises(HoldEnded) as caught:
        post(book, held, key="again")
    assert caught.value.facts == {"state": state.label}
    if state is HoldState.VOIDED:
        void_hold(hold_id=held.pk)  # a second time changes nothing
    else:
        with pytest.raises(HoldEnded):
            void_hold(hold_id=held.pk)
    held.refresh_from_db()
    assert held.state == state
    assert held.closed_at
    assert sums(household) == after
    assert ledger_faults() == []


def test_a_hold_past_its_end_is_over_even_before_the_worker_comes(book: Book) -> None:
    household = book.household(1000)
    held = book.hold("now", household, 300, ENDS_AT)
    with clock.as_of(ENDS_AT - timedelta(seconds=5)):
        post(book, book.hold("in time", household, 100, ENDS_AT), key="in time")
    with clock.as_of(ENDS_AT + timedelta(seconds=5)):
        for attempt in (lambda: post(book, held), lambda: void_hold(hold_id=held.pk)):
            with pytest.raises(HoldEnded) as caught:
                attempt()
            assert caught.value.facts == {"state": HoldState.EXPIRED.label}
        with pytest.raises(HoldEndsInThePast):
            book.hold("late", household, 100, ENDS_AT)
    assert sums(household) == (900, 300, 0)
    assert not Hold.objects.filter(key="late").exists()


def test_only_what_is_past_its_end_expires(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = book.household(1000), book.household(1000)
    over = [book.hold(f"over:{number}", one, 100, ENDS_AT) for number in range(3)]
    later = book.hold("later", other, 500, ENDS_AT + timedelta(days=1))
    book.post("deduction", (one, -950))
    assert sums(one) == (300, 300, 250)
    monkeypatch.setattr(holding, "EXPIRED_AT_ONCE", 2)
    assert expire_holds() == 0
    with clock.as_of(ENDS_AT):
        assert [expire_holds() for _ in range(3)] == [2, 1, 0]
    assert set(Hold.objects.filter(state=HoldState.EXPIRED)) == set(over)
    assert (sums(one), sums(other)) == ((50, 0, 0), (1000, 500, 0))
    assert Hold.objects.get(state=HoldState.HELD) == later
    assert ledger_faults() == []


def test_who_is_not_there_is_promised_nothing(book: Book) -> None:
    shop = Account.objects.get(id=book.till_id).holder_id
    with pytest.raises(NoSuchAccount):
        book.hold("now", shop, 100)
    closed = book.household(1000, floor=-500, redeem_floor=-500)
    close_holder(posting=posting("close", Cause.CLOSING), holder_id=closed, pool_id=book.left_id)
    with pytest.raises(NotEnoughPoints):
        book.hold("now", closed, 100)
    with pytest.raises(UnknownHold):
        void_hold(hold_id=0)
    assert not Hold.objects.exists()
