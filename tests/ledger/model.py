"""What DOMAIN §5 says of households' points, in a few lines of plain Python.

It knows movements and holds only, whatever was before; balances, arrears and what expires follow from them. It shares
no arithmetic with the ledger, which keeps balances and changes them in place.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from math import ceil

from xiangyue.ledger.models import Book
from xiangyue.ledger.queries import Balances

FOR_EVER = date.max


@dataclass(frozen=True)
class Move:
    """One movement between accounts, in centipoints. is_undoing: it takes back another one."""

    debit: int
    credit: int
    amount: int
    book: Book = Book.SPENDABLE
    last: date | None = None
    is_undoing: bool = False

    def undone(self) -> "Move":
        return Move(self.credit, self.debit, self.amount, self.book, self.last, is_undoing=True)


def line(pool: int, account: int, amount: int, book: Book, last: date | None = None) -> Move:
    """Give the move of one line: an award from a pool, or with a negative amount a deduction to it."""
    return Move(pool, account, amount, book, last) if amount > 0 else Move(account, pool, -amount, book)


@dataclass
class Household:
    holder: int
    account: int
    floor: int = 0
    redeem_floor: int = 0
    is_closed: bool = False


@dataclass
class Promise:
    """A hold. It is open until it was posted or voided, or its end has come."""

    household: Household
    amount: int
    ends_at: datetime
    is_open: bool = True


@dataclass
class Model:
    """All households and what was moved: by batch, in the order of lines."""

    households: list[Household] = field(default_factory=list)
    batches: dict[int, list[Move]] = field(default_factory=dict)
    reversed_lines: Counter[tuple[int, int]] = field(default_factory=Counter)
    reversals: set[int] = field(default_factory=set)
    promises: dict[int, Promise] = field(default_factory=dict)

    def moves(self) -> list[Move]:
        return [move for moves in self.batches.values() for move in moves]

    def sum_of(self, account: int, *books: Book) -> int:
        """Give credits less debits in these books."""
        counted = [move for move in self.moves() if move.book in books]
        credits = sum(move.amount for move in counted if move.credit == account)
        return credits - sum(move.amount for move in counted if move.debit == account)

    def position(self, account: int) -> int:
        return self.sum_of(account, Book.BOTH, Book.SPENDABLE)

    def honour(self, account: int) -> int:
        return self.sum_of(account, Book.BOTH, Book.HONOUR)

    def held(self, household: Household) -> int:
        return sum(
            each.amount for each in self.promises.values() if each.is_open and each.household is household
        )

    def balance(self, household: Household) -> int:
        return max(self.position(household.account), household.floor + self.held(household))

    def redeemable(self, household: Household) -> int:
        return max(self.balance(household) - self.held(household) - household.redeem_floor, 0)

    def balances(self, household: Household) -> Balances:
        balance = self.balance(household)
        return Balances(
            honour=self.honour(household.account),
            spendable=balance,
            arrears=balance - self.position(household.account),
            held=self.held(household),
            redeemable=self.redeemable(household),
        )

    def credits(self, account: int) -> Counter[date]:
        """Give what was credited, by last day of use; what is taken back counts no more."""
        found: Counter[date] = Counter()
        for move in self.moves():
            if move.book != Book.HONOUR and account == (move.debit if move.is_undoing else move.credit):
                found[move.last or FOR_EVER] += -move.amount if move.is_undoing else move.amount
        return found

    def debits(self, account: int) -> int:
        """Give what was debited; what is given back counts no more."""
        return sum(
            -move.amount if move.is_undoing else move.amount
            for move in self.moves()
            if move.book != Book.HONOUR and account == (move.credit if move.is_undoing else move.debit)
        )

    def expiring(self, household: Household, day: date) -> int:
        """Give what expires before a day: credits until then less all debits so far, holds among them."""
        until = sum(amount for last, amount in self.credits(household.account).items() if last < day)
        return max(0, until - self.debits(household.account) - self.held(household))

    def taken(self, household: Household, amount: int) -> list[tuple[int, date | None]]:
        """Give the parts of the lots that make up an amount, the first to expire first."""
        parts: list[tuple[int, date | None]] = []
        gone = self.debits(household.account)
        for last, lot in sorted(self.credits(household.account).items()):
            left = max(lot - gone, 0)
            gone = max(gone - lot, 0)
            if part := min(left, amount):
                parts.append((part, None if last == FOR_EVER else last))
                amount -= part
        return parts

    def leaving(self, household: Household, target: int) -> list[Move]:
        """Give the moves by which all that a household has, and owes, goes to another account."""
        account, position = household.account, self.position(household.account)
        moves = [
            Move(account, target, part, last=last) for part, last in self.taken(household, max(position, 0))
        ]
        if position < 0:
            moves.append(Move(target, account, -position))
        return moves + self.honour_moved(account, target, self.honour(account))

    def honour_moved(self, account: int, target: int, honour: int) -> list[Move]:
        ends = (account, target) if honour > 0 else (target, account)
        return [Move(*ends, abs(honour), Book.HONOUR)] if honour else []

    def cleared(self, household: Household, base: int, percent: int) -> int:
        """Give what does not stay at the end of a period."""
        free = self.balance(household) - self.held(household)
        stays = max(base, household.floor, household.redeem_floor)
        stays += ceil(Fraction(max(free - stays, 0) * percent, 100))
        return max(free - stays, 0)
