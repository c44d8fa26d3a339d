"""Spending: 32 tills at once on random households, all in one shop, against one table of balances and one of entries.

Three times: the statement planned once a session; planned anew at each execution, as Django sends it; and with 2 ms
more for each commit. Then the whole Python operation, on whose side the tills and their Python are, too.
"""

from bench import bare, report
from bench.county import County
from bench.home import SLOW_COMMIT
from bench.pgbench import CLIENTS, Run, pgbench
from bench.scale import Scale
from bench.tills import Counter, python_rate
from xiangyue.ledger.models import Transfer
from xiangyue.ledger.operations.spending import SPEND

TABLES = ("ledger_account", "bare_balance")
INPUT_HASH = "0" * 64

HEAD = r"""
\set holder random({first}, {last})
\set amount random(1, 100)
\set key random(1, 4611686018427387904)
\set pool {shop}
{statement};
"""

VALUES = {
    "amount": ":amount::bigint",
    "holder": ":holder",
    "pool": ":pool::bigint",
    "key": "'order:' || :key",
    "hash": f"'{INPUT_HASH}'",
    "cause": "'order'",
    "cause_id": ":key::bigint",
    "actor_kind": "'user'",
    "actor_id": "1",
    "day": "'2026-11-02'::date",
    "at": "'2026-11-02T10:00:00+08:00'::timestamptz",
}


def measure(county: County, scale: Scale) -> None:
    """Print our rate beside the bare one's."""
    size = f"{county}, {CLIENTS} tills, 1 shop"
    bare_rates = _compare("spend", size, county, scale)
    if county.households < max(scale.counties):
        return
    _compare("spend, planned each time", size, county, scale, prepared=False)
    _compare("spend, 2 ms more a commit", size, county, scale, options=SLOW_COMMIT)
    counter = Counter(county.schema, county.first, county.last, county.shop)
    whole = [python_rate(counter, tills=CLIENTS, seconds=scale.seconds) for _ in range(scale.runs)]
    report.rates("spend, the whole Python operation", size, ours=whole, bare=bare_rates)


def script(county: County, statement: str) -> str:
    """Give pgbench's script for a statement: a random household pays between 0.01 and 1 point."""
    return HEAD.format(first=county.first, last=county.last, shop=county.shop, statement=statement)


def script_of_ours(county: County) -> str:
    """Give the script of our statement."""
    return script(county, SPEND % VALUES)


def _compare(
    what: str, size: str, county: County, scale: Scale, *, prepared: bool = True, options: str = ""
) -> list[float]:
    def run(text: str) -> Run:
        report.calm(*TABLES)
        return pgbench(text, schema=county.schema, seconds=scale.seconds, prepared=prepared, options=options)

    mine, raw = [], []
    for _ in range(scale.runs):
        raw.append(run(script(county, bare.SPEND)).per_second)
        before = Transfer.objects.count()
        spent = run(script_of_ours(county))
        assert Transfer.objects.count() - before == spent.count  # nobody ran dry, every till was served
        mine.append(spent.per_second)
    report.rates(what, size, ours=mine, bare=raw)
    return raw
