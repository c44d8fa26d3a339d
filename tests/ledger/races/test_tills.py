"""Many at once on one balance: no point is sold or promised twice. Each guard is also taken away, to show that the
tests would notice."""

from collections import Counter
from collections.abc import Callable
from threading import Barrier

import pytest

from tests.ledger.book import Book, balances, derived, ledger_faults, points_of
from tests.ledger.threads import PATIENCE, at_once, kinds
from xiangyue.ledger.operations import holding, spending
from xiangyue.ledger.queries import points_account
from xiangyue.tenancy.models import Jurisdiction

pytestmark = pytest.mark.slow

SPENDERS, PRICE = 50, 100
GUARD = "AND balance - held - redeem_floor >= %(amount)s"

Sale = Callable[[Book, str, int], object]


def pays(book: Book, key: str, household: int) -> object:
    return book.pay(key, household, PRICE)


def holds(book: Book, key: str, household: int) -> object:
    return book.hold(key, household, PRICE)


def fifty(county: Jurisdiction, book: Book, household: int, *sales: Sale) -> Counter[str]:
    """Let fifty ask for 1 point each of one household, all at the same time, each in one of these ways."""

    def ask(number: int) -> Callable[[], object]:
        return lambda: sales[number % len(sales)](book, f"sale:{number}", household)

    return kinds(at_once(county, [ask(number) for number in range(SPENDERS)]))


def take_the_guards_away(monkeypatch: pytest.MonkeyPatch, sale: Sale) -> Sale:
    """Look at the balance first and lower it then, as one would without a condition in the UPDATE."""
    all_have_looked = Barrier(SPENDERS)

    def look_then_ask(book: Book, key: str, household: int) -> object:
        is_enough = points_account(household).redeemable >= PRICE
        all_have_looked.wait(PATIENCE)
        return sale(book, key, household) if is_enough else None

    for module, name in ((spending, "SPEND"), (holding, "HOLD")):
        guarded = getattr(module, name)
        assert GUARD in guarded
        monkeypatch.setattr(module, name, guarded.replace(GUARD, ""))
    return look_then_ask


def test_fifty_tills_sell_exactly_what_a_balance_holds(county: Jurisdiction, book: Book) -> None:
    household = book.household(1730, floor=-100_000, redeem_floor=300)
    assert fifty(county, book, household, pays) == {"Spent": 14, "NotEnoughPoints": 36}
    assert balances(household) == (1730, 330, 0)
    assert derived()[book.till_id] == (1400, 0)
    assert ledger_faults() == []


def test_fifty_orders_are_promised_exactly_what_a_balance_holds(county: Jurisdiction, book: Book) -> None:
    household = book.household(1730, floor=-100_000, redeem_floor=300)
    assert fifty(county, book, household, holds) == {"Hold": 14, "NotEnoughPoints": 36}
    assert (points_of(household).balance, points_of(household).held) == (1730, 1400)
    assert ledger_faults() == []


def test_tills_and_orders_share_what_a_balance_holds(county: Jurisdiction, book: Book) -> None:
    household = book.household(1730, floor=-100_000, redeem_floor=300)
    outcomes = fifty(county, book, household, pays, holds)
    assert outcomes["Spent"] + outcomes["Hold"] == 14
    assert outcomes["NotEnoughPoints"] == 36
    account = points_of(household)
    assert (account.balance, account.held) == (1730 - 100 * outcomes["Spent"], 100 * outcomes["Hold"])
    assert ledger_faults() == []


def test_without_the_guard_they_would_sell_more(
    county: Jurisdiction, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    household = book.household(1730, floor=-100_000, redeem_floor=300)
    sale = take_the_guards_away(monkeypatch, pays)
    assert fifty(county, book, household, sale) == {"Spent": SPENDERS}
    assert balances(household) == (1730, 1730 - SPENDERS * PRICE, 0)


def test_without_the_guard_they_would_be_promised_more(
    county: Jurisdiction, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    household = book.household(1730, floor=-100_000, redeem_floor=300)
    sale = take_the_guards_away(monkeypatch, holds)
    assert fifty(county, book, household, sale) == {"Hold": SPENDERS}
    assert points_of(household).held == SPENDERS * PRICE


@pytest.mark.parametrize(("sale", "sold"), [(pays, "Spent"), (holds, "Hold")])
def test_without_the_guard_the_database_would_still_hold_the_floor(
    county: Jurisdiction, book: Book, monkeypatch: pytest.MonkeyPatch, sale: Sale, sold: str
) -> None:
    household = book.household(1730)
    sale = take_the_guards_away(monkeypatch, sale)
    assert fifty(county, book, household, sale) == {sold: 17, "IntegrityError": 33}
    account = points_of(household)
    assert ((account.balance or 0) - account.held, account.arrears) == (30, 0)
    assert ledger_faults() == []
