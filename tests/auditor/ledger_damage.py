"""Damage to the ledger: accounts and holds, transfers, what runs out, the sealer's queue, and causes."""

from tests.auditor.damage import (
    A_SETTLED_LINE,
    BATCH_OF_ORDER,
    BUYER,
    COPIED,
    ISSUED,
    SOME_ACCOUNT,
    SOME_BATCH,
    SOME_ORDER,
    TILL,
    Damage,
    batch_of,
    copy_of_batch,
    move,
    transfer_of,
    without,
)

UNGUARDED = (without("ledger_account", "balance_above_floor"),)
LAST_EXPIRY = "(SELECT max(id) FROM ledger_batch WHERE cause = 'expiry')"
UNUSED = """
    (SELECT min(id) FROM ledger_account WHERE kind = 'hours' AND id NOT IN (SELECT credit_id FROM ledger_transfer))
"""
POSTED_HOLD = "(SELECT id FROM ledger_hold WHERE state = 'posted')"
OPEN_HOLD = "(SELECT id FROM ledger_hold WHERE state = 'held')"


def account(change: str) -> str:
    return f"UPDATE ledger_account SET {change} WHERE id = {SOME_ACCOUNT} RETURNING id"


ACCOUNTS = [
    Damage("a balance is written over", "balance-differs", account("balance = balance + 1")),
    Damage("honour is written over", "honour-differs", account("honour = honour + 1")),
    Damage("something is held for nobody", "held-differs", account("held = 1")),
    Damage(
        "a hold says another amount",
        "held-differs",
        f"UPDATE ledger_hold SET amount = amount + 1 WHERE id = {OPEN_HOLD} RETURNING account_id",
    ),
    Damage("a balance below its floor", "below-floor", account("floor = balance + 1"), before=UNGUARDED),
    Damage(
        "a balance below what is held",
        "below-floor",
        account("held = balance + 1"),
        also=frozenset({"held-differs"}),
        before=UNGUARDED,
    ),
    Damage(
        "something is owed although there is enough",
        "arrears-with-room",
        account("balance = balance + 1, arrears = 1"),
        before=UNGUARDED,
    ),
    Damage(
        "less than nothing is owed",
        "kept-negative",
        account("balance = balance - 1, arrears = -1"),
        before=UNGUARDED,
    ),
    Damage(
        "less than nothing is held",
        "kept-negative",
        account("held = -1"),
        also=frozenset({"held-differs"}),
        before=UNGUARDED,
    ),
    Damage(
        "a pool has a balance",
        "kept-wrongly",
        f"UPDATE ledger_account SET balance = 0 WHERE id = {ISSUED} RETURNING id",
    ),
    Damage(
        "a pool has honour",
        "kept-wrongly",
        f"UPDATE ledger_account SET honour = 1 WHERE id = {ISSUED} RETURNING id",
    ),
    Damage("a household's balance is gone", "kept-wrongly", account("balance = NULL")),
    Damage(
        "a household's account is numbered as a pool's",
        "id-sign-wrong",
        f"UPDATE ledger_account SET id = -id WHERE id = {UNUSED} RETURNING id",
    ),
    Damage(
        "an account is of another currency",
        "account-currency-wrong",
        f"UPDATE ledger_account SET currency = 'CNY' WHERE id = {UNUSED} RETURNING id",
    ),
    Damage("a household with points is closed", "closed-with-points", account("closed_on = '2026-12-31'")),
    Damage(
        "a till is closed that went on",
        "posted-after-closing",
        f"SELECT max(batch_id) FROM ledger_transfer WHERE credit_id = {TILL}",
        before=(f"UPDATE ledger_account SET closed_on = '2026-10-10' WHERE id = {TILL}",),
    ),
    Damage(
        "a hold is posted by nothing",
        "hold-wrong",
        f"UPDATE ledger_hold SET batch_id = NULL WHERE id = {POSTED_HOLD} RETURNING id",
    ),
    Damage(
        "a hold is posted by another batch",
        "hold-wrong",
        f"UPDATE ledger_hold SET batch_id = {BATCH_OF_ORDER} WHERE id = {POSTED_HOLD} RETURNING id",
    ),
    Damage(
        "more is paid than was held",
        "hold-wrong",
        f"UPDATE ledger_hold SET amount = 1 WHERE id = {POSTED_HOLD} RETURNING id",
    ),
    Damage(
        "what was voided is paid",
        "hold-wrong",
        f"UPDATE ledger_hold SET state = 'voided' WHERE id = {POSTED_HOLD} RETURNING id",
    ),
    Damage(
        "a hold has ended and goes on",
        "hold-wrong",
        f"UPDATE ledger_hold SET closed_at = ends_at WHERE id = {OPEN_HOLD} RETURNING id",
    ),
    Damage(
        "a hold is in no state that there is",
        "hold-wrong",
        "UPDATE ledger_hold SET state = 'lost' WHERE state = 'voided' RETURNING id",
    ),
    Damage(
        "less than nothing was held",
        "hold-wrong",
        "UPDATE ledger_hold SET amount = -1 WHERE state = 'voided' RETURNING id",
    ),
    Damage(
        "an account is nobody's",
        "account-astray",
        f"UPDATE ledger_account SET holder_id = 999999 WHERE id = {UNUSED} RETURNING id",
    ),
    Damage(
        "a hold is of an account that is not there",
        "account-astray",
        "UPDATE ledger_hold SET account_id = 999999 WHERE state = 'voided' RETURNING id",
    ),
    Damage(
        "a hold is for a pool that is not there",
        "account-astray",
        "UPDATE ledger_hold SET pool_id = -999999 WHERE state = 'voided' RETURNING id",
    ),
    Damage(
        "a closing is of a pool that is not there",
        "account-astray",
        "UPDATE ledger_closing SET account_id = -999999 WHERE id = (SELECT max(id) FROM ledger_closing) RETURNING id",
    ),
    Damage(
        "a hold is past its end",
        "hold-past-end",
        f"UPDATE ledger_hold SET ends_at = '2026-11-09 02:59Z' WHERE id = {OPEN_HOLD} RETURNING id",
    ),
]

TRANSFERS = [
    Damage(
        "a transfer is taken out",
        "balance-differs",
        f"DELETE FROM ledger_transfer WHERE {A_SETTLED_LINE} RETURNING credit_id",
        also=frozenset({"honour-differs", "line-posted-wrongly"}),
    ),
    Damage(
        "a transfer is of another currency",
        "currency-mixed",
        f"UPDATE ledger_transfer SET currency = 'HOUR' WHERE {A_SETTLED_LINE} RETURNING batch_id",
    ),
    Damage(
        "a transfer of nothing",
        "amount-not-positive",
        f"""
        INSERT INTO ledger_transfer (batch_id, line, debit_id, credit_id, amount, currency, book)
        SELECT batch_id, 0, debit_id, credit_id, 0, currency, book FROM ledger_transfer
        WHERE batch_id = {BATCH_OF_ORDER} RETURNING batch_id
        """,
        before=(without("ledger_transfer", "something_moves"),),
    ),
    Damage(
        "a transfer to itself",
        "moved-to-itself",
        f"UPDATE ledger_transfer SET debit_id = credit_id WHERE batch_id = {BATCH_OF_ORDER} RETURNING batch_id",
        also=frozenset({"balance-differs", "moved-wrongly", "order-paid-wrongly"}),
    ),
    Damage(
        "a transfer without a batch",
        "transfer-astray",
        f"UPDATE ledger_transfer SET batch_id = 0 WHERE {A_SETTLED_LINE} RETURNING batch_id",
        also=frozenset({"line-posted-wrongly"}),
    ),
    Damage(
        "a transfer from nowhere",
        "transfer-astray",
        f"UPDATE ledger_transfer SET debit_id = -999999 WHERE {A_SETTLED_LINE} RETURNING batch_id",
        also=frozenset({"line-posted-wrongly"}),
    ),
    Damage(
        "a transfer to nowhere",
        "transfer-astray",
        f"UPDATE ledger_transfer SET credit_id = 999999 WHERE {A_SETTLED_LINE} RETURNING batch_id",
        also=frozenset({"balance-differs", "honour-differs", "line-posted-wrongly"}),
    ),
    Damage("a batch of nothing", "batch-empty", f"SELECT {COPIED}", before=copy_of_batch(SOME_BATCH)),
    Damage(
        "points out of nothing, under an order",
        "moved-wrongly",
        f"SELECT {BATCH_OF_ORDER}",
        before=move(batch=BATCH_OF_ORDER, debit=ISSUED, credit=SOME_ACCOUNT, amount=50_000),
    ),
    Damage(
        "points from one household to another",
        "moved-wrongly",
        f"SELECT {SOME_BATCH}",
        also=frozenset({"posted-without-line"}),
        before=move(batch=SOME_BATCH, debit=BUYER, credit=SOME_ACCOUNT, amount=100),
    ),
    Damage(
        "an award that counts in one book only",
        "moved-wrongly",
        f"UPDATE ledger_transfer SET book = 'spendable' WHERE {A_SETTLED_LINE} RETURNING batch_id",
        also=frozenset({"honour-differs", "line-posted-wrongly"}),
    ),
    Damage(
        "a sale expires",
        "moved-wrongly",
        f"SELECT {BATCH_OF_ORDER}",
        before=move(
            batch=BATCH_OF_ORDER,
            debit=SOME_ACCOUNT,
            credit="(SELECT id FROM ledger_account WHERE kind = 'expired')",
            amount=100,
            book="spendable",
        ),
    ),
    Damage(
        "more is taken back than was given",
        "reversal-wrong",
        f"UPDATE ledger_transfer SET amount = amount + 1 WHERE {transfer_of('reversal')} RETURNING batch_id",
        also=frozenset({"balance-differs", "honour-differs"}),
    ),
    Damage(
        "what is taken back had another last day",
        "reversal-wrong",
        f"UPDATE ledger_transfer SET expires_on = '2026-12-31' WHERE {transfer_of('reversal')} RETURNING batch_id",
    ),
    Damage(
        "a reversal without a reason",
        "reversal-wrong",
        f"UPDATE ledger_batch SET reason = '' WHERE id = {batch_of('reversal')} RETURNING id",
    ),
    Damage(
        "a reversal of a reversal",
        "reversal-wrong",
        f"""
        UPDATE ledger_batch SET cause_id = {batch_of("reversal")}
        WHERE id = (SELECT max(id) FROM ledger_batch WHERE cause = 'reversal') RETURNING id
        """,
    ),
    Damage(
        "a line is reversed twice",
        "reversed-twice",
        f"SELECT cause_id FROM ledger_batch WHERE id = {COPIED}",
        before=(
            *copy_of_batch(batch_of("reversal")),
            f"""
            INSERT INTO ledger_transfer (batch_id, line, debit_id, credit_id, amount, currency, book, expires_on)
            SELECT {COPIED}, line, debit_id, credit_id, amount, currency, book, expires_on FROM ledger_transfer
            WHERE batch_id = {batch_of("reversal")}
            """,
        ),
        also=frozenset({"balance-differs", "honour-differs"}),
    ),
]

EXPIRY = [
    Damage(
        "what did not run out is taken",
        "expired-too-much",
        f"SELECT {batch_of('expiry')}",
        before=move(
            batch=batch_of("expiry"),
            debit=SOME_ACCOUNT,
            credit="(SELECT id FROM ledger_account WHERE kind = 'expired')",
            amount=100,
            book="spendable",
        ),
    ),
    Damage(
        "what was taken could be used for ever",
        "expired-too-much",
        f"SELECT {LAST_EXPIRY}",
        before=(
            """
            UPDATE ledger_transfer SET expires_on = NULL
            WHERE expires_on IS NOT NULL AND batch_id IN (SELECT id FROM ledger_batch WHERE cause = 'grant')
            """,
        ),
        also=frozenset({"reversal-wrong"}),
    ),
    Damage(
        "what ran out had been paid back before",
        "expired-too-much",
        f"SELECT {LAST_EXPIRY}",
        before=move(
            batch=batch_of("grant"),
            debit=f"(SELECT debit_id FROM ledger_transfer WHERE batch_id = {LAST_EXPIRY} ORDER BY amount DESC LIMIT 1)",
            credit=ISSUED,
            amount=100,
            book="spendable",
        ),
    ),
    Damage(
        "what ran out is still there",
        "expiry-overdue",
        f"UPDATE ledger_transfer SET expires_on = '2026-11-06' WHERE {A_SETTLED_LINE} RETURNING credit_id",
    ),
]

QUEUE = [
    Damage(
        "a sealed batch waits again",
        "sealed-yet-queued",
        f"INSERT INTO ledger_unsealed (batch_id) VALUES ({SOME_BATCH}) RETURNING batch_id",
    ),
    Damage(
        "a batch is taken out of the queue",
        "neither-sealed-nor-queued",
        "DELETE FROM ledger_unsealed WHERE batch_id = (SELECT min(batch_id) FROM ledger_unsealed) RETURNING batch_id",
    ),
    Damage(
        "a batch waits twice",
        "queued-twice",
        "INSERT INTO ledger_unsealed SELECT min(batch_id) FROM ledger_unsealed RETURNING batch_id",
    ),
    Damage(
        "a batch waits that never was",
        "queued-without-batch",
        "INSERT INTO ledger_unsealed (batch_id) VALUES (999999) RETURNING batch_id",
    ),
]


def without_cause(name: str, cause: str, *also: str) -> Damage:
    """Let a cause's first batch name a row that is not there."""
    statement = f"UPDATE ledger_batch SET cause_id = 0 WHERE id = {batch_of(cause)} RETURNING id"
    return Damage(name, "batch-without-cause", statement, also=frozenset(also))


CAUSES = [
    without_cause("a batch of a settlement that never was", "settlement", "settlement-unposted"),
    without_cause("a batch of an order that never was", "order"),
    without_cause("a batch of a sheet that nobody handed in", "opening"),
    without_cause("a batch that reverses nothing", "reversal", "reversal-wrong"),
    without_cause("a batch that expires to nowhere", "expiry"),
    Damage(
        "a batch for the sake of nothing that is known",
        "batch-without-cause",
        f"UPDATE ledger_batch SET cause = 'kindness' WHERE id = {batch_of('grant')} RETURNING id",
        also=frozenset({"moved-wrongly"}),
    ),
    Damage(
        "an order is paid twice",
        "batch-without-cause",
        f"SELECT {COPIED}",
        before=(
            *copy_of_batch(BATCH_OF_ORDER),
            *move(batch=COPIED, debit=BUYER, credit=TILL, amount=100, line=SOME_ORDER, book="spendable"),
        ),
    ),
    Damage(
        "a settlement posted nothing",
        "settlement-unposted",
        f"UPDATE scoring_settlement SET batch_id = NULL WHERE batch_id = {SOME_BATCH} RETURNING id",
        also=frozenset({"line-posted-wrongly", "posted-without-line"}),
    ),
    Damage(
        "an order took nothing",
        "order-unposted",
        f"UPDATE redemption_order SET batch_id = NULL WHERE id = {SOME_ORDER} RETURNING id",
        also=frozenset({"order-paid-wrongly", "batch-without-cause"}),
    ),
]
