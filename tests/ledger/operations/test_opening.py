import pytest

from tests.ledger.book import Book, balances, ledger_faults, points_of, posting, queries_of
from xiangyue.ledger.models import Account, AccountKind, Cause, Currency, Holder
from xiangyue.ledger.operations.moving import close_holder
from xiangyue.ledger.operations.opening import (
    add_accounts,
    common_pool,
    open_households,
    open_pools,
    set_floors,
)
from xiangyue.ledger.queries import Balances, balances_of
from xiangyue.ledger.refusals import FloorsCrossed, NotEnoughPoints
from xiangyue.tenancy.models import Jurisdiction

K = AccountKind


def accounts_of(holder_id: int) -> list[tuple[str, str, int | None, bool]]:
    """Give (kind, currency, balance, whether it is a household's) by kind."""
    rows = Account.objects.filter(holder=holder_id).order_by("kind")
    return [(each.kind, each.currency, each.balance, each.pk > 0) for each in rows]


def test_each_household_has_one_account_with_nothing_in_it(county: Jurisdiction) -> None:
    holders = open_households(count=3)
    assert len(set(holders)) == 3
    assert [accounts_of(holder) for holder in holders] == [[(K.POINTS, Currency.POINT, 0, True)]] * 3
    assert balances_of(holders) == dict.fromkeys(holders, Balances(0, 0, 0, 0, 0))


def test_households_get_the_accounts_of_their_scheme(county: Jurisdiction) -> None:
    (holder,) = open_households(count=1, kinds=[K.POINTS, K.GIFTED, K.HOURS], floor=-500, redeem_floor=200)
    assert accounts_of(holder) == [
        (K.GIFTED, Currency.POINT, 0, True),
        (K.HOURS, Currency.HOUR, 0, True),
        (K.POINTS, Currency.POINT, 0, True),
    ]
    floors = Account.objects.filter(holder=holder).order_by("kind").values_list("floor", "redeem_floor")
    assert list(floors) == [(0, 0), (0, 0), (-500, 200)]


def test_pools_keep_no_balance(county: Jurisdiction) -> None:
    for holder in open_pools(count=2, kinds=[K.ISSUED, K.FUND]):
        assert accounts_of(holder) == [
            (K.FUND, Currency.CNY, None, False),
            (K.ISSUED, Currency.POINT, None, False),
        ]


def test_further_accounts_are_added(county: Jurisdiction) -> None:
    holders = open_households(count=2)
    add_accounts(holder_ids=holders, kinds=[K.HOURS, K.SERVED])
    assert [accounts_of(holder) for holder in holders] == [
        [
            (K.HOURS, Currency.HOUR, 0, True),
            (K.POINTS, Currency.POINT, 0, True),
            (K.SERVED, Currency.HOUR, None, False),
        ]
    ] * 2


def test_a_whole_roster_costs_as_many_queries_as_one_household(county: Jurisdiction) -> None:
    assert queries_of(lambda: open_households(count=1)) == queries_of(lambda: open_households(count=1000))


def test_the_countys_pool_of_a_kind_is_opened_once(county: Jurisdiction) -> None:
    pool = common_pool(kind=K.EXPIRED)
    assert common_pool(kind=K.EXPIRED) == pool
    assert common_pool(kind=K.CLEARED) != pool
    account = Account.objects.get(id=pool)
    assert (account.kind, account.balance, account.pk < 0) == (K.EXPIRED, None, True)


@pytest.mark.parametrize(("floor", "redeem_floor"), [(1, 1), (0, -1), (-200, -500)])
def test_floors_that_cross_are_refused(book: Book, floor: int, redeem_floor: int) -> None:
    household, holders = book.household(500), Holder.objects.count()
    with pytest.raises(FloorsCrossed):
        open_households(count=1, floor=floor, redeem_floor=redeem_floor)
    with pytest.raises(FloorsCrossed):
        set_floors(holder_ids=[household], floor=floor, redeem_floor=redeem_floor)
    assert Holder.objects.count() == holders
    assert (points_of(household).floor, points_of(household).redeem_floor) == (0, 0)


@pytest.mark.parametrize(
    ("before", "floor", "after"),
    [
        # honour, spendable, arrears, of a household whose floor was −300
        pytest.param(-500, -400, (-500, -400, 100), id="lower: less is owed"),
        pytest.param(-500, -1000, (-500, -500, 0), id="much lower: nothing is owed"),
        pytest.param(-500, 0, (-500, 0, 500), id="higher: all of it is owed"),
        pytest.param(-200, -100, (-200, -100, 100), id="higher: some is owed from now on"),
        pytest.param(500, 0, (500, 500, 0), id="far away: nothing changes"),
    ],
)
def test_what_is_owed_follows_the_floor(
    book: Book, before: int, floor: int, after: tuple[int, int, int]
) -> None:
    household, untouched = book.household(before, floor=-300), book.household(-500, floor=-300)
    set_floors(holder_ids=[household], floor=floor, redeem_floor=0)
    assert balances(household) == after
    assert (points_of(household).floor, points_of(household).redeem_floor) == (floor, 0)
    assert balances(untouched) == (-500, -300, 200)
    assert ledger_faults() == []


def test_who_is_closed_gets_no_credit_by_a_lower_floor(book: Book) -> None:
    household = book.household(500)
    close_holder(posting=posting("close", Cause.CLOSING), holder_id=household, pool_id=book.left_id)
    set_floors(holder_ids=[household], floor=-1000, redeem_floor=-1000)
    with pytest.raises(NotEnoughPoints):
        book.pay("on credit", household, 1)
    assert ledger_faults() == []


def test_what_is_held_stays_above_a_floor_that_rises(book: Book) -> None:
    household = book.household(500, floor=-300)
    book.hold("held", household, 400)
    book.post("deduction", (household, -450))
    assert balances(household) == (50, 100, 50)
    set_floors(holder_ids=[household], floor=-10, redeem_floor=0)
    assert balances(household) == (50, 390, 340)
    assert points_of(household).held == 400
    assert ledger_faults() == []
