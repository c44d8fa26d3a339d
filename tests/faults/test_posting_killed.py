"""A posting in chunks is killed with SIGKILL, and so is its database: every chunk is whole or absent, and the same
command once more posts what is left, every line once.

All on a server of the test's own, since the run's one serves other tests.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.tenancy.embedded_world import is_running, postmaster, prepared_folder, until
from xiangyue.tenancy import embedded
from xiangyue.tenancy.embedded import Server

PATIENCE = 120  # seconds that a command may take on a busy machine
FIRST, FURTHER = 4, 5  # a kill comes when so many chunks are posted, within so many more
CHUNKS_FOR_A_KILL = 20  # more than one run posts before it is killed


@pytest.fixture
def server() -> Iterator[Server]:
    """A server with a county in it, for this test alone."""
    with prepared_folder() as folder:
        own = embedded.locate(folder / "home")
        embedded.start(own)
        ended(own, "found")
        yield own


def database_url(server: Server) -> str:
    parts = {name: quote(str(value), safe="") for name, value in server.dsn().items()}
    return "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**parts)


@contextmanager
def working(server: Server, *words: str) -> Iterator["subprocess.Popen[str]"]:
    """Start a command of posting_life on that server."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.posting_life", *words],
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


def ended(server: Server, *words: str) -> str:
    """Let a command work to its end; give what it said."""
    with working(server, *words) as child:
        said, complaints = child.communicate(timeout=PATIENCE)
        assert child.returncode == 0, complaints
    return said


def look(server: Server, chunks: int) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(ended(server, "look", str(chunks)))
    return told


def posted_some(child: "subprocess.Popen[str]", before: int) -> float:
    """Wait until the command has posted some chunks that were not there; give the seconds that one took at least."""
    assert child.stdout
    moments: list[float] = []
    while len(moments) < FIRST:
        said = child.stdout.readline()
        assert said, child.communicate(timeout=PATIENCE)
        if int(said) >= before:
            moments.append(time.monotonic())
    return min(later - earlier for earlier, later in pairwise(moments))


def kill(server: Server, child: "subprocess.Popen[str]", victim: str) -> None:
    if victim == "process":
        child.kill()
        child.wait(PATIENCE)
        return
    os.kill(postmaster(server), signal.SIGKILL)
    _said, complaints = child.communicate(timeout=PATIENCE)
    assert child.returncode == 1
    assert "OperationalError" in complaints
    until(lambda: not is_running(server))
    embedded.start(server)


def killed_somewhere(server: Server, victim: str, before: int, chunks: int) -> int:
    """Post, and kill at any moment after some new chunks; give how many are done then, all of them whole."""
    with working(server, "post", str(chunks)) as child:
        seconds = posted_some(child, before)
        time.sleep(random.uniform(0, FURTHER * seconds))
        kill(server, child, victim)
    told = look(server, chunks)
    done = len(told["done"])
    assert told == {
        "done": list(range(done)),
        "wrong": [],
        "others": 0,
        "unsealed": told["unsealed"],
        "wrong balances": [],
        "faults": [],
    }
    assert told["unsealed"] <= done
    return done


@pytest.mark.slow
@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.faults)])
@pytest.mark.parametrize("victim", ["process", "database"])
def test_a_killed_posting_posts_every_line_once(server: Server, victim: str, kills: int) -> None:
    chunks = kills * CHUNKS_FOR_A_KILL
    done = [0]
    for _kill in range(kills):
        done.append(killed_somewhere(server, victim, done[-1], chunks))
    assert all(later >= earlier + FIRST for earlier, later in pairwise(done)), done
    assert done[-1] < chunks, done

    for _time in range(2):  # the second time there is nothing left to do
        ended(server, "post", str(chunks))
        assert look(server, chunks) == {
            "done": list(range(chunks)),
            "wrong": [],
            "others": 0,
            "unsealed": 0,
            "wrong balances": [],
            "faults": [],
        }
