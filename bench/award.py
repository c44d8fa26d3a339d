"""Awarding one household one line, as when an objection to it was dismissed: the statement that posts months."""

import secrets

from bench import bare
from bench.county import County
from bench.rush import Rush, measure_rush, sql_of
from bench.scale import Scale
from xiangyue.kernel import clock
from xiangyue.kernel.actors import Actor
from xiangyue.ledger.models import Cause
from xiangyue.ledger.operations.batches import Posting
from xiangyue.ledger.operations.posting import post_lines


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
    post_lines(
        posting=Posting(f"award:{line}", Cause.SETTLEMENT, line, Actor.user(1), clock.today()),
        pool_id=pool,
        lines=[(line, holder, amount)],
    )
