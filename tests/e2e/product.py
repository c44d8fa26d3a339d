"""The product as people run it, and a browser before it: `xiangyue serve` with the example, in a home of its own."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

from xiangyue.kernel import clock
from xiangyue.kernel.periods import Period

HERE = ("--county", "cangcheng", "--village", "440783104220")
START_SECONDS, STOP_SECONDS = 120, 60  # on a busy machine; an idle one needs a tenth

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = (
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)
# Nothing of the browser's own may ask the network for anything, or draw letters differently on each machine.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
)


@dataclass(frozen=True)
class Card:
    """A household's card: its address's path, and the PIN."""

    household: str
    path: str
    pin: str

    @property
    def wrong_pin(self) -> str:
        return f"{(int(self.pin) + 1) % 1_000_000:06d}"


@dataclass(frozen=True)
class Product:
    """A running installation with the example. It answers on any address, for it has one county only."""

    home: Path
    port: int
    card: Card

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def command(self, *words: str) -> Any:
        """Run `xiangyue … --json` on the same home, and read what it prints."""
        return command(self.home, *words)

    def on(self, day: date, *words: str) -> Any:
        """Run a command with its clock at noon of a day."""
        return self.command("--as-of", str(day), *words)

    def password_of(self, login: str) -> str:
        """Give the password that the example's landing page shows."""
        shown = json.loads((self.home / "example-people.json").read_text())
        return next(str(each["password"]) for each in shown if each["login"] == login)

    @contextmanager
    def later(self, day: date) -> "Iterator[Product]":
        """Serve the same home beside, with the clock at noon of a day."""
        with serving(self.home, "--as-of", str(day)) as port:
            yield replace(self, port=port)

    def notice(self, *options: str) -> Any:
        """Give the newest edition of the notice that is open, as the command shows it."""
        period = Period.of(Period.of(clock.today()).first - timedelta(days=1))
        return self.command("notice", "show", *HERE, "--period", str(period), *options)

    def issue_card(self, household: str) -> Card:
        told = self.command("card", "issue", household, *HERE)
        return Card(household, told["address"], told["pin"])


@contextmanager
def running(home: Path) -> Iterator[Product]:
    """Load the example into an empty home and serve it until the block ends."""
    home.chmod(0o755)  # as root, the database server's own account has to reach it
    (card,) = command(home, "example", "load")["cards"]
    with serving(home) as port:
        yield Product(home, port, Card(**card))


@contextmanager
def serving(home: Path, *before: str) -> Iterator[int]:
    """Run `xiangyue serve` on a home until the block ends; give its port. before: what stands before the command."""
    port = free_port()
    path = home / f"serve-{port}.log"
    with path.open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "xiangyue", *before, "serve", "--port", str(port)],
            env=environment(home),
            stdout=log,
            stderr=log,
        )
        try:
            wait_for(server, port, path)
            yield port
        finally:
            server.terminate()
            server.wait(STOP_SECONDS)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Open the system's Chromium. Raises: RuntimeError where there is none."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def find_browser() -> str:
    """Find Chromium or Chrome. Raises: RuntimeError."""
    found = [shutil.which(name) for name in BROWSERS] + [str(path) for path in APPLICATIONS if path.exists()]
    for path in found:
        if path:
            return path
    raise RuntimeError("There is no Chromium here, and these tests need one: run `make browser`.")


def command(home: Path, *words: str) -> Any:
    """Run `xiangyue … --json` on a home, and read what it prints. Raises: RuntimeError with what it said instead."""
    done = subprocess.run(
        [sys.executable, "-m", "xiangyue", *words, "--json"],
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def environment(home: Path) -> dict[str, str]:
    """Give what a process of this installation is to know: its home, and nothing of the tests' own database."""
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    own = {"XIANGYUE_HOME": str(home), "XIANGYUE_SECRET_KEY": "tests only", "XIANGYUE_SMS": "console"}
    return {**inherited, **own, "XIANGYUE_SHOWS_EXAMPLE": "1"}


def free_port() -> int:
    """Let the system choose a port that is free on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    """Wait until the server answers. Raises: RuntimeError with its log, if it ends or takes too long."""
    until = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < until:
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"the server did not start: {log.read_text()}")
