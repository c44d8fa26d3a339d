"""How much memory a process ever held."""

import re
import resource
import sys
from pathlib import Path

_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)


def peak() -> float:
    """Give the most that this process ever held, in megabytes, Python included."""
    # Linux hands what the parent had at the fork on to getrusage, but not to the file on the process itself.
    status = Path("/proc/self/status")
    if status.exists() and (found := _PEAK.search(status.read_text(encoding="ascii"))):
        return int(found[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
