"""Promising points in two steps (预留): held for an order, then posted, voided, or expired at the end.

A hold is a promise to a shop: a deduction that comes in between takes nothing of it, and is owed instead.
"""

from datetime import datetime

from django.db import connection, transaction

from xiangyue.kernel import clock
from xiangyue.kernel.ids import digest
from xiangyue.kernel.points import format_points
from xiangyue.ledger.models import Batch, Hold, HoldState
from xiangyue.ledger.operations.batches import LIMIT, NEW_BALANCE, Leg, Posting, claim, write_legs
from xiangyue.ledger.operations.spending import not_enough
from xiangyue.ledger.queries import points_account
from xiangyue.ledger.refusals import (
    AmountNotPositive,
    HoldEnded,
    HoldEndsInThePast,
    KeyReused,
    MoreThanHeld,
    UnknownHold,
)

# The guard is the UPDATE's own condition, as at the till.
HOLD = """
    UPDATE ledger_account SET held = held + %(amount)s
    WHERE id = %(account)s AND balance - held - redeem_floor >= %(amount)s
"""

RELEASE = f"""
    WITH freed AS (
        SELECT account_id AS id, sum(amount)::bigint AS amount FROM ledger_hold WHERE id = ANY(%(holds)s)
        GROUP BY account_id
    ),
    locked AS MATERIALIZED (
        SELECT id FROM ledger_account WHERE id = ANY(ARRAY(SELECT id FROM freed)) ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE ledger_account account
    SET held = account.held - freed.amount, {NEW_BALANCE.format(moved="0", limit=f"{LIMIT} - freed.amount")}
    FROM freed JOIN locked USING (id) WHERE account.id = freed.id
"""

# Who is posting or voiding one of them at this moment decides it; what is left comes next time.
END_EXPIRED = """
    UPDATE ledger_hold SET state = 'expired', closed_at = %(now)s
    WHERE id IN (
        SELECT id FROM ledger_hold WHERE state = 'held' AND ends_at <= %(now)s
        ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED
    )
    RETURNING id
"""
EXPIRED_AT_ONCE = 5000


@transaction.atomic
def hold(*, posting: Posting, holder_id: int, pool_id: int, amount: int, ends_at: datetime) -> Hold:
    """Promise centipoints of a household to a pool until a moment, if it has them. posting: for whose sake.

    The same key and input holds once and gives the same hold.
    Raises: AmountNotPositive, HoldEndsInThePast, NotEnoughPoints, NoSuchAccount, KeyReused.
    """
    if amount <= 0:
        raise AmountNotPositive
    input_hash = digest([holder_id, pool_id, amount, ends_at.isoformat(), posting.cause, posting.cause_id])
    found, is_new = Hold.objects.get_or_create(  # who has the same key at this moment is waited for
        key=posting.key,
        defaults={
            "input_hash": input_hash,
            "account": points_account(holder_id),
            "pool_id": pool_id,
            "amount": amount,
            "cause": posting.cause,
            "cause_id": posting.cause_id,
            "held_at": clock.now(),
            "ends_at": ends_at,
        },
    )
    if found.input_hash != input_hash:
        raise KeyReused(key=posting.key)
    if not is_new:
        return found
    if ends_at <= clock.now():
        raise HoldEndsInThePast
    with connection.cursor() as cursor:
        cursor.execute(HOLD, {"account": found.account_id, "amount": amount})
        if not cursor.rowcount:
            raise not_enough(amount, points_account(holder_id))
    return found


@transaction.atomic
def post_hold(*, posting: Posting, hold_id: int, amount: int | None = None) -> Batch:
    """Pay a hold, or a part of it (centipoints); the rest is free again. The same key posts once.

    Raises: UnknownHold, HoldEnded, AmountNotPositive, MoreThanHeld, KeyReused.
    """
    held = _locked(hold_id)
    asked = held.amount if amount is None else amount
    if asked <= 0:
        raise AmountNotPositive
    if asked > held.amount:
        raise MoreThanHeld(held=format_points(held.amount), amount=format_points(asked))
    batch, is_new = claim(posting, digest([hold_id, asked]))
    if is_new:
        _close(held, HoldState.POSTED, batch)
        write_legs(batch, [Leg(held.account_id, held.pool_id, asked)])
    return batch


@transaction.atomic
def void_hold(*, hold_id: int) -> None:
    """Free what was held; a second time changes nothing. Raises: UnknownHold, HoldEnded (posted or expired)."""
    held = _locked(hold_id)
    if held.state != HoldState.VOIDED:
        _close(held, HoldState.VOIDED)


@transaction.atomic
def expire_holds() -> int:
    """Free what was held past its end, up to 5,000 holds in one transaction; give how many."""
    with connection.cursor() as cursor:
        cursor.execute(END_EXPIRED, {"now": clock.now(), "most": EXPIRED_AT_ONCE})
        ended = [hold_id for (hold_id,) in cursor.fetchall()]
    _release(ended)
    return len(ended)


def _locked(hold_id: int) -> Hold:
    held = Hold.objects.select_for_update().filter(id=hold_id).first()
    if held is None:
        raise UnknownHold
    return held


def _close(held: Hold, state: HoldState, batch: Batch | None = None) -> None:
    is_late = held.state == HoldState.HELD and held.ends_at <= clock.now()
    found = HoldState.EXPIRED if is_late else HoldState(held.state)
    if found is not HoldState.HELD:
        raise HoldEnded(state=found.label)
    _release([held.pk])
    Hold.objects.filter(id=held.pk).update(state=state, closed_at=clock.now(), batch=batch)


def _release(hold_ids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(RELEASE, {"holds": hold_ids})
