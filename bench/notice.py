"""Issuing all notices of a county's month: in each village what was decided, ranked, masked, sealed and hung out.

Against one INSERT … SELECT of the decided lines of all villages. One village after the other, each in a transaction of
its own, as their secretaries do it.
"""

from django.db import connection

from bench import bare, report
from bench.county import County
from bench.month import MONTH, decide
from bench.scale import Scale
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.periods import Period
from xiangyue.scoring.operations.notices import issue_notice

MOST = 3  # runs: to load what was decided takes longer than to hang it out
SECONDS = 30
GROWTH = 1.2  # what a line may take more in the largest county than in the smallest

_of_a_line: list[float] = []  # seconds, county after county


def measure(county: County, scale: Scale) -> None:
    """Print how long the notices take."""
    mine, raw, lines = [], [], 0
    for run in range(min(scale.runs, MOST)):
        period = Period(MONTH.year, MONTH.month + 1 + run)
        lines = decide(period, villages=county.villages, households=county.households)
        raw.append(report.timed(_issue_bare, county, period))
        mine.append(report.timed(_issue, county, period))
    _of_a_line.append(report.median(mine) / lines)
    growth = report.at_most(GROWTH, _of_a_line[-1] / _of_a_line[0], " x")
    report.times(
        "notice",
        f"{county}, {lines:,} lines",
        ours=mine,
        beside=raw,
        lines=lines,
        seconds=SECONDS,
        rest=[f"{_of_a_line[-1] / _of_a_line[0]:.2f} x a line of the first county, {growth}"],
    )


def _issue(county: County, period: Period) -> None:
    for village in county.villages:
        issue_notice(actor=SYSTEM, unit_id=village, period=period)


def _issue_bare(county: County, period: Period) -> None:
    with connection.cursor() as cursor:
        cursor.execute(bare.NOTICE, {"villages": county.villages, "period": str(period)})
