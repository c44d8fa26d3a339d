"""Damage for the auditor to find: what somebody with the database's password could do. Triggers and foreign keys don't
stand in the way, and a check of the database that does is dropped first.

Each statement gives the ids of what it damaged, as the auditor names it.
"""

from dataclasses import dataclass, field

from django.db import connection

SOME_BATCH = "(SELECT min(id) FROM ledger_batch WHERE cause = 'settlement')"
SOME_ORDER = "(SELECT min(id) FROM redemption_order)"
SOME_LINE = "(SELECT min(id) FROM scoring_noticeline)"
OTHER_HOUSEHOLD = """
    (SELECT min(id) FROM people_household WHERE id NOT IN (SELECT household_id FROM redemption_order))
"""
COPIED = "(SELECT id FROM ledger_batch WHERE key = 'a copy')"
BATCH_OF_ORDER = f"(SELECT batch_id FROM redemption_order WHERE id = {SOME_ORDER})"
# A household's, to which awards were settled, and nothing else happened.
SOME_ACCOUNT = """
    (SELECT min(account.id) FROM ledger_account account JOIN people_household USING (holder_id)
     WHERE kind = 'points' AND balance >= 1000 AND arrears = 0 AND NOT EXISTS (
         SELECT FROM ledger_transfer JOIN ledger_batch batch ON batch.id = batch_id
         WHERE account.id IN (debit_id, credit_id) AND (cause <> 'settlement' OR debit_id = account.id)))
"""
A_SETTLED_LINE = f"""
    batch_id = {SOME_BATCH} AND line = (SELECT min(line) FROM ledger_transfer
                                        WHERE batch_id = {SOME_BATCH} AND credit_id = {SOME_ACCOUNT})
"""
BUYER = f"(SELECT debit_id FROM ledger_transfer WHERE batch_id = {BATCH_OF_ORDER})"
TILL = f"(SELECT credit_id FROM ledger_transfer WHERE batch_id = {BATCH_OF_ORDER})"
ISSUED = f"(SELECT min(least(debit_id, credit_id)) FROM ledger_transfer WHERE batch_id = {SOME_BATCH})"


@dataclass(frozen=True)
class Damage:
    """One thing done. also: further codes that it rightly brings with it. before: statements that make it possible."""

    name: str
    code: str
    statement: str
    also: frozenset[str] = field(default_factory=frozenset)
    before: tuple[str, ...] = ()

    def plant(self) -> set[int]:
        """Do it; give the ids of what the auditor has to name."""
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for statement in self.before:
                cursor.execute(statement)
            cursor.execute(self.statement)
            return {row[0] for row in cursor.fetchall()}


def without(table: str, constraint: str) -> str:
    return f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"


def move(
    *, batch: str, debit: str, credit: str, amount: int, line: str = "0", book: str = "both"
) -> tuple[str, ...]:
    """Write statements that move points, and keep the balances of households right."""
    spendable, honour = amount * (book != "honour"), amount * (book != "spendable")
    changed = "balance = balance {sign} {spendable}, honour = honour {sign} {honour}"
    minus, plus = (changed.format(sign=sign, spendable=spendable, honour=honour) for sign in "-+")
    return (
        f"""
        CREATE TEMPORARY TABLE moved ON COMMIT DROP AS
        SELECT {batch} AS batch_id, {debit} AS debit_id, {credit} AS credit_id, {line} AS line
        """,
        f"UPDATE ledger_account SET {minus} WHERE id = (SELECT debit_id FROM moved WHERE debit_id > 0)",
        f"UPDATE ledger_account SET {plus} WHERE id = (SELECT credit_id FROM moved WHERE credit_id > 0)",
        f"""
        INSERT INTO ledger_transfer (batch_id, line, debit_id, credit_id, amount, currency, book)
        SELECT batch_id, line, debit_id, credit_id, {amount}, 'POINT', '{book}' FROM moved
        """,
    )


def copy_of_batch(batch: str) -> tuple[str, ...]:
    """Write statements that post a batch once more, without transfers."""
    return (
        f"""
        INSERT INTO ledger_batch (key, input_hash, cause, cause_id, reason, actor_kind, actor_id, day, posted_at)
        SELECT 'a copy', input_hash, cause, cause_id, reason, actor_kind, actor_id, day, posted_at
        FROM ledger_batch WHERE id = {batch}
        """,
        f"INSERT INTO ledger_unsealed (batch_id) VALUES ({COPIED})",
    )


def batch_of(cause: str) -> str:
    return f"(SELECT min(id) FROM ledger_batch WHERE cause = '{cause}')"


def transfer_of(cause: str) -> str:
    """Write the condition on a cause's first transfer."""
    batch = batch_of(cause)
    return f"batch_id = {batch} AND line = (SELECT min(line) FROM ledger_transfer WHERE batch_id = {batch})"
