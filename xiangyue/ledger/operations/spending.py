"""Spending at the till: one SQL statement, since every counter of a county stands in this line."""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from xiangyue.kernel import clock
from xiangyue.kernel.ids import digest
from xiangyue.kernel.points import format_points
from xiangyue.ledger.models import Account, AccountKind, Batch
from xiangyue.ledger.operations.batches import Posting, require_same_input
from xiangyue.ledger.refusals import AmountNotPositive, NotEnoughPoints

# The guard is the UPDATE's own condition: two tills on one balance meet at its row, and the second one reads what
# the first one left. The shop's pool is only named, never locked.
SPEND = """
    WITH spent AS (
        UPDATE ledger_account SET balance = balance - %(amount)s
        WHERE holder_id = %(holder)s AND kind = 'spendable' AND currency = 'POINT'
          AND balance - redeem_floor >= %(amount)s
        RETURNING id
    ),
    batch AS (
        INSERT INTO ledger_batch (key, input_hash, cause, cause_id, actor_kind, actor_id, day, posted_at)
        SELECT %(key)s, %(hash)s, %(cause)s, %(cause_id)s, %(actor_kind)s, %(actor_id)s, %(day)s, %(at)s
        FROM spent
        ON CONFLICT (key) DO NOTHING
        RETURNING id
    )
    INSERT INTO ledger_transfer (batch_id, debit_id, credit_id, currency, amount, line)
    SELECT batch.id, spent.id, %(pool)s, 'POINT', %(amount)s, %(cause_id)s
    FROM spent CROSS JOIN batch
    RETURNING batch_id
"""


@dataclass(frozen=True)
class Spent:
    """A household paid: the batch, and what it can still redeem (centipoints)."""

    batch: Batch
    redeemable: int


class _AlreadyPosted(Exception):  # noqa: N818 - it undoes the savepoint, nobody outside sees it
    pass


@transaction.atomic
def spend(*, posting: Posting, holder_id: int, pool_id: int, amount: int) -> Spent:
    """Move centipoints from a household's spendable account to a pool, if it has them.

    Whatever runs at the same time, a balance is never spent twice. The same key and input spends once.
    Raises: AmountNotPositive, NotEnoughPoints, KeyReused.
    """
    if amount <= 0:
        raise AmountNotPositive
    input_hash = digest([holder_id, pool_id, amount])
    try:
        with transaction.atomic():
            batch_id = _spend_once(posting, holder_id, pool_id, amount, input_hash)
    except _AlreadyPosted:
        batch_id = require_same_input(posting.key, input_hash).pk
    account = Account.objects.get(holder_id=holder_id, kind=AccountKind.SPENDABLE)
    redeemable = max((account.balance or 0) - account.redeem_floor, 0)
    if batch_id is None:
        raise NotEnoughPoints(needed=format_points(amount), redeemable=format_points(redeemable))
    return Spent(Batch.objects.get(id=batch_id), redeemable)


def _spend_once(posting: Posting, holder_id: int, pool_id: int, amount: int, input_hash: str) -> int | None:
    values: dict[str, Any] = {
        "amount": amount,
        "holder": holder_id,
        "pool": pool_id,
        "key": posting.key,
        "hash": input_hash,
        "cause": posting.cause,
        "cause_id": posting.cause_id,
        "actor_kind": posting.actor.kind,
        "actor_id": posting.actor.id,
        "day": posting.day,
        "at": clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(SPEND, values)
        row = cursor.fetchone()
    if row:
        return int(row[0])
    if Batch.objects.filter(key=posting.key).exists():
        # The balance was already lowered by this statement; leaving the savepoint gives it back.
        raise _AlreadyPosted
    return None
