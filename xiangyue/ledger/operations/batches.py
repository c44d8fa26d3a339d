"""Batches: what was posted together, once, under an idempotency key; and what a batch does to the balances."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, connection, transaction

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.ledger.models import KEY_LENGTH, Batch, Book, Cause, Currency, Transfer
from xiangyue.ledger.refusals import KeyReused, KeyTooLong

INSERT_BATCH = """
    INSERT INTO ledger_batch (key, input_hash, cause, cause_id, reason, actor_kind, actor_id, day, posted_at)
    SELECT %(key)s, {hash}, %(cause)s, %(cause_id)s, %(reason)s, %(actor_kind)s, %(actor_id)s, %(day)s, %(at)s
    {when}
"""

CLAIM = f"""
    {INSERT_BATCH}
    ON CONFLICT (key) DO NOTHING
    RETURNING *
"""

# The batch of a statement that has changed one household's row, `changed`. A key that was posted before is the
# database's error, which undoes the change: cheaper than to ask first, since hardly any key comes twice.
BATCH_OF_ONE = f"""
    batch AS ({INSERT_BATCH.format(hash="%(hash)s", when="FROM changed")} RETURNING id),
    noted AS (INSERT INTO ledger_unsealed (batch_id) SELECT id FROM batch)
"""

CLAIM_AND_NOTE = f"""
    WITH batch AS ({CLAIM.format(hash="%(hash)s", when="")}),
    noted AS (INSERT INTO ledger_unsealed (batch_id) SELECT id FROM batch)
    SELECT * FROM batch
"""

LIMIT = "account.floor + account.held"

# What moved is added to what the account comes to; below floor and holds it is owed. Evaluated on the row's newest
# version, so that nothing that was read before can be out of date.
NEW_BALANCE = """
    balance = greatest(account.balance - account.arrears + {moved}, {limit}),
    arrears = greatest({limit} - (account.balance - account.arrears + {moved}), 0)
"""

# Accounts are locked in the order of their ids, so that two batches never wait for each other in a circle.
LOCK = "SELECT id FROM ledger_account WHERE id = ANY(%(accounts)s) ORDER BY id FOR NO KEY UPDATE"

APPLY = f"""
    WITH leg AS (
        SELECT credit_id AS id, amount, book FROM ledger_transfer WHERE batch_id = %(batch)s
        UNION ALL SELECT debit_id, -amount, book FROM ledger_transfer WHERE batch_id = %(batch)s
    ),
    moved AS (
        SELECT id, coalesce(sum(amount) FILTER (WHERE book <> 'honour'), 0)::bigint AS spendable,
               coalesce(sum(amount) FILTER (WHERE book <> 'spendable'), 0)::bigint AS honour
        FROM leg WHERE id > 0 GROUP BY id
    ),
    locked AS MATERIALIZED (
        SELECT id FROM ledger_account WHERE id = ANY(ARRAY(SELECT id FROM moved)) ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE ledger_account account
    SET honour = account.honour + moved.honour, {NEW_BALANCE.format(moved="moved.spendable", limit=LIMIT)}
    FROM moved JOIN locked USING (id) WHERE account.id = moved.id
"""


@dataclass(frozen=True)
class Posting:
    """What a batch is posted for.

    key: the idempotency key, chosen by whoever asks. cause, cause_id: the row that caused it.
    day: on which it counts, in the jurisdiction's time zone. reason: a code, where one is due.
    expires_on: the last day on which what it credits can be used; None for ever. Raises: KeyTooLong.
    """

    key: str
    cause: Cause
    cause_id: int
    actor: Actor
    day: date
    reason: str = ""
    expires_on: date | None = None

    def __post_init__(self) -> None:
        if len(self.key) > KEY_LENGTH:
            raise KeyTooLong(most=KEY_LENGTH)

    def values(self) -> dict[str, Any]:
        """Give the batch's columns by name, as the statements take them."""
        return {
            "key": self.key,
            "cause": self.cause,
            "cause_id": self.cause_id,
            "reason": self.reason,
            "actor_kind": self.actor.kind,
            "actor_id": self.actor.id,
            "day": self.day,
            "at": clock.now(),
            "expires_on": self.expires_on,
        }


@dataclass(frozen=True)
class Leg:
    """One transfer to write: account ids, and an amount in the currency's smallest unit, above zero."""

    debit_id: int
    credit_id: int
    amount: int
    book: Book = Book.SPENDABLE
    currency: Currency = Currency.POINT
    expires_on: date | None = None


def claim(posting: Posting, input_hash: str) -> tuple[Batch, bool]:
    """Insert the batch, or find the one that the same input was posted in under this key; tell if it is new.

    Another transaction that is posting the same key is waited for. Raises: KeyReused for other input.
    """
    for batch in Batch.objects.raw(CLAIM_AND_NOTE, posting.values() | {"hash": input_hash}):
        return batch, True
    known = posted_before(posting.key, input_hash)
    assert known  # or it could have been inserted
    return known, False


def posted_before(key: str, input_hash: str) -> Batch | None:
    """Give the batch that was posted under a key, if one was. Raises: KeyReused when it was for other input."""
    batch = Batch.objects.filter(key=key).first()
    if batch and batch.input_hash != input_hash:
        raise KeyReused(key=key)
    return batch


def post_one(statement: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
    """Run a statement that posts a whole batch to one household (BATCH_OF_ONE), and give what it returns.

    None when nothing was changed: the statement's own condition did not hold, or its key was posted before.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            row: tuple[Any, ...] | None = cursor.fetchone()
    except IntegrityError:
        if not Batch.objects.filter(key=values["key"]).exists():
            raise
        return None
    return row


def post_legs(posting: Posting, input_hash: str, legs: Sequence[Leg]) -> Batch | None:
    """Post a few transfers as one batch, once; None if there are none. Guards nothing else. Raises: KeyReused."""
    if not legs:
        return None
    batch, is_new = claim(posting, input_hash)
    if is_new:
        write_legs(batch, legs)
    return batch


def write_legs(batch: Batch, legs: Sequence[Leg]) -> None:
    """Write a few transfers into a batch, numbered from 1, and bring the balances up to them. Guards nothing."""
    Transfer.objects.bulk_create(
        Transfer(batch=batch, line=line, **vars(leg)) for line, leg in enumerate(legs, start=1)
    )
    apply(batch)


def apply(batch: Batch) -> None:
    """Bring the balances up to a batch whose transfers have just been written."""
    with connection.cursor() as cursor:
        cursor.execute(APPLY, {"batch": batch.pk})


def lock(account_ids: Collection[int]) -> None:
    """Lock households' accounts. What follows reads them anew: it has to see what the lock waited for."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, {"accounts": [each for each in account_ids if each > 0]})
