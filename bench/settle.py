"""The whole settlement of a month, with its claims, its locks and its log, against the same bare posting."""

from bench import report
from bench.county import County
from bench.month import due_month, settle
from bench.post import TABLES, post_bare
from bench.scale import Scale, lines_of


def measure(county: County, scale: Scale) -> None:
    """Print how long a month takes from the notices' deadline to the last balance."""
    lines = lines_of(county.households)

    def raw() -> float:
        villages = due_month(county)
        report.calm(*TABLES)
        return report.timed(post_bare, county, villages)

    def ours() -> float:
        report.calm(*TABLES)
        return report.timed(settle, county)

    beside, mine = report.in_turns(scale.runs, raw, ours)
    report.times("settle", f"{county}, {lines:,} lines", ours=mine, beside=beside, lines=lines, goal=2.5)
