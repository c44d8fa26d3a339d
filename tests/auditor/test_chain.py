from collections.abc import Callable
from hashlib import sha256

import pytest
from django.db import connection

from tests.auditor.damage import Damage
from tests.auditor.seal_damage import NUMBER, SEAL, SEALED, SEALS
from tests.ledger.book import Book, posting
from xiangyue.auditor.audit import Fault, audit
from xiangyue.auditor.chain import CHAIN_MEANINGS, Tree, chain_faults
from xiangyue.kernel.ids import check_code, grouped
from xiangyue.ledger.merkle import leaf, root_of, seal_digest
from xiangyue.ledger.models import Batch, Closing, Seal, SealedBatch, Transfer
from xiangyue.ledger.operations.posting import post_lines
from xiangyue.ledger.operations.sealing import batch_roots, seal_all
from xiangyue.people.models import Unit

PROOFS = {*CHAIN_MEANINGS, "closing-wrong", "sealed-astray"}
TABLES = [model._meta.db_table for model in (Batch, Transfer, Seal, SealedBatch, Closing)]

# What names it when a column of a sealed row is changed.
NAMED_BY: dict[str, dict[str, str | None]] = {
    "ledger_batch": {
        "id": "sealed-astray",
        "key": "batch-root-wrong",
        "input_hash": "batch-root-wrong",
        "cause": "batch-root-wrong",
        "cause_id": "batch-root-wrong",
        "reason": "batch-root-wrong",
        "actor_kind": "batch-root-wrong",
        "actor_id": "batch-root-wrong",
        "day": "batch-root-wrong",
        "posted_at": "batch-root-wrong",
    },
    "ledger_transfer": {
        "batch_id": "batch-root-wrong",
        "line": "batch-root-wrong",
        "debit_id": "batch-root-wrong",
        "credit_id": "batch-root-wrong",
        "amount": "batch-root-wrong",
        "currency": "batch-root-wrong",
        "book": "batch-root-wrong",
        "expires_on": "batch-root-wrong",
    },
    "ledger_seal": {
        "id": "sealed-astray",
        "number": "seal-number-wrong",
        "previous": "seal-unlinked",
        "root": "seal-root-wrong",
        "batches": "seal-counts-wrong",
        "transfers": "seal-counts-wrong",
        "day": "seal-day-wrong",
        "sealed_at": "seal-digest-wrong",
        "digest": "seal-digest-wrong",
    },
    "ledger_sealedbatch": {
        "batch_id": "sealed-astray",
        "seal_id": "sealed-astray",
        "root": "batch-root-wrong",
    },
    "ledger_closing": {
        "id": None,  # nothing refers to it
        "seal_id": "closing-wrong",
        "account_id": "closing-wrong",
        "balance": "closing-wrong",
        "honour": "closing-wrong",
    },
}
FAR = 1_000_000
CHANGES = {
    "bigint": f"{{0}} + {FAR}",
    "character varying": "'x' || substr({0}, 2)",
    "date": "coalesce({0}, '2026-12-30') + 1",
    "timestamp with time zone": "{0} + interval '1 microsecond'",
}
ROWS = {
    "ledger_batch": f"id = {SEALED}",
    "ledger_transfer": f"""
        batch_id = {SEALED} AND line = (SELECT min(line) FROM ledger_transfer WHERE batch_id = {SEALED})
    """,
    "ledger_seal": f"number = {NUMBER}",
    "ledger_sealedbatch": f"batch_id = {SEALED}",
    "ledger_closing": f"""
        seal_id = {SEAL} AND account_id = (SELECT min(account_id) FROM ledger_closing WHERE seal_id = {SEAL})
    """,
}


def columns() -> dict[tuple[str, str], str]:
    """Give the type of each column of the sealed tables, as the database has them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT table_name, column_name, data_type FROM information_schema.columns
            WHERE table_schema = current_schema() AND table_name = ANY(%s)
            """,
            [TABLES],
        )
        return {(table, column): data_type for table, column, data_type in cursor.fetchall()}


def value(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])


def proofs(faults: list[Fault]) -> set[str]:
    return {fault.code for fault in faults} & PROOFS


def test_every_column_of_what_is_sealed_is_tried(month: Unit) -> None:
    tried = {(table, column) for table, named in NAMED_BY.items() for column in named}
    assert tried == set(columns())


@pytest.mark.parametrize(
    ("table", "column"), [(table, column) for table, named in NAMED_BY.items() for column in named]
)
def test_a_changed_column_is_named(month: Unit, table: str, column: str) -> None:
    row = {
        "ledger_seal": NUMBER,
        "ledger_closing": value(f"SELECT min(account_id) FROM ledger_closing WHERE seal_id = {SEAL}"),
    }.get(table, value(f"SELECT {SEALED}"))
    if column == "id" and table == "ledger_seal":
        row = value(f"SELECT {SEALED}")  # its batches are named, which point nowhere now
    change = CHANGES[columns()[table, column]].format(column)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"UPDATE {table} SET {column} = {change} WHERE {ROWS[table]}")
        assert cursor.rowcount == 1
    code = NAMED_BY[table][column]
    found = {(fault.code, fault.id) for fault in audit()}
    assert (code is None and not found) or {(code, row), (code, row + FAR)} & found


@pytest.mark.parametrize("damage", SEALS, ids=[f"{damage.code}: {damage.name}" for damage in SEALS])
def test_damage_to_what_is_sealed_is_named_by_its_code(month: Unit, damage: Damage) -> None:
    damaged = damage.plant()
    assert damaged
    faults = list(audit())
    assert proofs(faults) == {damage.code} | damage.also
    assert damaged <= {fault.id for fault in faults if fault.code == damage.code}


def rewrite(change: Callable[[Batch], None]) -> None:
    """Change a sealed batch, and make all seals anew, as somebody would who knows how."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    change(Batch.objects.get(id=value(f"SELECT {SEALED}")))
    previous = "0" * 64
    for seal in Seal.objects.order_by("number"):
        batches = list(seal.sealed_batches.order_by("batch_id").values_list("batch_id", flat=True))
        roots = {batch: root for batch, root, _count in batch_roots(batches)}
        for batch, root in roots.items():
            SealedBatch.objects.filter(batch=batch).update(root=root.hex())
        seal.root = root_of([leaf(roots[batch]) for batch in batches]).hex()
        seal.previous = previous
        facts = (seal.number, previous, seal.root, seal.batches, seal.transfers, seal.sealed_at)
        seal.digest = previous = seal_digest(*facts)
        seal.save()


def backdate(batch: Batch) -> None:
    Batch.objects.filter(id=batch.pk).update(actor_id=77)


def anchor_of(number: int) -> tuple[int, str]:
    return number, Seal.objects.get(number=number).digest


def test_a_published_code_is_recognised(month: Unit) -> None:
    number, digest = anchor_of(NUMBER)
    for code in (digest, digest[:16], check_code(digest), grouped(check_code(digest))):
        assert list(audit((number, code))) == []


@pytest.mark.parametrize(
    ("number", "code"), [(NUMBER, "0123456789abcdef"), (NUMBER, " "), (99, "0"), (0, "0" * 64)]
)
def test_another_code_is_named(month: Unit, number: int, code: str) -> None:
    (fault,) = audit((number, code))
    assert (fault.code, fault.subject, fault.id) == ("anchor-differs", "seal", number)


def test_only_a_published_code_finds_a_rewritten_chain(month: Unit) -> None:
    published = {number: anchor_of(number) for number in (NUMBER - 1, NUMBER, NUMBER + 1)}
    rewrite(backdate)
    assert list(audit()) == []
    assert list(audit(published[NUMBER - 1])) == []
    for number in (NUMBER, NUMBER + 1):
        (fault,) = audit(published[number])
        assert (fault.code, fault.id) == ("anchor-differs", number)


def test_only_a_published_code_finds_that_the_newest_seal_was_undone(month: Unit) -> None:
    newest = Seal.objects.latest("number")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "INSERT INTO ledger_unsealed SELECT batch_id FROM ledger_sealedbatch WHERE seal_id = %s",
            [newest.pk],
        )
        for table in ("ledger_sealedbatch", "ledger_closing"):
            cursor.execute(f"DELETE FROM {table} WHERE seal_id = %s", [newest.pk])
        cursor.execute("DELETE FROM ledger_seal WHERE id = %s", [newest.pk])
    assert list(audit()) == []
    assert [fault.code for fault in audit((newest.number, newest.digest))] == ["anchor-differs"]


def test_sealer_and_auditor_hash_the_same_whatever_the_text_is(book: Book) -> None:
    household = book.household(1000)
    key = '乡约 "quoted" \\ back\u2028slash\t\x7f é𠮷'
    lines = [(number, household, 100) for number in range(1, 12)]
    post_lines(posting=posting(key, reason='"'), pool_id=book.issued_id, lines=lines)
    assert seal_all()
    assert list(chain_faults()) == []


def root(leaves: list[bytes]) -> bytes:
    """Give the root as RFC 6962 defines it."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    left = 1
    while left * 2 < len(leaves):
        left *= 2
    return sha256(b"\x01" + root(leaves[:left]) + root(leaves[left:])).digest()


def test_a_tree_is_that_of_the_rfc_at_every_size() -> None:
    tree, leaves = Tree(), list[bytes]()
    for number in range(70):
        assert (tree.root(), tree.size) == (root(leaves).hex(), number)
        leaves.append(str(number).encode())
        tree.add(leaves[-1])


def test_a_tree_is_that_of_certificate_transparency() -> None:
    tree = Tree()
    for content in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ):
        tree.add(bytes.fromhex(content))
    assert tree.root() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
