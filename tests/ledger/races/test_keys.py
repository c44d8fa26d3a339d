"""One key from eight threads at once: done once, and everybody gets the same answer."""

from collections.abc import Callable

import pytest

from tests.ledger.book import Book, balances, derived, ledger_faults, points_of, posting, reversal
from tests.ledger.threads import at_once
from xiangyue.ledger.models import Batch, Cause, Hold
from xiangyue.ledger.operations.batches import Leg
from xiangyue.ledger.operations.expiring import Carry, clear
from xiangyue.ledger.operations.holding import post_hold
from xiangyue.ledger.operations.moving import close_holder, merge_points, split_points, transfer
from xiangyue.ledger.operations.reversing import reverse
from xiangyue.tenancy.models import Jurisdiction

pytestmark = pytest.mark.slow

THREADS = 8
Work = Callable[[], object]


def eight(county: Jurisdiction, work: Work) -> set[object]:
    """Let eight threads do the same at once; give the different answers. An error fails the test."""
    outcomes = at_once(county, [work] * THREADS)
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome
    return {answer.pk if isinstance(answer, Batch | Hold) else answer for answer in outcomes}


def batch_of(book: Book, key: str) -> int:
    return Batch.objects.get(key=book.series + key).pk


def test_postings(county: Jurisdiction, book: Book) -> None:
    household, other = book.household(), book.household()
    answers = eight(county, lambda: book.post("now", (household, 500), (other, -300)))
    assert answers == {batch_of(book, "now")}
    assert (balances(household), balances(other)) == ((500, 500, 0), (-300, 0, 300))
    assert ledger_faults() == []


def test_awards(county: Jurisdiction, book: Book) -> None:
    household = book.household()
    assert eight(county, lambda: book.award("now", household, 500)) == {batch_of(book, "now")}
    assert balances(household) == (500, 500, 0)
    assert ledger_faults() == []


def test_sales(county: Jurisdiction, book: Book) -> None:
    household = book.household(1000)
    answers = eight(county, lambda: book.pay("now", household, 400).batch_id)
    assert answers == {batch_of(book, "now")}
    assert balances(household) == (1000, 600, 0)
    assert ledger_faults() == []


def test_a_sale_that_leaves_too_little_for_a_second(county: Jurisdiction, book: Book) -> None:
    household = book.household(1000)
    answers = eight(county, lambda: book.pay("now", household, 1000).batch_id)
    assert answers == {batch_of(book, "now")}
    assert balances(household) == (1000, 0, 0)


def test_holds(county: Jurisdiction, book: Book) -> None:
    household = book.household(1000)
    answers = eight(county, lambda: book.hold("now", household, 700))
    assert answers == {Hold.objects.get(key=book.series + "now").pk}
    assert points_of(household).held == 700
    assert ledger_faults() == []


def test_posts_of_a_hold(county: Jurisdiction, book: Book) -> None:
    household = book.household(1000)
    held, kept = book.hold("held", household, 400), book.hold("kept", household, 500)
    asked = posting(book.series + "now", Cause.ORDER)
    answers = eight(county, lambda: post_hold(posting=asked, hold_id=held.pk, amount=300))
    assert answers == {batch_of(book, "now")}
    assert (points_of(household).balance, points_of(household).held) == (700, kept.amount)
    assert ledger_faults() == []


def test_reversals(county: Jurisdiction, book: Book) -> None:
    household = book.household()
    award = book.posted("award", (household, 500))
    asked = reversal(book.series + "now", award.pk)
    assert eight(county, lambda: reverse(posting=asked)) == {batch_of(book, "now")}
    assert balances(household) == (0, 0, 0)
    assert ledger_faults() == []


def test_transfers(county: Jurisdiction, book: Book) -> None:
    household, other = book.household(1000), book.household()
    legs = [Leg(points_of(household).pk, points_of(other).pk, 600)]
    asked = posting(book.series + "now", Cause.OPENING)
    assert eight(county, lambda: transfer(posting=asked, legs=legs)) == {batch_of(book, "now")}
    assert (balances(household), balances(other)) == ((1000, 400, 0), (0, 600, 0))
    assert ledger_faults() == []


def test_splits(county: Jurisdiction, book: Book) -> None:
    household, new = book.household(1000), book.household()
    asked = posting(book.series + "now", Cause.SPLIT)

    def split() -> object:
        return split_points(posting=asked, from_id=household, to_id=new, spendable=300, honour=200)

    assert eight(county, split) == {batch_of(book, "now")}
    assert (balances(household), balances(new)) == ((800, 700, 0), (200, 300, 0))
    assert ledger_faults() == []


def test_merges(county: Jurisdiction, book: Book) -> None:
    household, other = book.household(1000), book.household(50)
    asked = posting(book.series + "now", Cause.MERGE)
    answers = eight(county, lambda: merge_points(posting=asked, from_id=household, to_id=other))
    assert answers == {batch_of(book, "now")}
    assert (balances(household), balances(other)) == ((0, 0, 0), (1050, 1050, 0))
    assert points_of(household).closed_on
    assert ledger_faults() == []


def test_closings(county: Jurisdiction, book: Book) -> None:
    household = book.household(1000)
    asked = posting(book.series + "now", Cause.CLOSING)
    answers = eight(county, lambda: close_holder(posting=asked, holder_id=household, pool_id=book.left_id))
    assert answers == {batch_of(book, "now")}
    assert balances(household) == (0, 0, 0)
    assert derived()[book.left_id] == (1000, 1000)
    assert ledger_faults() == []


@pytest.mark.parametrize(("percent", "kept"), [(0, 0), (50, 500)])
def test_clearings(county: Jurisdiction, book: Book, percent: int, kept: int) -> None:
    household = book.household(1000)
    asked = posting(book.series + "now", Cause.CLEARING)

    def end_the_period() -> object:
        return clear(
            posting=asked, pool_id=book.cleared_id, holder_ids=[household], carry=Carry(percent=percent)
        )

    assert eight(county, end_the_period) == {batch_of(book, "now")}
    assert balances(household) == (1000, kept, 0)
    assert ledger_faults() == []
