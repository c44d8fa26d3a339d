from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from tests.ledger.book import (
    DAY,
    Book,
    balances,
    derived,
    ledger_faults,
    legs,
    points_of,
    posting,
    queries_of,
    reversal,
)
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.ledger.models import AccountKind, Batch, Cause, Transfer
from xiangyue.ledger.models import Book as Books
from xiangyue.ledger.operations import expiring
from xiangyue.ledger.operations.expiring import Carry, clear, expire_points
from xiangyue.ledger.operations.opening import open_households, open_pools
from xiangyue.ledger.operations.posting import post_lines
from xiangyue.ledger.operations.reversing import reverse
from xiangyue.ledger.queries import pool_id
from xiangyue.ledger.refusals import CarryOutOfRange, KeyReused

YESTERDAY, TODAY, NEXT_WEEK = DAY - timedelta(days=1), DAY, DAY + timedelta(days=7)


def expire(book: Book) -> list[Batch]:
    return expire_points(actor=SYSTEM, pool_id=book.expired_id)


def end_period(
    book: Book, key: str, *holder_ids: int, base: int = 0, percent: int = 0, as_base: bool = False
) -> Batch | None:
    return clear(
        posting=posting(key, Cause.CLEARING),
        pool_id=book.cleared_id,
        holder_ids=holder_ids,
        carry=Carry(base, percent, as_base),
    )


Step = int | tuple[int, date]  # what is spent (below zero), what is awarded for ever, or until a day


@pytest.mark.parametrize(
    ("steps", "expired"),
    [
        pytest.param([(500, YESTERDAY)], 500, id="all that nobody used"),
        pytest.param([(500, TODAY)], 0, id="not on its last day"),
        pytest.param([(500, YESTERDAY), -200], 300, id="less what was spent"),
        pytest.param([500, (300, YESTERDAY), -200], 100, id="what expires first is spent first"),
        pytest.param([(300, YESTERDAY), 500, -400], 0, id="spent beyond it"),
        pytest.param([500, -400, (300, YESTERDAY)], 0, id="all debits so far count, whenever they were"),
        pytest.param([(300, YESTERDAY), (200, NEXT_WEEK), -350], 0, id="the later lot stays"),
        pytest.param([(300, YESTERDAY - timedelta(days=9)), (200, YESTERDAY), -350], 150, id="two lots"),
        pytest.param([800], 0, id="what is for ever stays"),
    ],
)
def test_first_in_first_out(book: Book, steps: Sequence[Step], expired: int) -> None:
    household = book.household()
    for number, step in enumerate(steps):
        amount, last = step if isinstance(step, tuple) else (step, None)
        if amount < 0:
            book.pay(f"{number}", household, -amount)
        elif amount:
            book.post(f"{number}", (household, amount), expires_on=last)
    honour, before, _arrears = balances(household)
    batches = expire(book)
    assert balances(household) == (honour, before - expired, 0)
    assert derived()[book.expired_id] == (expired, 0)
    assert len(batches) == (expired > 0)
    assert expire(book) == []
    assert ledger_faults() == []


def test_an_expiry_says_what_it_took(book: Book) -> None:
    one, other, rich = book.household(), book.household(), book.household(900)
    book.post("award", (one, 500), (other, 300), expires_on=YESTERDAY)
    (batch,) = expire(book)
    assert (batch.cause, batch.cause_id, batch.day) == (Cause.EXPIRY, book.expired_id, DAY)
    assert (batch.actor_kind, batch.actor_id) == (SYSTEM.kind, SYSTEM.id)
    assert legs(batch) == [
        (1, points_of(one).pk, book.expired_id, 500, "spendable", None),
        (2, points_of(other).pk, book.expired_id, 300, "spendable", None),
    ]
    assert balances(rich) == (900, 900, 0)


def test_lot_after_lot_as_the_days_go(book: Book) -> None:
    household = book.household(100)
    book.post("soon", (household, 300), expires_on=NEXT_WEEK)
    book.post("later", (household, 200), expires_on=NEXT_WEEK + timedelta(days=7))
    left = []
    for days in (7, 8, 14, 15):
        with clock.as_of(DAY + timedelta(days=days)):
            expire(book)
            left.append(balances(household)[1])
    assert left == [600, 300, 300, 100]
    assert ledger_faults() == []


def test_what_is_promised_does_not_run_out(book: Book) -> None:
    household = book.household()
    book.post("award", (household, 500), expires_on=NEXT_WEEK)
    held = book.hold("held", household, 200, clock.noon(DAY) + timedelta(days=60))
    with clock.as_of(NEXT_WEEK + timedelta(days=1)):
        expire(book)
    account = points_of(household)
    assert (account.balance, account.held) == (held.amount, held.amount)
    assert ledger_faults() == []


def test_what_is_owed_is_not_expired_as_well(book: Book) -> None:
    household = book.household(floor=-100, redeem_floor=0)
    book.post("award", (household, 500), expires_on=YESTERDAY)
    book.post("deduction", (household, -900))
    assert expire(book) == []
    assert balances(household) == (-400, -100, 300)


def test_what_was_reversed_counts_no_more(book: Book) -> None:
    household = book.household(100)
    award = book.posted("award", (household, 500), expires_on=YESTERDAY)
    sale = book.pay("sale", household, 200)
    reverse(posting=reversal("the sale", sale.batch_id))
    part = book.posted("wrong", (household, 70), expires_on=YESTERDAY)
    reverse(posting=reversal("the wrong one", part.pk))
    (batch,) = expire(book)
    assert [amount for _line, _debit, _credit, amount, *_rest in legs(batch)] == [500]
    assert balances(household) == (600, 100, 0)
    reverse(posting=reversal("the award", award.pk))
    assert balances(household) == (100, 0, 400)
    assert expire(book) == []


def test_what_runs_out_again_on_the_same_day(book: Book) -> None:
    household = book.household(100)
    book.post("award", (household, 500), expires_on=YESTERDAY)
    (first,) = expire(book)
    reverse(posting=reversal("too early", first.pk))
    (second,) = expire(book)
    book.post("late", (household, 500), expires_on=YESTERDAY)
    (third,) = expire(book)
    assert len({first.pk, second.pk, third.pk}) == 3
    assert balances(household) == (1100, 100, 0)
    assert ledger_faults() == []


def test_hours_do_not_run_out_as_points(book: Book) -> None:
    (household,) = open_households(count=1, kinds=[AccountKind.POINTS, AccountKind.HOURS])
    (pool,) = open_pools(count=1, kinds=[AccountKind.SERVED])
    post_lines(
        posting=posting("now", Cause.SERVICE, expires_on=YESTERDAY),
        pool_id=pool_id(pool, AccountKind.SERVED),
        lines=[(1, household, 90)],
        kind=AccountKind.HOURS,
        book=Books.SPENDABLE,
    )
    assert expire(book) == []


def test_expiry_goes_by_chunks_that_are_whole(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    households = [book.household() for _ in range(5)]
    book.post("award", *((household, 100) for household in households), expires_on=YESTERDAY)
    monkeypatch.setattr(expiring, "CHUNK", 2)
    assert [len(legs(batch)) for batch in expire(book)] == [2, 2, 1]
    assert {balances(household) for household in households} == {(100, 0, 0)}
    assert expire(book) == []


def test_many_households_cost_as_many_queries_as_one(book: Book) -> None:
    def cost(count: int) -> int:
        lines = [(book.household(), 100) for _ in range(count)]
        book.post(f"award {count}", *lines, expires_on=YESTERDAY)
        return queries_of(lambda: expire(book))

    assert cost(1) == cost(40)


@pytest.mark.parametrize(
    ("redeem_floor", "base", "percent", "stays"),
    [
        pytest.param(0, 0, 0, 0, id="nothing"),
        pytest.param(0, 0, 100, 1001, id="all"),
        pytest.param(0, 0, 50, 501, id="half, rounded up for the household"),
        pytest.param(0, 0, 33, 331, id="a third"),
        pytest.param(0, 300, 0, 300, id="the base"),
        pytest.param(0, 301, 50, 651, id="the base, and half of the rest"),
        pytest.param(400, 300, 0, 400, id="what can't be redeemed, where it is more"),
        pytest.param(200, 2000, 0, 1001, id="less than the base"),
    ],
)
def test_what_stays_at_the_end_of_a_period(
    book: Book, redeem_floor: int, base: int, percent: int, stays: int
) -> None:
    household = book.household(1001, redeem_floor=redeem_floor)
    batch = end_period(book, "now", household, base=base, percent=percent)
    assert balances(household) == (1001, stays, 0)  # honour remains
    assert derived()[book.cleared_id] == (1001 - stays, 0)
    moved = [(1, points_of(household).pk, book.cleared_id, 1001 - stays, "spendable", None)]
    assert legs(batch) == (moved if stays < 1001 else [])
    assert points_of(household).redeem_floor == redeem_floor
    assert ledger_faults() == []


def test_what_is_promised_and_what_is_owed_are_left_alone(book: Book) -> None:
    holding, owing, other = (
        book.household(1000),
        book.household(floor=-100, redeem_floor=0),
        book.household(70),
    )
    book.hold("held", holding, 300)
    book.post("deduction", (owing, -250))
    end_period(book, "now", holding, owing)
    assert (points_of(holding).balance, points_of(holding).held) == (300, 300)
    assert (balances(owing), balances(other)) == ((-250, -100, 150), (70, 70, 0))
    assert ledger_faults() == []


def test_what_stays_can_become_the_base(book: Book) -> None:
    household, low = book.household(1000), book.household(100, redeem_floor=400)
    book.hold("held", household, 200)
    end_period(book, "now", household, low, percent=50, as_base=True)
    assert (points_of(household).balance, points_of(household).redeem_floor) == (600, 400)
    assert (points_of(low).balance, points_of(low).redeem_floor) == (100, 400)


def test_the_same_key_clears_once(book: Book) -> None:
    household = book.household(1000)
    first = end_period(book, "now", household, percent=50)
    book.post("next period", (household, 300))
    assert end_period(book, "now", household, percent=50) == first
    assert balances(household) == (1300, 800, 0)
    for percent, base in ((49, 0), (50, 1)):
        with pytest.raises(KeyReused):
            end_period(book, "now", household, percent=percent, base=base)
    with pytest.raises(KeyReused):
        end_period(book, "now", household, book.household(), percent=50)
    assert balances(household) == (1300, 800, 0)


def test_nothing_is_posted_where_all_stays(book: Book) -> None:
    household = book.household(1000)
    before = Batch.objects.count(), Transfer.objects.count()
    assert end_period(book, "now", household, percent=100) is None
    assert end_period(book, "nobody") is None
    assert (Batch.objects.count(), Transfer.objects.count()) == before


@pytest.mark.parametrize(("base", "percent"), [(-1, 0), (0, -1), (0, 101)])
def test_a_carry_keeps_to_its_range(base: int, percent: int) -> None:
    with pytest.raises(CarryOutOfRange):
        Carry(base, percent)
