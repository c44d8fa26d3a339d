"""A few transfers between named accounts: of any currency, and what splitting, merging and closing households needs.

A household that moves house keeps its holder: nothing is posted for that. History stays with both sides.
"""

from collections.abc import Sequence
from dataclasses import astuple

from django.db import connection, transaction

from xiangyue.kernel import clock
from xiangyue.kernel.ids import digest
from xiangyue.kernel.points import format_points
from xiangyue.ledger.models import Account, AccountKind, Batch, Book
from xiangyue.ledger.operations.batches import Leg, Posting, claim, require_same_input, write_legs
from xiangyue.ledger.operations.expiring import LOCK
from xiangyue.ledger.queries import lots_of
from xiangyue.ledger.refusals import (
    AmountNotPositive,
    CurrencyMixed,
    HasOpenHolds,
    MoreThanThere,
    NoAccount,
    NoSuchAccount,
    NotEnoughPoints,
    SameHolder,
)


@transaction.atomic
def transfer(*, posting: Posting, legs: Sequence[Leg]) -> Batch:
    """Post a few transfers between accounts, whole or not at all; a household never pays what it can't redeem.

    The same key and legs posts once and gives the same batch.
    Raises: AmountNotPositive, SameHolder, NoAccount, CurrencyMixed, NotEnoughPoints, KeyReused.
    """
    input_hash = digest([[*map(str, astuple(leg))] for leg in legs])
    batch_id = claim(posting, input_hash)
    if batch_id is None:
        return require_same_input(posting.key, input_hash)
    accounts = _locked_accounts({account for leg in legs for account in (leg.debit, leg.credit)})
    if not legs or min(leg.amount for leg in legs) <= 0:
        raise AmountNotPositive
    if any(leg.debit == leg.credit for leg in legs):
        raise SameHolder
    for leg in legs:
        if {accounts[leg.debit].currency, accounts[leg.credit].currency} != {leg.currency}:
            raise CurrencyMixed
    for account in accounts.values():
        paid = sum(leg.amount for leg in legs if leg.debit == account.pk and leg.book != Book.HONOUR)
        if account.balance is not None and paid > account.redeemable:
            raise NotEnoughPoints(needed=format_points(paid), redeemable=format_points(account.redeemable))
    write_legs(batch_id, legs)
    return Batch.objects.get(id=batch_id)


@transaction.atomic
def split_points(*, posting: Posting, from_id: int, to_id: int, spendable: int, honour: int) -> Batch | None:
    """Move a part of one holder's points to another (分户), in centipoints, with their last days of use.

    None if both parts are zero. The same key and input moves once.
    Raises: SameHolder, NoSuchAccount, MoreThanThere (held points stay), KeyReused.
    """
    input_hash = digest([from_id, to_id, spendable, honour])
    source, target = _locked_pair(from_id, to_id)
    if done := _done(posting, input_hash):
        return done
    _require_open(source, target)
    free = max((source.balance or 0) - source.held, 0)
    if not 0 <= spendable <= free:
        raise MoreThanThere(asked=format_points(spendable), there=format_points(free))
    if not 0 <= honour <= max(source.honour, 0):
        raise MoreThanThere(asked=format_points(honour), there=format_points(max(source.honour, 0)))
    return _post(posting, input_hash, _legs(source, target.pk, spendable, honour))


@transaction.atomic
def merge_points(*, posting: Posting, from_id: int, to_id: int) -> Batch | None:
    """Move all that one holder has, and owes, to another, and close the first (并户).

    The same key and input merges once. Raises: SameHolder, NoSuchAccount, HasOpenHolds, KeyReused.
    """
    input_hash = digest([from_id, to_id, "all"])
    source, target = _locked_pair(from_id, to_id)
    if done := _done(posting, input_hash):
        return done
    _require_open(source, target)
    return _empty(posting, input_hash, source, target.pk)


@transaction.atomic
def close_holder(*, posting: Posting, holder_id: int, pool_id: int) -> Batch | None:
    """Move all that a holder has, and owes, to a pool, and close it (销户); None if there was nothing.

    Closing it again changes nothing. Raises: NoSuchAccount, HasOpenHolds, KeyReused.
    """
    input_hash = digest([holder_id, pool_id, "close"])
    (source,) = _locked_points([holder_id])
    if done := _done(posting, input_hash):
        return done
    if source.closed_on:
        return None
    return _empty(posting, input_hash, source, pool_id)


def _empty(posting: Posting, input_hash: str, source: Account, target_id: int) -> Batch | None:
    if source.held:
        raise HasOpenHolds(held=format_points(source.held))
    legs = _legs(source, target_id, (source.balance or 0) - source.arrears, source.honour)
    batch = _post(posting, input_hash, legs)
    # Without floors its till refuses by itself: there is nothing to redeem.
    closed = Account.objects.filter(id=source.pk)
    closed.update(closed_on=clock.today(), floor=0, redeem_floor=0)
    return batch


def _legs(source: Account, target_id: int, spendable: int, honour: int) -> list[Leg]:
    """Write down what moves: lot by lot, the first to expire first; a debt goes the other way."""
    legs, left = [], spendable
    for expires_on, amount in lots_of([source.pk]).get(source.pk, []):
        part = min(amount, left)
        if part > 0:
            legs.append(Leg(source.pk, target_id, part, Book.SPENDABLE, expires_on=expires_on))
            left -= part
    if spendable < 0:
        legs.append(Leg(target_id, source.pk, -spendable))
    if honour:
        ends = (source.pk, target_id) if honour > 0 else (target_id, source.pk)
        legs.append(Leg(*ends, abs(honour), Book.HONOUR))
    return legs


def _post(posting: Posting, input_hash: str, legs: list[Leg]) -> Batch | None:
    if not legs:
        return None
    batch_id = claim(posting, input_hash)
    if batch_id is None:
        return require_same_input(posting.key, input_hash)
    write_legs(batch_id, legs)
    return Batch.objects.get(id=batch_id)


def _done(posting: Posting, input_hash: str) -> Batch | None:
    known = Batch.objects.filter(key=posting.key).exists()
    return require_same_input(posting.key, input_hash) if known else None


def _locked_pair(from_id: int, to_id: int) -> tuple[Account, Account]:
    if from_id == to_id:
        raise SameHolder
    found = {account.holder_id: account for account in _locked_points([from_id, to_id])}
    return found[from_id], found[to_id]


def _locked_points(holder_ids: list[int]) -> list[Account]:
    points = Account.objects.filter(holder_id__in=holder_ids, kind=AccountKind.POINTS)
    locked = list(points.select_for_update(of=("self",), no_key=True).order_by("id"))
    if len(locked) < len(holder_ids):
        raise NoSuchAccount(kind=AccountKind.POINTS.label)
    return locked


def _require_open(*accounts: Account) -> None:
    if any(account.closed_on for account in accounts):
        raise NoSuchAccount(kind=AccountKind.POINTS.label)


def _locked_accounts(account_ids: set[int]) -> dict[int, Account]:
    with connection.cursor() as cursor:
        cursor.execute(LOCK, {"accounts": [each for each in account_ids if each > 0]})
    found = Account.objects.filter(id__in=account_ids, closed_on=None).in_bulk()
    if len(found) < len(account_ids):
        raise NoAccount(count=len(account_ids) - len(found))
    return found
