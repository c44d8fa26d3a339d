"""Seals and their queue: each batch waits once or is sealed once, and each seal closes the pools that it moved."""

from django.utils.translation import gettext_lazy as _

from xiangyue.auditor.check import Check

SEALS = (
    Check(
        "sealed-yet-queued",
        _("封存过的一批还在等封存"),
        """
        SELECT 'batch', batch_id, concat('in seal ', seal_id)
        FROM ledger_unsealed JOIN ledger_sealedbatch USING (batch_id)
        """,
    ),
    Check(
        "neither-sealed-nor-queued",
        _("一批流水没有封存，也不在等封存"),
        """
        SELECT 'batch', id, concat(cause, ' ', cause_id) FROM ledger_batch batch
        WHERE NOT EXISTS (SELECT FROM ledger_unsealed WHERE batch_id = batch.id)
          AND NOT EXISTS (SELECT FROM ledger_sealedbatch WHERE batch_id = batch.id)
        """,
    ),
    Check(
        "queued-twice",
        _("一批流水排了两次队等封存"),
        """
        SELECT 'batch', batch_id, concat(count(*), ' times') FROM ledger_unsealed
        GROUP BY batch_id HAVING count(*) > 1
        """,
    ),
    Check(
        "queued-without-batch",
        _("等封存的一批流水不存在"),
        """
        SELECT 'batch', batch_id, 'is not there' FROM ledger_unsealed
        WHERE NOT EXISTS (SELECT FROM ledger_batch WHERE id = batch_id)
        """,
    ),
    Check(
        "sealed-astray",
        _("封存的记录指着不存在的批次或封存"),
        """
        SELECT 'batch', sealed.batch_id,
               concat_ws(', ', CASE WHEN batch.id IS NULL THEN 'is not there' END,
                         CASE WHEN seal.id IS NULL THEN concat('in no seal ', sealed.seal_id) END)
        FROM ledger_sealedbatch sealed
        LEFT JOIN ledger_batch batch ON batch.id = sealed.batch_id
        LEFT JOIN ledger_seal seal ON seal.id = sealed.seal_id
        WHERE batch.id IS NULL OR seal.id IS NULL
        """,
    ),
    Check(
        "closing-wrong",
        _("封存时结的账和流水对不上"),
        """
        WITH moved AS (
            SELECT sealed.seal_id, leg.account_id,
                   sum(CASE WHEN book = 'honour' THEN 0 ELSE leg.amount END) AS balance,
                   sum(CASE WHEN book = 'spendable' THEN 0 ELSE leg.amount END) AS honour
            FROM ledger_sealedbatch sealed
            JOIN ledger_transfer transfer ON transfer.batch_id = sealed.batch_id,
                 LATERAL (VALUES (credit_id, amount), (debit_id, -amount)) leg (account_id, amount)
            WHERE leg.account_id < 0
            GROUP BY sealed.seal_id, leg.account_id
        ),
        due AS (
            SELECT moved.seal_id, moved.account_id,
                   sum(moved.balance) OVER so_far AS balance, sum(moved.honour) OVER so_far AS honour
            FROM moved JOIN ledger_seal seal ON seal.id = moved.seal_id
            WINDOW so_far AS (PARTITION BY moved.account_id ORDER BY seal.number, seal.id)
        ),
        closed AS (
            SELECT seal_id, account_id, string_agg(concat(balance, '/', honour), ' and ') AS text
            FROM ledger_closing GROUP BY seal_id, account_id
        )
        SELECT 'account', account_id,
               concat('seal id ', seal_id, ': closed ', coalesce(closed.text, 'not'),
                      ', transfers say ', concat(due.balance, '/', due.honour))
        FROM due FULL JOIN closed USING (seal_id, account_id)
        WHERE closed.text IS DISTINCT FROM concat(due.balance, '/', due.honour)
        """,
    ),
)
