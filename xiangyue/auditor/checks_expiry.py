"""Points that run out (到期): never more than was credited to be used by then, less all debits so far (DOMAIN §5)."""

from django.utils.translation import gettext_lazy as _

from xiangyue.auditor.check import Check

# What came to a household's account, and what went. A reversal is no movement of its own: it takes back the credit,
# or the debit, that it reverses.
MOVEMENTS = """
    WITH leg AS (
        SELECT credit_id AS account_id, batch_id, expires_on, amount, true AS is_credit
        FROM ledger_transfer WHERE credit_id > 0 AND book <> 'honour'
        UNION ALL
        SELECT debit_id, batch_id, expires_on, amount, false
        FROM ledger_transfer WHERE debit_id > 0 AND book <> 'honour'
    ),
    movement AS (
        SELECT account_id, batch_id, batch.posted_at, expires_on,
               CASE WHEN is_credit AND cause <> 'reversal' THEN amount
                    WHEN NOT is_credit AND cause = 'reversal' THEN -amount ELSE 0 END AS came,
               CASE WHEN NOT is_credit AND cause <> 'reversal' THEN amount
                    WHEN is_credit AND cause = 'reversal' THEN -amount ELSE 0 END AS went
        FROM leg JOIN ledger_batch batch ON batch.id = leg.batch_id
    )
"""

EXPIRY = (
    # A batch has its id before it waits for its accounts: what took points less than a minute before an expiry may
    # have come after it.
    Check(
        "expired-too-much",
        _("到期扣掉的分比到期的多"),
        MOVEMENTS
        + """,
        taken AS (
            SELECT batch.id AS batch_id, batch.day, batch.posted_at, transfer.debit_id AS account_id,
                   sum(transfer.amount) AS amount
            FROM ledger_batch batch JOIN ledger_transfer transfer ON transfer.batch_id = batch.id
            WHERE batch.cause = 'expiry' AND NOT EXISTS (
                SELECT FROM ledger_batch back JOIN ledger_transfer undone ON undone.batch_id = back.id
                WHERE back.cause = 'reversal' AND back.cause_id = batch.id AND undone.line = transfer.line)
            GROUP BY batch.id, transfer.debit_id
        ),
        due AS (
            SELECT taken.batch_id, taken.account_id,
                   coalesce(sum(came) FILTER (
                       WHERE expires_on < taken.day
                         AND (came > 0 OR movement.posted_at < taken.posted_at - interval '1 minute')), 0)
                   - coalesce(sum(went) FILTER (
                       WHERE went < 0 OR movement.posted_at < taken.posted_at - interval '1 minute'), 0) AS amount
            FROM taken JOIN movement
                ON movement.account_id = taken.account_id AND movement.batch_id < taken.batch_id
            GROUP BY taken.batch_id, taken.account_id
        )
        SELECT 'batch', batch_id,
               concat('account ', account_id, ': took ', taken.amount, ', ran out ', coalesce(due.amount, 0))
        FROM taken LEFT JOIN due USING (batch_id, account_id)
        WHERE taken.amount > greatest(coalesce(due.amount, 0), 0)
        """,
    ),
    # Points run out once a day: what came back less than two days ago (a reversal, a hold's end) has its turn to come.
    Check(
        "expiry-overdue",
        _("早该到期的分还能用"),
        MOVEMENTS
        + """,
        may_be_due AS (
            SELECT DISTINCT credit_id AS account_id FROM ledger_transfer
            WHERE credit_id > 0 AND expires_on < %(today)s::date - 2
        ),
        due AS (
            SELECT account_id,
                   coalesce(sum(came) FILTER (WHERE expires_on < %(today)s::date - 2 AND is_old), 0)
                   - coalesce(sum(went) FILTER (WHERE went > 0 OR is_old), 0) AS amount
            FROM movement JOIN may_be_due USING (account_id),
                 LATERAL (SELECT posted_at < %(now)s::timestamptz - interval '2 days' AS is_old) age
            GROUP BY account_id
        ),
        freed AS (
            SELECT account_id, sum(amount) AS amount FROM ledger_hold
            WHERE state IN ('voided', 'expired') AND closed_at >= %(now)s::timestamptz - interval '2 days'
            GROUP BY account_id
        )
        SELECT 'account', account.id, concat('ran out ', due.amount, ', balance ', balance, ', held ', held)
        FROM due JOIN ledger_account account ON account.id = due.account_id
        LEFT JOIN freed ON freed.account_id = account.id
        WHERE account.kind = 'points' AND due.amount > held + coalesce(freed.amount, 0) AND balance > floor + held
        """,
    ),
)
