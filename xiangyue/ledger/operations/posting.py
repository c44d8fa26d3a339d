"""Posting to many households at once: one SQL statement, since half a million lines a month go through here.

A line is one transfer, whatever the balances are: what a deduction takes below the floor shows as arrears in the
account's own arithmetic (NEW_BALANCE), and what an award repays does too. So nothing depends on the order of lines.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from xiangyue.ledger.models import AccountKind, Batch, Book, Holder
from xiangyue.ledger.operations.batches import (
    CLAIM,
    LIMIT,
    NEW_BALANCE,
    Posting,
    require_same_input,
    require_unused,
)
from xiangyue.ledger.refusals import NoAccount

Lines = QuerySet[Any, tuple[int, int, int]] | Sequence[tuple[int, int, int]]
Owners = QuerySet[Any, tuple[int, int]]

# Over the columns as PostgreSQL sends them, since text for each line would cost as much as its transfer.
HASH = """
    SELECT encode(sha256(array_send(array_agg(line)) || array_send(array_agg(owner)) || array_send(array_agg(amount))
                         || convert_to(%(about)s, 'UTF8')), 'hex') AS hash
    FROM (SELECT * FROM line ORDER BY line) ordered
"""

# The batch first: whoever posts the same key waits at its index before it locks anything. Balances last: a till meets a
# locked household for as long as its row takes, and not while thousands of transfers are written. Accounts are locked
# in the order of their ids, so that two postings never wait for each other in a circle. Owners are looked up once each.
# What is known of a household is carried along from step to step: joined by steps, of whose size the planner knows
# nothing, a county in one batch would compare everyone with everyone.
POST = f"""
    WITH line (line, owner, amount) AS MATERIALIZED ({{lines}}),
    owner (owner, holder_id) AS ({{owners}}),
    input AS MATERIALIZED ({HASH}),
    batch AS ({CLAIM.format(hash="input.hash", when="FROM input WHERE EXISTS (SELECT FROM line WHERE amount <> 0)")}),
    noted AS (INSERT INTO ledger_unsealed (batch_id) SELECT id FROM batch),
    moved AS MATERIALIZED (
        SELECT owner, sum(amount)::bigint AS amount, count(*) AS lines FROM line WHERE amount <> 0 GROUP BY owner
    ),
    found AS MATERIALIZED (
        SELECT account.id, moved.owner, moved.amount, moved.lines
        FROM moved JOIN owner USING (owner)
        JOIN ledger_account account ON account.holder_id = owner.holder_id AND account.kind = %(kind)s
        WHERE EXISTS (SELECT FROM batch)
    ),
    transfer AS (
        INSERT INTO ledger_transfer (batch_id, line, debit_id, credit_id, amount, currency, book, expires_on)
        SELECT batch.id, line.line,
               CASE WHEN line.amount > 0 THEN %(pool)s::bigint ELSE found.id END,
               CASE WHEN line.amount > 0 THEN found.id ELSE %(pool)s::bigint END,
               abs(line.amount), %(currency)s, %(book)s,
               CASE WHEN line.amount > 0 THEN %(expires_on)s::date END
        FROM line JOIN found USING (owner) CROSS JOIN batch
        WHERE line.amount <> 0
        RETURNING line
    ),
    locked AS MATERIALIZED (
        SELECT account.id, found.amount, found.lines
        FROM found JOIN ledger_account account USING (id)
        WHERE account.closed_on IS NULL AND (SELECT count(*) FROM transfer) > 0
        ORDER BY account.id
        FOR NO KEY UPDATE OF account
    ),
    updated AS (
        UPDATE ledger_account account
        SET honour = account.honour + %(to_honour)s * locked.amount,
            {NEW_BALANCE.format(moved="%(to_spendable)s * locked.amount", limit=LIMIT)}
        FROM locked
        WHERE account.id = locked.id
        RETURNING locked.lines
    )
    SELECT (SELECT id FROM batch), (SELECT hash FROM input),
           (SELECT coalesce(sum(lines), 0) FROM moved), (SELECT coalesce(sum(lines), 0) FROM updated)
"""

WITHOUT_ACCOUNT = """
    WITH line (line, owner, amount) AS ({lines}), owner (owner, holder_id) AS ({owners})
    SELECT count(DISTINCT line.owner) FROM line
    LEFT JOIN (owner
        JOIN ledger_account account ON account.holder_id = owner.holder_id AND account.kind = %(kind)s
            AND account.closed_on IS NULL
    ) ON owner.owner = line.owner
    WHERE account.id IS NULL AND line.amount <> 0
"""


@transaction.atomic
def post_lines(
    *,
    posting: Posting,
    pool_id: int,
    lines: Lines,
    owners: Owners | None = None,
    kind: AccountKind = AccountKind.POINTS,
    book: Book = Book.BOTH,
) -> Batch | None:
    """Post awards and deductions to households, whole or not at all; give the batch, None if all lines are zero.

    lines: (line id, owner, signed amount), line ids unique: a list, or a query that is never fetched, only run
    inside the database. owners: a query for (owner, holder id); without it, lines name holders themselves.
    pool_id: the account that awards come from and deductions go to. book: an award counts in both; base points and
    opening balances in one. The same key with the same lines posts once and gives the same batch.
    Raises: KeyReused, NoAccount.
    """
    statements, values = _compiled(
        lines, Holder.objects.values_list("id", "id") if owners is None else owners
    )
    values |= posting.values() | {
        "pool": pool_id,
        "kind": kind,
        "currency": kind.currency,
        "book": book,
        "to_honour": int(book is not Book.SPENDABLE),
        "to_spendable": int(book is not Book.HONOUR),
        "about": f"{pool_id} {kind} {book} {posting.expires_on}",
    }
    with connection.cursor() as cursor:
        cursor.execute(POST.format(**statements), values)
        batch_id, input_hash, asked, posted = cursor.fetchone()
        if not asked:
            require_unused(posting.key)
            return None
        if batch_id is None:
            return require_same_input(posting.key, input_hash)
        if posted < asked:
            cursor.execute(WITHOUT_ACCOUNT.format(**statements), values)
            raise NoAccount(count=cursor.fetchone()[0])
    return Batch.objects.get(id=batch_id)


def _compiled(lines: Lines, owners: Owners) -> tuple[dict[str, str], dict[str, Any]]:
    owners_sql, values = _subquery("owner", owners)
    if isinstance(lines, QuerySet):
        lines_sql, of_lines = _subquery("line", lines)
    else:
        lines_sql = (
            "SELECT * FROM unnest(%(lines)s::bigint[], %(line_owners)s::bigint[], %(amounts)s::bigint[])"
        )
        columns = list(zip(*lines, strict=True)) or [(), (), ()]
        of_lines = dict(zip(("lines", "line_owners", "amounts"), map(list, columns), strict=True))
    return {"lines": lines_sql, "owners": owners_sql}, values | of_lines


def _subquery(prefix: str, query: QuerySet[Any, Any]) -> tuple[str, dict[str, Any]]:
    """Compile a query to SQL with named parameters, so that it can stand inside a larger statement."""
    # A query of which Django knows that it finds nothing still has to become one.
    compiler = query.order_by().query.get_compiler(connection=connection, elide_empty=False)
    sql, values = compiler.as_sql()
    params = {f"{prefix}_{position}": value for position, value in enumerate(values)}
    return sql % tuple(f"%({name})s" for name in params), params
