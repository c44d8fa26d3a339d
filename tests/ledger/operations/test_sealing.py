import pytest

from tests.ledger.book import DAY, Book, derived, ledger_faults, queries_of, reversal
from xiangyue.kernel import clock
from xiangyue.ledger.merkle import batch_text, leaf, root_of, seal_digest, transfer_text
from xiangyue.ledger.models import Batch, Closing, Seal, SealedBatch, Transfer, Unsealed
from xiangyue.ledger.operations import sealing
from xiangyue.ledger.operations.reversing import reverse
from xiangyue.ledger.operations.sealing import FIRST, batch_roots, seal_all, seal_next


def root_by_hand(batch: Batch) -> str:
    """Put a batch's root together as docs/proofs.md says."""
    rows = Transfer.objects.filter(batch=batch).order_by("line")
    texts = [
        transfer_text(
            each.batch_id,
            each.line,
            each.debit_id,
            each.credit_id,
            each.amount,
            each.currency,
            each.book,
            each.expires_on,
        )
        for each in rows
    ]
    return root_of([leaf(text.encode()) for text in (batch_text(batch), *texts)]).hex()


def test_a_seal_holds_all_that_waits(book: Book) -> None:
    one, other = book.household(100), book.household()
    batches = [
        Batch.objects.get(),
        book.posted("now", (one, 300), (other, -70), expires_on=DAY),
        Batch.objects.get(id=book.pay("sale", one, 30).batch_id),
    ]
    (seal,) = seal_all()
    sealed = SealedBatch.objects.order_by("pk")
    assert [(each.batch_id, each.seal_id) for each in sealed] == [(batch.pk, seal.pk) for batch in batches]
    roots = [root_by_hand(batch) for batch in batches]
    assert [each.root for each in sealed] == roots
    root = root_of([leaf(bytes.fromhex(each)) for each in roots]).hex()
    assert (seal.number, seal.previous, seal.root) == (1, FIRST, root)
    assert (seal.batches, seal.transfers, seal.day) == (3, 4, DAY)
    assert seal.digest == seal_digest(1, FIRST, root, 3, 4, seal.sealed_at)
    assert clock.local_day(seal.sealed_at) == DAY
    assert not Unsealed.objects.exists()
    assert ledger_faults() == []


def test_seals_are_linked(book: Book) -> None:
    made = []
    for amount in (100, 200, 300):
        book.household(amount)
        made += seal_all()
    assert [seal.number for seal in made] == [1, 2, 3]
    assert [seal.previous for seal in made] == [FIRST, made[0].digest, made[1].digest]
    assert len({seal.digest for seal in made}) == 3
    assert ledger_faults() == []


def test_nothing_is_sealed_where_nothing_waits(book: Book) -> None:
    assert seal_next() is None
    book.household(100)
    assert seal_next() is not None
    assert seal_next() is None
    assert seal_all() == []
    assert Seal.objects.count() == 1


def test_a_seal_holds_only_so_many(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "MOST_BATCHES", 2)
    for _ in range(5):
        book.household(100)
    assert [(seal.number, seal.batches) for seal in seal_all()] == [(1, 2), (2, 2), (3, 1)]
    assert list(SealedBatch.objects.order_by("pk").values_list("seal__number", flat=True)) == [1, 1, 2, 2, 3]
    assert ledger_faults() == []


def test_only_pools_that_moved_are_closed(book: Book) -> None:
    household = book.household(1000)
    (first,) = seal_all()
    book.pay("sale", household, 300)
    (second,) = seal_all()
    award = book.posted("award", (household, 70))
    reverse(posting=reversal("back", award.pk))
    book.pay("another", household, 200)
    (third,) = seal_all()
    rows = Closing.objects.order_by("seal__number", "-account").values_list(
        "seal", "account", "balance", "honour"
    )
    issued, till = sorted((book.issued_id, book.till_id), reverse=True)
    at_last = {book.issued_id: (-1000, -1000), book.till_id: (500, 0)}
    assert list(rows) == [
        (first.pk, book.issued_id, -1000, -1000),
        (second.pk, book.till_id, 300, 0),
        (third.pk, issued, *at_last[issued]),
        (third.pk, till, *at_last[till]),
    ]
    assert {account: derived()[account] for account in at_last} == at_last
    assert ledger_faults() == []


def test_roots_are_streamed_by_batch(book: Book) -> None:
    batches = [book.posted(f"{count}", *([(book.household(), 100)] * count)) for count in (3, 1, 2)]
    assert [
        (batch, root.hex(), count) for batch, root, count in batch_roots([each.pk for each in batches])
    ] == [(batch.pk, root_by_hand(batch), count) for batch, count in zip(batches, (3, 1, 2), strict=True)]


def test_whatever_of_a_batch_is_changed_shows_in_its_root(book: Book) -> None:
    batch = book.posted("now", (book.household(), 100))
    roots = {root_by_hand(batch)}
    for field, value in (("key", "other"), ("cause_id", 9), ("reason", "x"), ("actor_id", 5)):
        changed = Batch.objects.get(id=batch.pk)
        setattr(changed, field, value)
        roots.add(root_by_hand(changed))
    assert len(roots) == 5


def test_many_batches_cost_as_many_queries_as_one(book: Book) -> None:
    def cost(count: int) -> int:
        for number in range(count):
            book.post(f"{count}:{number}", (household, 100))
        return queries_of(seal_next)

    household = book.household()
    assert cost(1) == cost(30)
