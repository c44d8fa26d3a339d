from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.ledger.book import (
    DAY,
    Book,
    balances,
    derived,
    ledger_faults,
    legs,
    points_of,
    posting,
    queries_of,
    reversal,
)
from xiangyue.ledger.models import Batch, Cause, Transfer
from xiangyue.ledger.operations.holding import post_hold
from xiangyue.ledger.operations.moving import close_holder, split_points
from xiangyue.ledger.operations.reversing import reverse
from xiangyue.ledger.refusals import (
    AlreadyReversed,
    IsReversal,
    KeyReused,
    NoAccount,
    NoReason,
    UnknownBatch,
    UnknownLine,
)

LAST = DAY + timedelta(days=30)


def test_a_reversal_is_opposite_and_names_what_it_reverses(book: Book) -> None:
    one, other = book.household(100), book.household(50)
    first = book.posted("now", (one, 500), (other, -80), expires_on=LAST)
    batch = reverse(posting=reversal("back", first.pk, "wrong-household"))
    assert (batch.cause, batch.cause_id, batch.reason) == (Cause.REVERSAL, first.pk, "wrong-household")
    assert legs(batch) == [
        (1, points_of(one).pk, book.issued_id, 500, "both", LAST),
        (2, book.issued_id, points_of(other).pk, 80, "both", None),
    ]
    assert (balances(one), balances(other)) == ((100, 100, 0), (50, 50, 0))
    assert ledger_faults() == []


def test_one_line_is_reversed_under_its_own_number(book: Book) -> None:
    one, other = book.household(), book.household()
    first = book.posted("now", (one, 500), (other, 300), (one, 70))
    batch = reverse(posting=reversal("back", first.pk), lines=[2])
    assert [(line, amount) for line, _debit, _credit, amount, *_rest in legs(batch)] == [(2, 300)]
    assert (balances(one), balances(other)) == ((570, 570, 0), (0, 0, 0))
    rest = reverse(posting=reversal("the rest", first.pk), lines=[3, 1, 3])
    assert [line for line, *_rest in legs(rest)] == [1, 3]
    assert balances(one) == (0, 0, 0)
    assert ledger_faults() == []


def sale(book: Book, household: int) -> int:
    return book.pay("sale", household, 300).batch_id


def order(book: Book, household: int) -> int:
    held = book.hold("order", household, 300)
    return post_hold(posting=posting("order posted", Cause.ORDER), hold_id=held.pk).pk


def split(book: Book, household: int) -> int:
    asked = posting("split", Cause.SPLIT)
    batch = split_points(posting=asked, from_id=household, to_id=book.household(), spendable=300, honour=40)
    assert batch
    return batch.pk


@pytest.mark.parametrize("work", [sale, order, split])
def test_whatever_was_moved_comes_back(book: Book, work: Callable[[Book, int], int]) -> None:
    household = book.household(1000)
    before = derived()
    batch_id = work(book, household)
    assert balances(household) != (1000, 1000, 0)
    reverse(posting=reversal("back", batch_id))
    assert balances(household) == (1000, 1000, 0)
    assert {account: derived()[account] for account in before} == before
    assert ledger_faults() == []


def test_an_award_that_was_spent_is_owed(book: Book) -> None:
    household = book.household(floor=-100, redeem_floor=0)
    award = book.posted("award", (household, 500))
    book.pay("sale", household, 400)
    reverse(posting=reversal("back", award.pk))
    assert balances(household) == (0, -100, 300)
    assert ledger_faults() == []


def test_a_deduction_that_is_reversed_repays_what_it_had_made_owed(book: Book) -> None:
    household = book.household(200)
    deduction = book.posted("deduction", (household, -500))
    assert balances(household) == (-300, 0, 300)
    reverse(posting=reversal("back", deduction.pk))
    assert balances(household) == (200, 200, 0)


def test_what_is_promised_stays_promised(book: Book) -> None:
    household = book.household()
    award = book.posted("award", (household, 500))
    book.hold("held", household, 400)
    reverse(posting=reversal("back", award.pk))
    account = points_of(household)
    assert (account.balance, account.held, account.arrears) == (400, 400, 400)
    assert ledger_faults() == []


def test_the_same_request_reverses_once(book: Book) -> None:
    household = book.household()
    award = book.posted("award", (household, 500), (household, 60))
    first = reverse(posting=reversal("back", award.pk), lines=[1])
    assert reverse(posting=reversal("back", award.pk), lines=[1]) == first
    for lines, reason in (([2], "wrong-amount"), (None, "wrong-amount"), ([1], "another-reason")):
        with pytest.raises(KeyReused):
            reverse(posting=reversal("back", award.pk, reason), lines=lines)
    assert balances(household) == (60, 60, 0)


@pytest.mark.parametrize("lines", [None, [1], [1, 2]])
def test_a_line_is_reversed_once(book: Book, lines: list[int] | None) -> None:
    household = book.household()
    award = book.posted("award", (household, 500), (household, 60))
    reverse(posting=reversal("back", award.pk), lines=[1])
    before = derived(), Batch.objects.count(), Transfer.objects.count()
    with pytest.raises(AlreadyReversed) as caught:
        reverse(posting=reversal("again", award.pk), lines=lines)
    assert caught.value.facts == {"line": 1}
    assert (derived(), Batch.objects.count(), Transfer.objects.count()) == before


def test_what_can_not_be_reversed(book: Book) -> None:
    household = book.household()
    award = book.posted("award", (household, 500))
    back = reverse(posting=reversal("back", award.pk))
    other = book.posted("other", (household, 70))
    before = derived(), Batch.objects.count()
    for batch_id, lines, reason, refusal, facts in (
        (back.pk, None, "wrong", IsReversal, {}),
        (0, None, "wrong", UnknownBatch, {"batch": 0}),
        (other.pk, [1, 9, 7], "wrong", UnknownLine, {"line": 7}),
        (other.pk, [], "wrong", UnknownLine, {"line": 0}),
        (other.pk, None, "", NoReason, {}),
    ):
        with pytest.raises(refusal) as caught:
            reverse(posting=reversal("now", batch_id, reason), lines=lines)
        assert caught.value.facts == facts
    assert (derived(), Batch.objects.count()) == before


def test_nothing_is_given_back_to_a_closed_household(book: Book) -> None:
    closed, other = book.household(1000), book.household()
    batch = book.posted("now", (closed, -100), (other, 100))
    close_holder(posting=posting("close", Cause.CLOSING), holder_id=closed, pool_id=book.left_id)
    with pytest.raises(NoAccount) as caught:
        reverse(posting=reversal("back", batch.pk))
    assert caught.value.facts == {"count": 1}
    reverse(posting=reversal("the other line", batch.pk), lines=[2])
    assert (balances(closed), balances(other)) == ((0, 0, 0), (0, 0, 0))
    assert ledger_faults() == []


def test_a_large_batch_costs_as_many_queries_as_a_small_one(book: Book) -> None:
    def cost(count: int) -> int:
        award = book.posted(f"award {count}", *((book.household(), 100) for _ in range(count)))
        return queries_of(lambda: reverse(posting=reversal(f"back {count}", award.pk)))

    assert cost(1) == cost(40)
