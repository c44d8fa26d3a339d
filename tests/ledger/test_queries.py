import pytest

from tests.ledger.book import DAY, Book, queries_of
from xiangyue.ledger.models import Account, AccountKind, Cause
from xiangyue.ledger.queries import Balances, balances_of, pool_id, statement


def test_balances_are_told_for_each_holder_that_was_asked_for(book: Book) -> None:
    rich, owing, new = book.household(1000, redeem_floor=300), book.household(), book.household()
    book.post("owed", (owing, -250))
    shop = Account.objects.get(id=book.till_id).holder_id
    assert balances_of([rich, owing, new, shop, 0]) == {
        rich: Balances(honour=1000, spendable=1000, arrears=0, redeemable=700),
        owing: Balances(honour=-250, spendable=0, arrears=250, redeemable=0),
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
    first = book.post("first", (household, -300), (neighbour, 700), (household, 500))
    second = book.post("second", (household, -400), (household, -100), (neighbour, -50))
    third = book.post("third", (household, 350))
    sold = book.pay("sold", household, 20).batch
    assert first
    assert second
    assert third
    lines = statement(household)
    assert [
        (line.batch_id, line.line, line.honour, line.spendable, line.arrears, line.after) for line in lines
    ] == [
        (sold.pk, 1, 0, -20, 0, 30),
        (third.pk, 1, 350, 50, 300, 50),
        (second.pk, 2, -100, 0, -100, 0),
        (second.pk, 1, -400, -200, -200, 0),
        (first.pk, 1, -300, -300, 0, 200),  # within a batch deductions follow awards
        (first.pk, 3, 500, 500, 0, 500),
    ]
    assert {line.day for line in lines} == {DAY}
    assert [(line.cause, line.cause_id) for line in lines] == [(Cause.ORDER, 1)] + [(Cause.SETTLEMENT, 1)] * 5


def test_a_statement_ends_at_the_kept_balances(book: Book) -> None:
    household = book.household(1000)
    for number, amount in enumerate((-300, 50, -2000, 900, 700)):
        book.post(f"{number}", (household, amount), (household, -10))
    lines, kept = statement(household), balances_of([household])[household]
    assert sum(line.honour for line in lines) == kept.honour
    assert sum(line.arrears for line in lines) == -kept.arrears
    assert sum(line.spendable for line in lines) == kept.spendable == lines[0].after


def test_an_empty_statement_and_a_long_one_cost_one_query(book: Book) -> None:
    household, new = book.household(), book.household()
    book.post("many", *((household, 10) for _ in range(100)))
    assert statement(new) == []
    assert queries_of(lambda: statement(household)) == queries_of(lambda: statement(new)) == 1


def test_a_pool_is_found_by_its_kind(book: Book) -> None:
    shop = Account.objects.get(id=book.till_id).holder_id
    assert pool_id(shop, AccountKind.REDEEMED) == book.till_id
    with pytest.raises(Account.DoesNotExist):
        pool_id(shop, AccountKind.ISSUED_HONOUR)
