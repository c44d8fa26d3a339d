from datetime import date, timedelta

import pytest

from tests.ledger.book import DAY, Book, balances, derived, points_of, posting, queries_of, reversal
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.ledger.models import Account, AccountKind, Cause, Closing
from xiangyue.ledger.models import Book as Books
from xiangyue.ledger.operations.expiring import expire_points
from xiangyue.ledger.operations.posting import post_lines
from xiangyue.ledger.operations.reversing import reverse
from xiangyue.ledger.operations.sealing import seal_all
from xiangyue.ledger.queries import (
    Balances,
    balances_of,
    coming_expiries,
    lots_of,
    pool_balances,
    pool_id,
    statement,
)

SOON, LATER = DAY + timedelta(days=10), DAY + timedelta(days=40)


def test_balances_are_told_for_each_holder_that_was_asked_for(book: Book) -> None:
    rich, owing, new = book.household(1000, redeem_floor=300), book.household(), book.household()
    book.post("owed", (owing, -250))
    book.hold("held", rich, 150)
    shop = Account.objects.get(id=book.till_id).holder_id
    assert balances_of([rich, owing, new, shop, 0]) == {
        rich: Balances(honour=1000, spendable=1000, arrears=0, held=150, redeemable=550),
        owing: Balances(honour=-250, spendable=0, arrears=250, held=0, redeemable=0),
        new: Balances(),
        shop: Balances(),
        0: Balances(),
    }


def test_nothing_can_be_redeemed_below_its_floor(book: Book) -> None:
    household = book.household(redeem_floor=300)
    assert balances_of([household])[household].redeemable == 0


def test_many_balances_cost_one_query(book: Book) -> None:
    households = [book.household() for _ in range(30)]
    assert queries_of(lambda: balances_of(households)) == 1


def test_a_statement_tells_every_line_newest_first(book: Book) -> None:
    household, neighbour = book.household(), book.household()
    first = book.posted("first", (household, -300), (neighbour, 700), (household, 500))
    second = book.posted("second", (household, -400), (household, -100), (neighbour, -50))
    third = book.posted("third", (household, 350))
    sold = book.pay("sold", household, 20)
    gift = post_lines(
        posting=posting("base", Cause.GRANT),
        pool_id=book.issued_id,
        lines=[(7, household, 60)],
        book=Books.SPENDABLE,
    )
    praise = post_lines(
        posting=posting("praise"), pool_id=book.issued_id, lines=[(8, household, 40)], book=Books.HONOUR
    )
    assert gift
    assert praise
    lines = statement(household)
    assert [(line.batch_id, line.line, line.honour, line.points, line.after) for line in lines] == [
        (praise.pk, 8, 40, 0, 90),
        (gift.pk, 7, 0, 60, 90),
        (sold.batch_id, 1, 0, -20, 30),
        (third.pk, 1, 350, 350, 50),
        (second.pk, 2, -100, -100, 0),
        (second.pk, 1, -400, -400, 0),
        (first.pk, 1, -300, -300, 200),  # within a batch deductions follow awards
        (first.pk, 3, 500, 500, 500),
    ]
    assert {line.day for line in lines} == {DAY}
    causes = [(line.cause, line.cause_id) for line in lines]
    assert causes == [(Cause.SETTLEMENT, 1), (Cause.GRANT, 1), (Cause.ORDER, 1)] + [(Cause.SETTLEMENT, 1)] * 5


def test_a_statement_ends_at_the_kept_balances(book: Book) -> None:
    household = book.household(1000)
    for number, amount in enumerate((-300, 50, -2000, 900, 700)):
        book.post(f"{number}", (household, amount), (household, -10))
    lines, kept = statement(household), balances_of([household])[household]
    assert sum(line.honour for line in lines) == kept.honour
    assert sum(line.points for line in lines) == kept.spendable - kept.arrears
    assert lines[0].after == kept.spendable


def test_an_empty_statement_and_a_long_one_cost_one_query(book: Book) -> None:
    household, new = book.household(), book.household()
    book.post("many", *((household, 10) for _ in range(100)))
    assert statement(new) == []
    assert queries_of(lambda: statement(household)) == queries_of(lambda: statement(new)) == 1


def test_a_pool_is_found_by_its_kind(book: Book) -> None:
    shop = Account.objects.get(id=book.till_id).holder_id
    assert pool_id(shop, AccountKind.REDEEMED) == book.till_id
    with pytest.raises(Account.DoesNotExist):
        pool_id(shop, AccountKind.ISSUED)


def lots(household: int) -> list[tuple[date | None, int]]:
    account_id = points_of(household).pk
    return lots_of([account_id]).get(account_id, [])


def test_debits_are_taken_from_what_expires_first(book: Book) -> None:
    household = book.household(300)
    book.post("later", (household, 500), expires_on=LATER)
    book.post("soon", (household, 200), expires_on=SOON)
    assert lots(household) == [(SOON, 200), (LATER, 500), (None, 300)]
    book.pay("some", household, 150)
    assert lots(household) == [(SOON, 50), (LATER, 500), (None, 300)]
    book.pay("more", household, 50)
    assert lots(household) == [(LATER, 500), (None, 300)]
    book.post("deduction", (household, -600))
    assert lots(household) == [(None, 200)]
    book.post("all", (household, -700))
    assert lots(household) == []


def test_a_reversal_takes_its_lot_back_or_gives_it_again(book: Book) -> None:
    household = book.household(300)
    award = book.posted("soon", (household, 200), expires_on=SOON)
    sold = book.pay("sold", household, 150)
    reverse(posting=reversal("the sale", sold.batch_id))
    assert lots(household) == [(SOON, 200), (None, 300)]
    reverse(posting=reversal("the award", award.pk))
    assert lots(household) == [(None, 300)]


def test_lots_of_many_accounts_cost_one_query(book: Book) -> None:
    accounts = [points_of(book.household(100)).pk for _ in range(20)]
    assert lots_of(accounts) == {account: [(None, 100)] for account in accounts}
    assert queries_of(lambda: lots_of(accounts)) == 1


def test_what_comes_to_its_end_is_told_before_it_does(book: Book) -> None:
    household = book.household(300)
    book.post("later", (household, 500), expires_on=LATER)
    book.post("soon", (household, 200), expires_on=SOON)
    assert coming_expiries(household) == [(SOON, 200), (LATER, 500)]
    book.hold("promised", household, 260)  # holds are debits to come
    assert coming_expiries(household) == [(LATER, 440)]
    assert coming_expiries(book.household(300)) == []


def test_what_was_told_is_what_expires(book: Book) -> None:
    household = book.household()
    book.post("soon", (household, 200), expires_on=SOON)
    book.post("later", (household, 500), expires_on=LATER)
    book.pay("some", household, 30)
    ((day, amount), _later) = coming_expiries(household)
    with clock.as_of(day + timedelta(days=1)):
        expire_points(actor=SYSTEM, pool_id=book.expired_id)
    assert balances(household)[1] == 700 - 30 - amount
    assert coming_expiries(household) == [(LATER, 500)]


def test_pools_are_summed_from_their_last_closing(book: Book) -> None:
    household = book.household(1000)
    for number, is_sealed in enumerate((False, True, True)):
        book.pay(f"sale {number}", household, 100)
        if is_sealed:
            seal_all()
        assert pool_balances(book.pools) == {pool: derived()[pool] for pool in book.pools}
    book.pay("last", household, 100)
    assert pool_balances(book.pools) == {
        book.issued_id: (-1000, -1000),
        book.till_id: (400, 0),
        book.expired_id: (0, 0),
        book.cleared_id: (0, 0),
        book.left_id: (0, 0),
    }
    assert list(
        Closing.objects.filter(account=book.till_id).order_by("seal").values_list("balance", flat=True)
    ) == [
        200,
        300,
    ]
    assert queries_of(lambda: pool_balances(book.pools)) == 1
