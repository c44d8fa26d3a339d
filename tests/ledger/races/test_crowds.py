"""Everything at once on the same households: nobody waits in a circle, and all adds up in the end."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.ledger.book import DAY, Book, balances, derived, ledger_faults, points_of, posting, reversal
from tests.ledger.threads import at_once, kinds
from xiangyue.kernel.actors import SYSTEM
from xiangyue.ledger.models import Account, Cause, Hold, HoldState
from xiangyue.ledger.operations.expiring import expire_points
from xiangyue.ledger.operations.holding import post_hold, void_hold
from xiangyue.ledger.operations.moving import split_points
from xiangyue.ledger.operations.reversing import reverse
from xiangyue.ledger.refusals import AlreadyReversed, MoreThanThere, NotEnoughPoints
from xiangyue.tenancy.models import Jurisdiction

pytestmark = pytest.mark.slow

PRICE = 100


def test_postings_and_tills_on_the_same_households(county: Jurisdiction, book: Book) -> None:
    households = [book.household(500) for _ in range(20)]
    amounts = {key: shuffled(households, key) for key in ("a", "b", "c", "d")}

    def post(key: str) -> Callable[[], object]:
        return lambda: book.post(key, *amounts[key])

    def sell(till: int) -> Callable[[], object]:
        chosen = random.Random(till).choices(households, k=10)
        return lambda: [sold(book, f"{till}:{number}", each) for number, each in enumerate(chosen)]

    outcomes = at_once(county, [*map(post, amounts), *map(sell, range(8))])
    assert kinds(outcomes) == {"Batch": 4, "list": 8}
    spent = sum(sum(outcome) for outcome in outcomes if isinstance(outcome, list))
    assert derived()[book.till_id] == (spent, 0)
    assert spent > 0
    posted = Counter(dict.fromkeys(households, 500))
    for holder, amount in (line for each in amounts.values() for line in each):
        posted[holder] += amount
    assert {holder: balances(holder)[0] for holder in households} == dict(posted)
    position = sum(balances(holder)[1] - balances(holder)[2] for holder in households)
    assert position == sum(posted.values()) - spent
    assert ledger_faults() == []


def shuffled(households: list[int], key: str) -> list[tuple[int, int]]:
    """Give five lines for each household in an order of this batch's own."""
    chance = random.Random(key)
    lines = [(household, chance.randint(-400, 300)) for household in households * 5]
    chance.shuffle(lines)
    return lines


def sold(book: Book, key: str, household: int) -> int:
    try:
        book.pay(key, household, PRICE)
    except NotEnoughPoints:
        return 0
    return PRICE


def test_orders_reversals_splits_and_expiry_on_the_same_households(county: Jurisdiction, book: Book) -> None:
    households = [book.household(floor=-300, redeem_floor=0) for _ in range(6)]
    there = [(household, 800) for household in households]
    passing = book.posted("passing", *there, expires_on=DAY - timedelta(days=1)).pk
    staying = book.posted("staying", *there).pk

    def order(name: str) -> Callable[[], object]:
        def orders() -> None:
            for each in households:
                ordered(book, f"{name}:{each}", each)

        return orders

    def undo(key: str, batch_id: int) -> Callable[[], object]:
        return lambda: done(lambda: reverse(posting=reversal(book.series + key, batch_id)))

    def share(key: str, from_id: int, to_id: int) -> Callable[[], object]:
        asked = posting(book.series + key, Cause.SPLIT)
        return lambda: done(
            lambda: split_points(posting=asked, from_id=from_id, to_id=to_id, spendable=50, honour=10)
        )

    def expire() -> object:
        return expire_points(actor=SYSTEM, pool_id=book.expired_id)

    pairs = list(zip(households, households[::-1], strict=True))
    outcomes = at_once(
        county,
        [
            *(order(name) for name in ("first", "second", "third")),
            *(share(f"share:{number}", *pair) for number, pair in enumerate(pairs)),
            *[undo("undo", staying), undo("again", staying), undo("undo passing", passing)],
            *[expire, expire],
        ],
    )
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    accounts = [points_of(household) for household in households]
    assert {
        account.pk: ((account.balance or 0) - account.arrears, account.honour) for account in accounts
    } == {account: sums for account, sums in derived().items() if account in {each.pk for each in accounts}}
    open_holds = Hold.objects.filter(account__in=accounts, state=HoldState.HELD)
    assert sum(account.held for account in accounts) == sum(hold.amount for hold in open_holds)
    assert all(is_in_normal_form(account) for account in accounts)
    assert ledger_faults() == []


def ordered(book: Book, key: str, household: int) -> None:
    """Hold a price and post it, void it, or leave it, by the household's turn."""
    try:
        held = book.hold(key, household, PRICE)
    except NotEnoughPoints:
        return
    if household % 3 == 0:
        post_hold(posting=posting(f"{book.series}{key}:post", Cause.ORDER), hold_id=held.pk)
    elif household % 3 == 1:
        void_hold(hold_id=held.pk)


def done(work: Callable[[], object]) -> object:
    """Do it if it can be done at this moment."""
    try:
        return work()
    except (AlreadyReversed, MoreThanThere) as refusal:
        return refusal.code


def is_in_normal_form(account: Account) -> bool:
    lowest = account.floor + account.held
    return (account.balance or 0) >= lowest and (not account.arrears or account.balance == lowest)
