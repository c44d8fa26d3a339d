"""Spending at the till: one SQL statement, since every counter of a county stands in this line."""

from dataclasses import dataclass

from django.db import connection, transaction

from xiangyue.kernel.ids import digest
from xiangyue.kernel.points import format_points
from xiangyue.ledger.models import Account, AccountKind
from xiangyue.ledger.operations.batches import CLAIM, Posting, require_same_input
from xiangyue.ledger.refusals import AmountNotPositive, NoSuchAccount, NotEnoughPoints

# The guard is the UPDATE's own condition: two tills on one balance meet at its row, and the second one reads what
# the first one left. The shop's pool is only named, never locked. Who comes second with a key changes nothing.
SPEND = f"""
    WITH batch AS ({CLAIM.format(hash="%(hash)s", when="")}),
    noted AS (INSERT INTO ledger_unsealed (batch_id) SELECT id FROM batch),
    spent AS (
        UPDATE ledger_account SET balance = balance - %(amount)s
        WHERE holder_id = %(holder)s AND kind = 'points' AND balance - held - redeem_floor >= %(amount)s
          AND EXISTS (SELECT FROM batch)
        RETURNING id, balance - held - redeem_floor AS redeemable
    ),
    moved AS (
        INSERT INTO ledger_transfer (batch_id, line, debit_id, credit_id, amount, currency, book)
        SELECT batch.id, %(cause_id)s, spent.id, %(pool)s, %(amount)s, 'POINT', 'spendable'
        FROM spent CROSS JOIN batch
    )
    SELECT batch.id, spent.redeemable FROM batch LEFT JOIN spent ON true
"""


@dataclass(frozen=True)
class Spent:
    """A household paid: the batch's id, and what it can still redeem (centipoints)."""

    batch_id: int
    redeemable: int


@transaction.atomic
def spend(*, posting: Posting, holder_id: int, pool_id: int, amount: int) -> Spent:
    """Move centipoints from a household's points to a pool, if it has them.

    Whatever runs at the same time, a balance is never spent twice. The same key and input spends once.
    Raises: AmountNotPositive, NotEnoughPoints, NoSuchAccount, KeyReused.
    """
    if amount <= 0:
        raise AmountNotPositive
    input_hash = digest([holder_id, pool_id, amount, posting.cause, posting.cause_id])
    values = posting.values() | {
        "hash": input_hash,
        "amount": amount,
        "holder": holder_id,
        "pool": pool_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(SPEND, values)
        row = cursor.fetchone()
    if row is None:
        batch = require_same_input(posting.key, input_hash)
        return Spent(batch.pk, redeemable_of(holder_id))
    batch_id, redeemable = row
    if redeemable is None:
        raise NotEnoughPoints(
            needed=format_points(amount), redeemable=format_points(redeemable_of(holder_id))
        )
    return Spent(batch_id, redeemable)


def redeemable_of(holder_id: int) -> int:
    """Give what a household can redeem at this moment, in centipoints. Raises: NoSuchAccount."""
    account = Account.objects.filter(holder_id=holder_id, kind=AccountKind.POINTS).first()
    if account is None:
        raise NoSuchAccount(kind=AccountKind.POINTS.label)
    return account.redeemable
