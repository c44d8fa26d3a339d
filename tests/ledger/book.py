"""A small ledger for tests: households' holders, an issuer and a till, short ways to post, and what to compare with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from xiangyue.auditor.chain import chain_faults
from xiangyue.auditor.checks import LEDGER
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.ledger.models import Account, AccountKind, Batch, Cause, Hold, Transfer
from xiangyue.ledger.operations.awarding import award
from xiangyue.ledger.operations.batches import Posting
from xiangyue.ledger.operations.holding import hold
from xiangyue.ledger.operations.opening import open_households, open_pools
from xiangyue.ledger.operations.posting import Lines, post_lines
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
    SELECT account.id, coalesce(sum(leg.amount) FILTER (WHERE book <> 'honour'), 0)::bigint,
           coalesce(sum(leg.amount) FILTER (WHERE book <> 'spendable'), 0)::bigint
    FROM ledger_account account LEFT JOIN (
        SELECT credit_id AS id, amount, book FROM ledger_transfer
        UNION ALL SELECT debit_id, -amount, book FROM ledger_transfer
    ) leg USING (id)
    GROUP BY account.id ORDER BY account.id
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
    """The pools' accounts. series: stands before its keys, where several share a county."""

    issued_id: int
    till_id: int
    expired_id: int
    cleared_id: int
    left_id: int
    series: str = ""

    @classmethod
    def open(cls, series: str = "") -> "Book":
        (shop,) = open_pools(count=1, kinds=[AccountKind.REDEEMED])
        kinds = (AccountKind.ISSUED, AccountKind.EXPIRED, AccountKind.CLEARED, AccountKind.LEFT)
        (issuer,) = open_pools(count=1, kinds=kinds)
        issued, expired, cleared, left = (pool_id(issuer, kind) for kind in kinds)
        return cls(issued, pool_id(shop, AccountKind.REDEEMED), expired, cleared, left, series)

    @property
    def pools(self) -> tuple[int, ...]:
        return self.issued_id, self.till_id, self.expired_id, self.cleared_id, self.left_id

    def post(self, key: str, *amounts: tuple[int, int], expires_on: date | None = None) -> Batch | None:
        """Post (holder id, centipoints), the lines numbered from 1 in this order."""
        return post_lines(
            posting=posting(self.series + key, expires_on=expires_on),
            pool_id=self.issued_id,
            lines=lines(*amounts),
        )

    def posted(self, key: str, *amounts: tuple[int, int], expires_on: date | None = None) -> Batch:
        """Post what is not nothing."""
        batch = self.post(key, *amounts, expires_on=expires_on)
        assert batch
        return batch

    def award(self, key: str, holder_id: int, amount: int, *, expires_on: date | None = None) -> Batch:
        """Post one line to one household."""
        return award(
            posting=posting(self.series + key, expires_on=expires_on),
            holder_id=holder_id,
            pool_id=self.issued_id,
            amount=amount,
        )

    def pay(self, key: str, holder_id: int, amount: int) -> Spent:
        return spend(
            posting=posting(self.series + key, Cause.ORDER),
            holder_id=holder_id,
            pool_id=self.till_id,
            amount=amount,
        )

    def hold(self, key: str, holder_id: int, amount: int, ends_at: datetime | None = None) -> Hold:
        """Hold centipoints for the till, for two days where no end is given."""
        return hold(
            posting=posting(self.series + key, Cause.ORDER),
            holder_id=holder_id,
            pool_id=self.till_id,
            amount=amount,
            ends_at=ends_at or clock.noon(DAY) + timedelta(days=2),
        )

    def household(self, balance: int = 0, *, floor: int = 0, redeem_floor: int = 0) -> int:
        """Open a household's accounts, with points that were awarded to it; give its holder's id."""
        (holder_id,) = open_households(count=1, floor=floor, redeem_floor=redeem_floor)
        if balance:
            self.post(f"start:{holder_id}", (holder_id, balance))
        return holder_id


def posting(
    key: str,
    cause: Cause = Cause.SETTLEMENT,
    cause_id: int = 1,
    *,
    reason: str = "",
    expires_on: date | None = None,
) -> Posting:
    return Posting(key, cause, cause_id, SYSTEM, clock.today(), reason, expires_on)


def reversal(key: str, batch_id: int, reason: str = "wrong-amount") -> Posting:
    """Give a posting that reverses a batch."""
    return posting(key, Cause.REVERSAL, batch_id, reason=reason)


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


def points_of(holder_id: int) -> Account:
    """Give a household's points account, as it stands in the database."""
    return Account.objects.get(holder_id=holder_id, kind=AccountKind.POINTS)


def legs(batch: Batch | int | None) -> list[tuple[int, int, int, int, str, date | None]]:
    """Give (line, debit, credit, centipoints, book, last day of use) of a batch's transfers, by line."""
    rows = Transfer.objects.filter(batch=batch).order_by("line")
    return list(rows.values_list("line", "debit_id", "credit_id", "amount", "book", "expires_on"))


def ledger_faults() -> list[tuple[str, Any]]:
    """Give what the auditor finds in the ledger itself, seals among it; the causes of these batches are made up."""
    faults: list[tuple[str, Any]] = [(check.code, row) for check in LEDGER for row in check.rows()]
    return faults + [(code, tuple(row)) for code, *row in chain_faults()]


def derived() -> dict[int, tuple[int, int]]:
    """Give what all transfers of each account come to, in either book."""
    with connection.cursor() as cursor:
        cursor.execute(DERIVED)
        return {account: (spendable, honour) for account, spendable, honour in cursor.fetchall()}


def queries_of(work: Callable[[], object]) -> int:
    """Count the queries that something costs, once the connection knows its schema."""
    connection.cursor().close()
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)
