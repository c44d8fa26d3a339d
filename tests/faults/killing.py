"""Processes that work on a server of the test's own, and how they, or the server, are killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from tests.tenancy.embedded_world import is_running, postmaster, until
from xiangyue.tenancy import embedded
from xiangyue.tenancy.embedded import Server

PATIENCE = 120  # seconds that a command may take on a busy machine


def database_url(server: Server) -> str:
    parts = {name: quote(str(value), safe="") for name, value in server.dsn().items()}
    return "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**parts)


@contextmanager
def working(server: Server, module: str, *words: str) -> Iterator["subprocess.Popen[str]"]:
    """Start `python -m module words` on that server."""
    child = subprocess.Popen(
        [sys.executable, "-m", module, *words],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "DATABASE_URL": database_url(server), "XIANGYUE_HOME": str(server.home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield child
    finally:
        child.kill()
        child.communicate(timeout=PATIENCE)


def ended(server: Server, module: str, *words: str) -> str:
    """Let a command work to its end; give what it said."""
    with working(server, module, *words) as child:
        said, complaints = child.communicate(timeout=PATIENCE)
        assert child.returncode == 0, complaints
    return said


def kill_database(server: Server) -> None:
    """Kill the server's postmaster, wait until nothing of it is left, and start it again."""
    os.kill(postmaster(server), signal.SIGKILL)
    until(lambda: not is_running(server))
    embedded.start(server)
