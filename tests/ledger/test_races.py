"""Many at once on one balance. Each guard is also taken away, to show that the test would notice."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection

from tests.ledger.book import Book, balances, derived, ledger_faults
from tests.ledger.threads import PATIENCE, Worker, arena, at_once, backend
from xiangyue.ledger.models import Account, AccountKind, Batch
from xiangyue.ledger.operations import posting as awarding
from xiangyue.ledger.operations import spending
from xiangyue.ledger.operations.batches import Posting
from xiangyue.ledger.operations.spending import Spent
from xiangyue.ledger.refusals import NotEnoughPoints
from xiangyue.tenancy.models import Jurisdiction

pytestmark = pytest.mark.slow

SPENDERS, PRICE = 50, 100
GUARD = "AND balance - redeem_floor >= %(amount)s"


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: Any) -> Iterator[Jurisdiction]:
    with arena(django_db_blocker) as own:
        yield own


@pytest.fixture
def book(county: Jurisdiction, today: date, request: pytest.FixtureRequest) -> Book:
    return Book.open(f"{request.node.name}:")


def kinds(outcomes: list[Any]) -> Counter[str]:
    return Counter(type(outcome).__name__ for outcome in outcomes)


def paid_at(book: Book) -> int:
    return next(amount for account, _kept, amount in derived() if account == book.till_id)


def batch_of(book: Book, key: str) -> Batch:
    return Batch.objects.get(key=book.series + key)


def fifty_tills(county: Jurisdiction, book: Book, household: int) -> Counter[str]:
    """Let fifty tills ask for 1 point each of one household, all at the same time."""

    def sale(number: int) -> Callable[[], Spent]:
        return lambda: book.pay(f"sale:{number}", household, PRICE)

    return kinds(at_once(county, [sale(number) for number in range(SPENDERS)]))


def take_the_guard_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the balance first and lower it then, as one would without a condition in the UPDATE."""
    all_have_looked = Barrier(SPENDERS)
    spend_once = spending._spend_once

    def look_then_spend(
        posting: Posting, holder_id: int, pool_id: int, amount: int, hash_: str
    ) -> int | None:
        account = Account.objects.get(holder_id=holder_id, kind=AccountKind.SPENDABLE)
        is_enough = (account.balance or 0) - account.redeem_floor >= amount
        all_have_looked.wait(PATIENCE)
        return spend_once(posting, holder_id, pool_id, amount, hash_) if is_enough else None

    assert GUARD in spending.SPEND
    monkeypatch.setattr(spending, "SPEND", spending.SPEND.replace(GUARD, ""))
    monkeypatch.setattr(spending, "_spend_once", look_then_spend)


def test_fifty_tills_sell_exactly_what_a_balance_holds(county: Jurisdiction, book: Book) -> None:
    household = book.household(1730, floor=-100_000, redeem_floor=300)
    assert fifty_tills(county, book, household) == {"Spent": 14, "NotEnoughPoints": 36}
    assert balances(household) == (1730, 330, 0)
    assert paid_at(book) == 1400
    assert ledger_faults() == []


def test_without_the_guard_they_would_sell_more(
    county: Jurisdiction, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    household = book.household(1730, floor=-100_000, redeem_floor=300)
    take_the_guard_away(monkeypatch)
    assert fifty_tills(county, book, household) == {"Spent": SPENDERS}
    assert balances(household) == (1730, 1730 - SPENDERS * PRICE, 0)


def test_without_the_guard_the_database_would_still_hold_the_floor(
    county: Jurisdiction, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    household = book.household(1730)
    take_the_guard_away(monkeypatch)
    assert fifty_tills(county, book, household) == {"Spent": 17, "IntegrityError": 33}
    assert balances(household) == (1730, 30, 0)
    assert ledger_faults() == []


def test_one_key_from_eight_threads_posts_once(county: Jurisdiction, book: Book) -> None:
    household, other = book.household(), book.household()
    posts = [lambda: book.post("now", (household, 500), (other, -300))] * 8
    batches = at_once(county, posts)
    assert kinds(batches) == {"Batch": 8}
    assert set(batches) == {batch_of(book, "now")}
    assert (balances(household), balances(other)) == ((500, 500, 0), (-300, 0, 300))
    assert ledger_faults() == []


def test_one_key_from_eight_threads_spends_once(county: Jurisdiction, book: Book) -> None:
    household = book.household(1000)
    outcomes = at_once(county, [lambda: book.pay("now", household, 400)] * 8)
    assert kinds(outcomes) == {"Spent": 8}
    batches = {outcome.batch for outcome in outcomes if isinstance(outcome, Spent)}
    assert batches == {batch_of(book, "now")}
    assert balances(household) == (1000, 600, 0)
    assert ledger_faults() == []


def in_the_middle_of_posting(book: Book, household: int, meanwhile: Callable[[], None]) -> None:
    """Deduct 7 points, and let something happen between reading the balances and changing them."""

    def stop(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        result = execute(sql, *rest)
        if "INSERT INTO ledger_transfer" in sql:
            meanwhile()
        return result

    with connection.execute_wrapper(stop):
        book.post("in the middle", (household, -700))


def other_work(book: Book, household: int, name: str) -> Callable[[], object]:
    works: dict[str, Callable[[], object]] = {
        "till": lambda: book.pay("other", household, 1000),
        "posting": lambda: book.post("other", (household, -700)),
    }
    return works[name]


@pytest.mark.parametrize(("name", "after"), [("till", (300, 300, 0)), ("posting", (-400, 0, 400))])
def test_who_comes_in_the_middle_of_a_posting_waits(
    county: Jurisdiction, book: Book, name: str, after: tuple[int, int, int]
) -> None:
    household = book.household(1000)
    worker = Worker(county, other_work(book, household, name))
    holder = backend()

    def come_in() -> None:
        worker.start()
        assert worker.is_blocked_by(holder)

    in_the_middle_of_posting(book, household, come_in)
    if name == "till":
        with pytest.raises(NotEnoughPoints):
            worker.outcome()
    else:
        worker.outcome()
    assert balances(household) == after
    assert ledger_faults() == []


@pytest.mark.parametrize("name", ["till", "posting"])
def test_without_the_lock_it_would_post_by_a_balance_that_is_gone(
    county: Jurisdiction, book: Book, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    household = book.household(1000)
    worker = Worker(county, other_work(book, household, name))
    holder = backend()
    monkeypatch.setattr(
        awarding, "LOCK_ACCOUNTS", "WITH lines (line, holder_id, amount) AS ({lines}) SELECT 1"
    )

    def come_in() -> None:
        worker.start()
        assert not worker.is_blocked_by(holder)

    with pytest.raises(IntegrityError, match="spendable_above_floor"):
        in_the_middle_of_posting(book, household, come_in)
    worker.outcome()
    assert ledger_faults() == []


def test_postings_and_tills_on_the_same_households_never_wait_in_a_circle(
    county: Jurisdiction, book: Book
) -> None:
    households = [book.household(500) for _ in range(20)]
    amounts = {key: shuffled(households, key) for key in ("a", "b", "c", "d")}

    def post(key: str) -> Callable[[], object]:
        return lambda: book.post(key, *amounts[key])

    def sell(till: int) -> Callable[[], object]:
        chosen = random.Random(till).choices(households, k=10)
        return lambda: [sold(book, f"{till}:{number}", each) for number, each in enumerate(chosen)]

    outcomes = at_once(county, [*map(post, amounts), *map(sell, range(8))])
    assert kinds(outcomes) == {"Batch": 4, "list": 8}
    assert ledger_faults() == []
    spent = sum(sum(outcome) for outcome in outcomes if isinstance(outcome, list))
    assert paid_at(book) == spent > 0
    posted = Counter(dict.fromkeys(households, 500))
    for holder, amount in (line for each in amounts.values() for line in each):
        posted[holder] += amount
    assert {holder: balances(holder)[0] for holder in households} == dict(posted)
    assert (
        sum(balances(holder)[1] - balances(holder)[2] for holder in households)
        == sum(posted.values()) - spent
    )


def shuffled(households: list[int], key: str) -> list[tuple[int, int]]:
    """Give five lines for each household in an order of this batch's own."""
    chance = random.Random(key)
    lines = [(household, chance.randint(-400, 300)) for household in households * 5]
    chance.shuffle(lines)
    return lines


def sold(book: Book, key: str, household: int) -> int:
    try:
        book.pay(key, household, PRICE)
    except NotEnoughPoints:
        return 0
    return PRICE
