"""What the worker does for the ledger: ending holds, taking out points that ran out, sealing."""

from datetime import date, timedelta

from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.ledger.models import AccountKind, Seal, Unsealed
from xiangyue.ledger.operations.expiring import expire_points
from xiangyue.ledger.operations.holding import expire_holds
from xiangyue.ledger.operations.opening import common_pool
from xiangyue.ledger.operations.sealing import seal_all
from xiangyue.tenancy.jobs import every_few_minutes
from xiangyue.tenancy.schemas import current_schema

# A seal an hour keeps a household's proof short; what waits in between is summed whenever a pool is asked for.
SEAL_AFTER = timedelta(hours=1)
MOST_WAITING = 5_000

_expired_on: dict[str, date] = {}  # by schema


def end_holds() -> None:
    """Free whatever was held past its end in the county whose schema is entered."""
    while expire_holds():
        pass


def expire_county() -> None:
    """Take out what ran out in the county whose schema is entered."""
    expire_points(actor=SYSTEM, pool_id=common_pool(kind=AccountKind.EXPIRED))


def seal_county() -> None:
    """Seal what waits in the county whose schema is entered, if it waits long enough or is much."""
    waiting = Unsealed.objects.all()[:MOST_WAITING].count()
    last = Seal.objects.order_by("-number").first()
    is_due = last is None or last.sealed_at + SEAL_AFTER <= clock.now()
    if waiting >= MOST_WAITING or (waiting and is_due):
        seal_all()


def expire_once_a_day() -> None:
    """Do that once a day and worker: it reads all transfers, and a day is the least that can change it."""
    if _expired_on.get(current_schema()) != clock.today():
        expire_county()
        _expired_on[current_schema()] = clock.today()


every_few_minutes("holds", end_holds, minutes=5)
every_few_minutes("expiry", expire_once_a_day, minutes=30)
every_few_minutes("seal", seal_county, minutes=10)
