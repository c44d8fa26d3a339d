"""Awarding or deducting at one household: what posting.py does for a month, as one short statement."""

from xiangyue.kernel.ids import digest
from xiangyue.ledger.models import Batch, Book
from xiangyue.ledger.operations.batches import (
    BATCH_OF_ONE,
    LIMIT,
    NEW_BALANCE,
    Posting,
    post_one,
    posted_before,
)
from xiangyue.ledger.refusals import AmountIsZero, NoAccount

AWARD = f"""
    WITH changed AS (
        UPDATE ledger_account account
        SET honour = account.honour + %(to_honour)s * %(amount)s,
            {NEW_BALANCE.format(moved="%(to_spendable)s * %(amount)s", limit=LIMIT)}
        WHERE holder_id = %(holder)s AND kind = 'points' AND closed_on IS NULL
        RETURNING id, %(amount)s > 0 AS is_award
    ),
    {BATCH_OF_ONE}
    INSERT INTO ledger_transfer (batch_id, line, debit_id, credit_id, amount, currency, book, expires_on)
    SELECT batch.id, %(cause_id)s, CASE WHEN is_award THEN %(pool)s ELSE changed.id END,
           CASE WHEN is_award THEN changed.id ELSE %(pool)s END, abs(%(amount)s), 'POINT', %(book)s,
           CASE WHEN is_award THEN %(expires_on)s::date END
    FROM changed CROSS JOIN batch
    RETURNING batch_id
"""


def award(*, posting: Posting, holder_id: int, pool_id: int, amount: int, book: Book = Book.BOTH) -> Batch:
    """Post one award, or with a negative amount one deduction (centipoints), and give its batch.

    The line's number is the cause's id. What a deduction takes below the floor is owed. The same key and input posts
    once. Raises: AmountIsZero, NoAccount, KeyReused.
    """
    if amount == 0:
        raise AmountIsZero
    input_hash = digest(
        [holder_id, pool_id, amount, book, str(posting.expires_on), posting.cause, posting.cause_id]
    )
    values = posting.values() | {
        "hash": input_hash,
        "amount": amount,
        "holder": holder_id,
        "pool": pool_id,
        "book": book,
        "to_honour": int(book is not Book.SPENDABLE),
        "to_spendable": int(book is not Book.HONOUR),
    }
    post_one(AWARD, values)
    batch = posted_before(posting.key, input_hash)  # just now, or once
    if batch is None:
        raise NoAccount(count=1)
    return batch
