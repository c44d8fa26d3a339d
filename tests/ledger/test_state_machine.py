"""A long life of a small ledger: after every step it says what the model says, and the auditor is silent."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import timedelta
from random import Random
from typing import TypeVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.ledger.book import DAY, Book, derived, ledger_faults, legs, points_of, posting, reversal
from tests.ledger.model import Household, Model, Move, Promise, line
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.refusals import Refusal
from xiangyue.ledger.models import Batch, Cause, Hold, HoldState
from xiangyue.ledger.models import Book as Books
from xiangyue.ledger.operations.awarding import award
from xiangyue.ledger.operations.expiring import Carry, clear, expire_points
from xiangyue.ledger.operations.holding import expire_holds, post_hold, void_hold
from xiangyue.ledger.operations.moving import close_holder, merge_points, split_points
from xiangyue.ledger.operations.opening import set_floors
from xiangyue.ledger.operations.posting import post_lines
from xiangyue.ledger.operations.reversing import reverse
from xiangyue.ledger.operations.sealing import seal_all
from xiangyue.ledger.operations.spending import Spent, spend
from xiangyue.ledger.queries import balances_of, lots_of, pool_balances, statement
from xiangyue.tenancy.models import Jurisdiction

T = TypeVar("T")
MOST_HOUSEHOLDS = 5
which = st.integers(0, MOST_HOUSEHOLDS - 1)
ones, signed = st.integers(1, 150), st.integers(-200, 300)
soon, any_of_them = st.none() | st.integers(0, 6), st.integers(0, 999)
floors = st.tuples(st.sampled_from([0, -50, -1000]), st.sampled_from([0, 30, 1000])).map(
    lambda drawn: (drawn[0], drawn[0] + drawn[1])
)


class Life(RuleBasedStateMachine):
    """Every rule asks the ledger for something, once or twice, and tells the model what must come of it."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = ExitStack()
        self.inside.enter_context(transaction.atomic())
        self.day = DAY
        self.inside.enter_context(clock.as_of(self.day))
        self.book, self.model, self.steps = Book.open(), Model(), 0

    def teardown(self) -> None:
        """Take back what was written."""
        transaction.set_rollback(True)
        self.inside.close()

    @initialize(
        limits=st.lists(floors, min_size=3, max_size=3),
        grants=st.lists(st.tuples(st.integers(100, 500), soon), min_size=6, max_size=6),
        taken=st.lists(st.integers(0, 400), min_size=3, max_size=3),
    )
    def settle(
        self, limits: list[tuple[int, int]], grants: list[tuple[int, int | None]], taken: list[int]
    ) -> None:
        """Begin with points of several last days, and with deductions from some of them."""
        for floor, redeem_floor in limits:
            self.open(floor, redeem_floor)
        for number, (amount, days) in enumerate(grants):
            self.post([(number, amount)], days, Books.BOTH, again=False)
        self.post([(number, -amount) for number, amount in enumerate(taken)], None, Books.BOTH, again=True)

    @precondition(lambda self: 0 < len(self.model.households) < MOST_HOUSEHOLDS)
    @rule(limits=floors)
    def one_more(self, limits: tuple[int, int]) -> None:
        self.open(*limits)

    @rule(
        amounts=st.lists(st.tuples(which, signed), min_size=1, max_size=6),
        days=soon,
        into=st.sampled_from([Books.BOTH, Books.BOTH, Books.SPENDABLE, Books.HONOUR]),
        again=st.booleans(),
    )
    def post(self, amounts: list[tuple[int, int]], days: int | None, into: Books, again: bool) -> None:
        """Award and deduct; base points in one book."""
        last = None if days is None else self.day + timedelta(days=days)
        lines = [(self.one(place), amount) for place, amount in amounts]
        issued = self.book.issued_id
        asked = posting(self.key(), Cause.SETTLEMENT if into is Books.BOTH else Cause.GRANT, expires_on=last)
        self.ask(
            lambda: post_lines(
                posting=asked,
                pool_id=issued,
                lines=[(number, each.holder, amount) for number, (each, amount) in enumerate(lines, start=1)],
                book=into,
            ),
            refused="no-account" if any(each.is_closed and amount for each, amount in lines) else None,
            moves=[line(issued, each.account, amount, into, last) for each, amount in lines],
            again=again,
        )

    @rule(place=which, amount=signed.filter(bool), days=soon, again=st.booleans())
    def award(self, place: int, amount: int, days: int | None, again: bool) -> None:
        """Award or deduct at one household by the short statement."""
        one, issued = self.one(place), self.book.issued_id
        last = None if days is None else self.day + timedelta(days=days)
        asked = posting(self.key(), Cause.GRANT, expires_on=last)
        self.ask(
            lambda: award(posting=asked, holder_id=one.holder, pool_id=issued, amount=amount),
            refused="no-account" if one.is_closed else None,
            moves=[line(issued, one.account, amount, Books.BOTH, last)],
            again=again,
        )

    @rule(place=which, amount=ones, again=st.booleans())
    def spend(self, place: int, amount: int, again: bool) -> None:
        payer, till = self.one(place), self.book.till_id
        asked = posting(self.key(), Cause.ORDER)
        self.ask(
            lambda: spend(posting=asked, holder_id=payer.holder, pool_id=till, amount=amount),
            refused="not-enough-points" if amount > self.model.redeemable(payer) else None,
            moves=[Move(payer.account, till, amount)],
            again=again,
        )

    @rule(place=which, amount=ones, days=st.integers(1, 6), again=st.booleans())
    def hold(self, place: int, amount: int, days: int, again: bool) -> None:
        payer, ends_at = self.one(place), clock.noon(self.day + timedelta(days=days)) - timedelta(hours=1)
        key, free = self.key(), self.model.redeemable(payer)
        for _ in range(1 + again):
            held = self.answer(
                lambda: self.book.hold(key, payer.holder, amount, ends_at),
                "not-enough-points" if amount > free else None,
            )
            if isinstance(held, Hold):
                assert (held.account_id, held.amount, held.ends_at) == (payer.account, amount, ends_at)
                self.model.promises[held.pk] = Promise(payer, amount, ends_at)

    @precondition(lambda self: self.model.promises)
    @rule(chosen=any_of_them, part=st.none() | ones, again=st.booleans())
    def pay_held(self, chosen: int, part: int | None, again: bool) -> None:
        hold_id, promise = self.promise(chosen)
        amount = promise.amount if part is None else part
        refused = "more-than-held" if amount > promise.amount else None if promise.is_open else "hold-ended"
        asked = posting(self.key(), Cause.ORDER)
        promise.is_open = promise.is_open and refused is not None
        self.ask(
            lambda: post_hold(posting=asked, hold_id=hold_id, amount=part),
            refused=refused,
            moves=[Move(promise.household.account, self.book.till_id, amount)],
            again=again,
        )

    @precondition(lambda self: any(each.is_open for each in self.model.promises.values()))
    @rule(chosen=any_of_them, again=st.booleans())
    def void(self, chosen: int, again: bool) -> None:
        still = sorted(hold_id for hold_id, each in self.model.promises.items() if each.is_open)
        hold_id = still[chosen % len(still)]
        for _ in range(1 + again):
            void_hold(hold_id=hold_id)
        self.model.promises[hold_id].is_open = False

    @rule(
        places=st.sets(which, min_size=1),
        base=st.sampled_from([0, 40, 500]),
        percent=st.sampled_from([0, 33, 50, 100]),
        as_base=st.booleans(),
        again=st.booleans(),
    )
    def clear(self, places: set[int], base: int, percent: int, as_base: bool, again: bool) -> None:
        chosen = {each.account: each for each in map(self.one, places)}
        pool, asked = self.book.cleared_id, posting(self.key(), Cause.CLEARING)
        amounts = {account: self.model.cleared(each, base, percent) for account, each in chosen.items()}
        self.ask(
            lambda: clear(
                posting=asked,
                pool_id=pool,
                holder_ids=[each.holder for each in chosen.values()],
                carry=Carry(base, percent, as_base),
            ),
            moves=[Move(account, pool, amount) for account, amount in sorted(amounts.items()) if amount],
            again=again,
        )
        if as_base:
            for each in chosen.values():
                stays = self.model.balance(each) - self.model.held(each)
                each.redeem_floor = max(each.redeem_floor, stays)

    @precondition(lambda self: self.model.batches)
    @rule(chosen=any_of_them, line=st.none() | any_of_them, again=st.booleans())
    def reverse(self, chosen: int, line: int | None, again: bool) -> None:
        batch_id = sorted(self.model.batches)[chosen % len(self.model.batches)]
        moves = dict(enumerate(self.model.batches[batch_id], start=1))
        lines = {number: move for number, move in moves.items() if move.amount}
        if line is not None:
            number = sorted(lines)[line % len(lines)]
            lines = {number: lines[number]}
        asked = reversal(self.key(), batch_id)
        batch = self.ask(
            lambda: reverse(posting=asked, lines=None if line is None else list(lines)),
            refused=self.why_not_reversed(batch_id, lines),
            moves=[lines[number].undone() if number in lines else Move(0, 0, 0) for number in moves],
            again=again,
        )
        if batch is not None:
            self.model.reversals.add(batch)
            self.model.reversed_lines.update((batch_id, number) for number in lines)

    def why_not_reversed(self, batch_id: int, lines: dict[int, Move]) -> str | None:
        if batch_id in self.model.reversals:
            return "is-reversal"
        if any(self.model.reversed_lines[batch_id, number] for number in lines):
            return "already-reversed"
        closed = {each.account for each in self.model.households if each.is_closed}
        return "no-account" if any(closed & {each.debit, each.credit} for each in lines.values()) else None

    @rule(place=which, to=which, spendable=ones, honour=ones, again=st.booleans())
    def split(self, place: int, to: int, spendable: int, honour: int, again: bool) -> None:
        source, target = self.one(place), self.one(to)
        asked = posting(self.key(), Cause.SPLIT)
        free = max(self.model.balance(source) - self.model.held(source), 0)
        has_more = spendable > free or honour > max(self.model.honour(source.account), 0)
        refused = self.why_not_moved(source, target) or ("more-than-there" if has_more else None)
        moves = [
            Move(source.account, target.account, part, last=last)
            for part, last in ([] if refused else self.model.taken(source, spendable))
        ]
        self.ask(
            lambda: split_points(
                posting=asked,
                from_id=source.holder,
                to_id=target.holder,
                spendable=spendable,
                honour=honour,
            ),
            refused=refused,
            moves=moves + self.model.honour_moved(source.account, target.account, honour),
            again=again,
        )

    @rule(place=which, to=which, again=st.booleans())
    def merge(self, place: int, to: int, again: bool) -> None:
        source, target = self.one(place), self.one(to)
        asked = posting(self.key(), Cause.MERGE)
        refused = self.why_not_moved(source, target) or self.why_not_emptied(source)
        moves = self.model.leaving(source, target.account)
        self.ask(
            lambda: merge_points(posting=asked, from_id=source.holder, to_id=target.holder),
            refused=refused,
            moves=moves,
            again=again and bool(moves),  # where nothing moved, nothing remembers the request
        )
        if not refused:
            source.is_closed, source.floor, source.redeem_floor = True, 0, 0

    @precondition(lambda self: sum(not each.is_closed for each in self.model.households) > 1)
    @rule(place=which, again=st.booleans())
    def close(self, place: int, again: bool) -> None:
        source, pool = self.one(place), self.book.left_id
        asked = posting(self.key(), Cause.CLOSING)
        refused = self.why_not_emptied(source)
        self.ask(
            lambda: close_holder(posting=asked, holder_id=source.holder, pool_id=pool),
            refused=refused,
            moves=self.model.leaving(source, pool),
            again=again,
        )
        if not refused:
            source.is_closed, source.floor, source.redeem_floor = True, 0, 0

    def why_not_moved(self, source: Household, target: Household) -> str | None:
        if source is target:
            return "same-holder"
        return "no-such-account" if source.is_closed or target.is_closed else None

    def why_not_emptied(self, source: Household) -> str | None:
        return "has-open-holds" if self.model.held(source) else None

    @rule(place=which, limits=floors)
    def change_floors(self, place: int, limits: tuple[int, int]) -> None:
        chosen = self.one(place)
        if not chosen.is_closed:
            set_floors(holder_ids=[chosen.holder], floor=limits[0], redeem_floor=limits[1])
            chosen.floor, chosen.redeem_floor = limits

    @precondition(lambda self: self.model.batches)
    @rule(chosen=any_of_them, place=which)
    def reuse_a_key(self, chosen: int, place: int) -> None:
        """Ask for something else under a key that was used: it is refused, and nothing changes."""
        batch = Batch.objects.get(id=sorted(self.model.batches)[chosen % len(self.model.batches)])
        asked = [(1, self.one(place).holder, 777)]
        self.answer(
            lambda: post_lines(posting=posting(batch.key), pool_id=self.book.issued_id, lines=asked),
            "key-reused",
        )

    @rule()
    def seal(self) -> None:
        seal_all()

    @rule(days=st.integers(0, 4))
    def go_on(self, days: int) -> None:
        """Let days go by, and the worker come: it ends holds and takes out what ran out."""
        self.day += timedelta(days=days)
        self.inside.enter_context(clock.as_of(self.day))
        over = [each for each in self.model.promises.values() if each.is_open and each.ends_at <= clock.now()]
        assert expire_holds() == len(over)
        for each in over:
            each.is_open = False
        pool = self.book.expired_id
        amounts = ((each.account, self.model.expiring(each, self.day)) for each in self.model.households)
        moves = [Move(account, pool, amount) for account, amount in amounts if amount]
        batches = expire_points(actor=SYSTEM, pool_id=pool)
        assert len(batches) == bool(moves)
        for batch in batches:
            self.record(batch.pk, moves)
        assert ledger_faults() == []

    @invariant()
    def the_ledger_and_the_model_agree(self) -> None:
        households = self.model.households
        expected = {each.holder: self.model.balances(each) for each in households}
        assert balances_of([each.holder for each in households]) == expected
        lots = lots_of([each.account for each in households])
        for each in households:
            parts = self.model.taken(each, max(self.model.position(each.account), 0))
            assert lots.get(each.account, []) == [(last, part) for part, last in parts]
            lines = statement(each.holder)
            assert sum(line.points for line in lines) == self.model.position(each.account)
            assert sum(line.honour for line in lines) == self.model.honour(each.account)

    @invariant()
    def the_books_balance(self) -> None:
        sums = derived()
        assert [sum(of_book) for of_book in zip(*sums.values(), strict=True)] == [0, 0]
        of_pools = {pool: sums[pool] for pool in self.book.pools}
        assert pool_balances(self.book.pools) == of_pools
        assert of_pools == {
            pool: (self.model.position(pool), self.model.honour(pool)) for pool in self.book.pools
        }

    @invariant()
    def the_auditor_is_silent(self) -> None:
        # What a reversal or a voided hold gives back may be past its day: the next run takes it out.
        assert [fault for fault in ledger_faults() if fault[0] != "expiry-overdue"] == []

    def open(self, floor: int, redeem_floor: int) -> None:
        holder = self.book.household(floor=floor, redeem_floor=redeem_floor)
        account = points_of(holder).pk
        self.model.households.append(Household(holder, account, floor, redeem_floor))

    def one(self, place: int) -> Household:
        return self.model.households[place % len(self.model.households)]

    def promise(self, chosen: int) -> tuple[int, Promise]:
        hold_id = sorted(self.model.promises)[chosen % len(self.model.promises)]
        return hold_id, self.model.promises[hold_id]

    def key(self) -> str:
        self.steps += 1
        return f"step:{self.steps}"

    def ask(
        self,
        work: Callable[[], Batch | Spent | None],
        *,
        moves: Iterable[Move],
        refused: str | None = None,
        again: bool = False,
    ) -> int | None:
        """Ask the ledger, twice if asked again, and tell the model what was moved; give the batch's id."""
        batch_id = self.number(self.answer(work, refused))
        moves = list(moves)
        if refused is None:
            assert (batch_id is not None) == any(move.amount for move in moves)
        if batch_id is not None:
            self.record(batch_id, moves)
        if again:
            assert self.number(self.answer(work, refused)) == batch_id
        return batch_id

    def number(self, answer: Batch | Spent | None) -> int | None:
        if isinstance(answer, Batch):
            return answer.pk
        return answer.batch_id if answer else None

    def answer(self, work: Callable[[], T], refused: str | None) -> T | None:
        """Give what the ledger answers, None where it refuses as it has to."""
        if refused is None:
            return work()
        with pytest.raises(Refusal) as caught:
            work()
        assert caught.value.code == refused
        return None

    def record(self, batch_id: int, moves: list[Move]) -> None:
        self.model.batches[batch_id] = moves
        assert legs(batch_id) == [
            (line, move.debit, move.credit, move.amount, move.book, move.last)
            for line, move in enumerate(moves, start=1)
            if move.amount
        ]


OFTEN = {"post": 4, "spend": 2, "hold": 3, "clear": 0.5, "go_on": 1.5}  # how much more often than others


def at_random(life: Life, chance: Random) -> dict[str, Callable[[], None]]:
    """Give what can be asked for at this moment, each with figures drawn by chance."""

    def one() -> int:
        return chance.randrange(MOST_HOUSEHOLDS)

    def days() -> int | None:
        found: int | None = chance.choice([None, *range(7)])
        return found

    amounts = [(one(), chance.randint(-200, 300)) for _ in range(chance.randint(1, 5))]
    amount, chosen, again = chance.randint(1, 150), chance.randrange(1000), chance.random() < 0.5
    limits = chance.choice([(0, 0), (0, 30), (-50, -50), (-50, 0), (-1000, -900)])
    into = chance.choice([Books.BOTH, Books.BOTH, Books.SPENDABLE, Books.HONOUR])
    works: dict[str, Callable[[], None]] = {
        "post": lambda: life.post(amounts, days(), into, again),
        "spend": lambda: life.spend(one(), amount, again),
        "hold": lambda: life.hold(one(), amount, chance.randint(1, 6), again),
        "clear": lambda: life.clear({one()}, 40, chance.choice([50, 90]), chance.random() < 0.2, again),
        "split": lambda: life.split(one(), one(), amount // 3, amount // 4, again),
        "reverse": lambda: life.reverse(chosen, chance.choice([None, chosen]), again),
        "change_floors": lambda: life.change_floors(one(), limits),
        "reuse_a_key": lambda: life.reuse_a_key(chosen, one()),
        "seal": life.seal,
        "go_on": lambda: life.go_on(chance.randint(0, 3)),
    }
    if life.model.promises:
        works["pay_held"] = lambda: life.pay_held(chosen, chance.choice([None, amount // 2 + 1]), again)
    if any(each.is_open for each in life.model.promises.values()):
        works["void"] = lambda: life.void(chosen, again)
    if len(life.model.households) < MOST_HOUSEHOLDS:
        works["one_more"] = lambda: life.one_more(limits)
    if life.steps > 80:  # who is closed takes no more part
        works["merge"] = lambda: life.merge(one(), one(), again)
        works["close"] = lambda: life.close(one(), again)
    return works


RICH = (1, 2, 3)  # in these lives everything happens; the long version asks chance for forty more
EVERYTHING = {
    Cause.SETTLEMENT,
    Cause.ORDER,
    Cause.EXPIRY,
    Cause.CLEARING,
    Cause.REVERSAL,
    Cause.SPLIT,
}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [*RICH, *(pytest.param(n, marks=pytest.mark.faults) for n in range(4, 44))])
def test_a_life_by_chance_goes_as_the_model_says(county: Jurisdiction, seed: int) -> None:
    """Beside the lives that hypothesis thinks of: long ones, in which everything happens about as often."""
    life, chance = Life(), Random(seed)
    try:
        life.settle(
            [(0, 0), (-50, 0), (0, 30)], [(chance.randint(200, 500), day) for day in range(6)], [100] * 3
        )
        for _ in range(150):
            works = at_random(life, chance)
            (work,) = chance.choices(list(works), [OFTEN.get(name, 1) for name in works])
            works[work]()
            life.the_ledger_and_the_model_agree()
            life.the_books_balance()
            life.the_auditor_is_silent()
        if seed in RICH:
            assert set(Batch.objects.values_list("cause", flat=True)) >= EVERYTHING
            assert {HoldState.POSTED, HoldState.EXPIRED} <= set(Hold.objects.values_list("state", flat=True))
    finally:
        life.teardown()


@pytest.mark.slow
@pytest.mark.parametrize("lives", [15, pytest.param(300, marks=pytest.mark.faults)])
def test_the_ledger_lives_as_the_model_says(county: Jurisdiction, lives: int) -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=lives,
            stateful_step_count=20 if lives < 100 else 50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
