"""Batches: what was posted together, once, under an idempotency key."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.ledger.models import Batch, Cause
from xiangyue.ledger.refusals import KeyReused


@dataclass(frozen=True)
class Posting:
    """What a batch is posted for.

    key: the idempotency key, chosen by whoever asks. cause, cause_id: the row that caused it.
    day: on which it counts, in the jurisdiction's time zone.
    """

    key: str
    cause: Cause
    cause_id: int
    actor: Actor
    day: date


def claim(posting: Posting, input_hash: str) -> int | None:
    """Insert the batch and give its id, or None when the same input was posted under this key before.

    Another transaction that is posting the same key is waited for. Raises: KeyReused for other input.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO ledger_batch
                (key, input_hash, cause, cause_id, actor_kind, actor_id, day, posted_at)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
            ON CONFLICT (key) DO NOTHING
            RETURNING id
            """,
            [
                posting.key,
                input_hash,
                posting.cause,
                posting.cause_id,
                posting.actor.kind,
                posting.actor.id,
                posting.day,
                clock.now(),
            ],
        )
        row = cursor.fetchone()
    if row:
        return int(row[0])
    require_same_input(posting.key, input_hash)
    return None


def require_same_input(key: str, input_hash: str) -> Batch:
    """Give the batch that was posted under a key. Raises: KeyReused when it was posted for other input."""
    batch = Batch.objects.get(key=key)
    if batch.input_hash != input_hash:
        raise KeyReused(key=key)
    return batch


def require_unused(key: str) -> None:
    """Insist that nothing was posted under a key. Raises: KeyReused."""
    if Batch.objects.filter(key=key).exists():
        raise KeyReused(key=key)
