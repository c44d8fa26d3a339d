"""What the database itself holds, whatever the code does."""

import pytest
from django.db import IntegrityError, connection, transaction
from psycopg.errors import RestrictViolation

from tests.ledger.book import Book, derived
from xiangyue.ledger.models import Account, AccountKind, Batch, Transfer

CHANGES = {
    "UPDATE": "UPDATE {table} SET id = id",
    "DELETE": "DELETE FROM {table}",
    # CASCADE, since a referenced table alone could not be truncated even without our trigger.
    "TRUNCATE": "TRUNCATE {table} CASCADE",
}


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("table", ["ledger_batch", "ledger_transfer"])
def test_what_was_posted_can_not_be_changed(book: Book, table: str, change: str) -> None:
    book.household(500)
    before = derived(), Batch.objects.count(), Transfer.objects.count()
    execute("SET CONSTRAINTS ALL IMMEDIATE")  # TRUNCATE would complain of what is still to be checked
    refused = f"append-only: {table} refuses {change}"
    with pytest.raises(IntegrityError, match=refused) as caught, transaction.atomic():
        execute(CHANGES[change].format(table=table))
    assert isinstance(caught.value.__cause__, RestrictViolation)
    assert (derived(), Batch.objects.count(), Transfer.objects.count()) == before


def test_nothing_is_refused_where_nothing_is_changed(book: Book) -> None:
    assert Transfer.objects.filter(id=0).update(amount=1) == 0
    assert Batch.objects.filter(id=0).delete() == (0, {})


@pytest.mark.parametrize(
    ("kind", "values", "constraint"),
    [
        (AccountKind.SPENDABLE, {"balance": -1}, "spendable_above_floor"),
        (AccountKind.SPENDABLE, {"balance": 299, "floor": 300, "redeem_floor": 300}, "spendable_above_floor"),
        (AccountKind.SPENDABLE, {"redeem_floor": -1}, "redeem_floor_above_floor"),
        (AccountKind.ARREARS, {"balance": 1}, "arrears_at_most_zero"),
        (AccountKind.HONOUR, {"balance": None}, "households_keep_balances"),
        (AccountKind.SPENDABLE, {"balance": None}, "households_keep_balances"),
        (AccountKind.ARREARS, {"balance": None}, "households_keep_balances"),
    ],
)
def test_the_database_guards_a_households_accounts(
    book: Book, kind: AccountKind, values: dict[str, int | None], constraint: str
) -> None:
    accounts = Account.objects.filter(holder=book.household(), kind=kind)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        accounts.update(**values)


def test_honour_may_be_negative(book: Book) -> None:
    assert Account.objects.filter(holder=book.household(), kind=AccountKind.HONOUR).update(balance=-1) == 1


def test_a_pool_keeps_no_balance(book: Book) -> None:
    with pytest.raises(IntegrityError, match="households_keep_balances"), transaction.atomic():
        Account.objects.filter(id=book.till_id).update(balance=0)


def test_a_holder_has_one_account_of_a_kind(book: Book) -> None:
    holder_id = book.household()
    with pytest.raises(IntegrityError, match="one_account_of_a_kind"), transaction.atomic():
        Account.objects.create(holder_id=holder_id, kind=AccountKind.HONOUR, balance=0)


@pytest.mark.parametrize(
    ("amount", "to_itself", "constraint"),
    [
        (0, False, "transfer_amount_positive"),
        (-1, False, "transfer_amount_positive"),
        (1, True, "transfer_between_two"),
    ],
)
def test_a_transfer_moves_something_from_one_account_to_another(
    book: Book, amount: int, to_itself: bool, constraint: str
) -> None:
    book.household(500)
    batch = Batch.objects.get()
    honour = Account.objects.get(balance=500, kind=AccountKind.HONOUR)
    credit_id = honour.pk if to_itself else book.till_id
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Transfer.objects.create(batch=batch, debit=honour, credit_id=credit_id, amount=amount, line=1)
