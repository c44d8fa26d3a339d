"""Recomputing every seal from the rows, as docs/proofs.md says, and the chain that links them.

Each level is compared with what is stored one level above it, so that a fault is named where it is: rows with their
batch's root, the roots with their seal's, the seal's own figures with its digest, the digest with the next seal.
Everything is streamed in the order of the seals; of a batch's tree only the halves that are done so far are kept.
"""

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiangyue.auditor.check import Found, stream
from xiangyue.kernel import clock

CHAIN_MEANINGS = {
    "batch-root-wrong": _("封存过的一批流水被改过"),
    "seal-number-wrong": _("封存的编号不连续，或次序不对"),
    "seal-unlinked": _("封存和前一个接不上"),
    "seal-counts-wrong": _("封存的批数或条数不对"),
    "seal-root-wrong": _("封存的内容被改过"),
    "seal-day-wrong": _("封存的日期不对"),
    "seal-digest-wrong": _("封存本身被改过，校验码对不上"),
    "anchor-differs": _("封存和公布过的校验码不一样"),
}
FIRST = "0" * 64  # what the first seal is linked to

SEALS = """
    SELECT id, number, previous, root, batches, transfers,
           to_char(sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           digest, day = (sealed_at AT TIME ZONE %(zone)s)::date
    FROM ledger_seal ORDER BY number, id
"""
BATCHES = """
    SELECT sealed.seal_id, sealed.batch_id, sealed.root, batch.key, batch.input_hash, batch.cause, batch.cause_id,
           batch.reason, batch.actor_kind, batch.actor_id, to_char(batch.day, 'YYYY-MM-DD'),
           to_char(batch.posted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    FROM ledger_sealedbatch sealed
    JOIN ledger_seal seal ON seal.id = sealed.seal_id
    LEFT JOIN ledger_batch batch ON batch.id = sealed.batch_id
    ORDER BY seal.number, seal.id, sealed.batch_id
"""
TRANSFERS = """
    SELECT transfer.batch_id, line, debit_id, credit_id, amount, currency, book, to_char(expires_on, 'YYYY-MM-DD')
    FROM ledger_sealedbatch sealed
    JOIN ledger_seal seal ON seal.id = sealed.seal_id
    JOIN ledger_transfer transfer ON transfer.batch_id = sealed.batch_id
    ORDER BY seal.number, seal.id, transfer.batch_id, line
"""

Row = tuple[Any, ...]


class Tree:
    """A Merkle tree (RFC 6962), leaf by leaf: kept are the roots of its full subtrees, the largest first."""

    def __init__(self) -> None:
        self.size = 0
        self._full: list[bytes] = []

    def add(self, content: bytes) -> None:
        """Add a leaf. Two full subtrees of one size become one, as a carry in binary adding."""
        top = sha256(b"\x00" + content).digest()
        self.size += 1
        size = self.size
        while size % 2 == 0:
            top = sha256(b"\x01" + self._full.pop() + top).digest()
            size //= 2
        self._full.append(top)

    def root(self) -> str:
        """Give the root so far; of nothing, the hash of nothing."""
        if not self._full:
            return sha256().hexdigest()
        *larger, root = self._full
        for left in reversed(larger):
            root = sha256(b"\x01" + left + root).digest()
        return root.hex()


def chain_faults(anchor: tuple[int, str] | None = None) -> Iterator[Found]:
    """Give (code, subject, id, detail) for each sealed batch and each seal that is not what its rows say.

    anchor: number and digest of a seal as they were published, the digest in full or its beginning: only against it
    a chain that was rewritten as a whole is found.
    """
    batches = _aligned(stream(BATCHES))
    transfers = _aligned(stream(TRANSFERS))
    number, digest, seal_id = 0, FIRST, 0
    anchored = None
    for seal in stream(SEALS, {"zone": clock.ZONE.key}):
        if seal[1] != number + 1 or seal[0] <= seal_id:
            yield "seal-number-wrong", "seal", seal[1], f"after {number}"
        if seal[2] != digest:
            yield "seal-unlinked", "seal", seal[1], f"{seal[2]} is not {digest}"
        yield from _seal_faults(seal, batches, transfers)
        seal_id, number, digest = seal[0], seal[1], seal[7]
        if anchor and number == anchor[0]:
            anchored = digest
    if anchor and not _is_beginning(anchor[1], anchored):
        yield "anchor-differs", "seal", anchor[0], anchored or "is not there"


def _seal_faults(
    seal: Row, batches: Callable[[int], Iterator[Row]], transfers: Callable[[int], Iterator[Row]]
) -> Iterator[Found]:
    seal_id, number, previous, root, batch_count, transfer_count, sealed_at, digest, is_day = seal
    tree, moved = Tree(), 0
    for batch in batches(seal_id):
        batch_root, count = _batch_root(batch, transfers(batch[1]))
        if batch_root != batch[2]:
            yield "batch-root-wrong", "batch", batch[1], f"seal {number}: {batch[2]} is not {batch_root}"
        tree.add(_bytes(batch[2]))
        moved += count
    if (batch_count, transfer_count) != (tree.size, moved):
        counts = f"{batch_count} batches of {tree.size}, {transfer_count} transfers of {moved}"
        yield "seal-counts-wrong", "seal", number, counts
    if root != tree.root():
        yield "seal-root-wrong", "seal", number, f"{root} is not {tree.root()}"
    if not is_day:
        yield "seal-day-wrong", "seal", number, sealed_at
    facts = ["seal", number, previous, root, batch_count, transfer_count, sealed_at]
    if digest != sha256(_canonical(facts)).hexdigest():
        yield "seal-digest-wrong", "seal", number, digest


def _batch_root(batch: Row, transfers: Iterator[Row]) -> tuple[str, int]:
    """Give the root over a batch's row and its transfers, and how many these are."""
    tree = Tree()
    tree.add(_canonical(["batch", batch[1], *batch[3:]]))
    for batch_id, line, debit, credit, amount, currency, book, last in transfers:
        numbers, words = (
            f"{batch_id},{line},{debit},{credit},{amount}",
            f"{_quoted(currency)},{_quoted(book)}",
        )
        tree.add(f'["transfer",{numbers},{words},{_quoted(last)}]'.encode())
    return tree.root(), tree.size - 1


def _aligned(rows: Iterator[Row]) -> Callable[[int], Iterator[Row]]:
    """Give out rows part by part, by their first column, to one who asks in the order in which they come."""
    parts = groupby(rows, key=itemgetter(0))
    waiting = next(parts, None)

    def of(wanted: int) -> Iterator[Row]:
        nonlocal waiting
        if waiting and waiting[0] == wanted:
            yield from waiting[1]
            waiting = next(parts, None)

    return of


def _canonical(value: list[Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@lru_cache(maxsize=1000)  # currencies, books and last days come again and again
def _quoted(text: str | None) -> str:
    return json.dumps(text, ensure_ascii=False)


def _bytes(root: str) -> bytes:
    try:
        return bytes.fromhex(root)
    except ValueError:  # whoever wrote this over is named by the batch
        return root.encode()


def _is_beginning(code: str, digest: str | None) -> bool:
    """Tell whether a published code, in groups and capitals as it may be, begins a digest."""
    plain = "".join(code.split()).lower()
    return bool(plain) and digest is not None and digest.startswith(plain)
