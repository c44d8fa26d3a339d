"""Points that run out: by their last day, first in first out (到期), and by a scheme's clearing rules (清零).

Expiry needs no lots on the way of a redemption (DOMAIN §5): by a day there expires what was credited to be used by
it, less all debits so far. A reversal takes back what it reverses: that credit, or that debit, counts no more.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.kernel.ids import digest
from xiangyue.ledger.models import Account, AccountKind, Batch, Cause
from xiangyue.ledger.operations.batches import Leg, Posting, lock, post_legs, posted_before
from xiangyue.ledger.queries import MOVEMENTS
from xiangyue.ledger.refusals import CarryOutOfRange

EXPIRING = f"""
    WITH {MOVEMENTS},
    due AS (
        SELECT id, coalesce(sum(credit) FILTER (WHERE expires_on < %(day)s), 0) - sum(debit) AS amount,
               count(*) AS movements
        FROM movement GROUP BY id
    ),
    running_out AS (
        SELECT id, least(due.amount - held, balance - held - floor)::bigint AS amount, movements
        FROM due JOIN ledger_account USING (id)
    )
    SELECT id, amount, movements FROM running_out WHERE amount > 0 ORDER BY id
"""

# Accounts that were ever credited with something that is past its day, and still have a balance.
MAY_EXPIRE = """
    SELECT DISTINCT account.id
    FROM ledger_transfer transfer JOIN ledger_account account ON account.id = transfer.credit_id
    WHERE transfer.credit_id > 0 AND transfer.expires_on < %(day)s AND account.kind = 'points'
      AND account.balance > account.floor + account.held
    ORDER BY 1
"""

CLEARING = """
    SELECT id, balance - held - kept.amount, 0
    FROM ledger_account,
         LATERAL (SELECT greatest(floor, redeem_floor, %(base)s) AS amount) base,
         LATERAL (SELECT base.amount + ceil(greatest(balance - held - base.amount, 0) * %(percent)s / 100.0)::bigint
                  AS amount) kept
    WHERE id = ANY(%(accounts)s) AND balance - held > kept.amount
    ORDER BY id
"""

Found = tuple[int, int, int]  # account, centipoints, and how often it was moved before

CHUNK = 1000  # accounts in one transaction, so that a till hardly waits


@dataclass(frozen=True)
class Carry:
    """What stays when a period ends (RULES "Base, floor, reset").

    base: centipoints that stay in any case, or what can't be redeemed where that is more. percent: of what lies
    above, rounded up for the household. as_base: what stays can't be redeemed from then on.
    """

    base: int = 0
    percent: int = 0
    as_base: bool = False

    def __post_init__(self) -> None:
        if self.base < 0 or not 0 <= self.percent <= 100:
            raise CarryOutOfRange


def expire_points(*, actor: Actor, pool_id: int) -> list[Batch]:
    """Take out of circulation whatever could be used until yesterday or before, and was not.

    Goes by chunks, each whole or absent; running it again goes on, or finds nothing. Gives the batches.
    """
    day = clock.today()
    with connection.cursor() as cursor:
        cursor.execute(MAY_EXPIRE, {"day": day})
        accounts = [account_id for (account_id,) in cursor.fetchall()]
    chunks = [accounts[start : start + CHUNK] for start in range(0, len(accounts), CHUNK)]
    posted = [_expire(actor, pool_id, day, chunk) for chunk in chunks]
    return [batch for batch in posted if batch]


@transaction.atomic
def clear(*, posting: Posting, pool_id: int, holder_ids: Collection[int], carry: Carry) -> Batch | None:
    """End a period: move what does not stay from households' points to a pool; honour remains. None if all stays.

    What is held for orders is left alone. The same key and input clears once; where all stays there is no batch to keep
    the key, and asking again looks again. Raises: KeyReused.
    """
    input_hash = digest([pool_id, sorted(holder_ids), carry.base, carry.percent, carry.as_base])
    points = Account.objects.filter(holder_id__in=holder_ids, kind=AccountKind.POINTS)
    accounts = list(points.values_list("id", flat=True))
    lock(accounts)
    if done := posted_before(posting.key, input_hash):
        return done
    found = _found(CLEARING, accounts, {"base": carry.base, "percent": carry.percent})
    batch = post_legs(posting, input_hash, _legs(found, pool_id))
    if carry.as_base:
        points.update(redeem_floor=Greatest(F("balance") - F("held"), F("redeem_floor")))
    return batch


@transaction.atomic
def _expire(actor: Actor, pool_id: int, day: date, accounts: list[int]) -> Batch | None:
    lock(accounts)
    found = _found(EXPIRING, accounts, {"day": day})
    input_hash = digest(found)  # with the number of movements it is another one when something runs out again
    posting = Posting(f"expiry:{day}:{input_hash}", Cause.EXPIRY, pool_id, actor, day)
    return post_legs(posting, input_hash, _legs(found, pool_id))


def _found(query: str, accounts: list[int], values: dict[str, Any]) -> list[Found]:
    """Compute what moves from accounts that are locked."""
    with connection.cursor() as cursor:
        cursor.execute(query, values | {"accounts": accounts})
        return [(account_id, int(amount), movements) for account_id, amount, movements in cursor.fetchall()]


def _legs(found: list[Found], pool_id: int) -> list[Leg]:
    return [Leg(account_id, pool_id, amount) for account_id, amount, _movements in found]
