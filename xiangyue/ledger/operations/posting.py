"""Posting awards and deductions to many households at once. Raw SQL, since half a million lines go through here.

An award credits honour and spendable in full, after repaying arrears. A deduction takes honour in full and
spendable down to its floor; what is missing becomes arrears (DOMAIN §5). Within one batch all awards come first,
then the deductions in the order of their lines: min(room, S_i) − min(room, S_{i−1}) is what line i takes.
"""

from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from xiangyue.ledger.models import AccountKind, Batch
from xiangyue.ledger.operations.batches import Posting, claim, require_unused
from xiangyue.ledger.refusals import NoAccount

Lines = QuerySet[Any, tuple[int, int, int]]

HASH_LINES = """
    WITH lines (line, holder_id, amount) AS ({lines})
    SELECT count(*) FILTER (WHERE amount <> 0),
           count(DISTINCT lines.holder_id) FILTER (WHERE account.id IS NULL),
           encode(sha256(coalesce(string_agg(
               concat_ws(':', line, lines.holder_id, amount), ',' ORDER BY line), '')::bytea), 'hex')
    FROM lines
    LEFT JOIN ledger_account account
        ON account.holder_id = lines.holder_id AND account.kind = 'spendable' AND account.currency = 'POINT'
"""

# In one fixed order, so that two batches, or a batch and a till, never wait for each other in a circle.
LOCK_ACCOUNTS = """
    WITH lines (line, holder_id, amount) AS ({lines})
    SELECT id FROM ledger_account
    WHERE holder_id IN (SELECT holder_id FROM lines) AND balance IS NOT NULL
    ORDER BY id
    FOR NO KEY UPDATE
"""

INSERT_TRANSFERS = """
    WITH lines (line, holder_id, amount) AS ({lines}),
    accounts AS (
        SELECT holder_id,
               max(id) FILTER (WHERE kind = 'honour') AS honour,
               max(id) FILTER (WHERE kind = 'spendable') AS spendable,
               max(id) FILTER (WHERE kind = 'arrears') AS arrears,
               max(balance - floor) FILTER (WHERE kind = 'spendable') AS above_floor,
               max(-balance) FILTER (WHERE kind = 'arrears') AS owed
        FROM ledger_account
        WHERE holder_id IN (SELECT holder_id FROM lines) AND currency = 'POINT'
        GROUP BY holder_id
    ),
    running AS (
        SELECT lines.line, lines.amount, accounts.*,
               sum(greatest(amount, 0)) OVER so_far AS awarded,
               sum(greatest(-amount, 0)) OVER so_far AS deducted,
               sum(greatest(amount, 0)) OVER (PARTITION BY lines.holder_id) AS awarded_in_all
        FROM lines JOIN accounts ON accounts.holder_id = lines.holder_id
        WINDOW so_far AS (PARTITION BY lines.holder_id ORDER BY lines.line)
    ),
    rooms AS (
        SELECT *, above_floor + awarded_in_all - least(owed, awarded_in_all) AS room FROM running
    ),
    split AS (
        SELECT *,
               least(owed, awarded) - least(owed, awarded - amount) AS repaid,
               least(room, deducted) - least(room, deducted + amount) AS taken
        FROM rooms
    )
    INSERT INTO ledger_transfer (batch_id, debit_id, credit_id, currency, amount, line)
    SELECT %(batch)s, leg.debit, leg.credit, 'POINT', leg.amount, split.line
    FROM split CROSS JOIN LATERAL (VALUES
        (amount > 0, %(issued_honour)s, honour, amount),
        (amount > 0, %(issued_spendable)s, arrears, repaid),
        (amount > 0, %(issued_spendable)s, spendable, amount - repaid),
        (amount < 0, honour, %(issued_honour)s, -amount),
        (amount < 0, spendable, %(issued_spendable)s, taken),
        (amount < 0, arrears, %(issued_spendable)s, -amount - taken)
    ) AS leg (applies, debit, credit, amount)
    WHERE leg.applies AND leg.amount > 0
"""

UPDATE_BALANCES = """
    UPDATE ledger_account account SET balance = account.balance + moved.amount
    FROM (
        SELECT id, sum(amount) AS amount
        FROM (
            SELECT credit_id AS id, amount FROM ledger_transfer WHERE batch_id = %(batch)s
            UNION ALL
            SELECT debit_id, -amount FROM ledger_transfer WHERE batch_id = %(batch)s
        ) legs
        GROUP BY id
    ) moved
    WHERE account.id = moved.id AND account.balance IS NOT NULL
"""


@transaction.atomic
def post_awards(*, posting: Posting, issuer_id: int, lines: Lines) -> Batch | None:
    """Post awards and deductions to households, whole or not at all; give the batch, None if all lines are zero.

    lines: a query for (line id, holder id, signed centipoints); it is never fetched, only run inside the database.
    issuer_id: the holder whose pools the points come from.
    The same key with the same lines posts once and gives the same batch.
    Raises: KeyReused, NoAccount.
    """
    source, params = _subquery(lines)
    with connection.cursor() as cursor:
        cursor.execute(HASH_LINES.format(lines=source), params)
        count, without_account, input_hash = cursor.fetchone()
        if without_account:
            raise NoAccount(count=without_account)
        if not count:
            require_unused(posting.key)
            return None
        batch_id = claim(posting, input_hash)
        if batch_id is None:
            return Batch.objects.get(key=posting.key)
        cursor.execute(LOCK_ACCOUNTS.format(lines=source), params)
        legs = {"batch": batch_id, **_pools(issuer_id)}
        cursor.execute(INSERT_TRANSFERS.format(lines=source), {**params, **legs})
        cursor.execute(UPDATE_BALANCES, {"batch": batch_id})
    return Batch.objects.get(id=batch_id)


def _subquery(lines: Lines) -> tuple[str, dict[str, Any]]:
    """Compile a query to SQL with named parameters, so that it can stand inside a larger statement."""
    # A query of which Django knows that it finds nothing still has to become one.
    compiler = lines.order_by().query.get_compiler(connection=connection, elide_empty=False)
    sql, values = compiler.as_sql()
    params = {f"line_{position}": value for position, value in enumerate(values)}
    return sql % tuple(f"%({name})s" for name in params), params


def _pools(issuer_id: int) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, id FROM ledger_account WHERE holder_id = %s AND kind = ANY(%s)",
            [issuer_id, [AccountKind.ISSUED_HONOUR, AccountKind.ISSUED_SPENDABLE]],
        )
        return dict(cursor.fetchall())
