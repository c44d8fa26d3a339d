"""The auditor in a process of its own: `python -m bench.audit SCHEMA` prints what it took, as JSON.

Faults are counted as they come, never listed. Nothing is timed before Django is set up.
"""

import json
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)


class Audit(NamedTuple):
    """seconds: that it took. peak: the process's memory in MB, Python and Django included. faults: by code."""

    seconds: float
    peak: float
    faults: dict[str, int]


def audited(schema: str) -> Audit:
    """Have a county audited by another process."""
    done = subprocess.run([sys.executable, "-m", "bench.audit", schema], stdout=subprocess.PIPE, check=True)
    return Audit(**json.loads(done.stdout))


def main() -> None:
    """Audit the county of the schema that the command line names."""
    import django

    django.setup()
    from django_tenants.utils import schema_context

    from xiangyue.auditor.audit import audit

    with schema_context(sys.argv[1]):
        begun = time.perf_counter()
        faults = Counter(fault.code for fault in audit())
        seconds = time.perf_counter() - begun
    print(json.dumps(Audit(seconds, _peak(), faults)._asdict()))


def _peak() -> float:
    # Linux hands what the parent had at the fork on to getrusage, but not to the file on the process itself.
    status = Path("/proc/self/status")
    if status.exists() and (found := _PEAK.search(status.read_text(encoding="ascii"))):
        return int(found[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


if __name__ == "__main__":
    main()
