"""Accounts are locked in the order of their ids, so that nobody waits for each other in a circle. With another order
they would, and the test would notice."""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from types import ModuleType

import pytest
from django.db import OperationalError, connection, transaction

from tests.ledger.book import DAY, Book, ledger_faults, points_of, posting, reversal
from tests.ledger.threads import Worker, kinds
from xiangyue.kernel import clock
from xiangyue.ledger.models import Account, Cause
from xiangyue.ledger.operations import batches, holding, opening
from xiangyue.ledger.operations import posting as awarding
from xiangyue.ledger.operations.expiring import Carry, clear
from xiangyue.ledger.operations.holding import expire_holds
from xiangyue.ledger.operations.opening import set_floors
from xiangyue.ledger.operations.reversing import reverse
from xiangyue.tenancy.models import Jurisdiction

pytestmark = pytest.mark.slow

Work = Callable[[], object]
Scene = Callable[[Book, list[int]], tuple[Work, Work]]
LOCK_ORDER = re.compile(r"ORDER BY ((?:account\.)?id)(?=\s+FOR NO KEY UPDATE)")
DIRECTION = "coalesce(nullif(current_setting('tests.direction', true), '')::int, 1)"


def postings(book: Book, households: list[int]) -> tuple[Work, Work]:
    there = [(household, 100) for household in households]
    return lambda: book.post("there", *there), lambda: book.post("back", *reversed(there))


def reversals(book: Book, households: list[int]) -> tuple[Work, Work]:
    first, second = (
        book.posted(key, *((household, 100) for household in households)).pk for key in ("first", "second")
    )
    return (
        lambda: reverse(posting=reversal(book.series + "reversal 1", first)),
        lambda: reverse(posting=reversal(book.series + "reversal 2", second)),
    )


def clearings(book: Book, households: list[int]) -> tuple[Work, Work]:
    def clearing(key: str) -> Work:
        return lambda: clear(
            posting=posting(book.series + key, Cause.CLEARING),
            pool_id=book.cleared_id,
            holder_ids=households,
            carry=Carry(percent=50),
        )

    return clearing("first"), clearing("second")


def ends_of_holds(book: Book, households: list[int]) -> tuple[Work, Work]:
    def end() -> int:
        with clock.as_of(DAY + timedelta(days=3)):
            return expire_holds()

    while end():  # what other tests have left
        pass
    for round_ in ("first", "second"):
        for household in households:
            book.hold(f"{round_}:{household}", household, 100)
    return end, end


def floors(book: Book, households: list[int]) -> tuple[Work, Work]:
    def lower(floor: int) -> Work:
        return lambda: set_floors(holder_ids=households, floor=floor, redeem_floor=0)

    return lower(-100), lower(-200)


SCENES: list[tuple[Scene, ModuleType, str]] = [
    (postings, awarding, "POST"),
    (reversals, batches, "APPLY"),
    (clearings, batches, "LOCK"),
    (ends_of_holds, holding, "RELEASE"),
    (floors, opening, "SET_FLOORS"),
]


def upwards_and_downwards(county: Jurisdiction, works: Sequence[Work], middle: int) -> list[object]:
    """Hold the account in the middle until both wait, one of them coming from above where it may; then let go."""

    def facing(direction: int, work: Work) -> Work:
        def turned() -> object:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('tests.direction', %s, false)", [str(direction)])
            return work()

        return turned

    workers = [Worker(county, facing(way, work)) for way, work in zip((1, -1), works, strict=True)]
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(id=middle)
        for worker in workers:
            worker.start()
            assert worker.is_blocked()
    return [outcome_of(worker) for worker in workers]


def outcome_of(worker: Worker[object]) -> object:
    try:
        return worker.outcome()
    except OperationalError as error:
        return error


@pytest.fixture
def households(book: Book, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    found = [book.household(1000) for _ in range(3)]
    monkeypatch.setattr(holding, "EXPIRED_AT_ONCE", len(found))
    return found


@pytest.mark.parametrize(("scene", "module", "name"), SCENES, ids=[name for *_rest, name in SCENES])
def test_two_at_once_never_wait_in_a_circle(
    county: Jurisdiction, book: Book, households: list[int], scene: Scene, module: ModuleType, name: str
) -> None:
    works = scene(book, households)
    outcomes = upwards_and_downwards(county, works, points_of(households[1]).pk)
    assert kinds(outcomes)["OperationalError"] == 0
    assert ledger_faults() == []


@pytest.mark.parametrize(("scene", "module", "name"), SCENES, ids=[name for *_rest, name in SCENES])
def test_without_the_order_they_would(
    county: Jurisdiction,
    book: Book,
    households: list[int],
    scene: Scene,
    module: ModuleType,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    works = scene(book, households)
    turned, times = LOCK_ORDER.subn(rf"ORDER BY \1 * {DIRECTION}", getattr(module, name))
    assert times == 1
    monkeypatch.setattr(module, name, turned)
    outcomes = upwards_and_downwards(county, works, points_of(households[1]).pk)
    (error,) = (outcome for outcome in outcomes if isinstance(outcome, OperationalError))
    assert "deadlock detected" in str(error)
    assert ledger_faults() == []
