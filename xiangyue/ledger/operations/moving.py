"""A few transfers between named accounts: of any currency, and what splitting, merging and closing households needs.

A household that moves house keeps its holder: nothing is posted for that. History stays with both sides.
"""

from collections.abc import Sequence
from dataclasses import astuple

from django.db import transaction
from django.db.models import QuerySet

from xiangyue.kernel import clock
from xiangyue.kernel.ids import digest
from xiangyue.kernel.points import format_points
from xiangyue.ledger.models import Account, AccountKind, Batch, Book
from xiangyue.ledger.operations.batches import (
    Leg,
    Posting,
    claim,
    lock,
    post_legs,
    posted_before,
    write_legs,
)
from xiangyue.ledger.operations.spending import not_enough
from xiangyue.ledger.queries import lots_of
from xiangyue.ledger.refusals import (
    AmountNotPositive,
    CurrencyMixed,
    HasOpenHolds,
    MoreThanThere,
    NoAccount,
    NoSuchAccount,
    SameHolder,
)


@transaction.atomic
def transfer(*, posting: Posting, legs: Sequence[Leg]) -> Batch:
    """Post a few transfers between accounts, whole or not at all; a household never pays what it can't redeem.

    The same key and legs posts once and gives the same batch.
    Raises: AmountNotPositive, SameHolder, NoAccount, CurrencyMixed, NotEnoughPoints, KeyReused.
    """
    batch, is_new = claim(posting, digest([[*map(str, astuple(leg))] for leg in legs]))
    if not is_new:
        return batch
    named = {account_id for leg in legs for account_id in (leg.debit_id, leg.credit_id)}
    accounts = {each.pk: each for each in _locked(Account.objects.filter(id__in=named)) if not each.closed_on}
    if missing := named - accounts.keys():
        raise NoAccount(count=len(missing))
    if not legs or min(leg.amount for leg in legs) <= 0:
        raise AmountNotPositive
    if any(leg.debit_id == leg.credit_id for leg in legs):
        raise SameHolder
    for leg in legs:
        if {accounts[leg.debit_id].currency, accounts[leg.credit_id].currency} != {leg.currency}:
            raise CurrencyMixed
    for account in accounts.values():
        paid = sum(leg.amount for leg in legs if leg.debit_id == account.pk and leg.book != Book.HONOUR)
        if account.balance is not None and paid > account.redeemable:
            raise not_enough(paid, account)
    write_legs(batch, legs)
    return batch


@transaction.atomic
def split_points(*, posting: Posting, from_id: int, to_id: int, spendable: int, honour: int) -> Batch | None:
    """Move a part of one holder's points to another (分户), in centipoints, with their last days of use.

    None if both parts are zero. The same key and input moves once.
    Raises: SameHolder, NoSuchAccount, MoreThanThere (held points stay), KeyReused.
    """
    input_hash = digest([from_id, to_id, spendable, honour])
    source, target = _locked_points(from_id, to_id)
    if done := posted_before(posting.key, input_hash):
        return done
    _require_open(source, target)
    free = max((source.balance or 0) - source.held, 0)
    for asked, there in ((spendable, free), (honour, max(source.honour, 0))):
        if not 0 <= asked <= there:
            raise MoreThanThere(asked=format_points(asked), there=format_points(there))
    return post_legs(posting, input_hash, _legs(source, target.pk, spendable, honour))


@transaction.atomic
def merge_points(*, posting: Posting, from_id: int, to_id: int) -> Batch | None:
    """Move all that one holder has, and owes, to another, and close the first (并户); None if there was nothing.

    The same key and input merges once. Raises: SameHolder, NoSuchAccount, HasOpenHolds, KeyReused.
    """
    input_hash = digest([from_id, to_id, "all"])
    source, target = _locked_points(from_id, to_id)
    if done := posted_before(posting.key, input_hash):
        return done
    _require_open(source, target)
    return _empty(posting, input_hash, source, target.pk)


@transaction.atomic
def close_holder(*, posting: Posting, holder_id: int, pool_id: int) -> Batch | None:
    """Move all that a holder has, and owes, to a pool, and close it (销户); None if there was nothing.

    Closing it again changes nothing. Raises: NoSuchAccount, HasOpenHolds, KeyReused.
    """
    input_hash = digest([holder_id, pool_id, "close"])
    (source,) = _locked_points(holder_id)
    if (done := posted_before(posting.key, input_hash)) or source.closed_on:
        return done
    return _empty(posting, input_hash, source, pool_id)


def _empty(posting: Posting, input_hash: str, source: Account, target_id: int) -> Batch | None:
    if source.held:
        raise HasOpenHolds(held=format_points(source.held))
    legs = _legs(source, target_id, (source.balance or 0) - source.arrears, source.honour)
    batch = post_legs(posting, input_hash, legs)
    # Without floors its till refuses by itself: there is nothing to redeem.
    Account.objects.filter(id=source.pk).update(closed_on=clock.today(), floor=0, redeem_floor=0)
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


def _locked(accounts: QuerySet[Account]) -> list[Account]:
    lock(accounts.values_list("id", flat=True))
    return list(accounts)


def _locked_points(*holder_ids: int) -> list[Account]:
    if len(set(holder_ids)) < len(holder_ids):
        raise SameHolder
    found = _locked(Account.objects.filter(holder_id__in=holder_ids, kind=AccountKind.POINTS))
    if len(found) < len(holder_ids):
        raise NoSuchAccount(kind=AccountKind.POINTS.label)
    return sorted(found, key=lambda account: holder_ids.index(account.holder_id))


def _require_open(*accounts: Account) -> None:
    if any(account.closed_on for account in accounts):
        raise NoSuchAccount(kind=AccountKind.POINTS.label)
