"""Where the embedded server lives and how it is reached: folders, the password, the address."""

import contextlib
import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import platformdirs

from ..refusals import DataFolderUnwritable, DiskFull

ROLE = DATABASE = "xiangyue"
NEEDED_MIB = 160  # a new cluster, its first log segments, and some work
_SOCKET_PORT = 5432  # only a part of the socket's name
_SOCKET_PATH_LIMIT = 100  # bytes; systems allow 104 to 108
_UNSAFE_IN_ADDRESS = set(",\"'\\\n")  # separators and quotes of PostgreSQL's settings and libpq's host lists
_SYSTEM_HOME = Path("/var/lib/xiangyue")


class Dsn(TypedDict):
    """What psycopg needs to connect."""

    host: str
    port: int
    user: str
    password: str
    dbname: str


@dataclass(frozen=True)
class Server:
    """The embedded server of one data home. A value: making one touches nothing on disk."""

    home: Path

    @property
    def root(self) -> Path:
        """The server's own folder in the home. What lies beside it belongs to others."""
        return self.home / "postgres"

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def by_socket(self) -> bool:
        """Whether the server is reached through a socket file only, or (on Windows) by TCP on loopback."""
        return os.name != "nt"

    @property
    def socket(self) -> Path:
        """The folder of the socket: in the home, or under /tmp where that path would be too long for one."""
        folder = self.root / "run"
        address = f"{folder}/.s.PGSQL.{_SOCKET_PORT}"
        if len(os.fsencode(address)) < _SOCKET_PATH_LIMIT and not _UNSAFE_IN_ADDRESS & set(address):
            return folder
        return Path(f"/tmp/xiangyue-{self._digest()[:16]}")  # noqa: S108 - its owner and mode are verified

    @property
    def host(self) -> str:
        return str(self.socket) if self.by_socket else "127.0.0.1"

    @property
    def port(self) -> int:
        # A fixed port would be one for all homes; 20000-39999 lies below the range that systems hand out.
        return _SOCKET_PORT if self.by_socket else 20000 + int(self._digest(), 16) % 20000

    def dsn(self) -> Dsn:
        """Give the address and the password, starting nothing; the password is made when there is none yet.

        Raises DataFolderUnwritable or DiskFull when the password can be neither read nor made.
        """
        return Dsn(host=self.host, port=self.port, user=ROLE, password=self._password(), dbname=DATABASE)

    def _digest(self) -> str:
        return hashlib.sha256(os.fsencode(self.home)).hexdigest()

    def _password(self) -> str:
        path = self.root / "password"
        with reported_for(path):
            if not path.exists():
                make_folder(self.root)
                write_once(path, secrets.token_urlsafe(32))
            return path.read_text("ascii", "replace").strip()


def locate(home: Path | None = None) -> Server:
    """Find the data home: the one given, else XIANGYUE_HOME, else the system's (as root) or the user's."""
    if home is None:
        named = os.environ.get("XIANGYUE_HOME")
        if named:
            home = Path(named)
        elif am_root():
            home = _SYSTEM_HOME
        else:
            home = Path(platformdirs.user_data_dir("xiangyue", appauthor=False))
    return Server(home.expanduser().resolve())


def am_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def make_folder(folder: Path) -> None:
    """Make the folder and its missing parents, private to us; root's can be passed through, never listed.

    The server's account has to pass through root's. A folder that exists keeps its mode: it may not be ours.
    """
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    for part in reversed(missing):
        try:
            part.mkdir(mode=0o700)
        except FileExistsError:  # another process was faster
            continue
        if am_root():
            part.chmod(0o711)
            hand_over(part)


def hand_over(path: Path) -> None:
    """As root in another user's folder, give that user what we made there: it may go on without root."""
    if am_root() and (owner := path.parent.stat()).st_uid != 0:
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


@contextlib.contextmanager
def reported_for(folder: Path) -> Iterator[None]:
    """Turn the system's errors on files into refusals that name the folder and the cause."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(folder=folder, needed=NEEDED_MIB) from error
        where = error.filename if isinstance(error.filename, str) else folder
        raise DataFolderUnwritable(folder=where, cause=error.strerror or error) from error


def write_once(path: Path, text: str) -> None:
    """Write a private file whole and durably, unless there is one already or another process is first."""
    draft = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        hand_over(draft)
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
        sync_folder(path.parent)
    finally:
        draft.unlink()


def sync_folder(folder: Path) -> None:
    """Make new names in a folder survive a power cut."""
    if os.name == "nt":  # folders can't be opened there, and names are durable without it
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
