"""The guide as a program: its commands, what it says they print, and a fresh home in which they are run for real."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from xiangyue.tenancy import embedded

DOCS = Path(__file__).parents[2] / "docs"
HOST = "cangcheng.localhost"
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OURS = ("XIANGYUE_", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")
PATIENCE = 60.0


@dataclass(frozen=True)
class Step:
    """One `sh` block: its commands, and the lines that the page shows of what they print."""

    commands: tuple[str, ...]
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Ran:
    """A command that was run."""

    command: str
    code: int
    out: str
    err: str


def steps(page: str) -> list[Step]:
    """Read a page's blocks, each `text` block as the output of the `sh` block before it."""
    found: list[Step] = []
    for kind, text in BLOCK.findall((DOCS / page).read_text(encoding="utf-8")):
        if kind == "sh":
            found.append(Step(tuple(text.replace("\\\n", "").strip().splitlines()), ()))
        else:
            found[-1] = Step(found[-1].commands, tuple(text.strip().splitlines()))
    return found


@dataclass(frozen=True)
class Machine:
    """A machine on which nobody has used xiangyue yet: an empty folder, and our commands on the path."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        path = os.pathsep.join([str(Path(sys.executable).parent), inherited.get("PATH", "")])
        return {**inherited, "PATH": path, "XIANGYUE_HOME": str(self.folder / "home")}

    def run(self, command: str) -> Ran:
        """Run a line as a shell does."""
        done = subprocess.run(
            ["sh", "-c", command], cwd=self.folder, env=self.environment, capture_output=True, text=True
        )
        return Ran(command, done.returncode, done.stdout, done.stderr)

    @contextlib.contextmanager
    def kept_warm(self) -> Iterator[None]:
        """Keep the embedded server up between commands, as an open page would; each of them joins it then."""
        server = embedded.locate(self.folder / "home")
        embedded.start(server)
        try:
            yield
        finally:
            embedded.stop(server)

    @contextlib.contextmanager
    def serving(self) -> Iterator["Site"]:
        """Run `xiangyue serve` on a free port."""
        port = free_port()
        with (self.folder / "serve.log").open("w") as log:
            server = subprocess.Popen(
                ["xiangyue", "serve", "--port", str(port)],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
            try:
                site = Site(port)
                site.wait_until(lambda: server.poll() is not None or site.is_open())
                assert server.poll() is None, (self.folder / "serve.log").read_text()
                yield site
            finally:
                server.terminate()
                server.wait(PATIENCE)


@dataclass(frozen=True)
class Site:
    """The pages, asked for by host name whatever the resolver knows."""

    port: int

    def get(self, path: str, host: str = HOST) -> str:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers={"Host": host})
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            text: str = response.read().decode()
            return text

    def is_open(self) -> bool:
        try:
            return bool(self.get("/"))
        except (urllib.error.URLError, ConnectionError):
            return False

    def wait_until(self, true: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < end, "waited in vain"
            time.sleep(0.1)


@contextlib.contextmanager
def fresh_machine() -> Iterator[Machine]:
    folder = Path(tempfile.mkdtemp(prefix="xiangyue-month-")).resolve()
    folder.chmod(0o755)  # as root, the server's own account has to pass through it
    try:
        yield Machine(folder)
    finally:
        shutil.rmtree(folder)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
