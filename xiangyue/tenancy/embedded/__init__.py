"""The embedded PostgreSQL: a server for everyone who has none, in the data home, started and stopped by us.

Any number of processes use one home's server. Each holds `use.lock` shared for as long as it uses it;
starting and stopping happen under `start.lock`. The first one in starts the server, the last one out
stops it. A killed process loses its locks, not the server: the next one joins it. See DATABASE.
"""

import atexit
import contextlib
import logging
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from ..refusals import EmbeddedError, ServerBusy
from . import cluster
from .locks import FileLock
from .places import Dsn, Server, locate, make_folder, reported_for
from .program import account_of, check_reachable

__all__ = ["Dsn", "Server", "Status", "locate", "start", "status", "stop"]

_PATIENCE = cluster.RECOVERY_PATIENCE + cluster.START_PATIENCE
_log = logging.getLogger(__name__)
_guard = threading.RLock()
_uses: dict[Server, FileLock] = {}
_of_child: dict[Server, FileLock] = {}  # filled only during a fork


@dataclass(frozen=True)
class Status:
    """What `xiangyue doctor` tells of the server. `version` is that of the running server, else None."""

    running: bool
    version: str | None
    data: Path
    log: Path
    account: str


def start(server: Server) -> None:
    """Use the server from now on, until `stop` or the end of this process; start it unless it runs already.

    Once per process is enough, again does no harm: it restarts a server that was killed. A forked child is
    a user of its own. Raises an EmbeddedError.
    """
    with _guard, _transition(server) as transition:
        account = account_of(server)
        check_reachable(server, account)
        cluster.prepare_folders(server, account)
        is_new = server not in _uses
        if is_new:
            _uses[server] = _held(server, "use.lock", shared=True)
        try:
            cluster.ensure_running(server, account, transition)
        except EmbeddedError:  # not on Ctrl-C: the server may be up, and we are to stop it at our end
            if is_new:
                _uses.pop(server).close()
            raise


def stop(server: Server) -> None:
    """Use the server no longer; stop it if no other process uses it. Without a `start` before, do nothing.

    Raises an EmbeddedError when the server does not stop.
    """
    with _guard:
        use = _uses.pop(server, None)
        if use is None:
            return
        try:
            if server.data.exists():
                with _transition(server) as transition:
                    if use.acquire(shared=False):
                        cluster.shut_down(server, account_of(server), transition)
        finally:
            use.close()


def status(server: Server) -> Status:
    """Look at the server without starting or making anything."""
    running = cluster.answer(server) is not cluster.Answer.SILENT
    version = None
    if running and (server.root / "password").exists():
        with (
            contextlib.suppress(psycopg.OperationalError, EmbeddedError),
            psycopg.connect(**server.dsn()) as connection,
        ):
            version = connection.info.parameter_status("server_version")
    return Status(running, version, server.data, server.log, account_of(server).name)


@contextlib.contextmanager
def _transition(server: Server) -> Iterator[FileLock]:
    """Be the only process that starts or stops this server."""
    with reported_for(server.root):
        make_folder(server.root)
    lock = _held(server, "start.lock", shared=False)
    try:
        yield lock
    finally:
        lock.close()


def _held(server: Server, name: str, *, shared: bool) -> FileLock:
    with reported_for(server.root):
        lock = FileLock(server.root / name)
    if not lock.acquire(shared=shared, patience=_PATIENCE):
        lock.close()
        raise ServerBusy(folder=server.data, seconds=round(_PATIENCE))
    return lock


def _leave() -> None:
    for server in list(_uses):
        try:
            stop(server)
        except EmbeddedError as error:  # the server stays up, and the next process joins it
            _log.warning("%s", error)


def _before_fork() -> None:
    """Take a lock for the child while ours still keeps the server up: it uses the server in its own right."""
    _guard.acquire()  # no lock changes hands while the process is doubled
    for server in _uses:
        with contextlib.suppress(OSError, EmbeddedError):
            _of_child[server] = _held(server, "use.lock", shared=True)


def _after_fork_in_parent() -> None:
    for lock in _of_child.values():
        lock.leave_to_other()
    _of_child.clear()
    _guard.release()


def _after_fork_in_child() -> None:
    global _guard
    _guard = threading.RLock()
    for lock in _uses.values():
        lock.leave_to_other()
    _uses.clear()
    _uses.update(_of_child)
    _of_child.clear()


atexit.register(_leave)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child
    )
