"""Posting a month: every line to honour and to spendable, a village in one batch.

Against one leg a line and one update of the balances, the whole month at once.
"""

import itertools
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
from xiangyue.ledger.operations.posting import post_lines
from xiangyue.people.models import Household
from xiangyue.scoring.models import NoticeLine

TABLES = ("ledger_account", "ledger_batch", "ledger_transfer", "bare_balance", "bare_entry")

_month = itertools.count(1)


def measure(county: County, scale: Scale) -> None:
    """Print how long a month takes."""
    lines, villages = lines_of(county.households), month_of(county)

    def ours() -> float:
        report.calm(*TABLES)
        return report.timed(post_villages, county, villages)

    def raw() -> float:
        report.calm(*TABLES)
        return report.timed(post_bare, county, villages)

    beside, mine = report.in_turns(scale.runs, raw, ours)
    report.times("post", f"{county}, {lines:,} lines", ours=mine, beside=beside, lines=lines, goal=2.0)


def post_villages(county: County, villages: Iterable[list[int]]) -> None:
    """Post the sheets of each village in a batch of its own; asked again, again."""
    month = next(_month)
    for sheets in villages:
        post_lines(
            posting=Posting(f"month {month}:{sheets[0]}", Cause.SETTLEMENT, sheets[0], SYSTEM, clock.today()),
            pool_id=county.issuers.first,
            lines=NoticeLine.objects.filter(sheet__in=sheets).values_list("id", "household_id", "points"),
            owners=Household.objects.values_list("id", "holder_id"),
        )


@transaction.atomic
def post_bare(county: County, villages: Iterable[list[int]]) -> None:
    """Post the sheets of all villages in two statements."""
    values: dict[str, Any] = {
        "issuer": county.issuers.first,
        "sheets": list(itertools.chain.from_iterable(villages)),
    }
    with connection.cursor() as cursor:
        cursor.execute(bare.POST, values)
        cursor.execute(bare.BALANCE, values)
