"""What the tills feel while a month is posted: 500 spends a second, and the slowest one in a hundred.

Against bare spends beside bare posting, a village at a time. Ours also while months are settled, by parts of a village.
What the tills feel of a machine on which nothing is posted is printed too: it is not the ledger's to better.
"""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from bench import report
from bench.county import County
from bench.month import due_month, month_of, settle_all
from bench.pgbench import pgbench
from bench.post import TABLES, post_bare, post_villages
from bench.rush import script
from bench.scale import Scale, lines_of
from bench.spend import spending

RATE = 500  # spends a second
LINES, MONTHS = 250_000, 8  # to settle meanwhile, so that it lasts as long as the tills are open; at the most

Post = Callable[[County, list[list[int]]], None]


def measure(county: County, scale: Scale) -> None:
    """Print the 99th percentile of a spend."""
    villages, rush = month_of(county), spending(county)
    size = f"{county}, {RATE} spends/s"

    def slowest(statement: str, post: Post, chunks: list[list[int]]) -> float:
        report.calm(*TABLES)
        text = script(statement, county, rush.pools)
        with ThreadPoolExecutor(1) as counter:
            tills = counter.submit(pgbench, text, schema=county.schema, seconds=2 * scale.seconds, rate=RATE)
            for sheets in itertools.cycle(chunks):
                if tills.done():
                    break
                post(county, [sheets])
            return tills.result().slowest

    def while_settling() -> float:
        for _month in range(min(-(-LINES // lines_of(county.households)), MONTHS)):
            due_month(county)
        report.calm(*TABLES)
        text = script(rush.ours, county, rush.pools)
        with ThreadPoolExecutor(1) as counter:
            tills = counter.submit(pgbench, text, schema=county.schema, seconds=2 * scale.seconds, rate=RATE)
            settle_all()
            return tills.result().slowest

    def undisturbed(statement: str) -> float:
        text = script(statement, county, rush.pools)
        return pgbench(text, schema=county.schema, seconds=2 * scale.seconds, rate=RATE).slowest

    raw_quiet, quiet, beside, mine, settling = report.in_turns(
        scale.runs,
        partial(undisturbed, rush.bare),
        partial(undisturbed, rush.ours),
        partial(slowest, rush.bare, post_bare, villages),
        partial(slowest, rush.ours, post_villages, villages),
        while_settling,
    )
    report.waits("wait, nothing posted", size, ours=quiet, beside=raw_quiet)
    report.waits("wait, 99th percentile", f"{size}, by villages", ours=mine, beside=beside, goal=10)
    report.waits("wait, 99th percentile", f"{size}, settled", ours=settling, beside=beside, goal=10)
