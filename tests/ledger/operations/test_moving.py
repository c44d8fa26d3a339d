from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from tests.ledger.book import DAY, Book, balances, derived, ledger_faults, legs, points_of, posting
from xiangyue.ledger.models import Account, AccountKind, Batch, Cause, Currency, Transfer
from xiangyue.ledger.models import Book as Books
from xiangyue.ledger.operations.batches import Leg
from xiangyue.ledger.operations.moving import close_holder, merge_points, split_points, transfer
from xiangyue.ledger.operations.opening import open_households, open_pools, set_floors
from xiangyue.ledger.queries import lots_of, pool_id
from xiangyue.ledger.refusals import (
    AmountNotPositive,
    CurrencyMixed,
    HasOpenHolds,
    KeyReused,
    MoreThanThere,
    NoAccount,
    NoSuchAccount,
    NotEnoughPoints,
    SameHolder,
)

SOON, LATER = DAY + timedelta(days=10), DAY + timedelta(days=40)


def split(
    book: Book, from_id: int, to_id: int, spendable: int, honour: int = 0, key: str = "split"
) -> Batch | None:
    return split_points(
        posting=posting(key, Cause.SPLIT), from_id=from_id, to_id=to_id, spendable=spendable, honour=honour
    )


def merge(book: Book, from_id: int, to_id: int, key: str = "merge") -> Batch | None:
    return merge_points(posting=posting(key, Cause.MERGE), from_id=from_id, to_id=to_id)


def close(book: Book, holder_id: int, key: str = "close") -> Batch | None:
    return close_holder(posting=posting(key, Cause.CLOSING), holder_id=holder_id, pool_id=book.left_id)


def with_lots(book: Book) -> int:
    """Give a household with 3 points for ever, 5 until later, and 2 until soon."""
    household = book.household(300)
    book.post("later", (household, 500), expires_on=LATER)
    book.post("soon", (household, 200), expires_on=SOON)
    return household


def test_a_split_takes_lots_along_with_their_last_days(book: Book) -> None:
    household, new = with_lots(book), book.household()
    batch = split(book, household, new, 450, 100)
    one, other = points_of(household).pk, points_of(new).pk
    assert legs(batch) == [
        (1, one, other, 200, "spendable", SOON),
        (2, one, other, 250, "spendable", LATER),
        (3, one, other, 100, "honour", None),
    ]
    assert lots_of([one, other]) == {
        one: [(LATER, 250), (None, 300)],
        other: [(SOON, 200), (LATER, 250)],
    }
    assert (balances(household), balances(new)) == ((900, 550, 0), (100, 450, 0))
    assert points_of(household).closed_on is None
    assert ledger_faults() == []


@pytest.mark.parametrize(
    ("spendable", "honour", "asked", "there"),
    [(701, 0, "7.01", "7"), (-1, 0, "−0.01", "7"), (0, 1001, "10.01", "10"), (0, -1, "−0.01", "10")],
)
def test_no_more_is_split_off_than_is_there_and_not_promised(
    book: Book, spendable: int, honour: int, asked: str, there: str
) -> None:
    household, new = book.household(1000), book.household()
    book.hold("held", household, 300)
    with pytest.raises(MoreThanThere) as caught:
        split(book, household, new, spendable, honour)
    assert caught.value.facts == {"asked": asked, "there": there}
    split(book, household, new, 700, 1000)
    assert (balances(household), balances(new)) == ((0, 300, 0), (1000, 700, 0))
    assert ledger_faults() == []


def test_who_owes_has_nothing_to_split_off(book: Book) -> None:
    household, new = book.household(-500, floor=-200, redeem_floor=0), book.household()
    for spendable, honour in ((1, 0), (0, 1)):
        with pytest.raises(MoreThanThere):
            split(book, household, new, spendable, honour)
    assert split(book, household, new, 0, 0) is None
    assert (balances(household), balances(new)) == ((-500, -200, 300), (0, 0, 0))


def test_what_is_split_off_pays_what_the_other_owes(book: Book) -> None:
    household, owing = book.household(1000), book.household(-300)
    split(book, household, owing, 400)
    assert (balances(household), balances(owing)) == ((1000, 600, 0), (-300, 100, 0))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param((500, 300), (800, 800, 0), id="both have"),
        pytest.param((-500, 300), (-200, 0, 200), id="the first owes"),
        pytest.param((500, -300), (200, 200, 0), id="the second owes"),
        pytest.param((-500, -300), (-800, 0, 800), id="both owe"),
        pytest.param((0, 300), (300, 300, 0), id="the first has nothing"),
    ],
)
def test_a_merge_brings_all_that_one_has_and_owes_to_the_other(
    book: Book, before: tuple[int, int], after: tuple[int, int, int]
) -> None:
    one, other = (book.household(amount) for amount in before)
    batch = merge(book, one, other)
    assert (balances(one), balances(other)) == ((0, 0, 0), after)
    assert (points_of(one).closed_on, points_of(other).closed_on) == (DAY, None)
    assert (batch is None) == (before[0] == 0)
    assert ledger_faults() == []


def test_a_merge_below_the_floor_of_either(book: Book) -> None:
    one, other = (
        book.household(-500, floor=-200, redeem_floor=0),
        book.household(100, floor=-50, redeem_floor=0),
    )
    merge(book, one, other)
    assert (balances(one), balances(other)) == ((0, 0, 0), (-400, -50, 350))
    assert (points_of(one).floor, points_of(one).redeem_floor) == (0, 0)
    assert ledger_faults() == []


def test_a_merge_keeps_the_last_days(book: Book) -> None:
    household, other = with_lots(book), book.household()
    merge(book, household, other)
    account = points_of(other).pk
    assert lots_of([account]) == {account: [(SOON, 200), (LATER, 500), (None, 300)]}


@pytest.mark.parametrize(
    ("amount", "left"), [(700, (700, 700)), (-300, (-300, -300)), (0, (0, 0))], ids=["has", "owes", "nothing"]
)
def test_a_closed_household_leaves_all_it_has_and_owes(
    book: Book, amount: int, left: tuple[int, int]
) -> None:
    household = book.household(amount, floor=-100, redeem_floor=0)
    batch = close(book, household)
    assert balances(household) == (0, 0, 0)
    assert derived()[book.left_id] == left
    assert (batch is None) == (amount == 0)
    account = points_of(household)
    assert (account.closed_on, account.floor, account.redeem_floor) == (DAY, 0, 0)
    assert close(book, household) == batch  # once more changes nothing
    assert derived()[book.left_id] == left
    assert ledger_faults() == []


def test_who_has_open_holds_is_neither_merged_nor_closed(book: Book) -> None:
    household, other = book.household(1000), book.household()
    book.hold("held", household, 300)
    attempts: list[Callable[[], object]] = [
        lambda: merge(book, household, other),
        lambda: close(book, household),
    ]
    for attempt in attempts:
        with pytest.raises(HasOpenHolds) as caught:
            attempt()
        assert caught.value.facts == {"held": "3"}
    assert points_of(household).closed_on is None
    assert balances(household) == (1000, 1000, 0)


def test_one_who_is_closed_or_not_there_takes_no_part(book: Book) -> None:
    closed, other = book.household(500), book.household(1000)
    close(book, closed)
    shop = Account.objects.get(id=book.till_id).holder_id
    before = derived(), Batch.objects.count()
    for stranger in (closed, shop):
        attempts: list[Callable[[], object]] = [
            partial(split, book, other, stranger, 100),
            partial(split, book, stranger, other, 0, 0),
            partial(merge, book, other, stranger),
            partial(merge, book, stranger, other),
        ]
        for attempt in attempts:
            with pytest.raises(NoSuchAccount):
                attempt()
    with pytest.raises(NoSuchAccount):
        close(book, shop)
    assert (derived(), Batch.objects.count()) == before


def test_nobody_moves_to_himself(book: Book) -> None:
    household = book.household(1000)
    attempts: list[Callable[[], object]] = [
        lambda: split(book, household, household, 100),
        lambda: merge(book, household, household),
    ]
    for attempt in attempts:
        with pytest.raises(SameHolder):
            attempt()
    assert balances(household) == (1000, 1000, 0)


def test_the_same_request_moves_once(book: Book) -> None:
    one, other, third = book.household(1000), book.household(), book.household(200)
    first = split(book, one, other, 100, 50)
    assert split(book, one, other, 100, 50) == first
    merged = merge(book, one, other)
    assert merge(book, one, other) == merged
    assert balances(other) == (1000, 1000, 0)
    attempts: list[Callable[[], object]] = [
        lambda: split(book, one, other, 101, 50),
        lambda: split(book, one, other, 100, 51),
        lambda: split(book, other, one, 100, 50),
        lambda: merge(book, third, other),
        lambda: merge(book, other, third, key="split"),
        lambda: close(book, third, key="merge"),
    ]
    for attempt in attempts:
        with pytest.raises(KeyReused):
            attempt()
    assert (balances(other), balances(third)) == ((1000, 1000, 0), (200, 200, 0))


def move(key: str, *given: Leg) -> Batch:
    return transfer(posting=posting(key, Cause.FUNDING), legs=given)


def test_legs_are_posted_together(book: Book) -> None:
    one, other = points_of(book.household(1000)), points_of(book.household())
    (holder,) = open_pools(count=1, kinds=[AccountKind.FUND, AccountKind.PAID])
    fund, paid = pool_id(holder, AccountKind.FUND), pool_id(holder, AccountKind.PAID)
    batch = move(
        "now",
        Leg(one.pk, other.pk, 300, expires_on=SOON),
        Leg(fund, paid, 12_345, Books.SPENDABLE, Currency.CNY),
    )
    assert legs(batch) == [
        (1, one.pk, other.pk, 300, "spendable", SOON),
        (2, fund, paid, 12_345, "spendable", None),
    ]
    currencies = Transfer.objects.filter(batch=batch).order_by("line").values_list("currency", flat=True)
    assert list(currencies) == [Currency.POINT, Currency.CNY]
    assert (balances(one.holder_id), balances(other.holder_id)) == ((1000, 700, 0), (0, 300, 0))
    assert derived()[paid] == (12_345, 0)
    assert ledger_faults() == []


def test_a_household_pays_what_it_can_redeem_at_most_over_all_legs(book: Book) -> None:
    household = book.household(1000, redeem_floor=200)
    account, till = points_of(household).pk, book.till_id
    book.hold("held", household, 300)
    with pytest.raises(NotEnoughPoints) as caught:
        move("now", Leg(account, till, 300), Leg(account, till, 201))
    assert caught.value.facts == {"needed": "5.01", "redeemable": "5"}
    move("now", Leg(account, till, 300), Leg(account, till, 200))
    assert balances(household) == (1000, 500, 0)
    set_floors(holder_ids=[household], floor=0, redeem_floor=900)
    with pytest.raises(NotEnoughPoints):
        move("more", Leg(account, till, 1))
    move("honour only", Leg(account, till, 100, Books.HONOUR))
    assert balances(household) == (900, 500, 0)


def test_legs_that_can_not_be_posted(book: Book) -> None:
    (holder,) = open_households(count=1, kinds=[AccountKind.POINTS, AccountKind.HOURS])
    hours = Account.objects.get(holder=holder, kind=AccountKind.HOURS).pk
    account, closed = points_of(book.household(1000)).pk, book.household()
    close(book, closed)
    shut = points_of(closed).pk
    before = derived(), Batch.objects.count(), Transfer.objects.count()
    cases: list[tuple[type[Exception], list[Leg]]] = [
        (AmountNotPositive, []),
        (AmountNotPositive, [Leg(account, book.till_id, 0)]),
        (AmountNotPositive, [Leg(account, book.till_id, 100), Leg(account, book.till_id, -1)]),
        (CurrencyMixed, [Leg(account, hours, 100)]),
        (CurrencyMixed, [Leg(account, book.till_id, 100, currency=Currency.CNY)]),
        (NoAccount, [Leg(account, shut, 100)]),
        (NoAccount, [Leg(shut, account, 100)]),
        (NoAccount, [Leg(account, 0, 100)]),
    ]
    for refusal, given in cases:
        with pytest.raises(refusal):
            move("now", *given)
        assert (derived(), Batch.objects.count(), Transfer.objects.count()) == before


@pytest.mark.parametrize("change", ["amount", "book", "last day", "line more"])
def test_the_same_key_with_other_legs_is_refused(book: Book, change: str) -> None:
    household = book.household(1000)
    leg = Leg(points_of(household).pk, book.till_id, 300)
    first = move("now", leg)
    assert move("now", leg) == first
    other = {
        "amount": [Leg(leg.debit_id, leg.credit_id, 301)],
        "book": [Leg(leg.debit_id, leg.credit_id, 300, Books.HONOUR)],
        "last day": [Leg(leg.debit_id, leg.credit_id, 300, expires_on=SOON)],
        "line more": [leg, leg],
    }
    with pytest.raises(KeyReused):
        move("now", *other[change])
    assert balances(household) == (1000, 700, 0)
