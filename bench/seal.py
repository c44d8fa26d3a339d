"""Sealing a settled month, against the same rows through one SHA-256."""

from bench import bare, report
from bench.county import County
from bench.month import due_month, settle
from bench.post import TABLES
from bench.scale import Scale, lines_of
from xiangyue.ledger.operations.sealing import seal_all


def measure(county: County, scale: Scale) -> None:
    """Print how long a month takes. Whatever waited before is sealed first, unmeasured."""
    lines = lines_of(county.households)
    seal_all()

    def seal() -> None:
        assert sum(made.transfers for made in seal_all()) == lines

    def raw() -> float:
        due_month(county)
        settle(county)
        report.calm(*TABLES, "ledger_unsealed")
        return report.timed(bare.hash_rows, bare.UNSEALED)

    def ours() -> float:
        return report.timed(seal)

    beside, mine = report.in_turns(scale.runs, raw, ours, warm=False)
    size = f"{county}, {lines:,} transfers"
    report.times("seal", size, ours=mine, beside=beside, lines=lines, seconds=10)
