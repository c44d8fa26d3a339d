"""Awarding one household, as when it is honoured: the short statement beside that which posts months."""

import secrets

from bench import bare
from bench.county import County
from bench.rush import Rush, measure_rush, sql_of
from bench.scale import Scale
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.ledger.models import Cause
from xiangyue.ledger.operations.awarding import award
from xiangyue.ledger.operations.batches import Posting


def measure(county: County, scale: Scale) -> None:
    """Print how many awards a second there are."""
    rush = Rush(
        name="award",
        pools=county.issuers,
        pool="issuer",
        ours=sql_of(lambda: ask(holder=county.holders.first, pool=county.issuers.first, amount=1)),
        bare=bare.AWARD,
        keyed=bare.AWARD_KEYED,
        stored=bare.AWARD_STORED,
    )
    measure_rush(rush, county, scale)


def ask(*, holder: int, pool: int, amount: int) -> None:
    """Award once."""
    line = secrets.randbits(62)
    award(
        posting=Posting(f"award:{line}", Cause.GRANT, line, Actor.user(1), clock.today()),
        holder_id=holder,
        pool_id=pool,
        amount=amount,
    )
