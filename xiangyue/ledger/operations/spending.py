"""Spending at the till: one SQL statement, since every counter of a county stands in this line."""

from dataclasses import dataclass

from xiangyue.kernel.ids import digest
from xiangyue.kernel.points import format_points
from xiangyue.ledger.models import Account
from xiangyue.ledger.operations.batches import BATCH_OF_ONE, Posting, post_one, posted_before
from xiangyue.ledger.queries import points_account
from xiangyue.ledger.refusals import AmountNotPositive, NotEnoughPoints

# The guard is the UPDATE's own condition: two tills on one balance meet at its row, and the second one reads what
# the first one left. The shop's pool is only named, never locked.
SPEND = f"""
    WITH changed AS (
        UPDATE ledger_account SET balance = balance - %(amount)s
        WHERE holder_id = %(holder)s AND kind = 'points' AND balance - held - redeem_floor >= %(amount)s
        RETURNING id, balance - held - redeem_floor AS redeemable
    ),
    {BATCH_OF_ONE}
    INSERT INTO ledger_transfer (batch_id, line, debit_id, credit_id, amount, currency, book)
    SELECT batch.id, %(cause_id)s, changed.id, %(pool)s, %(amount)s, 'POINT', 'spendable'
    FROM changed CROSS JOIN batch
    RETURNING batch_id, (SELECT redeemable FROM changed)
"""


@dataclass(frozen=True)
class Spent:
    """A household paid: the batch's id, and what it can still redeem (centipoints)."""

    batch_id: int
    redeemable: int


def spend(*, posting: Posting, holder_id: int, pool_id: int, amount: int) -> Spent:
    """Move centipoints from a household's points to a pool, if it has them.

    Whatever runs at the same time, a balance is never spent twice. The same key and input spends once.
    Raises: AmountNotPositive, NotEnoughPoints, NoSuchAccount, KeyReused.
    """
    if amount <= 0:
        raise AmountNotPositive
    input_hash = digest([holder_id, pool_id, amount, posting.cause, posting.cause_id])
    values = posting.values() | {"hash": input_hash, "amount": amount, "holder": holder_id, "pool": pool_id}
    if (row := post_one(SPEND, values)) is not None:
        return Spent(*row)
    account = points_account(holder_id)
    if (batch := posted_before(posting.key, input_hash)) is not None:
        return Spent(batch.pk, account.redeemable)
    raise not_enough(amount, account)


def not_enough(needed: int, account: Account) -> NotEnoughPoints:
    """Say how many centipoints are needed, and what the account has to redeem."""
    return NotEnoughPoints(needed=format_points(needed), redeemable=format_points(account.redeemable))
