"""What the database itself holds, whatever the code does."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from psycopg.errors import CheckViolation, RestrictViolation, UniqueViolation

from tests.ledger.book import Book, derived, points_of
from xiangyue.ledger.models import (
    Account,
    AccountKind,
    Batch,
    Closing,
    Currency,
    Hold,
    Seal,
    SealedBatch,
    Transfer,
)
from xiangyue.ledger.models import Book as Books
from xiangyue.ledger.operations.sealing import seal_all

POSTED = {
    "ledger_batch": "id",
    "ledger_transfer": "line",
    "ledger_seal": "id",
    "ledger_sealedbatch": "root",
    "ledger_closing": "id",
}
NAMED = ("ledger_holder", "ledger_account")
REFUSED = [
    *((table, f"UPDATE {table} SET {column} = {column}", "UPDATE") for table, column in POSTED.items()),
    *((table, f"DELETE FROM {table}", "DELETE") for table in (*POSTED, *NAMED)),
    # CASCADE, since a referenced table alone could not be truncated even without our trigger.
    *((table, f"TRUNCATE {table} CASCADE", "TRUNCATE") for table in (*POSTED, *NAMED)),
]


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Give all rows of the tables that refuse changes."""
    found = {}
    with connection.cursor() as cursor:
        for table in (*POSTED, *NAMED):
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1, 2")
            found[table] = cursor.fetchall()
    return found


@pytest.mark.parametrize(("table", "statement", "change"), REFUSED)
def test_what_was_posted_can_not_be_changed(book: Book, table: str, statement: str, change: str) -> None:
    book.household(500)
    seal_all()
    before = everything()
    assert all(before.values())
    execute("SET CONSTRAINTS ALL IMMEDIATE")  # TRUNCATE would complain of what is still to be checked
    # A table that others lean on takes them along, and the first of them refuses as well.
    of = r"ledger_\w+" if change == "TRUNCATE" else table
    with (
        pytest.raises(IntegrityError, match=f"append-only: {of} refuses {change}") as caught,
        transaction.atomic(),
    ):
        execute(statement)
    assert isinstance(caught.value.__cause__, RestrictViolation)
    assert everything() == before


@pytest.mark.parametrize("table", [*POSTED, *NAMED])
def test_each_table_has_its_own_triggers(book: Book, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname::text FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal ORDER BY 1",
            [table],
        )
        assert [name for (name,) in cursor.fetchall()] == [f"{table}_append_only", f"{table}_no_truncate"]


def test_nothing_is_refused_where_nothing_is_changed(book: Book) -> None:
    assert Transfer.objects.filter(line=0).update(amount=1) == 0
    assert Batch.objects.filter(id=0).delete() == (0, {})


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"balance": -1}, id="below the floor"),
        pytest.param({"balance": 299, "floor": 300}, id="below a floor of base points"),
        pytest.param({"balance": 299, "held": 300}, id="below what is held"),
        pytest.param({"balance": 99, "floor": -200, "held": 300}, id="below floor and holds together"),
        pytest.param({"held": -1}, id="less than nothing held"),
        pytest.param({"arrears": -1}, id="less than nothing owed"),
    ],
)
def test_the_database_guards_a_households_account(book: Book, values: dict[str, int]) -> None:
    accounts = Account.objects.filter(id=points_of(book.household(500)).pk)
    with pytest.raises(IntegrityError, match="balance_above_floor") as caught, transaction.atomic():
        accounts.update(**values)
    assert isinstance(caught.value.__cause__, CheckViolation)
    assert (accounts.get().balance, accounts.get().held, accounts.get().arrears) == (500, 0, 0)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"balance": 0}, id="nothing left"),
        pytest.param({"balance": 100, "floor": -200, "held": 300}, id="just floor and holds"),
        pytest.param({"honour": -1}, id="negative honour"),
        pytest.param({"balance": 0, "arrears": 7}, id="owed at the floor"),
    ],
)
def test_what_an_account_may_be(book: Book, values: dict[str, int]) -> None:
    accounts = Account.objects.filter(id=points_of(book.household(500)).pk)
    assert accounts.update(**values) == 1
    assert accounts.values(*values).get() == values


def test_a_holder_has_one_account_of_a_kind(book: Book) -> None:
    holder_id = book.household()
    with pytest.raises(IntegrityError, match="one_account_of_a_kind"), transaction.atomic():
        Account.objects.create(holder_id=holder_id, kind=AccountKind.POINTS, balance=0)
    assert Account.objects.filter(holder_id=holder_id).count() == 1


@pytest.mark.parametrize("amount", [0, -1])
def test_a_transfer_moves_something(book: Book, amount: int) -> None:
    batch = book.posted("now", (book.household(), 500))
    before = derived()
    with pytest.raises(IntegrityError, match="something_moves"), transaction.atomic():
        Transfer.objects.create(
            batch=batch,
            debit_id=book.issued_id,
            credit_id=book.till_id,
            amount=amount,
            line=2,
            book=Books.BOTH,
        )
    assert derived() == before


def test_a_line_stands_once_in_a_batch(book: Book) -> None:
    batch = book.posted("now", (book.household(), 500))
    again = Transfer(
        batch=batch, debit_id=book.issued_id, credit_id=book.till_id, amount=1, line=1, book=Books.BOTH
    )
    with pytest.raises(IntegrityError, match="ledger_transfer_pk") as caught, transaction.atomic():
        again.save(force_insert=True)
    assert isinstance(caught.value.__cause__, UniqueViolation)
    assert list(Transfer.objects.filter(batch=batch).values_list("amount", flat=True)) == [500]


@pytest.mark.parametrize("model", [Batch, Hold])
def test_a_key_stands_once(book: Book, model: type[Batch] | type[Hold]) -> None:
    household = book.household(500)
    first = book.hold("now", household, 100) if model is Hold else book.posted("now", (household, 100))
    first.pk = None
    with pytest.raises(IntegrityError, match="key"), transaction.atomic():
        first.save(force_insert=True)
    assert model.objects.filter(key="now").count() == 1


def test_a_seals_number_stands_once_and_a_batch_in_one_seal(book: Book) -> None:
    batch = book.posted("now", (book.household(), 500))
    (seal,) = seal_all()
    again = Seal.objects.get()
    again.pk = None
    with pytest.raises(IntegrityError, match="number"), transaction.atomic():
        again.save(force_insert=True)
    with pytest.raises(IntegrityError, match="ledger_sealedbatch_pkey"), transaction.atomic():
        SealedBatch(batch=batch, seal=seal, root="0" * 64).save(force_insert=True)
    with pytest.raises(IntegrityError, match="one_closing_of_an_account"), transaction.atomic():
        Closing.objects.create(seal=seal, account_id=book.issued_id, balance=0, honour=0)
    assert (Seal.objects.count(), SealedBatch.objects.count(), Closing.objects.count()) == (1, 1, 1)


def test_only_households_keep_a_balance_and_have_positive_ids(book: Book) -> None:
    account = points_of(book.household())
    assert (account.pk > 0, account.balance) == (True, 0)
    assert {(pool.pk < 0, pool.balance) for pool in Account.objects.filter(id__in=book.pools)} == {
        (True, None)
    }


def test_what_each_kind_of_account_counts() -> None:
    assert {kind: kind.currency for kind in AccountKind if kind.currency is not Currency.POINT} == {
        AccountKind.HOURS: Currency.HOUR,
        AccountKind.SERVED: Currency.HOUR,
        AccountKind.FUND: Currency.CNY,
        AccountKind.PAID: Currency.CNY,
    }
    assert {kind for kind in AccountKind if kind.is_kept} == {
        AccountKind.POINTS,
        AccountKind.GIFTED,
        AccountKind.HOURS,
    }
