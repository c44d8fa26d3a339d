"""Causes: no point without one, none moved as its cause can't, and no cause that moved nothing (DOMAIN §5, §7)."""

from django.utils.translation import gettext_lazy as _

from xiangyue.auditor.check import Check

CAUSES = (
    Check(
        "batch-without-cause",
        _("流水没有来由"),
        """
        SELECT 'batch', batch.id, concat(batch.cause, ' ', batch.cause_id) FROM ledger_batch batch
        LEFT JOIN scoring_settlement settlement ON batch.cause = 'settlement' AND settlement.id = batch.cause_id
        LEFT JOIN redemption_order orders
            ON batch.cause = 'order' AND orders.id = batch.cause_id AND orders.batch_id = batch.id
        LEFT JOIN records_storedfile file ON batch.cause = 'opening' AND file.id = batch.cause_id
        LEFT JOIN ledger_batch reversed ON batch.cause = 'reversal' AND reversed.id = batch.cause_id
        LEFT JOIN ledger_account pool
            ON batch.cause = 'expiry' AND pool.id = batch.cause_id AND pool.kind = 'expired'
        WHERE num_nonnulls(settlement.id, orders.id, file.id, reversed.id, pool.id) = 0
          AND batch.cause NOT IN ('clearing', 'split', 'merge', 'closing', 'grant', 'service', 'funding')
        """,
    ),
    Check(
        "moved-wrongly",
        _("流水在不该往来的账户之间"),
        """
        WITH rule (cause, debit, credit, books, goes_back) AS (VALUES
            ('settlement', 'issued', 'points', ARRAY['both'], true),
            ('order', 'points', 'redeemed', ARRAY['spendable'], false),
            ('opening', 'opening', 'points', ARRAY['spendable', 'honour'], true),
            ('expiry', 'points', 'expired', ARRAY['spendable'], false),
            ('clearing', 'points', 'cleared', ARRAY['spendable'], false),
            ('clearing', 'points', 'expired', ARRAY['spendable'], false),
            ('grant', 'issued', 'points', ARRAY['spendable'], true),
            ('split', 'points', 'points', ARRAY['spendable', 'honour'], false),
            ('merge', 'points', 'points', ARRAY['spendable', 'honour'], false),
            ('closing', 'points', 'left', ARRAY['spendable', 'honour'], true),
            ('service', 'served', 'hours', ARRAY['spendable', 'both'], true),
            ('funding', 'fund', 'paid', ARRAY['spendable'], true)
        ),
        allowed AS (
            SELECT cause, debit, credit, unnest(books) AS book FROM rule
            UNION SELECT cause, credit, debit, unnest(books) FROM rule WHERE goes_back
        )
        SELECT 'transfer', transfer.batch_id,
               concat('line ', line, ': ', batch.cause, ', ', debit.kind, ' to ', credit.kind, ', ', transfer.book)
        FROM ledger_transfer transfer
        JOIN ledger_batch batch ON batch.id = transfer.batch_id
        JOIN ledger_account debit ON debit.id = transfer.debit_id
        JOIN ledger_account credit ON credit.id = transfer.credit_id
        LEFT JOIN allowed ON allowed.cause = batch.cause AND allowed.book = transfer.book
            AND allowed.debit = debit.kind AND allowed.credit = credit.kind
        WHERE allowed.cause IS NULL AND batch.cause <> 'reversal'
        """,
    ),
    Check(
        "settlement-unposted",
        _("公示结清了，分没有入账"),
        """
        SELECT 'settlement', settlement.id, concat(count(*), ' lines, batch ', settlement.batch_id)
        FROM scoring_settlement settlement
        JOIN scoring_noticeline line ON line.sheet_id = settlement.sheet_id AND line.part = settlement.part
        LEFT JOIN ledger_batch batch ON batch.id = settlement.batch_id
            AND batch.cause = 'settlement' AND batch.cause_id = settlement.id
        WHERE batch.id IS NULL AND line.points <> 0
          AND NOT EXISTS (SELECT FROM scoring_heldline held WHERE held.line_id = line.id)
        GROUP BY settlement.id
        """,
    ),
    Check(
        "order-unposted",
        _("兑换了，分没有扣"),
        """
        SELECT 'order', orders.id, concat('batch ', orders.batch_id) FROM redemption_order orders
        WHERE NOT EXISTS (SELECT FROM ledger_transfer WHERE batch_id = orders.batch_id)
        """,
    ),
)
