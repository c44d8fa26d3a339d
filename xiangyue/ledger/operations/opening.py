"""Opening accounts, set-based: a whole roster costs three statements."""

from collections.abc import Sequence

from django.db import transaction

from xiangyue.ledger.models import HOUSEHOLD_KINDS, Account, AccountKind, Holder

BATCH = 5000


@transaction.atomic
def open_households(*, count: int, floor: int = 0, redeem_floor: int = 0) -> list[int]:
    """Open honour, spendable and arrears accounts for new households; give their holders' ids.

    floor, redeem_floor: centipoints; what deductions and redemptions leave untouched (the scheme's data).
    """
    holder_ids = _new_holders(count)
    Account.objects.bulk_create(
        (
            Account(
                holder_id=holder_id,
                kind=kind,
                balance=0,
                floor=floor if kind == AccountKind.SPENDABLE else 0,
                redeem_floor=redeem_floor if kind == AccountKind.SPENDABLE else 0,
            )
            for holder_id in holder_ids
            for kind in HOUSEHOLD_KINDS
        ),
        batch_size=BATCH,
    )
    return holder_ids


@transaction.atomic
def open_pools(*, count: int, kinds: Sequence[AccountKind]) -> list[int]:
    """Open pool accounts of these kinds for new holders (issuing units, shops); give the holders' ids.

    A pool's balance is never stored: it is derived from its transfers.
    """
    holder_ids = _new_holders(count)
    Account.objects.bulk_create(
        (Account(holder_id=holder_id, kind=kind) for holder_id in holder_ids for kind in kinds),
        batch_size=BATCH,
    )
    return holder_ids


def _new_holders(count: int) -> list[int]:
    made = Holder.objects.bulk_create((Holder() for _ in range(count)), batch_size=BATCH)
    return [holder.pk for holder in made]
