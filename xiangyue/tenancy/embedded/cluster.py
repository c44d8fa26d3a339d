"""One PostgreSQL cluster: making it, starting it, stopping it, asking whether it answers.

Whether it runs is judged by asking it (pg_isready), never by process numbers: those are reused, and a dead
process can stay in the table. Everything here is called under the start lock, except `answer` and `tail`.
"""

import contextlib
import os
import shutil
import subprocess
import time
from enum import IntEnum
from pathlib import Path

import psycopg
from psycopg import sql

from ..refusals import (
    DataFolderOccupied,
    DataFolderOtherVersion,
    DataFolderUnwritable,
    DiskFull,
    EmbeddedError,
    ServerNotOurs,
    ServerStartFailed,
    ServerStopFailed,
    SocketFolderTaken,
)
from .locks import FileLock
from .places import DATABASE, NEEDED_MIB, ROLE, Server, reported_for, sync_folder
from .program import Account, drop_old_copies, installed, programs, run, version

# After a kill of the postmaster its last processes need about 2 s to let go of the shared memory.
START_PATIENCE = 15.0  # seconds of failed starts before giving up
RECOVERY_PATIENCE = 300.0  # seconds that a server may take to replay its log or to shut down
_POLL = 0.1  # seconds
_LOG_AGE = 6 * 86400  # seconds
_LOG_END = 2**16  # bytes
_FULL = ("No space left on device", "Disk quota exceeded")
_FORBIDDEN = ("wrong ownership", "invalid permissions", "Read-only file system", "Permission denied")
_CROWDED = ("too many clients", "remaining connection slots")


class Answer(IntEnum):
    """What pg_isready says."""

    READY = 0
    REJECTING = 1  # starting, recovering or shutting down
    SILENT = 2


def answer(server: Server) -> Answer:
    """Ask the server whether it takes connections. Raises ProgramUnusable."""
    bin_folder = installed()
    address = ["-h", server.host, "-p", str(server.port), "-U", ROLE, "-d", DATABASE, "-t", "3"]
    code = run(None, [bin_folder / "pg_isready", *address], bin_folder).returncode
    return Answer(code) if code in (0, 1) else Answer.SILENT


def prepare_folders(server: Server, account: Account) -> None:
    """Make the folders of logs and of the socket; refuse a socket folder that others can use."""
    for folder in (server.log, *([server.socket] if server.by_socket else [])):
        with reported_for(folder):
            try:
                folder.mkdir(mode=0o700)
            except FileExistsError:
                # A process killed between the two steps leaves root's own empty folder.
                if account.drop and folder.lstat().st_uid == 0 and not folder.is_symlink():
                    account.take(folder)
            else:
                account.take(folder)
    if server.by_socket and not _private(server.socket, account):
        raise SocketFolderTaken(folder=server.socket, account=account.name)


def _private(folder: Path, account: Account) -> bool:
    mode = folder.lstat().st_mode
    return folder.is_dir() and not folder.is_symlink() and account.owns(folder) and not mode & 0o077


def ensure_running(server: Server, account: Account, lock: FileLock) -> None:
    """Join the server that runs here, or make and start it; then check that it is ours.

    A server that we started and then have to refuse is stopped again.
    """
    launched = False
    silent_until = recovering_until = time.monotonic() + RECOVERY_PATIENCE
    while (said := answer(server)) is not Answer.READY:
        if said is Answer.SILENT:
            if not launched:
                silent_until = time.monotonic() + START_PATIENCE
                _check_or_make(server, account, lock)
                _write_settings(server)
                _tidy(server)
            elif time.monotonic() > silent_until:
                raise ServerStartFailed(folder=server.data, log=server.log, cause=tail(server))
            launched = True
            if _launch(server, account):
                continue
        elif time.monotonic() > recovering_until:
            raise ServerStartFailed(folder=server.data, log=server.log, cause=tail(server))
        time.sleep(_POLL)
    try:
        _verify(server)
    except EmbeddedError:
        if launched:
            shut_down(server, account, lock)
        raise


def shut_down(server: Server, account: Account, lock: FileLock) -> None:
    """Stop the server, waiting until its work is safe on disk. Raises ServerStopFailed."""
    options = ["-D", server.data.name, "-m", "fast", "-t", f"{RECOVERY_PATIENCE:.0f}"]
    run(account, [programs(server, account) / "pg_ctl", "stop", *options], server.root, holding=lock)
    if answer(server) is not Answer.SILENT:
        raise ServerStopFailed(folder=server.data, log=server.log, cause=tail(server))


def tail(server: Server, lines: int = 6) -> str:
    """The last lines that the server wrote, for a person who has to find the cause."""
    return "\n".join(_written(server, {}).splitlines()[-lines:])


def _written(server: Server, before: dict[Path, int]) -> str:
    """What the logs have gained since they had those sizes; of each at most its end."""
    text = ""
    for path in sorted(server.log.glob("*.log"), key=lambda path: path.stat().st_mtime):
        with path.open("rb") as file:
            file.seek(max(before.get(path, 0), path.stat().st_size - _LOG_END))
            text += file.read().decode("utf-8", "replace")
    return text


def _tidy(server: Server) -> None:
    """Drop old programs, and last week's logs: one that never runs at midnight would append to them."""
    with reported_for(server.log):
        for path in server.log.glob("*.log"):
            if time.time() - path.stat().st_mtime > _LOG_AGE:
                path.unlink()
    drop_old_copies(server)


def _check_or_make(server: Server, account: Account, lock: FileLock) -> None:
    with reported_for(server.data):
        if not server.data.is_dir() or not (names := sorted(os.listdir(server.data))):
            if os.path.lexists(server.data) and not server.data.is_dir():
                raise DataFolderOccupied(folder=server.data, found=server.data.name)
            _make(server, account, lock)
            return
        if "PG_VERSION" not in names:
            raise DataFolderOccupied(folder=server.data, found="、".join(names[:5]))
        found = (server.data / "PG_VERSION").read_text("ascii", "replace").strip()[:20]
    ours = version().partition(".")[0]
    if found != ours:
        raise DataFolderOtherVersion(folder=server.data, found=found, ours=ours)


def _make(server: Server, account: Account, lock: FileLock) -> None:
    """Make a cluster aside and move it into place whole: a killed first start is simply done again."""
    draft, password = server.root / "data.new", server.root / "data.new.password"
    if shutil.disk_usage(server.root).free < NEEDED_MIB * 2**20:
        raise DiskFull(folder=server.root, needed=NEEDED_MIB)
    shutil.rmtree(draft, ignore_errors=True)
    password.unlink(missing_ok=True)
    draft.mkdir(mode=0o700)
    account.take(draft)
    secret = server.dsn()["password"]  # in a file of its own: the account can't read ours
    with open(os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secret)
    account.take(password)
    try:
        done = run(account, _initdb(server, account, draft.name, password.name), server.root, holding=lock)
    finally:
        password.unlink()
    if done.returncode:
        shutil.rmtree(draft, ignore_errors=True)
        _explain(server, done.stdout)
        raise ServerStartFailed(folder=server.data, log=server.log, cause=done.stdout.strip())
    if server.data.exists():
        server.data.rmdir()
    draft.rename(server.data)
    sync_folder(server.root)


def _initdb(server: Server, account: Account, data: str, password: str) -> list[str | Path]:
    return [
        programs(server, account) / "initdb",
        *("-D", data, "-U", ROLE, f"--pwfile={password}"),
        *("--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8", "--locale=C"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"),
    ]


def _write_settings(server: Server) -> None:
    """Write our settings over initdb's, at each start: they depend on the machine and the home's path."""
    memory = _memory()
    shared = max(32, min(memory // 4, 1024))
    settings = {
        "listen_addresses": "" if server.by_socket else server.host,
        "port": server.port,
        "max_connections": 100,
        "max_locks_per_transaction": 256,
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{max(64, memory // 2)}MB",
        "random_page_cost": "1.1",  # disks without heads: an index costs hardly more than reading on
        "jit": "off",  # our statements are many and short; compiling one would take longer than running it
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "password_encryption": "scram-sha-256",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "logging_collector": "on",
        "log_directory": f"../{server.log.name}",
        "log_filename": "postgresql-%a.log",  # a week of days, each overwritten by its next
        "log_rotation_age": "1d",
        "log_rotation_size": 0,
        "log_truncate_on_rotation": "on",
    }
    if server.by_socket:
        settings |= {"unix_socket_directories": server.host, "unix_socket_permissions": "0700"}
    lines = [f"include '{server.data.name}/postgresql.conf'", *(f"{k} = '{v}'" for k, v in settings.items())]
    path = server.root / "postgresql.conf"
    with reported_for(path):
        path.unlink(missing_ok=True)
        path.write_text("\n".join(lines) + "\n", "utf-8")
        path.chmod(0o644)


def _memory() -> int:
    """The memory that we may use, in MiB: the machine's or the container's, whichever is less."""
    limits = [512 * 2**20]
    with contextlib.suppress(AttributeError, ValueError, OSError):
        limits = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        with contextlib.suppress(OSError, ValueError):  # "max" is no number: no limit
            limits.append(int(Path(path).read_text("ascii")))
    return min(limits) // 2**20


def _launch(server: Server, account: Account) -> bool:
    """Try once to start it, and refuse at once what can't get better. Whether it runs is for `answer` to say."""
    start_log = server.log / "start.log"
    with reported_for(start_log):
        start_log.unlink(missing_ok=True)
        before = {path: path.stat().st_size for path in server.log.glob("*.log")}
    # Relative paths: pg_ctl hands them to a shell.
    where = ["-D", server.data.name, "-l", f"{server.log.name}/{start_log.name}"]
    options = ["-o", "-c config_file=postgresql.conf", "-w", "-t", f"{START_PATIENCE:.0f}"]
    done = run(account, [programs(server, account) / "pg_ctl", "start", *where, *options], server.root)
    if done.returncode:
        said = f"{done.stdout}\n{_written(server, before)}"
        _explain(server, said)
        if "lock file" in said:
            for path in (server.data / "postmaster.pid", server.socket / f".s.PGSQL.{server.port}.lock"):
                _disown(path)
    return done.returncode == 0


def _explain(server: Server, said: str) -> None:
    if any(sign in said for sign in _FULL):
        raise DiskFull(folder=server.root, needed=NEEDED_MIB)
    for line in said.splitlines():
        if any(sign in line for sign in _FORBIDDEN):
            raise DataFolderUnwritable(folder=server.data, cause=line.strip())


def _disown(path: Path) -> None:
    """Free a lock file of a dead postmaster whose process number another program, or a zombie, has now.

    PostgreSQL would refuse for as long as that program lives. It takes no offence at its starter's number, so
    we write ours, and its other guard (shared memory still in use) stays in force.
    """
    with contextlib.suppress(OSError, ValueError):
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
        with open(descriptor, "r+", encoding="utf-8") as file:
            first, *rest = file.read().splitlines(keepends=True)
            if not _is_postgres(int(first)):
                file.seek(0)
                file.truncate()
                file.writelines([f"{os.getpid()}\n", *rest])


def _is_postgres(number: int) -> bool:
    status = Path(f"/proc/{number}/stat")
    if status.parent.parent.joinpath("self").exists():
        with contextlib.suppress(OSError):
            name, _, state = status.read_text("utf-8", "replace").partition("(")[2].rpartition(")")
            return name == "postgres" and state.strip()[0] not in "ZX"
        return False
    command = ["ps", "-o", "stat=,comm=", "-p", str(number)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return "postgres" in done.stdout and not done.stdout.lstrip().startswith("Z")


def _verify(server: Server) -> None:
    """Sign in with our password, check that these are our data, make the database if a crash left none."""
    dsn = server.dsn()
    dsn["dbname"] = "postgres"
    names = {"address": f"{server.host}:{server.port}", "password": server.root / "password"}
    try:
        with psycopg.connect(**dsn, autocommit=True, connect_timeout=10) as connection:
            folder = connection.execute("SHOW data_directory").fetchall()[0][0]
            # A folder that is gone was ours under its old name: the home has been moved while in use.
            if os.path.exists(folder) and not os.path.samefile(folder, server.data):
                raise ServerNotOurs(**names, cause=folder)
            databases = connection.execute("SELECT datname FROM pg_database").fetchall()
            if (DATABASE,) not in databases:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    except psycopg.OperationalError as error:
        cause = str(error).strip()
        if not any(sign in cause for sign in _CROWDED):  # that one is ours, and busy
            raise ServerNotOurs(**names, cause=cause) from error
