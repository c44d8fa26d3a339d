"""A data home and a database server for one run, gone when it ends."""

import contextlib
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from xiangyue.tenancy import embedded

# Every commit waits 2 ms before it flushes the log, whether others commit or not: what a county's disk takes, while
# the virtual disk of a test machine hides rows that all must lock. libpq hands this to each session.
SLOW_COMMIT = "-c commit_delay=2000 -c commit_siblings=0"


@contextlib.contextmanager
def own_home(*, slow_commit: bool) -> Iterator[None]:
    """Run an embedded server in a temporary home, and point Django's settings at it before they are read."""
    folder = Path(tempfile.mkdtemp(prefix="xiangyue-bench-"))
    folder.chmod(0o755)  # as root, the server's own account has to reach it
    os.environ |= {
        "XIANGYUE_HOME": str(folder),
        "XIANGYUE_SECRET_KEY": "benchmarks only",
        "DJANGO_SETTINGS_MODULE": "xiangyue.config.settings",
        "PGOPTIONS": SLOW_COMMIT if slow_commit else "",
    }
    os.environ.pop("DATABASE_URL", None)
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(143))  # or the server would outlive us
    server = embedded.locate()
    try:
        embedded.start(server)
        yield
    finally:
        embedded.stop(server)
        shutil.rmtree(folder, ignore_errors=True)
