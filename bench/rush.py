"""One write that 32 clients ask for at once, for random households: its SQL under pgbench, and the whole operation.

Ours and the bare one take turns, since the machine is never as quiet as it was a minute ago. In the largest county
also: planned anew at each execution, as Django sends it; with 2 ms more for each commit, all at one pool, against a
ledger that stores the pool's balance; and the Python operation, on whose side the tills and their Python are, too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from psycopg import sql

from bench import report
from bench.county import County
from bench.home import SLOW_COMMIT
from bench.pgbench import CLIENTS, Run, pgbench
from bench.scale import Scale
from bench.tills import Counter, Span, python_rate
from xiangyue.ledger.models import Batch, Transfer

TABLES = ("ledger_account", "bare_balance", "bare_pool")

HEAD = r"""
\set holder random({holders.first}, {holders.last})
\set pool random({pools.first}, {pools.last})
\set amount random(1, 100)
\set key random(1, 4611686018427387904)
{statement};
"""

# What differs from one call to the next, by the operation's own parameters; all else is sent as it was captured.
RANDOM = {
    "key": "'bench:' || :key",
    "cause_id": ":key::bigint",
    "holder": ":holder",
    "pool": ":pool::bigint",
    "amount": ":amount::bigint",
}


@dataclass(frozen=True)
class Rush:
    """name: of the measure. pools: that the write goes to or comes from, and what they are called.

    ours, bare, keyed, stored: SQL with pgbench's variables; keyed is the bare one with keys and an index, stored the
    one that keeps the pool's balance.
    """

    name: str
    pools: Span
    pool: str
    ours: str
    bare: str
    keyed: str
    stored: str


def sql_of(ask: Callable[[], object]) -> str:
    """Give the statement by which an operation posts, as Django sends it, with pgbench's variables in it."""
    sent: list[tuple[str, dict[str, Any]]] = []

    def listen(execute: Callable[..., object], text: str, values: Any, many: bool, context: Any) -> object:
        if "ledger_transfer" in text:
            sent.append((text, values))
        return execute(text, values, many, context)

    with transaction.atomic(), connection.execute_wrapper(listen):
        ask()
        transaction.set_rollback(True)
    ((text, values),) = sent
    written = {name: sql.Literal(value).as_string(connection.connection) for name, value in values.items()}
    return text % (written | RANDOM)


def script(statement: str, county: County, pools: Span) -> str:
    """Give pgbench's script for a statement: a random household, a random pool, and 0.01 to 1 point."""
    return HEAD.format(holders=county.holders, pools=pools, statement=statement)


def measure_rush(rush: Rush, county: County, scale: Scale) -> None:
    """Print our rates beside the bare ones."""
    one = Span(rush.pools.last, rush.pools.last)
    at_many = f"{county}, {CLIENTS} clients, {rush.pools.size:,} {rush.pool}{'s' * (rush.pools != one)}"
    at_one = f"{county}, {CLIENTS} clients, 1 {rush.pool}"

    def rate(statement: str, pools: Span, *, prepared: bool = True, options: str = "") -> Callable[[], float]:
        ask = partial(
            pgbench,
            script(statement, county, pools),
            schema=county.schema,
            seconds=scale.seconds,
            prepared=prepared,
            options=options,
        )
        return partial(_rate, ask, posts=statement == rush.ours)

    bare, ours = rate(rush.bare, rush.pools), rate(rush.ours, rush.pools)
    raw, keyed, mine, crowded = report.in_turns(
        scale.runs, bare, rate(rush.keyed, rush.pools), ours, rate(rush.ours, one)
    )
    report.rates(rush.name, at_many, ours=mine, beside=keyed, name="keyed", goal=0.70)
    report.rates(f"{rush.name}, beside one without keys and index", at_many, ours=mine, beside=raw)
    report.rates(f"{rush.name}, one {rush.pool}", at_one, ours=crowded, beside=mine, name="many", goal=0.90)
    if county.households < max(scale.counties):
        return
    raw, mine = report.in_turns(
        scale.runs,
        rate(rush.stored, one, options=SLOW_COMMIT),
        rate(rush.ours, one, options=SLOW_COMMIT),
    )
    what = f"{rush.name}, one {rush.pool}, 2 ms more a commit"
    report.rates(what, at_one, ours=mine, beside=raw, name="stored", goal=10)
    raw, mine = report.in_turns(
        scale.runs, rate(rush.bare, rush.pools, prepared=False), rate(rush.ours, rush.pools, prepared=False)
    )
    report.rates(f"{rush.name}, planned each time", at_many, ours=mine, beside=raw)
    counter = Counter(rush.name, county.schema, county.holders, rush.pools)
    whole = partial(python_rate, counter, tills=CLIENTS, seconds=scale.seconds)
    raw, mine = report.in_turns(scale.runs, bare, whole)
    report.rates(f"{rush.name}, the whole Python operation", at_many, ours=mine, beside=raw)


def _rate(ask: Callable[[], Run], *, posts: bool) -> float:
    report.calm(*TABLES)
    before = Batch.objects.aggregate(last=Max("id"))["last"]
    done = ask()
    posted = Transfer.objects.filter(batch_id__gt=before).count()
    assert posted == (done.count if posts else 0)  # nobody ran dry, everyone was served
    return done.per_second
