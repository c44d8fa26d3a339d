"""The independent auditor: recomputes everything, lists every fault, stops at none (DOMAIN §7)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection, transaction

from xiangyue.auditor.chain import CHAIN_MEANINGS, chain_faults
from xiangyue.auditor.check import Found
from xiangyue.auditor.checks import CHECKS
from xiangyue.auditor.notices import NOTICE_MEANINGS, notice_faults

MEANINGS = {check.code: check.meaning for check in CHECKS} | CHAIN_MEANINGS | NOTICE_MEANINGS


@dataclass(frozen=True)
class Fault:
    """Something that must not be. subject, id: the row. detail: figures and ids only, never personal text."""

    code: str
    meaning: str
    subject: str
    id: int
    detail: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def audit(anchor: tuple[int, str] | None = None) -> Iterator[Fault]:
    """Check the county whose schema is entered; give every fault. Silence means that all is right.

    All is read as it was at one moment, in a transaction that stays open until the last fault is taken; nothing can
    be written meanwhile. anchor: number and digest (or its beginning) of a seal, as they were published.
    """
    with _one_moment():
        for code, subject, row_id, detail in _found(anchor):
            yield Fault(code, str(MEANINGS[code]), subject, row_id, detail)


def _found(anchor: tuple[int, str] | None) -> Iterator[Found]:
    for check in CHECKS:
        for row in check.rows():
            yield check.code, *row
    yield from chain_faults(anchor)
    yield from notice_faults()


@contextmanager
def _one_moment() -> Iterator[None]:
    is_first = not connection.in_atomic_block  # an open transaction keeps what it is
    with transaction.atomic(), connection.cursor() as cursor:
        if is_first:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # All rows are going to be fetched: no plan that is only good for the first few.
        cursor.execute("SET LOCAL cursor_tuple_fraction = 1")
        yield
