"""Opening accounts, set-based: a whole roster costs two statements."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection, transaction

from xiangyue.kernel import clock
from xiangyue.kernel.ids import PUBLIC_ID_SQL
from xiangyue.ledger.models import Account, AccountKind
from xiangyue.ledger.operations.batches import NEW_BALANCE
from xiangyue.ledger.refusals import FloorsCrossed

NEW_HOLDERS = f"""
    INSERT INTO ledger_holder (public_id)
    SELECT {PUBLIC_ID_SQL}
    FROM generate_series(1, %(count)s)
    RETURNING id
"""

OPEN_ACCOUNTS = """
    INSERT INTO ledger_account (id, holder_id, kind, currency, balance, held, arrears, honour, floor, redeem_floor)
    SELECT %(sign)s * nextval(pg_get_serial_sequence('ledger_account', 'id')), holder_id, %(kind)s, %(currency)s,
           %(balance)s, 0, 0, 0, %(floor)s, %(redeem_floor)s
    FROM unnest(%(holders)s::bigint[]) AS holder_id
"""

SET_FLOORS = f"""
    WITH locked AS MATERIALIZED (
        SELECT id FROM ledger_account WHERE holder_id = ANY(%(holders)s) AND kind = 'points' AND closed_on IS NULL
        ORDER BY id FOR NO KEY UPDATE
    ),
    lowered AS (SELECT id, %(floor)s::bigint AS floor FROM locked)
    UPDATE ledger_account account
    SET floor = lowered.floor, redeem_floor = %(redeem_floor)s,
        {NEW_BALANCE.format(moved="0", limit="lowered.floor + account.held")}
    FROM lowered WHERE account.id = lowered.id
"""


@transaction.atomic
def open_households(
    *,
    count: int,
    kinds: Sequence[AccountKind] = (AccountKind.POINTS,),
    floor: int = 0,
    redeem_floor: int = 0,
) -> list[int]:
    """Open accounts of these kinds for new households; give their holders' ids.

    floor, redeem_floor: centipoints, of the points account: what deductions and redemptions leave untouched (the
    scheme's data). Raises: FloorsCrossed.
    """
    _require_floors(floor, redeem_floor)
    holder_ids = _new_holders(count)
    _open(holder_ids, kinds, floor, redeem_floor)
    return holder_ids


@transaction.atomic
def open_pools(*, count: int, kinds: Sequence[AccountKind]) -> list[int]:
    """Open pool accounts of these kinds for new holders (issuing units, shops); give the holders' ids.

    A pool's balance is never stored: it is derived from its transfers.
    """
    holder_ids = _new_holders(count)
    _open(holder_ids, kinds)
    return holder_ids


@transaction.atomic
def add_accounts(*, holder_ids: Collection[int], kinds: Sequence[AccountKind]) -> None:
    """Open further accounts for holders who have none of these kinds yet."""
    _open(sorted(holder_ids), kinds)


def common_pool(*, kind: AccountKind) -> int:
    """Give the county's own pool of a kind, opening it when it is first asked for: where points go that run out."""
    found = Account.objects.filter(kind=kind).order_by("-id").values_list("id", flat=True).first()
    if found is None:
        (holder_id,) = open_pools(count=1, kinds=[kind])
        found = Account.objects.get(holder_id=holder_id).pk
    return found


@transaction.atomic
def set_floors(*, holder_ids: Collection[int], floor: int, redeem_floor: int) -> None:
    """Change the limits of households' points accounts (centipoints); what is owed follows. Closed ones keep none.

    Raises: FloorsCrossed.
    """
    _require_floors(floor, redeem_floor)
    with connection.cursor() as cursor:
        cursor.execute(
            SET_FLOORS, {"holders": list(holder_ids), "floor": floor, "redeem_floor": redeem_floor}
        )


def _require_floors(floor: int, redeem_floor: int) -> None:
    # Above zero a floor would be points that nobody gave; a redeem floor below it would let a till break it.
    if floor > 0 or redeem_floor < floor:
        raise FloorsCrossed


def _new_holders(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(NEW_HOLDERS, {"count": count, "milliseconds": int(clock.now().timestamp() * 1000)})
        return [holder_id for (holder_id,) in cursor.fetchall()]


def _open(
    holder_ids: Collection[int], kinds: Sequence[AccountKind], floor: int = 0, redeem_floor: int = 0
) -> None:
    with connection.cursor() as cursor:
        for kind in kinds:
            values: dict[str, Any] = {
                "sign": 1 if kind.is_kept else -1,
                "balance": 0 if kind.is_kept else None,
                "kind": kind,
                "currency": kind.currency,
                "floor": floor if kind is AccountKind.POINTS else 0,
                "redeem_floor": redeem_floor if kind is AccountKind.POINTS else 0,
            }
            cursor.execute(OPEN_ACCOUNTS, values | {"holders": list(holder_ids)})
