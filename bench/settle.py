"""The whole settlement of a month, with its claims, its locks and its log, against the same bare posting."""

from bench import report
from bench.county import County
from bench.month import MONTH, hang, month_of
from bench.post import TABLES, post_bare
from bench.scale import Scale, lines_of
from xiangyue.kernel.actors import SYSTEM
from xiangyue.kernel.periods import Period
from xiangyue.people.models import Unit
from xiangyue.scoring.operations.settlement import settle_due


def measure(county: County, scale: Scale) -> None:
    """Print how long a month takes from the notices' deadline to the last balance."""
    lines = lines_of(county.households)
    month_of(county)
    root = Unit.objects.get(parent=None).pk
    mine, raw = [], []
    for run in range(scale.runs):
        sheets = hang(county, MONTH, Period(MONTH.year - 1, run + 1), due=True)
        report.calm(*TABLES)
        raw.append(report.timed(post_bare, county, sheets))
        report.calm(*TABLES)
        mine.append(report.timed(settle_due, actor=SYSTEM, unit_id=root))
    report.times("settle", f"{county}, {lines:,} lines", ours=mine, bare=raw, lines=lines)
