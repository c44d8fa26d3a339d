"""The auditor in a process of its own: `python -m bench.audit SCHEMA` prints what it took, as JSON.

Faults are counted as they come, never listed. Nothing is timed before Django is set up.
"""

import json
import subprocess
import sys
import time
from collections import Counter
from typing import NamedTuple

from bench.memory import peak


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
    print(json.dumps(Audit(seconds, peak(), faults)._asdict()))


if __name__ == "__main__":
    main()
