"""A small ledger for tests: households' holders, an issuer and a till, short ways to post, and what to compare with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from xiangyue.auditor.checks import LEDGER
from xiangyue.kernel.actors import SYSTEM
from xiangyue.ledger.models import AccountKind, Batch, Cause
from xiangyue.ledger.operations.batches import Posting
from xiangyue.ledger.operations.opening import open_households, open_pools
from xiangyue.ledger.operations.posting import Lines, post_awards
from xiangyue.ledger.operations.spending import Spent, spend
from xiangyue.ledger.queries import Balances, balances_of, pool_id

DAY = date(2026, 11, 2)

# Each connection has a table of its own, so that threads don't see each other's lines.
LINES_TABLE = """
    CREATE TEMPORARY TABLE IF NOT EXISTS tests_line (
        id bigint PRIMARY KEY, holder_id bigint NOT NULL, amount bigint NOT NULL
    )
"""
DERIVED = """
    SELECT account.id, account.balance,
           coalesce((SELECT sum(amount) FROM ledger_transfer WHERE credit_id = account.id), 0)
           - coalesce((SELECT sum(amount) FROM ledger_transfer WHERE debit_id = account.id), 0)
    FROM ledger_account account ORDER BY account.id
"""


class Line(models.Model):
    """One line to post, as notice lines are for scoring."""

    holder_id = models.BigIntegerField()
    amount = models.BigIntegerField()
    objects: "models.Manager[Line]" = models.Manager()

    class Meta:
        app_label = "tests"
        managed = False
        db_table = "tests_line"


@dataclass(frozen=True)
class Book:
    """The issuer's pools, and the till's. series: stands before its keys, where several share a county."""

    issuer_id: int
    till_id: int
    series: str = ""

    @classmethod
    def open(cls, series: str = "") -> "Book":
        (issuer,) = open_pools(count=1, kinds=[AccountKind.ISSUED_HONOUR, AccountKind.ISSUED_SPENDABLE])
        (shop,) = open_pools(count=1, kinds=[AccountKind.REDEEMED])
        return cls(issuer, pool_id(shop, AccountKind.REDEEMED), series)

    def post(self, key: str, *amounts: tuple[int, int]) -> Batch | None:
        """Post (holder id, centipoints), the lines numbered from 1 in this order."""
        return post_awards(
            posting=posting(self.series + key), issuer_id=self.issuer_id, lines=lines(*amounts)
        )

    def pay(self, key: str, holder_id: int, amount: int) -> Spent:
        return spend(
            posting=posting(self.series + key, Cause.ORDER),
            holder_id=holder_id,
            pool_id=self.till_id,
            amount=amount,
        )

    def household(self, balance: int = 0, *, floor: int = 0, redeem_floor: int = 0) -> int:
        """Open a household's accounts, with points that were awarded to it; give its holder's id."""
        (holder_id,) = open_households(count=1, floor=floor, redeem_floor=redeem_floor)
        if balance:
            self.post(f"start:{holder_id}", (holder_id, balance))
        return holder_id


def posting(key: str, cause: Cause = Cause.SETTLEMENT) -> Posting:
    return Posting(key, cause, 1, SYSTEM, DAY)


def lines(*amounts: tuple[int, int], first: int = 1) -> Lines:
    """Give a query for these (holder id, centipoints), the lines numbered from `first` in this order."""
    with connection.cursor() as cursor:
        cursor.execute(LINES_TABLE)
        cursor.execute("DELETE FROM tests_line")
    Line.objects.bulk_create(
        Line(id=number, holder_id=holder_id, amount=amount)
        for number, (holder_id, amount) in enumerate(amounts, start=first)
    )
    return Line.objects.values_list("id", "holder_id", "amount")


def balances(holder_id: int) -> tuple[int, int, int]:
    """Give honour, spendable and arrears."""
    found: Balances = balances_of([holder_id])[holder_id]
    return found.honour, found.spendable, found.arrears


def ledger_faults() -> list[tuple[str, Any]]:
    """Give what the auditor finds in the ledger itself; the causes of these batches are made up."""
    faults = []
    with connection.cursor() as cursor:
        for check in LEDGER:
            if check.code != "batch-without-cause":
                cursor.execute(check.query)
                faults += [(check.code, row) for row in cursor.fetchall()]
    return faults


def derived() -> list[tuple[int, int | None, int]]:
    """Give each account's id, its kept balance, and what all its transfers come to."""
    with connection.cursor() as cursor:
        cursor.execute(DERIVED)
        return [(account, kept, int(sum_)) for account, kept, sum_ in cursor.fetchall()]


def queries_of(work: Callable[[], object]) -> int:
    """Count the queries that something costs, once the connection knows its schema."""
    connection.cursor().close()
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)
