"""What the tills feel while a month is posted: 500 spends a second, and the slowest one in a hundred.

Against bare spends beside bare posting, in the same parts.
"""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from bench import bare, report
from bench.county import County
from bench.month import month_of
from bench.pgbench import pgbench
from bench.post import TABLES, post_bare, post_parts
from bench.scale import Scale
from bench.spend import script, script_of_ours

RATE = 500  # spends a second


def measure(county: County, scale: Scale) -> None:
    """Print the 99th percentile of a spend."""
    sheets, posted = month_of(county), itertools.count()
    mine, raw = [], []

    def slowest(text: str, post: Callable[[int], None]) -> float:
        report.calm(*TABLES)
        with ThreadPoolExecutor(1) as counter:
            tills = counter.submit(pgbench, text, schema=county.schema, seconds=scale.seconds, rate=RATE)
            for sheet in itertools.cycle(sheets):
                post(sheet)
                if tills.done():
                    break
            return tills.result().slowest

    for _ in range(scale.runs):
        raw.append(slowest(script(county, bare.SPEND), lambda sheet: post_bare(county, [sheet])))
        mine.append(
            slowest(script_of_ours(county), lambda sheet: post_parts(county, [sheet], f"wait {next(posted)}"))
        )
    report.waits("wait, 99th percentile", f"{county}, {RATE} spends/s", ours=mine, bare=raw)
