"""Posting to many households at once: one SQL statement, since half a million lines a month go through here.

A line is one transfer, whatever the balances are: what a deduction takes below the floor shows as arrears in the
account's own arithmetic (NEW_BALANCE), and what an award repays does too. So nothing depends on the order of lines.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from xiangyue.ledger.models import AccountKind, Batch, Book, Holder
from xiangyue.ledger.operations.batches import CLAIM, LIMIT, NEW_BALANCE, Posting, posted_before
from xiangyue.ledger.refusals import NoAccount


@dataclass(frozen=True, slots=True)
class Select:
    """A query as SQL with its named values: for who posts often, since Django takes long to compile one."""

    sql: str
    values: Mapping[str, Any] = field(default_factory=dict)


Lines = QuerySet[Any, tuple[int, int, int]] | Select | Sequence[tuple[int, int, int]]
Owners = QuerySet[Any, tuple[int, int]] | Select

# Over the numbers as PostgreSQL sends them, since text for each line would cost as much as its transfer.
HASH = """
    SELECT encode(sha256(string_agg(int8send(line) || int8send(owner) || int8send(amount), '')
                         || convert_to(%(about)s, 'UTF8')), 'hex') AS hash
    FROM (SELECT * FROM line ORDER BY line) ordered
"""

# The batch first: whoever posts the same key waits at its index before it locks anything. Balances last: a till meets a
# locked household for as long as its row takes, and not while thousands of transfers are written. Accounts are locked
# in the order of their ids, so that two postings never wait for each other in a circle. Owners are looked up once each,
# by their key. What is known of a household is carried along from step to step: joined by steps, of whose size the
# planner knows nothing, a county in one batch would compare everyone with everyone.
POST = f"""
    WITH line (line, owner, amount) AS MATERIALIZED ({{lines}}),
    input AS MATERIALIZED ({HASH}),
    batch AS ({CLAIM.format(hash="input.hash", when="FROM input WHERE EXISTS (SELECT FROM line WHERE amount <> 0)")}),
    noted AS (INSERT INTO ledger_unsealed (batch_id) SELECT id FROM batch),
    moved AS MATERIALIZED (SELECT owner, sum(amount)::bigint AS amount FROM line WHERE amount <> 0 GROUP BY owner),
    owner AS MATERIALIZED (
        SELECT * FROM ({{owners}}) AS owner (owner, holder_id) WHERE owner = ANY(ARRAY(SELECT owner FROM moved))
    ),
    found AS MATERIALIZED (
        SELECT account.id, moved.owner, moved.amount
        FROM moved JOIN owner USING (owner)
        JOIN ledger_account account ON account.holder_id = owner.holder_id AND account.kind = %(kind)s
        WHERE EXISTS (SELECT FROM batch)
    ),
    transfer AS (
        INSERT INTO ledger_transfer (batch_id, line, debit_id, credit_id, amount, currency, book, expires_on)
        SELECT (SELECT id FROM batch), line.line,
               CASE WHEN line.amount > 0 THEN %(pool)s::bigint ELSE found.id END,
               CASE WHEN line.amount > 0 THEN found.id ELSE %(pool)s::bigint END,
               abs(line.amount), %(currency)s, %(book)s,
               CASE WHEN line.amount > 0 THEN %(expires_on)s::date END
        FROM line JOIN found USING (owner)
        WHERE line.amount <> 0
        RETURNING true
    ),
    locked AS MATERIALIZED (
        SELECT account.id, found.amount
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
        RETURNING true
    )
    SELECT (SELECT count(*) FROM moved), (SELECT count(*) FROM updated), input.hash, batch.*
    FROM input LEFT JOIN batch ON true
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
        asked, posted, input_hash, *batch = cursor.fetchone()
        columns = [column.name for column in cursor.description[3:]]
    if not asked or batch[0] is None:
        return posted_before(posting.key, input_hash)
    if posted < asked:
        raise NoAccount(count=asked - posted)
    return Batch.from_db(connection.alias, columns, batch)


def _compiled(lines: Lines, owners: Owners) -> tuple[dict[str, str], dict[str, Any]]:
    found = {"lines": _lines(lines), "owners": _subquery("owner", owners)}
    values: dict[str, Any] = {}
    for select in found.values():
        values |= select.values
    return {name: select.sql for name, select in found.items()}, values


def _lines(lines: Lines) -> Select:
    if isinstance(lines, QuerySet | Select):
        return _subquery("line", lines)
    sql = "SELECT * FROM unnest(%(lines)s::bigint[], %(line_owners)s::bigint[], %(amounts)s::bigint[])"
    columns = list(zip(*lines, strict=True)) or [(), (), ()]
    return Select(sql, dict(zip(("lines", "line_owners", "amounts"), map(list, columns), strict=True)))


def _subquery(prefix: str, query: QuerySet[Any, Any] | Select) -> Select:
    """Compile a query to SQL with named parameters, so that it can stand inside a larger statement."""
    if isinstance(query, Select):
        return query
    # A query of which Django knows that it finds nothing still has to become one.
    compiler = query.order_by().query.get_compiler(connection=connection, elide_empty=False)
    sql, values = compiler.as_sql()
    params = {f"{prefix}_{position}": value for position, value in enumerate(values)}
    return Select(sql % tuple(f"%({name})s" for name in params), params)
