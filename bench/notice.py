"""Issuing a village's notice: its month's decisions laid out, ranked, masked, sealed and hung out.

Against one INSERT … SELECT of the decided lines. The village lies in counties of growing size.
"""

from django.db import connection

from bench import bare, report
from bench.county import County
from bench.month import MONTH, decide
from bench.scale import VILLAGE, Scale
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.periods import Period
from xiangyue.scoring.operations.notices import issue_notice


def measure(county: County, scale: Scale) -> None:
    """Print how long a notice takes."""
    village, households = county.villages[0], min(county.households, VILLAGE)
    mine, raw, lines = [], [], 0
    for run in range(scale.runs):
        period = Period(MONTH.year, MONTH.month + 1 + run)
        lines = decide(period, villages=[village], households=households)
        raw.append(report.timed(_issue_bare, village, period))
        mine.append(report.timed(issue_notice, actor=SYSTEM, unit_id=village, period=period))
    size = f"{households} of {county}, {lines:,} lines"
    report.times("notice", size, ours=mine, beside=raw, lines=lines)


def _issue_bare(village: int, period: Period) -> None:
    with connection.cursor() as cursor:
        cursor.execute(bare.NOTICE, {"village": village, "period": str(period)})
