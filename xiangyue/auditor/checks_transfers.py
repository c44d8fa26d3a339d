"""Transfers: each a real movement between accounts that are there, or the exact opposite of one (DOMAIN §5)."""

from django.utils.translation import gettext_lazy as _

from xiangyue.auditor.check import Check

TRANSFERS = (
    Check(
        "currency-mixed",
        _("流水的币种和账户不一样"),
        """
        SELECT 'transfer', transfer.batch_id,
               concat_ws(' ', 'line', line, transfer.currency, debit.currency, credit.currency)
        FROM ledger_transfer transfer
        JOIN ledger_account debit ON debit.id = transfer.debit_id
        JOIN ledger_account credit ON credit.id = transfer.credit_id
        WHERE transfer.currency <> debit.currency OR transfer.currency <> credit.currency
        """,
    ),
    Check(
        "amount-not-positive",
        _("流水的数额不是正数"),
        "SELECT 'transfer', batch_id, concat('line ', line, ': ', amount) FROM ledger_transfer WHERE amount <= 0",
    ),
    Check(
        "moved-to-itself",
        _("流水从一个账户转给它自己"),
        """
        SELECT 'transfer', batch_id, concat('line ', line, ': account ', debit_id) FROM ledger_transfer
        WHERE debit_id = credit_id
        """,
    ),
    Check(
        "transfer-astray",
        _("流水的批次或账户不存在"),
        """
        SELECT 'transfer', transfer.batch_id,
               concat_ws(' ', 'line', line, CASE WHEN batch.id IS NULL THEN 'has no batch' END,
                         CASE WHEN debit.id IS NULL THEN concat('has no debit account ', debit_id) END,
                         CASE WHEN credit.id IS NULL THEN concat('has no credit account ', credit_id) END)
        FROM ledger_transfer transfer
        LEFT JOIN ledger_batch batch ON batch.id = transfer.batch_id
        LEFT JOIN ledger_account debit ON debit.id = transfer.debit_id
        LEFT JOIN ledger_account credit ON credit.id = transfer.credit_id
        WHERE batch.id IS NULL OR debit.id IS NULL OR credit.id IS NULL
        """,
    ),
    Check(
        "batch-empty",
        _("一批流水里没有流水"),
        """
        SELECT 'batch', id, concat(cause, ' ', cause_id) FROM ledger_batch batch
        WHERE NOT EXISTS (SELECT FROM ledger_transfer WHERE batch_id = batch.id)
        """,
    ),
    Check(
        "reversal-wrong",
        _("冲正和被冲的流水不相反，或冲了不该冲的"),
        """
        SELECT 'transfer', transfer.batch_id,
               concat_ws(' ', 'line', transfer.line, 'reverses batch', batch.cause_id,
                         CASE WHEN batch.reason = '' THEN 'without a reason' END,
                         CASE WHEN reversed.cause = 'reversal' THEN 'itself a reversal' END,
                         CASE WHEN first.line IS NULL THEN 'but is not its opposite' END)
        FROM ledger_batch batch
        JOIN ledger_transfer transfer ON transfer.batch_id = batch.id
        LEFT JOIN ledger_batch reversed ON reversed.id = batch.cause_id AND reversed.id < batch.id
        LEFT JOIN ledger_transfer first ON first.batch_id = reversed.id AND first.line = transfer.line
            AND (first.debit_id, first.credit_id) = (transfer.credit_id, transfer.debit_id)
            AND (first.amount, first.currency, first.book) = (transfer.amount, transfer.currency, transfer.book)
            AND first.expires_on IS NOT DISTINCT FROM transfer.expires_on
        WHERE batch.cause = 'reversal'
          AND (batch.reason = '' OR reversed.cause = 'reversal' OR first.line IS NULL)
        """,
    ),
    Check(
        "reversed-twice",
        _("同一条流水冲正了两次"),
        """
        SELECT 'batch', batch.cause_id, concat('line ', line, ' by batches ', string_agg(batch.id::text, ' '))
        FROM ledger_batch batch JOIN ledger_transfer transfer ON transfer.batch_id = batch.id
        WHERE batch.cause = 'reversal'
        GROUP BY batch.cause_id, line HAVING count(*) > 1
        """,
    ),
    Check(
        "posted-after-closing",
        _("销户以后还有流水"),
        """
        SELECT 'transfer', transfer.batch_id,
               concat('line ', line, ': account ', account.id, ' closed on ', account.closed_on)
        FROM ledger_account account
        JOIN (
            SELECT credit_id AS account_id, batch_id, line FROM ledger_transfer
            UNION ALL SELECT debit_id, batch_id, line FROM ledger_transfer
        ) transfer ON transfer.account_id = account.id
        JOIN ledger_batch batch ON batch.id = transfer.batch_id
        WHERE batch.day > account.closed_on
        """,
    ),
)
