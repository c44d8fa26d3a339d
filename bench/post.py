"""Posting a month: every line to honour and to spendable, in the parts in which settlement posts them.

Against one leg a line and one update of the balances, the whole month at once.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from bench import bare, report
from bench.county import County
from bench.month import month_of
from bench.scale import Scale, lines_of
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.ledger.models import Cause
from xiangyue.ledger.operations.batches import Posting
from xiangyue.ledger.operations.posting import post_awards
from xiangyue.scoring.models import NoticeLine

TABLES = ("ledger_account", "ledger_batch", "ledger_transfer", "bare_balance", "bare_entry")


def measure(county: County, scale: Scale) -> None:
    """Print how long a month takes."""
    lines, sheets = lines_of(county.households), month_of(county)
    mine, raw = [], []
    for run in range(scale.runs):
        report.calm(*TABLES)
        raw.append(report.timed(post_bare, county, sheets))
        report.calm(*TABLES)
        mine.append(report.timed(post_parts, county, sheets, f"month {run}"))
    report.times("post", f"{county}, {lines:,} lines", ours=mine, bare=raw, lines=lines)


def post_parts(county: County, sheets: Iterable[int], key: str) -> None:
    """Post sheets as settlement does, each in a transaction of its own."""
    for sheet in sheets:
        post_awards(
            posting=Posting(f"{key}:{sheet}", Cause.SETTLEMENT, sheet, SYSTEM, clock.today()),
            issuer_id=county.issuer,
            lines=NoticeLine.objects.filter(sheet=sheet, part=0).values_list(
                "id", "household__holder_id", "points"
            ),
        )


@transaction.atomic
def post_bare(county: County, sheets: list[int]) -> None:
    """Post sheets in two statements."""
    values: dict[str, Any] = {"issuer": county.issuer, "sheets": sheets}
    with connection.cursor() as cursor:
        cursor.execute(bare.POST, values)
        cursor.execute(bare.BALANCE, values)
