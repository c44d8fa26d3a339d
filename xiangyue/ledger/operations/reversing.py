"""Correcting: only by a new, opposite posting that names the first (冲正)."""

from collections.abc import Collection

from django.db import connection, transaction
from django.db.models import Q

from xiangyue.kernel.ids import digest
from xiangyue.ledger.models import Account, Batch, Cause, Transfer
from xiangyue.ledger.operations.batches import Posting, apply, claim
from xiangyue.ledger.refusals import (
    AlreadyReversed,
    IsReversal,
    NoAccount,
    NoReason,
    UnknownBatch,
    UnknownLine,
)

OPPOSITE = """
    INSERT INTO ledger_transfer (batch_id, line, debit_id, credit_id, amount, currency, book, expires_on)
    SELECT %(batch)s, line, credit_id, debit_id, amount, currency, book, expires_on
    FROM ledger_transfer WHERE batch_id = %(reversed)s AND line = ANY(%(lines)s)
"""


@transaction.atomic
def reverse(*, posting: Posting, lines: Collection[int] | None = None) -> Batch:
    """Undo a batch, or some lines of it, by opposite transfers under the same line numbers; give the new batch.

    posting: cause REVERSAL, cause_id the batch to reverse, and a reason. An award that was spent since takes the
    balance to its floor, and the rest is owed. The same key and input reverses once.
    Raises: NoReason, UnknownBatch, IsReversal, UnknownLine, AlreadyReversed, NoAccount (closed since), KeyReused.
    """
    assert posting.cause is Cause.REVERSAL
    if not posting.reason:
        raise NoReason
    # Whoever reverses the same batch waits here, and then sees which of its lines are gone.
    reversed_ = Batch.objects.select_for_update(no_key=True).filter(id=posting.cause_id).first()
    if reversed_ is None:
        raise UnknownBatch(batch=posting.cause_id)
    if reversed_.cause == Cause.REVERSAL:
        raise IsReversal
    input_hash = digest([posting.cause_id, posting.reason, None if lines is None else sorted(lines)])
    batch, is_new = claim(posting, input_hash)
    if not is_new:
        return batch
    chosen = _chosen(reversed_, lines)
    with connection.cursor() as cursor:
        cursor.execute(OPPOSITE, {"batch": batch.pk, "reversed": reversed_.pk, "lines": chosen})
    apply(batch)
    # Now they are locked: before, one could still have been closed.
    closed = Account.objects.exclude(closed_on=None)
    if count := batch.transfers.filter(Q(debit__in=closed) | Q(credit__in=closed)).count():
        raise NoAccount(count=count)
    return batch


def _chosen(reversed_: Batch, lines: Collection[int] | None) -> list[int]:
    there = set(Transfer.objects.filter(batch=reversed_).values_list("line", flat=True))
    chosen = there if lines is None else set(lines)
    if missing := chosen - there or (not chosen and {0}):
        raise UnknownLine(line=min(missing))
    earlier = Transfer.objects.filter(
        batch__cause=Cause.REVERSAL, batch__cause_id=reversed_.pk, line__in=chosen
    )
    if (again := earlier.values_list("line", flat=True).first()) is not None:
        raise AlreadyReversed(line=again)
    return sorted(chosen)
