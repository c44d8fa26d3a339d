"""Who comes in the middle waits, and then decides by what is there. With the lock taken away the harm shows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Manager

from tests.ledger.book import DAY, Book, balances, ledger_faults, points_of, posting, reversal
from tests.ledger.threads import in_the_middle
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.ledger.models import Batch, Cause, Hold, HoldState
from xiangyue.ledger.operations import batches, holding
from xiangyue.ledger.operations.batches import Leg
from xiangyue.ledger.operations.expiring import Carry, clear, expire_points
from xiangyue.ledger.operations.holding import expire_holds, post_hold, void_hold
from xiangyue.ledger.operations.moving import close_holder, merge_points, split_points, transfer
from xiangyue.ledger.operations.reversing import reverse
from xiangyue.ledger.refusals import AlreadyReversed, HoldEnded, NotEnoughPoints
from xiangyue.tenancy.models import Jurisdiction

pytestmark = pytest.mark.slow

UNLOCKED = "SELECT %(accounts)s::bigint[]"
LAST = DAY - timedelta(days=1)
FAR = clock.noon(DAY) + timedelta(days=30)


def with_passing_points(book: Book) -> int:
    """Give a household whose 10 points could be used until yesterday."""
    household = book.household()
    book.posted("award", (household, 1000), expires_on=LAST)
    return household


def expiry(book: Book, household: int) -> object:
    return expire_points(actor=SYSTEM, pool_id=book.expired_id)


def clearing(book: Book, household: int) -> object:
    asked = posting(book.series + "clear", Cause.CLEARING)
    return clear(posting=asked, pool_id=book.cleared_id, holder_ids=[household], carry=Carry())


def split(book: Book, household: int) -> object:
    asked = posting(book.series + "split", Cause.SPLIT)
    return split_points(posting=asked, from_id=household, to_id=book.household(), spendable=1000, honour=0)


def merge(book: Book, household: int) -> object:
    return merge_points(
        posting=posting(book.series + "merge", Cause.MERGE), from_id=household, to_id=book.household()
    )


def closing(book: Book, household: int) -> object:
    asked = posting(book.series + "close", Cause.CLOSING)
    return close_holder(posting=asked, holder_id=household, pool_id=book.left_id)


def movement(book: Book, household: int) -> object:
    legs = [Leg(points_of(household).pk, points_of(book.household()).pk, 1000)]
    return transfer(posting=posting(book.series + "move", Cause.OPENING), legs=legs)


def take_the_account_locks_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "LOCK", UNLOCKED)


WORKS = [  # each with what its decision is read by
    pytest.param(expiry, "running_out", id="expiry"),
    pytest.param(clearing, "kept.amount", id="clearing"),
    pytest.param(split, "up_to - debit.amount", id="split"),
    pytest.param(merge, "up_to - debit.amount", id="merge"),
    pytest.param(closing, "up_to - debit.amount", id="closing"),
    pytest.param(movement, '"closed_on" FROM "ledger_account" WHERE "ledger_account"."id" IN', id="transfer"),
]
Work = Callable[[Book, int], object]


@pytest.mark.parametrize(("work", "decision"), WORKS)
def test_a_till_waits_for_whoever_moves_all_that_is_there(
    county: Jurisdiction, book: Book, work: Work, decision: str
) -> None:
    household = with_passing_points(book)
    _done, sale = in_the_middle(
        county,
        lambda: work(book, household),
        decision,
        lambda: book.pay("now", household, 400),
        waits=True,
    )
    assert type(sale) is NotEnoughPoints
    assert balances(household)[1:] == (0, 0)
    assert ledger_faults() == []


@pytest.mark.parametrize(("work", "decision"), WORKS)
def test_without_the_lock_it_would_owe_what_the_till_sold(
    lawless: Jurisdiction,
    lawless_book: Book,
    work: Work,
    decision: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    household = with_passing_points(lawless_book)
    take_the_account_locks_away(monkeypatch)
    in_the_middle(
        lawless,
        lambda: work(lawless_book, household),
        decision,
        lambda: lawless_book.pay("now", household, 400),
        waits=False,
    )
    assert balances(household)[1:] == (0, 400)


def test_two_expiries_at_once_expire_once(county: Jurisdiction, book: Book) -> None:
    household = with_passing_points(book)
    both = in_the_middle(
        county, lambda: expiry(book, household), "running_out", lambda: expiry(book, household), waits=True
    )
    assert sorted(len(batches) for batches in both) == [0, 1]
    assert balances(household) == (1000, 0, 0)
    assert ledger_faults() == []


def test_two_reversals_at_once_reverse_once(county: Jurisdiction, book: Book) -> None:
    household = book.household(700)
    award = book.posted("award", (household, 500)).pk
    first, second = reversals(county, book, award, waits=True)
    assert (type(first), type(second)) == (Batch, AlreadyReversed)
    assert balances(household) == (700, 700, 0)
    assert ledger_faults() == []


def test_without_the_lock_they_would_reverse_twice(
    lawless: Jurisdiction, lawless_book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    household = lawless_book.household(700)
    award = lawless_book.posted("award", (household, 500)).pk
    take_the_row_locks_away(monkeypatch)
    first, second = reversals(lawless, lawless_book, award, waits=False)
    assert (type(first), type(second)) == (Batch, Batch)
    assert balances(household) == (200, 200, 0)


def reversals(county: Jurisdiction, book: Book, batch_id: int, *, waits: bool) -> tuple[Any, Any]:
    """Reverse a batch; another does so as well, right after it was seen that nobody has done it yet."""
    return in_the_middle(
        county,
        lambda: reverse(posting=reversal(book.series + "first", batch_id)),
        '"ledger_batch"."cause" = ',
        lambda: reverse(posting=reversal(book.series + "second", batch_id)),
        waits=waits,
    )


def take_the_row_locks_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def unlocked(manager: "Manager[Any]", **_how: object) -> Any:
        return manager.all()

    monkeypatch.setattr(Manager, "select_for_update", unlocked)


def ends(
    county: Jurisdiction, book: Book, household: int, other: Callable[[Hold], object], *, waits: bool
) -> Any:
    """Post a hold of 3 points, next to one of 5; right after it was read something else happens to it."""
    held, _kept = book.hold("held", household, 300), book.hold("kept", household, 500, FAR)
    outcomes = in_the_middle(
        county,
        lambda: post_hold(posting=posting(book.series + "now", Cause.ORDER), hold_id=held.pk),
        'FROM "ledger_hold"',
        lambda: other(held),
        waits=waits,
    )
    return *outcomes, Hold.objects.get(id=held.pk).state, points_of(household)


def is_voided(held: Hold) -> object:
    return void_hold(hold_id=held.pk)


def test_a_hold_ends_once(county: Jurisdiction, book: Book) -> None:
    household = book.household(1000)
    first, second, state, account = ends(county, book, household, is_voided, waits=True)
    assert (type(first), type(second)) == (Batch, HoldEnded)
    assert (state, account.balance, account.held) == (HoldState.POSTED, 700, 500)
    assert ledger_faults() == []


def test_without_the_lock_it_would_free_what_is_promised_to_another(
    lawless: Jurisdiction, lawless_book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    household = lawless_book.household(1000)
    take_the_row_locks_away(monkeypatch)
    first, second, state, account = ends(lawless, lawless_book, household, is_voided, waits=False)
    assert (type(first), second) == (Batch, None)
    assert (state, account.balance, account.held) == (HoldState.POSTED, 700, 200)


def both_end_what_is_over(
    county: Jurisdiction, book: Book, household: int, *, waits: bool
) -> tuple[Any, Any]:
    def end() -> object:
        with clock.as_of(DAY + timedelta(days=3)):
            return expire_holds()

    end()  # what other tests have left
    book.hold("held", household, 300)
    book.hold("kept", household, 500, FAR)
    return in_the_middle(county, end, "SET state = 'expired'", end, waits=waits)


def test_a_hold_expires_once(county: Jurisdiction, book: Book) -> None:
    household = book.household(1000)
    first, second = both_end_what_is_over(county, book, household, waits=False)
    assert (first, second) == (1, 0)
    assert (points_of(household).balance, points_of(household).held) == (1000, 500)
    assert ledger_faults() == []


def test_without_the_lock_it_would_expire_twice(
    lawless: Jurisdiction, lawless_book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    household = lawless_book.household(1000)
    skipping = "FOR UPDATE SKIP LOCKED"
    assert skipping in holding.END_EXPIRED
    monkeypatch.setattr(holding, "END_EXPIRED", holding.END_EXPIRED.replace(skipping, ""))
    first, second = both_end_what_is_over(lawless, lawless_book, household, waits=True)
    assert (first, second) == (1, 1)
    assert points_of(household).held == 200
