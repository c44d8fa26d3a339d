"""A posting in chunks is killed with SIGKILL, and so is its database: every chunk is whole or absent, and the same
command once more posts what is left, every line once.

All on a server of the test's own, since the run's one serves other tests.
"""

import json
import random
import subprocess
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from tests.faults.killing import PATIENCE, ended, kill_database, working
from tests.tenancy.embedded_world import prepared_folder
from xiangyue.tenancy import embedded
from xiangyue.tenancy.embedded import Server

LIFE = "tests.faults.posting_life"
FIRST, FURTHER = 4, 5  # a kill comes when so many chunks are posted, within so many more
CHUNKS_FOR_A_KILL = 20  # more than one run posts before it is killed


@pytest.fixture
def server() -> Iterator[Server]:
    """A server with a county in it, for this test alone."""
    with prepared_folder() as folder:
        own = embedded.locate(folder / "home")
        embedded.start(own)
        ended(own, LIFE, "found")
        yield own


def look(server: Server, chunks: int) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(ended(server, LIFE, "look", str(chunks)))
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
    kill_database(server)
    _said, complaints = child.communicate(timeout=PATIENCE)
    assert child.returncode == 1
    assert "OperationalError" in complaints


def killed_somewhere(server: Server, victim: str, before: int, chunks: int) -> int:
    """Post, and kill at any moment after some new chunks; give how many are done then, all of them whole."""
    with working(server, LIFE, "post", str(chunks)) as child:
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
        ended(server, LIFE, "post", str(chunks))
        assert look(server, chunks) == {
            "done": list(range(chunks)),
            "wrong": [],
            "others": 0,
            "unsealed": 0,
            "wrong balances": [],
            "faults": [],
        }
