"""Reads on the ledger: balances, statements, what runs out, and pools."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection

from xiangyue.ledger.models import Account, AccountKind, Book, Cause, redeemable
from xiangyue.ledger.refusals import NoSuchAccount


@dataclass(frozen=True)
class Balances:
    """A household's balances in centipoints. arrears is what is owed, held what is promised; neither negative."""

    honour: int = 0
    spendable: int = 0
    arrears: int = 0
    held: int = 0
    redeemable: int = 0


@dataclass(frozen=True)
class StatementLine:
    """One line of a household's statement: one transfer, as it moved its points, in centipoints.

    honour, points: what it did to the honour points, and to what can be spent or is owed. after: spendable balance
    after this line. cause, line: where its reason is found.
    """

    batch_id: int
    day: date
    cause: Cause
    cause_id: int
    line: int
    honour: int
    points: int
    after: int


BALANCES = """
    SELECT holder_id, honour, balance, arrears, held, redeem_floor FROM ledger_account
    WHERE holder_id = ANY(%(holders)s) AND kind = %(kind)s
"""

# Newest last, so that the balance can be run up; deductions of a batch follow its awards.
STATEMENT = """
    SELECT batch.id, batch.day, batch.cause, batch.cause_id, transfer.line, transfer.book,
           CASE WHEN transfer.credit_id = account.id THEN transfer.amount ELSE -transfer.amount END AS amount,
           account.floor
    FROM ledger_account account
    JOIN LATERAL (
        SELECT * FROM ledger_transfer WHERE credit_id = account.id AND credit_id > 0
        UNION ALL SELECT * FROM ledger_transfer WHERE debit_id = account.id AND debit_id > 0
    ) transfer ON true
    JOIN ledger_batch batch ON batch.id = transfer.batch_id
    WHERE account.holder_id = %(holder)s AND account.kind = 'points'
    ORDER BY batch.id, transfer.debit_id = account.id, transfer.line
"""

# What each account was credited, by last day of use, and what was debited. A reversal takes back what it reverses:
# that credit, or that debit, counts no more.
MOVEMENTS = """
    movement AS (
        SELECT credit_id AS id, expires_on, CASE WHEN batch.cause = 'reversal' THEN 0 ELSE amount END AS credit,
               CASE WHEN batch.cause = 'reversal' THEN -amount ELSE 0 END AS debit
        FROM ledger_transfer transfer JOIN ledger_batch batch ON batch.id = transfer.batch_id
        WHERE credit_id = ANY(%(accounts)s) AND credit_id > 0 AND book <> 'honour'
        UNION ALL
        SELECT debit_id, expires_on, CASE WHEN batch.cause = 'reversal' THEN -amount ELSE 0 END,
               CASE WHEN batch.cause = 'reversal' THEN 0 ELSE amount END
        FROM ledger_transfer transfer JOIN ledger_batch batch ON batch.id = transfer.batch_id
        WHERE debit_id = ANY(%(accounts)s) AND debit_id > 0 AND book <> 'honour'
    )
"""

# Debits are taken from what expires first: what is left of a lot is what they have not reached.
LOTS = f"""
    WITH {MOVEMENTS},
    debit AS (SELECT id, sum(debit) AS amount FROM movement GROUP BY id),
    lot AS (
        SELECT id, expires_on, sum(credit) AS amount,
               sum(sum(credit)) OVER (PARTITION BY id ORDER BY expires_on NULLS LAST) AS up_to
        FROM movement GROUP BY id, expires_on
    )
    SELECT id, expires_on, least(lot.amount, up_to - debit.amount)::bigint
    FROM lot JOIN debit USING (id)
    WHERE lot.amount > 0 AND up_to > debit.amount
    ORDER BY id, expires_on NULLS LAST
"""

POOLS = """
    WITH pool AS (SELECT unnest(%(accounts)s::bigint[]) AS id),
    last AS (
        SELECT DISTINCT ON (account_id) account_id AS id, balance, honour FROM ledger_closing
        WHERE account_id = ANY(%(accounts)s) ORDER BY account_id, seal_id DESC
    ),
    since AS (
        SELECT leg.id, coalesce(sum(leg.amount) FILTER (WHERE book <> 'honour'), 0) AS balance,
               coalesce(sum(leg.amount) FILTER (WHERE book <> 'spendable'), 0) AS honour
        FROM ledger_unsealed unsealed JOIN ledger_transfer transfer USING (batch_id),
             LATERAL (VALUES (credit_id, amount), (debit_id, -amount)) leg (id, amount)
        WHERE leg.id = ANY(%(accounts)s)
        GROUP BY leg.id
    )
    SELECT id, (coalesce(last.balance, 0) + coalesce(since.balance, 0))::bigint,
           (coalesce(last.honour, 0) + coalesce(since.honour, 0))::bigint
    FROM pool LEFT JOIN last USING (id) LEFT JOIN since USING (id)
"""


def points_account(holder_id: int) -> Account:
    """Give a household's points account. Raises: NoSuchAccount."""
    account = Account.objects.filter(holder_id=holder_id, kind=AccountKind.POINTS).first()
    if account is None:
        raise NoSuchAccount(kind=AccountKind.POINTS.label)
    return account


def balances_of(holder_ids: Collection[int]) -> dict[int, Balances]:
    """Give the balances of many households in one query."""
    with connection.cursor() as cursor:
        cursor.execute(BALANCES, {"holders": list(holder_ids), "kind": AccountKind.POINTS.value})
        found = {holder_id: balances_from(*columns) for holder_id, *columns in cursor.fetchall()}
    return {holder_id: found.get(holder_id, Balances()) for holder_id in holder_ids}


def balances_from(
    honour: int | None, balance: int | None, arrears: int, held: int, redeem_floor: int
) -> Balances:
    """Give the balances that a points account's columns say; none at all (all None) where there is no account."""
    if honour is None:
        return Balances()
    return Balances(honour, balance or 0, arrears, held, redeemable(balance, held, redeem_floor))


def statement(holder_id: int) -> list[StatementLine]:
    """Give a household's whole statement, newest first. Within a batch deductions follow awards."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, {"holder": holder_id})
        rows = cursor.fetchall()
    lines, comes_to = [], 0
    for batch_id, day, cause, cause_id, line, book, amount, floor in rows:
        points = 0 if book == Book.HONOUR else amount
        honour = 0 if book == Book.SPENDABLE else amount
        comes_to += points
        lines.append(
            StatementLine(batch_id, day, Cause(cause), cause_id, line, honour, points, max(comes_to, floor))
        )
    return lines[::-1]


def lots_of(account_ids: Collection[int]) -> dict[int, list[tuple[date | None, int]]]:
    """Give what is left of each lot, by last day of use, the first to expire first (centipoints)."""
    found: dict[int, list[tuple[date | None, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(LOTS, {"accounts": list(account_ids)})
        for account_id, expires_on, amount in cursor.fetchall():
            found.setdefault(account_id, []).append((expires_on, amount))
    return found


def coming_expiries(holder_id: int) -> list[tuple[date, int]]:
    """Give what a household will lose if it does not use it: (last day of use, centipoints), the next one first."""
    account = points_account(holder_id)
    coming, promised = [], account.held
    for expires_on, amount in lots_of([account.pk]).get(account.pk, []):
        taken = min(promised, amount)  # holds are debits to come
        promised -= taken
        if expires_on and amount > taken:
            coming.append((expires_on, amount - taken))
    return coming


def pool_id(holder_id: int, kind: AccountKind) -> int:
    """Give the id of a holder's pool account of a kind."""
    return Account.objects.only("id").get(holder_id=holder_id, kind=kind).pk


def pool_balances(account_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Give pools' (spendable, honour) sums: their last closing and what came since, whatever the ledger's age."""
    with connection.cursor() as cursor:
        cursor.execute(POOLS, {"accounts": list(account_ids)})
        return {account: (balance, honour) for account, balance, honour in cursor.fetchall()}
