"""Whatever is posted and spent, in whatever order: the ledger says what a few lines of plain Python say."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger.book import Book, derived, ledger_faults
from xiangyue.ledger.models import AccountKind
from xiangyue.ledger.queries import Balances, balances_of, pool_id, statement
from xiangyue.ledger.refusals import NotEnoughPoints
from xiangyue.tenancy.models import Jurisdiction

HOUSEHOLDS = 2


@dataclass
class Model:
    """One household, as DOMAIN §5 describes it. owed: what its arrears come to."""

    floor: int
    redeem_floor: int
    honour: int = 0
    spendable: int = 0
    owed: int = 0
    spent: int = 0

    def post(self, amounts: Sequence[int]) -> None:
        for award in (amount for amount in amounts if amount > 0):
            self.honour += award
            repaid = min(award, self.owed)
            self.owed -= repaid
            self.spendable += award - repaid
        for deduction in (-amount for amount in amounts if amount < 0):
            self.honour -= deduction
            taken = min(deduction, self.spendable - self.floor)
            self.spendable -= taken
            self.owed += deduction - taken

    def spend(self, amount: int) -> None:
        if self.spendable - amount >= self.redeem_floor:
            self.spendable -= amount
            self.spent += amount


@dataclass(frozen=True)
class Posting:
    """Lines of (household, signed centipoints)."""

    lines: list[tuple[int, int]]


@dataclass(frozen=True)
class Sale:
    household: int
    amount: int


which = st.integers(0, HOUSEHOLDS - 1)
floors = st.tuples(st.sampled_from([0, -50, -1000]), st.sampled_from([0, 30, 1000])).map(
    lambda drawn: (drawn[0], drawn[0] + drawn[1])
)
amounts = st.integers(-120, 120)
postings = st.builds(Posting, st.lists(st.tuples(which, amounts), min_size=2, max_size=8))
sales = st.builds(Sale, which, st.integers(1, 150))
steps = st.lists(st.tuples(postings | sales, st.booleans()), min_size=4, max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(floors, min_size=HOUSEHOLDS, max_size=HOUSEHOLDS), steps)
def test_the_ledger_and_the_model_agree(
    county: Jurisdiction, floors: list[tuple[int, int]], steps: list[tuple[Posting | Sale, bool]]
) -> None:
    with undone():
        book = Book.open()
        models = [Model(*floor) for floor in floors]
        holders = [book.household(floor=floor, redeem_floor=redeem) for floor, redeem in floors]
        for number, (step, is_sent_twice) in enumerate(steps):
            for _sending in range(1 + is_sent_twice):
                do(book, f"step:{number}", step, holders, models, is_again=bool(_sending))
                compare(book, holders, models)
        for holder, model in zip(holders, models, strict=True):
            lines = statement(holder)
            assert (lines[0].after if lines else 0) == model.spendable


def do(
    book: Book, key: str, step: Posting | Sale, holders: list[int], models: list[Model], *, is_again: bool
) -> None:
    """Take a step in both. The same request a second time does nothing more, if it did something at first."""
    if isinstance(step, Posting):
        batch = book.post(key, *((holders[household], amount) for household, amount in step.lines))
        assert (batch is None) == (not any(amount for _household, amount in step.lines))
        if not is_again:
            for place, model in enumerate(models):
                model.post([amount for household, amount in step.lines if household == place])
        return
    with suppress(NotEnoughPoints):
        book.pay(key, holders[step.household], step.amount)
    if not is_again:
        models[step.household].spend(step.amount)


def compare(book: Book, holders: list[int], models: list[Model]) -> None:
    redeemable = [max(model.spendable - model.redeem_floor, 0) for model in models]
    assert balances_of(holders) == {
        holder: Balances(model.honour, model.spendable, model.owed, most)
        for holder, model, most in zip(holders, models, redeemable, strict=True)
    }
    accounts = {account: amount for account, _kept, amount in derived()}
    assert sum(accounts.values()) == 0
    assert accounts[book.till_id] == sum(model.spent for model in models)
    assert -accounts[pool_id(book.issuer_id, AccountKind.ISSUED_HONOUR)] == sum(
        each.honour for each in models
    )
    assert -accounts[pool_id(book.issuer_id, AccountKind.ISSUED_SPENDABLE)] == sum(
        each.spendable - each.owed + each.spent for each in models
    )
    assert ledger_faults() == []


@contextmanager
def undone() -> Iterator[None]:
    """Take back at the end what was written inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
