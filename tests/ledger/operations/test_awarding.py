"""One line to one household: the same as posting.py does for a list of one, as the cases show side by side."""

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
)
from xiangyue.ledger.models import Batch, Cause
from xiangyue.ledger.models import Book as Books
from xiangyue.ledger.operations.awarding import award
from xiangyue.ledger.operations.moving import close_holder
from xiangyue.ledger.refusals import KeyReused, NoAccount

LAST = DAY + timedelta(days=30)


@pytest.mark.parametrize("before", [0, 500, -1000])
@pytest.mark.parametrize("amount", [500, 1, -200, -1, -900])
@pytest.mark.parametrize("last", [None, LAST])
def test_it_does_what_a_list_of_one_does(book: Book, before: int, amount: int, last: object) -> None:
    alone, listed = book.household(floor=-300, redeem_floor=0), book.household(floor=-300, redeem_floor=0)
    book.post("before", (alone, before), (listed, before))
    short = book.award("short", alone, amount, expires_on=LAST if last else None)
    long = book.posted("long", (listed, amount), expires_on=LAST if last else None)
    assert balances(alone) == balances(listed)

    def told(batch: Batch, household: int) -> list[object]:
        own = points_of(household).pk
        return [["own" if part == own else part for part in leg] for leg in legs(batch)]

    assert told(short, alone) == told(long, listed)
    assert ledger_faults() == []


@pytest.mark.parametrize(
    ("into", "after"),
    [(Books.BOTH, (500, 500, 0)), (Books.SPENDABLE, (0, 500, 0)), (Books.HONOUR, (500, 0, 0))],
)
def test_it_counts_in_the_books_that_are_named(book: Book, into: Books, after: tuple[int, int, int]) -> None:
    household = book.household()
    asked = posting("now", Cause.GRANT)
    award(posting=asked, holder_id=household, pool_id=book.issued_id, amount=500, book=into)
    assert balances(household) == after
    assert ledger_faults() == []


def test_the_same_key_posts_once(book: Book) -> None:
    household = book.household()
    assert book.award("now", household, 300) == book.award("now", household, 300)
    assert balances(household) == (300, 300, 0)


@pytest.mark.parametrize("change", ["amount", "holder", "pool", "book", "last day", "cause", "cause's id"])
def test_the_same_key_with_other_input_is_refused(book: Book, change: str) -> None:
    household, other = book.household(), book.household()
    book.award("now", household, 300)
    before = derived()
    with pytest.raises(KeyReused):
        award(
            posting=posting(
                "now",
                Cause.GRANT if change == "cause" else Cause.SETTLEMENT,
                2 if change == "cause's id" else 1,
                expires_on=LAST if change == "last day" else None,
            ),
            holder_id=other if change == "holder" else household,
            pool_id=book.cleared_id if change == "pool" else book.issued_id,
            amount=301 if change == "amount" else 300,
            book=Books.HONOUR if change == "book" else Books.BOTH,
        )
    assert derived() == before


def test_a_closed_household_gets_nothing_and_the_key_stays_free(book: Book) -> None:
    closed, household = book.household(), book.household()
    close_holder(posting=posting("close", Cause.CLOSING), holder_id=closed, pool_id=book.left_id)
    with pytest.raises(NoAccount):
        book.award("now", closed, 100)
    book.award("now", household, 100)
    assert balances(household) == (100, 100, 0)


def test_it_is_one_statement(book: Book) -> None:
    household = book.household()
    # Beside it the savepoint's begin and end, and the batch that is given back.
    assert queries_of(lambda: book.award("now", household, 100)) == 4
