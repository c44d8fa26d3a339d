"""A household is closed while somebody posts to it: whoever comes second finds it closed, and posts nothing."""

from collections.abc import Callable

import pytest

from tests.ledger.book import Book, balances, derived, ledger_faults, points_of, posting, reversal
from tests.ledger.threads import in_the_middle
from xiangyue.ledger.models import Cause
from xiangyue.ledger.operations.batches import Leg
from xiangyue.ledger.operations.moving import close_holder, merge_points, split_points, transfer
from xiangyue.ledger.operations.reversing import reverse
from xiangyue.ledger.refusals import NoAccount, NoSuchAccount, NotEnoughPoints
from xiangyue.tenancy.models import Jurisdiction

pytestmark = pytest.mark.slow

Attempt = Callable[[Book, int, int], object]


def is_reversed(book: Book, closed: int, other: int) -> object:
    return reverse(posting=reversal(book.series + "reversal", award_of(book, closed)))


def award_of(book: Book, holder_id: int) -> int:
    return book.posted("award", (holder_id, 300)).pk  # posted before: its answer is asked for once more


def is_split_to(book: Book, closed: int, other: int) -> object:
    asked = posting(book.series + "split", Cause.SPLIT)
    return split_points(posting=asked, from_id=other, to_id=closed, spendable=100, honour=0)


def is_merged_into(book: Book, closed: int, other: int) -> object:
    return merge_points(posting=posting(book.series + "merge", Cause.MERGE), from_id=other, to_id=closed)


def is_moved_to(book: Book, closed: int, other: int) -> object:
    legs = [Leg(points_of(other).pk, points_of(closed).pk, 100)]
    return transfer(posting=posting(book.series + "move", Cause.OPENING), legs=legs)


@pytest.mark.parametrize(
    ("attempt", "refusal"),
    [
        pytest.param(lambda book, closed, other: book.post("now", (closed, 100)), NoAccount, id="award"),
        pytest.param(lambda book, closed, other: book.pay("now", closed, 100), NotEnoughPoints, id="sale"),
        pytest.param(lambda book, closed, other: book.hold("now", closed, 100), NotEnoughPoints, id="hold"),
        pytest.param(is_reversed, NoAccount, id="reversal"),
        pytest.param(is_split_to, NoSuchAccount, id="split"),
        pytest.param(is_merged_into, NoSuchAccount, id="merge"),
        pytest.param(is_moved_to, NoAccount, id="transfer"),
    ],
)
def test_who_comes_while_a_household_is_closed_posts_nothing(
    county: Jurisdiction, book: Book, attempt: Attempt, refusal: type[Exception]
) -> None:
    closed, other = book.household(floor=-500, redeem_floor=-500), book.household(1000)
    book.posted("award", (closed, 300))

    def close() -> object:
        asked = posting(book.series + "close", Cause.CLOSING)
        return close_holder(posting=asked, holder_id=closed, pool_id=book.left_id)

    _closing, outcome = in_the_middle(
        county, close, 'SET "closed_on"', lambda: attempt(book, closed, other), waits=True
    )
    assert type(outcome) is refusal
    assert (balances(closed), balances(other)) == ((0, 0, 0), (1000, 1000, 0))
    assert derived()[book.left_id] == (300, 300)
    assert ledger_faults() == []
