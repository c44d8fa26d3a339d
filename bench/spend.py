"""Spending: the household's one statement at the till, spread over many shops and all in one."""

import secrets

from bench import bare
from bench.county import County
from bench.rush import Rush, measure_rush, sql_of
from bench.scale import Scale
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.ledger.models import Cause
from xiangyue.ledger.operations.batches import Posting
from xiangyue.ledger.operations.spending import spend


def measure(county: County, scale: Scale) -> None:
    """Print how many spends a second there are."""
    measure_rush(spending(county), county, scale)


def spending(county: County) -> Rush:
    """Give the rush at the county's tills."""
    return Rush(
        name="spend",
        pools=county.shops,
        pool="shop",
        ours=sql_of(lambda: ask(holder=county.holders.first, pool=county.shops.first, amount=1)),
        bare=bare.SPEND,
        keyed=bare.SPEND_KEYED,
        stored=bare.SPEND_STORED,
    )


def ask(*, holder: int, pool: int, amount: int) -> None:
    """Spend once."""
    order = secrets.randbits(62)
    spend(
        posting=Posting(f"order:{order}", Cause.ORDER, order, Actor.user(1), clock.today()),
        holder_id=holder,
        pool_id=pool,
        amount=amount,
    )
