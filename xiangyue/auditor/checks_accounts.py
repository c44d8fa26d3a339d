"""Accounts: what is kept on them must be what transfers and holds come to (DOMAIN §5)."""

from django.utils.translation import gettext_lazy as _

from xiangyue.auditor.check import Check

ACCOUNTS = (
    Check(
        "balance-differs",
        _("余额和流水对不上"),
        """
        SELECT 'account', account.id,
               concat('kept ', balance, ', owed ', arrears, ', transfers say ', coalesce(moved.amount, 0))
        FROM ledger_account account LEFT JOIN (
            SELECT id, sum(amount) AS amount FROM (
                SELECT credit_id AS id, amount FROM ledger_transfer WHERE credit_id > 0 AND book <> 'honour'
                UNION ALL
                SELECT debit_id, -amount FROM ledger_transfer WHERE debit_id > 0 AND book <> 'honour'
            ) leg GROUP BY id
        ) moved USING (id)
        WHERE balance IS NOT NULL AND balance - arrears <> coalesce(moved.amount, 0)
        """,
    ),
    Check(
        "account-astray",
        _("账户没有持有者，或有人提到不存在的账户"),
        """
        SELECT 'account', account.id, concat('has no holder ', holder_id) FROM ledger_account account
        WHERE NOT EXISTS (SELECT FROM ledger_holder WHERE id = holder_id)
        UNION ALL
        SELECT kind, named.id, concat('names account ', account_id, ', which is not there') FROM (
            SELECT 'hold' AS kind, id, account_id FROM ledger_hold
            UNION ALL SELECT 'hold', id, pool_id FROM ledger_hold
            UNION ALL SELECT 'closing', id, account_id FROM ledger_closing
        ) named
        WHERE NOT EXISTS (SELECT FROM ledger_account account WHERE account.id = named.account_id)
        """,
    ),
    Check(
        "honour-differs",
        _("荣誉积分和流水对不上"),
        """
        SELECT 'account', account.id, concat('kept ', honour, ', transfers say ', coalesce(moved.amount, 0))
        FROM ledger_account account LEFT JOIN (
            SELECT id, sum(amount) AS amount FROM (
                SELECT credit_id AS id, amount FROM ledger_transfer WHERE credit_id > 0 AND book <> 'spendable'
                UNION ALL
                SELECT debit_id, -amount FROM ledger_transfer WHERE debit_id > 0 AND book <> 'spendable'
            ) leg GROUP BY id
        ) moved USING (id)
        WHERE balance IS NOT NULL AND honour <> coalesce(moved.amount, 0)
        """,
    ),
    Check(
        "held-differs",
        _("预留的分和预留单对不上"),
        """
        SELECT 'account', account.id, concat('kept ', held, ', holds say ', coalesce(hold.amount, 0))
        FROM ledger_account account LEFT JOIN (
            SELECT account_id AS id, sum(amount) AS amount FROM ledger_hold WHERE state = 'held' GROUP BY account_id
        ) hold USING (id)
        WHERE held <> coalesce(hold.amount, 0)
        """,
    ),
    Check(
        "below-floor",
        _("可用积分低于下限和预留的分"),
        """
        SELECT 'account', id, concat(balance, ' < ', floor, ' + ', held) FROM ledger_account
        WHERE balance < floor + held
        """,
    ),
    Check(
        "arrears-with-room",
        _("有分可扣，却记了欠分"),
        """
        SELECT 'account', id, concat('owed ', arrears, ', ', balance, ' > ', floor, ' + ', held) FROM ledger_account
        WHERE arrears > 0 AND balance > floor + held
        """,
    ),
    Check(
        "kept-negative",
        _("预留或欠下的分成了负数"),
        """
        SELECT 'account', id, concat('held ', held, ', owed ', arrears) FROM ledger_account
        WHERE held < 0 OR arrears < 0
        """,
    ),
    Check(
        "kept-wrongly",
        _("该记余额的账户没有记，或不该记的记了"),
        """
        SELECT 'account', id, concat(kind, ' keeps ', coalesce(balance::text, 'nothing')) FROM ledger_account
        WHERE (kind IN ('points', 'gifted', 'hours')) <> (balance IS NOT NULL)
           OR balance IS NULL AND (held <> 0 OR arrears <> 0 OR honour <> 0)
        """,
    ),
    Check(
        "id-sign-wrong",
        _("账户编号的正负不对"),
        """
        SELECT 'account', id, kind FROM ledger_account
        WHERE (kind IN ('points', 'gifted', 'hours')) <> (id > 0)
        """,
    ),
    Check(
        "account-currency-wrong",
        _("账户的币种和用途不合"),
        """
        SELECT 'account', id, concat(kind, ' in ', currency) FROM ledger_account
        WHERE currency <> CASE WHEN kind IN ('hours', 'served') THEN 'HOUR'
                               WHEN kind IN ('fund', 'paid') THEN 'CNY' ELSE 'POINT' END
        """,
    ),
    Check(
        "closed-with-points",
        _("已经销户，账上还有分"),
        """
        SELECT 'account', id, concat_ws(' ', balance, held, arrears, honour) FROM ledger_account
        WHERE closed_on IS NOT NULL AND (balance <> 0 OR held <> 0 OR arrears <> 0 OR honour <> 0)
        """,
    ),
    Check(
        "hold-wrong",
        _("预留单的状态和入账的对不上"),
        """
        SELECT 'hold', hold.id, concat(state, ' ', hold.amount, ', paid ', coalesce(paid.amount, 0))
        FROM ledger_hold hold LEFT JOIN LATERAL (
            SELECT sum(transfer.amount) AS amount,
                   bool_and((transfer.debit_id, transfer.credit_id) = (hold.account_id, hold.pool_id)) AS its_own
            FROM ledger_transfer transfer WHERE transfer.batch_id = hold.batch_id
        ) paid ON true
        WHERE hold.amount <= 0
           OR state NOT IN ('held', 'posted', 'voided', 'expired')
           OR (state = 'held') <> (closed_at IS NULL)
           OR (state = 'posted') <> (hold.batch_id IS NOT NULL)
           OR state = 'posted'
              AND (paid.its_own IS NOT TRUE OR paid.amount NOT BETWEEN 1 AND hold.amount)
        """,
    ),
    Check(
        "hold-past-end",
        _("预留早已到期，分还没放回"),
        """
        SELECT 'hold', id, concat('account ', account_id, ', ended ', to_char(ends_at, 'YYYY-MM-DD HH24:MI TZ'))
        FROM ledger_hold WHERE state = 'held' AND ends_at < %(now)s - interval '1 hour'
        """,
    ),
)
