"""Sealing: off the way of a redemption, whatever was posted since goes into a Merkle tree, linked to the seal before.

A batch stands in the queue from the moment it is committed until a seal takes it out, so no late commit is missed.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from django.db import IntegrityError, connection, transaction

from xiangyue.kernel import clock
from xiangyue.ledger.merkle import batch_text, leaf, root_of, seal_digest, transfer_text
from xiangyue.ledger.models import Batch, Seal, SealedBatch, Transfer

FIRST = "0" * 64  # what the first seal is linked to
MOST_BATCHES = 10_000  # in one seal

TAKE = """
    DELETE FROM ledger_unsealed WHERE batch_id IN (
        SELECT batch_id FROM ledger_unsealed ORDER BY batch_id LIMIT %(most)s
    )
    RETURNING batch_id
"""

CLOSE_POOLS = """
    WITH moved AS (
        SELECT leg.id, coalesce(sum(leg.amount) FILTER (WHERE book <> 'honour'), 0) AS balance,
               coalesce(sum(leg.amount) FILTER (WHERE book <> 'spendable'), 0) AS honour
        FROM ledger_sealedbatch sealed JOIN ledger_transfer transfer USING (batch_id),
             LATERAL (VALUES (credit_id, amount), (debit_id, -amount)) leg (id, amount)
        WHERE sealed.seal_id = %(seal)s AND leg.id < 0
        GROUP BY leg.id
    )
    INSERT INTO ledger_closing (seal_id, account_id, balance, honour)
    SELECT %(seal)s, moved.id, moved.balance + coalesce(last.balance, 0), moved.honour + coalesce(last.honour, 0)
    FROM moved LEFT JOIN LATERAL (
        SELECT balance, honour FROM ledger_closing WHERE account_id = moved.id ORDER BY seal_id DESC LIMIT 1
    ) last ON true
"""

COLUMNS = ("batch_id", "line", "debit_id", "credit_id", "amount", "currency", "book", "expires_on")


def seal_all() -> list[Seal]:
    """Seal whatever waits, by at most 10,000 batches a seal; a run that is killed leaves whole seals."""
    made = []
    while seal := seal_next():
        made.append(seal)
    return made


def seal_next() -> Seal | None:
    """Make one seal of what waits; None if nothing does, or if another sealer is at work."""
    try:
        with transaction.atomic():
            return _seal()
    except (
        IntegrityError
    ):  # two sealers meet at the seal's number; what the second took is in the queue again
        return None


def _seal() -> Seal | None:
    last = Seal.objects.select_for_update().order_by("-number").first()
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"most": MOST_BATCHES})
        taken = sorted(batch_id for (batch_id,) in cursor.fetchall())
    if not taken:
        return None
    roots, transfers = [], 0
    for batch_id, root_of_batch, count in batch_roots(taken):
        roots.append((batch_id, root_of_batch))
        transfers += count
    number, previous = (last.number + 1, last.digest) if last else (1, FIRST)
    root, now = root_of([leaf(each) for _batch, each in roots]).hex(), clock.now()
    seal = Seal.objects.create(
        number=number,
        previous=previous,
        root=root,
        batches=len(roots),
        transfers=transfers,
        day=clock.local_day(now),
        sealed_at=now,
        digest=seal_digest(number, previous, root, len(roots), transfers, now),
    )
    SealedBatch.objects.bulk_create(
        (SealedBatch(batch_id=batch_id, seal=seal, root=each.hex()) for batch_id, each in roots),
        batch_size=5000,
    )
    with connection.cursor() as cursor:
        cursor.execute(CLOSE_POOLS, {"seal": seal.pk})
    return seal


def batch_roots(batch_ids: list[int]) -> Iterator[tuple[int, bytes, int]]:
    """Give each batch's id, the root over its row and its transfers, and how many these are; by id."""
    batches = Batch.objects.in_bulk(batch_ids)
    rows = Transfer.objects.filter(batch_id__in=batch_ids).order_by("batch_id", "line")
    streamed = rows.values_list(*COLUMNS).iterator(chunk_size=10_000)
    for batch_id, of_batch in groupby(streamed, key=itemgetter(0)):
        leaves = [leaf(transfer_text(*row).encode()) for row in of_batch]
        yield batch_id, root_of([leaf(batch_text(batches.pop(batch_id)).encode()), *leaves]), len(leaves)
    assert not batches  # no operation leaves a batch without transfers
