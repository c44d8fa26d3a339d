"""Reads on the ledger: balances and statements."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection

from xiangyue.ledger.models import HOUSEHOLD_KINDS, Account, AccountKind, Cause


@dataclass(frozen=True)
class Balances:
    """A household's balances in centipoints. arrears is what is owed, never negative."""

    honour: int = 0
    spendable: int = 0
    arrears: int = 0
    redeemable: int = 0


@dataclass(frozen=True)
class StatementLine:
    """One line of a household's statement: what one line of a batch did to its accounts, in centipoints.

    after: spendable balance after this line. cause, line: where its reason is found.
    """

    batch_id: int
    day: date
    cause: Cause
    cause_id: int
    line: int
    honour: int
    spendable: int
    arrears: int
    after: int


STATEMENT = """
    WITH legs AS (
        SELECT transfer.batch_id, transfer.line, account.kind,
               CASE WHEN transfer.credit_id = account.id THEN transfer.amount ELSE -transfer.amount END AS amount
        FROM ledger_account account
        JOIN ledger_transfer transfer ON account.id IN (transfer.debit_id, transfer.credit_id)
        WHERE account.holder_id = %(holder)s AND account.currency = 'POINT'
    ),
    lines AS (
        SELECT batch_id, line,
               coalesce(sum(amount) FILTER (WHERE kind = 'honour'), 0) AS honour,
               coalesce(sum(amount) FILTER (WHERE kind = 'spendable'), 0) AS spendable,
               coalesce(sum(amount) FILTER (WHERE kind = 'arrears'), 0) AS arrears
        FROM legs GROUP BY batch_id, line
    )
    SELECT batch.id, batch.day, batch.cause, batch.cause_id, lines.line, honour, spendable, arrears,
           sum(spendable) OVER (ORDER BY batch.id, (honour < 0), lines.line) AS after
    FROM lines JOIN ledger_batch batch ON batch.id = lines.batch_id
    ORDER BY batch.id DESC, (honour < 0) DESC, lines.line DESC
"""


def balances_of(holder_ids: Collection[int]) -> dict[int, Balances]:
    """Give the balances of many households in one query."""
    found: dict[int, dict[str, int]] = {holder_id: {} for holder_id in holder_ids}
    rows = Account.objects.filter(holder_id__in=holder_ids, kind__in=HOUSEHOLD_KINDS)
    for holder_id, kind, balance, redeem_floor in rows.values_list(
        "holder_id", "kind", "balance", "redeem_floor"
    ):
        assert balance is not None  # kept for households, by constraint
        found[holder_id][kind] = balance
        if kind == AccountKind.SPENDABLE:
            found[holder_id]["redeemable"] = max(balance - redeem_floor, 0)
    return {
        holder_id: Balances(
            honour=kinds.get(AccountKind.HONOUR, 0),
            spendable=kinds.get(AccountKind.SPENDABLE, 0),
            arrears=-kinds.get(AccountKind.ARREARS, 0),
            redeemable=kinds.get("redeemable", 0),
        )
        for holder_id, kinds in found.items()
    }


def statement(holder_id: int) -> list[StatementLine]:
    """Give a household's whole statement, newest first. Within a batch deductions follow awards, as posted."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, {"holder": holder_id})
        return [
            StatementLine(batch_id, day, Cause(cause), *(int(figure) for figure in rest))
            for batch_id, day, cause, *rest in cursor.fetchall()
        ]


def pool_id(holder_id: int, kind: AccountKind) -> int:
    """Give the id of a holder's pool account of a kind."""
    return Account.objects.only("id").get(holder_id=holder_id, kind=kind).pk
