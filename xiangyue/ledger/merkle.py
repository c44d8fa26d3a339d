"""Merkle trees as in RFC 6962: a leaf and a node are hashed differently, and a tree of odd size has no doubled leaf.

What is hashed of a batch, a transfer and a seal is said once, in docs/proofs.md, and here.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from hashlib import sha256

from xiangyue.kernel.ids import canonical, digest
from xiangyue.ledger.models import Batch


def leaf(content: bytes) -> bytes:
    """Hash a leaf."""
    return sha256(b"\x00" + content).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Hash a node of two halves."""
    return sha256(b"\x01" + left + right).digest()


def root_of(level: Sequence[bytes]) -> bytes:
    """Give the root over leaves that are hashed already. Raises: ValueError without any."""
    if not level:
        raise ValueError("no leaves")
    while len(level) > 1:
        level = above(level)
    return level[0]


def above(level: Sequence[bytes]) -> list[bytes]:
    """Give the level of a tree that lies above this one."""
    pairs = [node(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
    return pairs + list(level[-1:]) if len(level) % 2 else pairs


def batch_text(batch: Batch) -> str:
    """Write a batch's own row as it is hashed."""
    facts = [batch.pk, batch.key, batch.input_hash, batch.cause, batch.cause_id, batch.reason]
    who = [batch.actor_kind, batch.actor_id, batch.day.isoformat(), moment(batch.posted_at)]
    return canonical(["batch", *facts, *who])


def transfer_text(
    batch: int, line: int, debit: int, credit: int, amount: int, currency: str, book: str, last: date | None
) -> str:
    """Write a transfer as it is hashed: canonical JSON, put together by hand, since a month has half a million."""
    expires_on = f'"{last}"' if last else "null"
    return f'["transfer",{batch},{line},{debit},{credit},{amount},"{currency}","{book}",{expires_on}]'


def seal_digest(
    number: int, previous: str, root: str, batches: int, transfers: int, sealed_at: datetime
) -> str:
    """Give the digest that links a seal to the one before it."""
    return digest(["seal", number, previous, root, batches, transfers, moment(sealed_at)])


def moment(at: datetime) -> str:
    """Write a moment as it is hashed: UTC, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
