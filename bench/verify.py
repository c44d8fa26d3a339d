"""The auditor over a county that was settled and sealed for months, in a process of its own, for its memory.

Against all transfers through one SHA-256. What it finds is counted by code; it should be nothing.
"""

import statistics

from bench import bare, report
from bench.audit import Audit, audited
from bench.county import County
from bench.month import due_month, settle, settled_months
from bench.scale import Scale
from xiangyue.ledger.models import Transfer
from xiangyue.ledger.operations.sealing import seal_all

MOST_MEMORY = 200  # MB


def measure(county: County, scale: Scale) -> None:
    """Print how many transfers a second are verified, and in how much memory. Nothing is left unsealed before."""
    while settled_months() < scale.months:
        due_month(county)
        settle(county)
    seal_all()
    report.calm("ledger_account", "ledger_batch", "ledger_transfer", "ledger_unsealed", "ledger_sealedbatch")
    transfers, audits = Transfer.objects.count(), list[Audit]()

    def raw() -> float:
        return transfers / report.timed(bare.hash_rows, bare.TRANSFERS)

    def ours() -> float:
        audits.append(audited(county.schema))
        return transfers / audits[-1].seconds

    beside, mine = report.in_turns(scale.audits, raw, ours, warm=False)
    peak = statistics.median(audit.peak for audit in audits)
    faults = ", ".join(f"{code} {count:,}" for code, count in sorted(audits[-1].faults.items()))
    report.rates(
        "verify",
        f"{county}, {transfers:,} transfers",
        ours=mine,
        beside=beside,
        rest=(f"peak {peak:.0f} MB", report.at_most(MOST_MEMORY, peak, " MB"), f"faults: {faults or 'none'}"),
    )
