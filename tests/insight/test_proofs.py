import json
from datetime import date, timedelta
from typing import Any

import pytest

from tests.ledger.book import Book, points_of, queries_of
from xiangyue.auditor.checker import check
from xiangyue.insight.proofs import Sealed, daily_seals, household_proof, proof_of, seals_of, transfers_of
from xiangyue.insight.refusals import NothingSealed
from xiangyue.kernel import clock
from xiangyue.ledger.models import Account, AccountKind, Seal, Transfer
from xiangyue.ledger.operations.sealing import seal_all
from xiangyue.ledger.queries import pool_id
from xiangyue.tenancy.models import Jurisdiction


@pytest.fixture
def book(county: Jurisdiction) -> Book:
    return Book.open()


def lines_in(proof: dict[str, Any]) -> list[tuple[int, int]]:
    return [tuple(json.loads(line["transfer"])[1:3]) for line in proof["lines"]]


def test_every_sealed_line_of_a_household_is_proven_and_no_other(book: Book) -> None:
    own, other = book.household(), book.household()
    for number in range(4):
        book.post(f"{number}", (own, 500), (other, 700), (own, -100), (other, 100))
        book.pay(f"till:{number}", own, 200)
        book.pay(f"other:{number}", other, 200)
        seal_all()
    proof = household_proof(own)
    account = Account.objects.get(holder_id=own, kind=AccountKind.POINTS)
    assert lines_in(proof) == [(each.batch_id, each.line) for each in transfers_of(account.pk)]
    assert len(proof["lines"]) == 12
    assert check(proof)[0] == []


def test_seals_of_any_size_can_be_proven(book: Book) -> None:
    """A tree of odd size has a leaf that goes up as it is."""
    own, other = book.household(), book.household()
    for size in range(1, 10):
        for number in range(size):
            book.post(
                f"{size}:{number}", *((own if place == number else other, 100) for place in range(size))
            )
        seal_all()
        assert check(household_proof(own))[0] == []
    assert Seal.objects.count() == 9
    assert len(household_proof(own)["lines"]) == Transfer.objects.filter(credit__holder_id=own).count() == 45


def test_what_waits_is_counted(book: Book) -> None:
    own = book.household(500)
    seal_all()
    book.post("waits", (own, 100), (own, 200))
    assert household_proof(own)["unsealed"] == 2
    seal_all()
    assert household_proof(own)["unsealed"] == 0


def test_without_a_seal_there_is_nothing_to_prove(book: Book) -> None:
    own = book.household()
    with pytest.raises(NothingSealed) as caught:
        household_proof(own)
    assert str(caught.value) == "这一户还没有封存过的账。"
    book.post("waits", (own, 100))
    with pytest.raises(NothingSealed):
        household_proof(own)


def test_a_days_seals_go_on_to_its_last(book: Book) -> None:
    own, other = book.household(), book.household()
    for ago, posted_to in ((3, own), (2, other), (1, own)):
        with clock.as_of(clock.today() - timedelta(days=ago)):
            for number in range(3):
                book.post(f"{ago}:{number}", (posted_to if number == 1 else other, 100))
                seal_all()
    proof = household_proof(own)
    assert [seal["number"] for seal in proof["seals"]] == [2, 3, 8, 9]
    faults, facts = check(proof)
    assert faults == []
    assert list(facts["days"].values()) == [Seal.objects.get(number=number).digest for number in (3, 9)]


def test_a_batch_knows_its_seal_and_the_last_of_that_day(book: Book) -> None:
    own = book.household()
    batches = []
    for key in ("first", "second"):
        batches.append(book.posted(key, (own, 100)))
        seal_all()
    waiting = book.posted("third", (own, 100))
    first, last = Seal.objects.order_by("number")
    found = seals_of([*(batch.pk for batch in batches), waiting.pk])
    assert found == {
        batch.pk: Sealed(seal.number, seal.digest, clock.today(), last.number, last.digest)
        for batch, seal in zip(batches, (first, last), strict=True)
    }
    assert seals_of([]) == {}
    ids = [batch.pk for batch in batches]
    assert queries_of(lambda: seals_of(ids)) == queries_of(lambda: seals_of(ids[:1])) == 2


def test_each_day_has_its_last_seal(book: Book) -> None:
    own = book.household()
    for day in (1, 1, 2, 9, 9, 9):
        with clock.as_of(date(2026, 11, day)):
            book.post(f"{Seal.objects.count()}", (own, 100))
            seal_all()
    found = daily_seals(date(2026, 11, 9), 30)
    assert [(seal.day.day, seal.number) for seal in found] == [(9, 6), (2, 3), (1, 2)]
    assert daily_seals(date(2026, 11, 8), 7) == found[1:2]
    assert daily_seals(date(2026, 11, 8), 6) == []
    assert queries_of(lambda: daily_seals(date(2026, 11, 9), 30)) == 1


def test_a_year_can_be_proven_alone(book: Book) -> None:
    own = book.household()
    for year in (2024, 2025, 2026):
        with clock.as_of(date(year, 3, 1)):
            book.post(str(year), (own, 100), (own, 200))
            seal_all()
    book.post("waits", (own, 100))
    proof = household_proof(own, 2025)
    assert (len(proof["lines"]), proof["unsealed"], check(proof)[0]) == (2, 0, [])
    assert household_proof(own, 2026)["unsealed"] == 1
    assert len(household_proof(own)["lines"]) == 6
    with pytest.raises(NothingSealed):
        household_proof(own, 2023)


def test_some_lines_can_be_proven_alone(book: Book) -> None:
    own = book.household(500)
    book.post("one", (own, 100))
    seal_all()
    account = Account.objects.get(holder_id=own, kind=AccountKind.POINTS)
    proof = proof_of(account.pk, transfers_of(account.pk)[:1])
    assert (len(proof["lines"]), check(proof)[0]) == (1, [])


def test_it_holds_numbers_and_codes_only(book: Book) -> None:
    own = book.household(500)
    seal_all()
    text = json.dumps(household_proof(own))
    assert text.isascii()


def test_lines_of_one_batch_cost_no_query_each(book: Book) -> None:
    short, long = book.household(), book.household()
    book.post("short", (short, 100))
    book.post("long", *((long, 100) for _ in range(50)))
    seal_all()
    assert queries_of(lambda: household_proof(long)) == queries_of(lambda: household_proof(short))


def test_batches_cost_no_query_each(book: Book) -> None:
    short, long = book.household(100), book.household(100)
    for number in range(20):
        book.post(f"award {number}", (long, 100))
        book.post(f"other {number}", (short, 100)) if number == 0 else None
    seal_all()
    assert len(household_proof(long)["lines"]) == 21
    assert queries_of(lambda: household_proof(long)) == queries_of(lambda: household_proof(short))


def test_a_pool_has_no_proof(book: Book) -> None:
    """The index on transfers holds households only; what a pool does is proven by its closings."""
    book.household(500)
    seal_all()
    assert pool_id(Account.objects.get(pk=book.issued_id).holder_id, AccountKind.ISSUED) < 0
    with pytest.raises(NothingSealed):
        proof_of(book.issued_id, transfers_of(book.issued_id))


def test_the_transfers_of_an_account_come_oldest_first_with_their_batches(book: Book) -> None:
    household, neighbour = book.household(1000), book.household(500)
    book.post("award", (neighbour, 10), (household, 20), (household, -30))
    book.pay("sold", household, 40)
    found: list[tuple[str, int, int]] = []

    def read() -> None:
        found.extend(
            (each.batch.key, each.line, each.amount) for each in transfers_of(points_of(household).pk)
        )

    assert queries_of(read) == 2  # the account's id, and all of it
    assert found == [(f"start:{household}", 1, 1000), ("award", 2, 20), ("award", 3, 30), ("sold", 1, 40)]
