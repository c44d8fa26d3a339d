"""Sealers beside postings and beside each other: whole, linked seals, and no batch is lost or in two of them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Manager

from tests.ledger.book import Book, ledger_faults
from tests.ledger.threads import arena, at_once, in_the_middle
from xiangyue.ledger.merkle import leaf, root_of, seal_digest
from xiangyue.ledger.models import Batch, Seal, SealedBatch, Transfer, Unsealed
from xiangyue.ledger.operations import sealing
from xiangyue.ledger.operations.sealing import FIRST, seal_all, seal_next
from xiangyue.ledger.queries import pool_balances
from xiangyue.tenancy.models import Jurisdiction

pytestmark = pytest.mark.slow


@pytest.fixture
def county(django_db_setup: None, django_db_blocker: Any) -> Iterator[Jurisdiction]:
    """A county of this test alone, in which nothing is sealed yet."""
    with arena(django_db_blocker) as own:
        yield own


def require_whole_chain() -> None:
    """Insist that every batch stands in one seal, and that each seal holds what it says and names the one before."""
    assert not Unsealed.objects.exists()
    assert list(SealedBatch.objects.order_by("pk").values_list("pk", flat=True)) == list(
        Batch.objects.order_by("pk").values_list("pk", flat=True)
    )
    previous = FIRST
    for number, seal in enumerate(Seal.objects.order_by("number"), start=1):
        roots = list(seal.sealed_batches.order_by("pk").values_list("root", flat=True))
        root = root_of([leaf(bytes.fromhex(each)) for each in roots]).hex()
        transfers = Transfer.objects.filter(batch__sealed__seal=seal).count()
        assert (seal.number, seal.previous, seal.root) == (number, previous, root)
        assert (seal.batches, seal.transfers) == (len(roots), transfers)
        previous = seal_digest(number, previous, root, len(roots), transfers, seal.sealed_at)
        assert seal.digest == previous


def test_four_sealers_beside_four_tills(
    county: Jurisdiction, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "MOST_BATCHES", 7)
    household = book.household(10_000)

    def sell(till: int) -> Callable[[], object]:
        return lambda: [book.pay(f"{till}:{number}", household, 10) for number in range(25)]

    def seal() -> object:
        return [seal_next() for _ in range(12)]

    outcomes = at_once(county, [*map(sell, range(4)), *[seal] * 4])
    assert [type(outcome) for outcome in outcomes] == [list] * 8
    made = seal_all()
    require_whole_chain()
    assert Batch.objects.count() == 101
    assert Seal.objects.count() >= 101 / 7
    assert [seal.number for seal in made] == sorted(seal.number for seal in made)
    assert pool_balances([book.till_id]) == {book.till_id: (1000, 0)}
    assert ledger_faults() == []


@pytest.mark.parametrize("is_first", [True, False])
def test_two_sealers_make_one_seal_of_it(county: Jurisdiction, book: Book, is_first: bool) -> None:
    book.household(100)
    if not is_first:
        seal_all()
        book.household(200)
    first, second = in_the_middle(county, seal_next, "DELETE FROM ledger_unsealed", seal_next, waits=True)
    assert (type(first), second) == (Seal, None)
    require_whole_chain()
    assert ledger_faults() == []


def test_what_comes_between_two_sealers_is_in_the_next_seal(county: Jurisdiction, book: Book) -> None:
    book.household(100)
    seal_all()
    book.household(200)

    def post_and_seal() -> object:
        book.household(300)
        return seal_next()

    first, second = in_the_middle(county, seal_next, "DELETE FROM ledger_unsealed", post_and_seal, waits=True)
    assert (first.number, second) == (2, None)  # the second met the first at the seal's number
    assert [seal.number for seal in seal_all()] == [3]
    require_whole_chain()
    assert ledger_faults() == []


def test_without_the_lock_the_number_of_a_seal_keeps_them_apart(
    county: Jurisdiction, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.household(100)
    seal_all()
    book.household(200)

    def unlocked(manager: "Manager[Any]", **_how: object) -> Any:
        return manager.all()

    monkeypatch.setattr(Manager, "select_for_update", unlocked)
    first, second = in_the_middle(county, seal_next, "DELETE FROM ledger_unsealed", seal_next, waits=True)
    assert (type(first), second) == (Seal, None)
    require_whole_chain()


def test_a_late_commit_is_in_the_next_seal(county: Jurisdiction, book: Book) -> None:
    household = book.household(1000)
    with transaction.atomic():
        late = book.pay("late", household, 100).batch_id

        def others() -> object:
            book.household(500)
            return seal_all()

        (sealed,) = at_once(county, [others])
        assert isinstance(sealed, list)
        assert [(seal.number, seal.batches) for seal in sealed] == [(1, 2)]
        assert late < max(SealedBatch.objects.values_list("pk", flat=True))
    assert pool_balances([book.till_id]) == {book.till_id: (100, 0)}
    assert [(seal.number, seal.batches) for seal in seal_all()] == [(2, 1)]
    assert SealedBatch.objects.get(pk=late).seal.number == 2
    assert pool_balances([book.till_id]) == {book.till_id: (100, 0)}
    require_whole_chain()
    assert ledger_faults() == []
