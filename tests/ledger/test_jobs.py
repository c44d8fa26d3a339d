from datetime import date, timedelta

import pytest

from tests.ledger.book import Book, balances, posting
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.ledger import jobs
from xiangyue.ledger.jobs import end_holds, expire_county, expire_once_a_day, seal_county
from xiangyue.ledger.models import AccountKind, Cause, Seal, Unsealed
from xiangyue.ledger.models import Book as Books
from xiangyue.ledger.operations.batches import Posting
from xiangyue.ledger.operations.holding import hold
from xiangyue.ledger.operations.opening import common_pool
from xiangyue.ledger.operations.posting import post_lines
from xiangyue.ledger.queries import balances_of
from xiangyue.tenancy.models import Jurisdiction

DAY = date(2026, 11, 2)


def test_what_was_held_past_its_end_is_free_again(county: Jurisdiction) -> None:
    book = Book.open()
    household = book.household(1000)
    ends_at = clock.noon(DAY) + timedelta(hours=1)
    with clock.as_of(DAY):
        hold(
            posting=posting("h", Cause.ORDER),
            holder_id=household,
            pool_id=book.till_id,
            amount=300,
            ends_at=ends_at,
        )
        end_holds()
        assert balances_of([household])[household].redeemable == 700
    with clock.as_of(ends_at):
        end_holds()
    assert balances_of([household])[household].redeemable == 1000


def test_what_ran_out_goes_to_the_county_s_own_pool(county: Jurisdiction) -> None:
    book = Book.open()
    household = book.household()
    grant = Posting("g", Cause.GRANT, 1, SYSTEM, DAY, expires_on=DAY)
    post_lines(posting=grant, pool_id=book.issued_id, lines=[(1, household, 500)], book=Books.SPENDABLE)
    for day, left in ((DAY, 500), (DAY + timedelta(days=1), 0), (DAY + timedelta(days=2), 0)):
        with clock.as_of(day):
            expire_county()
        assert balances(household) == (0, left, 0)
    assert common_pool(kind=AccountKind.EXPIRED) == common_pool(kind=AccountKind.EXPIRED)


def test_expiry_reads_the_ledger_once_a_day(county: Jurisdiction, monkeypatch: pytest.MonkeyPatch) -> None:
    days = []
    monkeypatch.setattr(jobs, "_expired_on", {})
    monkeypatch.setattr(jobs, "expire_county", lambda: days.append(clock.today()))
    for day in (DAY, DAY, DAY + timedelta(days=1)):
        with clock.as_of(day):
            expire_once_a_day()
    assert days == [DAY, DAY + timedelta(days=1)]


def test_a_seal_is_made_each_hour_and_when_much_waits(county: Jurisdiction) -> None:
    book = Book.open()
    household = book.household()
    for minutes, seals in ((0, 1), (10, 1), (59, 1), (61, 2), (130, 3), (200, 3)):
        with clock.as_of(clock.noon(DAY) + timedelta(minutes=minutes)):
            if minutes < 200:
                book.post(f"award {minutes}", (household, 100))
            seal_county()
        assert Seal.objects.count() == seals
    assert not Unsealed.objects.exists()
    assert list(Seal.objects.order_by("number").values_list("number", "batches")) == [(1, 1), (2, 3), (3, 1)]
